/* Unwrapped positions of atoms over frames, laid out for sums over pairs of frames. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Atoms lie type by type in blocks small enough for a cache, each with all frames of its atoms. Only a portion of the blocks need be in
 * memory at a time. How atoms are cut into blocks depends on their number and that of the frames alone, and so do the bits of all sums. */
#ifndef ANALYSIS_TRACKS_H
#define ANALYSIS_TRACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isdmin/control.h"
#include "isdmin/snapshot.h"

/* Where the turns around the cell come from. */
enum unwrapping {
    UNWRAP_FILE,   /* images or unwrapped positions of the files */
    UNWRAP_NEAREST /* from frame to frame each atom is where it is nearest to where it was */
};

/* What is summed over the atoms of a block between two frames. */
struct track_request {
    double k;    /* wave number of F_s; 0: no F_s */
    double a;    /* q counts u < a */
    double jump; /* jumps counts u > jump */
};
struct track_sums {
    double sq, u4, fs, q, jumps; /* of u^2, u^4, sin(k u)/(k u) or in 2D J_0(k u); numbers of atoms */
};

/* The kernels: n a multiple of TRACK_LANES, arrays [dim][n] aligned to 64 bytes. The same bits from each. */
enum { TRACK_LANES = 8 };
typedef void track_kernel(const double *a, const double *b, int32_t n, int dim, const struct track_request *request, struct track_sums *add);
track_kernel track_kernel_vector, track_kernel_avx2, track_kernel_avx512;

struct track_block {
    int type;
    int32_t first, n; /* tracks->atom[first ... first + n) */
    int32_t width;    /* n rounded up to TRACK_LANES: what is behind the n stands still */
};

struct tracks {
    int32_t frames, n;       /* frames; atoms of each */
    int dim, n_types;
    enum unwrapping unwrapping;
    isd_box box;             /* of the first frame, and of all */
    int64_t *id;             /* [n] of the first frame, and of all */
    int32_t *type;           /* [n] by atom, the same */
    bool has_ids;
    int32_t *atom, *place;   /* [n] atoms in order of blocks; where atom i lies in that order */
    struct track_block *block;
    int32_t n_blocks;
    /* The portion that is there: */
    int32_t first_block, last_block; /* [first, last) */
    double *r;               /* block by block: [frames][dim][width] */
    size_t *offset;          /* [n_blocks + 1] of block k in an r that held all, in doubles */
    /* Of UNWRAP_NEAREST: the largest step between two frames so far, as a share of the cell along one of its periodic directions (near a
     * half, the true one may have been longer); and the frame that it led to. */
    double farthest;
    int32_t farthest_frame;
    track_kernel *kernel;
};

/* `first` is what all frames must be like: the same ids and types in the same order, the same box. */
isd_status tracks_init(struct tracks *tracks, const isd_snapshot *first, int32_t frames, enum unwrapping unwrapping, isd_error *err);
void tracks_done(struct tracks *tracks);

/* Blocks [first, last') into memory, at most `bytes` of them (but at least one); 0: all that are left. *ret_last is last'. */
isd_status tracks_take(struct tracks *tracks, int32_t first, double bytes, int32_t *ret_last, isd_error *err);
/* Positions of one frame into the portion. `name` is what the frame is called in messages. Any thread, each frame once. */
isd_status tracks_fill(struct tracks *tracks, int32_t frame, const isd_snapshot *snapshot, int32_t name, isd_error *err);
/* After all frames are filled in, in order of time: does nothing for UNWRAP_FILE. */
isd_status tracks_unwrap(struct tracks *tracks, isd_control *control, isd_error *err);

/* Adds to sum[frames * 3] mass times position of the atoms in the portion, mass: [ISD_MAX_TYPES + 1] by type, or NULL: 1. */
void tracks_add_centre(const struct tracks *tracks, const double *mass, double *sum);
/* Takes [frames * 3] away from all positions. */
void tracks_shift(struct tracks *tracks, const double *centre);

/* Displacements [3n] in the order of the atoms between two frames; the portion must be the whole. */
void tracks_displacements(const struct tracks *tracks, int32_t a, int32_t b, double *ret_vector);

/* Adds what is summed over the atoms of a block between two frames. */
void tracks_add(const struct tracks *tracks, int32_t block, int32_t a, int32_t b, const struct track_request *request,
                struct track_sums *add);

#endif
