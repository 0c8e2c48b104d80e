/* A grid on paper: what a terminal shows, in black on white. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/grid_paper.h"

#include <string.h>

#include "view/glyph.h"

enum { CELL_WIDTH = 6, CELL_HEIGHT = 12, SIZE = 10, BASE = 9 };

static const char *colour_of(const struct cell *cell, enum ramp ramp, char out[8])
{
    static const struct {
        enum role role;
        const char *colour;
    } of_role[] = {{ROLE_LABELLED, "#0072b2"}, {ROLE_MATCHED, "#d55e00"}, {ROLE_DIM, "#808080"},   {ROLE_GR, "#a0a0a0"},
                   {ROLE_AXIS, "#505050"},     {ROLE_ATOM_B, "#009e73"},  {ROLE_ATOM_C, "#cc79a7"}, {ROLE_ERROR, "#b00000"}};
    if (cell->front > 0) {
        ramp_hex(ramp, (cell->front - 1.0) / (RAMP_LEVELS - 1), out);
        return out;
    }
    for (size_t k = 0; k < sizeof of_role / sizeof *of_role; k++)
        if (of_role[k].role == (enum role)cell->role)
            return of_role[k].colour;
    return "#000000";
}

/* Dots of braille are drawn: fonts of paper often lack them. */
static bool put_braille(struct pen *pen, double x, double y, uint32_t glyph, const char *colour)
{
    static const int place[8][2] = {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}};
    if (glyph < 0x2800 || glyph > 0x28ff)
        return false;
    for (int k = 0; k < 8; k++)
        if ((glyph - 0x2800) >> k & 1)
            pen->ops->circle(pen, x + CELL_WIDTH * (0.25 + 0.5 * place[k][0]), y + CELL_HEIGHT * (0.125 + 0.25 * place[k][1]), 1,
                             &(struct paint){.fill = colour});
    return true;
}

/* Blocks and shades fill their cell without gaps. */
static bool put_block(struct pen *pen, double x, double y, uint32_t glyph, const char *colour)
{
    double top = 0, bottom = 1;
    if (glyph == 0x2580)
        bottom = 0.5;
    else if (glyph >= 0x2581 && glyph <= 0x2588)
        top = 1 - (glyph - 0x2580) / 8.0;
    else if (glyph >= 0x2591 && glyph <= 0x2593)
        colour = glyph == 0x2591 ? "#e4e4e4" : glyph == 0x2592 ? "#c0c0c0" : "#909090";
    else
        return false;
    pen->ops->rectangle(pen, x, y + top * CELL_HEIGHT, CELL_WIDTH, (bottom - top) * CELL_HEIGHT, &(struct paint){.fill = colour});
    return true;
}

static void put_cell(struct pen *pen, int column, int row, const struct cell *cell, enum ramp ramp)
{
    double x = column * CELL_WIDTH, y = row * CELL_HEIGHT;
    char front[8], back[8], text[8];
    if (cell->back > 0) {
        ramp_hex(ramp, (cell->back - 1.0) / (RAMP_LEVELS - 1), back);
        pen->ops->rectangle(pen, x, y, CELL_WIDTH, CELL_HEIGHT, &(struct paint){.fill = back});
    }
    if (cell->glyph == ' ' || cell->glyph == 0)
        return;
    const char *colour = colour_of(cell, ramp, front);
    if (put_braille(pen, x, y, cell->glyph, colour) || put_block(pen, x, y, cell->glyph, colour))
        return;
    text[glyph_encode(cell->glyph, text)] = '\0';
    pen->ops->text(pen, x, y + BASE, &(struct lettering){.size = SIZE, .mono = true, .bold = cell->role == ROLE_TITLE, .colour = colour}, text);
}

/* Cells of one role in a row that are plain text are one piece of text, which can be searched and edited. */
static int run_of_text(const struct cell *cell, int n, char *out, size_t size)
{
    size_t used = 0;
    int k = 0;
    for (; k < n && used + 8 < size && cell[k].glyph >= ' ' && cell[k].glyph < 127 && cell[k].role == cell[0].role && !cell[k].back && !cell[k].front; k++)
        out[used++] = (char)cell[k].glyph;
    while (used > 0 && out[used - 1] == ' ')
        used--;
    out[used] = '\0';
    return k;
}

isd_status grid_paper(const struct grid *grid, enum ramp ramp, enum pen_kind kind, char **ret_bytes, size_t *ret_length, isd_error *err)
{
    struct pen *pen = NULL;
    char text[1024], front[8];
    isd_status status = pen_new(kind, grid->width * CELL_WIDTH, grid->height * CELL_HEIGHT, 1, 1, &pen, err);
    if (status != ISD_OK)
        return status;
    for (int row = 0; row < grid->height; row++)
        for (int column = 0; column < grid->width;) {
            const struct cell *cell = &grid->cell[row * grid->width + column];
            int n = run_of_text(cell, grid->width - column, text, sizeof text);
            if (n == 0)
                put_cell(pen, column, row, cell, ramp);
            else if (strspn(text, " ") < strlen(text))
                pen->ops->text(pen, column * CELL_WIDTH, row * CELL_HEIGHT + BASE,
                               &(struct lettering){.size = SIZE, .mono = true, .bold = cell->role == ROLE_TITLE, .colour = colour_of(cell, ramp, front)},
                               text);
            column += n > 0 ? n : 1;
        }
    return pen_finish(pen, ret_bytes, ret_length, err);
}
