/* Assignment and check as parts of a longer computation. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MATCH_ASSIGN_H
#define MATCH_ASSIGN_H

#include "isdmin/match.h"
#include "match/solve.h"

/* isd_assign, reporting into a share of the progress. */
isd_status assign_part(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                       struct progress progress, isd_assignment *ret_assignment, isd_error *err);

/* assign_part from a start, which may be NULL. */
isd_status assign_part_from(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                            const isd_assign_start *start, struct progress progress, isd_assignment *ret_assignment, isd_error *err);

/* assign_part with columns in as many bytes as very large problems need. */
isd_status assign_part_wide(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                            struct progress progress, isd_assignment *ret_assignment, isd_error *err);

#endif
