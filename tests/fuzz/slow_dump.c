/* Text dumps read a second time, slowly, with the C library's own functions: no code in common with the reader.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "slow_dump.h"

#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

#define LONGEST 8192
#define COLUMNS 32

double slow_number(char *text, char **ret_rest)
{
    text += strspn(text, " \t\r");
    for (char *c = text; *c != '\0' && strchr(" \t\r", *c) == NULL; c++)
        if (*c == 'D' || *c == 'd')
            *c = 'e';
    return strtod(text, ret_rest);
}

struct text {
    char *at;
};

/* The next line, cut off with its carriage return; NULL at the end. */
static char *line_of(struct text *t)
{
    char *line = t->at, *stop = strchr(line, '\n');
    if (stop == NULL)
        return NULL;
    t->at = stop + 1;
    *stop = '\0';
    if (stop > line && stop[-1] == '\r')
        stop[-1] = '\0';
    return line;
}

static bool is_item(const char *line, const char *item)
{
    size_t length = strlen(item);
    return strncmp(line, item, length) == 0 && (line[length] == '\0' || strchr(" \t\r", line[length]) != NULL);
}

struct slow {
    long long step, n;
    bool has_n, has_box;
    double low[3], high[3];
    char *columns;
};

/* The header up to ITEM: ATOMS; false where it is no plain one. */
static bool header(struct text *t, struct slow *f)
{
    memset(f, 0, sizeof *f);
    for (char *line; (line = line_of(t)) != NULL;) {
        if (line[strspn(line, " \t\r")] == '\0')
            continue;
        if (is_item(line, "ITEM: ATOMS")) {
            f->columns = line + 11;
            return f->has_n && f->has_box;
        }
        if (is_item(line, "ITEM: TIMESTEP") && (line = line_of(t)) != NULL) {
            f->step = strtoll(line, NULL, 10);
        } else if (is_item(line, "ITEM: NUMBER OF ATOMS") && (line = line_of(t)) != NULL) {
            f->n = strtoll(line, NULL, 10);
            f->has_n = true;
        } else if (is_item(line, "ITEM: BOX BOUNDS") && strstr(line, "xy") == NULL && strstr(line, "abc") == NULL) {
            f->has_box = true;
            for (int d = 0; d < 3; d++) {
                char *rest;
                if ((line = line_of(t)) == NULL)
                    return false;
                f->low[d] = slow_number(line, &rest);
                f->high[d] = slow_number(rest, NULL);
            }
        } else {
            return false;
        }
    }
    return false;
}

/* Which columns hold id, type, x, y, z; false if not all of them are there, or others that would count for more. */
static bool find_columns(char *text, int where[5])
{
    static const char *const names[] = {"id", "type", "x", "y", "z"};
    char *rest = NULL;
    int c = 0;
    for (int k = 0; k < 5; k++)
        where[k] = -1;
    for (char *word = strtok_r(text, " \t\r", &rest); word != NULL; word = strtok_r(NULL, " \t\r", &rest), c++) {
        if (c == COLUMNS || strchr("xyz", word[0]) != NULL)
            if (c == COLUMNS || word[1] != '\0')
                return false;
        if (strcmp(word, "element") == 0 || (word[0] == 'i' && strchr("xyz", word[1]) != NULL))
            return false;
        for (int k = 0; k < 5; k++)
            if (where[k] < 0 && strcmp(word, names[k]) == 0)
                where[k] = c;
    }
    for (int k = 0; k < 5; k++)
        if (where[k] < 0)
            return false;
    return true;
}

/* One row against the atom of that id. */
static void check_row(char *line, const int where[5], const isd_snapshot *s)
{
    char *word[COLUMNS + 1], *rest = NULL;
    int n = 0;
    for (char *w = strtok_r(line, " \t\r", &rest); w != NULL && n <= COLUMNS; w = strtok_r(NULL, " \t\r", &rest))
        word[n++] = w;
    for (int k = 0; k < 5; k++)
        MUST(where[k] < n);
    int32_t i = isd_snapshot_find(s, strtoll(word[where[0]], NULL, 10));
    MUST(i >= 0 && s->type[i] == strtoll(word[where[1]], NULL, 10));
    for (int d = 0; d < 3; d++)
        MUST(s->position[3 * (size_t)i + d] == slow_number(word[where[2 + d]], NULL));
}

static bool check_frame(struct text *t, const isd_snapshot *s)
{
    struct slow f;
    int where[5];
    if (!header(t, &f) || !find_columns(f.columns, where))
        return false;
    const double length[3] = {s->box.lx, s->box.ly, s->box.lz};
    MUST(f.n == s->n && f.step == s->step);
    for (int d = 0; d < 3; d++)
        MUST(s->box.origin[d] == f.low[d] && length[d] == f.high[d] - f.low[d]);
    for (int32_t i = 0; i < s->n; i++) {
        char *line = line_of(t);
        if (line == NULL)
            return false; /* a last line without its newline: told apart by the reader */
        check_row(line, where, s);
    }
    return true;
}

void slow_dump_check(const uint8_t *data, size_t size, const isd_snapshot *const *frame, int n)
{
    static char copy[LONGEST + 1];
    struct text t = {copy};
    if (size > LONGEST || size < 5 || memcmp(data, "ITEM:", 5) != 0 || memchr(data, '\0', size) != NULL)
        return;
    memcpy(copy, data, size);
    copy[size] = '\0';
    for (int k = 0; k < n && check_frame(&t, frame[k]); k++)
        continue;
}
