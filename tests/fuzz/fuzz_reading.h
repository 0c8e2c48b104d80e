/* Bytes read as a file of snapshots, with everything that must hold. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_FUZZ_READING_H
#define TEST_FUZZ_READING_H

#include "fuzz.h"
#include "isdmin/snapshot.h"

#define READING_FRAMES 8

struct fuzz_reading {
    isd_status status;
    isd_error error;
    int n_frames, n_notes;
    const isd_snapshot *frame[READING_FRAMES]; /* the first ones; one reference each */
    uint64_t hash; /* of all frames and words, places left out */
};

/* Reads to the end, `chunk` bytes at a time (0: as it comes), checking each frame and the words. The last byte of the data decides whether
 * species go by element. */
void fuzz_read(const uint8_t *data, size_t size, size_t chunk, struct fuzz_reading *ret_reading);
void fuzz_reading_done(struct fuzz_reading *reading);

/* All that must hold for any bytes: the same result for every chunk size, frames written and read back the same; for text
 * dumps, the frames that a second, slow parser finds. */
void fuzz_read_and_check(const uint8_t *data, size_t size);

#endif
