/* Energies, forces and virials against what LAMMPS computed. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pot/evaluator.h"
#include "reference.h"

/* LAMMPS' pressures of metal units in eV/A^3. */
#define BAR 1.6021765e6

/* Every force_reference and every entry of potref. */
static const struct {
    const char *set, *dump, *style, *file, *element[2];
    double cutoff; /* of the mixtures */
} cases[] = {
    {"ka3d", "forces_ka3d_f00.dump.gz", "lj", NULL, {0}, 2.5},
    {"ka2d", "forces_ka2d_f00.dump.gz", "lj", NULL, {0}, 2.5},
    {"wca", "forces_wca_f00.dump.gz", "lj", NULL, {0}, 1.122462048309373},
    {"tri", "forces_tri_xy_f00.dump.gz", "lj", NULL, {0}, 2.5},
    {"tri", "forces_tri_xyz_f00.dump.gz", "lj", NULL, {0}, 2.5},
    {"alsm", "forces_alsm_f00.dump.gz", "eam/fs", "v2_18_Al3Sm_2016.eam.fs", {"Al", "Sm"}, 0},
    {"nip", "forces_nip_f00.dump.gz", "eam/alloy", "NiP.lammps.eam", {"Ni", "P"}, 0},
    {"pdsi", "forces_pdsi_f00.dump.gz", "eam/alloy", "PdSi.lammps.eam", {"Pd", "Si"}, 0},
    {"sio2", "forces_sio2.000000_f00.dump.gz", "tersoff", "2007_SiO.tersoff", {"Si", "O"}, 0},
    {"sio2", "forces_sio2.000000_f00.dump.gz", "silica", NULL, {0}, 0},
    {"potref", "alsm2021.dump.gz", "eam/fs", "v2_18_Al3Sm_2016.eam.fs", {"Al", "Sm"}, 0},
    {"potref", "alsm2015.dump.gz", "eam/fs", "Al90Sm10_MendelevM_2014.eam.fs", {"Al", "Sm"}, 0},
    {"potref", "alsm_sheng.dump.gz", "eam/alloy", "AlSm.lammps.eam", {"Al", "Sm"}, 0},
    {"potref", "nip.dump.gz", "eam/alloy", "NiP.lammps.eam", {"Ni", "P"}, 0},
    {"potref", "pdsi.dump.gz", "eam/alloy", "PdSi.lammps.eam", {"Pd", "Si"}, 0},
    {"potref", "cuzr.dump.gz", "eam/fs", "CuZr_mm.eam.fs", {"Cu", "Zr"}, 0},
    {"potref", "sio2_2007.dump.gz", "tersoff", "2007_SiO.tersoff", {"Si", "O"}, 0},
    {"potref", "sio2_2007.dump.gz", "silica", NULL, {0}, 0},
    {"potref", "sio2_rounded.dump.gz", "tersoff", "SiO.tersoff", {"Si", "O"}, 0},
    {"potref", "sio2_rounded.dump.gz", "silica, rounded", NULL, {0}, 0},
};

static bool found;

static isd_potential *potential(size_t k)
{
    if (cases[k].file) {
        return reference_potential(cases[k].style, cases[k].file, cases[k].element);
    }
    return strcmp(cases[k].style, "lj") == 0 ? reference_mixture(cases[k].cutoff)
                                             : reference_silica(strstr(cases[k].style, "rounded") != NULL);
}

/* |a - b| in units of `scale`; says what is off. */
static void near_to(const char *what, enum isa isa, double mine, double theirs, double scale, double tolerance)
{
    if (!(fabs(mine - theirs) <= tolerance * fabs(scale))) {
        fail_msg("%s, %s: %.15g, LAMMPS %.15g", what, isa_name(isa), mine, theirs);
    }
}

/* unit: of pressures. */
static void check(const char *name, const char *reference, const isd_potential *p, double unit, const struct dump_frame *s,
                  enum isa isa)
{
    static const char *const keys[6] = {"pxx", "pyy", "pzz", "pxy", "pxz", "pyz"};
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
    assert_true(sum_sq > 0);
    near_to(name, isa, off, 0, sqrt(sum_sq / (3 * s->n)), 1e-10);
    const double volume = isd_box_volume(&s->box), whole = reference_number_if(reference, "pe_total_eV");
    if (isnan(whole)) {
        const double trace = energy.virial[0] + energy.virial[1] + (s->box.dim == 3 ? energy.virial[2] : 0);
        const double per_atom = reference_number(reference, "pe_per_atom"), pressure = reference_number(reference, "pressure");
        near_to(name, isa, energy.total / s->n, per_atom, per_atom, 1e-10);
        near_to(name, isa, trace / s->box.dim / volume * unit, pressure, pressure, 1e-10);
    } else {
        near_to(name, isa, energy.total, whole, whole, 1e-11);
        for (int q = 0; q < 6; q++) {
            near_to(keys[q], isa, energy.virial[q] / volume * unit, reference_number(reference, keys[q]),
                    reference_number(reference, "pxx"), 1e-9);
        }
    }
    isd_evaluator_free(e);
    free(force);
}

/* What each atom has of the energy, as LAMMPS shares it out; and they add up. */
static void check_shares(const char *name, const isd_potential *p, const struct dump_frame *s)
{
    isd_evaluator *e = NULL;
    isd_energy whole;
    double *energy = malloc((size_t)s->n * sizeof *energy), *force = malloc(3 * (size_t)s->n * sizeof *force), sum = 0, off = 0, mean = 0;
    assert_non_null(energy);
    assert_non_null(force);
    assert_int_equal(isd_evaluator_new(p, &s->box, s->type, s->n, &e, NULL), ISD_OK);
    assert_int_equal(isd_evaluator_compute(e, s->r, NULL, force, &whole, NULL), ISD_OK);
    assert_int_equal(isd_evaluator_energies(e, s->r, NULL, energy, NULL), ISD_OK);
    for (int32_t i = 0; i < s->n; i++) {
        assert_true(isfinite(s->energy[i]));
        sum += energy[i];
        mean += fabs(s->energy[i]) / s->n;
        off = fmax(off, fabs(energy[i] - s->energy[i]));
    }
    near_to(name, ISA_PLAIN, off, 0, mean, 1e-10);
    near_to(name, ISA_PLAIN, sum, whole.total, whole.total, 1e-11);
    assert_int_equal(isd_evaluator_compute(e, s->r, NULL, force, &whole, NULL), ISD_OK); /* and goes on as before */
    near_to(name, ISA_PLAIN, sum, whole.total, whole.total, 1e-11);
    isd_evaluator_free(e);
    free(energy);
    free(force);
}

static void forces(void **state)
{
    (void)state;
    if (!found) {
        skip();
    }
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char name[256], quoted[256];
        int n_frames;
        snprintf(name, sizeof name, "data/%s/%s", cases[k].set, cases[k].dump);
        snprintf(quoted, sizeof quoted, "\"file\": \"%s\"", cases[k].dump);
        struct dump_frame *frames = reference_frames(name, &n_frames);
        snprintf(name, sizeof name, "data/%s/reference.json", cases[k].set);
        char *text = reference_text(name);
        const char *at = strstr(text, quoted);
        isd_potential *p = potential(k);
        snprintf(name, sizeof name, "%s, %s", cases[k].dump, cases[k].style);
        assert_non_null(at);
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            if (isa_supported((enum isa)isa)) {
                check(name, at, p, strcmp(cases[k].style, "lj") == 0 ? 1 : BAR, &frames[0], (enum isa)isa);
            }
        }
        check_shares(name, p, &frames[0]);
        isd_potential_unref(p);
        free(text);
        dump_lines_free(frames, n_frames);
    }
}

int main(int argc, char **argv)
{
    found = reference_find(argc, argv);
    const struct CMUnitTest tests[] = {cmocka_unit_test(forces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
