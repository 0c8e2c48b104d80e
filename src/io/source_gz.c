/* gz files over an inflate engine: never gzread, which hides cuts. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Members are header (zlib), blocks (an engine), checksum and length (here). An engine that is not sure of something has zlib
 * decode again from the last checkpoint and say what is wrong: a fault is the same fault, at the same byte, with every engine. */
#include "io/source_gz.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum stage { BETWEEN, HEADER, BODY, CHECK_CRC, CHECK_LENGTH, PADDING, ENDED };

/* Decoded bytes between places that zlib could begin at: small enough to decode twice without being noticed. */
#define CHECKPOINTS ((int64_t)256 << 10)

struct decoder {
    const struct inflate_engine *engine;
    void *state; /* NULL: not made yet */
};

struct gz {
    struct unpacker u; /* first */
    struct inflate_header *header;
    struct decoder preferred, judge; /* of the file; zlib. Without another engine the judge does it all */
    struct decoder *now;             /* of this member */
    bool keep_checksum;
    enum stage stage;
    bool any_member;      /* at least one member is complete */
    unsigned char *input; /* [INFLATE_KEEP + INFLATE_AHEAD + chunk] */
    size_t chunk;
    struct inflate_io io;
    int64_t member_from; /* decoded bytes before the member */
    uint32_t crc; /* of the member so far */
    struct source_point checkpoint; /* its `bytes` are `window` */
    unsigned char window[SOURCE_WINDOW];
};

static void release(struct unpacker *u)
{
    struct gz *gz = (struct gz *)u;
    gz->preferred.engine->release(gz->preferred.state);
    gz->judge.engine->release(gz->judge.state);
    inflate_header_free(gz->header);
    free(gz->input);
    unpacker_done(u);
    free(gz);
}

/* --- input ------------------------------------------------------------------------------------------------------------- */

static isd_status refill(struct gz *gz, isd_error *err)
{
    size_t got = 0;
    struct inflate_io *io = &gz->io;
    memmove(gz->input, io->in - INFLATE_KEEP, INFLATE_KEEP + io->in_length);
    io->in = gz->input + INFLATE_KEEP;
    isd_status status = raw_read(gz->u.raw, gz->input + INFLATE_KEEP + io->in_length, gz->chunk, &got, err);
    if (status != ISD_OK)
        return status;
    io->in_length += got;
    io->in_ended = got == 0;
    return ISD_OK;
}

/* At least `want` (up to INFLATE_AHEAD) bytes of input, or all there is. */
static isd_status need(struct gz *gz, size_t want, isd_error *err)
{
    isd_status status = ISD_OK;
    while (status == ISD_OK && gz->io.in_length < want && !gz->io.in_ended)
        status = refill(gz, err);
    return status;
}

static int64_t position(const struct gz *gz)
{
    return gz->u.raw->offset - (int64_t)gz->io.in_length;
}

static void take_input(struct gz *gz, size_t length)
{
    gz->io.in += length;
    gz->io.in_length -= length;
}

static void end_with(struct gz *gz, enum source_fault fault, int64_t byte, const char *text)
{
    gz->stage = ENDED;
    unpacker_fault(&gz->u, fault, byte, text);
}

static void end_cut(struct gz *gz)
{
    take_input(gz, gz->io.in_length);
    end_with(gz, SOURCE_CUT, position(gz), "the file ends inside a gz member");
}

/* --- decoding ---------------------------------------------------------------------------------------------------------- */

/* The decoder, before a block. */
static isd_status begin_decoder(struct gz *gz, struct decoder *decoder, int bits, unsigned char before,
                                const unsigned char *window, size_t length, isd_error *err)
{
    if (decoder->state == NULL)
        decoder->state = decoder->engine->make();
    if (decoder->state == NULL || !decoder->engine->begin(decoder->state, bits, before, window, length))
        return isd_error_memory(err);
    gz->now = decoder;
    gz->stage = BODY;
    return ISD_OK;
}

/* Decoding from here on begins at the point. */
static isd_status restart(struct gz *gz, struct decoder *decoder, const struct source_point *point, const unsigned char *window,
                          isd_error *err)
{
    int bits = (int)(-point->bit & 7);
    unsigned char before = 0;
    isd_status status = raw_seek(gz->u.raw, point->bit / 8, err);
    gz->io.in = gz->input + INFLATE_KEEP;
    gz->io.in_length = 0;
    gz->io.in_ended = false;
    if (status == ISD_OK)
        status = need(gz, 1, err);
    if (status != ISD_OK)
        return status;
    if (bits > 0 && gz->io.in_length > 0) {
        before = *gz->io.in;
        take_input(gz, 1);
    }
    gz->u.fault = SOURCE_FINE;
    gz->u.out = point->out;
    gz->member_from = point->member_from;
    gz->crc = point->crc;
    return begin_decoder(gz, decoder, bits, before, window, point->window, err);
}

static bool checkpoint_due(const struct gz *gz)
{
    return gz->now != &gz->judge && gz->u.out - gz->checkpoint.out >= CHECKPOINTS;
}

/* Before a block: a place to begin at again, for the index and for the judge. Its buffers must not weigh on every read. */
__attribute__((noinline)) static isd_status note_block(struct gz *gz, bool first, isd_error *err)
{
    unsigned char window[SOURCE_WINDOW];
    const struct inflate_engine *engine = gz->now->engine;
    struct source_point point = {.out = gz->u.out,
                                 .bit = 8 * position(gz) - (first ? 0 : engine->bits(gz->now->state)),
                                 .member_from = gz->member_from,
                                 .crc = gz->crc};
    bool record = unpacker_point_due(&gz->u), keep = first || checkpoint_due(gz);
    if (!first && (record || keep))
        point.window = (uint32_t)engine->window(gz->now->state, window);
    if (keep) {
        gz->checkpoint = point;
        memcpy(gz->window, window, point.window);
    }
    if (!record)
        return ISD_OK;
    unsigned char packed[SOURCE_PACKED];
    if (point.window > 0) {
        point.packed = (uint32_t)engine->pack(window, point.window, packed, sizeof packed);
        if (point.packed == 0)
            return isd_error_memory(err);
    }
    return source_index_add(gz->u.index, &point, packed, err);
}

/* The decoder that members begin with. */
static struct decoder *first_choice(struct gz *gz)
{
    return gz->preferred.engine == gz->judge.engine ? &gz->judge : &gz->preferred;
}

/* The engine is not sure: zlib decodes from the checkpoint what the engine has decoded, and goes on. */
static isd_status ask_judge(struct gz *gz, isd_error *err)
{
    const struct source_point from = gz->checkpoint;
    int64_t again = gz->u.out - from.out;
    isd_status status = restart(gz, &gz->judge, &from, gz->window, err);
    if (status == ISD_OK)
        gz->u.skip += again;
    return status;
}

static isd_status inflate_some(struct gz *gz, char *buffer, size_t size, size_t *ret_length, isd_error *err)
{
    enum inflate_stop stop = INFLATE_MORE;
    isd_status status = need(gz, INFLATE_AHEAD, err);
    if (status != ISD_OK)
        return status;
    struct inflate_io *io = &gz->io;
    bool dry = io->in_length == 0;
    io->out = (unsigned char *)buffer;
    io->out_length = size;
    const struct inflate_engine *engine = gz->now->engine;
    status = engine->run(gz->now->state, io, unpacker_point_due(&gz->u) || checkpoint_due(gz), &stop, err);
    if (status != ISD_OK)
        return status;
    size_t length = size - io->out_length;
    gz->crc = engine->crc(gz->crc, (const unsigned char *)buffer, length);
    gz->u.out += (int64_t)length;
    gz->u.inflated += (int64_t)length;
    *ret_length = length;
    if (stop == INFLATE_MORE && length == 0 && dry && gz->now != &gz->judge)
        stop = INFLATE_UNSURE;
    switch (stop) {
    case INFLATE_MORE:
        if (length == 0 && dry)
            end_cut(gz);
        return ISD_OK;
    case INFLATE_BLOCK:
        return note_block(gz, false, err);
    case INFLATE_END:
        gz->stage = CHECK_CRC;
        return ISD_OK;
    case INFLATE_UNSURE:
        return ask_judge(gz, err);
    default:
        end_with(gz, SOURCE_DAMAGED, position(gz), engine->text(gz->now->state));
        return ISD_OK;
    }
}

/* --- around the blocks ------------------------------------------------------------------------------------------------- */

/* Do the next bytes begin a member? One of the three that all members begin with may be damaged: inflate will say so, where
 * taking it for garbage would lose frames. */
static bool begins_member(const unsigned char *p, size_t length)
{
    static const unsigned char magic[] = {0x1f, 0x8b, 8};
    size_t known = length < 3 ? length : 3, alike = 0;
    for (size_t k = 0; k < known; k++)
        alike += p[k] == magic[k];
    return alike >= 2 || alike == known;
}

/* Before a member: its first bytes, the end, zeros to the end (tape blocks), or something else. */
static isd_status start_member(struct gz *gz, isd_error *err)
{
    isd_status status = need(gz, 3, err);
    if (status != ISD_OK)
        return status;
    const unsigned char *p = gz->io.in;
    if (gz->io.in_length == 0) {
        gz->stage = ENDED;
    } else if (begins_member(p, gz->io.in_length)) {
        inflate_header_reset(gz->header);
        gz->member_from = gz->u.out;
        gz->crc = 0;
        gz->stage = HEADER;
    } else if (p[0] == 0 && gz->any_member) {
        gz->stage = PADDING;
    } else {
        end_with(gz, SOURCE_GARBAGE, position(gz), "bytes that are no gz data");
    }
    return ISD_OK;
}

static isd_status read_header(struct gz *gz, isd_error *err)
{
    enum inflate_stop stop = INFLATE_MORE;
    isd_status status = need(gz, 1, err);
    if (status == ISD_OK && gz->io.in_length == 0) {
        end_cut(gz);
        return ISD_OK;
    }
    if (status == ISD_OK)
        status = inflate_header_run(gz->header, &gz->io, &stop, err);
    if (status != ISD_OK)
        return status;
    if (stop == INFLATE_BAD)
        end_with(gz, SOURCE_DAMAGED, position(gz), inflate_header_text(gz->header));
    if (stop != INFLATE_BLOCK)
        return ISD_OK;
    status = begin_decoder(gz, first_choice(gz), 0, 0, NULL, 0, err);
    return status == ISD_OK ? note_block(gz, true, err) : status;
}

static isd_status skip_padding(struct gz *gz, isd_error *err)
{
    for (;;) {
        for (; gz->io.in_length > 0; take_input(gz, 1)) {
            if (*gz->io.in != 0) {
                end_with(gz, SOURCE_GARBAGE, position(gz), "bytes that are no gz data");
                return ISD_OK;
            }
        }
        if (gz->io.in_ended) {
            gz->stage = ENDED;
            return ISD_OK;
        }
        isd_status status = refill(gz, err);
        if (status != ISD_OK)
            return status;
    }
}

static isd_status leave_bad_member(struct gz *gz, isd_error *err)
{
    if (!gz->keep_checksum) {
        end_with(gz, SOURCE_CHECKSUM, position(gz) - 4, "checksum wrong");
        return ISD_OK;
    }
    bool again = false; /* met before, and sought back since */
    for (int k = 0; k < gz->u.n_bad; k++)
        again |= gz->u.bad[k].from == gz->member_from;
    if (!again) {
        struct source_range *grown = realloc(gz->u.bad, ((size_t)gz->u.n_bad + 1) * sizeof *grown);
        if (grown == NULL)
            return isd_error_memory(err);
        gz->u.bad = grown;
        gz->u.bad[gz->u.n_bad++] = (struct source_range){gz->member_from, gz->u.out};
    }
    isd_status status = ISD_OK;
    if (gz->stage == CHECK_CRC) { /* its length says nothing more */
        status = need(gz, 4, err);
        take_input(gz, gz->io.in_length < 4 ? gz->io.in_length : 4);
    }
    gz->any_member = true;
    gz->stage = BETWEEN;
    return status;
}

/* Checksum, then length: four bytes each. */
static isd_status check_member(struct gz *gz, isd_error *err)
{
    isd_status status = need(gz, 4, err);
    if (status != ISD_OK)
        return status;
    if (gz->io.in_length < 4) {
        end_cut(gz);
        return ISD_OK;
    }
    const unsigned char *p = gz->io.in;
    uint32_t said = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    uint32_t found = gz->stage == CHECK_CRC ? gz->crc : (uint32_t)(gz->u.out - gz->member_from);
    take_input(gz, 4);
    if (said != found)
        return leave_bad_member(gz, err);
    gz->any_member |= gz->stage == CHECK_LENGTH;
    gz->stage = gz->stage == CHECK_CRC ? CHECK_LENGTH : BETWEEN;
    return ISD_OK;
}

static isd_status advance(struct gz *gz, char *buffer, size_t size, size_t *ret_length, isd_error *err)
{
    switch (gz->stage) {
    case BETWEEN:
        return start_member(gz, err);
    case HEADER:
        return read_header(gz, err);
    case PADDING:
        return skip_padding(gz, err);
    case CHECK_CRC:
    case CHECK_LENGTH:
        return check_member(gz, err);
    default:
        return inflate_some(gz, buffer, size, ret_length, err);
    }
}

/* Gets on with what is to be thrown away; not inlined for the same reason. */
__attribute__((noinline)) static isd_status skip_some(struct gz *gz, isd_error *err)
{
    char nowhere[1 << 16];
    size_t length = 0, most = gz->u.skip < (int64_t)sizeof nowhere ? (size_t)gz->u.skip : sizeof nowhere;
    isd_status status = advance(gz, nowhere, most, &length, err); /* the judge may be asked meanwhile: that adds to it */
    gz->u.skip -= (int64_t)length;
    return status;
}

static isd_status read_gz(struct unpacker *u, char *buffer, size_t size, size_t *ret_length, isd_error *err)
{
    struct gz *gz = (struct gz *)u;
    size_t length = 0;
    isd_status status = ISD_OK;
    while (status == ISD_OK && length == 0 && gz->stage != ENDED)
        status = gz->u.skip > 0 ? skip_some(gz, err) : advance(gz, buffer, size, &length, err);
    if (status == ISD_OK)
        *ret_length = length;
    return status;
}

/* --- places ------------------------------------------------------------------------------------------------------------ */

static isd_status seek(struct unpacker *u, const struct source_index *index, int64_t offset, isd_error *err)
{
    struct gz *gz = (struct gz *)u;
    unsigned char window[SOURCE_WINDOW];
    const struct source_point *point = index != NULL ? source_index_find(index, offset) : NULL;
    isd_status status = ISD_OK;
    if (gz->u.out <= offset && (point == NULL || point->out <= gz->u.out)) { /* on from here */
        gz->u.skip = offset - gz->u.out;
        return ISD_OK;
    }
    if (point != NULL) {
        if (point->window > 0)
            status = source_index_window(point, window, err);
        if (status == ISD_DATA)
            isd_error_at(err, gz->u.raw->path, 0, 0);
        if (status == ISD_OK)
            status = restart(gz, first_choice(gz), point, window, err);
        if (status == ISD_OK) {
            gz->checkpoint = *point;
            memcpy(gz->window, window, point->window);
        }
    } else {
        static const struct source_point start = {.out = 0};
        status = restart(gz, first_choice(gz), &start, NULL, err);
        gz->stage = BETWEEN;
        gz->any_member = false;
    }
    if (status == ISD_OK)
        gz->u.skip = offset - gz->u.out;
    return status;
}

/* Deflate never expands more than 1032 to one (zlib's technical details). */
static const struct unpacker_kind gz_kind = {SOURCE_GZ, "gz", 1032, release, read_gz, seek};

isd_status gz_new(struct raw *raw, size_t chunk, bool keep_checksum, const struct inflate_engine *engine, struct unpacker **ret_gz,
                  isd_error *err)
{
    struct gz *gz = calloc(1, sizeof *gz);
    if (gz == NULL)
        return isd_error_memory(err);
    gz->u = (struct unpacker){.kind = &gz_kind, .raw = raw, .own_spacing = engine->spacing};
    gz->chunk = chunk < INT_MAX ? chunk : INT_MAX;
    gz->keep_checksum = keep_checksum;
    gz->input = malloc(INFLATE_KEEP + INFLATE_AHEAD + gz->chunk);
    gz->header = inflate_header_new();
    gz->preferred.engine = engine;
    gz->judge.engine = &inflate_zlib;
    if (gz->input == NULL || gz->header == NULL) {
        release(&gz->u);
        return isd_error_memory(err);
    }
    memset(gz->input, 0, INFLATE_KEEP);
    gz->io.in = gz->input + INFLATE_KEEP;
    *ret_gz = &gz->u;
    return ISD_OK;
}
