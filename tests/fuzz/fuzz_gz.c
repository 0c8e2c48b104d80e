/* Any bytes as text inside a sound gz file, then with one bit of that file flipped. SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz_reading.h"

#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    z_stream z = {0};
    size_t room = size + 1024;
    uint8_t *packed = malloc(room);
    MUST(packed != NULL && deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    z.next_in = (uint8_t *)(uintptr_t)data;
    z.avail_in = (unsigned)size;
    z.next_out = packed;
    z.avail_out = (unsigned)room;
    MUST(deflate(&z, Z_FINISH) == Z_STREAM_END);
    size_t length = room - z.avail_out;
    deflateEnd(&z);
    MUST(read_everything(packed, length, 0) == read_everything(packed, length, 5));
    size_t bit = size > 0 ? (data[size / 2] * 2654435761u + size) % (8 * length) : 0;
    packed[bit / 8] ^= (uint8_t)(1u << bit % 8);
    MUST(read_everything(packed, length, 0) == read_everything(packed, length, 3));
    free(packed);
    return 0;
}
