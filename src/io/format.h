/* What every format is to the reader, and what formats share. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_FORMAT_H
#define IO_FORMAT_H

#include "io/cell.h"
#include "io/elements.h"
#include "io/lines.h"
#include "isdmin/reader.h"

/* What only the user can know. All borrowed; NULL: not said. */
struct format_options {
    const char *format;  /* a key of the list of formats; default: by content */
    const char *columns; /* "id,type,x,y,z", for files that do not name theirs */
    const char *cell;    /* "lx,ly,lz", with ",xy,xz,yz" or nine numbers a b c: for frames without one */
    bool by_element;     /* species by name where a file has both names and types */
};

/* ISD_USAGE if they cannot be right for any file. */
isd_status format_options_check(const struct format_options *options, isd_error *err);

enum frame_end {
    FRAME_WHOLE,
    FRAME_WHOLE_NO_NEWLINE, /* complete, but the last line of the data has no newline */
    FRAME_NONE,             /* no further frame */
    FRAME_CUT               /* the data ends inside it; err says where */
};

/* One file being read. */
struct format_file {
    struct lines lines;
    struct element_table *elements;
    struct format_options options;
    int32_t frame; /* number of the next frame, from 0 */
    isd_note_fn *note;
    void *note_arg;
    bool told_turned;
    bool incomplete; /* what it lacks only the user can know (a cell, columns): sound all the same */
};

#define FORMAT_HEAD ((size_t)16384)

struct format {
    const char *key, *name;
    size_t state_size; /* bytes of the state, plain data that can be copied to go on from a frame later; 0: none */
    bool binary;       /* no text: a byte order mark would be part of it */
    bool by_number;    /* `next` reads frame file->frame, wherever its bytes lie; else frames follow one another */
    /* Are these the first FORMAT_HEAD bytes of such a file (all of it, if it has no more)? */
    bool (*matches)(const char *head, size_t length, bool all);
    isd_status (*open)(struct format_file *file, void **ret_state, isd_error *err);
    /* The next frame, frozen. ISD_OK with FRAME_CUT or FRAME_WHOLE_NO_NEWLINE fills err with the reason;
     * *ret_snapshot is set for whole frames only. */
    isd_status (*next)(void *state, struct format_file *file, isd_snapshot **ret_snapshot, enum frame_end *ret_end,
                       isd_error *err);
    void (*close)(void *state); /* accepts NULL */
};

extern const struct format format_lammps_dump, format_lammps_data, format_lammps_binary, format_xyz, format_gsd,
    format_poscar, format_xdatcar;

/* Format k = 0, 1, ... in the order of looking at content; NULL past the last. */
const struct format *format_number(int k);

/* Places in messages: ISD_DATA is returned, whatever err is. */
isd_status format_refuse(const struct format_file *file, int64_t line, int64_t column, isd_error *err);
isd_status format_refuse_byte(const struct format_file *file, int64_t byte, isd_error *err);
/* The place of the next unread byte. */
int64_t format_byte(const struct format_file *file);

void format_note(struct format_file *file, const isd_error *note);
/* Said once a file: the cell, and with it all atoms, was turned. */
void format_note_turned(struct format_file *file, const struct file_cell *cell);

/* The data ends in the next frame: fills *ret_end and err ("the file ends in frame 3, `in_what`"). */
isd_status format_cut(struct format_file *file, const char *in_what, enum frame_end *ret_end, isd_error *err);

/* Room for at least one atom more than the `filled` in *snapshot (NULL: none yet), never for more than `claimed`;
 * compressed data may claim what it does not hold, so its room only doubles where too little of it is left to believe it.
 * ISD_MEMORY where the memory of this computer cannot hold the claim. */
isd_status format_grow(struct format_file *file, int32_t claimed, int32_t filled, bool with_image,
                       isd_snapshot **snapshot, isd_error *err);

/* All atoms are there, in LAMMPS' frame: sets box and dimension (2 where every z is the same; one atom alone tells
 * nothing), checks both and freezes. Errors have no place yet. */
isd_status format_finish(isd_snapshot *snapshot, const isd_box *box, isd_error *err);

#endif
