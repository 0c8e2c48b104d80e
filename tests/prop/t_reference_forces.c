/* Energies, forces and quenches against what LAMMPS computed. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * t_reference_forces ROOT quick|all: `quick` quenches the first frame of each set by lbfgs and cg, `all` every frame by
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

#include "dump_lines.h"
#include "isdmin/quench.h"
#include "pot/evaluator.h"

struct set {
    const char *name, *dump, *forces;
    bool wca;
};

static const struct set sets[] = {
    {"ka3d", "ka3d.dump.gz", "forces_ka3d_f00.dump.gz", false},
    {"ka2d", "ka2d.dump.gz", "forces_ka2d_f00.dump.gz", false},
    {"wca", "wca.dump.gz", "forces_wca_f00.dump.gz", true},
    {"tri", "tri_xy.dump.gz", "forces_tri_xy_f00.dump.gz", false},
    {"tri", "tri_xyz.dump.gz", "forces_tri_xyz_f00.dump.gz", false},
    {"tri", "tri_xy_scaled.dump.gz", NULL, false},
};
#define N_SETS (sizeof sets / sizeof *sets)

static char data[4096];
static bool all_frames;

enum { FAST_METHODS = 2 }; /* lbfgs and cg come first in the list */

static isd_potential *potential(bool wca)
{
    const double c = wca ? pow(2, 1.0 / 6) : 2.5;
    const isd_lj_pair pairs[4] = {
        {1, 1, c, true}, {1.5, 0.8, 0.8 * c, true}, {1.5, 0.8, 0.8 * c, true}, {0.5, 0.88, 0.88 * c, true}};
    isd_potential *p = NULL;
    assert_int_equal(isd_potential_lj(pairs, 2, true, &p, NULL), ISD_OK);
    return p;
}

static struct dump_frame *read_frames(const struct set *set, const char *file, int *ret_n)
{
    char path[5000];
    struct dump_frame *frames = NULL;
    snprintf(path, sizeof path, "%s/%s/%s", data, set->name, file);
    *ret_n = dump_lines_read(path, &frames);
    if (*ret_n < 1) {
        print_error("%s: cannot be read\n", path);
    }
    assert_true(*ret_n >= 1);
    return frames;
}

static char *read_reference(const struct set *set)
{
    char path[5000];
    snprintf(path, sizeof path, "%s/%s/reference.json", data, set->name);
    FILE *f = fopen(path, "r");
    char *text = calloc(1, 1 << 20);
    assert_non_null(f);
    assert_non_null(text);
    text[fread(text, 1, (1 << 20) - 1, f)] = 0;
    fclose(f);
    return text;
}

/* The number of "key" in the object of the JSON text in which `at` points. */
static double number_after(const char *at, const char *key)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\":", key);
    const char *found = strstr(at, quoted), *end = strchr(at, '}');
    assert_true(found && end && found < end);
    return strtod(found + strlen(quoted), NULL);
}

static void check_forces(const struct set *set, const char *reference, enum isa isa)
{
    int n_frames;
    struct dump_frame *frames = read_frames(set, set->forces, &n_frames), *s = &frames[0];
    const char *at = strstr(reference, set->forces);
    isd_potential *p = potential(set->wca);
    isd_evaluator *e = NULL;
    isd_energy energy;
    double *force = malloc(3 * (size_t)s->n * sizeof *force), sum_sq = 0, off = 0;
    assert_non_null(at);
    assert_int_equal(isd_evaluator_new(p, &s->box, s->type, s->n, &e, NULL), ISD_OK);
    evaluator_set_isa(e, isa);
    assert_int_equal(isd_evaluator_compute(e, s->r, NULL, force, &energy, NULL), ISD_OK);
    for (int k = 0; k < 3 * s->n; k++) {
        sum_sq += s->f[k] * s->f[k];
        off = fmax(off, fabs(force[k] - s->f[k]));
    }
    assert_true(off < 1e-10 * sqrt(sum_sq / (3 * s->n)));
    const double per_atom = number_after(at, "pe_per_atom"), pressure = number_after(at, "pressure");
    const double trace = energy.virial[0] + energy.virial[1] + (s->box.dim == 3 ? energy.virial[2] : 0);
    assert_true(fabs(energy.total / s->n - per_atom) < 1e-10 * fabs(per_atom));
    assert_true(fabs(trace / s->box.dim / isd_box_volume(&s->box) - pressure) < 1e-10 * fabs(pressure));
    isd_evaluator_free(e);
    isd_potential_unref(p);
    free(force);
    dump_lines_free(frames, n_frames);
}

static void forces(void **state)
{
    (void)state;
    if (!data[0]) {
        skip();
    }
    for (size_t k = 0; k < N_SETS; k++) {
        char *reference = read_reference(&sets[k]);
        for (int isa = 0; isa < ISA_COUNT && sets[k].forces; isa++) {
            if (isa_supported((enum isa)isa)) {
                check_forces(&sets[k], reference, (enum isa)isa);
            }
        }
        free(reference);
    }
}

/* Depth of LAMMPS' minimum from this frame; 0 where it has none. */
static double reference_energy(const char *reference, const char *dump, int frame, double *ret_depth)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"dump\": \"%s\"", dump);
    for (const char *at = strstr(reference, quoted); at; at = strstr(at + 1, quoted)) {
        if (strstr(at, "pe_per_atom_IS") && number_after(at, "frame_index") == frame &&
            strchr(at, '}') > strstr(at, "pe_per_atom_IS")) {
            const double energy = number_after(at, "pe_per_atom_IS");
            *ret_depth = number_after(at, "pe_per_atom_start") - energy;
            return energy;
        }
    }
    *ret_depth = 0;
    return 0;
}

static void quenches(void **state)
{
    (void)state;
    if (!data[0]) {
        skip();
    }
    for (size_t k = 0; k < N_SETS; k++) {
        int n_frames, compared = 0;
        struct dump_frame *frames = read_frames(&sets[k], sets[k].dump, &n_frames);
        char *reference = read_reference(&sets[k]);
        isd_potential *p = potential(sets[k].wca);
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

int main(int argc, char **argv)
{
    const char *reference = getenv("ISDMIN_REFERENCE");
    char probe[5000];
    if (reference) {
        snprintf(data, sizeof data, "%s/data", reference);
    } else {
        snprintf(data, sizeof data, "%s/../shared/data", argc > 1 ? argv[1] : ".");
    }
    all_frames = argc > 2 && strcmp(argv[2], "all") == 0;
    snprintf(probe, sizeof probe, "%s/ka3d/reference.json", data);
    FILE *f = fopen(probe, "r");
    if (f) {
        fclose(f);
    } else {
        print_message("no reference data in %s: skipped\n", data);
        data[0] = 0;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(forces), cmocka_unit_test(quenches)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
