/* pu and gr. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/displacements.h"

/* --- p(u) --- */

static enum ask give_pu(struct session *session, const struct displacements_request *request, const struct displacements *d,
                        double tw, const struct command_sink *sink, isd_error *err)
{
    const char *unit = session_length_unit(session);
    size_t bins = (size_t)d->bins;
    struct result *result = result_new("pu", RESULT_CURVES);
    if (d->n_pairs == 1) {
        result_int(result, "from", request->pairs[0].a);
        result_int(result, "to", request->pairs[0].b);
    }
    result_real(result, "t_w", session_time_unit(session), tw);
    result_int(result, "pairs", d->n_pairs);
    result_text(result, "of", request->match.structure.is ? "is" : "raw");
    result_text(result, "species", request->match.blind ? "blind" : "resolved");
    result_text(result, "type", request->type ? session_type_label(session, request->type) : "all");
    result_int(result, "n", d->n);
    result_real(result, "max", unit, d->max);
    result_reals(result, "u", unit, d->u, bins);
    if (d->labelled_known) {
        result_reals(result, "labelled", "", d->labelled, bins);
        result_reals(result, "matched", "", d->matched, bins);
        result_reals(result, "gs_labelled", "", d->gs, bins);
    } else {
        result_null(result, "labelled");
        result_reals(result, "matched", "", d->matched, bins);
        result_null(result, "gs_labelled");
    }
    struct result *beyond = result_new(NULL, RESULT_RECORD);
    result_real(beyond, "labelled", "", d->labelled_known ? d->beyond_labelled : NAN);
    result_real(beyond, "matched", "", d->beyond_matched);
    result_object(result, "beyond", beyond);
    result_int(result, "unconverged", d->unconverged);
    if (!d->certified || d->unconverged > 0)
        result_mark(result, "pu: %s", d->certified ? "a structure did not converge" : "a matching is not certified");
    return give(sink, result, err);
}

enum ask run_pu(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct displacements_request request = {.bins = (int32_t)call_count(call, "bins", 200), .max = call_real(call, "max", NAN)};
    struct frame_pair *pairs = NULL;
    double tw = NAN;
    request_from_call(session, call, 0, 0, &request.match);
    if (check_can_quench(session, &request.match.structure, err) != ISD_OK ||
        type_from_call(session, call, &request.type, err) != ISD_OK ||
        pairs_from_call(session, call, &pairs, &request.n_pairs, &tw, err) != ISD_OK)
        return ASK_FAILED;
    request.pairs = pairs;
    struct displacements *d = NULL;
    enum ask answer = session_displacements(session, &request, ASK_BATCH, &d, err);
    if (answer == ASK_READY)
        answer = give_pu(session, &request, d, tw, sink, err);
    displacements_free(d);
    free(pairs);
    return answer;
}

/* --- g(r) --- */

/* pair=all, or two types by label or number: A-B, 1-2. */
static isd_status gr_types(struct session *session, const char *word, int *ret_a, int *ret_b, isd_error *err)
{
    *ret_a = *ret_b = 0;
    if (!word || strcmp(word, "all") == 0)
        return ISD_OK;
    /* Labels may hold a dash themselves: try every one. */
    for (const char *dash = strchr(word, '-'); dash; dash = strchr(dash + 1, '-')) {
        char first[64];
        size_t length = (size_t)(dash - word);
        if (length >= sizeof first)
            break;
        memcpy(first, word, length);
        first[length] = '\0';
        int a = session_find_type(session, first), b = session_find_type(session, dash + 1);
        if (a > 0 && b > 0) {
            *ret_a = a < b ? a : b;
            *ret_b = a < b ? b : a;
            return ISD_OK;
        }
    }
    isd_error_set(err, ISD_USAGE, "pair=%s: there is no such pair of types", word);
    isd_error_hint(err, "gr 0 pair=1-2    types by number or label; info lists them");
    return ISD_USAGE;
}

/* Largest distance when none is given: half the smallest distance between opposite faces, over all frames. */
static isd_status gr_default_max(struct session *session, const int32_t *frames, int32_t n, double *ret_max, isd_error *err)
{
    double max = INFINITY;
    for (int32_t k = 0; k < n; k++) {
        isd_box box;
        isd_status status = session_frame_box(session, frames[k], &box, err);
        if (status != ISD_OK)
            return status;
        max = fmin(max, isd_box_thickness(&box) / 2);
    }
    *ret_max = max;
    return ISD_OK;
}

static void add_mean(const struct gr_counts *const *counts, int32_t n, int a, int b, double *scratch, double *ret_g)
{
    int bins = counts[0]->bins;
    memset(ret_g, 0, (size_t)bins * sizeof *ret_g);
    for (int32_t k = 0; k < n; k++) {
        gr_normalise(counts[k], a, b, scratch);
        for (int i = 0; i < bins; i++)
            ret_g[i] += scratch[i] / n;
    }
}

static void add_partials(struct session *session, struct result *result, const struct gr_counts *const *counts, int32_t n,
                         double *scratch, double *g)
{
    const int32_t *count = counts[0]->count_of_type;
    result_empty_list(result, "partials");
    for (int a = 1; a <= counts[0]->n_types; a++)
        for (int b = a; b <= counts[0]->n_types; b++) {
            if (count[a] == 0 || count[b] == 0)
                continue;
            char name[48];
            pair_name(session, a, b, name, sizeof name);
            add_mean(counts, n, a, b, scratch, g);
            struct result *partial = result_new(NULL, RESULT_RECORD);
            result_text(partial, "pair", name);
            result_reals(partial, "g", "", g, (size_t)counts[0]->bins);
            result_append(result, "partials", partial);
        }
}

static enum ask give_gr(struct session *session, const int32_t *frames, const struct gr_counts *const *counts, int32_t n, int a,
                        int b, bool is, const struct command_sink *sink, isd_error *err)
{
    int bins = counts[0]->bins;
    double max = counts[0]->max, *r = malloc(3 * (size_t)bins * sizeof *r);
    int64_t *list = malloc((size_t)n * sizeof *list);
    if (!r || !list) {
        free(r);
        free(list);
        isd_error_memory(err);
        return ASK_FAILED;
    }
    double *g = r + bins, *scratch = g + bins;
    char name[48] = "all";
    if (a > 0)
        pair_name(session, a, b, name, sizeof name);
    for (int k = 0; k < bins; k++)
        r[k] = (k + 0.5) * max / bins;
    for (int32_t k = 0; k < n; k++)
        list[k] = frames[k];
    struct result *result = result_new("gr", RESULT_CURVES);
    result_text(result, "pair", name);
    result_ints(result, "frames", list, (size_t)n);
    result_text(result, "of", is ? "is" : "raw");
    add_mean(counts, n, a, b, scratch, g);
    result_reals(result, "r", session_length_unit(session), r, (size_t)bins);
    result_reals(result, "g", "", g, (size_t)bins);
    double peak_r = NAN, peak_g = NAN;
    if (gr_first_peak(g, bins, max, &peak_r, &peak_g)) {
        struct result *peak = result_new(NULL, RESULT_RECORD);
        result_real(peak, "r", session_length_unit(session), peak_r);
        result_real(peak, "g", "", peak_g);
        result_object(result, "first_peak", peak);
    } else {
        result_null(result, "first_peak");
    }
    if (a == 0)
        add_partials(session, result, counts, n, scratch, g);
    free(r);
    free(list);
    return give(sink, result, err);
}

enum ask run_gr(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct structure structure;
    structure_from_call(session, call, &structure);
    int a = 0, b = 0, bins = (int)call_count(call, "bins", 200);
    int32_t *frames = NULL, n = 0;
    double max = call_real(call, "max", NAN);
    if (check_can_quench(session, &structure, err) != ISD_OK || gr_types(session, call_option(call, "pair"), &a, &b, err) != ISD_OK ||
        call_frames(session, call_word(call, 0), &frames, &n, err) != ISD_OK)
        return ASK_FAILED;
    const struct gr_counts **counts = calloc((size_t)n, sizeof *counts);
    enum ask answer = ASK_READY;
    if (!counts) {
        isd_error_memory(err);
        answer = ASK_FAILED;
    } else if (isnan(max) && gr_default_max(session, frames, n, &max, err) != ISD_OK) {
        answer = ASK_FAILED;
    }
    for (int32_t k = 0; k < n && answer != ASK_FAILED; k++) {
        enum ask one = session_gr(session, frames[k], &structure, bins, max, ASK_BATCH, &counts[k], err);
        if (one != ASK_READY)
            answer = one;
    }
    if (answer == ASK_READY)
        answer = give_gr(session, frames, counts, n, a, b, structure.is, sink, err);
    free(counts);
    free(frames);
    return answer;
}
