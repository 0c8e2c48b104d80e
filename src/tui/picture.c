/* The view with the focus as a file. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "app/shown.h"
#include "tui/state.h"

static enum ask refuse(isd_error *err, isd_status status, const char *what, const char *hint)
{
    isd_error_set(err, status, "%s", what);
    isd_error_hint(err, "%s", hint);
    return ASK_FAILED;
}

/* The characters of the view, as large as it is now. */
static enum ask write_text(struct tui *tui, const char *path, isd_error *err)
{
    const struct screen *screen = screen_of(tui->sight.view);
    struct rect rect = frame_view_rect(tui);
    struct grid grid;
    char *text = NULL;
    if (grid_init(&grid, rect.width, rect.height)) {
        screen->draw(tui, &grid, (struct rect){0, 0, rect.width, rect.height});
        if (tui->tier == GLYPH_ASCII)
            grid_to_ascii(&grid);
        text = grid_to_text(&grid);
        grid_done(&grid);
    }
    isd_status status = text ? session_write_text(tui->session, path, text, strlen(text), err) : isd_error_memory(err);
    free(text);
    return status == ISD_OK ? ASK_READY : ASK_FAILED;
}

static enum ask write_svg(struct tui *tui, const char *path, isd_error *err)
{
    const struct screen *screen = screen_of(tui->sight.view);
    struct print_buffer out = {0};
    if (!screen->svg)
        return refuse(err, ISD_UNSUPPORTED, "this view is exported with its data", "key e, then FILE.svg");
    if (!screen->svg(tui, &out)) {
        print_buffer_done(&out);
        return refuse(err, ISD_DATA, "there is nothing to be seen yet", "wait");
    }
    isd_status status = out.failed ? isd_error_memory(err) : session_write_text(tui->session, path, out.data, out.length, err);
    print_buffer_done(&out);
    return status == ISD_OK ? ASK_READY : ASK_FAILED;
}

enum ask picture_write(struct tui *tui, const char *path, isd_error *err)
{
    const char *suffix = strrchr(path, '.');
    if (suffix && strcmp(suffix, ".svg") == 0)
        return write_svg(tui, path, err);
    if (suffix && strcmp(suffix, ".txt") == 0)
        return write_text(tui, path, err);
    return refuse(err, ISD_UNSUPPORTED, "the format of a picture is told by the suffix, .svg or .txt", "picture slice.svg");
}
