/* The session: asking, jobs, cancel, change of system, in random order and on several threads. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "app/displacements.h"
#include "app/session.h"
#include "base/rng.h"

enum { FRAMES = 5, SIDE = 4, ATOMS = SIDE * SIDE * SIDE };

static char path[] = "/tmp/isdmin-t-session-XXXXXX";

/* A jittered lattice at rho 1.2, 80:20, ids not in order; each frame another jitter. */
static int write_frames(void **state)
{
    struct rng rng;
    rng_init(&rng, 11);
    int fd = mkstemp(path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!file)
        return -1;
    double edge = cbrt(ATOMS / 1.2), step = edge / SIDE;
    for (int k = 0; k < FRAMES; k++) {
        fprintf(file, "ITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n%d\nITEM: BOX BOUNDS pp pp pp\n", 10 * k, ATOMS);
        for (int x = 0; x < 3; x++)
            fprintf(file, "0 %.17g\n", edge);
        fprintf(file, "ITEM: ATOMS id type x y z\n");
        for (int i = ATOMS - 1; i >= 0; i--)
            fprintf(file, "%d %d %.8f %.8f %.8f\n", i + 1, i % 5 == 0 ? 2 : 1, (i % SIDE + 0.2 * rng_double(&rng)) * step,
                    (i / SIDE % SIDE + 0.2 * rng_double(&rng)) * step, (i / SIDE / SIDE + 0.2 * rng_double(&rng)) * step);
    }
    (void)state;
    return fclose(file);
}

static int remove_frames(void **state)
{
    (void)state;
    return unlink(path);
}

static struct session *open_session(int threads)
{
    struct session *session = NULL;
    isd_error err;
    struct open_options options;
    const char *paths[] = {path};
    open_options_defaults(&options);
    options.dt = 0.5;
    assert_int_equal(session_new(threads, &session, &err), ISD_OK);
    assert_int_equal(session_open(session, paths, 1, &options, &err), ISD_OK);
    assert_int_equal(system_builtin(session_system(session), "ka3d", &err), ISD_OK);
    session_system_changed(session);
    return session;
}

static struct match_request pair(const struct session *session, int32_t a, int32_t b, bool is, bool blind)
{
    struct match_request request = {.a = a, .b = b, .blind = blind};
    structure_defaults(session, is, &request.structure);
    return request;
}

static const struct match *wait_for_match(struct session *session, const struct match_request *request)
{
    const struct match *match = NULL;
    int unconverged = 0;
    isd_error err = {0};
    enum ask answer;
    while ((answer = session_match(session, request, ASK_BATCH, &match, &unconverged, &err)) == ASK_PENDING)
        session_wait(session, -1);
    if (answer == ASK_FAILED)
        fail_msg("%s", err.what);
    assert_int_equal(unconverged, 0);
    return match;
}

static void facts_of_a_set(void **state)
{
    struct session *session = open_session(2);
    assert_int_equal(session_frame_count(session), FRAMES);
    assert_int_equal(session_dimension(session), 3);
    assert_string_equal(session_time_unit(session), "tau");
    assert_true(session_tw(session, 0, 3) == 15.0);
    assert_true(isnan(session_tw(session, 3, 0)));
    assert_int_equal(session_find_type(session, "B"), 2);
    assert_int_equal(session_find_type(session, "2"), 2);
    assert_int_equal(session_find_type(session, "3"), 0); /* no atom is of that type */
    assert_int_equal(session_type_count(session), 2);
    assert_string_equal(session_type_label(session, 1), "A");
    const isd_snapshot *s = NULL;
    isd_error err;
    assert_int_equal(session_frame(session, FRAMES, &s, &err), ISD_DATA);
    assert_int_equal(session_frame(session, 0, &s, &err), ISD_OK);
    assert_int_equal(s->id[0], 1);
    session_free(session);
    (void)state;
}

/* The same bits for any number of threads. */
static void same_bits_on_any_threads(void **state)
{
    double want[FRAMES] = {0};
    static const int threads[] = {1, 2, 3, 7};
    for (int k = 0; k < 4; k++) {
        struct session *session = open_session(threads[k]);
        for (int32_t b = 1; b < FRAMES; b++) {
            struct match_request request = pair(session, 0, b, true, b % 2);
            double d = wait_for_match(session, &request)->d_min;
            assert_true(d > 0);
            if (k == 0)
                want[b] = d;
            assert_true(d == want[b]);
        }
        session_free(session);
    }
    (void)state;
}

static void ask_something(struct session *session, struct rng *rng)
{
    int32_t a = (int32_t)rng_below(rng, FRAMES), b = (int32_t)rng_below(rng, FRAMES);
    bool is = rng_below(rng, 2), blind = rng_below(rng, 2);
    double priority = rng_below(rng, 2) ? ASK_LOOK : ASK_BATCH;
    struct match_request request = pair(session, a, b, is, blind);
    request.brief = rng_below(rng, 3) == 0;
    request.align = rng_below(rng, 4) == 0;
    request.alternatives = rng_below(rng, 4) == 0;
    request.type = (int)rng_below(rng, 8) == 0;
    request.filter = rng_below(rng, 8) == 0 ? "id > 10 && type == A" : NULL;
    request.atoms = rng_below(rng, 8) == 0 ? "..40" : NULL;
    const struct match *match = NULL;
    const struct gr_counts *counts = NULL;
    const struct frame_energy *energy = NULL;
    int unconverged = 0;
    isd_error err;
    switch (rng_below(rng, 3)) {
    case 0:
        session_gr(session, a, &request.structure, 50, 1.5, priority, &counts, &err);
        break;
    case 1:
        session_energy(session, b, a % 2 == 0, priority, &energy, &err);
        break;
    default:
        session_match(session, &request, priority, &match, &unconverged, &err);
    }
}

static void random_orders_end_in_the_same_results(void **state)
{
    struct session *reference = open_session(1);
    struct match_request request = pair(reference, 1, 4, true, false);
    double want = wait_for_match(reference, &request)->d_min;
    session_free(reference);
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct rng rng;
        rng_init(&rng, seed);
        struct session *session = open_session(1 + (int)(seed % 4));
        for (int step = 0; step < 150; step++) {
            uint32_t what = rng_below(&rng, 40);
            if (what == 0)
                session_cancel_all(session);
            else if (what == 1)
                session_system_changed(session);
            else if (what < 8)
                session_wait(session, 0.001);
            else if (what < 12)
                session_collect(session);
            else
                ask_something(session, &rng);
        }
        if (seed % 3 != 0) /* else it is freed with jobs under way */
            assert_true(wait_for_match(session, &request)->d_min == want);
        session_free(session);
    }
    (void)state;
}

/* Numbers alone are the numbers of the whole, which serves for both once it is there. */
static void brief_matches(void **state)
{
    struct session *session = open_session(2);
    struct match_request request = pair(session, 0, 1, false, false), other = pair(session, 0, 2, false, false);
    request.brief = other.brief = true;
    const struct match *brief = wait_for_match(session, &request);
    assert_true(brief->certified && !brief->partner && !brief->a && !brief->u_mat);
    request.brief = false;
    const struct match *whole = wait_for_match(session, &request);
    assert_true(whole->partner && whole->d_min == brief->d_min && whole->rmsd == brief->rmsd);
    request.brief = true;
    assert_true(wait_for_match(session, &request) == whole);
    assert_true(wait_for_match(session, &other)->d_min != whole->d_min);
    session_free(session);
    (void)state;
}

/* Choices are told apart, and one that chooses nobody is refused. */
static void chosen_atoms(void **state)
{
    struct session *session = open_session(2);
    struct match_request request = pair(session, 0, 1, false, false);
    char filter[32] = "type == B";
    request.filter = filter;
    const struct match *minority = wait_for_match(session, &request);
    int32_t n = minority->n;
    assert_int_equal(n, (ATOMS + 4) / 5);
    snprintf(filter, sizeof filter, "type == A");
    const struct match *majority = wait_for_match(session, &request);
    assert_int_equal(majority->n, ATOMS - n);
    request.atoms = "1..10:3";
    assert_int_equal(wait_for_match(session, &request)->n, 3); /* 1, 4, 7, 10; 1 is of type B */
    request.filter = NULL;
    assert_int_equal(wait_for_match(session, &request)->n, 4);
    request.atoms = "5000";
    const struct match *none = NULL;
    int unconverged;
    isd_error err = {0};
    assert_int_equal(session_match(session, &request, ASK_BATCH, &none, &unconverged, &err), ASK_FAILED);
    assert_non_null(strstr(err.what, "no atom"));
    session_free(session);
    (void)state;
}

static void displacements_average_over_pairs(void **state)
{
    struct session *session = open_session(2);
    const struct frame_pair pairs[] = {{0, 1}, {1, 2}};
    struct displacements_request request = {.match = pair(session, 0, 0, false, false), .pairs = pairs, .n_pairs = 2,
                                            .bins = 20, .max = NAN};
    struct displacements *d = NULL;
    isd_error err;
    enum ask answer;
    while ((answer = session_displacements(session, &request, ASK_LOOK, &d, &err)) == ASK_PENDING)
        session_wait(session, -1);
    assert_int_equal(answer, ASK_READY);
    double sum = 0;
    for (int k = 0; k < d->bins; k++)
        sum += d->matched[k] * d->max / d->bins;
    assert_true(fabs(sum + d->beyond_matched - 1) < 1e-12);
    assert_true(d->labelled_known && d->certified && d->n == ATOMS && d->beyond_labelled == 0);
    displacements_free(d);
    session_free(session);
    (void)state;
}

static void failures_are_kept_until_the_system_changes(void **state)
{
    struct session *session = open_session(2);
    isd_error err;
    const struct quenched *quenched = NULL;
    struct structure structure;
    assert_int_equal(system_builtin(session_system(session), "ka2d", &err), ISD_OK);
    session_system_changed(session);
    structure_defaults(session, true, &structure);
    assert_int_equal(session_quench(session, 0, &structure.quench, ASK_BATCH, &quenched, &err), ASK_FAILED);
    assert_non_null(strstr(err.what, "two-dimensional"));
    assert_int_equal(system_builtin(session_system(session), "ka3d", &err), ISD_OK);
    session_system_changed(session);
    assert_int_equal(session_quench(session, 0, &structure.quench, ASK_BATCH, &quenched, &err), ASK_PENDING);
    session_free(session);
    (void)state;
}

/* Distances between the minima of two methods: known again, the same from both sides, zero for one method. */
static void fidelity_of_methods(void **state)
{
    struct session *session = open_session(2);
    isd_error err;
    struct structure structure;
    const struct match *found[3] = {NULL, NULL, NULL};
    structure_defaults(session, true, &structure);
    isd_quench_options cg = structure.quench, sd = structure.quench;
    cg.method = "cg";
    sd.method = "sd";
    const isd_quench_options *pair[3][2] = {{&cg, &sd}, {&sd, &cg}, {&cg, &cg}};
    for (int k = 0; k < 3; k++) {
        const struct match *again = NULL;
        enum ask answer;
        while ((answer = session_fidelity(session, 1, pair[k][0], pair[k][1], ASK_BATCH, &found[k], &err)) == ASK_PENDING)
            assert_true(session_wait(session, 60));
        assert_int_equal(answer, ASK_READY);
        assert_int_equal(session_fidelity(session, 1, pair[k][0], pair[k][1], ASK_BATCH, &again, &err), ASK_READY);
        assert_ptr_equal(again, found[k]);
    }
    assert_true(found[0]->certified && fabs(found[0]->d_min - found[1]->d_min) < 1e-12);
    assert_true(found[2]->d_min == 0);
    session_free(session);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_of_a_set),
        cmocka_unit_test(same_bits_on_any_threads),
        cmocka_unit_test(random_orders_end_in_the_same_results),
        cmocka_unit_test(brief_matches),
        cmocka_unit_test(chosen_atoms),
        cmocka_unit_test(displacements_average_over_pairs),
        cmocka_unit_test(failures_are_kept_until_the_system_changes),
        cmocka_unit_test(fidelity_of_methods),
    };
    return cmocka_run_group_tests(tests, write_frames, remove_frames);
}
