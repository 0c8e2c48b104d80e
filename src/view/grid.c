/* A grid of terminal cells. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/grid.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/glyph.h"

bool grid_init(struct grid *grid, int width, int height)
{
    width = width < 0 ? 0 : width;
    height = height < 0 ? 0 : height;
    size_t n = (size_t)width * (size_t)height;
    struct cell *cell = calloc(n ? n : 1, sizeof *cell);
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

void grid_put_levels(struct grid *grid, int x, int y, uint32_t glyph, enum role role, int front, int back)
{
    struct cell *cell = cell_at(grid, x, y);
    grid_put(grid, x, y, glyph, role);
    if (cell) {
        cell->front = (uint8_t)front;
        cell->back = (uint8_t)back;
    }
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

int grid_format(struct grid *grid, int x, int y, int width, enum role role, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return grid_text(grid, x, y, width, role, text);
}

void grid_fill(struct grid *grid, int x, int y, int width, int height, uint32_t glyph, enum role role)
{
    int right = x + width < grid->width ? x + width : grid->width;
    int bottom = y + height < grid->height ? y + height : grid->height;
    x = x < 0 ? 0 : x;
    for (int row = y < 0 ? 0 : y; row < bottom && x < right; row++) {
        split_wide(grid, x, row);
        split_wide(grid, right - 1, row);
        for (int column = x; column < right; column++)
            *cell_at(grid, column, row) = (struct cell){.glyph = glyph, .role = (uint8_t)role};
    }
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

enum { CODE_SIZE = 16 };

/* "\033[38;5;24m", or back to what it was before; returns its length. */
static int put_code(char *out, bool ground, enum ramp ramp, int level)
{
    if (level == 0)
        return snprintf(out, CODE_SIZE, "\033[%dm", ground ? 49 : 39);
    return snprintf(out, CODE_SIZE, "\033[%d;5;%dm", ground ? 48 : 38, ramp_colour(ramp, level));
}

/* What is needed to go from one pair of levels to another; returns its length. */
static int change_levels(const struct cell *from, const struct cell *to, enum ramp ramp, char *out)
{
    int n = from->front != to->front ? put_code(out, false, ramp, to->front) : 0;
    return from->back != to->back ? n + put_code(out + n, true, ramp, to->back) : n;
}

char *grid_to_ansi(const struct grid *grid, enum ramp ramp)
{
    enum { MOST_PER_CELL = 4 + 2 * CODE_SIZE, MOST_PER_LINE = 1 + 2 * CODE_SIZE };
    static const struct cell plain = {.glyph = ' '};
    char *text = malloc((size_t)grid->height * ((size_t)grid->width * MOST_PER_CELL + MOST_PER_LINE) + 1), *end = text;
    if (!text)
        return NULL;
    for (int y = 0; y < grid->height; y++) {
        struct cell now = plain;
        int used = grid->width;
        while (used > 0 && cell_at(grid, used - 1, y)->glyph == ' ' && !cell_at(grid, used - 1, y)->back)
            used--;
        for (int x = 0; x < used; x++) {
            const struct cell *cell = cell_at(grid, x, y);
            if (cell->glyph == 0)
                continue;
            end += change_levels(&now, cell, ramp, end);
            end += glyph_encode(cell->glyph, end);
            now = *cell;
        }
        end += change_levels(&now, &plain, ramp, end);
        *end++ = '\n';
    }
    *end = '\0';
    return text;
}

static char letter_of(const struct cell *cell)
{
    static const char letters[ROLE_COUNT] = {
#define X(name, letter) letter,
        ROLE_LIST(X)
#undef X
    };
    if (cell->back || cell->front)
        return (char)('0' + (cell->back ? cell->back : cell->front));
    return letters[cell->role < ROLE_COUNT ? cell->role : ROLE_NORMAL];
}

char *grid_to_roles(const struct grid *grid)
{
    char *text = malloc(((size_t)grid->width + 1) * (size_t)grid->height + 1), *end = text;
    if (!text)
        return NULL;
    for (int y = 0; y < grid->height; y++) {
        char *line_end = end;
        for (int x = 0; x < grid->width; x++) {
            const struct cell *cell = cell_at(grid, x, y);
            bool blank = cell->glyph == ' ' && cell->role == ROLE_NORMAL && !cell->back;
            *end++ = blank ? ' ' : letter_of(cell);
            if (!blank)
                line_end = end;
        }
        end = line_end;
        *end++ = '\n';
    }
    *end = '\0';
    return text;
}
