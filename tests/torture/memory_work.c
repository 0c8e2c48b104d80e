/* Computations, commands and jobs while memory runs out. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "analysis/histogram.h"
#include "analysis/series.h"
#include "app/command.h"
#include "app/filter.h"
#include "app/option.h"
#include "base/rng.h"
#include "isdmin/quench.h"
#include "job/pool.h"
#include "match/match.h"
#include "match/strings.h"
#include "memory.h"
#include "model/print.h"
#include "kept.h"
#include "lib/must.h"

#define SIDE 4
#define ATOMS (SIDE * SIDE * SIDE)

static const isd_lj_pair kob_andersen[4] = {
    {1, 1, 2.5, true}, {1.5, 0.8, 2.0, true}, {1.5, 0.8, 2.0, true}, {0.5, 0.88, 2.2, true}};

/* Two structures of a small glass, made when nothing fails yet. */
static const isd_snapshot *glass(int which)
{
    static isd_snapshot *made[2];
    struct rng rng;
    rng_init(&rng, 7);
    for (int k = 0; k < 2 && made[1] == NULL; k++) {
        const double a = pow(1.2, -1.0 / 3);
        MUST(isd_snapshot_new(ATOMS, true, &made[k], NULL) == ISD_OK);
        isd_snapshot *s = made[k];
        s->box = (isd_box){.dim = 3, .periodic = {true, true, true}, .lx = SIDE * a, .ly = SIDE * a, .lz = SIDE * a};
        s->has_ids = true;
        for (int i = 0; i < ATOMS; i++) {
            const int cell[3] = {i % SIDE, i / SIDE % SIDE, i / SIDE / SIDE};
            s->id[i] = i + 1;
            s->type[i] = 1 + (i % 5 == 0);
            for (int d = 0; d < 3; d++)
                s->position[3 * i + d] = a * (cell[d] + 0.3 * rng_double(&rng));
        }
        MUST(isd_snapshot_freeze(s, NULL) == ISD_OK);
    }
    return made[which];
}

static isd_status quench(const void *arg, isd_error *err)
{
    double position[3 * ATOMS];
    isd_potential *potential = NULL;
    isd_quench_options options;
    isd_quench_result result, untouched;
    const isd_snapshot *s = glass(0);
    memcpy(position, s->position, sizeof position);
    memset(&result, 0x5a, sizeof result);
    memcpy(&untouched, &result, sizeof result);
    isd_quench_defaults(&options);
    options.method = arg;
    options.max_iterations = 5;
    isd_status status = isd_potential_lj(kob_andersen, 2, true, &potential, err);
    if (status == ISD_OK)
        status = isd_quench(potential, &s->box, s->type, s->n, &options, NULL, position, &result, err);
    MUST(status == ISD_OK || memcmp(&result, &untouched, sizeof result) == 0);
    isd_potential_unref(potential);
    return status;
}

static isd_status tersoff(const void *arg, isd_error *err)
{
    static const char *const elements[] = {"Si", "O"};
    double force[3 * ATOMS];
    isd_potential *potential = NULL;
    isd_evaluator *evaluator = NULL;
    isd_energy energy = {0};
    const isd_snapshot *s = glass(0);
    isd_box box = s->box;
    double position[3 * ATOMS];
    box.lx = box.ly = box.lz = 2.2 * box.lx;
    for (int k = 0; k < 3 * ATOMS; k++)
        position[k] = 2.2 * s->position[k];
    isd_status status = isd_potential_tersoff_sio2(arg != NULL, elements, 2, &potential, err);
    if (status == ISD_OK)
        status = isd_evaluator_new(potential, &box, s->type, s->n, &evaluator, err);
    if (status == ISD_OK)
        status = isd_evaluator_compute(evaluator, position, NULL, force, &energy, err);
    isd_evaluator_free(evaluator);
    isd_potential_unref(potential);
    return status;
}

static isd_status assign(const void *arg, isd_error *err)
{
    const isd_snapshot *a = glass(0), *b = glass(1);
    isd_assignment x = {.n = -7};
    isd_certificate proof = {.sum_sq = -1};
    (void)arg;
    isd_status status = isd_assign(&a->box, a->position, b->position, a->n, NULL, NULL, &x, err);
    if (status != ISD_OK) {
        MUST(x.n == -7 && x.partner == NULL);
        return status;
    }
    status = isd_assignment_check(&a->box, a->position, b->position, a->n, x.partner, x.v, NULL, &proof, err);
    MUST(status == ISD_OK ? proof.certified : proof.sum_sq == -1);
    isd_assignment_done(&x);
    return status;
}

static isd_status match(const void *arg, isd_error *err)
{
    const struct match_options options = {.drift_remove = true, .align = arg != NULL, .alternatives = true, .eps = 0.01};
    struct match *const untouched = (struct match *)(uintptr_t)&options;
    struct match *found = untouched;
    isd_status status = match_snapshots(glass(0), glass(1), &options, NULL, &found, err);
    if (status != ISD_OK) {
        MUST(found == untouched);
        return status;
    }
    int32_t *next = NULL;
    struct cycle_stats stats = {.longest = 0};
    status = match_next(found, glass(0), glass(1), &next, err);
    if (status == ISD_OK)
        status = cycle_stats(next, found->u_mat, found->n, 0.2, &stats, err);
    if (status == ISD_OK)
        cycle_stats_done(&stats);
    free(next);
    match_free(found);
    return status;
}

static isd_status histograms(const void *arg, isd_error *err)
{
    struct gr_counts *counts = NULL;
    double g[50], *tw = NULL;
    int32_t n = 0;
    const int64_t steps[] = {0, 10, 20, 40, 80};
    const struct frame_times times = {.n = 5, .step = steps, .dt = 1};
    (void)arg;
    isd_status status = gr_count(glass(0), 50, 0, NULL, &counts, err);
    if (status == ISD_OK)
        gr_normalise(counts, 1, 2, g);
    gr_free(counts);
    if (status == ISD_OK)
        status = series_all_tw(&times, &tw, &n, err);
    free(tw);
    return status;
}

/* --- commands ---------------------------------------------------------------------------------------------------------- */

static isd_status commands(const void *arg, isd_error *err)
{
    struct script script = {.name = "x", .text = arg};
    for (;;) {
        struct command_call *call = NULL;
        int32_t *frames = NULL, n = 0;
        isd_status status = command_parse(&script, &call, err);
        if (status != ISD_OK || call == NULL)
            return status;
        if (call_n_words(call) > 0)
            status = frames_parse(call_word(call, 0), 12, &frames, &n, err);
        free(frames);
        command_call_free(call);
        if (status != ISD_OK)
            return status;
    }
}

static double no_word(void *arg, const char *column, const char *word)
{
    (void)arg;
    (void)column;
    (void)word;
    return 1;
}

static isd_status words(const void *arg, isd_error *err)
{
    static const char *const names[] = {"u_lab", "type"};
    char *argv[] = {(char *)(uintptr_t)"isdmin", (char *)(uintptr_t)"-c", (char *)(uintptr_t)"info", (char *)(uintptr_t)"a.dump", NULL};
    struct filter *filter = NULL;
    struct invocation invocation;
    (void)arg;
    isd_status status = filter_parse("u_lab > 0.5 && (type == A || !(type == 2))", names, 2, no_word, NULL, &filter, err);
    filter_free(filter);
    if (status == ISD_OK)
        status = invocation_parse(4, argv, &invocation, err);
    if (status == ISD_OK)
        invocation_done(&invocation);
    char *help = command_help(NULL), *usage = invocation_help();
    bool whole = help != NULL && usage != NULL;
    free(help);
    free(usage);
    return status == ISD_OK && !whole ? isd_error_memory(err) : status;
}

/* A result is never half: where memory ran out it says so, and so does its text. */
static isd_status results(const void *arg, isd_error *err)
{
    static const double reals[] = {1, 2.5, -3};
    static const char *const texts[] = {"a", "b\n", "c"};
    struct result *result = result_new("test", RESULT_ROWS), *part = result_new("part", RESULT_RECORD);
    struct print_buffer text = {0};
    const enum print_format *format = arg;
    result_int(part, "n", 3);
    result_text(result, "text", "x \x1b y");
    result_reals(result, "r", "sigma", reals, 3);
    result_texts(result, "t", texts, 3);
    result_object(result, "part", part);
    result_mark(result, "not %s", "converged");
    bool failed = result_failed(result);
    if (!failed) {
        print_result(&text, *format, result, NULL);
        failed = text.failed;
    }
    print_buffer_done(&text);
    result_free(result);
    return failed ? isd_error_memory(err) : ISD_OK;
}

/* --- jobs -------------------------------------------------------------------------------------------------------------- */

static isd_status job_work(void *arg, isd_control *control, isd_error *err)
{
    (void)control;
    char *block = malloc(100);
    if (block == NULL)
        return isd_error_memory(err);
    free(block);
    *(int *)arg = 1;
    return ISD_OK;
}

static isd_status jobs(const void *arg, isd_error *err)
{
    struct job_pool *pool = NULL;
    int submitted = 0;
    isd_status status = job_pool_new(2, false, &pool, err), worst = ISD_OK;
    (void)arg;
    for (int k = 0; k < 4 && status == ISD_OK; k++) {
        int *done = calloc(1, sizeof *done);
        struct job *job = NULL;
        status = done != NULL ? job_submit(pool, "a job", k, job_work, free, done, &job, err) : isd_error_memory(err);
        submitted += status == ISD_OK;
    }
    for (int k = 0; k < submitted; k++) {
        struct pollfd fd = {.fd = job_pool_wake_fd(pool), .events = POLLIN};
        struct job *job;
        while ((job = job_pool_collect(pool)) == NULL)
            MUST(poll(&fd, 1, 10000) == 1);
        const isd_error *why;
        isd_status of = job_result(job, &why);
        if (of != ISD_OK) {
            worst = of;
            *err = *why;
        }
        MUST(of != ISD_OK || *(int *)job_arg(job) == 1);
        job_release(pool, job);
    }
    job_pool_free(pool);
    return status != ISD_OK ? status : worst;
}

/* --- the store --------------------------------------------------------------------------------------------------------- */

/* What a commit has acknowledged is there, whatever failed. */
static isd_status store_and_back(const void *arg, isd_error *err)
{
    const enum store_place *place = arg;
    const struct store_options options = {.place = *place};
    struct store *const untouched = (struct store *)(uintptr_t)&options;
    struct store *store = untouched;
    char path[64];
    bool kept = false;
    snprintf(path, sizeof path, "/dev/shm/isdmin-memory-%ld.isdb", (long)getpid());
    isd_status status = store_open(path, &options, NULL, NULL, &store, err);
    if (status != ISD_OK) {
        MUST(store == untouched);
        store_remove(path, NULL);
        return status;
    }
    for (int k = 0; k < 2 && status == ISD_OK; k++) {
        status = rows_put_structure(store, k);
        if (status != ISD_OK)
            isd_error_memory(err);
    }
    if (status == ISD_OK && rows_put_matching(store, 0, true, true, 0.5) != ISD_OK)
        status = isd_error_memory(err);
    if (status == ISD_OK) {
        status = store_commit(store, err);
        kept = status == ISD_OK;
        MUST(kept || store_waiting(store) > 0);
    }
    if (kept && !rows_has_structure(store, 0)) /* cannot be read now, is computed again */
        status = isd_error_memory(err);
    store_close(store);
    store_remove(path, NULL);
    return status;
}

const struct memory_case *memory_work_case(int k)
{
    static const enum store_place places[] = {STORE_PLACE_LOCAL, STORE_PLACE_SHARED};
    static const enum print_format formats[] = {PRINT_JSON, PRINT_CSV, PRINT_TEXT};
    static const struct memory_case cases[] = {
        {"quench lbfgs", quench, "lbfgs"},
        {"quench cg", quench, "cg"},
        {"quench fire", quench, "fire"},
        {"quench sd", quench, "sd"},
        {"tersoff", tersoff, NULL},
        {"assign", assign, NULL},
        {"match", match, NULL},
        {"match align", match, "align"},
        {"histograms", histograms, NULL},
        {"commands", commands, "quench 0..5 method=cg; match 0:last; info # x\n frames 'a b' --json=1; quench 0,3,4"},
        {"words", words, NULL},
        {"json", results, &formats[0]},
        {"csv", results, &formats[1]},
        {"text", results, &formats[2]},
        {"jobs", jobs, NULL},
        {"store, wal", store_and_back, &places[0]},
        {"store, journal", store_and_back, &places[1]},
    };
    return k < (int)(sizeof cases / sizeof *cases) ? &cases[k] : NULL;
}
