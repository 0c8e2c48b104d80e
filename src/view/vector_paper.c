/* Pictures on paper. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "view/vector.h"

enum { PANEL_WIDTH = 480, PANEL_HEIGHT = 360, LEFT = 66, RIGHT = 18, BAR_RIGHT = 84, TOP = 48, BOTTOM = 50, TICK = 5, GAP = 4, SIZE = 12 };
#define AREA "#d9d9d9"
#define SEAM 0.4 /* fields reach under their neighbours, which would show the paper between them */

/* A panel on paper. */
struct sheet {
    struct pen *pen;
    double x, y, width, height; /* of the inner rectangle */
    struct axis axis_x, axis_y;
};

static void put_text(const struct sheet *s, double x, double y, enum pen_anchor anchor, const char *text)
{
    s->pen->ops->text(s->pen, x, y, &(struct lettering){.size = SIZE, .anchor = anchor}, text);
}

/* Positions on paper, held near the panel; NaN where a log axis has no place. */
static double at_x(const struct sheet *s, double value)
{
    double position = axis_position(&s->axis_x, value);
    return isnan(position) ? NAN : s->x + fmin(fmax(position, -1), 2) * s->width;
}

static double at_y(const struct sheet *s, double value)
{
    double position = axis_position(&s->axis_y, value);
    return isnan(position) ? NAN : s->y + (1 - fmin(fmax(position, -1), 2)) * s->height;
}

static void put_line(const struct sheet *s, double x0, double y0, double x1, double y1, const char *colour)
{
    pen_segment(s->pen, x0, y0, x1, y1, &(struct paint){.line = colour, .width = 1});
}

/* --- axes --- */

static void put_axes(const struct sheet *s, const struct panel *panel)
{
    struct tick ticks[AXIS_MAX_TICKS];
    char label[16], name[48];
    double bottom = s->y + s->height, right = s->x + s->width;
    s->pen->ops->rectangle(s->pen, s->x, s->y, s->width, s->height, &(struct paint){.line = "#000000", .width = 1});
    int n = axis_ticks(&s->axis_x, (int)(s->width / 7), 9, ticks);
    for (int k = 0; k < n; k++) {
        double x = at_x(s, ticks[k].value), length = ticks[k].major ? TICK : TICK / 2.0;
        put_line(s, x, bottom, x, bottom - length, "#000000");
        if (ticks[k].major)
            put_text(s, x, bottom + 15, PEN_MIDDLE, vector_tick_label(&ticks[k], &s->axis_x, label));
    }
    n = axis_ticks(&s->axis_y, (int)(s->height / 14), 3, ticks);
    for (int k = 0; k < n; k++) {
        double y = at_y(s, ticks[k].value), length = ticks[k].major ? TICK : TICK / 2.0;
        put_line(s, s->x, y, s->x + length, y, "#000000");
        if (ticks[k].major)
            put_text(s, s->x - GAP, y + 4, PEN_END, vector_tick_label(&ticks[k], &s->axis_y, label));
    }
    label_with_sign(panel->x_label, GLYPH_BRAILLE, name, sizeof name);
    put_text(s, 0.5 * (s->x + right), bottom + 34, PEN_MIDDLE, name);
    label_with_sign(panel->y_label, GLYPH_BRAILLE, name, sizeof name);
    s->pen->ops->text(s->pen, s->x - 50, 0.5 * (s->y + bottom), &(struct lettering){.size = SIZE, .anchor = PEN_MIDDLE, .upright = true},
                      name);
}

/* --- curves --- */

static struct paint line_of(const struct curve *curve, const char *colour)
{
    struct paint paint = {.line = colour, .width = 1.4};
    if (curve->style == CURVE_DOTTED)
        paint.dash[0] = 2, paint.dash[1] = 3;
    else if (curve->style == CURVE_DASHED)
        paint.dash[0] = 8, paint.dash[1] = 4;
    return paint;
}

static void put_path(const struct sheet *s, const struct curve *curve, const char *colour)
{
    const struct pen_ops *ops = s->pen->ops;
    struct paint paint = line_of(curve, colour);
    bool down = false;
    for (int k = 0; k < curve->n; k++) {
        double left = curve->x[k], right = left, y = at_y(s, curve->y[k]);
        if (curve->steps)
            vector_step(curve, k, &left, &right);
        left = at_x(s, left);
        right = at_x(s, right);
        if (isnan(left) && !isnan(right))
            left = s->x;
        if (isnan(y) || isnan(left) || isnan(right)) {
            down = false;
            continue;
        }
        (down ? ops->line : ops->move)(s->pen, left, y);
        if (curve->steps)
            ops->line(s->pen, right, y);
        down = true;
    }
    ops->paint(s->pen, &paint);
}

/* Where a curve with a scale of its own is, on that of the plot. */
static double scaled_y(const struct sheet *s, const struct curve *curve, double value)
{
    return curve->top > 0 ? s->y + (1 - fmin(fmax(value / curve->top, 0), 1)) * s->height : at_y(s, value);
}

/* Grey ground under a curve. */
static void put_area(const struct sheet *s, const struct curve *curve)
{
    const struct pen_ops *ops = s->pen->ops;
    double bottom = s->y + s->height, last = NAN;
    for (int k = 0; k < curve->n; k++) {
        double x = at_x(s, curve->x[k]), y = scaled_y(s, curve, curve->y[k]);
        if (isnan(x) || isnan(y))
            continue;
        if (isnan(last))
            ops->move(s->pen, x, bottom);
        ops->line(s->pen, x, y);
        last = x;
    }
    if (isnan(last))
        return;
    ops->line(s->pen, last, bottom);
    ops->close(s->pen);
    ops->paint(s->pen, &(struct paint){.fill = AREA});
}

static void put_columns(const struct sheet *s, const struct curve *curve, const char *colour)
{
    double zero = at_y(s, s->axis_y.log ? s->axis_y.low : 0);
    for (int k = 0; k < curve->n; k++) {
        double left, right, y = at_y(s, curve->y[k]);
        vector_step(curve, k, &left, &right);
        left = at_x(s, left);
        right = at_x(s, right);
        if (!isnan(left) && !isnan(right) && !isnan(y) && y != zero)
            s->pen->ops->rectangle(s->pen, left, fmin(y, zero), right - left, fabs(zero - y), &(struct paint){.fill = colour});
    }
}

static void put_mark(const struct sheet *s, double x, double y, int marker, const char *colour)
{
    const double r = 4;
    const struct pen_ops *ops = s->pen->ops;
    int shape = marker < 0 ? 0 : marker % PLOT_MARKERS;
    struct paint paint = {.fill = shape % 2 ? "#ffffff" : colour, .line = colour, .width = 1.2};
    if (shape < 2) {
        ops->circle(s->pen, x, y, marker < 0 ? 1.6 : r, &paint);
    } else if (shape < 4) {
        ops->move(s->pen, x, y - 1.3 * r);
        ops->line(s->pen, x + 1.1 * r, y);
        ops->line(s->pen, x, y + 1.3 * r);
        ops->line(s->pen, x - 1.1 * r, y);
        ops->close(s->pen);
        ops->paint(s->pen, &paint);
    } else if (shape < 6) {
        ops->rectangle(s->pen, x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r, &paint);
    } else {
        ops->move(s->pen, x, y - 1.2 * r);
        ops->line(s->pen, x + 1.2 * r, y + 0.9 * r);
        ops->line(s->pen, x - 1.2 * r, y + 0.9 * r);
        ops->close(s->pen);
        ops->paint(s->pen, &paint);
    }
}

static void put_points(const struct sheet *s, const struct curve *curve, const char *colour)
{
    for (int k = 0; k < curve->n; k++) {
        double x = at_x(s, curve->x[k]), y = at_y(s, curve->y[k]);
        if (isnan(x) || isnan(y))
            continue;
        if (curve->se_y && curve->se_y[k] > 0) {
            double low = at_y(s, curve->y[k] - curve->se_y[k]);
            put_line(s, x, isnan(low) ? s->y + s->height : low, x, at_y(s, curve->y[k] + curve->se_y[k]), colour);
        }
        if (curve->se_x && curve->se_x[k] > 0) {
            double low = at_x(s, curve->x[k] - curve->se_x[k]);
            put_line(s, isnan(low) ? s->x : low, y, at_x(s, curve->x[k] + curve->se_x[k]), y, colour);
        }
    }
    for (int k = 0; k < curve->n; k++) {
        double x = at_x(s, curve->x[k]), y = at_y(s, curve->y[k]);
        if (!isnan(x) && !isnan(y))
            put_mark(s, x, y, curve->marker, colour);
    }
}

static void put_slope(const struct sheet *s, const struct slope_mark *slope)
{
    double x0 = at_x(s, slope->x), x1 = at_x(s, slope->x * slope->width), y0 = at_y(s, slope->y),
           y1 = at_y(s, slope->y * pow(slope->width, slope->slope));
    s->pen->ops->move(s->pen, x0, y0);
    s->pen->ops->line(s->pen, x1, y0);
    s->pen->ops->line(s->pen, x1, y1);
    s->pen->ops->close(s->pen);
    s->pen->ops->paint(s->pen, &(struct paint){.line = "#666666", .width = 1});
    put_text(s, 0.5 * (x0 + x1), y0 + 13, PEN_MIDDLE, "1");
    put_text(s, x1 + GAP, 0.5 * (y0 + y1) + 4, PEN_START, slope->label ? slope->label : "");
}

static void put_sample(const struct sheet *s, double x, double y, const struct curve *curve, const char *colour)
{
    struct paint paint = line_of(curve, colour);
    pen_segment(s->pen, x, y, x + 18, y, &paint);
}

/* A line of its own above the frame: a sample and the label of every curve that has one. */
static void put_legend(const struct sheet *s, const struct panel *panel)
{
    double x = s->x, y = s->y - 9;
    for (int c = 0; c < panel->plot.n_curves; c++) {
        const struct curve *curve = &panel->plot.curves[c];
        if (!curve->label)
            continue;
        if (curve->style == CURVE_POINTS)
            put_mark(s, x + 8, y - 4, curve->marker, vector_colour(curve, c));
        else if (curve->style == CURVE_AREA || curve->style == CURVE_BARS)
            s->pen->ops->rectangle(s->pen, x, y - 8, 18, 8, &(struct paint){.fill = curve->style == CURVE_AREA ? AREA : vector_colour(curve, c)});
        else
            put_sample(s, x, y - 4, curve, vector_colour(curve, c));
        put_text(s, x + 22, y, PEN_START, curve->label);
        x += 34 + 6.6 * glyph_columns(curve->label);
    }
}

static void put_plot(struct sheet *s, const struct panel *panel)
{
    plot_axes(&panel->plot, &s->axis_x, &s->axis_y);
    s->pen->ops->clip(s->pen, s->x, s->y, s->width, s->height);
    for (int c = 0; c < panel->plot.n_curves; c++) {
        const struct curve *curve = &panel->plot.curves[c];
        if (curve->style == CURVE_POINTS)
            put_points(s, curve, vector_colour(curve, c));
        else if (curve->style == CURVE_AREA)
            put_area(s, curve);
        else if (curve->style == CURVE_BARS)
            put_columns(s, curve, vector_colour(curve, c));
        else
            put_path(s, curve, vector_colour(curve, c));
    }
    if (panel->plot.slope)
        put_slope(s, panel->plot.slope);
    s->pen->ops->clip(s->pen, 0, 0, 0, 0);
    put_axes(s, panel);
    put_legend(s, panel);
}

/* --- heat maps --- */

static void put_fields(const struct sheet *s, const struct heat_map *map, const struct vector_bounds *bounds, double low, double high)
{
    for (int row = 0; row < map->y.n; row++)
        for (int column = 0; column < map->x.n; column++) {
            double value = map->value[row * map->x.n + column];
            char colour[8], text[32];
            if (!isfinite(value) || (map->log && !(value > 0)))
                continue;
            double share = vector_share(map, value, low, high), x = at_x(s, bounds->left[column]), y = at_y(s, bounds->top[row]);
            double right = at_x(s, bounds->right[column]), bottom = at_y(s, bounds->bottom[row]);
            ramp_hex(RAMP_CIVIDIS, share, colour);
            s->pen->ops->rectangle(s->pen, x, y, right - x + SEAM, bottom - y + SEAM, &(struct paint){.fill = colour});
            snprintf(text, sizeof text, "%.3g", value);
            if (map->numbers)
                s->pen->ops->text(s->pen, 0.5 * (x + right), 0.5 * (y + bottom) + 4,
                                  &(struct lettering){.size = SIZE, .anchor = PEN_MIDDLE, .colour = vector_is_light(share) ? NULL : "#ffffff"}, text);
        }
}

static void put_bar(const struct sheet *s, const struct heat_map *map, double low, double high)
{
    enum { STEPS = 64, LABELS = 5 };
    double x = s->x + s->width + 14, step = s->height / STEPS;
    for (int k = 0; k < STEPS; k++) {
        char colour[8];
        ramp_hex(RAMP_CIVIDIS, (k + 0.5) / STEPS, colour);
        s->pen->ops->rectangle(s->pen, x, s->y + s->height - (k + 1) * step, 14, step + 0.5, &(struct paint){.fill = colour});
    }
    for (int k = 0; k < LABELS; k++) {
        char text[32];
        double share = (double)k / (LABELS - 1);
        snprintf(text, sizeof text, "%.3g", map->log ? low * pow(high / low, share) : low + share * (high - low));
        put_text(s, x + 18, s->y + s->height * (1 - share) + 4, PEN_START, text);
    }
}

/* False: out of memory. */
static bool put_heat(struct sheet *s, const struct panel *panel)
{
    const struct heat_map *map = &panel->heat;
    struct vector_bounds bounds;
    double low, high;
    if (map->x.n < 1 || map->y.n < 1 || !heat_map_range(map, &low, &high))
        return true;
    if (!vector_bounds_init(&bounds, map, &s->axis_x, &s->axis_y))
        return false;
    s->width -= BAR_RIGHT - RIGHT;
    put_fields(s, map, &bounds, low, high);
    vector_bounds_done(&bounds);
    put_axes(s, panel);
    put_bar(s, map, low, high);
    return true;
}

/* Titles keep to their panel: long ones are smaller. */
static void put_title(struct pen *pen, double x, double y, const char *title)
{
    const double em = 0.62, room = PANEL_WIDTH - LEFT - GAP; /* a bold letter in units of the size, in the mean */
    double size = fmin(SIZE, room / (em * fmax(text_width(title), 1)));
    pen->ops->text(pen, x + LEFT, y + 20, &(struct lettering){.size = size, .bold = true}, title);
}

isd_status picture_paper(const struct picture *picture, enum pen_kind kind, char **ret_bytes, size_t *ret_length, isd_error *err)
{
    int columns = vector_columns(picture), rows = (picture->n + columns - 1) / columns;
    struct pen *pen = NULL;
    isd_status status = pen_new(kind, columns * PANEL_WIDTH, rows * PANEL_HEIGHT, 1, 1, &pen, err);
    for (int k = 0; k < picture->n && status == ISD_OK; k++) {
        const struct panel *panel = &picture->panel[k];
        double x = k % columns * PANEL_WIDTH, y = k / columns * PANEL_HEIGHT;
        struct sheet sheet = {.pen = pen, .x = x + LEFT, .y = y + TOP, .width = PANEL_WIDTH - LEFT - RIGHT, .height = PANEL_HEIGHT - TOP - BOTTOM};
        put_title(pen, x, y, panel->title);
        if (!panel->is_heat)
            put_plot(&sheet, panel);
        else if (!put_heat(&sheet, panel))
            status = isd_error_memory(err);
    }
    if (status == ISD_OK)
        return pen_finish(pen, ret_bytes, ret_length, err);
    pen_free(pen);
    return status;
}
