/* LAMMPS text dumps: what is read, and what is refused with which words and where.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"

#include <math.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/rng.h"

#define HEAD "ITEM: TIMESTEP\n10\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\n"
#define TILTED                                                                                                         \
    "ITEM: TIMESTEP\n10\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS xy xz yz pp pp pp\n-1.5 13 3\n0 10.5 -1.5\n0 10 0.5\n"
#define FRAME HEAD "ITEM: ATOMS id type x y z\n1 1 1 2 3\n2 2 4 5 6\n"

static void read_text(struct reading *r, const char *text)
{
    reading_init(r, text, strlen(text), 0, false);
}

/* Read it in blocks of 1, 7 and 65536 bytes too: nothing may depend on that. */
static void read_all_ways(struct reading *r, const char *text)
{
    read_text(r, text);
    static const size_t chunk[] = {1, 7, 65536};
    for (size_t k = 0; k < sizeof chunk / sizeof *chunk; k++) {
        struct reading other;
        reading_init(&other, text, strlen(text), chunk[k], false);
        if (!same_reading(r, &other))
            fail_msg("chunk %zu differs for:\n%.300s\n%s: %s\n%s: %s", chunk[k], text, r->error.where, r->error.what,
                     other.error.where, other.error.what);
        reading_done(&other);
    }
}

static void expect_positions(const char *text, const double expected[6], double tolerance)
{
    struct reading r;
    read_all_ways(&r, text);
    if (r.status != ISD_OK || r.n != 1)
        fail_msg("%s: %s", r.error.where, r.error.what);
    for (int k = 0; k < 6; k++)
        if (!(fabs(r.frame[0]->position[k] - expected[k]) <= tolerance))
            fail_msg("coordinate %d: %.17g, expected %.17g", k, r.frame[0]->position[k], expected[k]);
    reading_done(&r);
}

static void header_items(void **state)
{
    (void)state;
    struct reading r;
    read_all_ways(&r, "ITEM: UNITS\nmetal\nITEM: TIME\n0.25\n" FRAME
                      "\nITEM: BOX BOUNDS ff ss mm\n-1 9\n-2 8\n-3 7\nITEM: NUMBER OF ATOMS\n1\nITEM: TIMESTEP\n9000000000\n"
                      "ITEM: FANCY THING\n1 2 3\nwhat ever\nITEM: ATOMS z y x type id\n3 2 1 1 7\n");
    assert_int_equal(r.status, ISD_OK);
    assert_int_equal(r.n, 2);
    assert_int_equal(r.n_notes, 0);
    const isd_snapshot *a = r.frame[0], *b = r.frame[1];
    assert_string_equal(a->units, "metal");
    assert_string_equal(b->units, "metal"); /* written once a file */
    assert_true(a->has_time && a->time == 0.25 && a->has_step && a->step == 10);
    assert_true(!b->has_time && b->step == 9000000000);
    assert_true(a->box.periodic[0] && a->box.periodic[2] && a->box.lx == 10 && a->box.dim == 3);
    assert_true(!b->box.periodic[0] && !b->box.periodic[1] && !b->box.periodic[2] && b->box.origin[2] == -3);
    assert_true(b->n == 1 && b->id[0] == 7 && b->position[0] == 1 && b->position[2] == 3);
    reading_done(&r);
}

static void periodic_without_flags(void **state)
{
    (void)state;
    struct reading r;
    read_all_ways(&r, "ITEM: NUMBER OF ATOMS\n0\nITEM: BOX BOUNDS\n0 1\n0 1\n0 1\nITEM: ATOMS id type x y z\n");
    assert_int_equal(r.status, ISD_OK);
    assert_true(r.n == 1 && r.frame[0]->n == 0 && !r.frame[0]->has_step);
    assert_true(r.frame[0]->box.periodic[0] && r.frame[0]->box.periodic[1] && r.frame[0]->box.periodic[2]);
    reading_done(&r);
}

static void column_sets(void **state)
{
    (void)state;
    static const double plain[6] = {1, 2, 3, 4, 5, 6};
    expect_positions(FRAME, plain, 0);
    expect_positions(HEAD "ITEM: ATOMS zs id xs type ys\n0.3 1 0.1 1 0.2\n0.6 2 0.4 1 0.5\n", plain, 1e-15);
    expect_positions(HEAD "ITEM: ATOMS id type xu yu zu\n1 1 1 2 3\n2 1 4 5 6\n", plain, 0);
    expect_positions(HEAD "ITEM: ATOMS id type xsu ysu zsu\n1 1 .1 .2 .3\n2 1 .4 .5 .6\n", plain, 1e-15);
    /* the half set xs ys is passed over; junk in columns that nobody needs does not matter */
    expect_positions(HEAD "ITEM: ATOMS id xs ys x y z junk\n1 nan 0x1 1 2 3 1e999\n2 - ? 4 5 6 inf\n", plain, 0);
    /* tabs, blanks, CRLF, forms of numbers */
    expect_positions("ITEM: TIMESTEP\r\n10\r\nITEM: NUMBER OF ATOMS\r\n 2 \r\nITEM: BOX BOUNDS pp pp pp\r\n0 1e1\r\n0\t10.\r\n 0 10\r\n"
                     "ITEM: ATOMS id\ttype x y z\r\n 1\t1  +1 2. 3e0 \r\n2 1 0.4E+1 5 6\r\n", plain, 0);
    /* no set is whole, but every axis is there */
    expect_positions(HEAD "ITEM: ATOMS id x yu zs\n1 1 2 .3\n2 4 5 .6\n", plain, 1e-15);
    /* the tilted cell: xlo = -1.5 - min(0, 3, -1.5, 1.5) = 0, lx = 13 - 3 = 10, ly = 10.5 - 0.5 = 10 */
    static const double tilted[6] = {0.1 * 10 + 0.2 * 3 - 0.3 * 1.5, 0.2 * 10 + 0.3 * 0.5, 3, 4 + 1.5 - 0.9, 5.3, 6};
    expect_positions(TILTED "ITEM: ATOMS id type xs ys zs\n1 1 .1 .2 .3\n2 1 .4 .5 .6\n", tilted, 1e-14);
}

/* The three axes of an atom as columns of any kind: what a dump prints of fractions s in the images i. TILTED: cell at 0, edges 10,
 * xy = 3, xz = -1.5, yz = 0.5. */
static double as_column(const double s[3], const int i[3], int axis, int kind)
{
    static const double row[3][3] = {{10, 3, -1.5}, {0, 10, 0.5}, {0, 0, 10}};
    bool unwrapped = kind >= 2;
    double u[3];
    for (int d = 0; d < 3; d++)
        u[d] = s[d] + (unwrapped ? i[d] : 0);
    return kind % 2 ? u[axis] : row[axis][0] * u[0] + row[axis][1] * u[1] + row[axis][2] * u[2];
}

/* Any kinds of axes in a tilted cell, in all 64 combinations: with images they place every atom, without them those that are of
 * one wrapping, and those that no tilt joins; the others are refused with words. */
static void mixed_kinds_in_tilted_cells(void **state)
{
    (void)state;
    static const char *const suffix[] = {"", "s", "u", "su"};
    static const double s[2][3] = {{0.1, 0.2, 0.3}, {0.4, 0.5, 0.6}};
    static const int image[2][3] = {{1, -2, 3}, {0, 2, -1}};
    for (int k = 0; k < 128; k++) {
        const int kind[3] = {k & 3, k >> 2 & 3, k >> 4 & 3};
        bool with_images = k >= 64, wrapped[3] = {kind[0] < 2, kind[1] < 2, kind[2] < 2};
        char text[700];
        int used = snprintf(text, sizeof text, TILTED "ITEM: ATOMS id x%s y%s z%s%s\n", suffix[kind[0]], suffix[kind[1]], suffix[kind[2]],
                            with_images ? " ix iy iz" : "");
        for (int i = 0; i < 2; i++) {
            used += snprintf(text + used, sizeof text - (size_t)used, "%d", i + 1);
            for (int d = 0; d < 3; d++)
                used += snprintf(text + used, sizeof text - (size_t)used, " %.17g", as_column(s[i], image[i], d, kind[d]));
            if (with_images)
                used += snprintf(text + used, sizeof text - (size_t)used, " %d %d %d", image[i][0], image[i][1], image[i][2]);
            used += snprintf(text + used, sizeof text - (size_t)used, "\n");
        }
        bool alike = wrapped[0] == wrapped[1] && wrapped[1] == wrapped[2];
        bool x_apart = kind[0] % 2 == 1 || alike, y_apart = kind[1] % 2 == 1 || wrapped[1] == wrapped[2];
        struct reading r;
        read_all_ways(&r, text);
        if (!with_images && !(x_apart && y_apart)) {
            assert_true(r.status == ISD_DATA && strcmp(r.error.where, "mem:9") == 0);
            assert_non_null(strstr(r.error.what, "mixed in a tilted cell"));
            assert_non_null(strstr(r.error.hint, "ix iy iz"));
            continue;
        }
        if (r.status != ISD_OK || r.n != 1)
            fail_msg("%s%s: %s", text, r.error.where, r.error.what);
        for (int i = 0; i < 2; i++) {
            double place[3];
            const int zero[3] = {0, 0, 0}, *of = with_images ? image[i] : zero;
            isd_snapshot_unwrapped(r.frame[0], i, place);
            for (int d = 0; d < 3; d++) {
                double moved[3]; /* without images an axis that is unwrapped stays so */
                for (int e = 0; e < 3; e++)
                    moved[e] = s[i][e] + (with_images ? of[e] : wrapped[e] ? 0 : image[i][e]);
                if (!(fabs(place[d] - as_column(moved, zero, d, 0)) < 1e-13))
                    fail_msg("%saxis %d: %.17g, expected %.17g", text, d, place[d], as_column(moved, zero, d, 0));
            }
        }
        bool all_unwrapped = !wrapped[0] && !wrapped[1] && !wrapped[2];
        assert_true(isd_snapshot_can_unwrap(r.frame[0]) == (with_images || all_unwrapped));
        reading_done(&r);
    }
}

/* A turned cell: a along y, b along -x, c along z. Scaled axes are those of the cell, the others those of the file; two that say
 * the same are too few. */
static void mixed_kinds_in_turned_cells(void **state)
{
    (void)state;
    static const char head[] = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS abc origin pp pp pp\n0 4 0 1\n-3 0 0 2\n0 0 5 3\n";
    char text[400];
    struct reading plain, r;
    snprintf(text, sizeof text, "%sITEM: ATOMS id x y z\n1 0.25 3 4\n2 -1.25 4 5.5\n", head);
    read_all_ways(&plain, text);
    snprintf(text, sizeof text, "%sITEM: ATOMS id xs x y zs\n1 0.25 0.25 3 .2\n2 0.5 -1.25 4 .5\n", head); /* zs stands in for z */
    read_all_ways(&r, text);
    assert_true(plain.status == ISD_OK && r.status == ISD_OK);
    for (int k = 0; k < 6; k++)
        assert_true(fabs(plain.frame[0]->position[k] - r.frame[0]->position[k]) < 1e-14);
    reading_done(&plain);
    reading_done(&r);
    snprintf(text, sizeof text, "%sITEM: ATOMS id xs y z\n1 0.25 3 4\n2 0.5 4 5.5\n", head); /* xs is y here */
    read_all_ways(&r, text);
    assert_true(r.status == ISD_DATA && strstr(r.error.what, "do not say together") != NULL);
}

static void images(void **state)
{
    (void)state;
    struct reading r;
    read_all_ways(&r, HEAD "ITEM: ATOMS id xu yu zu x y z ix iy iz\n1 21 2 -7 1 2 3 2 0 -1\n2 4 5 6 4 5 6 0 0 0\n");
    assert_int_equal(r.status, ISD_OK);
    assert_non_null(r.frame[0]->image);
    assert_false(r.frame[0]->unwrapped);
    double u[3];
    isd_snapshot_unwrapped(r.frame[0], 0, u);
    assert_true(u[0] == 21 && u[1] == 2 && u[2] == -7);
    reading_done(&r);
    read_all_ways(&r, HEAD "ITEM: ATOMS id xu yu zu ix iy iz\n1 21 2 -7 2 0 -1\n2 4 5 6 0 0 0\n");
    assert_true(r.status == ISD_OK && r.frame[0]->unwrapped && r.frame[0]->image == NULL && r.frame[0]->position[0] == 21);
    reading_done(&r);
    /* two axes with images, one unwrapped: its image is 0 */
    read_all_ways(&r, HEAD "ITEM: ATOMS id x y zu ix iy\n1 1 2 -7 2 0\n2 4 5 6 0 0\n");
    assert_true(r.status == ISD_OK && r.frame[0]->image != NULL && r.frame[0]->image[0] == 2 && r.frame[0]->image[2] == 0);
    reading_done(&r);
    read_all_ways(&r, HEAD "ITEM: ATOMS id x y z ix iy\n1 1 2 3 2 0\n2 4 5 6 0 0\n");
    assert_true(r.status == ISD_OK && !isd_snapshot_can_unwrap(r.frame[0]));
    reading_done(&r);
}

static void boxes(void **state)
{
    (void)state;
    struct reading r;
    read_all_ways(&r, TILTED "ITEM: ATOMS id type x y z\n1 1 1 2 3\n2 2 4 5 6\n");
    assert_int_equal(r.status, ISD_OK);
    const isd_box *box = &r.frame[0]->box;
    assert_true(box->origin[0] == 0 && box->lx == 10 && box->ly == 10 && box->lz == 10);
    assert_true(box->xy == 3 && box->xz == -1.5 && box->yz == 0.5);
    reading_done(&r);
    /* a along y, b along -x: a quarter turn about z through the origin of the cell */
    read_all_ways(&r, "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS abc origin pp pp ff\n0 4 0 1\n-3 0 0 2\n0 0 5 3\n"
                      "ITEM: ATOMS id type x y z\n1 1 0 4 4\n");
    assert_int_equal(r.status, ISD_OK);
    box = &r.frame[0]->box;
    assert_true(fabs(box->lx - 4) < 1e-15 && fabs(box->ly - 3) < 1e-15 && fabs(box->lz - 5) < 1e-15 && fabs(box->xy) < 1e-15);
    assert_true(box->origin[0] == 1 && box->origin[1] == 2 && box->origin[2] == 3 && !box->periodic[2]);
    assert_true(fabs(r.frame[0]->position[0] - 3) < 1e-14 && fabs(r.frame[0]->position[1] - 3) < 1e-14);
    reading_done(&r);
    /* in LAMMPS' form already: bit for bit */
    read_all_ways(&r, "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS abc origin pp pp pp\n4 0 0 1\n0.1 3 0 2\n0.2 0.3 5 3\n"
                      "ITEM: ATOMS id type x y z\n1 1 0.7 4 4\n");
    assert_true(r.status == ISD_OK && r.frame[0]->box.xy == 0.1 && r.frame[0]->box.yz == 0.3 && r.frame[0]->position[0] == 0.7);
    reading_done(&r);
}

static void two_dimensions(void **state)
{
    (void)state;
    struct reading r;
    read_all_ways(&r, HEAD "ITEM: ATOMS id x y\n1 1 2\n2 3 4\n");
    assert_true(r.status == ISD_OK && r.frame[0]->box.dim == 2 && r.frame[0]->position[2] == 0);
    reading_done(&r);
    read_all_ways(&r, HEAD "ITEM: ATOMS id xs ys zs\n1 .1 .2 .5\n2 .3 .4 .5\n");
    assert_true(r.status == ISD_OK && r.frame[0]->box.dim == 2 && r.frame[0]->position[5] == 5);
    reading_done(&r);
    read_all_ways(&r, HEAD "ITEM: ATOMS id x y z\n1 1 2 3\n2 3 4 3.0000000001\n");
    assert_true(r.status == ISD_OK && r.frame[0]->box.dim == 3);
    reading_done(&r);
    /* flat: fine in two dimensions, refused in three */
    const char *flat = "ITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 0\nITEM: ATOMS id x y z\n1 1 2 0\n2 3 4 %d\n";
    char text[300];
    snprintf(text, sizeof text, flat, 0);
    read_all_ways(&r, text);
    assert_true(r.status == ISD_OK && r.frame[0]->box.dim == 2);
    reading_done(&r);
    snprintf(text, sizeof text, flat, 1);
    read_all_ways(&r, text);
    assert_int_equal(r.status, ISD_DATA);
    assert_string_equal(r.error.where, "mem:4");
    reading_done(&r);
}

static void ids_and_types(void **state)
{
    (void)state;
    struct reading r;
    read_all_ways(&r, HEAD "ITEM: ATOMS id type x y z\n900000000000 3 1 2 3\n7 1 4 5 6\n");
    assert_true(r.status == ISD_OK && r.frame[0]->id[0] == 7 && r.frame[0]->type[0] == 1 && r.frame[0]->position[0] == 4);
    assert_true(r.frame[0]->id[1] == 900000000000 && r.frame[0]->n_types == 3 && r.frame[0]->has_ids);
    reading_done(&r);
    read_all_ways(&r, HEAD "ITEM: ATOMS x y z\n1 2 3\n4 5 6\n");
    assert_true(r.status == ISD_OK && !r.frame[0]->has_ids && r.frame[0]->id[1] == 2 && r.frame[0]->type[1] == 1);
    reading_done(&r);
    read_all_ways(&r, HEAD "ITEM: ATOMS id type element x y z\n2 2 Ni 1 2 3\n1 1 P 4 5 6\n");
    assert_true(r.status == ISD_OK);
    assert_string_equal(r.frame[0]->element[1], "P");
    assert_string_equal(r.frame[0]->element[2], "Ni");
    reading_done(&r);
    /* element alone: numbered by first appearance, the same in the next frame although the order differs */
    read_all_ways(&r, HEAD "ITEM: ATOMS id element x y z\n2 Ni 1 2 3\n1 P 4 5 6\n" HEAD
                           "ITEM: ATOMS id element x y z\n1 P 1 2 3\n2 Ni 4 5 6\n");
    assert_int_equal(r.n, 2);
    for (int k = 0; k < 2; k++) {
        assert_true(r.frame[k]->type[0] == 2 && r.frame[k]->type[1] == 1);
        assert_string_equal(r.frame[k]->element[1], "Ni");
        assert_string_equal(r.frame[k]->element[2], "P");
    }
    reading_done(&r);
    read_all_ways(&r, HEAD "ITEM: ATOMS id type element x y z\n2 1 Ni 1 2 3\n1 1 P 4 5 6\n");
    assert_true(r.status == ISD_OK && r.n_notes == 1 && !r.marked);
    assert_non_null(strstr(r.notes, "different elements"));
    reading_done(&r);
}

static void long_lines(void **state)
{
    (void)state;
    size_t size = 3 << 20;
    char *text = malloc(size);
    assert_non_null(text);
    int used = snprintf(text, size, HEAD "ITEM: ATOMS id junk x y z\n1 ");
    memset(text + used, 'j', 2 << 20);
    snprintf(text + used + (2 << 20), size - (size_t)used - (2 << 20), " 1 2 3\n2 j 4 5 6\n");
    struct reading r;
    read_text(&r, text);
    assert_true(r.status == ISD_OK && r.n == 1 && r.frame[0]->position[0] == 1);
    reading_done(&r);
    used = snprintf(text, size, "ITEM: NOTHING\n");
    memset(text + used, 'j', 2 << 20);
    snprintf(text + used + (2 << 20), size - (size_t)used - (2 << 20), "\n" FRAME);
    read_text(&r, text);
    assert_true(r.status == ISD_OK && r.n == 1);
    reading_done(&r);
    free(text);
}

/* Refused: where, and a part of what is said. */
static const struct {
    const char *text, *where, *what;
} REFUSED[] = {
    {"", "mem", "empty"},
    {" \n\n", "mem", "white space"},
    {"hello\nworld\n", "mem", "no snapshot"},
    {"\n# a comment\nITEM: TIMESTEP\n", "mem", "no snapshot"},
    {"ITEM: TIMESTEP\n1.5\n", "mem:2", "'1.5', expected a whole number"},
    {"ITEM: TIMESTEP\n99999999999999999999\n", "mem:2", "expected a whole number that fits 64 bits"},
    {"ITEM: NUMBER OF ATOMS\n2147483648\n", "mem:2", "claims 2147483648 atoms"},
    {"ITEM: NUMBER OF ATOMS\n-1\n", "mem:2", "claims -1 atoms"},
    {"ITEM: NUMBER OF ATOMS\n9223372036854775808\n", "mem:2", "fits 64 bits"},
    {"ITEM: NUMBER OF ATOMS\n1e6\n", "mem:2", "'1e6'"},
    {"ITEM: NUMBER OF ATOMS\n2147483647\nITEM: BOX BOUNDS\n0 1\n0 1\n0 1\nITEM: ATOMS id x y z\n1 0 0 0\n", "mem:8", "claims 2147483647 atoms"},
    {"ITEM: TIME\nsoon\n", "mem:2", "expected a number"},
    {"ITEM: UNITS\n\x1b]52;c;aGVsbG8=\x07xxxxxxxxxxxxx\n", "mem:2", "\\x1b]52"},
    {"ITEM: TIMESTEP\n0\nITEM: TIMESTEP\n0\n", "mem:3", "twice"},
    {"ITEM: NUMBER OF ATOMS\n1\nITEM: ATOMS id x y z\n1 0 0 0\n", "mem:3", "BOX BOUNDS"},
    {"ITEM: BOX BOUNDS\n0 1\n0 1\n0 1\nITEM: ATOMS id x y z\n1 0 0 0\n", "mem:5", "NUMBER OF ATOMS"},
    {"ITEM: BOX BOUNDS\n0 1\n0 0\n0 1\nITEM: NUMBER OF ATOMS\n0\nITEM: ATOMS id x y z\n", "mem:2", NULL},
    {"ITEM: BOX BOUNDS\n0 1\n3 2\n0 1\n", "mem:3", "from 3 to 2 along y"},
    {"ITEM: BOX BOUNDS\n0 nan\n", "mem:2:3", "'nan'"},
    {"ITEM: BOX BOUNDS\n-1e308 1e999\n", "mem:2:8", "'1e999'"},
    {"ITEM: BOX BOUNDS\n-1.7e308 1.7e308\n0 1\n0 1\n", "mem:2", NULL},
    {"ITEM: BOX BOUNDS\n0\n", "mem:2:2", "number 2 of 2"},
    {"ITEM: BOX BOUNDS\n0 1 2\n", "mem:2:5", "more than 2"},
    {"ITEM: BOX BOUNDS xy xz yz\n0 1\n", "mem:2:4", "number 3 of 3"},
    {"ITEM: BOX BOUNDS xy xz yz pp pp pp\n0 2 5\n0 1 0\n0 1 0\n", "mem:2", NULL},
    {"ITEM: BOX BOUNDS pp qq pp\n0 1\n", "mem:1:21", "flag 'qq'"},
    {"ITEM: BOX BOUNDS abc origin pp pp pp\n1 0 0 0\n0 1 0 0\n0 0 -1 0\n", "mem:2", "right-handed"},
    {"ITEM: BOX BOUNDS abc origin pp pp pp\n1 1 0 0\n2 2 0 0\n0 0 1 0\n", "mem:2", "right-handed"},
    {HEAD "ITEM: ATOMS\n1 1\n", "mem:9", "no columns"},
    {HEAD "ITEM: ATOMS id type vx vy vz\n1 1 0 0 0\n1 1 0 0 0\n", "mem:9", "no complete set"},
    {HEAD "ITEM: ATOMS id type x\n1 1 0\n1 1 0\n", "mem:9", "no complete set"},
    {TILTED "ITEM: ATOMS id x y zu\n1 0 0 0\n2 0 0 0\n", "mem:9", "mixed in a tilted cell"},
    {HEAD "ITEM: ATOMS id x y z\n0 0 0 0\n2 0 0 0\n", "mem:10:1", "'0', expected an atom id"},
    {HEAD "ITEM: ATOMS id x y z\n1 0 0 0\n-2 0 0 0\n", "mem:11:1", "'-2', expected an atom id"},
    {HEAD "ITEM: ATOMS id x y z\n5 0 0 0\n5 0 0 1\n", "mem:9", "id 5"},
    {HEAD "ITEM: ATOMS id x y z\n1.0 0 0 0\n2 0 0 1\n", "mem:10:1", "atom id"},
    {HEAD "ITEM: ATOMS id x y z\n1 nan 0 0\n2 0 0 1\n", "mem:10:3", "'nan', expected a finite"},
    {HEAD "ITEM: ATOMS id x y z\n1 0 -inf 0\n2 0 0 1\n", "mem:10:5", "'-inf'"},
    {HEAD "ITEM: ATOMS id x y z\n1 0 0 0x1p3\n2 0 0 1\n", "mem:10:7", "'0x1p3'"},
    {HEAD "ITEM: ATOMS id x y z\n1 0 0 1e999\n2 0 0 1\n", "mem:10:7", "'1e999'"},
    {HEAD "ITEM: ATOMS id x y z\n1 0 0 1,5\n2 0 0 1\n", "mem:10:7", "'1,5'"},
    {HEAD "ITEM: ATOMS id xs y z\n1 1e308 0 1\n2 0 0 1\n", "mem:9", "overflows"},
    {HEAD "ITEM: ATOMS id type x y z\n1 0 0 0 1\n2 1 0 0 1\n", "mem:10:3", "atom type"},
    {HEAD "ITEM: ATOMS id type x y z\n1 65 0 0 1\n2 1 0 0 1\n", "mem:10:3", "atom type"},
    {HEAD "ITEM: ATOMS id type x y z\n1 Ni 0 0 1\n2 1 0 0 1\n", "mem:10:3", "atom type"},
    {HEAD "ITEM: ATOMS id x y z ix iy iz\n1 0 0 0 3000000000 0 0\n2 0 0 1 0 0 0\n", "mem:10:9", "image count"},
    {HEAD "ITEM: ATOMS id element x y z\n1 abcdefghijklmnop 0 0 0\n2 a 0 0 1\n", "mem:10:3", "element"},
    {HEAD "ITEM: ATOMS id x y z\n1 0.25 0.5\n2 0 0 1\n", "mem:10", "has 3 values, ITEM: ATOMS names 4"},
    {HEAD "ITEM: ATOMS id x y z\n1 0 0 0 0\n2 0 0 1\n", "mem:10:9", "end of the line"},
    {HEAD "ITEM: ATOMS id x y z\n1 0 0 0\n\n2 0 0 1\n", "mem:11", "has 0 values"},
    {HEAD "ITEM: ATOMS id x y z\n1 0 0 0\nITEM: TIMESTEP\n20\n", "mem:11", "claims 2 atoms and has 1 line before"},
    {HEAD "ITEM: ATOMS id x y z\n1 0 0 0\n2 0 0 1\n3 0 0 2\n", "mem:12:1", "begins with ITEM:"},
    {HEAD "ITEM: ATOMS id x y z\n1 0.125 0.125 0.125\n", "mem:11", "claims 2 atoms and has 1 whole line"},
    {HEAD "ITEM: ATOMS id x y z\n1 0.125 0.125 0.125\n2 0 0", "mem:11", "claims 2 atoms and has 1 whole line"},
    {HEAD, "mem:9", "inside its header"},
    {"ITEM: TIMESTEP", "mem:1", "inside its header"},
    {"ITEM: TIMESTEP\n0\nITEM: NUMBER OF ENTRIES\n3\nITEM: BOX BOUNDS\n0 1\n0 1\n0 1\nITEM: ENTRIES c_1\n1\n2\n3\n", "mem:9", "local"},
    /* a later frame that is wrong, not cut, spoils the file */
    {FRAME HEAD "ITEM: ATOMS id x y z\n1 0 0 0\n2 0 zero 1\n" FRAME, "mem:22:5", "'zero'"},
};

static void refusals(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof REFUSED / sizeof *REFUSED; k++) {
        struct reading r;
        read_all_ways(&r, REFUSED[k].text);
        if (r.status != ISD_DATA || strcmp(r.error.where, REFUSED[k].where) != 0 ||
            (REFUSED[k].what != NULL && strstr(r.error.what, REFUSED[k].what) == NULL))
            fail_msg("case %zu: status %d, '%s: %s', expected '%s: ...%s...'", k, (int)r.status, r.error.where, r.error.what,
                     REFUSED[k].where, REFUSED[k].what != NULL ? REFUSED[k].what : "");
        assert_true(r.error.what[0] != '\0');
        assert_null(strpbrk(r.error.what, "\x1b\x07"));
        reading_done(&r);
    }
}

static void nul_bytes(void **state)
{
    (void)state;
    static const char text[] = FRAME HEAD "ITEM: ATOMS id x y z junk\n1 0 0 0 j\0k\n2 0 0 0 j\n";
    static const size_t chunk[] = {0, 1, 7, 65536};
    for (int k = 0; k < 4; k++) {
        struct reading r;
        reading_init(&r, text, sizeof text - 1, chunk[k], false);
        assert_int_equal(r.status, ISD_DATA);
        assert_string_equal(r.error.where, "mem:21:10");
        assert_non_null(strstr(r.error.what, "NUL"));
        assert_int_equal(r.n, 1);
        reading_done(&r);
    }
}

/* Cut anywhere: whole frames before it are given, the cut one never, and not in silence. */
static void cut_anywhere(void **state)
{
    (void)state;
    static const char text[] = FRAME FRAME FRAME;
    size_t frame = strlen(FRAME);
    for (size_t length = 0; length < sizeof text; length++) {
        struct reading r;
        reading_init(&r, text, length, length % 3 == 0 ? 5 : 0, false);
        size_t whole = length / frame, rest = length % frame;
        if (rest == frame - 1) { /* only the last newline is missing */
            assert_int_equal(r.status, ISD_OK);
            assert_int_equal(r.n, whole + 1);
            assert_true(!r.marked && r.n_notes == 1 && strstr(r.notes, "newline") != NULL);
        } else if (whole == 0) {
            assert_int_equal(r.status, ISD_DATA);
            assert_int_equal(r.n, 0);
        } else {
            assert_int_equal(r.status, ISD_OK);
            assert_int_equal(r.n, whole);
            assert_int_equal(r.marked, rest != 0);
            assert_int_equal(r.n_notes, rest != 0);
        }
        reading_done(&r);
    }
}

static void huge_claims_are_cheap(void **state)
{
    (void)state;
    const char *text = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2147483647\nITEM: BOX BOUNDS pp pp pp\n0 1\n0 1\n0 1\n"
                       "ITEM: ATOMS id type x y z\n1 1 0 0 0\n";
    unsigned char gz[1000];
    size_t used = 0;
    gz_append(gz, sizeof gz, &used, text, strlen(text));
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    double start = clock_now();
    struct reading plain, packed;
    read_text(&plain, text);
    reading_init(&packed, gz, used, 0, false);
    double seconds = clock_now() - start;
    getrusage(RUSAGE_SELF, &after);
    assert_true(plain.status == ISD_DATA && packed.status == ISD_DATA);
    assert_true(plain.n == 0 && packed.n == 0);
    assert_true(seconds < 0.02); /* two of them */
#if !defined(__SANITIZE_ADDRESS__)
    assert_true(after.ru_maxrss - before.ru_maxrss < 1024);
#endif
}

/* Any damage to a sound file: no crash, no endless loop, and the same outcome for any chunk size. */
static void mutations(void **state)
{
    (void)state;
    static const char seed[] = "ITEM: UNITS\nlj\nITEM: TIME\n1.5\n" FRAME TILTED
        "ITEM: ATOMS id element xs ys zs ix iy iz\n1 A .1 .2 .3 0 0 1\n2 B .4 .5 .6 0 -1 0\n" HEAD "ITEM: ATOMS xu yu id\n1 2 5\n3 4 4\n";
    static const char alphabet[] = "0123456789-+.eE \t\n\r\0nxITEM:\x1b\xff";
    struct rng rng;
    rng_init(&rng, 99);
    char text[sizeof seed + 64];
    for (int round = 0; round < 10000; round++) {
        size_t length = sizeof seed - 1;
        memcpy(text, seed, length);
        for (uint32_t edits = 1 + rng_below(&rng, 4); edits > 0; edits--) {
            size_t at = rng_below(&rng, (uint32_t)length), many = 1 + rng_below(&rng, 12);
            char c = alphabet[rng_below(&rng, sizeof alphabet - 1)];
            switch (rng_below(&rng, 3)) {
            case 0:
                text[at] = c;
                break;
            case 1:
                if (length < sizeof text) {
                    memmove(text + at + 1, text + at, length - at);
                    text[at] = c;
                    length++;
                }
                break;
            default:
                many = many < length - at ? many : length - at;
                memmove(text + at, text + at + many, length - at - many);
                length -= many;
                break;
            }
        }
        struct reading a, b;
        reading_init(&a, text, length, 0, false);
        reading_init(&b, text, length, 1 + rng_below(&rng, 30), false);
        if (!same_reading(&a, &b))
            fail_msg("round %d: '%s: %s' against '%s: %s'\n%.*s", round, a.error.where, a.error.what, b.error.where,
                     b.error.what, (int)length, text);
        reading_done(&a);
        reading_done(&b);
    }
}

/* Two types of one element are one species when the user says so. */
static void by_element(void **state)
{
    (void)state;
    static const char text[] = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n3\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\n"
                               "ITEM: ATOMS id type element x y z\n1 3 Si 1 1 1\n2 2 O 2 2 2\n3 1 Si 3 3 4\n";
    const struct format_options format = {.by_element = true};
    struct reading r;
    reading_init_as(&r, text, strlen(text), 0, &format);
    assert_true(r.status == ISD_OK && r.n == 1);
    const isd_snapshot *s = r.frame[0];
    assert_true(s->type[0] == 1 && s->type[1] == 2 && s->type[2] == 1 && s->n_types == 2);
    assert_string_equal(s->element[2], "O");
    reading_done(&r);
    reading_init(&r, text, strlen(text), 0, false);
    assert_true(r.n == 1 && r.frame[0]->type[0] == 3 && r.frame[0]->n_types == 3);
    reading_done(&r);
}

static void cancel(void **state)
{
    (void)state;
    isd_control *control = isd_control_new();
    assert_non_null(control);
    struct source *source = NULL;
    isd_reader *reader = NULL;
    isd_error err;
    const struct reader_options options = {.chunk = 64};
    /* more than is looked at to find the format */
    const size_t copies = 2 * FORMAT_HEAD / strlen(FRAME) + 2, size = copies * strlen(FRAME);
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t k = 0; k < copies; k++)
        memcpy(text + k * strlen(FRAME), FRAME, strlen(FRAME));
    assert_int_equal(source_open_memory("mem", text, size, 64, false, &source, &err), ISD_OK);
    assert_int_equal(reader_open_source(source, &options, NULL, NULL, control, &reader, &err), ISD_OK);
    assert_true(isd_control_fraction(control) > 0 && isd_control_fraction(control) < 1);
    isd_control_cancel(control);
    isd_snapshot *s = NULL;
    assert_int_equal(reader_next(reader, &s, NULL, &err), ISD_CANCELLED);
    assert_null(s);
    isd_reader_close(reader);
    isd_control_free(control);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(huge_claims_are_cheap), /* first: it looks at the memory of the process */
        cmocka_unit_test(header_items),  cmocka_unit_test(periodic_without_flags), cmocka_unit_test(column_sets),
        cmocka_unit_test(mixed_kinds_in_tilted_cells), cmocka_unit_test(mixed_kinds_in_turned_cells),
        cmocka_unit_test(images),        cmocka_unit_test(boxes),                  cmocka_unit_test(two_dimensions),
        cmocka_unit_test(ids_and_types), cmocka_unit_test(long_lines),             cmocka_unit_test(refusals),
        cmocka_unit_test(nul_bytes),     cmocka_unit_test(cut_anywhere),           cmocka_unit_test(mutations),
        cmocka_unit_test(by_element), cmocka_unit_test(cancel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
