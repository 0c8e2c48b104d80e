/* Tersoff: the file, the formulas against brute force, invariances. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arrays.h"
#include "base/rng.h"
#include "pot/tersoff.h"
#include "sample.h"

static const char *const silica[2] = {"Si", "O"};

/* Every freedom of the form: both m, lambda3, R and D that depend on all three elements, a pair that attracts
 * one way only. Numbers in the order of the file. */
static const struct made_up {
    const char *elements;
    double p[14];
} made_up[8] = {
    {"X X X", {3, 1.1, 1.3, 4.8381, 2.0417, -.3, .787, .2, 1.4, 250, 2.3, .25, 2.6, 900}},
    {"X X Y", {1, .9, .7, 3.1, 2.5, -.1, 0, 0, 0, 0, 2.1, .3, 0, 0}},
    {"X Y X", {3, 1, -.8, 5.2, 2.2, .2, 0, 0, 0, 0, 2.4, .2, 0, 0}},
    {"X Y Y", {1, 1, .4, 4.1, 1.9, -.5, 1.2, .3, 1.3, 180, 2.2, .25, 2.5, 700}},
    {"Y X X", {3, 1, 0, 2.9, 1.6, -.6, .6, .15, 1.3, 180, 2.2, .25, 2.5, 700}},
    {"Y X Y", {1, 1.2, .5, 3.9, 2.8, -.2, 0, 0, 0, 0, 1.9, .2, 0, 0}},
    {"Y Y X", {3, 1, .9, 4.4, 2.1, 0, 0, 0, 0, 0, 2.3, .15, 0, 0}},
    {"Y Y Y", {3, 1, .6, 5.5, 2.4, -.4, 1, .1, 1.2, 150, 2, .2, 2.7, 800}},
};

static struct sample sample, moved;
static struct answer mine, theirs;

static char *write_text(const char *text)
{
    static char path[64];
    snprintf(path, sizeof path, "/tmp/t_tersoff.XXXXXX");
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    return path;
}

static isd_potential *mixture(void)
{
    char text[4096];
    size_t at = (size_t)snprintf(text, sizeof text, "# made up\n");
    for (int k = 0; k < 8; k++) {
        at += (size_t)snprintf(text + at, sizeof text - at, "%s", made_up[k].elements);
        for (int q = 0; q < 14; q++) {
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%.17g", q == 6 ? "  # and on\n\n" : " ",
                                   made_up[k].p[q]);
        }
        at += (size_t)snprintf(text + at, sizeof text - at, "\r\n");
    }
    const char *elements[2] = {"X", "Y"}, *path = write_text(text);
    isd_potential *p = NULL;
    isd_error err = {0};
    if (isd_potential_tersoff_file(path, elements, 2, &p, &err)) {
        print_error("%s %s\n", err.where, err.what);
    }
    unlink(path);
    assert_non_null(p);
    return p;
}

static isd_potential *glass(void)
{
    isd_potential *p = NULL;
    assert_int_equal(isd_potential_tersoff_sio2(false, silica, 2, &p, NULL), ISD_OK);
    return p;
}

/* Atoms on a jittered lattice. */
static void scatter(struct sample *s, struct rng *rng, int nx, int ny, int nz, double jitter)
{
    const isd_box *b = &s->box;
    s->n = nx * ny * nz;
    for (int32_t i = 0; i < s->n; i++) {
        const int cell[3] = {i % nx, i / nx % ny, i / nx / ny}, count[3] = {nx, ny, nz};
        double u[3];
        for (int q = 0; q < 3; q++) {
            u[q] = (cell[q] + 0.5 + jitter * (rng_double(rng) - 0.5)) / count[q];
        }
        s->r[3 * i] = b->origin[0] + u[0] * b->lx + u[1] * b->xy + u[2] * b->xz;
        s->r[3 * i + 1] = b->origin[1] + u[1] * b->ly + u[2] * b->yz;
        s->r[3 * i + 2] = b->dim == 3 ? b->origin[2] + u[2] * b->lz : 0.25;
        s->type[i] = 1 + (int32_t)rng_below(rng, 2);
    }
}

/* --- the energy once more: every image, no lists, angles by acos --- */

static double cut(const double *p, double r)
{
    const double x = (r - p[10]) / p[11];
    return x < -1 ? 1 : x > 1 ? 0 : 0.5 - 0.5 * sin(acos(-1) / 2 * x);
}

struct image {
    double d[3], r;
    int type;
};

static int images_of(const struct sample *s, int i, struct image *list, int room)
{
    const isd_box *b = &s->box;
    const int most[3] = {b->periodic[0] ? 6 : 0, b->periodic[1] ? 4 : 0,
                         b->periodic[2] && b->dim == 3 ? 3 : 0};
    int n = 0;
    for (int j = 0; j < s->n; j++) {
        for (int code = 0; code < (2 * most[0] + 1) * (2 * most[1] + 1) * (2 * most[2] + 1); code++) {
            const int k = code % (2 * most[0] + 1) - most[0],
                      l = code / (2 * most[0] + 1) % (2 * most[1] + 1) - most[1],
                      m = code / (2 * most[0] + 1) / (2 * most[1] + 1) - most[2];
            struct image x = {.type = s->type[j]};
            x.d[0] = s->r[3 * j] - s->r[3 * i] + k * b->lx + l * b->xy + m * b->xz;
            x.d[1] = s->r[3 * j + 1] - s->r[3 * i + 1] + l * b->ly + m * b->yz;
            x.d[2] = b->dim == 3 ? s->r[3 * j + 2] - s->r[3 * i + 2] + m * b->lz : 0;
            x.r = sqrt(x.d[0] * x.d[0] + x.d[1] * x.d[1] + x.d[2] * x.d[2]);
            if ((i != j || k || l || m) && x.r < 3) {
                assert_true(n < room);
                list[n++] = x;
            }
        }
    }
    return n;
}

static const double *entry(int i, int j, int k)
{
    return made_up[4 * (i - 1) + 2 * (j - 1) + k - 1].p;
}

static double brute_force(const struct sample *s)
{
    static struct image near[2000];
    double energy = 0;
    for (int i = 0; i < s->n; i++) {
        const int n = images_of(s, i, near, 2000), type = s->type[i];
        for (int j = 0; j < n; j++) {
            const double *p = entry(type, near[j].type, near[j].type);
            double zeta = 0;
            for (int k = 0; k < n; k++) {
                const double *q = entry(type, near[j].type, near[k].type);
                if (k == j) {
                    continue;
                }
                const double dot =
                    near[j].d[0] * near[k].d[0] + near[j].d[1] * near[k].d[1] + near[j].d[2] * near[k].d[2];
                const double x = q[5] - cos(acos(fmin(fmax(dot / near[j].r / near[k].r, -1), 1)));
                const double g =
                    q[1] * (1 + q[3] * q[3] / (q[4] * q[4]) - q[3] * q[3] / (q[4] * q[4] + x * x));
                const double exponent = pow(q[2] * (near[j].r - near[k].r), q[0]);
                zeta += cut(q, near[k].r) * g * exp(exponent);
            }
            const double b = pow(1 + pow(p[7] * zeta, p[6]), -0.5 / p[6]);
            energy += 0.5 * cut(p, near[j].r) *
                      (p[13] * exp(-p[12] * near[j].r) - b * p[9] * exp(-p[8] * near[j].r));
        }
    }
    return energy;
}

static const struct {
    isd_box box;
    int nx, ny, nz;
} cells[] = {
    {{3, {true, true, true}, {0}, 2.13, 2.27, 2.31, 0, 0, 0}, 1, 1, 1},
    {{3, {true, true, true}, {0}, 3.4, 3.7, 3.9, 1.1, -1.02, 1.04}, 2, 2, 2},
    {{3, {true, true, true}, {0}, 3.4, 3.7, 3.9, 4.4, -1.7, 1.6}, 2, 2, 2},
    {{3, {true, true, false}, {0}, 3.4, 3.7, 3.9, 1, 0, 0}, 2, 2, 2},
    {{3, {false, false, false}, {0}, 3.4, 3.7, 3.9, 0, 0, 0}, 2, 2, 2},
    {{2, {true, true, true}, {0}, 3.4, 3.7, 1, 1.1, 0, 0}, 2, 2, 1},
    {{2, {true, false, true}, {0}, 3.4, 3.7, 1, 0, 0, 0}, 2, 2, 1},
    {{3, {true, true, true}, {0}, 9.1, 8.7, 8.9, 1.3, 0.4, -0.8}, 5, 5, 5},
};

static void set_cell(size_t k, struct rng *rng)
{
    sample.box = cells[k].box;
    scatter(&sample, rng, cells[k].nx, cells[k].ny, cells[k].nz, 0.3);
}

static void energies_of_cells(void **state)
{
    (void)state;
    isd_potential *p = mixture();
    struct rng rng;
    rng_init(&rng, 3);
    for (size_t k = 0; k < sizeof cells / sizeof *cells; k++) {
        set_cell(k, &rng);
        const double reference = brute_force(&sample);
        for (int32_t i = 0; i < sample.n; i++) { /* elsewhere in space */
            sample.r[3 * i] += cells[k].box.periodic[0] ? ((int)rng_below(&rng, 5) - 2) * cells[k].box.lx : 0;
        }
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            if (isa_supported((enum isa)isa)) {
                sample_compute(p, &sample, (enum isa)isa, &mine);
                assert_true(fabs(reference) > 0.5);
                arrays_near(&mine.energy.total, &reference, 1, 1e-12, 1e-3);
            }
        }
    }
    isd_potential_unref(p);
}

/* Richardson's differences of the energy by coordinate k. */
static double difference(const isd_potential *p, int k)
{
    const double h = 1e-4, x = sample.r[k];
    double e[4];
    for (int q = 0; q < 4; q++) {
        sample.r[k] = x + (double[]){h, -h, 2 * h, -2 * h}[q];
        sample_compute(p, &sample, isa_best(), &mine);
        e[q] = mine.energy.total;
    }
    sample.r[k] = x;
    return (8 * (e[0] - e[1]) - (e[2] - e[3])) / (12 * h);
}

static void check_gradient(const isd_potential *p, int stride)
{
    int all = 0, tight = 0;
    sample_compute(p, &sample, isa_best(), &theirs);
    for (int k = 0; k < 3 * sample.n; k += stride) {
        if (sample.box.dim == 2 && k % 3 == 2) {
            assert_true(theirs.f[k] == 0);
            continue;
        }
        const double off = fabs(difference(p, k) + theirs.f[k]);
        all++;
        tight += off < 1e-6 * (1 + fabs(theirs.f[k]));
        assert_true(
            off < 1e-2 * (1 + fabs(theirs.f[k]))); /* a pair at a cutoff, where the third derivative jumps */
    }
    assert_true(tight > 0.9 * all);
}

static void forces_are_gradients(void **state)
{
    (void)state;
    isd_potential *all[2] = {mixture(), glass()};
    struct rng rng;
    rng_init(&rng, 5);
    for (int q = 0; q < 2; q++) {
        for (size_t k = 0; k < sizeof cells / sizeof *cells; k++) {
            set_cell(k, &rng);
            check_gradient(all[q], sample.n > 20 ? 17 : 1);
        }
        isd_potential_unref(all[q]);
    }
}

/* The cell and the atoms in it strained: epsilon along column `b` of row `a`. */
static double strained(const isd_potential *p, int a, int b, double epsilon)
{
    moved = sample;
    isd_box *box = &moved.box;
    double *edges[3][3] = {
        {&box->lx, &box->xy, &box->xz}, {NULL, &box->ly, &box->yz}, {NULL, NULL, &box->lz}};
    for (int q = b; q < 3; q++) { /* rows b of the later edges feed row a */
        *edges[a][q] += epsilon * *edges[b][q];
    }
    for (int i = 0; i < moved.n; i++) {
        moved.r[3 * i + a] += epsilon * (sample.r[3 * i + b]);
    }
    sample_compute(p, &moved, isa_best(), &mine);
    return mine.energy.total;
}

static void virial_is_the_strain_derivative(void **state)
{
    (void)state;
    static const int row[6] = {0, 1, 2, 0, 0, 1}, column[6] = {0, 1, 2, 1, 2, 2};
    isd_potential *p = mixture();
    struct rng rng;
    rng_init(&rng, 8);
    set_cell(1, &rng);
    sample_compute(p, &sample, isa_best(), &theirs);
    for (int q = 0; q < 6; q++) {
        const double h = 1e-4;
        const double near = strained(p, row[q], column[q], h) - strained(p, row[q], column[q], -h);
        const double far = strained(p, row[q], column[q], 2 * h) - strained(p, row[q], column[q], -2 * h);
        assert_true(fabs((8 * near - far) / (12 * h) + theirs.energy.virial[q]) < 1e-6 * arrays_largest(theirs.energy.virial, 6));
    }
    isd_potential_unref(p);
}

static void invariances(void **state)
{
    (void)state;
    isd_potential *all[2] = {mixture(), glass()};
    struct rng rng;
    rng_init(&rng, 9);
    for (int q = 0; q < 2; q++) {
        sample.box = sample_box(8.1, 8.3, 8.6, 0, 0, 0, "fff", 3);
        scatter(&sample, &rng, 5, 5, 5, 0.3);
        sample_compute(all[q], &sample, isa_best(), &theirs);
        double net[3] = {0}, torque = 0;
        for (int i = 0; i < sample.n; i++) {
            for (int c = 0; c < 3; c++) {
                net[c] += theirs.f[3 * i + c];
            }
            torque += sample.r[3 * i] * theirs.f[3 * i + 1] - sample.r[3 * i + 1] * theirs.f[3 * i];
        }
        const double scale = arrays_largest(theirs.f, 3 * sample.n);
        assert_true(arrays_largest(net, 3) < 1e-12 * scale && fabs(torque) < 1e-11 * scale);
        moved = sample;
        for (int i = 0; i < sample.n; i++) { /* (x, y, z) -> (y, z, x), turned by 36.87 degrees, elsewhere */
            const double *r = sample.r + 3 * i;
            moved.r[3 * i] = 0.8 * r[1] - 0.6 * r[2] + 17;
            moved.r[3 * i + 1] = 0.6 * r[1] + 0.8 * r[2] - 40;
            moved.r[3 * i + 2] = r[0] + 3;
        }
        sample_compute(all[q], &moved, isa_best(), &mine);
        arrays_near(&mine.energy.total, &theirs.energy.total, 1, 1e-12, 1e-3);
        for (int i = 0; i < sample.n; i++) {
            const double *f = theirs.f + 3 * i,
                         turned[3] = {0.8 * f[1] - 0.6 * f[2], 0.6 * f[1] + 0.8 * f[2], f[0]};
            for (int c = 0; c < 3; c++) {
                assert_true(fabs(mine.f[3 * i + c] - turned[c]) < 1e-10 * scale);
            }
        }
        isd_potential_unref(all[q]);
    }
}

static void kernels_agree(void **state)
{
    (void)state;
    isd_potential *p = glass();
    struct rng rng;
    rng_init(&rng, 10);
    for (int k = 0; k < 20; k++) {
        const double a = 7 + 0.3 * k; /* from dense, all within reach, to a gas */
        sample.box = sample_box(a, a * 0.98, a * 1.02, 0.3 * a, -0.2 * a, 0.1 * a, k % 3 ? "ppp" : "pfp", 3);
        scatter(&sample, &rng, 5, 5, 5, 0.8);
        sample_compute(p, &sample, ISA_PLAIN, &theirs);
        for (int isa = 1; isa < ISA_COUNT; isa++) {
            if (isa_supported((enum isa)isa)) {
                sample_compute(p, &sample, (enum isa)isa, &mine);
                arrays_near(&mine.energy.total, &theirs.energy.total, 1, 1e-12, 1e-3);
                arrays_near(mine.energy.virial, theirs.energy.virial, 6, 1e-11, 1e-3);
                arrays_near(mine.f, theirs.f, 3 * sample.n, 1e-11, 1e-3);
            }
        }
    }
    isd_potential_unref(p);
}

/* None, one, two and three atoms: by the formulas, and with atoms exactly on a cutoff. */
static void few_atoms(void **state)
{
    (void)state;
    isd_potential *p = glass();
    const double o_o = 1.85 + .15;
    sample = (struct sample){.box = sample_box(30, 30, 30, 0, 0, 0, "ppp", 3), .n = 0, .type = {1, 2, 2}};
    sample.box.origin[0] = sample.box.origin[1] = sample.box.origin[2] = 0;
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (!isa_supported((enum isa)isa)) {
            continue;
        }
        sample.n = 0;
        sample_compute(p, &sample, (enum isa)isa, &mine);
        assert_true(mine.energy.total == 0);
        sample.n = 1;
        mine.f[0] = 7;
        sample_compute(p, &sample, (enum isa)isa, &mine);
        assert_true(mine.energy.total == 0 && mine.f[0] == 0 && mine.f[1] == 0 && mine.f[2] == 0);
        sample.n = 2;
        memcpy(sample.r, (double[]){0, 0, 0, 1.6, 0, 0}, 6 * sizeof(double));
        sample_compute(p, &sample, (enum isa)isa, &mine);
        const double repulsion = 1856.4946916164345 * exp(-3.32549 * 1.6),
                     attraction = 378.6898939266548 * exp(-2.04456 * 1.6);
        const double pull = 3.32549 * repulsion - 2.04456 * attraction;
        assert_true(fabs(mine.energy.total - (repulsion - attraction)) < 1e-12);
        assert_true(fabs(mine.f[3] - pull) < 1e-12 && mine.f[0] == -mine.f[3] && mine.f[1] == 0);
        sample.n = 3;
        for (int k = -1; k < 2; k++) { /* the oxygens at their cutoff and a rounding to both sides */
            const double apart = k < 0 ? nextafter(o_o, 0) : k > 0 ? nextafter(o_o, 9) : o_o;
            memcpy(sample.r, (double[]){0, 0, 0, 1.3, apart / 2, 0, 1.3, -apart / 2, 0}, 9 * sizeof(double));
            sample_compute(p, &sample, (enum isa)isa, &mine);
            if (k > -1) {
                arrays_near(mine.f, theirs.f, 9, 1e-9, 1e-3);
                arrays_near(&mine.energy.total, &theirs.energy.total, 1, 1e-12, 1e-3);
            }
            theirs = mine;
            assert_true(fabs(mine.f[0] + mine.f[3] + mine.f[6]) < 1e-12 &&
                        fabs(mine.f[4] + mine.f[7]) < 1e-12);
        }
    }
    isd_potential_unref(p);
}

/* Ideal beta-cristobalite; energies per atom and pressures by LAMMPS. */
static void cristobalite(void **state)
{
    (void)state;
    static const double energies[2] = {-6.325984653602, -6.325988053634},
                        pressures[2] = {290163.555317, 290163.343519};
    static const double sites[8][3] = {{0, 0, 0},       {0, .5, .5},     {.5, 0, .5},     {.5, .5, 0},
                                       {.25, .25, .25}, {.25, .75, .75}, {.75, .25, .75}, {.75, .75, .25}};
    const double a = 7.16;
    sample = (struct sample){.box = sample_box(a, a, a, 0, 0, 0, "ppp", 3), .n = 24};
    for (int k = 0; k < 8; k++) {
        sample.type[k] = 1;
        for (int q = 0; q < 3; q++) {
            sample.r[3 * k + q] = a * sites[k][q];
        }
    }
    static const double bonds[4][3] = {{1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}};
    for (int k = 0; k < 16; k++) {
        sample.type[8 + k] = 2;
        for (int q = 0; q < 3; q++) {
            sample.r[3 * (8 + k) + q] = a * (sites[k / 4][q] + bonds[k % 4][q] / 8);
        }
    }
    for (int rounded = 0; rounded < 2; rounded++) {
        isd_potential *p = NULL;
        assert_int_equal(isd_potential_tersoff_sio2(rounded, silica, 2, &p, NULL), ISD_OK);
        assert_true((strstr(isd_potential_name(p), "rounded") != NULL) == (rounded == 1));
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            if (isa_supported((enum isa)isa)) {
                sample_compute(p, &sample, (enum isa)isa, &mine);
                assert_true(fabs(mine.energy.total / 24 - energies[rounded]) < 1e-12);
                assert_true(fabs(mine.energy.virial[0] / (a * a * a) * 1.6021765e6 - pressures[rounded]) < 1e-6);
                assert_true(arrays_largest(mine.f, 72) < 1e-10);
            }
        }
        isd_potential_unref(p);
    }
}

/* A walk with many new lists gives what fresh lists give. */
static void lists_stay_right(void **state)
{
    (void)state;
    isd_potential *p = glass();
    isd_evaluator *e = NULL;
    isd_energy energy;
    struct rng rng;
    rng_init(&rng, 21);
    sample.box = sample_box(10.1, 9.3, 9.9, 2.2, -1.4, 0.8, "ppp", 3);
    scatter(&sample, &rng, 6, 6, 6, 0.4);
    assert_int_equal(isd_evaluator_new(p, &sample.box, sample.type, sample.n, &e, NULL), ISD_OK);
    for (int step = 0; step < 80; step++) {
        for (int k = 0; k < 3 * sample.n; k++) {
            sample.r[k] += 0.02 * rng_normal(&rng) * (step % 10 == 0 ? 3 : 0.4);
        }
        sample.r[0] += step == 30 ? 5 * sample.box.lx : 0; /* a jump to another image */
        assert_int_equal(isd_evaluator_compute(e, sample.r, NULL, mine.f, &energy, NULL), ISD_OK);
        sample_compute(p, &sample, isa_best(), &theirs);
        arrays_near(&energy.total, &theirs.energy.total, 1, 1e-11, 1e-3);
        arrays_near(mine.f, theirs.f, 3 * sample.n, 1e-11, 1e-3);
    }
    assert_in_range(isd_evaluator_builds(e), 3, 60);
    isd_evaluator_free(e);
    isd_potential_unref(p);
}

/* The branches meet, and the slope is that of the value. */
static void bond_order(void **state)
{
    (void)state;
    isd_potential *p = glass();
    const struct tersoff_potential *t = (const struct tersoff_potential *)p;
    for (int element = 0; element < 2; element++) {
        const struct tersoff_entry *e = tersoff_entry_of(t, element, element, element);
        double unused, slope;
        assert_true(tersoff_order(e, 0, &slope) == 1 && slope == 0);
        for (int k = 0; k < 4; k++) {
            const double zeta = e->series[k] / e->p.beta;
            const double below = tersoff_order(e, zeta * (1 - 1e-12), &unused),
                         above = tersoff_order(e, zeta * (1 + 1e-12), &unused);
            assert_true(fabs(below - above) < 1e-11 * above);
        }
        for (double zeta = 1e-8; zeta < 1e20; zeta *= 7.3) {
            const double h = 1e-4 * zeta,
                         x = tersoff_order(e, zeta + h, &unused) - tersoff_order(e, zeta - h, &unused);
            tersoff_order(e, zeta, &slope);
            assert_true(fabs(x / (2 * h) - slope) < 1e-6 * fabs(slope) + 1e-15 / h);
        }
    }
    isd_potential_unref(p);
}

/* --- files --- */

#define NUMBERS "3 1 0 100390 16.217 -.59825 .78734 1.1e-6 1.73222 471.18 2.65 .15 2.4799 1830.8"

static isd_status load(const char *text, const char *element, isd_error *err)
{
    isd_potential *p = NULL;
    const char *path = write_text(text);
    const isd_status status = isd_potential_tersoff_file(path, &element, 1, &p, err);
    unlink(path);
    assert_true((p != NULL) == (status == ISD_OK));
    isd_potential_unref(p);
    return status;
}

static void refuse(const char *text, const char *what, const char *where)
{
    isd_error err = {0};
    assert_int_equal(load(text, "Si", &err), ISD_DATA);
    if (!strstr(err.what, what) || !strstr(err.where, where)) {
        print_error("%s %s\n", err.where, err.what);
    }
    assert_non_null(strstr(err.what, what));
    assert_non_null(strstr(err.where, where));
    assert_int_equal(load(text, "Si", NULL), ISD_DATA);
}

static void files(void **state)
{
    (void)state;
    isd_error err = {0};
    assert_int_equal(load("Si Si Si " NUMBERS, "Si", &err), ISD_OK);
    assert_int_equal(load("#\n\nSi\r\nSi Si # Si\n" NUMBERS "\nC C C " NUMBERS, "Si", &err), ISD_OK);
    assert_int_equal(load("C C C " NUMBERS "\nC C C " NUMBERS "\nSi Si Si " NUMBERS, "Si", &err), ISD_OK);
    refuse("", "no entry for Si Si Si", "");
    refuse("C C C " NUMBERS "\n", "no entry for Si Si Si", "t_tersoff");
    refuse("Si Si Si " NUMBERS "\nSi Si Si " NUMBERS "\n", "already", ":2");
    refuse("Si Si Si " NUMBERS " 4\n", "more than 17", ":1");
    refuse("# one\nSi Si Si 3 1\n", "5 words", ":2");
    refuse("Si Si Si 3 1 0 nan 16.217 -.59825 .78734\n1.1e-6 1.73222 471.18 2.65 .15 2.4799 1830.8", "'nan'",
           ":1");
    refuse("Si Si Si 3 1 0 1 16.217 -.59825 .78734\n1.1e-6 1.73222 1e999 2.65 .15 2.4799 1830.8", "1e999",
           ":2");
    refuse("Si Si Si 3 1 0 1 16.217 -.59825 .78734 1.1e-6 1.73222 471.18 2.65x .15 2.4799 1830.8", "2.65x",
           ":1");
    refuse("Si Si Si 2 1 0 1 16.217 -.59825 .78734 1.1e-6 1.73222 471.18 2.65 .15 2.4799 1830.8", "m must be",
           ":1");
    refuse("Si Si Si 3 1 0 -1 16.217 -.59825 .78734 1.1e-6 1.73222 471.18 2.65 .15 2.4799 1830.8", "negative",
           ":1");
    refuse("Si Si Si 3 1 0 1 0 -.59825 .78734 1.1e-6 1.73222 471.18 2.65 .15 2.4799 1830.8", "d must be",
           ":1");
    refuse("Si Si Si 3 1 0 1 16.217 -.59825 .78734 1.1e-6 1.73222 471.18 .65 .95 2.4799 1830.8", "D larger",
           ":1");
    refuse("Si Si Si 3 1 0 1 16.217 -.59825 0 1.1e-6 1.73222 471.18 2.65 .15 2.4799 1830.8", "n must be",
           ":1");
    refuse("Si Si Si 3 1 0 1 16.217 -.59825 .7 1.1e-6 1.73222 471.18 0 0 2.4799 1830.8", "cutoffs are 0", "");
    refuse("Si Si Si\x1b[2J 3 1 0 1 16.217 -.59825 .7 1.1e-6 1.73222 471.18 0 0 2.4799 1830.8", "no entry",
           "");
    char *long_line = calloc(1, 1 << 16);
    assert_non_null(long_line);
    memset(long_line, 'x', (1 << 16) - 1);
    refuse(long_line, "ends within", ":1");
    free(long_line);
}

/* Bytes of a good file changed at random: read or refused, and what is read can be used. */
static void mutations(void **state)
{
    (void)state;
    static const char good[] = "# a title\nSi Si Si " NUMBERS "\n";
    static const char bytes[] = " \n\r\t#.-+eEdD0123456789naifSxO\x1b\x7f\xff";
    struct rng rng;
    int read = 0;
    rng_init(&rng, 12);
    for (int round = 0; round < 1000; round++) {
        char text[sizeof good];
        isd_error err = {0};
        memcpy(text, good, sizeof good);
        for (uint32_t k = rng_below(&rng, 3); k < 3; k++) {
            text[rng_below(&rng, sizeof good - 1)] = bytes[rng_below(&rng, sizeof bytes - 1)];
        }
        const isd_status status = load(text, "Si", &err);
        assert_true(status == ISD_OK || (status == ISD_DATA && err.what[0] && err.where[0]));
        read += status == ISD_OK;
    }
    assert_in_range(read, 50, 950);
}

static void paths(void **state)
{
    (void)state;
    isd_error err = {0};
    isd_potential *p = NULL;
    char folder[] = "/tmp/t_tersoff.XXXXXX", fifo[64];
    assert_int_equal(isd_potential_tersoff_file("/nowhere/SiO.tersoff", silica, 2, &p, &err), ISD_IO);
    assert_non_null(strstr(err.where, "/nowhere/SiO.tersoff"));
    assert_non_null(mkdtemp(folder));
    assert_int_equal(isd_potential_tersoff_file(folder, silica, 2, &p, &err), ISD_DATA);
    snprintf(fifo, sizeof fifo, "%s/fifo", folder);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(isd_potential_tersoff_file(fifo, silica, 2, &p, &err), ISD_DATA);
    unlink(fifo);
    rmdir(folder);
    assert_int_equal(isd_potential_tersoff_file(folder, silica, 0, &p, &err), ISD_USAGE);
    assert_int_equal(isd_potential_tersoff_sio2(false, (const char *const[]){"Si", ""}, 2, &p, &err),
                     ISD_USAGE);
    assert_int_equal(isd_potential_tersoff_sio2(false, (const char *const[]){"Si", "Al"}, 2, &p, &err),
                     ISD_DATA);
    assert_non_null(strstr(err.what, "no entry for Si Si Al"));
    assert_null(p);
    /* one element for two types, the other way round */
    assert_int_equal(isd_potential_tersoff_sio2(true, (const char *const[]){"O", "Si", "O"}, 3, &p, &err),
                     ISD_OK);
    assert_true(isd_potential_types(p) == 3 && fabs(isd_potential_cutoff(p) - 2.8) < 1e-12 &&
                isd_potential_continuous(p));
    isd_potential_unref(p);
}

static void atoms_on_one_spot(void **state)
{
    (void)state;
    isd_potential *p = glass();
    isd_evaluator *e = NULL;
    isd_error err = {0};
    isd_energy energy = {.total = 42};
    struct rng rng;
    rng_init(&rng, 4);
    sample.box = sample_box(10, 10, 10, 0, 0, 0, "ppp", 3);
    scatter(&sample, &rng, 5, 5, 5, 0.3);
    memcpy(sample.r + 3 * 100, sample.r + 3 * 17, 3 * sizeof *sample.r);
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (isa_supported((enum isa)isa)) {
            assert_int_equal(isd_evaluator_new(p, &sample.box, sample.type, sample.n, &e, &err), ISD_OK);
            evaluator_set_isa(e, (enum isa)isa);
            assert_int_equal(isd_evaluator_compute(e, sample.r, NULL, mine.f, &energy, &err), ISD_DATA);
            assert_true(energy.total == 42 && err.n_atoms == 2 && err.atom[0] == 17 && err.atom[1] == 100);
            isd_evaluator_free(e);
        }
    }
    isd_potential_unref(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(energies_of_cells),
                                       cmocka_unit_test(forces_are_gradients),
                                       cmocka_unit_test(virial_is_the_strain_derivative),
                                       cmocka_unit_test(invariances),
                                       cmocka_unit_test(kernels_agree),
                                       cmocka_unit_test(few_atoms),
                                       cmocka_unit_test(cristobalite),
                                       cmocka_unit_test(lists_stay_right),
                                       cmocka_unit_test(bond_order),
                                       cmocka_unit_test(files),
                                       cmocka_unit_test(paths),
                                       cmocka_unit_test(atoms_on_one_spot),
                                       cmocka_unit_test(mutations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
