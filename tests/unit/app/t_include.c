/* Whole LAMMPS scripts, their variables, and where files of potentials are found.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <glob.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/lammps_script.h"
#include "app/script_variables.h"

static struct system_settings settings, before;
static char folder[] = "/tmp/isdmin-include-XXXXXX", script[256], told[4096];

static void tell(void *arg, const char *text)
{
    (void)arg;
    snprintf(told + strlen(told), sizeof told - strlen(told), "%s\n", text);
}

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static isd_status include(const char *text, isd_error *err)
{
    write_text(script, text);
    told[0] = '\0';
    return lammps_script_read(&settings, script, tell, NULL, err);
}

static void included(const char *text)
{
    isd_error err = {0};
    system_init(&settings);
    if (include(text, &err))
        fail_msg("%s: %s", err.where, err.what);
}

static void refused(const char *text, const char *part, const char *line)
{
    isd_error err = {0};
    system_init(&settings);
    memcpy(&before, &settings, sizeof before);
    assert_int_not_equal(include(text, &err), ISD_OK);
    if (!strstr(err.what, part))
        fail_msg("'%s' does not say '%s'", err.what, part);
    if (!strstr(err.where, line))
        fail_msg("'%s' does not name line '%s'", err.where, line);
    assert_memory_equal(&before, &settings, sizeof settings);
    assert_int_not_equal(include(text, NULL), ISD_OK);
}

static void formulas(void **state)
{
    static const struct {
        const char *formula;
        double value;
    } cases[] = {
        {"1+2*3", 7}, {"(1+2)*3", 9}, {"2^3^2", 64}, {"-2^2", 4}, {"2*-3", -6}, {"8/2/2", 2}, {"10-4-3", 3},
        {"sqrt(16)+1e2", 104}, {" 2 ^ ( 1 / 2 ) ", 1.4142135623730951}, {"v_c*0.5", 1.75}, {"v_e", 7}, {"--3", 3},
        {"ln(exp(2))", 2}, {"PI", 3.14159265358979323846}, {"abs(-.5)", 0.5}, {"log(1000)", 3}};
    static const char *const wrong[] = {"", "1+", "(1", "1)", "v_x", "foo", "foo(1)", "1/0", "sqrt(-1)", "1 2", "v_", "v_self",
                                        "1e999", "+1", "v_loop", "1=1", "nan", "v_words"};
    struct script_variables *v = NULL;
    double value;

    (void)state;
    assert_int_equal(script_variables_new(&v, NULL), ISD_OK);
    assert_int_equal(script_variables_define(v, (const char *const[]){"c", "index", "3.5", "4"}, 4, NULL), ISD_OK);
    assert_int_equal(script_variables_define(v, (const char *const[]){"c", "index", "9"}, 3, NULL), ISD_OK);
    assert_int_equal(script_variables_define(v, (const char *const[]){"e", "equal", "v_c*2"}, 3, NULL), ISD_OK);
    assert_int_equal(script_variables_define(v, (const char *const[]){"self", "equal", "v_self+1"}, 3, NULL), ISD_OK);
    assert_int_equal(script_variables_define(v, (const char *const[]){"loop", "loop", "5"}, 3, NULL), ISD_OK);
    assert_int_equal(script_variables_define(v, (const char *const[]){"words", "string", "a b"}, 3, NULL), ISD_OK);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        isd_error err = {0};
        if (script_variables_evaluate(v, cases[k].formula, &value, &err))
            fail_msg("%s: %s", cases[k].formula, err.what);
        assert_true(fabs(value - cases[k].value) < 1e-15 * fabs(value));
    }
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        isd_error err = {0};
        if (!script_variables_evaluate(v, wrong[k], &value, &err))
            fail_msg("'%s' was taken", wrong[k]);
        assert_true(err.what[0]);
        assert_int_not_equal(script_variables_evaluate(v, wrong[k], &value, NULL), ISD_OK);
    }
    char deep[400];
    memset(deep, '(', 300);
    strcpy(deep + 300, "1");
    assert_int_not_equal(script_variables_evaluate(v, deep, &value, NULL), ISD_OK);
    script_variables_free(v);
}

/* Variables made of each other twice over would take 2^30 evaluations. */
static void explosive(void **state)
{
    struct script_variables *v = NULL;
    double value;

    (void)state;
    assert_int_equal(script_variables_new(&v, NULL), ISD_OK);
    for (int k = 0; k < 30; k++) {
        char name[8], formula[32];
        snprintf(name, sizeof name, "x%d", k);
        snprintf(formula, sizeof formula, k ? "v_x%d+v_x%d" : "1", k - 1, k - 1);
        assert_int_equal(script_variables_define(v, (const char *const[]){name, "equal", formula}, 3, NULL), ISD_OK);
    }
    assert_int_equal(script_variables_evaluate(v, "v_x10", &value, NULL), ISD_OK);
    assert_true(value == 1024);
    assert_int_equal(script_variables_evaluate(v, "v_x29", &value, NULL), ISD_DATA);
    script_variables_free(v);
}

static void whole_script(void **state)
{
    (void)state;
    included("# comment with pair_style in it\r\n"
             "variable T index 0.45 0.5\n"
             "variable c equal 2^(1/6)\n"
             "variable caa equal v_c*1.0\n"
             "variable s string \"yes\"\n"
             "variable unused equal step*thermo[3]\n"
             "units lj # trailing\n"
             "dimension 2\n"
             "boundary p &\n  p p\n"
             "lattice sq 1.2\n"
             "mass * 2.5\n"
             "pair_style soft 2.0\n"
             "pair_coeff * * 60.0\n"
             "fix 1 all nve\nfix 2 all enforce2d\n"
             "pair_style lj/cut ${caa}\n"
             "pair_coeff 1 1 1.0 1.0 ${caa}\n"
             "pair_coeff 1 2 $(3/2) 0.8 $(v_c*0.8)\n"
             "pair_modify shift ${s}\n"
             "timestep 0.001\n"
             "timestep $(0.01*v_T)\n"
             "run 100\n"
             "label again\n"
             "jump SELF again\n");
    assert_string_equal(settings.units, "lj");
    assert_true(settings.dimension == 2 && settings.boundary_set && settings.shift);
    assert_true(settings.mass[7] == 2.5 && fabs(settings.timestep - 0.0045) < 1e-15);
    assert_true(fabs(settings.pair[1][1].cutoff - pow(2, 1.0 / 6)) < 1e-14);
    assert_true(settings.pair[1][2].epsilon == 1.5 && fabs(settings.pair[1][2].cutoff - 0.8 * pow(2, 1.0 / 6)) < 1e-14);
    assert_non_null(strstr(told, "lattice, pair_style, pair_coeff, fix (2), run, jump"));
    included("units lj\n");
    assert_non_null(strstr(told, "no pair_style"));
    included("units metal"); /* no line end */
    assert_string_equal(settings.units, "metal");
}

static void script_refusals(void **state)
{
    char longest[9000];

    (void)state;
    refused("units lj\n\npair_style lj/cut ${rc}\n", "no variable rc", ":3");
    refused("variable rc file x.txt\npair_style lj/cut ${rc}\n", "style file", ":2");
    refused("variable a equal v_b\nvariable b equal step\npair_style lj/cut ${a}\n", "'step'", ":3");
    refused("pair_style lj/cut 2.5\nkspace_style pppm 1e-4\n", "kspace_style", ":2");
    refused("bond_style harmonic\n", "bond_style", ":1");
    refused("pair_style lj/cut 2.5\nif \"$T > 1\" then \"pair_coeff 1 1 1 1\"\n", "potential", ":2");
    refused("jump other.in\npair_style lj/cut 2.5\n", "'jump' of line 1", ":2");
    refused("include potential.in\npair_style lj/cut 2.5\n", "'include' of line 1", ":2");
    refused("pair_style lj/cut 2.5\npair_style hybrid lj/cut 2.5 soft 1\n", "hybrid", ":2");
    refused("units real\n", "real", ":1");
    refused("pair_style lj/cut \"2.5\n", "missing", ":1");
    refused("pair_style lj/cut ${2.5\n", "}", ":1");
    refused("pair_style lj/cut &\n2.5 &\n3\n", "one number", ":1");
    refused("pair_style lj/cut $\n", "$", ":1");
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    refused(longest, "longer", ":1");
    isd_error err = {0};
    assert_int_equal(lammps_script_read(&settings, "/nonexistent/in.x", tell, NULL, &err), ISD_IO);
    assert_int_equal(lammps_script_read(&settings, folder, tell, NULL, &err), ISD_IO);
}

/* The smallest eam/alloy file there is. */
static const char tiny[] = "a\nb\nc\n1 Al\n5 1 5 1 4\n13 27.5 4 fcc\n0 -1 -2 -3 -4\n4 3 2 1 0\n0 4 3 1 0\n";

static void files_of_potentials(void **state)
{
    char text[2048], inner[300], file[320];
    isd_error err = {0};

    (void)state;
    snprintf(inner, sizeof inner, "%s/inner", folder);
    snprintf(file, sizeof file, "%s/tiny.eam", inner);
    assert_int_equal(mkdir(inner, 0700), 0);
    write_text(file, tiny);
    included("variable pot index inner/tiny.eam\nunits metal\npair_style eam/alloy\npair_coeff * * ${pot} Al Al\n");
    assert_int_equal(settings.n_elements, 2);
    assert_string_equal(settings.file, file);
    assert_true(settings.mass[2] == 27.5 && settings.mass_of_file[2]);
    assert_string_equal(settings.label[2], "Al");
    assert_string_equal(settings.units, "metal");
    included("mass 1 3\npair_style eam/alloy\npair_coeff * * inner/tiny.eam Al Al\nmass 2 4\n");
    assert_true(settings.mass[1] == 3 && settings.mass[2] == 4 && !settings.mass_of_file[2]);
    assert_true(settings.units_implied && strcmp(settings.units, "metal") == 0);
    refused("units lj\npair_style eam/alloy\n", "eV", ":2");
    refused("pair_style eam/alloy\npair_coeff * * inner/tiny.eam Al NULL\n", "NULL", ":2");
    refused("pair_style eam/alloy\npair_coeff 1 1 inner/tiny.eam Al\n", "pair_coeff * *", ":2");
    refused("pair_style eam/alloy\npair_coeff * * tiny.eam Al\n", "no potential file", ":2");
    refused("pair_style eam/alloy\npair_coeff * * inner/tiny.eam Ni\n", "'Ni'", "tiny.eam");
    refused("pair_style eam/alloy\npair_modify shift yes\n", "pair_modify", ":2");

    system_init(&settings);
    setenv("ISDMIN_POTENTIALS", "/nonexistent:", 1);
    setenv("LAMMPS_POTENTIALS", inner, 1);
    setenv("XDG_DATA_HOME", folder, 1);
    assert_int_equal(include("pair_style eam/alloy\npair_coeff * * tiny.eam Al\n", &err), ISD_OK);
    assert_string_equal(settings.file, file);

    assert_int_equal(system_builtin(&settings, "nip", &err), ISD_IO);
    assert_non_null(strstr(err.what, "NiP.lammps.eam"));
    assert_non_null(strstr(err.what, "Sheng"));
    assert_non_null(strstr(err.what, "www.ctcms.nist.gov/potentials"));
    assert_non_null(strstr(err.hint, "potential=FILE"));
    assert_int_equal(system_builtin(&settings, "ycu", &err), ISD_USAGE);
    snprintf(text, sizeof text, "a\nb\nc\n2 Ni P\n5 1 5 1 4\n28 58 4 fcc\n0 -1 -2 -3 -4\n4 3 2 1 0\n15 31 4 fcc\n"
                                "0 -1 -2 -3 -4\n4 3 2 1 0\n0 4 3 1 0\n0 4 3 1 0\n0 4 3 1 0\n");
    snprintf(inner, sizeof inner, "%s/inner/NiP.lammps.eam", folder);
    write_text(inner, text);
    told[0] = '\0';
    assert_int_equal(system_named(&settings, "nip", NULL, tell, NULL, &err), ISD_OK);
    assert_non_null(strstr(told, "8b8eb75f6eedcb0ac7ffd65f8e7969169ec5c943008b821d343a3c2c8f3ef4e1"));
    assert_true(settings.style == SYSTEM_EAM_ALLOY && settings.dimension == 3);
    assert_string_equal(settings.label[2], "P");
    unlink(inner);
    unlink(file);
    snprintf(inner, sizeof inner, "%s/inner", folder);
    rmdir(inner);
}

static void silica(void **state)
{
    isd_potential *p = NULL;

    (void)state;
    system_init(&settings);
    assert_int_equal(system_named(&settings, "sio2", &(struct system_wish){.variant = true, .rounded = true}, NULL, NULL, NULL), ISD_OK);
    assert_int_equal(system_potential(&settings, 2, NULL, NULL, &p, NULL), ISD_OK);
    assert_non_null(strstr(isd_potential_name(p), "tersoff"));
    isd_potential_unref(p);
    assert_int_equal(system_potential(&settings, 3, NULL, NULL, &p, NULL), ISD_DATA);
    assert_true(settings.mass[1] == 28.0855 && strcmp(settings.units, "metal") == 0);
}

/* Every script of the reference data describes a potential. */
static void reference_scripts(void **state)
{
    const char *reference = getenv("ISDMIN_REFERENCE");
    char pattern[4096];
    glob_t scripts;

    (void)state;
    snprintf(pattern, sizeof pattern, "%s/data/*/in.*", reference ? reference : "");
    if (glob(pattern, 0, NULL, &scripts))
        skip();
    for (size_t k = 0; k < scripts.gl_pathc; k++) {
        isd_error err = {0};
        isd_potential *p = NULL;
        system_init(&settings);
        if (lammps_script_read(&settings, scripts.gl_pathv[k], NULL, NULL, &err) ||
            system_potential(&settings, 2, NULL, NULL, &p, &err))
            fail_msg("%s: %s %s", scripts.gl_pathv[k], err.where, err.what);
        isd_potential_unref(p);
    }
    globfree(&scripts);
}

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(script, sizeof script, "%s/in.test", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(script);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas),        cmocka_unit_test(explosive),           cmocka_unit_test(whole_script),
        cmocka_unit_test(script_refusals), cmocka_unit_test(files_of_potentials), cmocka_unit_test(silica),
        cmocka_unit_test(reference_scripts),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
