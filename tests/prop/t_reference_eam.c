/* Embedded atoms: energies and forces of hot liquids against LAMMPS'. SPDX-License-Identifier: GPL-3.0-or-later */
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
#include "pot/evaluator.h"

static const struct {
    const char *dump, *file;
    bool fs;
    const char *element[2];
    double energy; /* per atom, of data/potref/reference.json; NaN: not stated there */
} cases[] = {
    {"potref/alsm2021.dump.gz", "v2_18_Al3Sm_2016.eam.fs", true, {"Al", "Sm"}, -1710.41629268754 / 500},
    {"potref/alsm2015.dump.gz", "Al90Sm10_MendelevM_2014.eam.fs", true, {"Al", "Sm"}, -1927.31209376744 / 500},
    {"potref/alsm_sheng.dump.gz", "AlSm.lammps.eam", false, {"Al", "Sm"}, NAN},
    {"potref/nip.dump.gz", "NiP.lammps.eam", false, {"Ni", "P"}, NAN},
    {"potref/pdsi.dump.gz", "PdSi.lammps.eam", false, {"Pd", "Si"}, NAN},
    {"potref/cuzr.dump.gz", "CuZr_mm.eam.fs", true, {"Cu", "Zr"}, NAN},
    {"alsm/forces_alsm_f00.dump.gz", "v2_18_Al3Sm_2016.eam.fs", true, {"Al", "Sm"}, NAN},
    {"nip/forces_nip_f00.dump.gz", "NiP.lammps.eam", false, {"Ni", "P"}, NAN},
    {"pdsi/forces_pdsi_f00.dump.gz", "PdSi.lammps.eam", false, {"Pd", "Si"}, NAN},
};

static char root[4096];

static void check(const isd_potential *p, const struct dump_frame *s, enum isa isa, double per_atom)
{
    isd_evaluator *e = NULL;
    isd_energy energy;
    double *force = malloc(3 * (size_t)s->n * sizeof *force), sum_sq = 0, off = 0;
    assert_non_null(force);
    assert_int_equal(isd_evaluator_new(p, &s->box, s->type, s->n, &e, NULL), ISD_OK);
    evaluator_set_isa(e, isa);
    assert_int_equal(isd_evaluator_compute(e, s->r, NULL, force, &energy, NULL), ISD_OK);
    for (int k = 0; k < 3 * s->n; k++) {
        sum_sq += s->f[k] * s->f[k];
        off = fmax(off, fabs(force[k] - s->f[k]));
    }
    assert_true(sum_sq > 0 && off < 1e-9 * sqrt(sum_sq / (3 * s->n)));
    assert_true(isnan(per_atom) || fabs(energy.total / s->n - per_atom) < 1e-10 * fabs(per_atom));
    isd_evaluator_free(e);
    free(force);
}

static void forces(void **state)
{
    int seen = 0;
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char dump[5000], file[5000];
        struct dump_frame *frames = NULL;
        isd_potential *p = NULL;
        snprintf(dump, sizeof dump, "%s/data/%s", root, cases[k].dump);
        snprintf(file, sizeof file, "%s/potentials/%s", root, cases[k].file);
        if (access(dump, R_OK) != 0 || access(file, R_OK) != 0) {
            continue;
        }
        const int n = dump_lines_read(dump, &frames);
        assert_true(n >= 1);
        assert_int_equal(isd_potential_eam(file, cases[k].fs, cases[k].element, 2, &p, NULL), ISD_OK);
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            if (isa_supported((enum isa)isa)) {
                check(p, &frames[0], (enum isa)isa, cases[k].energy);
            }
        }
        isd_potential_unref(p);
        dump_lines_free(frames, n);
        seen++;
    }
    if (seen == 0) {
        print_message("no reference data in %s: skipped\n", root);
        skip();
    }
}

int main(int argc, char **argv)
{
    const char *reference = getenv("ISDMIN_REFERENCE");
    if (reference) {
        snprintf(root, sizeof root, "%s", reference);
    } else {
        snprintf(root, sizeof root, "%s/../shared", argc > 1 ? argv[1] : ".");
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(forces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
