/* Curves into a grid. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/plot.h"

#include <math.h>
#include <stdio.h>

#include "view/plot_area.h"

double curve_largest(const double *values, int n)
{
    double most = 0;
    for (int k = 0; k < n; k++)
        if (values[k] > most)
            most = values[k];
    return most;
}

static bool usable(double value, bool log)
{
    return isfinite(value) && (!log || value > 0);
}

static double edge(const struct curve *curve, int k)
{
    if (curve->n < 2)
        return curve->x[0] + (k ? 0.5 : -0.5);
    if (k == 0)
        return curve->x[0] - 0.5 * (curve->x[1] - curve->x[0]);
    if (k == curve->n)
        return curve->x[k - 1] + 0.5 * (curve->x[k - 1] - curve->x[k - 2]);
    return 0.5 * (curve->x[k - 1] + curve->x[k]);
}

static void choose_x(struct axis *axis, const struct plot *plot)
{
    double low = INFINITY, high = -INFINITY;
    for (int c = 0; c < plot->n_curves; c++) {
        const struct curve *curve = &plot->curves[c];
        for (int k = 0; k < curve->n; k++) {
            double left = curve->steps ? edge(curve, k) : curve->x[k];
            double right = curve->steps ? edge(curve, k + 1) : curve->x[k];
            if (usable(left, axis->log))
                low = fmin(low, left);
            else if (usable(curve->x[k], axis->log))
                low = fmin(low, curve->x[k]);
            if (usable(right, axis->log))
                high = fmax(high, right);
        }
    }
    axis->low = low;
    axis->high = high;
}

static void choose_y(struct axis *axis, const struct plot *plot)
{
    double low = INFINITY, high = -INFINITY;
    for (int c = 0; c < plot->n_curves; c++) {
        const struct curve *curve = &plot->curves[c];
        for (int k = 0; k < curve->n && curve->top <= 0; k++) {
            if (usable(curve->y[k], axis->log)) {
                low = fmin(low, curve->y[k]);
                high = fmax(high, curve->y[k]);
            }
        }
    }
    axis->low = axis->log ? pow(10, floor(log10(fmax(low, high * 1e-6)))) : low < 0 ? low - 0.08 * (high - low) : 0;
    axis->high = axis->log ? high * 1.6 : high + 0.08 * (high - fmin(low, 0));
}

static struct axis chosen(const struct axis *axis, const struct plot *plot,
                          void (*choose)(struct axis *, const struct plot *))
{
    struct axis out = *axis;
    if (!(out.high > out.low))
        choose(&out, plot);
    if (!(out.high > out.low) || !isfinite(out.low) || !isfinite(out.high) || (out.log && !(out.low > 0))) {
        out.low = out.log ? 0.1 : 0;
        out.high = 1;
    }
    return out;
}

static long dot(double position, long dots)
{
    double at = floor(position * (double)dots);
    return at < -(double)dots ? -dots : at > 2.0 * (double)dots ? 2 * dots : (long)at;
}

int plot_cell(double position, int cells)
{
    return (int)dot(fmin(position, 1 - 1e-9), cells);
}

long plot_dot_x(const struct plot_area *area, const struct canvas *canvas, double value)
{
    double position = axis_position(&area->axis_x, value);
    long dots = (long)canvas->width * canvas->across;
    /* The right end of the axis belongs to the last dot. */
    return position >= 1 && position < 1 + 1e-9 ? dots - 1 : dot(position, dots);
}

long plot_dot_y(const struct plot_area *area, const struct canvas *canvas, double value)
{
    long dots = (long)canvas->height * canvas->down;
    double position = axis_position(&area->axis_y, value);
    return position >= 1 && position < 1 + 1e-9 ? 0 : dots - 1 - dot(position, dots);
}

/* Bins from zero to their values; on a log axis from its lower end. */
static void draw_columns(struct plot_area *area, struct canvas *canvas, const struct curve *curve)
{
    long zero = plot_dot_y(area, canvas, area->axis_y.log ? area->axis_y.low : 0);
    for (int k = 0; k < curve->n; k++) {
        double left = edge(curve, k), right = edge(curve, k + 1);
        if (!usable(left, area->axis_x.log) || !usable(curve->y[k], area->axis_y.log))
            continue;
        long from = plot_dot_x(area, canvas, left), to = plot_dot_x(area, canvas, right), y = plot_dot_y(area, canvas, curve->y[k]);
        struct dash solid = {0};
        for (long x = from; (x < to || x == from) && y != zero; x++)
            canvas_line(canvas, x, zero, x, y, &solid);
    }
}

static void draw_line(struct plot_area *area, struct canvas *canvas, const struct curve *curve)
{
    struct dash dash = {0};
    if (curve->style == CURVE_DOTTED)
        dash = canvas->down == 4 ? (struct dash){1, 3, 0} : (struct dash){1, 2, 0};
    else if (curve->style == CURVE_DASHED)
        dash = canvas->down == 4 ? (struct dash){5, 8, 0} : (struct dash){2, 3, 0};
    bool pen = false;
    long last_x = 0, last_y = 0;
    for (int k = 0; k < curve->n; k++) {
        double left = curve->steps ? edge(curve, k) : curve->x[k];
        double right = curve->steps ? edge(curve, k + 1) : curve->x[k];
        if (area->axis_x.log && !(left > 0) && right > 0)
            left = fmin(area->axis_x.low, right);
        if (!usable(left, area->axis_x.log) || !usable(curve->y[k], area->axis_y.log)) {
            area->dropped += isfinite(curve->y[k]);
            pen = false;
            continue;
        }
        long x0 = plot_dot_x(area, canvas, left), x1 = plot_dot_x(area, canvas, right);
        long y = plot_dot_y(area, canvas, curve->y[k]);
        if (pen)
            canvas_line(canvas, last_x, last_y, x0, y, &dash);
        if (!pen || x1 != x0)
            canvas_line(canvas, x0, y, x1, y, &dash);
        last_x = x1;
        last_y = y;
        pen = true;
    }
}

/* Largest value of an area between two x, with the line between points. */
static double area_value(const struct curve *curve, double low, double high)
{
    double best = NAN, middle = 0.5 * (low + high);
    for (int k = 0; k < curve->n; k++) {
        if (curve->x[k] >= low && curve->x[k] < high && isfinite(curve->y[k]) && !(best >= curve->y[k]))
            best = curve->y[k];
        if (k > 0 && curve->x[k - 1] <= middle && curve->x[k] > middle) {
            double share = (middle - curve->x[k - 1]) / (curve->x[k] - curve->x[k - 1]);
            double value = curve->y[k - 1] + share * (curve->y[k] - curve->y[k - 1]);
            if (isfinite(value) && !(best >= value))
                best = value;
        }
    }
    return best;
}

static void draw_area(struct plot_area *area, const struct curve *curve)
{
    uint32_t glyph = area->plot->tier == GLYPH_ASCII ? (uint32_t)curve->ascii : 0x2591;
    for (int column = 0; column < area->width; column++) {
        double low = axis_value(&area->axis_x, (double)column / area->width);
        double high = axis_value(&area->axis_x, (double)(column + 1) / area->width);
        double value = area_value(curve, low, high);
        double share = curve->top > 0 ? value / curve->top : axis_position(&area->axis_y, value);
        int rows = isfinite(share) && share > 0 ? (int)(fmin(share, 1) * area->height + 0.5) : 0;
        for (int row = 0; row < rows; row++)
            grid_put(area->grid, area->x + column, area->y + area->height - 1 - row, glyph, curve->role);
    }
}

void plot_show_canvas(const struct plot_area *area, const struct canvas *canvas, char ascii, enum role role)
{
    for (int row = 0; row < area->height; row++) {
        for (int column = 0; column < area->width; column++) {
            uint32_t glyph = canvas_glyph(canvas, column, row, ascii);
            if (glyph)
                grid_put(area->grid, area->x + column, area->y + row, glyph, role);
        }
    }
}

/* --- the cursor --- */

/* Where the cursor meets a curve, as a share of the height: the bin it is in, or on the line between two points. NaN: nowhere. */
static double height_at(const struct plot_area *area, const struct curve *curve, double cursor)
{
    int below = -1, nearest = -1;
    for (int k = 0; k < curve->n; k++) {
        if (nearest < 0 || fabs(curve->x[k] - cursor) < fabs(curve->x[nearest] - cursor))
            nearest = k;
        if (curve->x[k] <= cursor && (below < 0 || curve->x[k] > curve->x[below]))
            below = k;
    }
    if (nearest < 0 || !usable(curve->y[nearest], area->axis_y.log))
        return NAN;
    const double there = axis_position(&area->axis_y, curve->y[nearest]);
    if (curve->steps || curve->style == CURVE_BARS || curve->x[nearest] == cursor)
        return there;
    if (below < 0 || below + 1 >= curve->n || !usable(curve->y[below], area->axis_y.log) || !usable(curve->y[below + 1], area->axis_y.log))
        return NAN;
    const double from = axis_position(&area->axis_x, curve->x[below]), to = axis_position(&area->axis_x, curve->x[below + 1]);
    const double low = axis_position(&area->axis_y, curve->y[below]), high = axis_position(&area->axis_y, curve->y[below + 1]);
    const double share = to > from ? (axis_position(&area->axis_x, cursor) - from) / (to - from) : 0;
    return share > 0 && share < 1 ? low + share * (high - low) : low;
}

static void mark_cursor(struct plot_area *area)
{
    bool ascii = area->plot->tier == GLYPH_ASCII;
    double position = axis_position(&area->axis_x, area->plot->cursor);
    if (!(position >= 0 && position <= 1))
        return;
    int column = plot_cell(position, area->width);
    for (int c = 0; c < area->n; c++) {
        const struct curve *curve = &area->plot->curves[c];
        if (curve->style == CURVE_AREA || curve->style == CURVE_POINTS || curve->role == ROLE_AXIS)
            continue;
        double height = height_at(area, curve, area->plot->cursor);
        if (!(height >= 0 && height <= 1))
            continue;
        int row = area->height - 1 - plot_cell(height, area->height);
        bool solid = curve->style == CURVE_SOLID;
        grid_put(area->grid, area->x + column, area->y + row, ascii ? (solid ? '@' : 'O') : solid ? 0x25cf : 0x25cb,
                 ROLE_CURSOR);
    }
    grid_put(area->grid, area->x + column, area->y + area->height, ascii ? '^' : 0x25b2, ROLE_CURSOR);
}

/* Where the plot spans zero: the line between rises and falls. */
static void draw_zero(struct plot_area *area)
{
    double position = axis_position(&area->axis_y, 0);
    if (area->axis_y.log || !(position > 0.02 && position < 1))
        return;
    int row = area->height - 1 - plot_cell(position, area->height);
    grid_fill(area->grid, area->x, area->y + row, area->width, 1, area->plot->tier == GLYPH_ASCII ? '-' : 0x2500, ROLE_AXIS);
}

static int column_of(const struct plot_area *area, double value)
{
    double position = axis_position(&area->axis_x, value);
    return position >= 0 && position <= 1 ? plot_cell(position, area->width) : -1;
}

static void draw_brush(struct plot_area *area)
{
    const struct plot *plot = area->plot;
    if (!(plot->brush_high > plot->brush_low))
        return;
    double low = fmax(plot->brush_low, area->axis_x.low), high = fmin(plot->brush_high, area->axis_x.high);
    int from = column_of(area, low), to = column_of(area, high), row = area->y + area->height;
    bool ascii = plot->tier == GLYPH_ASCII;
    if (from < 0 || to < 0)
        return;
    grid_fill(area->grid, area->x + from, row, to - from + 1, 1, ascii ? '=' : 0x2501, ROLE_CURSOR);
    grid_put(area->grid, area->x + from, row, '[', ROLE_CURSOR);
    grid_put(area->grid, area->x + to, row, ']', ROLE_CURSOR);
}

/* To the right of its triangle, else to the left, away from the triangles of others. */
static void put_mark_label(struct plot_area *area, const struct plot_mark *mark, int column)
{
    int width = mark->label ? glyph_columns(mark->label) : 0, right = area->width - column - 2, left = column - 1;
    if (width == 0)
        return;
    for (int j = 0; j < area->plot->n_marks; j++) {
        int other = column_of(area, area->plot->marks[j].x);
        right = other > column && other - column - 2 < right ? other - column - 2 : right;
        left = other >= 0 && other < column && column - other - 2 < left ? column - other - 2 : left;
    }
    int at = width <= right ? column + 1 : width <= left ? column - width : -1;
    bool taken = false;
    for (int k = -1; k <= width && at >= 0; k++)
        taken = taken || (at + k != column && plot_has_text(area, at + k, 0));
    if (at >= 0 && !taken)
        grid_text(area->grid, area->x + at, area->y, width, mark->role, mark->label);
}

static void draw_marks(struct plot_area *area)
{
    for (int k = 0; k < area->plot->n_marks; k++) {
        const struct plot_mark *mark = &area->plot->marks[k];
        int column = column_of(area, mark->x);
        if (column < 0)
            continue;
        grid_put(area->grid, area->x + column, area->y, area->plot->tier == GLYPH_ASCII ? 'v' : 0x25bc, mark->role);
        put_mark_label(area, mark, column);
    }
}

static void say_dropped(struct plot_area *area)
{
    char text[64];
    if (area->dropped == 0)
        return;
    if (area->width > 40)
        snprintf(text, sizeof text, "%ld point%s not above 0 left out", area->dropped, area->dropped == 1 ? "" : "s");
    else
        snprintf(text, sizeof text, "%ld left out", area->dropped);
    int width = glyph_columns(text);
    if (width < area->width)
        grid_text(area->grid, area->x + area->width - width, area->y, width, ROLE_DIM, text);
}

/* Lines, then what belongs to points, in the order in which one covers another. */
static void draw_curves(struct plot_area *area, bool points)
{
    const struct plot *plot = area->plot;
    for (int k = 0; k < area->n; k++) {
        const int c = plot->first_on_top ? area->n - 1 - k : k;
        const struct curve *curve = &plot->curves[c];
        if (curve->style == CURVE_AREA || curve->n == 0)
            continue;
        if (curve->style == CURVE_POINTS) {
            if (points)
                plot_draw_marks(area, curve);
            else
                plot_draw_bars(area, &area->canvas[c], curve);
        } else if (!points) {
            (curve->style == CURVE_BARS ? draw_columns : draw_line)(area, &area->canvas[c], curve);
            plot_show_canvas(area, &area->canvas[c], curve->ascii, curve->role);
        }
    }
}

static void draw_inside(struct plot_area *area)
{
    const struct plot *plot = area->plot;
    draw_zero(area);
    for (int c = 0; c < area->n; c++)
        if (plot->curves[c].style == CURVE_AREA)
            draw_area(area, &plot->curves[c]);
    draw_curves(area, false);
    if (plot->slope)
        plot_draw_slope(area, plot->slope);
    draw_curves(area, true);
    say_dropped(area);
    draw_marks(area);
    for (int c = 0; c < area->n; c++) {
        if (!plot->curves[c].label || plot->curves[c].n == 0 || area->width < 16)
            continue;
        if (plot->curves[c].style == CURVE_AREA)
            plot_label_area(area, &plot->curves[c]);
        else
            plot_label_line(area, c, &plot->curves[c]);
    }
}

void plot_axes(const struct plot *plot, struct axis *ret_x, struct axis *ret_y)
{
    *ret_x = chosen(&plot->x, plot, choose_x);
    *ret_y = chosen(&plot->y, plot, choose_y);
}

/* Axes, ticks of the y axis and the rectangle inside of them. */
static int lay_out(struct plot_area *area, const struct plot *plot, int x, int y, int width, int height, struct tick ticks_y[AXIS_MAX_TICKS])
{
    area->plot = plot;
    plot_axes(plot, &area->axis_x, &area->axis_y);
    area->height = height - (height < 5 || plot->inner ? 1 : 2);
    int n_y = axis_ticks(&area->axis_y, area->height, area->height < 18 ? 3 : 5, ticks_y);
    int left = plot_gutter(plot, ticks_y, n_y, width);
    left = plot->left > left && plot->left <= width / 3 ? plot->left : left;
    area->x = x + left;
    area->y = y;
    area->width = width - left;
    return n_y;
}

bool plot_inside(const struct plot *plot, int x, int y, int width, int height, struct plot_inside *ret_inside)
{
    struct tick ticks_y[AXIS_MAX_TICKS];
    struct plot_area area = {0};
    if (width < 8 || height < 3)
        return false;
    lay_out(&area, plot, x, y, width, height, ticks_y);
    *ret_inside = (struct plot_inside){area.x, area.y, area.width, area.height, area.axis_x, area.axis_y};
    return area.width > 0 && area.height > 0;
}

void plot_draw(struct grid *grid, int x, int y, int width, int height, const struct plot *plot)
{
    struct tick ticks_x[AXIS_MAX_TICKS], ticks_y[AXIS_MAX_TICKS];
    struct plot_area area = {.grid = grid};
    if (width < 8 || height < 3)
        return;
    int n_y = lay_out(&area, plot, x, y, width, height, ticks_y);
    int n_x = axis_ticks(&area.axis_x, area.width, 9, ticks_x);
    int n_curves = plot->n_curves < PLOT_MAX_CURVES ? plot->n_curves : PLOT_MAX_CURVES;
    bool room = true;
    for (; area.n < n_curves && room; area.n++)
        room = canvas_init(&area.canvas[area.n], area.width, area.height, plot->tier);
    grid->failed = grid->failed || !room;
    if (room) {
        plot_draw_y_axis(&area, ticks_y, n_y, x);
        plot_draw_x_axis(&area, ticks_x, n_x, height >= 5 && !plot->inner);
        draw_inside(&area);
        draw_brush(&area);
        if (isfinite(plot->cursor))
            mark_cursor(&area);
    }
    for (int c = 0; c < area.n; c++)
        canvas_done(&area.canvas[c]);
}

void plot_stack_draw(struct grid *grid, int x, int y, int width, int height, const struct plot *plots, int n)
{
    const int least = 4;
    int left = 0, at = y;
    while (n > 1 && height / n < least)
        n--;
    if (n < 1)
        return;
    struct axis shared = chosen(&plots[0].x, &plots[0], choose_x);
    for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < n; k++) {
            /* The last has the numbers, and a line more for them. */
            int rows = (height - 1) / n + (k + 1 == n ? 1 + (height - 1) % n : 0);
            struct plot plot = plots[k];
            plot.x = shared;
            plot.inner = k + 1 < n;
            plot.left = left;
            if (pass == 0) {
                struct plot_inside inside;
                int own = plot_inside(&plot, 0, 0, width, rows, &inside) ? inside.x : 0;
                left = own > left ? own : left;
            } else {
                plot_draw(grid, x, at, width, rows, &plot);
                at += rows;
            }
        }
    }
}
