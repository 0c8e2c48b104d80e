/* Species that files name by words. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_ELEMENTS_H
#define IO_ELEMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "isdmin/snapshot.h"

/* What words that are numbers mean; settled by the first frame that has such words. */
enum species_words {
    SPECIES_UNSETTLED,
    SPECIES_NAMES,
    SPECIES_FROM_1, /* they are the types */
    SPECIES_FROM_0  /* they are the types less one */
};

/* name[t] is type t, by first appearance. One table serves all files of a set. */
struct element_table {
    int n;
    char name[ISD_MAX_TYPES + 1][ISD_LABEL_SIZE];
    enum species_words words;
};

/* The type that stands for a name, a new one if need be; 0 if there are too many or the name is too long. */
int32_t elements_find(struct element_table *table, const char *p, size_t length);

/* Types of `s` that number the words of `found` become the types of the set, and get their names: numbers stay
 * numbers, all else is named. from_0: numbers are known to count from 0, be there one or not. ISD_DATA where numbers and names
 * do not go together. */
isd_status elements_settle(struct element_table *table, const struct element_table *found, bool from_0, isd_snapshot *s,
                           isd_error *err);

#endif
