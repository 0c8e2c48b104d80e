/* The k best columns of a row against looking at all of them, with every kernel. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "match/bid.h"
#include "match/cloud.h"
#include "neigh/isa.h"
#include "dense.h"

enum { N = 300, K = 7 };

static int ascending(const void *p, const void *q)
{
    double a = *(const double *)p, b = *(const double *)q;
    return (a > b) - (a < b);
}

/* The hits of every row are columns of their own, with the bits of the definition, and no column left out is better than *ret_beyond. */
static void check_rows(const struct cloud *rows, const struct cloud *columns, double *ret_sum)
{
    double value[N];
    struct cloud_hit hit[2 * K + 2 * CLOUD_LANES];
    *ret_sum = 0;
    for (int32_t i = 0; i < rows->n; i++) {
        double beyond;
        int32_t count = cloud_best(columns, rows, i, INFINITY, K, hit, &beyond);
        assert_int_equal(count, columns->n < K ? columns->n : K);
        for (int32_t j = 0; j < columns->n; j++)
            value[j] = cloud_cost(rows, i, columns, j) - columns->w[j];
        double worst = -INFINITY;
        for (int32_t e = 0; e < count; e++) {
            assert_true(hit[e].cost == cloud_cost(rows, i, columns, hit[e].point));
            assert_true(hit[e].value == value[hit[e].point]);
            worst = fmax(worst, hit[e].value);
            for (int32_t f = 0; f < e; f++)
                assert_int_not_equal(hit[e].point, hit[f].point);
            *ret_sum += hit[e].value * (1 + hit[e].point);
        }
        qsort(value, (size_t)columns->n, sizeof *value, ascending);
        assert_true(worst == value[count - 1]);
        assert_true(columns->n <= K || beyond <= value[K]);
        assert_true(beyond >= worst);
    }
}

/* What eight rows see at once: all columns below their limits, and no others. */
static void check_crowds(const struct cloud *rows, const struct cloud *columns, double margin, double *ret_sum)
{
    static struct cloud_crowd crowd;
    *ret_sum = 0;
    for (int32_t leaf = 0; leaf < rows->n_leaves; leaf++) {
        double given[CLOUD_LANES];
        crowd.margin = margin;
        for (int lane = 0; lane < CLOUD_LANES; lane++)
            given[lane] = crowd.limit[lane] = leaf * CLOUD_LANES + lane < rows->n ? lane % 3 == 2 ? 0.3 : INFINITY : -INFINITY;
        cloud_see(columns, rows, leaf, &crowd);
        for (int lane = 0; lane < CLOUD_LANES && leaf * CLOUD_LANES + lane < rows->n; lane++) {
            int32_t row = leaf * CLOUD_LANES + lane, below = 0;
            double least = INFINITY;
            for (int32_t j = 0; j < columns->n; j++) {
                double value = cloud_cost(rows, row, columns, j) - columns->w[j];
                least = fmin(least, value);
                below += value < crowd.limit[lane];
            }
            assert_true(crowd.limit[lane] <= given[lane] && (given[lane] < INFINITY || crowd.limit[lane] >= least + margin));
            assert_true(crowd.count[lane] == below || (crowd.count[lane] == -1 && below > CROWD_ROOM));
            for (int32_t e = 0; e < crowd.count[lane]; e++) {
                const struct cloud_hit *hit = &crowd.hits[lane][e];
                assert_true(hit->cost == cloud_cost(rows, row, columns, hit->point));
                assert_true(hit->value == hit->cost - columns->w[hit->point]);
                *ret_sum += hit->value * (1 + hit->point) * (1 + e);
            }
        }
    }
}

static void test_best(void **state)
{
    (void)state;
    cloud_scan_fn *kernel[ISA_COUNT] = {NULL, cloud_scan_vector};
    cloud_crowd_fn *crowd[ISA_COUNT] = {NULL, cloud_crowd_vector};
#if defined(__x86_64__)
    kernel[ISA_AVX2] = cloud_scan_avx2;
    kernel[ISA_AVX512] = cloud_scan_avx512;
    crowd[ISA_AVX2] = cloud_crowd_avx2;
    crowd[ISA_AVX512] = cloud_crowd_avx512;
#endif
    struct rng rng;
    rng_init(&rng, 21);
    static double a[3 * N], b[3 * N];
    for (int trial = 0; trial < 60; trial++) {
        isd_box box = random_box(&rng);
        int n = 1 + (int)rng_below(&rng, N);
        random_points(&rng, &box, trial % 3, a, n);
        random_points(&rng, &box, trial % 3, b, n);
        struct frame frame;
        struct cloud rows, bare, columns;
        double reach = 0, sum[ISA_COUNT], crowds[ISA_COUNT];
        for (int k = 0; k < 3 * n; k++)
            reach = fmax(reach, fmax(fabs(a[k]), fabs(b[k])));
        frame_init(&frame, &box, reach);
        assert_int_equal(cloud_init(&rows, &frame, a, n, NULL, NULL), ISD_OK);
        assert_int_equal(cloud_init_bare(&bare, &frame, a, n, NULL, NULL), ISD_OK);
        assert_int_equal(cloud_init(&columns, &frame, b, n, NULL, NULL), ISD_OK);
        for (int j = 0; j < n; j++)
            columns.w[j] = trial % 4 == 0 ? 0 : rng_double(&rng);
        cloud_weigh(&columns);
        for (int j = 0; j < n / 3; j++)
            cloud_set_weight(&columns, j, 2 * rng_double(&rng) - 1);
        for (int isa = ISA_VECTOR; isa < ISA_COUNT; isa++) {
            if (!kernel[isa] || !isa_supported((enum isa)isa))
                continue;
            frame.scan = kernel[isa];
            check_rows(&rows, &columns, &sum[isa]);
            assert_true(sum[isa] == sum[ISA_VECTOR]);
            frame.crowd = crowd[isa];
            check_crowds(&rows, &columns, 0.5 * rng_double(&rng), &crowds[isa]);
            check_crowds(&rows, &columns, 0.2, &crowds[isa]);
            assert_true(crowds[isa] == crowds[ISA_VECTOR]);
            double from_bare;
            check_rows(&bare, &columns, &from_bare);
            assert_true(from_bare == sum[isa]);
            check_crowds(&bare, &columns, 0.2, &from_bare);
            assert_true(from_bare == crowds[isa]);
        }
        cloud_done(&bare);
        cloud_done(&rows);
        cloud_done(&columns);
    }
}

/* Columns as they are in a list, of three bytes or four. */
static void put_column(uint8_t *columns, bool wide, int e, uint32_t column)
{
    for (int byte = 0; byte < bid_column_size(wide); byte++)
        columns[e * bid_column_size(wide) + byte] = (uint8_t)(column >> (8 * byte));
}

static void test_columns(void **state)
{
    (void)state;
    uint8_t columns[16];
    for (int wide = 0; wide < 2; wide++) {
        const int32_t column[] = {0, 255, wide ? INT32_MAX : BID_NARROW_MAX - 1, 0x123456};
        for (int e = 0; e < 4; e++)
            put_column(columns, wide, e, (uint32_t)column[e]);
        struct bid_list list = {.column = columns, .wide = wide};
        for (int e = 0; e < 4; e++)
            assert_int_equal(bid_column(&list, e), column[e]);
    }
}

/* The two best of a list, equal ones and padding among them. */
static void test_offers(void **state)
{
    (void)state;
    enum { APART = 701, ALL = 100 * APART }; /* columns are so far apart that all bytes of their numbers count */
    static double v[ALL];
    static float seen[ALL];
    bid_offer_fn *kernel[ISA_COUNT] = {NULL, bid_offer_vector};
#if defined(__x86_64__)
    kernel[ISA_AVX2] = bid_offer_avx2;
    kernel[ISA_AVX512] = bid_offer_avx512;
#endif
    struct rng rng;
    rng_init(&rng, 22);
    for (int trial = 0; trial < 2000; trial++) {
        int32_t column[4 * BID_LANES], count = 1 + (int32_t)rng_below(&rng, 3 * BID_LANES), best = 0;
        uint8_t columns[16 * BID_LANES];
        uint16_t cost[4 * BID_LANES];
        bool wide = trial % 2;
        double price[100], value[4 * BID_LANES], second = INFINITY;
        int32_t first = (int32_t)rng_below(&rng, 50);
        struct bid_prices prices = {v, seen, 0.5, first * APART, 40 * APART};
        for (int j = 0; j < 100; j++) { /* each price where it should not be looked for is wrong */
            bool own = j >= first && j < first + 40;
            price[j] = rng_below(&rng, 4);
            v[j * APART] = own ? price[j] : 50;
            seen[j * APART] = own ? 100 : (float)(2 * price[j]);
        }
        for (int e = 0; e < 4 * BID_LANES; e++) {
            column[e] = (int32_t)rng_below(&rng, 100);
            cost[e] = (uint16_t)(e < count ? rng_below(&rng, 6) : 0);
            /* what is behind the end is not looked up */
            put_column(columns, wide, e, e < count ? (uint32_t)column[e] * APART : rng_below(&rng, 1u << 31));
        }
        for (int e = 0; e < count; e++) {
            value[e] = 3 + 0.5 * cost[e] - price[column[e]];
            best = value[e] < value[best] ? e : best;
        }
        for (int e = 0; e < count; e++)
            second = e != best ? fmin(second, value[e]) : second;
        struct bid_list list = {columns, cost, count, wide, 3, 0.5};
        for (int isa = ISA_VECTOR; isa < ISA_COUNT; isa++) {
            if (!kernel[isa] || !isa_supported((enum isa)isa))
                continue;
            struct bid_offer offer;
            kernel[isa](&list, &prices, &offer);
            assert_int_equal(offer.edge, best);
            assert_true(offer.first == value[best]);
            assert_true(offer.second == second);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_best), cmocka_unit_test(test_columns),
                                       cmocka_unit_test(test_offers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
