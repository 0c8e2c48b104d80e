/* Search kernels, portable vectors of two. SPDX-License-Identifier: GPL-3.0-or-later */
#define CLOUD_SCAN cloud_scan_vector
#define PATCH_GATHER cloud_gather_vector
#define PATCH_SEE cloud_see_vector
#define PATCH_ANY cloud_any_vector
#define SIMD_WIDTH 2
#define SIMD_TARGET
#define SIMD_BITS(mask) ((unsigned)(((mask)[0] & 1) | ((mask)[1] & 2)))
#include "match/cloud_simd.inc"
#include "match/cloud_kernel.inc"
#include "match/patch_kernel.inc"
