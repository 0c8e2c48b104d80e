/* Frame sets: files, directories, patterns, order, notes, refusals. SPDX-License-Identifier: GPL-3.0-or-later */
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
#include "base/clock.h"
#include "io/frames.h"

static char folder[SCRATCH_SIZE];

struct notes {
    char text[4096];
    int n;
};

static void take_note(void *arg, const isd_error *note)
{
    struct notes *notes = arg;
    size_t used = strlen(notes->text);
    snprintf(notes->text + used, sizeof notes->text - used, "%s|%s\n", note->where, note->what);
    notes->n++;
}

static const char *at(const char *name)
{
    return scratch_path(folder, name);
}

static void write_text(const char *name, const char *text, size_t length)
{
    FILE *file = fopen(at(name), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* A frame of two atoms of elements `a` and `b`; z of the second is `z`. */
static size_t frame_text(char *text, size_t size, int step, const char *a, const char *b, double z)
{
    return (size_t)snprintf(text, size,
                            "ITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\n"
                            "ITEM: ATOMS id element x y z\n1 %s 1 2 0\n2 %s 3 4 %g\n", step, a, b, z);
}

static void write_frame(const char *name, int step, const char *a, const char *b, double z)
{
    char text[512];
    write_text(name, text, frame_text(text, sizeof text, step, a, b, z));
}

SCRATCH_GROUP(folder)

static isd_status open_one(const char *path, const struct frame_set_options *options, struct notes *notes,
                           struct frame_set **ret_set, isd_error *err)
{
    memset(notes, 0, sizeof *notes);
    return frame_set_open(&path, 1, options, take_note, notes, NULL, ret_set, err);
}

static void expect_steps(const struct frame_set *set, const int64_t *step, int n)
{
    assert_int_equal(frame_set_count(set), n);
    for (int k = 0; k < n; k++)
        assert_int_equal(frame_set_info(set, k)->step, step[k]);
}

static void directory_and_pattern(void **state)
{
    (void)state;
    struct frame_set *set = NULL;
    struct notes notes;
    isd_error err;
    assert_int_equal(mkdir(at("set"), 0777), 0);
    assert_int_equal(mkdir(at("set/deeper"), 0777), 0);
    write_frame("set/deeper/s.1", 9, "A", "B", 1);
    write_frame("set/s.10", 300, "B", "A", 1);
    write_frame("set/s.2", 100, "A", "B", 1);
    write_frame("set/s.9", 200, "A", "B", 1);
    write_frame("set/.hidden", 1, "A", "B", 1);
    write_text("set/log.lammps", "LAMMPS (29 Sep 2021)\n", 21);
    write_text("set/empty", "", 0);
    write_text("set/\x1b[2Jbinary", "\0\1\2", 3);
    assert_int_equal(mkfifo(at("set/fifo"), 0666), 0);
    static const int64_t steps[] = {100, 200, 300};
    double start = clock_now();
    assert_int_equal(open_one(at("set"), NULL, &notes, &set, &err), ISD_OK);
    assert_true(clock_now() - start < 1); /* the FIFO does not hold us */
    expect_steps(set, steps, 3);
    assert_int_equal(notes.n, 1);
    assert_non_null(strstr(notes.text, "skipped 5 that are no snapshots: \\x1b[2Jbinary, deeper, empty, fifo, log.lammps"));
    assert_false(frame_set_marked(set));
    assert_string_equal(frame_set_info(set, 2)->path, at("set/s.10"));
    /* one numbering of elements for all files, although s.10 names B first */
    const isd_snapshot *s;
    assert_int_equal(frame_set_get(set, 2, &s, &err), ISD_OK);
    assert_true(s->type[0] == 2 && s->type[1] == 1);
    assert_string_equal(s->element[1], "A");
    isd_snapshot_unref(s);
    assert_int_equal(frame_set_get(set, 3, &s, &err), ISD_USAGE);
    frame_set_free(set);

    assert_int_equal(open_one(at("set/s.*"), NULL, &notes, &set, &err), ISD_OK);
    expect_steps(set, steps, 3);
    assert_int_equal(notes.n, 0);
    frame_set_free(set);
    assert_int_equal(open_one(at("set/t.*"), NULL, &notes, &set, &err), ISD_IO);
    assert_non_null(strstr(err.what, "no file matches"));
    /* a file with such a name is that file */
    write_frame("odd[1]*", 7, "A", "B", 1);
    assert_int_equal(open_one(at("odd[1]*"), NULL, &notes, &set, &err), ISD_OK);
    frame_set_free(set);
    assert_int_equal(open_one(at("set/deeper"), NULL, &notes, &set, &err), ISD_OK);
    frame_set_free(set);
}

/* The layout of the authors' own script: inherent.0 inherent.1 ..., one frame each, named by their folder, a pattern or one by one. */
static void numbered_files(void **state)
{
    (void)state;
    struct frame_set *set = NULL;
    struct notes notes;
    isd_error err;
    char name[64];
    int64_t steps[13];
    const char *words[13];
    static char paths[13][SCRATCH_SIZE + 80];
    assert_int_equal(mkdir(at("run"), 0777), 0);
    for (int k = 0; k < 13; k++) {
        snprintf(name, sizeof name, "run/inherent.%d", k);
        write_frame(name, 1000 * k, "A", "B", 1);
        snprintf(paths[k], sizeof paths[k], "%s/%s", folder, name);
        words[k] = paths[k];
        steps[k] = 1000 * k;
    }
    assert_int_equal(open_one(at("run"), NULL, &notes, &set, &err), ISD_OK);
    expect_steps(set, steps, 13);
    assert_int_equal(frame_set_file_count(set), 13);
    frame_set_free(set);
    assert_int_equal(open_one(at("run/inherent.*"), NULL, &notes, &set, &err), ISD_OK);
    expect_steps(set, steps, 13);
    frame_set_free(set);
    assert_int_equal(frame_set_open(words, 13, NULL, take_note, &notes, NULL, &set, &err), ISD_OK);
    expect_steps(set, steps, 13);
    frame_set_free(set);
    assert_int_equal(open_one(at("run/inherent.1?"), NULL, &notes, &set, &err), ISD_OK);
    expect_steps(set, steps + 10, 3);
    frame_set_free(set);
}

static void order(void **state)
{
    (void)state;
    struct frame_set *set = NULL;
    struct notes notes = {.n = 0};
    isd_error err;
    write_frame("late", 300, "A", "B", 1);
    write_frame("early", 100, "A", "B", 1);
    write_frame("late2", 300, "A", "B", 1);
    char late[300], early[300], late2[300];
    snprintf(late, sizeof late, "%s", at("late"));
    snprintf(early, sizeof early, "%s", at("early"));
    snprintf(late2, sizeof late2, "%s", at("late2"));
    const char *paths[] = {late, early, late2};
    static const int64_t given[] = {300, 100, 300}, sorted[] = {100, 300, 300};
    assert_int_equal(frame_set_open(paths, 3, NULL, take_note, &notes, NULL, &set, &err), ISD_OK);
    expect_steps(set, given, 3);
    assert_int_equal(notes.n, 1);
    assert_non_null(strstr(notes.text, "frames 0 and 2 have one time step, 300"));
    frame_set_free(set);
    const struct frame_set_options by_step = {.order_by_step = true};
    assert_int_equal(frame_set_open(paths, 3, &by_step, take_note, &notes, NULL, &set, &err), ISD_OK);
    expect_steps(set, sorted, 3);
    assert_string_equal(frame_set_info(set, 1)->path, late); /* stable */
    frame_set_free(set);
}

static void dimension(void **state)
{
    (void)state;
    struct frame_set *set = NULL;
    struct notes notes;
    isd_error err;
    const isd_snapshot *kept;
    char text[1024];
    size_t n = frame_text(text, sizeof text, 0, "A", "B", 0);
    n += frame_text(text + n, sizeof text - n, 1, "A", "B", 0.5);
    write_text("flat", text, n);
    assert_int_equal(open_one(at("flat"), NULL, &notes, &set, &err), ISD_OK);
    assert_int_equal(frame_set_dimension(set), 2);
    assert_int_equal(frame_set_get(set, 1, &kept, &err), ISD_OK);
    assert_int_equal(kept->box.dim, 2); /* frame 0 speaks for all */
    assert_int_equal(frame_set_info(set, 1)->box.dim, 2);
    isd_snapshot_unref(kept);
    frame_set_free(set);
    const struct frame_set_options three = {.dimension = 3};
    assert_int_equal(open_one(at("flat"), &three, &notes, &set, &err), ISD_OK);
    assert_int_equal(frame_set_dimension(set), 3);
    frame_set_free(set);
}

static void refused(void **state)
{
    (void)state;
    struct frame_set *set = NULL;
    struct notes notes;
    isd_error err;
    double start = clock_now();
    assert_int_equal(open_one(at("missing"), NULL, &notes, &set, &err), ISD_IO);
    assert_non_null(strstr(err.what, "No such file"));
    assert_int_equal(mkfifo(at("fifo"), 0666), 0);
    assert_int_equal(open_one(at("fifo"), NULL, &notes, &set, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "FIFO"));
    assert_int_equal(open_one("/dev/zero", NULL, &notes, &set, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "character device"));
    assert_int_equal(symlink("loop", at("loop")), 0);
    assert_int_equal(open_one(at("loop"), NULL, &notes, &set, &err), ISD_IO);
    assert_true(clock_now() - start < 1);
    assert_int_equal(mkdir(at("nothing"), 0777), 0);
    assert_int_equal(open_one(at("nothing"), NULL, &notes, &set, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "no snapshot"));
    write_text("notes.txt", "hello\n", 6);
    assert_int_equal(open_one(at("notes.txt"), NULL, &notes, &set, &err), ISD_DATA);
    write_text("hollow", "", 0);
    assert_int_equal(open_one(at("hollow"), NULL, &notes, &set, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "empty"));
    if (geteuid() != 0) {
        write_frame("secret", 0, "A", "B", 1);
        chmod(at("secret"), 0);
        assert_int_equal(open_one(at("secret"), NULL, &notes, &set, &err), ISD_IO);
    }
    assert_int_equal(frame_set_open(NULL, 0, NULL, NULL, NULL, NULL, &set, &err), ISD_DATA);
    assert_null(set);
}

static void write_gz(const char *name, const char *text, size_t length)
{
    gzFile file = gzopen(at(name), "ab");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, text, (unsigned)length), length);
    assert_int_equal(gzclose(file), Z_OK);
}

/* The frames of the member with a wrong checksum are marked, the others not. */
static void checksum(void **state)
{
    (void)state;
    struct frame_set *set = NULL;
    struct notes notes;
    isd_error err;
    char text[512];
    struct stat info = {0};
    for (int k = 0; k < 3; k++) {
        write_gz("members.gz", text, frame_text(text, sizeof text, k, "A", "B", 1));
        if (k == 1)
            assert_int_equal(stat(at("members.gz"), &info), 0);
    }
    FILE *file = fopen(at("members.gz"), "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, info.st_size - 8, SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, info.st_size - 8, SEEK_SET), 0);
    fputc(byte ^ 1, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(open_one(at("members.gz"), NULL, &notes, &set, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "checksum wrong"));
    const struct frame_set_options keep = {.keep_checksum = true};
    assert_int_equal(open_one(at("members.gz"), &keep, &notes, &set, &err), ISD_OK);
    assert_int_equal(frame_set_count(set), 3);
    assert_true(frame_set_marked(set) && strstr(notes.text, "checksum wrong") != NULL);
    for (int k = 0; k < 3; k++)
        assert_int_equal(frame_set_info(set, k)->checksum_wrong, k == 1);
    frame_set_free(set);
    /* cut: marked, with a note */
    assert_int_equal(truncate(at("members.gz"), info.st_size - 20), 0);
    assert_int_equal(open_one(at("members.gz"), NULL, &notes, &set, &err), ISD_OK);
    assert_true(frame_set_count(set) == 1 && frame_set_marked(set) && notes.n == 1);
    frame_set_free(set);
}

/* One file of a folder that needs to be told something does not keep the others from being read. */
static void unknown_style_in_a_folder(void **state)
{
    (void)state;
    static const char odd[] = "c\n\n1 atoms\n0 9 xlo xhi\n0 9 ylo yhi\n0 9 zlo zhi\n\nAtoms # granular\n\n1 1 1 2 3\n";
    struct frame_set *set = NULL;
    struct notes notes;
    isd_error err;
    assert_int_equal(mkdir(at("styles"), 0700), 0);
    write_text("styles/a.data", odd, strlen(odd));
    assert_int_equal(open_one(at("styles"), NULL, &notes, &set, &err), ISD_UNSUPPORTED);
    assert_non_null(strstr(err.hint, "columns= of open"));
    write_frame("styles/b.dump", 0, "A", "B", 1);
    assert_int_equal(open_one(at("styles"), NULL, &notes, &set, &err), ISD_OK);
    assert_true(frame_set_count(set) == 1 && strstr(notes.text, "skipped: atom style granular is not known") != NULL);
    frame_set_free(set);
}

/* A link to nothing is called that, and its frames are missing, but nothing is damaged. */
static void dangling_links(void **state)
{
    (void)state;
    struct frame_set *set = NULL;
    struct notes notes = {.n = 0};
    isd_error err;
    assert_int_equal(mkdir(at("links"), 0700), 0);
    write_frame("links/a.dump", 0, "A", "B", 1);
    assert_int_equal(symlink("gone.dump", at("links/b.dump")), 0);
    assert_int_equal(symlink("c.dump", at("links/c.dump")), 0);
    assert_int_equal(open_one(at("links"), NULL, &notes, &set, &err), ISD_OK);
    assert_true(frame_set_count(set) == 1 && frame_set_left_out(set) && !frame_set_marked(set));
    assert_non_null(strstr(notes.text, "a symbolic link to gone.dump, which is not there"));
    assert_non_null(strstr(notes.text, "leads back to itself"));
    frame_set_free(set);
    assert_int_equal(open_one(at("links/b.dump"), NULL, &notes, &set, &err), ISD_IO);
    assert_string_equal(err.what, "a symbolic link to gone.dump, which is not there");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(directory_and_pattern), cmocka_unit_test(dangling_links),
        cmocka_unit_test(unknown_style_in_a_folder), cmocka_unit_test(numbered_files),
        cmocka_unit_test(order),                 cmocka_unit_test(dimension),      cmocka_unit_test(refused),
        cmocka_unit_test(checksum),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
