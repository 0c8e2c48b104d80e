/* Numbers in columns: averages and logs of LAMMPS, tables of others. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_COLUMNS_H
#define IO_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isdmin/control.h"
#include "isdmin/reader.h"

/* value[c][k]: column c of row k; NaN where a cell of a table is empty. */
struct columns {
    int n_columns;
    int32_t n_rows;
    char (*name)[64];  /* [n_columns], escaped, "" where the file names none */
    double **value;    /* [n_columns] of [n_rows] */
    int64_t *line;     /* [n_rows] line in the file, from 1 */
    int *word_at;      /* [n_columns] of a column of words: where in its line the first one stands, from 1; else 0 */
    double timestep;   /* of a log: what it says of its runs (LAMMPS' command timestep, or Time step in its set-up); NaN: nothing, or more than one */
    bool log;          /* a log of thermodynamic output: rows of all its runs, in order */
    bool marked;       /* the file is cut short, with a note */
};

/* What `path` (plain, gz or zst) holds, known by content:
 *  - output of LAMMPS' fix ave/time (lines with # first, the last of them naming the columns);
 *  - a log of LAMMPS, the tables that begin with Step: runs of one set of columns follow each other; where several sets of columns
 *    occur, the one with the most rows is taken and the rest is named in a note;
 *  - a table with or without a line of names, separated by commas, semicolons, tabs or blanks. Columns of words are NaN throughout.
 * nan, inf and rows of another length are refused with their line (ISD_DATA). */
isd_status columns_read(const char *path, isd_note_fn *note, void *note_arg, isd_control *control,
                        struct columns **ret_columns, isd_error *err);
/* The same of bytes in memory; `name` is for messages. */
isd_status columns_read_memory(const char *name, const void *data, size_t size, isd_note_fn *note, void *note_arg,
                               struct columns **ret_columns, isd_error *err);
void columns_free(struct columns *columns);

/* Could these first bytes of a file be such a table, averages or a log? */
bool columns_seem(const char *head, size_t length);

/* Refuses a column of words: ISD_DATA with the place of the first one. */
isd_status columns_need_numbers(const struct columns *columns, const char *path, int column, isd_error *err);
/* The one column of a name: -1 if there is none; ISD_DATA where two have it, or where it holds words. */
isd_status columns_find_one(const struct columns *columns, const char *path, const char *name, int *ret_column, isd_error *err);

/* The column of that name, or else whatever the case (of names longer than a letter) and without v_, c_ and f_ in front; or of that
 * number from 1; -1 if there is none. */
int columns_find(const struct columns *columns, const char *name);

#endif
