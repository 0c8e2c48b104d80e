/* A session with a store: what one computed another finds, to the last bit. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <cmocka.h>

#include <sqlite3.h>

#include "../../lib/scratch.h"
#include "app/session.h"
#include "store/pack.h"

static const char *demo; /* 15 frames of 2000 atoms; set by main */

struct place {
    char folder[SCRATCH_SIZE], store[SCRATCH_SIZE + 16];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    if (!place || !scratch_make(place->folder))
        return -1;
    snprintf(place->store, sizeof place->store, "%s/s.isdb", place->folder);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    bool gone = scratch_drop(place->folder);
    free(place);
    return gone ? 0 : -1;
}

static struct session *open_session(const struct place *place, enum keep_mode mode)
{
    struct session *session = NULL;
    struct open_options options;
    isd_error err;
    open_options_defaults(&options);
    assert_int_equal(session_new(2, &session, &err), ISD_OK);
    assert_int_equal(session_keep(session, mode, place->store, &err), ISD_OK);
    assert_int_equal(session_open(session, &demo, 1, &options, &err), ISD_OK);
    assert_int_equal(system_builtin(session_system(session), "ka2d", &err), ISD_OK);
    session_system_changed(session);
    return session;
}

static void close_session(struct session *session)
{
    assert_true(session_keep_finish(session));
    session_free(session);
}

static isd_quench_options default_quench(const struct session *session)
{
    struct structure structure;
    structure_defaults(session, true, &structure);
    return structure.quench;
}

static struct match_request request_of(const struct session *session, bool blind, bool numbers)
{
    struct match_request request = {.a = 0, .b = 4, .blind = blind, .numbers = numbers, .drift_remove = true};
    structure_defaults(session, true, &request.structure);
    return request;
}

/* Asks until the answer is there; *ret_turns: how often it was not. */
static const struct match *match_of(struct session *session, const struct match_request *request, int *ret_turns)
{
    const struct match *match = NULL;
    int unconverged = 0;
    isd_error err;
    enum ask known;
    *ret_turns = 0;
    while ((known = session_match(session, request, ASK_BATCH, &match, &unconverged, &err)) == ASK_PENDING) {
        session_wait(session, -1);
        ++*ret_turns;
    }
    assert_int_equal(known, ASK_READY);
    assert_int_equal(unconverged, 0);
    return match;
}

static const struct quenched *quench_of(struct session *session, int32_t frame, bool whole, int *ret_turns)
{
    const struct quenched *quenched = NULL;
    isd_quench_options options = default_quench(session);
    isd_error err;
    enum ask known;
    *ret_turns = 0;
    while ((known = (whole ? session_quenched : session_quench)(session, frame, &options, ASK_BATCH, &quenched, &err)) == ASK_PENDING) {
        session_wait(session, -1);
        ++*ret_turns;
    }
    assert_int_equal(known, ASK_READY);
    return quenched;
}

static void structures_are_found(void **state)
{
    struct place *place = *state;
    int turns = 0;
    struct session *first = open_session(place, KEEP_IN_FILE), *second = NULL;
    const struct quenched *made = quench_of(first, 3, true, &turns);
    assert_true(turns > 0);
    second = open_session(place, KEEP_IN_FILE); /* while the first is still at work */
    const struct quenched *found = quench_of(second, 3, false, &turns);
    assert_int_equal(turns, 0); /* the numbers at once */
    assert_null(found->snapshot);
    assert_memory_equal(&found->result.virial, &made->result.virial, sizeof made->result.virial);
    assert_true(found->result.energy == made->result.energy && found->result.fmax == made->result.fmax &&
                found->result.seconds == made->result.seconds && found->result.evaluations == made->result.evaluations &&
                found->result.stop == made->result.stop && found->result.converged);
    found = quench_of(second, 3, true, &turns);
    assert_true(turns > 0); /* the positions by a job */
    size_t n = (size_t)made->snapshot->n;
    assert_int_equal(found->snapshot->n, made->snapshot->n);
    assert_memory_equal(found->snapshot->position, made->snapshot->position, 3 * n * sizeof(double));
    close_session(second);
    close_session(first);
}

static void same_arrays(const struct match *a, const struct match *b)
{
    size_t n = (size_t)a->n;
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->partner, b->partner, n * sizeof *a->partner);
    assert_memory_equal(a->v, b->v, n * sizeof *a->v);
    assert_memory_equal(a->u_mat, b->u_mat, n * sizeof *a->u_mat);
    assert_memory_equal(a->vec_mat, b->vec_mat, 3 * n * sizeof *a->vec_mat);
    assert_memory_equal(a->u_lab, b->u_lab, n * sizeof *a->u_lab);
    assert_memory_equal(a->vec_lab, b->vec_lab, 3 * n * sizeof *a->vec_lab);
    assert_memory_equal(a->cycle, b->cycle, n * sizeof *a->cycle);
    assert_memory_equal(a->cycle_length, b->cycle_length, n * sizeof *a->cycle_length);
    assert_true(a->sum_sq == b->sum_sq && a->dual == b->dual && a->gap_abs == b->gap_abs && a->seconds == b->seconds &&
                a->rmsd == b->rmsd && a->max_u == b->max_u && a->edges_per_atom == b->edges_per_atom);
    assert_memory_equal(a->drift, b->drift, sizeof a->drift);
    assert_memory_equal(a->shift, b->shift, sizeof a->shift);
    assert_true(a->certified && b->certified && a->longest == b->longest && a->n_cycles == b->n_cycles && a->fixed == b->fixed);
    for (int t = 0; t < a->n_types; t++)
        assert_true(a->per_type[t].sum_sq == b->per_type[t].sum_sq && a->per_type[t].exchanged == b->per_type[t].exchanged);
}

static void matchings_are_found(void **state)
{
    struct place *place = *state;
    int turns = 0;
    struct session *first = open_session(place, KEEP_IN_FILE);
    struct match_request request = request_of(first, false, false);
    const struct match *made = match_of(first, &request, &turns);
    struct session *second = open_session(place, KEEP_IN_FILE);
    request.numbers = true;
    const struct match *numbers = match_of(second, &request, &turns);
    assert_int_equal(turns, 0);
    assert_null(numbers->partner);
    assert_true(numbers->sum_sq == made->sum_sq && numbers->seconds == made->seconds);
    request.numbers = false;
    const struct match *found = match_of(second, &request, &turns);
    assert_true(turns > 0);
    same_arrays(made, found);
    assert_true(isd_box_equal(&made->a->box, &found->a->box));
    request.numbers = true;
    assert_ptr_equal(match_of(second, &request, &turns), found); /* what is there in full will do */
    close_session(second);
    close_session(first);
}

static void numbers_alone_are_completed(void **state)
{
    struct place *place = *state;
    int turns = 0;
    struct session *session = open_session(place, KEEP_IN_FILE);
    struct match_request request = request_of(session, true, false);
    request.brief = true;
    double sum = match_of(session, &request, &turns)->sum_sq;
    close_session(session);
    session = open_session(place, KEEP_IN_FILE); /* the store has no arrays of it: computed, and kept whole */
    request.brief = false;
    const struct match *whole = match_of(session, &request, &turns);
    assert_true(turns > 0 && whole->partner && whole->sum_sq == sum);
    double seconds = whole->seconds;
    close_session(session);
    session = open_session(place, KEEP_IN_FILE);
    request.numbers = true;
    assert_true(match_of(session, &request, &turns)->seconds == seconds);
    assert_int_equal(turns, 0);
    close_session(session);
}

static void other_questions_have_other_answers(void **state)
{
    struct place *place = *state;
    int turns = 0;
    struct session *session = open_session(place, KEEP_IN_FILE);
    struct match_request request = request_of(session, false, true);
    match_of(session, &request, &turns);
    close_session(session);
    session = open_session(place, KEEP_IN_FILE);
    struct match_request others[5];
    for (int k = 0; k < 5; k++)
        others[k] = request;
    others[0].blind = true;
    others[1].drift_remove = false;
    others[2].type = 1;
    others[3].filter = "x>10";
    others[4].b = 3;
    for (int k = 0; k < 5; k++) {
        match_of(session, &others[k], &turns);
        assert_true(turns > 0);
    }
    /* A mass weights the drift. */
    session_system(session)->has_mass[1] = true;
    session_system(session)->mass[1] = 3;
    session_system_changed(session);
    match_of(session, &request, &turns);
    assert_true(turns > 0);
    session_system(session)->mass[1] = 1;
    session_system_changed(session);
    match_of(session, &request, &turns);
    assert_int_equal(turns, 0);
    close_session(session);
}

/* All partners of the store replaced by these, packed as they should be. */
static void write_partners(const struct place *place, const int32_t *shift, size_t n)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    struct store_blob blob;
    assert_int_equal(store_pack_int32(shift, n, &blob, NULL), ISD_OK);
    assert_int_equal(sqlite3_open(place->store, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "UPDATE matching_arrays SET partner = ?", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_bind_blob64(statement, 1, blob.bytes, blob.size, SQLITE_STATIC), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    store_blob_done(&blob);
}

static void what_is_no_matching_is_not_believed(void **state)
{
    enum { N = 2000 };
    static const int32_t wrong[4][2] = {{0, 5}, {0, -1}, {17, N}, {N - 1, INT32_MAX}}; /* atom, shift: taken twice, or nowhere */
    struct place *place = *state;
    int turns = 0;
    struct session *session = open_session(place, KEEP_IN_FILE);
    struct match_request request = request_of(session, false, false);
    double sum = match_of(session, &request, &turns)->sum_sq;
    close_session(session);
    for (int k = 0; k < 4; k++) {
        int32_t shift[N] = {0};
        shift[wrong[k][0]] = wrong[k][1];
        write_partners(place, shift, N);
        session = open_session(place, KEEP_IN_FILE);
        const struct match *match = match_of(session, &request, &turns);
        assert_true(turns > 0 && match->sum_sq == sum && match->u_mat && match->partner[wrong[k][0]] < N);
        close_session(session);
    }
}

static void without_a_store_nothing_is_kept(void **state)
{
    struct place *place = *state;
    int turns = 0;
    for (int k = 0; k < 2; k++) {
        struct session *session = open_session(place, KEEP_NOTHING);
        quench_of(session, 1, false, &turns);
        assert_true(turns > 0);
        close_session(session);
    }
    assert_int_not_equal(access(place->store, F_OK), 0);
}

/* How many structures another program finds there. */
static int count_structures(const struct place *place)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(place->store, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM structures", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int count = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return count;
}

/* A front does not wait for the disk, but is told of nothing that is not on it. */
static void fronts_are_told_when_it_is_kept(void **state)
{
    struct place *place = *state;
    const struct quenched *quenched = NULL;
    struct session *session = open_session(place, KEEP_IN_FILE);
    isd_quench_options options = default_quench(session);
    isd_error err;
    session_open_in_background(session, true);
    for (int known = 0; known < 15;) {
        known = 0;
        for (int32_t k = 0; k < 15; k++) {
            enum ask answer = session_quench(session, k, &options, ASK_BATCH, &quenched, &err);
            assert_int_not_equal(answer, ASK_FAILED);
            known += answer == ASK_READY;
        }
        assert_true(known <= count_structures(place));
        session_keep_command(session, "quench all", true);
        if (known < 15)
            session_wait(session, 5);
    }
    close_session(session);
    assert_int_equal(count_structures(place), 15);
    session = open_session(place, KEEP_IN_FILE);
    int turns = 0;
    session_open_in_background(session, true);
    quench_of(session, 14, true, &turns);
    session_keep_command(session, "quench 14", true);
    struct match_request request = request_of(session, false, false);
    match_of(session, &request, &turns);
    session_free(session); /* in the middle of whatever it is at */
}

/* Nor does a disk that is full hold anything up. */
static void fronts_go_on_without_room(void **state)
{
    struct place *place = *state;
    int turns = 0;
    bool said = false;
    struct rlimit all;
    struct session *session = open_session(place, KEEP_IN_FILE);
    session_open_in_background(session, true);
    quench_of(session, 0, false, &turns);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
    const struct rlimit none = {.rlim_cur = 8192, .rlim_max = all.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    quench_of(session, 1, true, &turns);
    for (const char *text; (text = session_next_message(session)) != NULL;)
        said = said || strstr(text, "kept in memory until it can be written") != NULL;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
    assert_true(said);
    assert_int_equal(count_structures(place), 1);
    close_session(session);
    assert_int_equal(count_structures(place), 2);
}

static void cancelled_is_not_kept(void **state)
{
    struct place *place = *state;
    const struct quenched *quenched = NULL;
    struct session *session = open_session(place, KEEP_IN_FILE);
    isd_quench_options options = default_quench(session);
    isd_error err;
    int turns = 0;
    for (int32_t k = 0; k < 15; k++)
        assert_int_not_equal(session_quench(session, k, &options, ASK_BATCH, &quenched, &err), ASK_FAILED);
    session_cancel_all(session);
    while (job_pool_count(session_pool(session)) > 0)
        session_wait(session, 1);
    close_session(session);
    session = open_session(place, KEEP_IN_FILE);
    quench_of(session, 14, true, &turns);
    assert_true(turns > 0);
    close_session(session);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/assets/demo/ka2d_T040.dump.gz", argc > 1 ? argv[1] : ".");
    demo = path;
    const struct CMUnitTest tests[] = {
        TEST(structures_are_found),
        TEST(matchings_are_found),
        TEST(numbers_alone_are_completed),
        TEST(other_questions_have_other_answers),
        TEST(what_is_no_matching_is_not_believed),
        TEST(without_a_store_nothing_is_kept),
        TEST(fronts_are_told_when_it_is_kept),
        TEST(fronts_go_on_without_room),
        TEST(cancelled_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
