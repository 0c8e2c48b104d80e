/* Which bid kernel to use. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/bid.h"

#include "neigh/isa.h"

bid_offer_fn *bid_kernel(void)
{
#if defined(__x86_64__)
    switch (isa_best()) {
    case ISA_AVX512:
        return bid_offer_avx512;
    case ISA_AVX2:
        return bid_offer_avx2;
    default:
        break;
    }
#endif
    return bid_offer_vector;
}
