/* IS D_min of two snapshots: species by species or blind, with labelled displacements beside. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/match.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "match/assign.h"

void match_free(struct match *match)
{
    if (!match)
        return;
    free(match->partner);
    free(match->u_mat);
    free(match->vec_mat);
    free(match->u_lab);
    free(match->vec_lab);
    free(match->cycle);
    free(match->cycle_length);
    free(match);
}

static isd_status check_counts(const isd_snapshot *a, const isd_snapshot *b, bool blind, isd_error *err)
{
    if (a->n != b->n)
        return isd_error_set(err, ISD_DATA, "the frames have %d and %d atoms", (int)a->n, (int)b->n);
    for (int type = 1; type <= ISD_MAX_TYPES && !blind; type++) {
        int32_t in_a = isd_snapshot_count(a, type), in_b = isd_snapshot_count(b, type);
        if (in_a == in_b)
            continue;
        const char *element = a->element[type][0] ? a->element[type] : b->element[type];
        isd_error_set(err, ISD_DATA, "the frames have %d and %d atoms of type %d%s%s%s", (int)in_a, (int)in_b, type,
                      element[0] ? " (" : "", element, element[0] ? ")" : "");
        return isd_error_hint(err, "species=blind matches atoms of all types together");
    }
    return ISD_OK;
}

static isd_status check_pair(const isd_snapshot *a, const isd_snapshot *b, isd_error *err)
{
    if (isd_box_equal(&a->box, &b->box))
        return isd_box_check(&a->box, err);
    if (a->box.dim != b->box.dim)
        return isd_error_set(err, ISD_DATA, "the frames differ in dimension: %d and %d", a->box.dim, b->box.dim);
    for (int c = 0; c < a->box.dim; c++)
        if (a->box.periodic[c] != b->box.periodic[c])
            return isd_error_set(err, ISD_DATA, "the boxes of the frames differ in which directions are periodic");
    return isd_error_set(err, ISD_DATA,
                         "the boxes of the frames differ: edges %.10g %.10g %.10g and %.10g %.10g %.10g, "
                         "tilts %.10g %.10g %.10g and %.10g %.10g %.10g",
                         a->box.lx, a->box.ly, a->box.lz, b->box.lx, b->box.ly, b->box.lz, a->box.xy, a->box.xz, a->box.yz,
                         b->box.xy, b->box.xz, b->box.yz);
}

/* Atoms of both frames carry the same labels, in the same order. */
static bool same_labels(const isd_snapshot *a, const isd_snapshot *b, bool order_is_id)
{
    if (a->n != b->n)
        return false;
    if (!a->has_ids && !b->has_ids)
        return order_is_id;
    return a->has_ids && b->has_ids && memcmp(a->id, b->id, (size_t)a->n * sizeof *a->id) == 0;
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

static isd_status fill_labelled(struct match *match, const isd_snapshot *a, const isd_snapshot *b, const isd_lattice *lattice,
                                const struct match_options *options, isd_error *err)
{
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

/* What both kinds of match begin with. */
static isd_status begin(const isd_snapshot *a, const isd_snapshot *b, const struct match_options *options, isd_lattice *ret_lattice,
                        struct match **ret_match, isd_error *err)
{
    isd_status status = check_pair(a, b, err);
    if (status != ISD_OK)
        return status;
    struct match *match = calloc(1, sizeof *match);
    if (!match)
        return isd_error_memory(err);
    isd_lattice_init(ret_lattice, &a->box);
    match->n = a->n;
    match->r0 = isd_box_spacing(&a->box, a->n);
    match->rmsd = match->rmsd_unwrapped = match->jump_fraction = NAN;
    match->drift[0] = match->drift[1] = match->drift[2] = NAN;
    match->exchanged = match->exchanged_type = -1;
    match->labelled = same_labels(a, b, options->order_is_id);
    if (match->labelled)
        status = fill_labelled(match, a, b, ret_lattice, options, err);
    else if (options->drift_remove)
        status = isd_error_set(err, ISD_DATA, "the drift is that of labelled atoms, and the frames do not have the same ids");
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

static isd_status group_init(struct group *group, const struct match *match, const isd_snapshot *a, const isd_snapshot *b, int type,
                             const double shift[3], isd_error *err)
{
    *group = (struct group){.n = type == 0 ? a->n : isd_snapshot_count(a, type)};
    size_t n = (size_t)group->n + 1;
    group->of_a = malloc(n * sizeof *group->of_a);
    group->of_b = malloc(n * sizeof *group->of_b);
    group->a = malloc(3 * n * sizeof *group->a);
    group->b = malloc(3 * n * sizeof *group->b);
    group->prefer = match->labelled ? malloc(n * sizeof *group->prefer) : NULL;
    if (!group->of_a || !group->of_b || !group->a || !group->b || (match->labelled && !group->prefer)) {
        group_done(group);
        return isd_error_memory(err);
    }
    size_t in_a = 0, in_b = 0;
    for (int32_t i = 0; i < a->n; i++) {
        if (type == 0 || a->type[i] == type) {
            memcpy(group->a + 3 * in_a, a->position + 3 * (size_t)i, 3 * sizeof *group->a);
            group->of_a[in_a++] = i;
        }
        if (type == 0 || b->type[i] == type) {
            for (size_t c = 0; c < 3; c++)
                group->b[3 * in_b + c] = b->position[3 * (size_t)i + c] - shift[c];
            group->of_b[in_b++] = i;
        }
    }
    for (int32_t k = 0; k < group->n && group->prefer; k++)
        group->prefer[k] = group_find(group, group->of_a[k]);
    return ISD_OK;
}

/* Partners and displacements of a solved group into the match. */
static void group_store(const struct group *group, const isd_assignment *x, const isd_lattice *lattice, struct match *match)
{
    for (int32_t k = 0; k < group->n; k++) {
        size_t i = (size_t)group->of_a[k], j = (size_t)x->partner[k];
        double *d = match->vec_mat + 3 * i;
        for (size_t c = 0; c < 3; c++)
            d[c] = group->b[3 * j + c] - group->a[3 * (size_t)k + c];
        match->u_mat[i] = sqrt(isd_lattice_shortest(lattice, d));
        match->max_u = fmax(match->max_u, match->u_mat[i]);
        match->partner[i] = group->of_b[j];
    }
}

static isd_status match_group(struct match *match, const isd_snapshot *a, const isd_snapshot *b, int type, const isd_lattice *lattice,
                              const double shift[3], struct progress progress, isd_error *err)
{
    struct group group;
    isd_assignment x = {0};
    isd_certificate certificate = {0};
    isd_status status = group_init(&group, match, a, b, type, shift, err);
    if (status != ISD_OK)
        return status;
    status = assign_part(&a->box, group.a, group.b, group.n, group.prefer, progress, &x, err);
    if (status == ISD_OK)
        status = isd_assignment_check(&a->box, group.a, group.b, group.n, x.partner, x.v, progress.control, &certificate, err);
    if (status == ISD_OK) {
        group_store(&group, &x, lattice, match);
        match->sum_sq += certificate.sum_sq;
        match->dual += certificate.dual;
        match->gap_abs += certificate.gap_abs;
        match->bound += certificate.bound;
        match->certified = match->certified && certificate.certified;
        match->edges_per_atom += x.edges;
    }
    isd_assignment_done(&x);
    group_done(&group);
    return status;
}

static isd_status match_groups(struct match *match, const isd_snapshot *a, const isd_snapshot *b, const isd_lattice *lattice,
                               const struct match_options *options, isd_control *control, isd_error *err)
{
    size_t n = (size_t)match->n + 1;
    match->partner = malloc(n * sizeof *match->partner);
    match->u_mat = malloc(n * sizeof *match->u_mat);
    match->vec_mat = malloc(3 * n * sizeof *match->vec_mat);
    if (!match->partner || !match->u_mat || !match->vec_mat)
        return isd_error_memory(err);
    double shift[3] = {0, 0, 0};
    if (options->drift_remove)
        memcpy(shift, match->drift, sizeof shift);
    match->certified = true;
    int32_t done = 0;
    for (int type = options->blind ? 0 : 1; type <= (options->blind ? 0 : match->n_types); type++) {
        int32_t count = type == 0 ? a->n : isd_snapshot_count(a, type);
        double total = a->n > 0 ? a->n : 1;
        struct progress progress = {control, done / total, (done + count) / total};
        isd_status status = match_group(match, a, b, type, lattice, shift, progress, err);
        if (status != ISD_OK)
            return status;
        done += count;
    }
    return ISD_OK;
}

static void sum_types(struct match *match, const isd_snapshot *a, const isd_snapshot *b)
{
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
    for (int t = 0; t < match->n_types; t++)
        if (match->per_type[t].n > 0)
            match->per_type[t].d = sqrt(match->per_type[t].sum_sq / match->per_type[t].n);
}

struct cycle {
    int32_t start, length;
};

static int by_length(const void *p, const void *q)
{
    const struct cycle *a = p, *b = q;
    if (a->length != b->length)
        return a->length < b->length ? 1 : -1;
    return (a->start > b->start) - (a->start < b->start);
}

/* Cycles of partner[], which between equal labels is a permutation of them. Starts are the smallest ids. */
static isd_status number_cycles(struct match *match, isd_error *err)
{
    size_t n = (size_t)match->n + 1;
    match->cycle = malloc(n * sizeof *match->cycle);
    match->cycle_length = calloc(n, sizeof *match->cycle_length);
    struct cycle *cycles = malloc((n / 2 + 1) * sizeof *cycles);
    if (!match->cycle || !match->cycle_length || !cycles) {
        free(cycles);
        return isd_error_memory(err);
    }
    for (int32_t i = 0; i < match->n; i++) {
        if (match->cycle_length[i] > 0)
            continue;
        int32_t length = 0, k = i;
        do {
            length++;
            k = match->partner[k];
        } while (k != i);
        do {
            match->cycle_length[k] = length;
            match->cycle[k] = 0;
            k = match->partner[k];
        } while (k != i);
        if (length == 1)
            match->fixed++;
        else
            cycles[match->n_cycles++] = (struct cycle){i, length};
    }
    qsort(cycles, (size_t)match->n_cycles, sizeof *cycles, by_length);
    for (int32_t c = 0; c < match->n_cycles; c++) {
        int32_t k = cycles[c].start;
        do {
            match->cycle[k] = c + 1;
            k = match->partner[k];
        } while (k != cycles[c].start);
    }
    match->longest = match->n_cycles > 0 ? cycles[0].length : 0;
    free(cycles);
    return ISD_OK;
}

isd_status match_snapshots(const isd_snapshot *a, const isd_snapshot *b, const struct match_options *options,
                           isd_control *control, struct match **ret_match, isd_error *err)
{
    isd_lattice lattice;
    struct match *match = NULL;
    isd_status status = check_counts(a, b, options->blind, err);
    if (status == ISD_OK)
        status = begin(a, b, options, &lattice, &match, err);
    if (status != ISD_OK)
        return status;
    match->n_types = a->n_types > b->n_types ? a->n_types : b->n_types;
    double start = clock_thread_cpu();
    status = match_groups(match, a, b, &lattice, options, control, err);
    match->seconds = clock_thread_cpu() - start;
    if (status == ISD_OK) {
        double count = match->n > 0 ? match->n : 1;
        match->edges_per_atom /= count;
        match->d_min = sqrt(match->sum_sq / count);
        sum_types(match, a, b);
        if (match->labelled)
            status = number_cycles(match, err);
    }
    if (status != ISD_OK) {
        match_free(match);
        return status;
    }
    isd_control_report(control, 1, 1);
    *ret_match = match;
    return ISD_OK;
}

isd_status match_labelled(const isd_snapshot *a, const isd_snapshot *b, const struct match_options *options,
                          struct match **ret_match, isd_error *err)
{
    isd_lattice lattice;
    if (a->n != b->n)
        return isd_error_set(err, ISD_DATA, "the frames have %d and %d atoms", (int)a->n, (int)b->n);
    return begin(a, b, options, &lattice, ret_match, err);
}
