/* Points of a plot: error bars, marks told apart by shape, and a triangle that shows a slope. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "view/plot_area.h"

uint32_t plot_marker(int marker, enum glyph_tier tier)
{
    static const uint32_t glyphs[PLOT_MARKERS] = {0x25cf, 0x25cb, 0x25c6, 0x25c7, 0x25a0, 0x25a1, 0x25b2, 0x25b3};
    static const char ascii[PLOT_MARKERS + 1] = "ox*+#@%&";
    if (marker < 0)
        return tier == GLYPH_ASCII ? '.' : 0x00b7;
    return tier == GLYPH_ASCII ? (uint32_t)ascii[marker % PLOT_MARKERS] : glyphs[marker % PLOT_MARKERS];
}

static bool can_be_shown(const struct axis *axis, double value)
{
    return isfinite(value) && (!axis->log || value > 0);
}

/* The near end of a bar that reaches below what a log axis can show is the end of the axis. */
static double bar_end(const struct axis *axis, double value)
{
    return axis->log && !(value > 0) ? axis->low : value;
}

/* In ASCII a cell alone does not tell which way its bar goes. */
static char bar_glyph(const struct canvas *canvas, int column, int row)
{
    bool upright = !canvas_empty(canvas, column, row - 1) || !canvas_empty(canvas, column, row + 1);
    bool level = !canvas_empty(canvas, column - 1, row) || !canvas_empty(canvas, column + 1, row);
    return level && !upright ? '-' : '|';
}

static void show_bars(const struct plot_area *area, const struct canvas *canvas, enum role role)
{
    for (int row = 0; row < area->height; row++)
        for (int column = 0; column < area->width; column++) {
            uint32_t glyph = canvas_glyph(canvas, column, row, bar_glyph(canvas, column, row));
            if (glyph)
                grid_put(area->grid, area->x + column, area->y + row, glyph, role);
        }
}

void plot_draw_bars(struct plot_area *area, struct canvas *canvas, const struct curve *curve)
{
    for (int k = 0; k < curve->n; k++) {
        double x = curve->x[k], y = curve->y[k];
        struct dash solid = {0};
        if (!can_be_shown(&area->axis_x, x) || !can_be_shown(&area->axis_y, y)) {
            area->dropped += isfinite(y) && isfinite(x);
            continue;
        }
        long at_x = plot_dot_x(area, canvas, x), at_y = plot_dot_y(area, canvas, y);
        canvas_dot(canvas, at_x, at_y);
        if (curve->se_y && curve->se_y[k] > 0)
            canvas_line(canvas, at_x, plot_dot_y(area, canvas, bar_end(&area->axis_y, y - curve->se_y[k])), at_x,
                        plot_dot_y(area, canvas, y + curve->se_y[k]), &solid);
        if (curve->se_x && curve->se_x[k] > 0)
            canvas_line(canvas, plot_dot_x(area, canvas, bar_end(&area->axis_x, x - curve->se_x[k])), at_y,
                        plot_dot_x(area, canvas, x + curve->se_x[k]), at_y, &solid);
    }
    show_bars(area, canvas, curve->role);
}

void plot_draw_marks(const struct plot_area *area, const struct curve *curve)
{
    for (int k = 0; k < curve->n; k++) {
        double x = axis_position(&area->axis_x, curve->x[k]), y = axis_position(&area->axis_y, curve->y[k]);
        if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1))
            continue;
        int column = (int)fmin(x * area->width, area->width - 1), row = area->height - 1 - (int)fmin(y * area->height, area->height - 1);
        grid_put(area->grid, area->x + column, area->y + row, plot_marker(curve->marker, area->plot->tier), curve->role);
    }
}

void plot_draw_slope(const struct plot_area *area, const struct slope_mark *slope)
{
    struct canvas canvas;
    struct dash solid = {0};
    double right = slope->x * slope->width, top = slope->y * pow(slope->width, slope->slope);
    double ends[4] = {axis_position(&area->axis_x, slope->x), axis_position(&area->axis_x, right), axis_position(&area->axis_y, slope->y),
                      axis_position(&area->axis_y, top)};
    for (int k = 0; k < 4; k++)
        if (!(ends[k] >= 0 && ends[k] <= 1))
            return;
    if (area->width < 24 || area->height < 8)
        return;
    if (!canvas_init(&canvas, area->width, area->height, area->plot->tier)) {
        area->grid->failed = true;
        return;
    }
    long x0 = plot_dot_x(area, &canvas, slope->x), x1 = plot_dot_x(area, &canvas, right), y0 = plot_dot_y(area, &canvas, slope->y),
         y1 = plot_dot_y(area, &canvas, top);
    canvas_line(&canvas, x0, y0, x1, y0, &solid);
    canvas_line(&canvas, x1, y0, x1, y1, &solid);
    canvas_line(&canvas, x1, y1, x0, y0, &solid);
    plot_show_canvas(area, &canvas, '`', ROLE_AXIS);
    int base = area->y + (int)(y0 / canvas.down), column = area->x + (int)((x0 + x1) / 2 / canvas.across);
    grid_text(area->grid, column, base + 1 < area->y + area->height ? base + 1 : base, 1, ROLE_AXIS, "1");
    if (slope->label)
        grid_text(area->grid, area->x + (int)(x1 / canvas.across) + 2, area->y + (int)((y0 + y1) / 2 / canvas.down), glyph_columns(slope->label),
                  ROLE_AXIS, slope->label);
    canvas_done(&canvas);
}
