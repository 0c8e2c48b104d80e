/* Decoding on a thread of its own, a little ahead of who reads. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SOURCE_AHEAD_H
#define IO_SOURCE_AHEAD_H

#include "io/source.h"

struct ahead;

/* What a source has come to at some place: facts that the reader may ask for when it has read that far. */
struct source_facts {
    int64_t used, inflated;
    enum source_fault fault;
    int64_t fault_byte;
    char fault_text[64];
};

/* How the thread gets at its source. */
struct ahead_calls {
    isd_status (*read)(struct source *source, char *buffer, size_t size, size_t *ret_length, isd_error *err);
    void (*facts)(const struct source *source, struct source_facts *ret_facts);
    const struct source_range *(*bad)(const struct source *source, int *ret_count);
};

/* Decoded bytes between the threads: enough that neither waits for the other's every turn, and little enough for the cache. */
#define AHEAD_SLOTS 4
#define AHEAD_SIZE ((size_t)1 << 17)

/* From here on nobody else may use the source's decoder. `size`: bytes in a slot; `offset`: decoded bytes read so far. */
isd_status ahead_new(struct source *source, const struct ahead_calls *calls, size_t size, int64_t offset,
                     struct ahead **ret_ahead, isd_error *err);
/* Stops the thread. */
void ahead_free(struct ahead *ahead);
isd_status ahead_read(struct ahead *ahead, char *buffer, size_t size, size_t *ret_length, isd_error *err);
int64_t ahead_offset(const struct ahead *ahead);
/* As of the bytes read so far; borrowed. */
const struct source_facts *ahead_facts(const struct ahead *ahead);
const struct source_range *ahead_bad(const struct ahead *ahead, int *ret_count);

#endif
