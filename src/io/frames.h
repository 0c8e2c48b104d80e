/* A snapshot set: frames of one or many files in order. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All is read once, and each frame checked; what is kept of it is where it lies, its header and its fingerprint. Decoded frames are
 * in memory within a budget, all others are read again when they are asked for. */
#ifndef IO_FRAMES_H
#define IO_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "io/format.h"
#include "io/frame_cache.h"
#include "io/source_index.h"
#include "isdmin/reader.h"
#include "model/fingerprint.h"

struct frame_set;

struct frame_set_options {
    bool order_by_step; /* order=step: stable sort by time step; default: the order given */
    bool keep_checksum; /* a gz member whose checksum alone is wrong is a note, its frames marked; default: an error */
    int dimension;      /* 2 or 3: whatever the files say; default 0: 2 if frame 0 has no z or every z of it is equal */
    struct format_options format; /* what only the user knows, for all files */
    struct frame_cache *cache;    /* shared with other sets, or NULL: one of its own */
    const void *data;   /* the bytes of the only "file", which must live as long as the set, or NULL: files on disk */
    size_t data_size;
};

/* Types named by text alone (a column element, none for type) are numbered by first appearance in the whole set.
 * paths: files, directories (naturally sorted, not recursive; what is no snapshot is skipped and named in a note) and glob
 * patterns where no such file exists (naturally sorted), read in this order. A file named outright that is no snapshot is an
 * error, and so is one that lacks a cell; found in a directory it is skipped with the reason. No frame at all is an error. Two
 * frames with one step are both kept, with a note. */
isd_status frame_set_open(const char *const *paths, int n_paths, const struct frame_set_options *options,
                          isd_note_fn *note, void *note_arg, isd_control *control, struct frame_set **ret_set,
                          isd_error *err);
/* Sets are counted; frame_set_free gives one reference back. Any thread. */
struct frame_set *frame_set_ref(struct frame_set *set);
void frame_set_free(struct frame_set *set);

/* The same in portions: a set without frames yet, then frame_set_read until *ret_done. Frames are there as soon as they are counted
 * (with order_by_step, in the end); any thread may get them while one reads on. After an error the frames so far stay, and only
 * after ISD_CANCELLED it may be read on. ISD_USAGE for options that cannot be right. */
isd_status frame_set_begin(const char *const *paths, int n_paths, const struct frame_set_options *options,
                           struct frame_set **ret_set, isd_error *err);
/* A portion ends with any of them; 0: no limit. */
struct frame_set_portion {
    int32_t frames;
    double seconds;
    bool ask; /* when frame_set_asks */
};
isd_status frame_set_read(struct frame_set *set, const struct frame_set_portion *portion, isd_note_fn *note, void *note_arg,
                          isd_control *control, bool *ret_done, isd_error *err);

/* What is known of a file that was read: where its frames lie, what they are, restart points. Kept, it need not be read again. */
struct frame_set_known {
    const char *path; /* borrowed */
    struct source_identity identity;
    unsigned char *bytes; /* the caller's; NULL: nothing is worth keeping */
    size_t length;
};
/* Is it worth asking what is known of the file that is being read? Once for each file, when its first frames are there; between two
 * portions. */
bool frame_set_asks(const struct frame_set *set, struct frame_set_known *ret_file);
/* The answer (NULL: nothing is known), copied. The next portion looks whether it is of this file as it is and of these options, and
 * else reads on. Every field is checked; what a lying answer can do at worst is that frames are not what it says when they are loaded. */
isd_status frame_set_answer(struct frame_set *set, const void *bytes, size_t length, isd_error *err);
/* Of file k < frame_set_known_count of a set that is read to its end. Nothing is kept of small files, of those with something to be
 * said about them, and of those whose frames differ in more than numbers. */
isd_status frame_set_known(const struct frame_set *set, int k, struct frame_set_known *ret_known, isd_error *err);
int frame_set_known_count(const struct frame_set *set);

/* What has become of the files since they were read. */
enum frame_set_news {
    FRAME_SET_SAME,
    FRAME_SET_MORE, /* the last file is longer or new ones follow it (or reading was cancelled): frame_set_read reads on. Frames
                       that are still being written are left out */
    FRAME_SET_OTHER /* anything else: frame_set_anew reads all of them again */
};
/* Of a set that is read to its end or was cancelled. An error where a file that was named is not there any more. */
isd_status frame_set_refresh(struct frame_set *set, enum frame_set_news *ret_news, isd_error *err);
/* A set of the same files and options, to be read from the start; `set` stays as it is. */
isd_status frame_set_anew(struct frame_set *set, struct frame_set **ret_set, isd_error *err);

int32_t frame_set_count(const struct frame_set *set);
/* 0..1 of the bytes on disk were read; between two portions. */
double frame_set_fraction(const struct frame_set *set);
int frame_set_file_count(const struct frame_set *set); /* with frames; not while it is read */
/* Frame k, counted from 0; a reference is returned: unref it. From memory or from its file, ISD_DATA if that has changed. Any thread. */
isd_status frame_set_get(struct frame_set *set, int32_t k, const isd_snapshot **ret_snapshot, isd_error *err);
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
/* The dimension of all frames. */
int frame_set_dimension(const struct frame_set *set);
/* Was any file cut short or damaged (noted)? */
bool frame_set_marked(const struct frame_set *set);
/* Is there a file in one of the folders that could not be opened (noted)? */
bool frame_set_left_out(const struct frame_set *set);

#endif
