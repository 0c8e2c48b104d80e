/* One-line things: t_w strip, progress, keys. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view/strip.h"

static char *strip_text(const struct tw_strip *strip, int width)
{
    struct grid grid;
    assert_true(grid_init(&grid, width, 1));
    int used = tw_strip_draw(&grid, 0, 0, width, strip);
    assert_true(used <= width);
    char *text = grid_to_text(&grid);
    assert_non_null(text);
    grid_done(&grid);
    return text;
}

static void strip_shows_heights_and_place(void **state)
{
    static const double tw[] = {1, 10, 100, 1000}, value[] = {0.1, 0.4, NAN, 0.8};
    struct tw_strip strip = {.tw = tw, .value = value, .n = 4, .current = 1, .tier = GLYPH_ASCII};
    char *text = strip_text(&strip, 40);
    assert_string_equal(text, "1  1[4]. 8  1000\n");
    free(text);
    strip.tier = GLYPH_BRAILLE;
    text = strip_text(&strip, 40);
    assert_string_equal(text, "1  \u2581[\u2584]\u00b7 \u2588  1000\n");
    free(text);
    static const double none[] = {NAN, NAN, NAN, NAN};
    strip.value = none;
    strip.current = -1;
    text = strip_text(&strip, 40);
    assert_string_equal(text, "1  \u00b7 \u00b7 \u00b7 \u00b7  1000\n");
    free(text);
}

static void strip_scrolls(void **state)
{
    double tw[200], value[200];
    for (int k = 0; k < 200; k++) {
        tw[k] = k + 1;
        value[k] = k;
    }
    for (int width = 0; width < 100; width++)
        for (int current = 0; current < 200; current += 7) {
            struct tw_strip strip = {.tw = tw, .value = value, .n = 200, .current = current, .tier = GLYPH_ASCII};
            char *text = strip_text(&strip, width);
            if (width >= 12)
                assert_non_null(strchr(text, '['));
            free(text);
        }
}

static void expect_progress(double fraction, enum glyph_tier tier, const char *want)
{
    struct grid grid;
    assert_true(grid_init(&grid, 4, 1));
    progress_draw(&grid, 0, 0, 4, fraction, tier);
    char *text = grid_to_text(&grid);
    assert_string_equal(text, want);
    free(text);
    grid_done(&grid);
}

static void progress_goes_in_eighths(void **state)
{
    expect_progress(0, GLYPH_BRAILLE, "\u2591\u2591\u2591\u2591\n");
    expect_progress(0.28125, GLYPH_BRAILLE, "\u2588\u258f\u2591\u2591\n");
    expect_progress(1, GLYPH_BRAILLE, "\u2588\u2588\u2588\u2588\n");
    expect_progress(7, GLYPH_ASCII, "####\n");
    expect_progress(NAN, GLYPH_ASCII, "....\n");
    expect_progress(0.5, GLYPH_ASCII, "##..\n");
}

static void keys_are_shown_whole_or_not_at_all(void **state)
{
    static const struct key_hint hints[] = {{"[ ]", "tw"}, {"m", "show"}, {"?", "more"}};
    for (int width = 0; width < 40; width++) {
        struct grid grid;
        assert_true(grid_init(&grid, width + 5, 1));
        assert_true(key_bar_draw(&grid, 0, 0, width, hints, 3) <= width);
        char *text = grid_to_text(&grid);
        if (width == 39)
            assert_string_equal(text, "[ ] tw   m show   ? more\n");
        if (width == 10)
            assert_string_equal(text, "[ ] tw\n");
        free(text);
        grid_done(&grid);
    }
}

static void numbers_are_short(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"}, {0.5, "0.5"}, {500, "500"}, {1e5, "1e5"}, {1.5e-7, "1.5e-7"}, {1e10, "1e10"}, {NAN, "-"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[24];
        short_number(cases[k].value, text, sizeof text);
        assert_string_equal(text, cases[k].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strip_shows_heights_and_place), cmocka_unit_test(strip_scrolls),
        cmocka_unit_test(progress_goes_in_eighths),      cmocka_unit_test(keys_are_shown_whole_or_not_at_all),
        cmocka_unit_test(numbers_are_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
