/* Frames read again: any order, little memory, files that grow, change or vanish. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include <zlib.h>

#include "../../lib/scratch.h"
#include "base/rng.h"
#include "io/frames.h"
#include "job/pool.h"

static char folder[SCRATCH_SIZE];
static const char *source_root;

static const char *at(const char *name)
{
    return scratch_path(folder, name);
}

/* What was said, each note on a line. */
static char said[8192];

static void take_note(void *arg, const isd_error *note)
{
    size_t used = strlen(said);
    (void)arg;
    snprintf(said + used, sizeof said - used, "%s\n", note->what);
}

/* Frame number k: three atoms whose places tell k, of elements A, B, C, ... as k grows. */
static size_t put_frame(char *text, size_t size, int k)
{
    return (size_t)snprintf(text, size,
                            "ITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n3\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\n"
                            "ITEM: ATOMS id element x y z\n2 %c %d.25 2 0\n1 A 3 4 %d.5\n3 B 1 1 1\n",
                            10 * k, 'A' + k % 7, k, k);
}

/* Frames `from` ... `to` - 1 and then `extra`, at the end of a file. */
static void append(const char *name, int from, int to, const char *extra)
{
    char text[512];
    FILE *file = fopen(at(name), "a");
    assert_non_null(file);
    for (int k = from; k < to; k++)
        fwrite(text, 1, put_frame(text, sizeof text, k), file);
    fputs(extra, file);
    assert_int_equal(fclose(file), 0);
}

static void append_gz(const char *name, int from, int to)
{
    char text[512];
    gzFile file = gzopen(at(name), "ab");
    assert_non_null(file);
    for (int k = from; k < to; k++)
        gzwrite(file, text, (unsigned)put_frame(text, sizeof text, k));
    assert_int_equal(gzclose(file), Z_OK);
}

static struct frame_cache *small_cache(void)
{
    struct frame_cache *cache = NULL;
    assert_int_equal(frame_cache_new(1, &cache, NULL), ISD_OK);
    return cache;
}

/* A set that keeps no more than two frames. */
static struct frame_set *open_small(const char *path)
{
    struct frame_cache *cache = small_cache();
    const struct frame_set_options options = {.cache = cache};
    struct frame_set *set = NULL;
    isd_error err;
    said[0] = '\0';
    if (frame_set_open(&path, 1, &options, take_note, NULL, NULL, &set, &err) != ISD_OK)
        set = NULL;
    frame_cache_unref(cache);
    return set;
}

static void expect_frame(struct frame_set *set, int32_t k, int number)
{
    const isd_snapshot *s = NULL;
    isd_error err = {0};
    assert_int_equal(frame_set_get(set, k, &s, &err), ISD_OK);
    assert_int_equal(s->step, 10 * number);
    assert_true(s->position[2] == number + 0.5 && s->position[3] == number + 0.25);
    assert_int_equal(frame_set_info(set, k)->step, 10 * number);
    isd_snapshot_unref(s);
}

static void expect_frames(struct frame_set *set, int n)
{
    assert_int_equal(frame_set_count(set), n);
    for (int k = 0; k < n; k++)
        expect_frame(set, (k * 7 + 3) % n, (k * 7 + 3) % n);
}

static void expect_same(const isd_snapshot *a, const isd_snapshot *b)
{
    struct hash128 x = frame_fingerprint(a), y = frame_fingerprint(b);
    assert_true(hash128_equal(&x, &y));
    assert_true(a->box.dim == b->box.dim && a->n_types == b->n_types && a->has_step == b->has_step && a->step == b->step);
    assert_memory_equal(a->box.periodic, b->box.periodic, sizeof a->box.periodic);
    assert_true(a->has_time == b->has_time && a->time == b->time);
    assert_string_equal(a->units, b->units);
    assert_memory_equal(a->element, b->element, sizeof a->element);
}

/* All frames of a file in any order with two in memory, against all of them in memory. */
static int compare_file(const char *path)
{
    const struct frame_set_options columns = {.format.columns = "id,type,x,y,z", .format.cell = "9,9,9"};
    struct frame_cache *cache = small_cache();
    struct frame_set_options little = columns;
    struct frame_set *all = NULL, *few = NULL;
    isd_error err;
    little.cache = cache;
    isd_status status = frame_set_open(&path, 1, &columns, NULL, NULL, NULL, &all, &err);
    assert_int_equal(frame_set_open(&path, 1, &little, NULL, NULL, NULL, &few, &err), status);
    frame_cache_unref(cache);
    if (status != ISD_OK)
        return 0;
    int32_t n = frame_set_count(all);
    struct rng rng;
    rng_init(&rng, 5);
    assert_int_equal(frame_set_count(few), n);
    for (int turn = 0; turn < 60; turn++) {
        int32_t k = (int32_t)rng_below(&rng, (uint32_t)n);
        const isd_snapshot *a = NULL, *b = NULL;
        assert_int_equal(frame_set_get(all, k, &a, &err), ISD_OK);
        isd_status got = frame_set_get(few, k, &b, &err);
        if (got != ISD_OK)
            fail_msg("%s frame %d: %s", path, (int)k, err.what);
        expect_same(a, b);
        isd_snapshot_unref(a);
        isd_snapshot_unref(b);
    }
    frame_set_free(all);
    frame_set_free(few);
    return 1;
}

static int compare_folder(const char *path)
{
    DIR *stream = opendir(path);
    int n = 0;
    for (const struct dirent *d; stream != NULL && (d = readdir(stream)) != NULL;) {
        char name[900];
        snprintf(name, sizeof name, "%s/%s", path, d->d_name);
        if (d->d_name[0] != '.')
            n += compare_file(name);
    }
    if (stream != NULL)
        closedir(stream);
    return n;
}

static void any_order(void **state)
{
    (void)state;
    char path[600];
    const char *reference = getenv("ISDMIN_REFERENCE");
    append("many.dump", 0, 200, "");
    append_gz("many.dump.gz", 0, 60);
    append_gz("many.dump.gz", 60, 130);
    assert_int_equal(compare_file(at("many.dump")) + compare_file(at("many.dump.gz")), 2);
    snprintf(path, sizeof path, "%s/tests/fuzz/seeds_formats", source_root);
    assert_true(compare_folder(path) >= 14);
    snprintf(path, sizeof path, "%s/data/formats", reference ? reference : "../shared");
    int n = compare_folder(path);
    assert_true(n == 0 || n >= 30);
}

static void elements_by_appearance(void **state)
{
    (void)state;
    append("letters.dump", 0, 40, "");
    struct frame_set *set = open_small(at("letters.dump"));
    assert_non_null(set);
    expect_frames(set, 40);
    const isd_snapshot *s = NULL;
    assert_int_equal(frame_set_get(set, 6, &s, NULL), ISD_OK); /* the first with a G, which is type 7 */
    assert_int_equal(s->type[1], 7);
    isd_snapshot_unref(s);
    assert_int_equal(frame_set_get(set, 0, &s, NULL), ISD_OK);
    assert_string_equal(s->element[3], ""); /* as it was read: nobody had seen a C then */
    isd_snapshot_unref(s);
    frame_set_free(set);
}

static void budget(void **state)
{
    (void)state;
    append("budget.dump", 0, 10, "");
    struct frame_set *set = open_small(at("budget.dump"));
    const isd_snapshot *a = NULL, *b = NULL;
    assert_int_equal(frame_set_get(set, 0, &a, NULL), ISD_OK);
    assert_int_equal(frame_set_get(set, 0, &b, NULL), ISD_OK);
    assert_ptr_equal(a, b); /* from memory */
    isd_snapshot_unref(b);
    for (int k = 1; k < 4; k++)
        expect_frame(set, k, k);
    assert_int_equal(frame_set_get(set, 0, &b, NULL), ISD_OK);
    assert_ptr_not_equal(a, b); /* was pushed out; who holds it keeps it */
    expect_same(a, b);
    isd_snapshot_unref(a);
    isd_snapshot_unref(b);
    frame_set_free(set);
}

static void changed_file(void **state)
{
    (void)state;
    char text[512];
    isd_error err = {0};
    const isd_snapshot *s = NULL;
    append("changes.dump", 0, 8, "");
    struct frame_set *set = open_small(at("changes.dump"));
    expect_frame(set, 5, 5);
    FILE *file = fopen(at("changes.dump"), "r+");
    size_t length = put_frame(text, sizeof text, 0);
    text[length - 2] = '9'; /* the last number of frame 0 */
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
    assert_int_equal(frame_set_get(set, 0, &s, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "has changed"));
    assert_non_null(strstr(err.hint, "refresh"));
    expect_frame(set, 6, 6); /* what is the same is given */
    assert_int_equal(truncate(at("changes.dump"), 300), 0);
    assert_int_equal(frame_set_get(set, 7, &s, &err), ISD_DATA);
    assert_int_equal(unlink(at("changes.dump")), 0);
    frame_set_free(set);
    append("goes.dump", 0, 3, "");
    set = open_small(at("goes.dump"));
    assert_int_equal(unlink(at("goes.dump")), 0);
    assert_int_equal(frame_set_get(set, 2, &s, &err), ISD_IO);
    assert_null(s);
    frame_set_free(set);
}

/* Takes the set on after a refresh that says `news`. */
static void expect_news(struct frame_set *set, enum frame_set_news expected)
{
    enum frame_set_news news = FRAME_SET_SAME;
    bool done = false;
    isd_error err = {0};
    said[0] = '\0';
    assert_int_equal(frame_set_refresh(set, &news, &err), ISD_OK);
    assert_int_equal(news, expected);
    if (news != FRAME_SET_MORE)
        return;
    assert_int_equal(frame_set_read(set, NULL, take_note, NULL, NULL, &done, &err), ISD_OK);
    assert_true(done);
}

static void growing_file(void **state)
{
    (void)state;
    append("grows.dump", 0, 3, "ITEM: TIMESTEP\n30\nITEM: NUMBER OF AT");
    struct frame_set *set = open_small(at("grows.dump"));
    expect_frames(set, 3);
    assert_true(frame_set_marked(set) && strstr(said, "ends in frame 3") != NULL);
    expect_news(set, FRAME_SET_SAME);
    append("grows.dump", 0, 0, "OMS\n3\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\nITEM: ATOMS id element x y z\n2 D 3.25 2 0\n"
                               "1 A 3 4 3.5\n3 B 1 1 1");
    expect_news(set, FRAME_SET_MORE); /* whole but for the newline: its last number may be cut */
    expect_frames(set, 3);
    assert_true(frame_set_marked(set));
    append("grows.dump", 0, 0, "\n");
    append("grows.dump", 4, 9, "");
    expect_news(set, FRAME_SET_MORE);
    expect_frames(set, 9);
    assert_false(frame_set_marked(set));
    assert_string_equal(said, "");
    expect_news(set, FRAME_SET_SAME);
    assert_int_equal(truncate(at("grows.dump"), 700), 0);
    expect_news(set, FRAME_SET_OTHER);
    expect_frame(set, 0, 0);
    frame_set_free(set);
}

/* Frames in order of time steps get other numbers: all are read anew. */
static void growing_by_step(void **state)
{
    (void)state;
    const char *path = at("steps.dump");
    const struct frame_set_options by_step = {.order_by_step = true};
    struct frame_set *set = NULL, *anew = NULL;
    bool done = false;
    append("steps.dump", 5, 7, "");
    assert_int_equal(frame_set_open(&path, 1, &by_step, NULL, NULL, NULL, &set, NULL), ISD_OK);
    append("steps.dump", 2, 3, "");
    expect_news(set, FRAME_SET_OTHER);
    assert_int_equal(frame_set_anew(set, &anew, NULL), ISD_OK);
    assert_int_equal(frame_set_read(anew, NULL, NULL, NULL, NULL, &done, NULL), ISD_OK);
    expect_frame(set, 0, 5);
    expect_frame(anew, 0, 2);
    expect_frame(anew, 2, 6);
    frame_set_free(anew);
    frame_set_free(set);
}

/* What cannot be read is mended. */
static void mended_file(void **state)
{
    (void)state;
    const char *path = at("mended.dump");
    enum frame_set_news news = FRAME_SET_SAME;
    struct frame_set *set = NULL;
    isd_error err = {0};
    bool done = false;
    append("mended.dump", 0, 4, "ITEM: TIMESTEP\nnonsense\n");
    assert_int_equal(frame_set_begin(&path, 1, NULL, &set, &err), ISD_OK);
    assert_int_equal(frame_set_read(set, NULL, NULL, NULL, NULL, &done, &err), ISD_DATA);
    expect_frames(set, 4);
    assert_int_equal(frame_set_refresh(set, &news, &err), ISD_OK);
    assert_int_equal(news, FRAME_SET_MORE);
    assert_int_equal(frame_set_read(set, NULL, NULL, NULL, NULL, &done, &err), ISD_DATA);
    unlink(path);
    append("mended.dump", 0, 6, "");
    assert_int_equal(frame_set_refresh(set, &news, &err), ISD_OK);
    assert_int_equal(news, FRAME_SET_OTHER);
    frame_set_free(set);
}

static void growing_gz(void **state)
{
    (void)state;
    append_gz("grows.dump.gz", 0, 4);
    struct frame_set *set = open_small(at("grows.dump.gz"));
    expect_frames(set, 4);
    append_gz("grows.dump.gz", 4, 9);
    expect_news(set, FRAME_SET_MORE);
    expect_frames(set, 9);
    frame_set_free(set);
}

static void growing_folder(void **state)
{
    (void)state;
    assert_int_equal(mkdir(at("run"), 0777), 0);
    append("run/s.0", 0, 1, "");
    append("run/s.1", 1, 2, "");
    append("run/notes", 0, 0, "hello\n");
    struct frame_set *set = open_small(at("run"));
    expect_frames(set, 2);
    assert_int_equal(frame_set_file_count(set), 2);
    append("run/s.2", 0, 0, "ITEM: TIMESTEP\n20\n");
    expect_news(set, FRAME_SET_MORE); /* not there yet */
    expect_frames(set, 2);
    assert_non_null(strstr(said, "skipped: "));
    unlink(at("run/s.2"));
    append("run/s.2", 2, 3, "");
    append("run/s.10", 3, 4, "");
    expect_news(set, FRAME_SET_MORE);
    expect_frames(set, 4);
    assert_int_equal(frame_set_file_count(set), 4);
    append("run/s.3", 9, 10, ""); /* before s.10 */
    expect_news(set, FRAME_SET_OTHER);
    struct frame_set *anew = NULL;
    bool done = false;
    assert_int_equal(frame_set_anew(set, &anew, NULL), ISD_OK);
    assert_int_equal(frame_set_read(anew, NULL, take_note, NULL, NULL, &done, NULL), ISD_OK);
    assert_int_equal(frame_set_count(anew), 5); /* s.3 is a moment old and ends in a newline: it counts */
    frame_set_free(anew);
    frame_set_free(set);
}

static void plain_xyz_in_folder(void **state)
{
    (void)state;
    isd_error err = {0};
    struct frame_set *set = NULL;
    assert_int_equal(mkdir(at("mixed"), 0777), 0);
    append("mixed/a.dump", 0, 2, "");
    append("mixed/b.xyz", 0, 0, "2\nplain\nA 0 0 0\nB 1 1 1\n");
    set = open_small(at("mixed"));
    assert_non_null(set);
    expect_frames(set, 2);
    assert_false(frame_set_marked(set));
    assert_non_null(strstr(said, "skipped: frame 0 has no cell"));
    frame_set_free(set);
    set = NULL;
    const char *path = at("mixed/b.xyz");
    assert_int_equal(frame_set_open(&path, 1, NULL, NULL, NULL, NULL, &set, &err), ISD_DATA);
    assert_int_equal(mkdir(at("plain"), 0777), 0);
    append("plain/b.xyz", 0, 0, "2\nplain\nA 0 0 0\nB 1 1 1\n");
    path = at("plain");
    assert_int_equal(frame_set_open(&path, 1, NULL, NULL, NULL, NULL, &set, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "no cell"));
    assert_null(set);
}

/* --- in portions, while others look on ----------------------------------------------------------------------------------- */

static void portions(void **state)
{
    (void)state;
    const char *path = at("portions.dump");
    const struct frame_set_portion one = {.frames = 1};
    struct frame_set *set = NULL;
    isd_error err = {0};
    bool done = false;
    append("portions.dump", 0, 5, "");
    isd_control *control = isd_control_new();
    assert_int_equal(frame_set_begin(&path, 1, NULL, &set, &err), ISD_OK);
    assert_int_equal(frame_set_count(set), 0);
    for (int k = 0; k < 3; k++) {
        assert_int_equal(frame_set_read(set, &one, NULL, NULL, NULL, &done, &err), ISD_OK);
        assert_false(done);
        expect_frames(set, k + 1);
    }
    isd_control_cancel(control);
    assert_int_equal(frame_set_read(set, NULL, NULL, NULL, control, &done, &err), ISD_CANCELLED);
    isd_control_free(control);
    expect_frames(set, 3);
    assert_int_equal(frame_set_read(set, NULL, NULL, NULL, NULL, &done, &err), ISD_OK);
    assert_true(done);
    expect_frames(set, 5);
    frame_set_free(set);
}

static isd_status look_job(void *arg, isd_control *control, isd_error *err)
{
    struct frame_set *set = arg;
    for (int turn = 0; turn < 300; turn++) {
        const isd_snapshot *s = NULL;
        int32_t n = frame_set_count(set), k = n > 0 ? (turn * 37) % n : -1;
        if (k < 0)
            continue;
        isd_status status = frame_set_get(set, k, &s, err);
        if (status != ISD_OK)
            return status;
        if (s->step != 10 * k || frame_set_info(set, k)->step != s->step)
            return isd_error_set(err, ISD_INTERNAL, "frame %d has step %d", (int)k, (int)s->step);
        isd_snapshot_unref(s);
    }
    (void)control;
    return ISD_OK;
}

static isd_status read_job(void *arg, isd_control *control, isd_error *err)
{
    bool done = false;
    return frame_set_read(arg, NULL, NULL, NULL, control, &done, err);
}

static void many_threads(void **state)
{
    (void)state;
    const char *path = at("threads.dump.gz");
    struct frame_cache *cache = small_cache();
    const struct frame_set_options options = {.cache = cache};
    struct frame_set *set = NULL;
    struct job_pool *pool = NULL;
    isd_error err = {0};
    append_gz("threads.dump.gz", 0, 3000);
    assert_int_equal(frame_set_begin(&path, 1, &options, &set, &err), ISD_OK);
    assert_int_equal(job_pool_new(4, false, &pool, &err), ISD_OK);
    assert_int_equal(job_submit(pool, "read", 1, read_job, NULL, set, NULL, &err), ISD_OK);
    for (int k = 0; k < 6; k++)
        assert_int_equal(job_submit(pool, "look", 0, look_job, NULL, set, NULL, &err), ISD_OK);
    for (int left = 7; left > 0;) {
        struct job *job = job_pool_collect(pool);
        if (job == NULL) {
            usleep(1000);
            continue;
        }
        const isd_error *reason = NULL;
        if (job_result(job, &reason) != ISD_OK)
            fail_msg("%s", reason->what);
        job_release(pool, job);
        left--;
    }
    job_pool_free(pool);
    expect_frames(set, 3000);
    frame_set_free(set);
    frame_cache_unref(cache);
}

SCRATCH_GROUP(folder)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order),     cmocka_unit_test(elements_by_appearance), cmocka_unit_test(budget),
        cmocka_unit_test(changed_file),  cmocka_unit_test(growing_file),           cmocka_unit_test(growing_gz),
        cmocka_unit_test(growing_by_step), cmocka_unit_test(mended_file),
        cmocka_unit_test(growing_folder), cmocka_unit_test(plain_xyz_in_folder),   cmocka_unit_test(portions),
        cmocka_unit_test(many_threads),
    };
    source_root = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
