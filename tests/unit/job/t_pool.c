/* The pool: order, cancelling, waking, shared loops, and long random sequences. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/rng.h"
#include "job/pool.h"

static int rounds = 20, steps = 500; /* of random steps; the arguments */
static const int thread_counts[] = {1, 2, 3, 7};
enum { N_COUNTS = sizeof thread_counts / sizeof thread_counts[0] };

static void sleep_ms(double ms)
{
    struct timespec t = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(fmod(ms, 1000) * 1e6)};
    nanosleep(&t, NULL);
}

static bool readable(const struct job_pool *pool, int timeout_ms)
{
    struct pollfd fd = {.fd = job_pool_wake_fd(pool), .events = POLLIN};
    return poll(&fd, 1, timeout_ms) == 1;
}

static struct job *next_done(struct job_pool *pool)
{
    struct job *job;
    while (!(job = job_pool_collect(pool))) {
        assert_true(readable(pool, 10000));
    }
    return job;
}

/* What one test job does, and what became of it. */
enum behaviour { QUICK, FAILING, UNTIL_CANCELLED, LOOPING, UNTIL_OPEN };
struct task {
    enum behaviour behaviour;
    atomic_int *alive;    /* counts tasks not yet freed */
    atomic_int *sequence; /* order of starting */
    atomic_bool *gate;
    int started_as;
    int n;
    uint64_t sum;
    struct job *job;
    bool cancelled;
};

struct squares {
    uint64_t *out;
};

static void square(void *arg, int32_t k)
{
    struct squares *squares = arg;
    squares->out[k] = (uint64_t)k * (uint64_t)k;
}

static isd_status loop_body(struct task *task, isd_control *control, isd_error *err)
{
    struct squares squares = {.out = calloc((size_t)task->n + 1, sizeof(uint64_t))};
    if (!squares.out) {
        return isd_error_memory(err);
    }
    isd_control_for(control, task->n, square, &squares);
    for (int k = 0; k < task->n; k++) {
        task->sum += squares.out[k];
    }
    free(squares.out);
    return ISD_OK;
}

static isd_status run_task(void *arg, isd_control *control, isd_error *err)
{
    struct task *task = arg;
    if (task->sequence) {
        task->started_as = atomic_fetch_add(task->sequence, 1);
    }
    switch (task->behaviour) {
    case QUICK:
        isd_control_report(control, 1, 2);
        return ISD_OK;
    case FAILING:
        return isd_error_set(err, ISD_DATA, "no such luck");
    case UNTIL_CANCELLED:
        while (!isd_control_cancelled(control)) {
            sleep_ms(0.02);
        }
        return ISD_CANCELLED;
    case LOOPING:
        return loop_body(task, control, err);
    case UNTIL_OPEN:
        while (!atomic_load(task->gate)) {
            sleep_ms(0.02);
        }
        return ISD_OK;
    }
    return ISD_INTERNAL;
}

static void free_task(void *arg)
{
    struct task *task = arg;
    if (task->alive) {
        atomic_fetch_sub(task->alive, 1);
    }
    free(task);
}

static struct task *submit(struct job_pool *pool, struct task prototype, double priority)
{
    struct task *task = malloc(sizeof *task);
    assert_non_null(task);
    *task = prototype;
    if (task->alive) {
        atomic_fetch_add(task->alive, 1);
    }
    struct job *job = NULL;
    assert_int_equal(job_submit(pool, "task", priority, run_task, free_task, task, &job, NULL), ISD_OK);
    task->job = job;
    return task;
}

static struct job_pool *new_pool(int threads)
{
    struct job_pool *pool = NULL;
    isd_error err;
    assert_int_equal(job_pool_new(threads, true, &pool, &err), ISD_OK);
    assert_int_equal(job_pool_threads(pool), threads);
    return pool;
}

static void test_default_threads(void **state)
{
    int n = job_default_threads();
    assert_in_range(n, 1, 4);
    assert_true(n <= sysconf(_SC_NPROCESSORS_CONF));
}

static void test_refuses_no_threads(void **state)
{
    struct job_pool *pool = NULL;
    isd_error err;
    assert_int_equal(job_pool_new(0, false, &pool, &err), ISD_USAGE);
    assert_null(pool);
    job_pool_free(NULL);
}

static void test_results_and_errors(void **state)
{
    struct job_pool *pool = new_pool(2);
    assert_false(readable(pool, 0));
    assert_null(job_pool_collect(pool));
    const isd_error *err;

    submit(pool, (struct task){.behaviour = QUICK}, 0);
    assert_true(readable(pool, 10000));
    struct job *job = next_done(pool);
    assert_string_equal(job_label(job), "task");
    assert_int_equal(job_state(job), JOB_DONE);
    assert_int_equal(job_result(job, &err), ISD_OK);
    assert_true(job_fraction(job) == 1.0);
    assert_true(job_eta(job) == 0.0);
    assert_true(job_elapsed(job) >= 0.0);
    job_release(pool, job);
    assert_false(readable(pool, 0));

    submit(pool, (struct task){.behaviour = FAILING}, 0);
    job = next_done(pool);
    assert_int_equal(job_result(job, &err), ISD_DATA);
    assert_string_equal(err->what, "no such luck");
    job_release(pool, job);

    /* A job that fails without words still gets some. */
    struct task *task = submit(pool, (struct task){.behaviour = UNTIL_CANCELLED}, 0);
    job_cancel(task->job);
    job = next_done(pool);
    assert_int_equal(job_result(job, &err), ISD_CANCELLED);
    assert_int_equal(err->status, ISD_CANCELLED);
    assert_true(err->what[0] != '\0');
    job_release(pool, job);
    assert_int_equal(job_pool_count(pool), 0);
    job_pool_free(pool);
}

/* One worker held by a gate: what waits starts by priority, then by submission; raising reorders. */
static void test_order(void **state)
{
    struct job_pool *pool = new_pool(1);
    atomic_bool gate = false;
    atomic_int sequence = 0;
    struct task *first = submit(pool, (struct task){.behaviour = UNTIL_OPEN, .gate = &gate, .sequence = &sequence}, 0);
    while (job_state(first->job) != JOB_RUNNING) {
        sleep_ms(0.1);
    }
    assert_int_equal(job_result(first->job, NULL), ISD_INTERNAL);
    const double priority[6] = {1, 5, 5, NAN, 2, 1};
    const int expected[6] = {4, 2, 3, 6, 1, 5}; /* task 4 is raised to 9 */
    struct task *tasks[6];
    for (int k = 0; k < 6; k++) {
        tasks[k] = submit(pool, (struct task){.behaviour = QUICK, .sequence = &sequence}, priority[k]);
    }
    job_raise(pool, tasks[4]->job, 9);
    assert_int_equal(job_pool_count(pool), 7);
    assert_ptr_equal(job_pool_at(pool, 0), first->job);
    for (int k = 0; k < 6; k++) {
        assert_ptr_equal(job_pool_at(pool, expected[k]), tasks[k]->job);
        assert_int_equal(job_state(tasks[k]->job), JOB_WAITING);
        assert_true(isnan(job_eta(tasks[k]->job)));
        assert_true(job_elapsed(tasks[k]->job) == 0.0);
    }
    assert_null(job_pool_at(pool, 7));
    assert_null(job_pool_at(pool, -1));
    atomic_store(&gate, true);
    for (int k = 0; k < 7; k++) {
        struct job *job = next_done(pool);
        struct task *task = job_arg(job);
        assert_int_equal(task->started_as, k);
        for (int i = 0; i < 6; i++) {
            assert_true(task != tasks[i] || task->started_as == expected[i]);
        }
        job_release(pool, job);
    }
    job_pool_free(pool);
}

/* A pool beside another runs while that is busy, and wakes whoever waits for either. */
static void test_side_by_side(void **state)
{
    (void)state;
    struct job_pool *pool = new_pool(1), *side = NULL;
    atomic_bool gate = false, other = false;
    assert_int_equal(job_pool_new_beside(pool, &side, NULL), ISD_OK);
    struct task *busy = submit(pool, (struct task){.behaviour = UNTIL_OPEN, .gate = &gate}, 0);
    struct task *aside = submit(side, (struct task){.behaviour = UNTIL_OPEN, .gate = &other}, 0);
    assert_false(job_wait(aside->job, 0.01) || readable(pool, 0));
    atomic_store(&other, true);
    assert_true(job_wait(aside->job, 10) && readable(pool, 10000) && !job_wait(busy->job, 0));
    assert_null(job_pool_collect(pool));
    atomic_store(&gate, true);
    assert_true(job_wait(busy->job, 10));
    job_release(pool, next_done(pool));
    assert_true(readable(pool, 0)); /* there is the other one still */
    job_release(side, job_pool_collect(side));
    assert_false(readable(pool, 0));
    submit(side, (struct task){.behaviour = QUICK}, 0);
    assert_true(readable(pool, 10000));
    job_pool_free(side);
    assert_false(readable(pool, 0)); /* nobody is woken for what has gone */
    job_pool_free(pool);
}

static void test_cancelled_before_start(void **state)
{
    struct job_pool *pool = new_pool(1);
    atomic_bool gate = false;
    atomic_int sequence = 0, alive = 0;
    struct task *first = submit(pool, (struct task){.behaviour = UNTIL_OPEN, .gate = &gate, .alive = &alive}, 0);
    struct task *second = submit(pool, (struct task){.behaviour = QUICK, .sequence = &sequence, .alive = &alive}, -1);
    job_cancel(second->job);
    assert_true(readable(pool, 0)); /* at once, although the worker is busy */
    struct job *job = job_pool_collect(pool);
    assert_ptr_equal(job, second->job);
    const isd_error *err;
    assert_int_equal(job_result(job, &err), ISD_CANCELLED);
    assert_true(job_elapsed(job) == 0.0);
    job_release(pool, job);
    assert_int_equal(atomic_load(&alive), 1);
    assert_int_equal(atomic_load(&sequence), 0);
    atomic_store(&gate, true);
    job = next_done(pool);
    assert_ptr_equal(job, first->job);
    job_cancel(job); /* too late, harmless */
    assert_int_equal(job_result(job, NULL), ISD_OK);
    job_release(pool, job);
    job_pool_free(pool);
    assert_int_equal(atomic_load(&alive), 0);
}

static void test_cancel_latency_and_free_while_running(void **state)
{
    atomic_int alive = 0;
    struct job_pool *pool = new_pool(3);
    struct task *task = submit(pool, (struct task){.behaviour = UNTIL_CANCELLED, .alive = &alive}, 0);
    while (job_state(task->job) != JOB_RUNNING) {
        sleep_ms(0.1);
    }
    for (int k = 0; k < 20; k++) {
        submit(pool, (struct task){.behaviour = UNTIL_CANCELLED, .alive = &alive}, k);
    }
    job_cancel(task->job);
    struct job *job = next_done(pool);
    assert_ptr_equal(job, task->job);
    job_release(pool, job);
    double start = clock_now();
    job_pool_free(pool); /* three running, the rest waiting */
    assert_true(clock_now() - start < 1.0);
    assert_int_equal(atomic_load(&alive), 0);
}

static isd_status report_signals(void *arg, isd_control *control, isd_error *err)
{
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    int *ret = arg;
    ret[0] = sigismember(&blocked, SIGINT) && sigismember(&blocked, SIGWINCH) && sigismember(&blocked, SIGTERM) &&
             sigismember(&blocked, SIGCHLD);
    ret[1] = getpriority(PRIO_PROCESS, (id_t)gettid());
    return ISD_OK;
}

static void test_workers_are_quiet(void **state)
{
    int before = getpriority(PRIO_PROCESS, 0);
    for (int nice = 0; nice < 2; nice++) {
        struct job_pool *pool = NULL;
        assert_int_equal(job_pool_new(1, nice == 1, &pool, NULL), ISD_OK);
        int seen[2] = {0, 0};
        struct job *job;
        assert_int_equal(job_submit(pool, NULL, 0, report_signals, NULL, seen, &job, NULL), ISD_OK);
        job_release(pool, next_done(pool));
        assert_int_equal(seen[0], 1);
#ifdef __linux__
        assert_int_equal(seen[1], nice ? 10 : before);
#endif
        job_pool_free(pool);
    }
    assert_int_equal(getpriority(PRIO_PROCESS, 0), before);
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    assert_int_equal(sigismember(&blocked, SIGINT), 0);
}

static isd_status half_way(void *arg, isd_control *control, isd_error *err)
{
    isd_control_report(control, 1, 4);
    while (!atomic_load((atomic_bool *)arg)) {
        sleep_ms(0.1);
    }
    return ISD_OK;
}

static void test_eta(void **state)
{
    struct job_pool *pool = new_pool(1);
    atomic_bool gate = false;
    struct job *job;
    assert_int_equal(job_submit(pool, "half", 0, half_way, NULL, &gate, &job, NULL), ISD_OK);
    while (job_fraction(job) == 0.0) {
        sleep_ms(0.1);
    }
    sleep_ms(10);
    double before = job_elapsed(job), eta = job_eta(job), after = job_elapsed(job);
    assert_true(before > 0.005);
    assert_true(eta >= 3 * before * (1 - 1e-12) && eta <= 3 * after * (1 + 1e-12));
    atomic_store(&gate, true);
    job_release(pool, next_done(pool));
    job_pool_free(pool);
}

/* Idle workers take part in a loop: its chunks wait for each other, so one thread alone would never end. */
struct meeting {
    atomic_int present;
    int expected;
    bool met;
};

static void meet(void *arg, int32_t k)
{
    struct meeting *meeting = arg;
    atomic_fetch_add(&meeting->present, 1);
    for (int n = 0; n < 100000 && atomic_load(&meeting->present) < meeting->expected; n++) {
        sleep_ms(0.1);
    }
}

static isd_status hold_meeting(void *arg, isd_control *control, isd_error *err)
{
    struct meeting *meeting = arg;
    isd_control_for(control, meeting->expected, meet, meeting);
    meeting->met = atomic_load(&meeting->present) == meeting->expected;
    return ISD_OK;
}

static void test_idle_workers_share_a_loop(void **state)
{
    struct job_pool *pool = new_pool(3);
    struct meeting meeting = {.expected = 3};
    double start = clock_now();
    assert_int_equal(job_submit(pool, "meeting", 0, hold_meeting, NULL, &meeting, NULL, NULL), ISD_OK);
    job_release(pool, next_done(pool));
    assert_true(meeting.met);
    assert_true(clock_now() - start < 5.0);
    job_pool_free(pool);
}

/* A chunk that starts a loop of its own, with every worker in the same position. */
static void inner(void *arg, int32_t k)
{
    atomic_fetch_add((atomic_int *)arg, k);
}

struct nested {
    isd_control *control;
    atomic_int sum;
};

static void outer(void *arg, int32_t k)
{
    struct nested *nested = arg;
    isd_control_for(nested->control, 20, inner, &nested->sum);
}

static isd_status nest(void *arg, isd_control *control, isd_error *err)
{
    struct nested *nested = arg;
    nested->control = control;
    isd_control_for(control, 30, outer, nested);
    return ISD_OK;
}

static void test_nested_loops(void **state)
{
    for (int c = 0; c < N_COUNTS; c++) {
        struct job_pool *pool = new_pool(thread_counts[c]);
        enum { JOBS = 12 };
        struct nested nested[JOBS] = {0};
        for (int k = 0; k < JOBS; k++) {
            assert_int_equal(job_submit(pool, "nest", k % 3, nest, NULL, &nested[k], NULL, NULL), ISD_OK);
        }
        for (int k = 0; k < JOBS; k++) {
            job_release(pool, next_done(pool));
        }
        for (int k = 0; k < JOBS; k++) {
            assert_int_equal(atomic_load(&nested[k].sum), 30 * 190);
        }
        job_pool_free(pool);
    }
}

/* Random submit, cancel, raise, look, collect and free, against a model of who must arrive. */
enum { MOST_LIVE = 40 };

static struct task random_task(struct rng *rng, atomic_int *alive)
{
    static const enum behaviour kinds[] = {QUICK, QUICK, FAILING, UNTIL_CANCELLED, LOOPING, LOOPING};
    return (struct task){.behaviour = kinds[rng_below(rng, 6)], .n = (int)rng_below(rng, 200), .alive = alive};
}

static void check_outcome(const struct task *task, struct job *job)
{
    const isd_error *err = NULL;
    isd_status status = job_result(job, &err);
    if (status == ISD_CANCELLED) {
        assert_true(task->cancelled);
        return;
    }
    assert_int_equal(status, task->behaviour == FAILING ? ISD_DATA : ISD_OK);
    assert_int_not_equal(task->behaviour, UNTIL_CANCELLED);
    if (task->behaviour == LOOPING) {
        uint64_t n = (uint64_t)task->n;
        assert_true(task->sum == (n ? (n - 1) * n * (2 * n - 1) / 6 : 0));
    }
}

struct live {
    struct task *task[MOST_LIVE];
    int n;
};

static void collect_one(struct job_pool *pool, struct live *live, bool wait)
{
    struct job *job = wait ? next_done(pool) : job_pool_collect(pool);
    if (!job) {
        return;
    }
    struct task *task = job_arg(job);
    int k = 0;
    while (k < live->n && live->task[k] != task) {
        k++;
    }
    assert_true(k < live->n); /* each arrives once */
    live->task[k] = live->task[--live->n];
    check_outcome(task, job);
    job_release(pool, job);
}

static void cancel_random(struct rng *rng, struct live *live)
{
    struct task *task = live->task[rng_below(rng, (uint32_t)live->n)];
    task->cancelled = true;
    job_cancel(task->job);
}

static void look_around(struct job_pool *pool, struct rng *rng, const struct live *live)
{
    for (int k = 0; k < job_pool_count(pool); k++) {
        struct job *job = job_pool_at(pool, k);
        if (job) {
            assert_true(job_fraction(job) >= 0 && job_fraction(job) <= 1);
            assert_true(job_elapsed(job) >= 0);
            double eta = job_eta(job);
            assert_true(isnan(eta) || eta >= 0);
        }
    }
    assert_true(live->n >= job_pool_count(pool));
}

static void random_steps(struct job_pool *pool, struct rng *rng, atomic_int *alive)
{
    struct live live = {.n = 0};
    for (int step = 0; step < steps; step++) {
        uint32_t action = rng_below(rng, 100);
        if (action < 45 && live.n < MOST_LIVE) {
            struct task prototype = random_task(rng, alive);
            live.task[live.n++] = submit(pool, prototype, rng_below(rng, 4));
        } else if (action < 65 && live.n > 0) {
            cancel_random(rng, &live);
        } else if (action < 75 && live.n > 0) {
            job_raise(pool, live.task[rng_below(rng, (uint32_t)live.n)]->job, rng_below(rng, 8));
        } else if (action < 78) {
            look_around(pool, rng, &live);
        } else if (action < 98) {
            collect_one(pool, &live, false);
        } else {
            sleep_ms(0.05); /* let some start */
        }
    }
    if (rng_below(rng, 2)) {
        return; /* the pool is freed with jobs in every state */
    }
    while (live.n > 0) {
        for (int k = 0; k < live.n; k++) {
            live.task[k]->cancelled = true;
            job_cancel(live.task[k]->job);
        }
        collect_one(pool, &live, true);
    }
    assert_false(readable(pool, 0));
    assert_int_equal(job_pool_count(pool), 0);
}

static void test_random_sequences(void **state)
{
    atomic_int alive = 0;
    for (int c = 0; c < N_COUNTS; c++) {
        for (int round = 0; round < rounds; round++) {
            struct rng rng;
            rng_init(&rng, (uint64_t)(100000 * c + round));
            struct job_pool *pool = new_pool(thread_counts[c]);
            random_steps(pool, &rng, &alive);
            job_pool_free(pool);
            assert_int_equal(atomic_load(&alive), 0);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        rounds = atoi(argv[1]);
    }
    if (argc > 2) {
        steps = atoi(argv[2]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default_threads),
        cmocka_unit_test(test_refuses_no_threads),
        cmocka_unit_test(test_results_and_errors),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_side_by_side),
        cmocka_unit_test(test_cancelled_before_start),
        cmocka_unit_test(test_cancel_latency_and_free_while_running),
        cmocka_unit_test(test_workers_are_quiet),
        cmocka_unit_test(test_eta),
        cmocka_unit_test(test_idle_workers_share_a_loop),
        cmocka_unit_test(test_nested_loops),
        cmocka_unit_test(test_random_sequences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
