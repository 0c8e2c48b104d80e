/* Files in and out while memory runs out. SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "app/lammps_script.h"
#include "io/frames.h"
#include "io/reader.h"
#include "io/write.h"
#include "memory.h"
#include "lib/must.h"

#define MOST_CASES 128
#define MOST_BYTES 65536

/* A seed and where it lies. */
struct seed {
    char path[512];
    size_t size;
    uint8_t data[MOST_BYTES];
};

/* --- readers ----------------------------------------------------------------------------------------------------------- */

static isd_status read_frames(isd_reader *reader, isd_error *err)
{
    for (;;) {
        isd_snapshot *const untouched = (isd_snapshot *)reader;
        isd_snapshot *s = untouched;
        isd_status status = reader_next(reader, &s, NULL, err);
        if (status != ISD_OK) {
            MUST(s == untouched);
            return status;
        }
        if (s == NULL)
            return ISD_OK;
        isd_snapshot_unref(s);
    }
}

static isd_status read_seed(const void *arg, isd_error *err)
{
    const struct seed *seed = arg;
    const struct reader_options options = {.format = {.cell = "9,9,9"}};
    struct source *const no_source = (struct source *)(uintptr_t)&options;
    isd_reader *const no_reader = (isd_reader *)(uintptr_t)&options;
    struct source *source = no_source;
    isd_reader *reader = no_reader;
    isd_status status = source_open_memory("mem", seed->data, seed->size, 0, true, &source, err);
    if (status != ISD_OK) {
        MUST(source == no_source);
        return status;
    }
    status = reader_open_source(source, &options, NULL, NULL, NULL, &reader, err);
    if (status != ISD_OK) {
        MUST(reader == no_reader);
        return status;
    }
    status = read_frames(reader, err);
    isd_reader_close(reader);
    return status;
}

static isd_status open_set(const void *arg, isd_error *err)
{
    const struct seed *seed = arg;
    const char *const paths[] = {seed->path};
    const struct frame_set_options options = {.order_by_step = true, .format = {.cell = "9,9,9"}};
    struct frame_set *const untouched = (struct frame_set *)(uintptr_t)&options;
    struct frame_set *set = untouched;
    isd_status status = frame_set_open(paths, 1, &options, NULL, NULL, NULL, &set, err);
    if (status != ISD_OK) {
        MUST(set == untouched);
        return status;
    }
    for (int32_t k = 0; k < frame_set_count(set) && status == ISD_OK; k++) {
        const isd_snapshot *s = NULL;
        status = frame_set_get(set, k, &s, err);
        MUST((status == ISD_OK) == (s != NULL));
        isd_snapshot_unref(s);
    }
    frame_set_free(set);
    return status;
}

/* A large file of which all is known once it was read, made by the first run. */
static struct {
    char path[64];
    struct frame_set *set;
    struct frame_set_known known;
} large;

static void drop_large(void)
{
    unlink(large.path);
    frame_set_free(large.set);
    free(large.known.bytes);
}

static void make_large(void)
{
    const char *word = large.path;
    snprintf(large.path, sizeof large.path, "/tmp/isdmin-memory-%ld.large", (long)getpid());
    FILE *file = fopen(large.path, "w");
    MUST(file != NULL);
    for (int f = 0; f < 3; f++) {
        int n = f == 0 ? 2 : 60000;
        fprintf(file, "ITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n%d\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\nITEM: ATOMS id type x y z\n", f, n);
        for (int i = 0; i < n; i++)
            fprintf(file, "%d 1 %d.25 1.000000000000000000 %d.5\n", i + 1, i % 9, i % 7);
    }
    MUST(fclose(file) == 0 && frame_set_open(&word, 1, NULL, NULL, NULL, NULL, &large.set, NULL) == ISD_OK);
    MUST(frame_set_known(large.set, 0, &large.known, NULL) == ISD_OK && large.known.bytes != NULL);
    atexit(drop_large);
}

static isd_status keep_known(const void *arg, isd_error *err)
{
    struct frame_set_known known = {.bytes = NULL};
    (void)arg;
    if (large.set == NULL)
        make_large();
    isd_status status = frame_set_known(large.set, 0, &known, err);
    MUST((status == ISD_OK) == (known.bytes != NULL));
    free(known.bytes);
    return status;
}

/* Where there is no memory for what is known the file is read on. */
static isd_status open_known(const void *arg, isd_error *err)
{
    const char *word = large.path;
    const struct frame_set_portion portion = {.frames = 1, .ask = true};
    struct frame_set *set = NULL;
    bool done = false;
    (void)arg;
    isd_status status = frame_set_begin(&word, 1, NULL, &set, err);
    if (status == ISD_OK)
        status = frame_set_read(set, &portion, NULL, NULL, NULL, &done, err);
    if (status == ISD_OK)
        status = frame_set_answer(set, large.known.bytes, large.known.length, err);
    if (status == ISD_OK)
        status = frame_set_read(set, NULL, NULL, NULL, NULL, &done, err);
    MUST(status != ISD_OK || (done && frame_set_count(set) == 3));
    frame_set_free(set);
    return status;
}

/* --- writers ----------------------------------------------------------------------------------------------------------- */

static isd_status write_frame(const void *arg, isd_error *err)
{
    static isd_snapshot *s;
    char path[64];
    if (s == NULL) { /* made once, by the first run, which nothing is kept from */
        MUST(isd_snapshot_new(3, true, &s, NULL) == ISD_OK);
        s->box = (isd_box){.dim = 3, .periodic = {true, true, true}, .lx = 4, .ly = 4, .lz = 4};
        for (int i = 0; i < 3; i++) {
            s->id[i] = i + 1;
            s->type[i] = 1;
            s->position[3 * i + 2] = i;
        }
        MUST(isd_snapshot_freeze(s, NULL) == ISD_OK);
    }
    snprintf(path, sizeof path, "/tmp/isdmin-memory-%ld.%s", (long)getpid(), (const char *)arg);
    struct frame_writer *const untouched = (struct frame_writer *)s;
    struct frame_writer *writer = untouched;
    isd_status status = frame_writer_new(path, &writer, err);
    if (status != ISD_OK) {
        MUST(writer == untouched && access(path, F_OK) != 0);
        return status;
    }
    status = frame_writer_frame(writer, s, NULL, 0, err);
    if (status != ISD_OK) {
        frame_writer_abandon(writer);
        return status;
    }
    status = frame_writer_close(writer, err);
    MUST((status == ISD_OK) == (access(path, F_OK) == 0));
    unlink(path);
    return status;
}

/* --- potentials and scripts -------------------------------------------------------------------------------------------- */

/* Seeds of fuzz_potential begin with a letter for the kind. */
static isd_status read_potential(const void *arg, isd_error *err)
{
    static const char *const elements[] = {"Si", "O"};
    const struct seed *seed = arg;
    char path[64];
    snprintf(path, sizeof path, "/tmp/isdmin-memory-%ld.potential", (long)getpid());
    isd_status status = write_whole_file(path, (const char *)seed->data + 1, seed->size - 1, err);
    if (status != ISD_OK)
        return status;
    isd_potential *const untouched = (isd_potential *)(uintptr_t)elements;
    isd_potential *potential = untouched;
    status = seed->data[0] == 't' ? isd_potential_tersoff_file(path, elements, 2, &potential, err)
                                  : isd_potential_eam(path, seed->data[0] == 'f', elements, 2, &potential, err);
    unlink(path);
    if (status != ISD_OK)
        MUST(potential == untouched);
    else
        isd_potential_unref(potential);
    return status;
}

static isd_status read_script(const void *arg, isd_error *err)
{
    static struct system_settings settings, before;
    const struct seed *seed = arg;
    system_init(&settings);
    memcpy(&before, &settings, sizeof before);
    isd_status status = lammps_script_read(&settings, seed->path, NULL, NULL, err);
    MUST(status == ISD_OK || memcmp(&settings, &before, sizeof before) == 0);
    return status;
}

/* --- the list ---------------------------------------------------------------------------------------------------------- */

static struct memory_case cases[MOST_CASES];
static int n_cases;

static void add(const char *name, isd_status (*run)(const void *, isd_error *), const void *arg)
{
    MUST(n_cases < MOST_CASES);
    cases[n_cases++] = (struct memory_case){name, run, arg};
}

/* Every file of a folder of seeds. */
static void add_folder(const char *seeds, const char *folder, isd_status (*run)(const void *, isd_error *), isd_status (*also)(const void *, isd_error *))
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", seeds, folder);
    DIR *stream = opendir(path);
    MUST(stream != NULL);
    for (const struct dirent *entry; (entry = readdir(stream)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        struct seed *seed = calloc(1, sizeof *seed);
        MUST(seed != NULL);
        snprintf(seed->path, sizeof seed->path, "%s/%s", path, entry->d_name);
        FILE *file = fopen(seed->path, "rb");
        MUST(file != NULL);
        seed->size = fread(seed->data, 1, sizeof seed->data, file);
        fclose(file);
        const char *name = strrchr(seed->path, '/') + 1;
        add(name, run, seed);
        if (also != NULL)
            add(name, also, seed);
    }
    closedir(stream);
}

const struct memory_case *memory_file_case(const char *seeds, int k)
{
    if (n_cases == 0) {
        add_folder(seeds, "seeds", read_seed, open_set);
        add_folder(seeds, "seeds_formats", read_seed, open_set);
        add_folder(seeds, "seeds_potential", read_potential, NULL);
        add_folder(seeds, "seeds_script", read_script, NULL);
        add("keep what is known", keep_known, NULL);
        add("open what is known", open_known, NULL);
        add("write dump", write_frame, "dump");
        add("write xyz", write_frame, "xyz");
        add("write data", write_frame, "data");
    }
    return k < n_cases ? &cases[k] : NULL;
}
