/* Moving chosen lanes to the front, AVX2. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A byte for each of four lanes: those whose bit is set come first, in their order. AVX-512 has an instruction. */
#ifndef NEIGH_FRONT_H
#define NEIGH_FRONT_H

#include <stdint.h>

static const int32_t front_order[16] = {
    0x03020100, 0x03020100, 0x03020001, 0x03020100, 0x03010002, 0x03010200, 0x03000201, 0x03020100,
    0x02010003, 0x02010300, 0x02000301, 0x02030100, 0x01000302, 0x01030200, 0x00030201, 0x03020100,
};

/* v: four numbers of 32 bits. */
#define FRONT_FOUR(bits, v)                                                                                  \
    _mm_castps_si128(                                                                                        \
        _mm_permutevar_ps(_mm_castsi128_ps(v), _mm_cvtepi8_epi32(_mm_cvtsi32_si128(front_order[bits]))))

#endif
