/* The inside of a frame set, for frames*.c only. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One thread at a time reads (frame_set_read); meanwhile any other may get frames that are there. What such threads look at
 * never changes once a frame is counted: entries, names, files. Else the lock is held. */
#ifndef IO_FRAME_SET_H
#define IO_FRAME_SET_H

#include <stdatomic.h>

#include "io/frame_cache.h"
#include "io/frames.h"
#include "io/reader.h"
#include "job/lock.h"

/* What frames share with those before them. */
struct frame_names {
    struct frame_names *next;
    char units[16];
    char element[ISD_MAX_TYPES + 1][ISD_LABEL_SIZE];
};

/* State of a format, as it was before a frame. */
struct frame_state {
    struct frame_state *next;
    size_t size;
    unsigned char bytes[];
};

/* A file that frames came from. */
struct set_file {
    char *path;
    int argument;                /* which of the words named it */
    int64_t size, mtime_ns;      /* when it was opened */
    const struct format *format; /* NULL: skipped */
    struct source_identity identity;
    struct source_index *index;  /* of compressed files, else NULL */
    int32_t n;                   /* frames */
    struct reader_place end;     /* behind its last whole frame */
    const struct frame_state *end_state;
    bool told_marked;            /* cut short or damaged */
    bool left_out;               /* it could not be opened */
    bool no_newline;             /* its last frame was taken though its last line has no newline */
    bool noted;                  /* something was said about it */
    bool asked, believed;        /* what is known of it; and that was so */
};

struct set_entry {
    struct frame_info info;
    struct set_file *file;
    struct reader_place place;
    const struct frame_state *state;
    const struct frame_names *names;
    struct cached_frame *cached;
};

/* A reader that stands by to load more frames. */
struct idle_reader {
    isd_reader *reader;
    const struct set_file *file;
    struct element_table *elements; /* the reader's own */
};
#define SET_IDLE_READERS 4

/* Entries lie in blocks of 64, 128, 256, ...: they never move. */
#define SET_FIRST_BLOCK 64
#define SET_BLOCKS 26

struct reading; /* frames_reading.h */

struct frame_set {
    atomic_int references;
    struct job_lock *lock; /* over idle and seen */
    struct frame_cache *cache;
    /* as asked for */
    char **argument;
    int n_arguments;
    struct frame_set_options options;
    char *option_text[3];
    /* what there is */
    struct set_entry *block[SET_BLOCKS];
    int32_t n_entries;
    atomic_int n;     /* counted: may be looked at */
    int32_t *order;   /* [n] frame to entry, NULL: the same */
    struct set_file **files;
    int n_files;
    struct frame_names *names;
    struct frame_state *states;
    struct element_table elements; /* of the reading */
    struct element_table seen;     /* a copy for those who load */
    int dimension;    /* 0: not known yet */
    atomic_bool marked, left_out;
    struct idle_reader idle[SET_IDLE_READERS]; /* the one used last first */
    struct reading *reading; /* NULL: not begun, or complete */
    double fraction;         /* of the bytes */
    bool complete;           /* all that was there has been read */
};

static inline struct set_entry *set_entry_at(const struct frame_set *set, int32_t k)
{
    int block = 0;
    while (((int64_t)SET_FIRST_BLOCK << (block + 1)) - SET_FIRST_BLOCK <= k)
        block++;
    return &set->block[block][k - (((int32_t)SET_FIRST_BLOCK << block) - SET_FIRST_BLOCK)];
}

/* Frame k of those that are counted. */
static inline struct set_entry *set_entry_of(const struct frame_set *set, int32_t k)
{
    return set_entry_at(set, set->order != NULL ? set->order[k] : k);
}

/* frames_load.c: an entry's frame out of its file, a reference; ISD_DATA if it is not what it was. Any thread. */
isd_status set_load(struct frame_set *set, const struct set_entry *entry, const isd_snapshot **ret_frame, isd_error *err);
void set_load_done(struct frame_set *set);

/* frames_known.c: what is known of a file whose first frames are the last entries of the set; false: it does not fit. */
struct answer;
bool set_check_known(const struct frame_set *set, const struct set_file *file, const unsigned char *bytes, size_t length,
                     struct answer **ret_answer);
/* Its other frames become entries. False: no memory, read on. Nobody else may be recording points. */
bool set_take_known(struct frame_set *set, struct set_file *file, const struct answer *answer);
void set_answer_free(struct answer *answer);
bool set_is_large(const struct set_file *file);

/* frames_read.c and frames_files.c */
/* An entry behind the last one, not counted yet. */
isd_status set_new_entry(struct frame_set *set, struct set_entry **ret_entry, isd_error *err);
void set_reading_free(struct frame_set *set);
void set_files_done(struct frame_set *set);
isd_status set_open_source(const struct frame_set *set, const struct set_file *file, struct source **ret_source, isd_error *err);

#endif
