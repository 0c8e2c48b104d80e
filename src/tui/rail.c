/* The list of the data at the left of large screens: sets, waiting times, bookmarks, what is selected. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/past.h"
#include "tui/state.h"

/* A row below the others, until there is no room. */
struct rows {
    struct grid *grid;
    struct rect rect;
    int y;
};

static bool row(struct rows *rows, enum role role, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool row(struct rows *rows, enum role role, const char *format, ...)
{
    char text[256];
    va_list arguments;
    if (rows->y >= rows->rect.y + rows->rect.height)
        return false;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    grid_text(rows->grid, rows->rect.x, rows->y++, rows->rect.width, role, text);
    return true;
}

static void add_sets(const struct tui *tui, struct rows *rows)
{
    int n = session_set_count(tui->session), here = session_current_set(tui->session), most = rows->rect.height / 4;
    int first = here >= most ? here - most + 1 : 0;
    for (int k = first; k < n && k < first + most; k++) {
        char name[100];
        const char *raw = session_set_name(tui->session, k);
        text_escape(raw, strlen(raw), name, sizeof name);
        row(rows, k == here ? ROLE_ACTIVE : ROLE_NORMAL, "%c %-.24s", k == here ? '>' : ' ', name);
    }
    if (n > first + most)
        row(rows, ROLE_DIM, "  and %d more", n - first - most);
}

static uint32_t bar(double share, enum glyph_tier tier)
{
    int level = (int)(share * 8 - 1e-9);
    level = level < 0 ? 0 : level > 7 ? 7 : level;
    return tier == GLYPH_ASCII ? (uint32_t)"12345678"[level] : tier == GLYPH_HALF ? (level < 4 ? '_' : 0x2584) : 0x2581 + (uint32_t)level;
}

/* D_min of the waiting times around the one looked at. */
static void add_times(const struct tui *tui, struct rows *rows, int most)
{
    const struct sight *sight = &tui->sight;
    int first = sight->tw_at - most / 2;
    double largest = 0;
    first = first > sight->n_tw - most ? sight->n_tw - most : first;
    first = first < 0 ? 0 : first;
    for (int k = 0; k < sight->n_tw; k++)
        if (isfinite(tui->tw_value[k]))
            largest = fmax(largest, tui->tw_value[k]);
    for (int k = first; k < sight->n_tw && k < first + most; k++) {
        char tw[24];
        bool here = k == sight->tw_at, known = isfinite(tui->tw_value[k]);
        int y = rows->y;
        short_number(sight->tw[k], tw, sizeof tw);
        if (known && row(rows, here ? ROLE_ACTIVE : ROLE_NORMAL, "%c %10s    %.4f", here ? '>' : ' ', tw, tui->tw_value[k]))
            grid_put(rows->grid, rows->rect.x + 14, y, bar(largest > 0 ? tui->tw_value[k] / largest : 0, tui->tier), ROLE_MATCHED);
        else if (!known)
            row(rows, here ? ROLE_ACTIVE : ROLE_DIM, "%c %10s    -", here ? '>' : ' ', tw);
    }
}

static void add_selection(const struct tui *tui, struct rows *rows)
{
    const struct look *look = &tui->sight.look;
    const struct atom_rows *atoms = &tui->atoms;
    if (tui->sight.atom != SIGHT_NO_ATOM)
        row(rows, ROLE_CURSOR, "atom %lld", (long long)tui->sight.atom);
    if (isfinite(look->brush_low))
        row(rows, ROLE_NORMAL, "u %.3g to %.3g: %d", look->brush_low, look->brush_high, (int)atoms->n);
    if (look->select[0])
        row(rows, ROLE_NORMAL, "%d: %.40s", (int)atoms->n_chosen, look->select);
    if (look->filter[0])
        row(rows, ROLE_NORMAL, "only %.40s", look->filter);
}

void rail_draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    struct rows rows = {.grid = grid, .rect = {rect.x + 1, rect.y, rect.width - 2, rect.height}, .y = rect.y};
    row(&rows, ROLE_TITLE, "data");
    if (!session_has_data(tui->session)) {
        row(&rows, ROLE_DIM, "none; o opens files");
        return;
    }
    add_sets(tui, &rows);
    int below = 4 + tui->past->n_bookmarks;
    rows.y++;
    if (tui->sight.n_tw > 0 && tui->tw_value) {
        row(&rows, ROLE_TITLE, "           tw     D_min");
        int most = rect.y + rect.height - rows.y - (below < 12 ? below : 12) - 3;
        add_times(tui, &rows, most > 3 ? most : 3);
        rows.y++;
    }
    if (tui->past->n_bookmarks > 0)
        row(&rows, ROLE_TITLE, "bookmarks");
    for (int k = 0; k < tui->past->n_bookmarks; k++) {
        const struct bookmark *mark = &tui->past->bookmark[k];
        row(&rows, ROLE_NORMAL, "%-4.12s %s %d:%d", mark->name, view_name(mark->place.view), mark->place.pair.a, mark->place.pair.b);
    }
    row(&rows, ROLE_TITLE, "selection");
    int before = rows.y;
    add_selection(tui, &rows);
    if (rows.y == before)
        row(&rows, ROLE_DIM, "none");
}
