/* Filter expressions over the columns of a table: u_lab > 0.8 && type == A. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_FILTER_H
#define APP_FILTER_H

#include <stdbool.h>

#include "isdmin/status.h"

/* What a word on the right of a comparison means in column `column`, when it is no number (a type label); NaN: nothing. */
typedef double filter_word_fn(void *arg, const char *column, const char *word);

/* Columns are named by names[n_columns]. Comparisons == != < <= > >=, joined by && and ||, grouped by parentheses, negated by
 * !. Refused with the place of the fault. */
struct filter;
isd_status filter_parse(const char *text, const char *const *names, int n_columns, filter_word_fn *word, void *word_arg,
                        struct filter **ret_filter, isd_error *err);
void filter_free(struct filter *filter);
/* Which columns it compares: bit k is column k. */
unsigned filter_columns(const struct filter *filter);
/* row[n_columns]: the values of one row; comparisons with NaN are false (also !=). */
bool filter_accepts(const struct filter *filter, const double *row);

#endif
