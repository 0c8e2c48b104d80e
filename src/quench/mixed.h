/* Sums over single-precision histories with double-precision results.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUENCH_MIXED_H
#define QUENCH_MIXED_H

#include <stddef.h>

/* The same bits on every instruction set: eight partial sums, added in one order, no fused operations. */
typedef double mixed_dot_fn(const float *a, const double *b, size_t n);         /* sum of a b */
typedef void mixed_add_fn(double *to, double factor, const float *a, size_t n); /* to += factor a */

struct mixed {
    mixed_dot_fn *dot;
    mixed_add_fn *add;
};

/* The fastest that this processor runs. */
struct mixed mixed_best(void);

#endif
