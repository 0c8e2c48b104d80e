/* Sums over single-precision histories with double-precision results.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/mixed.h"

#include "neigh/isa.h"

#define MIXED_DOT dot_plain
#define MIXED_ADD add_plain
#define MIXED_TARGET
#include "quench/mixed_kernel.inc"

#if defined(__x86_64__)
#define MIXED_DOT dot_avx2
#define MIXED_ADD add_avx2
#define MIXED_TARGET __attribute__((target("avx2")))
#include "quench/mixed_kernel.inc"

#define MIXED_DOT dot_avx512
#define MIXED_ADD add_avx512
#define MIXED_TARGET __attribute__((target("avx512f,avx512dq")))
#include "quench/mixed_kernel.inc"
#endif

struct mixed mixed_best(void)
{
    switch (isa_best()) {
#if defined(__x86_64__)
    case ISA_AVX512:
        return (struct mixed){dot_avx512, add_avx512};
    case ISA_AVX2:
        return (struct mixed){dot_avx2, add_avx2};
#endif
    default:
        return (struct mixed){dot_plain, add_plain};
    }
}
