/* Bad numbers in every column of every text format, claims and bombs in bounded memory, files that change under the reader.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/io/reading.h"
#include "../lib/scratch.h"
#include "lib/alloc.h"

/* --- numbers ----------------------------------------------------------------------------------------------------------- */

/* A small file of each text format; '@' stands before each number that counts, the kind of number after it: i an integer from 1, n a number
 * of atoms, r a real, l a length. */
static const struct {
    const char *name, *text;
} formats[] = {
    {"dump", "ITEM: TIMESTEP\n@s0\nITEM: NUMBER OF ATOMS\n@n2\nITEM: BOX BOUNDS pp pp pp\n@r0 @l9\n@r0 @l9\n@r0 @l9\n"
             "ITEM: ATOMS id type x y z ix iy iz\n@i1 @t1 @r1 @r2 @r3 @k0 @k0 @k0\n@i2 @t1 @r4 @r5 @r6 @k0 @k0 @k1\n"},
    {"tilted dump", "ITEM: TIMESTEP\n@s0\nITEM: NUMBER OF ATOMS\n@n2\nITEM: BOX BOUNDS xy xz yz pp pp pp\n@r0 @l9 @r0.5\n@r0 @l9 @r0\n@r0 @l9 @r0\n"
                    "ITEM: ATOMS id type xs ys zs\n@i1 @t1 @r.1 @r.2 @r.3\n@i2 @t1 @r.4 @r.5 @r.6\n"},
    {"data", "c\n\n@n2 atoms\n1 atom types\n\n@r0 @l9 xlo xhi\n@r0 @l9 ylo yhi\n@r0 @l9 zlo zhi\n\nAtoms # full\n\n"
             "@i1 1 @t1 0.5 @r1 @r2 @r3 @k0 @k0 @k0\n@i2 1 @t1 0.5 @r4 @r5 @r6 @k0 @k0 @k0\n"},
    {"xyz", "@n2\nLattice=\"@l9 @r0 @r0 @r0 @l9 @r0 @r0 @r0 @l9\" Properties=species:S:1:id:I:1:pos:R:3\nA @i1 @r1 @r2 @r3\nA @i2 @r4 @r5 @r6\n"},
    {"atooms", "@n2\nstep:0 columns:id,pos cell:@l9,@l9,@l9\n1 @r1 @r2 @r3\n1 @r4 @r5 @r6\n"},
    {"poscar", "c\n@v1\n@l9 @r0 @r0\n@r0 @l9 @r0\n@r0 @r0 @l9\nA\n@n2\nDirect\n@r.1 @r.2 @r.3\n@r.4 @r.5 @r.6\n"},
    {"xdatcar", "c\n@v1\n@l9 @r0 @r0\n@r0 @l9 @r0\n@r0 @r0 @l9\nA\n@n2\nDirect configuration= 1\n@r.1 @r.2 @r.3\n@r.4 @r.5 @r.6\n"},
};

static const char *const never[] = {"nan", "inf", "-inf", "0x10", "0x1p3", "1e999", "-1e999", "1,5", "abc", "1e", "--1", "1_0", "1d"};

/* Number k of the text replaced by `value` (NULL: by itself), all others as they are; returns its kind or '\0'. */
static char fill(const char *text, int k, const char *value, char *out, size_t size)
{
    size_t used = 0;
    char kind = '\0';
    int n = 0;
    for (const char *p = text; *p != '\0';) {
        if (*p != '@') {
            scratch_append(out, size, &used, "%c", *p++);
            continue;
        }
        size_t length = strcspn(p + 2, " \n\",");
        if (n++ == k) {
            kind = p[1];
            if (value != NULL) {
                scratch_append(out, size, &used, "%s", value);
                p += 2 + length;
                continue;
            }
        }
        scratch_append(out, size, &used, "%.*s", (int)length, p + 2);
        p += 2 + length;
    }
    return kind;
}

static bool accepts(const char *text, struct reading *r)
{
    reading_init(r, text, strlen(text), 0, false);
    bool good = r->status == ISD_OK && r->n == 1 && !r->marked;
    reading_done(r);
    return good;
}

static void refused_with_line(const char *name, const char *text, const char *value)
{
    struct reading r;
    if (accepts(text, &r))
        fail_msg("%s takes '%s':\n%s", name, value, text);
    const char *where = r.status != ISD_OK ? r.error.where : r.notes;
    bool not_known = strcmp(where, "mem") == 0 && strstr(r.error.what, "no snapshot") != NULL; /* the head is what it is known by */
    if (strncmp(where, "mem:", 4) != 0 && !not_known)
        fail_msg("%s refuses '%s' at '%s': %s", name, value, where, r.error.what);
}

static void bad_numbers(void **state)
{
    (void)state;
    char text[4096];
    struct reading r;
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        fill(formats[f].text, -1, NULL, text, sizeof text);
        if (!accepts(text, &r))
            fail_msg("%s: %s: %s", formats[f].name, r.error.where, r.error.what);
        for (int k = 0; fill(formats[f].text, k, NULL, text, sizeof text) != '\0'; k++)
            for (size_t v = 0; v < sizeof never / sizeof *never; v++) {
                fill(formats[f].text, k, never[v], text, sizeof text);
                refused_with_line(formats[f].name, text, never[v]);
            }
    }
}

/* What is a number, but none that can stand there. */
static void numbers_out_of_range(void **state)
{
    static const struct {
        char kind;
        const char *value;
    } bad[] = {{'i', "0"},          {'i', "-1"}, {'i', "1.5"},  {'i', "9223372036854775808"}, {'i', "1e3"}, {'t', "0"}, {'t', "-1"},
               {'t', "65"},         {'t', "1.0"}, {'n', "-1"},  {'n', "2147483648"},          {'n', "2000000000"}, {'n', "1e6"}, {'n', "3"},
               {'n', "9223372036854775807"},      {'l', "-9"},  {'l', "0"},                   {'k', "2147483648"}, {'k', "0.5"}, {'v', "0"},
               {'i', "2147483648000000000000"}};
    (void)state;
    char text[4096];
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        char kind;
        for (int k = 0; (kind = fill(formats[f].text, k, NULL, text, sizeof text)) != '\0'; k++)
            for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
                bool left_handed = bad[b].kind == 'l' && bad[b].value[0] == '-' && f >= 3; /* a vector may point the other way */
                bool flat = bad[b].kind == 'l' && bad[b].value[0] == '0' && f == 1; /* scaled by 0 all z are the same: two-dimensional */
                if (bad[b].kind != kind || flat || (left_handed && strcmp(formats[f].name, "atooms") != 0))
                    continue;
                fill(formats[f].text, k, bad[b].value, text, sizeof text);
                refused_with_line(formats[f].name, text, bad[b].value);
            }
    }
}

/* Four hundred digits are a number like any other: the same as strtod's, or too large. */
static void long_numbers(void **state)
{
    (void)state;
    char number[412], text[4096];
    struct reading r;
    memset(number, '7', 400);
    number[400] = '\0';
    fill(formats[0].text, 11, number, text, sizeof text);
    refused_with_line("dump", text, "400 digits");
    number[1] = '.';
    assert_int_equal(fill(formats[0].text, 10, number, text, sizeof text), 'r');
    reading_init(&r, text, strlen(text), 0, false);
    assert_int_equal(r.n, 1);
    assert_true(r.frame[0]->position[0] == strtod(number, NULL));
    reading_done(&r);
}

static void ids_twice(void **state)
{
    struct reading r;
    static const char *const twice[] = {
        "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n3\nITEM: BOX BOUNDS\n0 9\n0 9\n0 9\nITEM: ATOMS id x y z\n7 1 1 1\n3 2 2 2\n7 3 3 3\n",
        "c\n\n3 atoms\n1 atom types\n0 9 xlo xhi\n0 9 ylo yhi\n0 9 zlo zhi\n\nAtoms # atomic\n\n7 1 1 1 1\n3 1 2 2 2\n7 1 3 3 3\n",
        "3\nLattice=\"9 0 0 0 9 0 0 0 9\" Properties=id:I:1:pos:R:3\n7 1 1 1\n3 2 2 2\n7 3 3 3\n"};
    (void)state;
    for (int k = 0; k < 3; k++) {
        assert_false(accepts(twice[k], &r));
        assert_non_null(strstr(r.error.what, "7"));
    }
}

/* The same bits whatever the locale says about commas. */
static void decimal_comma(void **state)
{
    char folder[SCRATCH_SIZE], text[4096];
    struct reading plain[sizeof formats / sizeof *formats], german;
    (void)state;
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        fill(formats[f].text, -1, NULL, text, sizeof text);
        reading_init(&plain[f], text, strlen(text), 0, false);
    }
    assert_true(scratch_make(folder));
    bool there = SCRATCH_GERMAN(folder);
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        if (there) {
            fill(formats[f].text, -1, NULL, text, sizeof text);
            reading_init(&german, text, strlen(text), 0, false);
            assert_true(same_reading(&plain[f], &german));
            reading_done(&german);
        }
        reading_done(&plain[f]);
    }
    setlocale(LC_ALL, "C");
    assert_true(scratch_drop(folder));
    if (!there)
        skip();
}

/* --- memory ------------------------------------------------------------------------------------------------------------ */

/* Memory taken at the most while this is read. */
static long peak_of(const void *data, size_t size, struct reading *r)
{
    alloc_forget_peak();
    long before = alloc_peak();
    reading_init(r, data, size, 0, false);
    reading_done(r);
    return alloc_peak() - before;
}

static void claims_cost_nothing(void **state)
{
    static const char *const counts[] = {"2000000000", "2147483647", "500000000"};
    (void)state;
    char text[4096];
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++)
        for (int k = 0; fill(formats[f].text, k, NULL, text, sizeof text) != '\0'; k++)
            for (size_t c = 0; c < 3; c++) {
                struct reading r;
                if (fill(formats[f].text, k, counts[c], text, sizeof text) != 'n')
                    continue;
                assert_true(peak_of(text, strlen(text), &r) < 1400000); /* the window and the small things */
                assert_int_equal(r.n, 0);
            }
}

/* Half a gigabyte of atoms of which the dump's header claims one frame in 2 MB of gz; and of zeros. */
static void bombs_stay_small(void **state)
{
    static unsigned char packed[4 << 20], line[1 << 16];
    static const char head[] = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2000000000\nITEM: BOX BOUNDS\n0 9\n0 9\n0 9\nITEM: ATOMS type x y z\n";
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        z_stream z = {0};
        struct reading r;
        size_t length = 0;
        while (kind == 0 && length + 16 < sizeof line)
            length += (size_t)sprintf((char *)line + length, "1 1.25 2.5 3.75\n");
        if (kind == 1)
            memset(line, ' ', length = sizeof line);
        assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
        z.next_out = packed;
        z.avail_out = sizeof packed;
        z.next_in = (unsigned char *)(uintptr_t)head;
        z.avail_in = sizeof head - 1;
        assert_int_equal(deflate(&z, Z_NO_FLUSH), Z_OK);
        for (int k = 0; k < 1024; k++) {
            z.next_in = line;
            z.avail_in = (unsigned)length;
            deflate(&z, k == 1023 ? Z_FINISH : Z_NO_FLUSH);
        }
        size_t size = sizeof packed - z.avail_out;
        long plain = (long)z.total_in;
        deflateEnd(&z);
        assert_true(plain / (long)size > 200);
        long peak = peak_of(packed, size, &r);
        assert_int_equal(r.n, 0);
        /* frames take what was parsed (48 bytes an atom, the room doubling), lines of blanks at most the longest line */
        assert_true(peak < (kind == 0 ? 3 * 48 * (plain / 16) : (long)(3 * LINES_LONGEST)));
    }
}

/* A compressed GSD file is unpacked as a whole: not without end. */
static void packed_gsd_is_bounded(void **state)
{
    static unsigned char packed[1 << 20], zeros[8 << 20];
    static const uint64_t magic = 0x65DF65DF65DF65DFull;
    struct reading r;
    size_t used = 0;
    (void)state;
    memcpy(zeros, &magic, sizeof magic);
    gz_append(packed, sizeof packed, &used, zeros, sizeof zeros);
    size_t member = used;
    memset(zeros, 0, sizeof magic);
    gz_append(packed, sizeof packed, &used, zeros, sizeof zeros);
    for (member = used - member; used < 80 * member; used += member)
        memcpy(packed + used, packed + used - member, member);
    long peak = peak_of(packed, used, &r);
    assert_true(r.status == ISD_UNSUPPORTED && strstr(r.error.what, "larger than 512 MB") != NULL);
    assert_string_equal(r.error.hint, "unpack it (gzip -d): a plain GSD file is read frame by frame");
    assert_true(peak < 800l << 20);
}

/* --- files that change ------------------------------------------------------------------------------------------------- */

static void write_text(const char *path, const char *text, const char *mode)
{
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
}

static void many_frames(char *text, size_t size, int n)
{
    size_t used = 0;
    for (int k = 0; k < n; k++)
        scratch_append(text, size, &used, "ITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS\n0 9\n0 9\n0 9\nITEM: ATOMS x y z\n1 2 %d\n", k, k);
}

/* The frames that are still there come out whole; nothing else, and no crash. */
static int frames_while(const char *path, void (*change)(const char *path), isd_status *ret_status)
{
    struct source *source = NULL;
    isd_reader *reader = NULL;
    const struct reader_options options = {.chunk = 1000};
    isd_error err;
    int n = 0;
    assert_int_equal(source_open(path, 1000, false, &source, &err), ISD_OK);
    assert_int_equal(reader_open_source(source, &options, NULL, NULL, NULL, &reader, &err), ISD_OK);
    for (;;) {
        isd_snapshot *s = NULL;
        *ret_status = reader_next(reader, &s, NULL, &err);
        if (*ret_status != ISD_OK || s == NULL)
            break;
        assert_true(s->step == n && s->position[2] == n);
        isd_snapshot_unref(s);
        if (n++ == 5)
            change(path);
    }
    isd_reader_close(reader);
    return n;
}

static void replace(const char *path)
{
    char other[256];
    snprintf(other, sizeof other, "%s.new", path);
    write_text(other, "something else\n", "w");
    assert_int_equal(rename(other, path), 0);
}

static void shorten(const char *path)
{
    assert_int_equal(truncate(path, 3333), 0);
}

static void empty(const char *path)
{
    assert_int_equal(truncate(path, 0), 0);
}

static void changed_while_read(void **state)
{
    static char text[200000];
    char folder[SCRATCH_SIZE], path[128];
    isd_status status;
    (void)state;
    many_frames(text, sizeof text, 100);
    assert_true(scratch_make(folder));
    snprintf(path, sizeof path, "%s/a.dump", folder);
    write_text(path, text, "w");
    assert_int_equal(frames_while(path, replace, &status), 100); /* the old file is read to its end */
    write_text(path, text, "w");
    int n = frames_while(path, shorten, &status);
    assert_true(n > 5 && n < 100);
    write_text(path, text, "w");
    n = frames_while(path, empty, &status);
    assert_true(n > 5 && n < 100);
    assert_true(scratch_drop(folder));
}

/* For a user who may not read it; root may read anything, so another user does it. */
static void no_permission(void **state)
{
    char folder[SCRATCH_SIZE], path[128];
    int how = -1;
    (void)state;
    assert_true(scratch_make(folder));
    snprintf(path, sizeof path, "%s/a.dump", folder);
    write_text(path, "x\n", "w");
    assert_true(chmod(folder, 0755) == 0 && chmod(path, 0) == 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct source *source = NULL;
        isd_error err = {.status = ISD_OK};
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(2);
        isd_status status = source_open(path, 0, false, &source, &err);
        _exit(status == ISD_IO && strstr(err.what, "Permission denied") != NULL && strstr(err.where, path) != NULL ? 0 : 1);
    }
    assert_true(waitpid(child, &how, 0) == child && WIFEXITED(how));
    assert_true(chmod(path, 0600) == 0 && scratch_drop(folder));
    if (WEXITSTATUS(how) == 2)
        skip();
    assert_int_equal(WEXITSTATUS(how), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_numbers),         cmocka_unit_test(numbers_out_of_range), cmocka_unit_test(long_numbers),
        cmocka_unit_test(ids_twice),           cmocka_unit_test(decimal_comma),        cmocka_unit_test(claims_cost_nothing),
        cmocka_unit_test(bombs_stay_small),    cmocka_unit_test(packed_gsd_is_bounded), cmocka_unit_test(changed_while_read),
        cmocka_unit_test(no_permission),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
