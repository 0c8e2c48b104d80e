/* What a session store keeps, as plain data: the rows of assets/sql. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash128.h"
#include "isdmin/snapshot.h"
#include "store/pack.h"

/* A frame where it stands in a set. */
struct store_frame {
    struct hash128 fingerprint;
    int32_t atoms;
    int32_t number; /* in the set, from 0 */
};

/* A data set; texts are copied by whoever takes it. */
struct store_set {
    const char *paths; /* one a line */
    const char *name;
    int64_t bytes, modified; /* of the files; nanoseconds since 1970 */
    int32_t frames;
};

struct store_structure {
    struct hash128 key;
    bool replace; /* the arrays that are there are damaged: these take their place */
    struct store_frame frame;
    const char *potential, *potential_name; /* description and name; NULL when read */
    int dimension;
    bool periodic[3];
    char method[16];
    double ftol, etol;
    int64_t max_iterations;
    char kernel[16];
    double energy_start, energy, virial[6], fmax, fnorm;
    int64_t iterations, evaluations;
    bool converged;
    char stop[16];
    double seconds;
    int32_t n_pins, pin[2]; /* as of isd_quench_result; 0: nothing more is known */
    double pin_fmax, pin_at, pin_inside, pin_outside;
};
struct store_structure_arrays {
    struct store_blob positions, images; /* images: may be none */
};

struct store_matching_type {
    int type;
    int32_t n;
    double sum_sq, d, r0;
    int32_t exchanged;
};

struct store_matching {
    struct hash128 key;
    bool replace; /* as for a structure */
    struct store_frame a, b;
    bool of_structures;                  /* of those with these keys, which are there or come before: */
    struct hash128 a_structure, b_structure;
    bool blind;
    const char *options;                 /* in words; NULL when read */
    int32_t n, n_frame;
    int cell;
    bool labelled, unwrapped, certified, aligned;
    double sum_sq, d_min, dual, gap_abs, bound, r0, max_u, seconds, edges_per_atom, shift[3];
    int align_steps;
    int32_t degenerate, ties, exchanged, exchanged_type;
    double rmsd, rmsd_unwrapped, jump_fraction, drift[3]; /* NaN: not known */
    int32_t n_cycles, fixed, longest;
    int n_types;
    struct store_matching_type per_type[ISD_MAX_TYPES];
};
struct store_matching_arrays {
    struct store_blob partner, duals; /* none: numbers alone are kept */
};

struct store_result {
    struct hash128 key;
    struct store_frame frame;
    bool of_structure;
    struct hash128 structure;
    const char *kind, *parameters; /* texts */
    struct store_blob value;
};

/* Numbers made of many frames of a set, or of a table. */
struct store_set_result {
    struct hash128 key;
    bool of_table;                 /* it belongs to no set */
    bool of_structures;            /* of inherent structures: forgotten with them */
    const char *kind, *parameters; /* texts */
    size_t n;
    struct store_blob value;       /* n packed doubles */
};

#endif
