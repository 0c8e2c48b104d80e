/* Breaking lines between words. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/wrap.h"

#include <stdbool.h>
#include <string.h>

#define SECOND_COLUMN 24

void wrap_text(FILE *out, int column, int indent, const char *text)
{
    bool first = true;

    while (*text) {
        int length = (int)strcspn(text, " \n");
        if (!first && column + 1 + length > WRAP_WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (!first && length > 0) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, (size_t)length, out);
        column += length;
        first = false;
        text += length;
        if (*text == '\n') {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
            first = true;
        }
        if (*text)
            text++;
    }
    fputc('\n', out);
}

void wrap_row(FILE *out, const char *left, const char *right)
{
    int column = 2 + (int)strlen(left);

    fprintf(out, "  %s", left);
    if (column + 2 > SECOND_COLUMN) {
        fputc('\n', out);
        column = 0;
    }
    fprintf(out, "%*s", SECOND_COLUMN - column, "");
    wrap_text(out, SECOND_COLUMN, SECOND_COLUMN, right);
}
