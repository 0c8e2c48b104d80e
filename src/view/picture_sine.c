/* Pictures of sheared traces (Fig. S1), and of the law for every reading of its abscissa. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/picture_build.h"

enum { SAMPLES = 65, MOST_TRACES = 4 };

static const struct field *numbers_of(const struct result *result, const char *name)
{
    const struct field *field = result_find(result, name);
    return field && field->kind == VALUE_REALS ? field : NULL;
}

/* --- a trace --- */

struct wave {
    double mean, amplitude, phase; /* mean + amplitude sin(2 pi x + phase) */
};

static double wave_at(const struct wave *wave, double x)
{
    return wave->mean + wave->amplitude * sin(2 * M_PI * x + wave->phase);
}

static struct wave strain_wave(const struct result *fit)
{
    const struct field *strain = numbers_of(fit, "phase_strain");
    struct wave wave = {0, picture_real(fit, "strain_A"), picture_real(fit, "strain_phase")};
    for (size_t k = 0; k < strain->length; k++)
        wave.mean += strain->reals[k] / (double)strain->length;
    return wave;
}

static struct wave stress_wave(const struct result *fit)
{
    return (struct wave){picture_real(fit, "sigma0"), picture_real(fit, "sigma_A"), picture_real(fit, "strain_phase") + picture_real(fit, "delta")};
}

static void add_line(struct panel *panel, enum curve_style style, enum role role, const double *x, const double *y, const char *label)
{
    struct curve *line = panel_add(panel, style, x, y, SAMPLES);
    if (!line)
        return;
    line->role = role;
    line->ascii = style == CURVE_DOTTED ? '.' : '-';
    panel_label(panel, line, "%s", label);
}

static void add_stress(struct panel *panel, const struct result *fit, const struct field *x)
{
    const struct field *stress = numbers_of(fit, "phase_stress"), *se = numbers_of(fit, "se_phase_stress");
    struct curve *points = panel_add(panel, CURVE_POINTS, x->reals, stress->reals, (int)stress->length);
    if (!points)
        return;
    points->se_y = se ? se->reals : NULL;
    points->role = ROLE_LABELLED;
}

/* Stress against phase, the fitted sine through it, the strain on the same scale. */
static void add_phase(struct picture *picture, const struct result *fit)
{
    const struct wave strain = strain_wave(fit), stress = stress_wave(fit);
    struct panel *panel = picture_add(picture);
    double *x = panel ? picture_numbers(picture, 3 * SAMPLES) : NULL;
    if (!x)
        return;
    for (int k = 0; k < SAMPLES; k++) {
        x[k] = k / (SAMPLES - 1.0);
        x[SAMPLES + k] = wave_at(&stress, x[k]);
        x[2 * SAMPLES + k] = stress.mean + (wave_at(&strain, x[k]) - strain.mean) * stress.amplitude / strain.amplitude;
    }
    add_line(panel, CURVE_DOTTED, ROLE_DIM, x, x + 2 * SAMPLES, "strain, scaled");
    add_stress(panel, fit, numbers_of(fit, "phase"));
    add_line(panel, CURVE_DASHED, ROLE_TITLE, x, x + SAMPLES, "fit");
    panel_fit_axes(panel, false, false);
    panel->plot.x.low = 0;
    panel->plot.x.high = 1;
    snprintf(panel->x_label, sizeof panel->x_label, "t / t_w");
    snprintf(panel->y_label, sizeof panel->y_label, "stress");
    snprintf(panel->title, sizeof panel->title, "%s: delta %.3g +- %.2g, %.0f cycles", picture_text(fit, "trace"), picture_real(fit, "delta"),
             picture_real(fit, "se_delta"), picture_real(fit, "cycles"));
}

/* Stress against strain (Lissajous): the ellipse holds the work of a cycle. */
static void add_ellipse(struct picture *picture, const struct result *fit)
{
    const struct wave strain = strain_wave(fit), stress = stress_wave(fit);
    struct panel *panel = picture_add(picture);
    double *x = panel ? picture_numbers(picture, 2 * SAMPLES) : NULL;
    if (!x)
        return;
    for (int k = 0; k < SAMPLES; k++) {
        x[k] = wave_at(&strain, k / (SAMPLES - 1.0));
        x[SAMPLES + k] = wave_at(&stress, k / (SAMPLES - 1.0));
    }
    add_stress(panel, fit, numbers_of(fit, "phase_strain"));
    add_line(panel, CURVE_DASHED, ROLE_TITLE, x, x + SAMPLES, "fit");
    panel_fit_axes(panel, false, false);
    snprintf(panel->x_label, sizeof panel->x_label, "strain");
    snprintf(panel->y_label, sizeof panel->y_label, "stress");
    snprintf(panel->title, sizeof panel->title, "G' %.3g, G'' %.3g, work of a cycle %.3g", picture_real(fit, "G1"), picture_real(fit, "G2"),
             picture_real(fit, "work"));
}

static bool has_profile(const struct result *fit)
{
    const struct field *phase = numbers_of(fit, "phase"), *stress = numbers_of(fit, "phase_stress"), *strain = numbers_of(fit, "phase_strain");
    return phase && stress && strain && phase->length > 0 && stress->length == phase->length && strain->length == phase->length;
}

static bool is_fit(const struct result *result, const char *what)
{
    return strcmp(result_command(result) ? result_command(result) : "", "fit") == 0 && strcmp(picture_text(result, "what"), what) == 0;
}

/* One trace: phase and ellipse; a few: the phases; more than anybody would look at: their moduli over t_w. */
bool picture_of_sine(const struct result *const *results, int n, struct picture *picture)
{
    for (int k = 0; k < n; k++)
        if (!is_fit(results[k], "sine") || !has_profile(results[k]))
            return false;
    for (int k = 0; k < n && n <= MOST_TRACES; k++)
        add_phase(picture, results[k]);
    if (n == 1)
        add_ellipse(picture, results[0]);
    if (n > MOST_TRACES)
        picture_of_moduli(results, n, picture);
    return picture->n > 0;
}

/* --- every reading of the abscissa --- */

/* One value of each row with its interval, side by side. */
static void add_readings(struct picture *picture, const struct result *table, const char *value, const char *low, const char *high, const char *title)
{
    const struct field *y = numbers_of(table, value), *from = numbers_of(table, low), *to = numbers_of(table, high), *name = result_find(table, "x");
    struct panel *panel = y && from && to && name && name->kind == VALUE_TEXTS && name->length == y->length ? picture_add(picture) : NULL;
    size_t n = y ? y->length : 0;
    double *numbers = panel ? picture_numbers(picture, 4 * n) : NULL;
    for (size_t k = 0; numbers && k < n; k++) {
        double *at = numbers + 4 * k; /* x, x, low, high */
        at[0] = at[1] = (double)k + 1;
        at[2] = from->reals[k];
        at[3] = to->reals[k];
        struct curve *bar = isfinite(y->reals[k]) ? panel_add(panel, CURVE_SOLID, at, at + 2, 2) : NULL;
        if (bar)
            bar->role = ROLE_DIM;
        struct curve *point = isfinite(y->reals[k]) ? panel_add(panel, CURVE_POINTS, at, &y->reals[k], 1) : NULL;
        if (!point)
            continue;
        point->marker = (int)k;
        point->role = picture_series_role(k);
        panel_label(panel, point, "%s", name->texts[k] ? name->texts[k] : "");
    }
    if (!panel)
        return;
    if (panel->plot.n_curves == 0) {
        picture->n--;
        return;
    }
    panel_fit_axes(panel, false, false);
    panel->plot.x.low = 0.5;
    panel->plot.x.high = (double)n + 0.5;
    snprintf(panel->x_label, sizeof panel->x_label, "reading");
    snprintf(panel->y_label, sizeof panel->y_label, "%s", value);
    snprintf(panel->title, sizeof panel->title, "%s", title);
}

bool picture_of_table(const struct result *const *results, int n, struct picture *picture)
{
    if (n != 1 || !is_fit(results[0], "table"))
        return false;
    add_readings(picture, results[0], "b", "b_low", "b_high", "b for each reading of the abscissa");
    add_readings(picture, results[0], "collapse", "collapse_low", "collapse_high", "collapse score (1: one law for all states)");
    return picture->n > 0;
}
