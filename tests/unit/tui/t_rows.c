/* Rows of many atoms are ordered by a job: the same rows, the old ones meanwhile, and cancel. SPDX-License-Identifier: GPL-3.0-or-later */
#include "screens.h"

enum { WIDTH = 80, HEIGHT = 24 };

static void begin(struct tui *tui, int32_t rows_in_job)
{
    screen_begin(tui, demo, WIDTH, HEIGHT);
    tui->atoms.rows_in_job = rows_in_job;
    screen_settle(tui, WIDTH, HEIGHT);
    screen_run(tui, WIDTH, HEIGHT, "view table; type all; average off; goto pair=0:5");
}

static void assert_same_rows(const struct atom_rows *a, const struct atom_rows *b)
{
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->row, b->row, (size_t)a->n * sizeof *a->row);
    assert_int_equal(a->n_chosen, b->n_chosen);
    assert_memory_equal(a->chosen, b->chosen, (size_t)a->match->n);
    assert_int_equal(a->cursor, b->cursor);
}

static void a_job_makes_the_same_rows(void **state)
{
    (void)state;
    static const char *const lines[] = {"sort u_mat desc", "filter u_lab > 0.3 && type == A", "sort partner", "select u_mat > 0.2", "brush u=0.3:0.9",
                                        "sort reverse", "filter off", "goto pair=1:5", "sort next", "brush off; select clear", "sort id"};
    struct tui with, without;
    begin(&without, 1000000);
    begin(&with, 100);
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
        screen_run(&without, WIDTH, HEIGHT, lines[k]);
        screen_run(&with, WIDTH, HEIGHT, lines[k]);
        assert_null(without.atoms.pool);
        assert_same_rows(&with.atoms, &without.atoms);
    }
    assert_non_null(with.atoms.pool);
    tui_done(&with);
    tui_done(&without);
}

/* The job may be done in no time, but nobody has looked for it yet: until then all is as before, and can be moved in. */
static void the_old_rows_stay_meanwhile(void **state)
{
    (void)state;
    struct tui tui;
    begin(&tui, 100);
    screen_run(&tui, WIDTH, HEIGHT, "sort id; step atom first");
    const int32_t first = tui.atoms.row[0];
    tui_run_line(&tui, "sort u_lab desc");
    tui_update(&tui, WIDTH, HEIGHT);
    assert_non_null(tui.atoms.job);
    assert_int_equal(tui.atoms.row[0], first);
    screen_expect(&tui, WIDTH, HEIGHT, "sort 1000 atoms  C-c cancels");
    tui_run_line(&tui, "step atom +3");
    assert_int_equal(tui.atoms.cursor, 3);
    screen_settle(&tui, WIDTH, HEIGHT);
    assert_null(tui.atoms.job);
    assert_int_equal(tui.atoms.cursor, 0);
    for (int32_t k = 1; k < tui.atoms.n; k++)
        assert_true(atoms_u(&tui, tui.atoms.row[k - 1]) >= atoms_u(&tui, tui.atoms.row[k]));
    tui_done(&tui);
}

static void cancel_leaves_what_was(void **state)
{
    (void)state;
    struct tui tui;
    begin(&tui, 100);
    screen_run(&tui, WIDTH, HEIGHT, "sort u_mat desc");
    const int32_t first = tui.atoms.row[0];
    tui_run_line(&tui, "sort partner; filter u_mat > 0.1");
    assert_non_null(tui.atoms.job);
    tui_run_line(&tui, "cancel");
    assert_null(tui.atoms.job);
    assert_string_equal(tui.sight.look.sort, "-u_mat");
    assert_string_equal(tui.sight.look.filter, "");
    screen_settle(&tui, WIDTH, HEIGHT);
    assert_int_equal(tui.atoms.row[0], first);
    screen_run(&tui, WIDTH, HEIGHT, "goto pair=0:6"); /* something else: looked at again */
    assert_int_equal(tui.atoms.n, 1000);
    tui_done(&tui);
}

/* In a script everything keeps its order: the step is among the rows that the line before has asked for. */
static void a_script_waits_for_them(void **state)
{
    (void)state;
    struct tui with, without;
    begin(&without, 1000000);
    begin(&with, 100);
    tui_run_script(&without, "rows.isd", "sort u_lab desc\nstep atom +7\nfind A\n");
    tui_run_script(&with, "rows.isd", "sort u_lab desc\nstep atom +7\nfind A\n");
    screen_settle(&without, WIDTH, HEIGHT);
    screen_settle(&with, WIDTH, HEIGHT);
    assert_same_rows(&with.atoms, &without.atoms);
    assert_true(with.sight.atom == without.sight.atom);
    tui_done(&with);
    tui_done(&without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_job_makes_the_same_rows), cmocka_unit_test(the_old_rows_stay_meanwhile),
                                       cmocka_unit_test(cancel_leaves_what_was), cmocka_unit_test(a_script_waits_for_them)};
    return cmocka_run_group_tests(tests, screen_open_demo, screen_close_demo);
}
