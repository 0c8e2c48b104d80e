/* Points in an order that keeps neighbours together. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MATCH_CURVE_H
#define MATCH_CURVE_H

#include <stdbool.h>
#include <stdint.h>

/* Numbers 0 ... n-1 in the order in which a Hilbert curve through the bounding cube of the points x[3n] meets them; in 2D the third
 * coordinates play no part. Points nearer to each other than 2^-16 of the cube may stay in the order given. n > 0. false: out of
 * memory. */
bool curve_order(const double *x, int32_t n, int dim, int32_t *ret_order);

#endif
