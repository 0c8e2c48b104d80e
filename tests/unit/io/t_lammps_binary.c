/* LAMMPS binary dumps of all revisions and both byte orders, put together here. SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"

#include <math.h>

#include "bytes.h"

static void put_head(struct bytes *b, int revision, int64_t step, int64_t n, int32_t triclinic)
{
    if (revision > 0) {
        put_int64(b, -8);
        put_raw(b, "DUMPATOM", 8);
        put_int32(b, 1);
        put_int32(b, revision);
    }
    put_int64(b, step);
    put_int64(b, n);
    put_int32(b, triclinic);
    for (int k = 0; k < 6; k++)
        put_int32(b, k / 2 == 2); /* p p f */
    static const double orthogonal[6] = {0, 4, 1, 6, 0, 8}, tilted[9] = {-1, 5, 1, 6, 0, 8, 1, -1, 0}, general[12] = {0, 4, 0, -5, 0, 0, 0, 0, 8, 1, 1, 1};
    const double *v = triclinic == 0 ? orthogonal : triclinic == 1 ? tilted : general;
    for (int k = 0; k < (triclinic == 0 ? 6 : triclinic == 1 ? 9 : 12); k++)
        put_double(b, v[k]);
}

static void put_names(struct bytes *b, const char *units, bool time, const char *columns)
{
    put_int32(b, (int32_t)strlen(units));
    put_raw(b, units, strlen(units));
    b->data[b->n++] = time;
    if (time)
        put_double(b, 2.5);
    put_int32(b, (int32_t)strlen(columns));
    put_raw(b, columns, strlen(columns));
}

static void put_chunk(struct bytes *b, const double *values, int n)
{
    put_int32(b, n);
    for (int k = 0; k < n; k++)
        put_double(b, values[k]);
}

static void read_bytes(struct reading *r, const struct bytes *b, size_t chunk)
{
    reading_init(r, b->data, b->n, chunk, false);
}

static void old_files(void **state)
{
    (void)state;
    static const double rows[10] = {7, 2, 0.25, 0.5, 0.75, 3, 1, 0, 0, 1};
    for (int big = 0; big < 2; big++) {
        struct bytes b = {.big = big};
        struct reading r;
        for (int k = 0; k < 2; k++) {
            put_head(&b, 0, 100 * k, 2, 0);
            put_int32(&b, 5);
            put_int32(&b, 1);
            put_chunk(&b, rows, 10);
        }
        read_bytes(&r, &b, 3);
        assert_true(r.status == ISD_OK && r.n == 2 && r.n_notes == 1); /* the columns, said once */
        assert_non_null(strstr(r.notes, "id type xs ys zs"));
        const isd_snapshot *s = r.frame[1];
        assert_true(s->step == 100 && s->id[0] == 3 && s->id[1] == 7 && s->type[1] == 2);
        assert_true(s->position[3] == 1 && s->position[4] == 3.5 && s->position[5] == 6);
        assert_true(s->box.origin[1] == 1 && s->box.periodic[1] && !s->box.periodic[2]);
        reading_done(&r);
    }
}

static void named_columns(void **state)
{
    (void)state;
    static const double first[8] = {7, 2, 1, 2, 3, 0, -1, 0}, second[8] = {3, 1, 4, 2, 3, 1, 0, 0};
    for (int big = 0; big < 2; big++) {
        struct bytes b = {.big = big};
        struct reading r;
        put_head(&b, 2, 50, 2, 1);
        put_int32(&b, 8);
        put_names(&b, "lj", true, "id type x y z ix iy iz");
        put_int32(&b, 3);
        put_chunk(&b, first, 8);
        put_chunk(&b, NULL, 0);
        put_chunk(&b, second, 8);
        read_bytes(&r, &b, 1);
        assert_true(r.status == ISD_OK && r.n == 1 && r.n_notes == 0);
        const isd_snapshot *s = r.frame[0];
        assert_true(s->has_time && s->time == 2.5 && strcmp(s->units, "lj") == 0);
        /* the bounding box is undone: xlo - min(0, xy, xz, xy + xz) */
        assert_true(s->box.origin[0] == 0 && s->box.lx == 4 && s->box.xy == 1 && s->box.xz == -1);
        assert_true(s->id[0] == 3 && s->position[0] == 4 && s->image[0] == 1 && s->image[4] == -1);
        reading_done(&r);
    }
    struct bytes b = {0};
    struct reading r;
    put_head(&b, 2, 50, 1, 1);
    put_int32(&b, 8);
    put_names(&b, "\r", false, "id type x y z ix iy iz"); /* no word: nothing that could be written again */
    put_int32(&b, 1);
    put_chunk(&b, first, 8);
    read_bytes(&r, &b, 1);
    assert_true(r.status == ISD_OK && r.n == 1 && r.frame[0]->units[0] == '\0');
    reading_done(&r);
    b = (struct bytes){0};
    static const double row[3] = {1, 3.5, 1}; /* the middle of a, b from the origin */
    put_head(&b, 2, 0, 1, 2);
    put_int32(&b, 3);
    put_names(&b, "", false, "x y z");
    put_int32(&b, 1);
    put_chunk(&b, row, 3);
    read_bytes(&r, &b, 0);
    assert_true(r.status == ISD_OK && r.n == 1);
    double f[3];
    isd_box_to_fraction(&r.frame[0]->box, r.frame[0]->position, f);
    assert_true(fabs(f[0] - 0.625) < 1e-12 && fabs(f[1]) < 1e-12 && fabs(f[2]) < 1e-12);
    assert_non_null(strstr(r.notes, "turned"));
    reading_done(&r);
}

/* Columns of an old file as the user names them. */
static void given_columns(void **state)
{
    (void)state;
    static const double rows[7] = {9.5, 1, 2, 3, 4, 2, 12};
    const struct format_options format = {.columns = "vx,q,x,y,z,type,id"};
    struct bytes b = {0};
    struct reading r;
    put_head(&b, 0, 0, 1, 0);
    put_int32(&b, 7);
    put_int32(&b, 1);
    put_chunk(&b, rows, 7);
    reading_init_as(&r, b.data, b.n, 0, &format);
    assert_true(r.status == ISD_OK && r.n == 1 && r.n_notes == 0);
    assert_true(r.frame[0]->id[0] == 12 && r.frame[0]->type[0] == 2 && r.frame[0]->position[1] == 3);
    reading_done(&r);
}

/* Cut at every byte: the first frame or an error, never more. */
static void cuts(void **state)
{
    (void)state;
    static const double rows[6] = {1, 1, 1, 2, 2, 2};
    struct bytes b = {0};
    for (int k = 0; k < 2; k++) {
        put_head(&b, 2, k, 2, 0);
        put_int32(&b, 3);
        put_names(&b, "", false, "x y z");
        put_int32(&b, 1);
        put_chunk(&b, rows, 6);
    }
    size_t half = b.n / 2;
    for (size_t n = 16; n < 2 * half; n++) {
        struct reading r;
        reading_init(&r, b.data, n, 0, false);
        bool good = n < half ? r.status == ISD_DATA && r.n == 0 : r.status == ISD_OK && r.n == 1 && r.marked == (n > half);
        if (!good)
            fail_msg("cut at %zu of %zu: status %d, %d frames, %s", n, half, r.status, r.n, r.error.what);
        reading_done(&r);
    }
}

static void refuse(const struct bytes *b, const char *what)
{
    struct reading r;
    read_bytes(&r, b, 0);
    if (r.status == ISD_OK || strstr(r.error.what, what) == NULL || strstr(r.error.where, "mem: byte ") == NULL)
        fail_msg("status %d, '%s: %s', expected ...%s...", r.status, r.error.where, r.error.what, what);
    reading_done(&r);
}

static void refusals(void **state)
{
    (void)state;
    static const double rows[8] = {1, 2, 1, 1, 1, 0, 0, 0};
    struct bytes b = {0};
    put_head(&b, 0, 0, 1, 0);
    put_int32(&b, 7); /* columns that nobody names */
    put_int32(&b, 1);
    put_chunk(&b, rows, 7);
    refuse(&b, "does not name its 7 columns");
    b.n = 0;
    put_head(&b, 0, 0, 2000000000, 0); /* far more than there is */
    put_int32(&b, 5);
    put_int32(&b, 1);
    put_chunk(&b, rows, 5);
    refuse(&b, "claims 2000000000 atoms");
    b.n = 0;
    put_head(&b, 2, 0, 1, 0);
    put_int32(&b, 5);
    put_names(&b, "", false, "id type x y z");
    put_int32(&b, 1);
    put_chunk(&b, rows, 8); /* not a multiple */
    refuse(&b, "a piece of 8 numbers");
    b.n = 0;
    put_head(&b, 2, 0, 1, 0);
    put_int32(&b, 4);
    put_names(&b, "", false, "id type x y z");
    refuse(&b, "5 columns are named, each atom has 4 numbers");
    b.n = 0;
    put_head(&b, 3, 0, 1, 0);
    refuse(&b, "revision 3");
    static const double wrong[5] = {1.5, 1, 0, 0, 0};
    b.n = 0;
    put_head(&b, 2, 0, 1, 0);
    put_int32(&b, 5);
    put_names(&b, "", false, "id type x y z");
    put_int32(&b, 1);
    put_chunk(&b, wrong, 5);
    refuse(&b, "has 1.5 in column 1");
    b.n = 0;
    put_head(&b, 2, 0, 1, 0);
    put_int32(&b, 5);
    put_names(&b, "", true, "id type x y z");
    memset(b.data + b.n - 4 - strlen("id type x y z") - 8, 0xff, 8);
    put_int32(&b, 1);
    put_chunk(&b, rows, 5);
    refuse(&b, "time of frame 0 is no finite number");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_files), cmocka_unit_test(named_columns), cmocka_unit_test(given_columns), cmocka_unit_test(cuts), cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
