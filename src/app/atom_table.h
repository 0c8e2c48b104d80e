/* The table of atoms of a matched pair: sorted, filtered rows. What `atoms` prints and the table screen scrolls. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_ATOM_TABLE_H
#define APP_ATOM_TABLE_H

#include "app/session.h"
#include "app/surroundings.h"

enum atom_column {
    ATOM_ID, ATOM_TYPE, ATOM_X, ATOM_Y, ATOM_Z, ATOM_U_LAB, ATOM_U_MAT, ATOM_PARTNER, ATOM_CYCLE, ATOM_CYCLE_LENGTH,
    ATOM_NEIGHBOURS, ATOM_ENERGY, ATOM_COLUMNS
};
/* Names of the columns as in the JSON keys. */
extern const char *const atom_column_name[ATOM_COLUMNS];

/* A matched pair; around: of A, NULL while it is not known. All borrowed. */
struct atom_source {
    const struct match *match;
    const isd_snapshot *a, *b;
    const struct surroundings *around;
};

/* Value of a column for atom i of A; NaN where not defined (no labels, a fixed point's cycle, no potential). */
double atom_value(const struct atom_source *atoms, int32_t i, enum atom_column column);

/* Column named by a word ("-u_lab": descending), or -1. */
int atom_column_find(const char *word, bool *ret_descending);

/* Is this an expression over the columns? ISD_USAGE with the place of the fault; "" is one. */
isd_status atom_filter_check(const struct session *session, const char *text, isd_error *err);

/* Does this filter, or this order, need what is around the atoms? */
bool atom_filter_needs_around(const struct session *session, const char *filter);
bool atom_sort_needs_around(const char *sort);

/* Which atoms pass (NULL or "": none is left out): ret_pass[match->n] is 1 or 0, *ret_n how many. */
isd_status atom_filter_pass(const struct session *session, const struct atom_source *atoms, const char *filter, uint8_t *ret_pass,
                            int32_t *ret_n, isd_error *err);

/* Indices of the atoms of A that pass `filter` (NULL: all), sorted by `sort` (NULL: by id; ties by id; NaN last). Freed by the
 * caller. */
isd_status atom_table_rows(const struct session *session, const struct atom_source *atoms, const char *filter, const char *sort,
                           int32_t **ret_rows, int32_t *ret_n, isd_error *err);

/* The same as a job: it is given copies of the columns that it needs, and runs on any thread. filter and sort: NULL for none, and by id. */
struct atom_order;
isd_status atom_order_new(const struct session *session, const struct atom_source *atoms, const char *filter, const char *sort,
                          struct atom_order **ret_order, isd_error *err);
isd_status atom_order_run(void *order, isd_control *control, isd_error *err);
/* What a run has made, freed by the caller. */
int32_t *atom_order_take(struct atom_order *order, int32_t *ret_n);
void atom_order_free(void *order);

#endif
