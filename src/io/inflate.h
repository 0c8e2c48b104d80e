/* Raw deflate data, by one of the libraries that decode it. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An engine decodes the blocks of one gz member; header and checksum of the member are source_gz.c's. Engines differ in speed only:
 * one that meets anything but sound blocks says INFLATE_UNSURE, and the zlib engine decodes those again and judges. */
#ifndef IO_INFLATE_H
#define IO_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isdmin/status.h"

enum inflate_stop {
    INFLATE_MORE,   /* more room or more input is wanted */
    INFLATE_BLOCK,  /* before a block, if asked for that */
    INFLATE_END,    /* behind the last block */
    INFLATE_BAD,    /* cannot be decoded: `text` says why */
    INFLATE_UNSURE, /* begin at the last point again, with zlib */
};

/* Moved on by a run. Input given in one call must stay where it is until the next, which may hand out whole bytes of it again:
 * INFLATE_KEEP bytes before `in` are still there. */
struct inflate_io {
    const unsigned char *in;
    size_t in_length;
    bool in_ended; /* nothing follows these bytes */
    unsigned char *out;
    size_t out_length;
};

#define INFLATE_KEEP ((size_t)8)
/* With this much input, or all there is, a run always gets on. */
#define INFLATE_AHEAD ((size_t)512)

struct inflate_engine {
    const char *name;
    int64_t spacing; /* decoded bytes between points that cost a few ms to cross */
    void *(*make)(void); /* NULL: out of memory */
    void (*release)(void *state);
    /* Starts before a block: the upper `bits` (0 ... 7) of the byte `before` come before the input. `window` holds the `length`
     * bytes decoded before, at most SOURCE_WINDOW. False: out of memory. */
    bool (*begin)(void *state, int bits, unsigned char before, const unsigned char *window, size_t length);
    /* ISD_MEMORY is the only error. */
    isd_status (*run)(void *state, struct inflate_io *io, bool to_block, enum inflate_stop *ret_stop, isd_error *err);
    /* Before a block: bits of the byte before `in` that are not used yet; 0 ... 7. */
    int (*bits)(const void *state);
    /* The last decoded bytes, at most SOURCE_WINDOW. */
    size_t (*window)(const void *state, unsigned char *ret_window);
    const char *(*text)(const void *state);
    uint32_t (*crc)(uint32_t crc, const unsigned char *bytes, size_t length);
    /* A window for keeping, as inflate_unpack takes it: its packed length, 0 without memory or room. */
    size_t (*pack)(const unsigned char *bytes, size_t length, unsigned char *out, size_t room);
};

extern const struct inflate_engine inflate_zlib;
#ifdef ISD_HAVE_ISAL
extern const struct inflate_engine inflate_isal;
#endif

/* The beginning of a member, which zlib takes apart for all engines. INFLATE_BLOCK: it is complete. */
struct inflate_header;
struct inflate_header *inflate_header_new(void); /* NULL: out of memory */
void inflate_header_free(struct inflate_header *header);
void inflate_header_reset(struct inflate_header *header);
isd_status inflate_header_run(struct inflate_header *header, struct inflate_io *io, enum inflate_stop *ret_stop, isd_error *err);
const char *inflate_header_text(const struct inflate_header *header);

/* A window that any engine packed; false unless that gives exactly `length` bytes. */
bool inflate_unpack(const unsigned char *packed, size_t packed_length, unsigned char *out, size_t length);

#endif
