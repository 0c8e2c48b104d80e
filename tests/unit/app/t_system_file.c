/* Systems as files: where they are found, what they may say, and what is said about those that are wrong.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "app/system_file.h"

static char root[] = "/tmp/isdmin-systems-XXXXXX";
static struct system_settings settings, before;
static char told[2048];

static void tell(void *arg, const char *text)
{
    (void)arg;
    snprintf(told + strlen(told), sizeof told - strlen(told), "%s\n", text);
}

/* A file below the root, its folders made. */
static void put(const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", root, name);
    for (char *slash = strchr(path + strlen(root) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    fputs(text, stream);
    assert_int_equal(fclose(stream), 0);
}

static void put_pipe(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", root, name);
    assert_int_equal(mkfifo(path, 0600), 0);
}

static void set_folder(const char *variable, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", root, name);
    setenv(variable, path, 1);
}

static int make_root(void **state)
{
    (void)state;
    if (!mkdtemp(root))
        return 1;
    set_folder("ISDMIN_SYSTEMS", "named");
    set_folder("XDG_DATA_HOME", "home");
    set_folder("XDG_DATA_DIRS", "site");
    unsetenv("ISDMIN_POTENTIALS");
    unsetenv("LAMMPS_POTENTIALS");
    return 0;
}

static int remove_root(void **state)
{
    char command[600];
    (void)state;
    snprintf(command, sizeof command, "rm -r '%s'", root);
    return system(command);
}

#define PAIR "pair_style lj/cut 3\npair_coeff 1 1 2 1\n"

static void taken(const char *name, double epsilon)
{
    isd_error err = {0};
    told[0] = '\0';
    system_init(&settings);
    if (system_named(&settings, name, NULL, tell, NULL, &err) != ISD_OK)
        fail_msg("%s: %s: %s", name, err.where, err.what);
    assert_true(settings.pair[1][1].epsilon == epsilon);
}

/* One's own come first, then those of the program, then those of the site. */
static void order_of_folders(void **state)
{
    struct system_entry *entries = NULL;
    isd_error err = {0};
    int n = 0;

    (void)state;
    put("named/both.isd", "# A mixture.\npair_style lj/cut 3\npair_coeff * * 3 1\n");
    put("home/isdmin/systems/both.isd", PAIR);
    put("home/isdmin/systems/mine10.isd", PAIR);
    put("home/isdmin/systems/mine9.isd", PAIR);
    put("home/isdmin/systems/README", "no system");
    put_pipe("home/isdmin/systems/pipe.isd"); /* nobody ever writes to it */
    put("site/isdmin/systems/ka3d.isd", PAIR);
    put("site/isdmin/systems/ours.isd", PAIR);
    taken("both", 3.0);
    assert_string_equal(settings.name, "both");
    assert_string_equal(told, "");
    taken("mine9", 2.0);
    taken("ours", 2.0);
    taken("ka3d", 1.0);
    assert_string_equal(settings.label[2], "B");

    assert_int_equal(system_file_list(&entries, &n, NULL), ISD_OK);
    static const char *const names[] = {"ka3d", "ka2d", "wca", "sio2", "alsm", "nip", "pdsi", "ycu", "both", "mine9", "mine10", "ours"};
    assert_int_equal(n, 12);
    for (int k = 0; k < n; k++) {
        assert_string_equal(entries[k].name, names[k]);
        assert_int_equal(entries[k].path[0] != '\0', k >= 8);
        assert_true(k >= 9 || entries[k].about[0]);
    }
    assert_string_equal(entries[8].about, "A mixture.");
    assert_non_null(strstr(entries[8].path, "/named/both.isd"));
    free(entries);

    system_init(&settings);
    assert_int_equal(system_named(&settings, "mine8", NULL, NULL, NULL, &err), ISD_USAGE);
    assert_non_null(strstr(err.what, "mine10"));
    assert_string_equal(err.hint, "system mine9");
}

/* A file of one's own under a name of the program's is taken, and that is said; the program itself is not misled. */
static void hiding(void **state)
{
    (void)state;
    put("home/isdmin/systems/wca.isd", PAIR);
    taken("wca", 2.0);
    assert_non_null(strstr(told, "home/isdmin/systems/wca.isd, not the one that comes with the program"));
    assert_int_equal(system_builtin(&settings, "wca", NULL), ISD_OK);
    assert_true(settings.pair[1][2].epsilon == 1.5);
    put("home/isdmin/systems/wca.isd", "");
    assert_int_not_equal(system_named(&settings, "wca", NULL, NULL, NULL, NULL), ISD_OK);
}

static void by_path(void **state)
{
    char path[512];
    (void)state;
    put("elsewhere/third.isd", "units metal\ndimension 2\nlabelmap atom 1 Big 2 Small\n" PAIR "pair_modify shift yes mix arithmetic\n");
    snprintf(path, sizeof path, "%s/elsewhere/third.isd", root);
    taken(path, 2.0);
    assert_string_equal(settings.name, "third");
    assert_string_equal(settings.label[2], "Small");
    assert_string_equal(settings.units, "metal");
    assert_true(settings.dimension == 2 && !settings.dimension_said && settings.shift && settings.mix == MIX_ARITHMETIC);
}

#define ALLOY "a\nb\nc\n1 Al\n5 1 5 1 4\n13 27 4 fcc\n0 -1 -2 -3 -4\n4 3 2 1 0\n0 4 3 1 0\n"

/* The file of a potential lies beside the system, or is named, or is looked for and its sum told. */
static void potential_files(void **state)
{
    struct system_wish wish = {.potential = NULL};
    isd_error err = {0};
    char path[512];

    (void)state;
    put("home/isdmin/systems/al.isd", "pair_style eam/alloy\npair_coeff * * al.eam Al\n");
    put("home/isdmin/systems/al.eam", ALLOY);
    taken("al", 0.0);
    assert_string_equal(settings.units, "metal");
    assert_non_null(strstr(settings.file, "/systems/al.eam"));
    put("home/isdmin/systems/far.isd", "pair_style eam/fs\npublished al.eam 'A. Person (2020)' "
                                       "0123456789012345678901234567890123456789012345678901234567890123\npair_coeff * * al.eam Al\n");
    put("far/al.eam", ALLOY);
    snprintf(path, sizeof path, "%s/far/al.eam", root);
    wish.potential = path;
    told[0] = '\0';
    assert_int_equal(system_named(&settings, "far", &wish, tell, NULL, &err), ISD_OK);
    assert_non_null(strstr(told, "01234567890123"));
    put("named/gone.isd", "pair_style eam/fs\npublished gone.eam 'A. Person (2020)'\npair_coeff * * gone.eam Al\n");
    assert_int_equal(system_named(&settings, "gone", NULL, tell, NULL, &err), ISD_IO);
    assert_non_null(strstr(err.what, "A. Person (2020)"));
    assert_non_null(strstr(err.where, "gone.isd:3:1"));
    wish = (struct system_wish){.pair_options = true};
    assert_int_equal(system_named(&settings, "al", &wish, tell, NULL, &err), ISD_USAGE);
    wish = (struct system_wish){.variant = true};
    assert_int_equal(system_named(&settings, "al", &wish, tell, NULL, &err), ISD_USAGE);
    assert_int_equal(system_named(&settings, "ka3d", &wish, tell, NULL, &err), ISD_USAGE);
}

/* A wrong file changes nothing, and where it is wrong is said. */
static void wrong_files(void **state)
{
    static const struct {
        const char *text, *where, *what;
    } wrong[] = {
        {"", "bad.isd", "pair_style"},
        {"units lj\npair_style lj/cut 3\n", "bad.isd", "pair_coeff"},
        {"units lj\n\n  pair_coef 1 1 1 1\n", "bad.isd:3:3", "'pair_coef'"},
        {"timestep 0.005\n" PAIR, "bad.isd:1:1", "'timestep'"},
        {"pair_style lj/cut 3; pair_coeff 1 1 x 1\n", "bad.isd:1:22", "'x'"},
        {PAIR "labelmap atom 1\n", "bad.isd:3:1", "labelmap"},
        {PAIR "labelmap atom 1 \033[2J\n", "bad.isd:3:1", "\\x1b[2J"},
        {PAIR "labelmap atom 65 A\n", "bad.isd:3:1", "'65'"},
        {PAIR "labelmap bond 1 A\n", "bad.isd:3:1", "bond"},
        {PAIR "mass 1 'heavy\n", "bad.isd:3:1", "quote"},
        {"published a\n", "bad.isd:1:1", "published"},
        {"published a b c\n", "bad.isd:1:1", "64 digits"},
        {"pair_style eam/fs\npair_coeff * * none.eam Al\n", "bad.isd:2:1", "none.eam"},
        {"pair_style tersoff\npair_coeff * * munetoh2007 Si NULL\n", "bad.isd:2:1", "NULL"},
    };

    (void)state;
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        isd_error err = {0};
        put("named/bad.isd", wrong[k].text);
        system_init(&settings);
        settings.timestep = 0.5;
        before = settings;
        assert_int_not_equal(system_named(&settings, "bad", NULL, NULL, NULL, &err), ISD_OK);
        if (!strstr(err.where, wrong[k].where) || !strstr(err.what, wrong[k].what))
            fail_msg("%s\n%s: %s", wrong[k].text, err.where, err.what);
        assert_memory_equal(&before, &settings, sizeof settings);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_of_folders), cmocka_unit_test(hiding), cmocka_unit_test(by_path),
        cmocka_unit_test(potential_files), cmocka_unit_test(wrong_files),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
