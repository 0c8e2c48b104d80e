/* Which instruction set the kernels use. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NEIGH_ISA_H
#define NEIGH_ISA_H

#include <stdbool.h>

/* PLAIN is the reference: scalar C. VECTOR is portable vector code (SSE2, NEON); the others are x86-64 only.
 * Results differ between levels by rounding, and are the same bits from run to run on one level. */
enum isa { ISA_PLAIN, ISA_VECTOR, ISA_AVX2, ISA_AVX512, ISA_COUNT };

bool isa_supported(enum isa isa); /* can this processor run it? */
enum isa isa_best(void);
const char *isa_name(enum isa isa);

#endif
