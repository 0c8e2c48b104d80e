/* The full screen without a terminal: keys are commands, pictures of any size. SPDX-License-Identifier: GPL-3.0-or-later */
#include "screens.h"

#include <math.h>

/* The demo set, quenched once for all tests; and a session without data. */
static struct session *empty;

static void begin(struct tui *tui, bool data)
{
    screen_begin(tui, data ? demo : empty, 80, 24);
}

static void end(struct tui *tui)
{
    tui_done(tui);
}

static void settle(struct tui *tui)
{
    screen_settle(tui, 80, 24);
}

static void expect_seen(const struct tui *tui, const char *wanted)
{
    screen_expect(tui, 80, 24, wanted);
}

/* All commands of a line parse. */
static void expect_parses(const char *line)
{
    struct script script = {.name = "key", .text = line, .line = 1, .column = 1};
    int n = 0;
    for (;;) {
        struct command_call *call = NULL;
        isd_error err = {0};
        if (command_parse(&script, &call, &err) != ISD_OK) {
            /* The line to export lacks the name, which the user adds. */
            assert_non_null(strstr(line, "export "));
            break;
        }
        if (!call)
            break;
        n++;
        command_call_free(call);
    }
    assert_true(n > 0);
}

static void every_key_is_a_command(void **state)
{
    struct tui tui;
    const struct binding *binding;
    begin(&tui, true);
    for (int view = 0; view < VIEW_COUNT; view++) {
        if (!screen_of((enum view_id)view))
            continue;
        tui_show_view(&tui, (enum view_id)view);
        for (int k = 0; (binding = binding_at(k)) != NULL; k++) {
            char command[400];
            assert_true(binding->help && *binding->help);
            assert_true((binding->command == NULL) != (binding->make == NULL));
            if (binding->make) {
                if (!(binding->views >> view & 1) || !binding->make(&tui, command, sizeof command))
                    continue;
            } else
                snprintf(command, sizeof command, "%s", binding->command);
            expect_parses(command);
        }
    }
    end(&tui);
}

/* No key has two meanings in one view. */
static void no_key_is_bound_twice(void **state)
{
    const struct binding *one, *two;
    for (int i = 0; (one = binding_at(i)) != NULL; i++)
        for (int k = i + 1; (two = binding_at(k)) != NULL; k++) {
            char keys[64], *rest = NULL;
            if (!(one->views & two->views & ((1u << VIEW_COUNT) - 1)))
                continue;
            snprintf(keys, sizeof keys, "%s", one->keys);
            for (char *key = strtok_r(keys, " ", &rest); key; key = strtok_r(NULL, " ", &rest)) {
                char padded[80], wanted[80];
                snprintf(padded, sizeof padded, " %s ", two->keys);
                snprintf(wanted, sizeof wanted, " %s ", key);
                if (strstr(padded, wanted))
                    fail_msg("%s is bound twice: %s, %s", key, one->help, two->help);
            }
        }
}

static void any_size_is_drawn(void **state)
{
    struct tui tui;
    begin(&tui, true);
    settle(&tui);
    for (int view = 0; view < VIEW_COUNT; view++)
        for (int palette = 0; palette < 2; palette++)
            for (int width = 0; width < 130; width += 1 + width / 8)
                for (int height = 0; height < 45; height += 1 + height / 6) {
                    if (!screen_of((enum view_id)view))
            continue;
        tui_show_view(&tui, (enum view_id)view);
                    tui.palette.open = palette;
                    tui.tier = (width + height) % 3;
                    tui_update(&tui, width, height);
                    free(screen_picture(&tui, width, height));
                }
    end(&tui);
}

static void without_data_it_says_what_to_do(void **state)
{
    struct tui tui;
    begin(&tui, false);
    expect_seen(&tui, "open snapshots");
    tui_run_line(&tui, "view pu");
    expect_seen(&tui, "no data");
    tui_run_line(&tui, "step tw +1");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_run_line(&tui, "nonsense");
    expect_seen(&tui, "nonsense");
    end(&tui);
}

static void commands_change_what_is_seen(void **state)
{
    struct tui tui;
    begin(&tui, true);
    tui_run_line(&tui, "goto tw=500");
    tui_run_line(&tui, "type B; species blind; average on");
    settle(&tui);
    expect_seen(&tui, "tw 500");
    expect_seen(&tui, "6 pairs");
    expect_seen(&tui, "hops; matched none");
    expect_seen(&tui, "> type B; species blind; average on");
    tui_run_line(&tui, "show mat");
    char *text = screen_picture(&tui, 80, 24);
    assert_null(strstr(text, "L labelled"));
    free(text);
    tui_run_line(&tui, "view table; sort u_mat desc; step atom +3");
    settle(&tui);
    expect_seen(&tui, "[4 table]");
    assert_int_equal(tui.atoms.cursor, 3);
    for (int32_t k = 1; k < tui.atoms.n; k++)
        assert_true(tui.atoms.match->u_mat[tui.atoms.row[k]] <= tui.atoms.match->u_mat[tui.atoms.row[k - 1]]);
    tui_run_line(&tui, "find 42");
    assert_int_equal(tui.atoms.a->id[tui.atoms.row[tui.atoms.cursor]], 42);
    tui_run_line(&tui, "find 987654321");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_run_line(&tui, "info");
    expect_seen(&tui, "[output]");
    tui_run_line(&tui, "series of=raw tw=100,200"); /* a table with a row for each */
    settle(&tui);
    expect_seen(&tui, "t_w (tau)  pairs  d_min (sigma)");
    expect_seen(&tui, "       200     15");
    tui_run_line(&tui, "map 0..2 of=raw"); /* a picture */
    settle(&tui);
    expect_seen(&tui, "distance of frames: D_min below, labelled above");
    tui_run_line(&tui, "back");
    expect_seen(&tui, "[4 table]");
    tui_run_line(&tui, "quit");
    assert_true(tui.leave);
    end(&tui);
}

/* The same state, the same picture; ASCII really is. */
static void pictures_depend_on_the_state_alone(void **state)
{
    struct tui tui;
    begin(&tui, true);
    settle(&tui);
    char *one = screen_picture(&tui, 100, 30);
    char *two = screen_picture(&tui, 100, 30);
    assert_string_equal(one, two);
    free(one);
    free(two);
    tui_run_line(&tui, "set ascii=on");
    for (int view = 0; view < VIEW_COUNT; view++) {
        if (!screen_of((enum view_id)view))
            continue;
        tui_show_view(&tui, (enum view_id)view);
        one = screen_picture(&tui, 100, 30);
        for (const char *p = one; *p; p++)
            assert_true((unsigned char)*p < 128);
        free(one);
    }
    end(&tui);
}

static int open_both(void **state)
{
    isd_error err = {0};
    return screen_open_demo(state) != 0 || session_new(1, &empty, &err) != ISD_OK ? -1 : 0;
}

static int close_both(void **state)
{
    session_free(empty);
    return screen_close_demo(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_a_command),       cmocka_unit_test(no_key_is_bound_twice),
        cmocka_unit_test(any_size_is_drawn),            cmocka_unit_test(without_data_it_says_what_to_do),
        cmocka_unit_test(commands_change_what_is_seen), cmocka_unit_test(pictures_depend_on_the_state_alone),
    };
    return cmocka_run_group_tests(tests, open_both, close_both);
}
