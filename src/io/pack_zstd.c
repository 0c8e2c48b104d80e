/* zstd out, through libzstd; refused where the library was not there to build with. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/pack.h"

#ifdef ISD_HAVE_ZSTD

#include <stdlib.h>
#include <zstd.h>

#define OUT_SIZE ((size_t)1 << 16)

struct zstd_pack {
    ZSTD_CCtx *context;
    char out[OUT_SIZE];
};

static void free_zstd(void *state)
{
    struct zstd_pack *zstd = state;
    ZSTD_freeCCtx(zstd->context);
    free(zstd);
}

static bool put_zstd(void *state, const char *bytes, size_t length, bool last, pack_out_fn *out, void *arg)
{
    struct zstd_pack *zstd = state;
    ZSTD_inBuffer in = {bytes, length, 0};
    bool more = true;
    while (more) {
        ZSTD_outBuffer made = {zstd->out, OUT_SIZE, 0};
        size_t left = ZSTD_compressStream2(zstd->context, &made, &in, last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left))
            return false;
        out(arg, zstd->out, made.pos);
        more = last ? left > 0 : in.pos < in.size;
    }
    return true;
}

isd_status pack_zstd(struct pack *ret_pack, isd_error *err)
{
    struct zstd_pack *zstd = calloc(1, sizeof *zstd);
    if (zstd == NULL || (zstd->context = ZSTD_createCCtx()) == NULL) {
        free(zstd);
        return isd_error_memory(err);
    }
    ZSTD_CCtx_setParameter(zstd->context, ZSTD_c_checksumFlag, 1);
    *ret_pack = (struct pack){.state = zstd, .put = put_zstd, .free = free_zstd};
    return ISD_OK;
}

#else

isd_status pack_zstd(struct pack *ret_pack, isd_error *err)
{
    (void)ret_pack;
    isd_error_set(err, ISD_UNSUPPORTED, "this program was built without zstd");
    isd_error_hint(err, "write NAME.gz, or without the last suffix");
    return ISD_UNSUPPORTED;
}

#endif
