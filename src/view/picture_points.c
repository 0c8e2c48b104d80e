/* Pictures of averages and moduli: over t_w, and over temperature and t_w. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/picture_build.h"

/* --- one value against t_w, a curve a state --- */

struct wanted {
    const char *value, *se, *label;
};

/* What is drawn: records, or the rows of one result. */
struct drawn {
    const struct result *const *results;
    int n;
    bool rows;
};

static double value_at(const struct drawn *drawn, int k, const char *name)
{
    if (!drawn->rows)
        return picture_real(drawn->results[k], name);
    const struct field *field = result_find(drawn->results[0], name);
    return field && field->kind == VALUE_REALS && (size_t)k < field->length ? field->reals[k] : NAN;
}

static const char *set_at(const struct drawn *drawn, int k)
{
    return picture_text(drawn->results[drawn->rows ? 0 : k], "set");
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_state(const struct drawn *drawn, int j, int k)
{
    return same(value_at(drawn, j, "T"), value_at(drawn, k, "T")) && same(value_at(drawn, j, "p"), value_at(drawn, k, "p")) &&
           strcmp(set_at(drawn, j), set_at(drawn, k)) == 0;
}

/* Those of one state (or set) that know the value: a curve through them. */
static void add_state(struct picture *picture, struct panel *panel, const struct drawn *drawn, int first, const struct wanted *wanted, int state)
{
    int count = 0;
    double *t_w = picture_numbers(picture, 3 * (size_t)drawn->n);
    if (!t_w)
        return;
    double *value = t_w + drawn->n, *se = value + drawn->n;
    const char *set = set_at(drawn, first);
    for (int k = first; k < drawn->n; k++) {
        if (!same_state(drawn, first, k) || !isfinite(value_at(drawn, k, wanted->value)))
            continue;
        t_w[count] = value_at(drawn, k, "t_w");
        value[count] = value_at(drawn, k, wanted->value);
        se[count++] = value_at(drawn, k, wanted->se);
    }
    struct curve *line = count > 1 ? panel_add(panel, CURVE_DOTTED, t_w, value, count) : NULL;
    struct curve *points = count > 0 ? panel_add(panel, CURVE_POINTS, t_w, value, count) : NULL;
    if (!points)
        return;
    char name[32];
    points->se_y = se;
    points->marker = state;
    points->role = picture_series_role(state);
    if (line) {
        line->role = points->role;
        line->marker = state;
    }
    picture_state_name(value_at(drawn, first, "T"), value_at(drawn, first, "p"), name, sizeof name);
    panel_label(panel, points, "%s", *set && strcmp(name, "all") == 0 ? set : name);
}

static void add_over_tw(struct picture *picture, const struct drawn *drawn, const struct wanted *wanted)
{
    int states = 0;
    struct panel *panel = picture_add(picture);
    for (int k = 0; k < drawn->n && panel; k++) {
        bool seen = false;
        for (int j = 0; j < k && !seen; j++)
            seen = same_state(drawn, j, k);
        if (!seen)
            add_state(picture, panel, drawn, k, wanted, states++);
    }
    if (panel && panel->plot.n_curves == 0) {
        picture->n--;
        return;
    }
    if (!panel)
        return;
    const struct field *t_w = result_find(drawn->results[0], "t_w");
    panel_fit_axes(panel, true, false);
    snprintf(panel->x_label, sizeof panel->x_label, t_w && t_w->unit && *t_w->unit ? "t_w /%s" : "t_w", t_w ? t_w->unit : "");
    snprintf(panel->y_label, sizeof panel->y_label, "%s", wanted->label);
    snprintf(panel->title, sizeof panel->title, "%s(t_w)", wanted->label);
}

void picture_of_moduli(const struct result *const *results, int n, struct picture *picture)
{
    static const struct wanted moduli[] = {{"G1", "se_G1", "G'"}, {"G2", "se_G2", "G''"}, {"delta", "se_delta", "delta"}};
    const struct drawn drawn = {results, n, false};
    for (size_t k = 0; k < sizeof moduli / sizeof *moduli; k++)
        add_over_tw(picture, &drawn, &moduli[k]);
}

/* --- over temperature and t_w --- */

/* The distinct values of a column, ascending. */
static int distinct(const struct field *field, double *out)
{
    int n = 0;
    for (size_t k = 0; k < field->length; k++) {
        int at = 0;
        while (at < n && out[at] < field->reals[k])
            at++;
        if (at < n && out[at] == field->reals[k])
            continue;
        memmove(out + at + 1, out + at, (size_t)(n - at) * sizeof *out);
        out[at] = field->reals[k];
        n++;
    }
    return n;
}

static int place_of(const double *values, int n, double value)
{
    int k = 0;
    while (k < n && values[k] != value)
        k++;
    return k;
}

static void add_map(struct picture *picture, const struct result *map, const char *name, const char *label)
{
    const struct field *T = result_find(map, "T"), *t_w = result_find(map, "t_w"), *value = result_find(map, name);
    if (!T || !t_w || !value || T->kind != VALUE_REALS || t_w->length != T->length || value->length != T->length)
        return;
    struct panel *panel = picture_add(picture);
    double *rows = picture_numbers(picture, T->length), *columns = picture_numbers(picture, T->length);
    if (!panel || !rows || !columns)
        return;
    int n_rows = distinct(T, rows), n_columns = distinct(t_w, columns);
    double *field = picture_numbers(picture, (size_t)n_rows * (size_t)n_columns), p = picture_real(map, "p");
    bool any = false;
    for (int k = 0; field && k < n_rows * n_columns; k++)
        field[k] = NAN;
    for (size_t k = 0; field && k < T->length; k++) {
        field[place_of(rows, n_rows, T->reals[k]) * n_columns + place_of(columns, n_columns, t_w->reals[k])] = value->reals[k];
        any = any || isfinite(value->reals[k]);
    }
    if (!field || !any) {
        picture->n--;
        return;
    }
    panel->is_heat = true;
    panel->heat.x = (struct heat_axis){.at = columns, .n = n_columns, .log = true};
    panel->heat.y = (struct heat_axis){.at = rows, .n = n_rows};
    panel->heat.value = field;
    panel->heat.numbers = true;
    snprintf(panel->x_label, sizeof panel->x_label, *t_w->unit ? "t_w /%s" : "t_w", t_w->unit);
    snprintf(panel->y_label, sizeof panel->y_label, "T");
    if (isfinite(p))
        snprintf(panel->title, sizeof panel->title, "%s at p = %g", label, p);
    else
        snprintf(panel->title, sizeof panel->title, "%s", label);
}

bool picture_of_points(const struct result *const *results, int n, struct picture *picture)
{
    static const struct wanted of_points[] = {{"delta", "se_delta", "delta"}, {"d_min", "se_d_min", "D_min"}};
    static const struct wanted of_series[] = {{"d_min", "d_min_se", "D_min"}};
    const char *command = result_command(results[0]) ? result_command(results[0]) : "";
    struct drawn drawn = {results, n, result_layout(results[0]) == RESULT_ROWS};
    if (drawn.rows)
        drawn.n = (int)result_n_rows(results[0]);
    if (strcmp(command, "points") == 0)
        for (size_t k = 0; k < sizeof of_points / sizeof *of_points; k++)
            add_over_tw(picture, &drawn, &of_points[k]);
    else if (strcmp(command, "series") == 0)
        add_over_tw(picture, &drawn, of_series);
    else if (strcmp(command, "relaxation") == 0)
        for (int k = 0; k < n; k++) {
            add_map(picture, results[k], "G1", "G'");
            add_map(picture, results[k], "G2", "G''");
            add_map(picture, results[k], "delta", "delta /rad");
            add_map(picture, results[k], "d_min", "D_min");
        }
    return picture->n > 0;
}
