/* The atoms: a slice with displacements as arrows, or all of them from any side; the numbers of the marked one beside it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/radii.h"
#include "app/rings.h"
#include "tui/state.h"
#include "view/pu_plot.h"
#include "view/slice.h"
#include "view/space.h"

struct slice_data {
    const isd_snapshot *frame;   /* a reference: what is drawn */
    const struct match *match;   /* of the pair looked at, borrowed anew with each update; NULL: not known yet */
    struct slab slab;            /* of the frame */
    int normal;                  /* that the slab was made for */
    double radius[ISD_MAX_TYPES + 1];
    char letter[ISD_MAX_TYPES + 1];
    double r0, u_high;
    struct rings rings;          /* of the match */
    double rings_d_min, rings_cut;
    int32_t ring;                /* of the marked atom, -1: none */
    int64_t atom;                /* that was marked at the last update: the plane follows another one */
    struct rect picture, side;   /* where they are; a side of width 0: no room */
    enum ask state;
    isd_error err;
};

static const struct slice_data *data_of(const struct tui *tui)
{
    return tui->data[VIEW_SLICE];
}

static void done(void *arg)
{
    struct slice_data *data = arg;
    isd_snapshot_unref(data->frame);
    slab_done(&data->slab);
    rings_done(&data->rings);
}

/* --- what is drawn --- */

/* The middle of the cell unless a plane was chosen. */
static double plane_of(const struct tui *tui, const struct slice_data *data)
{
    const struct slice_look *look = &tui->sight.look.slice;
    if (isfinite(look->plane))
        return look->plane;
    return data->slab.sign * 0.5 * (data->slab.low[SLAB_DEPTH] + data->slab.high[SLAB_DEPTH]);
}

static double thickness_of(const struct tui *tui, const struct slice_data *data)
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

static struct slice_plot make_plot(const struct tui *tui, const struct slice_data *data)
{
    const struct slice_look *look = &tui->sight.look.slice;
    const struct match *match = data->match;
    struct slice_plot plot = {.frame = data->frame,
                              .slab = &data->slab,
                              .plane = plane_of(tui, data),
                              .thickness = thickness_of(tui, data),
                              .lab = match && match->labelled ? match->vec_lab : NULL,
                              .mat = match ? match->vec_mat : NULL,
                              .arrows = (enum slice_arrows)look->arrows,
                              .scale = look->scale,
                              .threshold = isfinite(look->least) ? look->least : 0.15 * data->r0,
                              .radius = data->radius,
                              .letter = data->letter,
                              .atom = match ? tui->atoms.mark : -1,
                              .tier = tui->tier};
    place_window(&tui->sight.look.axes[VIEW_SLICE], &data->slab, &plot);
    if (match && tui->atoms.n_chosen > 0)
        plot.marked = tui->atoms.chosen;
    if (match && look->by_u) {
        plot.shade = look->arrows == ARROWS_MATCHED || !match->u_lab ? match->u_mat : match->u_lab;
        plot.shade_high = data->u_high;
    }
    if (look->ring && data->ring >= 0) {
        plot.ring = data->rings.member + data->rings.ring[data->ring].first;
        plot.n_ring = data->rings.ring[data->ring].length;
    }
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
    return ISD_OK;
}

static void scale_radii(const struct tui *tui, struct slice_data *data)
{
    radii_of(tui->session, data->radius, data->letter);
    for (int t = 0; t <= ISD_MAX_TYPES; t++)
        data->radius[t] *= tui->sight.look.slice.size;
}

/* The cycle that the marked atom is in; the lists are made when one is first asked for. */
static void find_ring(struct tui *tui, struct slice_data *data)
{
    const struct match *match = data->match;
    double cut = tui->sight.look.slice.cut;
    int32_t atom = match ? tui->atoms.mark : -1;
    data->ring = -1;
    if (atom < 0 || !match->cycle || match->cycle[atom] == 0)
        return;
    bool same = data->rings.n > 0 && data->rings_d_min == match->d_min
                && (data->rings_cut == cut || (isnan(data->rings_cut) && isnan(cut)));
    if (!same) {
        rings_done(&data->rings);
        if (rings_make(match, cut, &data->rings, NULL) != ISD_OK)
            return;
        data->rings_d_min = match->d_min;
        data->rings_cut = cut;
    }
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
    struct slice_plot plot = make_plot(tui, data);
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

static void find_places(const struct tui *tui, struct slice_data *data, struct rect rect)
{
    int side = rect.width >= 110 ? 36 : rect.width >= 64 ? 24 : 0, room = rect.width - (side ? side + 2 : 0);
    data->picture = (struct rect){rect.x, rect.y, room, rect.height};
    if (!tui->sight.look.slice.space && side) {
        struct slice_plot plot = make_plot(tui, data);
        data->picture.width = slice_width(&plot, room, rect.height);
    }
    int x = data->picture.x + data->picture.width + 2;
    data->side = (struct rect){x, rect.y, side ? rect.x + rect.width - x : 0, rect.height};
}

static void update(struct tui *tui, struct rect rect)
{
    struct slice_data *data = tui->data[VIEW_SLICE];
    const isd_snapshot *frame = NULL;
    data->state = find_frame(tui, data, &frame);
    if (data->state == ASK_READY && take_frame(tui, data, frame) != ISD_OK)
        data->state = ASK_FAILED;
    if (data->state != ASK_READY)
        return;
    scale_radii(tui, data);
    data->u_high = data->match && data->match->u_lab ? data->r0 : 0.5 * data->r0;
    find_ring(tui, data);
    follow_atom(tui, data);
    find_places(tui, data, rect);
}

/* --- drawing --- */

static const char *axis_name(const struct slice_data *data)
{
    static const char *const names[] = {"x", "y", "z"};
    return names[data->slab.axis[SLAB_DEPTH]];
}

static void describe_plane(const struct tui *tui, const struct slice_data *data, char *out, size_t size)
{
    if (data->frame->box.dim == 2)
        snprintf(out, size, "all atoms, 2D");
    else if (tui->sight.look.slice.space)
        snprintf(out, size, "turned %.0f, tipped %.0f", tui->sight.look.slice.turn, tui->sight.look.slice.tip);
    else
        snprintf(out, size, "slice %s = %.2f \u00b1 %.2f", axis_name(data), plane_of(tui, data), 0.5 * thickness_of(tui, data));
}

static void describe_arrows(const struct tui *tui, const struct slice_plot *plot, char *out, size_t size)
{
    static const char *const names[] = {"none", "labelled", "matched", "both"};
    if (!plot->mat && !plot->lab)
        snprintf(out, size, "no displacements yet");
    else if (plot->arrows == SLICE_NONE)
        snprintf(out, size, "no arrows");
    else
        snprintf(out, size, "%s \u00d7%.3g  u > %.2g", names[tui->sight.look.slice.arrows], plot->scale, plot->threshold);
}

struct column {
    struct grid *grid;
    struct rect rect;
    int line;
};

static void say(struct column *column, enum role role, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void say(struct column *column, enum role role, const char *format, ...)
{
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (column->line < column->rect.height)
        grid_text(column->grid, column->rect.x, column->rect.y + column->line, column->rect.width, role, text);
    column->line++;
}

/* Species as they are drawn; and how long a round length is. */
static void say_legend(const struct tui *tui, const struct slice_data *data, const struct slice_plot *plot, const struct slice_seen *seen,
                       struct column *column)
{
    const char *unit = unit_sign(session_length_unit(tui->session), tui->tier);
    for (int t = 1; t <= data->frame->n_types && t <= 4; t++)
        if (isd_snapshot_count(data->frame, t) > 0)
            say(column, slice_role(t), "%-3.12s %s", session_type_label(tui->session, t), tui->tier == GLYPH_ASCII ? "letter" : slice_style(t));
    if (plot->arrows == SLICE_BOTH) {
        say(column, ROLE_LABELLED, "labelled dotted");
        say(column, ROLE_MATCHED, "matched solid");
    }
    if (plot->shade) {
        int y = column->rect.y + column->line, x = column->rect.x;
        say(column, ROLE_NORMAL, "|u| 0          %.2g %s", plot->shade_high, unit);
        for (int level = 1; level <= RAMP_LEVELS && column->line <= column->rect.height; level++)
            grid_put_levels(column->grid, x + 5 + level, y, tui->tier == GLYPH_ASCII ? (uint32_t)ramp_glyph(level) : 0x2588, ROLE_NORMAL, level, 0);
    }
    if (seen->per_cell > 0 && column->line < column->rect.height) {
        double length = pow(10, floor(log10(seen->per_cell * column->rect.width * 0.6)));
        int cells = (int)lround(length / seen->per_cell), y = column->rect.y + column->line;
        say(column, ROLE_AXIS, " ");
        grid_fill(column->grid, column->rect.x, y, cells, 1, tui->tier == GLYPH_ASCII ? '-' : 0x2501, ROLE_AXIS);
        put_format(column->grid, column->rect.x + cells + 1, y, column->rect.width - cells - 1, ROLE_AXIS, "%g %s", length, unit);
    }
}

static void say_ring(const struct slice_data *data, struct column *column)
{
    char text[200] = "";
    const struct ring *ring = &data->rings.ring[data->ring];
    say(column, ROLE_TITLE, "%s of %d", ring->closed ? "cycle" : "chain", (int)ring->length);
    for (int32_t k = 0; k < ring->length + ring->closed; k++) {
        char next[32];
        long long id = (long long)data->frame->id[data->rings.member[ring->first + k % ring->length]];
        snprintf(next, sizeof next, "%lld%s", id, k + 1 < ring->length + ring->closed ? " > " : "");
        if ((int)(strlen(text) + strlen(next)) > column->rect.width) {
            say(column, ROLE_NORMAL, "%s", text);
            text[0] = '\0';
        }
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s", next);
    }
    say(column, ROLE_NORMAL, "%s", text);
}

static void say_atom(const struct tui *tui, const struct slice_data *data, struct column *column)
{
    const struct match *match = data->match;
    int32_t atom = match ? tui->atoms.mark : -1;
    if (atom < 0) {
        say(column, ROLE_DIM, match ? "arrows, hjkl: an atom" : " ");
        return;
    }
    double r[3];
    isd_box_wrap(&data->frame->box, &data->frame->position[3 * (size_t)atom], r);
    const double *u = match->labelled && match->vec_lab ? &match->vec_lab[3 * (size_t)atom] : &match->vec_mat[3 * (size_t)atom];
    say(column, ROLE_CURSOR, "atom %lld  type %s", (long long)data->frame->id[atom], session_type_label(tui->session, data->frame->type[atom]));
    say(column, ROLE_NORMAL, "r %6.2f %6.2f %6.2f", r[0], r[1], r[2]);
    say(column, ROLE_NORMAL, "u %6.2f %6.2f %6.2f", u[0], u[1], u[2]);
    if (match->u_lab)
        say(column, ROLE_NORMAL, "lab %.3f  mat %.3f", match->u_lab[atom], match->u_mat[atom]);
    else
        say(column, ROLE_NORMAL, "mat %.3f, no labels", match->u_mat[atom]);
    int64_t there = tui->atoms.b->id[match->partner[atom]];
    if (match->labelled && there != data->frame->id[atom])
        say(column, ROLE_NORMAL, "now atom %lld there", (long long)there);
    else if (match->labelled)
        say(column, ROLE_DIM, "at its own place");
    if (data->ring >= 0) {
        say(column, ROLE_NORMAL, " ");
        say_ring(data, column);
    }
}

static void draw_side(const struct tui *tui, const struct slice_data *data, struct grid *grid, const struct slice_plot *plot,
                      const struct slice_seen *seen)
{
    struct column column = {grid, data->side, 0};
    char text[100];
    for (int y = 0; y < data->side.height; y++)
        grid_put(grid, data->side.x - 1, data->side.y + y, 0x2502, ROLE_AXIS);
    column.rect.x++;
    column.rect.width--;
    describe_plane(tui, data, text, sizeof text);
    say(&column, ROLE_TITLE, "%s", text);
    if (plot->marked)
        say(&column, ROLE_NORMAL, "%d of %d atoms, %d chosen", (int)seen->atoms, (int)data->frame->n, (int)tui->atoms.n_chosen);
    else
        say(&column, ROLE_NORMAL, "%d of %d atoms", (int)seen->atoms, (int)data->frame->n);
    describe_arrows(tui, plot, text, sizeof text);
    say(&column, ROLE_NORMAL, "%s", text);
    if (data->side.height >= 12)
        say(&column, ROLE_NORMAL, " ");
    say_legend(tui, data, plot, seen, &column);
    if (data->side.height >= 14)
        say(&column, ROLE_NORMAL, " ");
    say_atom(tui, data, &column);
}

static void draw_notice(const struct tui *tui, const struct slice_data *data, struct grid *grid, struct rect rect)
{
    int x = rect.x + 2, y = rect.y + rect.height / 3, width = rect.width - 2;
    if (data && data->state == ASK_FAILED) {
        grid_text(grid, x, y, width, ROLE_ERROR, data->err.what);
        grid_text(grid, x, y + 1, width, ROLE_NORMAL, data->err.hint);
    } else {
        put_format(grid, x, y, width, ROLE_WARN, tui->sight.paused ? "cancelled; the next step looks again" : "waiting for the atoms of frame %d",
                   tui->sight.n_frames > 1 ? tui->sight.pair.a : 0);
    }
}

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct slice_data *data = data_of(tui);
    struct slice_seen seen;
    if (!data || !data->frame || data->state == ASK_FAILED) {
        draw_notice(tui, data, grid, rect);
        return;
    }
    struct slice_plot plot = make_plot(tui, data);
    const struct rect *at = &data->picture;
    const struct slice_look *look = &tui->sight.look.slice;
    if (look->space)
        space_draw(grid, at->x, at->y, at->width, at->height, &plot, look->turn, look->tip, &seen);
    else
        slice_draw(grid, at->x, at->y, at->width, at->height, &plot, &seen);
    if (seen.mark_x >= 0) {
        grid->cursor_x = seen.mark_x;
        grid->cursor_y = seen.mark_y;
    }
    if (data->side.width > 0)
        draw_side(tui, data, grid, &plot, &seen);
}

static void heading(const struct tui *tui, char *out, size_t size)
{
    const struct slice_data *data = data_of(tui);
    if (data && data->frame)
        describe_plane(tui, data, out, size);
    else
        snprintf(out, size, "slice");
}

static void footing(const struct tui *tui, char *out, size_t size)
{
    const struct slice_data *data = data_of(tui);
    char arrows[64];
    *out = '\0';
    if (!data || !data->frame || data->side.width > 0)
        return;
    struct slice_plot plot = make_plot(tui, data);
    describe_arrows(tui, &plot, arrows, sizeof arrows);
    int32_t atom = plot.atom;
    if (atom >= 0 && data->match->u_lab)
        snprintf(out, size, "%s   atom %lld %s  lab %.2f  mat %.2f", arrows, (long long)data->frame->id[atom],
                 session_type_label(tui->session, data->frame->type[atom]), data->match->u_lab[atom], data->match->u_mat[atom]);
    else
        snprintf(out, size, "%s", arrows);
}

/* --- keys and mouse --- */

static bool go_to(const struct slice_data *data, int32_t atom, char *command, size_t size)
{
    if (atom < 0)
        return false;
    snprintf(command, size, "goto atom=%lld", (long long)data->frame->id[atom]);
    return true;
}

static bool usable(const struct slice_data *data)
{
    return data && data->frame && data->state == ASK_READY;
}

static bool cursor(const struct tui *tui, int right, int down, char *command, size_t size)
{
    const struct slice_data *data = data_of(tui);
    const struct slice_look *look = &tui->sight.look.slice;
    if (!usable(data))
        return false;
    if (look->space) {
        double turn = fmod(look->turn + 10 * right + 360, 360), tip = fmax(-90, fmin(90, look->tip + 10 * down));
        snprintf(command, size, "slice turn=%g tip=%g", turn, tip);
        return true;
    }
    struct slice_plot plot = make_plot(tui, data);
    return go_to(data, slice_next(&plot, data->picture.width, data->picture.height, right, -down), command, size);
}

static bool click(const struct tui *tui, struct rect rect, int x, int y, char *command, size_t size)
{
    const struct slice_data *data = data_of(tui);
    const struct slice_look *look = &tui->sight.look.slice;
    (void)rect;
    if (!usable(data) || x >= data->picture.x + data->picture.width)
        return false;
    struct slice_plot plot = make_plot(tui, data);
    int column = x - data->picture.x, row = y - data->picture.y, width = data->picture.width, height = data->picture.height;
    return go_to(data, look->space ? space_pick(&plot, width, height, look->turn, look->tip, column, row)
                                   : slice_pick(&plot, width, height, column, row),
                 command, size);
}

static bool drag(const struct tui *tui, struct rect rect, int from_x, int from_y, int to_x, int to_y, char *command, size_t size)
{
    const struct slice_data *data = data_of(tui);
    const struct slice_look *look = &tui->sight.look.slice;
    double from[2], to[2];
    (void)rect;
    if (!usable(data) || (from_x == to_x && from_y == to_y))
        return false;
    if (look->space) {
        snprintf(command, size, "slice turn=%g tip=%g", fmod(look->turn + 4 * (to_x - from_x) + 360, 360),
                 fmax(-90, fmin(90, look->tip + 8 * (to_y - from_y))));
        return true;
    }
    struct slice_plot plot = make_plot(tui, data);
    const struct rect *at = &data->picture;
    if (!slice_place(&plot, at->width, at->height, from_x - at->x, from_y - at->y, from)
        || !slice_place(&plot, at->width, at->height, to_x - at->x, to_y - at->y, to) || from[0] == to[0] || from[1] == to[1])
        return false;
    snprintf(command, size, "zoom x=%.5g:%.5g y=%.5g:%.5g", fmin(from[0], to[0]), fmax(from[0], to[0]), fmin(from[1], to[1]),
             fmax(from[1], to[1]));
    return true;
}

static bool wheel(const struct tui *tui, struct rect rect, int x, int y, int down, char *command, size_t size)
{
    const struct slice_data *data = data_of(tui);
    double place[2];
    (void)rect;
    if (!usable(data))
        return false;
    struct slice_plot plot = make_plot(tui, data);
    if (!slice_place(&plot, data->picture.width, data->picture.height, x - data->picture.x, y - data->picture.y, place))
        return false;
    snprintf(command, size, "zoom %s x=%.5g y=%.5g", down > 0 ? "out" : "in", place[0], place[1]);
    return true;
}

static bool range(const struct tui *tui, struct view_axes *ret_axes)
{
    const struct slice_data *data = data_of(tui);
    struct view_axes axes = tui->sight.look.axes[VIEW_SLICE];
    if (!usable(data))
        return false;
    struct slice_plot plot = make_plot(tui, data);
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
