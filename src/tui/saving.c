/* The commands that lead to what is seen now. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/saving.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/shown.h"
#include "app/trail.h"
#include "app/two_time.h"
#include "repl/history.h"
#include "tui/past.h"

#define MOST_BYTES (64 << 20)

char *saving_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL, *grown;
    size_t length = 0, got;
    if (!file)
        return NULL;
    do {
        grown = realloc(text, length + 65537);
        if (!grown)
            break;
        text = grown;
        got = fread(text + length, 1, 65536, file);
        length += got;
    } while (got > 0 && length < MOST_BYTES);
    int problem = !grown ? ENOMEM : ferror(file) ? EIO : length >= MOST_BYTES ? EFBIG : 0;
    fclose(file);
    if (!problem && memchr(text, '\0', length))
        problem = EILSEQ;
    if (problem) {
        free(text);
        errno = problem;
        return NULL;
    }
    text[length] = '\0';
    return text;
}

void saving_rc_path(char *out, size_t size)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    *out = '\0';
    if (config && config[0] == '/') /* a relative one is to be ignored */
        snprintf(out, size, "%s/isdmin/isdminrc", config);
    else if (home && *home)
        snprintf(out, size, "%s/.config/isdmin/isdminrc", home);
}

/* --- the commands --- */

static void add_settings(const struct tui *tui, struct print_buffer *out)
{
    static const char *const tiers[] = {[GLYPH_BRAILLE] = "braille", [GLYPH_HALF] = "half", [GLYPH_ASCII] = "ascii"};
    static const char *const layouts[] = {[LAYOUT_AUTO] = "auto", [LAYOUT_ONE] = "one", [LAYOUT_TWO] = "two",
                                          [LAYOUT_WIDE] = "wide", [LAYOUT_QUAD] = "quad"};
    print_text(out, "set theme=%s ground=%s\n", theme_name(tui->colours.theme), tui->colours.light ? "light" : "dark");
    if (tui->tier != tui->own_tier)
        print_text(out, "set glyphs=%s\n", tiers[tui->tier]);
    if (tui->map_frames != TWO_TIME_FRAMES)
        print_text(out, "set map=%d\n", tui->map_frames);
    print_text(out, "layout %s\n", layouts[tui->want.kind]);
}

static void add_interval(struct print_buffer *out, const char *name, double low, double high)
{
    if (isfinite(low))
        print_text(out, " %s=%.17g:%.17g", name, low, high);
}

/* Axes of each view that differ from those of the start; `axis` and `zoom` are about the view looked at. */
static void add_axes(const struct tui *tui, struct print_buffer *out)
{
    struct sight fresh;
    sight_init(&fresh, tui->session);
    for (int view = 0; view < VIEW_COUNT; view++) {
        const struct view_axes *now = &tui->sight.look.axes[view], *start = &fresh.look.axes[view];
        bool zoomed = isfinite(now->x_low) || isfinite(now->y_low);
        if (!screen_of((enum view_id)view) || (now->log_x == start->log_x && now->log_y == start->log_y && !zoomed))
            continue;
        print_text(out, "view %s; axis x %s; axis y %s", view_name((enum view_id)view), now->log_x ? "log" : "lin",
                   now->log_y ? "log" : "lin");
        if (zoomed) {
            print_text(out, "; zoom");
            add_interval(out, "x", now->x_low, now->x_high);
            add_interval(out, "y", now->y_low, now->y_high);
        }
        print_text(out, "\n");
    }
}

static void add_look(const struct tui *tui, struct print_buffer *out)
{
    static const char *const shows[] = {
        [SIGHT_BOTH] = "both", [SIGHT_LABELLED] = "lab", [SIGHT_MATCHED] = "mat", [SIGHT_DIFFERENCE] = "diff"};
    const struct look *look = &tui->sight.look;
    char columns[120];
    if (!look->raw_forced)
        print_text(out, "of %s\n", look->raw ? "raw" : "is");
    print_text(out, "species %s; show %s; stack %s\n", look->blind ? "blind" : "resolved", shows[look->show],
               look->stack ? "on" : "off");
    if (session_has_data(tui->session) && look->type)
        print_text(out, "type '%s'\n", session_type_label(tui->session, look->type));
    else if (session_has_data(tui->session))
        print_text(out, "type all\n");
    if (look->bins)
        print_text(out, "bins %s%d\n", look->log_bins ? "log " : "", look->bins);
    else if (look->log_bins)
        print_text(out, "bins log\n");
    if (look->instant)
        print_text(out, "instant on\n");
    if (isfinite(look->brush_low))
        print_text(out, "brush u=%.17g:%.17g\n", look->brush_low, look->brush_high);
    table_columns_text(look, columns, sizeof columns);
    print_text(out, "columns %s\n", columns);
    print_text(out, "sort %s %s\n", look->sort + (look->sort[0] == '-'), look->sort[0] == '-' ? "desc" : "asc");
    print_text(out, "filter %s\nselect %s\n", look->filter[0] ? look->filter : "off", look->select[0] ? look->select : "clear");
}

static void add_place(const struct tui *tui, struct print_buffer *out)
{
    const struct sight *sight = &tui->sight;
    char words[160];
    sight_place_words(sight, words, sizeof words);
    if (words[0])
        print_text(out, "%s\n", words);
    if (!sight->custom && sight->n_frames > 1)
        print_text(out, "average %s\n", sight->look.average ? "on" : "off");
    if (sight->atom != SIGHT_NO_ATOM)
        print_text(out, "goto atom=%lld\n", (long long)sight->atom);
    if (isfinite(sight->u) && !sight->u_of_atom)
        print_text(out, "goto u=%.17g\n", sight->u);
    if (tui->atoms.home.top > 0)
        print_text(out, "goto top=%ld\n", tui->atoms.home.top + 1);
    if (tui->atoms.column > 0)
        print_text(out, "step column first; step column %+d\n", tui->atoms.column);
}

/* Which view is in which pane: each is shown with the focus there. */
static void add_views(const struct tui *tui, struct print_buffer *out)
{
    for (int k = 0; k < tui->layout.n_panes; k++)
        if (session_has_data(tui->session) || !screen_of(tui->layout.pane[k].view)->needs_data)
            print_text(out, "pane %d; view %s\n", tui->layout.pane[k].slot + 1, view_name(tui->layout.pane[k].view));
    print_text(out, "pane %d; view %s\n", tui->want.focus + 1, view_name(tui->sight.view));
    if (tui->want.maximised)
        print_text(out, "pane max on\n");
}

void saving_quote(struct print_buffer *out, const char *text)
{
    print_text(out, "\"");
    for (; *text; text++)
        print_text(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    print_text(out, "\"");
}

static void add_remarks(const struct tui *tui, struct print_buffer *out)
{
    for (int k = 0; k < tui->past->n_notes; k++) {
        char place[sizeof tui->past->note[k].place + 3];
        snprintf(place, sizeof place, "at=%s", tui->past->note[k].place);
        print_text(out, "note ");
        saving_quote(out, place);
        print_text(out, " ");
        saving_quote(out, tui->past->note[k].text);
        print_text(out, "\n");
    }
}

isd_status saving_write(const struct tui *tui, const char *path, isd_error *err)
{
    struct print_buffer out = {0};
    print_text(&out, "# the commands that lead to one screen of isdmin\n");
    print_text(&out, "%s", tui->opened ? tui->opened : "");
    print_text(&out, "%s", trail_text(tui->session));
    add_settings(tui, &out);
    const bool data = session_has_data(tui->session); /* without it there is nothing to look at */
    if (data) {
        add_axes(tui, &out);
        add_look(tui, &out);
    }
    for (int view = 0; view < VIEW_COUNT; view++)
        if (screen_of((enum view_id)view) && screen_of((enum view_id)view)->rebuild && (data || !screen_of((enum view_id)view)->needs_data))
            screen_of((enum view_id)view)->rebuild(tui, &out);
    if (data)
        add_place(tui, &out);
    add_remarks(tui, &out);
    add_views(tui, &out);
    isd_status status = out.failed ? isd_error_memory(err) : session_write_quietly(path, out.data, out.length, err);
    print_buffer_done(&out);
    return status;
}

void saving_last_path(bool make, char *out, size_t size)
{
    char folder[4096];
    history_folder(make, folder, sizeof folder);
    int n = folder[0] ? snprintf(out, size, "%s/last.isd", folder) : -1;
    if (n < 0 || (size_t)n >= size)
        out[0] = '\0';
}

isd_status saving_keep_last(const struct tui *tui, bool *ret_kept, isd_error *err)
{
    char path[4096 + 16];
    *ret_kept = false;
    if (!session_has_data(tui->session))
        return ISD_OK;
    saving_last_path(true, path, sizeof path);
    if (!path[0]) {
        isd_error_set(err, ISD_IO, "there is no folder for it");
        isd_error_hint(err, "set HOME, or XDG_STATE_HOME to a path from the root");
        return ISD_IO;
    }
    isd_status status = saving_write(tui, path, err);
    *ret_kept = status == ISD_OK;
    return status;
}
