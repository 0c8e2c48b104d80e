/* The picture of minima by method. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view/fidelity_plot.h"

static const char *const names[] = {"lbfgs", "cg", "sd"};

static char *draw(const struct fidelity_plot *plot, int width, int height)
{
    struct grid grid;
    assert_true(grid_init(&grid, width, height));
    fidelity_plot_draw(&grid, 0, 0, width, height, plot);
    char *text = grid_to_text(&grid);
    assert_non_null(text);
    grid_done(&grid);
    return text;
}

/* Two frames agree on one pair, are split by the limit on the second, and fall together on the third. */
static void marks_lie_where_they_belong(void **state)
{
    (void)state;
    const double a[] = {0, 1e-4, 1e-2, 1e-4, 0, 1e-1, 1e-2, 1e-1, 0}, b[] = {0, 1e-5, 1e-4, 1e-5, 0, 1e-1, 1e-4, 1e-1, 0};
    const double *d[] = {a, b};
    const struct fidelity_plot plot = {
        .name = names, .d = d, .n = 3, .frames = 2, .same = 1e-3, .length_unit = "sigma", .tier = GLYPH_ASCII};
    assert_int_equal(fidelity_plot_height(&plot), 7);
    char *text = draw(&plot, 20 + 41 + 22, 7);
    assert_string_equal(text, "                                 same < :\n"
                              "lbfgs-cg            o         o         :                     2/2 same, rms 7.1e-05\n"
                              "lbfgs-sd                      o         :         o           1/2 same, rms 0.0071\n"
                              "cg-sd                                   :                   2 0/2 same, rms 0.1\n"
                              "                    +---------+---------+---------+---------+\n"
                              "                  1e-5      1e-4      1e-3      1e-2     1e-1\n"
                              "                    D_min between minima /sigma\n");
    free(text);
}

static void any_size_and_any_number(void **state)
{
    (void)state;
    const double odd[] = {0, 0, INFINITY, 0, 0, 1e-300, INFINITY, 1e-300, 0};
    const double *d[] = {odd};
    struct fidelity_plot plot = {
        .name = names, .d = d, .n = 3, .frames = 1, .same = 1e-3, .length_unit = "A", .tier = GLYPH_BRAILLE};
    for (int width = 0; width < 300; width += 7) {
        for (int height = 0; height < 10; height++) {
            free(draw(&plot, width, height));
        }
    }
    plot.frames = 0;
    free(draw(&plot, 80, 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_lie_where_they_belong),
        cmocka_unit_test(any_size_and_any_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
