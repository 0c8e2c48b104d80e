/* demo 1d: points on a ring that are paired, by the program and by hand. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/demos.h"
#include "base/scan.h"

enum { USUAL_POINTS = 5 };

int demo_ring_free(const struct demo_ring *ring)
{
    int n = 0;
    for (int i = 0; i < ring->model.n; i++)
        n += ring->hand[i] < 0;
    return n;
}

bool demo_ring_shows_optimum(const struct demo_ring *ring)
{
    return !ring->hidden || demo_ring_free(ring) == 0;
}

/* --- changes: of a copy, which is taken when all is well --- */

static void clear_hand(struct demo_ring *ring)
{
    for (int i = 0; i < RING_MODEL_MOST; i++)
        ring->hand[i] = -1;
}

static isd_status make(struct demo_ring *ring, const struct command_call *call, isd_error *err)
{
    const int n = (int)call_count(call, "n", ring->model.n > 0 ? ring->model.n : USUAL_POINTS);
    if (n > RING_MODEL_MOST) {
        isd_error_set(err, ISD_USAGE, "n=%d: the ring has 1 to %d points", n, RING_MODEL_MOST);
        isd_error_hint(err, "demo 1d n=%d", RING_MODEL_MOST);
        return ISD_USAGE;
    }
    ring->seed = (uint64_t)call_count(call, "seed", ring->model.n > 0 ? (long)ring->seed : 1);
    ring_model_random(n, ring->seed, &ring->model);
    clear_hand(ring);
    return ring_model_solve(&ring->model, err);
}

/* Word k of the call: the number of a point, counted from 1 there and from 0 here. */
static isd_status read_point(const struct command_call *call, int k, int n, int *ret_point, isd_error *err)
{
    const char *word = call_word(call, k);
    int64_t number = 0;
    if (word && scan_whole_int64(word, &number) && number >= 1 && number <= n) {
        *ret_point = (int)number - 1;
        return ISD_OK;
    }
    if (!word)
        return isd_error_set(err, ISD_USAGE, "the number of a point is missing: 1 to %d", n);
    isd_error_set(err, ISD_USAGE, "'%.40s' is no point: they have the numbers 1 to %d", word, n);
    call_error_at_word(call, k, err);
    return ISD_USAGE;
}

/* Whoever had that partner has none now; a pair named again is taken apart. */
static isd_status pair(struct demo_ring *ring, const struct command_call *call, isd_error *err)
{
    int i = 0, j = 0;
    isd_status status = read_point(call, 2, ring->model.n, &i, err);
    if (status == ISD_OK)
        status = read_point(call, 3, ring->model.n, &j, err);
    if (status != ISD_OK)
        return status;
    const bool again = ring->hand[i] == j;
    for (int k = 0; k < ring->model.n; k++)
        if (ring->hand[k] == j)
            ring->hand[k] = -1;
    ring->hand[i] = again ? -1 : j;
    return ISD_OK;
}

/* "2.5" a place, "+0.1" and "-0.1" from where it is. */
static isd_status move(struct demo_ring *ring, const struct command_call *call, isd_error *err)
{
    const char *word = call_word(call, 3);
    const bool after = call_is(call, "time", "after");
    int i = 0;
    double place = 0;
    isd_status status = read_point(call, 2, ring->model.n, &i, err);
    if (status != ISD_OK)
        return status;
    const bool by = word && (word[0] == '+' || word[0] == '-');
    if (!word || !scan_whole_double(word[0] == '+' ? word + 1 : word, &place) || !isfinite(place)) {
        isd_error_set(err, ISD_USAGE, "where to? A place on the ring of length %g, or a step as +0.1", ring->model.length);
        isd_error_hint(err, "demo 1d move %d %g", i + 1, 0.5 * ring->model.length);
        return ISD_USAGE;
    }
    double *at = after ? &ring->model.after[i] : &ring->model.before[i];
    *at = by ? *at + place : place;
    return ring_model_solve(&ring->model, err);
}

static isd_status change(struct demo_ring *ring, const struct command_call *call, isd_error *err)
{
    const char *word = call_word(call, 1);
    isd_status status = ISD_OK;
    if (ring->model.n == 0 || call_has(call, "seed") || call_has(call, "n"))
        status = make(ring, call, err);
    if (status != ISD_OK || !word)
        return status;
    if (strcmp(word, "pair") == 0)
        return pair(ring, call, err);
    if (strcmp(word, "move") == 0)
        return move(ring, call, err);
    if (strcmp(word, "clear") == 0)
        clear_hand(ring);
    else
        ring->hidden = strcmp(word, "hide") == 0;
    return ISD_OK;
}

/* --- the result --- */

/* Pairings as numbers from 1, null where there is no partner. */
static void give_partners(struct result *result, const char *name, const int *partner, int n)
{
    int64_t values[RING_MODEL_MOST];
    for (int i = 0; i < n; i++)
        values[i] = partner[i] < 0 ? RESULT_INT_NULL : partner[i] + 1;
    result_ints(result, name, values, (size_t)n);
}

static void give_matrices(struct result *result, const struct ring_model *model)
{
    const int n = model->n;
    double slack[RING_MODEL_MOST * RING_MODEL_MOST];
    int64_t x[RING_MODEL_MOST * RING_MODEL_MOST];
    for (int k = 0; k < n * n; k++) {
        slack[k] = model->cost[k] - model->u[k / n] - model->v[k % n];
        x[k] = model->partner[k / n] == k % n;
    }
    result_reals(result, "cost", "", model->cost, (size_t)(n * n));
    result_ints(result, "x", x, (size_t)(n * n));
    result_reals(result, "slack", "", slack, (size_t)(n * n));
}

/* The sum over a pairing, and the distance that follows from it. */
static void give_sum(struct result *result, const char *sum_name, const char *d_name, double sum, int n)
{
    result_real(result, sum_name, "", sum);
    result_real(result, d_name, "", sqrt(sum / n));
}

static struct result *make_result(const struct demo_ring *ring)
{
    const struct ring_model *model = &ring->model;
    struct result *result = result_new("demo", RESULT_MATRIX);
    int names[RING_MODEL_MOST];
    double dual = 0;

    for (int i = 0; i < model->n; i++) {
        names[i] = i;
        dual += model->u[i] + model->v[i];
    }
    result_text(result, "demo", "1d");
    result_int(result, "seed", (int64_t)ring->seed);
    result_int(result, "n", model->n);
    result_real(result, "length", "", model->length);
    give_sum(result, "sum_sq", "d_min", model->sum, model->n);
    give_sum(result, "sum_by_name", "rmsd", ring_model_sum(model, names), model->n);
    give_sum(result, "sum_by_hand", "d_by_hand", ring_model_sum(model, ring->hand), model->n);
    result_real(result, "dual", "", dual);
    result_real(result, "gap_abs", "", model->gap);
    result_bool(result, "certified", model->certified);
    result_int(result, "tight", model->tight);
    result_bool(result, "hidden", !demo_ring_shows_optimum(ring));
    result_reals(result, "before", "", model->before, (size_t)model->n);
    result_reals(result, "after", "", model->after, (size_t)model->n);
    give_partners(result, "partner", model->partner, model->n);
    give_partners(result, "hand", ring->hand, model->n);
    result_reals(result, "u", "", model->u, (size_t)model->n);
    result_reals(result, "v", "", model->v, (size_t)model->n);
    give_matrices(result, model);
    return result;
}

enum ask demo_ring_run(struct demos *demos, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct demo_ring ring = demos->ring;
    if (change(&ring, call, err) != ISD_OK)
        return ASK_FAILED;
    demos->ring = ring;
    demos->kind = DEMO_RING;
    demos->news++;
    return give(sink, make_result(&ring), err);
}
