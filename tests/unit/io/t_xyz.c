/* XYZ in its dialects, from text made here. SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"

#include <math.h>

static void read_with(struct reading *r, const char *text, const struct format_options *format)
{
    const struct format_options none = {0};
    reading_init_as(r, text, strlen(text), 7, format != NULL ? format : &none);
}

static const isd_snapshot *read_one(struct reading *r, const char *text)
{
    read_with(r, text, NULL);
    if (r->status != ISD_OK || r->n != 1)
        fail_msg("%s: %s", r->error.where, r->error.what);
    return r->frame[0];
}

static void expect(const double *a, double x, double y, double z)
{
    const double b[3] = {x, y, z};
    for (int d = 0; d < 3; d++)
        if (!(fabs(a[d] - b[d]) < 1e-12))
            fail_msg("%.17g %.17g %.17g, expected %.17g %.17g %.17g", a[0], a[1], a[2], x, y, z);
}

static void extended(void **state)
{
    (void)state;
    struct reading r;
    const isd_snapshot *s = read_one(&r, "3\nTime = 2.5 note='a \"b\" Lattice=no' Lattice=\"4 0 0 1 5 0 0 0 6\" Origin={-1 2 3} pbc=\"T F 1\" step=12 "
                                         "Properties=mass:R:1:pos:R:3:tag:S:2:id:I:1:species:S:1\r\n"
                                         "1 0 1 2 a b 9 Ni\r\n2.5 3 4 5.5 c d 2 P\r\n1 -1 0 0 e f 5 Ni\r\n");
    assert_true(s->n == 3 && s->has_ids && s->id[0] == 2 && s->id[1] == 5 && s->id[2] == 9);
    assert_true(s->has_step && s->step == 12 && s->has_time && s->time == 2.5);
    assert_true(s->type[0] == 2 && s->type[1] == 1 && s->type[2] == 1);
    assert_string_equal(s->element[1], "Ni");
    assert_string_equal(s->element[2], "P");
    expect(s->position, 3, 4, 5.5);
    expect(s->box.origin, -1, 2, 3);
    assert_true(s->box.lx == 4 && s->box.xy == 1 && s->box.ly == 5 && s->box.lz == 6 && s->box.dim == 3);
    assert_true(s->box.periodic[0] && !s->box.periodic[1] && s->box.periodic[2]);
    assert_int_equal(r.n_notes, 0);
    reading_done(&r);
}

/* A cell in any orientation is turned, atoms with it: fractions stay, and so do distances. */
static void general_lattice(void **state)
{
    (void)state;
    struct reading r;
    const isd_snapshot *s = read_one(&r, "2\nLattice=[[0,2,2],[2,0,2],[2,2,0]] Origin=\"1 1 1\" Properties=species:S:1:pos:R:3\nA 1 1 1\nA 2 2.5 1.5\n");
    double f[3];
    isd_box_to_fraction(&s->box, s->position + 3, f);
    expect(f, 0.25, 0.0, 0.5); /* 1, 1.5, 0.5 = 0.25 a + 0 b + 0.5 c */
    double d[3] = {s->position[3] - 1, s->position[4] - 1, s->position[5] - 1};
    assert_true(fabs(d[0] * d[0] + d[1] * d[1] + d[2] * d[2] - 3.5) < 1e-12);
    assert_true(fabs(s->box.lx - sqrt(8)) < 1e-12 && fabs(isd_box_volume(&s->box) - 16) < 1e-12);
    assert_int_equal(r.n_notes, 1);
    assert_non_null(strstr(r.notes, "turned"));
    reading_done(&r);
    s = read_one(&r, "2\nLattice=\"0 1 0 1 0 0 0 0 1\"\nA 0.1 0.2 0.3\nA 0 0 0\n"); /* left-handed */
    isd_box_to_fraction(&s->box, s->position, f);
    expect(f, 0.2, 0.1, 0.3);
    assert_non_null(strstr(r.notes, "mirrored"));
    reading_done(&r);
}

static void dialects(void **state)
{
    (void)state;
    struct reading r;
    const isd_snapshot *s = read_one(&r, "2\nstep:40 columns:id,pos dt:1 cell:5.0,6.0,7.0 \n2 -0.5 1 2\n1 1 1 1\n");
    expect(s->box.origin, -2.5, -3, -3.5);
    assert_true(s->step == 40 && !s->has_ids && s->type[0] == 2 && s->type[1] == 1 && s->element[1][0] == '\0');
    reading_done(&r);
    s = read_one(&r, "2\nioformat=1 boxLengths=6,6,6 columns=type,x,y,z,imx,imy,imz,vx\n0 1 2 3 0 -1 4 0.5\n1 1 1 1 0 0 0 2\n");
    assert_true(s->type[0] == 1 && s->type[1] == 2 && s->image != NULL && s->image[1] == -1 && s->image[2] == 4);
    reading_done(&r);
    s = read_one(&r, "2\nioformat=2 sim_box=RectangularSimulationBox,4,5,6 columns=type,x,y,z\n0 1 2 3\n0 1 1 1\n");
    assert_true(s->box.lz == 6 && s->type[0] == 1);
    reading_done(&r);
    s = read_one(&r, "1\nAtoms. Timestep: 700 note: Lattice=\"4 0 0 0 4 0 0 0 4\"\n1 1 1 1\n"); /* dump xyz of LAMMPS, and a cell */
    assert_true(s->step == 700 && s->has_step && s->box.lx == 4);
    reading_done(&r);
    s = read_one(&r, "2\ncolumns:id,pos cell:5.0,6.0\n1 1 2\n1 0 1\n");
    assert_true(s->box.dim == 2 && s->position[2] == 0 && s->position[1] == 2);
    reading_done(&r);
}

static void changing_number(void **state)
{
    (void)state;
    struct reading r;
    read_with(&r, "2\nLattice=\"4 0 0 0 4 0 0 0 4\"\nB 1 1 1\nA 2 2 2\n\n"
                  "1\nLattice=\"5 0 0 0 4 0 0 0 4\"\nA 2 2 2 7 7\n0\nLattice=\"5 0 0 0 4 0 0 0 4\"\n", NULL);
    assert_true(r.status == ISD_OK && r.n == 3);
    assert_true(r.frame[1]->n == 1 && r.frame[1]->box.lx == 5 && r.frame[1]->type[0] == 2 && r.frame[2]->n == 0);
    assert_string_equal(r.frame[1]->element[2], "A");
    reading_done(&r);
}

static void plain_needs_a_cell(void **state)
{
    (void)state;
    struct reading r;
    const char *text = "2\nno cell here\nA 1 1 1\nB 2 2 2\n";
    read_with(&r, text, NULL);
    assert_int_equal(r.status, ISD_DATA);
    assert_string_equal(r.error.where, "mem:2");
    assert_non_null(strstr(r.error.hint, "cell="));
    const struct format_options six = {.cell = "4,5,6,1,0,0.5"}, bad = {.cell = "4,5,x"};
    read_with(&r, text, &six);
    assert_true(r.status == ISD_OK && r.n == 1 && r.frame[0]->box.xy == 1 && r.frame[0]->box.yz == 0.5);
    reading_done(&r);
    assert_int_equal(format_options_check(&bad, &r.error), ISD_USAGE);
    assert_int_equal(format_options_check(&six, NULL), ISD_OK);
}

static const struct {
    const char *text, *where, *what;
} REFUSED[] = {
    {"2\nLattice=\"4 0 0 0 4 0 0 0 4\"\nA 1.5 1.5 1.5\n2 2\n", "mem:4", "has 2 values"},
    {"2\nLattice=\"4 0 0 0 4 0 0 0 4\"\nA 1 1 nan\nA 2 2 2\n", "mem:3:7", "'nan'"},
    {"2\nLattice=\"4 0 0 0 4 0 0 0\"\nA 1 1 1\nA 2 2 2\n", "mem:2", "nine numbers"},
    {"2\nLattice=\"4 0 0 8 0 0 0 0 4\"\nA 1 1 1\nA 2 2 2\n", "mem:2", "no volume"},
    {"1\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:vel:R:3\nA 1 1 1\n", "mem:2", "no pos"},
    {"1\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=pos:R:3:x:R:999999\n1 1 1\n", "mem:2", "triples"},
    {"1\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3\nA 1 1 1 5\n", "mem:3:9", "the end of the line"},
    {"1\nLattice=\"4 0 0 0 4 0 0 0 4\" pbc=\"T T maybe\"\nA 1 1 1\n", "mem:2", "pbc"},
    {"2\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3:id:I:1\nA 1 1 1 3\nA 1 2 1 3\n", "mem:1", "appears twice"},
    {"2147483647\nLattice=\"4 0 0 0 4 0 0 0 4\"\nA 1 1 1\n", "mem:3", "claims 2147483647 atoms, more than"},
    {"99999999999\nLattice=\"4 0 0 0 4 0 0 0 4\"\nA 1 1 1\n", "mem:1", "number of atoms"},
    {"1\nLattice=\"1e308 0 0 0 1e308 0 0 0 1e308\" Origin=\"1e999 0 0\"\nA 1 1 1\n", "mem:2", "Origin"},
    {"2\nLattice=\"4 0 0 0 4 0 0 0 4\"\n1 1 1 1\n1 2 2 2\n1\nLattice=\"4 0 0 0 4 0 0 0 4\"\nNi 1 1 1\n", "mem:5", "species 'Ni'"},
};

static void refusals(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof REFUSED / sizeof *REFUSED; k++) {
        struct reading r;
        read_with(&r, REFUSED[k].text, NULL);
        if (r.status == ISD_OK || strcmp(r.error.where, REFUSED[k].where) != 0 || strstr(r.error.what, REFUSED[k].what) == NULL)
            fail_msg("case %zu: status %d, '%s: %s', expected '%s: ...%s...'", k, r.status, r.error.where, r.error.what, REFUSED[k].where,
                     REFUSED[k].what);
        reading_done(&r);
    }
}

/* A file cut anywhere gives its whole frames and says so, or none. */
static void cuts(void **state)
{
    (void)state;
    static const char frame[] = "2\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3\nA 1 1 1.25\nB 2 2 2.25\n";
    char text[2 * sizeof frame];
    snprintf(text, sizeof text, "%s%s", frame, frame);
    for (size_t length = sizeof frame; length < 2 * (sizeof frame - 1); length++) {
        struct reading r;
        reading_init(&r, text, length, 3, false);
        if (r.status != ISD_OK || r.n < 1 || r.n_notes != 1 || (r.n == 1) != r.marked)
            fail_msg("cut at %zu: status %d, %d frames, notes %s", length, r.status, r.n, r.notes);
        reading_done(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extended), cmocka_unit_test(general_lattice),    cmocka_unit_test(dialects), cmocka_unit_test(changing_number),
        cmocka_unit_test(refusals), cmocka_unit_test(plain_needs_a_cell), cmocka_unit_test(cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
