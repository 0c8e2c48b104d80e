/* Forces and virials of two sources, compared. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNIT_ARRAYS_H
#define UNIT_ARRAYS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

static inline double arrays_largest(const double *x, int n)
{
    double most = 0;
    for (int k = 0; k < n; k++) {
        most = fmax(most, fabs(x[k]));
    }
    return most;
}

/* Each value near to its twin, by the largest of them, which counts as `least` at least. */
static inline void arrays_near(const double *mine, const double *theirs, int n, double relative, double least)
{
    const double scale = fmax(arrays_largest(theirs, n), least);
    for (int k = 0; k < n; k++) {
        if (!(fabs(mine[k] - theirs[k]) <= relative * scale)) {
            fail_msg("value %d: %.17g against %.17g", k, mine[k], theirs[k]);
        }
    }
}

#endif
