/* A picture of how far apart the minima of several methods are, frame by frame. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/picture_build.h"

#define FLOOR 0.01 /* of what counts as the same: nearer minima, and those that are one, are drawn there */

/* A result of fidelity whose parts fit together; the number of its methods, or 0. */
static size_t methods_of(const struct result *result)
{
    const struct field *names = result_find(result, "methods"), *d = result_find(result, "d");
    const double same = picture_real(result, "same_below");
    const bool good = strcmp(result_command(result) ? result_command(result) : "", "fidelity") == 0 && names && names->kind == VALUE_TEXTS &&
                      names->length > 1 && d && d->kind == VALUE_REALS && d->length == names->length * names->length && isfinite(same) && same > 0;
    return good ? names->length : 0;
}

/* D_min between the minima of methods a and b in each frame. */
static void add_pair(struct picture *picture, struct panel *panel, const struct result *const *results, int n, size_t a, size_t b)
{
    const size_t methods = methods_of(results[0]);
    const struct field *names = result_find(results[0], "methods");
    double *x = picture_numbers(picture, 2 * (size_t)n);
    for (int k = 0; k < n && x; k++) {
        const double frame = picture_real(results[k], "frame");
        x[k] = isfinite(frame) ? frame : k;
        x[n + k] = fmax(result_find(results[k], "d")->reals[a * methods + b], FLOOR * picture_real(results[0], "same_below"));
    }
    struct curve *curve = x ? panel_add(panel, CURVE_POINTS, x, x + n, n) : NULL;
    if (curve) {
        curve->marker = panel->plot.n_curves - 1;
        curve->role = curve->marker % 2 ? ROLE_MATCHED : ROLE_LABELLED;
        curve->ascii = (char)('a' + curve->marker % 26);
        panel_label(panel, curve, "%s-%s", names->texts[a], names->texts[b]);
    }
}

/* What lies below counts as the same. */
static void add_limit(struct picture *picture, struct panel *panel, double same)
{
    const struct axis *axis = &panel->plot.x;
    double *x = picture_numbers(picture, 4);
    if (x) {
        x[0] = axis->low;
        x[1] = axis->high;
        x[2] = x[3] = same;
        struct curve *line = panel_add(panel, CURVE_DASHED, x, x + 2, 2);
        if (line) {
            line->role = ROLE_DIM;
            line->ascii = '-';
            panel_label(panel, line, "the same");
        }
    }
}

/* The root mean square over all frames and pairs of methods, and how many of these agree. */
static void sum_up(const struct result *const *results, int n, char *out, size_t size)
{
    const size_t methods = methods_of(results[0]);
    double sum = 0;
    long same = 0, pairs = 0;
    for (int k = 0; k < n; k++) {
        const double *d = result_find(results[k], "d")->reals, limit = picture_real(results[k], "same_below");
        for (size_t a = 0; a < methods; a++) {
            for (size_t b = a + 1; b < methods; b++) {
                sum += d[a * methods + b] * d[a * methods + b];
                same += d[a * methods + b] < limit;
                pairs++;
            }
        }
    }
    snprintf(out, size, "minima of %d methods in %d frames: %ld of %ld pairs the same, D_min rms %.3g", (int)methods, n, same, pairs,
             sqrt(sum / (double)pairs));
}

bool picture_of_fidelity(const struct result *const *results, int n, struct picture *picture)
{
    const size_t methods = methods_of(results[0]);
    for (int k = 0; k < n; k++) {
        if (methods == 0 || methods_of(results[k]) != methods) {
            return false;
        }
    }
    struct panel *panel = picture_add(picture);
    if (panel) {
        const struct field *d = result_find(results[0], "d");
        for (size_t a = 0; a < methods; a++) {
            for (size_t b = a + 1; b < methods; b++) {
                add_pair(picture, panel, results, n, a, b);
            }
        }
        panel_fit_axes(panel, false, true);
        panel->plot.x.low -= 0.5;
        panel->plot.x.high += 0.5;
        add_limit(picture, panel, picture_real(results[0], "same_below"));
        panel->plot.y.low = fmin(panel->plot.y.low, 0.5 * picture_real(results[0], "same_below"));
        panel->plot.y.high = fmax(panel->plot.y.high, 2 * picture_real(results[0], "same_below"));
        snprintf(panel->x_label, sizeof panel->x_label, "frame");
        snprintf(panel->y_label, sizeof panel->y_label, "D_min between minima /%s", d->unit ? d->unit : "");
        sum_up(results, n, panel->title, sizeof panel->title);
    }
    return true;
}
