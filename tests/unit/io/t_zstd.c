/* zstd data: whole, cut and damaged, where the library is there. SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"

/* Two frames of zstd, each with one frame of a dump below, and a checksum; made by the zstd program. */
static const unsigned char first[] = {
    0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x68, 0x65, 0x03, 0x00, 0x32, 0x46, 0x14, 0x17, 0x80, 0x6d, 0xc6, 0x70, 0x30,
    0x14, 0x46, 0x15, 0xfc, 0x85, 0x8c, 0x9e, 0xfd, 0x2e, 0xe1, 0xfe, 0xd5, 0x26, 0xc1, 0x49, 0xc7, 0xde, 0x03,
    0xba, 0xb7, 0x61, 0xdf, 0x99, 0xb2, 0xbd, 0x01, 0xeb, 0xf5, 0xea, 0xba, 0x6d, 0x03, 0x82, 0xd7, 0x4b, 0xab,
    0xa9, 0xa7, 0x9f, 0x88, 0x92, 0x76, 0xa0, 0x85, 0x03, 0x8d, 0xa2, 0xa5, 0x91, 0x30, 0xd1, 0xdd, 0x44, 0xc7,
    0x54, 0xc2, 0x38, 0x8b, 0x8f, 0xf8, 0xf2, 0x1c, 0x64, 0x12, 0x6d, 0xaa, 0xbc, 0x29, 0x1f, 0x44, 0xe6, 0x04,
    0x7c, 0x13, 0x09, 0x09, 0x00, 0x41, 0x89, 0x21, 0x33, 0x50, 0x5e, 0xd0, 0x57, 0x0d, 0x48, 0x6a, 0x80, 0x1d,
    0x21, 0x74, 0xe3, 0xdf, 0x99, 0x57, 0x1a, 0xe6, 0x12, 0x56, 0xa7, 0x1e, 0x0c};
static const unsigned char second[] = {
    0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x68, 0x65, 0x03, 0x00, 0x32, 0x46, 0x14, 0x17, 0x70, 0xad, 0xc6, 0x83, 0x03,
    0x2d, 0xc9, 0x27, 0x78, 0x79, 0x53, 0xa5, 0x06, 0xdb, 0x9a, 0x68, 0xe5, 0x4d, 0xb7, 0xf4, 0xd7, 0x87, 0x11,
    0xcb, 0x76, 0x04, 0x9b, 0xdd, 0xb6, 0xb1, 0x1d, 0xb0, 0x5e, 0xb3, 0x5d, 0x3b, 0xe6, 0x80, 0xe0, 0xf5, 0xda,
    0x6a, 0xea, 0x69, 0xa8, 0x52, 0xd2, 0x4f, 0xb4, 0x70, 0xb0, 0xb5, 0x3e, 0x0f, 0xa5, 0x91, 0x6f, 0x47, 0xbe,
    0xb6, 0x33, 0x4a, 0x6a, 0x8c, 0xc8, 0x19, 0xf8, 0x62, 0xa3, 0xec, 0xb0, 0x0b, 0xa4, 0x13, 0xc6, 0x84, 0x5e,
    0x44, 0x48, 0x93, 0x09, 0x00, 0x41, 0x89, 0x21, 0x33, 0x50, 0x5e, 0xd0, 0x57, 0x0d, 0x48, 0x6a, 0x80, 0x1d,
    0x21, 0x74, 0xe3, 0xdf, 0x99, 0x57, 0x1a, 0xe6, 0x12, 0x0d, 0xc8, 0x5d, 0xbe};

static unsigned char data[sizeof first + sizeof second];

static int join(void **state)
{
    (void)state;
    memcpy(data, first, sizeof first);
    memcpy(data + sizeof first, second, sizeof second);
    return 0;
}

static bool there(void)
{
    struct reading r;
    reading_init(&r, data, sizeof data, 0, false);
    bool unsupported = r.status == ISD_UNSUPPORTED;
    reading_done(&r);
    return !unsupported;
}

static void whole(void **state)
{
    (void)state;
    if (!there())
        skip();
    for (size_t chunk = 0; chunk < 20; chunk++) {
        struct reading r;
        reading_init(&r, data, sizeof data, chunk, false);
        assert_true(r.status == ISD_OK && r.n == 2 && r.n_notes == 0 && r.frame[1]->step == 6 && r.frame[0]->position[8] == 2);
        reading_done(&r);
    }
}

/* The first frame survives any cut in the second one, and the cut is said. */
static void cuts(void **state)
{
    (void)state;
    if (!there())
        skip();
    for (size_t n = 4; n < sizeof data; n++) {
        struct reading r;
        reading_init(&r, data, n, 0, false);
        bool good = (n == sizeof first) == !r.marked && r.n >= 1 && r.status == ISD_OK;
        if (n < sizeof first && r.n == 0) /* else only the checksum is missing */
            good = r.status == ISD_DATA && strstr(r.error.what, "zstd data is cut") != NULL;
        if (!good)
            fail_msg("cut at %zu: status %d, %d frames, '%s' %s", n, r.status, r.n, r.error.what, r.notes);
        reading_done(&r);
    }
}

/* Every bit of the second part flipped: never a wrong number in silence. */
static void flips(void **state)
{
    (void)state;
    if (!there())
        skip();
    struct reading sound;
    reading_init(&sound, data, sizeof data, 0, false);
    for (size_t bit = 8 * sizeof first; bit < 8 * sizeof data; bit++) {
        struct reading r;
        data[bit / 8] ^= (unsigned char)(1u << bit % 8);
        reading_init(&r, data, sizeof data, 7, false);
        bool told = r.status != ISD_OK || r.n_notes > 0;
        bool same = r.n == 2 && same_snapshot(r.frame[1], sound.frame[1]);
        if (!told && !same)
            fail_msg("bit %zu: %d frames in silence", bit, r.n);
        reading_done(&r);
        data[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    reading_done(&sound);
}

/* Fifteen bytes that claim a window of 128 MB: refused, not allocated. */
static void window(void **state)
{
    (void)state;
    static const unsigned char claim[] = {0x28, 0xb5, 0x2f, 0xfd, 0, 0x80, 0, 0, 0, 0x36, 0, 0, 0, 0xd4, 0};
    struct reading r;
    if (!there())
        skip();
    reading_init(&r, claim, sizeof claim, 0, false);
    assert_int_equal(r.status, ISD_UNSUPPORTED);
    assert_string_equal(r.error.what, "the zstd data needs a window of more than 32 MB to be unpacked");
    assert_non_null(strstr(r.error.hint, "--long=31"));
    reading_done(&r);
}

/* More than that, behind a frame that is sound: what is there is given, the rest is said not to be damaged. */
static void huge_window(void **state)
{
    (void)state;
    static const unsigned char head[] = {0x28, 0xb5, 0x2f, 0xfd, 0, 0x90}; /* 256 MB */
    static const char dump[] = "ITEM: TIMESTEP\n6\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\n"
                               "ITEM: ATOMS id type x y z\n1 1 1 2 3\n";
    unsigned char both[2 * (6 + 3 + 2000)];
    struct reading r;
    if (!there())
        skip();
    for (size_t k = 0, half = sizeof both / 2; k < 2; k++) {
        unsigned char *frame = both + k * half;
        uint32_t block = (uint32_t)(half - 9) << 3 | 1; /* plain, the last one */
        memcpy(frame, head, 6);
        frame[5] = k == 0 ? 0x50 : 0x90;
        for (int b = 0; b < 3; b++)
            frame[6 + b] = (unsigned char)(block >> 8 * b);
        memset(frame + 9, '\n', half - 9);
        memcpy(frame + 9, dump, sizeof dump - 1);
    }
    reading_init(&r, both, sizeof both, 0, false);
    assert_true(r.status == ISD_OK && r.n == 1 && r.marked);
    assert_non_null(strstr(r.notes, "the zstd data needs a window of more than 128 MB"));
    reading_done(&r);
    reading_init(&r, both + sizeof both / 2, sizeof both / 2, 0, false);
    assert_true(r.status == ISD_UNSUPPORTED && strstr(r.error.what, "128 MB") != NULL && strstr(r.error.what, "damaged") == NULL);
    reading_done(&r);
}

/* Level 22 claims 128 MB for any stream: the data are there, in one block of plain bytes. */
static void large_window(void **state)
{
    (void)state;
    static const unsigned char head[] = {0x28, 0xb5, 0x2f, 0xfd, 0, 0x88};
    static const char dump[] = "ITEM: TIMESTEP\n6\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\n"
                               "ITEM: ATOMS id type x y z\n1 1 1 2 3\n";
    unsigned char frame[6 + 3 + 2000];
    struct reading r;
    if (!there())
        skip();
    uint32_t block = (uint32_t)(sizeof frame - 9) << 3 | 1; /* plain, the last one */
    memcpy(frame, head, 6);
    for (int k = 0; k < 3; k++)
        frame[6 + k] = (unsigned char)(block >> 8 * k);
    memset(frame + 9, '\n', sizeof frame - 9);
    memcpy(frame + 9, dump, sizeof dump - 1);
    reading_init(&r, frame, sizeof frame, 0, false);
    assert_true(r.status == ISD_OK && r.n == 1 && r.n_notes == 0 && r.frame[0]->position[2] == 3);
    reading_done(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whole), cmocka_unit_test(cuts), cmocka_unit_test(flips), cmocka_unit_test(window),
                                       cmocka_unit_test(large_window), cmocka_unit_test(huge_window)};
    return cmocka_run_group_tests(tests, join, NULL);
}
