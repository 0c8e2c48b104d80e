/* Pictures of what was shown. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/paint.h"

#include <stdlib.h>
#include <string.h>

#include "view/picture.h"

isd_status paint_file(const struct result *const *results, int n, enum painting kind, char **ret_bytes, size_t *ret_length,
                      isd_error *err)
{
    static const enum pen_kind pens[] = {[PAINT_SVG] = PEN_SVG, [PAINT_PDF] = PEN_PDF, [PAINT_PNG] = PEN_PNG};
    struct picture picture;
    if (!picture_make(results, n, &picture)) {
        if (picture.failed)
            return isd_error_memory(err);
        isd_error_set(err, ISD_UNSUPPORTED, "there is no picture of what was shown last (%s)", result_command(results[0]) ? result_command(results[0]) : "");
        isd_error_hint(err, "fit power ; export law.svg    (points, series, relaxation, map, pu, gr, fidelity, cycles, atoms and curves have pictures, too)");
        return ISD_UNSUPPORTED;
    }
    isd_status status = ISD_OK;
    if (kind == PAINT_GNUPLOT) {
        char *text = picture_gnuplot(&picture);
        if (text) {
            *ret_bytes = text;
            *ret_length = strlen(text);
        } else {
            status = isd_error_memory(err);
        }
    } else {
        status = picture_paper(&picture, pens[kind], ret_bytes, ret_length, err);
    }
    picture_done(&picture);
    return status;
}

static char *text_of(const struct picture *picture, const struct plot_place *place)
{
    struct grid grid;
    if (!grid_init(&grid, place->width, picture_height(picture, place->width, place->height)))
        return NULL;
    picture_draw(&grid, 0, 0, grid.width, grid.height, picture, place->tier, place->colour);
    char *text = grid.failed ? NULL : place->colour ? grid_to_ansi(&grid, RAMP_CIVIDIS) : grid_to_text(&grid);
    grid_done(&grid);
    return text;
}

bool paint_text(const struct session *session, const struct plot_place *place, char **ret_text)
{
    int n = session_shown_count(session);
    const struct result **results = malloc(((size_t)n + 1) * sizeof *results);
    struct picture picture = {.n = 0};
    *ret_text = NULL;
    for (int k = 0; k < n && results; k++)
        results[k] = session_shown(session, k);
    bool made = results && picture_make(results, n, &picture), sound = results && !picture.failed;
    if (made)
        sound = (*ret_text = text_of(&picture, place)) != NULL;
    picture_done(&picture);
    free(results);
    return sound;
}
