/* fit: moduli of traces; the other kinds of fit have files of their own. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/fit.h"
#include "app/cmd/groups.h"
#include "app/trace.h"

struct points_request points_from_call(const struct command_call *call, bool distances)
{
    return (struct points_request){.T = call_real(call, "T", NAN),
                                   .p = call_real(call, "p", NAN),
                                   .skip = (int)call_count(call, "skip", 1),
                                   .slope = call_is(call, "slope", "on"),
                                   .affine = call_is(call, "boxes", "affine"),
                                   .distances = distances};
}

const char *points_time_unit(const struct session *session)
{
    return session_trace_count(session) > 0 ? session_units_time(session) : session_has_data(session) ? session_time_unit(session) : "";
}

isd_status state_list_init(struct state_list *states, int most, isd_error *err)
{
    double *numbers = malloc(2 * ((size_t)most + 1) * sizeof *numbers);
    if (!numbers)
        return isd_error_memory(err);
    *states = (struct state_list){.T = numbers, .p = numbers + most + 1};
    return ISD_OK;
}

void state_list_done(struct state_list *states)
{
    free(states->T);
}

int state_list_find(struct state_list *states, double T, double p)
{
    for (int k = 0; k < states->n; k++)
        if (same_or_unknown(states->T[k], T) && same_or_unknown(states->p[k], p))
            return k;
    states->T[states->n] = T;
    states->p[states->n] = p;
    return states->n++;
}

/* Traces that the options and words choose, in the order of opening; freed by the caller. */
static isd_status choose_traces(const struct session *session, const struct command_call *call, const struct trace ***ret_traces, int *ret_n,
                                isd_error *err)
{
    int all = session_trace_count(session), n = 0, n_words = call_n_words(call);
    double T = call_real(call, "T", NAN), p = call_real(call, "p", NAN);
    if (all == 0) {
        isd_error_set(err, ISD_DATA, "no trace is open");
        isd_error_hint(err, "trace FILE tw=20 T=0.6    opens one");
        return ISD_DATA;
    }
    const struct trace **traces = malloc((size_t)(all + n_words) * sizeof *traces);
    if (!traces)
        return isd_error_memory(err);
    for (int k = 1; k < n_words; k++) {
        traces[n] = session_trace_find(session, call_word(call, k), err);
        if (!traces[n++]) {
            call_error_at_word(call, k, err);
            free(traces);
            return ISD_USAGE;
        }
    }
    for (int k = 0; n_words < 2 && k < all; k++) {
        const struct trace *trace = session_trace(session, k);
        if ((isnan(T) || same_or_unknown(trace->T, T)) && (isnan(p) || same_or_unknown(trace->p, p)))
            traces[n++] = trace;
    }
    if (n == 0) {
        free(traces);
        isd_error_set(err, ISD_DATA, "no trace has this temperature and pressure");
        isd_error_hint(err, "trace    lists the open ones");
        return ISD_DATA;
    }
    *ret_traces = traces;
    *ret_n = n;
    return ISD_OK;
}

/* A period of stress and strain for a picture (Fig. S1), in at most so many parts. */
enum { PROFILE_PARTS = 50 };

static isd_status add_profile(struct result *result, const struct trace *trace, const struct oscillation_options *options, const struct oscillation *fit,
                              isd_error *err)
{
    struct oscillation_profile profile;
    int rows = (int)(fit->rows / fit->cycles);
    isd_status status = oscillation_profile(&trace->rows, options, fit, rows < PROFILE_PARTS ? rows > 1 ? rows : 1 : PROFILE_PARTS, &profile, err);
    if (status != ISD_OK)
        return status;
    result_reals(result, "phase", "", profile.phase, (size_t)profile.n);
    result_reals(result, "phase_strain", "", profile.strain, (size_t)profile.n);
    result_reals(result, "phase_stress", "", profile.stress, (size_t)profile.n);
    result_reals(result, "se_phase_stress", "", profile.se_stress, (size_t)profile.n);
    oscillation_profile_done(&profile);
    return ISD_OK;
}

/* Harmonics four errors out of the noise, which is once in three thousand by chance: not linear response. */
static const char *verdict_of(const struct oscillation *fit)
{
    for (int k = 0; k < OSCILLATION_HARMONICS; k++)
        if (fit->cycles >= 5 && fit->harmonic[k] > 4 * fit->se_harmonic[k] && fit->harmonic[k] > 1e-6 * fit->sigma_amplitude)
            return "harmonics of the stress stand out of the noise: not linear";
    return NULL;
}

static enum ask give_sine(struct session *session, const struct trace *trace, const struct oscillation *fit, int skip, bool slope,
                          const struct command_sink *sink, isd_error *err)
{
    char trouble[200];
    const struct oscillation_options options = trace_fit_options(session, trace, skip, slope);
    struct result *result = result_new("fit", RESULT_RECORD);
    result_text(result, "what", "sine");
    result_text(result, "trace", trace->name);
    result_real(result, "T", "", trace->T);
    result_real(result, "p", "", trace->p);
    result_real(result, "t_w", session_units_time(session), trace->t_w);
    result_int(result, "rows", fit->rows);
    result_int(result, "skip", skip);
    result_int(result, "cycles", fit->cycles);
    result_real(result, "G1", "", fit->storage);
    result_real(result, "G2", "", fit->loss);
    result_real(result, "G_abs", "", fit->modulus);
    result_real(result, "delta", "rad", fit->delta);
    result_real(result, "se_G1", "", fit->se_storage);
    result_real(result, "se_G2", "", fit->se_loss);
    result_real(result, "se_delta", "rad", fit->se_delta);
    result_real(result, "se_G_formula", "", fit->se_formula);
    result_real(result, "se_delta_formula", "rad", fit->se_formula_delta);
    result_real(result, "sigma0", "", fit->sigma0);
    result_real(result, "sigma_A", "", fit->sigma_amplitude);
    result_real(result, "drift", "", fit->sigma_slope);
    result_real(result, "strain_A", "", fit->strain_amplitude);
    result_real(result, "strain_phase", "rad", fit->strain_phase);
    result_real(result, "strain_misfit", "", fit->strain_misfit);
    result_real(result, "noise", "", fit->noise);
    result_reals(result, "harmonics", "", fit->harmonic, OSCILLATION_HARMONICS);
    result_reals(result, "harmonics_se", "", fit->se_harmonic, OSCILLATION_HARMONICS);
    result_text(result, "verdict", verdict_of(fit));
    result_real(result, "work", "", fit->work);
    result_real(result, "work_fit", "", fit->work_fit);
    result_real(result, "temperature", "", trace->temperature);
    result_reals(result, "cycle_G1", "", fit->cycle_storage, (size_t)fit->cycles);
    result_reals(result, "cycle_G2", "", fit->cycle_loss, (size_t)fit->cycles);
    if (add_profile(result, trace, &options, fit, err) != ISD_OK) {
        result_free(result);
        return ASK_FAILED;
    }
    if (verdict_of(fit))
        session_message(session, "fit sine %s: %s", trace->name, verdict_of(fit));
    if (trace_trouble(trace, fit, trouble, sizeof trouble)) /* what a referee would ask about */
        result_mark(result, "fit sine %s: %s", trace->name, trouble);
    return give(sink, result, err);
}

static enum ask fit_sine(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    const struct trace **traces = NULL;
    int skip = (int)call_count(call, "skip", 1), n = 0;
    bool slope = call_is(call, "slope", "on");
    if (choose_traces(session, call, &traces, &n, err) != ISD_OK)
        return ASK_FAILED;
    enum ask answer = ASK_READY;
    for (int k = 0; k < n && answer == ASK_READY; k++) {
        struct oscillation fit;
        if (trace_fit(session, traces[k], skip, slope, &fit, err) != ISD_OK) {
            answer = ASK_FAILED;
        } else {
            answer = give_sine(session, traces[k], &fit, skip, slope, sink, err);
            oscillation_done(&fit);
        }
    }
    free(traces);
    return answer;
}

/* Traces are named for their moduli alone, tables for `fit beta`. */
static isd_status check_words(const struct command_call *call, isd_error *err)
{
    const char *what = call_word(call, 0);
    if (call_n_words(call) < 2 || strcmp(what, "sine") == 0 || strcmp(what, "beta") == 0)
        return ISD_OK;
    isd_error_set(err, ISD_USAGE, "fit %s takes all points, no names: T=, p=, tw= and range= choose among them", what);
    isd_error_hint(err, "fit %s T=0.5", what);
    call_error_at_word(call, 1, err);
    return ISD_USAGE;
}

enum ask run_fit(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    static const struct {
        const char *what;
        command_run_fn *run;
    } kinds[] = {{"sine", fit_sine}, {"power", run_fit_power}, {"kww", run_fit_kww}, {"beta", run_fit_beta}};
    if (check_words(call, err) != ISD_OK)
        return ASK_FAILED;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (strcmp(call_word(call, 0), kinds[k].what) == 0)
            return kinds[k].run(session, call, sink, err);
    return ASK_FAILED; /* the table of commands knows no other word */
}
