/* The sessions view: the stores there are, used last first; from each of them to its data. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "app/keep.h"
#include "base/text.h"
#include "tui/scr_answers.h"
#include "tui/state.h"
#include "view/table.h"

struct sessions_data {
    struct keep_listing listing;
    bool made, failed;
    unsigned data_news; /* what was known then */
    long cursor, top;
    struct table_home home;
    isd_error err;
};

static void done(void *arg)
{
    struct sessions_data *data = arg;
    keep_listing_done(&data->listing);
}

/* Looked up again after every command that may have changed something. */
static void update(struct tui *tui, struct rect rect)
{
    struct sessions_data *data = tui->data[VIEW_SESSIONS];
    if (!data->made || data->data_news != tui->data_news) {
        keep_listing_done(&data->listing);
        data->listing = (struct keep_listing){0};
        data->failed = keep_list(tui->session, true, &data->listing, &data->err) != ISD_OK;
        data->made = true;
        data->data_news = tui->data_news;
    }
    struct table table = {.n_rows = data->listing.n, .top = data->top, .cursor = data->cursor};
    table_settle(&table, &data->home, rect.height - 1);
    data->cursor = table.cursor;
    data->top = table.top;
}

enum { COLUMN_USED, COLUMN_SIZE, COLUMN_STRUCTURES, COLUMN_MATCHINGS, COLUMN_SETS, COLUMNS };
static const struct table_column columns[COLUMNS] = {
    {"used (UTC)", 17, true}, {"size", 9, false}, {"quenched", 9, false}, {"matched", 9, false}, {"data", 60, true}};

static void put_size(int64_t bytes, char *out, size_t size)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    double value = (double)bytes;
    int unit = 0;
    for (; value >= 1000 && unit < 4; unit++)
        value /= 1024;
    snprintf(out, size, unit == 0 || value >= 10 ? "%.0f %s" : "%.1f %s", value, units[unit]);
}

static void put_time(int64_t seconds, char *out, size_t size)
{
    struct tm parts;
    time_t time = (time_t)seconds;
    if (!gmtime_r(&time, &parts) || strftime(out, size, "%Y-%m-%d %H:%M", &parts) == 0)
        snprintf(out, size, "-");
}

static void cell(void *arg, long row, int column, char *out, size_t size)
{
    const struct sessions_data *data = arg;
    const struct keep_item *item = &data->listing.item[row];
    int64_t counts[COLUMNS] = {[COLUMN_STRUCTURES] = item->counts.structures, [COLUMN_MATCHINGS] = item->counts.matchings};
    switch (column) {
    case COLUMN_USED:
        put_time(item->opened, out, size);
        return;
    case COLUMN_SIZE:
        put_size(item->bytes, out, size);
        return;
    case COLUMN_STRUCTURES:
    case COLUMN_MATCHINGS:
        snprintf(out, size, item->readable ? "%lld" : "-", (long long)counts[column]);
        return;
    default: {
        char sets[256];
        text_escape(item->sets, strlen(item->sets), sets, sizeof sets);
        snprintf(out, size, "%s%s%s", item->readable ? sets : "cannot be read", item->is_open ? "  (open)" : "", item->in_cache ? "" : "  (your file)");
    }
    }
}

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct sessions_data *data = tui->data[VIEW_SESSIONS];
    char path[1024];
    if (!data || data->failed || data->listing.n == 0) {
        answers_notice(tui, grid, rect, data && data->failed ? &data->err : NULL,
                       "no session is kept: results are kept on disk unless --no-cache is given");
        return;
    }
    struct table_column shown[COLUMNS];
    memcpy(shown, columns, sizeof shown);
    int room = rect.width;
    for (int k = 0; k < COLUMN_SETS; k++)
        room -= columns[k].width + 1;
    shown[COLUMN_SETS].width = room > 12 ? room - 2 : 12;
    struct table table = {.columns = shown, .n_columns = COLUMNS, .n_rows = data->listing.n, .top = data->top, .cursor = data->cursor,
                          .sorted = COLUMN_USED, .descending = true, .ascii = tui->tier == GLYPH_ASCII, .cell = cell, .arg = (void *)data};
    table_draw(grid, rect.x, rect.y, rect.width, rect.height - 1, &table);
    text_escape(data->listing.item[data->cursor].path, strlen(data->listing.item[data->cursor].path), path, sizeof path);
    if (rect.height > 2)
        grid_text(grid, rect.x + 1, rect.y + rect.height - 1, rect.width - 1, ROLE_DIM, path);
}

static void heading(const struct tui *tui, char *out, size_t size)
{
    const struct sessions_data *data = tui->data[VIEW_SESSIONS];
    int64_t bytes = 0;
    char taken[24];
    for (int k = 0; data && k < data->listing.n; k++)
        bytes += data->listing.item[k].bytes;
    put_size(bytes, taken, sizeof taken);
    snprintf(out, size, "sessions  %d on disk, %s", data ? data->listing.n : 0, taken);
}

static bool cursor(const struct tui *tui, int right, int down, char *command, size_t size)
{
    (void)tui;
    (void)right;
    snprintf(command, size, "step line %+d", down);
    return down != 0;
}

static bool click(const struct tui *tui, struct rect rect, int x, int y, char *command, size_t size)
{
    const struct sessions_data *data = tui->data[VIEW_SESSIONS];
    (void)x;
    long row = data ? data->top + y - rect.y - 1 : -1;
    if (y <= rect.y || row < 0 || row >= data->listing.n)
        return false;
    snprintf(command, size, "step line %+ld", row - data->cursor);
    return true;
}

/* The path under the cursor as a word of a command; NULL where it cannot be one. */
static const char *path_here(const struct tui *tui)
{
    const struct sessions_data *data = tui->data[VIEW_SESSIONS];
    const char *path = data && data->cursor >= 0 && data->cursor < data->listing.n ? data->listing.item[data->cursor].path : NULL;
    return path && !strpbrk(path, "'\"\\\n") ? path : NULL;
}

static bool dive(const struct tui *tui, char *command, size_t size)
{
    const char *path = path_here(tui);
    return path && (size_t)snprintf(command, size, "open '%s'", path) < size;
}

bool sessions_forget(const struct tui *tui, char *command, size_t size)
{
    const char *path = path_here(tui);
    return path && (size_t)snprintf(command, size, "prompt \"forget '%s'\"", path) < size;
}

static enum sight_outcome command(struct tui *tui, const struct command_call *call, isd_error *err)
{
    struct sessions_data *data = tui->data[VIEW_SESSIONS];
    if (strcmp(call_spec(call)->name, "step") != 0 || strcmp(call_word(call, 0), "line") != 0 || tui->sight.view != VIEW_SESSIONS || !data)
        return SIGHT_NOT_MINE;
    return read_step(call_word(call, 1), data->cursor, data->listing.n, &data->cursor, err) ? SIGHT_CHANGED : SIGHT_REFUSED;
}

static bool print_sessions(const struct tui *tui, char *out, size_t size)
{
    (void)tui;
    snprintf(out, size, "sessions");
    return true;
}

static const struct key_hint hints[] = {{"j k", "session"}, {"Enter", "open its data"}, {"D", "forget it"}, {"e", "export"},
                                        {"Backspace", "back"}, {"?", "keys"},           {":", "command"},   {"q", "leave"}};

const struct screen screen_sessions = {
    .title = "sessions", .hints = hints, .n_hints = sizeof hints / sizeof *hints, .update = update, .draw = draw, .heading = heading,
    .cursor = cursor, .click = click, .dive = dive, .print = print_sessions, .command = command,
    .data_size = sizeof(struct sessions_data), .done = done};
