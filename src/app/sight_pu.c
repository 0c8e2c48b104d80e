/* What is looked at, in numbers: the p(u) of the pair or of all pairs of a waiting time. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/sight_inside.h"

static void request_for(const struct sight *sight, struct frame_pair pair, struct match_request *ret_request)
{
    *ret_request = (struct match_request){.a = pair.a, .b = pair.b, .blind = sight->look.blind};
    structure_defaults(sight->session, !sight->look.raw, &ret_request->structure);
}

/* A round number a little above the second shell: the same for all pairs of a set, so that pictures compare. */
double sight_u_max(const struct sight *sight)
{
    isd_box box;
    if (session_frame_box(sight->session, 0, &box, NULL) != ISD_OK || session_frame_info(sight->session, 0)->n < 1)
        return 2.5;
    double r0 = pow(isd_box_volume(&box) / session_frame_info(sight->session, 0)->n, 1.0 / box.dim);
    double unit = r0 > 1.5 ? 1 : 0.5;
    return isfinite(r0) && r0 > 0 ? ceil(2.6 * r0 / unit) * unit : 2.5;
}

static int choose_bins(const struct sight *sight, double atoms)
{
    if (sight->look.bins > 0)
        return sight->look.bins;
    int bins = (int)(2.5 * cbrt(atoms));
    return bins < 20 ? 20 : bins > 100 ? 100 : bins;
}

enum ask sight_match(struct sight *sight, const struct match **ret_match, const isd_snapshot **ret_a,
                    const isd_snapshot **ret_b, isd_error *err)
{
    struct match_request request;
    int unconverged = 0;
    request_for(sight, sight->pair, &request);
    enum ask state = session_match(sight->session, &request, ASK_LOOK, ret_match, &unconverged, err);
    if (state == ASK_READY)
        state = session_structure(sight->session, sight->pair.a, &request.structure, ASK_LOOK, ret_a, &unconverged, err);
    if (state == ASK_READY)
        state = session_structure(sight->session, sight->pair.b, &request.structure, ASK_LOOK, ret_b, &unconverged, err);
    return state;
}

#define LOG_DECADES 3 /* of log bins */

/* Counts of one kind of displacement, over pairs: in fine bins, and in the bins shown where those are logarithmic. */
struct counts {
    double fine[SIGHT_BINS], log[SIGHT_BINS];
};

/* Sums over pairs while a picture is made. */
struct sums {
    struct counts labelled, matched, instant;
    int log_bins; /* 0: the bins shown are not logarithmic */
    double atoms_instant;
    double far_labelled, far_matched, atoms, d_lab, d_min;
    bool labels;
};

/* Adds u[n] of the species looked at; returns how many are beyond max. */
static double count(const struct sight *sight, const double *u, const int32_t *type, int32_t n, double max, int log_bins, struct counts *counts)
{
    int wanted = sight->look.type;
    for (int32_t i = 0; i < n && log_bins > 0; i++) {
        double at = (log10(u[i] / max) / LOG_DECADES + 1) * log_bins;
        if ((wanted == 0 || type[i] == wanted) && at >= 0 && at < log_bins)
            counts->log[(int)at]++;
    }
    return (double)pu_count(u, type, n, wanted, SIGHT_BINS, max, counts->fine);
}

static double count_atoms(const struct sight *sight, const isd_snapshot *a, int32_t n)
{
    double atoms = 0;
    for (int32_t i = 0; i < n; i++)
        atoms += sight->look.type == 0 || a->type[i] == sight->look.type;
    return atoms;
}

static void add_match(const struct sight *sight, const struct match *match, const isd_snapshot *a, double max, struct sums *sums)
{
    sums->atoms += count_atoms(sight, a, match->n);
    sums->far_matched += count(sight, match->u_mat, a->type, match->n, max, sums->log_bins, &sums->matched);
    if (match->labelled && match->u_lab)
        sums->far_labelled += count(sight, match->u_lab, a->type, match->n, max, sums->log_bins, &sums->labelled);
    else
        sums->labels = false;
    sums->d_min += match->d_min;
    sums->d_lab += match->labelled ? match->rmsd : NAN;
}

/* Coarser bins for the eye: SIGHT_BINS fine ones shared out over `bins`. */
static void make_density(const double *fine, int bins, double max, double atoms, double *ret_p)
{
    double width = max / bins;
    for (int k = 0; k < bins; k++) {
        double low = (double)k * SIGHT_BINS / bins, high = (double)(k + 1) * SIGHT_BINS / bins, sum = 0;
        for (int f = (int)low; f < SIGHT_BINS && f < high; f++) {
            double part = fmin(f + 1, high) - fmax(f, low);
            sum += part * fine[f];
        }
        ret_p[k] = atoms > 0 ? sum / (atoms * width) : 0;
    }
}

static double log_edge(const struct sight_pu *pu, int k)
{
    return pu->max * pow(10, LOG_DECADES * ((double)k / pu->bins - 1));
}

/* The bins shown: of equal width, or of equal width in log u. */
static void choose_bins_shown(const struct sight *sight, struct sight_pu *pu)
{
    /* Bins that divide the fine ones evenly: no bin gets a share of a fine one, so no false waves. */
    pu->bins = choose_bins(sight, pu->atoms);
    while (sight->look.bins == 0 && SIGHT_BINS % pu->bins != 0)
        pu->bins--;
    for (int k = 0; k < pu->bins; k++)
        pu->u[k] = (k + 0.5) * pu->max / pu->bins;
}

static void choose_log_bins(const struct sums *sums, struct sight_pu *pu)
{
    pu->bins = sums->log_bins;
    pu->low = log_edge(pu, 0);
    for (int k = 0; k < pu->bins; k++)
        pu->u[k] = sqrt(log_edge(pu, k) * log_edge(pu, k + 1));
}

static void make_curve(const struct sums *sums, const struct counts *counts, const struct sight_pu *pu, double atoms, double *ret_p)
{
    if (sums->log_bins == 0) {
        make_density(counts->fine, pu->bins, pu->max, atoms, ret_p);
        return;
    }
    for (int k = 0; k < pu->bins; k++)
        ret_p[k] = atoms > 0 ? counts->log[k] / (atoms * (log_edge(pu, k + 1) - log_edge(pu, k))) : 0;
}

static void finish_pu(const struct sight *sight, const struct sums *sums, struct sight_pu *pu)
{
    pu->atoms = sums->atoms;
    pu->has_labelled = sums->labels;
    if (sums->log_bins > 0)
        choose_log_bins(sums, pu);
    else
        choose_bins_shown(sight, pu);
    make_curve(sums, &sums->labelled, pu, sums->atoms, pu->labelled);
    make_curve(sums, &sums->matched, pu, sums->atoms, pu->matched);
    make_curve(sums, &sums->instant, pu, sums->atoms_instant, pu->instant);
    pu->has_instant = sums->atoms_instant > 0;
    memcpy(pu->fine_labelled, sums->labelled.fine, sizeof pu->fine_labelled);
    memcpy(pu->fine_matched, sums->matched.fine, sizeof pu->fine_matched);
    if (sums->atoms > 0) {
        pu->beyond_labelled = sums->far_labelled / sums->atoms;
        pu->beyond_matched = sums->far_matched / sums->atoms;
    }
    pu->d_lab = pu->ready ? sums->d_lab / pu->ready : NAN;
    pu->d_min = pu->ready ? sums->d_min / pu->ready : NAN;
}

int sight_bin(const struct sight_pu *pu, double u)
{
    double at = !(pu->max > 0) || !(u >= 0) ? -1
                : pu->low > 0               ? (log10(u / pu->max) / LOG_DECADES + 1) * pu->bins
                                            : u / pu->max * pu->bins;
    return at >= 0 && at < pu->bins ? (int)at : -1;
}

double sight_edge(const struct sight_pu *pu, int k)
{
    const double share = pu->bins > 0 ? (double)k / pu->bins : 0;
    return pu->low > 0 ? pu->max * pow(10, LOG_DECADES * (share - 1)) : pu->max * share;
}

/* One pair of the picture; ASK_PENDING and ASK_FAILED leave the sums alone. */
static enum ask add_pair(struct sight *sight, struct frame_pair pair, struct sight_pu *pu, struct sums *sums)
{
    struct match_request request;
    const struct match *match = NULL;
    const isd_snapshot *a = NULL;
    int unconverged = 0, ignored = 0;
    request_for(sight, pair, &request);
    enum ask state = session_match(sight->session, &request, ASK_LOOK, &match, &unconverged, &pu->err);
    if (state == ASK_READY)
        state = session_structure(sight->session, pair.a, &request.structure, ASK_LOOK, &a, &ignored, &pu->err);
    if (state != ASK_READY)
        return state;
    add_match(sight, match, a, pu->max, sums);
    pu->ready++;
    pu->unconverged += unconverged;
    pu->uncertified += !match->certified;
    return ASK_READY;
}

/* The same pair of the frames as they are. */
static enum ask add_instant(struct sight *sight, struct frame_pair pair, struct sight_pu *pu, struct sums *sums)
{
    struct match_request request;
    const struct match *match = NULL;
    const isd_snapshot *a = NULL;
    int ignored = 0;
    request_for(sight, pair, &request);
    structure_defaults(sight->session, false, &request.structure);
    enum ask state = session_match(sight->session, &request, ASK_LOOK, &match, &ignored, &pu->err);
    if (state == ASK_READY)
        state = session_structure(sight->session, pair.a, &request.structure, ASK_LOOK, &a, &ignored, &pu->err);
    if (state != ASK_READY)
        return state;
    count(sight, match->u_mat, a->type, match->n, pu->max, sums->log_bins, &sums->instant);
    sums->atoms_instant += count_atoms(sight, a, match->n);
    return ASK_READY;
}

static enum ask add_gr(struct sight *sight, struct sight_pu *pu)
{
    struct structure structure;
    const struct gr_counts *counts = NULL;
    structure_defaults(sight->session, !sight->look.raw, &structure);
    enum ask state = session_gr(sight->session, sight->n_frames > 1 ? sight->pair.a : 0, &structure, SIGHT_GR_BINS, pu->max,
                                ASK_LOOK, &counts, &pu->err);
    if (state != ASK_READY)
        return state;
    gr_normalise(counts, 0, 0, pu->g);
    for (int k = 0; k < SIGHT_GR_BINS; k++)
        pu->r[k] = (k + 0.5) * pu->max / SIGHT_GR_BINS;
    if (!gr_first_peak(pu->g, SIGHT_GR_BINS, pu->max, &pu->peak_r, &pu->peak_g))
        pu->peak_r = pu->peak_g = NAN;
    pu->has_gr = true;
    return ASK_READY;
}

static enum ask worse(enum ask a, enum ask b)
{
    return a == ASK_FAILED || b == ASK_FAILED ? ASK_FAILED : a == ASK_PENDING || b == ASK_PENDING ? ASK_PENDING : ASK_READY;
}

static enum ask ask_everything(struct sight *sight, struct sight_pu *pu, struct sums *sums)
{
    bool all = sight->look.average && !sight->custom && sight->n_pairs > 0;
    enum ask state = add_gr(sight, pu);
    pu->pairs = sight->n_frames < 2 ? 0 : all ? sight->n_pairs : 1;
    for (int k = 0; k < pu->pairs && state != ASK_FAILED; k++)
        state = worse(state, add_pair(sight, all ? sight->pairs[k] : sight->pair, pu, sums));
    bool instant = sight->look.instant && !sight->look.raw && !session_frames_are_is(sight->session);
    for (int k = 0; k < pu->pairs && state != ASK_FAILED && instant; k++)
        state = worse(state, add_instant(sight, all ? sight->pairs[k] : sight->pair, pu, sums));
    return state;
}

/* Are interactions known, so that frames can be quenched? */
static bool has_system(struct sight *sight)
{
    const struct system_settings *system = session_system(sight->session);
    return system->name[0] || system_has_potential(system) || session_frames_are_is(sight->session);
}

void sight_pu(struct sight *sight, struct sight_pu *ret_pu)
{
    struct sums sums = {.labels = true, .log_bins = !sight->look.log_bins ? 0 : sight->look.bins > 0 ? sight->look.bins : 40};
    *ret_pu = (struct sight_pu){.state = ASK_PENDING, .d_lab = NAN, .d_min = NAN, .peak_r = NAN, .peak_g = NAN};
    if (!session_has_data(sight->session))
        return;
    if (!sight->look.raw && !has_system(sight))
        sight->look.raw = sight->look.raw_forced = true;
    else if (sight->look.raw_forced && has_system(sight))
        sight->look.raw = sight->look.raw_forced = false;
    ret_pu->max = sight_u_max(sight);
    if (!sight->paused)
        ret_pu->state = ask_everything(sight, ret_pu, &sums);
    finish_pu(sight, &sums, ret_pu);
    if (isnan(sight->u) && isfinite(ret_pu->peak_r))
        sight->u = ret_pu->peak_r;
}

int sight_tw_values(struct sight *sight, double *values)
{
    int known = 0;
    for (int k = 0; k < sight->n_tw; k++) {
        struct frame_pair *pairs = NULL;
        int32_t n = 0;
        struct match_request request;
        const struct match *match = NULL;
        int unconverged = 0;
        values[k] = NAN;
        if (sight->paused || series_pairs(session_times(sight->session), sight->tw[k], false, &pairs, &n, NULL) != ISD_OK)
            continue;
        if (n > 0) {
            request_for(sight, pairs[0], &request);
            if (session_match(sight->session, &request, ASK_BATCH, &match, &unconverged, NULL) == ASK_READY) {
                values[k] = match->d_min;
                known++;
            }
        }
        free(pairs);
    }
    return known;
}

double sight_value(const double *values, int bins, double max, double u)
{
    int k = max > 0 && u >= 0 ? (int)(u / max * bins) : -1;
    return k >= 0 && k < bins ? values[k] : NAN;
}
