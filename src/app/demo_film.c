/* demo five and demo quench: what they are made of. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/demo_film.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/demo_liquid.h"
#include "app/system.h"
#include "base/rng.h"
#include "base/scan.h"
#include "isdmin/quench.h"
#include "model/print.h"

enum { FIVE = 5, FIVE_FRAMES = 3, MOST_STEPS = 2000 };

void demo_film_free(struct demo_film *film)
{
    if (!film)
        return;
    for (int k = 0; k < film->n_pairs; k++)
        match_free(film->pair[k].match);
    free(film->text);
    free(film->type);
    free(film->energy);
    free(film->fmax);
    free(film->position);
    free(film);
}

/* --- where one is in it --- */

/* Steps and stages together. */
static int places(const struct demo_film *film)
{
    return film->n_steps > 0 ? film->n_steps + DEMO_LOOP : 1;
}

enum demo_stage demo_film_stage(const struct demo_film *film)
{
    const int past = film->step - (film->n_steps - 1);
    return film->n_steps == 0 || past <= 0 ? DEMO_SLIDES : (enum demo_stage)past;
}

isd_status demo_film_go(struct demo_film *film, const char *word, isd_error *err)
{
    const int last = places(film) - 1, end = film->n_steps - 1;
    int64_t to = 0;
    if (strcmp(word, "first") == 0)
        to = 0;
    else if (strcmp(word, "last") == 0)
        to = last;
    else if (strcmp(word, "stage") == 0)
        to = film->step < end ? end : film->step == last ? 0 : film->step + 1;
    else if (scan_whole_int64(word + (*word == '+'), &to))
        to = film->step + (to > last ? last : to < -last ? -last : to);
    else
        return isd_error_set(err, ISD_USAGE, "a step is +N, -N, first, last or stage, not '%.40s'", word);
    film->step = to < 0 ? 0 : to > last ? last : (int)to;
    return ISD_OK;
}

isd_status demo_film_go_shell(struct demo_film *film, const char *word, isd_error *err)
{
    struct demo_film line = {.step = film->shell, .n_steps = film->shells.n + 1};
    isd_status status = strcmp(word, "stage") == 0 ? demo_film_go(&line, "last", err) : demo_film_go(&line, word, err);
    if (status == ISD_OK)
        film->shell = line.step < film->shells.n ? line.step : film->shells.n;
    return status;
}

bool demo_film_at_end(const struct demo_film *film, enum demo_kind kind)
{
    return kind == DEMO_SHELLS ? film->shell >= film->shells.n : film->step >= film->n_steps - 1;
}

/* --- frames --- */

static isd_status make_frame(const struct demo_film *film, const double *position, isd_snapshot **ret_frame, isd_error *err)
{
    isd_snapshot *frame = NULL;
    isd_status status = isd_snapshot_new(film->n, false, &frame, err);
    if (status != ISD_OK)
        return status;
    frame->box = film->box;
    frame->has_ids = frame->unwrapped = true;
    for (int32_t i = 0; i < film->n; i++)
        frame->id[i] = i + 1;
    memcpy(frame->type, film->type, (size_t)film->n * sizeof *frame->type);
    memcpy(frame->position, position, 3 * (size_t)film->n * sizeof *position);
    status = isd_snapshot_freeze(frame, err);
    if (status == ISD_OK)
        *ret_frame = frame;
    else
        isd_snapshot_unref(frame);
    return status;
}

/* The frames as a dump: what the session opens. */
static isd_status write_text(struct demo_film *film, const double *position, double interval, isd_error *err)
{
    struct print_buffer out = {0};
    for (int32_t k = 0; k < film->n_frames; k++) {
        if (k == 0)
            print_text(&out, "ITEM: UNITS\nlj\n");
        print_text(&out, "ITEM: TIME\n%.17g\nITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n%d\n", k * interval, (int)k, (int)film->n);
        print_text(&out, "ITEM: BOX BOUNDS pp pp pp\n0 %.17g\n0 %.17g\n0 %.17g\nITEM: ATOMS id type xu yu zu\n", film->box.lx, film->box.ly,
                   film->box.lz);
        for (int32_t i = 0; i < film->n; i++) {
            const double *r = position + 3 * ((size_t)k * (size_t)film->n + (size_t)i);
            print_text(&out, "%d %d %.17g %.17g 0\n", (int)i + 1, (int)film->type[i], r[0], r[1]);
        }
    }
    if (out.failed) {
        print_buffer_done(&out);
        return isd_error_memory(err);
    }
    film->text = out.data;
    film->length = out.length;
    return ISD_OK;
}

/* Matches two frames of positions as they are; `a` and `b` are their numbers in the set. */
static isd_status add_pair(struct demo_film *film, int32_t a, int32_t b, const double *r_a, const double *r_b, isd_control *control, isd_error *err)
{
    const struct match_options options = {0};
    struct demo_pair *pair = &film->pair[film->n_pairs];
    isd_snapshot *one = NULL, *two = NULL;
    isd_status status = make_frame(film, r_a, &one, err);
    if (status == ISD_OK)
        status = make_frame(film, r_b, &two, err);
    if (status == ISD_OK)
        status = match_snapshots(one, two, &options, control, &pair->match, err);
    if (status == ISD_OK) {
        film->n_pairs++;
        pair->a = a;
        pair->b = b;
        status = demo_loop_find(pair->match, &pair->loop, err);
    }
    isd_snapshot_unref(one);
    isd_snapshot_unref(two);
    return status;
}

/* --- demo five: the paper's Fig. 1(a) --- */

/* On a circle, somewhat displaced. Then three of them hop round and all move a little; and, from the start again, all five hop round
 * and nothing else happens. */
static void place_five(uint64_t seed, const isd_box *box, double position[FIVE_FRAMES * 3 * FIVE])
{
    static const int hop[FIVE_FRAMES][FIVE] = {{0, 1, 2, 3, 4}, {1, 2, 0, 3, 4}, {1, 2, 3, 4, 0}};
    static const double shake[FIVE_FRAMES] = {0.08, 0.12, 0};
    struct rng rng;
    rng_init(&rng, seed);
    memset(position, 0, FIVE_FRAMES * 3 * FIVE * sizeof *position);
    for (int i = 0; i < FIVE; i++) {
        const double angle = 2 * M_PI * (0.25 - (double)i / FIVE);
        position[3 * i] = 0.5 * box->lx + 1.1 * cos(angle);
        position[3 * i + 1] = 0.5 * box->ly + 1.1 * sin(angle);
    }
    for (int k = 0; k < FIVE_FRAMES; k++)
        for (int i = 0; i < FIVE; i++)
            for (int q = 0; q < 2; q++)
                position[3 * (k * FIVE + i) + q] = position[3 * hop[k][i] + q] + shake[k] * rng_normal(&rng);
}

static isd_status make_five(struct demo_film *film, isd_control *control, isd_error *err)
{
    double position[FIVE_FRAMES * 3 * FIVE];
    film->n = FIVE;
    film->n_frames = FIVE_FRAMES;
    film->box = (isd_box){.dim = 2, .periodic = {true, true, true}, .lx = 6, .ly = 6, .lz = 1};
    film->type = calloc(FIVE, sizeof *film->type);
    if (!film->type)
        return isd_error_memory(err);
    for (int i = 0; i < FIVE; i++)
        film->type[i] = 1;
    place_five(film->seed, &film->box, position);
    isd_status status = write_text(film, position, 1.0, err);
    for (int k = 1; k < FIVE_FRAMES && status == ISD_OK; k++)
        status = add_pair(film, 0, k, position, position + (size_t)(3 * FIVE * k), control, err);
    return status;
}

/* --- demo quench --- */

/* What the minimiser shows on its way. */
struct camera {
    struct demo_film *film;
    int room;
    bool failed;
};

static bool grow(double **array, size_t n)
{
    double *grown = realloc(*array, n * sizeof **array);
    if (grown)
        *array = grown;
    return grown != NULL;
}

static void watch(void *arg, long iteration, double energy, double fmax, const double *position)
{
    struct camera *camera = arg;
    struct demo_film *film = camera->film;
    const size_t n3 = 3 * (size_t)film->n;
    (void)iteration;
    if (camera->failed || film->n_steps == MOST_STEPS)
        return;
    if (film->n_steps == camera->room) {
        camera->room = camera->room > 0 ? 2 * camera->room : 128;
        const size_t room = (size_t)camera->room;
        camera->failed = !grow(&film->energy, room) || !grow(&film->fmax, room) || !grow(&film->position, room * n3);
        if (camera->failed)
            return;
    }
    film->energy[film->n_steps] = energy / film->n;
    film->fmax[film->n_steps] = fmax;
    memcpy(film->position + (size_t)film->n_steps * n3, position, n3 * sizeof *position);
    film->n_steps++;
}

/* The first frame's way down is kept. */
static isd_status quench_frame(struct demo_film *film, const isd_potential *potential, bool filmed, isd_control *control, double *position,
                               isd_error *err)
{
    struct camera camera = {.film = film};
    isd_quench_options options;
    isd_quench_result result;
    isd_quench_defaults(&options);
    if (filmed) {
        options.watch = watch;
        options.watch_arg = &camera;
    }
    isd_status status = isd_quench(potential, &film->box, film->type, film->n, &options, control, position, &result, err);
    if (status == ISD_OK && camera.failed)
        status = isd_error_memory(err);
    if (filmed && status == ISD_OK)
        film->converged = result.converged;
    return status;
}

/* The first frame as it is. */
static isd_status count_shells(struct demo_film *film, const double *position, isd_control *control, isd_error *err)
{
    isd_snapshot *frame = NULL;
    isd_status status = make_frame(film, position, &frame, err);
    if (status == ISD_OK)
        status = demo_shells_count(frame, control, &film->shells, err);
    isd_snapshot_unref(frame);
    return status;
}

static isd_status film_liquid(struct demo_film *film, const isd_potential *potential, const struct demo_liquid *liquid, isd_control *control,
                              isd_error *err)
{
    const size_t n3 = 3 * (size_t)liquid->n, last = (size_t)liquid->n_frames - 1;
    double *ends = malloc(2 * n3 * sizeof *ends);
    if (!ends)
        return isd_error_memory(err);
    memcpy(ends, liquid->position, n3 * sizeof *ends);
    memcpy(ends + n3, liquid->position + last * n3, n3 * sizeof *ends);
    isd_status status = write_text(film, liquid->position, liquid->interval, err);
    for (int k = 0; k < 2 && status == ISD_OK; k++)
        status = quench_frame(film, potential, k == 0, control, ends + (size_t)k * n3, err);
    if (status == ISD_OK)
        status = add_pair(film, 0, (int32_t)last, ends, ends + n3, control, err);
    if (status == ISD_OK)
        status = count_shells(film, liquid->position, control, err);
    free(ends);
    return status;
}

static isd_status make_quench(struct demo_film *film, isd_control *control, isd_error *err)
{
    struct system_settings system;
    struct demo_liquid liquid = {0};
    isd_potential *potential = NULL;
    system_init(&system);
    isd_status status = system_builtin(&system, "ka2d", err);
    if (status == ISD_OK)
        status = system_potential(&system, 2, NULL, NULL, &potential, err);
    if (status == ISD_OK)
        status = demo_liquid_make(potential, film->n, film->seed, control, &liquid, err);
    if (status == ISD_OK) {
        film->box = liquid.box;
        film->led = liquid.led;
        film->n_frames = liquid.n_frames;
        film->type = liquid.type;
        liquid.type = NULL;
        status = film_liquid(film, potential, &liquid, control, err);
    }
    demo_liquid_done(&liquid);
    isd_potential_unref(potential);
    return status;
}

isd_status demo_film_make(enum demo_kind kind, int32_t n, uint64_t seed, isd_control *control, struct demo_film **ret_film, isd_error *err)
{
    struct demo_film *film = calloc(1, sizeof *film);
    if (!film)
        return isd_error_memory(err);
    film->kind = kind;
    film->n = n;
    film->seed = seed;
    isd_status status = kind == DEMO_FIVE ? make_five(film, control, err) : make_quench(film, control, err);
    if (status == ISD_OK)
        *ret_film = film;
    else
        demo_film_free(film);
    return status;
}
