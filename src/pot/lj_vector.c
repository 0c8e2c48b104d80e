/* Lennard-Jones kernel, portable vectors of two. SPDX-License-Identifier: GPL-3.0-or-later */
#define LJ_NAME lj_vector
#define SIMD_WIDTH 2
#define SIMD_TARGET
#include "pot/lj_kernel.inc"
