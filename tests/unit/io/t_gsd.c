/* GSD files of both versions, put together here. SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"

#include <math.h>

#include "bytes.h"

static const char *const names[] = {"configuration/step", "configuration/box", "particles/N", "particles/position",
                                    "particles/typeid", "particles/types", "particles/image"};
#define N_NAMES 7
#define INDEX_ROOM 32

struct maker {
    struct bytes b;
    struct bytes index;
    int version;
};

static void begin(struct maker *m, int version)
{
    memset(m, 0, sizeof *m);
    m->version = version;
    m->b.n = 256; /* the header comes last */
}

/* The next chunk's place in the index; its data follows. */
static void chunk(struct maker *m, uint64_t frame, int name, int type, uint64_t rows, uint32_t columns)
{
    put_int64(&m->index, (int64_t)frame);
    put_int64(&m->index, (int64_t)rows);
    put_int64(&m->index, (int64_t)m->b.n);
    put_int32(&m->index, (int32_t)columns);
    put_number(&m->index, (uint64_t)name, 2);
    put_number(&m->index, (uint64_t)type, 1);
    put_number(&m->index, 0, 1);
}

static void floats(struct maker *m, uint64_t frame, int name, uint64_t rows, uint32_t columns, const float *v)
{
    chunk(m, frame, name, 9, rows, columns);
    for (uint64_t k = 0; k < rows * columns; k++)
        put_float(&m->b, v[k]);
}

static void finish(struct maker *m)
{
    size_t name_place = m->b.n;
    for (int k = 0; k < N_NAMES; k++) {
        size_t from = m->b.n;
        put_raw(&m->b, names[k], strlen(names[k]) + 1);
        if (m->version == 1)
            m->b.n = from + 64;
    }
    m->b.n = name_place + 64 * N_NAMES;
    size_t index_place = m->b.n, end = index_place + 32 * INDEX_ROOM;
    put_raw(&m->b, m->index.data, m->index.n);
    m->b.n = 0;
    put_number(&m->b, 0x65df65df65df65dfull, 8);
    put_int64(&m->b, (int64_t)index_place);
    put_int64(&m->b, INDEX_ROOM);
    put_int64(&m->b, (int64_t)name_place);
    put_int64(&m->b, N_NAMES);
    put_int32(&m->b, 0x10003);
    put_int32(&m->b, m->version << 16);
    m->b.n = 112;
    put_raw(&m->b, "hoomd", 6);
    m->b.n = end;
}

/* Three frames: the second leaves out what is as in the first, the third has an atom fewer and a box of its own. */
static void make(struct maker *m, int version)
{
    static const float box[6] = {4, 5, 8, 0.5, 0, -0.25}, wide[6] = {6, 5, 8, 0, 0, 0};
    static const float r[9] = {0, 0, 0, 1, 1, 1, -1, -2, -3}, moved[9] = {0.5, 0, 0, 1, 1, 1, -1, -2, -3};
    begin(m, version);
    chunk(m, 0, 0, 4, 1, 1);
    put_int64(&m->b, 7);
    floats(m, 0, 1, 6, 1, box);
    chunk(m, 0, 2, 3, 1, 1);
    put_int32(&m->b, 3);
    floats(m, 0, 3, 3, 3, r);
    chunk(m, 0, 4, 3, 3, 1);
    put_int32(&m->b, 0);
    put_int32(&m->b, 1);
    put_int32(&m->b, 0);
    chunk(m, 0, 5, 5, 2, 3);
    put_raw(&m->b, "A\0\0Bc\0", 6);
    chunk(m, 0, 6, 7, 3, 3);
    for (int k = 0; k < 9; k++)
        put_int32(&m->b, k == 4 ? -2 : 0);
    chunk(m, 1, 0, 4, 1, 1);
    put_int64(&m->b, 17);
    floats(m, 1, 3, 3, 3, moved);
    chunk(m, 2, 2, 3, 1, 1);
    put_int32(&m->b, 2);
    floats(m, 2, 1, 6, 1, wide);
    floats(m, 2, 3, 2, 3, r + 3);
    finish(m);
}

static void frames(void **state)
{
    (void)state;
    for (int version = 1; version <= 2; version++) {
        struct maker m;
        struct reading r;
        make(&m, version);
        reading_init(&r, m.b.data, m.b.n, 100, false);
        if (r.status != ISD_OK || r.n != 3)
            fail_msg("version %d: %s: %s", version, r.error.where, r.error.what);
        const isd_snapshot *a = r.frame[0], *b = r.frame[1], *c = r.frame[2];
        assert_true(a->n == 3 && b->n == 3 && c->n == 2 && a->step == 7 && b->step == 17 && a->has_step);
        /* tilts are ratios; the cell is centred on 0 */
        assert_true(a->box.lx == 4 && a->box.xy == 2.5 && a->box.xz == 0 && a->box.yz == -2);
        assert_true(a->box.origin[0] == -3.25 && a->box.origin[1] == -1.5 && a->box.origin[2] == -4);
        assert_true(b->position[0] == 0.5 && b->box.xy == 2.5 && b->type[1] == 2 && b->image[4] == -2);
        assert_string_equal(b->element[2], "Bc");
        /* another number of atoms: types and images of frame 0 do not fit, the defaults hold */
        assert_true(c->box.lx == 6 && c->position[0] == 1 && c->type[0] == 1 && c->type[1] == 1 && c->image[4] == 0);
        assert_int_equal(c->step, 7);
        reading_done(&r);
    }
}

static void compressed(void **state)
{
    (void)state;
    static unsigned char packed[20000];
    struct maker m;
    struct reading plain, gz, cut;
    size_t used = 0;
    make(&m, 2);
    gz_append(packed, sizeof packed, &used, m.b.data, m.b.n);
    reading_init(&plain, m.b.data, m.b.n, 0, false);
    reading_init(&gz, packed, used, 9, false);
    assert_true(gz.n == 3 && same_reading(&plain, &gz));
    reading_init(&cut, packed, used - 12, 0, false);
    assert_true(cut.status == ISD_DATA && strstr(cut.error.what, "gz data is cut") != NULL);
    reading_done(&plain);
    reading_done(&gz);
    reading_done(&cut);
}

static void refuse(struct maker *m, const char *what)
{
    struct reading r;
    reading_init(&r, m->b.data, m->b.n, 0, false);
    if (r.status == ISD_OK || strstr(r.error.what, what) == NULL)
        fail_msg("status %d, '%s: %s', expected ...%s...", r.status, r.error.where, r.error.what, what);
    reading_done(&r);
}

/* Every number that names a size or a place is compared with the file before it is used. */
static void refusals(void **state)
{
    (void)state;
    static const float r[3] = {0, 0, 0};
    struct maker m;
    make(&m, 2);
    m.b.n -= 100; /* the index is cut */
    refuse(&m, "the header places");
    make(&m, 2);
    memset(m.b.data + 16, 0x7f, 8); /* endless index */
    refuse(&m, "the header places");
    make(&m, 2);
    memset(m.b.data + 44, 9, 4);
    refuse(&m, "version");
    make(&m, 2);
    m.b.data[112] = 'x';
    refuse(&m, "schema");
    begin(&m, 2); /* rows that the file does not have */
    chunk(&m, 0, 3, 9, (uint64_t)1 << 62, 3);
    finish(&m);
    refuse(&m, "the index names a piece");
    begin(&m, 2); /* a frame far away */
    chunk(&m, (uint64_t)1 << 40, 2, 3, 1, 1);
    put_int32(&m.b, 1);
    finish(&m);
    refuse(&m, "frame 1099511627776");
    begin(&m, 2); /* atoms that would not fit */
    chunk(&m, 0, 2, 3, 1, 1);
    put_int32(&m.b, -1);
    finish(&m);
    refuse(&m, "claims 4294967295 particles");
    begin(&m, 2); /* positions of another number of atoms in the same frame */
    chunk(&m, 0, 2, 3, 1, 1);
    put_int32(&m.b, 2);
    floats(&m, 0, 3, 1, 3, r);
    finish(&m);
    refuse(&m, "particles/position of frame 0");
    begin(&m, 2); /* a type that is not there */
    chunk(&m, 0, 2, 3, 1, 1);
    put_int32(&m.b, 1);
    chunk(&m, 0, 5, 5, 1, 2);
    put_raw(&m.b, "A\0", 2);
    chunk(&m, 0, 4, 3, 1, 1);
    put_int32(&m.b, 1);
    floats(&m, 0, 3, 1, 3, r);
    finish(&m);
    refuse(&m, "has type 1, there are 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(frames), cmocka_unit_test(compressed), cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
