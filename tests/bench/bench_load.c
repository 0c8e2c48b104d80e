/* How fast dumps load. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: bench_load [SCRIPT [FILE.gz]]. Rows `case ours peer ratio`, median of the rounds, ours and the peer's in turn. CPU seconds of all
 * threads, but: "two threads" is the busier of the two threads (by the clock on two idle processors it is that), "by the clock" says what
 * the clock said. The peer is `gzip -dc` of the same file, strtod of the same numbers; for "parse" a parser of 1 GB/s, so that the
 * ratio is GB/s; with SCRIPT (peer_load.py) ASE and MDAnalysis too. Without FILE two dumps are made, as LAMMPS prints them. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/rng.h"
#include "base/scan.h"
#include "io/reader.h"

#define ROUNDS 7
#define ATOMS 108000
#define FRAMES 8

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(double *value, int n)
{
    qsort(value, (size_t)n, sizeof *value, by_value);
    return value[n / 2];
}

static void report(const char *name, double *ours, double *peer)
{
    double a = median(ours, ROUNDS), b = median(peer, ROUNDS);
    printf("%-34s %9.4f %9.4f %7.2f   (spread of ours %.0f %%)\n", name, a, b, b / a, 100 * (ours[ROUNDS - 1] - ours[0]) / a);
}

static void fail(const char *what)
{
    fprintf(stderr, "bench_load: %s\n", what);
    exit(1);
}

/* Frames of random atoms, `format` for each: id, type, three positions, three velocities. */
static void make_file(const char *path, const char *names, const char *format)
{
    struct rng rng;
    rng_init(&rng, 1);
    gzFile file = gzopen(path, "wb6");
    if (file == NULL)
        fail("cannot make a file");
    for (int k = 0; k < FRAMES; k++) {
        gzprintf(file, "ITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n%d\nITEM: BOX BOUNDS pp pp pp\n0 60\n0 60\n0 60\nITEM: ATOMS %s\n",
                 1000 * k, ATOMS, names);
        for (int i = 1; i <= ATOMS; i++)
            gzprintf(file, format, i, 1 + i % 2, 60 * rng_double(&rng), 60 * rng_double(&rng), 60 * rng_double(&rng),
                     rng_normal(&rng), rng_normal(&rng), rng_normal(&rng));
    }
    if (gzclose(file) != Z_OK)
        fail("cannot make a file");
}

enum way { ONE_THREAD, WITH_INDEX, WITH_ZLIB, AHEAD, AHEAD_WITH_ZLIB };

/* What a load took: the thread that parses, all threads together, and by the clock. */
struct cost {
    double parse, all, wall;
    long atoms;
};

static double process_cpu(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static struct source_index *record(struct source *source)
{
    struct source_identity identity;
    struct source_index *index = NULL;
    isd_error err;
    if (source_identify(source, &identity, &err) != ISD_OK ||
        source_index_new(&identity, source_kind(source), &index, &err) != ISD_OK || source_record(source, index, 0, &err) != ISD_OK)
        fail(err.what);
    return index;
}

static struct cost load(const char *path, enum way way)
{
    struct source *source = NULL;
    struct source_index *index = NULL;
    isd_reader *reader = NULL;
    const isd_snapshot *s;
    isd_error err;
    const struct source_options options = {.only_zlib = way == WITH_ZLIB || way == AHEAD_WITH_ZLIB,
                                           .ahead = way >= AHEAD ? SOURCE_AHEAD_ALWAYS : SOURCE_AHEAD_NEVER};
    const struct reader_options nothing = {0};
    struct cost cost = {.parse = -clock_thread_cpu(), .all = -process_cpu(), .wall = -clock_now()};
    if (source_open_as(path, &options, &source, &err) != ISD_OK)
        fail(err.what);
    if (way == WITH_INDEX)
        index = record(source);
    if (reader_open_source(source, &nothing, NULL, NULL, NULL, &reader, &err) != ISD_OK)
        fail(err.what);
    while (isd_reader_next(reader, &s, &err) == ISD_OK && s != NULL) {
        cost.atoms += s->n;
        isd_snapshot_unref(s);
    }
    isd_reader_close(reader);
    source_index_unref(index);
    cost.parse += clock_thread_cpu();
    cost.all += process_cpu();
    cost.wall += clock_now();
    return cost;
}

static double gunzip(const char *path)
{
    struct rusage usage;
    int status;
    pid_t child = fork();
    if (child < 0)
        fail("cannot start gzip");
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, 1);
        execlp("gzip", "gzip", "-dc", path, (char *)NULL);
        _exit(127);
    }
    if (wait4(child, &status, 0, &usage) != child || status != 0)
        fail("gzip failed");
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static double text_length(const char *path)
{
    static char buffer[1 << 18];
    struct source *source = NULL;
    isd_error err;
    size_t got;
    if (source_open(path, 0, false, &source, &err) != ISD_OK)
        fail(err.what);
    do
        if (source_read(source, buffer, sizeof buffer, &got, &err) != ISD_OK)
            fail(err.what);
    while (got > 0);
    double length = (double)source_offset(source);
    source_close(source);
    return length;
}

static void case_load(const char *file, const char *name, const char *path, enum way way, bool by_clock)
{
    double ours[ROUNDS], peer[ROUNDS];
    char title[64];
    for (int k = 0; k < ROUNDS; k++) {
        struct cost cost = load(path, way);
        double other = cost.all - cost.parse, start = clock_now();
        ours[k] = by_clock ? cost.wall : way >= AHEAD ? (cost.parse > other ? cost.parse : other) : cost.all;
        peer[k] = gunzip(path);
        if (by_clock)
            peer[k] = clock_now() - start;
    }
    snprintf(title, sizeof title, "%s: %s", file, name);
    report(title, ours, peer);
}

/* zlib's inflate and nothing else, into a large buffer: what the threads with zlib cannot go below. */
static void case_inflate(const char *file, const char *path)
{
    static unsigned char in[1 << 16], out[1 << 20];
    double ours[ROUNDS], peer[ROUNDS];
    char title[64];
    for (int k = 0; k < ROUNDS; k++) {
        int fd = open(path, O_RDONLY), code = Z_OK;
        z_stream z = {0};
        if (fd < 0 || inflateInit2(&z, 15 + 16) != Z_OK)
            fail("cannot read a file");
        ours[k] = -clock_thread_cpu();
        for (ssize_t got = 1; code == Z_OK && got > 0;) {
            z.next_in = in;
            z.avail_in = (unsigned)(got = read(fd, in, sizeof in));
            do {
                z.next_out = out;
                z.avail_out = sizeof out;
                code = inflate(&z, Z_NO_FLUSH);
            } while (code == Z_OK && z.avail_in > 0);
        }
        ours[k] += clock_thread_cpu();
        inflateEnd(&z);
        close(fd);
        peer[k] = gunzip(path);
    }
    snprintf(title, sizeof title, "%s: zlib's inflate alone", file);
    report(title, ours, peer);
}

/* The text without gz: reading and parsing. */
static void case_parse(const char *file, const char *path, double bytes)
{
    double ours[ROUNDS], peer[ROUNDS];
    char plain[128], command[512], title[64];
    snprintf(plain, sizeof plain, "%s.txt", path);
    snprintf(command, sizeof command, "gzip -dc '%s' > '%s'", path, plain);
    if (system(command) != 0)
        fail("gzip failed");
    for (int k = 0; k < ROUNDS; k++) {
        ours[k] = load(plain, ONE_THREAD).all;
        peer[k] = bytes / 1e9;
    }
    unlink(plain);
    snprintf(title, sizeof title, "%s: parse, GB/s", file);
    report(title, ours, peer);
}

static void case_peers(const char *file, const char *script, const char *path)
{
    char command[512], title[64];
    double peer[2] = {0, 0}, ours[ROUNDS];
    static const char *const name[] = {"ASE", "MDAnalysis"};
    snprintf(command, sizeof command, "/usr/bin/python3 '%s' '%s' %d", script, path, ATOMS);
    FILE *out = popen(command, "r");
    int got = out != NULL ? fscanf(out, "%lf %lf", &peer[0], &peer[1]) : 0;
    if (out == NULL || pclose(out) != 0 || got != 2)
        return;
    for (int p = 0; p < 2; p++) {
        for (int k = 0; k < ROUNDS; k++)
            ours[k] = load(path, ONE_THREAD).all;
        snprintf(title, sizeof title, "%s: against %s", file, name[p]);
        double a = median(ours, ROUNDS);
        printf("%-34s %9.4f %9.4f %7.1f\n", title, a, peer[p], peer[p] / a);
    }
}

static void case_file(const char *file, const char *script, const char *path)
{
    double bytes = text_length(path);
    case_load(file, "one thread", path, ONE_THREAD, false);
    case_load(file, "one thread, index made", path, WITH_INDEX, false);
    case_load(file, "one thread, zlib", path, WITH_ZLIB, false);
    case_load(file, "two threads", path, AHEAD, false);
    case_load(file, "two threads by the clock", path, AHEAD, true);
    case_load(file, "two threads, zlib", path, AHEAD_WITH_ZLIB, false);
    case_inflate(file, path);
    case_parse(file, path, bytes);
    if (script != NULL)
        case_peers(file, script, path);
}

static double sum_ours(const char *text, size_t length, double *ret_sum)
{
    double start = clock_thread_cpu(), value, sum = 0;
    const char *end = text + length;
    for (const char *p = text; p < end; p++) {
        p = scan_double(p, end, &value);
        sum += value;
    }
    *ret_sum = sum;
    return clock_thread_cpu() - start;
}

static double sum_strtod(const char *text, size_t length, double *ret_sum)
{
    double start = clock_thread_cpu(), sum = 0;
    for (const char *p = text; p < text + length; p++) {
        char *stop;
        sum += strtod(p, &stop);
        p = stop;
    }
    *ret_sum = sum;
    return clock_thread_cpu() - start;
}

static void case_scan(const char *name, const char *format)
{
    int n = 400000;
    char *text = malloc((size_t)n * 32);
    double ours[ROUNDS], peer[ROUNDS], a, b;
    size_t length = 0;
    struct rng rng;
    if (text == NULL)
        fail("out of memory");
    rng_init(&rng, 2);
    for (int k = 0; k < n; k++)
        length += (size_t)snprintf(text + length, 32, format, 60 * rng_double(&rng));
    for (int k = 0; k < ROUNDS; k++) {
        ours[k] = sum_ours(text, length, &a);
        peer[k] = sum_strtod(text, length, &b);
        if (a != b)
            fail("the two parsers disagree");
    }
    report(name, ours, peer);
    free(text);
}

int main(int argc, char **argv)
{
    printf("%-34s %9s %9s %7s\n", "case", "ours/s", "peer/s", "ratio");
    case_scan("scan %g against strtod", "%g\n");
    case_scan("scan %.10g against strtod", "%.10g\n");
    case_scan("scan %.17g against strtod", "%.17g\n");
    const char *script = argc > 1 ? argv[1] : NULL;
    if (argc > 2) {
        case_file("file", NULL, argv[2]);
        return 0;
    }
    static const char *const names[] = {"id type x y z", "id type x y z vx vy vz"};
    static const char *const format[] = {"%d %d %g %g %g\n", "%d %d %.10g %.10g %.10g %.10g %.10g %.10g\n"};
    for (int k = 0; k < 2; k++) {
        char path[] = "/tmp/isdmin-bench-XXXXXX.gz";
        int fd = mkstemps(path, 3);
        if (fd < 0)
            fail("cannot make a file");
        close(fd);
        make_file(path, names[k], format[k]);
        case_file(k == 0 ? "x %g" : "x v %.10g", script, path);
        unlink(path);
    }
    return 0;
}
