/* Closing sets: what is under way, what is lent, the names of the others, the store. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../lib/scratch.h"
#include "app/demo.h"
#include "app/session.h"
#include "app/sight.h"

extern const char isdmin_demo_start[], isdmin_demo_end[]; /* the file of the demo set */

static void open_as(struct session *session, const char *name)
{
    const char *path = "demo";
    isd_error err = {0};
    struct open_options options;
    open_options_defaults(&options);
    options.name = name;
    options.dt = 0.005;
    options.data = isdmin_demo_start;
    options.data_size = (size_t)(isdmin_demo_end - isdmin_demo_start);
    if (session_open(session, &path, 1, &options, &err) != ISD_OK)
        fail_msg("%s", err.what);
}

/* a, b, c and the system; c is in use. */
static struct session *begin(int threads)
{
    struct session *session = NULL;
    isd_error err;
    assert_int_equal(session_new(threads, &session, &err), ISD_OK);
    open_as(session, "a");
    open_as(session, "b");
    open_as(session, "c");
    assert_int_equal(system_builtin(session_system(session), "ka3d", &err), ISD_OK);
    session_system_changed(session);
    return session;
}

static void use(struct session *session, const char *name)
{
    assert_int_equal(session_use_set(session, name, NULL), ISD_OK);
}

static void close_it(struct session *session, const char *name)
{
    assert_int_equal(session_close_set(session, name, NULL), ISD_OK);
}

static const char *in_use(const struct session *session)
{
    return session_set_name(session, session_current_set(session));
}

static enum ask ask(struct session *session, int32_t frame, double *ret_energy)
{
    const struct quenched *quenched = NULL;
    isd_error err = {0};
    struct structure structure;
    structure_defaults(session, true, &structure);
    enum ask answer = session_quench(session, frame, &structure.quench, ASK_BATCH, &quenched, &err);
    if (answer == ASK_READY)
        *ret_energy = quenched->result.energy;
    return answer;
}

static double energy_of(struct session *session, int32_t frame)
{
    double energy = 0;
    enum ask answer;
    while ((answer = ask(session, frame, &energy)) == ASK_PENDING)
        session_wait(session, -1);
    assert_int_equal(answer, ASK_READY);
    return energy;
}

static void the_next_one_is_in_use(void **state)
{
    struct session *session = begin(1);
    isd_error err = {0};
    use(session, "b");
    close_it(session, "b");
    assert_string_equal(in_use(session), "c");
    close_it(session, "c"); /* the last of the list */
    assert_string_equal(in_use(session), "a");
    open_as(session, "d");
    close_it(session, "a"); /* another than the one in use */
    assert_string_equal(in_use(session), "d");
    assert_int_equal(session_set_count(session), 1);
    assert_int_equal(session_close_set(session, "a", &err), ISD_USAGE);
    close_it(session, "d");
    assert_false(session_has_data(session));
    assert_int_equal(session_current_set(session), -1);
    assert_int_equal(session_frame_count(session), 0);
    open_as(session, "a");
    assert_true(session_has_data(session));
    session_free(session);
    (void)state;
}

/* Frames that were lent and results of a closed set never stand for those of another. */
static void nothing_of_it_is_taken_for_another(void **state)
{
    struct session *session = begin(2);
    const isd_snapshot *s = NULL;
    isd_error err;
    double energy = 0;
    use(session, "a");
    int32_t id = session_current_set_id(session);
    assert_int_equal(session_frame(session, 1, &s, &err), ISD_OK);
    double known = energy_of(session, 0);
    use(session, "b");
    double kept = energy_of(session, 1);
    close_it(session, "a");
    assert_int_equal(session_set_with_id(session, id), -1);
    assert_int_equal(ask(session, 1, &energy), ASK_READY); /* b has moved up and keeps its own */
    assert_true(energy == kept);
    assert_int_equal(session_frame(session, 1, &s, &err), ISD_OK);
    open_as(session, "a");
    assert_int_not_equal(session_current_set_id(session), id);
    assert_int_equal(ask(session, 0, &energy), ASK_PENDING);
    assert_true(energy_of(session, 0) == known);
    session_free(session);
    (void)state;
}

/* While its quenches run and wait, and while results have come that nobody has taken in. */
static void work_under_way_ends(void **state)
{
    for (int threads = 1; threads <= 3; threads++) {
        struct session *session = begin(threads);
        double energy = 0;
        use(session, "a");
        for (int32_t k = 0; k < session_frame_count(session); k++)
            assert_int_equal(ask(session, k, &energy), ASK_PENDING);
        use(session, "b");
        assert_int_equal(ask(session, 0, &energy), ASK_PENDING);
        if (threads > 1)
            session_wait(session, -1); /* some are done */
        close_it(session, "a");
        assert_string_equal(in_use(session), "b");
        energy_of(session, 0); /* goes on */
        while (job_pool_count(session_pool(session)) > 0)
            session_wait(session, -1);
        int done, total;
        double eta;
        session_progress(session, &done, &total, &eta);
        assert_int_equal(done, total);
        assert_int_equal(ask(session, 1, &energy), ASK_PENDING);
        close_it(session, "b");
        close_it(session, "c");
        session_free(session);
    }
    (void)state;
}

/* The first frame is there, the rest is being read; or all of it is read again. */
static void while_it_is_read(void **state)
{
    for (int again = 0; again < 2; again++) {
        struct session *session = begin(1);
        const char *path = "demo";
        struct open_options options;
        struct refresh_report report;
        isd_error err = {0};
        open_options_defaults(&options);
        options.name = "d";
        options.data = isdmin_demo_start;
        options.data_size = (size_t)(isdmin_demo_end - isdmin_demo_start);
        session_open_in_background(session, true);
        if (again) {
            assert_int_equal(session_refresh(session, &report, &err), ASK_PENDING);
        } else {
            while (session_ask_open(session, &path, 1, &options, &err) == ASK_PENDING)
                session_wait(session, -1);
        }
        close_it(session, again ? "c" : "d");
        struct reading_progress progress;
        assert_false(session_reading(session, &progress));
        assert_int_equal(session_set_count(session), again ? 2 : 3);
        if (again) /* the same name at once */
            open_as(session, "c");
        while (job_pool_count(session_pool(session)) > 0)
            session_wait(session, -1);
        assert_int_equal(session_set_count(session), 3);
        session_free(session);
    }
    (void)state;
}

static void a_place_in_it_is_no_more(void **state)
{
    struct session *session = begin(1);
    struct sight sight;
    struct sight_place place;
    isd_error err = {0};
    sight_init(&sight, session);
    use(session, "b");
    assert_int_equal(sight_update(&sight, &err), ISD_OK);
    sight_place(&sight, &place);
    close_it(session, "b");
    assert_int_equal(sight_update(&sight, &err), ISD_OK);
    assert_true(sight.set != place.set && sight.n_frames > 1);
    assert_int_equal(sight_return(&sight, &place, &err), ISD_DATA);
    open_as(session, "b"); /* another set of that name */
    assert_int_equal(sight_return(&sight, &place, &err), ISD_DATA);
    close_it(session, "a");
    close_it(session, "b");
    close_it(session, "c");
    assert_int_equal(sight_update(&sight, &err), ISD_OK);
    assert_true(sight.set == -1 && sight.n_frames == 0 && sight.n_tw == 0 && sight.tw_at == -1);
    sight_done(&sight);
    session_free(session);
    (void)state;
}

static void results_stay_in_the_store(void **state)
{
    char folder[SCRATCH_SIZE];
    isd_error err = {0};
    assert_true(scratch_make(folder));
    struct session *session = begin(1);
    assert_int_equal(session_keep(session, KEEP_IN_FILE, scratch_path(folder, "kept.isdb"), &err), ISD_OK);
    double known = energy_of(session, 0), energy = 0;
    close_it(session, "a");
    close_it(session, "b");
    close_it(session, "c");
    open_as(session, "again");
    assert_int_equal(ask(session, 0, &energy), ASK_READY);
    assert_true(energy == known);
    session_free(session);
    assert_true(scratch_drop(folder));
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_one_is_in_use), cmocka_unit_test(nothing_of_it_is_taken_for_another), cmocka_unit_test(work_under_way_ends),
        cmocka_unit_test(while_it_is_read), cmocka_unit_test(a_place_in_it_is_no_more), cmocka_unit_test(results_stay_in_the_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
