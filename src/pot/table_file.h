/* A file of numbers as text, read whole and taken apart word by word. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For tables of potentials: line ends may be LF or CRLF, '#' starts a comment, errors name line and column. */
#ifndef POT_TABLE_FILE_H
#define POT_TABLE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isdmin/status.h"

struct table_file {
    char *path, *text; /* text[size] ends with a 0 that is not counted */
    size_t size;
    const char *at;     /* where reading stands */
    const char *word;   /* the word read last, for errors */
    size_t length;      /* of it */
    long d_exponents;   /* numbers written as 1.0D+00 */
};

/* Refuses what is no plain file, is empty, is too large (64 MiB) or holds zero bytes. */
isd_status table_file_open(const char *path, struct table_file *ret_file, isd_error *err);
void table_file_close(struct table_file *file);

/* Passes over a whole line, comments and all; false at the end of the file. */
bool table_file_skip_line(struct table_file *file);

/* The next word on any line (false: end of file), or on this line only (false: end of line). */
bool table_file_word(struct table_file *file);
bool table_file_word_here(struct table_file *file);

/* Numbers, on whatever line comes next; `what` is named when there is none: "Nrho". */
isd_status table_file_number(struct table_file *file, const char *what, double *ret_value, isd_error *err);
isd_status table_file_count(struct table_file *file, const char *what, int64_t low, int64_t high,
                            int64_t *ret_value, isd_error *err);

/* Fills in err->where with the place of the word read last. Returns ISD_DATA. */
isd_status table_file_complain(const struct table_file *file, isd_error *err);

#endif
