/* The demos as pictures. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/demo_picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/demo_film.h"
#include "model/print.h"
#include "view/few_plot.h"
#include "view/shells_plot.h"
#include "view/slide_plot.h"

enum { FILM_HEIGHT = 19 };

struct ring_plot demo_ring_plot(const struct demo_ring *ring, const struct demo_sight *sight)
{
    const struct ring_model *model = &ring->model;
    return (struct ring_plot){.n = model->n,
                              .length = model->length,
                              .before = model->before,
                              .after = model->after,
                              .cost = model->cost,
                              .u = model->u,
                              .v = model->v,
                              .partner = model->partner,
                              .hand = ring->hand,
                              .gap = model->gap,
                              .certified = model->certified,
                              .hidden = !demo_ring_shows_optimum(ring),
                              .colour = sight->colour,
                              .row = sight->row,
                              .column = sight->column,
                              .tier = sight->tier};
}

/* Both pairs, side by side or one above the other. */
static void draw_five(struct grid *grid, int x, int y, int width, int height, const struct demo_film *film, enum glyph_tier tier)
{
    static const char *const titles[] = {"some hop, all move a little", "all exchange places"};
    const bool beside = width >= 2 * height;
    const int w = beside ? width / 2 : width, h = beside ? height : height / 2;
    for (int k = 0; k < film->n_pairs; k++) {
        const struct demo_pair *pair = &film->pair[k];
        const struct match *match = pair->match;
        char title[80];
        int used = snprintf(title, sizeof title, "frames %d:%d", (int)pair->a, (int)pair->b);
        if (used + 2 + (int)strlen(titles[k]) < w)
            snprintf(title + used, sizeof title - (size_t)used, "  %s", titles[k]);
        const struct few_plot plot = {.title = title,
                                      .n = match->n,
                                      .before = match->a->position,
                                      .after = match->b->position,
                                      .lab = match->vec_lab,
                                      .mat = match->vec_mat,
                                      .radius = 0.16,
                                      .rmsd = match->rmsd,
                                      .d_min = match->d_min,
                                      .certified = match->certified,
                                      .loop = pair->loop.atom,
                                      .n_loop = pair->loop.n,
                                      .unit = "",
                                      .tier = tier};
        few_plot_draw(grid, x + (beside ? k * w : 0), y + (beside ? 0 : k * h), w - (beside ? 1 : 0), h, &plot);
    }
}

_Static_assert((int)DEMO_LOOP == (int)SLIDE_LOOP, "stages of a film are those of its picture");

static void draw_quench(struct grid *grid, int x, int y, int width, int height, const struct demo_film *film, enum demo_stage stage,
                        enum glyph_tier tier)
{
    const struct demo_pair *pair = &film->pair[0];
    const struct match *match = pair->match;
    const int step = stage == DEMO_SLIDES ? film->step : film->n_steps - 1;
    isd_snapshot *frame = NULL;
    if (isd_snapshot_with_positions(match->a, film->position + 3 * (size_t)film->n * (size_t)step, &frame, NULL) != ISD_OK) {
        grid->failed = true;
        return;
    }
    const struct slide_plot plot = {.frame = frame,
                                    .stage = (enum slide_stage)stage,
                                    .step = step,
                                    .n_steps = film->n_steps,
                                    .energy = film->energy,
                                    .fmax = film->fmax,
                                    .from = pair->a,
                                    .to = pair->b,
                                    .lab = match->vec_lab,
                                    .mat = match->vec_mat,
                                    .r0 = match->r0,
                                    .rmsd = match->rmsd,
                                    .d_min = match->d_min,
                                    .certified = match->certified,
                                    .loop = pair->loop.atom,
                                    .n_loop = pair->loop.n,
                                    .same_places = pair->loop.same_places,
                                    .loop_rmsd = pair->loop.rmsd,
                                    .loop_d_min = pair->loop.d_min,
                                    .tier = tier};
    slide_plot_draw(grid, x, y, width, height, &plot);
    isd_snapshot_unref(frame);
}

static void draw_shells(struct grid *grid, int x, int y, int width, int height, const struct demo_film *film, bool end, enum glyph_tier tier)
{
    const struct match *match = film->pair[0].match;
    isd_snapshot *frame = NULL;
    if (isd_snapshot_with_positions(match->a, film->position, &frame, NULL) != ISD_OK) {
        grid->failed = true;
        return;
    }
    const struct shells_plot plot = {.frame = frame,
                                     .r0 = match->r0,
                                     .width = DEMO_SHELL_WIDTH,
                                     .step = end ? film->shells.n : film->shell,
                                     .n = film->shells.n,
                                     .pairs = film->shells.pairs,
                                     .gas = film->shells.gas,
                                     .g = film->shells.g,
                                     .tier = tier};
    shells_plot_draw(grid, x, y, width, height, &plot);
    isd_snapshot_unref(frame);
}

void demo_picture_draw(struct grid *grid, int x, int y, int width, int height, const struct demos *demos, const struct demo_sight *sight)
{
    struct ring_plot ring;
    switch (demos->kind) {
    case DEMO_RING:
        ring = demo_ring_plot(&demos->ring, sight);
        ring_plot_draw(grid, x, y, width, height, &ring);
        break;
    case DEMO_FIVE:
        draw_five(grid, x, y, width, height, demos->shown, sight->tier);
        break;
    case DEMO_QUENCH:
        draw_quench(grid, x, y, width, height, demos->shown, sight->end ? DEMO_LOOP : demo_film_stage(demos->shown), sight->tier);
        break;
    case DEMO_SHELLS:
        draw_shells(grid, x, y, width, height, demos->shown, sight->end, sight->tier);
        break;
    case DEMO_NONE:
        break;
    }
}

static void say_what(struct print_buffer *out, const struct demos *demos)
{
    if (demos->kind == DEMO_RING)
        print_text(out, "demo 1d seed=%llu n=%d: points on a ring of length %g\n", (unsigned long long)demos->ring.seed, demos->ring.model.n,
                   demos->ring.model.length);
    else if (demos->kind == DEMO_FIVE)
        print_text(out, "demo five seed=%llu: set %s\n", (unsigned long long)demos->shown->seed, demos->shown->set);
    else
        print_text(out, "demo %s seed=%llu n=%d: set %s, system ka2d\n", demos->kind == DEMO_SHELLS ? "shells" : "quench",
                   (unsigned long long)demos->shown->seed, (int)demos->shown->n, demos->shown->set);
}

static int text_height(const struct demos *demos, const struct demo_sight *sight)
{
    if (demos->kind != DEMO_RING)
        return FILM_HEIGHT;
    const struct ring_plot plot = demo_ring_plot(&demos->ring, sight);
    return ring_plot_height(&plot);
}

char *demo_picture_text(const struct demos *demos, const struct plot_place *place, bool end)
{
    const struct demo_sight sight = {.tier = place->tier, .colour = place->colour, .row = -1, .column = -1, .end = end};
    struct print_buffer out = {0};
    struct grid grid;
    if (!grid_init(&grid, place->width, text_height(demos, &sight)))
        return NULL;
    demo_picture_draw(&grid, 0, 0, grid.width, grid.height, demos, &sight);
    char *text = grid.failed ? NULL : place->colour ? grid_to_ansi(&grid, RAMP_CIVIDIS) : grid_to_text(&grid);
    grid_done(&grid);
    say_what(&out, demos);
    if (text)
        print_text(&out, "%s", text);
    if (!text || out.failed)
        print_buffer_done(&out);
    free(text);
    return out.data;
}
