/* Pictures as scripts of gnuplot that hold their data. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/print.h"
#include "base/text.h"
#include "view/vector.h"

static void put_setting(struct print_buffer *out, const char *what, const char *text)
{
    print_text(out, "set %s ", what);
    vector_put_quoted(out, text);
    print_text(out, "\n");
}

/* Seventeen digits, or what gnuplot takes for missing. */
static void put_number(struct print_buffer *out, double value, char end)
{
    if (isfinite(value))
        print_text(out, "%.17g%c", value, end);
    else
        print_text(out, "NaN%c", end);
}

/* The ticks as in the other pictures: gnuplot's own are too few where a log axis is shorter than a decade. */
static void put_axis(struct print_buffer *out, char name, const struct axis *axis, const char *label)
{
    struct tick ticks[AXIS_MAX_TICKS];
    char what[8], text[16], signs[48];
    int n = axis_ticks(axis, name == 'x' ? 60 : 20, name == 'x' ? 9 : 3, ticks);
    print_text(out, "%s logscale %c\nset %crange [%.17g:%.17g]\nset %ctics (", axis->log ? "set" : "unset", name, name, axis->low, axis->high, name);
    for (int k = 0; k < n; k++)
        print_text(out, "%s'%s' %.9g%s", k > 0 ? ", " : "", vector_tick_label(&ticks[k], axis, text), ticks[k].value, ticks[k].major ? "" : " 1");
    print_text(out, ")\n");
    snprintf(what, sizeof what, "%clabel", name);
    label_with_sign(label, GLYPH_BRAILLE, signs, sizeof signs);
    put_setting(out, what, signs);
}

/* --- curves --- */

/* x y left right, or x y xlow xhigh ylow yhigh. */
static void put_data(struct print_buffer *out, const struct curve *curve, const struct axis *x, const struct axis *y, int panel, int c)
{
    print_text(out, "$d%d_%d << EOD\n", panel, c);
    for (int k = 0; k < curve->n; k++) {
        put_number(out, curve->x[k], ' ');
        put_number(out, curve->y[k], curve->style == CURVE_POINTS ? ' ' : '\n');
        if (curve->style != CURVE_POINTS)
            continue;
        double se_x = curve->se_x && curve->se_x[k] > 0 ? curve->se_x[k] : 0, se_y = curve->se_y && curve->se_y[k] > 0 ? curve->se_y[k] : 0;
        put_number(out, x->log ? fmax(curve->x[k] - se_x, 0.01 * x->low) : curve->x[k] - se_x, ' ');
        put_number(out, curve->x[k] + se_x, ' ');
        put_number(out, y->log ? fmax(curve->y[k] - se_y, 0.01 * y->low) : curve->y[k] - se_y, ' ');
        put_number(out, curve->y[k] + se_y, '\n');
    }
    print_text(out, "EOD\n");
}

/* A scale of its own is brought to that of the plot, by the share of its height. */
static void put_area(struct print_buffer *out, const struct curve *curve, const struct axis *y)
{
    if (!(curve->top > 0))
        print_text(out, "using 1:2");
    else if (y->log)
        print_text(out, "using 1:(%.9g*(%.9g)**($2/%.9g))", y->low, y->high / y->low, curve->top);
    else
        print_text(out, "using 1:(%.9g+%.9g*$2)", y->low, (y->high - y->low) / curve->top);
    print_text(out, " with filledcurves y=%.9g fs solid lc rgb '#d9d9d9' ", y->low);
}

static void put_curve(struct print_buffer *out, const struct curve *curve, const struct axis *y, int panel, int c)
{
    static const int types[PLOT_MARKERS] = {7, 6, 13, 12, 5, 4, 9, 8};
    const char *colour = vector_colour(curve, c);
    print_text(out, "%s$d%d_%d ", c > 0 ? ", \\\n  " : "plot ", panel, c);
    if (curve->style == CURVE_POINTS)
        print_text(out, "using 1:2:3:4:5:6 with xyerrorbars pt %d ps %s lc rgb '%s' ", curve->marker < 0 ? 7 : types[curve->marker % PLOT_MARKERS],
                   curve->marker < 0 ? "0.4" : "1", colour);
    else if (curve->style == CURVE_AREA)
        put_area(out, curve, y);
    else if (curve->style == CURVE_BARS)
        print_text(out, "using 1:2 with boxes fs solid lc rgb '%s' ", colour);
    else
        print_text(out, "using 1:2 with %s dt %d lw 1.5 lc rgb '%s' ", curve->steps ? "histeps" : "lines",
                   curve->style == CURVE_DOTTED ? 3 : curve->style == CURVE_DASHED ? 2 : 1, colour);
    if (curve->label) {
        print_text(out, "title ");
        vector_put_quoted(out, curve->label);
    } else {
        print_text(out, "notitle");
    }
}

static void put_slope(struct print_buffer *out, const struct slope_mark *slope)
{
    double right = slope->x * slope->width, top = slope->y * pow(slope->width, slope->slope);
    print_text(out, "set arrow 1 from %.9g,%.9g to %.9g,%.9g nohead lc rgb '#666666'\n", slope->x, slope->y, right, slope->y);
    print_text(out, "set arrow 2 from %.9g,%.9g to %.9g,%.9g nohead lc rgb '#666666'\n", right, slope->y, right, top);
    print_text(out, "set arrow 3 from %.9g,%.9g to %.9g,%.9g nohead lc rgb '#666666'\n", right, top, slope->x, slope->y);
    print_text(out, "set label 1 '1' at %.9g,%.9g center offset 0,-0.7\n", slope->x * sqrt(slope->width), slope->y);
    print_text(out, "set label 2 ");
    vector_put_quoted(out, slope->label ? slope->label : "");
    print_text(out, " at %.9g,%.9g left offset 0.7,0\n", right, slope->y * pow(slope->width, 0.5 * slope->slope));
}

/* The k-th curve that has a label, or NULL. */
static const char *labelled(const struct panel *panel, int k)
{
    for (int c = 0; c < panel->plot.n_curves; c++)
        if (panel->plot.curves[c].label && k-- == 0)
            return panel->plot.curves[c].label;
    return NULL;
}

/* One legend serves all panels that would repeat it: small ones have no room for many. */
static bool repeats_legend(const struct panel *panel, const struct panel *first)
{
    for (int k = 0;; k++) {
        const char *a = labelled(panel, k), *b = labelled(first, k);
        if (!a || !b || strcmp(a, b) != 0)
            return !a && !b && panel != first;
    }
}

static void put_plot(struct print_buffer *out, const struct panel *panel, int k)
{
    struct axis x, y;
    plot_axes(&panel->plot, &x, &y);
    for (int c = 0; c < panel->plot.n_curves; c++)
        put_data(out, &panel->plot.curves[c], &x, &y, k, c);
    put_axis(out, 'x', &x, panel->x_label);
    put_axis(out, 'y', &y, panel->y_label);
    if (panel->plot.slope)
        put_slope(out, panel->plot.slope);
    for (int c = 0; c < panel->plot.n_curves; c++)
        put_curve(out, &panel->plot.curves[c], &y, k, c);
    print_text(out, panel->plot.slope ? "\nunset arrow\nunset label\n" : "\n");
}

/* --- heat maps --- */

/* x y left right bottom top value colour of the number: one box a place that is known. */
static void put_boxes(struct print_buffer *out, const struct heat_map *map, const struct vector_bounds *bounds, double low, double high, int k)
{
    print_text(out, "$d%d_0 << EOD\n", k);
    for (int row = 0; row < map->y.n; row++)
        for (int column = 0; column < map->x.n; column++) {
            double value = map->value[row * map->x.n + column];
            const double line[] = {map->x.at[column], map->y.at[row],     bounds->left[column], bounds->right[column],
                                   bounds->bottom[row], bounds->top[row], value};
            for (int c = 0; c < 7 && isfinite(value); c++)
                put_number(out, line[c], ' ');
            if (isfinite(value))
                print_text(out, "%d\n", vector_is_light(vector_share(map, value, low, high)) ? 0 : 0xffffff);
        }
    print_text(out, "EOD\n");
}

/* False: out of memory. */
static bool put_heat(struct print_buffer *out, const struct panel *panel, int k)
{
    enum { COLOURS = 16 };
    const struct heat_map *map = &panel->heat;
    struct vector_bounds bounds;
    struct axis x, y;
    double low, high;
    if (map->x.n < 1 || map->y.n < 1 || !heat_map_range(map, &low, &high))
        return true;
    if (!vector_bounds_init(&bounds, map, &x, &y))
        return false;
    put_boxes(out, map, &bounds, low, high, k);
    vector_bounds_done(&bounds);
    put_axis(out, 'x', &x, panel->x_label);
    put_axis(out, 'y', &y, panel->y_label);
    print_text(out, "set palette defined (");
    for (int c = 0; c < COLOURS; c++) {
        uint8_t rgb[3];
        ramp_rgb(RAMP_CIVIDIS, c / (COLOURS - 1.0), rgb);
        print_text(out, "%s%d '#%02x%02x%02x'", c > 0 ? ", " : "", c, rgb[0], rgb[1], rgb[2]);
    }
    print_text(out, ")\n%s logscale cb\nset cbrange [%.17g:%.17g]\n", map->log ? "set" : "unset", low, high > low ? high : low + 1);
    print_text(out, "plot $d%d_0 using 1:2:3:4:5:6:7 with boxxyerror fillstyle solid noborder lc palette notitle", k);
    if (map->numbers)
        print_text(out, ", \\\n  '' using (%s):(0.5*($5+$6)):(sprintf('%%.3g', $7)):8 with labels tc rgb variable notitle",
                   map->x.log ? "sqrt($3*$4)" : "0.5*($3+$4)");
    print_text(out, "\n");
    return true;
}

/* Titles of panels side by side keep to theirs: long ones are smaller. */
static void put_title(struct print_buffer *out, const char *title, int columns)
{
    enum { ROOM = 72 };
    bool small = columns * text_width(title) > ROOM;
    print_text(out, "set title ");
    vector_put_quoted(out, title);
    print_text(out, small ? " font ',9'\n" : "\n");
}

char *picture_gnuplot(const struct picture *picture)
{
    struct print_buffer out = {0};
    int columns = vector_columns(picture), rows = (picture->n + columns - 1) / columns;
    print_text(&out, "# gnuplot -p FILE    shows it. For a file of a picture, before that:\n"
                     "#   gnuplot -e \"set terminal pdfcairo size %dcm,%dcm; set output 'picture.pdf'\" FILE\n"
                     "set termoption noenhanced\nset encoding utf8\n",
               14 * columns, 10 * rows);
    print_text(&out, "set errorbars 0\nset key top left samplen 2\n");
    if (picture->n > 1)
        print_text(&out, "set multiplot layout %d,%d\n", rows, columns);
    for (int k = 0; k < picture->n; k++) {
        put_title(&out, picture->panel[k].title, columns);
        if (picture->n > 1 && !picture->panel[0].is_heat)
            print_text(&out, "%s key\n", repeats_legend(&picture->panel[k], &picture->panel[0]) ? "unset" : "set");
        if (!picture->panel[k].is_heat)
            put_plot(&out, &picture->panel[k], k);
        else if (!put_heat(&out, &picture->panel[k], k))
            out.failed = true;
    }
    if (picture->n > 1)
        print_text(&out, "unset multiplot\n");
    if (out.failed)
        print_buffer_done(&out);
    return out.data;
}
