/* The two best edges of a list. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MATCH_BID_H
#define MATCH_BID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Kernels read so many edges at a time, half as many where no more are left, and of columns a power of two of bytes: so much must be
 * there behind the last, whatever it is. */
enum { BID_LANES = 8 };

/* What is listed of a row: edge k costs base + cost[k] * unit, about. */
struct bid_list {
    const uint8_t *column; /* read with bid_column */
    const uint16_t *cost;
    int32_t count;
    bool wide;
    double base, unit;
};

/* Bytes of a column, the lowest first: three where that is enough for all. */
enum { BID_NARROW_MAX = 1 << 24 };
static inline int bid_column_size(bool wide)
{
    return wide ? 4 : 3;
}

static inline int32_t bid_column(const struct bid_list *list, int32_t k)
{
    const uint8_t *at = list->column + (size_t)k * (size_t)bid_column_size(list->wide);
    uint32_t column;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(&column, at, sizeof column); /* one load: there is a byte behind the last */
#else
    column = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
#endif
    return (int32_t)(list->wide ? column : column & (BID_NARROW_MAX - 1));
}

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
