/* Labels of curves, beside them. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "view/plot_area.h"

static bool line_here(const struct plot_area *area, int column, int row)
{
    for (int k = 0; k < area->n; k++)
        if (!canvas_empty(&area->canvas[k], column, row))
            return true;
    return false;
}

/* How good a label of `width` cells at (column, row) would be; negative: it does not fit. It must not touch a line. */
static int label_room(const struct plot_area *area, int column, int row, int width)
{
    if (column < 1 || row < 0 || column + width >= area->width || row >= area->height)
        return -1;
    int blank = 0;
    for (int k = -1; k <= width; k++) {
        if (line_here(area, column + k, row))
            return -1;
        const struct grid *grid = area->grid;
        int x = area->x + column + k, y = area->y + row;
        if (x < 0 || y < 0 || x >= grid->width || y >= grid->height)
            return -1;
        blank += grid->cell[y * grid->width + x].glyph == ' ';
    }
    return blank;
}

/* Cells of other lines in this column that are near the row: a label there could be taken for theirs. */
static int rivals(const struct plot_area *area, int mine, int column, int row)
{
    int count = 0;
    for (int k = 0; k < area->n; k++)
        for (int d = -3; d <= 3 && k != mine; d++)
            count += !canvas_empty(&area->canvas[k], column, row + d) ? 4 - abs(d) : 0;
    return count;
}

bool plot_has_text(const struct plot_area *area, int column, int row)
{
    int x = area->x + column, y = area->y + row;
    if (x < 0 || y < 0 || x >= area->grid->width || y >= area->grid->height)
        return false;
    uint32_t glyph = area->grid->cell[y * area->grid->width + x].glyph;
    return (glyph >= '0' && glyph <= '9') || (glyph >= 'a' && glyph <= 'z') || (glyph >= 'A' && glyph <= 'Z') || glyph == '(';
}

static bool already_text(const struct plot_area *area, int column, int row, int width)
{
    bool found = false;
    for (int k = -1; k <= width && !found; k++)
        found = plot_has_text(area, column + k, row);
    return found;
}

void plot_label_line(struct plot_area *area, int mine, const struct curve *curve)
{
    static const int offset[][2] = {{2, 0}, {2, -1}, {1, -1}, {2, 1}, {0, -1}, {3, -2}};
    int width = glyph_columns(curve->label), best = 0, best_column = -1, best_row = -1;
    for (int column = 0; column < area->width; column++) {
        for (int row = 0; row < area->height; row++) {
            if (canvas_empty(&area->canvas[mine], column, row))
                continue;
            for (size_t k = 0; k < sizeof offset / sizeof *offset; k++) {
                int at = column + offset[k][0], line = row + offset[k][1];
                int room = label_room(area, at, line, width);
                if (room < 0 || already_text(area, at, line, width))
                    continue;
                int score = 100 + 2 * room - 8 * rivals(area, mine, column, row) - 2 * (int)k
                            + 4 * (area->height - row) / area->height;
                if (score > best) {
                    best = score;
                    best_column = at;
                    best_row = line;
                }
            }
        }
    }
    if (best_column >= 0)
        grid_text(area->grid, area->x + best_column, area->y + best_row, width, curve->role, curve->label);
}

static bool area_at(const struct plot_area *area, const struct curve *curve, int column, int row)
{
    int x = area->x + column, y = area->y + row;
    if (column < 0 || row < 0 || row >= area->height || column >= area->width || x >= area->grid->width || y >= area->grid->height)
        return false;
    const struct cell *cell = &area->grid->cell[y * area->grid->width + x];
    return cell->role == curve->role && cell->glyph != ' ';
}

static bool put_area_label(struct plot_area *area, const struct curve *curve, int column, int row, int width)
{
    if (label_room(area, column, row, width) != width + 2 || already_text(area, column, row, width))
        return false;
    grid_text(area->grid, area->x + column, area->y + row, width, curve->role, curve->label);
    return true;
}

/* Above its right part, where it is mostly flat; else to the right of it, as high as possible. */
void plot_label_area(struct plot_area *area, const struct curve *curve)
{
    int width = glyph_columns(curve->label);
    for (int row = 0; row < area->height; row++)
        for (int column = area->width - width - 2; column > area->width / 3; column--)
            if (area_at(area, curve, column + width / 2, row + 1) && put_area_label(area, curve, column, row, width))
                return;
    for (int row = 0; row < area->height; row++)
        for (int column = area->width - 1; column >= 0; column--)
            if (area_at(area, curve, column, row) && put_area_label(area, curve, column + 2, row, width))
                return;
}
