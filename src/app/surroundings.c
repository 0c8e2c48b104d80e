/* What is around each atom of a frame. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/surroundings.h"

#include <inttypes.h>
#include <stdlib.h>

#include "analysis/coordination.h"
#include "app/derive.h"
#include "app/motion_key.h"

struct looking {
    const isd_snapshot *frame;
    const isd_potential *potential; /* or NULL */
};

static void looking_free(void *arg)
{
    struct looking *l = arg;
    isd_snapshot_unref(l->frame);
    isd_potential_unref(l->potential);
    free(l);
}

static void surroundings_free(void *arg)
{
    struct surroundings *s = arg;
    if (!s)
        return;
    free(s->neighbours);
    free(s->energy);
    free(s->reach);
    free(s);
}

/* Without g(r) (too few atoms, a cell too small for it) there are no neighbours, and that is no error. */
static isd_status find_neighbours(const isd_snapshot *frame, isd_control *control, struct surroundings *s, isd_error *err)
{
    for (int32_t i = 0; i < frame->n; i++)
        s->n_types = frame->type[i] > s->n_types ? frame->type[i] : s->n_types;
    s->reach = calloc((size_t)s->n_types * (size_t)s->n_types + 1, sizeof *s->reach);
    s->neighbours = malloc(((size_t)frame->n + 1) * sizeof *s->neighbours);
    if (!s->reach || !s->neighbours)
        return isd_error_memory(err);
    isd_status status = coordination_reach(frame, s->n_types, control, s->reach, err);
    if (status == ISD_OK)
        status = coordination_count(frame, s->n_types, s->reach, control, s->neighbours, err);
    if (status == ISD_OK || status == ISD_CANCELLED || status == ISD_MEMORY)
        return status;
    free(s->neighbours);
    s->neighbours = NULL;
    return ISD_OK;
}

static isd_status find_energies(const struct looking *l, isd_control *control, struct surroundings *s, isd_error *err)
{
    isd_evaluator *evaluator = NULL;
    if (!l->potential)
        return ISD_OK;
    s->energy = malloc(((size_t)l->frame->n + 1) * sizeof *s->energy);
    isd_status status = s->energy ? isd_evaluator_new(l->potential, &l->frame->box, l->frame->type, l->frame->n, &evaluator, err)
                                  : isd_error_memory(err);
    if (status == ISD_OK)
        status = isd_evaluator_energies(evaluator, l->frame->position, control, s->energy, err);
    isd_evaluator_free(evaluator);
    if (status == ISD_OK || status == ISD_CANCELLED || status == ISD_MEMORY)
        return status;
    free(s->energy);
    s->energy = NULL;
    return ISD_OK;
}

static isd_status run_surroundings(void *input, isd_control *control, void **ret_output, isd_error *err)
{
    const struct looking *l = input;
    struct surroundings *s = calloc(1, sizeof *s);
    if (!s)
        return isd_error_memory(err);
    s->n = l->frame->n;
    isd_status status = find_neighbours(l->frame, control, s, err);
    if (status == ISD_OK)
        status = find_energies(l, control, s, err);
    if (status == ISD_OK)
        *ret_output = s;
    else
        surroundings_free(s);
    return status;
}

/* What the job is given, once the structure is there. */
static enum ask make_input(struct session *session, int32_t frame, const struct structure *structure, double priority, struct looking **ret_input,
                           isd_error *err)
{
    const isd_snapshot *snapshot = NULL;
    int unconverged;
    isd_error unused = {0};
    enum ask known = session_structure(session, frame, structure, priority, &snapshot, &unconverged, err);
    if (known != ASK_READY)
        return known;
    struct looking *l = calloc(1, sizeof *l);
    if (!l) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    bool has = system_has_potential(session_system(session)) && session_make_potential(session, frame, &unused) == ISD_OK;
    *l = (struct looking){isd_snapshot_ref(snapshot), has ? isd_potential_ref(session_potential(session)) : NULL};
    *ret_input = l;
    return ASK_READY;
}

enum ask session_surroundings(struct session *session, int32_t frame, const struct structure *structure, double priority,
                              const struct surroundings **ret_surroundings, isd_error *err)
{
    struct print_buffer key = {0};
    struct looking *input = NULL;
    const void *output = NULL;
    bool asked = false;
    enum ask known = ASK_FAILED;
    print_text(&key, "surroundings %" PRId32 " ", frame);
    key_of_frames(&key, session, structure);
    struct derivation derivation = {.key = key.data, .label = "neighbours and energies", .run = run_surroundings, .free_input = looking_free,
                                    .free_output = surroundings_free, .priority = priority, .structure = structure};
    if (key.failed)
        isd_error_memory(err);
    else
        known = derived_find(session, &derivation, &output, &asked, err);
    if (!key.failed && !asked) {
        known = make_input(session, frame, structure, priority, &input, err);
        if (known == ASK_READY)
            known = derived_ask(session, &derivation, input, err);
    }
    if (known == ASK_READY)
        *ret_surroundings = output;
    print_buffer_done(&key);
    return known;
}
