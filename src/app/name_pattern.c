/* What file names say: temperature, pressure, waiting time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/name_pattern.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/scan.h"

static const char *const words[] = {"tw", "T", "p"}; /* the longer first: T must not take the t of tw */
enum { N_WORDS = sizeof words / sizeof words[0] };

static double *slot(struct named_values *values, int word)
{
    return word == 0 ? &values->t_w : word == 1 ? &values->T : &values->p;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* "{tw}" at p: its length, and which word; 0 if none. */
static size_t placeholder(const char *p, int *ret_word)
{
    for (int k = 0; k < N_WORDS; k++) {
        size_t length = strlen(words[k]);
        if (p[0] == '{' && strncmp(p + 1, words[k], length) == 0 && p[1 + length] == '}') {
            *ret_word = k;
            return length + 2;
        }
    }
    return 0;
}

/* A plain number in a name: no exponent, no sign but minus; "0.50." of 0.50.dump ends before the last point. */
static const char *number_in_name(const char *p, double *ret_value)
{
    const char *end = p + (*p == '-');
    while (isdigit((unsigned char)*end))
        end++;
    if (end[0] == '.' && isdigit((unsigned char)end[1]))
        for (end++; isdigit((unsigned char)*end);)
            end++;
    if (end > p && (end[0] == 'e' || end[0] == 'E')) {
        const char *power = end + 1 + (end[1] == '-' || end[1] == '+');
        for (; isdigit((unsigned char)*power); power++)
            end = power + 1;
    }
    return end > p && scan_double(p, end, ret_value) == end ? end : NULL;
}

static bool fits(const char *pattern, const char *name, struct named_values *values)
{
    while (*pattern != '\0') {
        int word = 0;
        size_t length = placeholder(pattern, &word);
        if (length > 0) {
            const char *after = number_in_name(name, slot(values, word));
            if (after == NULL)
                return false;
            name = after;
            pattern += length;
        } else if (*pattern == '*') {
            for (const char *rest = name;; rest++) {
                struct named_values tried = *values;
                if (fits(pattern + 1, rest, &tried)) {
                    *values = tried;
                    return true;
                }
                if (*rest == '\0')
                    return false;
            }
        } else if (*pattern++ != *name++) {
            return false;
        }
    }
    return true;
}

isd_status name_pattern_read(const char *pattern, const char *path, struct named_values *ret_values, isd_error *err)
{
    struct named_values values = {NAN, NAN, NAN};
    int word;
    bool any = false;
    for (const char *p = strchr(pattern, '{'); p != NULL; p = strchr(p + 1, '{'))
        any = any || placeholder(p, &word) > 0;
    if (!any || strlen(pattern) > 200) {
        isd_error_set(err, ISD_USAGE, "name=%s: expected a pattern with {T}, {p} or {tw} where the numbers are", pattern);
        isd_error_hint(err, "name='run_T{T}_tw{tw}'");
        return ISD_USAGE;
    }
    if (!fits(pattern, base_name(path), &values)) {
        isd_error_set(err, ISD_DATA, "the name %s does not fit the pattern %s", base_name(path), pattern);
        isd_error_hint(err, "* in a pattern stands for anything; what follows the pattern is free");
        return ISD_DATA;
    }
    *ret_values = values;
    return ISD_OK;
}

bool name_pattern_guess(const char *path, char *out, size_t size)
{
    const char *name = base_name(path);
    size_t used = 0, end = 0;
    for (const char *p = name; *p != '\0' && used + 8 < size;) {
        bool starts = p == name || !isalpha((unsigned char)p[-1]);
        int word = -1;
        const char *after = NULL;
        for (int k = 0; starts && word < 0 && k < N_WORDS; k++) {
            size_t length = strlen(words[k]);
            double ignored;
            if (strncmp(p, words[k], length) != 0)
                continue;
            const char *number = p + length + (p[length] == '=');
            after = number_in_name(number, &ignored);
            if (after != NULL) {
                word = k;
                used += (size_t)snprintf(out + used, size - used, "%.*s{%s}", (int)(number - p), p, words[k]);
                end = used;
            }
        }
        if (word >= 0)
            p = after;
        else
            out[used++] = *p++;
    }
    if (end >= size)
        return false;
    out[end] = '\0';
    return end > 0;
}
