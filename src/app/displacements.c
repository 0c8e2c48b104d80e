/* p(u) of a pair or averaged over pairs. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/displacements.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void displacements_free(struct displacements *d)
{
    if (!d)
        return;
    free(d->u); /* one block with the other columns */
    free(d);
}

static struct displacements *make(int32_t bins)
{
    struct displacements *d = calloc(1, sizeof *d);
    double *columns = calloc(4 * (size_t)bins, sizeof *columns);
    if (!d || !columns) {
        free(d);
        free(columns);
        return NULL;
    }
    d->bins = bins;
    d->u = columns;
    d->labelled = columns + bins;
    d->matched = columns + 2 * (size_t)bins;
    d->gs = columns + 3 * (size_t)bins;
    return d;
}

/* A pair and its matching. Its atoms are fetched when they are counted: there may be many pairs. */
struct matched_pair {
    const struct match *match;
    int32_t frame; /* A */
};

static enum ask ask_all(struct session *session, const struct displacements_request *request, double priority,
                        struct matched_pair *found, int *ret_unconverged, isd_error *err)
{
    enum ask answer = ASK_READY;
    *ret_unconverged = 0;
    for (int32_t k = 0; k < request->n_pairs; k++) {
        struct match_request one = request->match;
        one.a = request->pairs[k].a;
        one.b = request->pairs[k].b;
        int unconverged = 0;
        found[k].frame = one.a;
        enum ask known = session_match(session, &one, priority, &found[k].match, &unconverged, err);
        if (known == ASK_FAILED)
            return known;
        if (known != ASK_READY)
            answer = known;
        *ret_unconverged += unconverged;
    }
    return answer;
}

/* The types of A's atoms; *ret_type is left alone where all count. */
static isd_status types_of(struct session *session, const struct displacements_request *request,
                           const struct matched_pair *pair, const int32_t **ret_type, isd_error *err)
{
    const isd_snapshot *a = NULL;
    int ignored = 0;
    if (request->type <= 0)
        return ISD_OK;
    if (session_structure(session, pair->frame, &request->match.structure, ASK_BATCH, &a, &ignored, err) != ASK_READY)
        return err ? err->status : ISD_INTERNAL;
    *ret_type = a->type;
    return ISD_OK;
}

static double largest(const struct matched_pair *pair, const int32_t *type, int select, double most)
{
    const struct match *m = pair->match;
    for (int32_t i = 0; i < m->n; i++) {
        if (select > 0 && type[i] != select)
            continue;
        most = fmax(most, m->u_mat[i]);
        if (m->u_lab)
            most = fmax(most, m->u_lab[i]);
    }
    return most;
}

/* Adds one pair's densities, weight 1/n_pairs; false when out of memory. */
static bool add_pair(struct displacements *d, const struct matched_pair *pair, const int32_t *types, int type)
{
    const struct match *m = pair->match;
    int64_t n = 0;
    for (int32_t i = 0; i < m->n; i++)
        n += type <= 0 || types[i] == type;
    double *counts = calloc(2 * (size_t)d->bins, sizeof *counts), *labelled = counts + d->bins;
    if (!counts)
        return false;
    double weight = n > 0 ? 1.0 / ((double)n * d->n_pairs) : 0, per_u = weight * d->bins / d->max;
    int64_t beyond = pu_count(m->u_mat, types, m->n, type, d->bins, d->max, counts);
    d->beyond_matched += (double)beyond * weight;
    if (d->labelled_known) {
        beyond = pu_count(m->u_lab, types, m->n, type, d->bins, d->max, labelled);
        d->beyond_labelled += (double)beyond * weight;
    }
    for (int32_t k = 0; k < d->bins; k++) {
        d->matched[k] += counts[k] * per_u;
        d->labelled[k] += labelled[k] * per_u;
    }
    d->n = n;
    d->certified = d->certified && m->certified;
    free(counts);
    return true;
}

enum ask session_displacements(struct session *session, const struct displacements_request *request, double priority,
                               struct displacements **ret_displacements, isd_error *err)
{
    struct matched_pair *found = calloc(request->n_pairs > 0 ? (size_t)request->n_pairs : 1, sizeof *found);
    struct displacements *d = make(request->bins);
    enum ask answer = ASK_FAILED;
    if (!found || !d) {
        isd_error_memory(err);
        goto done;
    }
    answer = ask_all(session, request, priority, found, &d->unconverged, err);
    if (answer != ASK_READY)
        goto done;
    answer = ASK_FAILED;
    d->n_pairs = request->n_pairs;
    d->max = isnan(request->max) ? 0 : request->max;
    for (int32_t k = 0; k < request->n_pairs && isnan(request->max); k++) {
        const int32_t *type = NULL;
        if (types_of(session, request, &found[k], &type, err) != ISD_OK)
            goto done;
        d->max = largest(&found[k], type, request->type, d->max);
    }
    d->max = isnan(request->max) && !(d->max > 0) ? 1 : d->max;
    d->labelled_known = d->certified = true;
    for (int32_t k = 0; k < request->n_pairs; k++)
        d->labelled_known = d->labelled_known && found[k].match->labelled;
    for (int32_t k = 0; k < request->n_pairs; k++) {
        const int32_t *type = NULL;
        if (types_of(session, request, &found[k], &type, err) != ISD_OK)
            goto done;
        if (!add_pair(d, &found[k], type, request->type)) {
            isd_error_memory(err);
            goto done;
        }
    }
    bool flat = session_dimension(session) == 2;
    for (int32_t k = 0; k < d->bins; k++) {
        double u = (k + 0.5) * d->max / d->bins;
        d->u[k] = u;
        d->gs[k] = d->labelled[k] / (flat ? 2 * M_PI * u : 4 * M_PI * u * u);
    }
    *ret_displacements = d;
    d = NULL;
    answer = ASK_READY;
done:
    displacements_free(d);
    free(found);
    return answer;
}
