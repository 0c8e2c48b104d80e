/* Sums over tracks, portable vectors of two. SPDX-License-Identifier: GPL-3.0-or-later */
#define TRACK_KERNEL track_kernel_vector
#define SIMD_WIDTH 2
#define SIMD_TARGET
#include "analysis/tracks_kernel.inc"
