/* Making the lists of neigh/list.h. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NEIGH_BUILD_H
#define NEIGH_BUILD_H

#include "isdmin/status.h"
#include "neigh/list.h"

/* What is beyond every cutoff; its square is far from overflow. */
#define NEIGH_FAR_AWAY 1e150

/* Sorts the atoms into domains and finds the outer list; positions are not set. Cancelled or out of memory: the list
 * is of no use until the next build. */
isd_status neigh_build(struct neigh_list *list, const double *position, isd_control *control, isd_error *err);

/* The inner list of one domain, from its positions. */
bool neigh_domain_prune(const struct neigh_list *list, int32_t domain);

void neigh_domain_done(struct neigh_domain *domain);

/* Makes room for `wanted` entries and one more, lists being written past their end; false when out of memory. */
bool neigh_rows_room(struct neigh_rows *rows, int64_t wanted);

/* Makes room for `count` items of `size` bytes, contents kept; false when out of memory. */
bool neigh_grow(void **array, size_t count, size_t size);

#endif
