/* Quenches: minima that are known, promises that are kept. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/rng.h"
#include "isdmin/quench.h"
#include "pot/evaluator.h"

static const isd_lj_pair kob_andersen[4] = {
    {1, 1, 2.5, true}, {1.5, 0.8, 2.0, true}, {1.5, 0.8, 2.0, true}, {0.5, 0.88, 2.2, true}};

struct sample {
    isd_box box;
    int32_t n, *type;
    double *r;
};

static isd_potential *potential(bool shift)
{
    isd_potential *p = NULL;
    assert_int_equal(isd_potential_lj(kob_andersen, 2, shift, &p, NULL), ISD_OK);
    return p;
}

/* side^dim atoms on a shaken lattice at density 1.2 in a tilted cell, unwrapped. */
static struct sample glass(int side, int dim, uint64_t seed)
{
    struct rng rng;
    rng_init(&rng, seed);
    struct sample s = {.n = dim == 3 ? side * side * side : side * side};
    const double a = pow(1.2, -1.0 / dim), length = a * side;
    s.box = (isd_box){.dim = dim,
                      .periodic = {true, true, true},
                      .origin = {-1, 2, 0},
                      .lx = length,
                      .ly = length,
                      .lz = length,
                      .xy = 0.31 * length,
                      .xz = dim == 3 ? -0.2 * length : 0,
                      .yz = dim == 3 ? 0.45 * length : 0};
    s.type = malloc((size_t)s.n * sizeof *s.type);
    s.r = malloc(3 * (size_t)s.n * sizeof *s.r);
    assert_true(s.type && s.r);
    for (int32_t i = 0; i < s.n; i++) {
        const double u[3] = {i % side, i / side % side, i / side / side};
        for (int q = 0; q < 3; q++) {
            const double x = a * (u[q] + 0.3 * (rng_double(&rng) - 0.5));
            s.r[3 * i + q] = q < dim ? s.box.origin[q] + x : 0;
        }
        s.r[3 * i] += i % 3 ? 0 : 2 * length;
        s.type[i] = 1 + (rng_below(&rng, 5) == 0);
    }
    return s;
}

static void done(struct sample *s)
{
    free(s->type);
    free(s->r);
}

static isd_quench_options with(const char *method)
{
    isd_quench_options options;
    isd_quench_defaults(&options);
    options.method = method;
    return options;
}

static void dimer(void **state)
{
    (void)state;
    isd_potential *p = potential(true);
    const isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 20, .ly = 20, .lz = 20};
    for (int k = 0; isd_quench_method(k); k++) {
        const isd_quench_options options = with(isd_quench_method(k));
        double r[6] = {19.8, 3, 3, 20.9, 3.4, 3.5};
        const int32_t type[2] = {1, 1};
        isd_quench_result result;
        assert_int_equal(isd_quench(p, &box, type, 2, &options, NULL, r, &result, NULL), ISD_OK);
        const double d = sqrt(pow(r[3] - r[0], 2) + pow(r[4] - r[1], 2) + pow(r[5] - r[2], 2));
        assert_true(fabs(d - pow(2, 1.0 / 6)) < 1e-9);
        assert_true(fabs(result.energy + 1 + 4 * (pow(2.5, -12) - pow(2.5, -6))) < 1e-14);
        assert_true(result.converged && result.stop == ISD_STOP_FORCE && result.fmax <= 1e-8);
        assert_true(fabs(r[0] + r[3] - 40.7) < 1e-13);
    }
    isd_potential_unref(p);
}

struct watched {
    long calls, last;
    double first_energy, energy, fmax, *start, *at;
    size_t size;
};

static void watch(void *arg, long iteration, double energy, double fmax, const double *position)
{
    struct watched *seen = arg;
    assert_int_equal(iteration, seen->calls++);
    if (iteration == 0) {
        seen->first_energy = energy;
        memcpy(seen->start, position, seen->size);
    }
    seen->last = iteration;
    seen->energy = energy;
    seen->fmax = fmax;
    memcpy(seen->at, position, seen->size);
}

/* Whoever watches sees the start, every iteration and the end, and changes nothing. */
static void is_watched(void **state)
{
    (void)state;
    isd_potential *p = potential(true);
    for (int k = 0; isd_quench_method(k); k++) {
        struct sample s = glass(8, 2, 3), same = glass(8, 2, 3);
        isd_quench_options options = with(isd_quench_method(k));
        isd_quench_result result, alone;
        struct watched seen = {.size = 3 * (size_t)s.n * sizeof(double)};
        seen.start = malloc(seen.size);
        seen.at = malloc(seen.size);
        assert_true(seen.start && seen.at);
        assert_int_equal(isd_quench(p, &same.box, same.type, same.n, &options, NULL, same.r, &alone, NULL), ISD_OK);
        options.watch = watch;
        options.watch_arg = &seen;
        double *before = malloc(seen.size);
        memcpy(before, s.r, seen.size);
        assert_int_equal(isd_quench(p, &s.box, s.type, s.n, &options, NULL, s.r, &result, NULL), ISD_OK);
        assert_true(result.iterations > 1 && seen.last == result.iterations && seen.calls == result.iterations + 1);
        assert_memory_equal(seen.start, before, seen.size);
        assert_memory_equal(seen.at, s.r, seen.size);
        assert_memory_equal(same.r, s.r, seen.size);
        assert_true(seen.first_energy == result.energy_start && fabs(seen.energy - result.energy) < 1e-10 && seen.fmax <= options.ftol);
        free(before);
        free(seen.start);
        free(seen.at);
        done(&s);
        done(&same);
    }
    isd_potential_unref(p);
}

static void glasses(void **state)
{
    (void)state;
    isd_potential *p = potential(true);
    for (int k = 0; isd_quench_method(k); k++) {
        for (int dim = 2; dim <= 3; dim++) {
            const bool slow = k >= 2;
            const int side = dim == 3 ? (slow ? 5 : 7) : (slow ? 12 : 18);
            for (uint64_t seed = 1; seed <= (slow ? 1 : 4); seed++) {
                struct sample s = glass(side, dim, seed);
                const isd_quench_options options = with(isd_quench_method(k));
                isd_quench_result result;
                double before[3] = {0}, after[3] = {0};
                double *start = malloc(3 * (size_t)s.n * sizeof *start),
                       *force = malloc(3 * (size_t)s.n * sizeof *force);
                memcpy(start, s.r, 3 * (size_t)s.n * sizeof *start);
                assert_int_equal(isd_quench(p, &s.box, s.type, s.n, &options, NULL, s.r, &result, NULL),
                                 ISD_OK);
                if (!result.converged) {
                    print_error("%s, %dD, seed %d: stopped by %s at %g after %ld evaluations\n", options.method, dim,
                                (int)seed, isd_stop_text(result.stop), result.fmax, result.evaluations);
                }
                assert_true(result.converged && result.stop == ISD_STOP_FORCE);
                assert_true(result.energy < result.energy_start);
                /* refused steps are rare: many mean that rounding of the energy is taken for uphill; the approach takes
                 * at most 250 in few iterations */
                if (strcmp(options.method, "lbfgs") == 0) {
                    assert_true(result.evaluations < 300 + result.iterations + result.iterations / 4);
                }
                for (int i = 0; i < 3 * s.n; i++) {
                    before[i % 3] += start[i] / s.n;
                    after[i % 3] += s.r[i] / s.n;
                    assert_true(fabs(s.r[i] - start[i]) < 3); /* nothing was wrapped */
                }
                for (int q = 0; q < 3; q++) {
                    assert_true(fabs(after[q] - before[q]) < 1e-12);
                }
                /* what it says is true of what it returned */
                isd_evaluator *e = NULL;
                isd_energy energy;
                assert_int_equal(isd_evaluator_new(p, &s.box, s.type, s.n, &e, NULL), ISD_OK);
                evaluator_set_isa(e, ISA_PLAIN); /* as the quench judges itself: the same bits */
                assert_int_equal(isd_evaluator_compute(e, s.r, NULL, force, &energy, NULL), ISD_OK);
                double fmax = 0, sum_sq = 0;
                for (int i = 0; i < 3 * s.n; i++) {
                    fmax = fmax < fabs(force[i]) ? fabs(force[i]) : fmax;
                    sum_sq += force[i] * force[i];
                }
                assert_true(fmax == result.fmax && fmax <= 1e-8);
                assert_true(fabs(sqrt(sum_sq) - result.fnorm) <= 1e-12 * result.fnorm);
                assert_true(energy.total == result.energy);
                assert_true(memcmp(energy.virial, result.virial, sizeof energy.virial) == 0);
                isd_evaluator_free(e);
                free(start);
                free(force);
                done(&s);
            }
        }
    }
    isd_potential_unref(p);
}

static void same_bits_again(void **state)
{
    (void)state;
    isd_potential *p = potential(true);
    struct sample a = glass(6, 3, 31), b = glass(6, 3, 31);
    const isd_quench_options options = with("lbfgs");
    isd_quench_result result, again;
    assert_int_equal(isd_quench(p, &a.box, a.type, a.n, &options, NULL, a.r, &result, NULL), ISD_OK);
    assert_int_equal(isd_quench(p, &b.box, b.type, b.n, &options, NULL, b.r, &again, NULL), ISD_OK);
    assert_memory_equal(a.r, b.r, 3 * (size_t)a.n * sizeof *a.r);
    assert_true(result.energy == again.energy && result.evaluations == again.evaluations);
    /* a minimum stays where it is */
    assert_int_equal(isd_quench(p, &a.box, a.type, a.n, &options, NULL, a.r, &again, NULL), ISD_OK);
    assert_memory_equal(a.r, b.r, 3 * (size_t)a.n * sizeof *a.r);
    assert_int_equal(again.iterations, 0);
    done(&a);
    done(&b);
    isd_potential_unref(p);
}

/* A quench is a function of its start: each method gives the same bits again, after a cancelled attempt too, which leaves
 * the start as it was. */
static void interrupted_and_run_again(void **state)
{
    (void)state;
    isd_potential *p = potential(true);
    for (int k = 0; isd_quench_method(k); k++) {
        struct sample a = glass(5, 3, 32), b = glass(5, 3, 32);
        const isd_quench_options options = with(isd_quench_method(k));
        isd_quench_result result, again;
        isd_control *control = isd_control_new();
        isd_control_cancel(control);
        assert_int_equal(isd_quench(p, &a.box, a.type, a.n, &options, NULL, a.r, &result, NULL), ISD_OK);
        assert_int_equal(isd_quench(p, &b.box, b.type, b.n, &options, control, b.r, &again, NULL), ISD_CANCELLED);
        assert_int_equal(isd_quench(p, &b.box, b.type, b.n, &options, NULL, b.r, &again, NULL), ISD_OK);
        assert_memory_equal(a.r, b.r, 3 * (size_t)a.n * sizeof *a.r);
        assert_true(result.energy == again.energy && result.evaluations == again.evaluations);
        isd_control_free(control);
        done(&a);
        done(&b);
    }
    isd_potential_unref(p);
}

/* A control that cancels itself after so many evaluations: it counts the loops over chunks, of which there are many in
 * each; where it watches a checkpoint, from when there is one. */
struct fuse {
    isd_control *control;
    const isd_checkpoint *watched;
    long left;
};

static void burn(void *pool, int32_t chunks, isd_chunk_fn *work, void *arg)
{
    struct fuse *fuse = pool;
    for (int32_t k = chunks; k-- > 0;) { /* any order gives the same bits */
        work(arg, k);
    }
    if ((!fuse->watched || fuse->watched->size > 0) && --fuse->left == 0) {
        isd_control_cancel(fuse->control);
    }
}

static void light(struct fuse *fuse, long left, const isd_checkpoint *watched)
{
    *fuse = (struct fuse){.control = isd_control_new(), .watched = watched, .left = left};
    assert_non_null(fuse->control);
    isd_control_set_pool(fuse->control, burn, fuse);
}

/* Interrupted again and again, each time somewhere else, before there is a checkpoint and after, and gone on with from
 * there: the bits and the counts of the quench that was left alone. */
static void goes_on_after_interruptions(void **state)
{
    (void)state;
    enum { BEFORE = 1, AFTER = 4 };
    isd_potential *p = potential(true);
    struct rng rng;
    rng_init(&rng, 7);
    for (int k = 0; isd_quench_method(k); k++) {
        struct sample a = glass(101, 2, 33), b = glass(101, 2, 33); /* large enough for several chunks */
        isd_quench_options options = with(isd_quench_method(k));
        options.ftol = strcmp(options.method, "lbfgs") == 0 ? 1e-6 : 1e-3;
        options.max_iterations = 205; /* rests come every 196 of so many atoms */
        isd_quench_result whole, parts;
        isd_checkpoint checkpoint = {0};
        struct fuse fuse;
        light(&fuse, 0, NULL);
        assert_int_equal(isd_quench(p, &a.box, a.type, a.n, &options, fuse.control, a.r, &whole, NULL), ISD_OK);
        isd_control_free(fuse.control);
        assert_true(whole.iterations > 196);
        const long loops = -fuse.left;
        for (int cut = 0; cut < BEFORE + AFTER; cut++) {
            const bool early = cut < BEFORE;
            light(&fuse, 1 + (long)(rng_double(&rng) * (early ? 0.1 * (double)loops : 60)), early ? NULL : &checkpoint);
            assert_int_equal(isd_quench_resume(p, &b.box, b.type, b.n, &options, fuse.control, b.r, &checkpoint, &parts, NULL),
                             ISD_CANCELLED);
            assert_true((checkpoint.size == 0) == early);
            isd_control_free(fuse.control);
        }
        assert_int_equal(isd_quench_resume(p, &b.box, b.type, b.n, &options, NULL, b.r, &checkpoint, &parts, NULL), ISD_OK);
        assert_true(checkpoint.size == 0 && checkpoint.bytes == NULL);
        assert_memory_equal(a.r, b.r, 3 * (size_t)a.n * sizeof *a.r);
        assert_true(whole.energy == parts.energy && whole.evaluations == parts.evaluations &&
                    whole.iterations == parts.iterations && whole.fmax == parts.fmax &&
                    whole.energy_start == parts.energy_start && whole.stop == parts.stop);
        done(&a);
        done(&b);
    }
    isd_potential_unref(p);
}

/* Bytes of another quench, cut or changed ones are refused, and nothing is touched. */
static void strange_checkpoints(void **state)
{
    (void)state;
    isd_potential *p = potential(true);
    struct sample s = glass(22, 3, 33);
    isd_quench_options options = with("cg");
    isd_quench_result result = {.iterations = 42};
    isd_checkpoint checkpoint = {0};
    struct fuse fuse;
    light(&fuse, 1, &checkpoint);
    assert_int_equal(isd_quench_resume(p, &s.box, s.type, s.n, &options, fuse.control, s.r, &checkpoint, &result, NULL), ISD_CANCELLED);
    isd_control_free(fuse.control);
    isd_error err = {0};
    const double kept = s.r[5];
    const size_t size = checkpoint.size;
    for (size_t k = 0; k < 40; k++) {
        checkpoint.size = size * k / 40;
        if (k > 0) {
            assert_int_equal(isd_quench_resume(p, &s.box, s.type, s.n, &options, NULL, s.r, &checkpoint, &result, &err), ISD_DATA);
        }
        checkpoint.size = size;
        checkpoint.bytes[size * k / 40] ^= 16;
        assert_int_equal(isd_quench_resume(p, &s.box, s.type, s.n, &options, NULL, s.r, &checkpoint, &result, &err), ISD_DATA);
        checkpoint.bytes[size * k / 40] ^= 16;
    }
    options.method = "lbfgs";
    assert_int_equal(isd_quench_resume(p, &s.box, s.type, s.n, &options, NULL, s.r, &checkpoint, &result, &err), ISD_DATA);
    options.method = "cg";
    isd_lj_pair others[4];
    isd_potential *other = NULL;
    memcpy(others, kob_andersen, sizeof others);
    others[3].epsilon = 0.501;
    assert_int_equal(isd_potential_lj(others, 2, true, &other, NULL), ISD_OK);
    assert_string_equal(isd_potential_name(other), isd_potential_name(p));
    assert_int_equal(isd_quench_resume(other, &s.box, s.type, s.n, &options, NULL, s.r, &checkpoint, &result, &err), ISD_DATA);
    isd_potential_unref(other);
    s.r[5] += 1e-9;
    assert_int_equal(isd_quench_resume(p, &s.box, s.type, s.n, &options, NULL, s.r, &checkpoint, &result, &err), ISD_DATA);
    assert_true(result.iterations == 42 && fabs(s.r[5] - kept) < 1e-8);
    isd_checkpoint_done(&checkpoint);
    done(&s);
    isd_potential_unref(p);
}

/* Methods that descend do so at every iteration, and none moves an atom further than a tenth of its size in one. */
static void each_iteration(void **state)
{
    (void)state;
    isd_potential *p = potential(true);
    for (int k = 0; isd_quench_method(k); k++) {
        struct sample s = glass(5, 3, 4);
        isd_quench_options options = with(isd_quench_method(k));
        const bool descends = strcmp(options.method, "fire") != 0 && strcmp(options.method, "quickmin") != 0;
        double *before = malloc(3 * (size_t)s.n * sizeof *before);
        double energy = INFINITY, longest = 0;
        for (long m = 0; m < 60; m++) {
            struct sample t = glass(5, 3, 4);
            isd_quench_result result;
            options.max_iterations = m;
            assert_int_equal(isd_quench(p, &t.box, t.type, t.n, &options, NULL, t.r, &result, NULL), ISD_OK);
            assert_true(result.energy <= energy + 1e-12 * fabs(energy) || !descends || m == 0);
            for (int i = 0; i < t.n && m > 0; i++) {
                const double *a = before + 3 * i, *b = t.r + 3 * i;
                longest = fmax(longest, sqrt(pow(b[0] - a[0], 2) + pow(b[1] - a[1], 2) + pow(b[2] - a[2], 2)));
            }
            energy = result.energy;
            memcpy(before, t.r, 3 * (size_t)t.n * sizeof *before);
            done(&t);
        }
        assert_true(longest > 0 && longest <= 0.1 * 1.05);
        free(before);
        done(&s);
    }
    isd_potential_unref(p);
}

/* sd is where the others are measured from: the path of the differential equation itself, followed with tiny steps, must end
 * in the same minimum. */
static void sd_follows_the_flow(void **state)
{
    (void)state;
    isd_potential *p = potential(true);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct sample a = glass(4, 3, seed), b = glass(4, 3, seed);
        const isd_quench_options options = with("sd"), polish = with("cg");
        isd_quench_result result;
        isd_evaluator *e = NULL;
        double *f = malloc(3 * (size_t)b.n * sizeof *f), fmax = INFINITY;
        isd_energy energy;
        assert_int_equal(isd_quench(p, &a.box, a.type, a.n, &options, NULL, a.r, &result, NULL), ISD_OK);
        assert_int_equal(isd_evaluator_new(p, &b.box, b.type, b.n, &e, NULL), ISD_OK);
        for (long step = 0; step < 200000 && fmax > 1e-3; step++) {
            fmax = 0;
            assert_int_equal(isd_evaluator_compute(e, b.r, NULL, f, &energy, NULL), ISD_OK);
            for (int i = 0; i < 3 * b.n; i++) {
                fmax = fmax < fabs(f[i]) ? fabs(f[i]) : fmax;
            }
            for (int i = 0; i < 3 * b.n; i++) {
                b.r[i] += (fmax > 5 ? 1e-3 / fmax : 2e-4) * f[i];
            }
        }
        assert_true(fmax <= 1e-3);
        assert_int_equal(isd_quench(p, &b.box, b.type, b.n, &polish, NULL, b.r, &result, NULL), ISD_OK);
        double sum = 0;
        for (int i = 0; i < 3 * a.n; i++) {
            sum += (a.r[i] - b.r[i]) * (a.r[i] - b.r[i]);
        }
        assert_true(sqrt(sum / a.n) < 1e-3);
        isd_evaluator_free(e);
        free(f);
        done(&a);
        done(&b);
    }
    isd_potential_unref(p);
}

static void jumps_are_never_convergence(void **state)
{
    (void)state;
    isd_potential *p = potential(false);
    for (int k = 0; isd_quench_method(k); k++) {
        struct sample s = glass(5, 3, 5);
        const isd_quench_options options = with(isd_quench_method(k));
        isd_quench_result result;
        assert_int_equal(isd_quench(p, &s.box, s.type, s.n, &options, NULL, s.r, &result, NULL), ISD_OK);
        assert_false(result.converged);
        assert_true(result.stop == ISD_STOP_STALLED || result.stop == ISD_STOP_FORCE);
        assert_true(result.energy < result.energy_start - 0.2 * s.n);
        done(&s);
    }
    isd_potential_unref(p);
}

static void stops(void **state)
{
    (void)state;
    isd_potential *p = potential(true);
    struct sample s = glass(6, 3, 8);
    isd_quench_result result;
    isd_quench_options options = with("lbfgs");
    options.max_iterations = 3;
    assert_int_equal(isd_quench(p, &s.box, s.type, s.n, &options, NULL, s.r, &result, NULL), ISD_OK);
    assert_true(!result.converged && result.stop == ISD_STOP_MAXITER && result.iterations == 3);
    options.max_iterations = 100000;
    options.etol = 1e-6;
    assert_int_equal(isd_quench(p, &s.box, s.type, s.n, &options, NULL, s.r, &result, NULL), ISD_OK);
    assert_true(!result.converged && result.stop == ISD_STOP_ENERGY);
    options.etol = 0;
    options.ftol = 0; /* below any rounding: must end all the same */
    assert_int_equal(isd_quench(p, &s.box, s.type, s.n, &options, NULL, s.r, &result, NULL), ISD_OK);
    assert_true(!result.converged && result.stop == ISD_STOP_STALLED && result.fmax < 1e-10);
    assert_string_equal(isd_stop_text(ISD_STOP_STALLED), "stalled");
    done(&s);
    isd_potential_unref(p);
}

static void refused(const char *method, double *r, int32_t n, isd_status expected)
{
    isd_potential *p = potential(true);
    const isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 20, .ly = 20, .lz = 20};
    const int32_t type[3] = {1, 1, 2};
    const double kept = r[0];
    const isd_quench_options options = with(method);
    isd_quench_result result = {.iterations = 42};
    isd_error err = {0};
    assert_int_equal(isd_quench(p, &box, type, n, &options, NULL, r, &result, &err), expected);
    assert_true(err.what[0] != 0 && result.iterations == 42 && r[0] == kept);
    isd_potential_unref(p);
}

static void refusals(void **state)
{
    (void)state;
    double spot[9] = {1, 2, 3, 1, 2, 3, 4, 4, 4}, nowhere[3] = {1, NAN, 1};
    refused("lbfgs", spot, 3, ISD_DATA);
    refused("cg", spot, 3, ISD_DATA);
    refused("lbfgs", nowhere, 1, ISD_DATA);
    spot[0] = 2;
    refused("newton", spot, 3, ISD_USAGE);
    refused(NULL, spot, 3, ISD_USAGE);
}

/* Nearly on one spot: energies of 1e40 and more, from where it must come back without a NaN. */
/* A well, and a push PUSH that ends abruptly at TABLE_END, where the energy is zero. */
#define WELL 0.01
#define SHARPNESS 20.0
#define PUSH 2.8e-5
#define TABLE_END 2.0002
#define STRETCH 1e-4 /* of a bond, from 1, where the outer two leave each other */

static isd_potential *pushing_table(void)
{
    char path[] = "/tmp/isdmin-table-XXXXXX";
    const int file = mkstemp(path), points = 2101;
    const char *elements[1] = {"X"};
    const double step = TABLE_END / (points - 1);
    isd_potential *p = NULL;
    FILE *out = file >= 0 ? fdopen(file, "w") : NULL;
    assert_non_null(out);
    fprintf(out, "one\ntwo\nthree\n1 X\n10 0.1 %d %.17g %.17g\n1 1 1 fcc\n", points, step, TABLE_END);
    for (int k = 0; k < 10 + points; k++) {
        fprintf(out, "0\n");
    }
    for (int k = 0; k < points; k++) {
        const double r = k * step;
        fprintf(out, "%.17g\n", r * (PUSH * (TABLE_END - r) - WELL * exp(-SHARPNESS * (r - 1) * (r - 1)) + 0.1 * exp(-30 * r)));
    }
    assert_int_equal(fclose(out), 0);
    assert_int_equal(isd_potential_eam(path, false, elements, 1, &p, NULL), ISD_OK);
    assert_int_equal(remove(path), 0);
    return p;
}

/* What draws the outer two of three atoms apart when they are at this distance, the third between them. */
static double outward(const isd_potential *p, const isd_box *box, double distance)
{
    const double r[9] = {5 - distance / 2, 5, 5, 5, 5, 5, 5 + distance / 2, 5, 5};
    const int32_t type[3] = {1, 1, 1};
    double f[9];
    isd_evaluator *e = NULL;
    assert_int_equal(isd_evaluator_new(p, box, type, 3, &e, NULL), ISD_OK);
    assert_int_equal(isd_evaluator_compute(e, r, NULL, f, NULL, NULL), ISD_OK);
    isd_evaluator_free(e);
    return 0.5 * (f[6] - f[0]);
}

/* Three atoms in a row: the outer two push each other out of their reach, and the bonds to the one between pull them back. The
 * force has no zero, it jumps over it, and the energy is lowest right there. */
static void pinned_where_the_force_jumps(void **state)
{
    (void)state;
    isd_potential *p = pushing_table();
    const isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 10, .ly = 10, .lz = 10};
    const double inside = outward(p, &box, TABLE_END - 1e-9), outside = outward(p, &box, TABLE_END + 1e-9);
    const double pull = 2 * WELL * SHARPNESS * STRETCH * exp(-SHARPNESS * STRETCH * STRETCH) - PUSH;
    assert_true(fabs(inside - (PUSH - pull)) < 1e-7 && fabs(outside + pull) < 1e-7);
    for (int k = 0; isd_quench_method(k); k++) {
        const isd_quench_options options = with(isd_quench_method(k));
        const int32_t type[3] = {1, 1, 1};
        double r[9] = {4.03, 5, 5, 5.01, 5, 5, 15.98, 5, 5}; /* the last in the next image */
        isd_quench_result result;
        assert_int_equal(isd_quench(p, &box, type, 3, &options, NULL, r, &result, NULL), ISD_OK);
        if (result.stop != ISD_STOP_PINNED) {
            print_error("%s: %s at %g after %ld evaluations\n", options.method, isd_stop_text(result.stop), result.fmax,
                        result.evaluations);
        }
        assert_true(!result.converged && result.stop == ISD_STOP_PINNED && result.fmax_pinned <= 1e-8);
        assert_true(result.fmax > 0.1 * fmin(inside, -outside)); /* of one side */
        const double d = sqrt(pow(r[6] - 10 - r[0], 2) + pow(r[7] - r[1], 2) + pow(r[8] - r[2], 2));
        assert_true(d >= TABLE_END && d < TABLE_END + 3e-6);
        assert_int_equal(result.n_pinned, 1);
        assert_true(result.pinned[0] == 0 && result.pinned[1] == 2 && result.pinned_at == TABLE_END);
        assert_true(fabs(result.pinned_inside - inside) < 5e-7 && fabs(result.pinned_outside - outside) < 5e-7);
        assert_true(result.evaluations < 30000);
    }
    isd_potential_unref(p);
}

static void wild_start(void **state)
{
    (void)state;
    isd_potential *p = potential(true);
    for (int k = 0; isd_quench_method(k); k++) {
        struct sample s = glass(5, 3, 77);
        for (int q = 0; q < 3; q++) {
            s.r[3 * 40 + q] = s.r[3 * 41 + q] + 1e-4;
        }
        const isd_quench_options options = with(isd_quench_method(k));
        isd_quench_result result;
        assert_int_equal(isd_quench(p, &s.box, s.type, s.n, &options, NULL, s.r, &result, NULL), ISD_OK);
        assert_true(result.converged);
        done(&s);
    }
    isd_potential_unref(p);
}

static void nothing_and_one(void **state)
{
    (void)state;
    isd_potential *p = potential(true);
    const isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 20, .ly = 20, .lz = 20};
    const int32_t type[1] = {1};
    double r[3] = {1, 2, 3};
    isd_quench_result result;
    for (int k = 0; isd_quench_method(k); k++) {
        const isd_quench_options options = with(isd_quench_method(k));
        for (int32_t n = 0; n < 2; n++) {
            assert_int_equal(isd_quench(p, &box, type, n, &options, NULL, r, &result, NULL), ISD_OK);
            assert_true(result.converged && result.energy == 0 && r[0] == 1 && r[2] == 3);
        }
    }
    isd_potential_unref(p);
}

static isd_control *alarm_control;
static volatile double rang;

static void ring(int number)
{
    (void)number;
    rang = clock_now();
    isd_control_cancel(alarm_control);
}

/* At 10^5 atoms, cancelled at several moments: in a build, in an evaluation, in between. */
static void cancel_is_prompt(void **state)
{
    (void)state;
    isd_potential *p = potential(true);
    struct sample s = glass(46, 3, 12);
    double *start = malloc(3 * (size_t)s.n * sizeof *start);
    memcpy(start, s.r, 3 * (size_t)s.n * sizeof *start);
    signal(SIGALRM, ring);
    for (int k = 0; k < 10; k++) {
        alarm_control = isd_control_new();
        const isd_quench_options options = with(isd_quench_method(k % 5));
        const struct itimerval timer = {.it_value = {.tv_usec = 20000 + 60000 * k}};
        isd_quench_result result = {.iterations = 42};
        assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
        assert_int_equal(isd_quench(p, &s.box, s.type, s.n, &options, alarm_control, s.r, &result, NULL),
                         ISD_CANCELLED);
        const double late = clock_now() - rang;
        if (late > 0.1) {
            print_error("cancel took %g s\n", late);
        }
        assert_true(late < 0.5); /* the promise is 0.1; a busy machine and sanitizers get some grace */
        assert_int_equal(result.iterations, 42);
        assert_memory_equal(s.r, start, 3 * (size_t)s.n * sizeof *start);
        isd_control_free(alarm_control);
    }
    free(start);
    done(&s);
    isd_potential_unref(p);
}

static void progress_is_told(void **state)
{
    (void)state;
    isd_potential *p = potential(true);
    struct sample s = glass(6, 3, 15);
    isd_control *control = isd_control_new();
    const isd_quench_options options = with("lbfgs");
    isd_quench_result result;
    assert_true(isd_control_fraction(control) == 0);
    assert_int_equal(isd_quench(p, &s.box, s.type, s.n, &options, control, s.r, &result, NULL), ISD_OK);
    assert_true(isd_control_fraction(control) > 0.9);
    isd_control_free(control);
    done(&s);
    isd_potential_unref(p);
}

static void method_names(void **state)
{
    (void)state;
    isd_quench_options options;
    isd_quench_defaults(&options);
    assert_string_equal(options.method, "lbfgs");
    assert_true(options.ftol == 1e-8 && options.etol == 0 && options.max_iterations == 100000);
    static const char *const names[] = {"lbfgs", "cg", "fire", "quickmin", "sd"};
    for (int k = 0; k < 5; k++) {
        assert_string_equal(isd_quench_method(k), names[k]);
    }
    assert_null(isd_quench_method(5));
    assert_null(isd_quench_method(-1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dimer), cmocka_unit_test(is_watched),
        cmocka_unit_test(glasses),
        cmocka_unit_test(same_bits_again),
        cmocka_unit_test(interrupted_and_run_again),
        cmocka_unit_test(goes_on_after_interruptions),
        cmocka_unit_test(strange_checkpoints),
        cmocka_unit_test(each_iteration),
        cmocka_unit_test(sd_follows_the_flow),
        cmocka_unit_test(stops),
        cmocka_unit_test(refusals),
        cmocka_unit_test(jumps_are_never_convergence),
        cmocka_unit_test(pinned_where_the_force_jumps),
        cmocka_unit_test(wild_start),
        cmocka_unit_test(nothing_and_one),
        cmocka_unit_test(cancel_is_prompt),
        cmocka_unit_test(method_names),
        cmocka_unit_test(progress_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
