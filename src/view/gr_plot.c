/* g(r): inherent structures against frames as they are. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/gr_plot.h"

#include <math.h>
#include <stdio.h>

#include "view/strip.h"

#define MOST_MARKS 6
#define MOST_CURVES (GR_MOST_PAIRS + 2)

/* Both structures of one pair; the inherent one goes on top. */
static int pair_curves(const struct gr_plot *gr, const struct gr_pair *pair, const char *is_label, const char *raw_label, struct curve *curves)
{
    int n = 0;
    if (pair->raw)
        curves[n++] = (struct curve){.x = gr->r, .y = pair->raw, .n = gr->bins, .style = CURVE_DOTTED, .role = ROLE_MATCHED,
                                     .label = raw_label, .ascii = 'o'};
    if (pair->is)
        curves[n++] = (struct curve){.x = gr->r, .y = pair->is, .n = gr->bins, .style = CURVE_SOLID, .role = ROLE_LABELLED,
                                     .label = is_label, .ascii = '#'};
    return n;
}

static struct plot plot_of(const struct gr_plot *gr, const char *x_label, const struct curve *curves, int n)
{
    return (struct plot){.x = {.label = x_label, .low = gr->low, .high = gr->high, .log = gr->log_x},
                         .y = {.label = "g(r)", .low = gr->y_low, .high = gr->y_high, .log = gr->log_y},
                         .curves = curves, .n_curves = n, .cursor = gr->cursor, .tier = gr->tier};
}

/* A strip for each pair. */
static int make_strips(const struct gr_plot *gr, const char *x_label, struct plot strips[GR_MOST_PAIRS], struct curve curves[GR_MOST_PAIRS][2])
{
    int n = gr->n_pairs < GR_MOST_PAIRS ? gr->n_pairs : GR_MOST_PAIRS;
    for (int k = 0; k < n; k++) {
        int count = pair_curves(gr, &gr->pairs[k], gr->pairs[k].label, NULL, curves[k]);
        strips[k] = plot_of(gr, x_label, curves[k], count);
    }
    return n;
}

/* All pairs in one plot, p(u) behind; what it borrows is kept beside it. */
struct gr_together {
    struct curve curves[MOST_CURVES];
    struct plot_mark marks[MOST_MARKS];
    char is_label[80], mark_label[MOST_MARKS][16];
    struct plot plot;
};

static void make_together(const struct gr_plot *gr, const char *x_label, struct gr_together *all)
{
    struct curve *curves = all->curves;
    int n = 0;
    if (gr->p && gr->n_p > 0) {
        double peak = curve_largest(gr->p, gr->n_p);
        curves[n++] = (struct curve){.x = gr->u, .y = gr->p, .n = gr->n_p, .style = CURVE_AREA, .role = ROLE_GR, .label = "p(u) labelled",
                                     .ascii = '.', .top = peak > 0 ? peak / 0.94 : 1};
    }
    for (int k = gr->n_pairs < GR_MOST_PAIRS ? gr->n_pairs : GR_MOST_PAIRS; k-- > 1;)
        if (gr->pairs[k].is)
            curves[n++] = (struct curve){.x = gr->r, .y = gr->pairs[k].is, .n = gr->bins, .style = CURVE_DASHED, .role = ROLE_DIM,
                                         .label = gr->pairs[k].label, .ascii = '+'};
    if (gr->n_pairs > 0) {
        snprintf(all->is_label, sizeof all->is_label, "%.60s IS", gr->pairs[0].label);
        n += pair_curves(gr, &gr->pairs[0], all->is_label, "instantaneous", curves + n);
    }
    all->plot = plot_of(gr, x_label, curves, n);
    for (int k = 0; k < gr->n_peaks && k < MOST_MARKS; k++) {
        snprintf(all->mark_label[k], sizeof all->mark_label[k], "%.3g", gr->peaks[k]);
        all->marks[all->plot.n_marks++] = (struct plot_mark){.x = gr->peaks[k], .label = all->mark_label[k], .role = ROLE_CURSOR};
    }
    all->plot.marks = all->marks;
}

static void name_x(const struct gr_plot *gr, char *out, size_t size)
{
    const char *unit = unit_sign(gr->length_unit ? gr->length_unit : "", gr->tier);
    snprintf(out, size, *unit ? "r, u /%s" : "r, u", unit);
}

bool gr_plot_inside(int x, int y, int width, int height, const struct gr_plot *gr, struct plot_inside *ret_inside)
{
    struct curve curves[2];
    int n = gr->n_pairs > 0 ? pair_curves(gr, &gr->pairs[0], NULL, NULL, curves) : 0;
    struct plot plot = plot_of(gr, "r", curves, n);
    return plot_inside(&plot, x, y, width, height, ret_inside);
}

void gr_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct gr_plot *gr)
{
    char x_label[48];
    name_x(gr, x_label, sizeof x_label);
    if (gr->stack && gr->n_pairs > 1 && height >= 4 * gr->n_pairs) {
        struct plot strips[GR_MOST_PAIRS];
        struct curve curves[GR_MOST_PAIRS][2];
        plot_stack_draw(grid, x, y, width, height, strips, make_strips(gr, x_label, strips, curves));
    } else {
        struct gr_together all;
        make_together(gr, x_label, &all);
        plot_draw(grid, x, y, width, height, &all.plot);
    }
}

void gr_plot_picture(const struct gr_plot *gr, const char *title, struct picture *picture)
{
    char x_label[48];
    name_x(gr, x_label, sizeof x_label);
    if (gr->stack && gr->n_pairs > 1) {
        struct plot strips[GR_MOST_PAIRS];
        struct curve curves[GR_MOST_PAIRS][2];
        int n = make_strips(gr, x_label, strips, curves);
        for (int k = 0; k < n; k++)
            picture_copy_plot(picture, &strips[k], k == 0 ? title : "");
    } else {
        struct gr_together all;
        make_together(gr, x_label, &all);
        picture_copy_plot(picture, &all.plot, title);
    }
}
