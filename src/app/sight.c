/* What is looked at. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sight.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"

void sight_init(struct sight *sight, struct session *session)
{
    *sight = (struct sight){.session = session, .u = NAN, .tw_at = -1, .pair_at = -1, .set = -1};
}

void sight_done(struct sight *sight)
{
    free(sight->tw);
    free(sight->pairs);
    sight->tw = NULL;
    sight->pairs = NULL;
    sight->n_tw = sight->n_pairs = 0;
}

void sight_move(struct sight *to, struct sight *from)
{
    if (!to || !from)
        return;
    sight_done(to);
    *to = *from;
    sight_init(from, to->session);
}

/* --- where one is --- */

static isd_status load_pairs(struct sight *sight, isd_error *err)
{
    struct frame_pair *pairs = NULL;
    int32_t n = 0;
    isd_status status = series_pairs(session_times(sight->session), sight->tw[sight->tw_at], false, &pairs, &n, err);
    if (status != ISD_OK)
        return status;
    free(sight->pairs);
    sight->pairs = pairs;
    sight->n_pairs = n;
    return ISD_OK;
}

static isd_status take_tw(struct sight *sight, int at, isd_error *err)
{
    sight->tw_at = at;
    isd_status status = load_pairs(sight, err);
    if (status != ISD_OK)
        return status;
    sight->custom = false;
    sight->pair_at = sight->n_pairs > 0 ? 0 : -1;
    if (sight->n_pairs > 0)
        sight->pair = sight->pairs[0];
    return ISD_OK;
}

static void take_pair(struct sight *sight, int32_t a, int32_t b)
{
    double tw = session_tw(sight->session, a, b);
    sight->custom = true;
    sight->average = false;
    sight->pair = (struct frame_pair){a, b};
    sight->pair_at = -1;
    for (int32_t k = 0; k < sight->n_tw && isfinite(tw); k++)
        if (sight->tw_at < 0 || fabs(log(sight->tw[k] / tw)) < fabs(log(sight->tw[sight->tw_at] / tw)))
            sight->tw_at = k;
}

/* The middle of the list of waiting times: neither ballistic nor all diffused. */
static isd_status start_anew(struct sight *sight, isd_error *err)
{
    sight->starts++;
    sight_done(sight);
    sight->tw_at = sight->pair_at = -1;
    sight->custom = false;
    sight->average = false;
    sight->type = 0;
    if (sight->n_frames < 2)
        return ISD_OK;
    const struct frame_times *times = session_times(sight->session);
    isd_status status = series_all_tw(times, &sight->tw, &sight->n_tw, err);
    if (status != ISD_OK)
        return status;
    sight->n_tw = series_thin(times, sight->tw, sight->n_tw);
    if (sight->n_tw > 0)
        return take_tw(sight, sight->n_tw / 2, err);
    take_pair(sight, 0, sight->n_frames - 1);
    return ISD_OK;
}

/* Puts a waiting time into the list, in order, if it is not there; its place in *ret_at. */
static isd_status insert_tw(struct sight *sight, double tw, int *ret_at, isd_error *err)
{
    int at = 0;
    while (at < sight->n_tw && sight->tw[at] < tw)
        at++;
    if (at == sight->n_tw || sight->tw[at] > tw) {
        double *grown = realloc(sight->tw, sizeof *grown * ((size_t)sight->n_tw + 1));
        if (!grown)
            return isd_error_memory(err);
        memmove(grown + at + 1, grown + at, sizeof *grown * (size_t)(sight->n_tw - at));
        grown[at] = tw;
        sight->tw = grown;
        sight->n_tw++;
    }
    *ret_at = at;
    return ISD_OK;
}

/* The set has grown: the same waiting time and pair are looked at. */
static isd_status follow(struct sight *sight, isd_error *err)
{
    struct sight before = *sight;
    double tw = sight->tw_at >= 0 ? sight->tw[sight->tw_at] : NAN;
    isd_status status = start_anew(sight, err);
    sight->starts = before.starts;
    sight->type = before.type;
    sight->average = before.average;
    if (status == ISD_OK && isfinite(tw)) {
        int at = 0;
        status = insert_tw(sight, tw, &at, err);
        if (status == ISD_OK)
            status = take_tw(sight, at, err);
    }
    for (int k = 0; status == ISD_OK && k < sight->n_pairs && !before.custom; k++)
        if (sight->pairs[k].a == before.pair.a && sight->pairs[k].b == before.pair.b)
            sight->pair_at = k;
    if (status == ISD_OK && before.custom)
        take_pair(sight, before.pair.a, before.pair.b);
    else if (status == ISD_OK && sight->pair_at >= 0)
        sight->pair = sight->pairs[sight->pair_at];
    return status;
}

static bool equal_or_unknown(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

isd_status sight_update(struct sight *sight, isd_error *err)
{
    struct session *session = sight->session;
    if (!session_has_data(session)) {
        sight_done(sight);
        sight->set = -1;
        sight->n_frames = 0;
        return ISD_OK;
    }
    const struct frame_times *times = session_times(session);
    bool partial = session_is_partial(session), same = sight->set == session_current_set(session);
    int32_t n = partial ? 1 : times->n, before = sight->n_frames; /* pairs are looked at when all frames are there */
    if (same && before == n && (partial || (sight->time == times->time && equal_or_unknown(sight->dt, times->dt))))
        return ISD_OK;
    bool grown = same && before > 1 && n >= before && equal_or_unknown(sight->dt, times->dt);
    sight->set = session_current_set(session);
    sight->n_frames = n;
    sight->time = times->time;
    sight->dt = times->dt;
    return grown ? follow(sight, err) : start_anew(sight, err);
}

/* --- commands --- */

static enum sight_outcome refuse(isd_error *err, const char *what)
{
    isd_error_set(err, ISD_DATA, "%s", what);
    return SIGHT_REFUSED;
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

static enum sight_outcome step_tw(struct sight *sight, const char *word, isd_error *err)
{
    long to;
    if (sight->n_tw < 1)
        return refuse(err, "no waiting times: time does not increase from frame to frame");
    if (!stepped(word, sight->tw_at, sight->n_tw, &to, err))
        return SIGHT_REFUSED;
    return take_tw(sight, (int)to, err) == ISD_OK ? SIGHT_CHANGED : SIGHT_REFUSED;
}

static enum sight_outcome step_pair(struct sight *sight, const char *word, isd_error *err)
{
    long to;
    if (sight->n_pairs < 1)
        return refuse(err, "no pairs at this waiting time");
    if (!stepped(word, sight->pair_at, sight->n_pairs, &to, err))
        return SIGHT_REFUSED;
    sight->custom = sight->average = false;
    sight->pair_at = (int)to;
    sight->pair = sight->pairs[to];
    return SIGHT_CHANGED;
}

#define U_STEPS 100 /* steps of the cursor along the axis */

static double u_max(struct sight *sight);

static enum sight_outcome step_u(struct sight *sight, const char *word, isd_error *err)
{
    double step = u_max(sight) / U_STEPS;
    long at = isnan(sight->u) ? 0 : lround(sight->u / step), to;
    if (!stepped(word, at, U_STEPS + 1, &to, err))
        return SIGHT_REFUSED;
    sight->u = (double)to * step;
    return SIGHT_CHANGED;
}

static enum sight_outcome run_step(struct sight *sight, const struct command_call *call, isd_error *err)
{
    const char *what = call_word(call, 0), *by = call_word(call, 1);
    if (strcmp(what, "tw") == 0)
        return step_tw(sight, by, err);
    if (strcmp(what, "pair") == 0)
        return step_pair(sight, by, err);
    if (strcmp(what, "u") == 0)
        return step_u(sight, by, err);
    return SIGHT_NOT_MINE;
}

/* The nearest of all waiting times of the data: the list to step through is thinned, so it may have to be added. */
static enum sight_outcome goto_tw(struct sight *sight, double tw, isd_error *err)
{
    double *all = NULL;
    int32_t n = 0, best = 0;
    int at = 0;
    if (series_all_tw(session_times(sight->session), &all, &n, err) != ISD_OK)
        return SIGHT_REFUSED;
    for (int32_t k = 1; k < n; k++)
        if (fabs(all[k] - tw) < fabs(all[best] - tw))
            best = k;
    isd_status status = n > 0 ? insert_tw(sight, all[best], &at, err) : ISD_OK;
    free(all);
    if (n == 0)
        return refuse(err, "no waiting times: time does not increase from frame to frame");
    return status == ISD_OK && take_tw(sight, at, err) == ISD_OK ? SIGHT_CHANGED : SIGHT_REFUSED;
}

static enum sight_outcome run_goto(struct sight *sight, const struct command_call *call, isd_error *err)
{
    const char *pair = call_option(call, "pair");
    enum sight_outcome outcome = SIGHT_NOT_MINE;
    if (call_has(call, "tw"))
        outcome = goto_tw(sight, call_real(call, "tw", 0), err);
    if (pair && outcome != SIGHT_REFUSED) {
        int32_t a, b;
        if (call_pair(sight->session, pair, &a, &b, err) != ISD_OK)
            return SIGHT_REFUSED;
        take_pair(sight, a, b);
        outcome = SIGHT_CHANGED;
    }
    if (call_has(call, "u") && outcome != SIGHT_REFUSED) {
        sight->u = call_real(call, "u", 0);
        outcome = SIGHT_CHANGED;
    }
    return outcome;
}

static enum sight_outcome run_type(struct sight *sight, const char *word, isd_error *err)
{
    int type = strcmp(word, "all") == 0 ? 0 : session_find_type(sight->session, word);
    if (type == 0 && strcmp(word, "all") != 0) {
        isd_error_set(err, ISD_USAGE, "no type '%.40s' in this set", word);
        isd_error_hint(err, "`info` lists the types");
        return SIGHT_REFUSED;
    }
    sight->type = type;
    return SIGHT_CHANGED;
}

static enum sight_outcome run_bins(struct sight *sight, const char *word, isd_error *err)
{
    int64_t bins = 0;
    if (strcmp(word, "auto") != 0 && (!scan_whole_int64(word, &bins) || bins < 1 || bins > SIGHT_BINS)) {
        isd_error_set(err, ISD_USAGE, "bins is a number from 1 to %d or auto, not '%.40s'", SIGHT_BINS, word);
        return SIGHT_REFUSED;
    }
    sight->bins = (int)bins;
    return SIGHT_CHANGED;
}

static void set_axis(bool *log, const char *scale)
{
    *log = strcmp(scale, "toggle") == 0 ? !*log : strcmp(scale, "log") == 0;
}

static enum sight_outcome run_choice(struct sight *sight, const char *name, const struct command_call *call)
{
    const char *word = call_word(call, 0), *second = call_word(call, 1);
    if (strcmp(name, "show") == 0)
        sight->show = strcmp(word, "lab") == 0 ? SIGHT_LABELLED : strcmp(word, "mat") == 0 ? SIGHT_MATCHED : SIGHT_BOTH;
    else if (strcmp(name, "species") == 0)
        sight->blind = strcmp(word, "blind") == 0;
    else if (strcmp(name, "average") == 0)
        sight->average = strcmp(word, "on") == 0;
    else if (strcmp(name, "of") == 0) {
        sight->raw = strcmp(word, "raw") == 0;
        sight->raw_forced = false;
    } else if (strcmp(name, "axis") == 0)
        set_axis(strcmp(word, "x") == 0 ? &sight->log_x : &sight->log_y, second ? second : "toggle");
    else
        return SIGHT_NOT_MINE;
    return SIGHT_CHANGED;
}

bool sight_must_wait(const struct sight *sight, const struct command_call *call)
{
    const char *name = call_spec(call)->name, *what = call_word(call, 0);
    if (!session_has_data(sight->session) || !session_is_partial(sight->session))
        return false;
    if (strcmp(name, "goto") == 0)
        return call_has(call, "tw") || call_has(call, "pair");
    return strcmp(name, "step") == 0 && (strcmp(what, "tw") == 0 || strcmp(what, "pair") == 0);
}

enum sight_outcome sight_command(struct sight *sight, const struct command_call *call, isd_error *err)
{
    const char *name = call_spec(call)->name;
    enum sight_outcome outcome;
    if (strcmp(name, "step") == 0)
        outcome = run_step(sight, call, err);
    else if (strcmp(name, "goto") == 0)
        outcome = run_goto(sight, call, err);
    else if (strcmp(name, "type") == 0)
        outcome = run_type(sight, call_word(call, 0), err);
    else if (strcmp(name, "bins") == 0)
        outcome = run_bins(sight, call_word(call, 0), err);
    else
        outcome = run_choice(sight, name, call);
    if (outcome == SIGHT_CHANGED)
        sight->paused = false;
    return outcome;
}

/* --- looking --- */

static void request_for(const struct sight *sight, struct frame_pair pair, struct match_request *ret_request)
{
    *ret_request = (struct match_request){.a = pair.a, .b = pair.b, .blind = sight->blind};
    structure_defaults(sight->session, !sight->raw, &ret_request->structure);
}

/* A round number a little above the second shell: the same for all pairs of a set, so that pictures compare. */
static double u_max(struct sight *sight)
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
    if (sight->bins > 0)
        return sight->bins;
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

/* Sums over pairs while a picture is made. */
struct sums {
    double labelled[SIGHT_BINS], matched[SIGHT_BINS];
    double far_labelled, far_matched, atoms, d_lab, d_min;
    bool labels;
};

static void add_match(const struct sight *sight, const struct match *match, const isd_snapshot *a, double max, struct sums *sums)
{
    for (int32_t i = 0; i < match->n; i++)
        sums->atoms += sight->type == 0 || a->type[i] == sight->type;
    sums->far_matched += (double)pu_count(match->u_mat, a->type, match->n, sight->type, SIGHT_BINS, max, sums->matched);
    if (match->labelled && match->u_lab)
        sums->far_labelled += (double)pu_count(match->u_lab, a->type, match->n, sight->type, SIGHT_BINS, max, sums->labelled);
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

static void finish_pu(struct sight *sight, const struct sums *sums, struct sight_pu *pu)
{
    pu->atoms = sums->atoms;
    pu->has_labelled = sums->labels;
    /* Bins that divide the fine ones evenly: no bin gets a share of a fine one, so no false waves. */
    pu->bins = choose_bins(sight, sums->atoms);
    while (sight->bins == 0 && SIGHT_BINS % pu->bins != 0)
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

static enum ask add_gr(struct sight *sight, struct sight_pu *pu)
{
    struct structure structure;
    const struct gr_counts *counts = NULL;
    structure_defaults(sight->session, !sight->raw, &structure);
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
    bool all = sight->average && !sight->custom && sight->n_pairs > 0;
    enum ask state = add_gr(sight, pu);
    pu->pairs = sight->n_frames < 2 ? 0 : all ? sight->n_pairs : 1;
    for (int k = 0; k < pu->pairs && state != ASK_FAILED; k++)
        state = worse(state, add_pair(sight, all ? sight->pairs[k] : sight->pair, pu, sums));
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
    struct sums sums = {.labels = true};
    *ret_pu = (struct sight_pu){.state = ASK_PENDING, .d_lab = NAN, .d_min = NAN, .peak_r = NAN, .peak_g = NAN};
    if (!session_has_data(sight->session))
        return;
    if (!sight->raw && !has_system(sight))
        sight->raw = sight->raw_forced = true;
    else if (sight->raw_forced && has_system(sight))
        sight->raw = sight->raw_forced = false;
    ret_pu->max = u_max(sight);
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
