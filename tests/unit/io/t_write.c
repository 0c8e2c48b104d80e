/* Dumps out and back: bit for bit through us, and through LAMMPS where it is installed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"

#include <dirent.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../lib/scratch.h"
#include "base/rng.h"
#include "io/write.h"

static char folder[SCRATCH_SIZE];
static const char *reference;
static char reference_path[4096];

static const char *at(const char *name)
{
    return scratch_path(folder, name);
}

SCRATCH_GROUP(folder)

static int count_files(void)
{
    DIR *stream = opendir(folder);
    assert_non_null(stream);
    int n = 0;
    while (readdir(stream) != NULL)
        n++;
    closedir(stream);
    return n - 2;
}

static void read_file(struct reading *r, const char *path)
{
    struct source *source = NULL;
    memset(r, 0, sizeof *r);
    r->status = source_open(path, 0, false, &source, &r->error);
    if (r->status == ISD_OK)
        reading_frames(r, source, 0);
    if (r->status != ISD_OK)
        fail_msg("%s: %s", r->error.where, r->error.what);
}

static void write_frames(const char *path, const isd_snapshot *const *frame, int n)
{
    struct frame_writer *writer = NULL;
    isd_error err;
    if (frame_writer_new(path, &writer, &err) != ISD_OK)
        fail_msg("%s: %s", err.where, err.what);
    for (int k = 0; k < n; k++)
        assert_int_equal(frame_writer_frame(writer, frame[k], NULL, 0, &err), ISD_OK);
    assert_int_equal(frame_writer_close(writer, &err), ISD_OK);
}

/* An unwrapped frame is written in the cell with image counts: the same places, to rounding. */
static bool same_places(const isd_snapshot *a, const isd_snapshot *b)
{
    bool same = a->n == b->n && a->box.dim == b->box.dim && isd_snapshot_can_unwrap(b) && !b->unwrapped;
    for (int32_t i = 0; same && i < a->n; i++) {
        double from[3], to[3];
        isd_snapshot_unwrapped(a, i, from);
        isd_snapshot_unwrapped(b, i, to);
        same = a->id[i] == b->id[i] && a->type[i] == b->type[i];
        for (int d = 0; d < a->box.dim; d++)
            same = same && fabs(from[d] - to[d]) <= 1e-12 * (1 + fabs(from[d]));
    }
    return same;
}

static void round_trip(const struct reading *first, const char *what)
{
    struct reading second;
    write_frames(at("trip"), first->frame, first->n);
    read_file(&second, at("trip"));
    assert_int_equal(first->n, second.n);
    assert_int_equal(second.n_notes, 0);
    for (int k = 0; k < first->n; k++)
        if (first->frame[k]->unwrapped ? !same_places(first->frame[k], second.frame[k])
                                       : !same_snapshot(first->frame[k], second.frame[k]))
            fail_msg("%s: frame %d does not come back", what, k);
    reading_done(&second);
}

static void round_trip_text(const char *text)
{
    struct reading r;
    reading_init(&r, text, strlen(text), 0, false);
    if (r.status != ISD_OK)
        fail_msg("%s: %s", r.error.where, r.error.what);
    round_trip(&r, text);
    reading_done(&r);
}

#define BOX "ITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS "
static void all_kinds(void **state)
{
    (void)state;
    round_trip_text("ITEM: UNITS\nmetal\nITEM: TIME\n0.1\nITEM: TIMESTEP\n-5\n" BOX "pp ff pp\n-0.1 9.7\n1e-3 10.3\n-7.1 0.3\n"
                    "ITEM: ATOMS id type x y z ix iy iz\n900 3 0.1 1e-300 -7e200 -3 0 2147483647\n7 1 1 2 3.3 0 0 0\n"
                    "ITEM: TIMESTEP\n6\n" BOX "pp pp pp\n0 1\n0 1\n-0.5 0.5\nITEM: ATOMS id xu yu\n1 0.1 77.7\n2 0.3 0.3\n"
                    "ITEM: TIMESTEP\n7\n" BOX "pp pp pp\n0 1\n0 1\n0 1\nITEM: ATOMS type xs ys zs\n1 0.1 0.7 0.3\n2 0.3 0.3 0.1\n");
    round_trip_text("ITEM: TIMESTEP\n9223372036854775807\n" BOX "xy xz yz ff pp ss\n-1.9 12.16 2.75\n0.1 10.7 -1.9\n-0.7 9.4 1.3\n"
                    "ITEM: ATOMS id type xs ys zs ix iy iz\n1 1 0.1 0.2 0.3 1 2 3\n2 64 0.9 0.7 0.123456789012345678 0 0 0\n");
    round_trip_text("ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n0\nITEM: BOX BOUNDS pp pp pp\n0 1\n0 1\n0 1\nITEM: ATOMS id type x y z\n");
}

/* Bounding boxes with seventeen digits each: undoing and redoing them loses nothing. */
static void random_boxes(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 12);
    static char text[64000];
    size_t n = 0;
    for (int round = 1; round <= 1500; round++) {
        double scale = pow(10, rng_normal(&rng)), shift = round % 3 == 0 ? 0 : 3 * scale * rng_normal(&rng), tilt[3], lo[3], hi[3];
        for (int d = 0; d < 3; d++) {
            tilt[d] = round % 2 ? scale * (rng_double(&rng) - 0.5) : 0;
            lo[d] = shift * rng_double(&rng);
            hi[d] = lo[d] + scale * (2.5 + rng_double(&rng));
        }
        scratch_append(text, sizeof text, &n, "ITEM: TIMESTEP\n0\n" BOX "%spp pp pp\n", round % 2 ? "xy xz yz " : "");
        for (int d = 0; d < 3; d++) {
            scratch_append(text, sizeof text, &n, "%-1.16e %-1.16e", lo[d], hi[d]);
            if (round % 2)
                scratch_append(text, sizeof text, &n, " %-1.16e", tilt[d]);
            scratch_append(text, sizeof text, &n, "\n");
        }
        scratch_append(text, sizeof text, &n, "ITEM: ATOMS id type xs ys zs\n1 1 %.17g %.17g 0.5\n2 1 0.1 0.1 %.17g\n", rng_double(&rng),
                     rng_double(&rng), rng_double(&rng));
        if (round % MAX_FRAMES == 0) {
            round_trip_text(text);
            n = 0;
        }
    }
}

static void further_columns(void **state)
{
    (void)state;
    const char *text = "ITEM: TIMESTEP\n3\n" BOX "pp pp pp\n0 1\n0 1\n0 1\nITEM: ATOMS id type x y z\n5 2 0.5 0.25 0.125\n4 1 0 0 1\n";
    struct reading r;
    reading_init(&r, text, strlen(text), 0, false);
    static const double reals[2] = {0.1, -1e-5};
    static const int64_t ints[2] = {-7, INT64_MIN};
    const struct dump_column columns[2] = {{"u_lab", reals, NULL}, {"partner", NULL, ints}};
    struct frame_writer *writer = NULL;
    isd_error err;
    assert_int_equal(frame_writer_new(at("more"), &writer, &err), ISD_OK);
    assert_int_equal(frame_writer_frame(writer, r.frame[0], columns, 2, &err), ISD_OK);
    assert_int_equal(frame_writer_close(writer, &err), ISD_OK);
    char got[600] = "";
    FILE *file = fopen(at("more"), "r");
    assert_non_null(file);
    got[fread(got, 1, sizeof got - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(got, "ITEM: TIMESTEP\n3\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 1\n0 1\n0 1\n"
                             "ITEM: ATOMS id type x y z u_lab partner\n4 1 0 0 1 0.10000000000000001 -7\n"
                             "5 2 0.5 0.25 0.125 -1.0000000000000001e-05 -9223372036854775808\n");
    reading_done(&r);
}

static void read_text(char *out, size_t size, const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    out[fread(out, 1, size - 1, file)] = '\0';
    fclose(file);
}

#define TILTED "ITEM: TIMESTEP\n30\n" BOX "xy xz yz pp pp ff\n-0.5 5 1\n1.5 6.25 -0.5\n0 7.125 0.25\nITEM: ATOMS id type element x y z ix iy iz\n" \
               "7 2 P 0.1 1.7 0.3 0 -1 2\n4 1 Ni 3 4 5 0 0 0\n"
/* By suffix: extended XYZ with the further columns, and back through our own reader. */
static void xyz(void **state)
{
    (void)state;
    struct reading r, back;
    isd_error err;
    struct frame_writer *writer = NULL;
    static const double reals[2] = {0.5, -1e-5};
    static const int64_t ints[2] = {7, 4};
    const struct dump_column columns[2] = {{"u_lab", reals, NULL}, {"partner", NULL, ints}};
    reading_init(&r, TILTED, strlen(TILTED), 0, false);
    assert_int_equal(r.n, 1);
    assert_int_equal(frame_writer_new(at("pair.xyz"), &writer, &err), ISD_OK);
    for (int k = 0; k < 2; k++)
        assert_int_equal(frame_writer_frame(writer, r.frame[0], columns, 2, &err), ISD_OK);
    assert_int_equal(frame_writer_close(writer, &err), ISD_OK);
    char got[2000];
    read_text(got, sizeof got, at("pair.xyz"));
    assert_non_null(strstr(got, "pbc=\"T T F\" Timestep=30 Properties=species:S:1:id:I:1:pos:R:3:u_lab:R:1:partner:I:1\n"
                                "Ni 4 3 4 5 0.5 7\nP 7 0.10000000000000001 1.7 0.29999999999999999 -1.0000000000000001e-05 4\n2\n"));
    read_file(&back, at("pair.xyz"));
    assert_int_equal(back.n, 2);
    const isd_snapshot *a = r.frame[0], *b = back.frame[1];
    assert_true(b->step == 30 && b->has_ids && same_array(a->id, b->id, 2 * sizeof *a->id) && same_array(a->position, b->position, 6 * sizeof(double)));
    assert_true(memcmp(a->box.origin, b->box.origin, sizeof a->box.origin) == 0 && a->box.lx == b->box.lx && a->box.xz == b->box.xz && !b->box.periodic[2]);
    assert_string_equal(b->element[b->type[1]], "P");
    reading_done(&r);
    reading_done(&back);
}

/* Binary formats may have blanks in their names: a species is one word all the same. */
static void species_with_blanks(void **state)
{
    (void)state;
    isd_snapshot *s = NULL;
    struct reading back;
    assert_int_equal(isd_snapshot_new(2, false, &s, NULL), ISD_OK);
    s->box = (isd_box){.dim = 3, .periodic = {true, true, true}, .lx = 4, .ly = 4, .lz = 4};
    for (int i = 0; i < 2; i++) {
        s->id[i] = i + 1;
        s->type[i] = i + 1;
        s->position[3 * i + 2] = i;
        memcpy(s->element[i + 1], i == 0 ? "A b\t" : "C", i == 0 ? 5 : 2);
    }
    assert_int_equal(isd_snapshot_freeze(s, NULL), ISD_OK);
    write_frames(at("blanks.xyz"), (const isd_snapshot *const[]){s}, 1);
    read_file(&back, at("blanks.xyz"));
    assert_int_equal(back.n, 1);
    assert_string_equal(back.frame[0]->element[1], "A_b_");
    reading_done(&back);
    isd_snapshot_unref(s);
}

/* A data file holds one frame and nothing beside it; box, images and positions come back bit for bit. */
static void data_file(void **state)
{
    (void)state;
    struct reading r, back;
    isd_error err;
    struct frame_writer *writer = NULL;
    static const double reals[2] = {0, 0};
    const struct dump_column column = {"u_lab", reals, NULL};
    reading_init(&r, TILTED, strlen(TILTED), 0, false);
    write_frames(at("one.data"), r.frame, 1);
    read_file(&back, at("one.data"));
    const isd_snapshot *a = r.frame[0], *b = back.frame[0];
    assert_true(back.n == 1 && same_array(a->position, b->position, 6 * sizeof(double)) && same_array(a->image, b->image, 6 * sizeof(int32_t)));
    assert_true(a->box.lx == b->box.lx && a->box.ly == b->box.ly && a->box.yz == b->box.yz && a->box.origin[1] == b->box.origin[1]);
    assert_true(a->type[0] == b->type[0] && a->id[1] == b->id[1]);
    reading_done(&back);
    int before = count_files();
    assert_int_equal(frame_writer_new(at("two.data"), &writer, &err), ISD_OK);
    assert_int_equal(frame_writer_frame(writer, a, &column, 1, &err), ISD_USAGE);
    assert_int_equal(frame_writer_frame(writer, a, NULL, 0, &err), ISD_OK);
    assert_int_equal(frame_writer_frame(writer, a, NULL, 0, &err), ISD_USAGE);
    frame_writer_abandon(writer);
    assert_int_equal(count_files(), before);
    reading_done(&r);
}

static void whole_or_nothing(void **state)
{
    (void)state;
    isd_error err;
    assert_int_equal(write_whole_file(at("kept"), "old", 3, &err), ISD_OK);
    int before = count_files();
    struct frame_writer *writer = NULL;
    assert_int_equal(frame_writer_new(at("kept"), &writer, &err), ISD_OK);
    assert_int_equal(count_files(), before + 1); /* the draft lies beside it */
    frame_writer_abandon(writer);
    assert_int_equal(count_files(), before);
    /* the disk is full */
    static char data[1 << 20];
    struct rlimit old, small;
    getrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_IGN);
    small = old;
    small.rlim_cur = 1 << 16;
    setrlimit(RLIMIT_FSIZE, &small);
    isd_status status = write_whole_file(at("kept"), data, sizeof data, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(status, ISD_IO);
    assert_int_equal(count_files(), before);
    struct stat info;
    assert_true(stat(at("kept"), &info) == 0 && info.st_size == 3);
    /* through a symbolic link, keeping the mode */
    assert_int_equal(chmod(at("kept"), 0600), 0);
    assert_int_equal(symlink("kept", at("link")), 0);
    assert_int_equal(write_whole_file(at("link"), "newer", 5, &err), ISD_OK);
    assert_true(stat(at("kept"), &info) == 0 && info.st_size == 5 && (info.st_mode & 0777) == 0600);
    assert_true(lstat(at("link"), &info) == 0 && S_ISLNK(info.st_mode));
    assert_int_equal(write_whole_file(folder, "x", 1, &err), ISD_IO);
    assert_int_equal(write_whole_file("/dev/null", "x", 1, &err), ISD_IO);
    assert_int_equal(write_whole_file(at("no/such/place"), "x", 1, &err), ISD_IO);
}

/* All decoded bytes of a file, to be freed. */
static char *decoded(const char *path, size_t *ret_length)
{
    struct source *source = NULL;
    size_t size = 1 << 20, got = 0;
    char *text = malloc(size);
    *ret_length = 0;
    assert_int_equal(source_open(path, 0, false, &source, NULL), ISD_OK);
    do {
        assert_int_equal(source_read(source, text + *ret_length, size - *ret_length, &got, NULL), ISD_OK);
        *ret_length += got;
    } while (got > 0);
    assert_int_equal(source_fault(source), SOURCE_FINE);
    source_close(source);
    return text;
}

/* By the suffix, and what comes out of it is what is written without. */
static void compressed(void **state)
{
    (void)state;
    struct reading r;
    char text[60000];
    size_t used = (size_t)snprintf(text, sizeof text, "ITEM: TIMESTEP\n5\nITEM: NUMBER OF ATOMS\n700\nITEM: BOX BOUNDS pp pp pp\n"
                                   "0 10\n0 10\n0 10\nITEM: ATOMS id type x y z\n");
    for (int i = 0; i < 700; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%d %d %.15g 3.5 %d\n", i + 1, 1 + i % 3, i / 70.01, i % 9);
    reading_init(&r, text, used, 0, false);
    assert_int_equal(r.status, ISD_OK);
    static const char *const plain[] = {"p.dump", "p.data", "p.xyz"}, *const suffix[] = {".gz", ".zst"};
    static const unsigned char magic[2][2] = {{0x1f, 0x8b}, {0x28, 0xb5}};
    for (int k = 0; k < 6; k++) {
        char name[32];
        struct frame_writer *writer = NULL;
        isd_error err;
        size_t lengths[2];
        snprintf(name, sizeof name, "%s%s", plain[k / 2], suffix[k % 2]);
        isd_status status = frame_writer_new(at(name), &writer, &err);
        frame_writer_abandon(writer);
        if (status == ISD_UNSUPPORTED && k % 2 == 1)
            continue;
        write_frames(at(plain[k / 2]), r.frame, 1);
        write_frames(at(name), r.frame, 1);
        char *want = decoded(at(plain[k / 2]), &lengths[0]), *got = decoded(at(name), &lengths[1]);
        assert_int_equal(lengths[0], lengths[1]);
        assert_memory_equal(want, got, lengths[0]);
        unsigned char head[2];
        FILE *file = fopen(at(name), "rb");
        assert_int_equal(fread(head, 1, 2, file), 2);
        fclose(file);
        assert_memory_equal(head, magic[k % 2], 2);
        struct stat info;
        assert_true(stat(at(name), &info) == 0 && info.st_size < (off_t)lengths[0] / 2);
        free(want);
        free(got);
    }
    reading_done(&r);
}

/* What OVITO is given for a pair: the columns stay whole numbers and reals, in a dump and in extended XYZ, compressed or not. */
static void columns_of_a_pair(void **state)
{
    (void)state;
    isd_snapshot *s = NULL;
    isd_error err;
    assert_int_equal(isd_snapshot_new(2, false, &s, &err), ISD_OK);
    s->box = (isd_box){.dim = 3, .periodic = {true, true, true}, .lx = 2, .ly = 2, .lz = 2};
    s->has_ids = true;
    s->id[0] = 7;
    s->id[1] = 9;
    s->type[0] = s->type[1] = 1;
    s->position[3] = 0.5;
    assert_int_equal(isd_snapshot_freeze(s, &err), ISD_OK);
    const double u_lab[] = {0.1, 0.25}, u_mat[] = {0.1, 1e-9};
    const int64_t partner[] = {9, 7}, cycle[] = {1, 0};
    const struct dump_column columns[] = {{.name = "u_lab", .reals = u_lab}, {.name = "u_mat", .reals = u_mat},
                                          {.name = "partner", .ints = partner}, {.name = "cycle", .ints = cycle}};
    static const char *const name[] = {"pair.dump", "pair.xyz", "pair.dump.gz", "pair.extxyz.gz"};
    for (int k = 0; k < 4; k++) {
        struct frame_writer *writer = NULL;
        assert_int_equal(frame_writer_new(at(name[k]), &writer, &err), ISD_OK);
        assert_int_equal(frame_writer_frame(writer, s, columns, 4, &err), ISD_OK);
        assert_int_equal(frame_writer_close(writer, &err), ISD_OK);
        size_t length;
        char *text = decoded(at(name[k]), &length);
        text[length] = '\0';
        const char *head = k % 2 == 0 ? "ITEM: ATOMS id type x y z u_lab u_mat partner cycle\n"
                                      : "Properties=species:S:1:id:I:1:pos:R:3:u_lab:R:1:u_mat:R:1:partner:I:1:cycle:I:1\n";
        const char *row = k % 2 == 0 ? "7 1 0 0 0 0.10000000000000001 0.10000000000000001 9 1\n"
                                     : "1 7 0 0 0 0.10000000000000001 0.10000000000000001 9 1\n";
        assert_non_null(strstr(text, head));
        assert_non_null(strstr(text, row));
        assert_non_null(strstr(text, " 0.25 1.0000000000000001e-09 7 0\n"));
        free(text);
        struct reading back;
        read_file(&back, at(name[k]));
        assert_true(back.n == 1 && back.frame[0]->n == 2 && back.frame[0]->id[1] == 9 && back.frame[0]->position[3] == 0.5);
        reading_done(&back);
    }
    isd_snapshot_unref(s);
}

/* Every dump of the reference data, through us and back. */
static void reference_sets(void **state)
{
    (void)state;
    static const char *const name[] = {"ka2d/ka2d.dump.gz", "wca/wca.dump.gz", "tri/tri_xyz.dump.gz", "tri/tri_xy_scaled.dump.gz"};
    if (reference == NULL)
        skip();
    for (size_t k = 0; k < sizeof name / sizeof *name; k++) {
        char path[4500];
        snprintf(path, sizeof path, "%s/data/%s", reference, name[k]);
        struct reading r;
        read_file(&r, path);
        assert_true(r.n >= 4 && r.n_notes == 0);
        round_trip(&r, name[k]);
        reading_done(&r);
    }
}

/* LAMMPS reads what we write: its own dump of it has the same atoms, wrapped into the same box. */
static void through_lammps(const char *text, const char *input)
{
    struct reading ours, theirs;
    reading_init(&ours, text, strlen(text), 0, false);
    assert_int_equal(ours.status, ISD_OK);
    write_frames(at("ours.dump"), ours.frame, ours.n);
    FILE *file = fopen(at("in.read"), "w");
    assert_non_null(file);
    fprintf(file, "%s", input);
    fprintf(file, "read_dump ours.dump 10 x y%s box yes add keep replace no purge yes%s\n"
                  "mass * 1\npair_style zero 1\npair_coeff * *\n"
                  "dump 1 all custom 1 theirs.dump id type x y z ix iy iz\ndump_modify 1 sort id format float %%.17g\nrun 0 post no\n",
            ours.frame[0]->box.dim == 2 ? "" : " z", ours.frame[0]->unwrapped ? " wrapped no" : "");
    fclose(file);
    const char *const lammps[] = {"lmp", "-in", "in.read", "-log", "lmp.out", "-screen", "none", NULL};
    if (!scratch_run(folder, lammps))
        fail_msg("LAMMPS refuses what we wrote:\n%s%s", input, text);
    read_file(&theirs, at("theirs.dump"));
    const isd_snapshot *a = ours.frame[0], *b = theirs.frame[0];
    assert_int_equal(a->n, b->n);
    assert_true(isd_box_equal(&a->box, &b->box));
    isd_lattice lattice;
    isd_lattice_init(&lattice, &a->box);
    for (int i = 0; i < a->n; i++) {
        assert_true(a->id[i] == b->id[i] && a->type[i] == b->type[i]);
        double d[3];
        for (int k = 0; k < 3; k++)
            d[k] = (a->position[3 * i + k] - a->box.origin[k]) - (b->position[3 * i + k] - b->box.origin[k]);
        assert_true(isd_lattice_shortest(&lattice, d) < 1e-24);
    }
    reading_done(&ours);
    reading_done(&theirs);
}

static void lammps_reads_it(void **state)
{
    (void)state;
    const char *const lammps[] = {"lmp", "-help", NULL};
    if (!scratch_run(folder, lammps)) {
        print_message("no lmp here\n");
        skip();
    }
    through_lammps("ITEM: TIMESTEP\n10\n" BOX "pp pp pp\n-1 9\n0.1 10.3\n0 8\nITEM: ATOMS id type x y z ix iy iz\n"
                   "3 2 -0.123456789012345678 1 7 0 -1 2\n1 1 4 5 6 0 0 0\n",
                   "units lj\natom_modify map array\nregion b block 0 1 0 1 0 1\ncreate_box 2 b\n");
    through_lammps("ITEM: UNITS\nlj\nITEM: TIME\n0.05\nITEM: TIMESTEP\n10\n" BOX "xy xz yz pp pp pp\n-1.9 12.16 2.75\n0.1 10.7 -1.9\n-0.7 9.4 1.3\n"
                   "ITEM: ATOMS id type xs ys zs\n1 1 0.1 0.2 0.3\n2 2 0.9 0.7 0.123456789012345678\n",
                   "units lj\natom_modify map array\nbox tilt large\nregion b prism 0 1 0 1 0 1 0 0 0\ncreate_box 2 b\n");
    through_lammps("ITEM: TIMESTEP\n10\n" BOX "pp pp pp\n0 9\n0 10\n-0.5 0.5\nITEM: ATOMS id type xu yu\n1 1 100.25 2\n2 2 3 -47.125\n",
                   "units lj\ndimension 2\natom_modify map array\nregion b block 0 1 0 1 -0.5 0.5\ncreate_box 2 b\n");
}

static void decimal_comma(void **state)
{
    (void)state;
    if (!SCRATCH_GERMAN(folder)) {
        print_message("no de_DE.UTF-8 here\n");
        skip();
    }
    char number[16];
    snprintf(number, sizeof number, "%.1f", 0.5);
    assert_string_equal(number, "0,5");
    all_kinds(NULL);
    setlocale(LC_ALL, "C");
}

int main(int argc, char **argv)
{
    struct stat info;
    reference = getenv("ISDMIN_REFERENCE");
    snprintf(reference_path, sizeof reference_path, "%s/../shared", argc > 1 ? argv[1] : ".");
    if (reference == NULL && stat(reference_path, &info) == 0)
        reference = reference_path;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kinds),        cmocka_unit_test(random_boxes),   cmocka_unit_test(further_columns),
        cmocka_unit_test(whole_or_nothing), cmocka_unit_test(reference_sets), cmocka_unit_test(lammps_reads_it),
        cmocka_unit_test(decimal_comma),    cmocka_unit_test(xyz),            cmocka_unit_test(data_file),
        cmocka_unit_test(species_with_blanks), cmocka_unit_test(compressed), cmocka_unit_test(columns_of_a_pair),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
