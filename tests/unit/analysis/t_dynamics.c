/* Sums over tracks, cages, van Hove, S(k) and errors against their definitions. SPDX-License-Identifier: GPL-3.0-or-later */
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
#include "analysis/tracks.h"
#include "base/rng.h"
#include "neigh/isa.h"

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

/* One atom's part by the library of mathematics. */
static void add_by_hand(const double *v, int dim, const struct track_request *request, struct track_sums *sum)
{
    double sq = v[0] * v[0] + v[1] * v[1] + (dim == 3 ? v[2] * v[2] : 0), x = request->k * sqrt(sq);
    sum->sq += sq;
    sum->u4 += sq * sq;
    sum->fs += dim == 2 ? j0(x) : x < 1e-8 ? 1 : sin(x) / x;
    sum->q += sqrt(sq) < request->a;
    sum->jumps += sqrt(sq) > request->jump;
}

static const struct {
    enum isa isa;
    track_kernel *run;
} kernels[] = {
    {ISA_VECTOR, track_kernel_vector},
#if defined(__x86_64__)
    {ISA_AVX2, track_kernel_avx2},
    {ISA_AVX512, track_kernel_avx512},
#endif
};

/* Displacements from 1e-12 to 1e4 wave lengths, one kind of length at a time, so that no large one hides a small one's error. */
static void kernels_agree_with_the_library(void **state)
{
    (void)state;
    enum { N = 256 };
    double *a = aligned_alloc(64, 3 * N * sizeof *a), *b = aligned_alloc(64, 3 * N * sizeof *b);
    struct rng rng;
    rng_init(&rng, 21);
    for (int dim = 2; dim <= 3; dim++)
        for (double size = 1e-12; size < 1e4; size *= 3) {
            struct track_request request = {.k = 7.3, .a = size, .jump = 1.5 * size};
            struct track_sums want = {0}, got[3] = {{0}};
            for (int i = 0; i < N; i++) {
                double v[3] = {0};
                for (int c = 0; c < dim; c++) {
                    a[c * N + i] = rng_double(&rng);
                    b[c * N + i] = a[c * N + i] + size * rng_normal(&rng);
                    v[c] = b[c * N + i] - a[c * N + i];
                }
                add_by_hand(v, dim, &request, &want);
            }
            for (size_t k = 0; k < sizeof kernels / sizeof kernels[0]; k++) {
                if (!isa_supported(kernels[k].isa))
                    continue;
                kernels[k].run(a, b, N, dim, &request, &got[k]);
                assert_true(fabs(got[k].sq - want.sq) <= 1e-14 * want.sq && fabs(got[k].u4 - want.u4) <= 1e-14 * want.u4);
                assert_true(fabs(got[k].fs - want.fs) <= 1e-13 * N * fmax(1, size) / fmax(1, 7.3 * size));
                assert_true(got[k].q == want.q && got[k].jumps == want.jumps);
                assert_memory_equal(&got[k], &got[0], sizeof got[0]); /* the same bits */
            }
        }
    free(a);
    free(b);
}

enum { TRACK_FRAMES = 5 };

/* A liquid that moves: positions as files give them, with images or wrapped into the cell. */
static void make_frames(int dim, int32_t n, bool images, double step, isd_snapshot *frame[TRACK_FRAMES])
{
    for (int f = 0; f < TRACK_FRAMES; f++) {
        frame[f] = liquid(dim, n, 31);
        double *u = displacements(frame[0], step, 32);
        if (images)
            frame[f]->image = calloc(3 * (size_t)n, sizeof *frame[f]->image);
        for (int32_t i = 0; i < n; i++) {
            double *r = frame[f]->position + 3 * i, whole[3], s[3];
            for (int c = 0; c < 3; c++)
                whole[c] = r[c] += f * u[3 * i + c];
            isd_box_wrap(&frame[f]->box, whole, r);
            for (int c = 0; c < 3; c++)
                s[c] = whole[c] - r[c];
            isd_box_to_fraction(&(isd_box){.dim = dim, .lx = frame[f]->box.lx, .ly = frame[f]->box.ly, .lz = frame[f]->box.lz,
                                           .xy = frame[f]->box.xy, .xz = frame[f]->box.xz, .yz = frame[f]->box.yz}, s, s);
            for (int c = 0; images && c < dim; c++)
                frame[f]->image[3 * i + c] = (int32_t)lround(s[c]);
        }
        free(u);
    }
}

static void sum_all(struct tracks *tracks, isd_snapshot *const *frame, double bytes, int a, int b, const struct track_request *request,
                    struct track_sums *ret_sums)
{
    struct track_sums sums[3] = {{0}};
    for (int32_t first = 0, last = 0; first < tracks->n_blocks; first = last) {
        assert_int_equal(tracks_take(tracks, first, bytes, &last, NULL), ISD_OK);
        for (int f = 0; f < TRACK_FRAMES; f++)
            assert_int_equal(tracks_fill(tracks, f, frame[f], f, NULL), ISD_OK);
        assert_int_equal(tracks_unwrap(tracks, NULL, NULL), ISD_OK);
        for (int32_t block = first; block < last; block++)
            tracks_add(tracks, block, a, b, request, &sums[tracks->block[block].type]);
    }
    memcpy(ret_sums, sums + 1, 2 * sizeof *sums);
}

/* By images, by nearest images, all at once and block by block: the true displacements every time, and the same bits where only the memory
 * differs. */
static void tracks_follow_atoms(void **state)
{
    (void)state;
    enum { N = 9001 };
    for (int dim = 2; dim <= 3; dim++)
        for (int images = 0; images < 2; images++) {
            isd_snapshot *frame[TRACK_FRAMES];
            struct tracks tracks;
            struct track_request request = {.k = 7.1, .a = 0.5, .jump = 1};
            struct track_sums want[2] = {{0}}, whole[2], parts[2];
            make_frames(dim, N, images, 0.3, frame);
            double *u = displacements(frame[0], 0.3, 32), *vector = malloc(3 * N * sizeof *vector);
            for (int32_t i = 0; i < N; i++) {
                double v[3] = {3 * u[3 * i], 3 * u[3 * i + 1], 3 * u[3 * i + 2]};
                add_by_hand(v, dim, &request, &want[frame[0]->type[i] - 1]);
            }
            assert_int_equal(tracks_init(&tracks, frame[0], TRACK_FRAMES, images ? UNWRAP_FILE : UNWRAP_NEAREST, NULL), ISD_OK);
            sum_all(&tracks, frame, 1, 1, 4, &request, parts);
            assert_true(tracks.n_blocks > 2 && tracks.first_block == tracks.n_blocks - 1);
            sum_all(&tracks, frame, 0, 1, 4, &request, whole);
            assert_memory_equal(parts, whole, sizeof whole);
            for (int t = 0; t < 2; t++) {
                assert_true(fabs(whole[t].sq - want[t].sq) < 1e-11 * want[t].sq && fabs(whole[t].u4 - want[t].u4) < 1e-11 * want[t].u4);
                assert_true(fabs(whole[t].fs - want[t].fs) < 1e-8 && whole[t].q == want[t].q && whole[t].jumps == want[t].jumps);
            }
            tracks_displacements(&tracks, 1, 4, vector);
            for (int32_t k = 0; k < 3 * N; k++)
                assert_true(fabs(vector[k] - 3 * u[k]) < 1e-12);
            double centre[3 * TRACK_FRAMES] = {0}, mass[ISD_MAX_TYPES + 1] = {0, 1, 2.5}, mean[3] = {0}, all = 0;
            tracks_add_centre(&tracks, mass, centre);
            for (int32_t i = 0; i < N; i++) {
                all += mass[frame[0]->type[i]];
                for (int c = 0; c < 3; c++)
                    mean[c] += mass[frame[0]->type[i]] * 3 * u[3 * i + c];
            }
            for (int c = 0; c < dim; c++)
                assert_true(fabs(centre[3 * 4 + c] - centre[3 * 1 + c] - mean[c]) < 1e-8);
            for (int k = 0; k < 3 * TRACK_FRAMES; k++)
                centre[k] /= all;
            tracks_shift(&tracks, centre);
            double before = vector[0];
            tracks_displacements(&tracks, 1, 4, vector);
            assert_true(fabs(before - vector[0] - mean[0] / all) < 1e-12);
            assert_true(images ? tracks.farthest == 0 : tracks.farthest > 0.1 && tracks.farthest < 0.45);
            tracks_done(&tracks);
            for (int f = 0; f < TRACK_FRAMES; f++)
                isd_snapshot_unref(frame[f]);
            free(u);
            free(vector);
        }
}

static void frames_unlike_the_first(void **state)
{
    (void)state;
    isd_snapshot *frame[TRACK_FRAMES], *fewer = liquid(3, 99, 1);
    struct tracks tracks;
    int32_t last;
    make_frames(3, 100, true, 0.1, frame);
    assert_int_equal(tracks_init(&tracks, frame[0], TRACK_FRAMES, UNWRAP_FILE, NULL), ISD_OK);
    assert_int_equal(tracks_take(&tracks, 0, 0, &last, NULL), ISD_OK);
    assert_int_equal(tracks_fill(&tracks, 0, fewer, 0, NULL), ISD_DATA);
    frame[1]->id[99] = 777;
    frame[2]->type[0] = 3 - frame[2]->type[0];
    frame[3]->box.lx *= 1.01;
    free(frame[4]->image);
    frame[4]->image = NULL;
    for (int f = 1; f < TRACK_FRAMES; f++)
        assert_int_equal(tracks_fill(&tracks, f, frame[f], f, NULL), ISD_DATA);
    assert_int_equal(tracks_fill(&tracks, 0, frame[0], 0, NULL), ISD_OK);
    tracks_done(&tracks);
    for (int f = 0; f < TRACK_FRAMES; f++)
        isd_snapshot_unref(frame[f]);
    isd_snapshot_unref(fewer);
}

static void cage_relative(void **state)
{
    (void)state;
    for (int dim = 2; dim <= 3; dim++) {
        isd_snapshot *s = liquid(dim, 60, 1);
        double *u = displacements(s, 0.2, 2), msd[ISD_MAX_TYPES + 1];
        struct cages cages;
        isd_lattice lattice;
        isd_lattice_init(&lattice, &s->box);
        assert_int_equal(cages_init(&cages, s, 1.5, NULL, NULL), ISD_OK);
        cages_msd(&cages, s, u, msd);
        for (int type = 0; type <= 2; type++) {
            double cage = 0, caged = 0;
            for (int32_t i = 0; i < s->n; i++) {
                double mean[3] = {0}, neighbours = 0;
                for (int32_t j = 0; j < s->n && (type == 0 || s->type[i] == type); j++) {
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
                    cage += pow(u[3 * i + c] - mean[c] / neighbours, 2);
                caged += neighbours > 0;
            }
            assert_true(fabs(msd[type] - cage / caged) < 1e-12);
        }
        for (int32_t k = 0; k < 3 * s->n; k++) /* all move alike: not against their cages */
            u[k] = k % 3 < dim ? 0.7 : 0;
        cages_msd(&cages, s, u, msd);
        assert_true(msd[0] < 1e-30);
        cages_done(&cages);
        assert_int_equal(cages_init(&cages, s, 4, NULL, NULL), ISD_DATA);
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

static double second(double x, double y, double constant)
{
    return y - x * x + 0 * constant;
}

/* Walks of which each step begins a pair: the interval holds the truth in 68 %, whether few long blocks of pairs that overlap tell it or many. */
static void coverage(void **state)
{
    (void)state;
    enum { SETS = 3000, ATOMS = 30, MOST = 320 };
    static const int lag[] = {1, 1, 2, 8, 8, 20}, frames[] = {5, 65, 40, 73, 200, 300};
    struct rng rng;
    rng_init(&rng, 21);
    for (size_t c = 0; c < sizeof lag / sizeof *lag; c++) {
        int n = frames[c] - lag[c], held = 0, held_jackknife = 0;
        static double walk[MOST], x[MOST], y[MOST];
        for (int set = 0; set < SETS; set++) {
            for (int k = 0; k < n; k++)
                x[k] = y[k] = 0;
            for (int atom = 0; atom < ATOMS; atom++) {
                walk[0] = 0;
                for (int k = 1; k < frames[c]; k++)
                    walk[k] = walk[k - 1] + rng_normal(&rng);
                for (int k = 0; k < n; k++) {
                    double u = walk[k + lag[c]] - walk[k];
                    x[k] += u / ATOMS;
                    y[k] += u * u / ATOMS;
                }
            }
            double mean_x = 0, mean_y = 0;
            for (int k = 0; k < n; k++) {
                mean_x += x[k] / n;
                mean_y += y[k] / n;
            }
            held += fabs(mean_y - lag[c]) < dynamics_block_error(y, n, lag[c]);
            held_jackknife += fabs(mean_y - mean_x * mean_x - lag[c]) < dynamics_jackknife(x, y, n, lag[c], second, 0);
        }
        if (held < 0.65 * SETS || held > 0.72 * SETS)
            fail_msg("%d frames, lag %d: the interval holds the truth in %.1f %%", frames[c], lag[c], 100.0 * held / SETS);
        if (held_jackknife < 0.65 * SETS || held_jackknife > 0.72 * SETS)
            fail_msg("%d frames, lag %d: the jackknife holds the truth in %.1f %%", frames[c], lag[c], 100.0 * held_jackknife / SETS);
    }
}

static double ratio(double x, double y, double factor)
{
    return factor * y / (x * x);
}

/* The jackknife of a ratio of means, against many sets made anew. */
static void jackknife_of_a_ratio(void **state)
{
    (void)state;
    enum { SETS = 400, N = 64 };
    struct rng rng;
    double x[N], y[N], sum = 0, sq = 0, told = 0;
    rng_init(&rng, 5);
    for (int set = 0; set < SETS; set++) {
        double mean_x = 0, mean_y = 0;
        for (int k = 0; k < N; k++) {
            x[k] = 2 + 0.3 * rng_normal(&rng);
            y[k] = x[k] * x[k] + 0.5 * rng_normal(&rng);
            mean_x += x[k] / N;
            mean_y += y[k] / N;
        }
        double value = ratio(mean_x, mean_y, 3);
        sum += value / SETS;
        sq += value * value / SETS;
        told += pow(dynamics_jackknife(x, y, N, 1, ratio, 3), 2) / SETS;
    }
    assert_true(fabs(sqrt(told) / sqrt(sq - sum * sum) / 1.077 - 1) < 0.12); /* Student's t of eight blocks */
    assert_true(isnan(dynamics_jackknife(x, y, 3, 2, ratio, 3)));
}

/* Sets that do not drift pass in 99.73 %, however few blocks tell the error; those that do drift do not. */
static void two_halves(void **state)
{
    (void)state;
    enum { SETS = 20000 };
    struct rng rng;
    int alarms[2] = {0}, slopes = 0;
    double x[32], time[32];
    rng_init(&rng, 6);
    for (int set = 0; set < SETS; set++) {
        for (int k = 0; k < 32; k++) {
            time[k] = k;
            x[k] = rng_normal(&rng);
        }
        alarms[0] += fabs(dynamics_compare(x, 16, 1, x + 16, 16, 1).sigmas) > 2;
        alarms[1] += fabs(dynamics_compare(x, 3, 1, x + 3, 3, 1).sigmas) > 2;
        slopes += fabs(dynamics_drift(time, x, 32).sigmas) > 2;
    }
    for (int k = 0; k < 2; k++) /* beyond two sigmas: 4.55 %; Welch errs on the safe side for few blocks */
        assert_in_range(alarms[k], SETS * 25 / 1000, SETS * 55 / 1000);
    assert_in_range(slopes, SETS * 20 / 1000, SETS * 70 / 1000);
    for (int k = 0; k < 32; k++)
        x[k] += 0.3 * k;
    struct halves halves = dynamics_compare(x, 16, 1, x + 16, 16, 1);
    assert_true(halves.sigmas > 3 && fabs(halves.second - halves.first - 4.8) < 1.2);
    struct drift drift = dynamics_drift(time, x, 32);
    assert_true(fabs(drift.slope - 0.3) < 0.07 && drift.sigmas > 4);
    assert_true(isnan(dynamics_compare(x, 1, 1, x + 1, 1, 1).sigmas) && isnan(dynamics_drift(time, x, 2).slope));
}

static void averaged_structure(void **state)
{
    (void)state;
    struct structure_factor *s[3] = {NULL}, *mean = NULL;
    for (int k = 0; k < 3; k++) {
        isd_snapshot *frame = liquid(2, 40, 50 + (uint64_t)k);
        assert_int_equal(structure_factor_new(frame, 0, 6, 100, NULL, &s[k], NULL), ISD_OK);
        isd_snapshot_unref(frame);
    }
    assert_int_equal(structure_factor_average(s, 3, &mean, NULL), ISD_OK);
    for (int k = 0; k < mean->n; k++) {
        double m = (s[0]->s[k] + s[1]->s[k] + s[2]->s[k]) / 3, sq = 0;
        for (int f = 0; f < 3; f++)
            sq += pow(s[f]->s[k] - m, 2);
        assert_true(fabs(mean->s[k] - m) < 1e-13 && fabs(mean->se[k] - sqrt(sq / 2 / 3)) < 1e-13);
    }
    structure_factor_free(mean);
    s[1]->k[0] *= 1.1;
    assert_int_equal(structure_factor_average(s, 3, &mean, NULL), ISD_DATA);
    for (int k = 0; k < 3; k++)
        structure_factor_free(s[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_agree_with_the_library), cmocka_unit_test(tracks_follow_atoms), cmocka_unit_test(frames_unlike_the_first),
        cmocka_unit_test(cage_relative), cmocka_unit_test(van_hove), cmocka_unit_test(structure), cmocka_unit_test(averaged_structure),
        cmocka_unit_test(block_errors), cmocka_unit_test(coverage), cmocka_unit_test(jackknife_of_a_ratio), cmocka_unit_test(two_halves)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
