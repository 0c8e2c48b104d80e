/* Lines of tables cut into cells. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/columns_cells.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/scan.h"
#include "io/words.h"

static bool separates(char c, char separator)
{
    return separator == ' ' ? word_blank(c) : c == separator;
}

static void trim(const char **begin, const char **end)
{
    while (*begin < *end && (word_blank(**begin) || **begin == '"'))
        ++*begin;
    while (*begin < *end && (word_blank((*end)[-1]) || (*end)[-1] == '"'))
        --*end;
}

bool cells_cut(const char *text, size_t length, char separator, struct cells *ret_cells)
{
    const char *p = text, *end = text + length;
    ret_cells->n = 0;
    if (separator == ' ')
        p = word_start(p, end);
    while (p < end || (separator != ' ' && ret_cells->n > 0 && p == end)) {
        if (ret_cells->n == CELLS_MOST)
            return false;
        const char *begin = p;
        while (p < end && !separates(*p, separator))
            p++;
        const char *stop = p;
        trim(&begin, &stop);
        ret_cells->begin[ret_cells->n] = begin;
        ret_cells->end[ret_cells->n++] = stop;
        if (separator == ' ')
            p = word_start(p, end);
        else if (p++ == end)
            break;
    }
    return true;
}

char cells_separator(const char *text, size_t length)
{
    const char candidates[] = {'\t', ',', ';'};
    for (size_t k = 0; k < sizeof candidates; k++)
        if (memchr(text, candidates[k], length) != NULL)
            return candidates[k];
    return ' ';
}

bool cells_number(const struct cells *cells, int c, double *ret_value)
{
    const char *end = cells->end[c];
    if (cells->begin[c] == end) {
        *ret_value = NAN;
        return true;
    }
    return scan_double(cells->begin[c], end, ret_value) == end;
}

bool cells_not_finite(const struct cells *cells, int c)
{
    const char *p = cells->begin[c], *end = cells->end[c];
    p += p < end && (*p == '-' || *p == '+');
    return word_is_like(p, end, "nan") || word_is_like(p, end, "inf") || word_is_like(p, end, "infinity");
}

bool cells_all_numbers(const struct cells *cells)
{
    double ignored;
    for (int c = 0; c < cells->n; c++)
        if (!cells_number(cells, c, &ignored))
            return false;
    return cells->n > 0;
}

bool cells_has_comma(const struct cells *cells, int c)
{
    char text[40];
    size_t length = (size_t)(cells->end[c] - cells->begin[c]);
    char *comma = NULL;
    double ignored;
    if (length >= sizeof text)
        return false;
    memcpy(text, cells->begin[c], length);
    text[length] = '\0';
    comma = memchr(text, ',', length);
    if (comma != NULL)
        *comma = '.';
    return comma != NULL && scan_double(text, text + length, &ignored) == text + length;
}
