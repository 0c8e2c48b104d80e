/* Some atoms in a cell, and what a potential says of them. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNIT_SAMPLE_H
#define UNIT_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pot/evaluator.h"

enum { SAMPLE_MOST = 8000 };

struct sample {
    isd_box box;
    int32_t n, type[SAMPLE_MOST];
    double r[3 * SAMPLE_MOST];
};

struct answer {
    isd_energy energy;
    double f[3 * SAMPLE_MOST];
};

/* periodic: as "ppf". */
static inline isd_box sample_box(double lx, double ly, double lz, double xy, double xz, double yz, const char *periodic, int dim)
{
    return (isd_box){.dim = dim,
                     .periodic = {periodic[0] == 'p', periodic[1] == 'p', periodic[2] == 'p'},
                     .origin = {0.3, -1.7, 0.9},
                     .lx = lx,
                     .ly = ly,
                     .lz = lz,
                     .xy = xy,
                     .xz = xz,
                     .yz = yz};
}

/* By a fresh evaluator with the kernels of one instruction set. */
static inline void sample_compute(const isd_potential *p, const struct sample *s, enum isa isa, struct answer *a)
{
    isd_evaluator *e = NULL;
    isd_error err = {0};
    assert_int_equal(isd_evaluator_new(p, &s->box, s->type, s->n, &e, &err), ISD_OK);
    evaluator_set_isa(e, isa);
    if (isd_evaluator_compute(e, s->r, NULL, a->f, &a->energy, &err) != ISD_OK)
        fail_msg("%s", err.what);
    isd_evaluator_free(e);
}

#endif
