/* The notes view: bookmarks, notes of now, and those kept with the set from before. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tui/past.h"
#include "tui/state.h"

struct notes_data {
    struct note *kept; /* [n] of the store, oldest first, without those of now */
    int n;
    bool asked;
    int starts, n_notes; /* what they were asked for */
    const struct past *past;
};

static void done(void *arg)
{
    struct notes_data *data = arg;
    free(data->kept);
}

static bool is_of_now(const struct past *past, const struct note *note)
{
    bool found = false;
    for (int k = 0; k < past->n_notes && !found; k++)
        found = strcmp(past->note[k].text, note->text) == 0 && strcmp(past->note[k].place, note->place) == 0;
    return found;
}

static void take(void *arg, const char *place, const char *text)
{
    struct notes_data *data = arg;
    struct note note = {0};
    text_escape(place, strlen(place), note.place, sizeof note.place);
    text_escape(text, strlen(text), note.text, sizeof note.text);
    if (is_of_now(data->past, &note))
        return;
    struct note *grown = realloc(data->kept, sizeof *grown * ((size_t)data->n + 1));
    if (!grown)
        return; /* one note less is seen */
    data->kept = grown;
    grown[data->n++] = note;
}

static void update(struct tui *tui, struct rect rect)
{
    struct notes_data *data = tui->data[VIEW_NOTES];
    (void)rect;
    if (data->asked && data->starts == tui->sight.starts && data->n_notes == tui->past->n_notes)
        return;
    data->asked = true;
    data->starts = tui->sight.starts;
    data->n_notes = tui->past->n_notes;
    data->past = tui->past;
    data->n = 0;
    session_kept_notes(tui->session, take, data);
}

static int draw_note(struct grid *grid, struct rect rect, int y, const struct note *note)
{
    int end = rect.y + rect.height;
    grid_format(grid, rect.x + 1, y++, rect.width - 1, ROLE_AXIS, "%s", note->place);
    return y + put_wrapped(grid, (struct rect){rect.x + 2, y, rect.width - 2, end - y}, ROLE_NORMAL, note->text, strlen(note->text));
}

static int draw_mark(struct grid *grid, struct rect rect, int y, const struct bookmark *mark)
{
    char pair[40] = "";
    if (mark->place.pair.b > 0)
        snprintf(pair, sizeof pair, "%d:%d", mark->place.pair.a, mark->place.pair.b);
    grid_format(grid, rect.x + 1, y, rect.width - 1, ROLE_NORMAL, "%-8s %-8s %-12s %s", mark->name, view_name(mark->place.view), pair, mark->set);
    return y + 1;
}

/* The newest note first. */
static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct past *past = tui->past;
    const struct notes_data *data = tui->data[VIEW_NOTES];
    int y = rect.y, end = rect.y + rect.height, n_kept = data ? data->n : 0;
    if (past->n_bookmarks + past->n_notes + n_kept == 0)
        grid_format(grid, rect.x + 2, y + 1, rect.width - 2, ROLE_DIM, "no notes and no bookmarks; a writes a note, b keeps a place");
    for (int k = 0; k < past->n_bookmarks && y < end; k++)
        y = draw_mark(grid, rect, y, &past->bookmark[k]);
    y += past->n_bookmarks > 0;
    for (int k = past->n_notes - 1; k >= 0 && y < end; k--)
        y = draw_note(grid, rect, y, &past->note[k]);
    if (n_kept > 0 && y < end)
        grid_format(grid, rect.x + 1, y++, rect.width - 1, ROLE_DIM, "from before");
    for (int k = n_kept - 1; k >= 0 && y < end; k--)
        y = draw_note(grid, rect, y, &data->kept[k]);
}

static const struct key_hint hints[] = {{"a", "note"}, {"b", "bookmark"}, {"'", "go to one"}, {"Backspace", "back"},
                                        {"?", "keys"}, {":", "command"},  {"q", "leave"}};

const struct screen screen_notes = {.title = "notes", .digit = 0, .update = update, .draw = draw, .hints = hints,
                                    .n_hints = sizeof hints / sizeof *hints, .data_size = sizeof(struct notes_data), .done = done};
