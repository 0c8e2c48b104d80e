/* POSCAR and XDATCAR from text made here. SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"

#include <math.h>

static const isd_snapshot *read_one(struct reading *r, const char *text)
{
    reading_init(r, text, strlen(text), 11, false);
    if (r->status != ISD_OK || r->n != 1)
        fail_msg("%s: %s", r->error.where, r->error.what);
    return r->frame[0];
}

static void expect(const double *a, double x, double y, double z)
{
    if (!(fabs(a[0] - x) + fabs(a[1] - y) + fabs(a[2] - z) < 1e-12))
        fail_msg("%.17g %.17g %.17g, expected %.17g %.17g %.17g", a[0], a[1], a[2], x, y, z);
}

static void poscar(void **state)
{
    (void)state;
    struct reading r;
    const isd_snapshot *s = read_one(&r, "\n 2.0\n2 0 0\n0.5 3 0\n0 0 4\nSi O Si\n1 2 1\n"
                                         "Selective dynamics\ndirect\n0.5 0.5 0.5 T F T\n0 0 0 F F F\n0.25 0 0\n0 0 0.75 T T T\n\n0 0 0\n");
    assert_true(s->n == 4 && s->type[0] == 1 && s->type[1] == 2 && s->type[2] == 2 && s->type[3] == 1 && !s->has_ids);
    assert_string_equal(s->element[2], "O");
    expect(s->position, 2.5, 3, 4); /* half of a + b + c, times two */
    assert_true(s->box.lx == 4 && s->box.xy == 1 && s->box.ly == 6 && s->box.lz == 8);
    reading_done(&r);
    s = read_one(&r, "c\n-27\n2 0 0\n0 2 0\n0 0 2\n1 1\nKartesisch\n0 0 0\n1 1 0.5\n"); /* volume, no names, Cartesian */
    expect((double[3]){s->box.lx, s->box.ly, s->box.lz}, 3, 3, 3);
    expect(s->position + 3, 1.5, 1.5, 0.75);
    assert_true(s->type[1] == 2 && s->element[2][0] == '\0');
    reading_done(&r);
    s = read_one(&r, "c\n1\n0 2 0\n0 0 3\n4 0 0\nFe_pv/abc\n2\nCart\n1 1 1\n0 0 0\n"); /* turned */
    expect((double[3]){s->box.lx, s->box.ly, s->box.lz}, 2, 3, 4);
    expect(s->position, 1, 1, 1);
    assert_string_equal(s->element[1], "Fe_pv");
    assert_non_null(strstr(r.notes, "turned"));
    reading_done(&r);
}

#define HEAD(a) "c\n 1\n " a " 0 0\n 0 3 0\n 0 0 3\n Si O\n 1 1\n"
static void xdatcar(void **state)
{
    (void)state;
    static const char text[] = HEAD("2") HEAD("3") "Direct configuration=     1\n 0 0 0.5\n 0.5 0.5 0\nDirect configuration=     2\n 0.1 0 0.5\n 0.5 0.5 0\n"
        HEAD("4") "Direct configuration=     3\n 0.5 0 0.5\n 0.5 0.5 0\n";
    struct reading r;
    reading_init(&r, text, strlen(text), 3, false);
    assert_true(r.status == ISD_OK && r.n == 3);
    assert_true(r.frame[0]->box.lx == 3 && r.frame[1]->box.lx == 3 && r.frame[2]->box.lx == 4); /* the last header counts */
    expect(r.frame[2]->position, 2, 0, 1.5);
    assert_true(r.frame[0]->type[1] == 2);
    reading_done(&r);
    reading_init(&r, text, strlen(text) - 12, 0, false); /* in the rows of the last one */
    assert_true(r.status == ISD_OK && r.n == 2 && r.marked);
    reading_done(&r);
}

static const struct {
    const char *text, *where, *what;
} REFUSED[] = {
    {"c\n1\n3 0 0\n0 3 0\n0 0 3\n2 2\nDirect\n0.0 0.0 0.0\n0.5 0.0 0.0\n0.0 0.5 0.0\n", "mem:11", "claims 4 atoms and has 3"},
    {"c\n1\n3 0 0\n6 0 0\n0 0 3\n1\nDirect\n0 0 0\n", "mem:5", "no volume"},
    {"c\n0\n3 0 0\n0 3 0\n0 0 3\n1\nDirect\n0 0 0\n", "mem:2", "scale"},
    {"c\n1\n3 0 0\n0 3 0\n0 0 3\nSi O\n1\nDirect\n0 0 0\n", "mem:7", "numbers of atoms"},
    {"c\n1\n3 0 0\n0 3 0\n0 0 3\n2147483647 1\nDirect\n0 0 0\n", "mem:6", "numbers of atoms"},
    {"c\n1\n3 0 0\n0 3 0\n0 0 3\n-1\nDirect\n0 0 0\n", "mem:6", "numbers of atoms"},
    {"c\n1\n3 0 0\n0 3 0\n0 0 3\n2\nDirect\n0 0 0\n0 1e400 0\n", "mem:9:3", "'1e400'"},
    {"c\n1\n3 0 0\n0 3 0\n0 0 3\n2\nDirect\n0.0 0.0\n0.0 0.0 0.0\n", "mem:8", "has 2 values"},
};

static void refusals(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof REFUSED / sizeof *REFUSED; k++) {
        struct reading r;
        reading_init(&r, REFUSED[k].text, strlen(REFUSED[k].text), 0, false);
        if (r.status != ISD_DATA || strcmp(r.error.where, REFUSED[k].where) != 0 || strstr(r.error.what, REFUSED[k].what) == NULL)
            fail_msg("case %zu: status %d, '%s: %s', expected '%s: ...%s...'", k, r.status, r.error.where, r.error.what, REFUSED[k].where,
                     REFUSED[k].what);
        reading_done(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(poscar), cmocka_unit_test(xdatcar), cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
