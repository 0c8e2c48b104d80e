/* Embedded atoms: energies and forces against brute force, files as they really are, golden numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rng.h"
#include "sample.h"

#define CUTOFF 5.0
#define N_RHO 4001
#define D_RHO 0.05
#define N_R 111
#define D_R 0.05

/* --- a made-up potential of cubic functions, which the splines give exactly --- */

/* F of kind a and its slope. */
static double embed(int a, double rho, double *ret_slope)
{
    static const double linear[2] = {-1, -3}, square[2] = {0.004, 0.011};
    *ret_slope = linear[a] + 2 * square[a] * rho;
    return (linear[a] + square[a] * rho) * rho + 0.25;
}

/* Density that kind a makes at kind b: fs differs for all four. */
static double density(bool fs, int a, int b, double r, double *ret_slope)
{
    static const double factor[2][2] = {{0.010, 0.013}, {0.021, 0.017}};
    const double c = factor[a][fs ? b : a], x = CUTOFF - r;
    *ret_slope = -3 * c * x * x;
    return c * x * x * x;
}

/* phi and its slope; r phi is a cubic. */
static double pair(int a, int b, double r, double *ret_slope)
{
    static const double factor[3] = {1.1, 1.4, 0.8};
    const double c = factor[a + b], x = CUTOFF - r, z = c * x * x, dz = -2 * c * x;
    *ret_slope = dz / r - z / (r * r);
    return z / r;
}

/* How a file is written down. */
struct style {
    bool fs, crlf, comments, d_exponents, extra;
    int per_line;
};

static void put(FILE *f, const struct style *s, double value, int k, int n)
{
    char text[64];
    snprintf(text, sizeof text, "%.17e", value);
    if (s->d_exponents) {
        *strchr(text, 'e') = k % 2 ? 'D' : 'd';
    }
    const bool end = (k + 1) % s->per_line == 0 || k + 1 == n;
    fprintf(f, " %s%s%s", text, end && k + 1 == n && s->extra ? " 7.25" : "", end ? s->crlf ? "\r\n" : "\n" : "");
}

static void write_file(const char *path, const struct style *s)
{
    const char *end = s->crlf ? "\r\n" : "\n", *note = s->comments ? " # of no use" : "";
    FILE *f = fopen(path, "wb");
    double slope;
    assert_non_null(f);
    for (int k = 0; k < 300; k++) {
        fputc('a' + k % 26, f);
    }
    fprintf(f, "%ssecond # line%s2 third line%s  2 Al Sm %s%s", end, end, end, note, end);
    fprintf(f, "%d %g %d %g %g%s%s", N_RHO, D_RHO, N_R, D_R, CUTOFF, note, end);
    for (int a = 0; a < 2; a++) {
        fprintf(f, "%d %g 4.05 fcc%s%s", a ? 62 : 13, a ? 150.36 : 26.98, note, end);
        for (int k = 0; k < N_RHO; k++) {
            put(f, s, embed(a, k * D_RHO, &slope), k, N_RHO);
        }
        for (int b = 0; b < (s->fs ? 2 : 1); b++) {
            for (int k = 0; k < N_R; k++) {
                put(f, s, density(s->fs, a, b, k * D_R, &slope), k, N_R);
            }
        }
    }
    for (int p = 0; p < 3; p++) {
        for (int k = 0; k < N_R; k++) {
            const double r = k * D_R;
            put(f, s, k ? r * pair(p / 2, (p + 1) / 2, r, &slope) : 0.0, k, N_R);
        }
    }
    fclose(f);
}

static char folder[] = "/tmp/isdmin-eam-XXXXXX", path[256];
static const char *const al_sm[] = {"Al", "Sm"};

static isd_potential *made(const struct style *s)
{
    isd_potential *p = NULL;
    isd_error err = {0};
    write_file(path, s);
    if (isd_potential_eam(path, s->fs, al_sm, 2, &p, &err)) {
        fail_msg("%s: %s", err.where, err.what);
    }
    return p;
}

static const struct style plain_fs = {.fs = true, .per_line = 5}, plain_alloy = {.per_line = 4};

/* --- brute force --- */

typedef void pair_fn(const struct sample *s, bool fs, int i, int j, const double d[3], double r, double *rho,
                     struct answer *a);

static void add_density(const struct sample *s, bool fs, int i, int j, const double d[3], double r, double *rho,
                        struct answer *a)
{
    double slope;
    (void)d;
    (void)a;
    rho[i] += density(fs, s->type[j] - 1, s->type[i] - 1, r, &slope);
}

/* Half of the force and energy of the ordered pair; rho holds F'. */
static void add_force(const struct sample *s, bool fs, int i, int j, const double d[3], double r, double *rho,
                      struct answer *a)
{
    static const int row[6] = {0, 1, 2, 0, 0, 1}, column[6] = {0, 1, 2, 1, 2, 2};
    const int x = s->type[i] - 1, y = s->type[j] - 1;
    double to_i, to_j, phi_slope;
    density(fs, y, x, r, &to_i);
    density(fs, x, y, r, &to_j);
    a->energy.total += 0.5 * pair(x < y ? x : y, x < y ? y : x, r, &phi_slope);
    const double g = -(rho[i] * to_i + rho[j] * to_j + phi_slope) / r;
    for (int q = 0; q < 3; q++) {
        a->f[3 * i + q] += g * d[q];
    }
    for (int q = 0; q < 6; q++) {
        a->energy.virial[q] += 0.5 * g * d[row[q]] * d[column[q]];
    }
}

static void visit(const struct sample *s, bool fs, pair_fn *what, double *rho, struct answer *a)
{
    const isd_box *b = &s->box;
    const int most[3] = {b->periodic[0] ? 6 : 0, b->periodic[1] ? 4 : 0, b->periodic[2] && b->dim == 3 ? 4 : 0};
    for (int i = 0; i < s->n; i++) {
        for (int j = 0; j < s->n; j++) {
            for (int k = -most[0]; k <= most[0]; k++) {
                for (int l = -most[1]; l <= most[1]; l++) {
                    for (int m = -most[2]; m <= most[2]; m++) {
                        const double d[3] = {s->r[3 * i] - s->r[3 * j] - k * b->lx - l * b->xy - m * b->xz,
                                             s->r[3 * i + 1] - s->r[3 * j + 1] - l * b->ly - m * b->yz,
                                             b->dim == 3 ? s->r[3 * i + 2] - s->r[3 * j + 2] - m * b->lz : 0};
                        const double r = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
                        if (r < CUTOFF && (i != j || k || l || m)) {
                            what(s, fs, i, j, d, r, rho, a);
                        }
                    }
                }
            }
        }
    }
}

static void brute_force(const struct sample *s, bool fs, struct answer *a)
{
    double rho[SAMPLE_MOST] = {0};
    memset(a, 0, sizeof *a);
    visit(s, fs, add_density, rho, a);
    for (int i = 0; i < s->n; i++) {
        double slope;
        assert_true(rho[i] == 0 || (rho[i] > 3 * D_RHO && rho[i] < (N_RHO - 4) * D_RHO)); /* where the spline is exact */
        a->energy.total += embed(s->type[i] - 1, rho[i], &slope);
        rho[i] = slope;
    }
    visit(s, fs, add_force, rho, a);
}

static struct answer expected, got;

static void compare(const struct sample *s, double tolerance)
{
    double scale = 1;
    for (int k = 0; k < 3 * s->n; k++) {
        scale = fmax(scale, fabs(expected.f[k]));
    }
    assert_true(fabs(got.energy.total - expected.energy.total) <= tolerance * fmax(1, fabs(expected.energy.total)));
    for (int k = 0; k < 3 * s->n; k++) {
        assert_true(fabs(got.f[k] - expected.f[k]) <= tolerance * scale);
    }
    for (int k = 0; k < 6; k++) {
        assert_true(fabs(got.energy.virial[k] - expected.energy.virial[k]) <= tolerance * scale * s->n * CUTOFF);
    }
}

/* Atoms of both kinds, none closer than `apart`. */
static void scatter(struct sample *s, isd_box box, int n, double apart, uint64_t seed)
{
    struct rng rng;
    rng_init(&rng, seed);
    s->box = box;
    s->n = 0;
    for (int tries = 0; s->n < n; tries++) {
        assert_true(tries < 1000000);
        double u[3], *r = s->r + 3 * s->n;
        for (int q = 0; q < 3; q++) {
            u[q] = rng_double(&rng);
        }
        r[0] = box.origin[0] + u[0] * box.lx + u[1] * box.xy + u[2] * box.xz;
        r[1] = box.origin[1] + u[1] * box.ly + u[2] * box.yz;
        r[2] = box.dim == 3 ? box.origin[2] + u[2] * box.lz : 0;
        bool far = true;
        for (int j = 0; j < s->n; j++) {
            const double x = r[0] - s->r[3 * j], y = r[1] - s->r[3 * j + 1], z = r[2] - s->r[3 * j + 2];
            far = far && x * x + y * y + z * z > apart * apart;
        }
        if (far) {
            s->type[s->n++] = rng_double(&rng) < 0.6 ? 1 : 2;
        }
    }
}

static struct sample sample;

static void against_brute_force(void **state)
{
    const struct {
        isd_box box;
        int n;
    } cases[] = {{sample_box(14, 13, 15, 0, 0, 0, "ppp", 3), 120}, {sample_box(6, 5.5, 7, 2.1, -1.3, 1.9, "ppp", 3), 9},
                 {sample_box(3.1, 4, 4.5, 0.4, 0, -0.7, "ppp", 3), 3}, {sample_box(16, 15, 1, 3, 0, 0, "ppp", 2), 40},
                 {sample_box(30, 31, 29, 0, 0, 0, "ppp", 3), 2000}};
    (void)state;
    for (int fs = 0; fs < 2; fs++) {
        isd_potential *p = made(fs ? &plain_fs : &plain_alloy);
        for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
            if (k == 4 && fs == 0) {
                continue; /* the large one takes its time */
            }
            scatter(&sample, cases[k].box, cases[k].n, 0.6, 17 + k);
            if (k < 4) {
                brute_force(&sample, fs, &expected);
            } else {
                sample_compute(p, &sample, ISA_PLAIN, &expected);
            }
            for (int isa = 0; isa < ISA_COUNT; isa++) {
                if (isa_supported((enum isa)isa)) {
                    sample_compute(p, &sample, (enum isa)isa, &got);
                    compare(&sample, 1e-11);
                }
            }
        }
        isd_potential_unref(p);
    }
}

static void few_atoms(void **state)
{
    isd_potential *p = made(&plain_fs);
    (void)state;
    sample = (struct sample){.box = sample_box(20, 20, 20, 0, 0, 0, "ppp", 3), .n = 1, .type = {2}};
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (!isa_supported((enum isa)isa)) {
            continue;
        }
        sample.n = 1;
        sample_compute(p, &sample, (enum isa)isa, &got);
        assert_true(got.energy.total == 0.25 && got.f[0] == 0 && got.f[1] == 0 && got.f[2] == 0);
        sample.n = 2; /* exactly at the cutoff: not a pair */
        sample.type[1] = 1;
        sample.r[3] = CUTOFF;
        sample_compute(p, &sample, (enum isa)isa, &got);
        assert_true(got.energy.total == 0.5 && got.f[0] == 0 && got.f[3] == 0);
        sample.r[3] = 2.5; /* both directions of the density */
        brute_force(&sample, true, &expected);
        sample_compute(p, &sample, (enum isa)isa, &got);
        compare(&sample, 1e-12);
        sample.n = 0;
        sample_compute(p, &sample, (enum isa)isa, &got);
        assert_true(got.energy.total == 0);
    }
    isd_potential_unref(p);
}

/* Beyond the last density of the table F is a straight line, with the last slope of the table. */
static void beyond_the_table(void **state)
{
    isd_potential *p = made(&plain_fs);
    const double side = 0.5; /* rho of this crystal is some 260, the table ends at 200 */
    double before, after;
    (void)state;
    sample = (struct sample){.box = sample_box(side, side, side, 0, 0, 0, "ppp", 3), .n = 1, .type = {1}};
    sample_compute(p, &sample, ISA_PLAIN, &expected);
    sample_compute(p, &sample, isa_best(), &got);
    compare(&sample, 1e-11);
    double rho = 0, phi = 0, slope;
    for (int k = -10; k <= 10; k++) {
        for (int l = -10; l <= 10; l++) {
            for (int m = -10; m <= 10; m++) {
                const double r = side * sqrt(k * k + l * l + m * m);
                if (r > 0 && r < CUTOFF) {
                    rho += density(true, 0, 0, r, &slope);
                    phi += 0.5 * pair(0, 0, r, &slope);
                }
            }
        }
    }
    const double end = (N_RHO - 1) * D_RHO;
    assert_true(rho > end);
    after = embed(0, end, &slope);
    before = embed(0, end - D_RHO, &slope);
    slope = (after - before) / D_RHO; /* LAMMPS: the last slope is that of the last interval */
    assert_true(fabs(got.energy.total - (after + slope * (rho - end) + phi)) < 1e-9 * fabs(phi));
    isd_potential_unref(p);
}

/* --- files --- */

static void forms_of_files(void **state)
{
    static const struct style styles[] = {
        {.fs = true, .per_line = 1}, {.fs = true, .per_line = 7, .crlf = true}, {.fs = true, .per_line = 5, .comments = true},
        {.fs = true, .per_line = 5, .d_exponents = true}, {.fs = true, .per_line = 5, .extra = true},
        {.fs = true, .per_line = 100000, .crlf = true, .comments = true}};
    isd_potential *p = made(&plain_fs);
    (void)state;
    scatter(&sample, sample_box(9, 8, 10, 0, 0, 0, "ppp", 3), 30, 0.9, 3);
    sample_compute(p, &sample, ISA_PLAIN, &expected);
    assert_string_equal(isd_potential_note(p), "");
    assert_true(isd_potential_mass(p, 2) == 150.36 && isd_potential_cutoff(p) == CUTOFF);
    assert_true(isnan(isd_potential_mass(p, 3)) && isnan(isd_potential_mass(p, 0)));
    isd_potential_unref(p);
    for (size_t k = 0; k < sizeof styles / sizeof *styles; k++) {
        p = made(&styles[k]);
        sample_compute(p, &sample, ISA_PLAIN, &got);
        assert_true(got.energy.total == expected.energy.total);
        assert_true(!strstr(isd_potential_note(p), "Fortran") == !styles[k].d_exponents);
        assert_true(!strstr(isd_potential_note(p), "too many") == !styles[k].extra);
        isd_potential_unref(p);
    }
}

static void refused_file(const char *text, size_t length, bool fs, const char *part)
{
    isd_potential *p = NULL;
    isd_error err = {0};
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fwrite(text, 1, length, f);
    fclose(f);
    const isd_status status = isd_potential_eam(path, fs, al_sm, 2, &p, &err);
    assert_true(status != ISD_OK && !p && err.what[0] && strstr(err.where, path));
    if (part && !strstr(err.what, part)) {
        fail_msg("'%s' does not say '%s'", err.what, part);
    }
    assert_int_equal(isd_potential_eam(path, fs, al_sm, 2, &p, NULL), status);
}

static void bad_files(void **state)
{
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"", "empty"},
        {"a\nb\nc\n", "the number of elements"},
        {"a\nb\nc\n2 Al\n", "2 names"},
        {"a\nb\nc\n2 Al Sm Cu\n", "more than 2 names"},
        {"a\nb\nc\n65 Al\n", "'65'"},
        {"a\nb\nc\n-1 Al\n", "'-1'"},
        {"a\nb\nc\n2 Al Sm\n4 0.1 10 0.1 1\n", "Nrho is '4'"},
        {"a\nb\nc\n2 Al Sm\n1e6 0.1 10 0.1 1\n", "Nrho"},
        {"a\nb\nc\n2 Al Sm\n9999999 0.1 9999999 0.1 1\n13 27\n", "ask for"},
        {"a\nb\nc\n2 Al Sm\n99999999999999999999 0.1 10 0.1 1\n", "Nrho"},
        {"a\nb\nc\n2 Al Sm\n5 0 5 0.1 1\n", "drho is 0"},
        {"a\nb\nc\n2 Al Sm\n5 0.1 5 -0.1 1\n", "dr is -0.1"},
        {"a\nb\nc\n2 Al Sm\n5 0.1 5 0.1 nan\n", "'nan'"},
        {"a\nb\nc\n2 Al Sm\n5 0.1 5 0.1 1\n13 27 4 fcc\n1 2 3 x 5\n# padding so that the size would do, if only the words were numbers", "'x'"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        refused_file(cases[k].text, strlen(cases[k].text), true, cases[k].part);
    }
    refused_file("a\nb\nc\n2 A\0 Sm\n", 14, true, "zero");
}

/* Cut anywhere, the file is refused, and said to be cut short. */
static void cut_files(void **state)
{
    const struct style s = {.fs = true, .per_line = 5};
    char *text = calloc(1, 1 << 20);
    (void)state;
    write_file(path, &s);
    FILE *f = fopen(path, "rb");
    assert_true(f && text);
    const size_t size = fread(text, 1, 1 << 20, f);
    fclose(f);
    for (size_t at = 1; at < size - 30; at += 1 + size / 61) {
        refused_file(text, at, true, NULL);
    }
    refused_file(text, size * 2 / 3, true, "cut short");
    refused_file(text, size, false, NULL); /* an fs file is no alloy file */
    free(text);
}

static void elements(void **state)
{
    const char *const wrong[] = {"Al", "sm"}, *const same[] = {"Sm", "Al", "Sm"};
    isd_potential *p = made(&plain_fs), *other = NULL;
    isd_error err = {0};
    (void)state;
    assert_int_equal(isd_potential_eam(path, true, wrong, 2, &other, &err), ISD_USAGE);
    assert_non_null(strstr(err.what, "'sm'"));
    assert_non_null(strstr(err.what, "Al Sm"));
    assert_int_equal(isd_potential_eam("/nonexistent/x.eam", true, al_sm, 2, &other, &err), ISD_IO);
    assert_int_equal(isd_potential_eam("/tmp", true, al_sm, 2, &other, &err), ISD_IO);
    assert_int_equal(isd_potential_eam(path, true, same, 3, &other, &err), ISD_OK);
    scatter(&sample, sample_box(9, 8, 10, 0, 0, 0, "ppp", 3), 30, 0.9, 3);
    sample_compute(p, &sample, ISA_PLAIN, &expected);
    for (int i = 0; i < sample.n; i++) {
        sample.type[i] = sample.type[i] == 1 ? 2 : 1 + 2 * (i % 2); /* 1 and 3 are both Sm */
    }
    sample_compute(other, &sample, isa_best(), &got);
    compare(&sample, 1e-11);
    isd_potential_unref(p);
    isd_potential_unref(other);
}

/* --- golden numbers (LAMMPS 29 Sep 2021), where the files are --- */

static bool find_file(const char *name, char *out, size_t size)
{
    const char *reference = getenv("ISDMIN_REFERENCE");
    snprintf(out, size, "/usr/share/lammps/potentials/%s", name);
    if (access(out, R_OK) != 0) {
        snprintf(out, size, "%s/potentials/%s", reference ? reference : "", name);
    }
    return access(out, R_OK) == 0;
}

/* `basis` sites of a unit cell of edge a, repeated: B2 (corner, centre) or L1_2 (corner, three faces). */
static void crystal(bool l12, double a, int cells)
{
    static const double b2[2][3] = {{0, 0, 0}, {0.5, 0.5, 0.5}};
    static const double faces[4][3] = {{0, 0, 0}, {0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}};
    sample = (struct sample){.box = sample_box(cells * a, cells * a, cells * a, 0, 0, 0, "ppp", 3)};
    for (int k = 0; k < cells * cells * cells; k++) {
        const int at[3] = {k % cells, k / cells % cells, k / cells / cells};
        for (int b = 0; b < (l12 ? 4 : 2); b++) {
            for (int q = 0; q < 3; q++) {
                sample.r[3 * sample.n + q] = a * (at[q] + (l12 ? faces[b][q] : b2[b][q]));
            }
            /* L1_2: the second element is at the corner; B2: the first */
            sample.type[sample.n++] = l12 ? (b == 0 ? 2 : 1) : 1 + b;
        }
    }
}

static void golden_crystals(void **state)
{
    static const struct {
        const char *file;
        bool fs;
        const char *element[2];
        bool l12;
        double a, energy, bar;
    } cases[] = {
        {"CuZr_mm.eam.fs", true, {"Cu", "Zr"}, false, 3.26, -5.014185416445, -8042.059413},
        {"FeP_mm.eam.fs", true, {"Fe", "P"}, false, 2.80, -2.296073279794, 426970.315862},
        {"AlFe_mm.eam.fs", true, {"Al", "Fe"}, false, 2.91, -3.999575169271, -104568.017985},
        {"NiAlH_jea.eam.fs", true, {"Ni", "Al"}, false, 2.88, -4.423239438704, -31898.402086},
        {"NiAlH_jea.eam.alloy", false, {"Ni", "Al"}, false, 2.88, -4.423239438704, -31898.402086},
        {"AlCu.eam.alloy", false, {"Al", "Cu"}, false, 2.90, -3.526182373207, 183683.060657},
        {"CuNi.eam.alloy", false, {"Cu", "Ni"}, false, 2.85, -3.872788246509, 51807.832316},
        {"v2_18_Al3Sm_2016.eam.fs", true, {"Al", "Sm"}, true, 4.30, -4.037643194145, 114374.996884},
        {"Al90Sm10_MendelevM_2014.eam.fs", true, {"Al", "Sm"}, true, 4.30, -4.438401134482, 67343.863497},
        {"AlSm.lammps.eam", false, {"Al", "Sm"}, true, 4.30, -3.461657496865, 62818.307020},
        {"NiP.lammps.eam", false, {"Ni", "P"}, true, 3.60, -4.564492952232, -155377.579662},
        {"PdSi.lammps.eam", false, {"Pd", "Si"}, true, 3.90, -4.509676015177, -104212.194609},
    };
    int seen = 0;
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char file[512];
        isd_potential *p = NULL;
        isd_error err = {0};
        if (!find_file(cases[k].file, file, sizeof file)) {
            continue;
        }
        if (isd_potential_eam(file, cases[k].fs, cases[k].element, 2, &p, &err)) {
            fail_msg("%s: %s", err.where, err.what);
        }
        crystal(cases[k].l12, cases[k].a, 3);
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            if (!isa_supported((enum isa)isa)) {
                continue;
            }
            sample_compute(p, &sample, (enum isa)isa, &got);
            const double volume = pow(3 * cases[k].a, 3), trace = got.energy.virial[0] + got.energy.virial[1] + got.energy.virial[2];
            const double bar = trace / (3 * volume) * 1.6021765e6;
            if (fabs(got.energy.total / sample.n - cases[k].energy) > 1e-11 || fabs(bar - cases[k].bar) > 2e-6) {
                fail_msg("%s: %.12f eV, %.6f bar, wanted %.12f, %.6f", cases[k].file, got.energy.total / sample.n, bar,
                         cases[k].energy, cases[k].bar);
            }
        }
        isd_potential_unref(p);
        seen++;
    }
    if (seen == 0) {
        skip();
    }
}

static void golden_dimers(void **state)
{
    static const struct {
        const char *file, *element[2];
        double r, energy;
    } cases[] = {{"NiAlH_jea.eam.fs", {"Ni", "Al"}, 2.5, -1.222898563794},
                 {"v2_18_Al3Sm_2016.eam.fs", {"Al", "Sm"}, 3.1, -2.760797323993}};
    int seen = 0;
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        char file[512];
        isd_potential *p = NULL;
        if (find_file(cases[k].file, file, sizeof file)) {
            assert_int_equal(isd_potential_eam(file, true, cases[k].element, 2, &p, NULL), ISD_OK);
            sample = (struct sample){
                .box = sample_box(40, 40, 40, 0, 0, 0, "ppp", 3), .n = 2, .type = {1, 2}, .r = {8, 8, 8, 8 + cases[k].r, 8, 8}};
            sample_compute(p, &sample, isa_best(), &got);
            assert_true(fabs(got.energy.total - cases[k].energy) < 1e-11);
            isd_potential_unref(p);
            seen++;
        }
    }
    if (seen == 0) {
        skip();
    }
}

/* Refused with atoms 17 and 41 named, by every kernel. */
static void refused_atoms(const isd_potential *p)
{
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        isd_evaluator *e = NULL;
        isd_energy energy;
        isd_error err = {0};
        if (!isa_supported((enum isa)isa)) {
            continue;
        }
        assert_int_equal(isd_evaluator_new(p, &sample.box, sample.type, sample.n, &e, NULL), ISD_OK);
        evaluator_set_isa(e, (enum isa)isa);
        assert_int_equal(isd_evaluator_compute(e, sample.r, NULL, got.f, &energy, &err), ISD_DATA);
        assert_true(err.n_atoms == 2 && err.atom[0] == 17 && err.atom[1] == 41);
        assert_int_equal(isd_evaluator_compute(e, sample.r, NULL, got.f, &energy, NULL), ISD_DATA);
        isd_evaluator_free(e);
    }
}

/* The 2021 Al-Sm tables have no repulsion below 0.1 A, nor where many atoms share one place. */
static void no_core(void **state)
{
    char file[512];
    isd_potential *p = NULL;
    (void)state;
    if (!find_file("v2_18_Al3Sm_2016.eam.fs", file, sizeof file)) {
        skip();
    }
    assert_int_equal(isd_potential_eam(file, true, al_sm, 2, &p, NULL), ISD_OK);
    scatter(&sample, sample_box(20, 20, 20, 0, 0, 0, "ppp", 3), 60, 2.2, 8);
    for (int q = 0; q < 3; q++) {
        sample.r[3 * 41 + q] = sample.r[3 * 17 + q] + (q == 0 ? 0.3 : 0);
    }
    sample_compute(p, &sample, isa_best(), &got); /* a pair alone is pushed apart at 0.3 A */
    assert_true(got.energy.total > 100);
    sample.r[3 * 41] = sample.r[3 * 17] + 0.05;
    refused_atoms(p);
    for (int k = 42; k < 52; k++) { /* a heap about 17 and 41: no pair is below the core */
        const double angle = 0.6 * k;
        sample.type[k] = 1;
        sample.r[3 * k] = sample.r[3 * 17] + 1.1 * cos(angle);
        sample.r[3 * k + 1] = sample.r[3 * 17 + 1] + 1.1 * sin(angle);
        sample.r[3 * k + 2] = sample.r[3 * 17 + 2] + 0.1 * (k - 47);
    }
    sample.type[17] = 1;
    sample.r[3 * 41] = sample.r[3 * 17] + 0.5;
    refused_atoms(p);
    isd_potential_unref(p);
}

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder)) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/made.eam", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_brute_force), cmocka_unit_test(few_atoms),
        cmocka_unit_test(beyond_the_table),    cmocka_unit_test(forms_of_files),    cmocka_unit_test(bad_files),
        cmocka_unit_test(cut_files),           cmocka_unit_test(elements),          cmocka_unit_test(golden_crystals),
        cmocka_unit_test(golden_dimers),       cmocka_unit_test(no_core),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
