/* Pictures of how atoms move: a panel a quantity, a curve a type of atoms. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/picture_build.h"

static const struct {
    const char *column, *title, *label;
    const char *parameter, *sign; /* a number of the result for the title, and its name there */
    bool log_y;
    double level;                 /* a line across; 0: none */
} shown[] = {
    {"msd", "mean squared displacement", "MSD", NULL, NULL, true, 0},
    {"msd_cage", "the same, relative to neighbours", "MSD", "cage", "within", true, 0},
    {"fs", "self intermediate scattering function, 1/e", "F_s", "k", "k", false, 0.36787944117144233},
    {"q", "overlap", "Q", "a", "u <", false, 0},
    {"chi4", "chi_4, variance of the overlap", "chi_4", "a", "u <", false, 0},
    {"alpha2", "non-Gaussian parameter", "alpha_2", NULL, NULL, false, 0},
    {"jump_fraction", "share of atoms that jumped", "share", "jump", "u >", false, 0},
    {"string_mean", "mean length of strings", "atoms", "delta", "within", false, 0},
    {"s", "structure factor", "S(k)", "peak", "peak at", false, 0},
    {"gs", "van Hove, self", "G_s", "t", "t", true, 0},
    {"gd", "van Hove, distinct", "G_d/rho", "t", "t", false, 1},
};

static const struct field *column_of(const struct result *result, const char *name, size_t length)
{
    const struct field *field = result_find(result, name);
    return field && field->kind == VALUE_REALS && field->length > 0 && (length == 0 || field->length == length) ? field : NULL;
}

/* What the columns of such results are over. */
static const struct field *abscissa(const struct result *result)
{
    static const char *const names[] = {"t", "k", "r"};
    const struct field *found = NULL;
    for (size_t k = 0; k < sizeof names / sizeof *names && !found; k++)
        found = column_of(result, names[k], 0);
    return found;
}

enum { MANY = 30 }; /* more points than this are no points but a line: only their bars are shown */

/* A line through the values with points and bars on it: points have the legend, of many the line has a label. */
static void add_curve(struct panel *panel, const struct field *x, const struct field *y, const struct field *se, int which, const char *label)
{
    static const enum curve_style styles[] = {CURVE_SOLID, CURVE_DASHED, CURVE_DOTTED};
    struct curve *line = panel_add(panel, styles[which % 3], x->reals, y->reals, (int)x->length);
    bool many = x->length > MANY;
    if (!line)
        return;
    line->role = picture_series_role(which);
    line->ascii = "#o+"[which % 3];
    if (many)
        panel_label(panel, line, "%s", label);
    struct curve *points = !many || se ? panel_add(panel, CURVE_POINTS, x->reals, y->reals, (int)x->length) : NULL;
    if (!points)
        return;
    points->role = line->role;
    points->marker = many ? PLOT_MARK_SMALL : which;
    points->se_y = se ? se->reals : NULL;
    if (!many)
        panel_label(panel, points, "%s", label);
}

static bool any_known(const struct field *field)
{
    for (size_t k = 0; k < field->length; k++)
        if (isfinite(field->reals[k]))
            return true;
    return false;
}

static bool all_positive(const struct panel *panel)
{
    for (int c = 0; c < panel->plot.n_curves; c++)
        for (int k = 0; k < panel->curve[c].n; k++)
            if (panel->curve[c].y[k] <= 0)
                return false;
    return true;
}

static void finish_panel(struct picture *picture, struct panel *panel, const struct field *x, bool log_y, double level)
{
    panel->plot.first_on_top = true;
    bool log_x = strcmp(x->name, "t") == 0 && x->length > 1 && x->reals[0] > 0;
    panel_fit_axes(panel, log_x, log_y && all_positive(panel));
    snprintf(panel->x_label, sizeof panel->x_label, *x->unit ? "%s /%s" : "%s", x->name, x->unit);
    double *ends = level > 0 ? picture_numbers(picture, 4) : NULL;
    if (!ends)
        return;
    ends[0] = panel->plot.x.low;
    ends[1] = panel->plot.x.high;
    ends[2] = ends[3] = level;
    struct curve *line = panel_add(panel, CURVE_DOTTED, ends, ends + 2, 2);
    if (line)
        line->role = ROLE_AXIS;
}

static void add_quantity(struct picture *picture, const struct result *const *results, int n, size_t what)
{
    struct panel *panel = NULL;
    const struct field *first = NULL;
    int curves = 0;
    for (int k = 0; k < n; k++) {
        const struct field *x = abscissa(results[k]), *y = x ? column_of(results[k], shown[what].column, x->length) : NULL;
        char se[32];
        if (!y)
            continue;
        if (!panel) {
            double number = shown[what].parameter ? picture_real(results[k], shown[what].parameter) : NAN;
            panel = picture_add(picture);
            if (!panel)
                return;
            first = x;
            snprintf(panel->title, sizeof panel->title, isfinite(number) ? "%s, %s %.4g" : "%s", shown[what].title, shown[what].sign, number);
            snprintf(panel->y_label, sizeof panel->y_label, "%s", shown[what].label);
        }
        snprintf(se, sizeof se, "se_%s", shown[what].column);
        const struct field *error = column_of(results[k], se, x->length);
        add_curve(panel, x, y, error && any_known(error) ? error : NULL, curves++, picture_text(results[k], "type"));
    }
    if (panel)
        finish_panel(picture, panel, first, shown[what].log_y, shown[what].level);
}

/* Either half of a set: where they part, it drifts. */
static void add_halves(struct picture *picture, const struct result *result)
{
    const struct field *x = abscissa(result), *a = x ? column_of(result, "first_half", x->length) : NULL,
                       *b = x ? column_of(result, "second_half", x->length) : NULL, *se = x ? column_of(result, "se_difference", x->length) : NULL;
    struct panel *panel = a && b ? picture_add(picture) : NULL;
    if (!panel)
        return;
    bool fs = strcmp(picture_text(result, "quantity"), "fs") == 0;
    add_curve(panel, x, a, NULL, 0, "first half");
    add_curve(panel, x, b, se, 1, "second half (se of difference)");
    snprintf(panel->title, sizeof panel->title, "%s of either half: %s, %.2g sigmas at worst", fs ? "F_s" : "MSD", picture_text(result, "verdict"),
             picture_real(result, "worst_sigmas"));
    snprintf(panel->y_label, sizeof panel->y_label, "%s", fs ? "F_s" : "MSD");
    finish_panel(picture, panel, x, !fs, 0);
}

bool picture_of_motion(const struct result *const *results, int n, struct picture *picture)
{
    static const char *const commands[] = {"dynamics", "msd", "fs", "overlap", "alpha2", "jumps", "sk", "vanhove", "equilibrium"};
    const char *command = result_command(results[0]) ? result_command(results[0]) : "";
    bool known = false;
    for (size_t k = 0; k < sizeof commands / sizeof *commands; k++)
        known = known || strcmp(command, commands[k]) == 0;
    if (!known)
        return false;
    for (int k = 0; k < n && strcmp(command, "equilibrium") == 0; k++)
        add_halves(picture, results[k]);
    for (size_t what = 0; what < sizeof shown / sizeof *shown; what++)
        add_quantity(picture, results, n, what);
    return picture->n > 0;
}
