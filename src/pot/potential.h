/* What every potential is to the rest: a record of functions. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A new potential is one file that fills a potential_ops and embeds isd_potential as its first member. */
#ifndef POT_POTENTIAL_H
#define POT_POTENTIAL_H

#include <stdatomic.h>

#include "isdmin/potential.h"
#include "neigh/list.h"

/* One evaluator's atoms as a potential sees them: domains and slots as in neigh/list.h. */
struct pot_frame {
    const struct neigh_list *list;
    const int32_t *type; /* [n], by atom, from 1 */
    void *work;          /* the potential's own, from prepare to release */
};

struct potential_ops {
    const char *style;
    void (*free)(isd_potential *potential);
    /* Slots have changed: whatever depends on them is made anew. */
    isd_status (*prepare)(const isd_potential *potential, struct pot_frame *frame, isd_error *err);
    /* Begins each domain (neigh_domain_begin), adds to its forces, and gives the energy unless ret_energy is NULL. Shares
     * its work by isd_control_for, and polls control. */
    isd_status (*compute)(const isd_potential *potential, struct pot_frame *frame, isd_control *control,
                          double *ret_energy, isd_error *err);
    void (*release)(struct pot_frame *frame);
    /* Begins each domain and adds to the x of its forces what its slots have of the energy. The list is one of ISA_PLAIN. */
    isd_status (*shares)(const isd_potential *potential, struct pot_frame *frame, isd_control *control, isd_error *err);
};

struct isd_potential {
    const struct potential_ops *ops;
    atomic_int references;
    char name[160];
    char note[200]; /* something odd about the file it came from, or "" */
    int32_t n_types;
    double cutoff; /* the largest */
    const double *cutoffs; /* [n_types * n_types] between types, or NULL: all the same */
    double length; /* size of an atom: sets the skin and the longest step of a quench */
    bool continuous;
    double mass[ISD_MAX_TYPES]; /* of type t at t - 1; 0: the potential says none */
};

/* For makers of potentials: fills the common part, one reference. */
void potential_init(isd_potential *ret_potential, const struct potential_ops *ops, int32_t n_types);

#endif
