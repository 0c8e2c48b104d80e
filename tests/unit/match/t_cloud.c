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

/* What rows see from patches, whatever these reach at first: all columns below their limits or the best of them, and no others. */
static void check_sights(const struct cloud *rows, const struct cloud *columns, double margin, double reach, double *ret_sum)
{
    static struct cloud_patch patch;
    static struct cloud_sight sight;
    *ret_sum = 0;
    for (int32_t row = 0; row < rows->n; row++) {
        if (row % (PATCH_LEAVES * CLOUD_LANES) == 0)
            cloud_patch_begin(&patch, columns, rows, row / CLOUD_LANES, reach);
        int32_t below = 0;
        double least = INFINITY;
        sight.margin = margin;
        sight.limit = INFINITY;
        sight.most = 1 + row % PATCH_ROOM;
        cloud_patch_see(&patch, row, &sight);
        for (int32_t j = 0; j < columns->n; j++) {
            double value = cloud_cost(rows, row, columns, j) - columns->w[j];
            least = fmin(least, value);
            below += value < sight.limit;
        }
        if (sight.count < 0)
            continue; /* there was no room, or no margin */
        assert_true(sight.count == sight.most || (sight.count == below && sight.limit >= least + margin));
        for (int32_t e = 0; e < sight.count; e++) {
            const struct cloud_hit *hit = &sight.hits[e];
            assert_true(hit->value <= sight.limit);
            below -= hit->value < sight.limit;
            assert_true(hit->cost == cloud_cost(rows, row, columns, hit->point));
            assert_true(hit->value == hit->cost - columns->w[hit->point]);
            for (int32_t f = 0; f < e; f++)
                assert_int_not_equal(hit->point, sight.hits[f].point);
            *ret_sum += hit->value * (1 + hit->point) * (1 + e);
        }
        assert_int_equal(below, 0);
    }
}

/* Whether rows see anything below their limits. */
static void check_any(const struct cloud *rows, const struct cloud *columns, double reach)
{
    static struct cloud_patch patch;
    for (int32_t leaf = 0; leaf < rows->n_leaves; leaf++) {
        double limit[CLOUD_LANES];
        unsigned known, found;
        if (leaf % PATCH_LEAVES == 0)
            cloud_patch_begin(&patch, columns, rows, leaf, reach);
        for (int lane = 0; lane < CLOUD_LANES; lane++)
            limit[lane] = leaf * CLOUD_LANES + lane < rows->n && lane != 5 ? 0.15 * (lane % 4) - 0.1 : -INFINITY;
        found = cloud_patch_any(&patch, leaf, limit, &known);
        assert_true((found & ~known) == 0);
        for (int lane = 0; lane < CLOUD_LANES; lane++) {
            bool any = false;
            for (int32_t j = 0; j < columns->n && limit[lane] > -INFINITY; j++)
                any = any || cloud_cost(rows, leaf * CLOUD_LANES + lane, columns, j) - columns->w[j] < limit[lane];
            assert_true(known >> lane & 1 || patch.crowded || limit[lane] == -INFINITY);
            assert_true(!(known >> lane & 1) || (found >> lane & 1) == any);
        }
    }
}

static void test_best(void **state)
{
    (void)state;
    cloud_scan_fn *kernel[ISA_COUNT] = {NULL, cloud_scan_vector};
    cloud_gather_fn *gather[ISA_COUNT] = {NULL, cloud_gather_vector};
    cloud_see_fn *see[ISA_COUNT] = {NULL, cloud_see_vector};
    cloud_any_fn *any[ISA_COUNT] = {NULL, cloud_any_vector};
#if defined(__x86_64__)
    kernel[ISA_AVX2] = cloud_scan_avx2;
    kernel[ISA_AVX512] = cloud_scan_avx512;
    gather[ISA_AVX2] = cloud_gather_avx2;
    gather[ISA_AVX512] = cloud_gather_avx512;
    see[ISA_AVX2] = cloud_see_avx2;
    see[ISA_AVX512] = cloud_see_avx512;
    any[ISA_AVX2] = cloud_any_avx2;
    any[ISA_AVX512] = cloud_any_avx512;
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
        double reach = 0, sum[ISA_COUNT], sights[ISA_COUNT];
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
            frame.gather = gather[isa];
            frame.see = see[isa];
            frame.any = any[isa];
            check_sights(&rows, &columns, 0.5 * rng_double(&rng), -INFINITY, &sights[isa]);
            check_any(&rows, &columns, 0.1);
            check_sights(&rows, &columns, 0, -INFINITY, &sights[isa]);
            check_sights(&rows, &columns, 0.2, 0.3, &sights[isa]);
            assert_true(sights[isa] == sights[ISA_VECTOR]);
            double from_bare;
            check_rows(&bare, &columns, &from_bare);
            assert_true(from_bare == sum[isa]);
            check_sights(&bare, &columns, 0.2, 0.3, &from_bare);
            assert_true(from_bare == sights[isa]);
            check_any(&bare, &columns, -INFINITY);
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
