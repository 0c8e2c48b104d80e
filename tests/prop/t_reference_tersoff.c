/* Silica: energies, forces, stresses and quenches against what LAMMPS computed.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * t_reference_tersoff ROOT quick|all: `all` quenches every frame, by two methods. */
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

#include "dump_lines.h"
#include "isdmin/quench.h"
#include "pot/evaluator.h"

static const char *const silica[2] = {"Si", "O"};

static char reference[4096]; /* the folder, "" where there is none */
static bool all_frames;

static char *read_text(const char *path)
{
    FILE *f = fopen(path, "r");
    char *text = calloc(1, 1 << 20);
    assert_non_null(f);
    assert_non_null(text);
    text[fread(text, 1, (1 << 20) - 1, f)] = 0;
    fclose(f);
    return text;
}

/* The number of "key" after `at`, within its JSON object. */
static double number_after(const char *at, const char *key)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\":", key);
    const char *found = strstr(at, quoted), *end = strchr(at, '}');
    assert_true(found && end && found < end);
    return strtod(found + strlen(quoted), NULL);
}

static struct dump_frame *read_frame(const char *file)
{
    char path[5000];
    struct dump_frame *frames = NULL;
    snprintf(path, sizeof path, "%s/data/%s", reference, file);
    assert_int_equal(dump_lines_read(path, &frames), 1);
    return frames;
}

static isd_potential *from_file(const char *file)
{
    char path[5000];
    isd_potential *p = NULL;
    isd_error err = {0};
    snprintf(path, sizeof path, "%s/potentials/%s", reference, file);
    if (isd_potential_tersoff_file(path, silica, 2, &p, &err)) {
        print_error("%s: %s\n", err.where, err.what);
    }
    assert_non_null(p);
    return p;
}

static isd_potential *built_in(bool rounded)
{
    isd_potential *p = NULL;
    assert_int_equal(isd_potential_tersoff_sio2(rounded, silica, 2, &p, NULL), ISD_OK);
    return p;
}

/* Largest error of the forces in units of their root mean square. */
static double evaluate(const struct dump_frame *s, const isd_potential *p, enum isa isa,
                       isd_energy *ret_energy)
{
    isd_evaluator *e = NULL;
    double *force = malloc(3 * (size_t)s->n * sizeof *force), sum_sq = 0, off = 0;
    assert_int_equal(isd_evaluator_new(p, &s->box, s->type, s->n, &e, NULL), ISD_OK);
    evaluator_set_isa(e, isa);
    assert_int_equal(isd_evaluator_compute(e, s->r, NULL, force, ret_energy, NULL), ISD_OK);
    for (int k = 0; k < 3 * s->n; k++) {
        sum_sq += s->f[k] * s->f[k];
        off = fmax(off, fabs(force[k] - s->f[k]));
    }
    isd_evaluator_free(e);
    free(force);
    return off / sqrt(sum_sq / (3 * s->n));
}

/* The stresses were printed in bar with LAMMPS' own unit constant of metal units. */
#define BAR 1.6021765e6

static void check_potref(const char *name, const char *dump, isd_potential *p)
{
    static const char *const keys[6] = {"pxx", "pyy", "pzz", "pxy", "pxz", "pyz"};
    char path[5000], quoted[64];
    snprintf(path, sizeof path, "%s/data/potref/reference.json", reference);
    char *text = read_text(path);
    snprintf(quoted, sizeof quoted, "\"name\": \"%s\"", name);
    const char *at = strstr(text, quoted);
    struct dump_frame *s = read_frame(dump);
    assert_non_null(at);
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (!isa_supported((enum isa)isa)) {
            continue;
        }
        isd_energy energy;
        const double off = evaluate(s, p, (enum isa)isa, &energy), theirs = number_after(at, "pe_total_eV");
        const double scale = fabs(number_after(at, "pxx"));
        print_message("%s, %s: energy %.1e, forces %.1e\n", name, isa_name((enum isa)isa),
                      energy.total / theirs - 1, off);
        assert_true(fabs(energy.total - theirs) < 1e-11 * fabs(theirs));
        assert_true(off < 1e-10);
        for (int q = 0; q < 6; q++) {
            const double mine = energy.virial[q] / isd_box_volume(&s->box) * BAR;
            assert_true(fabs(mine - number_after(at, keys[q])) < 1e-9 * scale);
        }
    }
    isd_potential_unref(p);
    dump_lines_free(s, 1);
    free(text);
}

static void hot_liquids(void **state)
{
    (void)state;
    if (!reference[0]) {
        skip();
    }
    check_potref("sio2_2007", "potref/sio2_2007.dump.gz", from_file("2007_SiO.tersoff"));
    check_potref("sio2_2007", "potref/sio2_2007.dump.gz", built_in(false));
    check_potref("sio2_rounded", "potref/sio2_rounded.dump.gz", from_file("SiO.tersoff"));
    check_potref("sio2_rounded", "potref/sio2_rounded.dump.gz", built_in(true));
}

static void supercooled_liquid(void **state)
{
    (void)state;
    if (!reference[0]) {
        skip();
    }
    struct dump_frame *s = read_frame("sio2/forces_sio2.000000_f00.dump.gz");
    isd_potential *p = built_in(false);
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        isd_energy energy;
        if (isa_supported((enum isa)isa)) {
            assert_true(evaluate(s, p, (enum isa)isa, &energy) < 1e-10);
        }
    }
    isd_potential_unref(p);
    dump_lines_free(s, 1);
}

/* Energy per atom of LAMMPS' minimum from this frame, which its fire stopped near 0.01 eV/A; false where it
 * has none. */
static bool reference_minimum(const char *text, const char *dump, double *ret_start, double *ret_energy)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"dump\": \"sio2.%s.dump.gz\"", dump);
    const char *at = strstr(text, quoted), *found = at ? strstr(at, "pe_per_atom_IS") : NULL;
    if (!found || strchr(at, '}') < found) {
        return false;
    }
    *ret_start = number_after(at, "pe_per_atom_start");
    *ret_energy = number_after(at, "pe_per_atom_IS");
    return true;
}

/* Oxygens sit pinned at their cutoff, where LAMMPS stalls near 0.01 eV/A: ours must come down all the way. */
static void quenches(void **state)
{
    (void)state;
    if (!reference[0]) {
        skip();
    }
    static const char *const dumps[] = {"000000", "000010", "000020", "000050", "000100", "000200",
                                        "000500", "001000", "002000", "005000", "010000", "015000"};
    const int n_dumps = sizeof dumps / sizeof *dumps;
    char path[5000];
    int compared = 0;
    snprintf(path, sizeof path, "%s/data/sio2/reference.json", reference);
    char *text = read_text(path);
    isd_potential *p = built_in(false);
    for (int k = 0; k < (all_frames ? 2 * n_dumps : 1); k++) {
        char file[64];
        double start, depth;
        snprintf(file, sizeof file, "sio2/sio2.%s.dump.gz", dumps[k % n_dumps]);
        struct dump_frame *s = read_frame(file);
        isd_quench_options options;
        isd_quench_result result;
        isd_quench_defaults(&options);
        options.method = k < n_dumps ? "lbfgs" : "cg";
        assert_int_equal(isd_quench(p, &s->box, s->type, s->n, &options, NULL, s->r, &result, NULL), ISD_OK);
        print_message("%s %s: %.9f -> %.9f, fmax %.2e, stop %s, %ld evaluations, %.2f s\n", file,
                      options.method, result.energy_start / s->n, result.energy / s->n, result.fmax,
                      isd_stop_text(result.stop), result.evaluations, result.seconds);
        assert_true(result.converged && result.fmax <= 1e-8);
        if (reference_minimum(text, dumps[k % n_dumps], &start, &depth)) {
            assert_true(fabs(result.energy_start / s->n - start) < 1e-11 * fabs(start));
            assert_true(fabs(result.energy / s->n - depth) < 0.02 * (start - depth));
            compared++;
        }
        dump_lines_free(s, 1);
    }
    assert_true(compared > 0);
    isd_potential_unref(p);
    free(text);
}

int main(int argc, char **argv)
{
    const char *given = getenv("ISDMIN_REFERENCE");
    char probe[5000];
    snprintf(reference, sizeof reference, "%s%s",
             given      ? given
             : argc > 1 ? argv[1]
                        : ".",
             given ? "" : "/../shared");
    snprintf(probe, sizeof probe, "%s/data/potref/reference.json", reference);
    if (access(probe, R_OK)) {
        reference[0] = 0;
    }
    all_frames = argc > 2 && strcmp(argv[2], "all") == 0;
    const struct CMUnitTest tests[] = {cmocka_unit_test(hot_liquids), cmocka_unit_test(supercooled_liquid),
                                       cmocka_unit_test(quenches)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
