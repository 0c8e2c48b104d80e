/* The two best edges of a list. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MATCH_BID_H
#define MATCH_BID_H

#include <stdint.h>

/* Kernels read so many edges at a time, half as many where no more are left: so many must be there behind the last, whatever they
 * are. */
enum { BID_LANES = 8 };

/* What is listed of a row: edge k costs base + cost[k] * unit, about. */
struct bid_list {
    const int32_t *column;
    const uint16_t *cost;
    int32_t count;
    double base, unit;
};

static inline double bid_cost(const struct bid_list *list, int32_t k)
{
    return list->base + list->cost[k] * list->unit;
}

struct bid_offer {
    double first, second; /* the two least cost - v, INFINITY where there are fewer edges */
    int32_t edge;         /* of the first; of equal ones the one that is listed first */
};

/* Where prices are found: those of the columns first ... first + count - 1 in `own`, the others in `other`, in units. */
struct bid_prices {
    const double *own;
    const float *other;
    double unit;
    int32_t first;
    uint32_t count;
};

static inline double bid_price(const struct bid_prices *prices, int32_t column)
{
    return (uint32_t)(column - prices->first) < prices->count ? prices->own[column] : prices->other[column] * prices->unit;
}

typedef void bid_offer_fn(const struct bid_list *list, const struct bid_prices *prices, struct bid_offer *ret_offer);

bid_offer_fn bid_offer_vector, bid_offer_avx2, bid_offer_avx512;

bid_offer_fn *bid_kernel(void);

#endif
