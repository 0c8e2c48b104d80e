/* Pictures of fits: the power law, relaxation by KWW, beta beside b. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/kww.h"
#include "view/picture_build.h"

enum { SAMPLES = 64 };

/* Column `name` of a list of objects, as numbers of the picture; NULL when out of memory. */
static double *column_of(struct picture *picture, const struct field *list, const char *name)
{
    double *numbers = picture_numbers(picture, list->length);
    for (size_t k = 0; numbers && k < list->length; k++)
        numbers[k] = picture_real(list->list[k], name);
    return numbers;
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* --- delta = A (D/r0)^b --- */

struct law_points {
    const double *T, *p, *x, *se_x, *y, *se_y;
    const struct field *list;
};

static bool is_fitted(const struct field *list, size_t k)
{
    const struct field *fitted = result_find(list->list[k], "fitted");
    return !fitted || fitted->kind != VALUE_BOOL || fitted->boolean;
}

/* The points of the list for which `take` holds, gathered into one curve. */
static struct curve *add_chosen(struct picture *picture, struct panel *panel, const struct law_points *all, double T, double p, bool fitted)
{
    size_t n = 0, most = all->list->length;
    double *x = picture_numbers(picture, 4 * most);
    if (!x)
        return NULL;
    double *y = x + most, *se_x = y + most, *se_y = se_x + most;
    for (size_t k = 0; k < most; k++) {
        if (is_fitted(all->list, k) != fitted || (fitted && !(same(all->T[k], T) && same(all->p[k], p))))
            continue;
        x[n] = all->x[k];
        y[n] = all->y[k];
        se_x[n] = all->se_x[k];
        se_y[n++] = all->se_y[k];
    }
    struct curve *curve = n > 0 ? panel_add(panel, CURVE_POINTS, x, y, (int)n) : NULL;
    if (curve) {
        curve->se_x = se_x;
        curve->se_y = se_y;
    }
    return curve;
}

static void add_states(struct picture *picture, struct panel *panel, const struct law_points *all)
{
    int states = 0;
    for (size_t k = 0; k < all->list->length; k++) {
        bool seen = !is_fitted(all->list, k);
        for (size_t j = 0; j < k && !seen; j++)
            seen = is_fitted(all->list, j) && same(all->T[j], all->T[k]) && same(all->p[j], all->p[k]);
        struct curve *curve = seen ? NULL : add_chosen(picture, panel, all, all->T[k], all->p[k], true);
        if (!curve)
            continue;
        char name[32];
        picture_state_name(all->T[k], all->p[k], name, sizeof name);
        curve->marker = states++;
        curve->role = picture_series_role(curve->marker);
        panel_label(panel, curve, "%s", name);
    }
    struct curve *outside = add_chosen(picture, panel, all, NAN, NAN, false);
    if (outside) {
        outside->marker = PLOT_MARK_SMALL;
        outside->role = ROLE_DIM;
        panel_label(panel, outside, "not fitted");
    }
}

/* "D_min /r0" of "d_min"; columns are called as they are in tables. */
static void name_abscissa(const struct result *law, const char *blank, char *out, size_t size)
{
    const char *x = picture_text(law, "x");
    bool in_r0 = strcmp(picture_text(law, "x_unit"), "r0") == 0;
    snprintf(out, size, "%s%s%s", strcmp(x, "d_min") == 0 ? "D_min" : x, in_r0 ? blank : "", in_r0 ? "/r0" : "");
}

/* Below the line, in the right half. */
static void place_slope(struct panel *panel, double A, double b)
{
    const struct axis *x = &panel->plot.x;
    if (!x->log || !panel->plot.y.log || !(b > 0))
        return;
    double left = axis_value(x, 0.62), right = axis_value(x, 0.78);
    panel->slope = (struct slope_mark){.x = left, .width = right / left, .slope = b, .label = "b",
                                       .y = A * pow(left, b) / pow(panel->plot.y.high / panel->plot.y.low, 0.17)};
}

static bool make_law(const struct result *law, struct picture *picture)
{
    const struct field *list = result_find(law, "points");
    struct panel *panel = list && list->kind == VALUE_LIST ? picture_add(picture) : NULL;
    double *line = panel ? picture_numbers(picture, 4) : NULL;
    if (!line)
        return false;
    struct law_points all = {column_of(picture, list, "T"),    column_of(picture, list, "p"), column_of(picture, list, "x"),
                             column_of(picture, list, "se_x"), column_of(picture, list, "y"), column_of(picture, list, "se_y"), list};
    if (picture->failed)
        return false;
    double A = picture_real(law, "A"), b = picture_real(law, "b"), low = picture_real(law, "x_min"), high = picture_real(law, "x_max");
    const char *y = picture_text(law, "y");
    char name[48];
    add_states(picture, panel, &all);
    panel_fit_axes(panel, true, true);
    line[0] = low;
    line[1] = high;
    line[2] = A * pow(low, b);
    line[3] = A * pow(high, b);
    struct curve *fit = panel_add(panel, CURVE_DASHED, line, line + 2, 2);
    if (fit) {
        fit->role = ROLE_TITLE;
        fit->ascii = '-';
    }
    place_slope(panel, A, b);
    name_abscissa(law, " ", panel->x_label, sizeof panel->x_label);
    name_abscissa(law, "", name, sizeof name);
    snprintf(panel->y_label, sizeof panel->y_label, "%s", y);
    snprintf(panel->title, sizeof panel->title, "%s = %.3g (%s)^b, b = %.2f +- %.2f (%.2f to %.2f)%s%s", y, A, name, b,
             picture_real(law, "se_b"), picture_real(law, "b_low"), picture_real(law, "b_high"), *picture_text(law, "verdict") ? ": " : "",
             picture_text(law, "verdict"));
    return true;
}

/* --- G'' and KWW --- */

static void add_kww(struct picture *picture, struct panel *panel, const struct result *fit, int k)
{
    const struct field *list = result_find(fit, "points");
    double plateau = picture_real(fit, "plateau"), tau = picture_real(fit, "tau"), beta = picture_real(fit, "beta");
    char name[32];
    if (!list || list->kind != VALUE_LIST || list->length == 0)
        return;
    double *t_w = column_of(picture, list, "t_w"), *loss = column_of(picture, list, "G2"), *se = column_of(picture, list, "se_G2"),
           *x = picture_numbers(picture, 2 * SAMPLES);
    struct curve *points = t_w && loss && se && x ? panel_add(panel, CURVE_POINTS, t_w, loss, (int)list->length) : NULL;
    if (!points)
        return;
    points->se_y = se;
    points->marker = k;
    points->role = picture_series_role(k);
    picture_state_name(picture_real(fit, "T"), picture_real(fit, "p"), name, sizeof name);
    panel_label(panel, points, isfinite(beta) ? "%s beta %.2f" : "%s", name, beta);
    struct curve *line = isfinite(beta) ? panel_add(panel, k % 2 ? CURVE_DOTTED : CURVE_DASHED, x, x + SAMPLES, SAMPLES) : NULL;
    if (!line)
        return;
    line->role = points->role;
    line->marker = k;
    line->ascii = k % 2 ? '.' : '-';
    for (int j = 0; j < SAMPLES; j++) { /* a third of a decade beyond the points */
        x[j] = t_w[0] * pow(10, -0.3) * pow(t_w[list->length - 1] / t_w[0] * pow(10, 0.6), j / (SAMPLES - 1.0));
        x[SAMPLES + j] = plateau * kww_loss(2 * M_PI / x[j] * tau, beta);
    }
}

static bool make_kww(const struct result *const *results, int n, struct picture *picture)
{
    struct panel *panel = picture_add(picture);
    for (int k = 0; k < n && panel; k++)
        add_kww(picture, panel, results[k], k);
    if (!panel || picture->failed || panel->plot.n_curves == 0)
        return false;
    panel_fit_axes(panel, true, false);
    const struct field *tau = result_find(results[0], "tau");
    snprintf(panel->x_label, sizeof panel->x_label, tau && *tau->unit ? "t_w /%s" : "t_w", tau ? tau->unit : "");
    snprintf(panel->y_label, sizeof panel->y_label, "G''");
    snprintf(panel->title, sizeof panel->title, "G''(t_w) and the stretched exponentials through it");
    return true;
}

/* --- beta beside b --- */

static bool make_beta(const struct result *fit, struct picture *picture)
{
    const struct field *list = result_find(fit, "points");
    struct panel *panel = list && list->kind == VALUE_LIST ? picture_add(picture) : NULL;
    char correlation[32] = "no correlation", interval[64] = "";
    double r = picture_real(fit, "r"), low = picture_real(fit, "r_low"), high = picture_real(fit, "r_high");
    if (!panel)
        return false;
    struct curve *points = panel_add(panel, CURVE_POINTS, column_of(picture, list, "beta"), column_of(picture, list, "b"), (int)list->length);
    if (!points)
        return false;
    points->se_x = column_of(picture, list, "se_beta");
    points->se_y = column_of(picture, list, "se_b");
    points->role = ROLE_LABELLED;
    panel_fit_axes(panel, false, false);
    if (isfinite(r))
        snprintf(correlation, sizeof correlation, "r = %.2f", r);
    if (isfinite(low))
        snprintf(interval, sizeof interval, " (95 %%: %.2f to %.2f), p %.2g", low, high, picture_real(fit, "p_value"));
    snprintf(panel->x_label, sizeof panel->x_label, "beta (KWW)");
    snprintf(panel->y_label, sizeof panel->y_label, "b");
    snprintf(panel->title, sizeof panel->title, "b = 2 + Delta against beta = 1 - n: %s%s, %zu points", correlation, interval, list->length);
    return !picture->failed;
}

bool picture_of_law(const struct result *const *results, int n, struct picture *picture)
{
    if (strcmp(result_command(results[0]) ? result_command(results[0]) : "", "fit") != 0)
        return false;
    for (int k = 0; k < n; k++)
        if (strcmp(picture_text(results[k], "what"), "power") == 0 && result_find(results[k], "points"))
            return make_law(results[k], picture);
    if (strcmp(picture_text(results[0], "what"), "kww") == 0)
        return make_kww(results, n, picture);
    return strcmp(picture_text(results[0], "what"), "beta") == 0 && make_beta(results[0], picture);
}
