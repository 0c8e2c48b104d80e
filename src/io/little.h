/* Whole numbers as bytes, the lowest first. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_LITTLE_H
#define IO_LITTLE_H

#include <stdint.h>

/* Returns the place behind. */
static inline unsigned char *little_put(unsigned char *to, uint64_t value, int bytes)
{
    for (int k = 0; k < bytes; k++)
        *to++ = (unsigned char)(value >> 8 * k);
    return to;
}

static inline uint64_t little_get(const unsigned char *from, int bytes)
{
    uint64_t value = 0;
    for (int k = bytes - 1; k >= 0; k--)
        value = value << 8 | from[k];
    return value;
}

#endif
