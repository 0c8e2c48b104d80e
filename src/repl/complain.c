/* Errors as people read them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/complain.h"

#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "base/text.h"

enum { MOST_SHOWN = 400 }; /* bytes of a line of script; of longer ones no copy helps */

/* Does `where` name a place in this script, "name:line:column"? */
static bool place_in_script(const struct script *script, const char *where, long *ret_line, long *ret_column)
{
    char name[320];
    size_t length = text_escape(script->name, strlen(script->name), name, sizeof name);
    int64_t line, column;
    if (strncmp(where, name, length) != 0 || where[length] != ':')
        return false;
    const char *end = where + strlen(where), *p = scan_int64(where + length + 1, end, &line);
    if (!p || *p != ':' || scan_int64(p + 1, end, &column) != end || line < 1 || column < 1)
        return false;
    *ret_line = (long)line;
    *ret_column = (long)column;
    return true;
}

static const char *find_line(const char *text, long line)
{
    for (; line > 1; line--) {
        text = strchr(text, '\n');
        if (!text)
            return NULL;
        text++;
    }
    return text;
}

/* Bytes of the first n characters of a line; the whole line if it is shorter. */
static size_t bytes_of(const char *line, size_t length, long n)
{
    size_t k = 0;
    while (k < length && n > 0) {
        k++;
        while (k < length && ((unsigned char)line[k] & 0xC0) == 0x80)
            k++;
        n--;
    }
    return k;
}

static int shown_width(const char *bytes, size_t length)
{
    char shown[4 * MOST_SHOWN + 1];
    text_escape(bytes, length, shown, sizeof shown);
    return text_width(shown);
}

/* The line of the script with the word at the column underlined. */
static void show_line(struct print_buffer *out, const char *whole, long line, long column)
{
    const char *text = find_line(whole, line);
    size_t length = text ? strcspn(text, "\r\n") : 0;
    if (length == 0 || length > MOST_SHOWN)
        return;
    char shown[4 * MOST_SHOWN + 1];
    text_escape(text, length, shown, sizeof shown);
    size_t before = bytes_of(text, length, column - 1), word = 0;
    while (before + word < length && !strchr(" \t;", text[before + word]))
        word++;
    print_text(out, "  %s\n  %*s^", shown, shown_width(text, before), "");
    for (int k = 1; k < shown_width(text + before, word); k++)
        print_text(out, "~");
    print_text(out, "\n");
}

static void add_hint(struct print_buffer *out, const isd_error *err)
{
    if (err->hint[0])
        print_text(out, "  %s%s\n", strncmp(err->hint, "try: ", 5) == 0 ? "" : "try: ", err->hint);
}

/* Where the command stands, if what it was given of is a file or a stream: "study.isd:3:1: ". What is typed is before one's eyes. */
static void add_place(struct print_buffer *out, const char *whole, long first_line, const struct script *script)
{
    char name[320];
    if (strcmp(script->name, "-c") == 0 || script->name[0] == '(' || !script->begin || script->begin < whole)
        return;
    long line = first_line, column = 1;
    for (const char *p = whole; p < script->begin; p++) {
        column += ((unsigned char)*p & 0xC0) != 0x80;
        if (*p == '\n') {
            line++;
            column = 1;
        }
    }
    text_escape(script->name, strlen(script->name), name, sizeof name);
    print_text(out, "%s:%ld:%ld: ", name, line, column);
}

void complain(struct print_buffer *out, const char *whole, long first_line, const struct script *script, const isd_error *err,
              bool quiet_place)
{
    long line, column;
    bool own = place_in_script(script, err->where, &line, &column);
    if (own && !quiet_place)
        print_text(out, "%s: ", err->where);
    if (!own && err->where[0] && !quiet_place)
        add_place(out, whole, first_line, script);
    if (script->command[0])
        print_text(out, "%s: ", script->command);
    if (!own && err->where[0])
        print_text(out, "%s: ", err->where);
    print_text(out, "%s\n", err->what);
    if (own)
        show_line(out, whole, line - first_line + 1, column);
    add_hint(out, err);
}

void complain_plainly(struct print_buffer *out, const isd_error *err)
{
    print_text(out, "isdmin: %s%s%s\n", err->where, err->where[0] ? ": " : "", err->what);
    add_hint(out, err);
}
