/* Rows for tests of the store: made from a number, told apart by it. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_ROWS_H
#define TEST_ROWS_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "store/store.h"

enum { ROWS_ATOMS = 5 };

static inline struct hash128 rows_key(const char *kind, int number)
{
    struct hash128 key = {{0}};
    hash128_add(&key, kind, strlen(kind));
    hash128_add(&key, &number, sizeof number);
    return key;
}

static inline struct store_frame rows_frame(int number)
{
    return (struct store_frame){rows_key("frame", number), ROWS_ATOMS, number};
}

static inline struct store_structure rows_structure(int number)
{
    struct store_structure s = {.key = rows_key("structure", number),
                                .frame = rows_frame(number),
                                .potential = "lj 1-1 1 1 2.5",
                                .potential_name = "lj/cut",
                                .dimension = 3,
                                .periodic = {true, true, false},
                                .method = "lbfgs",
                                .ftol = 1e-8,
                                .max_iterations = 100000,
                                .kernel = "plain",
                                .energy_start = -1.0 / (3 + number),
                                .energy = -2.0 / (3 + number),
                                .virial = {1, 0.1, -0.3, 1e-300, 0, 7},
                                .fmax = 3e-9,
                                .fnorm = 5e-9,
                                .iterations = number,
                                .evaluations = (int64_t)number + ((int64_t)1 << 40),
                                .converged = true,
                                .stop = "force",
                                .seconds = 0.1 * number};
    return s;
}

static inline void rows_positions(int number, double position[3 * ROWS_ATOMS])
{
    for (int k = 0; k < 3 * ROWS_ATOMS; k++)
        position[k] = (double)(number + 1) / (k + 3);
}

/* Queues structure `number`. */
static inline isd_status rows_put_structure(struct store *store, int number)
{
    double position[3 * ROWS_ATOMS];
    struct store_structure_arrays arrays = {{0}};
    struct store_structure row = rows_structure(number);
    rows_positions(number, position);
    isd_status status = store_pack_doubles(position, 3 * ROWS_ATOMS, &arrays.positions, NULL);
    return status == ISD_OK ? store_put_structure(store, &row, &arrays, NULL) : status;
}

static inline struct store_matching rows_matching(int number, bool of_structures)
{
    struct store_matching m = {.key = rows_key(of_structures ? "matching" : "raw matching", number),
                               .a = rows_frame(number),
                               .b = rows_frame(number + 1),
                               .of_structures = of_structures,
                               .a_structure = rows_key("structure", number),
                               .b_structure = rows_key("structure", number + 1),
                               .options = "",
                               .n = ROWS_ATOMS,
                               .n_frame = ROWS_ATOMS,
                               .labelled = true,
                               .certified = true,
                               .sum_sq = 0.7 + number,
                               .d_min = 0.3,
                               .dual = 0.7 + number,
                               .gap_abs = 1e-17,
                               .bound = 1e-13,
                               .r0 = 0.9,
                               .max_u = 0.4,
                               .seconds = 0.01,
                               .edges_per_atom = 7.5,
                               .degenerate = -1,
                               .ties = -1,
                               .exchanged = 2,
                               .rmsd = 0.35,
                               .rmsd_unwrapped = __builtin_nan(""),
                               .jump_fraction = 0.1,
                               .drift = {0, 1e-18, -1e-17},
                               .n_cycles = 1,
                               .fixed = 3,
                               .longest = 2,
                               .n_types = 2,
                               .per_type = {{1, 3, 0.4, 0.2, 1.1, 2}, {2, 2, 0.3, 0.1, 1.2, 0}}};
    return m;
}

/* Queues matching `number` -> `number` + 1, with or without its arrays. */
static inline isd_status rows_put_matching(struct store *store, int number, bool of_structures, bool with_arrays, double seconds)
{
    const int32_t partner[ROWS_ATOMS] = {0, 1, -1, 0, 0};
    const double duals[ROWS_ATOMS] = {0.1, 0, -0.2, number, 0.3};
    struct store_matching_arrays arrays = {{0}};
    struct store_matching row = rows_matching(number, of_structures);
    row.seconds = seconds;
    if (with_arrays && (store_pack_int32(partner, ROWS_ATOMS, &arrays.partner, NULL) != ISD_OK ||
                        store_pack_doubles(duals, ROWS_ATOMS, &arrays.duals, NULL) != ISD_OK)) {
        store_blob_done(&arrays.partner);
        return ISD_MEMORY;
    }
    return store_put_matching(store, &row, &arrays, NULL);
}

/* Is structure `number` there, with its numbers and positions to the last bit? */
static inline bool rows_has_structure(struct store *store, int number)
{
    struct hash128 key = rows_key("structure", number);
    struct store_structure row, wanted = rows_structure(number);
    struct store_structure_arrays arrays = {{0}};
    double position[3 * ROWS_ATOMS], back[3 * ROWS_ATOMS];
    if (!store_get_structure(store, &key, &row) || !store_get_structure_arrays(store, &key, &arrays))
        return false;
    rows_positions(number, position);
    bool good = store_unpack_doubles(&arrays.positions, 3 * ROWS_ATOMS, back, NULL) == ISD_OK &&
                memcmp(position, back, sizeof back) == 0 && row.energy == wanted.energy && row.evaluations == wanted.evaluations;
    store_blob_done(&arrays.positions);
    store_blob_done(&arrays.images);
    return good;
}

#endif
