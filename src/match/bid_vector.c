/* Bid kernel, portable vectors of two. SPDX-License-Identifier: GPL-3.0-or-later */
#define BID_OFFER bid_offer_vector
#define SIMD_WIDTH 2
#define SIMD_TARGET
#include "match/bid_kernel.inc"
