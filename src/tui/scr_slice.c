/* The atoms: a slice with displacements as arrows, or all of them from any side; the numbers of the marked one beside it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/scr_slice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/radii.h"
#include "view/pu_plot.h"
#include "view/space.h"

const struct slice_data *slice_data_of(const struct tui *tui)
{
    return tui->data[VIEW_SLICE];
}

static void done(void *arg)
{
    struct slice_data *data = arg;
    isd_snapshot_unref(data->frame);
    slab_done(&data->slab);
    rings_done(&data->rings);
    free(data->moved);
}

/* --- what is drawn --- */

/* The middle of the cell unless a plane was chosen. */
double slice_plane(const struct tui *tui, const struct slice_data *data)
{
    const struct slice_look *look = &tui->sight.look.slice;
    if (isfinite(look->plane))
        return look->plane;
    return data->slab.sign * 0.5 * (data->slab.low[SLAB_DEPTH] + data->slab.high[SLAB_DEPTH]);
}

double slice_thickness(const struct tui *tui, const struct slice_data *data)
{
    return isfinite(tui->sight.look.slice.thick) ? tui->sight.look.slice.thick : data->r0;
}

/* A chosen range of the axes is a zoom and a centre. */
static void place_window(const struct view_axes *axes, const struct slab *slab, struct slice_plot *plot)
{
    double wide = slab->high[SLAB_ACROSS] - slab->low[SLAB_ACROSS], tall = slab->high[SLAB_UP] - slab->low[SLAB_UP];
    plot->zoom = 1;
    if (isfinite(axes->x_low)) {
        plot->zoom = wide / (axes->x_high - axes->x_low);
        plot->centre[0] = 0.5 * (axes->x_low + axes->x_high - slab->low[SLAB_ACROSS] - slab->high[SLAB_ACROSS]);
    }
    if (isfinite(axes->y_low)) {
        double zoom = tall / (axes->y_high - axes->y_low);
        plot->zoom = isfinite(axes->x_low) ? fmin(plot->zoom, zoom) : zoom;
        plot->centre[1] = 0.5 * (axes->y_low + axes->y_high - slab->low[SLAB_UP] - slab->high[SLAB_UP]);
    }
}

void slice_ring_stretch(const struct tui *tui, const struct slice_data *data, const int32_t **ret_member, int *ret_n)
{
    enum { MOST = 12 };
    const struct ring *ring = &data->rings.ring[data->ring];
    const int32_t *member = data->rings.member + ring->first;
    int at = 0, first;
    while (at < ring->length - 1 && member[at] != tui->atoms.mark)
        at++;
    first = ring->length <= MOST ? 0 : at - MOST / 2;
    first = first < 0 ? 0 : ring->length > MOST && first > ring->length - MOST ? ring->length - MOST : first;
    *ret_member = member + first;
    *ret_n = ring->length <= MOST ? ring->length : MOST;
}

/* Where atoms are but points, those that moved far stand out among them, unless colours say how far each has. */
static bool few_stand_out(const struct slice_look *look, const struct slice_data *data)
{
    return look->arrows != ARROWS_NONE && (look->space || (data->crowded && !look->by_u));
}

/* The shortest displacement that has an arrow: a jump where few stand out, or where most atoms have moved and arrows would cover them. */
static double arrow_threshold(const struct slice_look *look, const struct slice_data *data)
{
    const double r0 = data->r0;
    if (isfinite(look->least))
        return look->least;
    return few_stand_out(look, data) || (data->match && data->match->rmsd > 0.3 * r0) ? 0.5 * r0 : 0.15 * r0;
}

struct slice_plot slice_make_plot(const struct tui *tui, const struct slice_data *data)
{
    const struct slice_look *look = &tui->sight.look.slice;
    const struct match *match = data->match;
    struct slice_plot plot = {.frame = data->frame,
                              .slab = &data->slab,
                              .plane = slice_plane(tui, data),
                              .thickness = slice_thickness(tui, data),
                              .lab = match && match->labelled ? match->vec_lab : NULL,
                              .mat = match ? match->vec_mat : NULL,
                              .arrows = (enum slice_arrows)look->arrows,
                              .scale = look->scale,
                              .threshold = arrow_threshold(look, data),
                              .longest = match ? data->longest : 0,
                              .radius = data->radius,
                              .letter = data->letter,
                              .atom = match ? tui->atoms.mark : -1,
                              .tier = tui->tier};
    place_window(&tui->sight.look.axes[VIEW_SLICE], &data->slab, &plot);
    if (match && tui->atoms.n_chosen > 0)
        plot.marked = tui->atoms.chosen;
    else if (few_stand_out(look, data))
        plot.marked = data->moved;
    if (match && look->by_u) {
        plot.shade = look->arrows == ARROWS_MATCHED || !match->u_lab ? match->u_mat : match->u_lab;
        plot.shade_high = data->u_high;
    }
    if (look->ring && data->ring >= 0)
        slice_ring_stretch(tui, data, &plot.ring, &plot.n_ring);
    return plot;
}

/* --- looking up --- */

/* The frame drawn: that of the match, or as soon as it is there. */
static enum ask find_frame(struct tui *tui, struct slice_data *data, const isd_snapshot **ret_frame)
{
    struct structure structure;
    int unconverged = 0;
    data->match = NULL;
    if (tui->sight.n_frames > 1 && tui->atoms.state == ASK_READY && tui->atoms.match) {
        data->match = tui->atoms.match;
        *ret_frame = tui->atoms.a;
        return ASK_READY;
    }
    if (tui->sight.n_frames > 1 && tui->atoms.state == ASK_FAILED) {
        data->err = tui->atoms.err;
        return ASK_FAILED;
    }
    structure_defaults(tui->session, !tui->sight.look.raw, &structure);
    return session_structure(tui->session, tui->sight.n_frames > 1 ? tui->sight.pair.a : 0, &structure, ASK_LOOK, ret_frame,
                             &unconverged, &data->err);
}

static isd_status take_frame(struct tui *tui, struct slice_data *data, const isd_snapshot *frame)
{
    int normal = tui->sight.look.slice.normal;
    if (frame == data->frame && normal == data->normal)
        return ISD_OK;
    struct slab slab;
    isd_status status = slab_make(frame, normal, &slab, &data->err);
    if (status != ISD_OK)
        return status;
    slab_done(&data->slab);
    isd_snapshot_unref(data->frame);
    data->slab = slab;
    data->frame = isd_snapshot_ref(frame);
    data->normal = normal;
    data->r0 = isd_box_spacing(&frame->box, frame->n);
    for (int t = 1; t <= frame->n_types; t++)
        data->atoms_of[t] = isd_snapshot_count(frame, t);
    return ISD_OK;
}

static double longest(const double *u, int32_t n)
{
    double most = 0;
    for (int32_t i = 0; u && i < n; i++)
        most = fmax(most, u[i]);
    return most;
}

/* The longest displacement, so that nothing is looked for further away than it reaches. */
static void measure_match(struct slice_data *data)
{
    const struct match *match = data->match;
    if (!match || (match == data->measured && match->d_min == data->measured_d_min))
        return;
    data->measured = match;
    data->measured_d_min = match->d_min;
    data->longest = fmax(longest(match->u_lab, match->n), longest(match->u_mat, match->n));
}

static void scale_radii(const struct tui *tui, struct slice_data *data)
{
    radii_of(tui->session, data->radius, data->letter);
    for (int t = 0; t <= ISD_MAX_TYPES; t++)
        data->radius[t] *= tui->sight.look.slice.size;
}

isd_status slice_take_rings(const struct tui *tui, struct slice_data *data, isd_error *err)
{
    double cut = tui->sight.look.slice.cut;
    bool same = data->rings.member && data->rings_d_min == data->match->d_min && data->rings_news == tui->sight.news
                && (data->rings_cut == cut || (isnan(data->rings_cut) && isnan(cut)));
    if (same)
        return ISD_OK;
    rings_done(&data->rings);
    data->rings_d_min = data->match->d_min;
    data->rings_cut = cut;
    data->rings_news = tui->sight.news;
    return rings_make(data->match, cut, &data->rings, err);
}

/* The cycle that the marked atom is in. */
static void find_ring(struct tui *tui, struct slice_data *data)
{
    int32_t atom = data->match ? tui->atoms.mark : -1;
    data->ring = -1;
    if (atom < 0 || !data->match->cycle || data->match->cycle[atom] == 0 || slice_take_rings(tui, data, NULL) != ISD_OK)
        return;
    data->ring = rings_of(&data->rings, atom);
}

/* Whoever goes to another atom wants to see it: the plane moves there, and a zoomed window too. */
static void follow_atom(struct tui *tui, struct slice_data *data)
{
    int32_t atom = data->match ? tui->atoms.mark : -1;
    if (atom < 0 || tui->sight.atom == data->atom)
        return;
    data->atom = tui->sight.atom;
    struct slice_look *look = &tui->sight.look.slice;
    struct slice_plot plot = slice_make_plot(tui, data);
    const double *place = &data->slab.place[3 * (size_t)data->slab.where[atom]];
    if (!slice_holds(&plot, atom))
        look->plane = data->slab.sign * place[SLAB_DEPTH];
    struct view_axes *axes = &tui->sight.look.axes[VIEW_SLICE];
    if (look->space || plot.zoom <= 1)
        return;
    if (isfinite(axes->x_low) && (place[SLAB_ACROSS] < axes->x_low || place[SLAB_ACROSS] > axes->x_high)) {
        double half = 0.5 * (axes->x_high - axes->x_low);
        axes->x_low = place[SLAB_ACROSS] - half;
        axes->x_high = place[SLAB_ACROSS] + half;
    }
    if (isfinite(axes->y_low) && (place[SLAB_UP] < axes->y_low || place[SLAB_UP] > axes->y_high)) {
        double half = 0.5 * (axes->y_high - axes->y_low);
        axes->y_low = place[SLAB_UP] - half;
        axes->y_high = place[SLAB_UP] + half;
    }
}

/* A set that is seen for the first time is shown so large that its atoms are discs; `zoom fit` shows the whole cell. */
static void begin(struct tui *tui, struct slice_data *data, struct rect rect)
{
    struct view_axes *axes = tui->sight.look.slice.space ? &tui->sight.look.other_axes : &tui->sight.look.axes[VIEW_SLICE];
    if (data->starts == tui->sight.starts + 1)
        return;
    data->starts = tui->sight.starts + 1;
    struct slice_plot plot = slice_make_plot(tui, data);
    double zoom = slice_readable_zoom(&plot, rect.width, rect.height);
    if (isfinite(axes->x_low) || isfinite(axes->y_low) || zoom <= 1)
        return;
    const struct slab *slab = &data->slab;
    double half_x = 0.5 * (slab->high[SLAB_ACROSS] - slab->low[SLAB_ACROSS]), half_y = 0.5 * (slab->high[SLAB_UP] - slab->low[SLAB_UP]);
    axes->x_low = slab->low[SLAB_ACROSS] + half_x - half_x / zoom;
    axes->x_high = slab->low[SLAB_ACROSS] + half_x + half_x / zoom;
    axes->y_low = slab->low[SLAB_UP] + half_y - half_y / zoom;
    axes->y_high = slab->low[SLAB_UP] + half_y + half_y / zoom;
}

/* Among many atoms those that moved far are to be seen, or those of the cycle: the others are points then. */
static void find_moved(const struct tui *tui, struct slice_data *data)
{
    const struct slice_look *look = &tui->sight.look.slice;
    free(data->moved);
    data->moved = NULL;
    if (!data->match || !few_stand_out(look, data))
        return;
    const double *u = look->arrows == ARROWS_MATCHED || !data->match->u_lab ? data->match->u_mat : data->match->u_lab;
    double least = arrow_threshold(look, data);
    data->moved = malloc((size_t)data->frame->n + 1);
    const struct ring *ring = look->ring && data->ring >= 0 ? &data->rings.ring[data->ring] : NULL;
    for (int32_t i = 0; data->moved && i < data->frame->n; i++)
        data->moved[i] = !ring && u[i] > least;
    for (int32_t k = 0; data->moved && ring && k < ring->length; k++)
        data->moved[data->rings.member[ring->first + k]] = 1;
}

static void find_crowd(const struct tui *tui, struct slice_data *data, struct rect rect)
{
    enum { DISCS = 6 };
    struct slice_plot plot = slice_make_plot(tui, data);
    const double apart = tui->tier == GLYPH_ASCII ? INFINITY : slice_dots_apart(&plot, rect.width, rect.height);
    data->crowded = apart > 0 && apart < DISCS;
}

struct slice_layout slice_lay_out(const struct tui *tui, const struct slice_data *data, struct rect rect)
{
    int side = rect.width >= 110 ? 36 : rect.width >= 64 ? 24 : 0, room = rect.width - (side ? side + 2 : 0);
    struct slice_layout at = {.picture = {rect.x, rect.y, room, rect.height}};
    if (!tui->sight.look.slice.space && side) {
        struct slice_plot plot = slice_make_plot(tui, data);
        at.picture.width = slice_width(&plot, room, rect.height);
    }
    int x = at.picture.x + at.picture.width + 2;
    at.side = (struct rect){x, rect.y, side ? rect.x + rect.width - x : 0, rect.height};
    return at;
}

void slice_update(struct tui *tui, struct rect rect)
{
    struct slice_data *data = tui->data[VIEW_SLICE];
    const isd_snapshot *frame = NULL;
    data->state = find_frame(tui, data, &frame);
    if (data->state == ASK_READY && take_frame(tui, data, frame) != ISD_OK)
        data->state = ASK_FAILED;
    if (data->state != ASK_READY)
        return;
    measure_match(data);
    scale_radii(tui, data);
    data->u_high = data->match && data->match->u_lab ? data->r0 : 0.5 * data->r0;
    find_ring(tui, data);
    begin(tui, data, rect);
    find_crowd(tui, data, rect);
    find_moved(tui, data);
    follow_atom(tui, data);
    data->at = slice_lay_out(tui, data, rect);
}

bool slice_usable(const struct slice_data *data)
{
    return data && data->frame && data->state == ASK_READY;
}

static bool range(const struct tui *tui, struct view_axes *ret_axes)
{
    const struct slice_data *data = slice_data_of(tui);
    struct view_axes axes = tui->sight.look.axes[VIEW_SLICE];
    if (!slice_usable(data))
        return false;
    struct slice_plot plot = slice_make_plot(tui, data);
    const struct slab *slab = &data->slab;
    double half_x = 0.5 * (slab->high[SLAB_ACROSS] - slab->low[SLAB_ACROSS]) / plot.zoom,
           half_y = 0.5 * (slab->high[SLAB_UP] - slab->low[SLAB_UP]) / plot.zoom;
    double x = 0.5 * (slab->low[SLAB_ACROSS] + slab->high[SLAB_ACROSS]) + plot.centre[0],
           y = 0.5 * (slab->low[SLAB_UP] + slab->high[SLAB_UP]) + plot.centre[1];
    axes.x_low = x - half_x;
    axes.x_high = x + half_x;
    axes.y_low = y - half_y;
    axes.y_high = y + half_y;
    *ret_axes = axes;
    return true;
}

static bool dive(const struct tui *tui, char *command, size_t size)
{
    (void)tui;
    snprintf(command, size, "view table");
    return true;
}

static bool print_atoms(const struct tui *tui, char *command, size_t size)
{
    if (tui->sight.n_frames < 2)
        snprintf(command, size, "snapshot 0");
    else
        snprintf(command, size, "atoms %d:%d of=%s species=%s", tui->sight.pair.a, tui->sight.pair.b, tui->sight.look.raw ? "raw" : "is",
                 tui->sight.look.blind ? "blind" : "resolved");
    return true;
}

/* On paper as wide as 150 cells. */
static isd_status write_paper(const struct tui *tui, enum pen_kind kind, char **ret_bytes, size_t *ret_length, isd_error *err)
{
    enum { PAPER = 150 };
    const struct slice_data *data = slice_data_of(tui);
    const struct slice_look *look = &tui->sight.look.slice;
    const char *unit = unit_sign(session_length_sign(tui->session), GLYPH_BRAILLE);
    if (!slice_usable(data)) {
        isd_error_set(err, ISD_DATA, "there are no atoms to be seen yet");
        isd_error_hint(err, "wait; export FILE");
        return ISD_DATA;
    }
    struct slice_plot plot = slice_make_plot(tui, data);
    plot.tier = GLYPH_BRAILLE;
    int height = PAPER * data->at.picture.height / (data->at.picture.width > 0 ? data->at.picture.width : 1);
    if (look->space)
        return space_paper(&plot, look->turn, look->tip, PAPER, PAPER / 2, unit, kind, ret_bytes, ret_length, err);
    return slice_paper(&plot, PAPER, height > 0 ? height : PAPER / 2, unit, kind, ret_bytes, ret_length, err);
}

static void rebuild(const struct tui *tui, struct print_buffer *out)
{
    char words[600];
    const struct view_axes *axes = &tui->sight.look.axes[VIEW_SLICE];
    slice_look_words(&tui->sight.look.slice, words, sizeof words);
    print_text(out, "%s", words);
    if (tui->sight.look.slice.space && isfinite(axes->x_low) && isfinite(axes->y_low))
        print_text(out, "view slice; zoom x=%.17g:%.17g y=%.17g:%.17g\n", axes->x_low, axes->x_high, axes->y_low, axes->y_high);
}

static const struct key_hint hints[] = {{"( )", "plane"},  {"v", "arrows"}, {"p", "normal"},   {"w", "3D"},  {"< >", "thickness"}, {";", "cycle"},
                                        {"[ ]", "tw"},     {", .", "pair"}, {"+ -", "zoom"},   {"?", "keys"}, {":", "command"},    {"U", "colour"},
                                        {"hjkl", "atom"}, {"Enter", "table"}, {"e", "export"}, {"q", "leave"}};

const struct screen screen_slice = {
    .title = "slice", .digit = '3', .needs_data = true, .hints = hints, .n_hints = sizeof hints / sizeof *hints,
    .update = slice_update, .draw = slice_screen_draw, .heading = slice_screen_heading, .footing = slice_screen_footing, .cursor = slice_cursor,
    .click = slice_click, .drag = slice_drag, .wheel = slice_wheel, .dive = dive, .paper = write_paper, .print = print_atoms, .range = range,
    .command = slice_command, .rebuild = rebuild, .data_size = sizeof(struct slice_data), .done = done};
