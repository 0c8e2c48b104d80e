/* Results of many frames as numbers and back; numbers that are no such result. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analysis/green_kubo.h"
#include "app/keep_derived.h"
#include "app/motion.h"
#include "app/motion_job.h"

typedef isd_status pack_fn(const void *what, double **ret_numbers, size_t *ret_n, isd_error *err);
typedef void *unpack_fn(const double *numbers, size_t n);
typedef void free_fn(void *what);

/* What comes back packs to the same bytes; pieces, and other numbers in any place, give nothing or something that can be freed. */
static void check(const void *what, pack_fn *pack, unpack_fn *unpack, free_fn *release)
{
    static const double others[] = {-1, 0, 1, 0.5, 3, 1e9, 4294967296.0, 1e300, INFINITY, NAN};
    double *numbers = NULL, *again = NULL;
    size_t n = 0, n_again = 0;
    assert_int_equal(pack(what, &numbers, &n, NULL), ISD_OK);
    void *back = unpack(numbers, n);
    assert_non_null(back);
    assert_int_equal(pack(back, &again, &n_again, NULL), ISD_OK);
    release(back);
    assert_int_equal(n_again, n);
    assert_memory_equal(again, numbers, n * sizeof *numbers);
    free(again);
    for (size_t k = 0; k < n; k++) {
        double *exact = malloc((k > 0 ? k : 1) * sizeof *exact), kept = numbers[k];
        assert_non_null(exact);
        memcpy(exact, numbers, k * sizeof *exact);
        assert_null(unpack(exact, k));
        free(exact);
        for (size_t q = 0; q < sizeof others / sizeof *others; q++) {
            numbers[k] = others[q];
            if ((back = unpack(numbers, n)) != NULL)
                release(back);
        }
        numbers[k] = kept;
    }
    free(numbers);
}

static void motions(void **state)
{
    (void)state;
    struct motion_value value[2][3];
    struct motion_row row[2] = {{1.5, 7, 2, value[0]}, {20, 3, 0, value[1]}};
    struct motion motion = {.n_types = 2, .dim = 2, .k = 7.1, .a = NAN, .jump = 0.5, .cage = 0, .delta = NAN, .unwrapping = UNWRAP_NEAREST,
                            .farthest = 0.2, .span = 100, .n = 2, .row = row};
    memset(value, 0, sizeof value);
    for (int k = 0; k < 6; k++)
        value[k / 3][k % 3] = (struct motion_value){.atoms = 10 * k, .msd = 0.1 * k, .se_msd = NAN, .string_longest = -0.0,
                                                    .fs_halves = {1, 2, 3, 4, 5.5 + k}};
    check(&motion, keep_pack_motion, keep_unpack_motion, motion_free);
    struct motion *back = NULL;
    double *numbers = NULL;
    size_t n = 0;
    assert_int_equal(keep_pack_motion(&motion, &numbers, &n, NULL), ISD_OK);
    back = keep_unpack_motion(numbers, n);
    assert_true(back && back->row[1].value[2].fs_halves.sigmas == 10.5 && back->row[1].value[2].atoms == 50 && back->row[0].close_pairs == 2 &&
                back->unwrapping == UNWRAP_NEAREST && isnan(back->delta) && back->span == 100 && back->dim == 2);
    motion_free(back);
    free(numbers);
}

static void free_sk(void *s)
{
    structure_factor_free(s);
}

static void structure_factors(void **state)
{
    (void)state;
    double k[3] = {1, 2, 3}, s[3] = {0.1, 2.5, 1}, se[3] = {NAN, NAN, 0};
    int vectors[3] = {3, 12, 200};
    const struct structure_factor sk = {3, k, s, se, vectors};
    check(&sk, keep_pack_sk, keep_unpack_sk, free_sk);
    assert_null(keep_unpack_sk((const double[]){0}, 1)); /* no shells */
}

static void free_van_hove(void *what)
{
    struct van_hove *v = what;
    free(v->gs);
    free(v);
}

static void van_hoves(void **state)
{
    (void)state;
    double columns[4][5] = {{1, 2, 3, 4, 5}, {NAN, NAN}, {0.5}, {0, 7}};
    const struct van_hove v = {5, 3, 4.5, true, columns[0], columns[1], columns[2], columns[3]};
    check(&v, keep_pack_van_hove, keep_unpack_van_hove, free_van_hove);
    assert_null(keep_unpack_van_hove((const double[]){0, 3, 4.5, 1}, 4)); /* no bins */
}

static void free_gk(void *gk)
{
    green_kubo_free(gk);
}

static void green_kubos(void **state)
{
    (void)state;
    double s[2][64];
    for (int k = 0; k < 128; k++)
        s[k / 64][k % 64] = sin(k * k);
    const double *const column[2] = {s[0], s[1]};
    for (int kind = 0; kind < 3; kind++) { /* errors of blocks of a single component, of two components, of blocks of them */
        const int components = kind == 0 ? 1 : 2, blocks = kind == 2 ? 4 : 0;
        struct green_kubo *gk = NULL;
        assert_int_equal(green_kubo_new(column, components, 64, 0.01, 100, 0.5, 0.1, blocks, &gk, NULL), ISD_OK);
        check(gk, keep_pack_green_kubo, keep_unpack_green_kubo, free_gk);
        double *numbers = NULL;
        size_t n = 0;
        assert_int_equal(keep_pack_green_kubo(gk, &numbers, &n, NULL), ISD_OK);
        struct green_kubo *back = keep_unpack_green_kubo(numbers, n);
        assert_non_null(back);
        const struct green_kubo_moduli a = green_kubo_moduli(gk, 70), b = green_kubo_moduli(back, 70);
        assert_true(isfinite(a.se_loss) && gk->blocks == back->blocks);
        assert_memory_equal(&a, &b, sizeof a);
        green_kubo_free(back);
        green_kubo_free(gk);
        free(numbers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(motions), cmocka_unit_test(structure_factors), cmocka_unit_test(van_hoves),
                                       cmocka_unit_test(green_kubos)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
