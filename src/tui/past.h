/* What was: undo, redo, places to go back to, bookmarks, notes, and the commands run so far. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_PAST_H
#define TUI_PAST_H

#include <stdio.h>

#include "app/sight.h"
#include "model/print.h"

#define PAST_MOST 100 /* steps of undo, and places */

struct bookmark {
    char name[24];
    char set[64]; /* for people */
    struct sight_place place;
};

struct note {
    char place[80]; /* "ka3d 0:7", for people */
    char text[400];
};

struct past {
    struct look undo[PAST_MOST], redo[PAST_MOST];
    int n_undo, n_redo;
    struct sight_place place[PAST_MOST];
    int n_places;
    struct bookmark *bookmark;
    int n_bookmarks;
    struct note *note;
    int n_notes;
    bool travelling; /* the command now run is undo, redo or back: it leaves no trace */
    FILE *record;    /* every command goes there too; NULL: not recording */
};

struct past *past_new(void); /* NULL: out of memory */
void past_free(struct past *past);

/* Before and after a command: a look that has changed can be taken back; another place can be gone back to. */
void past_look(struct past *past, const struct look *before, const struct look *after);
void past_place(struct past *past, const struct sight_place *before, const struct sight_place *after);
/* The look before (undo) or after; NULL: there is none. now: the present one. Borrowed until the next call. */
const struct look *past_undo(struct past *past, const struct look *now);
const struct look *past_redo(struct past *past, const struct look *now);
/* Places and bookmarks in sets that are closed are forgotten: numbers of sets are never given twice. */
void past_forget_closed(struct past *past, const struct session *session);
/* The place before; false: none. */
bool past_back(struct past *past, struct sight_place *ret_place);

/* name NULL: the next free letter. The bookmark, or NULL: out of memory. */
const struct bookmark *past_mark(struct past *past, const char *name, const char *set, const struct sight_place *place);
const struct bookmark *past_find_mark(const struct past *past, const char *name);
/* Begins a new recording; file NULL: ends the one under way, false if not all of it could be written. errno says why. */
bool past_record_to(struct past *past, const char *file);
void past_record(struct past *past, const char *command, size_t length); /* a line; nothing unless there is a recording */
bool past_add_note(struct past *past, const char *place, const char *text);

#endif
