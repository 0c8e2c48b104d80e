/* A frame set that is being read, for frames_*.c only. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_FRAMES_READING_H
#define IO_FRAMES_READING_H

#include "io/frame_set.h"
#include "io/listing.h"

/* How far the reading is. Between two files there is no reader; a file without a reader is gone on with where it was left. */
struct reading {
    struct listing *listings; /* [n_arguments] */
    bool listed;
    int argument, at;         /* the next file: listings[argument].path[at] */
    struct set_file *file;
    isd_reader *reader;
    int32_t first;            /* entry of the first frame read by this reader */
    struct source_range *range; /* [range_size] where their bytes lie */
    int32_t range_size;
    int32_t argument_first;   /* entries there when the argument began */
    const char **skipped;     /* of this argument; borrowed from files */
    int n_skipped;
    isd_error lacking;        /* why the first incomplete file of this argument was skipped; ISD_OK: none was */
    int32_t known_from;       /* entries before are known since the last time: what was said of them is not said again */
    bool again;               /* refresh: files may be half written */
    bool told_z;              /* that frame 0 made the set flat, and another has more */
    struct frame_set *earlier;/* what is read anew, or NULL */
    unsigned char *answer;    /* what is known of the file, [answer_length]; NULL: nothing */
    size_t answer_length;
    double bytes_before, bytes_after, bytes_total; /* on disk: before this file, with it, in all; for progress */
};

/* One call of frame_set_read. */
struct turn {
    struct frame_set *set;
    struct reading *reading;
    isd_note_fn *note;
    void *note_arg;
    isd_control *control;
};

void turn_tell(const struct turn *t, const isd_error *note);
/* By the reader, of the file that is read: an isd_note_fn for a turn. */
void turn_tell_of_file(void *turn, const isd_error *note);

/* frames_files.c: the files of the list, one after the other. */
isd_status set_reading_new(struct frame_set *set, isd_error *err);
double file_size_on_disk(const char *path); /* 0: no regular file */
isd_status turn_list_files(struct turn *t, isd_error *err);
/* The next file of the list becomes one of the set. */
isd_status turn_add_file(struct turn *t, const char *path, isd_error *err);
/* Opens the file of the reading, at its beginning or where it was left; or passes over what is no snapshot in a folder. */
isd_status turn_open_file(struct turn *t, isd_error *err);
void reading_close_file(struct reading *r);
/* Is the argument a folder or a pattern, where files that are no snapshots may lie? */
bool reading_is_lenient(const struct reading *r);
void set_file_free(struct set_file *file);

/* frames_settle.c: all has been read; what only shows then. */
isd_status turn_settle(struct turn *t, isd_error *err);

#endif
