/* Lennard-Jones energies, forces and virials against brute force. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arrays.h"
#include "base/rng.h"
#include "sample.h"

static const isd_lj_pair kob_andersen[4] = {
    {1, 1, 2.5, true}, {1.5, 0.8, 2.0, true}, {1.5, 0.8, 2.0, true}, {0.5, 0.88, 2.2, true}};

static isd_potential *potential(const isd_lj_pair *pairs, int32_t n_types, bool shift)
{
    isd_potential *p = NULL;
    isd_error err = {0};
    assert_int_equal(isd_potential_lj(pairs, n_types, shift, &p, &err), ISD_OK);
    return p;
}

/* Every image, every pair of atoms, in the textbook form of the potential. */
static void brute_force(const struct sample *s, const isd_lj_pair *pairs, bool shift, struct answer *a)
{
    static const int row[6] = {0, 1, 2, 0, 0, 1}, column[6] = {0, 1, 2, 1, 2, 2};
    const isd_box *b = &s->box;
    const int most[3] = {b->periodic[0] ? 12 : 0, b->periodic[1] ? 6 : 0,
                         b->periodic[2] && b->dim == 3 ? 4 : 0};
    memset(a, 0, sizeof *a);
    for (int32_t i = 0; i < s->n; i++) {
        for (int32_t j = 0; j < s->n; j++) {
            const isd_lj_pair *p = &pairs[2 * (s->type[i] - 1) + s->type[j] - 1];
            const double at_cut = shift ? pow(p->sigma / p->cutoff, 12) - pow(p->sigma / p->cutoff, 6) : 0;
            for (int k = -most[0]; k <= most[0]; k++) {
                for (int l = -most[1]; l <= most[1]; l++) {
                    for (int m = -most[2]; m <= most[2]; m++) {
                        double d[3] = {s->r[3 * i] - s->r[3 * j] - k * b->lx - l * b->xy - m * b->xz,
                                       s->r[3 * i + 1] - s->r[3 * j + 1] - l * b->ly - m * b->yz,
                                       b->dim == 3 ? s->r[3 * i + 2] - s->r[3 * j + 2] - m * b->lz : 0};
                        const double r = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
                        if ((i == j && k == 0 && l == 0 && m == 0) || !(r < p->cutoff)) {
                            continue;
                        }
                        const double x6 = pow(p->sigma / r, 6);
                        a->energy.total += 2 * p->epsilon * (x6 * x6 - x6 - at_cut);
                        const double g = 24 * p->epsilon * (2 * x6 * x6 - x6) / (r * r);
                        for (int q = 0; q < 3; q++) {
                            a->f[3 * i + q] += g * d[q];
                        }
                        for (int q = 0; q < 6; q++) {
                            a->energy.virial[q] += 0.5 * g * d[row[q]] * d[column[q]];
                        }
                    }
                }
            }
        }
    }
}

/* Atoms on a jittered lattice (no two too close), each moved some cells away. */
static void scatter(struct sample *s, struct rng *rng, int nx, int ny, int nz, int far)
{
    const isd_box *b = &s->box;
    s->n = nx * ny * nz;
    for (int32_t i = 0; i < s->n; i++) {
        const int cell[3] = {i % nx, i / nx % ny, i / nx / ny}, count[3] = {nx, ny, nz};
        double u[3];
        for (int q = 0; q < 3; q++) {
            u[q] = (cell[q] + 0.5 + 0.25 * (rng_double(rng) - 0.5)) / count[q];
            if (b->periodic[q] && far > 0 && (q < 2 || b->dim == 3)) {
                u[q] += (int)rng_below(rng, 2 * (uint32_t)far + 1) - far;
            }
        }
        s->r[3 * i] = b->origin[0] + u[0] * b->lx + u[1] * b->xy + u[2] * b->xz;
        s->r[3 * i + 1] = b->origin[1] + u[1] * b->ly + u[2] * b->yz;
        s->r[3 * i + 2] = b->dim == 3 ? b->origin[2] + u[2] * b->lz : 0.25;
        s->type[i] = 1 + (rng_below(rng, 5) == 0);
    }
}

static struct sample sample, moved;
static struct answer mine, theirs;

static void small_cells(void **state)
{
    (void)state;
    const isd_box boxes[] = {
        sample_box(2.13, 2.27, 2.31, 0, 0, 0, "ppp", 3),
        sample_box(2.23, 2.11, 2.06, 1.1, -1.02, 1.04, "ppp", 3),
        sample_box(2.23, 2.04, 2.12, 4.4, -1.7, 1.6, "ppp", 3),
        sample_box(2.4, 2.3, 2.2, 1.0, 0, 0, "ppf", 3),
        sample_box(2.4, 2.3, 2.2, 0, 0, 1.3, "fpp", 3),
        sample_box(2.4, 2.3, 2.2, 0.4, 0.3, 0.2, "fpf", 3),
        sample_box(2.4, 2.3, 2.2, 0, 0, 0, "fff", 3),
        sample_box(2.4, 2.3, 1, 1.1, 0, 0, "ppp", 2),
        sample_box(2.4, 2.3, 1, 0, 0, 0, "pfp", 2),
        sample_box(1.2, 2.3, 1, 3.7, 0, 0, "ppf", 2),
    };
    struct rng rng;
    rng_init(&rng, 11);
    for (size_t k = 0; k < sizeof boxes / sizeof *boxes; k++) {
        for (int shift = 0; shift < 2; shift++) {
            isd_potential *p = potential(kob_andersen, 2, shift);
            sample.box = boxes[k];
            scatter(&sample, &rng, boxes[k].lx > 2 ? 2 : 1, 2, boxes[k].dim == 3 ? 2 : 1, 0);
            brute_force(&sample, kob_andersen, shift, &theirs);
            moved = sample;
            for (int32_t i = 0; i < sample.n; i++) { /* the same atoms, elsewhere in space */
                const int a = (int)rng_below(&rng, 5) - 2, c = (int)rng_below(&rng, 5) - 2;
                if (boxes[k].periodic[0]) {
                    moved.r[3 * i] += a * boxes[k].lx;
                }
                if (boxes[k].periodic[1]) {
                    moved.r[3 * i] += c * boxes[k].xy;
                    moved.r[3 * i + 1] += c * boxes[k].ly;
                }
            }
            for (int isa = 0; isa < ISA_COUNT; isa++) {
                if (isa_supported((enum isa)isa)) {
                    sample_compute(p, &moved, (enum isa)isa, &mine);
                    arrays_near(&mine.energy.total, &theirs.energy.total, 1, 1e-12, 1e-3);
                    arrays_near(mine.energy.virial, theirs.energy.virial, 6, 1e-11, 1e-3);
                    arrays_near(mine.f, theirs.f, 3 * sample.n, 1e-11, 1e-3);
                }
            }
            isd_potential_unref(p);
        }
    }
}

static void liquid(struct sample *s, uint64_t seed, int dim, int far)
{
    struct rng rng;
    rng_init(&rng, seed);
    s->box = dim == 3 ? sample_box(8.1, 7.3, 7.9, 2.2, -1.4, 0.8, "ppp", 3)
                      : sample_box(18.1, 17.3, 1, 5.2, 0, 0, "ppp", 2);
    scatter(s, &rng, dim == 3 ? 8 : 17, dim == 3 ? 8 : 17, dim == 3 ? 8 : 1, far);
}

static void kernels_agree(void **state)
{
    (void)state;
    isd_potential *p = potential(kob_andersen, 2, true);
    for (int dim = 2; dim <= 3; dim++) {
        liquid(&sample, 5, dim, 3);
        sample_compute(p, &sample, ISA_PLAIN, &theirs);
        for (int isa = 1; isa < ISA_COUNT; isa++) {
            if (isa_supported((enum isa)isa)) {
                sample_compute(p, &sample, (enum isa)isa, &mine);
                arrays_near(&mine.energy.total, &theirs.energy.total, 1, 1e-12, 1e-3);
                arrays_near(mine.f, theirs.f, 3 * sample.n, 1e-12, 1e-3);
            }
        }
    }
    isd_potential_unref(p);
}

static double energy_at(int k, double x, const isd_potential *p)
{
    const double kept = sample.r[k];
    sample.r[k] = x;
    sample_compute(p, &sample, isa_best(), &mine);
    sample.r[k] = kept;
    return mine.energy.total;
}

/* Five-point differences. One in some twenty has a pair that crosses the cutoff between the points, where the
 * slope jumps by up to 0.06: those may be off by as much, no more. */
static void force_is_the_gradient(void **state)
{
    (void)state;
    isd_potential *p = potential(kob_andersen, 2, true);
    for (int dim = 2; dim <= 3; dim++) {
        liquid(&sample, 7, dim, 3);
        sample_compute(p, &sample, isa_best(), &theirs);
        int all = 0, tight = 0;
        for (int k = 0; k < 3 * sample.n; k += 29) {
            const double h = 1e-4, x = sample.r[k];
            const double near = energy_at(k, x + h, p) - energy_at(k, x - h, p);
            const double far = energy_at(k, x + 2 * h, p) - energy_at(k, x - 2 * h, p);
            const double off = fabs((8 * near - far) / (12 * h) + theirs.f[k]);
            all++;
            tight += off <= 1e-6 * (1 + fabs(theirs.f[k]));
            assert_true(off <= 0.15 + 1e-6 * fabs(theirs.f[k]));
        }
        assert_true(tight > 0.85 * all);
    }
    isd_potential_unref(p);
}

static void momentum_and_translation(void **state)
{
    (void)state;
    isd_potential *p = potential(kob_andersen, 2, true);
    liquid(&sample, 9, 3, 3);
    sample_compute(p, &sample, isa_best(), &theirs);
    double net[3] = {0};
    for (int k = 0; k < 3 * sample.n; k++) {
        net[k % 3] += theirs.f[k];
    }
    assert_true(arrays_largest(net, 3) < 1e-11 * arrays_largest(theirs.f, 3 * sample.n));
    moved = sample;
    for (int k = 0; k < 3 * sample.n; k++) {
        moved.r[k] += (double[]){0.731, -5.4, 2.22}[k % 3];
    }
    sample_compute(p, &moved, isa_best(), &mine);
    arrays_near(&mine.energy.total, &theirs.energy.total, 1, 1e-12, 1e-3);
    arrays_near(mine.energy.virial, theirs.energy.virial, 6, 1e-10, 1e-3);
    arrays_near(mine.f, theirs.f, 3 * sample.n, 1e-10, 1e-3);
    /* a million cells away a position has nine digits behind the point */
    for (int k = 0; k < sample.n; k++) {
        moved.r[3 * k] = sample.r[3 * k] + (k % 2 ? 1e6 : -1e6) * sample.box.lx;
    }
    sample_compute(p, &moved, isa_best(), &mine);
    arrays_near(&mine.energy.total, &theirs.energy.total, 1, 1e-7, 1e-3);
    isd_potential_unref(p);
}

/* Two atoms, by the formula: third law, and the cutoff belongs outside. */
static void two_atoms(void **state)
{
    (void)state;
    isd_potential *p = potential(kob_andersen, 2, true);
    const double apart[] = {0.9, 1.3, 1.99, 2.0, nextafter(2.0, 0), 2.1};
    sample = (struct sample){.box = sample_box(30, 30, 30, 0, 0, 0, "ppp", 3), .n = 2, .type = {1, 2}};
    sample.box.origin[0] = sample.box.origin[1] = sample.box.origin[2] = 0;
    for (size_t k = 0; k < sizeof apart / sizeof *apart; k++) {
        sample.r[3] = apart[k];
        brute_force(&sample, kob_andersen, true, &theirs);
        sample_compute(p, &sample, isa_best(), &mine);
        arrays_near(&mine.energy.total, &theirs.energy.total, 1, 1e-12, 1e-3);
        arrays_near(mine.f, theirs.f, 6, 1e-12, 1e-3);
        assert_true(mine.f[0] == -mine.f[3]);
        assert_true((mine.f[0] != 0) == (apart[k] < 2.0));
        assert_true(mine.f[1] == 0 && mine.f[2] == 0);
    }
    isd_potential_unref(p);
}

static void none_and_one(void **state)
{
    (void)state;
    isd_potential *p = potential(kob_andersen, 2, true);
    sample =
        (struct sample){.box = sample_box(30, 30, 30, 0, 0, 0, "ppp", 3), .n = 1, .type = {1}, .r = {1e5, -3, 4}};
    mine.f[0] = 7;
    sample_compute(p, &sample, isa_best(), &mine);
    assert_true(mine.energy.total == 0 && mine.f[0] == 0 && mine.f[1] == 0 && mine.f[2] == 0);
    sample.n = 0;
    sample_compute(p, &sample, isa_best(), &mine);
    assert_true(mine.energy.total == 0);
    isd_potential_unref(p);
}

/* A dense drop and one far atom in a box that a grid of cells could not hold. */
static void drop_in_the_void(void **state)
{
    (void)state;
    isd_potential *p = potential(kob_andersen, 2, true);
    liquid(&sample, 3, 3, 0);
    sample.box = sample_box(1e9, 1e9, 1e9, 0, 0, 0, "ppp", 3);
    sample.r[0] = 4e8;
    sample_compute(p, &sample, isa_best(), &mine);
    moved = sample;
    moved.box = sample_box(1, 1, 1, 0, 0, 0, "fff", 3);
    sample_compute(p, &moved, ISA_PLAIN, &theirs);
    assert_true(fabs(theirs.energy.total) > 100);
    arrays_near(&mine.energy.total, &theirs.energy.total, 1, 1e-6, 1e-3);
    assert_true(mine.f[0] == 0);
    isd_potential_unref(p);
}

/* A walk long enough for many builds gives what a fresh evaluator gives, at every step. */
static void lists_stay_right(void **state)
{
    (void)state;
    isd_potential *p = potential(kob_andersen, 2, true);
    isd_evaluator *e = NULL;
    isd_energy energy;
    struct rng rng;
    rng_init(&rng, 21);
    liquid(&sample, 13, 3, 3);
    assert_int_equal(isd_evaluator_new(p, &sample.box, sample.type, sample.n, &e, NULL), ISD_OK);
    for (int step = 0; step < 60; step++) {
        for (int k = 0; k < 3 * sample.n; k++) {
            sample.r[k] += 0.02 * rng_normal(&rng) * (step % 10 == 0 ? 3 : 0.4);
        }
        sample.r[0] += step == 30 ? 5 * sample.box.lx : 0; /* a jump to another image */
        assert_int_equal(isd_evaluator_compute(e, sample.r, NULL, mine.f, &energy, NULL), ISD_OK);
        sample_compute(p, &sample, isa_best(), &theirs);
        arrays_near(&energy.total, &theirs.energy.total, 1, 1e-11, 1e-3);
        arrays_near(mine.f, theirs.f, 3 * sample.n, 1e-11, 1e-3);
    }
    assert_int_equal(isd_evaluator_evaluations(e), 60);
    assert_in_range(isd_evaluator_builds(e), 3, 50);
    isd_evaluator_free(e);
    isd_potential_unref(p);
}

static isd_status refusal(const isd_potential *p, isd_error *err)
{
    isd_evaluator *e = NULL;
    isd_energy energy = {.total = 42};
    isd_status status = isd_evaluator_new(p, &sample.box, sample.type, sample.n, &e, err);
    if (!status) {
        status = isd_evaluator_compute(e, sample.r, NULL, mine.f, &energy, err);
        assert_true(energy.total == 42);
    }
    isd_evaluator_free(e);
    return status;
}

static void refusals(void **state)
{
    (void)state;
    isd_error err = {0};
    isd_potential *p = potential(kob_andersen, 2, true);
    liquid(&sample, 17, 3, 3);
    const double x = sample.r[3 * 100];
    memcpy(sample.r + 3 * 300, sample.r + 3 * 100, 3 * sizeof *sample.r);
    assert_int_equal(refusal(p, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "100"));
    assert_non_null(strstr(err.what, "300"));
    sample.r[3 * 300] += 1e-40 + sample.box.lx; /* on one spot through the boundary, to rounding */
    sample.r[3 * 100] = sample.r[3 * 300] - sample.box.lx;
    assert_int_equal(refusal(p, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "100"));
    sample.r[3 * 100] = NAN;
    assert_int_equal(refusal(p, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "100"));
    sample.r[3 * 100] = INFINITY;
    assert_int_equal(refusal(p, &err), ISD_DATA);
    sample.r[3 * 100] = 1e300;
    assert_int_equal(refusal(p, &err), ISD_DATA);
    sample.r[3 * 100] = x;
    sample.type[7] = 3;
    assert_int_equal(refusal(p, &err), ISD_DATA);
    sample.type[7] = 0;
    assert_int_equal(refusal(p, &err), ISD_DATA);
    liquid(&sample, 17, 3, 3);
    for (int k = 3; k < 3 * sample.n; k++) {
        sample.r[k] = sample.r[k % 3]; /* all on one spot */
    }
    assert_int_equal(refusal(p, &err), ISD_DATA);
    sample.n = 1;
    sample.box = sample_box(1e-4, 1e-4, 1e-4, 0, 0, 0, "ppp", 3);
    assert_int_equal(refusal(p, &err), ISD_UNSUPPORTED);
    sample.box.lx = -1;
    assert_int_not_equal(refusal(p, &err), ISD_OK);
    isd_potential_unref(p);
    /* so near that the energy overflows */
    isd_potential *q = potential(kob_andersen, 2, true);
    sample = (struct sample){
        .box = sample_box(30, 30, 30, 0, 0, 0, "fff", 3), .n = 2, .type = {1, 1}, .r = {0, 0, 0, 1e-30, 0, 0}};
    sample.box.origin[0] = 0;
    assert_int_equal(refusal(q, &err), ISD_DATA);
    isd_potential_unref(q);
}

static void unset_pairs(void **state)
{
    (void)state;
    isd_lj_pair pairs[9];
    isd_potential *p = NULL;
    isd_error err = {0};
    for (int k = 0; k < 9; k++) {
        pairs[k] = (isd_lj_pair){1, 1, 2.5, true};
    }
    pairs[5].set = pairs[7].set = false;
    assert_int_equal(isd_potential_lj(pairs, 3, true, &p, &err), ISD_USAGE);
    assert_null(p);
    assert_non_null(strstr(err.what, "2 and 3"));
    pairs[5].set = pairs[7].set = true;
    pairs[2].cutoff = pairs[6].cutoff = -1;
    assert_int_equal(isd_potential_lj(pairs, 3, true, &p, &err), ISD_USAGE);
    pairs[2].cutoff = pairs[6].cutoff = NAN;
    assert_int_equal(isd_potential_lj(pairs, 3, true, &p, &err), ISD_USAGE);
    pairs[2].cutoff = 2, pairs[6].cutoff = 3;
    assert_int_equal(isd_potential_lj(pairs, 3, true, &p, &err), ISD_USAGE);
    assert_int_equal(isd_potential_lj(pairs, 0, true, &p, &err), ISD_USAGE);
    assert_null(p);
}

static void names(void **state)
{
    (void)state;
    isd_potential *shifted = potential(kob_andersen, 2, true), *plain = potential(kob_andersen, 2, false);
    assert_string_equal(isd_potential_name(shifted), "lj/cut, energy-shifted");
    assert_true(isd_potential_continuous(shifted));
    assert_false(isd_potential_continuous(plain));
    assert_true(isd_potential_cutoff(shifted) == 2.5);
    assert_int_equal(isd_potential_types(shifted), 2);
    assert_ptr_equal(isd_potential_ref(shifted), shifted);
    isd_potential_unref(shifted);
    isd_potential_unref(shifted);
    isd_potential_unref(plain);
    isd_potential_unref(NULL);
}

static void cancelled(void **state)
{
    (void)state;
    isd_potential *p = potential(kob_andersen, 2, true);
    isd_control *control = isd_control_new();
    isd_evaluator *e = NULL;
    isd_energy energy;
    liquid(&sample, 19, 3, 3);
    assert_int_equal(isd_evaluator_new(p, &sample.box, sample.type, sample.n, &e, NULL), ISD_OK);
    isd_control_cancel(control);
    assert_int_equal(isd_evaluator_compute(e, sample.r, control, mine.f, &energy, NULL), ISD_CANCELLED);
    assert_int_equal(isd_evaluator_compute(e, sample.r, NULL, mine.f, &energy, NULL), ISD_OK);
    assert_int_equal(isd_evaluator_compute(e, sample.r, control, mine.f, &energy, NULL), ISD_CANCELLED);
    sample_compute(p, &sample, isa_best(), &theirs);
    assert_int_equal(isd_evaluator_compute(e, sample.r, NULL, mine.f, &energy, NULL), ISD_OK);
    assert_true(energy.total == theirs.energy.total);
    isd_evaluator_free(e);
    isd_control_free(control);
    isd_potential_unref(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_cells),
        cmocka_unit_test(kernels_agree),
        cmocka_unit_test(force_is_the_gradient),
        cmocka_unit_test(two_atoms),
        cmocka_unit_test(none_and_one),
        cmocka_unit_test(momentum_and_translation),
        cmocka_unit_test(refusals),
        cmocka_unit_test(drop_in_the_void),
        cmocka_unit_test(lists_stay_right),
        cmocka_unit_test(unset_pairs),
        cmocka_unit_test(names),
        cmocka_unit_test(cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
