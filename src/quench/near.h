/* Pairs of atoms near each other, found afresh. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For what is looked at now and then and wants other pairs than the force does: the springs (nearer ones, in an order that
 * keeps near atoms near) and the pins (those at the cutoff). */
#ifndef QUENCH_NEAR_H
#define QUENCH_NEAR_H

#include "quench/state.h"

/* One pair: the atoms at places a and b of the order, a of the share, d the way from b to a, r its length. False ends the
 * search. */
typedef bool near_fn(void *arg, int32_t share, int32_t a, int32_t b, const double d[3], double r);

/* Each pair at x nearer than `reach`, by its shortest way around. ret_atom[n]: the order of the atoms, near in space, near in
 * this order; ret_first[shares + 1]: the places at which shares begin. The search is shared between threads: pairs of one
 * share come one after the other, those of several shares side by side. A pair inside of a share comes once, with a > b; one
 * across a border comes to both shares, so that each has all pairs of its atoms. False: out of memory, cancelled, atoms lost,
 * or ended by `each`. Polls the control of the state. */
bool near_find(const struct quench_state *state, double reach, int32_t shares, int32_t *ret_atom, int32_t *ret_first, near_fn *each,
               void *arg);

#endif
