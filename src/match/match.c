/* IS D_min of two snapshots: species by species or blind, with labelled displacements beside. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/match.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "match/pairing.h"
#include "match/reading.h"

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
    free(match->phases);
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
    double start = clock_thread_cpu() + isd_control_helped(control);
    status = pairing_run(match, &lattice, options, control, err);
    match->seconds = clock_thread_cpu() + isd_control_helped(control) - start;
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
    known.n_phases = match->n_phases;
    known.phases = match->phases;
    known.cycle = match->cycle;
    known.cycle_length = match->cycle_length;
    known.phases = match->phases;
    known.n_phases = match->n_phases;
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
        status = pairing_restore(match, &lattice, options, partner, v, err);
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
