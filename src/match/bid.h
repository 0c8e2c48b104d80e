/* The two best edges of a list. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MATCH_BID_H
#define MATCH_BID_H

#include <stdint.h>

/* Lists are padded to a multiple of this with edges to column 0 of infinite cost. */
enum { BID_LANES = 8 };

struct bid_offer {
    double first, second; /* the two least cost - v, INFINITY where there are fewer edges */
    int32_t edge;         /* of the first; of equal ones the one that is listed first */
};

/* Where prices are found: those of the columns first ... first + count - 1 in `own`, the others in `other`. */
struct bid_prices {
    const double *own, *other;
    int32_t first;
    uint32_t count;
};

static inline double bid_price(const struct bid_prices *prices, int32_t column)
{
    return ((uint32_t)(column - prices->first) < prices->count ? prices->own : prices->other)[column];
}

/* cost: in units of `unit`. count: a multiple of BID_LANES. */
typedef void bid_offer_fn(const int32_t *column, const float *cost, double unit, int32_t count, const struct bid_prices *prices,
                          struct bid_offer *ret_offer);

bid_offer_fn bid_offer_vector, bid_offer_avx2, bid_offer_avx512;

bid_offer_fn *bid_kernel(void);

#endif
