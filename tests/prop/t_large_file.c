/* A gz file of more than a GB of text: what a step to any place of it decodes, what its index takes, what a frame takes in memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/rng.h"
#include "io/frame_set.h"

#define FRAMES 280
#define ATOMS 125000
#define LINES_KNOWN 40000 /* numbers come again only long after deflate has forgotten them */
#define NUMBER_SIZE 48

static char path[] = "/tmp/isdmin-large-XXXXXX.gz";
static int64_t begins[FRAMES + 1]; /* of frame k in the text */
static struct source_index *index_made;
static double seconds_per_byte;

static int make_file(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 8);
    char(*numbers)[NUMBER_SIZE] = malloc(LINES_KNOWN * sizeof *numbers), *text = malloc((size_t)ATOMS * 64);
    assert_true(numbers != NULL && text != NULL);
    for (int k = 0; k < LINES_KNOWN; k++)
        snprintf(numbers[k], NUMBER_SIZE, " %d %g %g %g\n", 1 + k % 2, 60 * rng_double(&rng), 60 * rng_double(&rng), 60 * rng_double(&rng));
    int fd = mkstemps(path, 3);
    assert_true(fd >= 0);
    gzFile file = gzdopen(fd, "wb1");
    assert_non_null(file);
    for (int f = 0; f < FRAMES; f++) {
        size_t length = (size_t)sprintf(text,
                                        "ITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n%d\nITEM: BOX BOUNDS pp pp pp\n0 60\n0 60\n0 60\n"
                                        "ITEM: ATOMS id type x y z\n", f, ATOMS);
        for (int i = ATOMS; i > 0; i--) { /* not in order of their ids */
            char digits[12], *p = digits + sizeof digits;
            for (int rest = i; rest > 0; rest /= 10)
                *--p = (char)('0' + rest % 10);
            size_t n = (size_t)(digits + sizeof digits - p);
            const char *line = numbers[rng_below(&rng, LINES_KNOWN)];
            memcpy(text + length, p, n);
            memcpy(text + length + n, line, strlen(line));
            length += n + strlen(line);
        }
        begins[f + 1] = begins[f] + (int64_t)length;
        assert_int_equal(gzwrite(file, text, (unsigned)length), length);
    }
    assert_int_equal(gzclose(file), Z_OK);
    free(numbers);
    free(text);
    return 0;
}

static int remove_file(void **state)
{
    (void)state;
    source_index_unref(index_made);
    return unlink(path);
}

/* Reads `size` bytes, or to the end; returns how many came. */
static int64_t read_through(struct source *source, int64_t size)
{
    static char buffer[1 << 18];
    isd_error err;
    int64_t done = 0;
    size_t got = 1;
    while (done < size && got > 0) {
        size_t want = size - done < (int64_t)sizeof buffer ? (size_t)(size - done) : sizeof buffer;
        assert_int_equal(source_read(source, buffer, want, &got, &err), ISD_OK);
        done += (int64_t)got;
    }
    return done;
}

static void index_is_small(void **state)
{
    (void)state;
    struct source *source = NULL;
    struct source_identity identity;
    isd_error err;
    const struct source_options options = {.ahead = SOURCE_AHEAD_NEVER};
    assert_int_equal(source_open_as(path, &options, &source, &err), ISD_OK);
    assert_int_equal(source_identify(source, &identity, &err), ISD_OK);
    assert_int_equal(source_index_new(&identity, source_kind(source), &index_made, &err), ISD_OK);
    assert_int_equal(source_record(source, index_made, 0, &err), ISD_OK);
    double start = clock_thread_cpu();
    assert_true(read_through(source, INT64_MAX) == begins[FRAMES] && begins[FRAMES] > 1000000000);
    seconds_per_byte = (clock_thread_cpu() - start) / (double)begins[FRAMES];
    assert_int_equal(source_fault(source), SOURCE_FINE);
    source_close(source);
    double share = (double)source_index_size(index_made) / (double)begins[FRAMES];
    print_message("%.2f GB of text, %.2f GB of gz, %d points, index %.3f %% of the text, decoded with %.0f MB/s\n", 1e-9 * (double)begins[FRAMES],
                  1e-9 * (double)identity.size, source_index_count(index_made), 100 * share, 1e-6 / seconds_per_byte);
    assert_true(share < 0.01);
}

/* Own bytes, and what lies between two points: a few ms. */
static void a_step_decodes_little(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 9);
    double worst_ms = 0, sum_ms = 0;
    int64_t worst = 0;
    for (int trial = 0; trial < 60; trial++) {
        int f = (int)rng_below(&rng, FRAMES);
        struct source *source = NULL;
        isd_error err;
        int64_t own = begins[f + 1] - begins[f];
        double start = clock_thread_cpu();
        assert_int_equal(source_open_at(path, 0, false, index_made, begins[f], &source, &err), ISD_OK);
        assert_true(read_through(source, own) == own);
        double ms = 1e3 * (clock_thread_cpu() - start - seconds_per_byte * (double)own);
        int64_t more = source_inflated(source) - own;
        source_close(source);
        worst = more > worst ? more : worst;
        worst_ms = ms > worst_ms ? ms : worst_ms;
        sum_ms += ms / 60;
    }
    print_message("besides its own bytes a step decodes %.2f MB at most: %.2f ms, %.2f on average\n", 1e-6 * (double)worst, worst_ms, sum_ms);
    assert_true(worst < 4500000); /* the spacing, and the block that a point waits for */
}

/* Portion by portion, as the program does it; what is known of the file (bytes NULL: nothing) is told when it asks. */
static struct frame_set *open_set(struct frame_cache *cache, const struct frame_set_known *known, double *ret_seconds)
{
    const char *word = path;
    const struct frame_set_options options = {.cache = cache};
    const struct frame_set_portion portion = {.ask = true};
    struct frame_set_known asked;
    struct frame_set *set = NULL;
    bool done = false;
    *ret_seconds = -clock_now();
    assert_int_equal(frame_set_begin(&word, 1, &options, &set, NULL), ISD_OK);
    while (!done) {
        assert_int_equal(frame_set_read(set, &portion, NULL, NULL, NULL, &done, NULL), ISD_OK);
        if (frame_set_asks(set, &asked))
            assert_int_equal(frame_set_answer(set, known->bytes, known->length, NULL), ISD_OK);
    }
    *ret_seconds += clock_now();
    assert_int_equal(frame_set_count(set), FRAMES);
    return set;
}

/* What a session keeps: the second opening reads next to nothing, and a step from there decodes its frame and a few MB at most. */
static void kept_from_session_to_session(void **state)
{
    (void)state;
    struct frame_cache *cache = NULL;
    struct frame_set_known known = {0};
    struct rng rng;
    double first, second, worst_ms = 0, sum_ms = 0;
    int64_t worst = 0;
    rng_init(&rng, 10);
    assert_int_equal(frame_cache_new(1, &cache, NULL), ISD_OK); /* every frame from the file */
    struct frame_set *set = open_set(cache, &known, &first);
    struct hash128 fingerprint = frame_set_info(set, FRAMES - 1)->fingerprint;
    assert_int_equal(frame_set_known(set, 0, &known, NULL), ISD_OK);
    assert_non_null(known.bytes);
    frame_set_free(set);
    set = open_set(cache, &known, &second);
    assert_true(hash128_equal(&frame_set_info(set, FRAMES - 1)->fingerprint, &fingerprint));
    assert_true(second < first / 10);
    for (int trial = 0; trial < 60; trial++) {
        const isd_snapshot *s = NULL;
        int32_t k = (int32_t)rng_below(&rng, FRAMES);
        int64_t own = begins[k + 1] - begins[k], before = set->idle[0].reader != NULL ? reader_inflated(set->idle[0].reader) : 0;
        double start = clock_now();
        assert_int_equal(frame_set_get(set, k, &s, NULL), ISD_OK);
        double ms = 1e3 * (clock_now() - start);
        assert_true(s->step == k && s->n == ATOMS);
        isd_snapshot_unref(s);
        int64_t more = reader_inflated(set->idle[0].reader) - before - own;
        worst = more > worst ? more : worst;
        worst_ms = ms > worst_ms ? ms : worst_ms;
        sum_ms += ms / 60;
    }
    print_message("kept: %.2f MB; opened in %.3f s instead of %.2f; a step decodes %.2f MB at most besides its own %.2f MB, and takes %.1f ms, %.1f at "
                  "most, parsing included\n", 1e-6 * (double)known.length, second, first, 1e-6 * (double)worst, 1e-6 * (double)(begins[1] - begins[0]),
                  sum_ms, worst_ms);
    assert_true(worst <= begins[1] + 4500000); /* one frame of reading ahead, the spacing, and the block that a point waits for */
    frame_set_free(set);
    frame_cache_unref(cache);
    free(known.bytes);
}

/* A line of /proc/self/status, in KB. */
static bool memory(const char *name, long *ret_kb)
{
    char line[256];
    bool found = false;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
            found = sscanf(line + strlen(name) + 1, "%ld", ret_kb) == 1;
    if (file != NULL)
        fclose(file);
    return found;
}

/* Atoms out of order, so that they have to be sorted too. */
static void a_frame_takes_little_memory(void **state)
{
    (void)state;
    isd_reader *reader = NULL;
    const isd_snapshot *s = NULL;
    isd_error err;
    long before = 0, after = 0;
    FILE *reset = fopen("/proc/self/clear_refs", "w"); /* the peak begins anew */
    bool fresh = reset != NULL && fputs("5", reset) >= 0;
    if (reset != NULL)
        fresh &= fclose(reset) == 0;
    if (!fresh || !memory("VmRSS", &before))
        skip();
    assert_int_equal(isd_reader_open(path, NULL, NULL, NULL, &reader, &err), ISD_OK);
    assert_int_equal(isd_reader_next(reader, &s, &err), ISD_OK);
    assert_true(s != NULL && s->n == ATOMS && s->id[0] == 1 && s->id[ATOMS - 1] == ATOMS);
    assert_true(memory("VmHWM", &after));
    double bytes = 1024.0 * (double)(after - before) / ATOMS;
    print_message("%.1f bytes an atom at most, buffers included\n", bytes);
    assert_true(bytes <= 64);
    isd_snapshot_unref(s);
    isd_reader_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_frame_takes_little_memory), cmocka_unit_test(index_is_small),
                                       cmocka_unit_test(a_step_decodes_little), cmocka_unit_test(kept_from_session_to_session)};
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
