/* The model of one dimension as a picture. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/ring_plot.h"

#include <math.h>
#include <stdio.h>

enum {
    EDGE = 8,       /* names left of the ring and of the matrix */
    ENTRY = 7,      /* columns of a number of the matrix: mark, shade, four digits, mark */
    GAP = 3,
    ROWS_ABOVE = 5, /* of the ring and a blank */
    ROWS_AROUND = 3 /* title and heads of the matrix, prices under it */
};

int ring_plot_height(const struct ring_plot *plot)
{
    return ROWS_ABOVE + ROWS_AROUND + plot->n;
}

/* Darker the dearer, in four steps of the square root, which is the distance. */
static uint32_t shade(double value, double most, enum glyph_tier tier)
{
    static const uint32_t blocks[] = {' ', 0x2591, 0x2592, 0x2593, 0x2588};
    static const char ascii[] = " .:*#";
    int step = most > 0.0 && value > 0.0 ? (int)ceil(4.0 * sqrt(value / most)) : 0;
    step = step > 4 ? 4 : step;
    return tier == GLYPH_ASCII ? (uint32_t)ascii[step] : blocks[step];
}

static void put_words(struct grid *grid, int x, int y, int right, enum role role, const char *words)
{
    if (x < right)
        grid_text(grid, x, y, right - x, role, words);
}

static int ring_column(const struct ring_plot *plot, double position, int width)
{
    int column = (int)(position / plot->length * width);
    return column < 0 ? 0 : column >= width ? width - 1 : column;
}

/* One time: a line that goes round, with the numbers of the points above it (before) or below it (after). */
static void draw_line(struct grid *grid, int x, int y, int width, const struct ring_plot *plot, bool after)
{
    const double *at = after ? plot->after : plot->before;
    uint32_t line = plot->tier == GLYPH_ASCII ? '-' : 0x2500, point = plot->tier == GLYPH_ASCII ? 'o' : 0x25cf;
    int inner = width - EDGE;

    put_words(grid, x, y, x + width, ROLE_AXIS, after ? "after" : "before");
    for (int c = 0; c < inner; c++)
        grid_put(grid, x + EDGE + c, y, line, ROLE_DIM);
    for (int i = 0; i < plot->n && inner > 0; i++) {
        int c = x + EDGE + ring_column(plot, at[i], inner);
        char name[16];
        grid_put(grid, c, y, point, after ? ROLE_MATCHED : ROLE_LABELLED);
        snprintf(name, sizeof name, "%d", i + 1);
        put_words(grid, c, y + (after ? 1 : -1), x + width, after ? ROLE_MATCHED : ROLE_LABELLED, name);
    }
}

/* What stands around entry (i, j): the optimum, one's own, both. */
static void entry_marks(const struct ring_plot *plot, int i, int j, char ret_marks[2], enum role *ret_role)
{
    bool best = plot->partner[i] == j, own = plot->hand && plot->hand[i] == j;
    ret_marks[0] = own ? '{' : best ? '[' : ' ';
    ret_marks[1] = best ? ']' : own ? '}' : ' ';
    *ret_role = best ? ROLE_MATCHED : own ? ROLE_WARN : ROLE_NORMAL;
}

static void draw_entry(struct grid *grid, int x, int y, int right, const struct ring_plot *plot, int i, int j, double value, double most)
{
    char marks[2], text[16];
    enum role role;

    if (x + ENTRY > right)
        return;
    entry_marks(plot, i, j, marks, &role);
    snprintf(text, sizeof text, "%c %4.2f%c", marks[0], fabs(value) < 0.005 ? 0.0 : value, marks[1]);
    grid_text(grid, x, y, ENTRY, role, text);
    grid_put(grid, x + 1, y, shade(value, most, plot->tier), ROLE_DIM);
}

static double most_of(const struct ring_plot *plot)
{
    double most = 0.0;
    for (int k = 0; k < plot->n * plot->n; k++)
        most = fmax(most, plot->cost[k]);
    return most;
}

/* The costs, with u at the right edge and v at the lower one; or the slack, without them. */
static void draw_matrix(struct grid *grid, int x, int y, int right, const struct ring_plot *plot, bool slack)
{
    const int n = plot->n;
    const double most = most_of(plot);
    char text[48];

    put_words(grid, x, y, right, ROLE_TITLE, slack ? "slack C - u - v" : "cost C, [optimum]");
    for (int j = 0; j < n; j++) {
        snprintf(text, sizeof text, "%*d", 5, j + 1);
        put_words(grid, x + j * ENTRY, y + 1, right, ROLE_MATCHED, text);
        if (!slack) {
            snprintf(text, sizeof text, "%6.2f", plot->v[j]);
            put_words(grid, x + j * ENTRY, y + 2 + n, right, ROLE_KEY, text);
        }
    }
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++)
            draw_entry(grid, x + j * ENTRY, y + 2 + i, right, plot, i, j,
                       plot->cost[i * n + j] - (slack ? plot->u[i] + plot->v[j] : 0.0), most);
        if (!slack) {
            snprintf(text, sizeof text, "%6.2f", plot->u[i]);
            put_words(grid, x + n * ENTRY, y + 2 + i, right, ROLE_KEY, text);
        }
    }
    if (!slack)
        put_words(grid, x + n * ENTRY + 1, y + 1, right, ROLE_KEY, "price");
}

void ring_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct ring_plot *plot)
{
    const int right = x + width, matrix = plot->n * ENTRY, top = y + ROWS_ABOVE;
    char name[16];

    if (height < ring_plot_height(plot) || width < EDGE + ENTRY)
        return;
    draw_line(grid, x, y + 1, width, plot, false);
    draw_line(grid, x, y + 2, width, plot, true);
    for (int i = 0; i < plot->n; i++) {
        snprintf(name, sizeof name, "%*d", EDGE - 2, i + 1);
        put_words(grid, x, top + 2 + i, right, ROLE_LABELLED, name);
    }
    put_words(grid, x, top + 2 + plot->n, right, ROLE_KEY, "price");
    draw_matrix(grid, x + EDGE, top, right, plot, false);
    if (width >= EDGE + 2 * matrix + ENTRY + GAP)
        draw_matrix(grid, x + EDGE + matrix + ENTRY + GAP, top, right, plot, true);
}
