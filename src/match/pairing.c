/* The problems a match is made of, one for each type. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/pairing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "match/assign.h"
#include "match/reading.h"

enum { ALIGN_STEPS = 200 };

/* Shares of the progress: what is found by align, and within a problem what is solved before it is proved. */
static const double align_share = 0.8, solve_share = 0.9;

struct pairing {
    struct match *match;
    const struct match_options *options;
    const isd_lattice *lattice;
    isd_control *control;
    bool warm; /* match->partner and ->v hold what to begin with */
    bool keep; /* where optima tie, those partners before equal labels */
};

/* The atoms of one type (0: all), as one problem. */
struct group {
    int32_t n;
    int32_t *of_a, *of_b; /* [n] indices of atoms, rising; NULL: these are all atoms */
    const double *a, *b;  /* [3n] */
    double *own_a, *own_b; /* the same, or NULL where they are the snapshots' */
    int32_t *prefer;      /* [n], or NULL without labels */
    int32_t *start;       /* [n] partners to begin with, or NULL */
    double *start_v;      /* [n] and prices */
};

static void group_done(struct group *group)
{
    free(group->of_a);
    free(group->of_b);
    free(group->own_a);
    free(group->own_b);
    free(group->prefer);
    free(group->start);
    free(group->start_v);
}

/* Index of the atom that is number k in the group; `of`: of_a or of_b. */
static int32_t atom_of(const int32_t *of, int32_t k)
{
    return of ? of[k] : k;
}

/* Where atom `index` of B stands in the group, by bisection, or -1. */
static int32_t group_find(const struct group *group, int32_t index)
{
    if (!group->of_b)
        return index;
    int32_t lo = 0, hi = group->n;
    while (lo < hi) {
        int32_t middle = lo + (hi - lo) / 2;
        if (group->of_b[middle] < index)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo < group->n && group->of_b[lo] == index ? lo : -1;
}

static bool is_shifted(const struct match *match)
{
    return match->shift[0] != 0 || match->shift[1] != 0 || match->shift[2] != 0;
}

static isd_status group_allocate(struct group *group, const struct match *match, bool with_prefer, bool with_start, isd_error *err)
{
    size_t n = (size_t)group->n + 1;
    bool all = group->n == match->n, copied = !all || is_shifted(match);
    group->of_a = all ? NULL : malloc(n * sizeof *group->of_a);
    group->of_b = all ? NULL : malloc(n * sizeof *group->of_b);
    group->own_a = all ? NULL : malloc(3 * n * sizeof *group->own_a);
    group->own_b = copied ? malloc(3 * n * sizeof *group->own_b) : NULL;
    group->a = all ? match->a->position : group->own_a;
    group->b = copied ? group->own_b : match->b->position;
    group->prefer = with_prefer ? malloc(n * sizeof *group->prefer) : NULL;
    group->start = with_start ? malloc(n * sizeof *group->start) : NULL;
    group->start_v = with_start ? malloc(n * sizeof *group->start_v) : NULL;
    bool good = (all || (group->of_a && group->of_b)) && group->a && group->b && (group->prefer || !with_prefer);
    return good && ((group->start && group->start_v) || !with_start) ? ISD_OK : isd_error_memory(err);
}

/* What is copied of the frames. */
static void group_copy(struct group *group, const struct match *match, int type)
{
    const isd_snapshot *a = match->a, *b = match->b;
    size_t in_a = 0, in_b = 0;
    for (int32_t i = 0; i < a->n; i++) {
        if (group->of_a && a->type[i] == type) {
            memcpy(group->own_a + 3 * in_a, a->position + 3 * (size_t)i, 3 * sizeof *group->own_a);
            group->of_a[in_a++] = i;
        }
        if (!group->of_b || b->type[i] == type) {
            for (size_t c = 0; c < 3; c++)
                group->own_b[3 * in_b + c] = b->position[3 * (size_t)i + c] - match->shift[c];
            if (group->of_b)
                group->of_b[in_b] = i;
            in_b++;
        }
    }
}

static void group_fill(struct group *group, const struct pairing *p, int type)
{
    const struct match *match = p->match;
    if (group->own_b)
        group_copy(group, match, type);
    for (int32_t k = 0; k < group->n; k++) {
        int32_t atom = atom_of(group->of_a, k);
        if (group->prefer)
            group->prefer[k] = group_find(group, p->keep ? match->partner[atom] : atom);
        if (group->start) {
            group->start[k] = group_find(group, match->partner[atom]);
            group->start_v[k] = match->v[atom_of(group->of_b, k)];
        }
    }
}

/* The displacement from a to b by the distance that is in force; returns its square. */
static double matched_vector(const struct pairing *p, const double *a, const double *b, double ret_d[3])
{
    for (int c = 0; c < 3; c++)
        ret_d[c] = b[c] - a[c];
    return p->options->like == MATCH_LIKE_SCRIPT ? script_wrap(&p->match->a->box, ret_d) : isd_lattice_shortest(p->lattice, ret_d);
}

/* Partners, prices and displacements of a solved group into the match: each group has atoms of its own. */
static void group_store(const struct pairing *p, const struct group *group, const isd_assignment *x)
{
    struct match *match = p->match;
    for (int32_t k = 0; k < group->n; k++) {
        size_t i = (size_t)atom_of(group->of_a, k), j = (size_t)x->partner[k];
        int32_t atom = atom_of(group->of_b, x->partner[k]);
        double sq = matched_vector(p, group->a + 3 * (size_t)k, group->b + 3 * j, match->vec_mat + 3 * i);
        match->u_mat[i] = sqrt(sq);
        match->partner[i] = atom;
        match->v[atom] = x->v[j];
    }
}

/* One problem, and what became of it. */
struct task {
    const struct pairing *pairing;
    isd_control *control;
    int32_t n;
    int type;
    bool prove; /* with certificate and all that follows from the duals; else only partners and displacements */
    isd_status status;
    isd_error err;
    double edges;
    isd_certificate proof;
    int32_t near, ties;
    struct match_phases phases;
};

static isd_status count_degenerate(struct task *task, const struct group *group, const isd_assignment *x)
{
    const struct pairing *p = task->pairing;
    double rounding = 1e-10 * p->match->r0 * p->match->r0, eps = fmax(p->options->eps, rounding);
    isd_status status = degenerate_count(p->lattice, group->a, group->b, group->n, x->partner, x->v, rounding, task->control,
                                         &task->ties, &task->err);
    if (status == ISD_OK)
        status = degenerate_count(p->lattice, group->a, group->b, group->n, x->partner, x->v, eps, task->control, &task->near,
                                  &task->err);
    return status;
}

static isd_status solve(struct task *task, const struct group *group, isd_assignment *x)
{
    const struct pairing *p = task->pairing;
    const isd_box *box = &p->match->a->box;
    struct progress progress = {task->control, 0, task->prove ? solve_share : 1, &task->phases.solve};
    if (p->options->like == MATCH_LIKE_SCRIPT)
        return script_assign(box, group->a, group->b, group->n, group->prefer, progress, x, &task->proof, &task->err);
    isd_assign_start start = {group->start, group->start_v};
    isd_status status = assign_part_from(box, group->a, group->b, group->n, group->prefer, group->start ? &start : NULL, progress, x,
                                         &task->err);
    if (status != ISD_OK || !task->prove)
        return status;
    double cpu = clock_thread_cpu();
    status = isd_assignment_check(box, group->a, group->b, group->n, x->partner, x->v, task->control, &task->proof, &task->err);
    task->phases.certificate = clock_thread_cpu() - cpu;
    return status;
}

static void run_task(void *arg, int32_t k)
{
    struct task *task = (struct task *)arg + k;
    const struct pairing *p = task->pairing;
    struct group group = {.n = task->n};
    isd_assignment x = {0};
    task->status = group_allocate(&group, p->match, p->keep || p->match->labelled, p->warm, &task->err);
    if (task->status == ISD_OK) {
        group_fill(&group, p, task->type);
        task->status = solve(task, &group, &x);
    }
    if (task->status == ISD_OK) {
        task->edges = x.edges;
        group_store(p, &group, &x);
    }
    if (task->status == ISD_OK && task->prove && p->options->alternatives)
        task->status = count_degenerate(task, &group, &x);
    if (task->status == ISD_OK)
        isd_control_report(task->control, 1, 1);
    isd_assignment_done(&x);
    group_done(&group);
}

/* What was proved of one problem, added in the order of types. */
static void add_task(struct match *match, const struct task *task)
{
    match->sum_sq += task->proof.sum_sq;
    match->dual += task->proof.dual;
    match->gap_abs += task->proof.gap_abs;
    match->bound += task->proof.bound;
    match->certified = match->certified && task->proof.certified;
    match->edges_per_atom += task->edges;
    match->degenerate += task->near;
    match->ties += task->ties;
    match->phases[match->n_phases++] = task->phases;
}

static int larger_first(const void *a, const void *b)
{
    const struct task *s = a, *t = b;
    return s->n != t->n ? (s->n < t->n) - (s->n > t->n) : (s->type > t->type) - (s->type < t->type);
}

static int by_type(const void *a, const void *b)
{
    const struct task *s = a, *t = b;
    return (s->type > t->type) - (s->type < t->type);
}

/* The problems of this reading, none without atoms. Returns how many; with status not ISD_OK where a control is missing. */
static isd_status make_tasks(const struct pairing *p, bool prove, double share, struct task *tasks, int *ret_n, isd_error *err)
{
    const struct match *match = p->match;
    bool blind = p->options->blind || p->options->like == MATCH_LIKE_SCRIPT;
    for (int type = blind ? 0 : 1; type <= (blind ? 0 : match->n_types); type++) {
        int32_t n = type == 0 ? match->n : isd_snapshot_count(match->a, type);
        if (n == 0)
            continue;
        struct task *task = &tasks[(*ret_n)++];
        *task = (struct task){.pairing = p, .type = type, .n = n, .prove = prove, .phases = {.type = type, .n = n}};
        task->control = isd_control_part(p->control, share * n / match->n);
        if (!task->control)
            return isd_error_memory(err);
    }
    return ISD_OK;
}

/* All problems, side by side; share: of the progress. */
static isd_status run_tasks(const struct pairing *p, bool prove, double share, isd_error *err)
{
    struct task *tasks = calloc((size_t)p->match->n_types + 1, sizeof *tasks);
    int n = 0;
    if (!tasks)
        return isd_error_memory(err);
    isd_status status = make_tasks(p, prove, share, tasks, &n, err);
    if (status == ISD_OK) {
        qsort(tasks, (size_t)n, sizeof *tasks, larger_first); /* the longest is not to be begun last */
        isd_control_for(p->control, n, run_task, tasks);
        qsort(tasks, (size_t)n, sizeof *tasks, by_type);
    }
    for (int k = 0; k < n; k++) {
        if (status == ISD_OK && tasks[k].status != ISD_OK) {
            status = tasks[k].status;
            if (err)
                *err = tasks[k].err;
        }
        if (status == ISD_OK && prove)
            add_task(p->match, &tasks[k]);
        isd_control_free(tasks[k].control);
    }
    free(tasks);
    return status;
}

/* The mean matched displacement, which the best shift for this permutation takes away. */
static void mean_vector(const struct match *match, double ret_mean[3])
{
    double sum[3] = {0, 0, 0};
    for (size_t i = 0; i < (size_t)match->n; i++)
        for (size_t c = 0; c < 3; c++)
            sum[c] += match->vec_mat[3 * i + c];
    for (int c = 0; c < 3; c++)
        ret_mean[c] = match->n > 0 ? sum[c] / match->n : 0;
}

/* Assignment and shift in turn until the shift stays: each step lowers the sum, so it ends, in a local minimum. Each
 * assignment starts from the one before. */
static isd_status align(struct pairing *p, isd_error *err)
{
    struct match *match = p->match;
    while (match->align_steps < ALIGN_STEPS && !match->aligned) {
        double mean[3], size = 0, step = match->align_steps + 1;
        isd_status status = run_tasks(p, false, align_share / (step * (step + 1)), err);
        if (status != ISD_OK)
            return status;
        mean_vector(match, mean);
        for (int c = 0; c < 3; c++) {
            match->shift[c] += mean[c];
            size += mean[c] * mean[c];
        }
        match->align_steps++;
        match->aligned = sqrt(size) <= 1e-10 * match->r0;
        p->warm = p->keep = true;
    }
    p->keep = false;
    return ISD_OK;
}

static isd_status allocate(struct match *match, isd_error *err)
{
    size_t n = (size_t)match->n + 1;
    match->partner = malloc(n * sizeof *match->partner);
    match->v = calloc(n, sizeof *match->v);
    match->u_mat = malloc(n * sizeof *match->u_mat);
    match->vec_mat = malloc(3 * n * sizeof *match->vec_mat);
    match->phases = malloc((size_t)(match->n_types > 0 ? match->n_types : 1) * sizeof *match->phases);
    return match->partner && match->v && match->u_mat && match->vec_mat && match->phases ? ISD_OK : isd_error_memory(err);
}

/* How far b may have moved (root mean square, in r0) from a match that is to be begun from: measured; beyond, prices help no more. */
static const double near_enough = 0.1;

/* Whether atom k is the same one in both matches, in A and in B, for all k, and nearly in the same place. */
static bool is_near(const struct match *match, const isd_lattice *lattice, const struct match *other)
{
    size_t size = (size_t)match->n * sizeof *match->a->id;
    if (!other->partner || !other->v || other->n != match->n || memcmp(match->a->id, other->a->id, size) != 0 ||
        memcmp(match->b->id, other->b->id, size) != 0)
        return false;
    double sum = 0;
    for (size_t i = 0; i < (size_t)match->n; i++) {
        const double *now = match->b->position + 3 * i, *then = other->b->position + 3 * i;
        double d[3] = {now[0] - then[0], now[1] - then[1], now[2] - then[2]};
        sum += isd_lattice_shortest(lattice, d);
    }
    return sum <= near_enough * near_enough * match->r0 * match->r0 * match->n;
}

isd_status pairing_run(struct match *match, const isd_lattice *lattice, const struct match_options *options, isd_control *control,
                       isd_error *err)
{
    struct pairing pairing = {match, options, lattice, control, false, false};
    isd_status status = allocate(match, err);
    if (status != ISD_OK)
        return status;
    if (options->start && is_near(match, lattice, options->start)) {
        memcpy(match->partner, options->start->partner, (size_t)match->n * sizeof *match->partner);
        memcpy(match->v, options->start->v, (size_t)match->n * sizeof *match->v);
        pairing.warm = true;
    }
    if (options->drift_remove)
        memcpy(match->shift, match->drift, sizeof match->shift);
    if (options->align)
        status = align(&pairing, err);
    match->certified = true;
    match->degenerate = match->ties = 0;
    if (status == ISD_OK)
        status = run_tasks(&pairing, true, options->align ? 1 - align_share : 1, err);
    if (!options->alternatives)
        match->degenerate = match->ties = -1;
    for (size_t i = 0; i < (size_t)match->n && status == ISD_OK; i++)
        match->max_u = fmax(match->max_u, match->u_mat[i]);
    return status;
}

/* Each atom of b once, and of its own type unless types are ignored. */
static bool is_matching(const struct match *match, const int32_t *partner, bool blind, unsigned char *taken)
{
    for (int32_t i = 0; i < match->n; i++) {
        int32_t j = partner[i];
        if (j < 0 || j >= match->n || taken[j] || (!blind && match->a->type[i] != match->b->type[j]))
            return false;
        taken[j] = 1;
    }
    return true;
}

isd_status pairing_restore(struct match *match, const isd_lattice *lattice, const struct match_options *options,
                           const int32_t *partner, const double *v,
                           isd_error *err)
{
    isd_status status = allocate(match, err);
    unsigned char *taken = calloc((size_t)match->n + 1, 1);
    if (status != ISD_OK || !taken) {
        free(taken);
        return isd_error_memory(err);
    }
    bool good = is_matching(match, partner, options->blind || options->like == MATCH_LIKE_SCRIPT, taken);
    free(taken);
    if (!good)
        return isd_error_set(err, ISD_DATA, "the partners known are no matching of these frames");
    struct pairing pairing = {.match = match, .options = options, .lattice = lattice};
    for (size_t i = 0; i < (size_t)match->n; i++) {
        double b[3];
        for (size_t c = 0; c < 3; c++)
            b[c] = match->b->position[3 * (size_t)partner[i] + c] - match->shift[c];
        match->u_mat[i] = sqrt(matched_vector(&pairing, match->a->position + 3 * i, b, match->vec_mat + 3 * i));
    }
    free(match->phases); /* nothing was solved */
    match->phases = NULL;
    memcpy(match->partner, partner, (size_t)match->n * sizeof *partner);
    if (v)
        memcpy(match->v, v, (size_t)match->n * sizeof *v);
    return ISD_OK;
}
