/* Pictures of demo five, demo quench and demo shells from plain data. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "view/few_plot.h"
#include "view/shells_plot.h"
#include "view/slide_plot.h"

static const char *const tier_names[] = {[GLYPH_BRAILLE] = "braille", [GLYPH_HALF] = "half", [GLYPH_ASCII] = "ascii"};

/* --- a few atoms: three go round, the fourth moves a little --- */

static const double before[] = {0, 0, 0, 1, 0, 0, 0.5, 1, 0, 2, 0.5, 0}, after[] = {1, 0, 0, 0.5, 1, 0, 0, 0, 0, 2.2, 0.6, 0};
static const double lab[] = {1, 0, 0, -0.5, 1, 0, -0.5, -1, 0, 0.2, 0.1, 0}, mat[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0.2, 0.1, 0};
static const int32_t loop[] = {0, 1, 2};

static struct few_plot few(enum glyph_tier tier)
{
    return (struct few_plot){.title = "frames 0:1", .n = 4, .before = before, .after = after, .lab = lab, .mat = mat, .radius = 0.15,
                             .rmsd = 1.25, .d_min = 0.1118, .certified = true, .loop = loop, .n_loop = 3, .unit = "", .tier = tier};
}

static void a_few_atoms(void **state)
{
    (void)state;
    for (int tier = 0; tier < 3; tier++) {
        struct few_plot plot = few((enum glyph_tier)tier);
        struct grid grid;
        char name[40];
        assert_true(grid_init(&grid, 40, 17));
        few_plot_draw(&grid, 0, 0, 40, 17, &plot);
        snprintf(name, sizeof name, "few_%s_40x17", tier_names[tier]);
        golden_grid(&grid, name);
        grid_done(&grid);
    }
}

/* --- sixteen atoms on a lattice, two of them exchanged --- */

enum { SIDE = 4, ATOMS = SIDE * SIDE };

struct lattice {
    isd_snapshot *frame;
    double lab[3 * ATOMS], mat[3 * ATOMS];
};

static void lattice_init(struct lattice *lattice)
{
    memset(lattice, 0, sizeof *lattice);
    assert_int_equal(isd_snapshot_new(ATOMS, false, &lattice->frame, NULL), ISD_OK);
    lattice->frame->box = (isd_box){.dim = 2, .periodic = {true, true, true}, .lx = SIDE, .ly = SIDE, .lz = 1};
    for (int i = 0; i < ATOMS; i++) {
        lattice->frame->id[i] = i + 1;
        lattice->frame->type[i] = 1 + (i % 3 == 2);
        lattice->frame->position[3 * i] = i % SIDE + 0.5;
        lattice->frame->position[3 * i + 1] = i / SIDE + 0.5;
    }
    assert_int_equal(isd_snapshot_freeze(lattice->frame, NULL), ISD_OK);
    lattice->lab[3 * 4 + 1] = 1;  /* 5 up to where 9 was, 9 down */
    lattice->lab[3 * 8 + 1] = -1;
    lattice->mat[3 * 10] = 0.3;
    lattice->lab[3 * 10] = 0.3;
}

static const double energy[] = {-2.0, -3.0, -3.2, -3.25}, fmax_of[] = {20.0, 3.0, 0.1, 1e-9};
static const int32_t pair[] = {4, 8};

static struct slide_plot slide(const struct lattice *lattice, enum slide_stage stage, int step, enum glyph_tier tier)
{
    return (struct slide_plot){.frame = lattice->frame, .stage = stage, .step = step, .n_steps = 4, .energy = energy, .fmax = fmax_of, .from = 0,
                               .to = 7, .lab = lattice->lab, .mat = lattice->mat, .r0 = 1, .rmsd = 0.3623, .d_min = 0.075, .certified = true,
                               .loop = pair, .n_loop = 2, .same_places = true, .loop_rmsd = 1, .loop_d_min = 0, .tier = tier};
}

static void a_slide_and_what_follows(void **state)
{
    static const struct {
        const char *name;
        enum slide_stage stage;
        int step;
    } cases[] = {{"start", SLIDE_STEPS, 0}, {"there", SLIDE_STEPS, 3}, {"labelled", SLIDE_LABELLED, 3}, {"matched", SLIDE_MATCHED, 3}, {"loop", SLIDE_LOOP, 3}};
    struct lattice lattice;
    (void)state;
    lattice_init(&lattice);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        for (int tier = 0; tier < 3; tier += 2) {
            const struct slide_plot plot = slide(&lattice, cases[k].stage, cases[k].step, (enum glyph_tier)tier);
            struct grid grid;
            char name[60];
            assert_true(grid_init(&grid, 80, 17));
            slide_plot_draw(&grid, 0, 0, 80, 17, &plot);
            snprintf(name, sizeof name, "slide_%s_%s_80x17", tier_names[tier], cases[k].name);
            golden_grid(&grid, name);
            grid_done(&grid);
        }
    isd_snapshot_unref(lattice.frame);
}

/* --- the same atoms counted shell by shell --- */

static const double in_shell[] = {0, 0, 32, 32, 0, 0}, in_gas[] = {1.5, 4.4, 7.4, 10.3, 13.3, 16.2}, g_of[] = {0, 0, 4.3, 3.1, 0, 0};

static struct shells_plot shells(const struct lattice *lattice, int step, enum glyph_tier tier)
{
    return (struct shells_plot){.frame = lattice->frame, .r0 = 1, .width = 0.3, .step = step, .n = 6, .pairs = in_shell, .gas = in_gas,
                                .g = g_of, .tier = tier};
}

static void shells_grow(void **state)
{
    static const int steps[] = {0, 4, 6};
    struct lattice lattice;
    (void)state;
    lattice_init(&lattice);
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++)
        for (int tier = 0; tier < 3; tier += 2) {
            const struct shells_plot plot = shells(&lattice, steps[k], (enum glyph_tier)tier);
            struct grid grid;
            char name[60];
            assert_true(grid_init(&grid, 80, 17));
            shells_plot_draw(&grid, 0, 0, 80, 17, &plot);
            snprintf(name, sizeof name, "shells_%s_%d_80x17", tier_names[tier], steps[k]);
            golden_grid(&grid, name);
            grid_done(&grid);
        }
    isd_snapshot_unref(lattice.frame);
}

static void any_size(void **state)
{
    struct lattice lattice;
    (void)state;
    lattice_init(&lattice);
    for (int tier = 0; tier < 3; tier++)
        for (int width = 0; width < 120; width += 7)
            for (int height = 0; height < 40; height += 3) {
                struct grid grid;
                const struct few_plot plot = few((enum glyph_tier)tier);
                assert_true(grid_init(&grid, 130, 50));
                few_plot_draw(&grid, 2, 3, width, height, &plot);
                for (int step = 0; step <= 6; step += 3) {
                    const struct shells_plot some = shells(&lattice, step, (enum glyph_tier)tier);
                    shells_plot_draw(&grid, 2, 3, width, height, &some);
                }
                for (int stage = SLIDE_STEPS; stage <= SLIDE_LOOP; stage++) {
                    struct slide_plot step = slide(&lattice, (enum slide_stage)stage, 3, (enum glyph_tier)tier);
                    slide_plot_draw(&grid, 2, 3, width, height, &step);
                }
                for (int y = 0; y < 50; y++) /* nothing outside the rectangle */
                    for (int x = 0; x < 130; x++)
                        if (x < 2 || y < 3 || x >= 2 + width || y >= 3 + height)
                            assert_int_equal(grid.cell[y * 130 + x].glyph, ' ');
                assert_false(grid.failed);
                grid_done(&grid);
            }
    isd_snapshot_unref(lattice.frame);
}

int main(int argc, char **argv)
{
    golden_root = argc > 1 ? argv[1] : ".";
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_few_atoms), cmocka_unit_test(a_slide_and_what_follows), cmocka_unit_test(shells_grow),
                                      cmocka_unit_test(any_size)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
