/* Whole screens of the views of averages and maps as they must look, at two sizes. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tests/golden/screen/NAME_WxH.txt; ISDMIN_GOLDEN_WRITE=1 writes them anew. They are made of computed numbers: a dot at a rounding edge
 * may fall into another cell on another processor, so a few cells may differ. */
#include "screens.h"

#include <math.h>

#include "../../lib/scratch.h"

enum { FEW_CELLS = 24 };

static const char *root;

static char *golden_read(const char *path)
{
    char *text = calloc(1, 1 << 20);
    FILE *file = fopen(path, "r");
    assert_non_null(text);
    if (!file)
        fail_msg("no golden file %s (ISDMIN_GOLDEN_WRITE=1 writes it)", path);
    size_t length = fread(text, 1, (1 << 20) - 1, file);
    text[length] = '\0';
    fclose(file);
    return text;
}

/* The glyph at the beginning of a text, a line end at its end; returns its bytes. */
static int next_glyph(const char *text, uint32_t *ret_glyph)
{
    *ret_glyph = '\n';
    return *text == '\0' ? 0 : *text == '\n' ? 1 : glyph_decode(text, ret_glyph);
}

/* Cells in which two pictures differ; a row that only one has counts whole. */
static int cells_apart(const char *a, const char *b)
{
    int apart = 0;
    while (*a || *b) {
        uint32_t one, other;
        int bytes = next_glyph(a, &one), more = next_glyph(b, &other);
        apart += one != other;
        /* an end of line waits for the other's */
        if (one != '\n' || other == '\n')
            a += bytes;
        if (other != '\n' || one == '\n')
            b += more;
    }
    return apart;
}

static void expect_look(struct tui *tui, const char *name, int width, int height)
{
    char path[1200];
    tui->message[0] = '\0';
    snprintf(tui->echo, sizeof tui->echo, "view %s", name);
    tui_update(tui, width, height);
    screen_settle(tui, width, height);
    tui->message[0] = '\0';
    char *text = screen_picture(tui, width, height);
    snprintf(path, sizeof path, "%s/tests/golden/screen/%s_%dx%d.txt", root, name, width, height);
    if (getenv("ISDMIN_GOLDEN_WRITE")) {
        FILE *out = fopen(path, "w");
        assert_non_null(out);
        fputs(text, out);
        assert_int_equal(fclose(out), 0);
    } else {
        char *wanted = golden_read(path);
        int apart = cells_apart(text, wanted);
        if (apart > FEW_CELLS)
            fail_msg("%s: %d cells differ; now it is\n%s", path, apart, text);
        free(wanted);
    }
    free(text);
}

/* Points of a law at two temperatures, as measured ones scatter. */
static void give_points(struct tui *tui, const char *folder)
{
    char path[SCRATCH_SIZE + 20], line[SCRATCH_SIZE + 40];
    snprintf(path, sizeof path, "%s/points.csv", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("T,tw,G2,se_G2,delta,se_delta,Dmin,se_Dmin,r0\n", file);
    for (int k = 0; k < 12; k++) {
        double d = 0.08 * (1 + 0.45 * k), delta = 0.9 * d * d * (k % 3 == 0 ? 1.08 : k % 3 == 1 ? 0.95 : 1);
        fprintf(file, "%s,%d,%.3f,0.1,%.5f,%.5f,%.5f,%.5f,0.94\n", k % 2 ? "0.5" : "0.45", 1 << k / 2 * 2, 2 + 0.4 * k, delta, 0.06 * delta, d, 0.02 * d);
    }
    fclose(file);
    snprintf(line, sizeof line, "points %s", path);
    screen_run(tui, 80, 24, line);
}

static void looks(void **state)
{
    static const char *const views[] = {"dtw", "cycles", "map", "dynamics", "scaling"};
    char folder[SCRATCH_SIZE];
    struct tui tui;
    (void)state;
    assert_true(scratch_make(folder));
    for (size_t v = 0; v < sizeof views / sizeof *views; v++)
        for (int large = 0; large < 2; large++) {
            char line[60];
            int width = large ? 200 : 80, height = large ? 60 : 24;
            screen_begin(&tui, demo, width, height);
            screen_settle(&tui, width, height);
            if (strcmp(views[v], "scaling") == 0 && !large)
                give_points(&tui, folder);
            screen_run(&tui, width, height, "layout one; goto tw=1500");
            snprintf(line, sizeof line, "view %s; step cycle", views[v]);
            screen_run(&tui, width, height, line);
            expect_look(&tui, views[v], width, height);
            tui_done(&tui);
        }
    assert_true(scratch_drop(folder));
}

static void press(struct tui *tui, const char *key)
{
    char command[400];
    if (!binding_command(tui, key, command, sizeof command))
        fail_msg("%s does nothing here", key);
    screen_run(tui, 80, 24, command);
}

/* "b = 1.234" and how many points: of the foot of the scaling view. */
static double exponent(const struct tui *tui, int *ret_points)
{
    char foot[200] = "";
    screen_of(VIEW_SCALING)->footing(tui, foot, sizeof foot);
    double b = NAN;
    const char *n = strstr(foot, "   n ");
    assert_int_equal(sscanf(foot, "b = %lf", &b), 1);
    assert_non_null(n);
    *ret_points = atoi(n + 5);
    return b;
}

/* Keys move the window of the law and widen it; the law is of the points in it, and is fitted anew. */
static void the_window_of_the_law_moves_by_keys(void **state)
{
    char folder[SCRATCH_SIZE];
    struct tui tui;
    int all, right, wide, again;
    (void)state;
    assert_true(scratch_make(folder));
    screen_begin(&tui, demo, 80, 24);
    screen_settle(&tui, 80, 24);
    give_points(&tui, folder);
    screen_run(&tui, 80, 24, "view scaling; zoom fit");
    double of_all = exponent(&tui, &all);
    for (int k = 0; k < 4; k++)
        press(&tui, "l");
    double of_right = exponent(&tui, &right);
    assert_true(right >= 3 && right < all && of_right != of_all);
    for (int k = 0; k < 10; k++)
        press(&tui, "k");
    exponent(&tui, &wide);
    assert_true(wide > right);
    press(&tui, "=");
    assert_true(exponent(&tui, &again) == of_all && again == all);
    char *text = screen_picture(&tui, 80, 24);
    const char *slope = strstr(text, " b ");
    assert_non_null(slope); /* the upright side of the triangle */
    free(text);
    press(&tui, "v");
    screen_expect(&tui, 80, 24, "> law x=d_direct");
    tui_done(&tui);
    assert_true(scratch_drop(folder));
}

/* The count itself: what it takes for the same, and for another. */
static void differences_are_counted(void **state)
{
    (void)state;
    assert_int_equal(cells_apart("ab\u28ff\nc\n", "ab\u28ff\nc\n"), 0);
    assert_int_equal(cells_apart("ab\nc\n", "xb\nc\n"), 1);
    assert_int_equal(cells_apart("abcd\nc\n", "ab\nc\n"), 2);
    assert_true(cells_apart("ab\nc\n", "ab\nc\nmore\n") >= 4);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(differences_are_counted), cmocka_unit_test(looks),
                                       cmocka_unit_test(the_window_of_the_law_moves_by_keys)};
    root = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests(tests, screen_open_demo, screen_close_demo);
}
