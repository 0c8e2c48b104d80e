/* Built-in systems, LAMMPS' lines and mixing rules. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "app/suggest.h"
#include "app/system.h"

static struct system_settings settings;

/* One LAMMPS line, split at single blanks. */
static isd_status line(const char *text, isd_error *err)
{
    char copy[256];
    const char *words[16];
    int n = 0;

    snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok(copy, " "); word && n < 16; word = strtok(NULL, " "))
        words[n++] = word;
    return system_line(&settings, words[0], words + 1, n - 1, err);
}

static void lines(const char *const *text)
{
    isd_error err = {0};

    system_init(&settings);
    for (; *text; text++)
        if (line(*text, &err))
            fail_msg("%s: %s", *text, err.what);
}

static void refused(const char *text, isd_status expected, const char *part)
{
    static struct system_settings before;
    isd_error err = {0};

    memcpy(&before, &settings, sizeof before);
    isd_status status = line(text, &err);
    if (status != expected)
        fail_msg("%s: status %d (%s)", text, status, err.what);
    if (!strstr(err.what, part))
        fail_msg("%s: '%s' does not say '%s'", text, err.what, part);
    assert_memory_equal(&before, &settings, sizeof settings);
}

static void count_note(void *arg, const char *text)
{
    assert_non_null(strstr(text, "mixed"));
    ++*(int *)arg;
}

static void builtin_parameters(void **state)
{
    static const double epsilon[4] = {1.0, 1.5, 1.5, 0.5}, sigma[4] = {1.0, 0.8, 0.8, 0.88};
    static const char *const names[] = {"ka3d", "ka2d", "wca"};
    static const int dimension[] = {3, 2, 0};
    static const double factor[] = {2.5, 2.5, 1.122462048309373};
    isd_lj_pair pair[4];
    int notes = 0;

    (void)state;
    for (int k = 0; k < 3; k++) {
        system_init(&settings);
        settings.timestep = 0.25;
        assert_int_equal(line("pair_style lj/cut 7", NULL), ISD_OK);
        assert_int_equal(line("boundary p f p", NULL), ISD_OK);
        assert_int_equal(line("mass 5 3", NULL), ISD_OK);
        assert_int_equal(system_builtin(&settings, names[k], NULL), ISD_OK);
        assert_string_equal(settings.name, names[k]);
        assert_string_equal(settings.units, "lj");
        assert_int_equal(settings.dimension, dimension[k]);
        assert_true(settings.shift);
        assert_true(settings.timestep == 0.25); /* a system sets no time step */
        assert_true(settings.boundary_set && !settings.periodic[1]);
        assert_false(settings.has_mass[5]);
        assert_true(settings.mass[1] == 1.0 && settings.mass[2] == 1.0);
        assert_string_equal(settings.label[1], "A");
        assert_string_equal(settings.label[2], "B");
        assert_int_equal(system_pairs(&settings, 2, count_note, &notes, pair, NULL), ISD_OK);
        for (int p = 0; p < 4; p++) {
            assert_true(pair[p].epsilon == epsilon[p] && pair[p].sigma == sigma[p] && pair[p].set);
            assert_true(fabs(pair[p].cutoff - factor[k] * sigma[p]) < 1e-15);
        }
    }
    assert_int_equal(notes, 0);
}

static void builtin_cutoff(void **state)
{
    isd_lj_pair pair[4];

    (void)state;
    system_init(&settings);
    assert_int_equal(system_named_cutoff(&settings, 2.0, NULL), ISD_USAGE);
    assert_int_equal(system_builtin(&settings, "ka3d", NULL), ISD_OK);
    assert_int_equal(system_named_cutoff(&settings, -2.0, NULL), ISD_USAGE);
    assert_int_equal(system_named_cutoff(&settings, 3.0, NULL), ISD_OK);
    assert_int_equal(system_pairs(&settings, 2, NULL, NULL, pair, NULL), ISD_OK);
    assert_true(fabs(pair[1].cutoff - 2.4) < 1e-15 && fabs(pair[3].cutoff - 2.64) < 1e-15);
}

static void builtin_refusals(void **state)
{
    isd_error err = {0};
    isd_lj_pair pair[9];

    (void)state;
    system_init(&settings);
    assert_int_equal(system_builtin(&settings, "ka3", &err), ISD_USAGE);
    assert_non_null(strstr(err.hint, "system ka3d"));
    assert_int_equal(system_pairs(&settings, 2, NULL, NULL, pair, &err), ISD_USAGE);
    assert_int_equal(system_builtin(&settings, "wca", &err), ISD_OK);
    assert_int_equal(system_pairs(&settings, 3, NULL, NULL, pair, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "type 3"));
}

static void pasted_lines(void **state)
{
    static const char *const text[] = {"units metal",
                                       "dimension 2",
                                       "boundary p ff sm",
                                       "timestep 2.5e-3",
                                       "mass 2*3 4.5",
                                       "pair_style lj/cut 3",
                                       "pair_coeff * * 1 1",
                                       "pair_coeff 3* *2 9 9 9",
                                       "pair_coeff 2* *3 2 1.5 4",
                                       "pair_modify mix arithmetic shift yes tail no",
                                       NULL};
    isd_lj_pair pair[16];

    (void)state;
    /* pair_coeff 3* *2 holds no i <= j: LAMMPS calls it wrong, so do we. */
    lines((const char *const[]){"pair_style lj/cut 3", NULL});
    refused("pair_coeff 3* *2 9 9 9", ISD_USAGE, "names no pair");
    refused("pair_coeff 2 1 1 1", ISD_USAGE, "names no pair");

    const char *kept[16];
    int n = 0;
    for (int k = 0; text[k]; k++)
        if (!strstr(text[k], "3* *2"))
            kept[n++] = text[k];
    kept[n] = NULL;
    lines(kept);
    assert_string_equal(settings.units, "metal");
    assert_int_equal(settings.dimension, 2);
    assert_true(settings.periodic[0] && !settings.periodic[1] && !settings.periodic[2]);
    assert_true(settings.timestep == 2.5e-3);
    assert_true(!settings.has_mass[1] && settings.mass[2] == 4.5 && settings.mass[3] == 4.5 &&
                !settings.has_mass[4]);
    assert_true(settings.shift && settings.mix == MIX_ARITHMETIC);
    assert_int_equal(system_pairs(&settings, 4, NULL, NULL, pair, NULL), ISD_OK);
    static const int second[16] = {0, 0, 0, 0, 0, 1, 1, 0,
                                   0, 1, 1, 0, 0, 0, 0, 0}; /* i from 2, j to 3, i <= j */
    for (int k = 0; k < 16; k++) {
        assert_true(pair[k].epsilon == (second[k] ? 2.0 : 1.0));
        assert_true(pair[k].cutoff == (second[k] ? 4.0 : 3.0));
    }
    assert_int_equal(line("pair_style lj/cut 2", NULL), ISD_OK); /* starts anew */
    assert_false(settings.shift || settings.pair[1][1].set);
    assert_int_equal(settings.mix, MIX_GEOMETRIC);
}

/* Numbers written by LAMMPS 29 Sep 2021 (write_coeff, 6 digits) for these four types. */
static void mixing(void **state)
{
    static const struct {
        const char *mix;
        double expected[5][5]; /* i j epsilon sigma cutoff */
    } cases[] = {
        {"pair_modify mix geometric",
         {{1, 2, 0.707107, 0.938083, 2.34521},
          {1, 4, 0, 0.707107, 2.5},
          {2, 3, 0.591608, 1.06958, 2.56905},
          {2, 4, 0, 0.663325, 2.34521},
          {3, 4, 0, 0.806226, 2.73861}}},
        {"pair_modify mix arithmetic",
         {{1, 2, 0.707107, 0.94, 2.35},
          {1, 4, 0, 0.75, 2.5},
          {2, 3, 0.591608, 1.09, 2.6},
          {2, 4, 0, 0.69, 2.35},
          {3, 4, 0, 0.9, 2.75}}},
        {"pair_modify mix sixthpower",
         {{1, 2, 0.658115, 0.949377, 2.37344},
          {1, 4, 0, 0.893204, 2.5},
          {2, 3, 0.334801, 1.17604, 2.73787},
          {2, 4, 0, 0.788327, 2.37344},
          {3, 4, 0, 1.15879, 2.80451}}},
    };
    isd_lj_pair pair[16];

    (void)state;
    for (int c = 0; c < 3; c++) {
        int notes = 0;
        lines((const char *const[]){"pair_style lj/cut/opt 2.5", "pair_coeff 1 1 1.0 1.0",
                                    "pair_coeff 2 2 0.5 0.88 2.2", "pair_coeff 3 3 0.7 1.3 3.0",
                                    "pair_coeff 4 4 0 0.5", "pair_coeff 1 3 1.7 0.9", cases[c].mix, NULL});
        assert_int_equal(system_pairs(&settings, 4, count_note, &notes, pair, NULL), ISD_OK);
        assert_int_equal(notes, 5);
        assert_true(pair[2].epsilon == 1.7 && pair[2].sigma == 0.9 && pair[2].cutoff == 2.5);
        for (int k = 0; k < 5; k++) {
            const double *e = cases[c].expected[k];
            const isd_lj_pair *p = &pair[((int)e[0] - 1) * 4 + (int)e[1] - 1];
            const isd_lj_pair *q = &pair[((int)e[1] - 1) * 4 + (int)e[0] - 1];
            assert_true(p->epsilon == q->epsilon && p->sigma == q->sigma && p->cutoff == q->cutoff);
            assert_true(fabs(p->epsilon - e[2]) <= 1e-6 && fabs(p->sigma - e[3]) <= 1e-5);
            assert_true(fabs(p->cutoff - e[4]) <= 1e-5);
        }
    }
}

static double lj(const isd_lj_pair *pair, double r)
{
    double x = pow(pair->sigma / r, 6);
    return 4 * pair->epsilon * (x * x - x);
}

/* Energy of one atom of type 2 and one of type 3 at distance 1.25, shifted, from LAMMPS 29 Sep 2021 with 16
 * digits: the mixed numbers are LAMMPS' beyond the six digits it prints. */
static void mixing_energy(void **state)
{
    static const struct {
        const char *mix;
        double energy;
    } cases[] = {
        {"pair_modify shift yes mix geometric", -0.5519914383207322},
        {"pair_modify shift yes mix arithmetic", -0.5702091985151506},
        {"pair_modify shift yes mix sixthpower", -0.2762836996410507},
    };
    isd_lj_pair pair[9];

    (void)state;
    for (int c = 0; c < 3; c++) {
        lines((const char *const[]){"pair_style lj/cut 2.5", "pair_coeff 1 1 1.0 1.0",
                                    "pair_coeff 2 2 0.5 0.88 2.2", "pair_coeff 3 3 0.7 1.3 3.0", cases[c].mix,
                                    NULL});
        assert_int_equal(system_pairs(&settings, 3, NULL, NULL, pair, NULL), ISD_OK);
        double energy = lj(&pair[5], 1.25) - lj(&pair[5], pair[5].cutoff);
        assert_true(fabs(energy - cases[c].energy) < 1e-13);
    }
}

static void mixing_refusals(void **state)
{
    isd_lj_pair pair[4];
    isd_error err = {0};
    int notes = 0;

    (void)state;
    lines((const char *const[]){"pair_style lj/cut 2.5", "pair_coeff 2 2 1 1", NULL});
    assert_int_equal(system_pairs(&settings, 2, NULL, NULL, pair, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "type 1"));
    assert_int_equal(line("pair_coeff 1 1 -1 1", NULL), ISD_OK);
    assert_int_equal(system_pairs(&settings, 2, count_note, &notes, pair, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "cannot be mixed"));
    assert_int_equal(notes, 0);
    assert_int_equal(line("pair_coeff 1 2 1 1", NULL), ISD_OK);
    assert_int_equal(system_pairs(&settings, 2, count_note, &notes, pair, &err), ISD_OK);
}

static void line_refusals(void **state)
{
    (void)state;
    system_init(&settings);
    refused("pair_coeff 1 1 1 1", ISD_USAGE, "pair_style");
    refused("pair_modify shift yes", ISD_USAGE, "pair_style");
    refused("units real", ISD_UNSUPPORTED, "real");
    refused("units metric", ISD_USAGE, "metric");
    refused("units", ISD_USAGE, "one word");
    refused("dimension 4", ISD_USAGE, "2 or 3");
    refused("boundary p p", ISD_USAGE, "three");
    refused("boundary p pf p", ISD_USAGE, "'pf'");
    refused("timestep 0", ISD_USAGE, "positive");
    refused("timestep nan", ISD_USAGE, "no number");
    refused("timestep 1e999", ISD_USAGE, "no number");
    refused("mass 65 1", ISD_USAGE, "'65'");
    refused("mass 2*1 1", ISD_USAGE, "'2*1'");
    refused("mass 1*x 1", ISD_USAGE, "'1*x'");
    refused("mass ** 1", ISD_USAGE, "'**'");
    refused("mass 1 -1", ISD_USAGE, "positive");
    refused("pair_style sw", ISD_UNSUPPORTED, "lj/cut");
    refused("pair_style lj/cut/coul/cut 2.5", ISD_UNSUPPORTED, "lj/cut/coul/cut");
    refused("pair_style lj/cut", ISD_USAGE, "cutoff");
    refused("pair_style lj/cut ${rc}", ISD_USAGE, "no number");
    assert_int_equal(line("pair_style lj/cut 2.5", NULL), ISD_OK);
    refused("pair_coeff 1 1 1", ISD_USAGE, "epsilon");
    refused("pair_coeff 1 1 1 0", ISD_USAGE, "sigma");
    refused("pair_coeff 1 1 1 1 2.5x", ISD_USAGE, "2.5x");
    refused("pair_modify shift yes mix harmonic", ISD_USAGE, "harmonic");
    refused("pair_modify shift yes mix", ISD_USAGE, "needs a value");
    refused("pair_modify tail yes", ISD_UNSUPPORTED, "tail");
    refused("pair_modify table 8", ISD_UNSUPPORTED, "table");
    refused("kspace_style ewald", ISD_USAGE, "kspace_style");
}

/* From the settings to the potential itself. */
static void potential(void **state)
{
    isd_potential *potential = NULL;
    isd_error err = {0};

    (void)state;
    system_init(&settings);
    assert_int_equal(system_potential(&settings, 2, NULL, NULL, &potential, &err), ISD_USAGE);
    assert_non_null(strstr(err.hint, "system ka3d"));
    assert_int_equal(system_builtin(&settings, "ka3d", NULL), ISD_OK);
    assert_int_equal(system_potential(&settings, 3, NULL, NULL, &potential, &err), ISD_DATA);
    assert_null(potential);
    assert_int_equal(system_potential(&settings, 2, NULL, NULL, &potential, &err), ISD_OK);
    assert_true(isd_potential_cutoff(potential) == 2.5);
    assert_int_equal(isd_potential_types(potential), 2);
    assert_true(isd_potential_continuous(potential));
    isd_potential_unref(potential);
    assert_int_equal(line("pair_modify shift no", NULL), ISD_OK);
    assert_int_equal(system_potential(&settings, 1, NULL, NULL, &potential, &err), ISD_OK);
    assert_int_equal(isd_potential_types(potential), 1);
    assert_false(isd_potential_continuous(potential));
    isd_potential_unref(potential);
}

/* The forms of Lennard-Jones that end smoothly take the same lines. */
static void smooth_styles(void **state)
{
    isd_potential *made = NULL;

    (void)state;
    lines((const char *const[]){"pair_style lj/smooth/linear 2.5", "pair_coeff 1 1 1.0 1.0", NULL});
    assert_int_equal(system_potential(&settings, 1, NULL, NULL, &made, NULL), ISD_OK);
    assert_string_equal(isd_potential_name(made), "lj/smooth/linear");
    assert_true(isd_potential_cutoff(made) == 2.5 && isd_potential_continuous(made));
    isd_potential_unref(made);
    assert_int_equal(line("pair_style lj/smooth/quadratic 3", NULL), ISD_OK);
    assert_int_equal(system_potential(&settings, 1, NULL, NULL, &made, NULL), ISD_DATA); /* started anew */
    assert_int_equal(line("pair_coeff * * 1 1", NULL), ISD_OK);
    assert_int_equal(system_potential(&settings, 2, NULL, NULL, &made, NULL), ISD_OK);
    assert_string_equal(isd_potential_name(made), "lj/smooth/quadratic");
    isd_potential_unref(made);
    refused("pair_style lj/smooth/linear", ISD_USAGE, "cutoff");
    assert_true(system_has_potential(&settings));
    assert_int_equal(line("pair_style eam/fs", NULL), ISD_OK); /* units metal go with it, and away with it */
    assert_string_equal(settings.units, "metal");
    refused("units lj", ISD_USAGE, "eV");
    refused("pair_style eam/fs 5.0", ISD_USAGE, "nothing more");
    assert_int_equal(line("pair_style lj/cut 3", NULL), ISD_OK);
    assert_string_equal(settings.units, "");
}

static void near_misses(void **state)
{
    char out[16] = "";

    (void)state;
    assert_true(choice_known("resolved|blind", "blind"));
    assert_false(choice_known("resolved|blind", "blin"));
    assert_false(choice_known(NULL, "x"));
    assert_true(choice_suggest("resolved|blind", "blnid", out, sizeof out));
    assert_string_equal(out, "blind");
    assert_true(choice_suggest("resolved|blind", "res", out, sizeof out));
    assert_string_equal(out, "resolved");
    assert_false(choice_suggest("resolved|blind", "zzz", out, sizeof out));
    assert_true(choice_at("a|bc|d", 1, out, sizeof out));
    assert_string_equal(out, "bc");
    assert_false(choice_at("a|bc|d", 3, out, sizeof out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builtin_parameters),
        cmocka_unit_test(builtin_cutoff),
        cmocka_unit_test(builtin_refusals),
        cmocka_unit_test(pasted_lines),
        cmocka_unit_test(mixing),
        cmocka_unit_test(mixing_energy),
        cmocka_unit_test(mixing_refusals),
        cmocka_unit_test(line_refusals),
        cmocka_unit_test(smooth_styles),
        cmocka_unit_test(near_misses),
        cmocka_unit_test(potential),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
