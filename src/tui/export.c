/* The view with the focus as a file. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "app/shown.h"
#include "tui/state.h"
#include "view/grid_paper.h"

/* What a suffix stands for: numbers, characters, or a drawing. */
enum file_kind { FILE_NUMBERS, FILE_CHARACTERS, FILE_DRAWING };
struct suffix {
    const char *text;
    enum file_kind kind;
    enum pen_kind pen;
};

static const struct suffix *suffix_of(const char *path)
{
    static const struct suffix known[] = {{".csv", FILE_NUMBERS, PEN_SVG},  {".tsv", FILE_NUMBERS, PEN_SVG},    {".json", FILE_NUMBERS, PEN_SVG},
                                          {".svg", FILE_DRAWING, PEN_SVG},  {".gp", FILE_DRAWING, PEN_GNUPLOT}, {".pdf", FILE_DRAWING, PEN_PDF},
                                          {".png", FILE_DRAWING, PEN_PNG},  {".txt", FILE_CHARACTERS, PEN_SVG}};
    const char *end = strrchr(path, '.');
    for (size_t k = 0; end && k < sizeof known / sizeof *known; k++)
        if (strcmp(end, known[k].text) == 0)
            return &known[k];
    return NULL;
}

static enum ask write_bytes(struct tui *tui, const char *path, isd_status status, char *bytes, size_t length, isd_error *err)
{
    if (status == ISD_OK)
        status = session_write_text(tui->session, path, bytes, length, err);
    free(bytes);
    return status == ISD_OK ? ASK_READY : ASK_FAILED;
}

/* The characters of the view, as large as it is now. */
static bool draw_characters(struct tui *tui, struct grid *grid)
{
    const struct screen *screen = screen_of(tui->sight.view);
    struct rect rect = frame_view_rect(tui);
    if (!grid_init(grid, rect.width, rect.height))
        return false;
    screen->draw(tui, grid, (struct rect){0, 0, rect.width, rect.height});
    if (tui->tier == GLYPH_ASCII)
        grid_to_ascii(grid);
    return !grid->failed;
}

static enum ask write_characters(struct tui *tui, const char *path, isd_error *err)
{
    struct grid grid = {0};
    char *text = draw_characters(tui, &grid) ? grid_to_text(&grid) : NULL;
    grid_done(&grid);
    return write_bytes(tui, path, text ? ISD_OK : isd_error_memory(err), text, text ? strlen(text) : 0, err);
}

static enum ramp ramp_of(const struct tui *tui)
{
    return tui->colours.theme == THEME_VIRIDIS ? RAMP_VIRIDIS : tui->colours.theme == THEME_GREY ? RAMP_GREY : RAMP_CIVIDIS;
}

static enum ask write_cells(struct tui *tui, const char *path, enum pen_kind pen, isd_error *err)
{
    struct grid grid = {0};
    char *bytes = NULL;
    size_t length = 0;
    isd_status status = draw_characters(tui, &grid) ? grid_paper(&grid, ramp_of(tui), pen, &bytes, &length, err) : isd_error_memory(err);
    grid_done(&grid);
    return write_bytes(tui, path, status, bytes, length, err);
}

static void keep_result(void *arg, struct result *result)
{
    session_show(arg, result);
}

static void drop_text(void *arg, const char *text)
{
    (void)arg;
    (void)text;
}

/* One command of the engine; its results are what was shown last. */
static enum ask run_line(struct tui *tui, const char *line, isd_error *err)
{
    struct script script = {.name = "(view)", .text = line, .line = 1, .column = 1};
    struct command_call *call = NULL;
    struct command_sink sink = {.result = keep_result, .text = drop_text, .arg = tui->session};
    if (command_parse(&script, &call, err) != ISD_OK || !call)
        return ASK_FAILED;
    session_show_begin(tui->session);
    enum ask state = command_run(tui->session, call, &sink, err);
    command_call_free(call);
    return state;
}

/* The lines of a view that no command prints. */
static enum ask show_lines(struct tui *tui, isd_error *err)
{
    struct grid grid = {0};
    char *text = draw_characters(tui, &grid) ? grid_to_text(&grid) : NULL;
    const char **lines = calloc((size_t)grid.height + 1, sizeof *lines);
    struct result *result = result_new(view_name(tui->sight.view), RESULT_ROWS);
    size_t n = 0;
    char *rest = text;
    for (char *line; text && lines && n < (size_t)grid.height && (line = strsep(&rest, "\n")) != NULL && rest;)
        lines[n++] = line;
    while (n > 1 && !*lines[n - 1])
        n--;
    if (lines)
        result_texts(result, "line", lines, n);
    bool good = text && lines && !result_failed(result);
    free(lines);
    free(text);
    grid_done(&grid);
    if (!good) {
        result_free(result);
        isd_error_memory(err);
        return ASK_FAILED;
    }
    session_show_begin(tui->session);
    session_show(tui->session, result);
    return ASK_READY;
}

/* Numbers of the view become what was shown last, which `export` writes. */
static enum ask show_numbers(struct tui *tui, isd_error *err)
{
    const struct screen *screen = screen_of(tui->sight.view);
    char command[1200];
    if (!screen->print || !screen->print(tui, command, sizeof command))
        return show_lines(tui, err);
    return run_line(tui, command, err);
}

static enum ask write_picture(struct tui *tui, const char *path, enum pen_kind pen, isd_error *err)
{
    const struct screen *screen = screen_of(tui->sight.view);
    struct picture own = {.n = 0};
    const struct picture *picture = screen->picture(tui, &own);
    char *bytes = NULL;
    size_t length = 0;
    enum ask state;
    if (own.failed) {
        isd_error_memory(err);
        state = ASK_FAILED;
    } else if (!picture || picture->n == 0) {
        state = job_pool_count(session_pool(tui->session)) > 0 ? ASK_PENDING /* it comes */
                                                                : screen_refuse(err, ISD_DATA, "there is nothing to be seen", "view table; export FILE");
    } else if (pen == PEN_GNUPLOT) {
        bytes = picture_gnuplot(picture);
        length = bytes ? strlen(bytes) : 0;
        state = write_bytes(tui, path, bytes ? ISD_OK : isd_error_memory(err), bytes, length, err);
    } else {
        isd_status status = picture_paper(picture, pen, &bytes, &length, err);
        state = write_bytes(tui, path, status, bytes, length, err);
    }
    picture_done(&own);
    return state;
}

static enum ask write_drawing(struct tui *tui, const char *path, enum pen_kind pen, isd_error *err)
{
    const struct screen *screen = screen_of(tui->sight.view);
    char *bytes = NULL;
    size_t length = 0;
    if (screen->paper) {
        isd_status status = screen->paper(tui, pen, &bytes, &length, err);
        return write_bytes(tui, path, status, bytes, length, err);
    }
    return screen->picture ? write_picture(tui, path, pen, err) : write_cells(tui, path, pen, err);
}

enum ask export_line(struct tui *tui, const char *line, const char *path, isd_error *err)
{
    enum ask state = run_line(tui, line, err);
    if (state != ASK_READY)
        return state;
    return session_export(tui->session, path, err) == ISD_OK ? ASK_READY : ASK_FAILED;
}

enum ask export_view(struct tui *tui, const char *path, isd_error *err)
{
    const struct suffix *suffix = suffix_of(path);
    if (!suffix)
        return screen_refuse(err, ISD_UNSUPPORTED, "the format of an export is told by the suffix, one of .csv .tsv .json .txt .svg .gp .pdf .png",
                      "export view.svg");
    if (suffix->kind == FILE_CHARACTERS)
        return write_characters(tui, path, err);
    if (suffix->kind == FILE_DRAWING)
        return write_drawing(tui, path, suffix->pen, err);
    enum ask state = show_numbers(tui, err);
    if (state != ASK_READY)
        return state;
    isd_status status = session_export(tui->session, path, err);
    return status == ISD_OK ? ASK_READY : ASK_FAILED;
}
