/* Lists of numbers in words. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/numbers.h"

#include <string.h>

#include "base/scan.h"

int numbers_parse(const char *text, size_t length, double *ret_value, int most)
{
    const char *p = text, *end = text + length;
    int n = 0;
    while (n < most) {
        while (p < end && strchr(" \t\r,()[]{}", *p) != NULL && *p != '\0')
            p++;
        if (p == end)
            break;
        p = scan_double(p, end, &ret_value[n]);
        if (p == NULL || (p < end && (*p == '\0' || strchr(" \t\r,()[]{}", *p) == NULL)))
            return -1;
        n++;
    }
    return n;
}
