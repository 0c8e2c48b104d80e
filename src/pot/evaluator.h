/* What quenches, tests and benchmarks may know of an evaluator. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POT_EVALUATOR_H
#define POT_EVALUATOR_H

#include "isdmin/potential.h"
#include "neigh/isa.h"

/* As isd_evaluator_compute; the virial may be left out (NULL), and the energy. */
isd_status evaluator_compute(isd_evaluator *evaluator, const double *position, isd_control *control, double *force,
                             double *ret_energy, double *ret_virial, isd_error *err);

/* Force one kernel (it must be supported). Lists are made anew. */
void evaluator_set_isa(isd_evaluator *evaluator, enum isa isa);

#endif
