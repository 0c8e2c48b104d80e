/* A liquid that slides into its inherent structure. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/slide_plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "view/plot.h"
#include "view/slice.h"

enum { LEAST_WIDTH = 16, LEAST_HEIGHT = 6, WORDS_WIDTH = 34, ROWS_OF_WORDS = 7, LEAST_CURVE = 6 };

#define RADIUS_A 0.32 /* discs small enough for arrows between them; of type 1 and all others, in r0 */
#define RADIUS_B 0.22
#define LEAST_ARROW 0.08 /* of r0 */

static void draw_atoms(struct grid *grid, int x, int y, int width, int height, const struct slide_plot *plot)
{
    static const enum slice_arrows arrows[] = {
        [SLIDE_STEPS] = SLICE_NONE, [SLIDE_LABELLED] = SLICE_LABELLED, [SLIDE_MATCHED] = SLICE_MATCHED, [SLIDE_LOOP] = SLICE_NONE};
    double radius[ISD_MAX_TYPES + 1];
    char letter[ISD_MAX_TYPES + 1];
    struct slab slab;
    for (int type = 0; type <= ISD_MAX_TYPES; type++) {
        radius[type] = (type == 1 ? RADIUS_A : RADIUS_B) * plot->r0;
        letter[type] = type == 1 ? 'o' : '*';
    }
    if (slab_make(plot->frame, 2, &slab, NULL) != ISD_OK) {
        grid->failed = true;
        return;
    }
    const struct slice_plot slice = {.frame = plot->frame,
                                     .slab = &slab,
                                     .zoom = 1,
                                     .lab = plot->lab,
                                     .mat = plot->mat,
                                     .arrows = arrows[plot->stage],
                                     .scale = 1,
                                     .threshold = LEAST_ARROW * plot->r0,
                                     .radius = radius,
                                     .letter = letter,
                                     .atom = -1,
                                     .ring = plot->stage == SLIDE_LOOP && plot->n_loop > 0 ? plot->loop : NULL,
                                     .n_ring = plot->n_loop,
                                     .tier = plot->tier};
    slice_draw(grid, x, y, width, height, &slice, NULL);
    slab_done(&slab);
}

static void draw_energy(struct grid *grid, int x, int y, int width, int height, const struct slide_plot *plot)
{
    double *steps = malloc((size_t)plot->n_steps * sizeof *steps), low = INFINITY, high = -INFINITY;
    if (!steps) {
        grid->failed = true;
        return;
    }
    for (int k = 0; k < plot->n_steps; k++) {
        steps[k] = k;
        low = fmin(low, plot->energy[k]);
        high = fmax(high, plot->energy[k]);
    }
    const double margin = high > low ? 0.08 * (high - low) : 1;
    const struct curve curve = {.x = steps, .y = plot->energy, .n = plot->step + 1, .style = CURVE_SOLID, .role = ROLE_MATCHED, .ascii = '*'};
    const struct plot drawn = {.x = {"step", 0, plot->n_steps > 1 ? plot->n_steps - 1 : 1, false},
                               .y = {"E/N", low - margin, high + margin, false},
                               .curves = &curve,
                               .n_curves = 1,
                               .cursor = plot->step,
                               .tier = plot->tier};
    plot_draw(grid, x, y, width, height, &drawn);
    free(steps);
}

static void say_slide(struct grid *grid, int x, int *y, int width, const struct slide_plot *plot)
{
    const bool there = plot->step == plot->n_steps - 1;
    grid_format(grid, x, (*y)++, width, ROLE_TITLE, "step %d of %d", plot->step, plot->n_steps - 1);
    grid_format(grid, x, (*y)++, width, ROLE_MATCHED, "energy per atom  %.4f", plot->energy[plot->step]);
    grid_format(grid, x, (*y)++, width, ROLE_NORMAL, "at the start     %.4f", plot->energy[0]);
    grid_format(grid, x, (*y)++, width, ROLE_NORMAL, "largest force    %.1e", plot->fmax[plot->step]);
    grid_format(grid, x, (*y)++, width, ROLE_NORMAL, "%s", there ? "no force is left: inherent structure" : "downhill: only the heat goes");
}

static void say_loop(struct grid *grid, int x, int *y, int width, const struct slide_plot *plot)
{
    char loop[64], atoms[128];
    size_t used = 0, used_atoms = 0;
    if (plot->n_loop == 0) {
        grid_format(grid, x, (*y)++, width, ROLE_NORMAL, "nobody took another's place");
        return;
    }
    for (int k = 0; k <= plot->n_loop && used < sizeof loop; k++)
        used += (size_t)snprintf(loop + used, sizeof loop - used, "%s%d", k ? ">" : "", k % plot->n_loop + 1);
    for (int k = 0; k < plot->n_loop && used_atoms < sizeof atoms; k++)
        used_atoms += (size_t)snprintf(atoms + used_atoms, sizeof atoms - used_atoms, " %lld", (long long)plot->frame->id[plot->loop[k]]);
    grid_format(grid, x, (*y)++, width, ROLE_CURSOR, "a loop: %s", loop);
    grid_format(grid, x, (*y)++, width, ROLE_NORMAL, "atoms%s", atoms);
    grid_format(grid, x, (*y)++, width, ROLE_NORMAL, "on it RMSD %.4f, D_min %.4f:", plot->loop_rmsd, plot->loop_d_min);
    grid_format(grid, x, (*y)++, width, ROLE_NORMAL, "%s", plot->same_places ? "they only exchanged places" : "exchanged, and moved besides");
}

static void say_match(struct grid *grid, int x, int *y, int width, const struct slide_plot *plot)
{
    grid_format(grid, x, (*y)++, width, ROLE_TITLE, "inherent structures %d and %d", plot->from, plot->to);
    grid_format(grid, x, (*y)++, width, ROLE_LABELLED, "labelled  RMSD  %.4f", plot->rmsd);
    if (plot->stage == SLIDE_LABELLED)
        grid_format(grid, x, (*y)++, width, ROLE_NORMAL, "arrows: where each atom went");
    else
        grid_format(grid, x, (*y)++, width, ROLE_MATCHED, "matched   D_min %.4f%s", plot->d_min, plot->certified ? ", proven" : "");
    if (plot->stage == SLIDE_MATCHED)
        grid_format(grid, x, (*y)++, width, ROLE_NORMAL, "arrows: to places, whoever is there");
    if (plot->stage == SLIDE_LOOP)
        say_loop(grid, x, y, width, plot);
}

void slide_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct slide_plot *plot)
{
    if (width < LEAST_WIDTH || height < LEAST_HEIGHT || plot->step < 0 || plot->step >= plot->n_steps)
        return;
    int left = 2 * height + 2; /* a square */
    if (left > width - WORDS_WIDTH)
        left = width - WORDS_WIDTH;
    if (left < LEAST_WIDTH) {
        draw_atoms(grid, x, y, width, height - 1, plot);
        grid_format(grid, x, y + height - 1, width, ROLE_NORMAL, "step %d of %d  E/N %.4f  RMSD %.4f  D_min %.4f", plot->step, plot->n_steps - 1,
                  plot->energy[plot->step], plot->rmsd, plot->d_min);
        return;
    }
    const int curve = height - ROWS_OF_WORDS, right = x + left + 2, room = width - left - 2;
    int at = y + (curve >= LEAST_CURVE ? curve : 0);
    draw_atoms(grid, x, y, left, height, plot);
    if (curve >= LEAST_CURVE)
        draw_energy(grid, right, y, room, curve, plot);
    if (plot->stage == SLIDE_STEPS)
        say_slide(grid, right, &at, room, plot);
    else
        say_match(grid, right, &at, room, plot);
}
