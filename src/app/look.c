/* What is looked at. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/look.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"

void look_init(struct look *look, struct session *session)
{
    *look = (struct look){.session = session, .u = NAN, .tw_at = -1, .pair_at = -1, .set = -1};
}

void look_done(struct look *look)
{
    free(look->tw);
    free(look->pairs);
    look->tw = NULL;
    look->pairs = NULL;
    look->n_tw = look->n_pairs = 0;
}

/* --- where one is --- */

static isd_status load_pairs(struct look *look, isd_error *err)
{
    struct frame_pair *pairs = NULL;
    int32_t n = 0;
    isd_status status = series_pairs(session_times(look->session), look->tw[look->tw_at], false, &pairs, &n, err);
    if (status != ISD_OK)
        return status;
    free(look->pairs);
    look->pairs = pairs;
    look->n_pairs = n;
    return ISD_OK;
}

static isd_status take_tw(struct look *look, int at, isd_error *err)
{
    look->tw_at = at;
    isd_status status = load_pairs(look, err);
    if (status != ISD_OK)
        return status;
    look->custom = false;
    look->pair_at = look->n_pairs > 0 ? 0 : -1;
    if (look->n_pairs > 0)
        look->pair = look->pairs[0];
    return ISD_OK;
}

static void take_pair(struct look *look, int32_t a, int32_t b)
{
    double tw = session_tw(look->session, a, b);
    look->custom = true;
    look->average = false;
    look->pair = (struct frame_pair){a, b};
    look->pair_at = -1;
    for (int32_t k = 0; k < look->n_tw && isfinite(tw); k++)
        if (look->tw_at < 0 || fabs(log(look->tw[k] / tw)) < fabs(log(look->tw[look->tw_at] / tw)))
            look->tw_at = k;
}

/* The middle of the list of waiting times: neither ballistic nor all diffused. */
static isd_status start_anew(struct look *look, isd_error *err)
{
    look_done(look);
    look->tw_at = look->pair_at = -1;
    look->custom = false;
    look->average = false;
    look->type = 0;
    if (look->n_frames < 2)
        return ISD_OK;
    const struct frame_times *times = session_times(look->session);
    isd_status status = series_all_tw(times, &look->tw, &look->n_tw, err);
    if (status != ISD_OK)
        return status;
    look->n_tw = series_thin(times, look->tw, look->n_tw);
    if (look->n_tw > 0)
        return take_tw(look, look->n_tw / 2, err);
    take_pair(look, 0, look->n_frames - 1);
    return ISD_OK;
}

isd_status look_update(struct look *look, isd_error *err)
{
    struct session *session = look->session;
    if (!session_has_data(session)) {
        look_done(look);
        look->set = -1;
        look->n_frames = 0;
        return ISD_OK;
    }
    const struct frame_times *times = session_times(session);
    if (look->set == session_current_set(session) && look->n_frames == times->n && look->time == times->time)
        return ISD_OK;
    look->set = session_current_set(session);
    look->n_frames = times->n;
    look->time = times->time;
    return start_anew(look, err);
}

/* --- commands --- */

static enum look_outcome refuse(isd_error *err, const char *what)
{
    isd_error_set(err, ISD_DATA, "%s", what);
    return LOOK_REFUSED;
}

/* "+3", "-1", "first", "last" from `at` among n; cut at the ends. */
static bool stepped(const char *word, long at, long n, long *ret_to, isd_error *err)
{
    int64_t by = 1;
    if (word && strcmp(word, "first") == 0)
        *ret_to = 0;
    else if (word && strcmp(word, "last") == 0)
        *ret_to = n - 1;
    else if (word && !scan_whole_int64(word, &by)) {
        isd_error_set(err, ISD_USAGE, "a step is +N, -N, first or last, not '%.40s'", word);
        return false;
    } else {
        by = by > n ? n : by < -n ? -n : by;
        *ret_to = at + (long)by;
    }
    *ret_to = *ret_to < 0 ? 0 : *ret_to > n - 1 ? n - 1 : *ret_to;
    return true;
}

static enum look_outcome step_tw(struct look *look, const char *word, isd_error *err)
{
    long to;
    if (look->n_tw < 1)
        return refuse(err, "no waiting times: time does not increase from frame to frame");
    if (!stepped(word, look->tw_at, look->n_tw, &to, err))
        return LOOK_REFUSED;
    return take_tw(look, (int)to, err) == ISD_OK ? LOOK_CHANGED : LOOK_REFUSED;
}

static enum look_outcome step_pair(struct look *look, const char *word, isd_error *err)
{
    long to;
    if (look->n_pairs < 1)
        return refuse(err, "no pairs at this waiting time");
    if (!stepped(word, look->pair_at, look->n_pairs, &to, err))
        return LOOK_REFUSED;
    look->custom = look->average = false;
    look->pair_at = (int)to;
    look->pair = look->pairs[to];
    return LOOK_CHANGED;
}

#define U_STEPS 100 /* steps of the cursor along the axis */

static double u_max(struct look *look);

static enum look_outcome step_u(struct look *look, const char *word, isd_error *err)
{
    double step = u_max(look) / U_STEPS;
    long at = isnan(look->u) ? 0 : lround(look->u / step), to;
    if (!stepped(word, at, U_STEPS + 1, &to, err))
        return LOOK_REFUSED;
    look->u = (double)to * step;
    return LOOK_CHANGED;
}

static enum look_outcome run_step(struct look *look, const struct command_call *call, isd_error *err)
{
    const char *what = call_word(call, 0), *by = call_word(call, 1);
    if (strcmp(what, "tw") == 0)
        return step_tw(look, by, err);
    if (strcmp(what, "pair") == 0)
        return step_pair(look, by, err);
    if (strcmp(what, "u") == 0)
        return step_u(look, by, err);
    return LOOK_NOT_MINE;
}

static enum look_outcome goto_tw(struct look *look, double tw, isd_error *err)
{
    int best = 0;
    if (look->n_tw < 1)
        return refuse(err, "no waiting times: time does not increase from frame to frame");
    for (int k = 1; k < look->n_tw; k++)
        if (fabs(look->tw[k] - tw) < fabs(look->tw[best] - tw))
            best = k;
    return take_tw(look, best, err) == ISD_OK ? LOOK_CHANGED : LOOK_REFUSED;
}

static enum look_outcome run_goto(struct look *look, const struct command_call *call, isd_error *err)
{
    const char *pair = call_option(call, "pair");
    enum look_outcome outcome = LOOK_NOT_MINE;
    if (call_has(call, "tw"))
        outcome = goto_tw(look, call_real(call, "tw", 0), err);
    if (pair && outcome != LOOK_REFUSED) {
        int32_t a, b;
        if (call_pair(look->session, pair, &a, &b, err) != ISD_OK)
            return LOOK_REFUSED;
        take_pair(look, a, b);
        outcome = LOOK_CHANGED;
    }
    if (call_has(call, "u") && outcome != LOOK_REFUSED) {
        look->u = call_real(call, "u", 0);
        outcome = LOOK_CHANGED;
    }
    return outcome;
}

static enum look_outcome run_type(struct look *look, const char *word, isd_error *err)
{
    int type = strcmp(word, "all") == 0 ? 0 : session_find_type(look->session, word);
    if (type == 0 && strcmp(word, "all") != 0) {
        isd_error_set(err, ISD_USAGE, "no type '%.40s' in this set", word);
        isd_error_hint(err, "`info` lists the types");
        return LOOK_REFUSED;
    }
    look->type = type;
    return LOOK_CHANGED;
}

static enum look_outcome run_bins(struct look *look, const char *word, isd_error *err)
{
    int64_t bins = 0;
    if (strcmp(word, "auto") != 0 && (!scan_whole_int64(word, &bins) || bins < 1 || bins > LOOK_BINS)) {
        isd_error_set(err, ISD_USAGE, "bins is a number from 1 to %d or auto, not '%.40s'", LOOK_BINS, word);
        return LOOK_REFUSED;
    }
    look->bins = (int)bins;
    return LOOK_CHANGED;
}

static void set_axis(bool *log, const char *scale)
{
    *log = strcmp(scale, "toggle") == 0 ? !*log : strcmp(scale, "log") == 0;
}

static enum look_outcome run_choice(struct look *look, const char *name, const struct command_call *call)
{
    const char *word = call_word(call, 0), *second = call_word(call, 1);
    if (strcmp(name, "show") == 0)
        look->show = strcmp(word, "lab") == 0 ? LOOK_LABELLED : strcmp(word, "mat") == 0 ? LOOK_MATCHED : LOOK_BOTH;
    else if (strcmp(name, "species") == 0)
        look->blind = strcmp(word, "blind") == 0;
    else if (strcmp(name, "average") == 0)
        look->average = strcmp(word, "on") == 0;
    else if (strcmp(name, "of") == 0) {
        look->raw = strcmp(word, "raw") == 0;
        look->raw_forced = false;
    } else if (strcmp(name, "axis") == 0)
        set_axis(strcmp(word, "x") == 0 ? &look->log_x : &look->log_y, second ? second : "toggle");
    else
        return LOOK_NOT_MINE;
    return LOOK_CHANGED;
}

enum look_outcome look_command(struct look *look, const struct command_call *call, isd_error *err)
{
    const char *name = call_spec(call)->name;
    enum look_outcome outcome;
    if (strcmp(name, "step") == 0)
        outcome = run_step(look, call, err);
    else if (strcmp(name, "goto") == 0)
        outcome = run_goto(look, call, err);
    else if (strcmp(name, "type") == 0)
        outcome = run_type(look, call_word(call, 0), err);
    else if (strcmp(name, "bins") == 0)
        outcome = run_bins(look, call_word(call, 0), err);
    else
        outcome = run_choice(look, name, call);
    if (outcome == LOOK_CHANGED)
        look->paused = false;
    return outcome;
}

/* --- looking --- */

static void request_for(const struct look *look, struct frame_pair pair, struct match_request *ret_request)
{
    *ret_request = (struct match_request){.a = pair.a, .b = pair.b, .blind = look->blind};
    structure_defaults(look->session, !look->raw, &ret_request->structure);
}

/* A round number a little above the second shell: the same for all pairs of a set, so that pictures compare. */
static double u_max(struct look *look)
{
    const isd_snapshot *frame = NULL;
    if (session_frame(look->session, 0, &frame, NULL) != ISD_OK || frame->n < 1)
        return 2.5;
    int dim = session_dimension(look->session);
    double volume = isd_box_volume(&frame->box);
    double r0 = pow(volume / frame->n, 1.0 / dim);
    double unit = r0 > 1.5 ? 1 : 0.5;
    return isfinite(r0) && r0 > 0 ? ceil(2.6 * r0 / unit) * unit : 2.5;
}

static int choose_bins(const struct look *look, double atoms)
{
    if (look->bins > 0)
        return look->bins;
    int bins = (int)(2.5 * cbrt(atoms));
    return bins < 20 ? 20 : bins > 100 ? 100 : bins;
}

enum ask look_match(struct look *look, const struct match **ret_match, const isd_snapshot **ret_a,
                    const isd_snapshot **ret_b, isd_error *err)
{
    struct match_request request;
    int unconverged = 0;
    request_for(look, look->pair, &request);
    enum ask state = session_match(look->session, &request, ASK_LOOK, ret_match, &unconverged, err);
    if (state == ASK_READY)
        state = session_structure(look->session, look->pair.a, &request.structure, ASK_LOOK, ret_a, &unconverged, err);
    if (state == ASK_READY)
        state = session_structure(look->session, look->pair.b, &request.structure, ASK_LOOK, ret_b, &unconverged, err);
    return state;
}

/* Sums over pairs while a picture is made. */
struct sums {
    double labelled[LOOK_BINS], matched[LOOK_BINS];
    double far_labelled, far_matched, atoms, d_lab, d_min;
    bool labels;
};

static void add_match(const struct look *look, const struct match *match, const isd_snapshot *a, double max, struct sums *sums)
{
    for (int32_t i = 0; i < match->n; i++)
        sums->atoms += look->type == 0 || a->type[i] == look->type;
    sums->far_matched += (double)pu_count(match->u_mat, a->type, match->n, look->type, LOOK_BINS, max, sums->matched);
    if (match->labelled && match->u_lab)
        sums->far_labelled += (double)pu_count(match->u_lab, a->type, match->n, look->type, LOOK_BINS, max, sums->labelled);
    else
        sums->labels = false;
    sums->d_min += match->d_min;
    sums->d_lab += match->labelled ? match->rmsd : NAN;
}

/* Coarser bins for the eye: LOOK_BINS fine ones shared out over `bins`. */
static void make_density(const double *fine, int bins, double max, double atoms, double *ret_p)
{
    double width = max / bins;
    for (int k = 0; k < bins; k++) {
        double low = (double)k * LOOK_BINS / bins, high = (double)(k + 1) * LOOK_BINS / bins, sum = 0;
        for (int f = (int)low; f < LOOK_BINS && f < high; f++) {
            double part = fmin(f + 1, high) - fmax(f, low);
            sum += part * fine[f];
        }
        ret_p[k] = atoms > 0 ? sum / (atoms * width) : 0;
    }
}

static void finish_pu(struct look *look, const struct sums *sums, struct look_pu *pu)
{
    pu->atoms = sums->atoms;
    pu->has_labelled = sums->labels;
    /* Bins that divide the fine ones evenly: no bin gets a share of a fine one, so no false waves. */
    pu->bins = choose_bins(look, sums->atoms);
    while (look->bins == 0 && LOOK_BINS % pu->bins != 0)
        pu->bins--;
    for (int k = 0; k < pu->bins; k++)
        pu->u[k] = (k + 0.5) * pu->max / pu->bins;
    make_density(sums->labelled, pu->bins, pu->max, sums->atoms, pu->labelled);
    make_density(sums->matched, pu->bins, pu->max, sums->atoms, pu->matched);
    memcpy(pu->fine_labelled, sums->labelled, sizeof pu->fine_labelled);
    memcpy(pu->fine_matched, sums->matched, sizeof pu->fine_matched);
    if (sums->atoms > 0) {
        pu->beyond_labelled = sums->far_labelled / sums->atoms;
        pu->beyond_matched = sums->far_matched / sums->atoms;
    }
    pu->d_lab = pu->ready ? sums->d_lab / pu->ready : NAN;
    pu->d_min = pu->ready ? sums->d_min / pu->ready : NAN;
}

/* One pair of the picture; ASK_PENDING and ASK_FAILED leave the sums alone. */
static enum ask add_pair(struct look *look, struct frame_pair pair, struct look_pu *pu, struct sums *sums)
{
    struct match_request request;
    const struct match *match = NULL;
    const isd_snapshot *a = NULL;
    int unconverged = 0, ignored = 0;
    request_for(look, pair, &request);
    enum ask state = session_match(look->session, &request, ASK_LOOK, &match, &unconverged, &pu->err);
    if (state == ASK_READY)
        state = session_structure(look->session, pair.a, &request.structure, ASK_LOOK, &a, &ignored, &pu->err);
    if (state != ASK_READY)
        return state;
    add_match(look, match, a, pu->max, sums);
    pu->ready++;
    pu->unconverged += unconverged;
    pu->uncertified += !match->certified;
    return ASK_READY;
}

static enum ask add_gr(struct look *look, struct look_pu *pu)
{
    struct structure structure;
    const struct gr_counts *counts = NULL;
    structure_defaults(look->session, !look->raw, &structure);
    enum ask state = session_gr(look->session, look->n_frames > 1 ? look->pair.a : 0, &structure, LOOK_GR_BINS, pu->max,
                                ASK_LOOK, &counts, &pu->err);
    if (state != ASK_READY)
        return state;
    gr_normalise(counts, 0, 0, pu->g);
    for (int k = 0; k < LOOK_GR_BINS; k++)
        pu->r[k] = (k + 0.5) * pu->max / LOOK_GR_BINS;
    if (!gr_first_peak(pu->g, LOOK_GR_BINS, pu->max, &pu->peak_r, &pu->peak_g))
        pu->peak_r = pu->peak_g = NAN;
    pu->has_gr = true;
    return ASK_READY;
}

static enum ask worse(enum ask a, enum ask b)
{
    return a == ASK_FAILED || b == ASK_FAILED ? ASK_FAILED : a == ASK_PENDING || b == ASK_PENDING ? ASK_PENDING : ASK_READY;
}

static enum ask ask_everything(struct look *look, struct look_pu *pu, struct sums *sums)
{
    bool all = look->average && !look->custom && look->n_pairs > 0;
    enum ask state = add_gr(look, pu);
    pu->pairs = look->n_frames < 2 ? 0 : all ? look->n_pairs : 1;
    for (int k = 0; k < pu->pairs && state != ASK_FAILED; k++)
        state = worse(state, add_pair(look, all ? look->pairs[k] : look->pair, pu, sums));
    return state;
}

/* Are interactions known, so that frames can be quenched? */
static bool has_system(struct look *look)
{
    const struct system_settings *system = session_system(look->session);
    return system->name[0] || system->lj || session_frames_are_is(look->session);
}

void look_pu(struct look *look, struct look_pu *ret_pu)
{
    struct sums sums = {.labels = true};
    *ret_pu = (struct look_pu){.state = ASK_PENDING, .d_lab = NAN, .d_min = NAN, .peak_r = NAN, .peak_g = NAN};
    if (!session_has_data(look->session))
        return;
    if (!look->raw && !has_system(look))
        look->raw = look->raw_forced = true;
    else if (look->raw_forced && has_system(look))
        look->raw = look->raw_forced = false;
    ret_pu->max = u_max(look);
    if (!look->paused)
        ret_pu->state = ask_everything(look, ret_pu, &sums);
    finish_pu(look, &sums, ret_pu);
    if (isnan(look->u) && isfinite(ret_pu->peak_r))
        look->u = ret_pu->peak_r;
}

int look_tw_values(struct look *look, double *values)
{
    int known = 0;
    for (int k = 0; k < look->n_tw; k++) {
        struct frame_pair *pairs = NULL;
        int32_t n = 0;
        struct match_request request;
        const struct match *match = NULL;
        int unconverged = 0;
        values[k] = NAN;
        if (look->paused || series_pairs(session_times(look->session), look->tw[k], false, &pairs, &n, NULL) != ISD_OK)
            continue;
        if (n > 0) {
            request_for(look, pairs[0], &request);
            if (session_match(look->session, &request, ASK_BATCH, &match, &unconverged, NULL) == ASK_READY) {
                values[k] = match->d_min;
                known++;
            }
        }
        free(pairs);
    }
    return known;
}

double look_value(const double *values, int bins, double max, double u)
{
    int k = max > 0 && u >= 0 ? (int)(u / max * bins) : -1;
    return k >= 0 && k < bins ? values[k] : NAN;
}
