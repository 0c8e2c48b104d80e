/* The kernels of a list build, each against the plain one. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "neigh/prune.h"

enum { GROUPS = 40, BLOCKS = 60 };

static void boxes_near(void **state)
{
    (void)state;
    static double boxes[GROUPS][PRUNE_BOXES] __attribute__((aligned(64)));
    struct prune_group groups[GROUPS];
    struct rng rng;
    rng_init(&rng, 3);
    for (int g = 0; g < GROUPS; g++) {
        groups[g] = (struct prune_group){boxes[g], {g % 3 - 1.0, g % 2, 0}};
        for (int k = 0; k < 8; k++) {
            for (int q = 0; q < 3; q++) {
                const double x = 6 * rng_double(&rng) - 3;
                boxes[g][8 * q + k] = k < 6 ? x : INFINITY;
                boxes[g][8 * (3 + q) + k] = k < 6 ? x + rng_double(&rng) : -INFINITY;
            }
        }
    }
    int found = 0;
    for (int round = 0; round < 200; round++) {
        double lo[3], hi[3];
        for (int q = 0; q < 3; q++) {
            lo[q] = 6 * rng_double(&rng) - 3;
            hi[q] = lo[q] + rng_double(&rng);
        }
        uint8_t bits[ISA_COUNT][GROUPS];
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            if (isa_supported((enum isa)isa)) {
                prune_kernel((enum isa)isa)->near(groups, GROUPS, lo, hi, 1.7, bits[isa]);
                assert_memory_equal(bits[isa], bits[ISA_PLAIN], GROUPS);
            }
        }
        for (int g = 0; g < GROUPS; g++) {
            assert_true(bits[ISA_PLAIN][g] < 1 << 6); /* boxes that are not there are not near */
            found += __builtin_popcount(bits[ISA_PLAIN][g]);
        }
    }
    assert_in_range(found, 1000, 200 * GROUPS * 6 - 1000);
}

/* Units of four as units of eight, so that levels can be compared. */
static int32_t in_blocks(const int32_t *row, int32_t n, int32_t unit, int32_t *ret_blocks)
{
    int32_t count = 0;
    for (int32_t k = 0; k < n; k++) {
        const int32_t block = row[k] * unit / NEIGH_BLOCK;
        if (count == 0 || ret_blocks[count - 1] != block) {
            ret_blocks[count++] = block;
        }
    }
    return count;
}

static void rows_of_atoms(void **state)
{
    (void)state;
    static double r[BLOCKS * NEIGH_STRIDE] __attribute__((aligned(64)));
    static int32_t room[ISA_COUNT][PRUNE_ROOM(BLOCKS)], unit[PRUNE_MET(BLOCKS)];
    static uint8_t bits[PRUNE_MET(BLOCKS)];
    const struct prune_met met = {bits, unit};
    int32_t blocks[BLOCKS], kind[8 * BLOCKS];
    double minus_sq[2 * 8] __attribute__((aligned(64)));
    struct rng rng;
    rng_init(&rng, 4);
    for (int k = 0; k < 8 * BLOCKS; k++) {
        kind[k] = 8 * (int32_t)rng_below(&rng, 2);
    }
    for (int k = 0; k < 16; k++) {
        minus_sq[k] = k % 3 ? -6.5 : -4.5;
    }
    int found = 0;
    for (int round = 0; round < 50; round++) {
        for (int b = 0; b < BLOCKS; b++) {
            blocks[b] = b;
            for (int q = 0; q < 3; q++) {
                const double centre = 8 * rng_double(&rng) - 4;
                for (int k = 0; k < 8; k++) {
                    r[NEIGH_STRIDE * b + 8 * q + k] = b == 7 && k > 2 ? 1e150 : centre + 2 * rng_double(&rng);
                }
            }
        }
        int32_t n[ISA_COUNT][8];
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            if (!isa_supported((enum isa)isa)) {
                continue;
            }
            prune_kernel((enum isa)isa)->rows(r, kind, 1, blocks + 2, BLOCKS - 2, minus_sq, &met, room[isa], n[isa]);
            const int32_t *row = room[isa], *other = room[0];
            for (int k = 0; k < 8; k++) {
                int32_t mine[BLOCKS], theirs[BLOCKS];
                const int32_t count = in_blocks(row, n[isa][k], neigh_unit((enum isa)isa), mine);
                assert_int_equal(count, in_blocks(other, n[0][k], neigh_unit(ISA_PLAIN), theirs));
                assert_memory_equal(mine, theirs, (size_t)count * sizeof *mine);
                found += count;
                if (neigh_unit((enum isa)isa) == neigh_unit(ISA_PLAIN)) {
                    assert_int_equal(n[isa][k], n[0][k]);
                    assert_memory_equal(row, other, (size_t)n[0][k] * sizeof *row);
                }
                row += n[isa][k];
                other += n[0][k];
            }
        }
    }
    assert_true(found > 1000);
}

static void displacements_and_virials(void **state)
{
    (void)state;
    static double r[BLOCKS * NEIGH_STRIDE] __attribute__((aligned(64))), f[BLOCKS * NEIGH_STRIDE] __attribute__((aligned(64)));
    struct rng rng;
    rng_init(&rng, 7);
    for (int k = 0; k < BLOCKS * NEIGH_STRIDE; k++) {
        r[k] = rng_normal(&rng);
        f[k] = rng_normal(&rng);
    }
    f[500] = r[500] - 30;
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        double mine[6], theirs[6];
        if (isa_supported((enum isa)isa)) {
            const struct prune_kernel *kernel = prune_kernel((enum isa)isa);
            assert_true(kernel->displaced(r, r, BLOCKS) == 0 && kernel->displaced(r, f, 0) == 0);
            assert_true(fabs(kernel->displaced(r, f, BLOCKS) - prune_plain.displaced(r, f, BLOCKS)) < 1e-9);
            assert_true(kernel->displaced(r, f, BLOCKS) > 900);
            prune_plain.virial(r, f, BLOCKS, theirs);
            kernel->virial(r, f, BLOCKS, mine);
            for (int q = 0; q < 6; q++) {
                assert_true(fabs(mine[q] - theirs[q]) < 1e-9);
            }
            const double kept = r[77];
            r[77] = NAN;
            assert_true(isnan(kernel->displaced(r, f, BLOCKS)));
            r[77] = INFINITY;
            assert_false(kernel->displaced(r, f, BLOCKS) < 1e300);
            r[77] = kept;
        }
    }
}

static void ranks(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 5);
    for (int32_t n = 1; n <= PRUNE_KEYS; n++) {
        double key[PRUNE_KEYS] __attribute__((aligned(64))) = {0};
        for (int32_t k = 0; k < n; k++) {
            key[k] = n % 2 ? rng_double(&rng) : rng_below(&rng, 1 + (uint32_t)n / 4); /* with many ties */
        }
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            int32_t rank[PRUNE_KEYS], seen[PRUNE_KEYS] = {0};
            if (!isa_supported((enum isa)isa)) {
                continue;
            }
            prune_kernel((enum isa)isa)->rank(key, n, rank);
            for (int32_t k = 0; k < n; k++) {
                assert_in_range(rank[k], 0, n - 1);
                assert_int_equal(seen[rank[k]]++, 0);
                for (int32_t j = 0; j < k; j++) {
                    assert_true((rank[j] < rank[k]) == (key[j] <= key[k]));
                }
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(boxes_near), cmocka_unit_test(rows_of_atoms),
                                       cmocka_unit_test(displacements_and_virials), cmocka_unit_test(ranks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
