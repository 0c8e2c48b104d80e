/* Atoms that took each other's places in a match, as lists to look at. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_RINGS_H
#define APP_RINGS_H

#include "match/match.h"

/* A cycle, or what is left of one where long edges are cut (a chain). */
struct ring {
    int32_t first, length; /* atoms member[first] ... member[first + length - 1]: each goes to the place of the next one */
    bool closed;           /* a cycle: the last goes to the place of the first */
    int32_t cycle;         /* number of the cycle, as in the table of atoms */
    double u_lab, u_mat;   /* mean labelled displacement of its atoms, mean matched one of its edges; NaN where there is none */
    double longest;        /* largest matched displacement of its edges */
};

struct rings {
    int32_t n;             /* longest first; chains behind cycles of their length */
    struct ring *ring;
    int32_t *member;
    unsigned char *seen;   /* by number of the cycle, for the making */
    int32_t fixed, exchanged, n_cycles, n_chains;
    int32_t longest;       /* of cycles in atoms, of chains in edges */
    int32_t *cycle_count;  /* [longest + 1] by number of atoms */
    int32_t *chain_count;  /* [longest + 1] by number of edges */
};

/* cut: edges with a larger matched displacement are taken away; NaN: none. ISD_USAGE for a match without labels. */
isd_status rings_make(const struct match *match, double cut, struct rings *ret_rings, isd_error *err);
void rings_done(struct rings *rings);

/* The ring that an atom is in, or -1. */
int32_t rings_of(const struct rings *rings, int32_t atom);

#endif
