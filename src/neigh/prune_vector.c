/* Prune kernel, portable vectors of two. SPDX-License-Identifier: GPL-3.0-or-later */
#define PRUNE_NAME prune_vector
#define SIMD_WIDTH 2
#define SIMD_TARGET
#include "neigh/prune_kernel.inc"
