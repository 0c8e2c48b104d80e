/* Menus: options with their values, the card of glyphs; and what is copied. SPDX-License-Identifier: GPL-3.0-or-later */
#include "screens.h"

#include <unistd.h>

#include "../../lib/scratch.h"
#include "tui/clipboard.h"
#include "tui/past.h"
#include "tui/saving.h"
#include "tui/settings.h"

enum { WIDTH = 80, HEIGHT = 24 };

static void press(struct tui *tui, const char *name)
{
    struct key key = {.n_bytes = strlen(name) == 1};
    snprintf(key.name, sizeof key.name, "%s", name);
    memcpy(key.bytes, name, (size_t)key.n_bytes);
    palette_key(tui, &key);
    screen_settle(tui, WIDTH, HEIGHT);
}

/* Of every view, every option: its next value is what it has then, and after all choices it is what it was. */
static void every_option_takes_every_value(void **state)
{
    (void)state;
    static const char *const views[] = {"pu", "gr", "slice", "table", "dtw", "scaling", "map", "cycles", "dynamics"};
    int whole_ones = 0;
    struct tui tui;
    screen_begin(&tui, demo, WIDTH, HEIGHT);
    screen_settle(&tui, WIDTH, HEIGHT);
    for (size_t v = 0; v < sizeof views / sizeof *views; v++) {
        char line[40];
        snprintf(line, sizeof line, "view %s", views[v]);
        screen_run(&tui, WIDTH, HEIGHT, line);
        const struct option_row *row;
        for (int k = 0; (row = option_at(&tui, k)) != NULL; k++) {
            char command[400], first[240], now[240];
            bool whole;
            int steps = 0;
            row->value(&tui, first, sizeof first);
            do {
                char before[240];
                row->value(&tui, before, sizeof before);
                option_next(&tui, row, command, sizeof command, &whole);
                if (!whole)
                    break;
                tui_run_line(&tui, command);
                tui_update(&tui, WIDTH, HEIGHT);
                row->value(&tui, now, sizeof now);
                if (strcmp(now, before) == 0 || tui.message_role == ROLE_ERROR)
                    fail_msg("%s in %s: %s left it at %s (%s)", row->name, views[v], command, now, tui.message);
                assert_non_null(strstr(command, now));
                assert_true(++steps < 10);
            } while (strcmp(now, first) != 0);
            whole_ones += whole;
        }
    }
    assert_true(whole_ones > 100);
    tui_done(&tui);
}

static void the_menu_is_searched_and_stays(void **state)
{
    (void)state;
    struct tui tui;
    screen_begin(&tui, demo, WIDTH, HEIGHT);
    screen_settle(&tui, WIDTH, HEIGHT);
    screen_run(&tui, WIDTH, HEIGHT, "view pu; type all; species resolved");
    screen_run(&tui, WIDTH, HEIGHT, "options");
    for (const char *c = "blind"; *c; c++)
        press(&tui, (const char[]){*c, '\0'});
    screen_expect(&tui, WIDTH, HEIGHT, "resolved");
    press(&tui, "Enter");
    assert_true(tui.palette.open && tui.sight.look.blind);
    press(&tui, "Enter");
    assert_true(tui.palette.open && !tui.sight.look.blind);
    press(&tui, "Esc");
    assert_false(tui.palette.open);
    tui_done(&tui);
}

static void type_text(struct tui *tui, const char *text)
{
    for (const char *c = text; *c; c++)
        press(tui, (const char[]){*c, '\0'});
}

/* Keys for the : line, as a terminal sends them. */
static void feed_line(struct tui *tui, const char *text)
{
    for (const char *c = text; *c; c++) {
        struct key key = {.bytes = {*c}, .n_bytes = 1};
        prompt_key(tui, &key);
    }
    screen_settle(tui, WIDTH, HEIGHT);
}

static void the_palette_binds_and_helps(void **state)
{
    (void)state;
    char command[400];
    struct tui tui;
    screen_begin(&tui, demo, WIDTH, HEIGHT);
    screen_settle(&tui, WIDTH, HEIGHT);
    screen_run(&tui, WIDTH, HEIGHT, "view table; palette");
    screen_expect(&tui, WIDTH, HEIGHT, "F2 bind a key   F1 help");
    type_text(&tui, "turn the order");
    press(&tui, "F2");
    assert_true(tui.prompting && !tui.palette.open);
    screen_expect(&tui, WIDTH, HEIGHT, ":bind table  \"sort reverse\"");
    feed_line(&tui, "w\r");
    assert_false(tui.prompting);
    assert_true(binding_command(&tui, "w", command, sizeof command));
    assert_string_equal(command, "sort reverse");
    screen_run(&tui, WIDTH, HEIGHT, "palette");
    type_text(&tui, "commands whose help");
    press(&tui, "F2"); /* of the table of commands: in all views, its words still to be said */
    screen_expect(&tui, WIDTH, HEIGHT, ":bind all  \"apropos\"");
    feed_line(&tui, "\003");
    screen_run(&tui, WIDTH, HEIGHT, "palette");
    type_text(&tui, "turn the order");
    press(&tui, "F1");
    assert_false(tui.palette.open);
    assert_int_equal(tui.sight.view, VIEW_OUTPUT);
    screen_expect(&tui, WIDTH, HEIGHT, "sort: sort the table by a column");
    screen_run(&tui, WIDTH, HEIGHT, "view pu; options");
    type_text(&tui, "blind");
    press(&tui, "F1");
    screen_expect(&tui, WIDTH, HEIGHT, "species: ");
    screen_run(&tui, WIDTH, HEIGHT, "palette");
    type_text(&tui, "no such thing");
    press(&tui, "F2");
    assert_false(tui.palette.open || tui.prompting);
    tui_done(&tui);
}

static void the_card_shows_all_kinds_and_is_kept(void **state)
{
    (void)state;
    static const char *const seen[] = {"1 braille", "2 half blocks", "3 ASCII", "\u28ff", "\u2588", "///>", "+----------+", "\u250c\u2500"};
    char folder[SCRATCH_SIZE];
    struct tui tui;
    assert_true(scratch_make(folder));
    assert_int_equal(setenv("XDG_STATE_HOME", folder, 1), 0);
    screen_begin(&tui, demo, WIDTH, HEIGHT);
    for (enum glyph_tier tier = GLYPH_BRAILLE; tier <= GLYPH_ASCII; tier++) {
        tui.tier = tier;
        screen_run(&tui, WIDTH, HEIGHT, "glyphs");
        for (size_t k = 0; k < sizeof seen / sizeof *seen; k++)
            screen_expect(&tui, WIDTH, HEIGHT, seen[k]);
        press(&tui, "Esc");
        assert_true(!tui.palette.open && tui.tier == tier);
    }
    screen_run(&tui, WIDTH, HEIGHT, "glyphs");
    press(&tui, "2");
    assert_true(!tui.palette.open && tui.tier == GLYPH_HALF);
    tui_done(&tui);
    screen_begin(&tui, demo, WIDTH, HEIGHT);
    settings_recall(&tui);
    assert_int_equal(tui.tier, GLYPH_HALF);
    screen_run(&tui, WIDTH, HEIGHT, "glyphs auto");
    tui.tier = GLYPH_ASCII;
    settings_recall(&tui);
    assert_int_equal(tui.tier, tui.own_tier);
    tui.unicode = false;
    tui.tier = GLYPH_ASCII; /* other kinds are not even shown */
    screen_run(&tui, WIDTH, HEIGHT, "glyphs");
    char *text = screen_picture(&tui, WIDTH, HEIGHT);
    assert_non_null(strstr(text, "not in this locale"));
    for (const char *c = text; *c; c++)
        assert_true((unsigned char)*c < 128);
    free(text);
    tui_done(&tui);
    unsetenv("XDG_STATE_HOME");
    assert_true(scratch_drop(folder));
}

/* --- copies --- */

static void expect_written(const char *folder, const char *file, const char *wanted)
{
    char path[SCRATCH_SIZE + 40];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    char *text = saving_read(path);
    assert_non_null(text);
    if (!strstr(text, wanted))
        fail_msg("'%s' is not in %s:\n%s", wanted, file, text);
    free(text);
}

static void what_is_copied_is_in_a_file(void **state)
{
    (void)state;
    char folder[SCRATCH_SIZE];
    struct tui tui;
    assert_true(scratch_make(folder));
    assert_int_equal(setenv("XDG_STATE_HOME", folder, 1), 0);
    assert_int_equal(setenv("TERM", "xterm-256color", 1), 0);
    unsetenv("TMUX");
    unsetenv("STY");
    screen_begin(&tui, demo, WIDTH, HEIGHT);
    screen_settle(&tui, WIDTH, HEIGHT);
    screen_run(&tui, WIDTH, HEIGHT, "view pu; type all; average off; copy data");
    assert_non_null(strstr(tui.message, "copied: numbers, "));
    expect_written(folder, "isdmin/copied.tsv", "u\tlabelled\tmatched");
    assert_memory_equal(tui.clip.data, "\033]52;c;", 7);
    screen_run(&tui, WIDTH, HEIGHT, "view table; goto atom=42; copy row");
    expect_written(folder, "isdmin/copied.tsv", "\n42\t");
    screen_run(&tui, WIDTH, HEIGHT, "copy text");
    expect_written(folder, "isdmin/copied.txt", "u_lab");
    screen_run(&tui, WIDTH, HEIGHT, "copy cmd");
    expect_written(folder, "isdmin/copied.isd", "goto atom=42\n");
    tui.clip.length = 0;
    screen_run(&tui, WIDTH, HEIGHT, "set clipboard=off; copy row");
    assert_int_equal(tui.clip.length, 0);
    assert_non_null(strstr(tui.message, "the clipboard is off"));
    tui_done(&tui);
    unsetenv("XDG_STATE_HOME");
    assert_true(scratch_drop(folder));
}

/* Loops within each other, and what is looked at afterwards. */
static void a_loop_goes_through_all(void **state)
{
    (void)state;
    struct tui tui;
    screen_begin(&tui, demo, WIDTH, HEIGHT);
    screen_settle(&tui, WIDTH, HEIGHT);
    screen_run(&tui, WIDTH, HEIGHT, "of raw; goto tw=1500; average off");
    const struct frame_pair before = tui.sight.pair;
    const int tw_at = tui.sight.tw_at;
    screen_run(&tui, WIDTH, HEIGHT, "foreach tw { step pair last; bookmark \"t{tw}\" }");
    assert_int_equal(tui.past->n_bookmarks, tui.sight.n_tw);
    for (int k = 0; k < tui.sight.n_tw; k++) {
        char name[24];
        snprintf(name, sizeof name, "t%g", tui.sight.tw[k]);
        const struct bookmark *mark = past_find_mark(tui.past, name);
        assert_non_null(mark);
        assert_true(mark->place.tw == tui.sight.tw[k]);
    }
    assert_int_equal(tui.sight.tw_at, tw_at);
    assert_int_equal(tui.sight.pair.a, before.a);
    assert_int_equal(tui.sight.pair.b, before.b);
    screen_run(&tui, WIDTH, HEIGHT, "goto tw=2000; foreach set { foreach pair { bookmark \"{set} {pair}\" } }");
    assert_non_null(past_find_mark(tui.past, "demo 0:20"));
    tui_run_line(&tui, "foreach pair { nosuch }");
    assert_non_null(strstr(tui.message, "foreach:2:2: there is no command 'nosuch'"));
    tui_done(&tui);
}

/* An answer as those of the engine: to be read, to be exported; what the counters hold is seen in properties.py. */
static void stats_is_an_answer(void **state)
{
    (void)state;
    char folder[SCRATCH_SIZE], line[300];
    struct tui tui;
    assert_true(scratch_make(folder));
    screen_begin(&tui, demo, WIDTH, HEIGHT);
    screen_settle(&tui, WIDTH, HEIGHT);
    snprintf(line, sizeof line, "stats; export %s/none.json", folder);
    screen_run(&tui, WIDTH, HEIGHT, line);
    tui.cost = (struct display_cost){.pictures = 4, .bytes = {20, 1000, 700}, .seconds = {0.002, 0.016, 0.008}, .sent = 2500, .kept = 5500};
    snprintf(line, sizeof line, "view pu; stats; export %s/four.json", folder);
    screen_run(&tui, WIDTH, HEIGHT, line);
    assert_int_equal(tui.sight.view, VIEW_OUTPUT);
    screen_expect(&tui, WIDTH, HEIGHT, "bytes_mean");
    screen_expect(&tui, WIDTH, HEIGHT, "5500");
    expect_written(folder, "none.json", "{\"cmd\":\"stats\",\"frames\":0,\"bytes_last\":null,\"bytes_mean\":null,\"bytes_max\":null,\"ms_last\":null,"
                                        "\"ms_mean\":null,\"ms_max\":null,\"cells_sent\":0,\"cells_skipped\":0}\n");
    expect_written(folder, "four.json", "{\"cmd\":\"stats\",\"frames\":4,\"bytes_last\":20,\"bytes_mean\":250,\"bytes_max\":700,\"ms_last\":2,"
                                        "\"ms_mean\":4,\"ms_max\":8,\"cells_sent\":2500,\"cells_skipped\":5500}\n");
    tui_done(&tui);
    assert_true(scratch_drop(folder));
}

static void the_terminal_is_told(void **state)
{
    (void)state;
    static const struct {
        enum clipboard_way way;
        const char *bytes, *wanted;
    } cases[] = {{CLIPBOARD_PLAIN, "u", "\033]52;c;dQ==\a"},     {CLIPBOARD_PLAIN, "p(u)", "\033]52;c;cCh1KQ==\a"},
                 {CLIPBOARD_PLAIN, "g(r) ", "\033]52;c;ZyhyKSA=\a"}, {CLIPBOARD_PLAIN, "\u03c3\u28ff", "\033]52;c;z4Pio78=\a"},
                 {CLIPBOARD_TMUX, "abc", "\033]52;c;YWJj\a\033Ptmux;\033\033]52;c;YWJj\a\033\\"},
                 {CLIPBOARD_SCREEN, "abc", "\033P\033]52;c;YWJj\a\033\\"}, {CLIPBOARD_NONE, "abc", ""}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct print_buffer out = {0};
        print_bytes(&out, "", 0);
        clipboard_write(cases[k].way, cases[k].bytes, strlen(cases[k].bytes), &out);
        assert_int_equal(out.length, strlen(cases[k].wanted));
        assert_memory_equal(out.data, cases[k].wanted, out.length);
        print_buffer_done(&out);
    }
    /* screen takes strings of at most 256 bytes; together they are the whole. */
    static char many[1000];
    struct print_buffer out = {0};
    memset(many, 'x', sizeof many);
    clipboard_write(CLIPBOARD_SCREEN, many, sizeof many, &out);
    size_t pieces = 0, inside = 0;
    for (const char *at = out.data, *end = out.data + out.length; at < end; pieces++) {
        assert_memory_equal(at, "\033P", 2);
        const char *last = memmem(at, (size_t)(end - at), "\033\\", 2);
        assert_non_null(last);
        assert_true(last - at - 2 <= 256);
        inside += (size_t)(last - at - 2);
        at = last + 2;
    }
    assert_int_equal(inside, 7 + (sizeof many + 2) / 3 * 4 + 1);
    assert_true(pieces > 4);
    print_buffer_done(&out);
    out = (struct print_buffer){0};
    clipboard_write(CLIPBOARD_PLAIN, many, CLIPBOARD_MOST + 1, &out);
    assert_int_equal(out.length, 0);
    assert_int_equal(clipboard_find("xterm-256color", NULL, NULL), CLIPBOARD_PLAIN);
    assert_int_equal(clipboard_find("xterm-256color", "/tmp/tmux-0/default,1,0", NULL), CLIPBOARD_TMUX);
    assert_int_equal(clipboard_find("screen", NULL, "1.pts"), CLIPBOARD_SCREEN);
    assert_int_equal(clipboard_find("linux", NULL, NULL), CLIPBOARD_NONE);
    assert_int_equal(clipboard_find("vt100", NULL, NULL), CLIPBOARD_NONE);
    assert_int_equal(clipboard_find(NULL, NULL, NULL), CLIPBOARD_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_takes_every_value),     cmocka_unit_test(the_menu_is_searched_and_stays),
        cmocka_unit_test(the_card_shows_all_kinds_and_is_kept), cmocka_unit_test(what_is_copied_is_in_a_file),
        cmocka_unit_test(a_loop_goes_through_all),            cmocka_unit_test(the_terminal_is_told),
        cmocka_unit_test(the_palette_binds_and_helps),        cmocka_unit_test(stats_is_an_answer)};
    return cmocka_run_group_tests(tests, screen_open_demo, screen_close_demo);
}
