/* p(u) labelled and matched, g(r) behind. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/pu_plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *unit_sign(const char *unit, enum glyph_tier tier)
{
    static const char *const signs[][2] = {{"sigma", "\u03c3"}, {"tau", "\u03c4"}, {"A", "\u00c5"}};
    for (size_t k = 0; k < sizeof signs / sizeof *signs && tier != GLYPH_ASCII; k++)
        if (strcmp(unit, signs[k][0]) == 0)
            return signs[k][1];
    return unit;
}

static double largest(const double *values, int n)
{
    double most = 0;
    for (int k = 0; k < n; k++)
        if (values[k] > most)
            most = values[k];
    return most;
}

/* The curves and axes of the picture; texts are kept in `words`. */
struct words {
    char g_label[48], x_label[64];
};

static struct plot make_plot(const struct pu_plot *pu, int width, struct curve curves[3], struct words *words)
{
    int n = 0;
    bool narrow = width < 60;
    if (pu->g && pu->n_g > 0) {
        double peak = largest(pu->g, pu->n_g);
        snprintf(words->g_label, sizeof words->g_label, narrow ? "g(r)" : "g(r), peak %.2f", peak);
        curves[n++] = (struct curve){.x = pu->r, .y = pu->g, .n = pu->n_g, .style = CURVE_AREA, .role = ROLE_GR,
                                     .label = words->g_label, .ascii = '.', .top = peak > 0 ? peak / 0.94 : 1};
    }
    /* The labelled curve goes on top: where both agree, the solid line is the one to see. */
    if (pu->matched && pu->bins > 0)
        curves[n++] = (struct curve){.x = pu->u, .y = pu->matched, .n = pu->bins, .style = CURVE_DOTTED,
                                     .role = ROLE_MATCHED, .label = narrow ? "M" : "M matched", .ascii = 'o', .steps = true};
    if (pu->labelled && pu->bins > 0)
        curves[n++] = (struct curve){.x = pu->u, .y = pu->labelled, .n = pu->bins, .style = CURVE_SOLID,
                                     .role = ROLE_LABELLED, .label = narrow ? "L" : "L labelled", .ascii = '#', .steps = true};
    const char *unit = unit_sign(pu->length_unit ? pu->length_unit : "", pu->tier);
    snprintf(words->x_label, sizeof words->x_label, *unit ? "u, r /%s" : "u, r", unit);
    struct plot plot = {.x = {.label = words->x_label, .log = pu->log_x},
                        .y = {.label = "p(u)", .log = pu->log_y, .low = pu->y_low, .high = pu->y_high},
                        .curves = curves, .n_curves = n, .cursor = pu->cursor, .tier = pu->tier};
    if (pu->max > 0) {
        double bin = pu->bins > 0 ? pu->max / pu->bins : pu->max / 100;
        plot.x.low = pu->log_x && !(pu->low > 0) ? 0.5 * bin : pu->low;
        plot.x.high = pu->max;
    }
    return plot;
}

/* A heavy piece of the axis, and its ends. */
static void mark_brush(struct grid *grid, const struct plot_inside *inside, const struct pu_plot *pu)
{
    double low = axis_position(&inside->axis_x, pu->brush_low), high = axis_position(&inside->axis_x, pu->brush_high);
    bool ascii = pu->tier == GLYPH_ASCII;
    if (!(pu->brush_low < pu->brush_high) || !(low < 1 && high > 0))
        return;
    int first = (int)(fmax(low, 0) * inside->width), last = (int)(fmin(high, 1 - 1e-9) * inside->width);
    int y = inside->y + inside->height;
    grid_fill(grid, inside->x + first, y, last - first + 1, 1, ascii ? '=' : 0x2501, ROLE_SELECTED);
    if (low >= 0)
        grid_put(grid, inside->x + first, y, '[', ROLE_SELECTED);
    if (high < 1)
        grid_put(grid, inside->x + last, y, ']', ROLE_SELECTED);
}

bool pu_plot_inside(int x, int y, int width, int height, const struct pu_plot *pu, struct plot_inside *ret_inside)
{
    struct curve curves[3];
    struct words words;
    struct plot plot = make_plot(pu, width, curves, &words);
    return plot_inside(&plot, x, y, width, height, ret_inside);
}

void pu_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct pu_plot *pu)
{
    struct curve curves[3];
    struct words words;
    struct plot_inside inside;
    struct plot plot = make_plot(pu, width, curves, &words);
    plot_draw(grid, x, y, width, height, &plot);
    if (pu->brush_low < pu->brush_high && plot_inside(&plot, x, y, width, height, &inside))
        mark_brush(grid, &inside, pu);
}
