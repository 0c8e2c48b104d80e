/* Seeded random numbers (xoshiro256**), the same everywhere. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdint.h>

struct rng {
    uint64_t s[4];
};

void rng_init(struct rng *rng, uint64_t seed);
uint64_t rng_next(struct rng *rng);
double rng_double(struct rng *rng);             /* [0, 1) */
uint32_t rng_below(struct rng *rng, uint32_t n); /* [0, n), n > 0 */
double rng_normal(struct rng *rng);             /* mean 0, variance 1 */

#endif
