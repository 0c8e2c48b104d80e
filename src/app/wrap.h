/* Help texts in lines of at most 78 columns. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_WRAP_H
#define APP_WRAP_H

#include <stdio.h>

#define WRAP_WIDTH 78

/* Writes the words of `text` from column `column` (from 0) on, broken before WRAP_WIDTH; further lines are
 * indented. A newline in the text starts a line. Ends with a newline. */
void wrap_text(FILE *out, int column, int indent, const char *text);
/* Two columns: `left` at column 2, `right` wrapped from column 24 on (on the next line if left is too long).
 */
void wrap_row(FILE *out, const char *left, const char *right);

#endif
