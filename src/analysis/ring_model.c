/* Points on a ring, paired at least cost. SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/ring_model.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "isdmin/match.h"

static double around(double x, double length)
{
    double inside = x - length * floor(x / length);
    return inside < length ? inside : 0.0; /* of a tiny negative number */
}

void ring_model_random(int n, uint64_t seed, struct ring_model *ret_model)
{
    struct rng rng;
    int order[RING_MODEL_MOST];

    memset(ret_model, 0, sizeof *ret_model);
    ret_model->n = n;
    ret_model->length = n;
    rng_init(&rng, seed);
    for (int i = 0; i < n; i++) {
        ret_model->before[i] = around(i + 0.5 + 0.15 * rng_normal(&rng), n);
        order[i] = i;
    }
    /* A hop: three neighbours, or as many as there are, take each other's places. */
    int hops = n < 3 ? n : 3, first = (int)rng_below(&rng, (uint32_t)n);
    for (int k = 0; k < hops; k++)
        order[(first + k) % n] = (first + (k + 1) % hops) % n;
    for (int i = 0; i < n; i++)
        ret_model->after[i] = around(ret_model->before[order[i]] + 0.35 * rng_normal(&rng), n);
}

/* The ring as the x axis of a cell of two dimensions. */
static isd_box ring_box(const struct ring_model *model)
{
    return (isd_box){.dim = 2, .periodic = {true, false, false}, .lx = model->length, .ly = 1.0, .lz = 1.0};
}

/* What the prices prove. */
static void look_at_slack(struct ring_model *model)
{
    const int n = model->n;
    model->least_slack = INFINITY;
    model->tight = 0;
    for (int k = 0; k < n * n; k++) {
        double slack = model->cost[k] - model->u[k / n] - model->v[k % n];
        model->least_slack = fmin(model->least_slack, slack);
        model->tight += slack < RING_MODEL_TIGHT;
    }
}

isd_status ring_model_solve(struct ring_model *model, isd_error *err)
{
    const int n = model->n;
    double a[3 * RING_MODEL_MOST] = {0}, b[3 * RING_MODEL_MOST] = {0}, mean = 0.0;
    const isd_box box = ring_box(model);
    isd_assignment x = {0};
    isd_certificate proof = {0};
    isd_lattice lattice;

    if (n < 1 || n > RING_MODEL_MOST)
        return isd_error_set(err, ISD_USAGE, "the model has 1 to %d points", RING_MODEL_MOST);
    for (int i = 0; i < n; i++) {
        if (!isfinite(model->before[i]) || !isfinite(model->after[i]))
            return isd_error_set(err, ISD_USAGE, "a position is not a number");
        a[3 * i] = model->before[i] = around(model->before[i], model->length);
        b[3 * i] = model->after[i] = around(model->after[i], model->length);
    }
    isd_status status = isd_assign(&box, a, b, n, NULL, NULL, &x, err);
    if (!status)
        status = isd_assignment_check(&box, a, b, n, x.partner, x.v, NULL, &proof, err);
    if (status) {
        isd_assignment_done(&x);
        return status;
    }
    isd_lattice_init(&lattice, &box);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double d[3] = {b[3 * j] - a[3 * i], 0.0, 0.0};
            model->cost[i * n + j] = isd_lattice_shortest(&lattice, d);
        }
    for (int i = 0; i < n; i++)
        mean += x.v[i] / n;
    for (int i = 0; i < n; i++) { /* what is added to all u and taken from all v changes nothing */
        model->partner[i] = x.partner[i];
        model->u[i] = x.u[i] + mean;
        model->v[i] = x.v[i] - mean;
    }
    model->sum = proof.sum_sq;
    model->certified = proof.certified;
    model->gap = proof.gap_abs;
    look_at_slack(model);
    isd_assignment_done(&x);
    return ISD_OK;
}

double ring_model_sum(const struct ring_model *model, const int *pairs)
{
    bool taken[RING_MODEL_MOST] = {false};
    double sum = 0.0;

    for (int i = 0; i < model->n; i++) {
        if (pairs[i] < 0 || pairs[i] >= model->n || taken[pairs[i]])
            return NAN;
        taken[pairs[i]] = true;
        sum += model->cost[i * model->n + pairs[i]];
    }
    return sum;
}
