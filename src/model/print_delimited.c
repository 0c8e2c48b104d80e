/* Results as tables for programs: CSV and TSV. SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/print.h"

#include <string.h>

#include "model/table.h"

/* Quoted where the delimiter, a quote or a line end is in it (RFC 4180). */
static void csv_cell(struct print_buffer *out, const char *text, size_t length, char delimiter)
{
    const char special[] = {'"', '\n', '\r', delimiter, '\0'};
    bool quote = strcspn(text, special) < length;
    if (quote) {
        print_bytes(out, "\"", 1);
    }
    for (size_t k = 0; k < length;) {
        size_t run = strcspn(text + k, "\"\n\r\t");
        print_escaped(out, text + k, run);
        k += run;
        if (k < length) {
            print_bytes(out, text[k] == '"' ? "\"\"" : text + k, text[k] == '"' ? 2 : 1);
            k++;
        }
    }
    if (quote) {
        print_bytes(out, "\"", 1);
    }
}

static void tsv_cell(struct print_buffer *out, const char *text, size_t length)
{
    for (size_t k = 0; k < length;) {
        size_t run = strcspn(text + k, "\\\n\r\t");
        print_escaped(out, text + k, run);
        k += run;
        if (k < length) {
            char c = text[k++];
            print_text(out, "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : '\\');
        }
    }
}

static void delimited_cell(struct print_buffer *buffer, const struct print_buffer *text, char delimiter)
{
    if (text->failed) {
        buffer->failed = true;
    } else if (text->length == 0) {
        return;
    } else if (delimiter == '\t') {
        tsv_cell(buffer, text->data, text->length);
    } else {
        csv_cell(buffer, text->data, text->length, delimiter);
    }
}

void print_delimited(struct print_buffer *buffer, const struct result *result, const struct result *previous, char delimiter)
{
    struct table table;
    struct print_buffer text = {0};
    table_build(&table, result);
    bool header = !previous || !table_same_header(&table, previous);
    if (header && previous) {
        print_bytes(buffer, "\n", 1);
    }
    for (size_t r = 0; table.n > 0 && r < table.rows + header; r++) {
        for (size_t k = 0; k < table.n; k++) {
            print_clear(&text);
            if (header && r == 0) {
                print_text(&text, "%s", table.columns[k].name);
            } else {
                table_cell(&text, &table.columns[k], r - header, 17, "");
            }
            if (k) {
                print_bytes(buffer, &delimiter, 1);
            }
            delimited_cell(buffer, &text, delimiter);
        }
        print_bytes(buffer, "\n", 1);
    }
    buffer->failed |= table.failed;
    print_buffer_done(&text);
    table_done(&table);
}
