/* Quenches on a pool of threads: the same bits for any number of them, and after an interruption with another number.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "../pot/potentials.h"

#include <poll.h>
#include <string.h>

#include "base/rng.h"
#include "isdmin/quench.h"
#include "job/pool.h"

struct task {
    const isd_potential *potential;
    isd_quench_options options;
    isd_box box;
    int32_t n, *type;
    double *start, *r;
    isd_quench_result result;
    isd_checkpoint checkpoint;
};

/* side^dim atoms on a jittered lattice. */
static struct task task_new(int which, int side, int dim, const char *method, long iterations)
{
    const double spacing = potentials_spacing(which), edge = side * spacing;
    struct task task = {.potential = potentials_make(which),
                        .box = {.dim = dim, .periodic = {true, true, true}, .lx = edge, .ly = edge, .lz = edge, .xy = 0.2 * edge},
                        .n = dim == 3 ? side * side * side : side * side};
    struct rng rng;
    rng_init(&rng, 5);
    isd_quench_defaults(&task.options);
    task.options.method = method;
    task.options.max_iterations = iterations;
    task.type = malloc((size_t)task.n * sizeof *task.type);
    task.start = malloc(3 * (size_t)task.n * sizeof *task.start);
    task.r = malloc(3 * (size_t)task.n * sizeof *task.r);
    assert_true(task.type && task.start && task.r);
    for (int32_t i = 0; i < task.n; i++) {
        const int at[3] = {i % side, i / side % side, i / side / side};
        for (int q = 0; q < 3; q++) {
            task.start[3 * i + q] = q < dim ? spacing * (at[q] + 0.25 * rng_double(&rng)) : 0;
        }
        task.type[i] = 1 + (int32_t)rng_below(&rng, 2);
    }
    return task;
}

static void task_done(struct task *task)
{
    isd_potential_unref(task->potential);
    isd_checkpoint_done(&task->checkpoint);
    free(task->type);
    free(task->start);
    free(task->r);
}

static isd_status run(void *arg, isd_control *control, isd_error *err)
{
    struct task *task = arg;
    memcpy(task->r, task->start, 3 * (size_t)task->n * sizeof *task->r);
    return isd_quench_resume(task->potential, &task->box, task->type, task->n, &task->options, control, task->r, &task->checkpoint,
                             &task->result, err);
}

/* Cancelled after so many milliseconds; negative: never. */
static isd_status run_on(int threads, struct task *task, int cancel_after)
{
    struct job_pool *pool = NULL;
    struct job *job = NULL;
    assert_int_equal(job_pool_new(threads, false, &pool, NULL), ISD_OK);
    assert_int_equal(job_submit(pool, "quench", 0, run, NULL, task, &job, NULL), ISD_OK);
    struct pollfd wake = {.fd = job_pool_wake_fd(pool), .events = POLLIN};
    if (poll(&wake, 1, cancel_after) == 0) {
        job_cancel(job);
        poll(&wake, 1, -1);
    }
    assert_true(job_pool_collect(pool) == job);
    const isd_status status = job_result(job, NULL);
    job_release(pool, job);
    job_pool_free(pool);
    return status;
}

static void assert_same(const struct task *task, const double *r, const isd_quench_result *result)
{
    const isd_quench_result *mine = &task->result;
    assert_memory_equal(task->r, r, 3 * (size_t)task->n * sizeof *r);
    assert_true(mine->energy == result->energy && mine->fmax == result->fmax && mine->fnorm == result->fnorm &&
                mine->iterations == result->iterations && mine->evaluations == result->evaluations && mine->stop == result->stop);
    assert_memory_equal(mine->virial, result->virial, sizeof result->virial);
}

static void same_for_any_number(int which, int side, int dim, const char *method, long iterations)
{
    static const int threads[] = {2, 3, 7};
    struct task task = task_new(which, side, dim, method, iterations);
    double *alone = malloc(3 * (size_t)task.n * sizeof *alone);
    assert_non_null(alone);
    assert_int_equal(run_on(1, &task, -1), ISD_OK);
    memcpy(alone, task.r, 3 * (size_t)task.n * sizeof *alone);
    const isd_quench_result result = task.result;
    assert_true(result.iterations > 0 && result.energy < result.energy_start);
    for (size_t k = 0; k < sizeof threads / sizeof *threads; k++) {
        assert_int_equal(run_on(threads[k], &task, -1), ISD_OK);
        assert_same(&task, alone, &result);
    }
    free(alone);
    task_done(&task);
}

/* So many atoms that both lists and vectors are cut into several shares. */
static void each_method(void **state)
{
    (void)state;
    for (int k = 0; isd_quench_method(k); k++) {
        same_for_any_number(0, 101, 2, isd_quench_method(k), 10);
    }
}

static void each_potential(void **state)
{
    (void)state;
    for (int which = 3; which < POTENTIALS; which++) {
        same_for_any_number(which, 15, 3, "lbfgs", which == TERSOFF ? 1 : 3);
    }
}

/* Put down by two threads and taken up by three, again and again; the rest by one. */
static void goes_on_with_another_number(void **state)
{
    (void)state;
    struct task task = task_new(0, 101, 2, "fire", 210); /* checkpoints come every 196 of so many atoms */
    double *alone = malloc(3 * (size_t)task.n * sizeof *alone);
    assert_non_null(alone);
    assert_int_equal(run_on(1, &task, -1), ISD_OK);
    memcpy(alone, task.r, 3 * (size_t)task.n * sizeof *alone);
    const isd_quench_result result = task.result;
    int cuts = 0;
    for (int wait = 2; wait < 100000 && task.checkpoint.size == 0; wait *= 4) {
        const isd_status status = run_on(2 + cuts % 2, &task, wait);
        assert_true(status == ISD_CANCELLED || status == ISD_OK);
        cuts += status == ISD_CANCELLED;
        if (status == ISD_OK) {
            break; /* so fast that no cut fell behind the checkpoint */
        }
    }
    assert_true(cuts > 0);
    assert_int_equal(run_on(1, &task, -1), ISD_OK);
    assert_same(&task, alone, &result);
    free(alone);
    task_done(&task);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_method),
        cmocka_unit_test(each_potential),
        cmocka_unit_test(goes_on_with_another_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
