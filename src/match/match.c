/* IS D_min of two snapshots: species by species or blind, with labelled displacements beside. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/match.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "match/assign.h"
#include "match/reading.h"

enum { ALIGN_STEPS = 200 };

void match_trim(struct match *match)
{
    isd_snapshot_unref(match->a);
    isd_snapshot_unref(match->b);
    free(match->partner);
    free(match->v);
    free(match->u_mat);
    free(match->vec_mat);
    free(match->u_lab);
    free(match->vec_lab);
    free(match->cycle);
    free(match->cycle_length);
    match->a = match->b = NULL;
    match->partner = match->cycle = match->cycle_length = NULL;
    match->v = match->u_mat = match->vec_mat = match->u_lab = match->vec_lab = NULL;
}

void match_free(struct match *match)
{
    if (!match)
        return;
    match_trim(match);
    free(match);
}

/* Displacement of atom i from a to b as far as the files know it. */
static void labelled_vector(const isd_snapshot *a, const isd_snapshot *b, const isd_lattice *lattice, bool unwrapped, int32_t i,
                            double ret_d[3])
{
    double ra[3], rb[3];
    if (unwrapped) {
        isd_snapshot_unwrapped(a, i, ra);
        isd_snapshot_unwrapped(b, i, rb);
    } else {
        memcpy(ra, a->position + 3 * (size_t)i, sizeof ra);
        memcpy(rb, b->position + 3 * (size_t)i, sizeof rb);
    }
    for (int c = 0; c < 3; c++)
        ret_d[c] = rb[c] - ra[c];
    if (!unwrapped)
        isd_lattice_shortest(lattice, ret_d);
    if (lattice->dim == 2)
        ret_d[2] = 0;
}

static double atom_mass(const isd_snapshot *a, const struct match_options *options, int32_t i)
{
    return options->mass ? options->mass[a->type[i]] : 1;
}

/* Mean of vec_lab weighted by mass. */
static void find_drift(struct match *match, const isd_snapshot *a, const struct match_options *options)
{
    double sum[3] = {0, 0, 0}, mass = 0;
    for (int32_t i = 0; i < match->n; i++) {
        double m = atom_mass(a, options, i);
        mass += m;
        for (int c = 0; c < 3; c++)
            sum[c] += m * match->vec_lab[3 * (size_t)i + (size_t)c];
    }
    for (int c = 0; c < 3; c++)
        match->drift[c] = mass > 0 ? sum[c] / mass : 0;
}

static isd_status fill_labelled(struct match *match, const isd_lattice *lattice, const struct match_options *options, isd_error *err)
{
    const isd_snapshot *a = match->a, *b = match->b;
    size_t n = (size_t)match->n;
    match->u_lab = malloc((n + 1) * sizeof *match->u_lab);
    match->vec_lab = malloc(3 * (n + 1) * sizeof *match->vec_lab);
    if (!match->u_lab || !match->vec_lab)
        return isd_error_memory(err);
    match->unwrapped = isd_snapshot_can_unwrap(a) && isd_snapshot_can_unwrap(b);
    for (int32_t i = 0; i < match->n; i++)
        labelled_vector(a, b, lattice, match->unwrapped, i, match->vec_lab + 3 * (size_t)i);
    find_drift(match, a, options);
    double sum = 0, sum_image = 0;
    int32_t jumps = 0;
    for (size_t i = 0; i < n; i++) {
        double d[3], *vec = match->vec_lab + 3 * i, sq = 0;
        for (size_t c = 0; c < 3; c++) {
            double moved = options->drift_remove ? match->drift[c] : 0;
            vec[c] -= moved;
            sq += vec[c] * vec[c];
            d[c] = b->position[3 * i + c] - a->position[3 * i + c] - moved;
        }
        match->u_lab[i] = sqrt(sq);
        sum += sq;
        sum_image += isd_lattice_shortest(lattice, d);
        jumps += match->u_lab[i] > match->r0 / 2;
    }
    double count = n > 0 ? (double)n : 1;
    match->rmsd = sqrt(sum_image / count);
    match->rmsd_unwrapped = match->unwrapped ? sqrt(sum / count) : NAN;
    match->jump_fraction = jumps / count;
    return ISD_OK;
}

static isd_status check_options(const struct match_options *options, isd_error *err)
{
    if (options->like == MATCH_LIKE_SCRIPT && (options->align || options->affine || options->drift_remove || options->alternatives)) {
        isd_error_set(err, ISD_USAGE, "like=script knows neither drift=, align=, boxes= nor eps=");
        isd_error_hint(err, "leave them out, or leave out like=script");
        return ISD_USAGE;
    }
    return ISD_OK;
}

/* What both kinds of match begin with. */
static isd_status begin(const isd_snapshot *a, const isd_snapshot *b, const struct match_options *options, isd_lattice *ret_lattice,
                        struct match **ret_match, isd_error *err)
{
    isd_status status = check_options(options, err);
    if (status != ISD_OK)
        return status;
    struct match *match = calloc(1, sizeof *match);
    if (!match)
        return isd_error_memory(err);
    match->rmsd = match->rmsd_unwrapped = match->jump_fraction = NAN;
    match->drift[0] = match->drift[1] = match->drift[2] = NAN;
    match->exchanged = match->exchanged_type = match->degenerate = match->ties = -1;
    status = reading_prepare(a, b, options, match, err);
    if (status == ISD_OK) {
        isd_lattice_init(ret_lattice, &match->a->box);
        if (match->labelled)
            status = fill_labelled(match, ret_lattice, options, err);
        else if (options->drift_remove)
            status = isd_error_set(err, ISD_DATA, "the drift is that of labelled atoms, and the frames do not have the same ids");
    }
    if (status != ISD_OK) {
        match_free(match);
        return status;
    }
    *ret_match = match;
    return ISD_OK;
}

/* The atoms of one type (0: all), as one problem. */
struct group {
    int32_t n;
    int32_t *of_a, *of_b; /* [n] indices of atoms */
    double *a, *b;        /* [3n] */
    int32_t *prefer;      /* [n], or NULL without labels */
};

static void group_done(struct group *group)
{
    free(group->of_a);
    free(group->of_b);
    free(group->a);
    free(group->b);
    free(group->prefer);
    *group = (struct group){0};
}

/* Where atom `index` of A stands among those of its type in B, by bisection, or -1. */
static int32_t group_find(const struct group *group, int32_t index)
{
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

/* A match under way. */
struct pairing {
    struct match *match;
    const struct match_options *options;
    const isd_lattice *lattice;
    isd_control *control;
    const int32_t *prefer; /* [n] the atom of b to prefer where optima tie, or NULL: that of the same label */
};

static isd_status group_allocate(struct group *group, bool with_prefer, isd_error *err)
{
    size_t n = (size_t)group->n + 1;
    group->of_a = malloc(n * sizeof *group->of_a);
    group->of_b = malloc(n * sizeof *group->of_b);
    group->a = malloc(3 * n * sizeof *group->a);
    group->b = malloc(3 * n * sizeof *group->b);
    group->prefer = with_prefer ? malloc(n * sizeof *group->prefer) : NULL;
    if (group->of_a && group->of_b && group->a && group->b && (group->prefer || !with_prefer))
        return ISD_OK;
    group_done(group);
    return isd_error_memory(err);
}

static isd_status group_init(struct group *group, const struct pairing *p, int type, isd_error *err)
{
    const isd_snapshot *a = p->match->a, *b = p->match->b;
    *group = (struct group){.n = type == 0 ? a->n : isd_snapshot_count(a, type)};
    isd_status status = group_allocate(group, p->prefer || p->match->labelled, err);
    if (status != ISD_OK)
        return status;
    size_t in_a = 0, in_b = 0;
    for (int32_t i = 0; i < a->n; i++) {
        if (type == 0 || a->type[i] == type) {
            memcpy(group->a + 3 * in_a, a->position + 3 * (size_t)i, 3 * sizeof *group->a);
            group->of_a[in_a++] = i;
        }
        if (type == 0 || b->type[i] == type) {
            for (size_t c = 0; c < 3; c++)
                group->b[3 * in_b + c] = b->position[3 * (size_t)i + c] - p->match->shift[c];
            group->of_b[in_b++] = i;
        }
    }
    for (int32_t k = 0; k < group->n && group->prefer; k++) {
        int32_t atom = group->of_a[k];
        group->prefer[k] = group_find(group, p->prefer ? p->prefer[atom] : atom);
    }
    return ISD_OK;
}

/* The displacement from a to b by the distance that is in force; returns its square. */
static double matched_vector(const struct pairing *p, const double *a, const double *b, double ret_d[3])
{
    for (int c = 0; c < 3; c++)
        ret_d[c] = b[c] - a[c];
    return p->options->like == MATCH_LIKE_SCRIPT ? script_wrap(&p->match->a->box, ret_d) : isd_lattice_shortest(p->lattice, ret_d);
}

/* Partners, prices and displacements of a solved group into the match. */
static void group_store(const struct pairing *p, const struct group *group, const isd_assignment *x)
{
    struct match *match = p->match;
    for (int32_t k = 0; k < group->n; k++) {
        size_t i = (size_t)group->of_a[k], j = (size_t)x->partner[k];
        double sq = matched_vector(p, group->a + 3 * (size_t)k, group->b + 3 * j, match->vec_mat + 3 * i);
        match->u_mat[i] = sqrt(sq);
        match->partner[i] = group->of_b[j];
        match->v[group->of_b[j]] = x->v[j];
    }
}

static void add_proof(struct match *match, const isd_assignment *x, const isd_certificate *proof)
{
    match->sum_sq += proof->sum_sq;
    match->dual += proof->dual;
    match->gap_abs += proof->gap_abs;
    match->bound += proof->bound;
    match->certified = match->certified && proof->certified;
    match->edges_per_atom += x->edges;
}

static isd_status add_degenerate(const struct pairing *p, const struct group *group, const isd_assignment *x, isd_error *err)
{
    struct match *match = p->match;
    double rounding = 1e-10 * match->r0 * match->r0;
    int32_t near = 0, ties = 0;
    isd_status status = degenerate_count(p->lattice, group->a, group->b, group->n, x->partner, x->v, rounding, p->control, &ties, err);
    if (status == ISD_OK)
        status = degenerate_count(p->lattice, group->a, group->b, group->n, x->partner, x->v, fmax(p->options->eps, rounding),
                                  p->control, &near, err);
    match->degenerate += near;
    match->ties += ties;
    return status;
}

/* prove: with certificate and all that follows from the duals; else only partners and displacements. */
static isd_status match_group(const struct pairing *p, int type, bool prove, struct progress progress, isd_error *err)
{
    struct group group;
    isd_assignment x = {0};
    isd_certificate proof = {0};
    const isd_box *box = &p->match->a->box;
    isd_status status = group_init(&group, p, type, err);
    if (status != ISD_OK)
        return status;
    if (p->options->like == MATCH_LIKE_SCRIPT) {
        status = script_assign(box, group.a, group.b, group.n, group.prefer, progress, &x, &proof, err);
    } else {
        status = assign_part(box, group.a, group.b, group.n, group.prefer, progress, &x, err);
        if (status == ISD_OK && prove)
            status = isd_assignment_check(box, group.a, group.b, group.n, x.partner, x.v, p->control, &proof, err);
    }
    if (status == ISD_OK)
        group_store(p, &group, &x);
    if (status == ISD_OK && prove)
        add_proof(p->match, &x, &proof);
    if (status == ISD_OK && prove && p->options->alternatives)
        status = add_degenerate(p, &group, &x, err);
    isd_assignment_done(&x);
    group_done(&group);
    return status;
}

static isd_status match_types(const struct pairing *p, bool prove, double from, isd_error *err)
{
    struct match *match = p->match;
    bool blind = p->options->blind || p->options->like == MATCH_LIKE_SCRIPT;
    double total = match->n > 0 ? match->n : 1;
    int32_t done = 0;
    for (int type = blind ? 0 : 1; type <= (blind ? 0 : match->n_types); type++) {
        int32_t count = type == 0 ? match->n : isd_snapshot_count(match->a, type);
        double to = prove ? from + (1 - from) * (done + count) / total : from;
        struct progress progress = {p->control, prove ? from + (1 - from) * done / total : from, to};
        isd_status status = match_group(p, type, prove, progress, err);
        if (status != ISD_OK)
            return status;
        done += count;
    }
    return ISD_OK;
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
 * assignment starts from the partners of the one before. */
static isd_status align(struct pairing *p, isd_error *err)
{
    struct match *match = p->match;
    int32_t *before = malloc(((size_t)match->n + 1) * sizeof *before);
    if (!before)
        return isd_error_memory(err);
    isd_status status = ISD_OK;
    while (match->align_steps < ALIGN_STEPS && !match->aligned && status == ISD_OK) {
        double mean[3], size = 0;
        status = match_types(p, false, 0.8 - 0.8 / (1 + match->align_steps), err);
        if (status != ISD_OK)
            break;
        mean_vector(match, mean);
        for (int c = 0; c < 3; c++) {
            match->shift[c] += mean[c];
            size += mean[c] * mean[c];
        }
        match->align_steps++;
        match->aligned = sqrt(size) <= 1e-10 * match->r0;
        memcpy(before, match->partner, (size_t)match->n * sizeof *before);
        p->prefer = before;
    }
    p->prefer = NULL;
    free(before);
    return status;
}

/* Room for what a matching of match->n atoms says of each. */
static isd_status allocate_matched(struct match *match, isd_error *err)
{
    size_t n = (size_t)match->n + 1;
    match->partner = malloc(n * sizeof *match->partner);
    match->v = calloc(n, sizeof *match->v);
    match->u_mat = malloc(n * sizeof *match->u_mat);
    match->vec_mat = malloc(3 * n * sizeof *match->vec_mat);
    return match->partner && match->v && match->u_mat && match->vec_mat ? ISD_OK : isd_error_memory(err);
}

static isd_status match_groups(struct match *match, const isd_lattice *lattice, const struct match_options *options,
                               isd_control *control, isd_error *err)
{
    isd_status status = allocate_matched(match, err);
    if (status != ISD_OK)
        return status;
    struct pairing pairing = {match, options, lattice, control, NULL};
    if (options->drift_remove)
        memcpy(match->shift, match->drift, sizeof match->shift);
    if (options->alternatives)
        match->degenerate = match->ties = 0;
    status = options->align ? align(&pairing, err) : ISD_OK;
    match->certified = true;
    if (status == ISD_OK)
        status = match_types(&pairing, true, options->align ? 0.8 : 0, err);
    for (size_t i = 0; i < (size_t)match->n && status == ISD_OK; i++)
        match->max_u = fmax(match->max_u, match->u_mat[i]);
    return status;
}

/* whole: frame A with all its atoms, for the scales of the species. */
static void sum_types(struct match *match, const isd_snapshot *whole)
{
    const isd_snapshot *a = match->a, *b = match->b;
    match->exchanged_type = 0;
    match->exchanged = match->labelled ? 0 : -1;
    for (int t = 0; t < match->n_types; t++)
        match->per_type[t] = (struct match_type){.type = t + 1, .exchanged = match->labelled ? 0 : -1};
    for (int32_t i = 0; i < match->n; i++) {
        struct match_type *own = &match->per_type[a->type[i] - 1];
        double *d = match->vec_mat + 3 * (size_t)i;
        own->n++;
        own->sum_sq += d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
        match->exchanged_type += b->type[match->partner[i]] != a->type[i];
        if (match->labelled && match->partner[i] != i) {
            match->exchanged++;
            own->exchanged++;
        }
    }
    for (int t = 0; t < match->n_types; t++) {
        struct match_type *own = &match->per_type[t];
        own->d = own->n > 0 ? sqrt(own->sum_sq / own->n) : 0;
        int32_t in_frame = isd_snapshot_count(whole, own->type);
        own->r0 = in_frame > 0 ? isd_box_spacing(&a->box, in_frame) : NAN;
    }
}

isd_status match_snapshots(const isd_snapshot *a, const isd_snapshot *b, const struct match_options *options,
                           isd_control *control, struct match **ret_match, isd_error *err)
{
    isd_lattice lattice;
    struct match *match = NULL;
    isd_status status = begin(a, b, options, &lattice, &match, err);
    if (status != ISD_OK)
        return status;
    match->n_types = a->n_types > b->n_types ? a->n_types : b->n_types;
    double start = clock_thread_cpu();
    status = match_groups(match, &lattice, options, control, err);
    match->seconds = clock_thread_cpu() - start;
    if (status == ISD_OK) {
        double count = match->n > 0 ? match->n : 1;
        match->edges_per_atom /= count;
        match->d_min = sqrt(match->sum_sq / count);
        sum_types(match, a);
        if (match->labelled)
            status = cycles_number(match, err);
    }
    if (status != ISD_OK) {
        match_free(match);
        return status;
    }
    isd_control_report(control, 1, 1);
    *ret_match = match;
    return ISD_OK;
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

static isd_status restore_partners(struct match *match, const isd_lattice *lattice, const struct match_options *options,
                                   const int32_t *partner, const double *v, isd_error *err)
{
    isd_status status = allocate_matched(match, err);
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
    memcpy(match->partner, partner, (size_t)match->n * sizeof *partner);
    if (v)
        memcpy(match->v, v, (size_t)match->n * sizeof *v);
    return ISD_OK;
}

/* What `begin` finds too is as it finds it: only the rest is taken over. */
static void take_numbers(struct match *match, const struct match *numbers)
{
    struct match known = *numbers;
    known.a = match->a;
    known.b = match->b;
    known.partner = match->partner;
    known.u_mat = match->u_mat;
    known.v = match->v;
    known.vec_mat = match->vec_mat;
    known.u_lab = match->u_lab;
    known.vec_lab = match->vec_lab;
    known.cycle = match->cycle;
    known.cycle_length = match->cycle_length;
    *match = known;
}

isd_status match_restore(const isd_snapshot *a, const isd_snapshot *b, const struct match_options *options, const struct match *numbers,
                         const int32_t *partner, const double *v, struct match **ret_match, isd_error *err)
{
    isd_lattice lattice;
    struct match *match = NULL;
    isd_status status = begin(a, b, options, &lattice, &match, err);
    if (status != ISD_OK)
        return status;
    if (match->n != numbers->n || match->labelled != numbers->labelled || match->cell != numbers->cell)
        status = isd_error_set(err, ISD_DATA, "the numbers known are not of these frames");
    if (status == ISD_OK) {
        memcpy(match->shift, numbers->shift, sizeof match->shift);
        status = restore_partners(match, &lattice, options, partner, v, err);
    }
    if (status == ISD_OK && match->labelled)
        status = cycles_number(match, err);
    if (status != ISD_OK) {
        match_free(match);
        return status;
    }
    take_numbers(match, numbers);
    *ret_match = match;
    return ISD_OK;
}

isd_status match_labelled(const isd_snapshot *a, const isd_snapshot *b, const struct match_options *options,
                          struct match **ret_match, isd_error *err)
{
    isd_lattice lattice;
    struct match_options blind = *options;
    blind.blind = true;
    return begin(a, b, &blind, &lattice, ret_match, err);
}
