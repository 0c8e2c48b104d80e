/* equilibrium: does the set drift? SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/motion.h"

/* From here on it is said to drift: one in 370 sets that do not passes it for an energy; of curves the worst of several times counts,
 * which are not independent. */
#define DRIFTS 3.0
#define CURVES_DRIFT 3.5

static const char *verdict(double sigmas, double limit)
{
    return isnan(sigmas) ? "too few frames to tell" : fabs(sigmas) > limit ? "drifts" : "no drift seen";
}

/* The larger, by size, of two numbers of standard errors that may be NaN. */
static double worse(double a, double b)
{
    return isnan(a) || fabs(b) > fabs(a) ? b : a;
}

/* --- energies -------------------------------------------------------------------------------------------------------------------------- */

struct sample {
    double time, raw, is;
};

static int by_time(const void *p, const void *q)
{
    const struct sample *a = p, *b = q;
    return (a->time > b->time) - (a->time < b->time);
}

/* time and x: [n] in order of time. */
static enum ask give_drift(const char *quantity, const double *time, const double *x, int32_t n, const struct command_sink *sink, isd_error *err)
{
    int32_t half = n / 2;
    struct halves halves = dynamics_compare(x, half, 1, x + n - half, half, 1);
    struct drift drift = dynamics_drift(time, x, n);
    struct result *result = result_new("equilibrium", RESULT_RECORD);
    result_text(result, "quantity", quantity);
    result_int(result, "frames", n);
    result_real(result, "mean", "", series_mean(x, n));
    result_real(result, "slope", "", drift.slope);
    result_real(result, "se_slope", "", drift.se);
    result_real(result, "slope_sigmas", "", drift.sigmas);
    result_real(result, "first_half", "", halves.first);
    result_real(result, "second_half", "", halves.second);
    result_real(result, "difference", "", halves.second - halves.first);
    result_real(result, "se_difference", "", halves.se);
    result_real(result, "sigmas", "", halves.sigmas);
    result_text(result, "verdict", verdict(worse(halves.sigmas, drift.sigmas), DRIFTS));
    return give(sink, result, err);
}

/* Energies per atom of frames with a time, [n] in order of time. */
static enum ask ask_energies(struct session *session, struct sample *sample, int32_t *ret_n, bool *ret_unconverged, isd_error *err)
{
    enum ask answer = ASK_READY;
    struct structure structure;
    int32_t n = 0;
    structure_defaults(session, true, &structure);
    for (int32_t k = 0; k < session_frame_count(session) && answer != ASK_FAILED; k++) {
        const struct frame_energy *energy = NULL;
        const struct quenched *quenched = NULL;
        enum ask one = session_energy(session, k, false, ASK_BATCH, &energy, err);
        enum ask two = one == ASK_FAILED || session_frames_are_is(session) ? one : session_quench(session, k, &structure.quench, ASK_BATCH, &quenched, err);
        if (one != ASK_READY || two != ASK_READY) {
            answer = one == ASK_FAILED || two == ASK_FAILED ? ASK_FAILED : ASK_PENDING;
            continue;
        }
        double atoms = session_frame_info(session, k)->n, raw = energy->energy.total / atoms, time = session_times(session)->time[k];
        if (isfinite(time))
            sample[n++] = (struct sample){time, raw, quenched ? quenched->result.energy / atoms : raw};
        *ret_unconverged = *ret_unconverged || (quenched && !quenched->result.converged);
    }
    qsort(sample, (size_t)n, sizeof *sample, by_time);
    *ret_n = n;
    return answer;
}

static enum ask energies(struct session *session, bool show, const struct command_sink *sink, isd_error *err)
{
    size_t room = (size_t)session_frame_count(session) + 1;
    struct sample *sample = malloc(room * sizeof *sample);
    double *column = malloc(3 * room * sizeof *column);
    int32_t n = 0;
    bool unconverged = false;
    enum ask answer = ASK_FAILED;
    if (sample && column)
        answer = ask_energies(session, sample, &n, &unconverged, err);
    else
        isd_error_memory(err);
    if (answer == ASK_READY && show) {
        double *time = column, *raw = column + room, *is = column + 2 * room;
        for (int32_t k = 0; k < n; k++) {
            time[k] = sample[k].time;
            raw[k] = sample[k].raw;
            is[k] = sample[k].is;
        }
        if (!session_frames_are_is(session))
            answer = give_drift("energy", time, raw, n, sink, err);
        if (answer == ASK_READY)
            answer = give_drift("energy_is", time, is, n, sink, err);
        if (answer == ASK_READY && unconverged)
            session_message(session, "some structures did not converge: their energies are upper bounds");
    }
    free(sample);
    free(column);
    return answer;
}

/* --- how atoms move in either half ---------------------------------------------------------------------------------------------------------- */

static enum ask give_halves(struct session *session, const char *quantity, const struct motion *motion, const struct command_sink *sink,
                            isd_error *err)
{
    size_t n = (size_t)motion->n;
    bool fs = strcmp(quantity, "fs") == 0;
    double *x = malloc(5 * (n + 1) * sizeof *x), worst = NAN, at = NAN;
    if (!x) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    for (size_t k = 0; k < n; k++) {
        const struct motion_value *value = &motion->row[k].value[0];
        struct halves halves = fs ? value->fs_halves : value->msd_halves;
        x[k] = motion->row[k].t;
        x[n + k] = halves.first;
        x[2 * n + k] = halves.second;
        x[3 * n + k] = halves.se;
        x[4 * n + k] = halves.sigmas;
        at = worse(worst, halves.sigmas) == worst || isnan(halves.sigmas) ? at : x[k];
        worst = worse(worst, halves.sigmas);
    }
    double tau = motion_relaxation(motion, 0).tau;
    struct result *result = result_new("equilibrium", RESULT_CURVES);
    result_text(result, "quantity", quantity);
    if (fs) {
        result_real(result, "k", "", motion->k);
        result_real(result, "tau_alpha", session_time_unit(session), tau);
        result_real(result, "span_over_tau", "", motion->span / tau);
    }
    result_real(result, "worst_sigmas", "", worst);
    result_real(result, "worst_t", session_time_unit(session), at);
    result_text(result, "verdict", verdict(worst, CURVES_DRIFT));
    result_reals(result, "t", session_time_unit(session), x, n);
    result_reals(result, "first_half", "", x + n, n);
    result_reals(result, "second_half", "", x + 2 * n, n);
    result_reals(result, "se_difference", "", x + 3 * n, n);
    result_reals(result, "sigmas", "", x + 4 * n, n);
    free(x);
    return give(sink, result, err);
}

enum ask run_equilibrium(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    isd_error ignored;
    bool potential = check_has_potential(session, &ignored) == ISD_OK;
    struct motion_request request;
    const struct motion *motion = NULL;
    motion_request_defaults(session, &request);
    request.k = call_real(call, "k", NAN);
    request.cage = 0;
    request.order_is_id = call_is(call, "ids", "order");
    enum ask moving = session_motion(session, &request, &motion, err);
    enum ask energy = moving == ASK_FAILED || !potential ? moving : energies(session, moving == ASK_READY, sink, err);
    if (moving != ASK_READY || energy != ASK_READY)
        return moving == ASK_FAILED || energy == ASK_FAILED ? ASK_FAILED : ASK_PENDING;
    if (!potential)
        session_message(session, "no interactions are known: no energies; system NAME or pair_style say them");
    enum ask answer = give_halves(session, "msd", motion, sink, err);
    return answer == ASK_READY ? give_halves(session, "fs", motion, sink, err) : answer;
}
