/* Which instruction set the kernels use. SPDX-License-Identifier: GPL-3.0-or-later */
#include "neigh/isa.h"

static const char *const names[ISA_COUNT] = {"plain", "vector", "avx2", "avx512"};

bool isa_supported(enum isa isa)
{
    switch (isa) {
    case ISA_PLAIN:
    case ISA_VECTOR:
        return true;
#if defined(__x86_64__)
    case ISA_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case ISA_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
#endif
    default:
        return false;
    }
}

enum isa isa_best(void)
{
    enum isa best = ISA_PLAIN;
    for (int k = 0; k < ISA_COUNT; k++) {
        if (isa_supported((enum isa)k)) {
            best = (enum isa)k;
        }
    }
    return best;
}

const char *isa_name(enum isa isa)
{
    return names[isa];
}
