/* equilibrium: does the set drift? SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "analysis/dynamics.h"
#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "num/york.h"

/* Energies per atom against time: the slope, and the two halves against each other. */
static enum ask give_drift(struct session *session, const char *quantity, const double *x, int32_t n, const struct command_sink *sink, isd_error *err)
{
    const struct frame_times *times = session_times(session);
    struct line_fit line = {NAN, NAN, NAN, NAN, NAN};
    int32_t half = n / 2;
    double first = series_mean(x, half), second = series_mean(x + n - half, half);
    double error = hypot(dynamics_block_error(x, half, 1), dynamics_block_error(x + n - half, half, 1));
    double sigmas = (second - first) / error;
    if (line_fit_ordinary((int)n, times->time, x, &line, NULL) != ISD_OK)
        line.b = line.se_b = NAN;
    struct result *result = result_new("equilibrium", RESULT_RECORD);
    result_text(result, "quantity", quantity);
    result_int(result, "frames", n);
    result_real(result, "mean", "", series_mean(x, n));
    result_real(result, "slope", "", line.b);
    result_real(result, "se_slope", "", line.se_b);
    result_real(result, "first_half", "", first);
    result_real(result, "second_half", "", second);
    result_real(result, "difference", "", second - first);
    result_real(result, "se_difference", "", error);
    result_real(result, "sigmas", "", sigmas);
    result_text(result, "verdict", isnan(sigmas) ? "too few frames to tell" : fabs(sigmas) > 3 ? "drifts" : "no drift seen");
    return give(sink, result, err);
}

enum ask run_equilibrium(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    int32_t n = session_frame_count(session);
    struct structure structure;
    (void)call;
    structure_defaults(session, true, &structure);
    if (check_has_potential(session, err) != ISD_OK)
        return ASK_FAILED;
    double *raw = malloc(2 * (size_t)n * sizeof *raw), *is = raw + n;
    enum ask answer = raw ? ASK_READY : ASK_FAILED;
    if (!raw)
        isd_error_memory(err);
    bool unconverged = false;
    for (int32_t k = 0; k < n && answer != ASK_FAILED; k++) {
        const isd_energy *energy = NULL;
        const struct quenched *quenched = NULL;
        const double *force;
        enum ask one = session_energy(session, k, ASK_BATCH, &energy, &force, err);
        enum ask two = one == ASK_FAILED || session_frames_are_is(session) ? one : session_quench(session, k, &structure.quench, ASK_BATCH, &quenched, err);
        if (one != ASK_READY || two != ASK_READY) {
            answer = one == ASK_FAILED || two == ASK_FAILED ? ASK_FAILED : ASK_PENDING;
            continue;
        }
        int32_t atoms = session_frame_info(session, k)->n;
        raw[k] = energy->total / atoms;
        is[k] = quenched ? quenched->result.energy / atoms : raw[k];
        unconverged = unconverged || (quenched && !quenched->result.converged);
    }
    if (answer == ASK_READY && !session_frames_are_is(session))
        answer = give_drift(session, "energy", raw, n, sink, err);
    if (answer == ASK_READY)
        answer = give_drift(session, "energy_is", is, n, sink, err);
    if (answer == ASK_READY && unconverged)
        session_message(session, "some structures did not converge: their energies are upper bounds");
    free(raw);
    return answer;
}
