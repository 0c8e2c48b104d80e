/* A grid of terminal cells. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/grid.h"

#include <stdlib.h>
#include <string.h>

#include "view/glyph.h"

bool grid_init(struct grid *grid, int width, int height)
{
    width = width < 0 ? 0 : width;
    height = height < 0 ? 0 : height;
    size_t n = (size_t)width * (size_t)height;
    struct cell *cell = malloc((n ? n : 1) * sizeof *cell);
    if (!cell)
        return false;
    *grid = (struct grid){.width = width, .height = height, .cell = cell, .cursor_x = -1, .cursor_y = -1};
    grid_fill(grid, 0, 0, width, height, ' ', ROLE_NORMAL);
    return true;
}

void grid_done(struct grid *grid)
{
    if (!grid)
        return;
    free(grid->cell);
    *grid = (struct grid){.cursor_x = -1, .cursor_y = -1};
}

static struct cell *cell_at(const struct grid *grid, int x, int y)
{
    if (x < 0 || y < 0 || x >= grid->width || y >= grid->height)
        return NULL;
    return &grid->cell[(size_t)y * (size_t)grid->width + (size_t)x];
}

/* Half a wide glyph is nothing: when one half is overwritten, the other becomes a blank. */
static void split_wide(struct grid *grid, int x, int y)
{
    struct cell *here = cell_at(grid, x, y), *left = cell_at(grid, x - 1, y), *right = cell_at(grid, x + 1, y);
    if (here->glyph == 0 && left)
        left->glyph = ' ';
    if (here->glyph != 0 && right && right->glyph == 0)
        right->glyph = ' ';
}

void grid_put(struct grid *grid, int x, int y, uint32_t glyph, enum role role)
{
    struct cell *cell = cell_at(grid, x, y);
    if (!cell)
        return;
    split_wide(grid, x, y);
    *cell = (struct cell){.glyph = glyph, .role = (uint8_t)role};
}

static void put_wide(struct grid *grid, int x, int y, uint32_t glyph, enum role role)
{
    if (!cell_at(grid, x, y) || !cell_at(grid, x + 1, y)) {
        grid_put(grid, x, y, ' ', role);
        grid_put(grid, x + 1, y, ' ', role);
        return;
    }
    grid_put(grid, x, y, glyph, role);
    split_wide(grid, x + 1, y);
    *cell_at(grid, x + 1, y) = (struct cell){.glyph = 0, .role = (uint8_t)role};
}

int grid_text(struct grid *grid, int x, int y, int width, enum role role, const char *text)
{
    int used = 0;
    while (*text) {
        uint32_t glyph;
        text += glyph_decode(text, &glyph);
        int columns = glyph_width(glyph);
        if (used + columns > width)
            break;
        if (columns == 2)
            put_wide(grid, x + used, y, glyph, role);
        else if (columns == 1)
            grid_put(grid, x + used, y, glyph, role);
        used += columns;
    }
    return used;
}

void grid_fill(struct grid *grid, int x, int y, int width, int height, uint32_t glyph, enum role role)
{
    int right = x + width < grid->width ? x + width : grid->width;
    int bottom = y + height < grid->height ? y + height : grid->height;
    for (int row = y < 0 ? 0 : y; row < bottom; row++)
        for (int column = x < 0 ? 0 : x; column < right; column++)
            *cell_at(grid, column, row) = (struct cell){.glyph = glyph, .role = (uint8_t)role};
}

void grid_to_ascii(struct grid *grid)
{
    size_t n = (size_t)grid->width * (size_t)grid->height;
    for (size_t k = 0; k < n; k++)
        grid->cell[k].glyph = glyph_ascii(grid->cell[k].glyph);
}

char *grid_to_text(const struct grid *grid)
{
    size_t n = (size_t)grid->width * (size_t)grid->height;
    char *text = malloc(n * 4 + (size_t)grid->height + 1), *end = text;
    if (!text)
        return NULL;
    for (int y = 0; y < grid->height; y++) {
        char *line_end = end;
        for (int x = 0; x < grid->width; x++) {
            uint32_t glyph = cell_at(grid, x, y)->glyph;
            if (glyph == 0)
                continue;
            end += glyph_encode(glyph, end);
            if (glyph != ' ')
                line_end = end;
        }
        end = line_end;
        *end++ = '\n';
    }
    *end = '\0';
    return text;
}

char *grid_to_roles(const struct grid *grid)
{
    static const char letters[ROLE_COUNT] = {
#define X(name, letter) letter,
        ROLE_LIST(X)
#undef X
    };
    char *text = malloc(((size_t)grid->width + 1) * (size_t)grid->height + 1), *end = text;
    if (!text)
        return NULL;
    for (int y = 0; y < grid->height; y++) {
        char *line_end = end;
        for (int x = 0; x < grid->width; x++) {
            const struct cell *cell = cell_at(grid, x, y);
            bool blank = cell->glyph == ' ' && cell->role == ROLE_NORMAL;
            *end++ = blank ? ' ' : letters[cell->role < ROLE_COUNT ? cell->role : ROLE_NORMAL];
            if (!blank)
                line_end = end;
        }
        end = line_end;
        *end++ = '\n';
    }
    *end = '\0';
    return text;
}
