/* Bytes from regular files or memory, plain, gz or zstd. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/source_gz.h"
#include "io/source_zstd.h"

#define DEFAULT_CHUNK ((size_t)1 << 16)

struct source {
    struct raw raw;
    struct gz *gz; /* one of these at most */
    struct zst *zst;
};

isd_status raw_read(struct raw *raw, unsigned char *buffer, size_t size, size_t *ret_length, isd_error *err)
{
    size_t length;
    if (raw->fd < 0) {
        size_t left = (size_t)(raw->size - raw->offset);
        length = size < left ? size : left;
        if (length > 0)
            memcpy(buffer, raw->memory + raw->offset, length);
    } else {
        ssize_t got;
        do
            got = read(raw->fd, buffer, size);
        while (got < 0 && errno == EINTR);
        if (got < 0) {
            isd_error_set(err, ISD_IO, "cannot read: %s", strerror(errno));
            isd_error_at_byte(err, raw->path, raw->offset);
            return ISD_IO;
        }
        length = (size_t)got;
    }
    raw->offset += (int64_t)length;
    *ret_length = length;
    return ISD_OK;
}

static isd_status refuse_kind(const char *path, mode_t mode, isd_error *err)
{
    const char *kind = S_ISDIR(mode)    ? "a directory"
                       : S_ISFIFO(mode) ? "a FIFO"
                       : S_ISCHR(mode)  ? "a character device"
                       : S_ISBLK(mode)  ? "a block device"
                       : S_ISSOCK(mode) ? "a socket"
                                        : "something special";
    isd_error_set(err, ISD_DATA, "this is %s, expected a regular file", kind);
    isd_error_at(err, path, 0, 0);
    isd_error_hint(err, S_ISDIR(mode) ? "name a file in it" : "write the data to a file and name that");
    return ISD_DATA;
}

static isd_status open_file(struct raw *raw, const char *path, isd_error *err)
{
    struct stat info;
    /* without O_NONBLOCK a FIFO would hold us until somebody writes into it */
    raw->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (raw->fd < 0 || fstat(raw->fd, &info) != 0) {
        int reason = errno;
        /* an unreadable FIFO or a socket is better named for what it is */
        if (raw->fd < 0 && reason == ENXIO && stat(path, &info) == 0 && !S_ISREG(info.st_mode))
            return refuse_kind(path, info.st_mode, err);
        isd_error_set(err, ISD_IO, "cannot open: %s", strerror(reason));
        isd_error_at(err, path, 0, 0);
        if (reason == ENOENT)
            isd_error_hint(err, "check the name; a pattern with * or ? must match something");
        return ISD_IO;
    }
    if (!S_ISREG(info.st_mode))
        return refuse_kind(path, info.st_mode, err);
    raw->size = info.st_size;
    return ISD_OK;
}

/* gz or zstd by its magic bytes, whatever the name says. */
static isd_status find_coding(struct source *source, size_t chunk, bool keep_checksum, isd_error *err)
{
    struct raw *raw = &source->raw;
    unsigned char magic[4] = {0, 0, 0, 0};
    if (raw->fd < 0) {
        memcpy(magic, raw->memory, raw->size < 4 ? (size_t)raw->size : 4);
    } else if (pread(raw->fd, magic, 4, 0) < 0) {
        isd_error_set(err, ISD_IO, "cannot read: %s", strerror(errno));
        isd_error_at(err, raw->path, 0, 0);
        return ISD_IO;
    }
    if (magic[0] == 0x1f && magic[1] == 0x8b)
        return gz_new(raw, chunk, keep_checksum, &source->gz, err);
    if (zst_begins(magic))
        return zst_new(raw, chunk, &source->zst, err);
    return ISD_OK;
}

static isd_status open_any(const char *path, const void *data, size_t size, size_t chunk, bool keep_checksum,
                           struct source **ret_source, isd_error *err)
{
    struct source *source = calloc(1, sizeof *source);
    if (source == NULL)
        return isd_error_memory(err);
    source->raw.fd = -1;
    source->raw.path = strdup(path);
    isd_status status = source->raw.path != NULL ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK && data == NULL)
        status = open_file(&source->raw, path, err);
    source->raw.memory = data;
    if (data != NULL)
        source->raw.size = (int64_t)size;
    if (status == ISD_OK)
        status = find_coding(source, chunk > 0 ? chunk : DEFAULT_CHUNK, keep_checksum, err);
    if (status != ISD_OK) {
        source_close(source);
        return status;
    }
    *ret_source = source;
    return ISD_OK;
}

isd_status source_open(const char *path, size_t chunk, bool keep_checksum, struct source **ret_source, isd_error *err)
{
    return open_any(path, NULL, 0, chunk, keep_checksum, ret_source, err);
}

isd_status source_open_memory(const char *name, const void *data, size_t size, size_t chunk, bool keep_checksum,
                              struct source **ret_source, isd_error *err)
{
    return open_any(name, data != NULL ? data : "", size, chunk, keep_checksum, ret_source, err);
}

void source_close(struct source *source)
{
    if (source == NULL)
        return;
    gz_free(source->gz);
    zst_free(source->zst);
    if (source->raw.fd >= 0)
        close(source->raw.fd);
    free(source->raw.path);
    free(source);
}

isd_status source_read(struct source *source, char *buffer, size_t size, size_t *ret_length, isd_error *err)
{
    if (source->gz != NULL)
        return gz_read(source->gz, buffer, size, ret_length, err);
    if (source->zst != NULL)
        return zst_read(source->zst, buffer, size, ret_length, err);
    return raw_read(&source->raw, (unsigned char *)buffer, size, ret_length, err);
}

static enum source_fault fault_of(const struct source *source, int64_t *ret_byte, const char **ret_text)
{
    *ret_byte = 0;
    *ret_text = "";
    if (source->gz != NULL)
        return gz_fault(source->gz, ret_byte, ret_text);
    return source->zst != NULL ? zst_fault(source->zst, ret_byte, ret_text) : SOURCE_FINE;
}

enum source_fault source_fault(const struct source *source)
{
    int64_t byte;
    const char *text;
    return fault_of(source, &byte, &text);
}

int64_t source_fault_byte(const struct source *source)
{
    int64_t byte;
    const char *text;
    fault_of(source, &byte, &text);
    return byte;
}

const char *source_fault_text(const struct source *source)
{
    int64_t byte;
    const char *text;
    fault_of(source, &byte, &text);
    return text;
}

const struct source_range *source_bad(const struct source *source, int *ret_count)
{
    *ret_count = 0;
    return source->gz != NULL ? gz_bad(source->gz, ret_count) : NULL;
}

int64_t source_limit(struct source *source)
{
    struct stat info; /* a file that a simulation is still writing may have grown */
    if (source->raw.fd >= 0 && fstat(source->raw.fd, &info) == 0)
        source->raw.size = info.st_size;
    int64_t size = source->raw.size;
    int64_t expansion = source->gz != NULL ? GZ_EXPANSION : source->zst != NULL ? ZST_EXPANSION : 1;
    return size < INT64_MAX / expansion ? size * expansion : INT64_MAX;
}

int64_t source_used(const struct source *source)
{
    return source->raw.offset;
}

int64_t source_size(const struct source *source)
{
    return source->raw.size;
}

const char *source_coding(const struct source *source)
{
    return source->gz != NULL ? "gz" : source->zst != NULL ? "zstd" : NULL;
}

isd_status source_read_at(const struct source *source, int64_t offset, void *out, size_t size, size_t *ret_length,
                          isd_error *err)
{
    const struct raw *raw = &source->raw;
    size_t done = 0;
    if (raw->fd < 0) {
        size_t left = offset < raw->size ? (size_t)(raw->size - offset) : 0;
        done = size < left ? size : left;
        if (done > 0)
            memcpy(out, raw->memory + offset, done);
    }
    while (raw->fd >= 0 && done < size) {
        ssize_t got = pread(raw->fd, (char *)out + done, size - done, (off_t)(offset + (int64_t)done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            isd_error_set(err, ISD_IO, "cannot read: %s", strerror(errno));
            isd_error_at_byte(err, raw->path, offset);
            return ISD_IO;
        }
        if (got == 0)
            break;
        done += (size_t)got;
    }
    *ret_length = done;
    return ISD_OK;
}

const char *source_path(const struct source *source)
{
    return source->raw.path;
}
