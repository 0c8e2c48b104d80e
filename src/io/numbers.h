/* Lists of numbers in words. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_NUMBERS_H
#define IO_NUMBERS_H

#include <stddef.h>

/* Numbers with blanks, commas and brackets of any kind between them. Returns how many there are, `most` where there are
 * more; -1 when something else stands among them. */
int numbers_parse(const char *text, size_t length, double *ret_value, int most);

#endif
