/* The explorer without a terminal: one mark in all views, undo, places, scripts that lead to the same screen, keys of one's own, the
 * mouse. SPDX-License-Identifier: GPL-3.0-or-later */
#include "screens.h"

#include <math.h>
#include <unistd.h>

#include "../../lib/scratch.h"
#include "tui/past.h"

#define WIDTH 200
#define HEIGHT 60

static void begin(struct tui *tui)
{
    screen_begin(tui, demo, WIDTH, HEIGHT);
    screen_settle(tui, WIDTH, HEIGHT);
}

static void run(struct tui *tui, const char *line)
{
    screen_run(tui, WIDTH, HEIGHT, line);
}

/* The id of the atom in the row of the table that has the cursor. */
static int64_t atom_of_row(const struct tui *tui)
{
    assert_int_equal(tui->atoms.state, ASK_READY);
    return tui->atoms.a->id[tui->atoms.row[tui->atoms.cursor]];
}

static void one_atom_moves_the_mark_in_all_views(void **state)
{
    struct tui tui;
    begin(&tui);
    for (int64_t atom = 17; atom < 1000; atom += 300) {
        char line[40];
        snprintf(line, sizeof line, "goto atom=%lld", (long long)atom);
        run(&tui, line);
        assert_int_equal(tui.sight.atom, atom);
        assert_int_equal(atom_of_row(&tui), atom);                       /* table */
        assert_int_equal(tui.atoms.a->id[tui.atoms.mark], atom);         /* slice, cycles */
        assert_true(tui.sight.u == tui.atoms.match->u_lab[tui.atoms.mark]); /* p(u), g(r) */
        run(&tui, "step tw +1");                                         /* and stays on it */
        assert_int_equal(atom_of_row(&tui), atom);
        assert_true(tui.sight.u == tui.atoms.match->u_lab[tui.atoms.mark]);
    }
    run(&tui, "view table; sort id; step atom +4");
    assert_int_equal(tui.sight.atom, atom_of_row(&tui));
    run(&tui, "goto u=0.5"); /* u alone is no atom's */
    assert_true(tui.sight.u == 0.5);
    tui_run_line(&tui, "goto atom=987654321");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_done(&tui);
}

static void brush_and_filter_choose_atoms(void **state)
{
    struct tui tui;
    begin(&tui);
    int32_t all = tui.atoms.n, within = 0, both = 0;
    for (int32_t i = 0; i < all; i++) {
        double u = tui.atoms.match->u_lab[i];
        within += u >= 0.5 && u <= 1.5;
        both += u >= 0.5 && u <= 1.5 && tui.atoms.a->type[i] == 2;
    }
    assert_true(within > 0 && within < all && both > 0 && both < within);
    run(&tui, "brush u=0.5:1.5");
    assert_int_equal(tui.atoms.n, within);
    assert_int_equal(tui.atoms.n_chosen, within);
    run(&tui, "filter type == B");
    assert_int_equal(tui.atoms.n, both);
    run(&tui, "select u_lab > 1 || u_mat > 1");
    for (int32_t i = 0; i < all; i++) {
        double u = tui.atoms.match->u_lab[i];
        assert_int_equal(tui.atoms.chosen[i], u >= 0.5 && u <= 1.5 && (u > 1 || tui.atoms.match->u_mat[i] > 1));
    }
    run(&tui, "brush off; filter off; select clear");
    assert_int_equal(tui.atoms.n, all);
    assert_int_equal(tui.atoms.n_chosen, 0);
    tui_run_line(&tui, "filter nonsense > 1");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    assert_int_equal(tui.atoms.n, all);
    tui_run_line(&tui, "brush u=2:1");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_done(&tui);
}

static void undo_takes_back_how_and_back_goes_where(void **state)
{
    struct tui tui;
    struct sight_place start, now;
    begin(&tui);
    struct look first = tui.sight.look;
    run(&tui, "axis x log");
    run(&tui, "zoom x=0.1:1");
    struct look zoomed = tui.sight.look;
    run(&tui, "filter u_lab > 0.5");
    run(&tui, "undo");
    assert_memory_equal(&tui.sight.look, &zoomed, sizeof zoomed);
    run(&tui, "undo");
    run(&tui, "undo");
    assert_memory_equal(&tui.sight.look, &first, sizeof first);
    tui_run_line(&tui, "undo");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    run(&tui, "redo");
    run(&tui, "redo");
    assert_memory_equal(&tui.sight.look, &zoomed, sizeof zoomed);
    run(&tui, "type B"); /* what was undone is gone now */
    tui_run_line(&tui, "redo");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_run_line(&tui, "type 3"); /* of two */
    assert_int_equal(tui.message_role, ROLE_ERROR);
    assert_int_equal(tui.sight.look.type, 2);

    sight_place(&tui.sight, &start);
    run(&tui, "step tw +1");
    run(&tui, "goto pair=0:7");
    run(&tui, "view jobs");
    run(&tui, "goto u=0.3"); /* no other place */
    run(&tui, "back");
    assert_int_equal(tui.sight.view, VIEW_PU);
    assert_true(tui.sight.custom && tui.sight.pair.a == 0 && tui.sight.pair.b == 7);
    run(&tui, "back");
    run(&tui, "back");
    sight_place(&tui.sight, &now);
    assert_true(sight_same_place(&start, &now));
    tui_done(&tui);
}

/* The row of the table's header: names, with blanks between them. */
static void expect_header(const struct tui *tui, const char *wanted)
{
    char *text = screen_picture(tui, WIDTH, HEIGHT), *rest = text, header[200];
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        bool any = false;
        header[0] = '\0';
        for (char *word; (word = strsep(&line, " ")) != NULL;)
            if (*word) {
                snprintf(header + strlen(header), sizeof header - strlen(header), "%s%s", header[0] ? " " : "", word);
                any = any || strcmp(word, "id") == 0;
            }
        if (any)
            break;
    }
    free(text);
    assert_string_equal(header, wanted);
}

static void the_table_has_the_columns_asked_for(void **state)
{
    struct tui tui;
    begin(&tui);
    run(&tui, "layout one; view table; sort partner asc");
    struct look first = tui.sight.look;
    run(&tui, "step column +9");
    run(&tui, "columns u_lab id type x");
    expect_header(&tui, "u_lab id type x");
    run(&tui, "step column last");
    assert_int_equal(tui.atoms.column, 2);
    run(&tui, "step column first; columns");
    assert_non_null(strstr(tui.message, "columns u_lab id type x; left out: u_mat partner cycle cycle_length neighbours energy y z"));
    run(&tui, "step column first; columns id");
    run(&tui, "step column +1"); /* there is none to go to */
    expect_header(&tui, "id");
    run(&tui, "undo");
    expect_header(&tui, "u_lab id type x");
    const char *const wrong[][2] = {{"columns u_lob", "try: u_lab"}, {"columns id x id", "'id' is named twice"}, {"columns all id", "all columns, or some"}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        tui_run_line(&tui, wrong[k][0]);
        assert_int_equal(tui.message_role, ROLE_ERROR);
        if (!strstr(tui.message, wrong[k][1]))
            fail_msg("%s: %s", wrong[k][0], tui.message);
        expect_header(&tui, "u_lab id type x");
    }
    run(&tui, "columns all");
    assert_memory_equal(&tui.sight.look, &first, sizeof first);
    tui_done(&tui);
}

static void bookmarks_and_notes(void **state)
{
    struct tui tui;
    begin(&tui);
    run(&tui, "goto tw=500; bookmark; step tw +3; goto pair=1:9; bookmark far; view table");
    run(&tui, "goto mark=a");
    assert_true(tui.sight.tw[tui.sight.tw_at] == 500 && !tui.sight.custom);
    run(&tui, "goto mark=far");
    assert_true(tui.sight.pair.a == 1 && tui.sight.pair.b == 9);
    tui_run_line(&tui, "goto mark=nowhere");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    run(&tui, "note 'a ring; of 3 \"atoms\"'; view notes");
    screen_expect(&tui, WIDTH, HEIGHT, "a ring; of 3 \"atoms\"");
    tui_done(&tui);
}

static void zoom_and_pan(void **state)
{
    struct tui tui;
    begin(&tui);
    run(&tui, "view pu; goto u=1; zoom in");
    struct view_axes once = tui.sight.look.axes[VIEW_PU];
    assert_true(once.x_low > 0 && once.x_low < 1 && once.x_high > 1);
    run(&tui, "pan right");
    struct view_axes right = tui.sight.look.axes[VIEW_PU];
    assert_true(fabs((right.x_low - once.x_low) - 0.25 * (once.x_high - once.x_low)) < 1e-12);
    run(&tui, "pan left; zoom out");
    for (int k = 0; k < 300; k++) /* never out of what a number can be */
        tui_run_line(&tui, k < 200 ? "zoom in" : "zoom out");
    assert_true(tui.sight.look.axes[VIEW_PU].x_low < tui.sight.look.axes[VIEW_PU].x_high);
    free(screen_picture(&tui, WIDTH, HEIGHT));
    run(&tui, "zoom fit");
    assert_true(isnan(tui.sight.look.axes[VIEW_PU].x_low));
    run(&tui, "axis x log");
    tui_run_line(&tui, "zoom x=-1:1");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_done(&tui);
}

static const char *const session_lines[] = {
    "goto tw=300",    "type A",          "view table; sort u_mat desc", "step atom +5", "filter u_lab > 0.2", "view pu; axis y log",
    "zoom x=0.2:1.9", "brush u=0.3:1.2", "species blind",               "average off",  "step pair +2",       "layout two",
    "columns id u_mat partner", "pane next", "goto u=0.7",      "set theme grey",              "note here",    "show mat",           "undo",
};

static void type_session(struct tui *tui)
{
    for (size_t k = 0; k < sizeof session_lines / sizeof *session_lines; k++)
        run(tui, session_lines[k]);
}

/* The rows of two pictures above the echo line, which names the last command. */
static void expect_same(char *one, char *two)
{
    for (int k = 0; k < 2; k++) {
        char *rule = strstr(k ? two : one, "\n ready");
        assert_non_null(rule);
        *rule = '\0';
    }
    assert_string_equal(one, two);
    free(one);
    free(two);
}

/* Key == command: what was recorded, and what `save` writes, lead to the same screen from a fresh start. */
static void scripts_lead_to_the_same_screen(void **state)
{
    struct tui tui, again;
    char line[300], folder[SCRATCH_SIZE];
    assert_true(scratch_make(folder));
    begin(&tui);
    snprintf(line, sizeof line, "record %s/all.isd", folder);
    run(&tui, line);
    type_session(&tui);
    run(&tui, "record off");
    snprintf(line, sizeof line, "save %s/here.isd", folder);
    run(&tui, line);
    tui.message[0] = '\0';
    const char *const files[] = {"all", "here"};
    for (int k = 0; k < 2; k++) {
        begin(&again);
        snprintf(line, sizeof line, "source %s/%s.isd", folder, files[k]);
        run(&again, line);
        again.message[0] = '\0';
        expect_same(screen_picture(&tui, WIDTH, HEIGHT), screen_picture(&again, WIDTH, HEIGHT));
        assert_true(again.sight.atom == tui.sight.atom);
        assert_true(fabs(again.sight.u - tui.sight.u) < 1e-15);
        assert_int_equal(again.colours.theme, tui.colours.theme);
        assert_int_equal(again.sight.look.n_columns, 3);
        assert_memory_equal(again.sight.look.column, tui.sight.look.column, sizeof tui.sight.look.column);
        assert_int_equal(again.past->n_notes, 1);
        assert_string_equal(again.past->note[0].place, tui.past->note[0].place);
        assert_string_equal(again.past->note[0].text, "here");
        tui_done(&again);
    }
    tui_done(&tui);
    assert_true(scratch_drop(folder));
}

/* What had to make way in a small window is back in a large one: rows of the table, and lines of a text. */
static void a_small_window_leaves_no_trace(void **state)
{
    struct tui tui;
    char *before;
    begin(&tui);
    run(&tui, "layout one; view table; step atom +120; step atom -20");
    for (int view = 0; view < 2; view++) {
        before = screen_picture(&tui, WIDTH, HEIGHT);
        tui_update(&tui, 80, 12);
        tui_update(&tui, 1, 1);
        tui_update(&tui, 50, 10);
        tui_update(&tui, WIDTH, HEIGHT);
        expect_same(before, screen_picture(&tui, WIDTH, HEIGHT));
        run(&tui, "help; step line first; step line +7");
    }
    tui_done(&tui);
}

/* The end of a text is reached though long lines take several rows. */
static void the_last_line_is_seen(void **state)
{
    struct tui tui;
    char line[600] = "# ";
    begin(&tui);
    for (int k = 0; k < 40; k++)
        strcat(line, "long line ");
    for (int k = 0; k < 30; k++)
        tui_run_line(&tui, line);
    tui_run_line(&tui, "layout one; log");
    tui_update(&tui, 60, 20);
    tui_run_line(&tui, "step line last # the end");
    tui_update(&tui, 60, 20);
    screen_expect(&tui, 60, 20, "layout one; log");
    tui_done(&tui);
}

static void errors_of_scripts_name_the_line(void **state)
{
    struct tui tui;
    char path[300], line[330], folder[SCRATCH_SIZE];
    assert_true(scratch_make(folder));
    begin(&tui);
    snprintf(path, sizeof path, "%s/wrong.isd", folder);
    FILE *file = fopen(path, "w");
    fputs("# two lines of a comment\n\nview table\naxis z log\nview jobs\n", file);
    fclose(file);
    snprintf(line, sizeof line, "source %s", path);
    tui_run_line(&tui, line);
    assert_non_null(strstr(tui.message, "wrong.isd:4:6"));
    assert_int_equal(tui.sight.view, VIEW_TABLE);
    file = fopen(path, "w");
    fprintf(file, "source %s\n", path);
    fclose(file);
    tui_run_line(&tui, line); /* ends, with a reason */
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_run_line(&tui, "record /nowhere/at/all.isd");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_run_line(&tui, "save /nowhere/at/all.isd");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_done(&tui);
    assert_true(scratch_drop(folder));
}

static void keys_of_ones_own(void **state)
{
    struct tui tui;
    char command[400];
    begin(&tui);
    run(&tui, "view pu");
    run(&tui, "bind pu w 'axis x log; axis y log'; bind all C-x 'view jobs'; bind pu m 'show diff'");
    assert_true(binding_command(&tui, "w", command, sizeof command));
    assert_string_equal(command, "axis x log; axis y log");
    assert_true(binding_command(&tui, "C-x", command, sizeof command));
    assert_true(binding_command(&tui, "m", command, sizeof command));
    assert_string_equal(command, "show diff");
    run(&tui, "view table");
    assert_false(binding_command(&tui, "w", command, sizeof command));
    static const char *const wrong[] = {"bind nowhere w quit", "bind pu ww quit", "bind pu w nonsense"};
    for (int k = 0; k < 3; k++) {
        tui_run_line(&tui, wrong[k]);
        assert_int_equal(tui.message_role, ROLE_ERROR);
    }
    tui_done(&tui);
}

static void press_and_release(struct tui *tui, int x, int y, int to_x, int to_y)
{
    struct key press = {.name = "Press", .mouse = true, .x = x, .y = y}, release = {.name = "Release", .mouse = true, .x = to_x, .y = to_y};
    char command[400];
    if (mouse_command(tui, &press, command, sizeof command))
        run(tui, command);
    if (mouse_command(tui, &release, command, sizeof command))
        run(tui, command);
}

static void the_mouse_clicks_drags_and_turns(void **state)
{
    struct tui tui;
    char command[400];
    begin(&tui);
    run(&tui, "layout one; view pu");
    struct rect rect = frame_rect_of(&tui, VIEW_PU);
    press_and_release(&tui, rect.x + rect.width / 2, rect.y + 3, rect.x + rect.width / 2, rect.y + 3);
    assert_true(tui.sight.u > 0.8 && tui.sight.u < 1.8);
    press_and_release(&tui, rect.x + 40, rect.y + 3, rect.x + 90, rect.y + 5);
    assert_true(tui.sight.look.brush_low < tui.sight.look.brush_high);
    struct key wheel = {.name = "WheelUp", .mouse = true, .x = rect.x + 60, .y = rect.y + 3};
    assert_true(mouse_command(&tui, &wheel, command, sizeof command));
    run(&tui, command);
    assert_true(isfinite(tui.sight.look.axes[VIEW_PU].x_low));
    press_and_release(&tui, 10, tui.layout.keys, 10, tui.layout.keys); /* the key bar */
    assert_true(tui.log.lines > 0);
    run(&tui, "brush off; view table");
    rect = frame_rect_of(&tui, VIEW_TABLE);
    press_and_release(&tui, rect.x + 12, rect.y + 8, rect.x + 12, rect.y + 8);
    assert_int_equal(tui.atoms.cursor - tui.atoms.top, 7);
    press_and_release(&tui, rect.x + 30, rect.y, rect.x + 30, rect.y); /* a header */
    assert_string_equal(tui.sight.look.sort, "-u_mat");
    press_and_release(&tui, 3, tui.layout.tabs, 3, tui.layout.tabs);
    assert_int_equal(tui.sight.view, VIEW_PU);
    run(&tui, "layout quad");
    rect = frame_rect_of(&tui, VIEW_TABLE);
    if (rect.width > 0) {
        press_and_release(&tui, rect.x + 2, rect.y + 2, rect.x + 2, rect.y + 2);
        assert_int_equal(tui.sight.view, VIEW_TABLE); /* the pane that was clicked */
    }
    tui_done(&tui);
}

static void panes_have_focus(void **state)
{
    struct tui tui;
    begin(&tui);
    run(&tui, "layout quad");
    int n = tui.layout.n_panes;
    assert_true(n >= 4);
    enum view_id first = tui.sight.view;
    for (int k = 0; k < n; k++)
        run(&tui, "pane next");
    assert_int_equal(tui.sight.view, first);
    run(&tui, "pane previous; pane max");
    assert_int_equal(tui.layout.n_panes, 1);
    assert_int_equal(tui.layout.pane[0].view, tui.sight.view);
    run(&tui, "pane max; view pu");
    screen_expect(&tui, WIDTH, HEIGHT, "\u250f\u2501 p(u)"); /* heavy lines */
    run(&tui, "set glyphs ascii");
    screen_expect(&tui, WIDTH, HEIGHT, "*p(u)");
    run(&tui, "set a11y on");
    tui_done(&tui);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_atom_moves_the_mark_in_all_views),
        cmocka_unit_test(brush_and_filter_choose_atoms),
        cmocka_unit_test(undo_takes_back_how_and_back_goes_where),
        cmocka_unit_test(the_table_has_the_columns_asked_for), cmocka_unit_test(bookmarks_and_notes),
        cmocka_unit_test(zoom_and_pan),
        cmocka_unit_test(scripts_lead_to_the_same_screen),
        cmocka_unit_test(errors_of_scripts_name_the_line),
        cmocka_unit_test(a_small_window_leaves_no_trace),
        cmocka_unit_test(the_last_line_is_seen),
        cmocka_unit_test(keys_of_ones_own),
        cmocka_unit_test(the_mouse_clicks_drags_and_turns),
        cmocka_unit_test(panes_have_focus),
    };
    return cmocka_run_group_tests(tests, screen_open_demo, screen_close_demo);
}
