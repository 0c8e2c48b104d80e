/* A small liquid in two dimensions. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/demo_liquid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "pot/evaluator.h"

#define DENSITY 1.2
#define SHARE_A 0.65
#define TIME_STEP 5e-4
#define LONGEST_STEP 0.1 /* of a coordinate in one step */
#define MOLTEN 1.0       /* temperature */
#define SHELL 1.25       /* of A atoms round a B, and between one and the next of them, in sigma */
#define NEXT 1.7

enum { STEPS_DOWNHILL = 1000, STEPS_MOLTEN = 1500, STEPS_COOLING = 4500, STEPS_A_FRAME = 400, ASK_EVERY = 64, LEAST_LOOP = 3, MOST_LOOP = 12 };
enum { FIRST_SEED = 4 }; /* so that with seed 1 some atoms rearrange beside the loop */

void demo_liquid_done(struct demo_liquid *liquid)
{
    free(liquid->type);
    free(liquid->position);
    *liquid = (struct demo_liquid){0};
}

/* Forces by the plain kernel: what chance makes of a difference in the last digit would be another picture on another processor. */
struct motion {
    isd_evaluator *evaluator;
    isd_control *control;
    struct rng rng;
    int32_t n;
    double *x, *force; /* [3n]; the force becomes the step */
};

static isd_status motion_init(struct motion *motion, const isd_potential *potential, const struct demo_liquid *liquid, isd_error *err)
{
    const size_t n3 = 3 * (size_t)liquid->n;
    motion->n = liquid->n;
    motion->x = calloc(n3, sizeof *motion->x);
    motion->force = calloc(n3, sizeof *motion->force);
    if (!motion->x || !motion->force)
        return isd_error_memory(err);
    isd_status status = isd_evaluator_new(potential, &liquid->box, liquid->type, liquid->n, &motion->evaluator, err);
    if (status == ISD_OK)
        evaluator_set_isa(motion->evaluator, ISA_PLAIN);
    return status;
}

static void motion_done(struct motion *motion)
{
    isd_evaluator_free(motion->evaluator);
    free(motion->x);
    free(motion->force);
}

/* One step. What all atoms do together changes nothing, and is taken out: the centre stays where it is. */
static void step_all(struct motion *motion, double kick)
{
    for (int q = 0; q < 2; q++) {
        double mean = 0;
        for (int32_t i = 0; i < motion->n; i++) {
            const double dx = motion->force[3 * i + q] * TIME_STEP + kick * rng_normal(&motion->rng);
            motion->force[3 * i + q] = fmin(fmax(dx, -LONGEST_STEP), LONGEST_STEP);
            mean += motion->force[3 * i + q] / motion->n;
        }
        for (int32_t i = 0; i < motion->n; i++)
            motion->x[3 * i + q] += motion->force[3 * i + q] - mean;
    }
}

/* dx = F dt + sqrt(2 T dt) xi, the mobility being 1, with T falling from `hot` to `cold`. */
static isd_status motion_go(struct motion *motion, int steps, double hot, double cold, isd_error *err)
{
    for (int step = 0; step < steps; step++) {
        const double kick = sqrt(2 * TIME_STEP * (hot + (cold - hot) * step / steps));
        if (step % ASK_EVERY == 0 && isd_control_cancelled(motion->control))
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
        isd_status status = isd_evaluator_compute(motion->evaluator, motion->x, motion->control, motion->force, NULL, err);
        if (status != ISD_OK)
            return status;
        step_all(motion, kick);
    }
    return ISD_OK;
}

/* --- the loop that is led round --- */

struct neighbour {
    int32_t atom;
    double angle, way[3]; /* from the middle */
};

static int by_angle(const void *p, const void *q)
{
    const double a = ((const struct neighbour *)p)->angle, b = ((const struct neighbour *)q)->angle;
    return (a > b) - (a < b);
}

/* The A atoms round an atom, in the order of their angles, if they are a closed loop; 0: they are not. */
static int32_t loop_round(const struct demo_liquid *liquid, const double *x, int32_t middle, struct neighbour *loop)
{
    isd_lattice lattice;
    int32_t n = 0;
    isd_lattice_init(&lattice, &liquid->box);
    for (int32_t i = 0; i < liquid->n && n < MOST_LOOP; i++) {
        double d[3] = {x[3 * i] - x[3 * middle], x[3 * i + 1] - x[3 * middle + 1], 0};
        if (liquid->type[i] != 1 || isd_lattice_shortest(&lattice, d) > SHELL * SHELL)
            continue;
        loop[n] = (struct neighbour){.atom = i, .angle = atan2(d[1], d[0])};
        memcpy(loop[n++].way, d, sizeof d);
    }
    qsort(loop, (size_t)n, sizeof *loop, by_angle);
    for (int32_t k = 0; k < n; k++) {
        const double *here = loop[k].way, *there = loop[(k + 1) % n].way;
        if (hypot(there[0] - here[0], there[1] - here[1]) > NEXT)
            return 0;
    }
    return n >= LEAST_LOOP ? n : 0;
}

/* The largest loop round a B, the first of equal ones: each of its atoms goes to the place of the next. Species stay where they are, so
 * the energy does too. */
static void lead_round(struct demo_liquid *liquid, double *x)
{
    struct neighbour loop[MOST_LOOP], best[MOST_LOOP];
    for (int32_t i = 0; i < liquid->n; i++) {
        const int32_t n = liquid->type[i] == 2 ? loop_round(liquid, x, i, loop) : 0;
        if (n > liquid->led) {
            liquid->led = n;
            memcpy(best, loop, sizeof best);
        }
    }
    for (int32_t k = 0; k < liquid->led; k++)
        for (int q = 0; q < 2; q++)
            x[3 * best[k].atom + q] += best[(k + 1) % liquid->led].way[q] - best[k].way[q];
}

/* --- from the start to the last frame --- */

static isd_status add_frame(struct demo_liquid *liquid, const struct motion *motion, isd_error *err)
{
    const size_t n3 = 3 * (size_t)liquid->n, frames = (size_t)liquid->n_frames;
    double *grown = realloc(liquid->position, (frames + 1) * n3 * sizeof *grown);
    if (!grown)
        return isd_error_memory(err);
    liquid->position = grown;
    memcpy(grown + frames * n3, motion->x, n3 * sizeof *grown);
    liquid->n_frames++;
    return ISD_OK;
}

static isd_status put_down(struct demo_liquid *liquid, isd_error *err)
{
    const double length = sqrt(liquid->n / DENSITY);
    liquid->box = (isd_box){.dim = 2, .periodic = {true, true, true}, .lx = length, .ly = length, .lz = 1};
    liquid->interval = STEPS_A_FRAME * TIME_STEP;
    liquid->type = calloc((size_t)liquid->n, sizeof *liquid->type);
    if (!liquid->type)
        return isd_error_memory(err);
    for (int32_t i = 0; i < liquid->n; i++)
        liquid->type[i] = i < lround(SHARE_A * liquid->n) ? 1 : 2;
    return ISD_OK;
}

/* At random, then downhill until nothing overlaps, then molten and cooled. */
static isd_status start(struct motion *motion, const struct demo_liquid *liquid, isd_error *err)
{
    for (int32_t i = 0; i < liquid->n; i++)
        for (int q = 0; q < 2; q++)
            motion->x[3 * i + q] = liquid->box.lx * rng_double(&motion->rng);
    isd_status status = motion_go(motion, STEPS_DOWNHILL, 0, 0, err);
    if (status == ISD_OK)
        status = motion_go(motion, STEPS_MOLTEN, MOLTEN, MOLTEN, err);
    return status == ISD_OK ? motion_go(motion, STEPS_COOLING, MOLTEN, DEMO_LIQUID_TEMPERATURE, err) : status;
}

static isd_status run(struct demo_liquid *liquid, struct motion *motion, isd_error *err)
{
    isd_status status = add_frame(liquid, motion, err);
    while (status == ISD_OK && liquid->n_frames < DEMO_LIQUID_FRAMES) {
        if (liquid->n_frames == DEMO_LIQUID_FRAMES / 2)
            lead_round(liquid, motion->x);
        status = motion_go(motion, STEPS_A_FRAME, DEMO_LIQUID_TEMPERATURE, DEMO_LIQUID_TEMPERATURE, err);
        if (status == ISD_OK)
            status = add_frame(liquid, motion, err);
        isd_control_report(motion->control, liquid->n_frames, DEMO_LIQUID_FRAMES);
    }
    return status;
}

isd_status demo_liquid_make(const isd_potential *potential, int32_t n, uint64_t seed, isd_control *control,
                            struct demo_liquid *ret_liquid, isd_error *err)
{
    struct demo_liquid liquid = {.n = n};
    struct motion motion = {.control = control};

    if (n < DEMO_LIQUID_LEAST || n > DEMO_LIQUID_MOST)
        return isd_error_set(err, ISD_USAGE, "n=%d: the liquid has %d to %d atoms", n, DEMO_LIQUID_LEAST, DEMO_LIQUID_MOST);
    rng_init(&motion.rng, seed + FIRST_SEED);
    isd_status status = put_down(&liquid, err);
    if (status == ISD_OK)
        status = motion_init(&motion, potential, &liquid, err);
    if (status == ISD_OK)
        status = start(&motion, &liquid, err);
    if (status == ISD_OK)
        status = run(&liquid, &motion, err);
    motion_done(&motion);
    if (status == ISD_OK)
        *ret_liquid = liquid;
    else
        demo_liquid_done(&liquid);
    return status;
}
