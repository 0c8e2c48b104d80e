/* LAMMPS data files from text made here. SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"

#include <math.h>

#define BOX "0 4 xlo xhi\n-1 4 ylo yhi\n0.5 6.5 zlo zhi\n"

static const isd_snapshot *read_one(struct reading *r, const char *text)
{
    reading_init(r, text, strlen(text), 5, false);
    if (r->status != ISD_OK || r->n != 1)
        fail_msg("%s: %s", r->error.where, r->error.what);
    return r->frame[0];
}

/* Every style puts type and position where it should, with images and without. */
static void styles(void **state)
{
    (void)state;
    static const struct {
        const char *style, *row;
    } cases[] = {
        {"atomic", "1 2"}, {"charge", "1 2 -0.5"}, {"full", "1 7 2 0.5"}, {"molecular", "1 7 2"},
        {"sphere", "1 2 1.5 0.9"}, {"bond", "1 7 2"}, {"angle", "1 7 2"}, {"dpd", "1 2 0.1"},
        {"peri", "1 2 1 1.5"}, {"line", "1 7 2 -1 1"}, {"tri", "1 7 2 1 1"}, {"body", "1 2 0 1.5"}, {"edpd", "1 2 1 1"}, {"mdpd", "1 2 1"},
        {"sph", "1 2 1 0 1"}, {"atomic/kk", "1 2"}, {"bpm/sphere", "1 7 2 1 1.5"},
        {"amoeba", "1 7 2 0.5"}, {"electron", "1 2 1 -1 0.5"}, {"template", "1 7 1 3 2"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        for (int images = 0; images < 2; images++) {
            char text[400];
            struct reading r;
            snprintf(text, sizeof text, "c\n2 atoms\n3 atom types\n" BOX "\nAtoms  # %s\n\n"
                     "%s 1.5 2.5 3.5%s # x\n\n2%s 1 1 1%s\n\nVelocities\n\n1 0 0 0\n", cases[k].style,
                     cases[k].row, images ? " 0 -1 2" : "", cases[k].row + 1, images ? " 0 0 0" : "");
            const isd_snapshot *s = read_one(&r, text);
            assert_true(s->n == 2 && s->type[0] == 2 && s->position[0] == 1.5 && s->position[1] == 2.5 && s->position[2] == 3.5);
            assert_true(images == (s->image != NULL) && (!images || s->image[1] == -1));
            assert_true(s->box.lx == 4 && s->box.ly == 5 && s->box.origin[2] == 0.5 && s->box.lz == 6);
            assert_int_equal(r.n_notes, 0);
            reading_done(&r);
        }
    }
}

/* Columns of hybrid styles that are shared come once; the images are the last three, where their place can be known. */
static void hybrid_styles(void **state)
{
    (void)state;
    static const char by_lammps[] = "LAMMPS data file via write_data, version 29 Sep 2021, timestep = 7";
    static const struct {
        const char *first, *style, *own;
        bool images, noted; /* read, where they are there */
    } cases[] = {
        {"c", "hybrid sphere", "1.5 0.9", true, false}, {"c", "hybrid angle dipole sphere", "7 0.5 0.1 0.2 0.3 1.5 0.9", true, false},
        {"c", "hybrid bond full", "7 0.5", true, false}, {"c", "hybrid sphere ellipsoid line", "1.5 0.9 0 7 -1", true, false},
        {"c", "hybrid atomic", "", true, false}, {"c", "hybrid spin sph edpd", "1 0 0 1 0.5 0.25 0.125 1 2", true, false},
        {by_lammps, "hybrid", "1.5 0.9 0", true, false}, {by_lammps, "hybrid granular", "1.5", true, false},
        {"c", "hybrid", "1.5 0.9", false, true}, {"c", "hybrid sphere hybrid", "1.5 0.9", false, true},
        {"c", "hybrid granular", "1.5 0.9", false, true}, {"c", "hybrid sphere", "1.5 0.9 7", false, true},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[500];
        struct reading r;
        snprintf(text, sizeof text, "%s\n2 atoms\n3 atom types\n" BOX "\nAtoms  # %s\n\n1 2 1.5 2.5 3.5 %s 3 -1 2\n2 2 1 1 1 %s 0 0 0\n",
                 cases[k].first, cases[k].style, cases[k].own, cases[k].own);
        const isd_snapshot *s = read_one(&r, text);
        assert_true(s->n == 2 && s->type[0] == 2 && s->position[0] == 1.5 && s->position[2] == 3.5);
        if (cases[k].images != (s->image != NULL) || cases[k].noted != (r.n_notes == 1))
            fail_msg("%s: %s", cases[k].style, r.notes);
        assert_true(!cases[k].images || (s->image[0] == 3 && s->image[1] == -1 && s->image[2] == 2));
        reading_done(&r);
        if (cases[k].first == by_lammps || cases[k].noted)
            continue;
        snprintf(text, sizeof text, "%s\n1 atoms\n3 atom types\n" BOX "\nAtoms  # %s\n\n1 2 1.5 2.5 3.5 %s\n", cases[k].first,
                 cases[k].style, cases[k].own);
        s = read_one(&r, text);
        assert_true(s->image == NULL && r.n_notes == 0);
        reading_done(&r);
    }
    struct reading short_row;
    static const char four[] = "LAMMPS data file via write_data\n\n1 atoms\n" BOX "Atoms # hybrid\n\n1 2 1.5 2.5\n";
    reading_init(&short_row, four, strlen(four), 0, false);
    assert_int_equal(short_row.status, ISD_DATA);
    /* more columns than a row may have */
    char text[1024];
    int used = snprintf(text, sizeof text, "%s\n1 atoms\n" BOX "Atoms # hybrid\n\n1 2 1.5 2.5 3.5", by_lammps);
    for (int k = 0; k < 300; k++)
        used += snprintf(text + used, sizeof text - (size_t)used, " 1");
    snprintf(text + used, sizeof text - (size_t)used, "\n");
    struct reading r;
    assert_true(read_one(&r, text)->image == NULL && r.n_notes == 1);
    reading_done(&r);
}

/* The time step is in the first line that LAMMPS writes, and in no other comment. */
static void step_of_write_data(void **state)
{
    (void)state;
    static const char rest[] = "\n\n1 atoms\n1 atom types\n" BOX "\nAtoms # spin\n\n1 1 1.5 2.5 3.5 0 0 1 2 0 0 -1\n";
    static const struct {
        const char *first;
        bool has_step;
    } cases[] = {
        {"LAMMPS data file via write_data, version 29 Sep 2021, timestep = 5000000000, units = lj", true},
        {"LAMMPS data file via write_data, version 29 Sep 2021, timestep = 5000000000", true},
        {"LAMMPS data file", false}, {"mine, timestep = 5000000000", false},
        {"LAMMPS data file via write_data, timestep = x", false},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[400];
        struct reading r;
        snprintf(text, sizeof text, "%s%s", cases[k].first, rest);
        const isd_snapshot *s = read_one(&r, text);
        assert_true(s->has_step == cases[k].has_step && s->step == (cases[k].has_step ? 5000000000 : 0));
        assert_true(s->image != NULL && s->image[2] == -1); /* behind the spin */
        reading_done(&r);
    }
}

static void guesses(void **state)
{
    (void)state;
    static const struct {
        const char *header, *row, *said;
    } cases[] = {
        {"", "5 2 1.5 2.5 3.5", "taken as atomic"},
        {"", "5 2 1.5 2.5 3.5 0 0 1", "taken as atomic"},
        {"", "5 2 0.25 1.5 2.5 3.5", "taken as charge"},
        {"", "5 9 2 1.5 2.5 3.5", "taken as molecular"},
        {"4 bonds\n", "5 2 2 1.5 2.5 3.5", "taken as molecular from its 6 columns and its bonds, others fit too"},
        {"", "5 2 2 1.5 2.5 3.5", "taken as charge from its 6 columns, others fit too"},
        {"4 bonds\n", "5 1 2 0 1.5 2.5 3.5", "taken as full"},
        {"", "5 2 1.25 0.5 1.5 2.5 3.5 1 0 0", "taken as sphere"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[300];
        struct reading r;
        snprintf(text, sizeof text, "\n1 atoms\n3 atom types\n%s" BOX "Atoms\n\n%s\n", cases[k].header, cases[k].row);
        const isd_snapshot *s = read_one(&r, text);
        if (strstr(r.notes, cases[k].said) == NULL)
            fail_msg("'%s': '%s', expected '%s'", cases[k].row, r.notes, cases[k].said);
        assert_true(s->id[0] == 5 && s->type[0] == 2 && s->position[0] == 1.5 && s->position[2] == 3.5);
        reading_done(&r);
    }
}

static void boxes_and_labels(void **state)
{
    (void)state;
    struct reading r;
    const isd_snapshot *s = read_one(&r, "# 7 atoms\n 2 atoms # really\n\t2 atom types\n" BOX "1 -0.5 0.25 xy xz yz\n\n"
                                         "Atom Type Labels\n\n1 Ti\n2 O-\n\nMasses\n\nTi 47\nO- 16\n\n"
                                         "Atoms # atomic\n\n12 O- 1 1 1\n3 Ti 2 2 2.5\n");
    assert_true(s->box.xy == 1 && s->box.xz == -0.5 && s->box.yz == 0.25 && s->box.origin[0] == 0); /* true bounds, not a bounding box */
    assert_true(s->id[0] == 3 && s->type[0] == 1 && s->type[1] == 2);
    assert_string_equal(s->element[2], "O-");
    reading_done(&r);
    s = read_one(&r, "c\n2 atoms\n1 -1 0 avec\n1 1 0 bvec\n1 1 1 cvec\n1 2 3 abc origin\nAtoms # atomic\n\n1 1 1 2 3\n2 1 2 1 3\n");
    double f[3];
    isd_box_to_fraction(&s->box, s->position + 3, f);
    assert_true(fabs(f[0] - 1) < 1e-12 && fabs(f[1]) < 1e-12 && fabs(f[2]) < 1e-12);
    assert_non_null(strstr(r.notes, "turned"));
    reading_done(&r);
}

static const struct {
    const char *text, *where, *what;
    isd_status status;
} REFUSED[] = {
    {"c\n2 atoms\n" BOX "Atoms # atomic\n\n1 1 1.25 1.25 1.25\n", "mem:9", "claims 2 atoms and has 1", ISD_DATA},
    {"c\n1 atoms\n" BOX "Atoms # wavepacket\n\n1 1 1 1 1\n", "mem:6", "wavepacket", ISD_UNSUPPORTED},
    {"c\n1 atoms\n" BOX "Atoms # full\n\n1 1 1 1 1\n", "mem:8", "no row of atom style full", ISD_DATA},
    {"c\n2 atoms\n" BOX "Atoms # atomic\n\n1 1 1 1 1\n1 1 2 2 2\n", "mem:6", "appears twice", ISD_DATA},
    {"c\n1 atoms\n0 1 xlo xhi\nAtoms # atomic\n\n1 1 1 1 1\n", "mem:4", "no box", ISD_DATA},
    {"c\n1 atoms\n0 0 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\nAtoms # atomic\n\n1 1 1 1 1\n", "mem:6", "no volume", ISD_DATA},
    {"c\n1 atoms\n0 xlo xhi\nAtoms\n", "mem:3", "expected 2 numbers before xlo xhi", ISD_DATA},
    {"c\n3000000000 atoms\n" BOX "Atoms # atomic\n\n1 1 1 1 1\n", "mem:2", "'3000000000 atoms'", ISD_DATA},
    {"c\n2000000000 atoms\n" BOX "Atoms # atomic\n\n1 1 1 1 1\n", "mem:8", "claims 2000000000", ISD_DATA},
    {"c\n1 atoms\n" BOX "Atoms # atomic\n\n1 1 1 x 1\n", "mem:8", "no row", ISD_DATA},
    {"c\n2 atoms\n" BOX "Atoms # atomic\n\n1 1 1 1 1\n2 77 1 1 2\n", "mem:9:3", "'77', expected an atom type", ISD_DATA},
    {"c\n2 atoms\n" BOX "Masses\n\n1 1\n", "mem:9", "before its section Atoms", ISD_DATA},
    {"LAMMPS (29 Sep 2021)\nReading data file ...\n  500 atoms\n", "mem", "no snapshot", ISD_DATA}, /* a log */
};

static void refusals(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof REFUSED / sizeof *REFUSED; k++) {
        struct reading r;
        reading_init(&r, REFUSED[k].text, strlen(REFUSED[k].text), 0, false);
        if (r.status != REFUSED[k].status || strcmp(r.error.where, REFUSED[k].where) != 0 || strstr(r.error.what, REFUSED[k].what) == NULL)
            fail_msg("case %zu: status %d, '%s: %s', expected '%s: ...%s...'", k, r.status, r.error.where, r.error.what, REFUSED[k].where,
                     REFUSED[k].what);
        reading_done(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(styles), cmocka_unit_test(hybrid_styles),           cmocka_unit_test(step_of_write_data), cmocka_unit_test(guesses),
        cmocka_unit_test(boxes_and_labels), cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
