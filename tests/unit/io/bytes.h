/* Binary files put together byte by byte, in either byte order. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_IO_BYTES_H
#define TEST_IO_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct bytes {
    unsigned char data[16384];
    size_t n;
    bool big; /* byte order */
};

static inline void put_raw(struct bytes *b, const void *data, size_t size)
{
    memcpy(b->data + b->n, data, size);
    b->n += size;
}

static inline void put_number(struct bytes *b, uint64_t value, int size)
{
    for (int k = 0; k < size; k++)
        b->data[b->n++] = (unsigned char)(value >> 8 * (b->big ? size - 1 - k : k));
}

static inline void put_int32(struct bytes *b, int32_t value)
{
    put_number(b, (uint32_t)value, 4);
}

static inline void put_int64(struct bytes *b, int64_t value)
{
    put_number(b, (uint64_t)value, 8);
}

static inline void put_double(struct bytes *b, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, 8);
    put_number(b, bits, 8);
}

static inline void put_float(struct bytes *b, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, 4);
    put_number(b, bits, 4);
}

#endif
