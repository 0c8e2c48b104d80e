/* A snapshot set: frames of one or many files in order. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_FRAMES_H
#define IO_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "io/format.h"
#include "isdmin/reader.h"
#include "model/fingerprint.h"

struct frame_set;

struct frame_set_options {
    bool order_by_step; /* order=step: stable sort by time step; default: the order given */
    bool keep_checksum; /* a gz member whose checksum alone is wrong is a note, its frames marked; default: an error */
    int dimension;      /* 2 or 3: whatever the files say; default 0: 2 if frame 0 has no z or every z of it is equal */
    struct format_options format; /* what only the user knows, for all files; borrowed until open returns */
    double memory;      /* bytes that all frames may take together; default 0: four fifths of the physical memory */
};

/* Types named by text alone (a column element, none for type) are numbered by first appearance in the whole set.
 * paths: files, directories (naturally sorted, not recursive; what is no snapshot is skipped and named in a note) and glob
 * patterns where no such file exists (naturally sorted), read in this order. A file named outright that is no snapshot is an
 * error. No frame at all is an error. Two frames with one step are both kept, with a note. */
isd_status frame_set_open(const char *const *paths, int n_paths, const struct frame_set_options *options,
                          isd_note_fn *note, void *note_arg, isd_control *control, struct frame_set **ret_set,
                          isd_error *err);
/* Sets are counted; frame_set_free gives one reference back. Any thread. */
struct frame_set *frame_set_ref(struct frame_set *set);
void frame_set_free(struct frame_set *set);

int32_t frame_set_count(const struct frame_set *set);
/* Frame k, counted from 0; a reference is returned: unref it. Any thread. */
isd_status frame_set_get(const struct frame_set *set, int32_t k, const isd_snapshot **ret_snapshot, isd_error *err);
/* Header facts of frame k without loading it: borrowed. step/time valid as in the snapshot. */
struct frame_info {
    int32_t n;
    int32_t n_types; /* largest type */
    int64_t step;
    double time;
    isd_box box;     /* as the file has it; dim is that of all frames */
    bool has_step, has_time;
    bool checksum_wrong; /* only with keep_checksum */
    struct hash128 fingerprint; /* of the frame as the file has it: dimension and boundary in force do not count */
    const char *path; /* the file it came from, raw bytes: escape before showing */
};
const struct frame_info *frame_set_info(const struct frame_set *set, int32_t k);
/* The dimension of all frames; and another one for all of them from now on (frames already handed out stay as they are).
 * Not while other threads use the set. Refused where a box has no thickness along z. */
int frame_set_dimension(const struct frame_set *set);
isd_status frame_set_change_dimension(struct frame_set *set, int dimension, isd_error *err);
/* Was any file cut short or damaged (noted)? */
bool frame_set_marked(const struct frame_set *set);

#endif
