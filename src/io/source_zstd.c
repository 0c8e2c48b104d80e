/* zstd through libzstd's streaming decoder; refused where the library was not there to build with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/source_zstd.h"

#include <stdio.h>
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

/* What zstd takes at most (writers at level 22 ask for it whatever they write), and what a small file may claim: four bytes give at
 * most a block of 128 KB, so nothing smaller needs it. */
#define WINDOW_LOG 27
#define SMALL_FILE ((int64_t)1 << 10)
#define SMALL_WINDOW_LOG 25
/* Decoded bytes between points of the index, where frames are so short. */
#define SPACING ((int64_t)1 << 20)

struct zst {
    struct unpacker u; /* first */
    ZSTD_DStream *stream;
    unsigned char *bytes; /* [chunk] */
    size_t chunk, from, to; /* unread: bytes[from ... to) */
    size_t start, hint;     /* bytes the decoder wants: for a header; next */
    bool pending;           /* the decoder holds decoded bytes back */
    bool between;           /* at the end of a frame: the file may end here */
    bool any_frame, ended;
    char told[64]; /* a fault in words */
};

static int window_log(const struct raw *raw)
{
    return raw->size < SMALL_FILE ? SMALL_WINDOW_LOG : WINDOW_LOG;
}

static void release(struct unpacker *u)
{
    struct zst *zst = (struct zst *)u;
    ZSTD_freeDStream(zst->stream);
    free(zst->bytes);
    unpacker_done(u);
    free(zst);
}

static void end_with(struct zst *zst, enum source_fault fault, const char *text)
{
    zst->ended = true;
    unpacker_fault(&zst->u, fault, zst->u.raw->offset - (int64_t)(zst->to - zst->from), text);
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
    case ZSTD_error_frameParameter_windowTooLarge:
        snprintf(zst->told, sizeof zst->told, "a window of more than %d MB", 1 << (window_log(zst->u.raw) - 20));
        end_with(zst, SOURCE_TOO_LARGE, zst->told);
        return ISD_OK;
    default:
        break;
    }
    end_with(zst, SOURCE_DAMAGED, ZSTD_getErrorName(code));
    return ISD_OK;
}

/* What the decoder asks for behind a block: the header of the next one. */
#define NEXT_HEADER 3

/* One step of the decoder: at most one block, nothing of the next one, and nothing new while decoded bytes are held back.
 * A step that fails gives nothing, so larger ones would lose sound data before the damage, and more or less of it by how the file
 * is read. */
static isd_status step(struct zst *zst, ZSTD_outBuffer *output, bool raw_ended, isd_error *err)
{
    size_t there = zst->to - zst->from, want = zst->hint > NEXT_HEADER ? zst->hint - NEXT_HEADER : 1;
    want = want < there ? want : there;
    ZSTD_inBuffer input = {.src = zst->bytes + zst->from, .size = zst->pending ? 0 : want};
    size_t code = ZSTD_decompressStream(zst->stream, output, &input);
    zst->from += input.pos;
    if (ZSTD_isError(code))
        return judge(zst, code, err);
    if (code == 0) {
        zst->between = zst->any_frame = true;
        zst->pending = false;
        zst->hint = zst->start;
        return ISD_OK;
    }
    zst->pending = output->pos == output->size;
    zst->hint = code;
    zst->between = zst->between && input.pos == 0 && output->pos == 0;
    if (raw_ended && output->pos == 0)
        end_with(zst, SOURCE_CUT, "the file ends inside a zstd frame");
    return ISD_OK;
}

/* Between frames: is this a place for the index? */
static isd_status note_frame(struct zst *zst, isd_error *err)
{
    if (!zst->any_frame || !unpacker_point_due(&zst->u))
        return ISD_OK;
    const struct source_point point = {
        .out = zst->u.out, .member_from = zst->u.out, .bit = 8 * (zst->u.raw->offset - (int64_t)(zst->to - zst->from))};
    return source_index_add(zst->u.index, &point, NULL, err);
}

static isd_status read_some(struct zst *zst, char *buffer, size_t size, size_t *ret_length, isd_error *err)
{
    ZSTD_outBuffer output = {.dst = buffer, .size = size};
    isd_status status = zst->between ? note_frame(zst, err) : ISD_OK;
    while (status == ISD_OK && output.pos == 0 && !zst->ended) {
        bool raw_ended = false;
        if (zst->from == zst->to && !zst->pending) {
            size_t got = 0;
            status = raw_read(zst->u.raw, zst->bytes, zst->chunk, &got, err);
            if (status != ISD_OK)
                return status;
            zst->from = 0;
            zst->to = got;
            raw_ended = got == 0;
        }
        if (raw_ended && zst->between)
            zst->ended = true;
        else
            status = step(zst, &output, raw_ended, err);
    }
    zst->u.out += (int64_t)output.pos;
    zst->u.inflated += (int64_t)output.pos;
    if (status == ISD_OK)
        *ret_length = output.pos;
    return status;
}

static isd_status read_zst(struct unpacker *u, char *buffer, size_t size, size_t *ret_length, isd_error *err)
{
    struct zst *zst = (struct zst *)u;
    char nowhere[1 << 16];
    size_t length = 1;
    isd_status status = ISD_OK;
    while (status == ISD_OK && zst->u.skip > 0 && length > 0) {
        size_t most = zst->u.skip < (int64_t)sizeof nowhere ? (size_t)zst->u.skip : sizeof nowhere;
        status = read_some(zst, nowhere, most, &length, err);
        zst->u.skip -= (int64_t)length;
    }
    return status == ISD_OK ? read_some(zst, buffer, size, ret_length, err) : status;
}

static isd_status seek(struct unpacker *u, const struct source_index *index, int64_t offset, isd_error *err)
{
    struct zst *zst = (struct zst *)u;
    const struct source_point *point = index != NULL ? source_index_find(index, offset) : NULL;
    if (zst->u.out > offset || (point != NULL && point->out > zst->u.out)) {
        isd_status status = raw_seek(zst->u.raw, point != NULL ? point->bit / 8 : 0, err);
        if (status != ISD_OK)
            return status;
        zst->hint = ZSTD_initDStream(zst->stream);
        zst->from = zst->to = 0;
        zst->pending = zst->ended = false;
        zst->between = true;
        zst->any_frame = point != NULL;
        zst->u.fault = SOURCE_FINE;
        zst->u.out = point != NULL ? point->out : 0;
    }
    zst->u.skip = offset - zst->u.out;
    return ISD_OK;
}

/* No more to one: a block gives at most 128 KiB and takes at least four bytes (RFC 8878, 3.1.1.2). */
static const struct unpacker_kind zst_kind = {SOURCE_ZSTD, "zstd", 32768, release, read_zst, seek};

isd_status zst_new(struct raw *raw, size_t chunk, struct unpacker **ret_zst, isd_error *err)
{
    struct zst *zst = calloc(1, sizeof *zst);
    if (zst == NULL)
        return isd_error_memory(err);
    zst->u = (struct unpacker){.kind = &zst_kind, .raw = raw, .own_spacing = SPACING};
    zst->chunk = chunk;
    zst->bytes = malloc(chunk);
    zst->stream = ZSTD_createDStream();
    zst->between = true;
    if (zst->bytes == NULL || zst->stream == NULL) {
        release(&zst->u);
        return isd_error_memory(err);
    }
    /* The window is what the file claims, allocated before anything is decoded. */
    ZSTD_DCtx_setParameter(zst->stream, ZSTD_d_windowLogMax, window_log(raw));
    zst->start = zst->hint = ZSTD_initDStream(zst->stream);
    *ret_zst = &zst->u;
    return ISD_OK;
}

#else

isd_status zst_new(struct raw *raw, size_t chunk, struct unpacker **ret_zst, isd_error *err)
{
    (void)chunk;
    (void)ret_zst;
    isd_error_set(err, ISD_UNSUPPORTED, "compressed with zstd, which this build of the program cannot read");
    isd_error_at(err, raw->path, 0, 0);
    isd_error_hint(err, "unpack it with: zstd -d FILE");
    return ISD_UNSUPPORTED;
}

#endif
