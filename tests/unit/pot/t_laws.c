/* What holds for every potential and every kernel: forces are slopes, virials are strains, nothing depends on where the
 * atoms are, how they are turned and which cell of a lattice is given. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "arrays.h"
#include "base/rng.h"
#include "potentials.h"
#include "sample.h"

enum { SIDE = 4, N = SIDE * SIDE * SIDE };

static struct sample sample;

static const int row[6] = {0, 1, 2, 0, 0, 1}, column[6] = {0, 1, 2, 1, 2, 2};

/* A jittered lattice of two types in an oblique cell. */
static void scatter(int which, bool periodic)
{
    struct rng rng;
    const double spacing = potentials_spacing(which), edge = SIDE * spacing;
    rng_init(&rng, 11);
    sample.n = N;
    sample.box = (isd_box){.dim = 3, .periodic = {periodic, periodic, periodic}, .origin = {1, -2, 0.5}, .lx = edge, .ly = edge,
                           .lz = edge, .xy = 0.2 * edge, .xz = 0.1 * edge, .yz = -0.3 * edge};
    for (int32_t i = 0; i < N; i++) {
        const int place[3] = {i % SIDE, i / SIDE % SIDE, i / SIDE / SIDE};
        double u[3];
        for (int q = 0; q < 3; q++) {
            u[q] = (place[q] + 0.25 * rng_double(&rng)) / SIDE;
        }
        sample.r[3 * i] = 1 + edge * (u[0] + 0.2 * u[1] + 0.1 * u[2]);
        sample.r[3 * i + 1] = -2 + edge * (u[1] - 0.3 * u[2]);
        sample.r[3 * i + 2] = 0.5 + edge * u[2];
        sample.type[i] = 1 + (int32_t)rng_below(&rng, 2);
    }
}

static void same(const struct answer *mine, const struct answer *theirs)
{
    arrays_near(&mine->energy.total, &theirs->energy.total, 1, 1e-12, 0);
    arrays_near(mine->energy.virial, theirs->energy.virial, 6, 1e-10, 0);
    arrays_near(mine->f, theirs->f, 3 * sample.n, 1e-10, 0);
}

typedef void law_fn(const isd_potential *p, int which, enum isa isa);

static void for_all(law_fn *law)
{
    for (int which = 0; which < POTENTIALS; which++) {
        isd_potential *p = potentials_make(which);
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            if (isa_supported((enum isa)isa)) {
                law(p, which, (enum isa)isa);
            }
        }
        isd_potential_unref(p);
    }
}

static void slope(const isd_potential *p, int which, enum isa isa)
{
    static struct answer at, aside;
    const double h = 1e-5;
    double net[3] = {0};
    scatter(which, true);
    sample_compute(p, &sample, isa, &at);
    for (int k = 0; k < 3 * sample.n; k++) {
        net[k % 3] += at.f[k];
    }
    assert_true(arrays_largest(net, 3) < 1e-12 * sample.n * arrays_largest(at.f, 3 * sample.n));
    for (int k = 0; k < 3 * N; k += 17) {
        const double was = sample.r[k];
        double e[2];
        for (int side = 0; side < 2; side++) {
            sample.r[k] = was + (side ? h : -h);
            sample_compute(p, &sample, isa, &aside);
            e[side] = aside.energy.total;
        }
        sample.r[k] = was;
        assert_true(fabs((e[0] - e[1]) / (2 * h) - at.f[k]) < 2e-6 * arrays_largest(at.f, 3 * N));
    }
}

static void forces_are_slopes(void **state)
{
    (void)state;
    for_all(slope);
}

/* The cell and all in it strained by e in one component: the energy changes by - e times the virial. */
static void strain(const isd_potential *p, int which, enum isa isa)
{
    static struct answer at, strained;
    static struct sample other;
    const double h = 1e-6;
    scatter(which, true);
    sample_compute(p, &sample, isa, &at);
    for (int c = 0; c < 6; c++) {
        double e[2];
        for (int side = 0; side < 2; side++) {
            const double by = side ? h : -h;
            other = sample;
            double *edge[3][3] = {{&other.box.lx, &other.box.xy, &other.box.xz}, {NULL, &other.box.ly, &other.box.yz},
                                  {NULL, NULL, &other.box.lz}}; /* [component][vector] */
            for (int v = column[c]; v < 3; v++) {
                *edge[row[c]][v] += by * *edge[column[c]][v];
            }
            for (int32_t i = 0; i < N; i++) {
                other.r[3 * i + row[c]] += by * (sample.r[3 * i + column[c]] - sample.box.origin[column[c]]);
            }
            sample_compute(p, &other, isa, &strained);
            e[side] = strained.energy.total;
        }
        assert_true(fabs((e[0] - e[1]) / (2 * h) - at.energy.virial[c]) < 1e-5 * arrays_largest(at.energy.virial, 6));
    }
}

static void virials_are_strains(void **state)
{
    (void)state;
    for_all(strain);
}

/* A drop, turned. */
static void turn(const isd_potential *p, int which, enum isa isa)
{
    static const double q[4] = {0.1, 0.7, -0.5, 0.5}; /* a unit quaternion */
    static struct answer at, turned, wanted;
    double m[3][3];
    for (int a = 0; a < 3; a++) {
        for (int b = 0; b < 3; b++) {
            const int c = 3 - a - b;
            m[a][b] = a == b ? 1 - 2 * (q[1] * q[1] + q[2] * q[2] + q[3] * q[3] - q[a + 1] * q[a + 1])
                             : 2 * (q[a + 1] * q[b + 1] + (b == (a + 1) % 3 ? -1 : 1) * q[0] * q[c + 1]);
        }
    }
    scatter(which, false);
    sample_compute(p, &sample, isa, &at);
    wanted = at;
    memset(wanted.f, 0, sizeof wanted.f);
    memset(wanted.energy.virial, 0, sizeof wanted.energy.virial);
    for (int32_t i = 0; i < N; i++) {
        double r[3] = {0};
        for (int k = 0; k < 9; k++) {
            r[k / 3] += m[k / 3][k % 3] * sample.r[3 * i + k % 3];
            wanted.f[3 * i + k / 3] += m[k / 3][k % 3] * at.f[3 * i + k % 3];
        }
        memcpy(sample.r + 3 * i, r, sizeof r);
    }
    for (int c = 0; c < 6; c++) {
        for (int k = 0; k < 9; k++) {
            const int a = k / 3, b = k % 3, of = a == b ? a : a + b + 2;
            wanted.energy.virial[c] += m[row[c]][a] * m[column[c]][b] * at.energy.virial[of];
        }
    }
    sample_compute(p, &sample, isa, &turned);
    same(&turned, &wanted);
}

/* Moved anywhere; each atom into another cell; another cell of the same lattice. */
static void move(const isd_potential *p, int which, enum isa isa)
{
    static struct answer at, moved;
    struct rng rng;
    rng_init(&rng, 3);
    scatter(which, true);
    sample_compute(p, &sample, isa, &at);
    for (int32_t i = 0; i < N; i++) {
        const double k[3] = {(double)rng_below(&rng, 7) - 3, (double)rng_below(&rng, 7) - 3, (double)rng_below(&rng, 7) - 3};
        const isd_box *b = &sample.box;
        sample.r[3 * i] += 12.3 + k[0] * b->lx + k[1] * b->xy + k[2] * b->xz;
        sample.r[3 * i + 1] += -7.7 + k[1] * b->ly + k[2] * b->yz;
        sample.r[3 * i + 2] += 0.21 + k[2] * b->lz;
    }
    sample_compute(p, &sample, isa, &moved);
    same(&moved, &at);
    sample.box.xy += sample.box.lx;
    sample.box.xz -= 2 * sample.box.lx;
    sample_compute(p, &sample, isa, &moved);
    same(&moved, &at);
}

static void nothing_depends_on_place(void **state)
{
    (void)state;
    for_all(turn);
    for_all(move);
}

/* One atom, two exactly at the cutoff, two within it; a pair and an atom far from it. */
static void few(const isd_potential *p, int which, enum isa isa)
{
    static struct answer one, two, pair;
    const double cutoff = isd_potential_cutoff(p);
    (void)which;
    sample = (struct sample){.box = {.dim = 3, .periodic = {1, 1, 1}, .lx = 30, .ly = 30, .lz = 30}, .n = 1, .type = {1, 1, 1}};
    sample_compute(p, &sample, isa, &one);
    assert_true(arrays_largest(one.f, 3) == 0 && arrays_largest(one.energy.virial, 6) == 0);
    sample.n = 2;
    sample.r[4] = cutoff;
    sample_compute(p, &sample, isa, &two);
    assert_true(fabs(two.energy.total - 2 * one.energy.total) <= 1e-15 && arrays_largest(two.f, 6) == 0);
    sample.r[4] = 0.8 * cutoff;
    sample_compute(p, &sample, isa, &pair);
    assert_true(pair.f[1] != 0 && pair.f[1] == -pair.f[4]);
    assert_true(pair.f[0] == 0 && pair.f[2] == 0 && pair.f[3] == 0 && pair.f[5] == 0);
    sample.n = 3;
    sample.r[6] = 15;
    sample_compute(p, &sample, isa, &two);
    assert_true(fabs(two.energy.total - pair.energy.total - one.energy.total) <= 1e-14 * fabs(pair.energy.total));
    assert_memory_equal(two.f, pair.f, 6 * sizeof *two.f);
    assert_true(two.f[6] == 0 && two.f[7] == 0 && two.f[8] == 0);
}

static void few_atoms(void **state)
{
    (void)state;
    for_all(few);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(forces_are_slopes), cmocka_unit_test(virials_are_strains),
                                       cmocka_unit_test(nothing_depends_on_place), cmocka_unit_test(few_atoms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
