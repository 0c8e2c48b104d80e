/* All atoms of a frame from any side. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/space.h"
#include "view/slice_paper.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LAYERS 512 /* of depth, drawn one after the other */

struct eye {
    const struct slice_plot *plot;
    double row[3][3];  /* across, up, towards the eye */
    double middle[3];
    double columns, rows, across, up; /* dots; dots a length */
    double reach;      /* half the depth of the picture */
};

static bool eye_make(const struct slice_plot *plot, int width, int height, double turn, double tip, struct eye *ret_eye)
{
    const double degree = acos(-1) / 180;
    double ct = cos(turn * degree), st = sin(turn * degree), cp = cos(tip * degree), sp = sin(tip * degree), sum = 0, most = 0;
    struct eye eye = {.plot = plot, .row = {{ct, 0, st}, {st * sp, cp, -ct * sp}, {-st * cp, sp, ct * cp}}};
    for (int c = 0; c < 3; c++) {
        double edge = plot->slab->high[c] - plot->slab->low[c];
        eye.middle[c] = 0.5 * (plot->slab->high[c] + plot->slab->low[c]);
        sum += edge * edge;
        most = fmax(most, edge);
    }
    eye.columns = width * (plot->tier == GLYPH_BRAILLE ? 2.0 : 1.0);
    eye.rows = height * (plot->tier == GLYPH_BRAILLE ? 4.0 : plot->tier == GLYPH_HALF ? 2.0 : 1.0);
    double aspect = plot->tier == GLYPH_ASCII ? 2 : 1;
    eye.across = plot->zoom * fmin(eye.columns, eye.rows * aspect) / (0.4 * most + 0.6 * sqrt(sum));
    eye.up = eye.across / aspect;
    eye.reach = 0.5 * sqrt(sum);
    if (width < 8 || height < 3 || !(most > 0) || !isfinite(eye.across) || !isfinite(turn + tip))
        return false;
    *ret_eye = eye;
    return true;
}

/* Dots and depth, -1 far ... 1 near. */
static void project(const struct eye *eye, const double place[3], double ret_seen[3])
{
    double out[3] = {0};
    for (int r = 0; r < 3; r++)
        for (int c = 0; c < 3; c++)
            out[r] += eye->row[r][c] * (place[c] - eye->middle[c]);
    ret_seen[0] = 0.5 * eye->columns + (out[0] - eye->plot->centre[0]) * eye->across;
    ret_seen[1] = 0.5 * eye->rows - (out[1] - eye->plot->centre[1]) * eye->up;
    ret_seen[2] = out[2] / eye->reach;
}

static int layer_of(double depth)
{
    double at = (depth + 1) * 0.5 * LAYERS;
    return !(at > 0) ? 0 : at >= LAYERS ? LAYERS - 1 : (int)at;
}

static bool is_outside(const struct eye *eye, const double seen[3], double margin)
{
    return seen[0] < -margin || seen[1] < -margin || seen[0] > eye->columns + margin || seen[1] > eye->rows + margin;
}

/* So many dots that they would fill the picture say nothing: some of them stand for all. Beside marked atoms few are enough; without
 * marks the near ones cover what is behind them anyway. */
static int32_t choose_stride(const struct eye *eye)
{
    enum { MOST = 200000 };
    const struct slice_plot *plot = eye->plot;
    double zoom = fmax(plot->zoom, 1);
    return 1 + (int32_t)(plot->marked ? plot->slab->n / (0.015 * eye->columns * eye->rows) : plot->slab->n / (zoom * zoom * MOST));
}

/* The same of the marked ones. */
static int32_t choose_marked_stride(const struct eye *eye)
{
    const struct slice_plot *plot = eye->plot;
    double marked = 0, zoom = fmax(plot->zoom, 1);
    for (int32_t i = 0; plot->marked && i < plot->slab->n; i++)
        marked += plot->marked[i];
    return 1 + (int32_t)(marked / (zoom * zoom * 0.018 * eye->columns * eye->rows));
}

/* How far outside of the picture an atom may be of which something is seen: its disc, or an arrow that ends inside. Dots. */
static double reach_of(const struct eye *eye)
{
    const struct slice_plot *plot = eye->plot;
    double radius = 0;
    for (int t = 1; t <= plot->frame->n_types; t++)
        radius = fmax(radius, plot->radius[t]);
    bool arrows = plot->arrows != SLICE_NONE && (plot->lab || plot->mat);
    return arrows && !(plot->longest > 0) ? INFINITY : eye->across * (radius + (arrows ? plot->scale * plot->longest : 0)) + 1;
}

/* Atoms to be drawn, as positions in slab->atom, from far to near. */
struct order {
    int32_t *at, n; /* at: freed by the caller, NULL when out of memory */
    int32_t every_marked;
};

/* Counting sort by depth. */
static struct order far_to_near(const struct eye *eye)
{
    const struct slice_plot *plot = eye->plot;
    const struct slab *slab = plot->slab;
    const int32_t stride = choose_stride(eye), marked_stride = choose_marked_stride(eye);
    const double reach = reach_of(eye);
    int32_t *chosen = malloc(((size_t)slab->n + 1) * sizeof *chosen), start[LAYERS + 1] = {0};
    uint16_t *layer = malloc(((size_t)slab->n + 1) * sizeof *layer);
    struct order order = {.at = malloc(((size_t)slab->n + 1) * sizeof *order.at), .every_marked = marked_stride};
    bool fits = chosen && layer && order.at;
    for (int32_t k = 0; fits && k < slab->n; k++) {
        int32_t atom = slab->atom[k];
        double seen[3];
        if (atom % (plot->marked && plot->marked[atom] ? marked_stride : stride) && atom != plot->atom)
            continue;
        project(eye, &slab->place[3 * (size_t)k], seen);
        if (is_outside(eye, seen, reach))
            continue;
        layer[order.n] = (uint16_t)layer_of(seen[2]);
        chosen[order.n] = k;
        start[layer[order.n++] + 1]++;
    }
    for (int k = 0; k < LAYERS; k++)
        start[k + 1] += start[k];
    for (int32_t k = 0; fits && k < order.n; k++)
        order.at[start[layer[k]]++] = chosen[k];
    free(chosen);
    free(layer);
    if (!fits) {
        free(order.at);
        order = (struct order){0};
    }
    return order;
}

/* --- the edges of the cell --- */

static void draw_edges(const struct eye *eye, struct raster *raster, bool near)
{
    const struct slab *slab = eye->plot->slab;
    for (int k = 0; k < 12; k++) {
        int along = k / 4, one = (along + 1) % 3, two = (along + 2) % 3;
        double from[3], to[3], a[3], b[3];
        from[along] = slab->low[along];
        to[along] = slab->high[along];
        from[one] = to[one] = k & 1 ? slab->high[one] : slab->low[one];
        from[two] = to[two] = k & 2 ? slab->high[two] : slab->low[two];
        project(eye, from, a);
        project(eye, to, b);
        if ((a[2] + b[2] > 0) == near)
            raster_line(raster, a[0], a[1], b[0], b[1], near, ROLE_AXIS);
    }
}

static enum role fog(double depth, int type)
{
    return depth < -0.4 ? ROLE_GR : depth < 0 ? ROLE_DIM : slice_role(type);
}

static void draw_atoms(const struct eye *eye, struct raster *raster, const struct order *order)
{
    const struct slice_plot *plot = eye->plot;
    const struct slab *slab = plot->slab;
    for (int32_t k = 0; k < order->n; k++) {
        int32_t at = order->at[k], atom = slab->atom[at];
        int type = plot->frame->type[atom];
        double seen[3];
        project(eye, &slab->place[3 * (size_t)at], seen);
        double radius = plot->radius[type] * eye->across;
        if (is_outside(eye, seen, radius + 1))
            continue;
        char letter = plot->letter[type];
        if (seen[2] < -0.4)
            letter = '.';
        else if (seen[2] < 0 && letter >= 'A' && letter <= 'Z')
            letter = (char)(letter - 'A' + 'a');
        if (plot->marked && !plot->marked[atom])
            raster_dot(raster, (long)floor(seen[0]), (long)floor(seen[1]), ROLE_GR, '.');
        else {
            raster->pen = slice_level(plot, atom);
            raster_disc(raster, seen[0], seen[1], radius, slice_disc(type), fog(seen[2], type), letter);
            raster->pen = 0;
        }
    }
}

static bool has_arrow(const struct slice_plot *plot, const double *vectors, int32_t atom)
{
    const double *v = &vectors[3 * (size_t)atom];
    return v[0] * v[0] + v[1] * v[1] + v[2] * v[2] > plot->threshold * plot->threshold && (!plot->marked || plot->marked[atom]);
}

static double arrow_length(const struct slice_plot *plot, const double *vectors, int32_t atom)
{
    const double *v = &vectors[3 * (size_t)atom];
    return plot->scale * sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* So many arrows that their dots would fill the picture say nothing: one in *ret_every is drawn. */
static int32_t draw_arrows(const struct eye *eye, struct raster *raster, const struct order *order, const double *vectors, bool dotted,
                           enum role role, int *ret_every)
{
    const struct slice_plot *plot = eye->plot;
    const struct slab *slab = plot->slab;
    int32_t drawn = 0, passed = 0;
    double dots = 0;
    for (int32_t k = 0; k < order->n; k++)
        dots += has_arrow(plot, vectors, slab->atom[order->at[k]]) ? 1 + arrow_length(plot, vectors, slab->atom[order->at[k]]) * eye->across : 0;
    int every = 1 + (int)(dots / (0.03 * eye->columns * eye->rows));
    for (int32_t k = 0; k < order->n; k++) {
        int32_t at = order->at[k], atom = slab->atom[at];
        double v[3], end[3], from[3], to[3];
        if (!has_arrow(plot, vectors, atom) || passed++ % every)
            continue;
        slab_vector(slab, &vectors[3 * (size_t)atom], v);
        for (int c = 0; c < 3; c++)
            end[c] = slab->place[3 * (size_t)at + (size_t)c] + plot->scale * v[c];
        project(eye, &slab->place[3 * (size_t)at], from);
        project(eye, end, to);
        if (is_outside(eye, from, 0) && is_outside(eye, to, 0))
            continue;
        raster_arrow(raster, from[0], from[1], to[0], to[1], dotted, role);
        drawn++;
    }
    *ret_every = every > *ret_every ? every : *ret_every;
    return drawn;
}

static void mark(const struct eye *eye, struct raster *raster, int32_t atom, const char *text)
{
    const struct slice_plot *plot = eye->plot;
    double seen[3];
    if (atom < 0 || atom >= plot->slab->n)
        return;
    int type = plot->frame->type[atom];
    project(eye, &plot->slab->place[3 * (size_t)plot->slab->where[atom]], seen);
    raster_disc(raster, seen[0], seen[1], plot->radius[type] * eye->across, text ? DISC_RING : DISC_FILLED, ROLE_CURSOR,
                plot->letter[type]);
    if (text && plot->radius[type] * eye->across >= 2)
        raster_text(raster, seen[0], seen[1], ROLE_CURSOR, text);
    else if (!text)
        raster_glyph(raster, seen[0], seen[1], plot->tier == GLYPH_ASCII ? '@' : 0x25c6, ROLE_CURSOR);
}

/* The cell of the marked atom in the raster. */
static void find_mark(const struct eye *eye, const struct raster *raster, struct slice_seen *seen)
{
    const struct slice_plot *plot = eye->plot;
    double at[3];
    if (plot->atom < 0 || plot->atom >= plot->slab->n)
        return;
    project(eye, &plot->slab->place[3 * (size_t)plot->slab->where[plot->atom]], at);
    if (!(at[0] >= 0 && at[1] >= 0 && at[0] < eye->columns && at[1] < eye->rows))
        return;
    seen->mark_x = (int)(at[0] / raster->canvas.across);
    seen->mark_y = (int)(at[1] / raster->canvas.down);
}

static bool draw_all(const struct eye *eye, struct raster *raster, struct slice_seen *seen)
{
    const struct slice_plot *plot = eye->plot;
    struct order order = far_to_near(eye);
    if (!order.at)
        return false;
    seen->every_marked = order.every_marked;
    draw_edges(eye, raster, false);
    draw_atoms(eye, raster, &order);
    draw_edges(eye, raster, true);
    for (int k = 0; plot->ring && k < plot->n_ring; k++) {
        char number[16];
        snprintf(number, sizeof number, "%d", k + 1);
        mark(eye, raster, plot->ring[k], number);
    }
    mark(eye, raster, plot->atom, NULL);
    if (plot->lab && (plot->arrows == SLICE_LABELLED || plot->arrows == SLICE_BOTH))
        seen->labelled = draw_arrows(eye, raster, &order, plot->lab, plot->arrows == SLICE_BOTH, ROLE_LABELLED, &seen->every);
    if (plot->mat && (plot->arrows == SLICE_MATCHED || plot->arrows == SLICE_BOTH))
        seen->matched = draw_arrows(eye, raster, &order, plot->mat, false, ROLE_MATCHED, &seen->every);
    find_mark(eye, raster, seen);
    free(order.at);
    return true;
}

void space_draw(struct grid *grid, int x, int y, int width, int height, const struct slice_plot *plot, double turn, double tip,
                struct slice_seen *ret_seen)
{
    struct eye eye;
    struct raster raster;
    struct slice_seen seen = {.atoms = plot->slab->n, .every = 1, .mark_x = -1, .mark_y = -1};
    if (ret_seen)
        *ret_seen = (struct slice_seen){.mark_x = -1, .mark_y = -1};
    if (!eye_make(plot, width, height, turn, tip, &eye) || !raster_init(&raster, width, height, plot->tier))
        return;
    if (draw_all(&eye, &raster, &seen)) {
        raster_show(&raster, grid, x, y);
        seen.mark_x += seen.mark_x < 0 ? 0 : x;
        seen.mark_y += seen.mark_y < 0 ? 0 : y;
        seen.per_cell = (plot->tier == GLYPH_BRAILLE ? 2 : 1) / eye.across;
        if (ret_seen)
            *ret_seen = seen;
    }
    raster_done(&raster);
}

isd_status space_paper(const struct slice_plot *plot, double turn, double tip, int width, int height, const char *unit, enum pen_kind kind,
                       char **ret_bytes, size_t *ret_length, isd_error *err)
{
    struct slice_plot fine = *plot;
    struct eye eye;
    struct raster raster;
    struct slice_seen counts = {.every = 1};
    struct paper paper;
    fine.tier = GLYPH_BRAILLE;
    bool seen = eye_make(&fine, width, height, turn, tip, &eye);
    isd_status status = paper_begin(&paper, width, height, seen ? 1 / eye.across : 1, kind, err);
    if (status != ISD_OK)
        return status;
    if (seen && !raster_init_paper(&raster, width, height, paper.pen)) {
        pen_free(paper.pen);
        return isd_error_memory(err);
    }
    if (seen) {
        draw_all(&eye, &raster, &counts);
        raster_done(&raster);
    }
    return paper_finish(&paper, &fine, unit, ret_bytes, ret_length, err);
}

int32_t space_pick(const struct slice_plot *plot, int width, int height, double turn, double tip, int column, int row)
{
    struct eye eye;
    double best = INFINITY;
    int32_t found = -1;
    if (!eye_make(plot, width, height, turn, tip, &eye))
        return -1;
    double x = (column + 0.5) * eye.columns / width, y = (row + 0.5) * eye.rows / height;
    for (int32_t k = 0; k < plot->slab->n; k++) {
        double seen[3];
        int32_t atom = plot->slab->atom[k];
        if (plot->marked && !plot->marked[atom])
            continue;
        project(&eye, &plot->slab->place[3 * (size_t)k], seen);
        double right = seen[0] - x, down = (seen[1] - y) * eye.across / eye.up;
        double radius = fmax(plot->radius[plot->frame->type[atom]] * eye.across, 1);
        double away = sqrt(right * right + down * down);
        /* On its disc an atom is as near as its depth says; beside it the distance counts. */
        double badness = away <= radius ? -seen[2] - 2 : away;
        if (badness < best) {
            best = badness;
            found = atom;
        }
    }
    return found;
}
