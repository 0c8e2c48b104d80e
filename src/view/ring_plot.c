/* The model of one dimension as a picture. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/ring_plot.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "view/raster.h"

enum {
    NAMES = 8,        /* columns of "before" and "after" */
    EDGE = 3,         /* of the numbers left of the matrices */
    ENTRY = 7,        /* of a cost: mark, shade, four digits, mark */
    PRICE = 6,        /* of u, right of the costs */
    SLACK = 5,        /* of an entry of the slack */
    GAP = 2,          /* between the matrices */
    ROWS_OF_RING = 4, /* names, before, after, names */
    ROWS_AROUND = 3,  /* title and heads of a matrix, v under it */
    ROWS_OF_WORDS = 5,
    LEAST_LINES = 3,  /* rows for lines between the two times */
    MOST_LINES = 10
};

#define TIGHT 1e-9 /* slack that is 0 but for rounding */

/* Where things are: rows from the top of the picture, columns from its left edge; -1: no room. */
struct places {
    int lines;                 /* rows between before and after */
    int matrix, words;         /* first rows */
    int x_at, x_step, slack_at;
    int n_words;
};

static int matrix_top(int lines, bool spaced)
{
    return ROWS_OF_RING + lines + (spaced ? 1 : 0);
}

static bool find_places(const struct ring_plot *plot, int width, int height, struct places *ret)
{
    const int least = ROWS_OF_RING + ROWS_AROUND + plot->n, spare = height - least - ROWS_OF_WORDS;
    int at = EDGE + plot->n * ENTRY + PRICE;
    *ret = (struct places){.x_at = -1, .slack_at = -1};
    if (height < least || width < at)
        return false;
    ret->lines = spare - 2 >= LEAST_LINES ? spare - 2 : 0;
    ret->lines = ret->lines > MOST_LINES ? MOST_LINES : ret->lines;
    ret->matrix = matrix_top(ret->lines, spare - ret->lines > 0);
    ret->words = ret->matrix + ROWS_AROUND + plot->n + (spare - ret->lines > 1 ? 1 : 0);
    ret->n_words = height - ret->words;
    if (plot->hidden)
        return true;
    const int slack = plot->n * SLACK;
    for (int step = 2; step >= 1 && ret->x_at < 0; step--) { /* X with blanks between, or without */
        const int gap = step == 2 ? GAP : 1, x_width = plot->n * step;
        if (at + gap + x_width + gap + slack <= width || (step == 2 && at + GAP + slack > width && at + gap + x_width <= width)
            || (step == 1 && at + gap + x_width <= width)) {
            ret->x_at = at + gap;
            ret->x_step = step;
            at += gap + x_width;
        }
    }
    if (ret->x_at >= 0 && at + 1 + slack <= width)
        ret->slack_at = at + (at + GAP + slack <= width ? GAP : 1);
    return true;
}

int ring_plot_height(const struct ring_plot *plot)
{
    return ROWS_OF_RING + ROWS_AROUND + plot->n + ROWS_OF_WORDS + 1;
}

static void put_words(struct grid *grid, int x, int y, int right, enum role role, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

static void put_words(struct grid *grid, int x, int y, int right, enum role role, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (x < right)
        grid_text(grid, x, y, right - x, role, text);
}

/* --- the ring --- */

static int ring_column(const struct ring_plot *plot, double position, int width)
{
    int column = (int)(position / plot->length * width);
    return column < 0 ? 0 : column >= width ? width - 1 : column;
}

/* One time: a line that goes round, with the numbers of the points above it (before) or below it (after). Of points in one column the
 * later one moves aside. */
static void draw_line(struct grid *grid, int x, int y, int width, const struct ring_plot *plot, bool after)
{
    const double *at = after ? plot->after : plot->before;
    const uint32_t line = plot->tier == GLYPH_ASCII ? '-' : 0x2500, point = plot->tier == GLYPH_ASCII ? 'o' : after ? 0x25cf : 0x25cb;
    const enum role role = after ? ROLE_MATCHED : ROLE_LABELLED;
    const int inner = width - NAMES, own = after ? plot->column : plot->row;
    int taken[64];

    put_words(grid, x, y, x + width, ROLE_AXIS, after ? "after" : "before");
    for (int c = 0; c < inner; c++)
        grid_put(grid, x + NAMES + c, y, line, ROLE_DIM);
    for (int i = 0; i < plot->n && inner >= plot->n; i++) {
        int c = ring_column(plot, at[i], inner);
        for (int k = 0; k < i; k++)
            if (taken[k] == c) {
                c = (c + 1) % inner;
                k = -1;
            }
        taken[i] = c;
        grid_put(grid, x + NAMES + c, y, point, role);
        put_words(grid, x + NAMES + c, y + (after ? 1 : -1), x + width, i == own ? ROLE_CURSOR : role, "%d", i + 1);
    }
}

/* From each point to its partner, the shorter way round. */
static void draw_pairs(struct raster *raster, const struct ring_plot *plot, const int *pairs, bool dotted, enum role role)
{
    const double across = (double)raster_columns(raster), bottom = (double)raster_rows(raster) - 1;
    for (int i = 0; i < plot->n; i++) {
        if (pairs[i] < 0)
            continue;
        double way = plot->after[pairs[i]] - plot->before[i];
        way -= plot->length * round(way / plot->length);
        for (int turn = -1; turn <= 1; turn++) {
            double from = (plot->before[i] + turn * plot->length) / plot->length * across, to = from + way / plot->length * across;
            if (fmax(from, to) >= 0 && fmin(from, to) < across)
                raster_line(raster, from, 0, to, bottom, dotted, role);
        }
    }
}

static void draw_ring(struct grid *grid, int x, int y, int width, int lines, const struct ring_plot *plot)
{
    struct raster raster;
    draw_line(grid, x, y + 1, width, plot, false);
    draw_line(grid, x, y + 2 + lines, width, plot, true);
    if (lines == 0 || width <= NAMES)
        return;
    if (!raster_init(&raster, width - NAMES, lines, plot->tier)) {
        grid->failed = true;
        return;
    }
    if (plot->hand)
        draw_pairs(&raster, plot, plot->hand, true, ROLE_WARN);
    if (!plot->hidden)
        draw_pairs(&raster, plot, plot->partner, false, ROLE_MATCHED);
    raster_show(&raster, grid, x + NAMES, y + 2);
    raster_done(&raster);
}

/* --- the matrices --- */

static double most_of(const struct ring_plot *plot)
{
    double most = 0.0;
    for (int k = 0; k < plot->n * plot->n; k++)
        most = fmax(most, plot->cost[k]);
    return most;
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

/* What stands around entry (i, j): the optimum, one's own, both. */
static enum role entry_marks(const struct ring_plot *plot, int i, int j, char ret_marks[2])
{
    bool best = !plot->hidden && plot->partner[i] == j, own = plot->hand && plot->hand[i] == j;
    ret_marks[0] = own ? '{' : best ? '[' : ' ';
    ret_marks[1] = best ? ']' : own ? '}' : ' ';
    return best ? ROLE_MATCHED : own ? ROLE_WARN : ROLE_NORMAL;
}

static void draw_cost(struct grid *grid, int x, int y, const struct ring_plot *plot, int i, int j, double most)
{
    const double value = plot->cost[i * plot->n + j];
    char marks[2], text[16];
    const enum role role = entry_marks(plot, i, j, marks);

    snprintf(text, sizeof text, value < 9.995 ? "%c %4.2f%c" : "%c %4.1f%c", marks[0], fabs(value), marks[1]);
    grid_text(grid, x, y, ENTRY, i == plot->row && j == plot->column ? ROLE_CURSOR : role, text);
    if (plot->colour) {
        const int level = ramp_level(sqrt(value), 0, sqrt(most), false), front = ramp_contrast(level);
        for (int c = 1; c < ENTRY - 1; c++)
            grid_put_levels(grid, x + c, y, (uint32_t)text[c], role, front, level);
    } else {
        grid_put(grid, x + 1, y, shade(value, most, plot->tier), ROLE_DIM);
    }
    if (i == plot->row && j == plot->column) {
        grid->cursor_x = x + 2;
        grid->cursor_y = y;
    }
}

static void draw_costs(struct grid *grid, int x, int y, int right, const struct ring_plot *plot)
{
    const int n = plot->n, edge = x + EDGE, bottom = y + 2 + n;
    const double most = most_of(plot);

    const char *title = plot->hidden ? "cost C = distance^2" : "cost C = distance^2, [optimum]";
    put_words(grid, edge, y, right, ROLE_TITLE, "%s", n > 3 ? title : n > 2 && !plot->hidden ? "cost C, [optimum]" : "cost C");
    if (!plot->hidden) {
        put_words(grid, edge + n * ENTRY, y + 1, right, ROLE_KEY, "%*s", PRICE - 1, "u");
        put_words(grid, x, bottom, right, ROLE_KEY, "%*s", EDGE - 1, "v");
    }
    for (int j = 0; j < n; j++) {
        put_words(grid, edge + j * ENTRY, y + 1, right, j == plot->column ? ROLE_CURSOR : ROLE_MATCHED, "%*d", ENTRY - 2, j + 1);
        if (!plot->hidden)
            put_words(grid, edge + j * ENTRY, bottom, right, ROLE_KEY, "%*.2f", ENTRY - 1, plot->v[j]);
    }
    for (int i = 0; i < n; i++) {
        put_words(grid, x, y + 2 + i, right, i == plot->row ? ROLE_CURSOR : ROLE_LABELLED, "%*d", EDGE - 1, i + 1);
        for (int j = 0; j < n; j++)
            draw_cost(grid, edge + j * ENTRY, y + 2 + i, plot, i, j, most);
        if (!plot->hidden)
            put_words(grid, edge + n * ENTRY, y + 2 + i, right, ROLE_KEY, "%*.2f", PRICE - 1, plot->u[i]);
    }
}

static void draw_permutation(struct grid *grid, int x, int y, int right, int step, const struct ring_plot *plot)
{
    put_words(grid, x, y, right, ROLE_TITLE, "X");
    for (int i = 0; i < plot->n; i++)
        for (int j = 0; j < plot->n; j++)
            put_words(grid, x + j * step, y + 2 + i, right, plot->partner[i] == j ? ROLE_MATCHED : ROLE_DIM, plot->partner[i] == j ? "1" : "0");
}

static void draw_slack(struct grid *grid, int x, int y, int right, const struct ring_plot *plot)
{
    put_words(grid, x, y, right, ROLE_TITLE, "%s", plot->n < 4 ? "  slack" : "  slack C - u - v >= 0");
    for (int i = 0; i < plot->n; i++)
        for (int j = 0; j < plot->n; j++) {
            const double slack = plot->cost[i * plot->n + j] - plot->u[i] - plot->v[j];
            if (slack < TIGHT)
                put_words(grid, x + j * SLACK, y + 2 + i, right, ROLE_MATCHED, "%*s", SLACK, slack > -TIGHT ? "0" : "<0");
            else
                put_words(grid, x + j * SLACK, y + 2 + i, right, ROLE_NORMAL, "%*.2f", SLACK, slack);
        }
}

/* --- in words --- */

/* "1>2 2>1 3>?" and the sum of what is paired; how many are not. */
static int pairs_words(const struct ring_plot *plot, const int *pairs, char *out, size_t size, double *ret_sum)
{
    size_t used = 0;
    int left = 0;
    *ret_sum = 0;
    for (int i = 0; i < plot->n && used < size; i++) {
        if (pairs[i] >= 0) {
            used += (size_t)snprintf(out + used, size - used, "%d>%d ", i + 1, pairs[i] + 1);
            *ret_sum += plot->cost[i * plot->n + pairs[i]];
        } else {
            used += (size_t)snprintf(out + used, size - used, "%d>? ", i + 1);
            left++;
        }
    }
    return left;
}

static double least_sum(const struct ring_plot *plot)
{
    char unused[80];
    double sum;
    pairs_words(plot, plot->partner, unused, sizeof unused, &sum);
    return sum;
}

/* A pairing in one line, against the optimum. */
static void say_pairs(struct grid *grid, int x, int y, int right, const struct ring_plot *plot, const char *name, const int *pairs, enum role role)
{
    char words[80], worse[48] = "";
    double sum, least = least_sum(plot);
    int left = pairs_words(plot, pairs, words, sizeof words, &sum);
    if (left > 0) {
        put_words(grid, x, y, right, role, "%-8s %s sum C so far %.4f", name, words, sum);
        return;
    }
    if (!plot->hidden && pairs != plot->partner && sum <= least + TIGHT)
        snprintf(worse, sizeof worse, ": an optimum");
    else if (!plot->hidden && pairs != plot->partner && least > TIGHT)
        snprintf(worse, sizeof worse, ": %.1f times the sum", sum / least);
    put_words(grid, x, y, right, role, "%-8s %s sum C %.4f  %s %.4f%s", name, words, sum, pairs == plot->partner ? "D_min" : "D", sqrt(sum / plot->n),
              worse);
}

static void say_why(struct grid *grid, int x, int y, int right, int rows, const struct ring_plot *plot)
{
    double dual = 0, least = INFINITY;
    int tight = 0;
    for (int k = 0; k < plot->n * plot->n; k++) {
        const double slack = plot->cost[k] - plot->u[k / plot->n] - plot->v[k % plot->n];
        least = fmin(least, slack);
        tight += slack < TIGHT;
    }
    for (int i = 0; i < plot->n; i++)
        dual += plot->u[i] + plot->v[i];
    if (rows > 0)
        put_words(grid, x, y, right, ROLE_KEY, "why      u_i + v_j <= C_ij for all %d pairs%s, equal for %d, the %d of X among them:", plot->n * plot->n,
                  least > -TIGHT ? "" : "? No", tight, plot->n);
    if (rows > 1)
        put_words(grid, x, y + 1, right, ROLE_KEY, "         any pairing costs sum u + sum v = %.4f or more; slack on X %.2g: %s", dual,
                  fabs(plot->gap) < TIGHT ? 0.0 : plot->gap, plot->certified ? "proven" : "not proven");
}

static void draw_words(struct grid *grid, int x, int y, int right, int rows, const struct ring_plot *plot)
{
    int names[64], at = y;
    bool any = plot->hidden && plot->hand;
    for (int i = 0; i < plot->n; i++) {
        names[i] = i;
        any = any || (plot->hand && plot->hand[i] >= 0);
    }
    if (any && rows == 1) { /* of one's own pairing one wants to see most what it costs */
        say_pairs(grid, x, at, right, plot, "by hand", plot->hand, ROLE_WARN);
        return;
    }
    if (plot->hidden) {
        if (rows > 0)
            put_words(grid, x, at++, right, ROLE_NORMAL, "which pairing costs least? The optimum is shown when all are paired");
    } else {
        if (rows > 0)
            say_pairs(grid, x, at++, right, plot, "optimum", plot->partner, ROLE_MATCHED);
    }
    if (any && rows > at - y)
        say_pairs(grid, x, at++, right, plot, "by hand", plot->hand, ROLE_WARN);
    if (rows > at - y)
        say_pairs(grid, x, at++, right, plot, "by name", names, ROLE_LABELLED);
    if (!plot->hidden)
        say_why(grid, x, at, right, y + rows - at, plot);
}

void ring_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct ring_plot *plot)
{
    const int right = x + width;
    struct places at;

    if (!find_places(plot, width, height, &at))
        return;
    draw_ring(grid, x, y, width, at.lines, plot);
    draw_costs(grid, x, y + at.matrix, right, plot);
    if (at.x_at >= 0)
        draw_permutation(grid, x + at.x_at, y + at.matrix, right, at.x_step, plot);
    if (at.slack_at >= 0)
        draw_slack(grid, x + at.slack_at, y + at.matrix, right, plot);
    draw_words(grid, x, y + at.words, right, at.n_words, plot);
}

bool ring_plot_at(const struct ring_plot *plot, int width, int height, int x, int y, int *ret_row, int *ret_column)
{
    struct places at;
    if (!find_places(plot, width, height, &at) || x < EDGE)
        return false;
    const int i = y - at.matrix - 2, j = (x - EDGE) / ENTRY;
    if (i < 0 || i >= plot->n || j >= plot->n)
        return false;
    *ret_row = i;
    *ret_column = j;
    return true;
}
