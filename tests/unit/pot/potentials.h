/* One potential of each kind, for tests of what holds for all. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNIT_POTENTIALS_H
#define UNIT_POTENTIALS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "isdmin/potential.h"

enum { KINDS = 4 }; /* types that each of them knows */

static inline isd_potential *potentials_pairs(const char *style)
{
    isd_lj_pair pairs[KINDS * KINDS];
    isd_potential *p = NULL;
    for (int a = 0; a < KINDS; a++) {
        for (int b = 0; b < KINDS; b++) {
            pairs[KINDS * a + b] = (isd_lj_pair){1 + 0.1 * (a + b), 1 - 0.04 * (a + b), 2.5 - 0.1 * abs(a - b), true};
        }
    }
    if (style) {
        assert_int_equal(isd_potential_pair(style, pairs, KINDS, &p, NULL), ISD_OK);
    } else {
        assert_int_equal(isd_potential_lj(pairs, KINDS, true, &p, NULL), ISD_OK);
    }
    return p;
}

/* eam/alloy of two elements: F = -sqrt-like tables, densities and pair terms that end smoothly at 2.4. even: both
 * elements make the same density, which the kernels take another way. */
static inline isd_potential *potentials_embedded(bool even)
{
    char path[] = "/tmp/t_potentials.XXXXXX";
    const char *const elements[KINDS] = {"Aa", "Bb", "Bb", "Aa"};
    isd_potential *p = NULL;
    isd_error err = {0};
    const int file = mkstemp(path), n = 241;
    FILE *f = file < 0 ? NULL : fdopen(file, "w");
    assert_non_null(f);
    fprintf(f, "a\nb\nc\n2 Aa Bb\n%d 0.05 %d 0.01 2.4\n", n, n);
    for (int a = 0; a < 2; a++) {
        fprintf(f, "%d %d 3.0 fcc\n", a + 1, 10 + a);
        for (int k = 0; k < n; k++) {
            fprintf(f, "%.15g\n", -(1 + 0.3 * a) * sqrt(0.05 * k));
        }
        for (int k = 0; k < n; k++) {
            fprintf(f, "%.15g\n", (even ? 0.12 : 0.1 + 0.05 * a) * pow(2.4 - 0.01 * k, 3));
        }
    }
    for (int pair = 0; pair < 3; pair++) {
        for (int k = 0; k < n; k++) {
            fprintf(f, "%.15g\n", (2 + 0.2 * pair) * pow(2.4 - 0.01 * k, 3));
        }
    }
    fclose(f);
    const isd_status status = isd_potential_eam(path, false, elements, KINDS, &p, &err);
    unlink(path);
    if (status) {
        print_error("%s %s\n", err.where, err.what);
    }
    assert_int_equal(status, ISD_OK);
    return p;
}

static inline isd_potential *potentials_silica(void)
{
    isd_potential *p = NULL;
    assert_int_equal(isd_potential_tersoff_sio2(false, (const char *const[]){"Si", "O", "O", "Si"}, KINDS, &p, NULL), ISD_OK);
    return p;
}

/* Parameters that the vector kernels do not take: lengths matter in angles, and the two elements differ in them. */
static inline isd_potential *potentials_tersoff(void)
{
    char path[] = "/tmp/t_potentials.XXXXXX";
    static const char *const elements[] = {"Si", "O"};
    isd_potential *p = NULL;
    const int file = mkstemp(path);
    FILE *f = file < 0 ? NULL : fdopen(file, "w");
    assert_non_null(f);
    for (int k = 0; k < 8; k++) {
        fprintf(f, "%s %s %s 3 1 1.3 4.8 2 %g 22.9 0.34 1.32 95.4 3 0.2 3.2 3264\n", elements[k / 4], elements[k / 2 % 2],
                elements[k % 2], -0.1 * k);
    }
    fclose(f);
    const isd_status status = isd_potential_tersoff_file(path, (const char *const[]){"Si", "O", "O", "Si"}, KINDS, &p, NULL);
    unlink(path);
    assert_int_equal(status, ISD_OK);
    return p;
}

enum { POTENTIALS = 7, SILICA = 5, TERSOFF = 6 };

static inline isd_potential *potentials_make(int which)
{
    switch (which) {
    case 0:
        return potentials_pairs(NULL);
    case 1:
        return potentials_pairs("lj/smooth/linear");
    case 2:
        return potentials_pairs("lj/smooth/quadratic");
    case 3:
    case 4:
        return potentials_embedded(which == 4);
    case TERSOFF:
        return potentials_tersoff();
    default:
        return potentials_silica();
    }
}

/* A spacing of atoms at which it is neither torn nor squeezed too much. */
static inline double potentials_spacing(int which)
{
    return which >= SILICA ? 2.4 : 1.05;
}

#endif
