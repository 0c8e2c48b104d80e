/* Pair potentials: a record, a function and a formula each. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * To add one: a file like lj_linear.c, its record in the table of pair.c, its style in app/system_lines.c. Kernels for
 * every instruction set are made from the formula; neighbours, periodic images, virials and the quench come with
 * it, too. */
#ifndef POT_PAIR_H
#define POT_PAIR_H

#include "isdmin/potential.h"
#include "neigh/list.h"

enum { PAIR_CONSTANTS = 6 };

/* Two kinds of atoms: what the kernels are given. */
struct pair_of_kinds {
    double cutoff_sq, constants[PAIR_CONSTANTS];
};

struct pair_work {
    const struct pair_of_kinds *table; /* [n_kinds * n_kinds] */
    int64_t **kind;                    /* [domains][8 n_block] kind of each slot; empty slots: 0 */
    int32_t n_kinds;                   /* types that occur */
    int32_t n_domain;
    size_t *room; /* [domains] blocks allocated */
};

/* Blocks first ... last-1 of a domain: adds forces to domain->f, returns their energy (0 if it is not wanted). */
typedef double pair_fn(const struct neigh_domain *domain, const struct pair_work *work, const int64_t *kind,
                       int32_t first, int32_t last, bool energy);

struct pair_form {
    const char *style;      /* as in pair_style */
    const char *parameters; /* what epsilon, sigma and cutoff of isd_lj_pair mean, with units */
    const char *reference;  /* where it is defined */
    /* What the formula needs of a pair of types. */
    void (*prepare)(const isd_lj_pair *pair, double ret_constants[PAIR_CONSTANTS]);
    pair_fn *kernel[ISA_COUNT]; /* PAIR_KERNELS, see pair_form.inc: these and the next */
    /* Half of a pair's energy to the x of the force on either slot, of the blocks first ... last - 1. */
    void (*shares)(const struct neigh_domain *domain, const struct pair_work *work, const int64_t *kind, int32_t first, int32_t last);
};

extern const struct pair_form pair_lj_cut, pair_lj_shifted, pair_lj_linear, pair_lj_quadratic;

/* A potential of this form. name: how it calls itself; continuous: its energy is, at the cutoff. */
isd_status pair_potential_new(const struct pair_form *form, const char *name, bool continuous, const isd_lj_pair *pairs,
                              int32_t n_types, isd_potential **ret_potential, isd_error *err);

#endif
