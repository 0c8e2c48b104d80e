/* Atom styles of LAMMPS data files: which columns a row has. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_LAMMPS_DATA_STYLE_H
#define IO_LAMMPS_DATA_STYLE_H

#include "io/rows.h"

struct data_style {
    const char *name;
    const char *columns; /* i id, m whole number, t type, r number, x y z */
    const char *own;     /* those besides id, type and position: a letter each, the same in all styles that have it */
};

/* What a file says of its types and bonds. */
struct data_hints {
    int64_t n_types; /* 0: not said */
    struct element_table labels;
    bool bonds;
};

/* The style of that name, or NULL. */
const struct data_style *data_style_find(const char *name, const char *stop);
/* Can the row p ... end be of this style? Three whole numbers may follow: the images. */
bool data_style_fits(const struct data_style *style, const struct data_hints *hints, const char *p, const char *end);
/* The style of a file that does not name it, from its first row; NULL: none fits. */
const struct data_style *data_style_guess(const struct data_hints *hints, const char *p, const char *end, bool *ret_sure);
/* Columns besides id, type and position of a hybrid style as it is written out, "hybrid angle sphere"; -1 where its parts are not
 * named or not known. */
int data_style_count_hybrid(const char *text);
/* The columns of rows of so many words. */
void data_style_plan(const struct data_style *style, int words, struct row_plan *plan);

#endif
