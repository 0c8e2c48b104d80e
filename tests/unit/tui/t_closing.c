/* Sets closed while the full screen shows them and works on them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "screens.h"

#include "../../lib/scratch.h"
#include "tui/past.h"

#define WIDTH 200
#define HEIGHT 60

static void run(struct tui *tui, const char *line)
{
    screen_run(tui, WIDTH, HEIGHT, line);
}

/* The two sets of the program; the one with frames is in use, its quenches are under way, some done. */
static struct session *begin(struct tui *tui)
{
    struct session *session = NULL;
    isd_error err = {0};
    assert_int_equal(session_new(2, &session, &err), ISD_OK);
    screen_begin(tui, session, WIDTH, HEIGHT);
    run(tui, "demo five");
    tui_run_line(tui, "demo");
    run(tui, "layout quad");
    return session;
}

static void expect(const struct tui *tui, const char *text)
{
    screen_expect(tui, WIDTH, HEIGHT, text);
}

/* Every view is drawn, small and large, as long as jobs arrive. */
static void look_at_all(struct tui *tui)
{
    for (int view = 0; view < VIEW_COUNT; view++) {
        char line[40];
        snprintf(line, sizeof line, "view %s", view_name((enum view_id)view));
        tui_run_line(tui, line);
        tui_update(tui, WIDTH, HEIGHT);
        free(screen_picture(tui, WIDTH, HEIGHT));
    }
}

static void while_it_is_worked_on(void **state)
{
    struct tui tui;
    struct session *session = NULL;
    isd_error err = {0};
    assert_int_equal(session_new(2, &session, &err), ISD_OK);
    assert_int_equal(session_open_demo(session, &err), ISD_OK);
    screen_begin(&tui, session, WIDTH, HEIGHT); /* asks for the pair looked at */
    assert_true(job_pool_count(session_pool(session)) > 0);
    tui_run_line(&tui, "close");
    assert_false(session_has_data(session));
    assert_int_equal(tui.sight.view, VIEW_HOME);
    expect(&tui, "set demo is closed; none is open");
    look_at_all(&tui);
    screen_settle(&tui, WIDTH, HEIGHT);
    assert_int_equal(job_pool_count(session_pool(session)), 0);
    run(&tui, "demo"); /* and open again */
    assert_int_equal(tui.atoms.state, ASK_READY);
    assert_true(tui.pu.ready > 0);
    tui_done(&tui);
    session_free(session);
    (void)state;
}

/* All that the views have found is of a set that is no more. */
static void while_it_is_shown(void **state)
{
    struct tui tui;
    struct session *session = begin(&tui);
    run(&tui, "view pu");
    assert_string_equal(session_set_name(session, session_current_set(session)), "demo");
    look_at_all(&tui);
    screen_settle(&tui, WIDTH, HEIGHT);
    run(&tui, "view table; goto atom=17; bookmark here; step tw +1; step tw +1");
    assert_true(tui.past->n_places > 0 && tui.past->n_bookmarks == 1);
    run(&tui, "close");
    assert_string_equal(session_set_name(session, session_current_set(session)), "five");
    assert_int_equal(tui.past->n_bookmarks, 0);
    for (int k = 0; k < tui.past->n_places; k++)
        assert_true(session_set_with_id(session, tui.past->place[k].set) >= 0);
    tui_run_line(&tui, "goto mark=here");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_run_line(&tui, "undo");
    tui_run_line(&tui, "back");
    look_at_all(&tui);
    screen_settle(&tui, WIDTH, HEIGHT);
    assert_int_equal(session_set_count(session), 1);
    tui_run_line(&tui, "close fivee");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    expect(&tui, "did you mean five?");
    run(&tui, "close five");
    look_at_all(&tui);
    screen_settle(&tui, WIDTH, HEIGHT);
    assert_false(session_has_data(session));
    tui_run_line(&tui, "close");
    assert_int_equal(tui.message_role, ROLE_ERROR);
    tui_done(&tui);
    session_free(session);
    (void)state;
}

/* What `save` writes leads to the same sets, of two closed one after the other. */
static void what_is_saved_has_it_closed(void **state)
{
    char folder[SCRATCH_SIZE], line[300];
    struct tui tui, again;
    isd_error err = {0};
    assert_true(scratch_make(folder));
    struct session *session = begin(&tui);
    for (int left = 1; left >= 0; left--) {
        struct session *other = NULL;
        run(&tui, "close");
        assert_int_equal(session_set_count(session), left);
        snprintf(line, sizeof line, "save %s/%d.isd", folder, left);
        run(&tui, line);
        assert_int_equal(session_new(2, &other, &err), ISD_OK);
        screen_begin(&again, other, WIDTH, HEIGHT);
        snprintf(line, sizeof line, "source %s/%d.isd", folder, left);
        run(&again, line);
        assert_int_equal(session_set_count(other), left);
        assert_int_equal(again.sight.view, tui.sight.view);
        if (left > 0)
            assert_string_equal(session_set_name(other, 0), session_set_name(session, 0));
        tui_done(&again);
        session_free(other);
    }
    tui_done(&tui);
    session_free(session);
    assert_true(scratch_drop(folder));
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(while_it_is_worked_on), cmocka_unit_test(while_it_is_shown),
                                       cmocka_unit_test(what_is_saved_has_it_closed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
