/* How g(r) is counted. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/shells_plot.h"

#include <math.h>
#include <stdlib.h>

#include "view/plot.h"
#include "view/slice.h"

enum { LEAST_WIDTH = 16, LEAST_HEIGHT = 6, WORDS_WIDTH = 34, ROWS_OF_WORDS = 6, LEAST_CURVE = 6 };

#define RADIUS 0.22 /* of all discs, in r0: the circle and its shell are what is to be seen */

static double distance(const isd_lattice *lattice, const double *a, const double *b)
{
    double d[3];
    for (int c = 0; c < 3; c++)
        d[c] = a[c] - b[c];
    return sqrt(isd_lattice_shortest(lattice, d));
}

/* The atom nearest to the middle of the cell. */
static int32_t find_hub(const isd_snapshot *frame, const isd_lattice *lattice)
{
    const double middle[3] = {0.5, 0.5, 0.5};
    double centre[3];
    int32_t hub = 0;
    isd_box_from_fraction(&frame->box, middle, centre);
    for (int c = 0; c < 3; c++)
        centre[c] += frame->box.origin[c];
    for (int32_t i = 1; i < frame->n; i++)
        if (distance(lattice, &frame->position[3 * i], centre) < distance(lattice, &frame->position[3 * hub], centre))
            hub = i;
    return hub;
}

static void draw_atoms(struct grid *grid, int x, int y, int width, int height, const struct shells_plot *plot)
{
    double radius[ISD_MAX_TYPES + 1];
    char letter[ISD_MAX_TYPES + 1];
    struct slab slab;
    unsigned char *marked = malloc((size_t)plot->frame->n);
    for (int type = 0; type <= ISD_MAX_TYPES; type++) {
        radius[type] = RADIUS * plot->r0;
        letter[type] = type == 1 ? 'o' : '*';
    }
    if (!marked || slab_make(plot->frame, 2, &slab, NULL) != ISD_OK) {
        free(marked);
        grid->failed = true;
        return;
    }
    isd_lattice lattice;
    isd_lattice_init(&lattice, &plot->frame->box);
    const int32_t hub = find_hub(plot->frame, &lattice);
    const double out = plot->step * plot->width;
    for (int32_t i = 0; i < plot->frame->n; i++)
        marked[i] = distance(&lattice, &plot->frame->position[3 * i], &plot->frame->position[3 * hub]) < out;
    const struct slice_plot slice = {.frame = plot->frame,
                                     .slab = &slab,
                                     .zoom = 1,
                                     .arrows = SLICE_NONE,
                                     .radius = radius,
                                     .letter = letter,
                                     .marked = plot->step > 0 ? marked : NULL,
                                     .atom = -1,
                                     .hub = hub,
                                     .circle = out,
                                     .tier = plot->tier};
    slice_draw(grid, x, y, width, height, &slice, NULL);
    slab_done(&slab);
    free(marked);
}

static void draw_bars(struct grid *grid, int x, int y, int width, int height, const struct shells_plot *plot)
{
    double *r = malloc((size_t)plot->n * sizeof *r), ends[2] = {0, plot->n * plot->width}, ones[2] = {1, 1};
    if (!r) {
        grid->failed = true;
        return;
    }
    for (int k = 0; k < plot->n; k++)
        r[k] = (k + 0.5) * plot->width;
    const struct curve curves[] = {
        {.x = r, .y = plot->g, .n = plot->step, .style = CURVE_BARS, .role = ROLE_MATCHED, .ascii = '#', .steps = true},
        {.x = ends, .y = ones, .n = 2, .style = CURVE_DOTTED, .role = ROLE_DIM, .ascii = '.', .label = "gas"}};
    const struct plot drawn = {.x = {"r", 0, ends[1], false},
                               .y = {"g(r)", 0, 1.08 * fmax(1, curve_largest(plot->g, plot->n)), false},
                               .curves = curves,
                               .n_curves = 2,
                               .cursor = plot->step > 0 ? plot->step * plot->width : NAN,
                               .tier = plot->tier};
    plot_draw(grid, x, y, width, height, &drawn);
    free(r);
}

static void say_shell(struct grid *grid, int x, int y, int width, const struct shells_plot *plot)
{
    const int k = plot->step - 1;
    if (plot->step == 0) {
        grid_format(grid, x, y, width, ROLE_TITLE, "%d atoms, nothing counted yet", (int)plot->frame->n);
        grid_format(grid, x, y + 1, width, ROLE_NORMAL, "who is how far from whom?");
        return;
    }
    grid_format(grid, x, y, width, ROLE_TITLE, "shell %d of %d: r %.3f to %.3f", plot->step, plot->n, k * plot->width, plot->step * plot->width);
    grid_format(grid, x, y + 1, width, ROLE_NORMAL, "pairs of atoms in it  %6.0f", plot->pairs[k]);
    grid_format(grid, x, y + 2, width, ROLE_NORMAL, "as many in a gas      %6.1f", plot->gas[k]);
    grid_format(grid, x, y + 3, width, ROLE_MATCHED, "g(r), their ratio     %6.2f", plot->g[k]);
    grid_format(grid, x, y + 4, width, ROLE_NORMAL, plot->step < plot->n ? "round every atom; here round one" : "all is counted: this is g(r)");
}

void shells_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct shells_plot *plot)
{
    if (width < LEAST_WIDTH || height < LEAST_HEIGHT || plot->n < 1 || plot->step < 0 || plot->step > plot->n)
        return;
    int left = 2 * height + 2; /* a square */
    if (left > width - WORDS_WIDTH)
        left = width - WORDS_WIDTH;
    if (left < LEAST_WIDTH) {
        draw_atoms(grid, x, y, width, height - 1, plot);
        if (plot->step > 0)
            grid_format(grid, x, y + height - 1, width, ROLE_NORMAL, "shell %d of %d  r %.3f  g(r) %.2f", plot->step, plot->n, plot->step * plot->width,
                        plot->g[plot->step - 1]);
        return;
    }
    const int curve = height - ROWS_OF_WORDS, right = x + left + 2, room = width - left - 2;
    draw_atoms(grid, x, y, left, height, plot);
    if (curve >= LEAST_CURVE)
        draw_bars(grid, right, y, room, curve, plot);
    say_shell(grid, right, y + (curve >= LEAST_CURVE ? curve : 0), room, plot);
}
