/* The part of a slab that a picture shows. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/slice_window.h"

#include <math.h>

bool slice_window_make(const struct slice_plot *plot, int width, int height, struct slice_window *ret_window)
{
    const struct slab *slab = plot->slab;
    bool ascii = plot->tier == GLYPH_ASCII;
    double columns = width * (plot->tier == GLYPH_BRAILLE ? 2.0 : 1.0);
    double rows = height * (plot->tier == GLYPH_BRAILLE ? 4.0 : plot->tier == GLYPH_HALF ? 2.0 : 1.0);
    double wide = slab->high[SLAB_ACROSS] - slab->low[SLAB_ACROSS], tall = slab->high[SLAB_UP] - slab->low[SLAB_UP];
    if (width < 8 || height < 3 || !(wide > 0) || !(tall > 0) || !(plot->zoom > 0))
        return false;
    double across = plot->zoom * fmin(columns / wide, rows * (ascii ? 2 : 1) / tall);
    double depth = slab_depth(slab, plot->plane), half = 0.5 * plot->thickness;
    *ret_window = (struct slice_window){.plot = plot,
                                         .columns = columns,
                                         .rows = rows,
                                         .across = across,
                                         .up = ascii ? 0.5 * across : across,
                                         .low = depth - half,
                                         .high = depth + half,
                                         .flat = plot->frame->box.dim == 2,
                                         .every = 1};
    for (int c = 0; c < 2; c++)
        ret_window->middle[c] = 0.5 * (slab->low[c] + slab->high[c]) + plot->centre[c];
    if (ret_window->flat) {
        ret_window->low = -1;
        ret_window->high = 1;
    }
    return isfinite(across) && isfinite(depth);
}

void slice_window_dots(const struct slice_window *window, const double place[3], double *ret_x, double *ret_y)
{
    *ret_x = 0.5 * window->columns + (place[SLAB_ACROSS] - window->middle[0]) * window->across;
    *ret_y = 0.5 * window->rows - (place[SLAB_UP] - window->middle[1]) * window->up;
}

/* One image of the cell on its way to `visit`. */
struct visit {
    const struct slice_window *window;
    const double *shift;
    double half_x, half_y; /* of the window and its margin, lengths */
    slice_visit_fn *visit;
    void *arg;
};

static void visit_range(void *arg, int32_t first, int32_t end)
{
    const struct visit *visit = arg;
    const struct slice_window *window = visit->window;
    const struct slab *slab = window->plot->slab;
    for (int32_t k = first; k < end; k += window->every) {
        double place[3];
        for (int c = 0; c < 3; c++)
            place[c] = slab->place[3 * (size_t)k + (size_t)c] + visit->shift[c];
        if (place[SLAB_DEPTH] >= window->low && place[SLAB_DEPTH] <= window->high
            && fabs(place[SLAB_ACROSS] - window->middle[0]) <= visit->half_x && fabs(place[SLAB_UP] - window->middle[1]) <= visit->half_y)
            visit->visit(visit->arg, window, slab->atom[k], place);
    }
}

/* Those of one image of the cell. */
static void visit_image(const struct slice_window *window, const double shift[3], double margin, slice_visit_fn *visit, void *arg)
{
    struct visit one = {window, shift, 0.5 * window->columns / window->across + margin, 0.5 * window->rows / window->up + margin, visit, arg};
    const double low[3] = {window->middle[0] - one.half_x - shift[0], window->middle[1] - one.half_y - shift[1], window->low - shift[2]};
    const double high[3] = {window->middle[0] + one.half_x - shift[0], window->middle[1] + one.half_y - shift[1], window->high - shift[2]};
    slab_ranges(window->plot->slab, low, high, visit_range, &one);
}

static bool may_show(const struct slice_window *window, const double shift[3], double margin)
{
    const struct slab *slab = window->plot->slab;
    const double middle[3] = {window->middle[0], window->middle[1], 0.5 * (window->low + window->high)};
    const double half[3] = {0.5 * window->columns / window->across + margin, 0.5 * window->rows / window->up + margin,
                            0.5 * (window->high - window->low)};
    for (int c = 0; c < 3; c++)
        if (slab->low[c] + shift[c] > middle[c] + half[c] || slab->high[c] + shift[c] < middle[c] - half[c])
            return false;
    return true;
}

void slice_window_visit(const struct slice_window *window, double margin, slice_visit_fn *visit, void *arg)
{
    const struct slab *slab = window->plot->slab;
    bool open[3];
    for (int k = 0; k < 3; k++)
        open[k] = slab->vector[k][0] == 0 && slab->vector[k][1] == 0 && slab->vector[k][2] == 0;
    const int most = 2;
    for (int k = open[2] ? 0 : -most; k <= (open[2] ? 0 : most); k++)
        for (int j = open[1] ? 0 : -most; j <= (open[1] ? 0 : most); j++)
            for (int i = open[0] ? 0 : -most; i <= (open[0] ? 0 : most); i++) {
                double shift[3];
                slab_image(slab, i, j, k, shift);
                if (may_show(window, shift, margin))
                    visit_image(window, shift, margin, visit, arg);
            }
}
