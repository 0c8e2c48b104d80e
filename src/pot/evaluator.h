/* What tests and benchmarks may know of an evaluator. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POT_EVALUATOR_H
#define POT_EVALUATOR_H

#include "isdmin/potential.h"
#include "neigh/isa.h"

/* Force one kernel (it must be supported), or thickness of the skin (length units). Lists are made anew. */
void evaluator_set_isa(isd_evaluator *evaluator, enum isa isa);
void evaluator_set_skin(isd_evaluator *evaluator, double outer, double inner);

#endif
