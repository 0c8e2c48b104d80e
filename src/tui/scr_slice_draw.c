/* The atoms view: the picture and the words beside it. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tui/scr_slice.h"
#include "view/space.h"

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
        snprintf(out, size, "slice %s = %.2f \u00b1 %.2f", axis_name(data), slice_plane(tui, data), 0.5 * slice_thickness(tui, data));
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
    const char *unit = unit_sign(session_length_sign(tui->session), tui->tier);
    for (int t = 1; t <= data->frame->n_types && t <= 4; t++)
        if (data->atoms_of[t] > 0)
            say(column, slice_role(t), "%-3.12s %s", session_type_label(tui->session, t),
                tui->tier == GLYPH_ASCII ? "letter" : data->crowded ? "point" : slice_style(t));
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
        grid_format(column->grid, column->rect.x + cells + 1, y, column->rect.width - cells - 1, ROLE_AXIS, "%g %s", length, unit);
    }
}

static void say_ring(const struct tui *tui, const struct slice_data *data, struct column *column)
{
    char text[200] = "";
    const struct ring *ring = &data->rings.ring[data->ring];
    const int32_t *member;
    int n;
    slice_ring_stretch(tui, data, &member, &n);
    bool whole = n == ring->length, closed = whole && ring->closed;
    say(column, ROLE_TITLE, "%s of %d", ring->closed ? "cycle" : "chain", (int)ring->length);
    for (int k = 0; k < n + closed; k++) {
        char next[40];
        bool last = k + 1 == n + closed;
        snprintf(next, sizeof next, "%lld%s", (long long)data->frame->id[member[k % n]], last ? whole ? "" : " ..." : " > ");
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
        say_ring(tui, data, column);
    }
}

static void draw_side(const struct tui *tui, const struct slice_data *data, struct grid *grid, struct rect side, const struct slice_plot *plot,
                      const struct slice_seen *seen)
{
    struct column column = {grid, side, 0};
    char text[100];
    for (int y = 0; y < side.height; y++)
        grid_put(grid, side.x - 1, side.y + y, 0x2502, ROLE_AXIS);
    column.rect.x++;
    column.rect.width--;
    describe_plane(tui, data, text, sizeof text);
    say(&column, ROLE_TITLE, "%s", text);
    bool stand_out = plot->marked && plot->marked == data->moved;
    if (stand_out && tui->sight.look.slice.space)
        say(&column, ROLE_NORMAL, "%d atoms", (int)data->frame->n);
    else if (plot->marked && !stand_out)
        say(&column, ROLE_NORMAL, "%d of %d atoms, %d chosen", (int)seen->atoms, (int)data->frame->n, (int)tui->atoms.n_chosen);
    else
        say(&column, ROLE_NORMAL, "%d of %d atoms", (int)seen->atoms, (int)data->frame->n);
    describe_arrows(tui, plot, text, sizeof text);
    say(&column, ROLE_NORMAL, "%s", text);
    if (stand_out)
        say(&column, ROLE_DIM, "those that moved stand out");
    if (seen->every_marked > 1)
        say(&column, ROLE_DIM, stand_out ? "of them one in %d drawn" : "one chosen in %d drawn", seen->every_marked);
    if (seen->every > 1)
        say(&column, ROLE_DIM, tui->sight.look.slice.space ? "one arrow in %d" : "one atom in %d drawn", seen->every);
    if (side.height >= 12)
        say(&column, ROLE_NORMAL, " ");
    say_legend(tui, data, plot, seen, &column);
    if (side.height >= 14)
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
        grid_format(grid, x, y, width, ROLE_WARN, tui->sight.paused ? "cancelled; the next step looks again" : "waiting for the atoms of frame %d",
                    tui->sight.n_frames > 1 ? tui->sight.pair.a : 0);
    }
}

void slice_screen_draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct slice_data *data = slice_data_of(tui);
    struct slice_seen seen;
    if (!data || !data->frame || data->state == ASK_FAILED) {
        draw_notice(tui, data, grid, rect);
        return;
    }
    struct slice_plot plot = slice_make_plot(tui, data);
    struct slice_layout parts = slice_lay_out(tui, data, rect);
    const struct rect *at = &parts.picture;
    const struct slice_look *look = &tui->sight.look.slice;
    if (look->space)
        space_draw(grid, at->x, at->y, at->width, at->height, &plot, look->turn, look->tip, &seen);
    else
        slice_draw(grid, at->x, at->y, at->width, at->height, &plot, &seen);
    if (seen.mark_x >= 0) {
        grid->cursor_x = seen.mark_x;
        grid->cursor_y = seen.mark_y;
    }
    if (parts.side.width > 0)
        draw_side(tui, data, grid, parts.side, &plot, &seen);
}

void slice_screen_heading(const struct tui *tui, char *out, size_t size)
{
    const struct slice_data *data = slice_data_of(tui);
    if (data && data->frame)
        describe_plane(tui, data, out, size);
    else
        snprintf(out, size, "slice");
}

void slice_screen_footing(const struct tui *tui, char *out, size_t size)
{
    const struct slice_data *data = slice_data_of(tui);
    char arrows[64];
    *out = '\0';
    if (!data || !data->frame)
        return;
    if (data->at.side.width > 0) {
        if (data->match && data->match->labelled)
            snprintf(out, size, "D_lab %.3f   D_min %.3f   %d exchanged in %d cycle%s, the longest of %d", data->match->rmsd, data->match->d_min,
                     (int)data->match->exchanged, (int)data->match->n_cycles, data->match->n_cycles == 1 ? "" : "s", (int)data->match->longest);
        else if (data->match)
            snprintf(out, size, "D_min %.3f", data->match->d_min);
        return;
    }
    struct slice_plot plot = slice_make_plot(tui, data);
    describe_arrows(tui, &plot, arrows, sizeof arrows);
    int32_t atom = plot.atom;
    if (atom >= 0 && data->match->u_lab)
        snprintf(out, size, "%s   atom %lld %s  lab %.2f  mat %.2f", arrows, (long long)data->frame->id[atom],
                 session_type_label(tui->session, data->frame->type[atom]), data->match->u_lab[atom], data->match->u_mat[atom]);
    else
        snprintf(out, size, "%s", arrows);
}
