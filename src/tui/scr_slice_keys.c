/* The atoms view: what keys, the mouse and commands do in it. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "tui/scr_slice.h"
#include "view/space.h"

/* --- keys and mouse --- */

static bool go_to(const struct slice_data *data, int32_t atom, char *command, size_t size)
{
    if (atom < 0)
        return false;
    snprintf(command, size, "goto atom=%lld", (long long)data->frame->id[atom]);
    return true;
}

bool slice_cursor(const struct tui *tui, int right, int down, char *command, size_t size)
{
    const struct slice_data *data = slice_data_of(tui);
    const struct slice_look *look = &tui->sight.look.slice;
    if (!slice_usable(data))
        return false;
    if (look->space) {
        double turn = fmod(look->turn + 10 * right + 360, 360), tip = fmax(-90, fmin(90, look->tip + 10 * down));
        snprintf(command, size, "slice turn=%g tip=%g", turn, tip);
        return true;
    }
    struct slice_plot plot = slice_make_plot(tui, data);
    return go_to(data, slice_next(&plot, data->at.picture.width, data->at.picture.height, right, -down), command, size);
}

bool slice_click(const struct tui *tui, struct rect rect, int x, int y, char *command, size_t size)
{
    const struct slice_data *data = slice_data_of(tui);
    const struct slice_look *look = &tui->sight.look.slice;
    if (!slice_usable(data))
        return false;
    struct slice_layout at = slice_lay_out(tui, data, rect);
    if (x >= at.picture.x + at.picture.width)
        return false;
    struct slice_plot plot = slice_make_plot(tui, data);
    int column = x - at.picture.x, row = y - at.picture.y, width = at.picture.width, height = at.picture.height;
    return go_to(data, look->space ? space_pick(&plot, width, height, look->turn, look->tip, column, row)
                                   : slice_pick(&plot, width, height, column, row),
                 command, size);
}

bool slice_drag(const struct tui *tui, struct rect rect, int from_x, int from_y, int to_x, int to_y, char *command, size_t size)
{
    const struct slice_data *data = slice_data_of(tui);
    const struct slice_look *look = &tui->sight.look.slice;
    double from[2], to[2];
    if (!slice_usable(data) || (from_x == to_x && from_y == to_y))
        return false;
    if (look->space) {
        snprintf(command, size, "slice turn=%g tip=%g", fmod(look->turn + 4 * (to_x - from_x) + 360, 360),
                 fmax(-90, fmin(90, look->tip + 8 * (to_y - from_y))));
        return true;
    }
    struct slice_plot plot = slice_make_plot(tui, data);
    struct slice_layout parts = slice_lay_out(tui, data, rect);
    const struct rect *at = &parts.picture;
    if (!slice_place(&plot, at->width, at->height, from_x - at->x, from_y - at->y, from)
        || !slice_place(&plot, at->width, at->height, to_x - at->x, to_y - at->y, to) || from[0] == to[0] || from[1] == to[1])
        return false;
    snprintf(command, size, "zoom x=%.5g:%.5g y=%.5g:%.5g", fmin(from[0], to[0]), fmax(from[0], to[0]), fmin(from[1], to[1]),
             fmax(from[1], to[1]));
    return true;
}

bool slice_wheel(const struct tui *tui, struct rect rect, int x, int y, int down, char *command, size_t size)
{
    const struct slice_data *data = slice_data_of(tui);
    double place[2];
    if (!slice_usable(data))
        return false;
    struct slice_layout at = slice_lay_out(tui, data, rect);
    struct slice_plot plot = slice_make_plot(tui, data);
    if (!slice_place(&plot, at.picture.width, at.picture.height, x - at.picture.x, y - at.picture.y, place))
        return false;
    snprintf(command, size, "zoom %s x=%.5g y=%.5g", down > 0 ? "out" : "in", place[0], place[1]);
    return true;
}

bool slice_thickness_command(const struct tui *tui, double factor, char *out, size_t size)
{
    const struct slice_data *data = slice_data_of(tui);
    if (!slice_usable(data))
        return false;
    snprintf(out, size, "slice thick=%.3g", factor * slice_thickness(tui, data));
    return true;
}

/* --- commands of this view --- */

/* Round the cell along a periodic normal. Steps are small against the thickness: nearly all atoms stay, so that the eye follows them and a
 * slow line carries little. */
static enum sight_outcome step_plane(struct tui *tui, const struct slice_data *data, const char *word, isd_error *err)
{
    struct slice_look *look = &tui->sight.look.slice;
    const struct slab *slab = &data->slab;
    double low = slab->low[SLAB_DEPTH], high = slab->high[SLAB_DEPTH], depth = slab_depth(slab, slice_plane(tui, data));
    int64_t by = 1;
    if (word && strcmp(word, "first") == 0)
        depth = slab->sign > 0 ? low : high;
    else if (word && strcmp(word, "last") == 0)
        depth = slab->sign > 0 ? high : low;
    else if (word && !scan_whole_int64(word, &by)) {
        isd_error_set(err, ISD_USAGE, "a step is +N, -N, first or last, not '%.40s'", word);
        return SIGHT_REFUSED;
    } else {
        depth += slab->sign * (double)by / SLICE_STEPS * slice_thickness(tui, data);
        double period = fabs(slab->vector[slab->axis[SLAB_DEPTH]][SLAB_DEPTH]);
        if (period > 0)
            depth -= period * floor((depth - low) / period);
        depth = fmax(low, fmin(high, depth));
    }
    /* Few digits are enough to look at, and the log of commands is read by people. */
    double shown = slab->sign * depth, digit = pow(10, floor(log10(fmax(slice_thickness(tui, data), 1e-9))) - 3);
    look->plane = digit * nearbyint(shown / digit);
    return SIGHT_CHANGED;
}

static enum sight_outcome refuse(isd_error *err, const char *what)
{
    isd_error_set(err, ISD_DATA, "%s", what);
    return SIGHT_REFUSED;
}

/* To the atom whose place the marked one has taken; without one, to the first of the longest cycle. */
static enum sight_outcome step_cycle(struct tui *tui, struct slice_data *data, const char *word, isd_error *err)
{
    const struct match *match = data->match;
    int64_t by = 1;
    if (word && !scan_whole_int64(word, &by)) {
        isd_error_set(err, ISD_USAGE, "a step along a cycle is +N or -N, not '%.40s'", word);
        return SIGHT_REFUSED;
    }
    if (!match)
        return refuse(err, "no match yet: nobody knows who took whose place");
    if (!match->cycle || match->n_cycles == 0)
        return refuse(err, match->labelled ? "no atoms have exchanged places" : "cycles need the ids of the atoms");
    if (data->ring < 0) {
        if (slice_take_rings(tui, data, err) != ISD_OK)
            return SIGHT_REFUSED;
        if (data->rings.n == 0)
            return refuse(err, "the cut leaves no edge of any cycle");
        tui->sight.atom = data->frame->id[data->rings.member[data->rings.ring[0].first]];
    } else {
        const struct ring *ring = &data->rings.ring[data->ring];
        const int32_t *member = data->rings.member + ring->first;
        int64_t at = 0;
        while (member[at] != tui->atoms.mark)
            at++;
        at = ((at + by) % ring->length + ring->length) % ring->length;
        tui->sight.atom = data->frame->id[member[at]];
    }
    tui->sight.u_of_atom = true;
    tui->sight.look.slice.ring = true;
    return SIGHT_CHANGED;
}

enum sight_outcome slice_command(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const char *what = call_word(call, 0);
    if (strcmp(call_spec(call)->name, "step") != 0 || (strcmp(what, "plane") != 0 && strcmp(what, "cycle") != 0))
        return SIGHT_NOT_MINE;
    /* Other views step along cycles, too, and may be the only ones that are seen. */
    struct slice_data *data = tui->data[VIEW_SLICE] ? tui->data[VIEW_SLICE] : calloc(1, sizeof *data);
    tui->data[VIEW_SLICE] = data;
    if (data && !tui->sight.paused)
        slice_update(tui, data->at.picture.width > 0 ? data->at.picture : (struct rect){0, 0, 80, 20});
    if (!slice_usable(data))
        return refuse(err, "no atoms to look at yet");
    return strcmp(what, "plane") == 0 ? step_plane(tui, data, call_word(call, 1), err) : step_cycle(tui, data, call_word(call, 1), err);
}
