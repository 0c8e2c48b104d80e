/* The palette: keys and commands in one list, or options with their values, searched as one types. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tui/saving.h"
#include "tui/state.h"

/* One line: a key with its command, a command from the table, or an option with its value. */
struct entry {
    const char *keys, *command, *help;
    const struct binding *binding;
    const struct command_spec *spec;
    const struct option_row *option;
    char value[60];
};

static bool option_entry(const struct tui *tui, int k, struct entry *ret)
{
    const struct option_row *row = option_at(tui, k);
    if (!row)
        return false;
    *ret = (struct entry){.keys = row->name, .help = row->help, .option = row};
    row->value(tui, ret->value, sizeof ret->value);
    ret->command = ret->value;
    return true;
}

/* Entry k before filtering; false past the last. Keys of the present view come first. */
static bool entry_at(const struct tui *tui, int k, struct entry *ret)
{
    if (tui->palette.kind == PALETTE_OPTIONS)
        return option_entry(tui, k, ret);
    for (int pass = 0; pass < 2; pass++) {
        const struct binding *binding;
        for (int i = 0; (binding = binding_at(i)) != NULL; i++) {
            bool here = binding->views >> tui->sight.view & 1;
            if (here != (pass == 0) || k-- > 0)
                continue;
            *ret = (struct entry){
                .keys = binding->keys, .command = binding->command ? binding->command : "", .help = binding->help, .binding = binding};
            return true;
        }
    }
    const struct command_spec *spec = command_at(k);
    if (!spec)
        return false;
    *ret = (struct entry){.keys = "", .command = spec->name, .help = spec->help, .spec = spec};
    return true;
}

static bool matches(const struct entry *entry, const char *filter)
{
    return !*filter || strcasestr(entry->keys, filter) || strcasestr(entry->command, filter) || strcasestr(entry->help, filter);
}

/* The n-th entry that passes the filter; returns false past the last, *ret_count then holds how many there are. */
static bool filtered_at(const struct tui *tui, int n, struct entry *ret, int *ret_count)
{
    int count = 0;
    for (int k = 0; entry_at(tui, k, ret); k++)
        if (matches(ret, tui->palette.filter) && count++ == n)
            return true;
    *ret_count = count;
    return false;
}

static int filtered_count(const struct tui *tui)
{
    struct entry entry;
    int count = 0;
    filtered_at(tui, -1, &entry, &count);
    return count;
}

void palette_open(struct tui *tui, enum palette_kind kind)
{
    tui->palette = (struct palette){.open = true, .kind = kind};
}

/* A box in the middle of large screens: less to send, and what is behind stays in sight. */
static struct rect box_of(const struct layout *layout)
{
    struct rect box = layout->middle;
    if (box.width > 110) {
        box.x += (box.width - 104) / 2;
        box.width = 104;
    }
    if (box.height > 32) {
        box.y += (box.height - 28) / 3;
        box.height = 28;
    }
    return box;
}

static int box_rows(const struct rect *rect)
{
    return rect->height - 3 < 1 ? 1 : rect->height - 3;
}

static void move_cursor(struct tui *tui, int by)
{
    struct rect rect = box_of(&tui->layout);
    struct palette *palette = &tui->palette;
    int n = filtered_count(tui), rows = box_rows(&rect);
    int to = palette->cursor + by;
    palette->cursor = to >= n ? (n > 0 ? n - 1 : 0) : to < 0 ? 0 : to;
    if (palette->cursor < palette->top)
        palette->top = palette->cursor;
    if (palette->cursor >= palette->top + rows)
        palette->top = palette->cursor - rows + 1;
}

/* Does a command run as it stands, without a word more? */
static bool complete_alone(const struct command_spec *spec)
{
    for (int k = 0; k < COMMAND_MAX_ARGUMENTS; k++)
        if (spec->arguments[k].name && !spec->arguments[k].optional)
            return false;
    return true;
}

/* What an entry runs, or the beginning of it; false: nothing at present. */
static bool entry_command(const struct tui *tui, const struct entry *entry, char *out, size_t size)
{
    bool whole;
    *out = '\0';
    if (entry->option)
        option_next(tui, entry->option, out, size, &whole);
    else if (entry->binding && entry->binding->make)
        return entry->binding->make(tui, out, size);
    else
        snprintf(out, size, "%s", entry->command);
    return true;
}

/* The next value of an option, the menu stays; or the : line, to say one. */
static void choose_option(struct tui *tui, const struct option_row *row, bool edit)
{
    char command[400];
    bool whole;
    option_next(tui, row, command, sizeof command, &whole);
    if (edit || !whole) {
        tui->palette.open = false;
        size_t used = (size_t)snprintf(command, sizeof command, "%s", row->command);
        if (!row->choose)
            row->value(tui, command + used, sizeof command - used);
        prompt_open(tui, command);
        return;
    }
    tui_run_line(tui, command);
}

/* Enter runs what is whole; the rest goes to the : line, as everything does with `edit`. */
static void choose(struct tui *tui, bool edit)
{
    struct entry entry;
    int count = 0;
    char command[300] = "";
    if (!filtered_at(tui, tui->palette.cursor, &entry, &count)) {
        tui->palette.open = false;
        return;
    }
    if (entry.option) {
        choose_option(tui, entry.option, edit);
        return;
    }
    tui->palette.open = false;
    bool whole = entry.binding ? true : complete_alone(entry.spec);
    if (!entry_command(tui, &entry, command, sizeof command))
        return;
    const size_t used = strlen(command);
    if (!whole)
        snprintf(command + used, sizeof command - used, " ");
    if (whole && !edit)
        tui_run_line(tui, command);
    else
        prompt_open(tui, command);
}

/* Where a key for it is of use. */
static const char *view_for(const struct tui *tui, const struct entry *entry)
{
    const enum view_id here = tui->sight.view;
    const unsigned views = entry->binding ? entry->binding->views : entry->option ? 1u << here : ~0u;
    int first = 0;
    while (first < VIEW_COUNT - 1 && !(views >> first & 1))
        first++;
    return views == ~0u ? "all" : view_name(views >> here & 1 ? here : (enum view_id)first);
}

/* `bind` on the : line, with the cursor where the key is to be typed. */
static void start_bind(struct tui *tui, const struct entry *entry, const char *command)
{
    struct print_buffer text = {0};
    print_text(&text, "bind %s ", view_for(tui, entry));
    const size_t at = text.length;
    print_text(&text, " ");
    saving_quote(&text, command);
    if (!text.failed)
        prompt_open_at(tui, text.data, at);
    print_buffer_done(&text);
}

/* The long help of a command, by its name in front. */
static void show_help(struct tui *tui, const char *command)
{
    char line[80];
    snprintf(line, sizeof line, "help %.*s", (int)strcspn(command, " ;"), command);
    tui_run_line(tui, line);
}

/* More about what is under the cursor: F1 help, F2 a key of one's own for it. */
static void choose_more(struct tui *tui, bool bind)
{
    struct entry entry;
    int count = 0;
    char command[300];
    tui->palette.open = false;
    if (!filtered_at(tui, tui->palette.cursor, &entry, &count) || !entry_command(tui, &entry, command, sizeof command))
        return;
    if (bind)
        start_bind(tui, &entry, command);
    else
        show_help(tui, command);
}

static void type_filter(struct tui *tui, const struct key *key)
{
    struct palette *palette = &tui->palette;
    size_t used = strlen(palette->filter);
    bool text = key->n_bytes > 0 && (unsigned char)key->bytes[0] >= 0x20 && key->bytes[0] != 0x7f;
    if (strcmp(key->name, "Backspace") == 0) {
        while (used > 0 && ((unsigned char)palette->filter[--used] & 0xc0) == 0x80) {
        }
        palette->filter[used] = '\0';
    } else if (text && used + (size_t)key->n_bytes < sizeof palette->filter) {
        memcpy(palette->filter + used, key->bytes, (size_t)key->n_bytes);
        palette->filter[used + (size_t)key->n_bytes] = '\0';
    } else
        return;
    palette->cursor = palette->top = 0;
}

void palette_key(struct tui *tui, const struct key *key)
{
    static const struct {
        const char *key;
        int by;
    } moves[] = {{"Up", -1}, {"Down", 1}, {"C-p", -1}, {"C-n", 1}, {"PgUp", -10}, {"PgDn", 10}, {"Home", -9999}, {"End", 9999}};
    const char *name = key->name;
    char command[40];
    if (tui->palette.kind == PALETTE_GLYPHS) {
        if (card_key(key, command, sizeof command))
            tui_run_line(tui, command);
        tui->palette.open = false;
        return;
    }
    for (size_t k = 0; k < sizeof moves / sizeof *moves; k++)
        if (strcmp(name, moves[k].key) == 0) {
            move_cursor(tui, moves[k].by);
            return;
        }
    bool empty = tui->palette.filter[0] == '\0';
    if (strcmp(name, "Esc") == 0 || strcmp(name, "C-g") == 0 || strcmp(name, "C-c") == 0
        || (empty && (strcmp(name, "Backspace") == 0 || strcmp(name, "?") == 0)))
        tui->palette.open = false;
    else if (strcmp(name, "Enter") == 0)
        choose(tui, false);
    else if (strcmp(name, "Tab") == 0)
        choose(tui, true);
    else if (strcmp(name, "F1") == 0 || strcmp(name, "F2") == 0)
        choose_more(tui, name[1] == '2');
    else if (key->name[0])
        type_filter(tui, key);
}

static void draw_entry(const struct tui *tui, struct grid *grid, struct rect rect, int y, int n)
{
    struct entry entry;
    int count;
    char command[300] = "";
    if (!filtered_at(tui, n, &entry, &count))
        return;
    const bool here = n == tui->palette.cursor;
    const int names = entry.option ? 14 : 11;
    enum role role = here ? ROLE_SELECTED : ROLE_NORMAL;
    if (entry.option)
        snprintf(command, sizeof command, "%s", entry.value);
    else if (!entry_command(tui, &entry, command, sizeof command))
        command[0] = '\0';
    if (here) {
        grid_fill(grid, rect.x, y, rect.width, 1, ' ', role);
        grid->cursor_x = rect.x + 1;
        grid->cursor_y = y;
    }
    int wide = rect.width >= 70 && !entry.option ? 24 : 16;
    grid_text(grid, rect.x + 1, y, names - 2, here ? role : ROLE_KEY, entry.keys);
    grid_text(grid, rect.x + names, y, wide - 1, role, command);
    int used = grid_text(grid, rect.x + names + wide, y, rect.width - wide - names - 1, role, entry.help);
    if (entry.option && entry.option->choices)
        grid_format(grid, rect.x + names + wide + used, y, rect.width - wide - names - 1 - used, here ? role : ROLE_DIM, ": %s",
                    entry.option->choices);
}

/* Lines at the sides of a box that does not fill the screen. */
static void draw_sides(struct grid *grid, struct rect rect, bool whole_width)
{
    if (whole_width)
        return;
    grid_fill(grid, rect.x - 1, rect.y, 1, rect.height, 0x2502, ROLE_AXIS);
    grid_fill(grid, rect.x + rect.width, rect.y, 1, rect.height, 0x2502, ROLE_AXIS);
    grid_fill(grid, rect.x - 1, rect.y - 1, rect.width + 2, 1, 0x2500, ROLE_AXIS);
    grid_fill(grid, rect.x - 1, rect.y + rect.height, rect.width + 2, 1, 0x2500, ROLE_AXIS);
}

void palette_draw(const struct tui *tui, struct grid *grid, const struct layout *layout)
{
    struct rect rect = box_of(layout);
    draw_sides(grid, rect, rect.width == layout->middle.width);
    if (tui->palette.kind == PALETTE_GLYPHS) {
        card_draw(tui, grid, rect);
        return;
    }
    const bool options = tui->palette.kind == PALETTE_OPTIONS;
    int n = filtered_count(tui), rows = box_rows(&rect);
    grid_fill(grid, rect.x, rect.y, rect.width, rect.height, ' ', ROLE_NORMAL);
    int at = grid_format(grid, rect.x + 1, rect.y, rect.width - 2, ROLE_TITLE, "> %s", tui->palette.filter);
    grid->cursor_x = rect.x + 1 + at;
    grid->cursor_y = rect.y;
    if (rect.width > 50)
        grid_format(grid, rect.x + rect.width - 36, rect.y, 35, ROLE_DIM, "%3d found; type to search", n);
    grid_fill(grid, rect.x, rect.y + 1, rect.width, 1, 0x2500, ROLE_AXIS);
    for (int row = 0; row < rows && tui->palette.top + row < n; row++)
        draw_entry(tui, grid, rect, rect.y + 2 + row, tui->palette.top + row);
    if (rect.height > 3)
        grid_format(grid, rect.x + 1, rect.y + rect.height - 1, rect.width - 2, ROLE_DIM, "%s",
                    options           ? "Enter takes the next value   Tab edits   F2 bind   F1 help   Esc closes"
                    : rect.width > 75 ? "Enter runs   Tab edits on the : line   F2 bind a key   F1 help   Esc closes"
                                      : "Enter runs  Tab edits  F2 bind  F1 help  Esc closes");
}
