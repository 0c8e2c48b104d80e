/* Bid kernel, AVX2. SPDX-License-Identifier: GPL-3.0-or-later */
#if defined(__x86_64__)
#define BID_OFFER bid_offer_avx2
#define SIMD_WIDTH 4
#define SIMD_TARGET __attribute__((target("avx2")))
#include "match/bid_kernel.inc"
#else
typedef int bid_avx2_not_here; /* ISO C wants a declaration */
#endif
