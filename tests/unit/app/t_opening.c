/* Opening in the background: the first frame at once, the rest by and by, given up, gone on with. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../lib/scratch.h"
#include "app/command.h"
#include "app/sight.h"
#include "base/clock.h"
#include "base/rng.h"

#define ATOMS 2000

static char folder[SCRATCH_SIZE], path[SCRATCH_SIZE + 32];

static void append(int from, int to, const char *extra)
{
    struct rng rng;
    rng_init(&rng, 3);
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    for (int k = from; k < to; k++) {
        fprintf(file, "ITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n%d\nITEM: BOX BOUNDS pp pp pp\n0 12\n0 12\n0 12\n", 10 * k, ATOMS);
        fprintf(file, "ITEM: ATOMS id type x y z\n");
        for (int i = 0; i < ATOMS; i++)
            fprintf(file, "%d %d %.6f %.6f %.6f\n", i + 1, 1 + i % 2, 12 * rng_double(&rng), 12 * rng_double(&rng), 12 * rng_double(&rng));
    }
    fputs(extra, file);
    assert_int_equal(fclose(file), 0);
}

static struct session *new_session(int threads)
{
    struct session *session = NULL;
    isd_error err;
    assert_int_equal(session_new(threads, &session, &err), ISD_OK);
    session_open_in_background(session, true);
    return session;
}

static enum ask ask_open(struct session *session, isd_error *err)
{
    struct open_options options;
    const char *paths[] = {path};
    open_options_defaults(&options);
    options.dt = 1;
    return session_ask_open(session, paths, 1, &options, err);
}

static void open_first(struct session *session)
{
    isd_error err = {0};
    enum ask answer;
    while ((answer = ask_open(session, &err)) == ASK_PENDING)
        session_wait(session, -1);
    if (answer != ASK_READY)
        fail_msg("%s", err.what);
}

static void finish(struct session *session)
{
    while (job_pool_count(session_pool(session)) > 0)
        session_wait(session, 1);
    session_collect(session);
}

static bool said(struct session *session, const char *what)
{
    bool found = false;
    for (const char *text; (text = session_next_message(session)) != NULL;)
        found = found || strstr(text, what) != NULL;
    return found;
}

static void ignore_result(void *arg, struct result *result)
{
    *(bool *)arg = result_mark_text(result) != NULL;
    result_free(result);
}

static enum ask run(struct session *session, const char *text, bool *ret_marked, isd_error *err)
{
    struct script script = {.name = "test", .text = text, .line = 1, .column = 1};
    struct command_sink sink = {.result = ignore_result, .arg = ret_marked};
    struct command_call *call = NULL;
    assert_int_equal(command_parse(&script, &call, err), ISD_OK);
    enum ask answer = command_run(session, call, &sink, err);
    command_call_free(call);
    return answer;
}

static void first_frame_first(void **state)
{
    (void)state;
    isd_error err = {0};
    bool marked = false;
    struct reading_progress progress;
    struct session *session = new_session(2);
    struct sight sight;
    unlink(path);
    append(0, 200, "");
    sight_init(&sight, session);
    open_first(session);
    assert_true(session_is_partial(session) && session_reading(session, &progress));
    assert_string_equal(progress.set, "grows");
    int32_t there = session_frame_count(session);
    assert_true(there >= 1 && there < 200);
    assert_int_equal(run(session, "info", &marked, &err), ASK_READY);
    assert_true(marked);
    assert_int_equal(run(session, "gr 0 of=raw bins=3", &marked, &err), ASK_PENDING); /* computes */
    assert_int_equal(run(session, "gr all of=raw bins=3", &marked, &err), ASK_PENDING); /* waits */
    assert_int_equal(run(session, "snapshot last", &marked, &err), ASK_PENDING);
    assert_int_equal(run(session, "snapshot 0", &marked, &err), ASK_READY);
    assert_int_equal(sight_update(&sight, &err), ISD_OK);
    assert_int_equal(sight.n_frames, 1);
    finish(session);
    assert_false(session_is_partial(session) || session_reading(session, &progress));
    assert_int_equal(session_frame_count(session), 200);
    assert_true(said(session, "is read: 200 frames"));
    assert_int_equal(run(session, "snapshot last", &marked, &err), ASK_READY);
    assert_int_equal(run(session, "info", &marked, &err), ASK_READY);
    assert_false(marked);
    assert_int_equal(sight_update(&sight, &err), ISD_OK);
    assert_int_equal(sight.n_frames, 200);
    sight_done(&sight);
    session_free(session);
}

static void given_up_and_gone_on(void **state)
{
    (void)state;
    isd_error err = {0};
    bool marked = false;
    struct session *session = new_session(1);
    struct refresh_report report = {0};
    enum ask answer;
    open_first(session);
    double began = clock_now();
    session_cancel_all(session);
    finish(session);
    assert_true(clock_now() - began < 0.5);
    int32_t there = session_frame_count(session);
    assert_true(there >= 1 && there < 200 && session_marked(session));
    assert_true(said(session, "was given up"));
    assert_int_equal(run(session, "snapshot last", &marked, &err), ASK_READY);
    while ((answer = session_refresh(session, &report, &err)) == ASK_PENDING)
        session_wait(session, -1);
    assert_int_equal(answer, ASK_READY);
    assert_int_equal(report.frames, 200);
    assert_int_equal(report.new_frames, 200 - there);
    assert_false(session_marked(session));
    session_free(session);
}

static void trouble_later(void **state)
{
    (void)state;
    isd_error err = {0};
    struct session *session = new_session(2);
    append(0, 0, "ITEM: TIMESTEP\nnonsense\n");
    open_first(session);
    finish(session);
    assert_int_equal(session_frame_count(session), 200);
    assert_true(session_marked(session));
    assert_true(said(session, "nonsense"));
    session_free(session);
    session = new_session(2);
    session_open_in_background(session, false);
    enum ask answer;
    while ((answer = ask_open(session, &err)) == ASK_PENDING)
        session_wait(session, -1);
    assert_int_equal(answer, ASK_FAILED);
    assert_non_null(strstr(err.what, "nonsense"));
    assert_false(session_has_data(session));
    session_free(session);
}

static void what_is_looked_at_stays(void **state)
{
    (void)state;
    isd_error err = {0};
    struct refresh_report report = {0};
    struct session *session = new_session(2);
    struct sight sight;
    struct match_request request = {.a = 0, .b = 1};
    const struct match *match = NULL, *again = NULL;
    int unconverged = 0;
    enum ask answer;
    unlink(path);
    append(0, 6, "");
    sight_init(&sight, session);
    open_first(session);
    finish(session);
    assert_int_equal(sight_update(&sight, &err), ISD_OK);
    double tw = sight.tw[sight.tw_at];
    sight.look.type = 2;
    structure_defaults(session, false, &request.structure);
    while ((answer = session_match(session, &request, 0, &match, &unconverged, &err)) == ASK_PENDING)
        session_wait(session, -1);
    append(6, 9, "");
    while ((answer = session_refresh(session, &report, &err)) == ASK_PENDING)
        session_wait(session, -1);
    assert_int_equal(answer, ASK_READY);
    assert_true(report.new_frames == 3 && report.changed_frames == 0 && report.files == 1 && report.new_files == 0);
    assert_int_equal(sight_update(&sight, &err), ISD_OK);
    assert_true(sight.n_frames == 9 && sight.tw[sight.tw_at] == tw && sight.look.type == 2);
    assert_int_equal(session_match(session, &request, 0, &again, &unconverged, &err), ASK_READY);
    assert_ptr_equal(match, again);
    /* Another file in its place: frame 0 is another one. */
    unlink(path);
    append(3, 5, "");
    while ((answer = session_refresh(session, &report, &err)) == ASK_PENDING)
        session_wait(session, -1);
    assert_int_equal(answer, ASK_READY);
    assert_int_equal(report.frames, 2);
    assert_true(report.changed_frames >= 7);
    sight_done(&sight);
    session_free(session);
}

/* Quitting at any moment. */
static void left_early(void **state)
{
    (void)state;
    unlink(path);
    append(0, 60, "");
    for (int k = 0; k < 20; k++) {
        isd_error err;
        struct session *session = new_session(1 + k % 3);
        double began = clock_now();
        ask_open(session, &err);
        for (int turn = 0; turn < k % 4; turn++)
            session_wait(session, 0.01);
        session_free(session);
        assert_true(clock_now() - began < 2);
    }
}

static int make_folder(void **state)
{
    (void)state;
    if (!scratch_make(folder))
        return 1;
    snprintf(path, sizeof path, "%s/grows.dump", folder);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    return !scratch_drop(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_frame_first), cmocka_unit_test(given_up_and_gone_on), cmocka_unit_test(trouble_later),
        cmocka_unit_test(what_is_looked_at_stays), cmocka_unit_test(left_early),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
