/* The full screen without a terminal, for tests: the demo set, pictures as text. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCREENS_H
#define SCREENS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/demo.h"
#include "tui/state.h"

/* The demo set, one for all tests of a file: opened and closed by the group. */
static struct session *demo;

static inline int screen_open_demo(void **state)
{
    (void)state;
    isd_error err = {0};
    if (session_new(2, &demo, &err) == ISD_OK && session_open_demo(demo, &err) == ISD_OK)
        return 0;
    print_error("%s\n", err.what);
    return -1;
}

static inline int screen_close_demo(void **state)
{
    (void)state;
    session_free(demo);
    return 0;
}

static void screen_begin(struct tui *tui, struct session *session, int width, int height)
{
    tui_init(tui, session);
    tui->tier = tui->own_tier = GLYPH_BRAILLE;
    tui_update(tui, width, height);
}

/* Until no job runs and nothing waits. */
static void screen_settle(struct tui *tui, int width, int height)
{
    do {
        tui_update(tui, width, height);
        while (job_pool_count(session_pool(tui->session)) > 0) {
            session_wait(tui->session, 1.0);
            tui_update(tui, width, height);
        }
        while (tui->atoms.job) {
            job_wait(tui->atoms.job, 1.0);
            atoms_collect(tui);
            tui_update(tui, width, height);
        }
        tui_retry_pending(tui);
        tui_update(tui, width, height);
        /* one that has ended meanwhile may be what a command waits for */
    } while (session_collect(tui->session) || job_pool_count(session_pool(tui->session)) > 0 || tui->atoms.job);
}

/* A line that must not be refused. */
static inline void screen_run(struct tui *tui, int width, int height, const char *line)
{
    tui_run_line(tui, line);
    screen_settle(tui, width, height);
    if (tui->message_role == ROLE_ERROR && tui->message[0])
        fail_msg("%s: %s", line, tui->message);
}

static char *screen_picture(const struct tui *tui, int width, int height)
{
    struct grid grid;
    assert_true(grid_init(&grid, width, height));
    frame_draw(tui, &grid);
    char *text = grid_to_text(&grid);
    assert_non_null(text);
    grid_done(&grid);
    return text;
}

static inline void screen_expect(const struct tui *tui, int width, int height, const char *wanted)
{
    char *text = screen_picture(tui, width, height);
    if (!strstr(text, wanted))
        fail_msg("'%s' is not in\n%s", wanted, text);
    free(text);
}

#endif
