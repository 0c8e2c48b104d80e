/* Rows of the table of atoms: order, ties, what is not known, filters; a million of them. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "app/atom_table.h"
#include "base/clock.h"
#include "base/rng.h"

/* A match of n atoms of which only what is sorted by is known. */
struct table {
    struct match match;
    isd_snapshot *frame;
    struct surroundings around;
    struct atom_source source;
};

static void table_make(struct table *table, int32_t n)
{
    struct rng rng;
    rng_init(&rng, 5);
    *table = (struct table){.match = {.n = n}, .around = {.n = n}};
    assert_int_equal(isd_snapshot_new(n, false, &table->frame, NULL), ISD_OK);
    table->match.u_mat = malloc((size_t)n * sizeof(double));
    table->match.u_lab = malloc((size_t)n * sizeof(double));
    table->match.partner = malloc((size_t)n * sizeof(int32_t));
    table->around.energy = malloc((size_t)n * sizeof(double));
    table->around.neighbours = malloc((size_t)n * sizeof(int32_t));
    assert_true(table->match.u_mat && table->match.u_lab && table->match.partner && table->around.energy && table->around.neighbours);
    table->frame->box = (isd_box){.lx = 10, .ly = 10, .lz = 10, .dim = 3, .periodic = {true, true, true}};
    for (int32_t i = 0; i < n; i++) {
        table->frame->id[i] = i + 1;
        table->frame->type[i] = 1 + i % 2;
        table->match.partner[i] = i;
        table->match.u_mat[i] = rng_double(&rng);
        table->match.u_lab[i] = i % 7 == 0 ? NAN : floor(20 * rng_double(&rng)) / 20; /* many ties */
        table->around.energy[i] = i % 11 == 0 ? -0.0 : i % 11 == 1 ? 0.0 : 4 * rng_double(&rng) - 2;
        table->around.neighbours[i] = (int32_t)rng_below(&rng, 9);
    }
    assert_int_equal(isd_snapshot_freeze(table->frame, NULL), ISD_OK);
    table->source = (struct atom_source){&table->match, table->frame, table->frame, &table->around};
}

static void table_done(struct table *table)
{
    free(table->match.u_mat);
    free(table->match.u_lab);
    free(table->match.partner);
    free(table->around.energy);
    free(table->around.neighbours);
    isd_snapshot_unref(table->frame);
}

/* Smallest first (largest where turned), ties in the order of the file, NaN behind all. */
static void expect_order(const struct table *table, const char *sort, enum atom_column column, const int32_t *row, int32_t n)
{
    double sign = sort[0] == '-' ? -1 : 1;
    for (int32_t k = 1; k < n; k++) {
        double a = sign * atom_value(&table->source, row[k - 1], column), b = sign * atom_value(&table->source, row[k], column);
        if (isnan(b))
            assert_true(!isnan(a) || row[k - 1] < row[k]);
        else
            assert_true(a < b || (a == b && row[k - 1] < row[k]));
    }
}

static void every_column_sorts(void **state)
{
    static const struct {
        const char *sort;
        enum atom_column column;
    } cases[] = {{"u_mat", ATOM_U_MAT},   {"-u_mat", ATOM_U_MAT}, {"u_lab", ATOM_U_LAB},   {"-u_lab", ATOM_U_LAB},          {"energy", ATOM_ENERGY},
                 {"-energy", ATOM_ENERGY}, {"type", ATOM_TYPE},    {"-id", ATOM_ID},        {"-neighbours", ATOM_NEIGHBOURS}, {"cycle", ATOM_CYCLE}};
    struct table table;
    (void)state;
    table_make(&table, 5000);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        int32_t *row = NULL, n = 0;
        assert_int_equal(atom_table_rows(NULL, &table.source, NULL, cases[k].sort, &row, &n, NULL), ISD_OK);
        assert_int_equal(n, 5000);
        expect_order(&table, cases[k].sort, cases[k].column, row, n);
        free(row);
    }
    table_done(&table);
}

static void filters_see_neighbours_and_energies(void **state)
{
    struct table table;
    int32_t *row = NULL, n = 0, wanted = 0;
    (void)state;
    table_make(&table, 3000);
    for (int32_t i = 0; i < 3000; i++)
        wanted += table.around.neighbours[i] >= 4 && table.around.energy[i] < 0.5;
    assert_true(atom_filter_needs_around(NULL, "neighbours >= 4 && energy < 0.5"));
    assert_false(atom_filter_needs_around(NULL, "u_mat > 0.5"));
    assert_true(atom_sort_needs_around("-energy") && !atom_sort_needs_around("u_lab"));
    assert_int_equal(atom_table_rows(NULL, &table.source, "neighbours >= 4 && energy < 0.5", NULL, &row, &n, NULL), ISD_OK);
    assert_int_equal(n, wanted);
    free(row);
    table.source.around = NULL; /* not known yet: no comparison with it holds */
    assert_int_equal(atom_table_rows(NULL, &table.source, "neighbours >= 0", NULL, &row, &n, NULL), ISD_OK);
    assert_int_equal(n, 0);
    free(row);
    table_done(&table);
}

/* A key that sorts must not be felt: generous, for machines that are busy. */
static void a_million_rows(void **state)
{
    static const char *const sorts[] = {"-u_mat", "energy", "id"};
    struct table table;
    (void)state;
    table_make(&table, 1000000);
    for (size_t k = 0; k < sizeof sorts / sizeof *sorts; k++) {
        int32_t *row = NULL, n = 0;
        double start = clock_now();
        assert_int_equal(atom_table_rows(NULL, &table.source, k == 1 ? "u_mat > 0.5" : NULL, sorts[k], &row, &n, NULL), ISD_OK);
        double took = clock_now() - start;
        print_message("10^6 rows by %s: %.0f ms\n", sorts[k], 1000 * took);
        assert_true(took < 5);
        free(row);
    }
    table_done(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_sorts),
        cmocka_unit_test(filters_see_neighbours_and_energies),
        cmocka_unit_test(a_million_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
