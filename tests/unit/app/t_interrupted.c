/* A quench that is cancelled goes on where it was, through the session. SPDX-License-Identifier: GPL-3.0-or-later */
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

#include "app/session.h"
#include "app/state.h"
#include "base/clock.h"
#include "base/rng.h"
#include "job/pool.h"

enum { SIDE = 14, ATOMS = SIDE * SIDE * SIDE };

static char path[] = "/tmp/isdmin-t-interrupted-XXXXXX";

/* A jittered lattice at rho 1.2, 80:20. */
static int write_frame(void **state)
{
    struct rng rng;
    rng_init(&rng, 5);
    const int fd = mkstemp(path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    const double edge = cbrt(ATOMS / 1.2), step = edge / SIDE;
    (void)state;
    if (!file)
        return -1;
    fprintf(file, "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n%d\nITEM: BOX BOUNDS pp pp pp\n", ATOMS);
    for (int x = 0; x < 3; x++)
        fprintf(file, "0 %.17g\n", edge);
    fprintf(file, "ITEM: ATOMS id type x y z\n");
    for (int i = 0; i < ATOMS; i++)
        fprintf(file, "%d %d %.8f %.8f %.8f\n", i + 1, i % 5 == 0 ? 2 : 1, (i % SIDE + 0.3 * rng_double(&rng)) * step,
                (i / SIDE % SIDE + 0.3 * rng_double(&rng)) * step, (i / SIDE / SIDE + 0.3 * rng_double(&rng)) * step);
    return fclose(file);
}

static int remove_frame(void **state)
{
    (void)state;
    return unlink(path);
}

static struct session *open_session(void)
{
    struct session *session = NULL;
    isd_error err;
    struct open_options options;
    const char *paths[] = {path};
    open_options_defaults(&options);
    assert_int_equal(session_new(2, &session, &err), ISD_OK);
    assert_int_equal(session_open(session, paths, 1, &options, &err), ISD_OK);
    assert_int_equal(system_builtin(session_system(session), "ka3d", &err), ISD_OK);
    session_system_changed(session);
    return session;
}

static enum ask ask(struct session *session, const struct quenched **ret_quenched)
{
    isd_quench_options options;
    isd_error err = {0};
    isd_quench_defaults(&options);
    options.ftol = 1e-6;
    options.method = "fire"; /* many short steps: many places to go on from */
    const enum ask answer = session_quenched(session, 0, &options, ASK_BATCH, ret_quenched, &err);
    if (answer == ASK_FAILED)
        fail_msg("%s", err.what);
    return answer;
}

static bool holds_checkpoint(const struct session *session)
{
    for (int k = 0; k < SESSION_INTERRUPTED; k++)
        if (session->interrupted[k].checkpoint.size > 0)
            return true;
    return false;
}

/* Cancelled after longer and longer whiles, until one is long enough. */
static void the_same_bits(void **state)
{
    struct session *alone = open_session(), *disturbed = open_session();
    const struct quenched *whole = NULL, *parts = NULL;
    int cancelled = 0, from_checkpoint = 0;
    double patience = 0.1;
    (void)state;
    while (ask(alone, &whole) == ASK_PENDING)
        session_wait(alone, -1);
    while (ask(disturbed, &parts) == ASK_PENDING) {
        const double end = clock_now() + patience;
        while (clock_now() < end && ask(disturbed, &parts) == ASK_PENDING)
            session_wait(disturbed, 0.02);
        if (ask(disturbed, &parts) != ASK_PENDING)
            break;
        session_cancel_all(disturbed);
        while (job_pool_count(session_pool(disturbed)) > 0)
            session_wait(disturbed, -1);
        cancelled++;
        from_checkpoint += holds_checkpoint(disturbed);
        patience *= 1.5;
    }
    assert_true(cancelled > 0 && from_checkpoint > 0);
    assert_false(holds_checkpoint(disturbed));
    const isd_quench_result *a = &whole->result, *b = &parts->result;
    assert_true(a->converged && a->energy == b->energy && a->fmax == b->fmax && a->iterations == b->iterations &&
                a->evaluations == b->evaluations && a->energy_start == b->energy_start);
    assert_memory_equal(whole->snapshot->position, parts->snapshot->position, 3 * ATOMS * sizeof(double));
    session_free(alone);
    session_free(disturbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_bits),
    };
    return cmocka_run_group_tests(tests, write_frame, remove_frame);
}
