/* Neighbours of atoms. SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/coordination.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/histogram.h"
#include "neigh/list.h"

enum { BINS = 240, SMOOTH = 3 }; /* bins of g(r); half the width of the window it is smoothed by */
#define FURTHEST 2.4             /* of g(r), in mean distances of atoms: holds the first minimum of any pair in the first shell */
#define LOWEST_PEAK 0.4          /* what is lower is noise */
#define FALL 0.85                /* a peak is one when g has fallen to this share of it */
#define RISE 1.15                /* and a minimum one when it has risen again to this multiple */
#define SECOND_SHELL 1.41421356

static void smooth(const double *g, double *out)
{
    for (int k = 0; k < BINS; k++) {
        double sum = 0, weight = 0;
        for (int j = -SMOOTH; j <= SMOOTH; j++)
            if (k + j >= 0 && k + j < BINS) {
                sum += (SMOOTH + 1 - abs(j)) * g[k + j];
                weight += SMOOTH + 1 - abs(j);
            }
        out[k] = sum / weight;
    }
}

/* Bins of the first peak and of the minimum behind it; false: there is no peak. */
static bool first_shell(const double *g, int *ret_peak, int *ret_minimum)
{
    int peak = -1, lowest;
    for (int k = 0; k < BINS; k++) {
        if (g[k] > LOWEST_PEAK && (peak < 0 || g[k] > g[peak]))
            peak = k;
        if (peak >= 0 && g[k] < FALL * g[peak])
            break;
    }
    if (peak < 0)
        return false;
    lowest = peak;
    for (int k = peak; k < BINS && !(g[lowest] < FALL * g[peak] && g[k] > RISE * g[lowest] + 0.02); k++)
        if (g[k] < g[lowest])
            lowest = k;
    *ret_peak = peak;
    *ret_minimum = lowest;
    return lowest > peak;
}

isd_status coordination_reach(const isd_snapshot *snapshot, int n_types, isd_control *control, double *ret_reach, isd_error *err)
{
    double max = FURTHEST * isd_box_spacing(&snapshot->box, snapshot->n), nearest = INFINITY, g[BINS], smoothed[BINS];
    struct gr_counts *counts = NULL;
    double *peaks = malloc((size_t)n_types * (size_t)n_types * sizeof *peaks + 1);
    if (!peaks)
        return isd_error_memory(err);
    isd_status status = gr_count(snapshot, BINS, max, control, &counts, err);
    for (int a = 1; a <= n_types && status == ISD_OK; a++)
        for (int b = a; b <= n_types; b++) {
            int peak, minimum, at = (a - 1) * n_types + b - 1, mirror = (b - 1) * n_types + a - 1;
            bool known = a <= counts->n_types && b <= counts->n_types;
            if (known)
                gr_normalise(counts, a, b, g);
            if (known)
                smooth(g, smoothed);
            known = known && first_shell(smoothed, &peak, &minimum);
            peaks[at] = peaks[mirror] = known ? (peak + 0.5) * max / BINS : INFINITY;
            ret_reach[at] = ret_reach[mirror] = known ? (minimum + 0.5) * max / BINS : 0;
            nearest = fmin(nearest, peaks[at]);
        }
    for (int k = 0; k < n_types * n_types && status == ISD_OK; k++)
        if (!(peaks[k] <= SECOND_SHELL * nearest))
            ret_reach[k] = 0;
    gr_free(counts);
    free(peaks);
    return status;
}

struct counting {
    const struct neigh_list *list;
    const int32_t *type;
    const double *reach;
    int n_types;
    isd_control *control;
};

/* One for each of a pair, in the x of the forces, so that those of copies come to their owners as forces do. */
static void count_domain(void *arg, int32_t k)
{
    const struct counting *c = arg;
    const struct neigh_domain *d = &c->list->domain[k];
    const int32_t width = neigh_unit(c->list->isa);
    neigh_domain_begin(c->list, k);
    for (int32_t i = 0; i < d->n_own * NEIGH_BLOCK && d->atom[i] >= 0 && !isd_control_cancelled(c->control); i++) {
        const double *a = d->r + neigh_at(i), *row = c->reach + (c->type[d->atom[i]] - 1) * c->n_types;
        for (int64_t e = d->inner.start[i] - 1; e < d->inner.start[i + 1]; e++) {
            const bool own = e < d->inner.start[i];
            const int32_t from = own ? i + 1 : width * d->inner.entry[e];
            const int32_t to = own ? (i / NEIGH_BLOCK + 1) * NEIGH_BLOCK : from + width;
            for (int32_t j = from; j < to; j++) {
                if (d->atom[j] < 0)
                    continue;
                const double *b = d->r + neigh_at(j), reach = row[c->type[d->atom[j]] - 1];
                const double x = a[0] - b[0], y = a[8] - b[8], z = a[16] - b[16];
                if (x * x + y * y + z * z < reach * reach) {
                    d->f[neigh_at(i)] += 1;
                    d->f[neigh_at(j)] += 1;
                }
            }
        }
    }
}

isd_status coordination_count(const isd_snapshot *snapshot, int n_types, const double *reach, isd_control *control, int32_t *ret_count,
                              isd_error *err)
{
    struct neigh_list list;
    double furthest = 0;
    bool rebuilt;
    size_t n = (size_t)snapshot->n;
    for (int k = 0; k < n_types * n_types; k++)
        furthest = fmax(furthest, reach[k]);
    for (size_t i = 0; i < n; i++)
        ret_count[i] = 0;
    if (!(furthest > 0))
        return ISD_OK;
    double *folded = malloc((3 * n + 1) * sizeof *folded);
    if (!folded)
        return isd_error_memory(err);
    neigh_list_init(&list, &snapshot->box, snapshot->n, furthest, 0.05 * furthest);
    isd_status status = neigh_list_update(&list, snapshot->position, control, &rebuilt, err);
    if (status == ISD_OK) {
        isd_control_for(control, list.n_domain, count_domain, &(struct counting){&list, snapshot->type, reach, n_types, control});
        neigh_list_fold(&list, control, folded, NULL);
        for (size_t i = 0; i < n; i++)
            ret_count[i] = (int32_t)folded[3 * i];
        if (isd_control_cancelled(control))
            status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    neigh_list_done(&list);
    free(folded);
    return status;
}
