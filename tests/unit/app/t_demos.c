/* The demos: the same for a seed, and what they say is true. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "app/demo_film.h"
#include "app/demo_liquid.h"
#include "app/demos.h"

enum { MOST = 8 };

/* What commands have given. */
struct given {
    struct result *result[MOST];
    int n;
};

static void take(void *arg, struct result *result)
{
    struct given *given = arg;
    assert_true(given->n < MOST);
    given->result[given->n++] = result;
}

static void forget(struct given *given)
{
    while (given->n > 0)
        result_free(given->result[--given->n]);
}

/* One command, waited for. */
static enum ask run(struct session *session, const char *text, struct given *given, isd_error *err)
{
    struct script script = {.name = "", .text = text, .line = 1, .column = 1};
    const struct command_sink sink = {.result = take, .arg = given};
    struct command_call *call = NULL;
    enum ask state = ASK_FAILED;
    forget(given);
    *err = (isd_error){0};
    if (command_parse(&script, &call, err) == ISD_OK)
        while ((state = command_run(session, call, &sink, err)) == ASK_PENDING)
            session_wait(session, -1.0);
    command_call_free(call);
    return state;
}

static void must(struct session *session, const char *text, struct given *given)
{
    isd_error err;
    if (run(session, text, given, &err) != ASK_READY)
        fail_msg("%s: %s", text, err.what);
}

static void must_not(struct session *session, const char *text)
{
    struct given given = {.n = 0};
    isd_error err;
    if (run(session, text, &given, &err) != ASK_FAILED || err.status != ISD_USAGE || !err.what[0])
        fail_msg("%s was not refused", text);
    forget(&given);
}

static double real(const struct given *given, int k, const char *name)
{
    const struct field *field = result_find(given->result[k], name);
    assert_non_null(field);
    return field->kind == VALUE_REAL ? field->real : field->kind == VALUE_INT ? (double)field->integer : NAN;
}

static bool truth(const struct given *given, int k, const char *name)
{
    const struct field *field = result_find(given->result[k], name);
    assert_true(field && field->kind == VALUE_BOOL);
    return field->boolean;
}

static struct session *begin(void)
{
    struct session *session = NULL;
    assert_int_equal(session_new(2, &session, NULL), ISD_OK);
    return session;
}

/* --- 1d --- */

static void by_hand(void **state)
{
    (void)state;
    struct session *session = begin();
    struct given given = {.n = 0};
    char line[40];
    must(session, "demo 1d seed=4 n=4", &given);
    const double least = real(&given, 0, "sum_sq"), by_name = real(&given, 0, "sum_by_name");
    assert_true(isnan(real(&given, 0, "sum_by_hand")) && least <= by_name && truth(&given, 0, "certified"));
    assert_true(fabs(real(&given, 0, "dual") - least) < 1e-12 && fabs(real(&given, 0, "d_min") - sqrt(least / 4)) < 1e-15);
    for (int i = 1; i <= 4; i++) {
        snprintf(line, sizeof line, "demo 1d pair %d %d", i, i);
        must(session, line, &given);
        assert_int_equal(demo_ring_free(&session_demos(session)->ring), 4 - i);
    }
    assert_true(real(&given, 0, "sum_by_hand") == by_name);
    must(session, "demo 1d pair 1 2", &given); /* 2 had that one */
    assert_int_equal(session_demos(session)->ring.hand[0], 1);
    assert_int_equal(session_demos(session)->ring.hand[1], -1);
    must(session, "demo 1d pair 1 2", &given); /* again: apart */
    assert_int_equal(session_demos(session)->ring.hand[0], -1);
    must(session, "demo 1d clear", &given);
    const struct field *partner = result_find(given.result[0], "partner");
    for (int i = 1; i <= 4; i++) {
        snprintf(line, sizeof line, "demo 1d pair %d %d", i, (int)partner->ints[i - 1]);
        must(session, line, &given);
        partner = result_find(given.result[0], "partner");
    }
    assert_true(fabs(real(&given, 0, "sum_by_hand") - real(&given, 0, "sum_sq")) < 1e-12);
    must(session, "demo 1d clear", &given);
    assert_int_equal(demo_ring_free(&session_demos(session)->ring), 4);
    forget(&given);
    session_free(session);
}

/* The optimum is kept back until all are paired. */
static void hidden(void **state)
{
    (void)state;
    struct session *session = begin();
    struct given given = {.n = 0};
    must(session, "demo 1d n=2", &given);
    assert_false(truth(&given, 0, "hidden"));
    must(session, "demo 1d hide", &given);
    must(session, "demo 1d pair 1 1", &given);
    assert_true(truth(&given, 0, "hidden"));
    must(session, "demo 1d pair 2 2", &given);
    assert_false(truth(&given, 0, "hidden"));
    must(session, "demo 1d clear", &given);
    assert_true(truth(&given, 0, "hidden"));
    must(session, "demo 1d show", &given);
    assert_false(truth(&given, 0, "hidden"));
    forget(&given);
    session_free(session);
}

static void points_are_moved(void **state)
{
    (void)state;
    struct session *session = begin();
    struct given given = {.n = 0};
    const struct ring_model *model;
    must(session, "demo 1d seed=2", &given);
    model = &session_demos(session)->ring.model;
    must(session, "demo 1d move 2 3.25", &given);
    assert_true(model->before[1] == 3.25);
    must(session, "demo 1d move 2 +0.5", &given);
    must(session, "demo 1d move 2 -0.25", &given);
    assert_true(model->before[1] == 3.5);
    must(session, "demo 1d move 5 7.5 time=after", &given); /* round the ring of length 5 */
    assert_true(model->after[4] == 2.5);
    assert_true(fabs(model->cost[1 * 5 + 4] - 1.0) < 1e-15);
    for (int i = 1; i <= 5; i++) { /* everyone to where it came from: nothing is left to pay */
        char line[60];
        snprintf(line, sizeof line, "demo 1d move %d %.17g time=after", i, model->before[i - 1]);
        must(session, line, &given);
    }
    assert_true(real(&given, 0, "d_min") < 1e-12 && real(&given, 0, "rmsd") < 1e-12 && truth(&given, 0, "certified"));
    forget(&given);
    session_free(session);
}

static void refusals(void **state)
{
    (void)state;
    static const char *const wrong[] = {"demo 1d n=9",          "demo 1d pair 1",     "demo 1d pair 1 6",      "demo 1d pair 0 1",  "demo 1d pair x 1",
                                        "demo 1d move 1",       "demo 1d move 1 far", "demo 1d move 1 inf",    "demo 1d step=3",    "demo five n=6",
                                        "demo quench n=15",     "demo quench n=401",  "demo quench step=9999", "demo quench step=x", "demo quench pair 1 2",
                                        "demo shells step=25",  "demo shells step=loop", "demo shells 3",
                                        "demo five time=after", "demo seed=2",        "demo live",             "demo 1d dance"};
    struct session *session = begin();
    struct given given = {.n = 0};
    must(session, "demo 1d", &given);
    const struct demo_ring before = session_demos(session)->ring;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
        must_not(session, wrong[k]);
    assert_memory_equal(&before, &session_demos(session)->ring, sizeof before);
    forget(&given);
    session_free(session);
}

/* --- five --- */

static void five_atoms(void **state)
{
    (void)state;
    struct session *session = begin();
    struct given given = {.n = 0};
    for (int seed = 1; seed <= 20; seed++) {
        char line[40];
        snprintf(line, sizeof line, "demo five seed=%d", seed);
        must(session, line, &given);
        assert_int_equal(given.n, 2);
        for (int k = 0; k < 2; k++)
            assert_true(truth(&given, k, "certified") && real(&given, k, "gap_abs") < 1e-12 && real(&given, k, "rmsd") > 0.5);
        assert_true(real(&given, 0, "d_min") > 0.01 && real(&given, 0, "d_min") < 0.5 * real(&given, 0, "rmsd"));
        assert_int_equal(result_find(given.result[0], "loop")->length, 3);
        /* places are exchanged and nothing else: finite for names, exactly nothing for places */
        assert_true(real(&given, 1, "d_min") == 0.0 && real(&given, 1, "sum_sq") == 0.0 && truth(&given, 1, "loop_same_places"));
        const struct field *loop = result_find(given.result[1], "loop");
        assert_int_equal(loop->length, 5);
        for (int i = 0; i < 5; i++)
            assert_int_equal(loop->ints[i], i + 1); /* each to the place of the next */
        assert_int_equal(session_frame_count(session), 3);
        assert_true(session_frames_are_is(session) && session_dimension(session) == 2);
    }
    assert_int_equal(session_set_count(session), 20);
    must(session, "demo five seed=7", &given); /* is there already */
    assert_int_equal(session_set_count(session), 20);
    assert_string_equal(session_set_name(session, session_current_set(session)), "five_7");
    forget(&given);
    session_free(session);
}

/* --- quench --- */

/* The set that is opened is the demo: asked in the usual way it gives the same numbers. */
static void check_set(struct session *session, const struct demo_film *film)
{
    struct match_request request = {.a = film->pair[0].a, .b = film->pair[0].b};
    const struct match *match = NULL;
    const isd_snapshot *frame = NULL;
    int unconverged = 0;
    enum ask state;
    structure_defaults(session, true, &request.structure);
    while ((state = session_match(session, &request, ASK_LOOK, &match, &unconverged, NULL)) == ASK_PENDING)
        session_wait(session, -1.0);
    assert_int_equal(state, ASK_READY);
    assert_true(match->certified && unconverged == 0);
    assert_true(fabs(match->d_min - film->pair[0].match->d_min) < 1e-6 && fabs(match->rmsd - film->pair[0].match->rmsd) < 1e-6);
    assert_int_equal(session_frame(session, 0, &frame, NULL), ISD_OK);
    assert_memory_equal(frame->position, film->position, 3 * (size_t)film->n * sizeof(double));
}

static void check_film(const struct demo_film *film)
{
    const struct match *match = film->pair[0].match;
    assert_true(film->converged && film->n_steps > 10 && film->fmax[film->n_steps - 1] <= 1e-8);
    for (int k = 1; k < film->n_steps; k++)
        assert_true(film->energy[k] <= film->energy[k - 1] + 1e-12);
    assert_true(film->energy[0] - film->energy[film->n_steps - 1] > 0.05);
    assert_memory_equal(match->a->position, film->position + 3 * (size_t)film->n * (size_t)(film->n_steps - 1), 3 * (size_t)film->n * sizeof(double));
    assert_true(match->certified && match->d_min < match->rmsd && match->rmsd > 0.2);
    assert_true(film->led >= 3 && film->pair[0].loop.n >= 3 && film->pair[0].loop.d_min < film->pair[0].loop.rmsd);
}

static void a_liquid_is_quenched(void **state)
{
    (void)state;
    struct session *session = begin();
    struct given given = {.n = 0};
    for (int seed = 1; seed <= 3; seed++) {
        char line[60];
        snprintf(line, sizeof line, "demo quench n=36 seed=%d", seed);
        must(session, line, &given);
        assert_int_equal(given.n, 1);
        const struct demo_film *film = session_demos(session)->shown;
        assert_true(film->step == 0 && film->n == 36 && session_frame_count(session) == DEMO_LIQUID_FRAMES);
        check_film(film);
        check_set(session, film);
        assert_true(real(&given, 0, "d_min") == film->pair[0].match->d_min);
        assert_int_equal(result_find(given.result[0], "energies")->length, (size_t)film->n_steps);
    }
    forget(&given);
    session_free(session);
}

/* Interactions that somebody has set are not exchanged without a word. */
static void says_what_it_replaces(void **state)
{
    (void)state;
    struct session *session = begin();
    struct given given = {.n = 0};
    bool told = false;
    must(session, "system wca", &given);
    must(session, "demo quench n=16", &given);
    for (const char *text; (text = session_next_message(session)) != NULL;)
        told = told || strstr(text, "ka2d");
    assert_true(told && strcmp(session_system(session)->name, "ka2d") == 0);
    must(session, "demo quench n=16 step=1", &given); /* in force already */
    assert_null(session_next_message(session));
    forget(&given);
    session_free(session);
}

static void steps_and_stages(void **state)
{
    (void)state;
    struct session *session = begin();
    struct given given = {.n = 0};
    must(session, "demo quench n=20 step=3", &given);
    const struct demo_film *film = session_demos(session)->shown;
    assert_true(film->step == 3 && real(&given, 0, "step") == 3 && demo_film_stage(film) == DEMO_SLIDES);
    must(session, "demo quench n=20 step=+1", &given);
    assert_int_equal(film->step, 4);
    must(session, "demo quench n=20 step=stage", &given);
    assert_int_equal(film->step, film->n_steps - 1);
    static const enum demo_stage stages[] = {DEMO_LABELLED, DEMO_MATCHED, DEMO_LOOP};
    for (int k = 0; k < 3; k++) {
        must(session, "demo quench n=20 step=+1", &given);
        assert_int_equal(demo_film_stage(film), stages[k]);
    }
    must(session, "demo quench n=20 step=+1", &given); /* no farther */
    assert_int_equal(demo_film_stage(film), DEMO_LOOP);
    must(session, "demo quench n=20 step=labelled", &given);
    assert_int_equal(demo_film_stage(film), DEMO_LABELLED);
    must(session, "demo quench n=20 step=-100000", &given);
    assert_int_equal(film->step, 0);
    forget(&given);
    session_free(session);
}

/* Against every pair of atoms, one after the other. */
static void check_shells(const struct demo_film *film)
{
    const double edge[2] = {film->box.lx, film->box.ly}, n = film->n;
    double pairs[DEMO_SHELLS_MOST] = {0};
    for (int i = 0; i < film->n; i++)
        for (int j = 0; j < i; j++) {
            double d[2];
            for (int c = 0; c < 2; c++)
                d[c] = remainder(film->position[3 * i + c] - film->position[3 * j + c], edge[c]);
            const int shell = (int)(hypot(d[0], d[1]) / DEMO_SHELL_WIDTH);
            if (shell < film->shells.n)
                pairs[shell]++;
        }
    for (int k = 0; k < film->shells.n; k++) {
        const double low = k * DEMO_SHELL_WIDTH, high = low + DEMO_SHELL_WIDTH;
        assert_true(pairs[k] == film->shells.pairs[k]);
        assert_true(fabs(film->shells.gas[k] - 0.5 * n * (n - 1) * M_PI * (high * high - low * low) / (edge[0] * edge[1])) < 1e-9);
        assert_true(fabs(film->shells.g[k] * film->shells.gas[k] - pairs[k]) < 1e-9);
    }
}

static void shells_are_counted(void **state)
{
    (void)state;
    static const struct {
        int n, shells;
    } sizes[] = {{16, 14}, {48, 24}}; /* to half the cell, and no more than there is room for */
    struct session *session = begin();
    struct given given = {.n = 0};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        char line[60];
        snprintf(line, sizeof line, "demo shells n=%d step=3", sizes[k].n);
        must(session, line, &given);
        const struct demos *demos = session_demos(session);
        assert_true(demos->kind == DEMO_SHELLS && demos->shown->shell == 3 && demos->shown->shells.n == sizes[k].shells);
        assert_true(real(&given, 0, "step") == 3 && !demo_film_at_end(demos->shown, DEMO_SHELLS));
        check_shells(demos->shown);
    }
    must(session, "demo shells step=-9", &given);
    assert_int_equal(session_demos(session)->shown->shell, 0);
    must(session, "demo shells step=last", &given);
    assert_true(demo_film_at_end(session_demos(session)->shown, DEMO_SHELLS));
    must(session, "demo shells step=+1", &given); /* no farther */
    assert_int_equal(session_demos(session)->shown->shell, 24);
    assert_int_equal(session_demos(session)->shown->step, 0); /* the film is where it was */
    forget(&given);
    session_free(session);
}

/* Another seed is another picture, the same one the same to the last bit. */
static void seeds(void **state)
{
    (void)state;
    struct demo_film *film[3];
    static const uint64_t seed[] = {8, 8, 9};
    for (int kind = DEMO_FIVE; kind <= DEMO_QUENCH; kind++) {
        for (int k = 0; k < 3; k++)
            assert_int_equal(demo_film_make((enum demo_kind)kind, 24, seed[k], NULL, &film[k], NULL), ISD_OK);
        assert_string_equal(film[0]->text, film[1]->text);
        assert_int_equal(film[0]->n_steps, film[1]->n_steps);
        assert_true(strcmp(film[0]->text, film[2]->text) != 0);
        for (int k = 0; k < 3; k++)
            demo_film_free(film[k]);
    }
}

static void may_be_cancelled(void **state)
{
    (void)state;
    isd_control *control = isd_control_new();
    struct demo_film *film = NULL;
    isd_error err;
    assert_non_null(control);
    isd_control_cancel(control);
    assert_int_equal(demo_film_make(DEMO_QUENCH, 48, 1, control, &film, &err), ISD_CANCELLED);
    assert_null(film);
    isd_control_free(control);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),          cmocka_unit_test(hidden),     cmocka_unit_test(points_are_moved),
        cmocka_unit_test(refusals),         cmocka_unit_test(five_atoms), cmocka_unit_test(a_liquid_is_quenched), cmocka_unit_test(shells_are_counted),
        cmocka_unit_test(steps_and_stages), cmocka_unit_test(seeds),      cmocka_unit_test(may_be_cancelled), cmocka_unit_test(says_what_it_replaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
