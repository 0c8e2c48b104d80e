/* The demos on the full screen: every key, every size, each kind of glyphs. SPDX-License-Identifier: GPL-3.0-or-later */
#include "screens.h"

#include "app/demo_film.h"
#include "app/demos.h"
#include "base/rng.h"

#define WIDTH 80
#define HEIGHT 24

static struct session *own;

static int open_session(void **state)
{
    (void)state;
    return session_new(2, &own, NULL) == ISD_OK ? 0 : -1;
}

static int close_session(void **state)
{
    (void)state;
    session_free(own);
    return 0;
}

static void begin(struct tui *tui, const char *line)
{
    screen_begin(tui, own, WIDTH, HEIGHT);
    screen_run(tui, WIDTH, HEIGHT, line);
    assert_int_equal(tui->sight.view, VIEW_DEMO);
}

/* What the key does is done. */
static void press(struct tui *tui, const char *key)
{
    char command[400];
    if (!binding_command(tui, key, command, sizeof command))
        fail_msg("%s does nothing", key);
    screen_run(tui, WIDTH, HEIGHT, command);
}

static void expect(const struct tui *tui, const char *wanted)
{
    screen_expect(tui, WIDTH, HEIGHT, wanted);
}

static void expect_not(const struct tui *tui, const char *unwanted)
{
    char *text = screen_picture(tui, WIDTH, HEIGHT);
    if (strstr(text, unwanted))
        fail_msg("'%s' is in\n%s", unwanted, text);
    free(text);
}

/* All of why the optimum is one, in 24 lines. */
static void a_ring_fits(void **state)
{
    struct tui tui;
    (void)state;
    begin(&tui, "demo 1d seed=1 n=5");
    static const char *const words[] = {"cost C", "[optimum]", "slack C - u - v >= 0", "D_min", "by name", "why", "any pairing costs", "proven"};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        expect(&tui, words[k]);
    tui_done(&tui);
}

static void pairs_by_hand(void **state)
{
    struct tui tui;
    (void)state;
    begin(&tui, "demo 1d seed=1 n=3; demo 1d show");
    press(&tui, "X");
    expect_not(&tui, "[optimum]");
    expect_not(&tui, "D_min");
    expect(&tui, "1>?");
    for (int i = 0; i < 3; i++) {
        expect_not(&tui, "proven");
        press(&tui, i % 2 ? "Enter" : "Space");
        press(&tui, "j");
        press(&tui, "Right");
    }
    expect(&tui, "by hand  1>1 2>2 3>3");
    expect(&tui, "times the sum");
    expect(&tui, "proven");
    press(&tui, "c");
    expect_not(&tui, "proven");
    press(&tui, "X");
    expect(&tui, "proven");
    tui_done(&tui);
}

static void points_move(void **state)
{
    struct tui tui;
    (void)state;
    begin(&tui, "demo 1d seed=1 n=5; demo 1d clear");
    const struct ring_model *model = &session_demos(own)->ring.model;
    const double before = model->before[1], after = model->after[1];
    press(&tui, "j");
    press(&tui, "l");
    press(&tui, ">");
    press(&tui, ")");
    assert_true(model->before[1] > before + 0.09 && model->after[1] > after + 0.09);
    press(&tui, "<");
    press(&tui, "(");
    assert_true(model->before[1] < before + 0.01 && model->after[1] < after + 0.01);
    press(&tui, "+");
    assert_int_equal(model->n, 6);
    press(&tui, "-");
    press(&tui, "s");
    assert_int_equal(session_demos(own)->ring.seed, 2);
    tui_done(&tui);
}

static void an_entry_is_clicked(void **state)
{
    struct tui tui;
    (void)state;
    begin(&tui, "demo 1d seed=1 n=5; demo 1d clear");
    const struct rect rect = frame_view_rect(&tui);
    char command[80];
    bool found = false;
    for (int y = 0; y < rect.height && !found; y++)
        found = screen_demo.click(&tui, rect, 12, y, command, sizeof command);
    assert_true(found);
    assert_string_equal(command, "demo 1d pair 1 2");
    tui_done(&tui);
}

static void a_liquid_slides(void **state)
{
    struct tui tui;
    char command[80];
    (void)state;
    begin(&tui, "demo quench n=20 step=0");
    const struct demo_film *film = session_demos(own)->shown;
    expect(&tui, "step 0 of");
    expect(&tui, "energy per atom");
    assert_true(tui.sight.pair.a == film->pair[0].a && tui.sight.pair.b == film->pair[0].b); /* what all views show */
    press(&tui, "l");
    press(&tui, "Down");
    assert_int_equal(film->step, 11);
    press(&tui, "h");
    expect(&tui, "step 10 of");
    press(&tui, "Space");
    assert_true(tui.playing && tui.play_rate > 1);
    const double rate = tui.play_rate;
    press(&tui, "+");
    assert_true(tui.playing && tui.play_rate > rate);
    press(&tui, "Space");
    assert_false(tui.playing);
    while (screen_demo.play(&tui, command, sizeof command))
        screen_run(&tui, WIDTH, HEIGHT, command);
    assert_int_equal(film->step, film->n_steps - 1);
    expect(&tui, "inherent structure");
    expect_not(&tui, "RMSD");
    press(&tui, "v");
    expect(&tui, "labelled  RMSD");
    press(&tui, "Space");
    expect(&tui, "matched   D_min");
    press(&tui, "End");
    expect(&tui, "a loop: 1>2");
    press(&tui, "g");
    expect(&tui, "step 0 of");
    press(&tui, "s");
    assert_int_equal(session_demos(own)->shown->seed, 2);
    tui_done(&tui);
}

static void shells_are_counted(void **state)
{
    struct tui tui;
    char command[80];
    (void)state;
    begin(&tui, "demo shells n=20 step=0");
    const struct demo_film *film = session_demos(own)->shown;
    expect(&tui, "20 atoms, nothing counted yet");
    press(&tui, "l");
    press(&tui, "Down");
    assert_int_equal(film->shell, 11);
    expect(&tui, "shell 11 of");
    press(&tui, "h");
    expect(&tui, "shell 10 of");
    press(&tui, "Space");
    assert_true(tui.playing);
    while (screen_demo.play(&tui, command, sizeof command))
        screen_run(&tui, WIDTH, HEIGHT, command);
    expect(&tui, "all is counted");
    press(&tui, "Space");
    press(&tui, "Space"); /* from the start again */
    expect(&tui, "nothing counted yet");
    press(&tui, "v");
    assert_int_equal(film->shell, film->shells.n);
    press(&tui, "s");
    assert_true(session_demos(own)->shown->seed == 2 && session_demos(own)->kind == DEMO_SHELLS);
    expect(&tui, "nothing counted yet");
    tui_done(&tui);
}

/* The set of a demo is one like any other: its views show it. */
static void other_views_show_it(void **state)
{
    static const char *const views[] = {"view pu", "view gr", "view slice", "view table", "view cycles", "view map", "view dtw"};
    struct tui tui;
    (void)state;
    begin(&tui, "demo five seed=3");
    expect(&tui, "frames 0:2  all exchange places");
    expect(&tui, "D_min 0.0000 (solid), proven");
    screen_run(&tui, WIDTH, HEIGHT, "goto pair=0:2");
    for (size_t k = 0; k < sizeof views / sizeof *views; k++) {
        screen_run(&tui, WIDTH, HEIGHT, views[k]);
        expect(&tui, "five_3");
    }
    screen_run(&tui, WIDTH, HEIGHT, "view cycles");
    expect(&tui, "5");
    tui_done(&tui);
}

/* What is saved leads here again. */
static void is_rebuilt(void **state)
{
    struct tui tui;
    struct print_buffer out = {0};
    (void)state;
    begin(&tui, "demo quench n=20 step=7");
    screen_demo.rebuild(&tui, &out);
    assert_string_equal(out.data, "step film first; step film +7\n");
    screen_run(&tui, WIDTH, HEIGHT, "step film last");
    screen_run(&tui, WIDTH, HEIGHT, out.data);
    assert_int_equal(session_demos(own)->shown->step, 7);
    print_buffer_done(&out);
    tui_done(&tui);
}

static void nothing_yet(void **state)
{
    struct tui tui;
    struct session *empty = NULL;
    (void)state;
    assert_int_equal(session_new(1, &empty, NULL), ISD_OK);
    screen_begin(&tui, empty, WIDTH, HEIGHT);
    screen_run(&tui, WIDTH, HEIGHT, "view demo");
    expect(&tui, "demo quench");
    tui_run_line(&tui, "step film");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_done(&tui);
    session_free(empty);
}

static void any_size_and_glyphs(void **state)
{
    static const char *const demos[] = {"demo 1d n=8", "demo 1d n=1", "demo five", "demo quench n=20 step=4", "demo quench n=20 step=loop",
                                        "demo shells n=20 step=9"};
    static const int sizes[][2] = {{1, 1}, {3, 2}, {20, 5}, {40, 10}, {41, 12}, {60, 17}, {80, 24}, {120, 36}, {200, 60}, {300, 90}};
    static const char *const glyphs[] = {"set glyphs=braille", "set glyphs=half", "set ascii on"};
    struct tui tui;
    (void)state;
    for (size_t d = 0; d < sizeof demos / sizeof *demos; d++) {
        begin(&tui, demos[d]);
        for (size_t g = 0; g < sizeof glyphs / sizeof *glyphs; g++) {
            tui_run_line(&tui, glyphs[g]);
            for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
                tui_update(&tui, sizes[k][0], sizes[k][1]);
                char *text = screen_picture(&tui, sizes[k][0], sizes[k][1]);
                for (const char *p = text; g == 2 && *p; p++)
                    assert_true((unsigned char)*p < 128);
                free(text);
            }
        }
        tui_done(&tui);
    }
}

/* Whatever is pressed, in whatever order: commands that are understood, pictures that can be drawn. */
static void random_keys(void **state)
{
    static const char *const keys[] = {"h", "j", "k", "l", "Space", "Enter", "v", "g", "End", "+", "-", "s",
                                       "c", "X", "<", ">", "(", ")", "u", "Backspace", "5", "4"};
    static const char *const demos[] = {"demo 1d n=4", "demo five", "demo quench n=16", "demo shells n=16"};
    struct rng rng;
    struct tui tui;
    (void)state;
    rng_init(&rng, 5);
    begin(&tui, demos[0]);
    for (int k = 0; k < 400; k++) {
        char command[400];
        const bool other = rng_below(&rng, 20) == 0 || tui.sight.view != VIEW_DEMO;
        if (other)
            tui_run_line(&tui, demos[rng_below(&rng, sizeof demos / sizeof *demos)]);
        else if (binding_command(&tui, keys[rng_below(&rng, sizeof keys / sizeof *keys)], command, sizeof command))
            tui_run_line(&tui, command);
        screen_settle(&tui, WIDTH, HEIGHT);
        if (tui.message_role == ROLE_ERROR && tui.message[0] && !strstr(tui.message, "nothing to") && !strstr(tui.message, "began"))
            fail_msg("%s: %s", tui.echo, tui.message);
        free(screen_picture(&tui, 1 + (int)rng_below(&rng, 120), 1 + (int)rng_below(&rng, 50)));
    }
    tui_done(&tui);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ring_fits),     cmocka_unit_test(pairs_by_hand),       cmocka_unit_test(points_move), cmocka_unit_test(an_entry_is_clicked),
        cmocka_unit_test(a_liquid_slides), cmocka_unit_test(shells_are_counted), cmocka_unit_test(other_views_show_it), cmocka_unit_test(is_rebuilt),
        cmocka_unit_test(nothing_yet),
        cmocka_unit_test(any_size_and_glyphs), cmocka_unit_test(random_keys),
    };
    return cmocka_run_group_tests(tests, open_session, close_session);
}
