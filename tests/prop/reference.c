/* The reference data: files, and numbers out of their JSON. SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference.h"

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

static char root[4096];

static void path_of(const char *name, char ret_path[5000])
{
    snprintf(ret_path, 5000, "%s/%s", root, name);
}

bool reference_find(int argc, char **argv)
{
    const char *given = getenv("ISDMIN_REFERENCE");
    char probe[5000];
    if (given) {
        snprintf(root, sizeof root, "%s", given);
    } else {
        snprintf(root, sizeof root, "%s/../shared", argc > 1 ? argv[1] : ".");
    }
    path_of("data/potref/reference.json", probe);
    if (access(probe, R_OK) != 0) {
        print_message("no reference data in %s: skipped\n", root);
        return false;
    }
    return true;
}

struct dump_frame *reference_frames(const char *name, int *ret_n)
{
    char path[5000];
    struct dump_frame *frames = NULL;
    path_of(name, path);
    *ret_n = dump_lines_read(path, &frames);
    if (*ret_n < 1) {
        fail_msg("%s: cannot be read", path);
    }
    return frames;
}

char *reference_text(const char *name)
{
    char path[5000];
    path_of(name, path);
    FILE *f = fopen(path, "r");
    char *text = calloc(1, 1 << 20);
    assert_true(f && text);
    text[fread(text, 1, (1 << 20) - 1, f)] = 0;
    fclose(f);
    return text;
}

double reference_number_if(const char *at, const char *key)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\":", key);
    const char *found = strstr(at, quoted), *end = strchr(at, '}');
    return found && end && found < end ? strtod(found + strlen(quoted), NULL) : NAN;
}

double reference_number(const char *at, const char *key)
{
    const double value = reference_number_if(at, key);
    if (isnan(value)) {
        fail_msg("no %s in the reference", key);
    }
    return value;
}

isd_potential *reference_mixture(double c)
{
    const isd_lj_pair pairs[4] = {
        {1, 1, c, true}, {1.5, 0.8, 0.8 * c, true}, {1.5, 0.8, 0.8 * c, true}, {0.5, 0.88, 0.88 * c, true}};
    isd_potential *p = NULL;
    assert_int_equal(isd_potential_lj(pairs, 2, true, &p, NULL), ISD_OK);
    return p;
}

isd_potential *reference_potential(const char *style, const char *name, const char *const elements[2])
{
    char path[5000], file[300];
    isd_potential *p = NULL;
    isd_error err = {0};
    snprintf(file, sizeof file, "potentials/%s", name);
    path_of(file, path);
    const isd_status status = strcmp(style, "tersoff") == 0
                                  ? isd_potential_tersoff_file(path, elements, 2, &p, &err)
                                  : isd_potential_eam(path, strcmp(style, "eam/fs") == 0, elements, 2, &p, &err);
    if (status) {
        fail_msg("%s: %s", err.where, err.what);
    }
    return p;
}

isd_potential *reference_silica(bool rounded)
{
    isd_potential *p = NULL;
    assert_int_equal(isd_potential_tersoff_sio2(rounded, (const char *const[]){"Si", "O"}, 2, &p, NULL), ISD_OK);
    return p;
}
