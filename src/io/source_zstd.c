/* zstd through libzstd's streaming decoder; refused where the library was not there to build with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/source_zstd.h"

#include <stdlib.h>
#include <string.h>

bool zst_begins(const unsigned char magic[4])
{
    static const unsigned char frame[] = {0x28, 0xb5, 0x2f, 0xfd}, skippable[] = {0x2a, 0x4d, 0x18};
    return memcmp(magic, frame, 4) == 0 || ((magic[0] & 0xf0) == 0x50 && memcmp(magic + 1, skippable, 3) == 0);
}

#ifdef ISD_HAVE_ZSTD

#include <zstd.h>
#include <zstd_errors.h>

struct zst {
    struct raw *raw;
    ZSTD_DStream *stream;
    ZSTD_inBuffer input;
    unsigned char *bytes; /* [chunk] */
    size_t chunk;
    bool between; /* at the end of a frame: the file may end here */
    bool any_frame, ended;
    enum source_fault fault;
    int64_t fault_byte;
    const char *fault_text;
};

isd_status zst_new(struct raw *raw, size_t chunk, struct zst **ret_zst, isd_error *err)
{
    struct zst *zst = calloc(1, sizeof *zst);
    if (zst == NULL)
        return isd_error_memory(err);
    zst->raw = raw;
    zst->chunk = chunk;
    zst->bytes = malloc(chunk);
    zst->stream = ZSTD_createDStream();
    zst->fault_text = "";
    zst->between = true;
    if (zst->bytes == NULL || zst->stream == NULL) {
        zst_free(zst);
        return isd_error_memory(err);
    }
    zst->input.src = zst->bytes;
    *ret_zst = zst;
    return ISD_OK;
}

void zst_free(struct zst *zst)
{
    if (zst == NULL)
        return;
    ZSTD_freeDStream(zst->stream);
    free(zst->bytes);
    free(zst);
}

static void end_with(struct zst *zst, enum source_fault fault, const char *text)
{
    zst->ended = true;
    zst->fault = fault;
    zst->fault_byte = zst->raw->offset - (int64_t)(zst->input.size - zst->input.pos);
    zst->fault_text = text;
}

/* What the decoder says is wrong, as a fault; memory is no fault of the file. */
static isd_status judge(struct zst *zst, size_t code, isd_error *err)
{
    switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_memory_allocation:
        return isd_error_memory(err);
    case ZSTD_error_checksum_wrong:
        end_with(zst, SOURCE_CHECKSUM, "checksum wrong");
        return ISD_OK;
    case ZSTD_error_prefix_unknown:
        if (zst->between && zst->any_frame) {
            end_with(zst, SOURCE_GARBAGE, "bytes that are no zstd data");
            return ISD_OK;
        }
        break;
    default:
        break;
    }
    end_with(zst, SOURCE_DAMAGED, ZSTD_getErrorName(code));
    return ISD_OK;
}

isd_status zst_read(struct zst *zst, char *buffer, size_t size, size_t *ret_length, isd_error *err)
{
    ZSTD_outBuffer output = {.dst = buffer, .size = size};
    while (output.pos == 0 && !zst->ended) {
        bool raw_ended = false;
        if (zst->input.pos == zst->input.size) {
            size_t got = 0;
            isd_status status = raw_read(zst->raw, zst->bytes, zst->chunk, &got, err);
            if (status != ISD_OK)
                return status;
            zst->input = (ZSTD_inBuffer){.src = zst->bytes, .size = got};
            raw_ended = got == 0;
        }
        if (raw_ended && zst->between) {
            zst->ended = true;
            break;
        }
        size_t before = zst->input.pos, code = ZSTD_decompressStream(zst->stream, &output, &zst->input);
        if (ZSTD_isError(code)) {
            isd_status status = judge(zst, code, err);
            if (status != ISD_OK)
                return status;
        } else if (raw_ended && output.pos == 0) { /* nothing was held back either */
            end_with(zst, SOURCE_CUT, "the file ends inside a zstd frame");
        } else if (code == 0) {
            zst->between = zst->any_frame = true;
        } else if (zst->input.pos > before || output.pos > 0) {
            zst->between = false;
        }
    }
    *ret_length = output.pos;
    return ISD_OK;
}

enum source_fault zst_fault(const struct zst *zst, int64_t *ret_byte, const char **ret_text)
{
    *ret_byte = zst->fault_byte;
    *ret_text = zst->fault_text;
    return zst->fault;
}

#else

isd_status zst_new(struct raw *raw, size_t chunk, struct zst **ret_zst, isd_error *err)
{
    (void)chunk;
    (void)ret_zst;
    isd_error_set(err, ISD_UNSUPPORTED, "compressed with zstd, which this build of the program cannot read");
    isd_error_at(err, raw->path, 0, 0);
    isd_error_hint(err, "unpack it with: zstd -d FILE");
    return ISD_UNSUPPORTED;
}

void zst_free(struct zst *zst)
{
    (void)zst;
}

isd_status zst_read(struct zst *zst, char *buffer, size_t size, size_t *ret_length, isd_error *err)
{
    (void)zst;
    (void)buffer;
    (void)size;
    (void)ret_length;
    return isd_error_set(err, ISD_INTERNAL, "no zstd");
}

enum source_fault zst_fault(const struct zst *zst, int64_t *ret_byte, const char **ret_text)
{
    (void)zst;
    (void)ret_byte;
    (void)ret_text;
    return SOURCE_FINE;
}

#endif
