/* Any bytes as a table of columns, averages or a log; every row against one read slowly. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "io/columns.h"
#include "slow_dump.h"

#define MOST_NOTES 3
#define LONGEST_LINE 1024

static void take_note(void *arg, const isd_error *note)
{
    int *n_notes = arg;
    MUST(++*n_notes <= MOST_NOTES);
    fuzz_check_words(note, "mem");
}

/* The columns by their names: the first one that is called so, as long as it is the only one. */
static void check_names(const struct columns *t)
{
    for (int c = 0; c < t->n_columns; c++) {
        isd_error err = {.status = ISD_OK};
        int found = columns_find(t, t->name[c]), one = -1;
        for (const char *p = t->name[c]; *p != '\0'; p++)
            MUST((unsigned char)*p >= 0x20 && *p != 0x7f);
        if (t->name[c][0] == '\0')
            continue;
        MUST(found >= 0 && found <= c && strcmp(t->name[found], t->name[c]) == 0);
        if (columns_find_one(t, "mem", t->name[c], &one, &err) == ISD_OK)
            MUST(one == found && t->word_at[found] == 0);
        else
            fuzz_check_words(&err, "mem");
    }
}

/* Line number `line` as a string, without what ends it; false where it is too long. */
static bool copy_line(const char *text, size_t size, int64_t line, char *out)
{
    const char *end = text + size, *stop;
    for (; line > 1; line--) {
        text = memchr(text, '\n', (size_t)(end - text));
        MUST(text != NULL);
        text++;
    }
    stop = memchr(text, '\n', (size_t)(end - text));
    size_t length = (size_t)((stop != NULL ? stop : end) - text);
    if (length >= LONGEST_LINE)
        return false;
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}

/* A row of cells between blanks. */
static void check_row(const struct columns *t, int32_t row, char *line)
{
    char *rest = NULL;
    int c = 0;
    if (strpbrk(line, "\t,;\"") != NULL || t->n_columns == 1)
        return;
    for (char *word = strtok_r(line, " \r", &rest); word != NULL; word = strtok_r(NULL, " \r", &rest), c++) {
        char *end;
        MUST(c < t->n_columns);
        if (t->word_at[c] == 0)
            MUST(slow_number(word, &end) == t->value[c][row] && *end == '\0');
    }
    MUST(c == t->n_columns);
}

static void check(const struct columns *t, const char *text, size_t size)
{
    bool packed = size > 1 && (memcmp(text, "\x1f\x8b", 2) == 0 || memcmp(text, "\x28\xb5", 2) == 0);
    char line[LONGEST_LINE];
    MUST(t->n_columns > 0 && t->n_rows > 0);
    for (int32_t k = 0; k < t->n_rows; k++) {
        MUST(t->line[k] > (k > 0 ? t->line[k - 1] : 0));
        for (int c = 0; c < t->n_columns; c++)
            MUST(isfinite(t->value[c][k]) || isnan(t->value[c][k]));
        if (!packed && copy_line(text, size, t->line[k], line))
            check_row(t, k, line);
    }
    for (int c = 0; c < t->n_columns; c++) {
        isd_error err = {.status = ISD_OK};
        MUST((columns_need_numbers(t, "mem", c, &err) == ISD_OK) == (t->word_at[c] == 0));
        for (int32_t k = 0; k < t->n_rows && t->word_at[c] > 0; k++)
            MUST(isnan(t->value[c][k]));
    }
    check_names(t);
}

/* Names that need not be there: some of the input's own bytes, exactly as long as they are. */
static void ask_for(const struct columns *t, const char *text, size_t size)
{
    size_t length = size % 8 < size ? size % 8 : size;
    char *name = malloc(length + 1);
    MUST(name != NULL);
    memcpy(name, text + size - length, length);
    name[length] = '\0';
    int found = columns_find(t, name);
    MUST(found >= -1 && found < t->n_columns);
    free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct columns *t = NULL;
    isd_error err = {.status = ISD_OK};
    int n_notes = 0;
    const char *text = (const char *)data;
    columns_seem(text, size);
    if (columns_read_memory("mem", text, size, take_note, &n_notes, &t, &err) != ISD_OK) {
        fuzz_check_words(&err, "mem");
        MUST(t == NULL);
        return 0;
    }
    fuzz_accept();
    check(t, text, size);
    ask_for(t, text, size);
    columns_free(t);
    return 0;
}
