/* How far apart the minima are that different methods find. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/fidelity_plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/axis.h"

enum { NAMES = 20, SUMS = 22, TICK_EVERY = 8, AROUND = 4, WIDEST = 200 };

/* Where things are. */
struct place {
    struct grid *grid;
    int x, y, left, cells; /* left: first column of the axis */
    struct axis axis;
};

int fidelity_plot_height(const struct fidelity_plot *plot)
{
    return plot->n * (plot->n - 1) / 2 + AROUND;
}

static int column(const struct place *place, double d)
{
    const double at = d > place->axis.low ? axis_position(&place->axis, fmin(d, place->axis.high)) : 0;
    const int cell = (int)(fmin(fmax(at, 0), 1) * (place->cells - 1) + 0.5);
    return place->left + cell;
}

/* From a decade below the limit, or the least distance, to the largest. */
static void choose_axis(const struct fidelity_plot *plot, struct axis *ret_axis)
{
    double low = plot->same / 10, high = plot->same * 10;
    for (int f = 0; f < plot->frames; f++) {
        for (int k = 0; k < plot->n * plot->n; k++) {
            const double d = isfinite(plot->d[f][k]) ? plot->d[f][k] : 0;
            low = d > 0 && d < low ? d : low;
            high = d > high ? d : high;
        }
    }
    low = fmax(low, high * 1e-12);
    *ret_axis = (struct axis){.low = pow(10, floor(log10(low))), .high = pow(10, ceil(log10(high))), .log = true};
}

static void draw_axis(const struct place *place, const struct fidelity_plot *plot, int row)
{
    struct tick ticks[AXIS_MAX_TICKS];
    char label[64];
    const bool ascii = plot->tier == GLYPH_ASCII;
    grid_fill(place->grid, place->left, place->y + row, place->cells, 1, ascii ? '-' : 0x2500, ROLE_AXIS);
    const int n = axis_ticks(&place->axis, place->cells, TICK_EVERY, ticks);
    for (int k = 0; k < n; k++) {
        const int at = column(place, ticks[k].value), length = (int)strlen(ticks[k].label);
        if (ticks[k].major) {
            grid_put(place->grid, at, place->y + row, ascii ? '+' : 0x253c, ROLE_AXIS);
            const int most = place->left + place->cells - length;
            const int start = at - length / 2 > most ? most : at - length / 2;
            grid_text(place->grid, start, place->y + row + 1, length, ROLE_AXIS, ticks[k].label);
        }
    }
    const char *unit = unit_sign(plot->length_unit, plot->tier);
    snprintf(label, sizeof label, *unit ? "D_min between minima /%s" : "D_min between minima", unit);
    grid_text(place->grid, place->left, place->y + row + 2, place->cells, ROLE_AXIS, label);
}

static void draw_pair(const struct place *place, const struct fidelity_plot *plot, int a, int b, int row)
{
    char text[64];
    int marks[WIDEST] = {0}, same = 0;
    double sum = 0;
    for (int f = 0; f < plot->frames; f++) {
        const double d = plot->d[f][a * plot->n + b];
        const int at = column(place, d) - place->left;
        marks[at]++;
        same += d < plot->same;
        sum += d * d;
    }
    snprintf(text, sizeof text, "%s-%s", plot->name[a], plot->name[b]);
    grid_text(place->grid, place->x, place->y + row, NAMES - 1, ROLE_NORMAL, text);
    grid_put(place->grid, column(place, plot->same), place->y + row, plot->tier == GLYPH_ASCII ? ':' : 0x2506, ROLE_DIM);
    for (int k = 0; k < place->cells; k++) {
        if (marks[k] > 0) {
            const uint32_t one = plot->tier == GLYPH_ASCII ? 'o' : 0x25cf;
            const double d = axis_value(&place->axis, (double)k / (place->cells - 1));
            grid_put(place->grid, place->left + k, place->y + row,
                     marks[k] == 1 ? one : marks[k] < 10 ? (uint32_t)('0' + marks[k]) : '*',
                     d < plot->same ? ROLE_MATCHED : ROLE_LABELLED);
        }
    }
    snprintf(text, sizeof text, " %d/%d same, rms %.2g", same, plot->frames, sqrt(sum / plot->frames));
    grid_text(place->grid, place->left + place->cells, place->y + row, SUMS, ROLE_NORMAL, text);
}

void fidelity_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct fidelity_plot *plot)
{
    struct place place = {.grid = grid, .x = x, .y = y, .left = x + NAMES, .cells = width - NAMES - SUMS};
    if (place.cells < 8 || height < fidelity_plot_height(plot) || plot->frames < 1 || plot->n < 2 || !(plot->same > 0)) {
        grid_text(grid, x, y, width, ROLE_DIM, "too small for the picture");
        return;
    }
    place.cells = place.cells < WIDEST ? place.cells : WIDEST;
    choose_axis(plot, &place.axis);
    const int limit = column(&place, plot->same), room = limit - place.left;
    grid_text(grid, room >= 8 ? limit - 7 : place.left, y, 7, ROLE_DIM, "same <");
    grid_put(grid, limit, y, plot->tier == GLYPH_ASCII ? ':' : 0x2506, ROLE_DIM);
    int row = 1;
    for (int a = 0; a < plot->n; a++) {
        for (int b = a + 1; b < plot->n; b++) {
            draw_pair(&place, plot, a, b, row++);
        }
    }
    draw_axis(&place, plot, row);
}
