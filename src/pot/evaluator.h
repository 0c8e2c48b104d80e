/* What quenches, tests and benchmarks may know of an evaluator. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POT_EVALUATOR_H
#define POT_EVALUATOR_H

#include "isdmin/potential.h"
#include "neigh/isa.h"

/* Force one kernel (it must be supported). Lists are made anew. */
void evaluator_set_isa(isd_evaluator *evaluator, enum isa isa);

#endif
