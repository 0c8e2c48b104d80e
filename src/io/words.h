/* Words and numbers of a line that is not terminated. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_WORDS_H
#define IO_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/scan.h"

static inline bool word_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static inline const char *word_start(const char *p, const char *end)
{
    while (p < end && word_blank(*p))
        p++;
    return p;
}

static inline const char *word_end(const char *p, const char *end)
{
    while (p < end && !word_blank(*p) && *p != '\n')
        p++;
    return p;
}

/* Is the word p ... end this one, letter for letter? */
static inline bool word_is(const char *p, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - p) == length && memcmp(p, word, length) == 0;
}

/* The same whatever the case. */
static inline bool word_is_like(const char *p, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - p) == length && strncasecmp(p, word, length) == 0;
}

/* How much of it to quote in a message. */
static inline int word_shown(const char *p, const char *end)
{
    return end - p < 40 ? (int)(end - p) : 40;
}

/* The number that the next word is as a whole; returns what follows it, or NULL. */
static inline const char *word_real(const char *p, const char *end, double *ret_value)
{
    p = word_start(p, end);
    const char *stop = p < end ? scan_double(p, end, ret_value) : NULL;
    return stop != NULL && (stop == end || word_blank(*stop) || *stop == '\n') ? stop : NULL;
}

static inline const char *word_int(const char *p, const char *end, int64_t *ret_value)
{
    p = word_start(p, end);
    const char *stop = p < end ? scan_int64(p, end, ret_value) : NULL;
    return stop != NULL && (stop == end || word_blank(*stop) || *stop == '\n') ? stop : NULL;
}

/* `n` numbers; returns what follows them, or NULL. */
static inline const char *word_reals(const char *p, const char *end, int n, double *ret_value)
{
    for (int k = 0; k < n && p != NULL; k++)
        p = word_real(p, end, &ret_value[k]);
    return p;
}

static inline int word_count(const char *p, const char *end)
{
    int n = 0;
    for (p = word_start(p, end); p < end; p = word_start(word_end(p, end), end))
        n++;
    return n;
}

#endif
