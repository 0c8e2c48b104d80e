/* Restart points: any place of any file, what an index from outside may say, files that change.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../lib/scratch.h"
#include "base/rng.h"
#include "io/source.h"

#define SPACING 30000

/* Lines as a simulation writes them, so that deflate finds as much as it does there. */
static char *text;
static size_t text_length;
/* All of it: one member; members cut anywhere, some of them empty. */
static unsigned char *packed[2];
static size_t packed_length[2];

static int make_data(void **state)
{
    (void)state;
    size_t size = 1 << 20;
    struct rng rng;
    rng_init(&rng, 7);
    text = malloc(size + 256);
    assert_non_null(text);
    for (int i = 1; text_length < size; i++)
        scratch_append(text, size + 256, &text_length, "%d %d %.10g %g %g\n", i, 1 + i % 2, 10 * rng_double(&rng),
                       10 * rng_double(&rng), 10 * rng_double(&rng));
    for (int k = 0; k < 2; k++) {
        packed[k] = malloc(2 * size);
        assert_non_null(packed[k]);
    }
    gz_append(packed[0], 2 * size, &packed_length[0], text, text_length);
    for (size_t from = 0, part; from < text_length; from += part) {
        part = rng_below(&rng, 90000);
        part = part < text_length - from ? part : text_length - from;
        gz_append(packed[1], 2 * size, &packed_length[1], text + from, part);
    }
    return 0;
}

static int free_data(void **state)
{
    (void)state;
    free(text);
    free(packed[0]);
    free(packed[1]);
    return 0;
}

static struct source *open_packed(int k, size_t chunk, bool only_zlib)
{
    struct source *source = NULL;
    isd_error err;
    const struct source_options options = {.chunk = chunk, .only_zlib = only_zlib};
    assert_int_equal(source_open_memory_as("mem", packed[k], packed_length[k], &options, &source, &err), ISD_OK);
    return source;
}

/* The next `length` bytes are those of the text from `from` on; fewer only at its end. */
static void check_bytes(struct source *source, size_t from, size_t length, size_t step)
{
    char buffer[8192];
    isd_error err;
    while (length > 0) {
        size_t got = 0, want = length < step ? length : step;
        assert_true(source_offset(source) == (int64_t)from);
        assert_int_equal(source_read(source, buffer, want, &got, &err), ISD_OK);
        if (got == 0) {
            assert_true(from == text_length && source_fault(source) == SOURCE_FINE);
            return;
        }
        assert_true(from + got <= text_length && memcmp(buffer, text + from, got) == 0);
        from += got;
        length -= got;
    }
}

/* The index of a source, made by reading it all. */
static struct source_index *make_index(struct source *source, int64_t spacing)
{
    struct source_identity identity;
    struct source_index *index = NULL;
    isd_error err;
    assert_int_equal(source_identify(source, &identity, &err), ISD_OK);
    assert_int_equal(source_index_new(&identity, source_kind(source), &index, &err), ISD_OK);
    assert_int_equal(source_record(source, index, spacing, &err), ISD_OK);
    check_bytes(source, 0, text_length + 1, 8192);
    return index;
}

static struct source_index *through_bytes(const struct source_index *index)
{
    struct source_index *back = NULL;
    unsigned char *bytes = NULL;
    size_t length = 0;
    isd_error err;
    assert_int_equal(source_index_pack(index, &bytes, &length, &err), ISD_OK);
    assert_int_equal(source_index_unpack(bytes, length, &back, &err), ISD_OK);
    free(bytes);
    assert_int_equal(source_index_count(back), source_index_count(index));
    assert_memory_equal(source_index_identity(back)->ends, source_index_identity(index)->ends, 8);
    return back;
}

static void any_place(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 1);
    for (int variant = 0; variant < 8; variant++) { /* how packed, made by, read by */
        int k = variant & 1;
        size_t chunk = variant & 4 ? 100 : 0;
        isd_error err;
        struct source *source = open_packed(k, chunk, variant & 2);
        struct source_index *made = make_index(source, SPACING), *index = through_bytes(made);
        int32_t n = source_index_count(index);
        assert_true(n > (int)(text_length / SPACING) / 4 && n <= (int)(text_length / SPACING));
        source_close(source);
        source = open_packed(k, chunk, !(variant & 2));
        for (int trial = 0; trial < 200; trial++) {
            size_t offset = trial == 0 ? text_length : rng_below(&rng, (uint32_t)text_length), length = rng_below(&rng, 40000);
            int64_t before = source_inflated(source);
            assert_int_equal(source_seek(source, index, (int64_t)offset, &err), ISD_OK);
            check_bytes(source, offset, length, 1 + rng_below(&rng, 8000));
            /* no more than to the point before, and what the blocks between points are longer than the spacing */
            assert_true(source_inflated(source) - before <= (int64_t)(length + 8000 + SPACING + 250000));
        }
        for (int32_t p = 0; p < n; p++) {
            size_t offset = (size_t)source_index_point(index, p)->out;
            assert_int_equal(source_seek(source, index, (int64_t)offset + 1, &err), ISD_OK); /* not the same place as before */
            assert_int_equal(source_seek(source, index, (int64_t)offset, &err), ISD_OK);
            check_bytes(source, offset, p == n / 2 ? text_length : 1000, 8192); /* once to the end: its checksum too */
        }
        assert_int_equal(source_seek(source, NULL, 5000, &err), ISD_OK);
        check_bytes(source, 5000, 3000, 8192);
        source_close(source);
        source_index_unref(index);
        source_index_unref(made);
    }
}

/* Every byte of what a store gives back may be wrong: refused, or at worst the data looks damaged. */
static void hostile_index(void **state)
{
    (void)state;
    struct source *source = open_packed(0, 0, false);
    struct source_index *index = make_index(source, SPACING), *other = NULL;
    unsigned char *bytes = NULL;
    size_t length = 0;
    isd_error err;
    source_close(source);
    assert_int_equal(source_index_pack(index, &bytes, &length, &err), ISD_OK);
    for (size_t cut = 0; cut < length; cut += cut < 300 ? 1 : 4999)
        assert_int_equal(source_index_unpack(bytes, cut, &other, &err), ISD_DATA);
    for (size_t k = 0; k < length; k += k < 300 ? 1 : 997) {
        bytes[k] ^= 1;
        isd_status status = source_index_unpack(bytes, length, &other, &err);
        assert_true(status == ISD_DATA || (status == ISD_UNSUPPORTED && k >= 16 && k < 20));
        bytes[k] ^= 1;
    }
    /* with a checksum that is right */
    struct rng rng;
    rng_init(&rng, 3);
    int accepted = 0;
    for (int trial = 0; trial < 300; trial++) {
        unsigned char *copy = malloc(length);
        assert_non_null(copy);
        memcpy(copy, bytes, length);
        for (int k = 0; k < 2; k++)
            copy[20 + rng_below(&rng, 100) + (trial % 2 ? rng_below(&rng, (uint32_t)length - 200) : 0)] = (unsigned char)rng_next(&rng);
        uint32_t sum = (uint32_t)crc32_z(0, copy, length - 4);
        for (int k = 0; k < 4; k++)
            copy[length - 4 + (size_t)k] = (unsigned char)(sum >> 8 * k);
        isd_status status = source_index_unpack(copy, length, &other, &err);
        assert_true(status == ISD_OK || status == ISD_DATA || status == ISD_UNSUPPORTED);
        if (status == ISD_OK) {
            accepted++;
            source = open_packed(0, 0, trial % 3 == 0);
            char buffer[4096];
            size_t got;
            status = source_seek(source, other, rng_below(&rng, (uint32_t)text_length), &err);
            for (int k = 0; k < 10 && status == ISD_OK; k++)
                status = source_read(source, buffer, sizeof buffer, &got, &err);
            assert_true(status == ISD_OK || status == ISD_DATA);
            source_close(source);
            source_index_unref(other);
        }
        free(copy);
    }
    assert_true(accepted > 20);
    free(bytes);
    source_index_unref(index);
}

static void write_file(const char *path, const void *bytes, size_t length, bool append)
{
    int fd = open(path, O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC), 0600);
    assert_true(fd >= 0 && write(fd, bytes, length) == (ssize_t)length);
    close(fd);
}

static void changed_files(void **state)
{
    (void)state;
    char folder[] = "/tmp/isdmin-source-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.gz", folder);
    for (int kind = 0; kind < 2; kind++) {
        const void *bytes = kind ? (const void *)text : packed[0];
        size_t length = kind ? text_length : packed_length[0];
        struct source *source = NULL;
        isd_error err;
        write_file(path, bytes, length, false);
        assert_int_equal(source_open(path, 0, false, &source, &err), ISD_OK);
        assert_int_equal(source_kind(source), kind ? SOURCE_PLAIN : SOURCE_GZ);
        struct source_index *index = make_index(source, SPACING);
        assert_true((source_index_count(index) > 0) == !kind);
        source_close(source);
        for (int change = 0; change < 5; change++) {
            struct stat info;
            assert_int_equal(stat(path, &info), 0);
            const struct timespec same[2] = {info.st_mtim, info.st_mtim};
            struct timespec later[2] = {info.st_mtim, info.st_mtim};
            later[1].tv_sec++;
            bool sound = change == 0 || change == 1;
            if (change == 1) { /* what appending does */
                write_file(path, packed[0], kind ? 20 : packed_length[0], true);
                assert_int_equal(utimensat(AT_FDCWD, path, later, 0), 0);
            } else if (change == 2) { /* touched */
                write_file(path, bytes, length, false);
                assert_int_equal(utimensat(AT_FDCWD, path, later, 0), 0);
            } else if (change == 3) { /* other content of the same length and time */
                unsigned char *copy = malloc(length);
                assert_non_null(copy);
                memcpy(copy, bytes, length);
                copy[length - 9] ^= 1;
                write_file(path, copy, length, false);
                free(copy);
                assert_int_equal(utimensat(AT_FDCWD, path, same, 0), 0);
            } else if (change == 4) {
                assert_int_equal(truncate(path, (off_t)length - 1), 0);
            }
            isd_status status = source_open_at(path, 0, false, index, 700001, &source, &err);
            if (sound) {
                assert_int_equal(status, ISD_OK);
                check_bytes(source, 700001, 5000, 4096);
                if (kind == 0)
                    assert_true(source_inflated(source) < 300000);
                source_close(source);
            } else {
                assert_int_equal(status, ISD_DATA);
                assert_non_null(strstr(err.what, "changed"));
            }
            if (change == 1) { /* back, for the next ones */
                write_file(path, bytes, length, false);
                assert_int_equal(utimensat(AT_FDCWD, path, same, 0), 0);
            }
        }
        source_index_unref(index);
    }
    unlink(path);
    rmdir(folder);
}

/* --- engines ----------------------------------------------------------------------------------------------------------- */

/* All that can be learnt from reading a source to its end. */
struct outcome {
    size_t sum; /* of the decoded bytes */
    int64_t length, fault_byte;
    enum source_fault fault;
    char fault_text[64];
    struct source_range bad[16];
    int n_bad;
};

static struct outcome outcome_of(const unsigned char *bytes, size_t length, const struct source_options *options, size_t step)
{
    static char buffer[1 << 18];
    struct outcome o;
    struct source *source = NULL;
    isd_error err;
    size_t got = 0;
    memset(&o, 0, sizeof o); /* compared as bytes */
    assert_int_equal(source_open_memory_as("mem", bytes, length, options, &source, &err), ISD_OK);
    do {
        assert_int_equal(source_read(source, buffer, step, &got, &err), ISD_OK);
        o.sum = crc32_z(o.sum, (const unsigned char *)buffer, got);
        o.length += (int64_t)got;
    } while (got > 0);
    o.fault = source_fault(source);
    o.fault_byte = source_fault_byte(source);
    snprintf(o.fault_text, sizeof o.fault_text, "%s", source_fault_text(source));
    const struct source_range *bad = source_bad(source, &o.n_bad);
    for (int k = 0; k < o.n_bad && k < 16; k++)
        o.bad[k] = bad[k];
    source_close(source);
    return o;
}

/* Whatever the engine and however it is read. Returns what all of them say. */
static struct outcome agreed(const unsigned char *bytes, size_t length, bool keep_checksum, unsigned seed)
{
    static const size_t chunks[] = {0, 1, 7, 100, 1000}, steps[] = {1 << 18, 1 << 12, 60, 40000};
    const struct source_options judge = {.keep_checksum = keep_checksum, .only_zlib = true};
    struct outcome sound = outcome_of(bytes, length, &judge, 1 << 18);
    for (unsigned k = 0; k < (seed % 4 ? 1 : 2); k++) {
        const struct source_options options = {
            .keep_checksum = keep_checksum,
            .only_zlib = k == 1,
            .chunk = k == 0 && seed % 3 == 0 ? 0 : chunks[seed % 5],
            .ahead = seed % 7 == 3 ? SOURCE_AHEAD_ALWAYS : SOURCE_AHEAD_NEVER,
            .ahead_size = seed % 2 ? 0 : 1 + seed % 5000};
        struct outcome other = outcome_of(bytes, length, &options, steps[seed / 5 % 4]);
        if (memcmp(&sound, &other, sizeof sound) != 0)
            fail_msg("%lld bytes, %d at %lld: %s, against %lld bytes, %d at %lld: %s", (long long)sound.length, sound.fault,
                     (long long)sound.fault_byte, sound.fault_text, (long long)other.length, other.fault,
                     (long long)other.fault_byte, other.fault_text);
    }
    return sound;
}

/* 5 KB of gz: each of its bits, each of its lengths. */
static void engines_agree_on_small_files(void **state)
{
    (void)state;
    unsigned char bytes[6000];
    size_t length = 0;
    gz_append(bytes, sizeof bytes, &length, text, 6000);
    gz_append(bytes, sizeof bytes, &length, text + 6000, 5500);
    assert_true(length > 4500);
    struct outcome sound = agreed(bytes, length, false, 0);
    assert_true(sound.fault == SOURCE_FINE && sound.length == 11500);
    int silent = 0, harmless = 0;
    /* without its first two bytes it is no gz, and no dump */
    for (size_t bit = 16; bit < 8 * length; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        struct outcome o = agreed(bytes, length, bit % 4 == 3, (unsigned)bit);
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        bool told = o.fault != SOURCE_FINE || o.n_bad > 0;
        harmless += !told && o.sum == sound.sum;
        silent += !told && o.sum != sound.sum;
    }
    print_message("%zu flips: %d harmless, %d silent changes\n", 8 * length, harmless, silent);
    assert_true(silent == 0 && harmless < 200); /* name and time in the headers */
    for (size_t cut = 0; cut < length; cut++) {
        struct outcome o = agreed(bytes, cut, cut & 1, (unsigned)cut);
        assert_true(o.length <= sound.length);
    }
}

/* Damage far inside, garbage, several faults at once. */
static void engines_agree_on_large_files(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 11);
    int faults[5] = {0};
    for (unsigned trial = 0; trial < 120; trial++) {
        int k = (int)(trial & 1);
        size_t length = packed_length[k];
        unsigned char *copy = malloc(length + 50);
        assert_non_null(copy);
        memcpy(copy, packed[k], length);
        for (unsigned flip = 0; flip < trial % 4; flip++)
            copy[rng_below(&rng, (uint32_t)length)] ^= (unsigned char)(1u << rng_below(&rng, 8));
        if (trial % 8 == 0)
            length = rng_below(&rng, (uint32_t)length);
        if (trial % 8 == 4) {
            memset(copy + length, trial & 8 ? 0 : 'x', 50);
            length += 50;
        }
        faults[agreed(copy, length, trial & 16, trial * 7 + 5).fault]++;
        free(copy);
    }
    print_message("fine %d, cut %d, damaged %d, checksum %d, garbage %d\n", faults[0], faults[1], faults[2], faults[3], faults[4]);
    assert_true(faults[0] > 0 && faults[1] > 0 && faults[2] > 0 && faults[3] > 0 && faults[4] > 0);
}

/* Whoever loses interest waits for no more than a piece; a place may be sought while a thread decodes. */
static void given_up_ahead(void **state)
{
    (void)state;
    for (int trial = 0; trial < 60; trial++) {
        struct source *source = NULL;
        isd_error err;
        const struct source_options options = {.ahead = SOURCE_AHEAD_ALWAYS, .ahead_size = trial % 2 ? 0 : 1000};
        int k = trial % 3 == 0;
        assert_int_equal(source_open_memory_as("mem", packed[k], packed_length[k], &options, &source, &err), ISD_OK);
        check_bytes(source, 0, (size_t)trial * 100, 777);
        if (trial % 4 == 0) {
            assert_int_equal(source_seek(source, NULL, 1000 * trial, &err), ISD_OK);
            check_bytes(source, 1000 * (size_t)trial, 9000, 512);
        }
        source_close(source);
    }
}

/* A file that has grown goes on where it ended, and its index grows with it. */
static void grown_file(void **state)
{
    (void)state;
    char path[] = "/tmp/isdmin-source-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    for (size_t first = packed_length[0] / 3; first < packed_length[0]; first += packed_length[0] / 3) {
        struct source *source = NULL;
        struct source_index *index = NULL, *grown = NULL;
        struct source_identity identity;
        enum source_change change;
        isd_error err;
        char buffer[4096];
        size_t got;
        write_file(path, packed[0], first, false);
        assert_int_equal(source_open(path, 0, false, &source, &err), ISD_OK);
        assert_int_equal(source_identify(source, &identity, &err), ISD_OK);
        assert_int_equal(source_index_new(&identity, SOURCE_GZ, &index, &err), ISD_OK);
        assert_int_equal(source_record(source, index, SPACING, &err), ISD_OK);
        do
            assert_int_equal(source_read(source, buffer, sizeof buffer, &got, &err), ISD_OK);
        while (got > 0);
        assert_int_equal(source_fault(source), SOURCE_CUT);
        int64_t reached = source_offset(source);
        source_close(source);
        write_file(path, packed[0] + first, packed_length[0] - first, true);
        assert_int_equal(source_open_at(path, 0, false, index, reached, &source, &err), ISD_OK);
        assert_int_equal(source_compare(source, &identity, &change, &err), ISD_OK);
        assert_int_equal(change, SOURCE_GROWN);
        assert_int_equal(source_identify(source, &identity, &err), ISD_OK);
        assert_int_equal(source_index_copy(index, &identity, &grown, &err), ISD_OK);
        assert_int_equal(source_record(source, grown, SPACING, &err), ISD_OK);
        check_bytes(source, (size_t)reached, text_length, 4096);
        assert_true(source_inflated(source) < (int64_t)text_length - reached + 300000);
        assert_true(source_index_count(grown) > source_index_count(index));
        assert_int_equal(source_seek(source, grown, (int64_t)text_length - 100, &err), ISD_OK);
        check_bytes(source, text_length - 100, 200, 4096);
        source_close(source);
        source_index_unref(index);
        source_index_unref(grown);
    }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_place),
        cmocka_unit_test(hostile_index),
        cmocka_unit_test(changed_files),
        cmocka_unit_test(grown_file),
        cmocka_unit_test(given_up_ahead),
        cmocka_unit_test(engines_agree_on_small_files),
        cmocka_unit_test(engines_agree_on_large_files),
    };
    return cmocka_run_group_tests(tests, make_data, free_data);
}
