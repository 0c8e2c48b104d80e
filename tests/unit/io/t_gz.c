/* gz in: members, padding, cuts, flips, wrong checksums. SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"

#include "../../lib/scratch.h"
#include "base/rng.h"

#define FRAMES 6
#define ATOMS 12

/* A dump of FRAMES frames as a simulation writes them, and one gz member of it. */
static char text[16384];
static size_t text_length, frame_end[FRAMES];
static unsigned char packed[8192];
static size_t packed_length;

static int make_data(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 5);
    for (int k = 0; k < FRAMES; k++) {
        scratch_append(text, sizeof text, &text_length,
                       "ITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n%d\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\n"
                       "ITEM: ATOMS id type x y z\n", 100 * k, ATOMS);
        for (int i = 1; i <= ATOMS; i++)
            scratch_append(text, sizeof text, &text_length, "%d %d %.6g %.6g %.6g\n", i, 1 + i % 2, 10 * rng_double(&rng),
                           10 * rng_double(&rng), 10 * rng_double(&rng));
        frame_end[k] = text_length;
    }
    gz_append(packed, sizeof packed, &packed_length, text, text_length);
    return 0;
}

static void read_both_ways(struct reading *r, const void *data, size_t length)
{
    struct reading other;
    reading_init(r, data, length, 0, false);
    for (int way = 0; way < 2; way++) {
        if (way == 0)
            reading_init(&other, data, length, 7, false);
        else
            reading_init_ahead(&other, data, length, 1 + length % 500);
        if (!same_reading(r, &other))
            fail_msg("'%s: %s %s' against '%s: %s %s'", r->error.where, r->error.what, r->notes, other.error.where,
                     other.error.what, other.notes);
        reading_done(&other);
    }
}

static void as_plain(void **state)
{
    (void)state;
    struct reading plain, gz;
    read_both_ways(&plain, text, text_length);
    read_both_ways(&gz, packed, packed_length);
    assert_true(plain.n == FRAMES && same_reading(&plain, &gz) && gz.n_notes == 0);
    reading_done(&plain);
    reading_done(&gz);
}

/* Members may end anywhere, also inside a number, and may be empty. */
static void members(void **state)
{
    (void)state;
    struct reading plain, gz;
    read_both_ways(&plain, text, text_length);
    for (size_t cut = 1; cut < text_length; cut += 97) {
        unsigned char data[12000];
        size_t used = 0;
        gz_append(data, sizeof data, &used, text, cut);
        gz_append(data, sizeof data, &used, text, 0);
        gz_append(data, sizeof data, &used, text + cut, text_length - cut);
        read_both_ways(&gz, data, used);
        assert_true(same_reading(&plain, &gz));
        reading_done(&gz);
    }
    reading_done(&plain);
}

static void padding_and_garbage(void **state)
{
    (void)state;
    unsigned char data[12000];
    static const size_t zeros[] = {1, 2, 512, 3000};
    for (int k = 0; k < 4; k++) {
        struct reading r;
        memcpy(data, packed, packed_length);
        memset(data + packed_length, 0, sizeof data - packed_length);
        read_both_ways(&r, data, packed_length + zeros[k]);
        assert_true(r.status == ISD_OK && r.n == FRAMES && r.n_notes == 0 && !r.marked);
        reading_done(&r);
        data[packed_length + zeros[k]] = 'x';
        read_both_ways(&r, data, packed_length + zeros[k] + 1);
        assert_true(r.status == ISD_OK && r.n == FRAMES && r.n_notes == 1 && !r.marked);
        assert_non_null(strstr(r.notes, "no gz data"));
        char where[64];
        snprintf(where, sizeof where, "mem: byte %zu|", packed_length + zeros[k]);
        assert_non_null(strstr(r.notes, where));
        reading_done(&r);
    }
    /* the first byte of another member and nothing more */
    struct reading r;
    data[packed_length] = 0x1f;
    read_both_ways(&r, data, packed_length + 1);
    assert_true(r.status == ISD_OK && r.n == FRAMES && r.marked);
    reading_done(&r);
}

/* A further member whose first bytes are damaged is no garbage: its frames are missed. */
static void damaged_member_header(void **state)
{
    (void)state;
    unsigned char data[12000];
    size_t used = 0, first;
    gz_append(data, sizeof data, &used, text, frame_end[2]);
    first = used;
    gz_append(data, sizeof data, &used, text + frame_end[2], text_length - frame_end[2]);
    for (int bit = 0; bit < 24; bit++) {
        struct reading r;
        data[first + (size_t)bit / 8] ^= (unsigned char)(1u << bit % 8);
        read_both_ways(&r, data, used);
        data[first + (size_t)bit / 8] ^= (unsigned char)(1u << bit % 8);
        assert_true(r.status == ISD_OK && r.n == 3 && r.marked && strstr(r.notes, "damaged") != NULL);
        reading_done(&r);
    }
}

/* Frames of `r` are the first ones of the sound data. */
static bool is_beginning(const struct reading *r, const struct reading *sound)
{
    for (int k = 0; k < r->n; k++)
        if (k >= sound->n || !same_snapshot(r->frame[k], sound->frame[k]))
            return false;
    return true;
}

static void every_truncation(void **state)
{
    (void)state;
    struct reading sound;
    reading_init(&sound, text, text_length, 0, false);
    int last = 0;
    for (size_t length = 0; length < packed_length; length++) {
        struct reading r;
        read_both_ways(&r, packed, length);
        assert_true(is_beginning(&r, &sound));
        if (r.n == 0) {
            assert_int_equal(r.status, ISD_DATA);
        } else { /* complete frames are given, with one note that names file and offset */
            char where[64];
            snprintf(where, sizeof where, "mem: byte %zu|the gz data is cut", length);
            assert_int_equal(r.status, ISD_OK);
            assert_true(r.marked && r.n_notes == 1 && strstr(r.notes, where) != NULL);
        }
        assert_true(r.n >= last); /* all that inflate can give */
        last = r.n;
        reading_done(&r);
    }
    assert_int_equal(last, FRAMES);
    reading_done(&sound);
}

/* Every single bit: an error, or a mark, or no change at all. Never another result in silence. */
static void every_flip(void **state)
{
    (void)state;
    struct reading sound;
    reading_init(&sound, text, text_length, 0, false);
    size_t refused = 0, marked = 0, harmless = 0, kept = 0;
    for (size_t bit = 0; bit < 8 * packed_length; bit++) {
        packed[bit / 8] ^= (unsigned char)(1u << bit % 8);
        struct reading r;
        reading_init(&r, packed, packed_length, bit % 5 == 0 ? 9 : 0, false);
        packed[bit / 8] ^= (unsigned char)(1u << bit % 8);
        if (r.status != ISD_OK) {
            refused++;
            assert_true(strncmp(r.error.where, "mem", 3) == 0);
        } else if (r.marked) {
            marked++;
            kept += (size_t)r.n;
            assert_non_null(strstr(r.notes, "mem: byte "));
        } else {
            harmless++;
            assert_true(r.n == sound.n && is_beginning(&r, &sound));
        }
        reading_done(&r);
    }
    reading_done(&sound);
    print_message("%zu flips: %zu refused, %zu marked with %zu frames, %zu harmless\n", 8 * packed_length, refused, marked,
                  kept, harmless);
    assert_true(harmless <= 8 * 10); /* only inside the ten bytes of the header */
    assert_true(marked > 0 && refused > 0);
}

static void wrong_checksum(void **state)
{
    (void)state;
    struct reading sound;
    reading_init(&sound, text, text_length, 0, false);
    size_t middle = frame_end[1] + 40; /* inside frame 2: it has bytes of both members */
    for (int field = 0; field < 2; field++) {
        unsigned char data[12000];
        size_t used = 0, first;
        gz_append(data, sizeof data, &used, text, middle);
        first = used;
        gz_append(data, sizeof data, &used, text + middle, text_length - middle);
        data[first - 8 + 4 * field] ^= 1; /* CRC, then length */
        struct reading r;
        read_both_ways(&r, data, used);
        assert_int_equal(r.status, ISD_DATA);
        assert_non_null(strstr(r.error.what, "checksum wrong"));
        reading_done(&r);
        for (size_t chunk = 0; chunk < 40; chunk += 13) {
            reading_init(&r, data, used, chunk, true);
            assert_true(r.status == ISD_OK && r.n == FRAMES && r.marked && r.n_notes == 1 && r.n_bad == 1);
            assert_true(is_beginning(&r, &sound));
            assert_non_null(strstr(r.notes, "checksum wrong"));
            assert_true(r.range[1].to == (int64_t)frame_end[1] && r.range[2].from < (int64_t)middle && r.range[2].to > (int64_t)middle);
            reading_done(&r);
        }
    }
    reading_done(&sound);
}

/* Text that is wrong because bits flipped is blamed on the gz data, not on the text. */
static void blames_the_right_layer(void **state)
{
    (void)state;
    char copy[sizeof text];
    memcpy(copy, text, text_length);
    copy[frame_end[2] + 2] = '?'; /* the header of frame 3 */
    unsigned char data[12000];
    size_t used = 0;
    gz_append(data, sizeof data, &used, copy, text_length);
    struct reading r;
    read_both_ways(&r, data, used);
    assert_true(r.status == ISD_DATA && strstr(r.error.what, "ITEM:") != NULL && r.n == 3);
    reading_done(&r);
    data[used - 8] ^= 4;
    read_both_ways(&r, data, used);
    assert_true(r.status == ISD_DATA && strstr(r.error.what, "checksum wrong") != NULL);
    reading_done(&r);
    read_both_ways(&r, data, used - 9);
    assert_true(r.status == ISD_OK && r.n == 3 && strstr(r.notes, "gz data is cut") != NULL);
    reading_done(&r);
}

/* A small file that claims and holds very much text: memory stays bounded by what is parsed. */
static void bomb(void **state)
{
    (void)state;
    size_t size = 8 << 20;
    char *zeros = calloc(1, size);
    unsigned char *data = malloc(1 << 16);
    assert_true(zeros != NULL && data != NULL);
    memset(zeros, ' ', size);
    memcpy(zeros, "ITEM: TIMESTEP\n", 15);
    size_t used = 0;
    gz_append(data, 1 << 16, &used, zeros, size);
    struct reading r;
    reading_init(&r, data, used, 0, false);
    assert_int_equal(r.status, ISD_DATA);
    reading_done(&r);
    free(zeros);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_plain),       cmocka_unit_test(members),       cmocka_unit_test(padding_and_garbage),
        cmocka_unit_test(damaged_member_header),
        cmocka_unit_test(every_truncation), cmocka_unit_test(every_flip),  cmocka_unit_test(wrong_checksum),
        cmocka_unit_test(blames_the_right_layer), cmocka_unit_test(bomb),
    };
    return cmocka_run_group_tests(tests, make_data, NULL);
}
