/* Moments, van Hove and S(k) against their definitions. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/dynamics.h"
#include "analysis/structure_factor.h"
#include "base/rng.h"

static isd_snapshot *liquid(int dim, int32_t n, uint64_t seed)
{
    struct rng rng;
    isd_snapshot *s = NULL;
    rng_init(&rng, seed);
    assert_int_equal(isd_snapshot_new(n, false, &s, NULL), ISD_OK);
    s->box = (isd_box){.dim = dim, .periodic = {true, true, true}, .lx = 6, .ly = 5, .lz = dim == 2 ? 1 : 5.5, .xy = 1.2};
    if (dim == 3)
        s->box.yz = -0.7;
    s->has_ids = true;
    for (int32_t i = 0; i < n; i++) {
        double f[3] = {rng_double(&rng), rng_double(&rng), dim == 2 ? 0 : rng_double(&rng)};
        isd_box_from_fraction(&s->box, f, s->position + 3 * (size_t)i);
        s->type[i] = 1 + (i % 3 == 0);
        s->id[i] = i + 1;
    }
    assert_int_equal(isd_snapshot_freeze(s, NULL), ISD_OK);
    return s;
}

static double *displacements(const isd_snapshot *s, double size, uint64_t seed)
{
    struct rng rng;
    double *u = malloc(3 * (size_t)s->n * sizeof *u);
    rng_init(&rng, seed);
    for (int32_t k = 0; k < 3 * s->n; k++)
        u[k] = k % 3 < s->box.dim ? size * rng_normal(&rng) : 0;
    return u;
}

static void moments(void **state)
{
    (void)state;
    for (int dim = 2; dim <= 3; dim++) {
        isd_snapshot *s = liquid(dim, 60, 1);
        double *u = displacements(s, 0.2, 2);
        struct dynamics_options options = {.k = 7.1, .a = 0.3, .cage = 1.5};
        struct dynamics_sample sample[ISD_MAX_TYPES + 1];
        isd_lattice lattice;
        isd_lattice_init(&lattice, &s->box);
        assert_int_equal(dynamics_between(s, u, &options, NULL, sample, NULL), ISD_OK);
        for (int type = 0; type <= 2; type++) {
            double n = 0, msd = 0, u4 = 0, fs = 0, q = 0, cage = 0, caged = 0;
            for (int32_t i = 0; i < s->n; i++) {
                if (type != 0 && s->type[i] != type)
                    continue;
                const double *v = u + 3 * i;
                double sq = v[0] * v[0] + v[1] * v[1] + v[2] * v[2], mean[3] = {0}, neighbours = 0;
                n++;
                msd += sq;
                u4 += sq * sq;
                fs += dim == 2 ? j0(7.1 * sqrt(sq)) : sin(7.1 * sqrt(sq)) / (7.1 * sqrt(sq));
                q += sqrt(sq) < 0.3;
                for (int32_t j = 0; j < s->n; j++) {
                    double d[3];
                    for (int c = 0; c < 3; c++)
                        d[c] = s->position[3 * j + c] - s->position[3 * i + c];
                    if (j == i || isd_lattice_shortest(&lattice, d) > 1.5 * 1.5)
                        continue;
                    neighbours++;
                    for (int c = 0; c < 3; c++)
                        mean[c] += u[3 * j + c];
                }
                for (int c = 0; c < 3 && neighbours > 0; c++)
                    cage += pow(v[c] - mean[c] / neighbours, 2);
                caged += neighbours > 0;
            }
            assert_int_equal(sample[type].n, (int)n);
            assert_true(fabs(sample[type].msd - msd / n) < 1e-13 && fabs(sample[type].u4 - u4 / n) < 1e-13);
            assert_true(fabs(sample[type].fs - fs / n) < 1e-13 && fabs(sample[type].q - q / n) < 1e-13);
            assert_true(fabs(sample[type].msd_cage - cage / caged) < 1e-12);
        }
        free(u);
        isd_snapshot_unref(s);
    }
}

static void gaussian(void **state)
{
    (void)state;
    for (int dim = 2; dim <= 3; dim++) {
        isd_snapshot *s = liquid(dim, 30000, 3);
        double *u = displacements(s, 0.2, 4);
        struct dynamics_options options = {.k = 5, .a = 0.3};
        struct dynamics_sample sample[ISD_MAX_TYPES + 1];
        assert_int_equal(dynamics_between(s, u, &options, NULL, sample, NULL), ISD_OK);
        assert_true(fabs(dynamics_alpha2(sample[0].msd, sample[0].u4, dim)) < 0.03);
        assert_true(fabs(sample[0].fs - exp(-25 * 0.04 / 2)) < 0.01); /* exp(-k^2 s^2 / 2) */
        assert_true(isnan(sample[0].msd_cage));
        free(u);
        isd_snapshot_unref(s);
    }
}

static void van_hove(void **state)
{
    (void)state;
    enum { BINS = 20 };
    isd_snapshot *a = liquid(3, 50, 5), *b = liquid(3, 50, 6);
    double counts[BINS] = {0}, brute[BINS] = {0}, pairs = 0, max = 2.2;
    isd_lattice lattice;
    isd_lattice_init(&lattice, &a->box);
    assert_int_equal(dynamics_distinct(a, b, 1, 2, BINS, max, NULL, counts, &pairs, NULL), ISD_OK);
    double all = 0;
    for (int32_t i = 0; i < a->n; i++)
        for (int32_t j = 0; j < b->n; j++) {
            double d[3];
            if (i == j || a->type[i] != 1 || b->type[j] != 2)
                continue;
            all++;
            for (int c = 0; c < 3; c++)
                d[c] = b->position[3 * j + c] - a->position[3 * i + c];
            double r = sqrt(isd_lattice_shortest(&lattice, d));
            if (r < max)
                brute[(int)(r / max * BINS)]++;
        }
    assert_true(pairs == all);
    assert_memory_equal(counts, brute, sizeof counts);
    isd_snapshot_unref(a);
    isd_snapshot_unref(b);
}

/* Every vector of a small tilted cell, straight from the definition. */
static void structure(void **state)
{
    (void)state;
    isd_snapshot *s = liquid(3, 40, 9);
    struct structure_factor *f = NULL;
    assert_int_equal(structure_factor_new(s, 0, 4.0, 100000, NULL, &f, NULL), ISD_OK);
    double total = 0, brute = 0, vectors = 0, brute_vectors = 0;
    for (int k = 0; k < f->n; k++) {
        total += f->s[k] * f->vectors[k];
        vectors += f->vectors[k];
    }
    const isd_box *box = &s->box;
    for (int a = -9; a <= 9; a++)
        for (int b = -9; b <= 9; b++)
            for (int c = -9; c <= 9; c++) {
                double complex sum = 0;
                double kx = 2 * M_PI * a / box->lx, ky = (2 * M_PI * b - kx * box->xy) / box->ly;
                double kz = (2 * M_PI * c - kx * box->xz - ky * box->yz) / box->lz;
                double length = sqrt(kx * kx + ky * ky + kz * kz);
                if (length == 0 || length > 4)
                    continue;
                for (int32_t i = 0; i < s->n; i++)
                    sum += cexp(I * (kx * s->position[3 * i] + ky * s->position[3 * i + 1] + kz * s->position[3 * i + 2]));
                brute += creal(sum * conj(sum)) / s->n;
                brute_vectors++;
            }
    assert_true(2 * vectors == brute_vectors);
    assert_true(fabs(2 * total - brute) < 1e-9 * brute);
    structure_factor_free(f);
    s->box.periodic[1] = false;
    assert_int_equal(structure_factor_new(s, 0, 4.0, 10, NULL, &f, NULL), ISD_DATA);
    isd_snapshot_unref(s);
}

static void block_errors(void **state)
{
    (void)state;
    double x[64];
    struct rng rng;
    rng_init(&rng, 11);
    for (int k = 0; k < 64; k++)
        x[k] = rng_normal(&rng);
    double independent = dynamics_block_error(x, 64, 1);
    assert_true(independent > 0.05 && independent < 0.25); /* 1/8 expected */
    assert_true(isnan(dynamics_block_error(x, 5, 4)));
    for (int k = 0; k < 64; k++)
        x[k] = k / 8; /* blocks of eight alike: naive errors would be too small */
    assert_true(dynamics_block_error(x, 64, 8) > 0.8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(moments), cmocka_unit_test(gaussian), cmocka_unit_test(van_hove),
                                       cmocka_unit_test(structure), cmocka_unit_test(block_errors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
