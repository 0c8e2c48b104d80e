/* Text dumps read a second time, slowly, with the C library's own functions. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_SLOW_DUMP_H
#define TEST_SLOW_DUMP_H

#include <stddef.h>
#include <stdint.h>

#include "isdmin/snapshot.h"

/* Aborts where the frames differ from what stands in the text. Does nothing where the data is no dump with the columns id, type, x, y, z
 * in a box without tilt. */
void slow_dump_check(const uint8_t *data, size_t size, const isd_snapshot *const *frame, int n);

/* The next number of a line, by strtod; Fortran's exponents (written over) are those of others. */
double slow_number(char *text, char **ret_rest);

#endif
