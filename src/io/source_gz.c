/* gz through zlib's streaming inflate: never gzread, which hides cuts, never inflateGetHeader.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/source_gz.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum stage { BETWEEN, INSIDE, PADDING, ENDED };

struct gz {
    struct raw *raw;
    z_stream z;
    bool z_ready, keep_checksum;
    enum stage stage;
    bool any_member;      /* at least one member is complete */
    unsigned char *input; /* [chunk + 2]: two bytes may be carried over to see how a member begins */
    size_t chunk;
    bool raw_ended;
    int64_t out, member_from; /* decoded bytes in all, and where the member began */
    enum source_fault fault;
    int64_t fault_byte;
    char fault_text[64];
    struct source_range *bad;
    int n_bad;
};

isd_status gz_new(struct raw *raw, size_t chunk, bool keep_checksum, struct gz **ret_gz, isd_error *err)
{
    struct gz *gz = calloc(1, sizeof *gz);
    if (gz == NULL)
        return isd_error_memory(err);
    gz->raw = raw;
    gz->chunk = chunk < INT_MAX ? chunk : INT_MAX;
    gz->keep_checksum = keep_checksum;
    gz->input = malloc(gz->chunk + 2);
    gz->z.next_in = gz->input;
    gz->z_ready = gz->input != NULL && inflateInit2(&gz->z, 15 + 16) == Z_OK;
    if (!gz->z_ready) {
        gz_free(gz);
        return isd_error_memory(err);
    }
    *ret_gz = gz;
    return ISD_OK;
}

void gz_free(struct gz *gz)
{
    if (gz == NULL)
        return;
    if (gz->z_ready)
        inflateEnd(&gz->z);
    free(gz->input);
    free(gz->bad);
    free(gz);
}

/* More input behind what is left of it (at most two bytes are). */
static isd_status refill(struct gz *gz, isd_error *err)
{
    size_t got = 0, kept = gz->z.avail_in;
    memmove(gz->input, gz->z.next_in, kept);
    isd_status status = raw_read(gz->raw, gz->input + kept, gz->chunk, &got, err);
    if (status != ISD_OK)
        return status;
    gz->z.next_in = gz->input;
    gz->z.avail_in = (unsigned)(kept + got);
    gz->raw_ended = got == 0;
    return ISD_OK;
}

static void end_with(struct gz *gz, enum source_fault fault, int64_t byte, const char *text)
{
    gz->stage = ENDED;
    gz->fault = fault;
    gz->fault_byte = byte;
    strncpy(gz->fault_text, text, sizeof gz->fault_text - 1);
}

static int64_t position(const struct gz *gz)
{
    return gz->raw->offset - (int64_t)gz->z.avail_in;
}

/* Do the next bytes begin a member? One of the three that all members begin with may be damaged: inflate will say so, where
 * taking it for garbage would lose frames. */
static bool begins_member(const unsigned char *p, unsigned length)
{
    static const unsigned char magic[] = {0x1f, 0x8b, 8};
    unsigned known = length < 3 ? length : 3, alike = 0;
    for (unsigned k = 0; k < known; k++)
        alike += p[k] == magic[k];
    return alike >= 2 || alike == known;
}

/* Before a member: its first bytes, the end, zeros to the end (tape blocks), or something else. */
static isd_status start_member(struct gz *gz, isd_error *err)
{
    while (gz->z.avail_in < 3 && !gz->raw_ended) {
        isd_status status = refill(gz, err);
        if (status != ISD_OK)
            return status;
    }
    const unsigned char *p = gz->z.next_in;
    if (gz->z.avail_in == 0) {
        gz->stage = ENDED;
    } else if (begins_member(p, gz->z.avail_in)) {
        inflateReset(&gz->z);
        gz->member_from = gz->out;
        gz->stage = INSIDE;
    } else if (p[0] == 0 && gz->any_member) {
        gz->stage = PADDING;
    } else {
        end_with(gz, SOURCE_GARBAGE, position(gz), "bytes that are no gz data");
    }
    return ISD_OK;
}

static isd_status skip_padding(struct gz *gz, isd_error *err)
{
    for (;;) {
        for (; gz->z.avail_in > 0; gz->z.avail_in--, gz->z.next_in++) {
            if (*gz->z.next_in != 0) {
                end_with(gz, SOURCE_GARBAGE, position(gz), "bytes that are no gz data");
                return ISD_OK;
            }
        }
        if (gz->raw_ended) {
            gz->stage = ENDED;
            return ISD_OK;
        }
        isd_status status = refill(gz, err);
        if (status != ISD_OK)
            return status;
    }
}

/* zlib stops at a wrong CRC with the member's length (4 bytes) unread, and at a wrong length with nothing left. */
static isd_status leave_bad_member(struct gz *gz, bool wrong_crc, isd_error *err)
{
    if (!gz->keep_checksum) {
        end_with(gz, SOURCE_CHECKSUM, position(gz) - 4, "checksum wrong");
        return ISD_OK;
    }
    struct source_range *grown = realloc(gz->bad, ((size_t)gz->n_bad + 1) * sizeof *grown);
    if (grown == NULL)
        return isd_error_memory(err);
    gz->bad = grown;
    gz->bad[gz->n_bad++] = (struct source_range){gz->member_from, gz->out};
    for (int skip = wrong_crc ? 4 : 0; skip > 0; skip--) {
        while (gz->z.avail_in == 0 && !gz->raw_ended) {
            isd_status status = refill(gz, err);
            if (status != ISD_OK)
                return status;
        }
        if (gz->z.avail_in > 0) {
            gz->z.avail_in--;
            gz->z.next_in++;
        }
    }
    gz->any_member = true;
    gz->stage = BETWEEN;
    return ISD_OK;
}

static isd_status inflate_some(struct gz *gz, char *buffer, size_t size, size_t *ret_length, isd_error *err)
{
    if (gz->z.avail_in == 0 && !gz->raw_ended) {
        isd_status status = refill(gz, err);
        if (status != ISD_OK)
            return status;
    }
    gz->z.next_out = (unsigned char *)buffer;
    gz->z.avail_out = size < INT_MAX ? (unsigned)size : INT_MAX;
    unsigned room = gz->z.avail_out;
    int code = inflate(&gz->z, Z_NO_FLUSH);
    *ret_length = room - gz->z.avail_out;
    gz->out += (int64_t)*ret_length;
    const char *message = gz->z.msg != NULL ? gz->z.msg : "inflate fails";
    switch (code) {
    case Z_OK:
        return ISD_OK;
    case Z_STREAM_END:
        gz->any_member = true;
        gz->stage = BETWEEN;
        return ISD_OK;
    case Z_BUF_ERROR: /* no progress: more input is wanted */
        if (gz->z.avail_in == 0 && gz->raw_ended)
            end_with(gz, SOURCE_CUT, position(gz), "the file ends inside a gz member");
        return ISD_OK;
    case Z_MEM_ERROR:
        return isd_error_memory(err);
    default:
        if (strcmp(message, "incorrect data check") == 0)
            return leave_bad_member(gz, true, err);
        if (strcmp(message, "incorrect length check") == 0)
            return leave_bad_member(gz, false, err);
        end_with(gz, SOURCE_DAMAGED, position(gz), code == Z_NEED_DICT ? "needs a dictionary" : message);
        return ISD_OK;
    }
}

isd_status gz_read(struct gz *gz, char *buffer, size_t size, size_t *ret_length, isd_error *err)
{
    size_t length = 0;
    isd_status status = ISD_OK;
    while (status == ISD_OK && length == 0 && gz->stage != ENDED) {
        if (gz->stage == BETWEEN)
            status = start_member(gz, err);
        else if (gz->stage == PADDING)
            status = skip_padding(gz, err);
        else
            status = inflate_some(gz, buffer, size, &length, err);
    }
    if (status == ISD_OK)
        *ret_length = length;
    return status;
}

enum source_fault gz_fault(const struct gz *gz, int64_t *ret_byte, const char **ret_text)
{
    *ret_byte = gz->fault_byte;
    *ret_text = gz->fault_text;
    return gz->fault;
}

const struct source_range *gz_bad(const struct gz *gz, int *ret_count)
{
    *ret_count = gz->n_bad;
    return gz->bad;
}
