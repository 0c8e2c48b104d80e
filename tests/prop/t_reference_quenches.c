/* Quenches against what LAMMPS computed. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * t_reference_quenches ROOT quick|all: `quick` quenches the first frame of each set by lbfgs and cg, `all` every frame by
 * these, and the first frame of the small sets by every method. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isdmin/quench.h"
#include "reference.h"

static const struct {
    const char *name, *dump;
    double cutoff;
} sets[] = {
    {"ka3d", "ka3d.dump.gz", 2.5},      {"ka2d", "ka2d.dump.gz", 2.5},      {"wca", "wca.dump.gz", 1.122462048309373},
    {"tri", "tri_xy.dump.gz", 2.5},     {"tri", "tri_xyz.dump.gz", 2.5},    {"tri", "tri_xy_scaled.dump.gz", 2.5},
};
#define N_SETS (sizeof sets / sizeof *sets)

static bool found, all_frames;

enum { FAST_METHODS = 2 }; /* lbfgs and cg come first in the list */

/* Depth of LAMMPS' minimum from this frame; 0 where it has none. */
static double reference_energy(const char *reference, const char *dump, int frame, double *ret_depth)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"dump\": \"%s\"", dump);
    for (const char *at = strstr(reference, quoted); at; at = strstr(at + 1, quoted)) {
        if (strstr(at, "pe_per_atom_IS") && reference_number(at, "frame_index") == frame &&
            strchr(at, '}') > strstr(at, "pe_per_atom_IS")) {
            const double energy = reference_number(at, "pe_per_atom_IS");
            *ret_depth = reference_number(at, "pe_per_atom_start") - energy;
            return energy;
        }
    }
    *ret_depth = 0;
    return 0;
}

static void mixtures(void **state)
{
    (void)state;
    if (!found) {
        skip();
    }
    for (size_t k = 0; k < N_SETS; k++) {
        int n_frames, compared = 0;
        char name[256];
        snprintf(name, sizeof name, "data/%s/%s", sets[k].name, sets[k].dump);
        struct dump_frame *frames = reference_frames(name, &n_frames);
        snprintf(name, sizeof name, "data/%s/reference.json", sets[k].name);
        char *reference = reference_text(name);
        isd_potential *p = reference_mixture(sets[k].cutoff);
        for (int m = 0; isd_quench_method(m); m++) {
            long evaluations = 0;
            double seconds = 0;
            /* The slow methods: one frame of the small sets, and only when time is no matter. */
            const bool slow = m >= FAST_METHODS;
            const int n_quenched = !all_frames || slow ? 1 : n_frames;
            if (slow && (!all_frames || frames[0].n > 2500)) {
                continue;
            }
            for (int i = 0; i < n_quenched; i++) {
                const struct dump_frame *s = &frames[i];
                double depth, *r = malloc(3 * (size_t)s->n * sizeof *r);
                const double theirs = reference_energy(reference, sets[k].dump, i, &depth);
                isd_quench_options options;
                isd_quench_result result;
                isd_quench_defaults(&options);
                options.method = isd_quench_method(m);
                memcpy(r, s->r, 3 * (size_t)s->n * sizeof *r);
                assert_int_equal(isd_quench(p, &s->box, s->type, s->n, &options, NULL, r, &result, NULL),
                                 ISD_OK);
                if (!result.converged) {
                    print_error("%s frame %d, %s: fmax %g, stop %s\n", sets[k].dump, i, options.method,
                                result.fmax, isd_stop_text(result.stop));
                }
                assert_true(result.converged && result.fmax <= 1e-8 && result.stop == ISD_STOP_FORCE);
                if (depth > 0) {
                    assert_true(fabs(result.energy / s->n - theirs) < 0.03 * depth);
                    assert_true(fabs(result.energy_start / s->n - theirs - depth) <
                                1e-9 * fabs(theirs + depth));
                    compared++;
                }
                evaluations += result.evaluations;
                seconds += result.seconds;
                free(r);
            }
            print_message("%s, %s: %ld evaluations, %.2f CPU seconds\n", sets[k].dump, isd_quench_method(m),
                          evaluations, seconds);
        }
        assert_true(compared > 0 || strstr(sets[k].dump, "scaled"));
        isd_potential_unref(p);
        free(reference);
        dump_lines_free(frames, n_frames);
    }
}

/* Energy per atom of LAMMPS' minimum from this frame, which its fire stopped near 0.01 eV/A; false where it
 * has none. */
static bool reference_minimum(const char *text, const char *dump, double *ret_start, double *ret_energy)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"dump\": \"sio2.%s.dump.gz\"", dump);
    const char *at = strstr(text, quoted), *minimum = at ? strstr(at, "pe_per_atom_IS") : NULL;
    if (!minimum || strchr(at, '}') < minimum) {
        return false;
    }
    *ret_start = reference_number(at, "pe_per_atom_start");
    *ret_energy = reference_number(at, "pe_per_atom_IS");
    return true;
}

/* Oxygens sit pinned at their cutoff, where LAMMPS stalls near 0.01 eV/A: ours must come down all the way. */
static void silica(void **state)
{
    (void)state;
    if (!found) {
        skip();
    }
    static const char *const dumps[] = {"000000", "000010", "000020", "000050", "000100", "000200",
                                        "000500", "001000", "002000", "005000", "010000", "015000"};
    const int n_dumps = sizeof dumps / sizeof *dumps;
    int compared = 0, n_frames;
    char *text = reference_text("data/sio2/reference.json");
    isd_potential *p = reference_silica(false);
    for (int k = 0; k < (all_frames ? 2 * n_dumps : 1); k++) {
        char file[64];
        double start, depth;
        snprintf(file, sizeof file, "data/sio2/sio2.%s.dump.gz", dumps[k % n_dumps]);
        struct dump_frame *s = reference_frames(file, &n_frames);
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
        dump_lines_free(s, n_frames);
    }
    assert_true(compared > 0);
    isd_potential_unref(p);
    free(text);
}

int main(int argc, char **argv)
{
    found = reference_find(argc, argv);
    all_frames = argc > 2 && strcmp(argv[2], "all") == 0;
    const struct CMUnitTest tests[] = {cmocka_unit_test(mixtures), cmocka_unit_test(silica)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
