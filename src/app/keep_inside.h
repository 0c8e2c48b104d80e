/* The inside of keeping, for keep*.c only. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_KEEP_INSIDE_H
#define APP_KEEP_INSIDE_H

#include "app/keep.h"

/* A command that waits for a store to be logged in. */
struct log_line {
    struct log_line *next;
    int64_t at;
    bool done;
    char text[];
};

/* Something that a store had to say while it was written. */
struct kept_note {
    struct kept_note *next;
    char text[];
};

/* A store that is open, and whom it serves. While it is written the thread has all of it: keep_file_own waits for the end. */
struct kept_file {
    struct session *session;
    struct store *store;
    struct job *writing;    /* or NULL */
    bool lent;              /* to the thread: set before it is asked, until that is taken in */
    int waiting;            /* results that are being written */
    isd_status status;      /* how that ended, with err */
    isd_error writing_err;
    struct kept_note *first_note, *last_note;
    bool failing;    /* the last commit failed: told once */
    double tried_at; /* when, by clock_now */
    isd_error err;   /* why */
};

struct keep {
    enum keep_mode mode;
    char *folder; /* of the cache; NULL: there is none, or a file was named */
    struct kept_file file[SESSION_MAX_SETS];
    int n_files;
    struct job_pool *writer;           /* made when it is first wanted */
    int32_t named_set[SESSION_MAX_SETS]; /* by file: id of the set that rows belong to now; 0: of none */
    bool told_none;                    /* the note that there is nowhere to keep anything */
    bool tell;                         /* say what is known of a set that is opened */
    bool wrote;                        /* something was committed */
    char *potential[ISD_MAX_TYPES + 1]; /* in words, by number of types; NULL: not made yet */
    int64_t started;
    struct log_line *first_line, *last_line;
    int n_lines;
};

/* For people, in tables. */
const char *keep_kind_name(enum keep_kind kind);

/* The folder of the cache, made if need be; NULL: there is nowhere. Freed by the caller. */
char *keep_cache_folder(bool make, isd_error *err);

/* The store of this file, which nobody else has from now on. */
struct store *keep_file_own(struct kept_file *file);

/* The store of a set, NULL or closed: of none; make: even if there is no file yet. NULL: there is none (told once). dataset.kept is the
 * index of its file + 1; 0: not looked for yet; -1: there is none. */
struct store *keep_store_of(struct session *session, struct dataset *set, bool make);
/* The same of the set a result is of. */
struct store *keep_store_of_id(struct session *session, int32_t set, bool make);
/* The same, where there is a file, for frames that are no set of the session yet. */
struct store *keep_store_of_frames(struct session *session, const struct frame_set *frames);

#endif
