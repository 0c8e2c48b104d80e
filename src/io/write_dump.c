/* LAMMPS text dumps out, whole or not at all. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/write_dump.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE ((size_t)1 << 18)
/* No number takes more: 17 digits, sign, point (of a locale, some bytes), exponent. */
#define NUMBER_SIZE 40

/* A file that takes its name only when it is whole. */
struct draft {
    char *path;      /* the final one, symbolic links followed */
    char *temporary; /* beside it */
    int fd;
    int failed; /* errno of the first failure, 0 if none */
    char *buffer;
    size_t used;
};

struct dump_writer {
    struct draft draft;
    int32_t frames;
    char units[16];
};

/* --- drafts ------------------------------------------------------------------------------------------------------------ */

static isd_status refuse(const char *path, const char *verb, int reason, isd_error *err)
{
    isd_error_set(err, ISD_IO, "cannot %s: %s", verb, strerror(reason));
    isd_error_at(err, path, 0, 0);
    if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG)
        isd_error_hint(err, "make room or write elsewhere; what was there before is untouched");
    return ISD_IO;
}

static void draft_drop(struct draft *draft)
{
    if (draft->fd >= 0) {
        close(draft->fd);
        unlink(draft->temporary);
    }
    free(draft->path);
    free(draft->temporary);
    free(draft->buffer);
    *draft = (struct draft){.fd = -1};
}

/* A new file beside the final one; open() honours the umask, which mkstemp does not. */
static bool create_beside(struct draft *draft)
{
    size_t size = strlen(draft->path) + 48;
    draft->temporary = malloc(size);
    if (draft->temporary == NULL)
        return false;
    for (int k = 0; k < 1000; k++) {
        snprintf(draft->temporary, size, "%s.%ld-%d.part", draft->path, (long)getpid(), k);
        draft->fd = open(draft->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (draft->fd >= 0 || errno != EEXIST)
            break;
    }
    return true;
}

static isd_status draft_open(struct draft *draft, const char *path, isd_error *err)
{
    struct stat info;
    *draft = (struct draft){.fd = -1};
    bool exists = stat(path, &info) == 0;
    if (exists && !S_ISREG(info.st_mode)) {
        isd_error_set(err, ISD_IO, "cannot write: this is %s, expected a regular file or a new name",
                      S_ISDIR(info.st_mode) ? "a directory" : "no regular file");
        isd_error_at(err, path, 0, 0);
        return ISD_IO;
    }
    draft->path = exists ? realpath(path, NULL) : strdup(path);
    draft->buffer = malloc(BUFFER_SIZE);
    if (draft->path == NULL || draft->buffer == NULL || !create_beside(draft)) {
        draft_drop(draft);
        return isd_error_memory(err);
    }
    if (draft->fd < 0) {
        int reason = errno;
        draft_drop(draft);
        return refuse(path, "write", reason, err);
    }
    if (exists)
        fchmod(draft->fd, info.st_mode & 07777);
    return ISD_OK;
}

static void draft_flush(struct draft *draft)
{
    size_t done = 0;
    while (done < draft->used && draft->failed == 0) {
        ssize_t n = write(draft->fd, draft->buffer + done, draft->used - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            draft->failed = errno;
    }
    draft->used = 0;
}

static void draft_put(struct draft *draft, const char *data, size_t length)
{
    while (length > 0 && draft->failed == 0) {
        size_t room = BUFFER_SIZE - draft->used, part = length < room ? length : room;
        memcpy(draft->buffer + draft->used, data, part);
        draft->used += part;
        data += part;
        length -= part;
        if (draft->used == BUFFER_SIZE)
            draft_flush(draft);
    }
}

/* The new name must survive a power cut too. Best effort: not every file system lets a directory be synced. */
static void sync_folder(const char *path)
{
    char *copy = strdup(path);
    if (copy == NULL)
        return;
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(copy);
}

/* Gives the file its name, or removes it; frees the draft. */
static isd_status draft_commit(struct draft *draft, isd_error *err)
{
    draft_flush(draft);
    if (draft->failed == 0 && fsync(draft->fd) != 0 && errno != EINVAL)
        draft->failed = errno;
    if (draft->failed == 0 && rename(draft->temporary, draft->path) != 0)
        draft->failed = errno;
    isd_status status = ISD_OK;
    if (draft->failed != 0) {
        status = refuse(draft->path, "write", draft->failed, err);
    } else {
        sync_folder(draft->path);
        close(draft->fd);
        draft->fd = -1; /* nothing to unlink any more */
    }
    draft_drop(draft);
    return status;
}

/* --- text -------------------------------------------------------------------------------------------------------------- */

static void put_text(struct draft *draft, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put_text(struct draft *draft, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length > 0)
        draft_put(draft, text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

/* Seventeen significant digits, with a point in any locale. */
static void put_real(struct draft *draft, char lead, double value)
{
    char raw[NUMBER_SIZE], text[NUMBER_SIZE + 1];
    int length = snprintf(raw, sizeof raw, "%.17g", value);
    size_t used = 0;
    if (lead != '\0')
        text[used++] = lead;
    for (int k = 0; k < length; k++) {
        if ((raw[k] >= '0' && raw[k] <= '9') || strchr("+-einfa", raw[k]) != NULL)
            text[used++] = raw[k];
        else if (used == 0 || text[used - 1] != '.') /* a locale's point may take several bytes */
            text[used++] = '.';
    }
    draft_put(draft, text, used);
}

static void put_int(struct draft *draft, char lead, int64_t value)
{
    char text[NUMBER_SIZE], *p = text + sizeof text;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        *--p = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        *--p = '-';
    if (lead != '\0')
        *--p = lead;
    draft_put(draft, p, (size_t)(text + sizeof text - p));
}

/* --- the box ----------------------------------------------------------------------------------------------------------- */

/* The number next to `guess` that gives `want` when a reader subtracts `a` and then `b` from it: rounding makes a + b + want
 * miss it now and then. The guess if there is none. */
static double survives(double want, double a, double b)
{
    double guess = want + b + a, low = guess, high = guess;
    for (int k = 0; k < 8; k++) {
        if ((low - a) - b == want)
            return low;
        if ((high - a) - b == want)
            return high;
        low = nextafter(low, -INFINITY);
        high = nextafter(high, INFINITY);
    }
    return guess;
}

static void put_bounds(struct draft *draft, double lo, double length, double below, double above)
{
    put_real(draft, '\0', survives(lo, below, 0));
    put_real(draft, ' ', survives(length, above, lo));
}

static void put_box(struct draft *draft, const isd_box *box)
{
    bool tilted = box->xy != 0 || box->xz != 0 || box->yz != 0;
    put_text(draft, "ITEM: BOX BOUNDS%s", tilted ? " xy xz yz" : "");
    for (int d = 0; d < 3; d++)
        put_text(draft, box->periodic[d] ? " pp" : " ff");
    put_text(draft, "\n");
    double x[4] = {0, box->xy, box->xz, box->xy + box->xz}, low = 0, high = 0;
    for (int k = 1; k < 4; k++) {
        low = x[k] < low ? x[k] : low;
        high = x[k] > high ? x[k] : high;
    }
    const double tilt[3] = {box->xy, box->xz, box->yz};
    const double below[3] = {low, box->yz < 0 ? box->yz : 0, 0}, above[3] = {high, box->yz > 0 ? box->yz : 0, 0};
    const double length[3] = {box->lx, box->ly, box->lz};
    for (int d = 0; d < 3; d++) {
        put_bounds(draft, box->origin[d], length[d], below[d], above[d]);
        if (tilted)
            put_real(draft, ' ', tilt[d]);
        put_text(draft, "\n");
    }
}

/* --- frames ------------------------------------------------------------------------------------------------------------ */

isd_status dump_writer_new(const char *path, struct dump_writer **ret_writer, isd_error *err)
{
    size_t length = strlen(path);
    if (length >= 3 && strcmp(path + length - 3, ".gz") == 0) {
        isd_error_set(err, ISD_UNSUPPORTED, "gz files are not written");
        isd_error_at(err, path, 0, 0);
        isd_error_hint(err, "leave .gz out and run gzip afterwards");
        return ISD_UNSUPPORTED;
    }
    struct dump_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return isd_error_memory(err);
    isd_status status = draft_open(&writer->draft, path, err);
    if (status != ISD_OK) {
        free(writer);
        return status;
    }
    *ret_writer = writer;
    return ISD_OK;
}

static void put_header(struct dump_writer *writer, const isd_snapshot *s, const struct dump_column *columns,
                       int n_columns)
{
    struct draft *draft = &writer->draft;
    if (strcmp(writer->units, s->units) != 0) { /* LAMMPS writes it once a file, too */
        memcpy(writer->units, s->units, sizeof writer->units);
        put_text(draft, "ITEM: UNITS\n%s\n", s->units);
    }
    if (s->has_time) {
        put_text(draft, "ITEM: TIME\n");
        put_real(draft, '\0', s->time);
        put_text(draft, "\n");
    }
    put_text(draft, "ITEM: TIMESTEP\n%" PRId64 "\nITEM: NUMBER OF ATOMS\n%" PRId32 "\n",
             s->has_step ? s->step : writer->frames, s->n);
    put_box(draft, &s->box);
    put_text(draft, "ITEM: ATOMS%s type %s%s", s->has_ids ? " id" : "", s->unwrapped ? "xu yu zu" : "x y z",
             s->image != NULL && !s->unwrapped ? " ix iy iz" : "");
    for (int c = 0; c < n_columns; c++) {
        draft_put(draft, " ", 1);
        draft_put(draft, columns[c].name, strlen(columns[c].name));
    }
    draft_put(draft, "\n", 1);
}

isd_status dump_writer_frame(struct dump_writer *writer, const isd_snapshot *s, const struct dump_column *columns,
                             int n_columns, isd_error *err)
{
    struct draft *draft = &writer->draft;
    put_header(writer, s, columns, n_columns);
    writer->frames++;
    for (int32_t i = 0; i < s->n && draft->failed == 0; i++) {
        if (s->has_ids)
            put_int(draft, '\0', s->id[i]);
        put_int(draft, s->has_ids ? ' ' : '\0', s->type[i]);
        for (int d = 0; d < 3; d++)
            put_real(draft, ' ', s->position[3 * (size_t)i + d]);
        for (int d = 0; d < 3 && s->image != NULL && !s->unwrapped; d++)
            put_int(draft, ' ', s->image[3 * (size_t)i + d]);
        for (int c = 0; c < n_columns; c++) {
            if (columns[c].ints != NULL)
                put_int(draft, ' ', columns[c].ints[i]);
            else
                put_real(draft, ' ', columns[c].reals[i]);
        }
        draft_put(draft, "\n", 1);
    }
    return draft->failed == 0 ? ISD_OK : refuse(draft->path, "write", draft->failed, err);
}

isd_status dump_writer_close(struct dump_writer *writer, isd_error *err)
{
    isd_status status = draft_commit(&writer->draft, err);
    free(writer);
    return status;
}

void dump_writer_abandon(struct dump_writer *writer)
{
    if (writer == NULL)
        return;
    draft_drop(&writer->draft);
    free(writer);
}

isd_status write_whole_file(const char *path, const char *data, size_t length, isd_error *err)
{
    struct draft draft;
    isd_status status = draft_open(&draft, path, err);
    if (status != ISD_OK)
        return status;
    draft_put(&draft, data, length);
    return draft_commit(&draft, err);
}
