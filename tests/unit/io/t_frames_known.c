/* Large files that need not be read again: what is believed, what is not, what a step then costs. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <zlib.h>

#include "../../lib/scratch.h"
#include "base/rng.h"
#include "io/frame_set.h"

enum { FRAMES = 24, ATOMS = 20000 };

static char path[SCRATCH_SIZE + 16];
static int64_t frame_bytes; /* of text, about */
static struct frame_set_known known;
static struct hash128 fingerprint[FRAMES];

/* Numbers that do not compress well: the file is large in fewer frames. `turned`: in a cell that has to be turned, which is said. */
static void write_file(bool turned)
{
    struct rng rng;
    rng_init(&rng, 5);
    gzFile file = gzopen(path, "wb1");
    assert_non_null(file);
    for (int f = 0; f < FRAMES; f++) {
        int64_t length = gzprintf(file, "ITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n%d\n%sITEM: ATOMS id type x y z\n", 10 * f, ATOMS,
                                  turned ? "ITEM: BOX BOUNDS abc origin pp pp pp\n0 9 0 0\n-9 0 0 0\n0 0 9 0\n"
                                         : "ITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\n");
        for (int i = 0; i < ATOMS; i++)
            length += gzprintf(file, "%d %d %.9f %.9f %.9f\n", i + 1, 1 + i % 2, 9 * rng_double(&rng), 9 * rng_double(&rng), 9 * rng_double(&rng));
        frame_bytes = length;
    }
    assert_int_equal(gzclose(file), Z_OK);
}

static struct frame_set *begin(const struct frame_set_options *options)
{
    const char *word = path;
    struct frame_set *set = NULL;
    assert_int_equal(frame_set_begin(&word, 1, options, &set, NULL), ISD_OK);
    return set;
}

static void count_note(void *arg, const isd_error *note)
{
    (void)note;
    if (arg != NULL)
        ++*(int *)arg;
}

/* As the program does it: the first frame, a question, the rest. How many frames were there when the answer was taken: *ret_n. */
static struct frame_set *open_knowing(const struct frame_set_options *options, const unsigned char *bytes, size_t length, int32_t *ret_n)
{
    struct frame_set *set = begin(options);
    struct frame_set_known asked = {0};
    const struct frame_set_portion first = {.ask = true}, second = {.frames = 1};
    bool done = false;
    assert_int_equal(frame_set_read(set, &first, count_note, NULL, NULL, &done, NULL), ISD_OK);
    assert_true(!done && frame_set_count(set) == 1 && frame_set_asks(set, &asked));
    assert_string_equal(asked.path, path);
    assert_int_equal(frame_set_answer(set, bytes, length, NULL), ISD_OK);
    assert_false(frame_set_asks(set, &asked));
    assert_int_equal(frame_set_read(set, &second, count_note, NULL, NULL, &done, NULL), ISD_OK);
    *ret_n = frame_set_count(set);
    while (!done)
        assert_int_equal(frame_set_read(set, NULL, count_note, NULL, NULL, &done, NULL), ISD_OK);
    return set;
}

static void expect_all(struct frame_set *set)
{
    assert_int_equal(frame_set_count(set), FRAMES);
    for (int32_t k = 0; k < FRAMES; k++) {
        const struct frame_info *info = frame_set_info(set, k);
        assert_true(info->n == ATOMS && info->n_types == 2 && info->has_step && info->step == 10 * k && !info->has_time);
        assert_true(info->box.lx == 9 && info->box.dim == 3 && info->box.periodic[1] && strcmp(info->path, path) == 0);
        assert_true(hash128_equal(&info->fingerprint, &fingerprint[k]));
    }
}

static int make(void **state)
{
    (void)state;
    char folder[SCRATCH_SIZE];
    struct frame_set *set = NULL;
    const char *word = path;
    isd_error err;
    if (!scratch_make(folder))
        return 1;
    snprintf(path, sizeof path, "%s/large.gz", folder);
    write_file(false);
    if (frame_set_open(&word, 1, NULL, NULL, NULL, NULL, &set, &err) != ISD_OK)
        return 1;
    for (int32_t k = 0; k < FRAMES; k++)
        fingerprint[k] = frame_set_info(set, k)->fingerprint;
    bool good = frame_set_known_count(set) == 1 && frame_set_known(set, 0, &known, &err) == ISD_OK && known.bytes != NULL;
    known.path = NULL;
    frame_set_free(set);
    return !good;
}

static int drop(void **state)
{
    (void)state;
    free(known.bytes);
    *strrchr(path, '/') = '\0';
    return !scratch_drop(path);
}

/* --- believed ---------------------------------------------------------------------------------------------------------- */

static void read_once_only(void **state)
{
    (void)state;
    struct frame_cache *cache = NULL;
    assert_int_equal(frame_cache_new(1, &cache, NULL), ISD_OK);
    const struct frame_set_options options = {.cache = cache};
    int32_t n = 0;
    struct frame_set *set = open_knowing(&options, known.bytes, known.length, &n);
    assert_int_equal(n, FRAMES);
    expect_all(set);
    for (int trial = 0; trial < FRAMES; trial++) {
        int32_t k = (trial * 7 + 5) % FRAMES;
        const isd_snapshot *s = NULL;
        int64_t before = set->idle[0].reader != NULL ? reader_inflated(set->idle[0].reader) : 0;
        assert_int_equal(frame_set_get(set, k, &s, NULL), ISD_OK);
        assert_int_equal(s->step, 10 * k);
        isd_snapshot_unref(s);
        /* its own bytes, one reading ahead, and what lies between two points: nothing from the start */
        assert_true(reader_inflated(set->idle[0].reader) - before <= 2 * frame_bytes + 4500000);
    }
    struct frame_set_known again;
    assert_int_equal(frame_set_known(set, 0, &again, NULL), ISD_OK);
    assert_null(again.bytes); /* it is kept already */
    frame_set_free(set);
    frame_cache_unref(cache);
}

/* A file that grows after it was believed is read on from where it ended. */
static void grows_later(void **state)
{
    (void)state;
    int32_t n = 0;
    enum frame_set_news news;
    bool done = false;
    struct stat info;
    struct frame_set *set = open_knowing(NULL, known.bytes, known.length, &n);
    assert_true(n == FRAMES && stat(path, &info) == 0);
    gzFile more = gzopen(path, "ab");
    gzprintf(more, "ITEM: TIMESTEP\n7777\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\nITEM: ATOMS id type x y z\n1 1 1 2 3\n");
    assert_int_equal(gzclose(more), Z_OK);
    assert_int_equal(frame_set_refresh(set, &news, NULL), ISD_OK);
    assert_int_equal(news, FRAME_SET_MORE);
    assert_int_equal(frame_set_read(set, NULL, NULL, NULL, NULL, &done, NULL), ISD_OK);
    assert_true(frame_set_count(set) == FRAMES + 1 && frame_set_info(set, FRAMES)->step == 7777);
    frame_set_free(set);
    const struct timespec times[2] = {info.st_mtim, info.st_mtim};
    assert_true(truncate(path, info.st_size) == 0 && utimensat(AT_FDCWD, path, times, 0) == 0);
}

/* --- not believed ------------------------------------------------------------------------------------------------------ */

static void expect_read(const struct frame_set_options *options, const unsigned char *bytes, size_t length)
{
    int32_t n = 0;
    struct frame_set *set = open_knowing(options, bytes, length, &n);
    assert_int_equal(n, 2); /* it went on reading */
    expect_all(set);
    frame_set_free(set);
}

static void other_file_or_options(void **state)
{
    (void)state;
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    const struct timespec then[2] = {info.st_mtim, info.st_mtim}, later[2] = {{info.st_mtim.tv_sec + 1, 0}, {info.st_mtim.tv_sec + 1, 0}};
    expect_read(NULL, NULL, 0);
    expect_read(&(struct frame_set_options){.format = {.by_element = true}}, known.bytes, known.length);
    assert_int_equal(utimensat(AT_FDCWD, path, later, 0), 0);
    expect_read(NULL, known.bytes, known.length);
    assert_int_equal(utimensat(AT_FDCWD, path, then, 0), 0);
    const struct frame_set_options by_step = {.order_by_step = true};
    struct frame_set *set = begin(&by_step);
    const struct frame_set_portion portion = {.ask = true};
    bool done = false;
    assert_int_equal(frame_set_read(set, &portion, NULL, NULL, NULL, &done, NULL), ISD_OK);
    assert_true(done); /* nobody is asked: frames are numbered in the end */
    frame_set_free(set);
}

/* Other bytes in the middle, everything else as it was: the file is believed, its frames are not. */
static void changed_in_secret(void **state)
{
    (void)state;
    struct stat info;
    int32_t n = 0;
    unsigned char byte = 0;
    assert_int_equal(stat(path, &info), 0);
    FILE *file = fopen(path, "r+b");
    assert_true(file != NULL && fseek(file, info.st_size / 2, SEEK_SET) == 0 && fread(&byte, 1, 1, file) == 1);
    byte ^= 16;
    assert_true(fseek(file, info.st_size / 2, SEEK_SET) == 0 && fwrite(&byte, 1, 1, file) == 1 && fclose(file) == 0);
    const struct timespec times[2] = {info.st_mtim, info.st_mtim};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    struct frame_set *set = open_knowing(NULL, known.bytes, known.length, &n);
    assert_int_equal(n, FRAMES);
    int refused = 0;
    for (int32_t k = 0; k < FRAMES; k++) {
        const isd_snapshot *s = NULL;
        isd_error err;
        isd_status status = frame_set_get(set, k, &s, &err);
        refused += status == ISD_DATA;
        if (status == ISD_OK) {
            struct hash128 sum = frame_fingerprint(s);
            assert_true(hash128_equal(&sum, &fingerprint[k]));
        }
        isd_snapshot_unref(s);
    }
    assert_true(refused > 0);
    frame_set_free(set);
    byte ^= 16;
    file = fopen(path, "r+b");
    assert_true(fseek(file, info.st_size / 2, SEEK_SET) == 0 && fwrite(&byte, 1, 1, file) == 1 && fclose(file) == 0);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* Bytes that are not what was kept: cut anywhere, or with a flipped bit (with and without a sum that is right). What is believed all the
 * same can only make frames refuse. */
static void lying_bytes(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 11);
    int32_t n = 0;
    struct frame_set *set = begin(NULL);
    bool done = false;
    const struct frame_set_portion first = {.frames = 1};
    struct answer *answer = NULL;
    assert_int_equal(frame_set_read(set, &first, NULL, NULL, NULL, &done, NULL), ISD_OK);
    assert_true(set_check_known(set, set->files[0], known.bytes, known.length, &answer));
    set_answer_free(answer);
    unsigned char *bytes = malloc(known.length);
    assert_non_null(bytes);
    for (size_t length = 0; length < known.length; length += length < 400 ? 1 : 997)
        assert_false(set_check_known(set, set->files[0], known.bytes, length, &answer));
    size_t frames = known.length - 16 - (size_t)132 * FRAMES;
    for (int trial = 0; trial < 3000; trial++) {
        size_t at = trial % 3 == 0 ? rng_below(&rng, 88) : frames + rng_below(&rng, (uint32_t)(known.length - frames));
        memcpy(bytes, known.bytes, known.length);
        bytes[at] ^= (unsigned char)(1u << rng_below(&rng, 8));
        assert_false(set_check_known(set, set->files[0], bytes, known.length, &answer));
        struct hash128 sum = {{0}};
        hash128_add(&sum, bytes, known.length - 16);
        for (int k = 0; k < 16; k++)
            bytes[known.length - 16 + (size_t)k] = (unsigned char)(sum.word[k / 8] >> 8 * (k % 8));
        answer = NULL;
        n += set_check_known(set, set->files[0], bytes, known.length, &answer);
        set_answer_free(answer);
    }
    assert_true(n > 300 && n < 2000); /* a step or a fingerprint may be anything, the place of a frame may not */
    free(bytes);
    frame_set_free(set);
}

/* Something is said while it is read: it would not be said again. */
static void nothing_is_kept_of_odd_files(void **state)
{
    (void)state;
    int notes = 0;
    struct frame_set *set = NULL;
    struct frame_set_known odd;
    const char *word = path;
    write_file(true);
    assert_int_equal(frame_set_open(&word, 1, NULL, count_note, &notes, NULL, &set, NULL), ISD_OK);
    assert_true(notes > 0 && frame_set_count(set) == FRAMES);
    assert_int_equal(frame_set_known(set, 0, &odd, NULL), ISD_OK);
    assert_null(odd.bytes);
    frame_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_once_only),    cmocka_unit_test(grows_later), cmocka_unit_test(other_file_or_options),
        cmocka_unit_test(changed_in_secret), cmocka_unit_test(lying_bytes), cmocka_unit_test(nothing_is_kept_of_odd_files),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
