/* Axes of a plot. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "view/plot_area.h"

static int row_of(const struct plot_area *area, const struct tick *tick)
{
    return area->height - 1 - plot_cell(axis_position(&area->axis_y, tick->value), area->height);
}

/* The label of the axis is in the upper row; a number there gives way to it where two others are left. */
static bool gives_way(const struct plot_area *area, const struct tick *ticks, int n, int left)
{
    const char *label = area->plot->y.label;
    int below = 0;
    for (int k = 0; k < n; k++)
        below += ticks[k].major && row_of(area, &ticks[k]) > 0 && row_of(area, &ticks[k]) < area->height;
    return label && below >= 2 && area->x - 2 - glyph_columns(label) >= left;
}

void plot_draw_y_axis(struct plot_area *area, const struct tick *ticks, int n, int left)
{
    bool ascii = area->plot->tier == GLYPH_ASCII;
    bool top_free = true, label_first = gives_way(area, ticks, n, left);
    for (int row = 0; row < area->height; row++)
        grid_put(area->grid, area->x - 1, area->y + row, ascii ? '|' : 0x2502, ROLE_AXIS);
    for (int k = 0; k < n; k++) {
        int row = row_of(area, &ticks[k]);
        if (row < 0 || row >= area->height)
            continue;
        grid_put(area->grid, area->x - 1, area->y + row, ascii ? '+' : ticks[k].major ? 0x2524 : 0x2502, ROLE_AXIS);
        int width = glyph_columns(ticks[k].label);
        if (!ticks[k].major || area->x - 2 - width < left || (row == 0 && label_first))
            continue;
        grid_text(area->grid, area->x - 2 - width, area->y + row, width, ROLE_AXIS, ticks[k].label);
        top_free &= row != 0;
    }
    const char *label = area->plot->y.label;
    if (label && top_free && area->x - 2 - glyph_columns(label) >= left)
        grid_text(area->grid, area->x - 2 - glyph_columns(label), area->y, area->x - 2 - left, ROLE_AXIS, label);
}

void plot_draw_x_axis(struct plot_area *area, const struct tick *ticks, int n, bool labels)
{
    bool ascii = area->plot->tier == GLYPH_ASCII;
    int row = area->y + area->height, right = area->x + area->width;
    grid_put(area->grid, area->x - 1, row, ascii ? '+' : 0x2514, ROLE_AXIS);
    grid_fill(area->grid, area->x, row, area->width, 1, ascii ? '-' : 0x2500, ROLE_AXIS);
    int label_width = area->plot->x.label ? glyph_columns(area->plot->x.label) : 0;
    int limit = label_width && label_width < area->width - 8 ? right - label_width - 2 : right, end = area->x - 2;
    for (int k = 0; k < n; k++) {
        double position = axis_position(&area->axis_x, ticks[k].value);
        int column = area->x + plot_cell(position, area->width);
        if (column < area->x || column >= right)
            continue;
        grid_put(area->grid, column, row, ascii ? (ticks[k].major ? '+' : '\'') : ticks[k].major ? 0x2534 : 0x2575, ROLE_AXIS);
        int width = glyph_columns(ticks[k].label), at = column - (width - 1) / 2;
        if (!labels || !ticks[k].major || at <= end || at + width > limit)
            continue;
        grid_text(area->grid, at, row + 1, width, ROLE_AXIS, ticks[k].label);
        end = at + width;
    }
    if (labels && limit < right)
        grid_text(area->grid, right - label_width, row + 1, label_width, ROLE_AXIS, area->plot->x.label);
}

int plot_gutter(const struct plot *plot, const struct tick *ticks, int n, int width)
{
    int most = plot->y.label ? glyph_columns(plot->y.label) : 0;
    for (int k = 0; k < n; k++)
        most = ticks[k].major && glyph_columns(ticks[k].label) > most ? glyph_columns(ticks[k].label) : most;
    return most + 3 <= width / 3 ? most + 3 : 1;
}
