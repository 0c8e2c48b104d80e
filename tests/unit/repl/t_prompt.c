/* Pieces of the prompt: lines in the background, progress, plots as text. SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "repl/plot.h"
#include "repl/progress.h"
#include "repl/task.h"

static void ampersands(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool background;
        const char *rest;
    } cases[] = {
        {"quench all &", true, "quench all "},  {"quench all&  \t", true, "quench all"}, {"&", true, ""},
        {"quench all", false, "quench all"},    {"", false, ""},                         {"  ", false, "  "},
        {"atoms 0:1 &&", false, "atoms 0:1 &&"}, {"echo '&'", false, "echo '&'"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char line[64];
        memcpy(line, cases[k].line, strlen(cases[k].line) + 1);
        assert_int_equal(task_take_ampersand(line), cases[k].background);
        assert_memory_equal(line, cases[k].rest, strlen(cases[k].rest));
    }
}

static void progress_in_words(void **state)
{
    (void)state;
    char words[96];
    progress_words(3.25, 15, 42.4, words, sizeof words);
    assert_string_equal(words, "3 of 15 jobs, 21 %, ETA 0:42");
    progress_words(0.0, 1, NAN, words, sizeof words);
    assert_string_equal(words, "0 of 1 job, 0 %");
    progress_words(2.0, 2, 3725.0, words, sizeof words);
    assert_string_equal(words, "2 of 2 jobs, 100 %, ETA 1:02:05");
    progress_words(9.0, 2, 1e300, words, sizeof words); /* nonsense in, nothing broken out */
    assert_string_equal(words, "9 of 2 jobs, 100 %, ETA 99:59:59");
    progress_words(0.0, 0, -1.0, words, sizeof words);
    assert_string_equal(words, "0 of 0 jobs, 100 %");
}

/* A labelled p(u) with a main maximum and a second one at 0.9; matched without. */
static void make_pu(struct sight_pu *pu)
{
    *pu = (struct sight_pu){.state = ASK_READY, .pairs = 1, .ready = 1, .max = 2.0, .bins = 50, .has_labelled = true,
                            .atoms = 1e4, .has_gr = true, .peak_r = 1.0, .peak_g = 3.0};
    for (int k = 0; k < SIGHT_BINS; k++) {
        double u = (k + 0.5) * pu->max / SIGHT_BINS, width = pu->max / SIGHT_BINS;
        double first = exp(-pow((u - 0.15) / 0.1, 2)) / 0.177, second = 0.2 * exp(-pow((u - 0.9) / 0.1, 2)) / 0.177;
        pu->fine_labelled[k] = pu->atoms * width * (0.8 * first + second);
        pu->fine_matched[k] = pu->atoms * width * first;
    }
    for (int k = 0; k < pu->bins; k++) {
        pu->u[k] = (k + 0.5) * pu->max / pu->bins;
        for (int f = 0; f < SIGHT_BINS / pu->bins; f++) {
            pu->labelled[k] += pu->fine_labelled[k * SIGHT_BINS / pu->bins + f] / (pu->atoms * pu->max / pu->bins);
            pu->matched[k] += pu->fine_matched[k * SIGHT_BINS / pu->bins + f] / (pu->atoms * pu->max / pu->bins);
        }
    }
    for (int k = 0; k < SIGHT_GR_BINS; k++) {
        pu->r[k] = (k + 0.5) * pu->max / SIGHT_GR_BINS;
        pu->g[k] = 3.0 * exp(-pow((pu->r[k] - 1.0) / 0.1, 2));
    }
}

static void plot_as_text(void **state)
{
    (void)state;
    static struct sight_pu pu;
    struct sight sight = {.look.show = SIGHT_BOTH};
    struct plot_place place = {60, 12, GLYPH_ASCII};
    make_pu(&pu);
    char *text = plot_text(&sight, &pu, "the title", "B", "sigma", &place);
    assert_non_null(text);
    assert_memory_equal(text, "the title\n", 10);
    assert_non_null(strstr(text, "#")); /* labelled */
    assert_non_null(strstr(text, "o")); /* matched */
    assert_non_null(strstr(text, "u, r /sigma"));
    assert_non_null(strstr(text, "\nB")); /* the signature in words */
    for (const char *p = text; *p; p++)
        assert_true((unsigned char)*p < 128);
    free(text);
    sight.look.show = SIGHT_MATCHED;
    text = plot_text(&sight, &pu, "", "B", "sigma", &place);
    assert_null(strstr(text, "#"));
    free(text);
}

static void plot_of_nothing(void **state)
{
    (void)state;
    static struct sight_pu pu;
    struct sight sight = {.look.show = SIGHT_BOTH};
    pu = (struct sight_pu){.peak_r = NAN, .max = 2.0};
    for (int width = 0; width < 20; width++) {
        struct plot_place place = {width, width / 2, GLYPH_BRAILLE};
        char *text = plot_text(&sight, &pu, "t", "all atoms", "", &place);
        assert_non_null(text);
        free(text);
    }
}

int main(void)
{
    setlocale(LC_ALL, "");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ampersands),
        cmocka_unit_test(progress_in_words),
        cmocka_unit_test(plot_as_text),
        cmocka_unit_test(plot_of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
