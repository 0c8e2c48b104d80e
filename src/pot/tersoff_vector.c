/* Tersoff kernels, portable vectors of two. SPDX-License-Identifier: GPL-3.0-or-later */
#define TERSOFF_NAME tersoff_vector
#define SIMD_WIDTH 2
#define SIMD_TARGET
#include "pot/tersoff_kernel.inc"
