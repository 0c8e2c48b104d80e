/* Search kernels, portable vectors of two. SPDX-License-Identifier: GPL-3.0-or-later */
#define CLOUD_SCAN cloud_scan_vector
#define CLOUD_CROWD cloud_crowd_vector
#define SIMD_WIDTH 2
#define SIMD_TARGET
#define SIMD_BITS(mask) ((unsigned)(((mask)[0] & 1) | ((mask)[1] & 2)))
#include "match/cloud_simd.inc"
#include "match/cloud_kernel.inc"
#include "match/crowd_kernel.inc"
