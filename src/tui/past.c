/* What was: undo, redo, places, bookmarks, notes. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/past.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct past *past_new(void)
{
    return calloc(1, sizeof(struct past));
}

void past_free(struct past *past)
{
    if (!past)
        return;
    free(past->bookmark);
    free(past->note);
    past_record_to(past, NULL);
    free(past);
}

/* On top of a stack; the oldest goes when it is full. */
static void push_look(struct look *stack, int *n, const struct look *look)
{
    if (*n == PAST_MOST)
        memmove(stack, stack + 1, sizeof *stack * (size_t)--*n);
    stack[(*n)++] = *look;
}

/* Whether frames are taken as they are for want of interactions follows from the data: nobody chose it. */
static bool same_look(const struct look *a, const struct look *b)
{
    struct look one, two;
    memcpy(&one, a, sizeof one);
    memcpy(&two, b, sizeof two);
    if (one.raw_forced || two.raw_forced)
        one.raw = two.raw = one.raw_forced = two.raw_forced = false;
    return memcmp(&one, &two, sizeof one) == 0;
}

void past_look(struct past *past, const struct look *before, const struct look *after)
{
    if (same_look(before, after))
        return;
    push_look(past->undo, &past->n_undo, before);
    past->n_redo = 0;
}

void past_place(struct past *past, const struct sight_place *before, const struct sight_place *after)
{
    if (sight_same_place(before, after) || before->set < 0)
        return;
    if (past->n_places == PAST_MOST)
        memmove(past->place, past->place + 1, sizeof *past->place * (size_t)--past->n_places);
    past->place[past->n_places++] = *before;
}

const struct look *past_undo(struct past *past, const struct look *now)
{
    if (past->n_undo == 0)
        return NULL;
    push_look(past->redo, &past->n_redo, now);
    return &past->undo[--past->n_undo];
}

const struct look *past_redo(struct past *past, const struct look *now)
{
    if (past->n_redo == 0)
        return NULL;
    push_look(past->undo, &past->n_undo, now);
    return &past->redo[--past->n_redo];
}

static bool is_closed(const struct session *session, const struct sight_place *place)
{
    return place->set >= 0 && session_set_with_id(session, place->set) < 0;
}

void past_forget_closed(struct past *past, const struct session *session)
{
    int n = 0;
    for (int k = 0; k < past->n_places; k++)
        if (!is_closed(session, &past->place[k]))
            past->place[n++] = past->place[k];
    past->n_places = n;
    n = 0;
    for (int k = 0; k < past->n_bookmarks; k++)
        if (!is_closed(session, &past->bookmark[k].place))
            past->bookmark[n++] = past->bookmark[k];
    past->n_bookmarks = n;
}

bool past_back(struct past *past, struct sight_place *ret_place)
{
    if (past->n_places == 0)
        return false;
    *ret_place = past->place[--past->n_places];
    return true;
}

const struct bookmark *past_find_mark(const struct past *past, const char *name)
{
    for (int k = 0; k < past->n_bookmarks; k++)
        if (strcmp(past->bookmark[k].name, name) == 0)
            return &past->bookmark[k];
    return NULL;
}

const struct bookmark *past_mark(struct past *past, const char *name, const char *set, const struct sight_place *place)
{
    char letter[2] = "a";
    while (!name && past_find_mark(past, letter) && letter[0] < 'z')
        letter[0]++;
    name = name ? name : letter;
    struct bookmark *mark = (struct bookmark *)(uintptr_t)past_find_mark(past, name);
    if (!mark) {
        struct bookmark *grown = realloc(past->bookmark, sizeof *grown * ((size_t)past->n_bookmarks + 1));
        if (!grown)
            return NULL;
        past->bookmark = grown;
        mark = &grown[past->n_bookmarks++];
    }
    *mark = (struct bookmark){.place = *place};
    snprintf(mark->name, sizeof mark->name, "%s", name);
    snprintf(mark->set, sizeof mark->set, "%s", set);
    return mark;
}

bool past_add_note(struct past *past, const char *place, const char *text)
{
    struct note *grown = realloc(past->note, sizeof *grown * ((size_t)past->n_notes + 1));
    if (!grown)
        return false;
    past->note = grown;
    struct note *note = &grown[past->n_notes++];
    *note = (struct note){0};
    snprintf(note->place, sizeof note->place, "%s", place);
    snprintf(note->text, sizeof note->text, "%s", text);
    return true;
}

bool past_record_to(struct past *past, const char *file)
{
    bool fine = true;
    if (past->record)
        fine = fclose(past->record) == 0;
    past->record = file ? fopen(file, "w") : NULL;
    return file ? past->record != NULL : fine;
}

/* Commands that only ask the user, or say what is recorded, lead nowhere. */
static bool leads_somewhere(const char *command, size_t length)
{
    static const char *const silent[] = {"record", "prompt", "palette", "redraw", "suspend", "quit", "repl", "save", "export", "dump"};
    size_t word = 0;
    while (word < length && !strchr(" \t;", command[word]))
        word++;
    for (size_t k = 0; k < sizeof silent / sizeof *silent; k++)
        if (strlen(silent[k]) == word && memcmp(silent[k], command, word) == 0)
            return false;
    return length > 0;
}

void past_record(struct past *past, const char *command, size_t length)
{
    char when[32];
    time_t now = time(NULL);
    struct tm local;
    if (!past->record || !leads_somewhere(command, length))
        return;
    strftime(when, sizeof when, "%H:%M:%S", localtime_r(&now, &local));
    fprintf(past->record, "%.*s # %s\n", (int)length, command, when);
    fflush(past->record);
}
