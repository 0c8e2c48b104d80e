/* Panels: building, layout, drawing. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/picture.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/picture_build.h"

struct picture_block {
    struct picture_block *next;
    double number[];
};

/* --- building --- */

double *picture_numbers(struct picture *picture, size_t n)
{
    struct picture_block *block = malloc(sizeof *block + (n + 1) * sizeof *block->number);
    if (!block) {
        picture->failed = true;
        return NULL;
    }
    block->next = picture->blocks;
    picture->blocks = block;
    return block->number;
}

struct panel *picture_add(struct picture *picture)
{
    struct panel *grown = realloc(picture->panel, ((size_t)picture->n + 1) * sizeof *grown);
    if (!grown) {
        picture->failed = true;
        return NULL;
    }
    picture->panel = grown;
    struct panel *panel = &grown[picture->n++];
    memset(panel, 0, sizeof *panel);
    panel->plot.cursor = NAN;
    panel->heat.cursor_x = panel->heat.cursor_y = -1;
    return panel;
}

struct curve *panel_add(struct panel *panel, enum curve_style style, const double *x, const double *y, int n)
{
    if (panel->plot.n_curves == PANEL_CURVES || !x || !y)
        return NULL;
    struct curve *curve = &panel->curve[panel->plot.n_curves++];
    *curve = (struct curve){.x = x, .y = y, .n = n, .style = style, .role = ROLE_NORMAL, .ascii = style == CURVE_POINTS ? 'o' : '.'};
    return curve;
}

const char *panel_label(struct panel *panel, const struct curve *curve, const char *format, ...)
{
    char *label = panel->label[curve - panel->curve];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(label, sizeof panel->label[0], format, arguments);
    va_end(arguments);
    return label;
}

struct extent {
    double low, high;
};

static void extend(struct extent *extent, double value, bool log)
{
    if (isfinite(value) && (!log || value > 0)) {
        extent->low = fmin(extent->low, value);
        extent->high = fmax(extent->high, value);
    }
}

static void settle(struct axis *axis, struct extent extent, bool log)
{
    axis->log = log;
    if (!(extent.high >= extent.low))
        return;
    if (log) {
        double factor = pow(extent.high / extent.low, 0.06) * 1.02;
        axis->low = extent.low / factor;
        axis->high = extent.high * factor;
    } else {
        double margin = extent.high > extent.low ? 0.06 * (extent.high - extent.low) : fmax(0.1 * fabs(extent.high), 1e-12);
        axis->low = extent.low >= 0 && extent.low - margin < 0 ? 0 : extent.low - margin;
        axis->high = extent.high + margin;
    }
}

void panel_fit_axes(struct panel *panel, bool log_x, bool log_y)
{
    struct extent x = {INFINITY, -INFINITY}, y = {INFINITY, -INFINITY};
    for (int c = 0; c < panel->plot.n_curves; c++) {
        const struct curve *curve = &panel->curve[c];
        for (int k = 0; k < curve->n; k++) {
            double se_x = curve->se_x && isfinite(curve->se_x[k]) ? curve->se_x[k] : 0;
            double se_y = curve->se_y && isfinite(curve->se_y[k]) ? curve->se_y[k] : 0;
            extend(&x, curve->x[k], log_x);
            extend(&x, curve->x[k] - se_x, log_x);
            extend(&x, curve->x[k] + se_x, log_x);
            extend(&y, curve->y[k], log_y);
            extend(&y, log_y && curve->y[k] - se_y < 0.2 * curve->y[k] ? 0.2 * curve->y[k] : curve->y[k] - se_y, log_y);
            extend(&y, curve->y[k] + se_y, log_y);
        }
    }
    settle(&panel->plot.x, x, log_x);
    settle(&panel->plot.y, y, log_y);
}

enum role picture_series_role(int k)
{
    static const enum role roles[] = {ROLE_LABELLED, ROLE_MATCHED, ROLE_ATOM_B, ROLE_ATOM_C};
    return roles[(k < 0 ? 0 : k) % 4];
}

double picture_real(const struct result *result, const char *name)
{
    const struct field *field = result_find(result, name);
    return field && field->kind == VALUE_REAL ? field->real : field && field->kind == VALUE_INT ? (double)field->integer : NAN;
}

const char *picture_text(const struct result *result, const char *name)
{
    const struct field *field = result_find(result, name);
    return field && field->kind == VALUE_TEXT && field->text ? field->text : "";
}

void picture_state_name(double T, double p, char *out, size_t size)
{
    if (isfinite(T) && isfinite(p))
        snprintf(out, size, "T %g p %g", T, p);
    else if (isfinite(T))
        snprintf(out, size, "T %g", T);
    else if (isfinite(p))
        snprintf(out, size, "p %g", p);
    else
        snprintf(out, size, "all");
}

/* --- making --- */

/* Curves and labels stand beside their plot: pointers to them are set once panels move no more. */
static void connect(struct picture *picture)
{
    for (int k = 0; k < picture->n; k++) {
        struct panel *panel = &picture->panel[k];
        panel->plot.curves = panel->curve;
        panel->plot.slope = panel->slope.width > 1 ? &panel->slope : NULL;
        panel->plot.x.label = panel->heat.x.label = panel->x_label;
        panel->plot.y.label = panel->heat.y.label = panel->y_label;
        panel->heat.label = panel->title;
        for (int c = 0; c < panel->plot.n_curves; c++)
            panel->curve[c].label = panel->label[c][0] ? panel->label[c] : NULL;
    }
}

static const double *copied(struct picture *picture, const double *numbers, int n)
{
    double *copy = numbers ? picture_numbers(picture, (size_t)n) : NULL;
    if (copy && n > 0)
        memcpy(copy, numbers, (size_t)n * sizeof *copy);
    return copy;
}

void picture_copy_plot(struct picture *picture, const struct plot *plot, const char *title)
{
    struct panel *panel = picture_add(picture);
    if (!panel)
        return;
    panel->plot = *plot;
    panel->plot.n_curves = 0;
    panel->plot.cursor = NAN;
    panel->plot.brush_low = panel->plot.brush_high = 0;
    panel->plot.n_marks = 0;
    if (plot->slope)
        panel->slope = *plot->slope;
    snprintf(panel->title, sizeof panel->title, "%s", title);
    snprintf(panel->x_label, sizeof panel->x_label, "%s", plot->x.label ? plot->x.label : "");
    snprintf(panel->y_label, sizeof panel->y_label, "%s", plot->y.label ? plot->y.label : "");
    for (int c = 0; c < plot->n_curves && c < PANEL_CURVES; c++) {
        const struct curve *curve = &plot->curves[c];
        struct curve *copy = &panel->curve[panel->plot.n_curves++];
        *copy = *curve;
        copy->x = copied(picture, curve->x, curve->n);
        copy->y = copied(picture, curve->y, curve->n);
        copy->se_x = copied(picture, curve->se_x, curve->n);
        copy->se_y = copied(picture, curve->se_y, curve->n);
        panel_label(panel, copy, "%s", curve->label ? curve->label : "");
    }
}

void picture_copy_map(struct picture *picture, const struct heat_map *map, const char *title)
{
    struct panel *panel = picture_add(picture);
    if (!panel)
        return;
    panel->is_heat = true;
    panel->heat = *map;
    panel->heat.x.at = copied(picture, map->x.at, map->x.n);
    panel->heat.y.at = copied(picture, map->y.at, map->y.n);
    panel->heat.value = copied(picture, map->value, map->x.n * map->y.n);
    panel->heat.cursor_x = panel->heat.cursor_y = -1;
    snprintf(panel->title, sizeof panel->title, "%s", title);
    snprintf(panel->x_label, sizeof panel->x_label, "%s", map->x.label ? map->x.label : "");
    snprintf(panel->y_label, sizeof panel->y_label, "%s", map->y.label ? map->y.label : "");
}

bool picture_close(struct picture *picture)
{
    if (!picture->failed)
        connect(picture);
    return !picture->failed;
}

bool picture_make(const struct result *const *results, int n, struct picture *ret_picture)
{
    struct picture picture = {.n = 0};
    bool known = n > 0 && (picture_of_law(results, n, &picture) || picture_of_table(results, n, &picture) ||
                           picture_of_sine(results, n, &picture) || picture_of_points(results, n, &picture) ||
                           picture_of_motion(results, n, &picture) || picture_of_curves(results, n, &picture));
    if (!known || picture.failed || picture.n == 0) {
        bool failed = picture.failed;
        picture_done(&picture);
        *ret_picture = (struct picture){.failed = failed};
        return false;
    }
    connect(&picture);
    *ret_picture = picture;
    return true;
}

void picture_done(struct picture *picture)
{
    while (picture->blocks) {
        struct picture_block *block = picture->blocks;
        picture->blocks = block->next;
        free(block);
    }
    free(picture->panel);
    *picture = (struct picture){.n = 0};
}

/* --- in a terminal --- */

enum { WIDE_PANEL = 58 };

static int columns_at(const struct picture *picture, int width)
{
    return picture->n > 1 && width >= 2 * WIDE_PANEL ? 2 : 1;
}

int picture_height(const struct picture *picture, int width, int panel_height)
{
    int columns = columns_at(picture, width);
    return (picture->n + columns - 1) / columns * panel_height;
}

/* "o T 0.5   x T 0.6": one line, what does not fit is left out. */
static void draw_legend(struct grid *grid, int x, int y, int width, const struct panel *panel, enum glyph_tier tier)
{
    int at = x;
    for (int c = 0; c < panel->plot.n_curves; c++) {
        const struct curve *curve = &panel->curve[c];
        int room = curve->label ? glyph_columns(curve->label) : 0;
        if (curve->style != CURVE_POINTS || room == 0 || at + room + 2 > x + width)
            continue;
        grid_put(grid, at, y, plot_marker(curve->marker, tier), curve->role);
        grid_text(grid, at + 2, y, room, ROLE_NORMAL, curve->label);
        at += room + 5;
    }
}

static bool has_legend(const struct panel *panel)
{
    for (int c = 0; c < panel->plot.n_curves; c++)
        if (panel->curve[c].style == CURVE_POINTS && panel->curve[c].label)
            return true;
    return false;
}

/* Clauses behind a comma that find no room are left out, none is cut. */
static void fit_title(const char *title, int width, char *out, size_t size)
{
    snprintf(out, size, "%s", title);
    for (char *comma; glyph_columns(out) > width && (comma = strrchr(out, ',')) != NULL;)
        *comma = '\0';
}

void label_with_sign(const char *label, enum glyph_tier tier, char *out, size_t size)
{
    const char *slash = strrchr(label, '/');
    snprintf(out, size, "%.*s%s", slash ? (int)(slash + 1 - label) : (int)strlen(label), label, slash ? unit_sign(slash + 1, tier) : "");
}

void picture_draw_panel(struct grid *grid, int x, int y, int width, int height, const struct panel *panel, enum glyph_tier tier, bool colour)
{
    if (panel->is_heat) {
        struct heat_map heat = panel->heat;
        char x_label[48], y_label[48];
        label_with_sign(panel->x_label, tier, x_label, sizeof x_label);
        label_with_sign(panel->y_label, tier, y_label, sizeof y_label);
        heat.x.label = x_label;
        heat.y.label = y_label;
        heat.tier = tier;
        heat.colour = colour;
        heat_map_draw(grid, x, y, width, height, &heat);
        return;
    }
    struct plot plot = panel->plot;
    struct curve curve[PANEL_CURVES];
    int above = 1 + has_legend(panel);
    for (int c = 0; c < plot.n_curves; c++) {
        curve[c] = panel->curve[c];
        if (curve[c].style == CURVE_POINTS)
            curve[c].label = NULL; /* in the legend */
    }
    char title[sizeof panel->title], x_label[48], y_label[48];
    plot.curves = curve;
    plot.tier = tier;
    label_with_sign(panel->x_label, tier, x_label, sizeof x_label);
    label_with_sign(panel->y_label, tier, y_label, sizeof y_label);
    plot.x.label = x_label;
    plot.y.label = y_label;
    fit_title(panel->title, width, title, sizeof title);
    grid_text(grid, x, y, width, ROLE_TITLE, title);
    if (above > 1)
        draw_legend(grid, x, y + 1, width, panel, tier);
    plot_draw(grid, x, y + above, width, height - above, &plot);
}

void picture_draw(struct grid *grid, int x, int y, int width, int height, const struct picture *picture, enum glyph_tier tier, bool colour)
{
    int columns = columns_at(picture, width), rows = (picture->n + columns - 1) / columns;
    for (int k = 0; k < picture->n; k++) {
        int left = x + k % columns * width / columns, top = y + k / columns * height / rows;
        int right = x + (k % columns + 1) * width / columns - (k % columns + 1 < columns ? 2 : 0), bottom = y + (k / columns + 1) * height / rows;
        picture_draw_panel(grid, left, top, right - left, bottom - top, &picture->panel[k], tier, colour);
    }
}
