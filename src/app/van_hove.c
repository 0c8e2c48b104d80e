/* S(k) of frames and van Hove's function of pairs of them. SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/derive.h"
#include "app/input_frame.h"
#include "app/keep_derived.h"
#include "app/motion.h"
#include "app/motion_key.h"

/* --- S(k) ------------------------------------------------------------------------------------------------------------------------------ */

struct seeing {
    struct input_frame *frame; /* [n] */
    int32_t n;
    int type;
    double k_max;
};

enum { SHELL_VECTORS = 200 };

static void seeing_free(void *arg)
{
    struct seeing *s = arg;
    for (int32_t k = 0; k < s->n; k++)
        input_frame_done(&s->frame[k]);
    free(s->frame);
    free(s);
}

static isd_status run_structure_factor(void *input, isd_control *control, void **ret_output, isd_error *err)
{
    struct seeing *in = input;
    struct structure_factor **s = calloc((size_t)in->n, sizeof *s), *mean = NULL;
    isd_status status = s ? ISD_OK : isd_error_memory(err);
    for (int32_t k = 0; k < in->n && status == ISD_OK; k++) {
        const isd_snapshot *frame = NULL;
        status = input_frame_load(&in->frame[k], &frame, err);
        if (status == ISD_OK)
            status = structure_factor_new(frame, in->type, in->k_max, SHELL_VECTORS, control, &s[k], err);
        isd_snapshot_unref(frame);
        isd_control_report(control, k + 1, in->n);
    }
    if (status == ISD_OK)
        status = structure_factor_average(s, in->n, &mean, err);
    for (int32_t k = 0; s && k < in->n; k++)
        structure_factor_free(s[k]);
    free(s);
    if (status == ISD_OK)
        *ret_output = mean;
    return status;
}

static void structure_factor_release(void *arg)
{
    structure_factor_free(arg);
}

/* `frames` asked for, those of a pair one after the other. */
static enum ask ask_all(struct session *session, const int32_t *frames, int32_t n, const struct structure *structure,
                        struct input_frame **ret_frame, isd_error *err)
{
    enum ask answer = ASK_READY;
    struct input_frame *frame = calloc((size_t)n + 1, sizeof *frame);
    if (!frame) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    for (int32_t k = 0; k < n && answer != ASK_FAILED; k++) {
        enum ask one = input_frame_ask(session, frames[k], structure, &frame[k], err);
        answer = one == ASK_READY ? answer : one;
    }
    *ret_frame = frame;
    return answer;
}

enum ask session_structure_factor(struct session *session, const int32_t *frames, int32_t n, const struct structure *structure, int type,
                                  double k_max, const struct structure_factor **ret_s, isd_error *err)
{
    struct print_buffer key = {0};
    bool asked = false;
    const void *output = NULL;
    print_text(&key, "sk ");
    key_of_frames(&key, session, structure);
    print_text(&key, " type %d k %.17g of", type, k_max);
    for (int32_t k = 0; k < n; k++)
        print_text(&key, " %" PRId32, frames[k]);
    struct seeing *in = calloc(1, sizeof *in);
    const struct derivation derivation = {key.data,  "S(k)",  run_structure_factor, seeing_free,  structure_factor_release,
                                          ASK_BATCH, KEEP_SK, structure,            keep_pack_sk, keep_unpack_sk};
    enum ask known = ASK_FAILED;
    if (key.failed || !in)
        isd_error_memory(err);
    else
        known = derived_find(session, &derivation, &output, &asked, err);
    *ret_s = output;
    if (in && !key.failed && !asked) {
        *in = (struct seeing){.type = type, .k_max = k_max};
        known = ask_all(session, frames, n, structure, &in->frame, err);
        in->n = in->frame ? n : 0;
    }
    if (in && !key.failed && !asked && known == ASK_READY)
        known = derived_ask(session, &derivation, in, err);
    else if (in)
        seeing_free(in);
    print_buffer_done(&key);
    return known;
}

/* --- van Hove ---------------------------------------------------------------------------------------------------------------------------- */

struct looking {
    struct input_frame *frame; /* [2 * n_pairs] */
    int32_t n_pairs, overlap;
    int type, bins;
    double max;
    bool drift_remove, order_is_id;
    double mass[ISD_MAX_TYPES + 1];
    /* While it runs: */
    isd_control *control;
    int dim;
    double *self, *distinct; /* [n_pairs * bins] densities */
    bool *wrapped;           /* [n_pairs] */
    isd_error *trouble;      /* [n_pairs] */
};

static void looking_free(void *arg)
{
    struct looking *l = arg;
    for (int32_t k = 0; l->frame && k < 2 * l->n_pairs; k++)
        input_frame_done(&l->frame[k]);
    free(l->frame);
    free(l->self);
    free(l->distinct);
    free(l->wrapped);
    free(l->trouble);
    free(l);
}

static void van_hove_release(void *arg)
{
    struct van_hove *v = arg;
    free(v->gs);
    free(v);
}

/* Counts to densities, in place. */
static void to_densities(const struct looking *l, const isd_box *box, double atoms, double pairs, double *self, double *distinct)
{
    double width = l->max / l->bins, volume = isd_box_volume(box);
    for (int k = 0; k < l->bins; k++) {
        double low = k * width, high = (k + 1) * width, centre = (k + 0.5) * width;
        double shell = l->dim == 2 ? M_PI * (high * high - low * low) : 4 * M_PI / 3 * (high * high * high - low * low * low);
        double surface = l->dim == 2 ? 2 * M_PI * centre : 4 * M_PI * centre * centre;
        self[k] /= atoms * width * surface;
        distinct[k] *= volume / (pairs * shell);
    }
}

static isd_status count_pair(struct looking *l, const isd_snapshot *a, const isd_snapshot *b, int32_t pair, isd_error *err)
{
    struct match_options labels = {.drift_remove = l->drift_remove, .order_is_id = l->order_is_id, .mass = l->mass};
    struct match *match = NULL;
    double *self = l->self + (size_t)pair * (size_t)l->bins, *distinct = l->distinct + (size_t)pair * (size_t)l->bins, pairs = 0, atoms = 0;
    isd_status status = match_labelled(a, b, &labels, &match, err);
    if (status == ISD_DATA && !isd_box_equal(&a->box, &b->box))
        isd_error_hint(err, "both van Hove functions are taken in one cell (NVT, NVE); match and series with boxes=affine take pairs of frames of NPT");
    if (status == ISD_OK && !match->labelled) {
        status = isd_error_set(err, ISD_DATA, "the frames do not have the same ids: how atoms moved is not known");
        if (!a->has_ids)
            isd_error_hint(err, "ids=order    if the order in the file is the identity");
    }
    if (status == ISD_OK)
        status = dynamics_distinct(a, b, l->type, l->type, l->bins, l->max, l->control, distinct, &pairs, err);
    if (status == ISD_OK) {
        pu_count(match->u_lab, a->type, a->n, l->type, l->bins, l->max, self);
        atoms = l->type == 0 ? a->n : isd_snapshot_count(a, l->type);
        to_densities(l, &a->box, atoms, pairs, self, distinct);
        l->wrapped[pair] = !match->unwrapped;
    }
    match_free(match);
    return status;
}

static void look_chunk(void *arg, int32_t pair)
{
    struct looking *l = arg;
    const isd_snapshot *a = NULL, *b = NULL;
    isd_error *err = &l->trouble[pair];
    isd_status status = isd_control_cancelled(l->control) ? isd_error_set(err, ISD_CANCELLED, "cancelled") : ISD_OK;
    if (status == ISD_OK)
        status = input_frame_load(&l->frame[2 * pair], &a, err);
    if (status == ISD_OK)
        status = input_frame_load(&l->frame[2 * pair + 1], &b, err);
    if (status == ISD_OK)
        status = count_pair(l, a, b, pair, err);
    err->status = status;
    isd_snapshot_unref(a);
    isd_snapshot_unref(b);
}

/* The range of r, and room for counts. */
static isd_status prepare(struct looking *l, isd_error *err)
{
    const isd_snapshot *first = NULL;
    isd_status status = input_frame_load(&l->frame[0], &first, err);
    if (status != ISD_OK)
        return status;
    double half = 0.5 * isd_box_thickness(&first->box);
    l->dim = first->box.dim;
    isd_snapshot_unref(first);
    l->max = isnan(l->max) ? half : l->max;
    if (l->max > half * (1 + 1e-12))
        return isd_error_set(err, ISD_DATA, "max=%g is beyond half the cell (%g)", l->max, half);
    size_t counts = (size_t)l->n_pairs * (size_t)l->bins;
    l->self = calloc(counts, sizeof *l->self);
    l->distinct = calloc(counts, sizeof *l->distinct);
    l->wrapped = calloc((size_t)l->n_pairs, sizeof *l->wrapped);
    l->trouble = calloc((size_t)l->n_pairs, sizeof *l->trouble);
    return l->self && l->distinct && l->wrapped && l->trouble ? ISD_OK : isd_error_memory(err);
}

static void average(const struct looking *l, const double *of, double *column, double *ret_mean, double *ret_se)
{
    for (int bin = 0; bin < l->bins; bin++) {
        for (int32_t pair = 0; pair < l->n_pairs; pair++)
            column[pair] = of[(size_t)pair * (size_t)l->bins + (size_t)bin];
        ret_mean[bin] = series_mean(column, l->n_pairs);
        ret_se[bin] = dynamics_block_error(column, l->n_pairs, l->overlap);
    }
}

static isd_status average_pairs(const struct looking *l, struct van_hove **ret_van_hove, isd_error *err)
{
    size_t bins = (size_t)l->bins;
    struct van_hove *v = calloc(1, sizeof *v);
    double *arrays = calloc(4 * bins, sizeof *arrays), *column = malloc((size_t)l->n_pairs * sizeof *column);
    if (!v || !arrays || !column) {
        free(v);
        free(arrays);
        free(column);
        return isd_error_memory(err);
    }
    *v = (struct van_hove){l->bins, l->dim, l->max, true, arrays, arrays + bins, arrays + 2 * bins, arrays + 3 * bins};
    average(l, l->self, column, v->gs, v->se_gs);
    average(l, l->distinct, column, v->gd, v->se_gd);
    for (int32_t pair = 0; pair < l->n_pairs; pair++)
        v->unwrapped = v->unwrapped && !l->wrapped[pair];
    free(column);
    *ret_van_hove = v;
    return ISD_OK;
}

static isd_status run_van_hove(void *input, isd_control *control, void **ret_output, isd_error *err)
{
    struct looking *l = input;
    struct van_hove *made = NULL;
    l->control = control;
    isd_status status = prepare(l, err);
    for (int32_t from = 0, portion = 16; status == ISD_OK && from < l->n_pairs; from += portion) {
        struct looking part = *l;
        part.n_pairs = l->n_pairs - from < portion ? l->n_pairs - from : portion;
        part.frame += 2 * from;
        part.self += (size_t)from * (size_t)l->bins;
        part.distinct += (size_t)from * (size_t)l->bins;
        part.wrapped += from;
        part.trouble += from;
        isd_control_for(control, part.n_pairs, look_chunk, &part);
        isd_control_report(control, from + part.n_pairs, l->n_pairs);
        for (int32_t k = 0; k < part.n_pairs && status == ISD_OK; k++)
            if (part.trouble[k].status != ISD_OK) {
                *err = part.trouble[k];
                status = err->status;
            }
    }
    if (status == ISD_OK)
        status = average_pairs(l, &made, err);
    if (status == ISD_OK)
        *ret_output = made;
    return status;
}

static void key_of_van_hove(struct print_buffer *key, struct session *session, const struct van_hove_request *request)
{
    print_text(key, "vanhove ");
    key_of_frames(key, session, &request->structure);
    print_text(key, " type %d bins %d max %.17g drift %d order %d of", request->type, request->bins, request->max, request->drift_remove,
               request->order_is_id);
    for (int32_t k = 0; k < request->n_pairs; k++)
        print_text(key, " %" PRId32 ":%" PRId32, request->pairs[k].a, request->pairs[k].b);
    if (request->drift_remove)
        key_of_masses(key, session);
}

enum ask session_van_hove(struct session *session, const struct van_hove_request *request, const struct van_hove **ret_van_hove, isd_error *err)
{
    struct print_buffer key = {0};
    bool asked = false;
    const void *output = NULL;
    key_of_van_hove(&key, session, request);
    struct looking *l = calloc(1, sizeof *l);
    const struct derivation derivation = {key.data,  "van Hove",    run_van_hove,        looking_free,       van_hove_release,
                                          ASK_BATCH, KEEP_VAN_HOVE, &request->structure, keep_pack_van_hove, keep_unpack_van_hove};
    enum ask known = ASK_FAILED;
    if (key.failed || !l)
        isd_error_memory(err);
    else
        known = derived_find(session, &derivation, &output, &asked, err);
    *ret_van_hove = output;
    if (l && !key.failed && !asked) {
        *l = (struct looking){.n_pairs = request->n_pairs, .overlap = request->overlap, .type = request->type, .bins = request->bins,
                              .max = request->max, .drift_remove = request->drift_remove, .order_is_id = request->order_is_id};
        masses_of(session, l->mass);
        known = ask_all(session, (const int32_t *)request->pairs, 2 * request->n_pairs, &request->structure, &l->frame, err);
    }
    if (l && !key.failed && !asked && known == ASK_READY)
        known = derived_ask(session, &derivation, l, err);
    else if (l)
        looking_free(l);
    print_buffer_done(&key);
    return known;
}
