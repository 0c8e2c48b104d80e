/* Cages and strings of close pairs, and averages over origins. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/motion_run.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "match/strings.h"

/* --- pairs that are looked at closely ------------------------------------------------------------------------------------------------ */

static int by_frame(const void *p, const void *q)
{
    const int32_t *a = p, *b = q; /* first frame, number of the pair */
    return a[0] != b[0] ? (a[0] > b[0]) - (a[0] < b[0]) : (a[1] > b[1]) - (a[1] < b[1]);
}

/* Close pairs in order of their first frame, whose neighbours serve all of them. */
static isd_status group_origins(struct running *r, isd_error *err)
{
    int32_t(*sorted)[2] = malloc(((size_t)r->n_close + 1) * sizeof *sorted);
    r->by_origin = malloc(((size_t)r->n_close + 1) * sizeof *r->by_origin);
    r->origin = malloc(((size_t)r->n_close + 2) * sizeof *r->origin);
    isd_status status = sorted && r->by_origin && r->origin ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK) {
        for (int32_t p = 0; p < r->n_close; p++) {
            sorted[p][0] = r->close[p].a;
            sorted[p][1] = p;
        }
        qsort(sorted, (size_t)r->n_close, sizeof *sorted, by_frame);
        for (int32_t p = 0; p < r->n_close; p++) {
            r->by_origin[p] = sorted[p][1];
            if (p == 0 || sorted[p][0] != sorted[p - 1][0])
                r->origin[r->n_origins++] = p;
        }
        r->origin[r->n_origins] = r->n_close;
    }
    free(sorted);
    return status;
}

/* Strings of the atoms of each type, and of all. */
static isd_status look_at_strings(const struct running *r, const isd_snapshot *from, double *vector, double *u, struct close_value *value,
                                  isd_error *err)
{
    struct match labelled = {.a = from, .n = from->n, .labelled = true, .u_lab = u, .vec_lab = vector};
    for (int32_t i = 0; i < from->n; i++) {
        const double *v = vector + 3 * (size_t)i;
        u[i] = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    }
    for (int type = 0; type <= r->n_types; type++) {
        struct string_options options = {.type = type, .share = r->in->request.share, .delta = r->motion->delta};
        struct strings strings = {0};
        isd_status status = strings_find(&labelled, &options, r->control, &strings, err);
        if (status != ISD_OK)
            return status;
        value[type].string_mean = strings.mean;
        value[type].string_longest = strings.n_strings > 0 ? strings.longest : NAN;
        strings_done(&strings);
    }
    return ISD_OK;
}

static isd_status look_from(const struct running *r, int32_t origin, const isd_snapshot *from, double *vector, isd_error *err)
{
    struct cages cages = {0};
    isd_status status = ISD_OK;
    size_t types = (size_t)r->n_types + 1;
    if (r->motion->cage > 0)
        status = cages_init(&cages, from, r->motion->cage, r->control, err);
    for (int32_t k = r->origin[origin]; k < r->origin[origin + 1] && status == ISD_OK; k++) {
        int32_t p = r->by_origin[k];
        struct close_value *value = r->near + (size_t)p * types;
        double msd[ISD_MAX_TYPES + 1];
        tracks_displacements(&r->tracks, r->close[p].a, r->close[p].b, vector);
        if (r->motion->cage > 0)
            cages_msd(&cages, from, vector, msd);
        for (size_t type = 0; type < types; type++)
            value[type] = (struct close_value){r->motion->cage > 0 ? msd[type] : NAN, NAN, NAN};
        if (r->in->request.strings)
            status = look_at_strings(r, from, vector, vector + 3 * (size_t)from->n, value, err);
        if (status == ISD_OK && isd_control_cancelled(r->control))
            status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    cages_done(&cages);
    return status;
}

static void look_chunk(void *arg, int32_t origin)
{
    struct running *r = arg;
    int32_t row = r->close[r->by_origin[r->origin[origin]]].a;
    const isd_snapshot *from = NULL;
    isd_error *err = &r->trouble[row];
    isd_status status = input_frame_load(&r->in->frame[row], &from, err);
    double *vector = malloc((4 * (size_t)r->tracks.n + 4) * sizeof *vector);
    if (status == ISD_OK && !vector)
        status = isd_error_memory(err);
    if (status == ISD_OK)
        status = look_from(r, origin, from, vector, err);
    err->status = status;
    free(vector);
    isd_snapshot_unref(from);
}

isd_status motion_look_closely(struct running *r, isd_error *err)
{
    isd_status status = group_origins(r, err);
    if (status != ISD_OK)
        return status;
    isd_control_for(r->control, r->n_origins, look_chunk, r);
    for (int32_t k = 0; k < r->in->n_frames && status == ISD_OK; k++)
        if (r->trouble[k].status != ISD_OK) {
            *err = r->trouble[k];
            status = err->status;
        }
    return status;
}

/* --- averages ------------------------------------------------------------------------------------------------------------------------- */

static double alpha2_of(double msd, double u4, double dim)
{
    return dynamics_alpha2(msd, u4, (int)dim);
}

static double variance_of(double q, double q_sq, double atoms)
{
    return atoms * (q_sq - q * q);
}

/* x[n] of one type from the samples of one time. */
static void take_sums(const struct running *r, int32_t first, int32_t n, int type, size_t member, double *x)
{
    for (int32_t k = 0; k < n; k++)
        memcpy(&x[k], (const char *)(r->sums + (size_t)(first + k) * ((size_t)r->n_types + 1) + type) + member, sizeof x[k]);
}

static double take_close(const struct running *r, int32_t first, const struct lag *lag, int type, size_t member, double *x, double *ret_se)
{
    for (int32_t k = 0; k < lag->n_close; k++)
        memcpy(&x[k], (const char *)(r->near + (size_t)(first + k) * ((size_t)r->n_types + 1) + type) + member, sizeof x[k]);
    *ret_se = dynamics_block_error(x, lag->n_close, lag->overlap_close);
    return series_mean(x, lag->n_close);
}

static struct halves compare_halves(const struct lag *lag, const double *x)
{
    return dynamics_compare(x, lag->first_half, lag->overlap, x + lag->n - lag->second_half, lag->second_half, lag->overlap);
}

static void average_close(const struct running *r, const struct lag *lag, int32_t first, int type, double *x, struct motion_value *v)
{
    double ignored;
    v->msd_cage = v->se_msd_cage = v->string_mean = v->se_string_mean = v->string_longest = NAN;
    if (r->n_close == 0)
        return;
    v->msd_cage = take_close(r, first, lag, type, offsetof(struct close_value, msd_cage), x, &v->se_msd_cage);
    v->string_mean = take_close(r, first, lag, type, offsetof(struct close_value, string_mean), x, &v->se_string_mean);
    v->string_longest = take_close(r, first, lag, type, offsetof(struct close_value, string_longest), x, &ignored);
}

/* x, y: [lag->n] */
static struct motion_value average(const struct running *r, const struct lag *lag, int32_t first, int type, double *x, double *y)
{
    int32_t n = lag->n, overlap = lag->overlap;
    struct motion_value v = {.atoms = r->atoms[type]};
    take_sums(r, first, n, type, offsetof(struct track_sums, sq), x);
    take_sums(r, first, n, type, offsetof(struct track_sums, u4), y);
    v.msd = series_mean(x, n);
    v.se_msd = dynamics_block_error(x, n, overlap);
    v.msd_halves = compare_halves(lag, x);
    v.u4 = series_mean(y, n);
    v.alpha2 = dynamics_alpha2(v.msd, v.u4, r->motion->dim);
    v.se_alpha2 = dynamics_jackknife(x, y, n, overlap, alpha2_of, r->motion->dim);
    take_sums(r, first, n, type, offsetof(struct track_sums, fs), x);
    v.fs = series_mean(x, n);
    v.se_fs = dynamics_block_error(x, n, overlap);
    v.fs_halves = compare_halves(lag, x);
    take_sums(r, first, n, type, offsetof(struct track_sums, jumps), x);
    v.jump = series_mean(x, n);
    v.se_jump = dynamics_block_error(x, n, overlap);
    take_sums(r, first, n, type, offsetof(struct track_sums, q), x);
    v.q = series_mean(x, n);
    v.se_q = dynamics_block_error(x, n, overlap);
    double square = 0;
    for (int32_t k = 0; k < n; k++) {
        square += (x[k] - v.q) * (x[k] - v.q) / n;
        y[k] = x[k] * x[k];
    }
    v.chi4 = n > 1 ? v.atoms * square : NAN;
    v.se_chi4 = dynamics_jackknife(x, y, n, overlap, variance_of, v.atoms);
    return v;
}

isd_status motion_average(const struct running *r, isd_error *err)
{
    struct motion *motion = r->motion;
    double *x = malloc(2 * ((size_t)r->n_pairs + 1) * sizeof *x);
    motion->row = calloc((size_t)r->in->n_lags + 1, sizeof *motion->row);
    isd_status status = x && motion->row ? ISD_OK : isd_error_memory(err);
    int32_t first = 0, first_close = 0;
    for (int32_t k = 0; k < r->in->n_lags && status == ISD_OK; k++) {
        const struct lag *lag = &r->in->lag[k];
        struct motion_row *row = &motion->row[k];
        *row = (struct motion_row){.t = lag->t, .pairs = lag->n, .close_pairs = r->n_close > 0 ? lag->n_close : 0};
        row->value = calloc((size_t)r->n_types + 1, sizeof *row->value);
        if (!row->value) {
            status = isd_error_memory(err);
            break;
        }
        motion->n++;
        for (int type = 0; type <= r->n_types; type++) {
            row->value[type] = average(r, lag, first, type, x, x + lag->n);
            average_close(r, lag, first_close, type, x, &row->value[type]);
        }
        first += lag->n;
        first_close += lag->n_close;
    }
    free(x);
    return status;
}
