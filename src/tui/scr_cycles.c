/* Atoms that took each other's places: how long cycles are, and which; from each of them into the slice.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/rings.h"
#include "tui/scr_answers.h"
#include "tui/state.h"
#include "view/bars.h"
#include "view/picture.h"
#include "view/table.h"

enum { MOST_BARS = 60 };

struct cycles_data {
    struct rings rings;
    bool made;
    double d_min, cut;          /* what they were made for */
    unsigned news, data_news;
    const isd_snapshot *frame;  /* a reference */
    int32_t here;               /* ring of the marked atom, -1: none */
    long top;                   /* first row of the list */
    struct table_home home;
    isd_error err;
};

static void done(void *arg)
{
    struct cycles_data *data = arg;
    rings_done(&data->rings);
    isd_snapshot_unref(data->frame);
}

static bool equal_or_none(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static int list_rows(const struct cycles_data *data, struct rect rect);

static void update(struct tui *tui, struct rect rect)
{
    struct cycles_data *data = tui->data[VIEW_CYCLES];
    const struct match *match = tui->atoms.state == ASK_READY ? tui->atoms.match : NULL;
    double cut = tui->sight.look.slice.cut;
    if (!match)
        return;
    if (!data->made || data->d_min != match->d_min || data->news != tui->sight.news || data->data_news != tui->data_news
        || !equal_or_none(data->cut, cut)) {
        rings_done(&data->rings);
        isd_snapshot_unref(data->frame);
        data->frame = isd_snapshot_ref(tui->atoms.a);
        data->made = rings_make(match, cut, &data->rings, &data->err) == ISD_OK;
        data->d_min = match->d_min;
        data->news = tui->sight.news;
        data->data_news = tui->data_news;
        data->cut = cut;
        data->top = 0;
        data->home = (struct table_home){0};
    }
    data->here = data->made && tui->atoms.mark >= 0 ? rings_of(&data->rings, tui->atoms.mark) : -1;
    struct table table = {.n_rows = data->rings.n, .top = data->top, .cursor = data->here < 0 ? data->top : data->here};
    table_settle(&table, &data->home, list_rows(data, rect));
    data->top = table.top;
}

/* --- drawing --- */

/* Lengths that occur, cycles first, then chains. */
static int make_bars(const struct rings *rings, struct bar *bars, char (*labels)[24])
{
    int n = 0;
    for (int32_t length = 2; length <= rings->longest && n < MOST_BARS; length++)
        if (rings->cycle_count[length] > 0) {
            snprintf(labels[n], sizeof labels[n], "%d atoms", (int)length);
            bars[n] = (struct bar){labels[n], rings->cycle_count[length], ROLE_LABELLED, '#'};
            n++;
        }
    for (int32_t edges = 1; edges <= rings->longest && n < MOST_BARS; edges++)
        if (rings->chain_count[edges] > 0) {
            snprintf(labels[n], sizeof labels[n], "%d edge%s", (int)edges, edges == 1 ? "" : "s");
            bars[n] = (struct bar){labels[n], rings->chain_count[edges], ROLE_MATCHED, 'o'};
            n++;
        }
    return n;
}

enum { COLUMN_CYCLE, COLUMN_LENGTH, COLUMN_U, COLUMN_MAT, COLUMN_LONGEST, COLUMN_ATOMS, COLUMNS };
static const struct table_column columns[COLUMNS] = {{"cycle", 6, false}, {"length", 7, false}, {"<u_lab>", 8, false},
                                                     {"<u_mat>", 8, false}, {"longest", 8, false}, {"atoms, each to the place of the next", 36, true}};

static void cell(void *arg, long row, int column, char *out, size_t size)
{
    const struct cycles_data *data = arg;
    const struct ring *ring = &data->rings.ring[row];
    size_t used = 0;
    switch (column) {
    case COLUMN_CYCLE:
        snprintf(out, size, "%d%s", (int)ring->cycle, ring->closed ? "" : "~");
        return;
    case COLUMN_LENGTH:
        snprintf(out, size, "%d", (int)ring->length);
        return;
    case COLUMN_U:
        snprintf(out, size, "%.3f", ring->u_lab);
        return;
    case COLUMN_MAT:
        snprintf(out, size, "%.3f", ring->u_mat);
        return;
    case COLUMN_LONGEST:
        snprintf(out, size, "%.3f", ring->longest);
        return;
    default:
        for (int32_t k = 0; k < ring->length && used + 24 < size && k < 9; k++)
            used += (size_t)snprintf(out + used, size - used, "%s%lld", k ? " > " : "",
                                     (long long)data->frame->id[data->rings.member[ring->first + k]]);
        if (ring->length > 9 && used < size)
            snprintf(out + used, size - used, " ...");
    }
}

/* Bars at the left or above, the list beside or below. */
static struct rect bars_rect(const struct cycles_data *data, struct rect rect)
{
    if (rect.width >= 110)
        return (struct rect){rect.x, rect.y + 1, 44, rect.height - 1};
    struct bar bars[MOST_BARS];
    char labels[MOST_BARS][24];
    int n = data && data->made ? make_bars(&data->rings, bars, labels) : 0;
    return (struct rect){rect.x, rect.y + 1, rect.width - 1, n < rect.height / 3 ? n : rect.height / 3};
}

static struct rect list_rect(const struct cycles_data *data, struct rect rect)
{
    struct rect bars = bars_rect(data, rect);
    if (rect.width >= 110)
        return (struct rect){rect.x + 47, rect.y + 1, rect.width - 48, rect.height - 1};
    return (struct rect){rect.x, bars.y + bars.height + 1, rect.width, rect.y + rect.height - bars.y - bars.height - 1};
}

static int list_rows(const struct cycles_data *data, struct rect rect)
{
    return list_rect(data, rect).height;
}

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct cycles_data *data = tui->data[VIEW_CYCLES];
    struct bar bars[MOST_BARS];
    char labels[MOST_BARS][24];
    if (!data || !data->made || tui->atoms.state != ASK_READY) {
        const isd_error *err = tui->atoms.state == ASK_FAILED ? &tui->atoms.err : data && tui->atoms.state == ASK_READY ? &data->err : NULL;
        answers_notice(tui, grid, rect, err, "waiting for the match of this pair");
        return;
    }
    const struct rings *rings = &data->rings;
    int32_t n = rings->fixed + rings->exchanged;
    char cut[40] = "";
    if (isfinite(data->cut))
        snprintf(cut, sizeof cut, ", %d chains at cut %.3g", (int)rings->n_chains, data->cut);
    grid_format(grid, rect.x + 1, rect.y, rect.width - 1, ROLE_TITLE, "%d of %d atoms stayed, %d exchanged in %d cycles%s", (int)rings->fixed,
                (int)n, (int)rings->exchanged, (int)rings->n_cycles, cut);
    struct rect at = bars_rect(data, rect), list = list_rect(data, rect);
    struct bars picture = {.bar = bars, .n = make_bars(rings, bars, labels), .log = tui->sight.look.axes[VIEW_CYCLES].log_x, .tier = tui->tier};
    bars_draw(grid, at.x + 1, at.y, at.width - 1, at.height, &picture, 0);
    if (picture.n > at.height && at.height > 0)
        grid_format(grid, at.x + at.width - 14, at.y + at.height - 1, 14, ROLE_DIM, "%d more below", picture.n - at.height);
    struct table_column wide[COLUMNS];
    memcpy(wide, columns, sizeof wide);
    if (list.width < 86)
        wide[COLUMN_ATOMS].title = "atoms";
    if (list.width > 84)
        wide[COLUMN_ATOMS].width = list.width - 46;
    else if (list.width >= 60)
        wide[COLUMN_ATOMS].width = list.width - 45;
    struct table table = {.columns = wide, .n_columns = COLUMNS, .n_rows = rings->n, .top = data->top, .cursor = data->here, .sorted = COLUMN_LENGTH,
                          .descending = true, .ascii = tui->tier == GLYPH_ASCII, .cell = cell, .arg = (void *)data};
    table_draw(grid, list.x, list.y, list.width, list.height, &table);
    if (rings->n == 0)
        grid_text(grid, list.x + 2, list.y + 2, list.width - 2, ROLE_DIM, "nobody has taken another's place");
}

/* --- keys and mouse --- */

static bool go_to_ring(const struct cycles_data *data, long row, char *command, size_t size)
{
    if (!data || !data->made || row < 0 || row >= data->rings.n)
        return false;
    snprintf(command, size, "goto atom=%lld", (long long)data->frame->id[data->rings.member[data->rings.ring[row].first]]);
    return true;
}

static bool cursor(const struct tui *tui, int right, int down, char *command, size_t size)
{
    const struct cycles_data *data = tui->data[VIEW_CYCLES];
    if (right != 0) {
        snprintf(command, size, "step cycle %+d", right);
        return true;
    }
    if (!data || !data->made || data->rings.n == 0)
        return false;
    long to = data->here < 0 ? 0 : data->here + down;
    return go_to_ring(data, to < 0 ? 0 : to >= data->rings.n ? data->rings.n - 1 : to, command, size);
}

static bool click(const struct tui *tui, struct rect rect, int x, int y, char *command, size_t size)
{
    const struct cycles_data *data = tui->data[VIEW_CYCLES];
    struct rect list = list_rect(data, rect);
    if (!data || x < list.x || y <= list.y)
        return false;
    return go_to_ring(data, data->top + y - list.y - 1, command, size);
}

static bool dive(const struct tui *tui, char *command, size_t size)
{
    const struct cycles_data *data = tui->data[VIEW_CYCLES];
    char there[80] = "";
    bool chosen = tui->sight.atom != SIGHT_NO_ATOM;
    if (!chosen && !go_to_ring(data, 0, there, sizeof there)) /* else the first of the list */
        return false;
    snprintf(command, size, "%s%sslice ring=on; view slice", there, chosen ? "" : "; ");
    return true;
}

static bool print_cycles(const struct tui *tui, char *command, size_t size)
{
    const struct sight *sight = &tui->sight;
    char cut[40] = "";
    if (isfinite(sight->look.slice.cut))
        snprintf(cut, sizeof cut, " cut=%.10g", sight->look.slice.cut);
    snprintf(command, size, "cycles %d:%d of=%s species=%s%s", sight->pair.a, sight->pair.b, sight->look.raw ? "raw" : "is",
             sight->look.blind ? "blind" : "resolved", cut);
    return true;
}

/* How many of each length, cycles by atoms and chains by edges. */
static const struct picture *picture_cycles(const struct tui *tui, struct picture *ret_picture)
{
    const struct cycles_data *data = tui->data[VIEW_CYCLES];
    double x[2][MOST_BARS], y[2][MOST_BARS];
    struct curve curves[2];
    char title[160];
    int n_curves = 0, most = 5; /* ticks at whole numbers */
    if (!data || !data->made)
        return NULL;
    const struct rings *rings = &data->rings;
    for (int c = 0; c < 2; c++) {
        const int32_t *count = c ? rings->chain_count : rings->cycle_count;
        int n = 0;
        for (int32_t length = 1; length <= rings->longest && n < MOST_BARS; length++)
            if (count[length] > 0) {
                most = count[length] > most ? count[length] : most;
                x[c][n] = length;
                y[c][n++] = count[length];
            }
        if (n > 0)
            curves[n_curves++] = (struct curve){.x = x[c], .y = y[c], .n = n, .style = CURVE_POINTS, .role = c ? ROLE_MATCHED : ROLE_LABELLED,
                                                .marker = c, .label = c ? "chains, by edges" : "cycles, by atoms"};
    }
    struct plot plot = {.x = {.label = "length", .low = 0, .high = rings->longest + 1},
                        .y = {.label = "how many", .low = 0, .high = 1.08 * most}, .curves = curves, .n_curves = n_curves, .cursor = NAN};
    snprintf(title, sizeof title, "%d of %d atoms took others' places: %d cycles", (int)rings->exchanged, (int)(rings->fixed + rings->exchanged),
             (int)rings->n_cycles);
    picture_copy_plot(ret_picture, &plot, title);
    return picture_close(ret_picture) ? ret_picture : NULL;
}

static const struct key_hint hints[] = {{"j k", "cycle"}, {"Enter", "in the slice"}, {";", "along it"}, {"c", "cut"},   {"X", "log"},  {"?", "keys"},
                                        {"[ ]", "tw"},    {", .", "pair"},          {":", "command"}, {"e", "export"}, {"q", "leave"}};

const struct screen screen_cycles = {.title = "cycles", .digit = '9', .needs_data = true, .hints = hints, .n_hints = sizeof hints / sizeof *hints,
                                     .update = update, .draw = draw, .cursor = cursor, .click = click, .dive = dive, .print = print_cycles,
                                     .picture = picture_cycles,
                                     .data_size = sizeof(struct cycles_data), .done = done};
