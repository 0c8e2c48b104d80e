/* What all text formats share: byte order marks and Fortran's exponents; and what is none of them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"

#define MARK "\xef\xbb\xbf"

static const char *const texts[] = {
    "ITEM: TIMESTEP\n1\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0.0E+00 1.0E+01\n0 10\n0 10\nITEM: ATOMS id type x y z\n"
    "1 1 1.5E+00 2 3\n2 2 -2.5E-01 5 6\nITEM: TIMESTEP\n2\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 1.0E+01\n0 10\n0 10\n"
    "ITEM: ATOMS id type x y z\n1 1 0.15E+01 2 3\n",
    "a comment\n\n2 atoms\n2 atom types\n0.0E+00 1.0E+01 xlo xhi\n0 10 ylo yhi\n0 10 zlo zhi\n\nAtoms # atomic\n\n1 1 1.5E+00 2 3\n2 2 -2.5E-01 5 6\n",
    "2\nLattice=\"1.0E+01 0 0 0 10 0 0 0 1.0E+01\" Properties=species:S:1:pos:R:3 Time=2.5E-01\nA 1.5E+00 2 3\nB -2.5E-01 5 6\n",
    "2\nstep:3 columns:id,pos cell:1.0E+01,10,10\n1 1.5E+00 2 3\n2 -2.5E-01 5 6\n",
    "a comment\n1.0E+00\n1.0E+01 0 0\n0 10 0\n0 0 10\nA B\n1 1\nDirect\n1.5E-01 .2 .3\n2.5E-01 .5 .6\n",
    ("a comment\n1.0E+00\n1.0E+01 0 0\n0 10 0\n0 0 10\nA B\n1 1\nDirect configuration=     1\n1.5E-01 .2 .3\n2.5E-01 .5 .6\n"
     "Direct configuration=     2\n1.5E-01 .2 .4\n2.5E-01 .5 .7\n"),
};

/* Read as `text` is, however the bytes come; `shift` bytes earlier or later. */
static void expect_the_same(const struct reading *plain, const char *text, int shift)
{
    static const size_t chunk[] = {0, 1, 2, 7};
    for (size_t k = 0; k < sizeof chunk / sizeof *chunk; k++) {
        struct reading r;
        reading_init(&r, text, strlen(text), chunk[k], false);
        if (!same_reading(plain, &r))
            fail_msg("%s: %s in\n%s", r.error.where, r.error.what, text);
        for (int i = 0; i < r.n; i++)
            assert_true(r.range[i].from == plain->range[i].from + shift && r.range[i].to == plain->range[i].to + shift);
        reading_done(&r);
    }
}

static void byte_order_marks(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        char text[1024];
        struct reading plain;
        reading_init(&plain, texts[k], strlen(texts[k]), 0, false);
        assert_true(plain.status == ISD_OK && plain.n > 0);
        snprintf(text, sizeof text, MARK "%s", texts[k]);
        expect_the_same(&plain, text, 3);
        reading_done(&plain);
    }
    struct reading r;
    reading_init(&r, MARK, 3, 0, false);
    assert_int_equal(r.status, ISD_DATA);
    reading_init(&r, MARK MARK "ITEM: TIMESTEP\n", 21, 0, false); /* one is one too many */
    assert_int_equal(r.status, ISD_DATA);
}

static void fortran_exponents(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        char text[1024];
        struct reading plain;
        reading_init(&plain, texts[k], strlen(texts[k]), 0, false);
        snprintf(text, sizeof text, "%s", texts[k]);
        for (char *c = text; *c != '\0'; c++)
            if (*c == 'E' && (c[1] == '+' || c[1] == '-'))
                *c = k % 2 == 0 ? 'D' : 'd';
        expect_the_same(&plain, text, 0);
        reading_done(&plain);
    }
}

/* A binary dump without a header of its own may begin with these three bytes: they are its time step. */
static void bytes_are_no_mark(void **state)
{
    (void)state;
    struct {
        int64_t step, n;
        int32_t triclinic, boundary[6];
    } head = {0xbfbbef, 1, 0, {0}};
    const double bounds[6] = {0, 10, 0, 10, 0, 10}, atom[5] = {1, 1, 0.1, 0.2, 0.3};
    const int32_t counts[3] = {5, 1, 5};
    char bytes[256];
    size_t used = 0;
    const struct {
        const void *from;
        size_t size;
    } parts[] = {{&head.step, 8}, {&head.n, 8}, {&head.triclinic, 4}, {head.boundary, 24}, {bounds, 48}, {counts, 12}, {atom, 40}};
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        memcpy(bytes + used, parts[k].from, parts[k].size);
        used += parts[k].size;
    }
    assert_memory_equal(bytes, MARK, 3);
    struct reading r;
    reading_init(&r, bytes, used, 0, false);
    if (r.status != ISD_OK)
        fail_msg("%s: %s", r.error.where, r.error.what);
    assert_true(r.n == 1 && r.frame[0]->step == 0xbfbbef && r.frame[0]->n == 1);
    reading_done(&r);
}

/* Files of others are refused by name, with a way out. */
static void foreign_files(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        const char *bytes;
        size_t length;
        const char *said, *hint;
    } cases[] = {
        {0, "CDF\2\0\0\0\1", 8, "NetCDF", "extended XYZ"}, {0, "\211HDF\r\n\032\n", 8, "HDF5", "extended XYZ"},
        {0, "T\0\0\0CORD", 8, "DCD", "extended XYZ"}, {0, "LammpS RestartT", 15, "restart", "-restart2data"},
        {0, "---\ncreator: LAMMPS\ntimestep: 0\n", 33, "YAML", "dump ID all custom"}, {257, "ustar\0", 6, "tar archive", "tar -xf"},
        {0, "\3757zXZ\0", 6, "xz", "unxz"}, {0, "CRYST1   10.0   10.0\n", 21, "PDB", "extended XYZ"},
        {0, "units lj\natom_style atomic\n", 27, "no snapshot", "format= of open"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char bytes[600] = "some-name.dump";
        memcpy(bytes + cases[k].at, cases[k].bytes, cases[k].length);
        struct reading r;
        reading_init(&r, bytes, cases[k].at > 0 ? sizeof bytes : cases[k].length, 0, false);
        assert_int_equal(r.status, ISD_DATA);
        if (strstr(r.error.what, cases[k].said) == NULL || strstr(r.error.hint, cases[k].hint) == NULL)
            fail_msg("%s (%s), expected %s", r.error.what, r.error.hint, cases[k].said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(byte_order_marks), cmocka_unit_test(fortran_exponents), cmocka_unit_test(bytes_are_no_mark),
        cmocka_unit_test(foreign_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
