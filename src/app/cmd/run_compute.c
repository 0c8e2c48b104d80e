/* energy and quench. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "io/write.h"

static double pressure_of(const double virial[6], const isd_box *box)
{
    double sum = virial[0] + virial[1] + (box->dim == 3 ? virial[2] : 0);
    return sum / (box->dim * isd_box_volume(box));
}

/* --- energy --- */

static isd_status write_forces(struct session *session, const char *path, const int32_t *frames, int32_t n_frames,
                               const struct frame_energy *const *answers, isd_error *err)
{
    struct frame_writer *writer = NULL;
    isd_status status = frame_writer_new(path, &writer, err);
    for (int32_t k = 0; k < n_frames && status == ISD_OK; k++) {
        const isd_snapshot *s = NULL;
        status = session_frame(session, frames[k], &s, err);
        if (status != ISD_OK)
            break;
        size_t n = (size_t)s->n;
        double *column = malloc((n > 0 ? n : 1) * 3 * sizeof *column);
        if (!column) {
            status = isd_error_memory(err);
            break;
        }
        for (size_t i = 0; i < n; i++)
            for (size_t x = 0; x < 3; x++)
                column[x * n + i] = answers[k]->force[3 * i + x];
        const struct dump_column columns[] = {
            {.name = "fx", .reals = column}, {.name = "fy", .reals = column + n}, {.name = "fz", .reals = column + 2 * n}};
        status = frame_writer_frame(writer, s, columns, 3, err);
        free(column);
    }
    if (status == ISD_OK)
        return frame_writer_close(writer, err);
    frame_writer_abandon(writer);
    return status;
}

static enum ask give_energy(struct session *session, int32_t frame, const struct frame_energy *answer,
                            const struct command_sink *sink, isd_error *err)
{
    isd_box box;
    if (session_frame_box(session, frame, &box, err) != ISD_OK)
        return ASK_FAILED;
    int32_t n = session_frame_info(session, frame)->n;
    double unit = session_pressure_unit(session), volume = isd_box_volume(&box), virial[6];
    for (int k = 0; k < 6; k++)
        virial[k] = answer->energy.virial[k] / volume * unit;
    bool metal = strcmp(session_units(session), "metal") == 0;
    struct result *result = result_new("energy", RESULT_RECORD);
    result_int(result, "frame", frame);
    result_real(result, "energy", metal ? "eV/atom" : "epsilon/atom", n > 0 ? answer->energy.total / n : 0);
    result_real(result, "pressure", metal ? "bar" : "", pressure_of(answer->energy.virial, &box) * unit);
    result_reals(result, "virial", metal ? "bar" : "", virial, 6);
    result_real(result, "fmax", "", answer->fmax);
    result_real(result, "fnorm", "", answer->fnorm);
    result_text(result, "potential", isd_potential_name(session_potential(session)));
    return give(sink, result, err);
}

enum ask run_energy(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    int32_t *frames = NULL, n = 0;
    if (check_has_potential(session, err) != ISD_OK || call_frames(session, call_word(call, 0), &frames, &n, err) != ISD_OK)
        return ASK_FAILED;
    const char *path = call_option(call, "forces");
    const struct frame_energy **answers = calloc((size_t)n, sizeof *answers);
    enum ask answer = ASK_READY;
    if (!answers) {
        isd_error_memory(err);
        answer = ASK_FAILED;
    }
    for (int32_t k = 0; k < n && answer != ASK_FAILED; k++) {
        enum ask one = session_energy(session, frames[k], path != NULL, ASK_BATCH, &answers[k], err);
        if (one != ASK_READY)
            answer = one;
    }
    if (answer == ASK_READY && path && write_forces(session, path, frames, n, answers, err) != ISD_OK)
        answer = ASK_FAILED;
    for (int32_t k = 0; k < n && answer == ASK_READY; k++)
        answer = give_energy(session, frames[k], answers[k], sink, err);
    free(answers);
    free(frames);
    return answer;
}

/* --- quench --- */

static void quench_options_from_call(struct session *session, const struct command_call *call, isd_quench_options *ret_options)
{
    isd_quench_options options;
    isd_quench_defaults(&options);
    const char *method = call_option(call, "method");
    for (int k = 0; method && isd_quench_method(k); k++)
        if (strcmp(isd_quench_method(k), method) == 0)
            options.method = isd_quench_method(k);
    options.ftol = call_real(call, "ftol", NAN);
    options.etol = call_real(call, "etol", options.etol);
    options.max_iterations = call_count(call, "maxiter", options.max_iterations);
    session_set_quench(session, &options); /* of=is means these from now on */
    struct structure structure;
    structure_defaults(session, true, &structure);
    *ret_options = structure.quench;
}

static isd_status write_quenched(const char *path, const struct quenched *const *found, int32_t n, isd_error *err)
{
    struct frame_writer *writer = NULL;
    isd_status status = frame_writer_new(path, &writer, err);
    for (int32_t k = 0; k < n && status == ISD_OK; k++)
        status = frame_writer_frame(writer, found[k]->snapshot, NULL, 0, err);
    if (status == ISD_OK)
        return frame_writer_close(writer, err);
    frame_writer_abandon(writer);
    return status;
}

static enum ask give_quench(struct session *session, int32_t frame, const isd_quench_options *options,
                            const struct quenched *quenched, const struct command_sink *sink, isd_error *err)
{
    const isd_quench_result *r = &quenched->result;
    int32_t n = session_frame_info(session, frame)->n;
    isd_box box;
    if (session_frame_box(session, frame, &box, err) != ISD_OK)
        return ASK_FAILED;
    bool metal = strcmp(session_units(session), "metal") == 0;
    const char *energy_unit = metal ? "eV/atom" : "epsilon/atom", *force_unit = metal ? "eV/A" : "epsilon/sigma";
    double per_atom = n > 0 ? 1.0 / n : 0;
    struct result *result = result_new("quench", RESULT_RECORD);
    result_int(result, "frame", frame);
    result_real(result, "time", session_time_unit(session), session_time(session, frame));
    result_text(result, "method", options->method);
    result_real(result, "energy_start", energy_unit, r->energy_start * per_atom);
    result_real(result, "energy", energy_unit, r->energy * per_atom);
    result_real(result, "pressure", metal ? "bar" : "", pressure_of(r->virial, &box) * session_pressure_unit(session));
    result_real(result, "fmax", force_unit, r->fmax);
    result_real(result, "fnorm", force_unit, r->fnorm);
    result_int(result, "iterations", r->iterations);
    result_int(result, "evaluations", r->evaluations);
    result_bool(result, "converged", r->converged);
    result_text(result, "stop", isd_stop_text(r->stop));
    result_real(result, "seconds", "s", r->seconds);
    if (!r->converged && r->fmax <= options->ftol)
        result_mark(result, "frame %d is not called converged: the energy jumps at the cutoff", (int)frame);
    else if (r->stop == ISD_STOP_PINNED)
        result_mark(result, "frame %d rests on a kink of the energy: the largest force on one side of it is %.3g", (int)frame, r->fmax);
    else if (!r->converged)
        result_mark(result, "frame %d did not converge: stopped by %s at a largest force of %.3g, wanted %.3g", (int)frame,
                    isd_stop_text(r->stop), r->fmax, options->ftol);
    return give(sink, result, err);
}

static void warn_if_not_continuous(struct session *session)
{
    const isd_potential *potential = session_potential(session);
    if (potential && !isd_potential_continuous(potential))
        session_message(session, "warning: the energy of %s jumps at the cutoff: no residual force proves a minimum, so no "
                                 "quench is called converged (try: pair_modify shift yes)",
                        isd_potential_name(potential));
}

/* Minima on a kink of the energy: what that means, and where. */
static isd_status tell_of_pins(struct session *session, const int32_t *frames, const struct quenched *const *found, int32_t n, isd_error *err)
{
    int32_t pinned = 0;
    const isd_quench_result *first = NULL;
    const char *force_unit = strcmp(session_units(session), "metal") == 0 ? "eV/A" : "epsilon/sigma";
    char where[200] = "";
    for (int32_t k = 0; k < n; k++) {
        const isd_quench_result *r = &found[k]->result;
        pinned += r->stop == ISD_STOP_PINNED;
        if (!first && r->n_pinned > 0) {
            const isd_snapshot *s = NULL; /* of one that was kept there may be no snapshot: the frame has the same atoms */
            if (session_frame(session, frames[k], &s, err) != ISD_OK)
                return err->status;
            first = r;
            const int64_t *id = s->id;
            snprintf(where, sizeof where, ". In frame %d: %d, as ids %lld and %lld at %.6g %s, %.2g against %.2g %s; balanced, %.2g is left",
                     (int)frames[k], (int)r->n_pinned, (long long)id[r->pinned[0]], (long long)id[r->pinned[1]], r->pinned_at,
                     session_length_unit(session), r->pinned_inside, r->pinned_outside, force_unit, r->fmax_pinned);
        }
    }
    if (pinned > 0)
        session_message(session, "%d of %d minima are kinks of the energy (stop pinned): pairs of atoms rest where the potential's table "
                                 "ends and their force jumps, pushed apart just inside and drawn together just outside%s",
                        (int)pinned, (int)n, where);
    return ISD_OK;
}

enum ask run_quench(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    int32_t *frames = NULL, n = 0;
    if (check_has_potential(session, err) != ISD_OK || call_frames(session, call_word(call, 0), &frames, &n, err) != ISD_OK)
        return ASK_FAILED;
    isd_quench_options options;
    quench_options_from_call(session, call, &options);
    const char *path = call_option(call, "write");
    const struct quenched **found = calloc((size_t)n, sizeof *found);
    enum ask answer = ASK_READY;
    if (!found) {
        isd_error_memory(err);
        answer = ASK_FAILED;
    }
    for (int32_t k = 0; k < n && answer != ASK_FAILED; k++) {
        enum ask one = path ? session_quenched(session, frames[k], &options, ASK_BATCH, &found[k], err)
                            : session_quench(session, frames[k], &options, ASK_BATCH, &found[k], err);
        if (one != ASK_READY)
            answer = one;
    }
    if (answer == ASK_READY && path && write_quenched(path, found, n, err) != ISD_OK)
        answer = ASK_FAILED;
    if (answer == ASK_READY)
        warn_if_not_continuous(session);
    if (answer == ASK_READY && tell_of_pins(session, frames, found, n, err) != ISD_OK)
        answer = ASK_FAILED;
    for (int32_t k = 0; k < n && answer == ASK_READY; k++)
        answer = give_quench(session, frames[k], &options, found[k], sink, err);
    free(found);
    free(frames);
    return answer;
}
