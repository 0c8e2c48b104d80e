/* Atoms in a slab and where they go. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/slice.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "view/slice_paper.h"
#include "view/slice_window.h"

int slice_width(const struct slice_plot *plot, int width, int height)
{
    struct slice_window window;
    if (!slice_window_make(plot, width, height, &window))
        return width;
    double wide = (plot->slab->high[SLAB_ACROSS] - plot->slab->low[SLAB_ACROSS]) * window.across;
    int cells = (int)ceil(wide / (plot->tier == GLYPH_BRAILLE ? 2 : 1) - 1e-9);
    return cells < 8 ? 8 : cells > width ? width : cells;
}

static double mean_distance(const struct slice_plot *plot)
{
    return isd_box_spacing(&plot->frame->box, plot->frame->n);
}

double slice_dots_apart(const struct slice_plot *plot, int width, int height)
{
    struct slice_window window;
    return slice_window_make(plot, width, height, &window) ? mean_distance(plot) * window.across : 0;
}

double slice_readable_zoom(const struct slice_plot *plot, int width, int height)
{
    struct slice_plot whole = *plot;
    whole.zoom = 1;
    const double apart = slice_dots_apart(&whole, width, height);
    if (plot->frame->box.dim == 2 || !(apart > 0))
        return 1;
    double wanted = plot->tier == GLYPH_BRAILLE ? 7 : plot->tier == GLYPH_HALF ? 6 : 5;
    return fmax(1, wanted / apart);
}


bool slice_holds(const struct slice_plot *plot, int32_t atom)
{
    const struct slab *slab = plot->slab;
    if (plot->frame->box.dim == 2)
        return true;
    double depth = slab->place[3 * (size_t)slab->where[atom] + SLAB_DEPTH], half = 0.5 * plot->thickness;
    double period = fabs(slab->vector[slab->axis[SLAB_DEPTH]][SLAB_DEPTH]);
    double away = depth - slab_depth(slab, plot->plane);
    if (period > 0)
        away -= period * nearbyint(away / period);
    return fabs(away) <= half;
}

/* --- what is drawn --- */

enum disc_style slice_disc(int type)
{
    static const enum disc_style styles[DISC_STYLES] = {DISC_RING, DISC_FILLED, DISC_CROSS, DISC_RING_DOT};
    return styles[(type < 1 ? 0 : type - 1) % DISC_STYLES];
}

enum role slice_role(int type)
{
    static const enum role roles[] = {ROLE_ATOM_A, ROLE_ATOM_B, ROLE_ATOM_C};
    return roles[(type < 1 ? 0 : type - 1) % 3];
}

const char *slice_style(int type)
{
    static const char *const names[] = {[DISC_RING] = "ring", [DISC_FILLED] = "filled", [DISC_CROSS] = "cross",
                                        [DISC_RING_DOT] = "ring with a dot"};
    return names[slice_disc(type)];
}

int slice_level(const struct slice_plot *plot, int32_t atom)
{
    if (!plot->shade || (plot->marked && !plot->marked[atom]))
        return 0;
    return ramp_level(plot->shade[atom], 0, plot->shade_high, false);
}

struct drawing {
    struct raster raster;
    int32_t labelled, matched;
    int mark_x, mark_y; /* cells of the raster; -1: none */
};

static void draw_disc(void *arg, const struct slice_window *window, int32_t atom, const double place[3])
{
    struct drawing *drawing = arg;
    const struct slice_plot *plot = window->plot;
    int type = plot->frame->type[atom];
    double x, y;
    bool far = !window->flat && place[SLAB_DEPTH] < 0.5 * (window->low + window->high);
    enum role role = (plot->marked ? !plot->marked[atom] : far) ? ROLE_DIM : slice_role(type);
    slice_window_dots(window, place, &x, &y);
    drawing->raster.pen = slice_level(plot, atom);
    raster_disc(&drawing->raster, x, y, plot->radius[type] * window->across, slice_disc(type), role, plot->letter[type]);
    drawing->raster.pen = 0;
}

/* One displacement from a place on; false: too short to be drawn. */
static bool draw_arrow(struct drawing *drawing, const struct slice_window *window, const double place[3], const double vector[3],
                       bool dotted, enum role role)
{
    const struct slice_plot *plot = window->plot;
    double v[3], end[3], x0, y0, x1, y1;
    if (!(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2] > plot->threshold * plot->threshold))
        return false;
    slab_vector(plot->slab, vector, v);
    double flat = sqrt(v[0] * v[0] + v[1] * v[1]);
    for (int c = 0; c < 3; c++)
        end[c] = place[c] + plot->scale * v[c];
    slice_window_dots(window, place, &x0, &y0);
    slice_window_dots(window, end, &x1, &y1);
    /* Signs need a disc that is larger than they are, and an arrow is longer than its head. */
    bool tail = !window->flat && fabs(v[2]) > flat && mean_distance(plot) * window->across >= 5, shaft = fabs(x1 - x0) + fabs(y1 - y0) >= 2;
    if (tail)
        raster_glyph(&drawing->raster, x0, y0, v[2] > 0 ? 'o' : 'x', role);
    if (shaft)
        raster_arrow(&drawing->raster, x0, y0, x1, y1, dotted, role);
    return tail || shaft;
}

static void draw_labelled(void *arg, const struct slice_window *window, int32_t atom, const double place[3])
{
    struct drawing *drawing = arg;
    drawing->labelled += draw_arrow(drawing, window, place, &window->plot->lab[3 * (size_t)atom],
                                    window->plot->arrows == SLICE_BOTH, ROLE_LABELLED);
}

static void draw_matched(void *arg, const struct slice_window *window, int32_t atom, const double place[3])
{
    struct drawing *drawing = arg;
    drawing->matched += draw_arrow(drawing, window, place, &window->plot->mat[3 * (size_t)atom], false, ROLE_MATCHED);
}

/* Nothing that starts further away than the longest arrow can be seen; a picture of the whole cell needs at most one cell around it. */
static double arrow_margin(const struct slice_window *window)
{
    const struct slice_plot *plot = window->plot;
    const struct slab *slab = plot->slab;
    double wide = slab->high[SLAB_ACROSS] - slab->low[SLAB_ACROSS], tall = slab->high[SLAB_UP] - slab->low[SLAB_UP];
    double most = 0.5 * fmax(wide, tall);
    return plot->longest > 0 ? fmin(most, plot->scale * plot->longest) : most;
}

static double largest_radius(const struct slice_plot *plot)
{
    double most = 0;
    for (int t = 1; t <= plot->frame->n_types; t++)
        most = fmax(most, plot->radius[t]);
    return most;
}

enum ring_layer { RING_DISCS, RING_ARROWS, RING_NUMBERS };

/* The ring of atoms that took each other's places, each next one at the image nearest to the one before: discs first, then where
 * they go, then their numbers, which nothing covers. */
static void draw_ring(struct drawing *drawing, const struct slice_window *window, enum ring_layer layer)
{
    const struct slice_plot *plot = window->plot;
    struct slice_plot all = *plot;
    struct slice_window loose = *window;
    double at[3], last[3] = {window->middle[0], window->middle[1], 0.5 * (window->low + window->high)};
    all.threshold = 0;
    loose.plot = &all;
    for (int k = 0; k < plot->n_ring; k++) {
        int32_t atom = plot->ring[k];
        double x, y, radius = plot->radius[plot->frame->type[atom]] * window->across;
        char number[16];
        memcpy(at, &plot->slab->place[3 * (size_t)plot->slab->where[atom]], sizeof at);
        slab_nearest(plot->slab, last, at);
        slice_window_dots(window, at, &x, &y);
        if (layer == RING_DISCS)
            raster_disc(&drawing->raster, x, y, radius, DISC_RING, ROLE_CURSOR, plot->letter[plot->frame->type[atom]]);
        else if (layer == RING_ARROWS && plot->lab)
            draw_arrow(drawing, &loose, at, &plot->lab[3 * (size_t)atom], false, ROLE_LABELLED);
        snprintf(number, sizeof number, "%d", k + 1);
        if (layer == RING_NUMBERS && radius >= (plot->tier == GLYPH_ASCII ? 1 : 2) && atom != plot->atom)
            raster_text(&drawing->raster, x, y, ROLE_CURSOR, number);
        memcpy(last, at, sizeof last);
    }
}

static void draw_circle(struct drawing *drawing, const struct slice_window *window)
{
    enum { SIDES = 48 };
    const struct slice_plot *plot = window->plot;
    double at[3], middle[3] = {window->middle[0], window->middle[1], 0.5 * (window->low + window->high)}, x, y;
    memcpy(at, &plot->slab->place[3 * (size_t)plot->slab->where[plot->hub]], sizeof at);
    slab_nearest(plot->slab, middle, at);
    slice_window_dots(window, at, &x, &y);
    for (int k = 0; k < SIDES; k++) {
        const double a = 2 * M_PI * k / SIDES, b = 2 * M_PI * (k + 1) / SIDES, across = plot->circle * window->across, up = plot->circle * window->up;
        raster_line(&drawing->raster, x + across * cos(a), y + up * sin(a), x + across * cos(b), y + up * sin(b), false, ROLE_CURSOR);
    }
}

static void mark_atom(struct drawing *drawing, const struct slice_window *window)
{
    const struct slice_plot *plot = window->plot;
    double at[3], x, y;
    const double middle[3] = {window->middle[0], window->middle[1], 0.5 * (window->low + window->high)};
    if (plot->atom < 0 || plot->atom >= plot->slab->n)
        return;
    for (int c = 0; c < 3; c++)
        at[c] = plot->slab->place[3 * (size_t)plot->slab->where[plot->atom] + (size_t)c];
    slab_nearest(plot->slab, middle, at);
    slice_window_dots(window, at, &x, &y);
    int type = plot->frame->type[plot->atom];
    raster_disc(&drawing->raster, x, y, plot->radius[type] * window->across, DISC_FILLED, ROLE_CURSOR, plot->letter[type]);
    raster_glyph(&drawing->raster, x, y, plot->tier == GLYPH_ASCII ? '@' : 0x25c6, ROLE_CURSOR);
    if (x >= 0 && y >= 0 && x < window->columns && y < window->rows) {
        drawing->mark_x = (int)(x / drawing->raster.canvas.across);
        drawing->mark_y = (int)(y / drawing->raster.canvas.down);
    }
}

struct depth_count {
    const struct slab *slab;
    double low, high;
    int32_t n;
};

static void count_range(void *arg, int32_t first, int32_t end)
{
    struct depth_count *count = arg;
    for (int32_t k = first; k < end; k++) {
        double depth = count->slab->place[3 * (size_t)k + SLAB_DEPTH];
        count->n += depth >= count->low && depth <= count->high;
    }
}

/* In the slab, whether in the window or not. */
static int32_t count_atoms(const struct slice_window *window)
{
    const struct slice_plot *plot = window->plot;
    const struct slab *slab = plot->slab;
    struct depth_count count = {.slab = slab};
    double period = fabs(slab->vector[slab->axis[SLAB_DEPTH]][SLAB_DEPTH]);
    if (window->flat || (period > 0 && plot->thickness >= period))
        return slab->n;
    for (int m = period > 0 ? -1 : 0; m <= (period > 0 ? 1 : 0); m++) {
        count.low = window->low + m * period;
        count.high = window->high + m * period;
        const double low[3] = {-INFINITY, -INFINITY, count.low}, high[3] = {INFINITY, INFINITY, count.high};
        slab_ranges(slab, low, high, count_range, &count);
    }
    return count.n;
}

/* Where many atoms share every dot, some of them fill it: one in how many is enough? */
static int thin_out(const struct slice_window *window)
{
    enum { A_DOT = 2 };
    const struct slice_plot *plot = window->plot;
    const struct slab *slab = plot->slab;
    double extent = slab->high[SLAB_DEPTH] - slab->low[SLAB_DEPTH], share = window->flat || !(extent > 0) ? 1 : fmin(1, plot->thickness / extent);
    double cell = window->across * window->up * (slab->high[SLAB_ACROSS] - slab->low[SLAB_ACROSS]) * (slab->high[SLAB_UP] - slab->low[SLAB_UP]);
    double a_dot = slab->n * share / cell;
    return plot->marked || !(a_dot > A_DOT) ? 1 : (int)(a_dot / A_DOT);
}

static void draw_all(struct drawing *drawing, struct slice_window *window)
{
    const struct slice_plot *plot = window->plot;
    window->every = thin_out(window);
    slice_window_visit(window, largest_radius(plot), draw_disc, drawing);
    if (plot->lab && (plot->arrows == SLICE_LABELLED || plot->arrows == SLICE_BOTH))
        slice_window_visit(window, arrow_margin(window), draw_labelled, drawing);
    if (plot->mat && (plot->arrows == SLICE_MATCHED || plot->arrows == SLICE_BOTH))
        slice_window_visit(window, arrow_margin(window), draw_matched, drawing);
    if (plot->ring)
        draw_ring(drawing, window, RING_DISCS);
    mark_atom(drawing, window);
    if (plot->circle > 0)
        draw_circle(drawing, window);
    if (plot->ring) {
        draw_ring(drawing, window, RING_ARROWS);
        draw_ring(drawing, window, RING_NUMBERS);
    }
}

void slice_draw(struct grid *grid, int x, int y, int width, int height, const struct slice_plot *plot, struct slice_seen *ret_seen)
{
    struct slice_window window;
    struct drawing drawing = {.mark_x = -1, .mark_y = -1};
    if (ret_seen)
        *ret_seen = (struct slice_seen){.mark_x = -1, .mark_y = -1};
    if (!slice_window_make(plot, width, height, &window) || !raster_init(&drawing.raster, width, height, plot->tier))
        return;
    draw_all(&drawing, &window);
    raster_show(&drawing.raster, grid, x, y);
    raster_done(&drawing.raster);
    if (ret_seen)
        *ret_seen = (struct slice_seen){.atoms = count_atoms(&window),
                                        .labelled = drawing.labelled,
                                        .matched = drawing.matched,
                                        .every = window.every,
                                        .per_cell = (plot->tier == GLYPH_BRAILLE ? 2 : 1) / window.across,
                                        .mark_x = drawing.mark_x < 0 ? -1 : x + drawing.mark_x,
                                        .mark_y = drawing.mark_x < 0 ? -1 : y + drawing.mark_y};
}

isd_status slice_paper(const struct slice_plot *plot, int width, int height, const char *unit, enum pen_kind kind, char **ret_bytes,
                       size_t *ret_length, isd_error *err)
{
    struct slice_plot fine = *plot;
    struct slice_window window;
    struct drawing drawing = {0};
    struct paper paper;
    fine.tier = GLYPH_BRAILLE;
    bool seen = slice_window_make(&fine, width, height, &window);
    isd_status status = paper_begin(&paper, width, height, seen ? 1 / window.across : 1, kind, err);
    if (status != ISD_OK)
        return status;
    if (seen && !raster_init_paper(&drawing.raster, width, height, paper.pen)) {
        pen_free(paper.pen);
        return isd_error_memory(err);
    }
    if (seen) {
        draw_all(&drawing, &window);
        raster_done(&drawing.raster);
    }
    return paper_finish(&paper, &fine, unit, ret_bytes, ret_length, err);
}

/* --- picking --- */

bool slice_place(const struct slice_plot *plot, int width, int height, int column, int row, double ret_place[2])
{
    struct slice_window window;
    if (!slice_window_make(plot, width, height, &window))
        return false;
    ret_place[0] = window.middle[0] + ((column + 0.5) * window.columns / width - 0.5 * window.columns) / window.across;
    ret_place[1] = window.middle[1] - ((row + 0.5) * window.rows / height - 0.5 * window.rows) / window.up;
    return true;
}

struct search {
    double x, y;     /* dots */
    double dx, dy;   /* direction, 0 0: any */
    int32_t except, best;
    double badness;
};

static void consider(void *arg, const struct slice_window *window, int32_t atom, const double place[3])
{
    struct search *search = arg;
    double x, y;
    slice_window_dots(window, place, &x, &y);
    double right = x - search->x, down = (y - search->y) * window->across / window->up;
    double distance = sqrt(right * right + down * down), badness = distance;
    if (search->dx != 0 || search->dy != 0) {
        double along = right * search->dx + down * search->dy, beside = fabs(right * search->dy - down * search->dx);
        if (!(along > 0.5 * distance) || atom == search->except)
            return;
        badness = along + 2 * beside;
    }
    if (badness < search->badness) {
        search->badness = badness;
        search->best = atom;
    }
}

int32_t slice_pick(const struct slice_plot *plot, int width, int height, int column, int row)
{
    struct slice_window window;
    struct search search = {.best = -1, .badness = INFINITY, .except = -1};
    if (!slice_window_make(plot, width, height, &window))
        return -1;
    search.x = (column + 0.5) * window.columns / width;
    search.y = (row + 0.5) * window.rows / height;
    slice_window_visit(&window, largest_radius(plot), consider, &search);
    return search.best;
}

int32_t slice_next(const struct slice_plot *plot, int width, int height, int dx, int dy)
{
    struct slice_window window;
    struct search search = {.best = -1, .badness = INFINITY, .except = plot->atom, .dx = dx, .dy = -dy};
    if (!slice_window_make(plot, width, height, &window))
        return -1;
    search.x = 0.5 * window.columns;
    search.y = 0.5 * window.rows;
    if (plot->atom >= 0 && plot->atom < plot->slab->n) {
        const double middle[3] = {window.middle[0], window.middle[1], 0.5 * (window.low + window.high)};
        double at[3];
        for (int c = 0; c < 3; c++)
            at[c] = plot->slab->place[3 * (size_t)plot->slab->where[plot->atom] + (size_t)c];
        slab_nearest(plot->slab, middle, at);
        slice_window_dots(&window, at, &search.x, &search.y);
    }
    slice_window_visit(&window, 0.25 * arrow_margin(&window), consider, &search);
    return search.best;
}
