/* p(u) labelled and matched, g(r) behind. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/pu_plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PU_MAX_BINS 1024
enum { PU_CURVES = 4 };

/* The curves of a picture in the order of drawing, and texts that they borrow. */
struct pu_curves {
    struct curve curve[PU_CURVES];
    int n;
    char g_label[48], x_label[64];
    double difference[PU_MAX_BINS];
    struct plot_mark peak;
};

static void add(struct pu_curves *curves, struct curve curve)
{
    curves->curve[curves->n++] = curve;
}

static void add_g(struct pu_curves *curves, const struct pu_plot *pu, bool narrow)
{
    if (!pu->g || pu->n_g < 1)
        return;
    double peak = curve_largest(pu->g, pu->n_g);
    snprintf(curves->g_label, sizeof curves->g_label, narrow ? "g(r)" : "g(r), peak %.2f", peak);
    add(curves, (struct curve){.x = pu->r, .y = pu->g, .n = pu->n_g, .style = CURVE_AREA, .role = ROLE_GR,
                               .label = curves->g_label, .ascii = '.', .top = peak > 0 ? peak / 0.94 : 1});
}

/* The labelled curve goes on top: where both agree, the solid line is the one to see. */
static void add_densities(struct pu_curves *curves, const struct pu_plot *pu, bool narrow)
{
    if (pu->instant && pu->bins > 0)
        add(curves, (struct curve){.x = pu->u, .y = pu->instant, .n = pu->bins, .style = CURVE_DASHED, .role = ROLE_DIM,
                                   .label = narrow ? "I" : "I instantaneous", .ascii = '+', .steps = true});
    if (pu->matched && pu->bins > 0)
        add(curves, (struct curve){.x = pu->u, .y = pu->matched, .n = pu->bins, .style = CURVE_DOTTED,
                                   .role = ROLE_MATCHED, .label = narrow ? "M" : "M matched", .ascii = 'o', .steps = true});
    if (pu->labelled && pu->bins > 0)
        add(curves, (struct curve){.x = pu->u, .y = pu->labelled, .n = pu->bins, .style = CURVE_SOLID,
                                   .role = ROLE_LABELLED, .label = narrow ? "L" : "L labelled", .ascii = '#', .steps = true});
}

static void add_difference(struct pu_curves *curves, const struct pu_plot *pu, bool narrow)
{
    int n = pu->bins < PU_MAX_BINS ? pu->bins : PU_MAX_BINS;
    for (int k = 0; k < n; k++)
        curves->difference[k] = pu->labelled[k] - pu->matched[k];
    add(curves, (struct curve){.x = pu->u, .y = curves->difference, .n = n, .style = CURVE_BARS, .role = ROLE_LABELLED,
                               .label = narrow ? "L-M" : "labelled - matched", .ascii = '#', .steps = true});
}

static struct plot plot_of(const struct pu_plot *pu, const struct pu_curves *curves)
{
    struct plot plot = {.x = {.label = curves->x_label, .log = pu->log_x},
                        .y = {.label = "p(u)", .log = pu->log_y, .low = pu->y_low, .high = pu->y_high},
                        .curves = curves->curve, .n_curves = curves->n, .cursor = pu->cursor, .tier = pu->tier,
                        .brush_low = pu->brush_low, .brush_high = pu->brush_high};
    if (pu->max > 0) {
        double bin = pu->bins > 0 ? pu->max / pu->bins : pu->max / 100;
        plot.x.low = pu->log_x && !(pu->low > 0) ? 0.5 * bin : pu->low;
        plot.x.high = pu->max;
    }
    return plot;
}

/* One strip a curve, the densities on one scale so that they compare, g(r) on its own. */
static int make_strips(const struct plot *common, const struct pu_plot *pu, struct plot strips[PU_CURVES], struct curve own[PU_CURVES])
{
    int n = 0;
    double most = 0;
    for (int k = 0; k < common->n_curves; k++)
        if (common->curves[k].style != CURVE_AREA)
            most = fmax(most, curve_largest(common->curves[k].y, common->curves[k].n));
    for (int k = common->n_curves; k-- > 0;) {
        const struct curve *curve = &common->curves[k];
        own[n] = *curve;
        own[n].top = 0;
        strips[n] = *common;
        strips[n].curves = &own[n];
        strips[n].n_curves = 1;
        if (curve->style == CURVE_AREA) {
            strips[n].y = (struct axis){.label = "g(r)"};
        } else if (!(pu->y_high > pu->y_low) && !pu->log_y) {
            strips[n].y.low = 0;
            strips[n].y.high = most > 0 ? 1.08 * most : 1;
        }
        n++;
    }
    return n;
}

static void draw_stack(struct grid *grid, int x, int y, int width, int height, const struct plot *common, const struct pu_plot *pu)
{
    struct plot strips[PU_CURVES];
    struct curve own[PU_CURVES];
    plot_stack_draw(grid, x, y, width, height, strips, make_strips(common, pu, strips, own));
}

/* Everything of the picture but its place; *ret_curves holds what the plot borrows. */
static struct plot make_plot(const struct pu_plot *pu, int width, struct pu_curves *curves)
{
    bool narrow = width < 60, difference = pu->difference && pu->labelled && pu->matched && pu->bins > 0;
    const char *unit = unit_sign(pu->length_unit ? pu->length_unit : "", pu->tier);
    *curves = (struct pu_curves){.peak = {.x = pu->peak_r, .label = "g(r)", .role = ROLE_GR}};
    snprintf(curves->x_label, sizeof curves->x_label, *unit ? "u, r /%s" : "u, r", unit);
    if (difference) {
        add_difference(curves, pu, narrow);
    } else {
        add_g(curves, pu, narrow);
        add_densities(curves, pu, narrow);
    }
    struct plot plot = plot_of(pu, curves);
    if (difference) {
        plot.y.label = "dp(u)";
        plot.y.log = false;
        plot.marks = &curves->peak;
        plot.n_marks = isfinite(pu->peak_r) && pu->peak_r > 0;
    }
    return plot;
}

bool pu_plot_inside(int x, int y, int width, int height, const struct pu_plot *pu, struct plot_inside *ret_inside)
{
    struct pu_curves curves;
    struct plot plot = make_plot(pu, width, &curves);
    return plot_inside(&plot, x, y, width, height, ret_inside);
}

void pu_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct pu_plot *pu)
{
    struct pu_curves curves;
    struct plot plot = make_plot(pu, width, &curves);
    if (pu->stack && curves.n > 1 && height >= 4 * curves.n)
        draw_stack(grid, x, y, width, height, &plot, pu);
    else
        plot_draw(grid, x, y, width, height, &plot);
}

void pu_plot_picture(const struct pu_plot *pu, const char *title, struct picture *picture)
{
    struct pu_curves curves;
    struct plot plot = make_plot(pu, 100, &curves), strips[PU_CURVES];
    struct curve own[PU_CURVES];
    int n = pu->stack && curves.n > 1 ? make_strips(&plot, pu, strips, own) : 0;
    if (n == 0)
        picture_copy_plot(picture, &plot, title);
    for (int k = 0; k < n; k++)
        picture_copy_plot(picture, &strips[k], k == 0 ? title : "");
}
