/* Pictures as SVG. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/print.h"
#include "view/vector.h"

enum { PANEL_WIDTH = 480, PANEL_HEIGHT = 360, LEFT = 66, RIGHT = 18, BAR_RIGHT = 84, TOP = 48, BOTTOM = 50, TICK = 5, GAP = 4 };

/* A panel on paper. */
struct sheet {
    struct print_buffer *out;
    double x, y, width, height; /* of the inner rectangle */
    struct axis axis_x, axis_y;
};

/* Text between tags. */
static void put_escaped(struct print_buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            print_text(out, "&amp;");
        else if (*text == '<')
            print_text(out, "&lt;");
        else if (*text == '>')
            print_text(out, "&gt;");
        else
            print_bytes(out, text, 1);
    }
}

static void put_text(const struct sheet *s, double x, double y, const char *anchor, const char *more, const char *text)
{
    print_text(s->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>", x, y, anchor, more);
    put_escaped(s->out, text);
    print_text(s->out, "</text>\n");
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

static void put_line(const struct sheet *s, double x0, double y0, double x1, double y1, const char *style)
{
    print_text(s->out, "<line x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\" %s/>\n", x0, y0, x1, y1, style);
}

/* --- axes --- */

static void put_axes(const struct sheet *s, const struct panel *panel)
{
    struct tick ticks[AXIS_MAX_TICKS];
    char rotate[64], label[16];
    double bottom = s->y + s->height, right = s->x + s->width;
    print_text(s->out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"none\" stroke=\"#000\"/>\n", s->x, s->y, s->width, s->height);
    int n = axis_ticks(&s->axis_x, (int)(s->width / 7), 9, ticks);
    for (int k = 0; k < n; k++) {
        double x = at_x(s, ticks[k].value), length = ticks[k].major ? TICK : TICK / 2.0;
        put_line(s, x, bottom, x, bottom - length, "stroke=\"#000\"");
        if (ticks[k].major)
            put_text(s, x, bottom + 15, "middle", "", vector_tick_label(&ticks[k], &s->axis_x, label));
    }
    n = axis_ticks(&s->axis_y, (int)(s->height / 14), 3, ticks);
    for (int k = 0; k < n; k++) {
        double y = at_y(s, ticks[k].value), length = ticks[k].major ? TICK : TICK / 2.0;
        put_line(s, s->x, y, s->x + length, y, "stroke=\"#000\"");
        if (ticks[k].major)
            put_text(s, s->x - GAP, y + 4, "end", "", vector_tick_label(&ticks[k], &s->axis_y, label));
    }
    put_text(s, 0.5 * (s->x + right), bottom + 34, "middle", "", panel->x_label);
    snprintf(rotate, sizeof rotate, " transform=\"rotate(-90 %.1f %.1f)\"", s->x - 50, 0.5 * (s->y + bottom));
    put_text(s, s->x - 50, 0.5 * (s->y + bottom), "middle", rotate, panel->y_label);
}

/* --- curves --- */

static const char *dashes(enum curve_style style)
{
    return style == CURVE_DOTTED ? " stroke-dasharray=\"2 3\"" : style == CURVE_DASHED ? " stroke-dasharray=\"8 4\"" : "";
}

static void put_path(const struct sheet *s, const struct curve *curve, const char *colour)
{
    bool pen = false;
    print_text(s->out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"1.4\"%s d=\"", colour, dashes(curve->style));
    for (int k = 0; k < curve->n; k++) {
        double left = curve->x[k], right = left, y = at_y(s, curve->y[k]);
        if (curve->steps)
            vector_step(curve, k, &left, &right);
        left = at_x(s, left);
        right = at_x(s, right);
        if (isnan(left) && !isnan(right))
            left = s->x;
        if (isnan(y) || isnan(left) || isnan(right)) {
            pen = false;
            continue;
        }
        print_text(s->out, "%s%.2f %.2f", pen ? "L" : "M", left, y);
        if (curve->steps)
            print_text(s->out, "L%.2f %.2f", right, y);
        pen = true;
    }
    print_text(s->out, "\"/>\n");
}

static void put_mark(const struct sheet *s, double x, double y, int marker, const char *colour)
{
    const double r = 4;
    char paint[80];
    int shape = marker < 0 ? 0 : marker % PLOT_MARKERS;
    snprintf(paint, sizeof paint, "fill=\"%s\" stroke=\"%s\" stroke-width=\"1.2\"", shape % 2 ? "#fff" : colour, colour);
    if (marker < 0)
        print_text(s->out, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"1.6\" %s/>\n", x, y, paint);
    else if (shape < 2)
        print_text(s->out, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%.1f\" %s/>\n", x, y, r, paint);
    else if (shape < 4)
        print_text(s->out, "<path d=\"M%.2f %.2fl%.1f %.1fl-%.1f %.1fl-%.1f -%.1fz\" %s/>\n", x, y - 1.3 * r, 1.1 * r, 1.3 * r,
                   1.1 * r, 1.3 * r, 1.1 * r, 1.3 * r, paint);
    else if (shape < 6)
        print_text(s->out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.1f\" height=\"%.1f\" %s/>\n", x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r, paint);
    else
        print_text(s->out, "<path d=\"M%.2f %.2fl%.1f %.1fh-%.1fz\" %s/>\n", x, y - 1.2 * r, 1.2 * r, 2.1 * r, 2.4 * r, paint);
}

static void put_points(const struct sheet *s, const struct curve *curve, const char *colour)
{
    char style[64];
    snprintf(style, sizeof style, "stroke=\"%s\"", colour);
    for (int k = 0; k < curve->n; k++) {
        double x = at_x(s, curve->x[k]), y = at_y(s, curve->y[k]);
        if (isnan(x) || isnan(y))
            continue;
        if (curve->se_y && curve->se_y[k] > 0) {
            double low = at_y(s, curve->y[k] - curve->se_y[k]);
            put_line(s, x, isnan(low) ? s->y + s->height : low, x, at_y(s, curve->y[k] + curve->se_y[k]), style);
        }
        if (curve->se_x && curve->se_x[k] > 0) {
            double low = at_x(s, curve->x[k] - curve->se_x[k]);
            put_line(s, isnan(low) ? s->x : low, y, at_x(s, curve->x[k] + curve->se_x[k]), y, style);
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
    print_text(s->out, "<path fill=\"none\" stroke=\"#666\" d=\"M%.2f %.2fL%.2f %.2fL%.2f %.2fz\"/>\n", x0, y0, x1, y0, x1, y1);
    put_text(s, 0.5 * (x0 + x1), y0 + 13, "middle", "", "1");
    put_text(s, x1 + GAP, 0.5 * (y0 + y1) + 4, "start", "", slope->label ? slope->label : "");
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
        else {
            char style[96];
            snprintf(style, sizeof style, "stroke=\"%s\" stroke-width=\"1.4\"%s", vector_colour(curve, c), dashes(curve->style));
            put_line(s, x, y - 4, x + 18, y - 4, style);
        }
        put_text(s, x + 22, y, "start", "", curve->label);
        x += 34 + 6.6 * glyph_columns(curve->label);
    }
}

static void put_plot(struct sheet *s, const struct panel *panel, int k)
{
    plot_axes(&panel->plot, &s->axis_x, &s->axis_y);
    print_text(s->out, "<clipPath id=\"c%d\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/></clipPath>\n<g clip-path=\"url(#c%d)\">\n", k, s->x,
               s->y, s->width, s->height, k);
    for (int c = 0; c < panel->plot.n_curves; c++) {
        const struct curve *curve = &panel->plot.curves[c];
        if (curve->style == CURVE_POINTS)
            put_points(s, curve, vector_colour(curve, c));
        else
            put_path(s, curve, vector_colour(curve, c));
    }
    if (panel->plot.slope)
        put_slope(s, panel->plot.slope);
    print_text(s->out, "</g>\n");
    put_axes(s, panel);
    put_legend(s, panel);
}

/* --- heat maps --- */

static void put_colour(char out[8], double share)
{
    uint8_t rgb[3];
    ramp_rgb(RAMP_CIVIDIS, share, rgb);
    snprintf(out, 8, "#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
}

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
            put_colour(colour, share);
            print_text(s->out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"/>\n", x, y, right - x,
                       bottom - y, colour);
            snprintf(text, sizeof text, "%.3g", value);
            if (map->numbers)
                put_text(s, 0.5 * (x + right), 0.5 * (y + bottom) + 4, "middle", vector_is_light(share) ? "" : " fill=\"#fff\"", text);
        }
}

static void put_bar(const struct sheet *s, const struct heat_map *map, double low, double high)
{
    enum { STEPS = 64, LABELS = 5 };
    double x = s->x + s->width + 14, step = s->height / STEPS;
    for (int k = 0; k < STEPS; k++) {
        char colour[8];
        put_colour(colour, (k + 0.5) / STEPS);
        print_text(s->out, "<rect x=\"%.1f\" y=\"%.2f\" width=\"14\" height=\"%.2f\" fill=\"%s\"/>\n", x,
                   s->y + s->height - (k + 1) * step, step + 0.5, colour);
    }
    for (int k = 0; k < LABELS; k++) {
        char text[32];
        double share = (double)k / (LABELS - 1);
        snprintf(text, sizeof text, "%.3g", map->log ? low * pow(high / low, share) : low + share * (high - low));
        put_text(s, x + 18, s->y + s->height * (1 - share) + 4, "start", "", text);
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

char *picture_svg(const struct picture *picture)
{
    struct print_buffer out = {0};
    int columns = vector_columns(picture), rows = (picture->n + columns - 1) / columns;
    print_text(&out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n",
               columns * PANEL_WIDTH, rows * PANEL_HEIGHT, columns * PANEL_WIDTH, rows * PANEL_HEIGHT);
    print_text(&out, "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n");
    for (int k = 0; k < picture->n; k++) {
        const struct panel *panel = &picture->panel[k];
        double x = k % columns * PANEL_WIDTH, y = k / columns * PANEL_HEIGHT;
        struct sheet sheet = {.out = &out, .x = x + LEFT, .y = y + TOP, .width = PANEL_WIDTH - LEFT - RIGHT, .height = PANEL_HEIGHT - TOP - BOTTOM};
        put_text(&sheet, x + LEFT, y + 20, "start", " font-weight=\"bold\"", panel->title);
        if (!panel->is_heat)
            put_plot(&sheet, panel, k);
        else if (!put_heat(&sheet, panel))
            out.failed = true;
    }
    print_text(&out, "</svg>\n");
    if (out.failed)
        print_buffer_done(&out);
    return out.data;
}
