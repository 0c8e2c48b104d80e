/* gz out, through zlib. SPDX-License-Identifier: GPL-3.0-or-later */
#define ZLIB_CONST /* input is not written to */
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "io/pack.h"

#define LEVEL 6
#define OUT_SIZE ((size_t)1 << 16)

struct gz_pack {
    z_stream z;
    char out[OUT_SIZE];
};

static void free_gz(void *state)
{
    struct gz_pack *gz = state;
    deflateEnd(&gz->z);
    free(gz);
}

static bool put_gz(void *state, const char *bytes, size_t length, bool last, pack_out_fn *out, void *arg)
{
    struct gz_pack *gz = state;
    if (length > UINT_MAX)
        return false;
    gz->z.next_in = (const Bytef *)bytes;
    gz->z.avail_in = (unsigned)length;
    do {
        gz->z.next_out = (Bytef *)gz->out;
        gz->z.avail_out = OUT_SIZE;
        int code = deflate(&gz->z, last ? Z_FINISH : Z_NO_FLUSH);
        if (code == Z_STREAM_ERROR)
            return false;
        out(arg, gz->out, OUT_SIZE - gz->z.avail_out);
    } while (gz->z.avail_out == 0);
    return true;
}

isd_status pack_gz(struct pack *ret_pack, isd_error *err)
{
    struct gz_pack *gz = calloc(1, sizeof *gz);
    if (gz == NULL || deflateInit2(&gz->z, LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(gz);
        return isd_error_memory(err);
    }
    *ret_pack = (struct pack){.state = gz, .put = put_gz, .free = free_gz};
    return ISD_OK;
}
