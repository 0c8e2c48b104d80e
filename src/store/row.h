/* A queued row, for queue.c and write.c only. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STORE_ROW_H
#define STORE_ROW_H

#include "store/inside.h"

enum row_kind { ROW_SET, ROW_STRUCTURE, ROW_MATCHING, ROW_RESULT, ROW_SET_RESULT, ROW_NOTE, ROW_SETTING, ROW_COMMAND, ROW_POINTS };

struct row {
    struct row *next;
    enum row_kind kind;
    char *text[3]; /* owned; what each is depends on the kind */
    struct store_blob blob[2];
    int64_t number[3];
    union {
        struct store_set set;
        struct store_structure structure;
        struct store_matching matching;
        struct store_result result;
        struct store_set_result set_result;
    } of;
};

/* write.c: rows into tables. All return an SQLite code. */
/* A statement about to be bound; begin.statement NULL: begin.code says why. */
struct binding store_write_begin(struct store *store, enum statement which);
int store_write_finish(struct binding *b);
int store_write_set(struct store *store, const struct store_set *set, int64_t *ret_id);
/* *set_id: the set that rows belong to, 0: none yet. */
int store_write_row(struct store *store, const struct row *row, int64_t *set_id);

#endif
