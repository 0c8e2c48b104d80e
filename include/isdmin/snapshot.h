/* isdmin: one frame: an immutable, counted table of atoms. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ISDMIN_SNAPSHOT_H
#define ISDMIN_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "isdmin/box.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ISD_MAX_TYPES 64
#define ISD_LABEL_SIZE 16

/* Built once, then const and shared: read it from any thread. Atoms are sorted by id where ids are known, else in the
 * order of the file (then id[i] = i + 1, for display only, and has_ids is false).
 * A snapshot's fields are read directly; they are written only between _new and the first _ref. */
typedef struct isd_snapshot {
    int32_t n;
    isd_box box;
    int64_t step;    /* time step as the file says; 0 if it has none */
    bool has_step;
    double time;     /* ITEM: TIME, meaningful if has_time */
    bool has_time;
    bool has_ids;
    bool unwrapped;  /* position is already unwrapped (xu, xsu) */
    char units[16];  /* ITEM: UNITS or "" */
    int32_t n_types; /* largest type, at most ISD_MAX_TYPES */
    char element[ISD_MAX_TYPES + 1][ISD_LABEL_SIZE]; /* element[t], "" where the file names none */
    int64_t *id;     /* [n], ascending */
    int32_t *type;   /* [n], 1 ... n_types */
    double *position;/* [3n], Cartesian, as the file gives it (not wrapped), length units of the set */
    int32_t *image;  /* [3n] image counts of `position`, or NULL */
} isd_snapshot;

/* All arrays allocated for n atoms (zeroed), box and flags zeroed; image only if with_image. One reference. */
isd_status isd_snapshot_new(int32_t n, bool with_image, isd_snapshot **ret_snapshot, isd_error *err);
/* Sort by id, check ids (unique, positive) and types, fill n_types. Call once, after filling. */
isd_status isd_snapshot_freeze(isd_snapshot *snapshot, isd_error *err);
const isd_snapshot *isd_snapshot_ref(const isd_snapshot *snapshot);
void isd_snapshot_unref(const isd_snapshot *snapshot);

/* A copy that shares nothing, with new positions [3n] (kept as they are; images kept where there are any). */
isd_status isd_snapshot_with_positions(const isd_snapshot *snapshot, const double *position,
                                       isd_snapshot **ret_snapshot, isd_error *err);

/* Can labelled displacements be taken unwrapped? */
bool isd_snapshot_can_unwrap(const isd_snapshot *snapshot);
/* Unwrapped position of atom i: position plus its image. */
void isd_snapshot_unwrapped(const isd_snapshot *snapshot, int32_t i, double ret_r[3]);

/* Atoms of type t. */
int32_t isd_snapshot_count(const isd_snapshot *snapshot, int32_t type);
/* Index of an id, or -1. O(log n). */
int32_t isd_snapshot_find(const isd_snapshot *snapshot, int64_t id);

#ifdef __cplusplus
}
#endif
#endif
