/* The inside of a store, for the files of this folder. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include <sqlite3.h>
#include <sys/stat.h>

#include "store/store.h"

/* Statements that are prepared once; texts in statement.c. */
enum statement {
    ST_BEGIN,
    ST_COMMIT,
    ST_SET,
    ST_FRAME,
    ST_SET_FRAME,
    ST_POTENTIAL,
    ST_STRUCTURE,
    ST_STRUCTURE_ARRAYS,
    ST_FORGET_MATCHING,
    ST_MATCHING,
    ST_MATCHING_TYPE,
    ST_MATCHING_ARRAYS,
    ST_PINS,
    ST_RESULT,
    ST_SET_RESULT,
    ST_NOTE,
    ST_SETTING,
    ST_COMMAND,
    ST_POINTS,
    ST_FIND_FRAME,
    ST_FIND_SET,
    ST_FIND_POTENTIAL,
    ST_FIND_STRUCTURE,
    ST_HAS_ARRAYS,
    ST_GET_STRUCTURE,
    ST_GET_STRUCTURE_ARRAYS,
    ST_GET_MATCHING,
    ST_GET_MATCHING_TYPES,
    ST_GET_MATCHING_ARRAYS,
    ST_GET_RESULT,
    ST_GET_SET_RESULT,
    ST_GET_NOTES,
    ST_GET_SETTING,
    ST_GET_POINTS,
    ST_FRAME_COUNTS,
    STATEMENTS
};

struct row; /* queued, see row.h */

struct store {
    sqlite3 *db;
    char *path;
    struct stat about; /* of the file when it was opened */
    struct store_options options;
    char vfs[64];
    enum store_place place;
    bool can_write, locked; /* locked: we hold PATH.lock */
    bool may_pass;          /* it could not be opened for what need not last: another program had it, no room */
    int problem;            /* errno of the last opening or transaction that failed, 0: none */
    char journal[16];
    store_note_fn *note;
    void *note_arg;
    sqlite3_stmt *statement[STATEMENTS];
    struct row *first, *last;
    int waiting;
    struct store_set set; /* that rows belong to now; owned texts, paths NULL: none */
    bool told_unreadable;
};

void store_note(const struct store *store, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What an SQLite code means, with a place and a next step. */
isd_status store_failure(const struct store *store, int code, isd_error *err);
/* Does it say that the file itself is broken? */
bool store_code_is_damage(int code);

/* Prepared and reset; NULL: *ret_code says why. */
sqlite3_stmt *store_statement(struct store *store, enum statement which, int *ret_code);
void store_finalize(struct store *store);

void store_close_file(struct store *store);
/* Closes the file and opens it again, setting it aside if it is damaged; queued rows stay. */
isd_status store_reopen(struct store *store, bool damaged, isd_error *err);

/* Rows that wait change places. */
void store_swap_queues(struct store *a, struct store *b);

/* Values bound one after the other; the first failure is kept. */
struct binding {
    sqlite3_stmt *statement;
    int at, code;
};
void bind_int(struct binding *b, int64_t value);
void bind_real(struct binding *b, double value); /* NaN: NULL */
void bind_text(struct binding *b, const char *text);
void bind_hash(struct binding *b, const struct hash128 *hash);
void bind_blob(struct binding *b, const struct store_blob *blob); /* none: NULL */
void bind_row_id(struct binding *b, int64_t id); /* 0: NULL */

/* A copy of column k; none where it is NULL. False when out of memory. */
bool column_blob(sqlite3_stmt *statement, int k, struct store_blob *ret_blob);
double column_real(sqlite3_stmt *statement, int k); /* NULL: NaN */
void column_text(sqlite3_stmt *statement, int k, char *out, size_t size);

#endif
