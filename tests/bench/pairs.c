/* Pairs of frames for the matching benchmark. SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "io/frames.h"
#include "isdmin/potential.h"

static isd_snapshot *empty(int32_t n, const isd_box *box)
{
    isd_snapshot *s = NULL;
    if (isd_snapshot_new(n, false, &s, NULL) != ISD_OK)
        return NULL;
    s->box = *box;
    s->has_ids = true;
    for (int32_t i = 0; i < n; i++) {
        s->id[i] = i + 1;
        s->type[i] = 1;
    }
    return s;
}

static isd_box cube(int dim, double side)
{
    return (isd_box){.dim = dim, .periodic = {true, true, true}, .lx = side, .ly = side, .lz = side};
}

static bool freeze(isd_snapshot *a, isd_snapshot *b, const isd_snapshot *ret_pair[2])
{
    if (!a || !b || isd_snapshot_freeze(a, NULL) != ISD_OK || isd_snapshot_freeze(b, NULL) != ISD_OK) {
        isd_snapshot_unref(a);
        isd_snapshot_unref(b);
        return false;
    }
    ret_pair[0] = a;
    ret_pair[1] = b;
    return true;
}

bool pair_poisson(int32_t n, int dim, const isd_snapshot *ret_pair[2])
{
    double side = pow(n, 1.0 / dim);
    isd_box box = cube(dim, side);
    isd_snapshot *s[2] = {empty(n, &box), empty(n, &box)};
    for (int k = 0; k < 2 && s[k]; k++) {
        struct rng rng;
        rng_init(&rng, (uint64_t)k + 1);
        for (int32_t i = 0; i < n; i++)
            for (int c = 0; c < dim; c++)
                s[k]->position[3 * i + c] = side * rng_double(&rng);
    }
    return freeze(s[0], s[1], ret_pair);
}

static const isd_snapshot *load(const char *folder, const char *name)
{
    char path[4096];
    const char *paths[] = {path};
    struct frame_set_options options = {0};
    struct frame_set *set = NULL;
    const isd_snapshot *snapshot = NULL;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (frame_set_open(paths, 1, &options, NULL, NULL, NULL, &set, NULL) != ISD_OK)
        return NULL;
    if (frame_set_get(set, 0, &snapshot, NULL) != ISD_OK)
        snapshot = NULL;
    frame_set_free(set);
    return snapshot;
}

static double normal(struct rng *rng)
{
    double radius = sqrt(-2 * log(1 - rng_double(rng)));
    return radius * cos(2 * M_PI * rng_double(rng));
}

static isd_snapshot *repeated(const isd_snapshot *s, const int repeat[3], double noise)
{
    isd_box box = s->box;
    const double edge[] = {box.lx, box.ly, box.lz};
    struct rng rng;
    int32_t at = 0;
    rng_init(&rng, 5);
    box.lx *= repeat[0];
    box.ly *= repeat[1];
    box.lz *= repeat[2];
    isd_snapshot *out = empty(s->n * repeat[0] * repeat[1] * repeat[2], &box);
    for (int copy = 0; out && copy < repeat[0] * repeat[1] * repeat[2]; copy++) {
        const int place[] = {copy % repeat[0], copy / repeat[0] % repeat[1], copy / repeat[0] / repeat[1]};
        for (int32_t i = 0; i < s->n; i++, at++) {
            out->type[at] = s->type[i];
            for (int c = 0; c < 3; c++)
                out->position[3 * (size_t)at + (size_t)c] =
                    s->position[3 * i + c] + place[c] * edge[c] + (noise > 0 ? noise * normal(&rng) : 0);
        }
    }
    return out;
}

bool pair_of_files(const char *folder, const char *a, const char *b, const int repeat[3], const isd_snapshot *ret_pair[2])
{
    const isd_snapshot *s[2] = {load(folder, a), load(folder, b)};
    bool good = s[0] && s[1];
    if (good && repeat[0] * repeat[1] * repeat[2] == 1) {
        ret_pair[0] = s[0];
        ret_pair[1] = s[1];
        return true;
    }
    good = good && freeze(repeated(s[0], repeat, 0), repeated(s[1], repeat, 0.02), ret_pair);
    isd_snapshot_unref(s[0]);
    isd_snapshot_unref(s[1]);
    return good;
}

static isd_potential *repulsive(void)
{
    static const double epsilon[] = {1, 1.5, 1.5, 0.5}, sigma[] = {1, 0.8, 0.8, 0.88};
    isd_lj_pair pairs[4];
    isd_potential *potential = NULL;
    for (int k = 0; k < 4; k++)
        pairs[k] = (isd_lj_pair){epsilon[k], sigma[k], sigma[k] * pow(2, 1.0 / 6), true};
    return isd_potential_lj(pairs, 2, true, &potential, NULL) == ISD_OK ? potential : NULL;
}

/* Velocity Verlet with unit masses. */
static bool melt(isd_snapshot *s, double temperature, int steps, double dt)
{
    size_t m = 3 * (size_t)s->n;
    double *velocity = malloc(m * sizeof *velocity), *force = malloc(m * sizeof *force);
    isd_potential *potential = repulsive();
    isd_evaluator *evaluator = NULL;
    isd_energy energy;
    struct rng rng;
    rng_init(&rng, 6);
    bool good = velocity && force && potential &&
                isd_evaluator_new(potential, &s->box, s->type, s->n, &evaluator, NULL) == ISD_OK &&
                isd_evaluator_compute(evaluator, s->position, NULL, force, &energy, NULL) == ISD_OK;
    for (size_t k = 0; k < m && good; k++)
        velocity[k] = sqrt(temperature) * normal(&rng);
    for (int step = 0; step < steps && good; step++) {
        for (size_t k = 0; k < m; k++) {
            velocity[k] += 0.5 * dt * force[k];
            s->position[k] += dt * velocity[k];
        }
        good = isd_evaluator_compute(evaluator, s->position, NULL, force, &energy, NULL) == ISD_OK;
        for (size_t k = 0; k < m; k++)
            velocity[k] += 0.5 * dt * force[k];
    }
    isd_evaluator_free(evaluator);
    isd_potential_unref(potential);
    free(velocity);
    free(force);
    return good;
}

/* The same atoms moved by a share of each edge. */
static isd_snapshot *moved(const isd_snapshot *s, double x, double y, double z)
{
    isd_snapshot *out = empty(s->n, &s->box);
    const double by[] = {x * s->box.lx, y * s->box.ly, z * s->box.lz};
    for (int32_t i = 0; out && i < s->n; i++) {
        out->type[i] = s->type[i];
        for (int c = 0; c < 3; c++)
            out->position[3 * (size_t)i + (size_t)c] = s->position[3 * (size_t)i + (size_t)c] + by[c];
    }
    return out;
}

bool pair_liquid(int m, const isd_snapshot *ret_pair[2])
{
    static const double site[4][3] = {{0, 0, 0}, {0.5, 0.5, 0}, {0.5, 0, 0.5}, {0, 0.5, 0.5}};
    int32_t n = 4 * m * m * m;
    double cell = cbrt(4 / 1.2);
    isd_box box = cube(3, cell * m);
    isd_snapshot *s = empty(n, &box);
    struct rng rng;
    rng_init(&rng, 7);
    for (int32_t i = 0; s && i < n; i++) {
        int32_t k = i / 4, place[] = {k % m, k / m % m, k / m / m};
        s->type[i] = rng_double(&rng) < 0.2 ? 2 : 1;
        for (int c = 0; c < 3; c++)
            s->position[3 * (size_t)i + (size_t)c] = cell * (place[c] + site[i % 4][c]);
    }
    if (!s || !melt(s, 4, 350, 0.004)) {
        isd_snapshot_unref(s);
        return false;
    }
    return freeze(s, moved(s, 0.47, 0.52, 0.39), ret_pair);
}

bool pair_crystal(int m, const isd_snapshot *ret_pair[2])
{
    isd_box box = cube(3, m);
    isd_snapshot *s = empty(m * m * m, &box);
    for (int32_t i = 0; s && i < s->n; i++) {
        s->position[3 * (size_t)i] = i % m;
        s->position[3 * (size_t)i + 1] = i / m % m;
        s->position[3 * (size_t)i + 2] = i / m / m;
    }
    return freeze(s, s ? moved(s, 0.5 / m, 0.5 / m, 0.5 / m) : NULL, ret_pair);
}
