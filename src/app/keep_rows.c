/* Results as rows of a store, and back. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/keep.h"
#include "app/keep_inside.h"
#include "neigh/isa.h"

void keep_plain_zeros(double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        values[i] += 0.0; /* -0 + 0 is 0 */
}

static void complain(struct session *session, const isd_error *err)
{
    session_message(session, "warning: a result is not kept: %s", err->what);
}

/* --- structures --- */

static isd_stop stop_of(const char *text)
{
    for (int k = 0; k <= (int)ISD_STOP_CANCELLED; k++)
        if (strcmp(isd_stop_text((isd_stop)k), text) == 0)
            return (isd_stop)k;
    return ISD_STOP_CANCELLED;
}

void keep_structure(struct session *session, const struct keep_tag *tag, const isd_quench_options *options,
                    const isd_quench_result *result, struct store_structure_arrays *arrays)
{
    isd_error err;
    struct store *store = keep_store_of_id(session, tag->set, true);
    if (!store || !arrays->positions.bytes) {
        store_blob_done(&arrays->positions);
        store_blob_done(&arrays->images);
        return;
    }
    struct store_structure row = {.key = tag->key,
                                  .replace = tag->replace,
                                  .frame = tag->a,
                                  .potential = tag->words,
                                  .potential_name = tag->name,
                                  .dimension = tag->dimension,
                                  .ftol = options->ftol,
                                  .etol = options->etol,
                                  .max_iterations = options->max_iterations,
                                  .energy_start = result->energy_start,
                                  .energy = result->energy,
                                  .fmax = result->fmax,
                                  .fnorm = result->fnorm,
                                  .iterations = result->iterations,
                                  .evaluations = result->evaluations,
                                  .converged = result->converged,
                                  .seconds = result->seconds,
                                  .n_pins = result->n_pinned,
                                  .pin = {result->pinned[0], result->pinned[1]},
                                  .pin_fmax = result->fmax_pinned,
                                  .pin_at = result->pinned_at,
                                  .pin_inside = result->pinned_inside,
                                  .pin_outside = result->pinned_outside};
    memcpy(row.periodic, tag->periodic, sizeof row.periodic);
    memcpy(row.virial, result->virial, sizeof row.virial);
    snprintf(row.method, sizeof row.method, "%s", options->method);
    snprintf(row.kernel, sizeof row.kernel, "%s", isa_name(isa_best()));
    snprintf(row.stop, sizeof row.stop, "%s", isd_stop_text(result->stop));
    if (store_put_structure(store, &row, arrays, &err) != ISD_OK)
        complain(session, &err);
}

static bool is_atom(int32_t i, int32_t n)
{
    return i >= 0 && i < n;
}

bool keep_find_structure(struct session *session, const struct keep_tag *tag, isd_quench_result *ret_result)
{
    struct store_structure row;
    struct store *store = tag->wanted ? keep_store_of_id(session, tag->set, false) : NULL;
    if (!store || !store_get_structure(store, &tag->key, &row))
        return false;
    isd_quench_result result = {.energy_start = row.energy_start,
                                .energy = row.energy,
                                .fmax = row.fmax,
                                .fnorm = row.fnorm,
                                .iterations = (long)row.iterations,
                                .evaluations = (long)row.evaluations,
                                .converged = row.converged,
                                .stop = stop_of(row.stop),
                                .seconds = row.seconds,
                                .fmax_pinned = row.fmax};
    memcpy(result.virial, row.virial, sizeof result.virial);
    if (row.n_pins > 0 && is_atom(row.pin[0], row.frame.atoms) && is_atom(row.pin[1], row.frame.atoms)) {
        result.n_pinned = row.n_pins;
        result.fmax_pinned = row.pin_fmax;
        memcpy(result.pinned, row.pin, sizeof result.pinned);
        result.pinned_at = row.pin_at;
        result.pinned_inside = row.pin_inside;
        result.pinned_outside = row.pin_outside;
    }
    *ret_result = result;
    return true;
}

bool keep_find_positions(struct session *session, const struct keep_tag *tag, struct store_structure_arrays *ret_arrays)
{
    struct store *store = tag->wanted ? keep_store_of_id(session, tag->set, false) : NULL;
    return store && store_get_structure_arrays(store, &tag->key, ret_arrays);
}

/* --- matchings --- */

static void types_to_row(const struct match *match, struct store_matching *row)
{
    row->n_types = match->n_types;
    for (int t = 0; t < match->n_types; t++) {
        const struct match_type *from = &match->per_type[t];
        row->per_type[t] = (struct store_matching_type){from->type, from->n, from->sum_sq, from->d, from->r0, from->exchanged};
    }
}

static void types_from_row(const struct store_matching *row, struct match *match)
{
    match->n_types = row->n_types;
    for (int t = 0; t < row->n_types; t++) {
        const struct store_matching_type *from = &row->per_type[t];
        match->per_type[t] = (struct match_type){from->type, from->n, from->sum_sq, from->d, from->r0, from->exchanged};
    }
}

/* The fields of both structs that have the same name and meaning. */
#define SAME_FIELDS(X)                                                                                                     \
    X(n) X(n_frame) X(labelled) X(unwrapped) X(certified) X(aligned) X(sum_sq) X(d_min) X(dual) X(gap_abs) X(bound) X(r0)  \
    X(max_u) X(seconds) X(edges_per_atom) X(align_steps) X(degenerate) X(ties) X(exchanged) X(exchanged_type) X(rmsd)      \
    X(rmsd_unwrapped) X(jump_fraction) X(n_cycles) X(fixed) X(longest)

void keep_match(struct session *session, const struct keep_tag *tag, const struct match *match, struct store_matching_arrays *arrays)
{
    isd_error err;
    struct store *store = keep_store_of_id(session, tag->set, true);
    struct store_matching *row = store ? calloc(1, sizeof *row) : NULL;
    if (!row) {
        store_blob_done(&arrays->partner);
        store_blob_done(&arrays->duals);
        return;
    }
    row->key = tag->key;
    row->replace = tag->replace;
    row->a = tag->a;
    row->b = tag->b;
    row->of_structures = tag->of_structures;
    row->a_structure = tag->structure[0];
    row->b_structure = tag->structure[1];
    row->blind = tag->blind;
    row->options = tag->words[0] ? tag->words + 1 : "";
    row->cell = (int)match->cell;
#define X(field) row->field = match->field;
    SAME_FIELDS(X)
#undef X
    memcpy(row->shift, match->shift, sizeof row->shift);
    memcpy(row->drift, match->drift, sizeof row->drift);
    types_to_row(match, row);
    if (store_put_matching(store, row, arrays, &err) != ISD_OK)
        complain(session, &err);
    free(row);
}

bool keep_find_match(struct session *session, const struct keep_tag *tag, struct match **ret_match)
{
    struct store *store = tag->wanted ? keep_store_of_id(session, tag->set, false) : NULL;
    struct store_matching *row = store ? calloc(1, sizeof *row) : NULL;
    struct match *match = row ? calloc(1, sizeof *match) : NULL;
    bool found = match && store_get_matching(store, &tag->key, row) && row->cell >= 0 && row->cell <= (int)MATCH_CELL_SCRIPT;
    if (found) {
        match->cell = (enum match_cell)row->cell;
#define X(field) match->field = row->field;
        SAME_FIELDS(X)
#undef X
        memcpy(match->shift, row->shift, sizeof match->shift);
        memcpy(match->drift, row->drift, sizeof match->drift);
        types_from_row(row, match);
        *ret_match = match;
    } else {
        free(match);
    }
    free(row);
    return found;
}

bool keep_find_partners(struct session *session, const struct keep_tag *tag, struct store_matching_arrays *ret_arrays)
{
    struct store *store = tag->wanted ? keep_store_of_id(session, tag->set, false) : NULL;
    return store && store_get_matching_arrays(store, &tag->key, ret_arrays);
}

/* --- g(r) --- */

/* Numbers before the counts: types, bins, max, volume, dimension, atoms of each type. */
enum { GR_HEAD = 5 + ISD_MAX_TYPES + 1 };

static size_t gr_size(int n_types, int bins)
{
    return (size_t)GR_HEAD + (size_t)histogram_n_pairs(n_types) * (size_t)bins;
}

void keep_gr(struct session *session, const struct keep_tag *tag, const struct gr_counts *gr)
{
    isd_error err;
    struct store *store = keep_store_of_id(session, tag->set, true);
    size_t size = gr_size(gr->n_types, gr->bins);
    double *values = store ? malloc(size * sizeof *values) : NULL;
    if (!values)
        return;
    const double head[5] = {gr->n_types, gr->bins, gr->max, gr->volume, gr->dim};
    memcpy(values, head, sizeof head);
    for (int t = 0; t <= ISD_MAX_TYPES; t++)
        values[5 + t] = gr->count_of_type[t];
    memcpy(values + GR_HEAD, gr->counts, (size - GR_HEAD) * sizeof *values);
    struct store_result row = {.key = tag->key,
                               .frame = tag->a,
                               .of_structure = tag->of_structures,
                               .structure = tag->structure[0],
                               .kind = "gr",
                               .parameters = tag->words};
    if (store_pack_doubles(values, size, &row.value, &err) != ISD_OK || store_put_result(store, &row, &err) != ISD_OK)
        complain(session, &err);
    free(values);
}

/* The head of packed counts that claim to be of these types and bins is right? */
static struct gr_counts *gr_from(const double *values, int n_types, int bins)
{
    struct gr_counts *gr = calloc(1, sizeof *gr);
    size_t size = gr_size(n_types, bins) - GR_HEAD;
    if (!gr || !(gr->counts = malloc((size + 1) * sizeof *gr->counts))) {
        free(gr);
        return NULL;
    }
    gr->n_types = n_types;
    gr->bins = bins;
    gr->max = values[2];
    gr->volume = values[3];
    gr->dim = (int)values[4];
    for (int t = 0; t <= ISD_MAX_TYPES; t++)
        gr->count_of_type[t] = (int32_t)values[5 + t];
    memcpy(gr->counts, values + GR_HEAD, size * sizeof *gr->counts);
    return gr;
}

bool keep_find_gr(struct session *session, const struct keep_tag *tag, struct gr_counts **ret_gr)
{
    struct store_blob value = {0};
    struct store *store = tag->wanted ? keep_store_of_id(session, tag->set, false) : NULL;
    if (!store || !store_get_result(store, &tag->key, &value))
        return false;
    int n_types = frame_set_info(session_set_of_id(session, tag->set)->frames, tag->a.number)->n_types;
    size_t size = n_types >= 0 && n_types <= ISD_MAX_TYPES && tag->bins > 0 ? gr_size(n_types, tag->bins) : 0;
    double *values = size ? malloc(size * sizeof *values) : NULL;
    struct gr_counts *gr = NULL;
    if (values && store_unpack_doubles(&value, size, values, NULL) == ISD_OK && values[0] == n_types && values[1] == tag->bins)
        gr = gr_from(values, n_types, tag->bins);
    free(values);
    store_blob_done(&value);
    if (!gr)
        return false;
    *ret_gr = gr;
    return true;
}

/* --- energies --- */

enum { ENERGY_NUMBERS = 9 };

void keep_energy(struct session *session, const struct keep_tag *tag, const struct frame_energy *energy)
{
    isd_error err;
    struct store *store = keep_store_of_id(session, tag->set, true);
    const isd_energy *e = &energy->energy;
    const double numbers[ENERGY_NUMBERS] = {e->total,     e->virial[0], e->virial[1], e->virial[2],  e->virial[3],
                                            e->virial[4], e->virial[5], energy->fmax, energy->fnorm};
    struct store_result row = {.key = tag->key, .frame = tag->a, .kind = "energy", .parameters = tag->words};
    if (store && (store_pack_doubles(numbers, ENERGY_NUMBERS, &row.value, &err) != ISD_OK || store_put_result(store, &row, &err) != ISD_OK))
        complain(session, &err);
}

bool keep_find_energy(struct session *session, const struct keep_tag *tag, struct frame_energy *ret_energy)
{
    struct store_blob value = {0};
    double numbers[ENERGY_NUMBERS];
    struct store *store = tag->wanted ? keep_store_of_id(session, tag->set, false) : NULL;
    if (!store || !store_get_result(store, &tag->key, &value))
        return false;
    bool good = store_unpack_doubles(&value, ENERGY_NUMBERS, numbers, NULL) == ISD_OK;
    store_blob_done(&value);
    if (!good)
        return false;
    *ret_energy = (struct frame_energy){.energy = {.total = numbers[0]}, .fmax = numbers[7], .fnorm = numbers[8]};
    memcpy(ret_energy->energy.virial, numbers + 1, sizeof ret_energy->energy.virial);
    return true;
}

/* --- numbers of many frames, or of a table --- */

/* A table belongs to no set: it goes to the store in use. */
static struct store *store_of_tag(struct session *session, const struct keep_tag *tag, bool make)
{
    return tag->set >= 0 ? keep_store_of_id(session, tag->set, make) : keep_store(session, make);
}

void keep_numbers(struct session *session, const struct keep_tag *tag, const double *numbers, size_t n)
{
    isd_error err;
    struct store *store = store_of_tag(session, tag, true);
    struct store_set_result row = {.key = tag->key,
                                   .of_table = tag->set < 0,
                                   .of_structures = tag->of_structures,
                                   .kind = keep_kind_name(tag->kind),
                                   .parameters = tag->words,
                                   .n = n};
    if (store && (store_pack_doubles(numbers, n, &row.value, &err) != ISD_OK || store_put_set_result(store, &row, &err) != ISD_OK))
        complain(session, &err);
}

bool keep_find_numbers(struct session *session, const struct keep_tag *tag, double **ret_numbers, size_t *ret_n)
{
    struct store_blob value = {0};
    size_t n = 0;
    struct store *store = tag->wanted ? store_of_tag(session, tag, false) : NULL;
    if (!store || !store_get_set_result(store, &tag->key, &n, &value))
        return false;
    double *numbers = n / 1032 <= value.size / sizeof *numbers + 1 ? malloc((n + 1) * sizeof *numbers) : NULL; /* deflate gives no more */
    bool good = numbers && store_unpack_doubles(&value, n, numbers, NULL) == ISD_OK;
    store_blob_done(&value);
    if (!good) {
        free(numbers);
        return false;
    }
    *ret_numbers = numbers;
    *ret_n = n;
    return true;
}
