/* What decoders of compressed files have in common: how far they are, how the data ended. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_UNPACKER_H
#define IO_UNPACKER_H

#include "io/source.h"

struct unpacker;

struct unpacker_kind {
    enum source_kind kind;
    const char *name;  /* "gz" */
    int64_t expansion; /* decoded bytes of one, at most */
    void (*release)(struct unpacker *u);
    /* At most `size` bytes; *ret_length = 0 at the end. */
    isd_status (*read)(struct unpacker *u, char *buffer, size_t size, size_t *ret_length, isd_error *err);
    /* The next byte read is the one at this decoded offset; `index` may be NULL. */
    isd_status (*seek)(struct unpacker *u, const struct source_index *index, int64_t offset, isd_error *err);
};

/* The first part of each decoder. */
struct unpacker {
    const struct unpacker_kind *kind;
    struct raw *raw; /* borrowed */
    int64_t out, skip, inflated; /* decoded bytes: before what comes next, still to be thrown away of that, by the decoder in all */
    enum source_fault fault;
    int64_t fault_byte;
    char fault_text[64];
    struct source_range *bad; /* members with a wrong checksum */
    int n_bad;
    struct source_index *index; /* or NULL: points are not recorded */
    int64_t spacing, own_spacing; /* of points, decoded bytes; of this decoder if nothing else is said */
};

/* Decoded bytes before the next one to be read. */
int64_t unpacker_offset(const struct unpacker *u);
/* Points go to this index (a reference is kept), `spacing` decoded bytes apart, 0: as the decoder likes. */
void unpacker_record(struct unpacker *u, struct source_index *index, int64_t spacing);
/* Is the last point so far back that another one is due? */
bool unpacker_point_due(const struct unpacker *u);
/* How the data ended. */
void unpacker_fault(struct unpacker *u, enum source_fault fault, int64_t byte, const char *text);
/* Gives back what is here; the struct is its decoder's. */
void unpacker_done(struct unpacker *u);

#endif
