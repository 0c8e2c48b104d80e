/* Bytes from regular files or memory, plain, gz or zstd. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/inflate.h"
#include "io/source_ahead.h"
#include "io/source_gz.h"
#include "io/source_zstd.h"
#include "job/pool.h"

#define DEFAULT_CHUNK ((size_t)1 << 16)
/* Of either end of a file, for telling whether it changed. */
#define END_BYTES ((int64_t)1 << 16)

/* A thread pays when this much has been decoded already and that much of the file is left. */
#define WORTH_DECODED ((int64_t)1 << 19)
#define WORTH_LEFT ((int64_t)1 << 19)

#ifdef ISD_HAVE_ISAL
static const struct inflate_engine *const FASTEST = &inflate_isal;
#else
static const struct inflate_engine *const FASTEST = &inflate_zlib;
#endif

struct source {
    struct raw raw;
    int64_t mtime_ns; /* 0: memory */
    const struct inflate_engine *engine;
    enum source_ahead ahead_choice; /* NEVER once it is decided */
    size_t ahead_size;
    struct ahead *ahead; /* or NULL: whoever reads decodes */
    struct unpacker *unpacker; /* NULL: plain data */
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

isd_status raw_seek(struct raw *raw, int64_t offset, isd_error *err)
{
    if (raw->fd < 0) {
        raw->offset = offset < raw->size ? offset : raw->size;
        return ISD_OK;
    }
    if (lseek(raw->fd, (off_t)offset, SEEK_SET) < 0) {
        isd_error_set(err, ISD_IO, "cannot go to another place: %s", strerror(errno));
        isd_error_at_byte(err, raw->path, offset);
        return ISD_IO;
    }
    raw->offset = offset;
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

/* Why it cannot be opened: of a symbolic link, what is wrong with that. */
static isd_status refuse_opening(const char *path, int reason, isd_error *err)
{
    char target[256];
    ssize_t length = reason == ENOENT ? readlink(path, target, sizeof target) : -1;
    if (length >= 0)
        isd_error_set(err, ISD_IO, "a symbolic link to %.*s, which is not there", (int)length, target);
    else
        isd_error_set(err, ISD_IO, "cannot open: %s", reason == ELOOP ? "a symbolic link that leads back to itself" : strerror(reason));
    isd_error_at(err, path, 0, 0);
    if (reason == ENOENT && length < 0)
        isd_error_hint(err, "check the name; a pattern with * or ? must match something");
    return ISD_IO;
}

static isd_status open_file(struct raw *raw, const char *path, int64_t *ret_mtime_ns, isd_error *err)
{
    struct stat info;
    /* without O_NONBLOCK a FIFO would hold us until somebody writes into it */
    raw->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (raw->fd < 0 || fstat(raw->fd, &info) != 0) {
        int reason = errno;
        /* an unreadable FIFO or a socket is better named for what it is */
        if (raw->fd < 0 && reason == ENXIO && stat(path, &info) == 0 && !S_ISREG(info.st_mode))
            return refuse_kind(path, info.st_mode, err);
        return refuse_opening(path, reason, err);
    }
    if (!S_ISREG(info.st_mode))
        return refuse_kind(path, info.st_mode, err);
    raw->size = info.st_size;
    *ret_mtime_ns = (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
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
        return gz_new(raw, chunk, keep_checksum, source->engine, &source->unpacker, err);
    if (zst_begins(magic))
        return zst_new(raw, chunk, &source->unpacker, err);
    return ISD_OK;
}

static isd_status open_any(const char *path, const void *data, size_t size, const struct source_options *options,
                           struct source **ret_source, isd_error *err)
{
    struct source *source = calloc(1, sizeof *source);
    if (source == NULL)
        return isd_error_memory(err);
    source->raw.fd = -1;
    source->engine = options->only_zlib ? &inflate_zlib : FASTEST;
    source->ahead_choice = options->ahead;
    source->ahead_size = options->ahead_size > 0 ? options->ahead_size : AHEAD_SIZE;
    source->raw.path = strdup(path);
    isd_status status = source->raw.path != NULL ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK && data == NULL)
        status = open_file(&source->raw, path, &source->mtime_ns, err);
    source->raw.memory = data;
    if (data != NULL)
        source->raw.size = (int64_t)size;
    if (status == ISD_OK)
        status = find_coding(source, options->chunk > 0 ? options->chunk : DEFAULT_CHUNK, options->keep_checksum, err);
    if (status != ISD_OK) {
        source_close(source);
        return status;
    }
    *ret_source = source;
    return ISD_OK;
}

/* --- which file it is -------------------------------------------------------------------------------------------------- */

enum source_kind source_kind(const struct source *source)
{
    return source->unpacker != NULL ? source->unpacker->kind->kind : SOURCE_PLAIN;
}

/* Sums of both ends of the first `size` bytes. */
static isd_status sum_ends(const struct source *source, int64_t size, uint32_t ret_ends[2], isd_error *err)
{
    int64_t length = size < END_BYTES ? size : END_BYTES;
    unsigned char *bytes = malloc((size_t)END_BYTES);
    if (bytes == NULL)
        return isd_error_memory(err);
    isd_status status = ISD_OK;
    for (int end = 0; end < 2 && status == ISD_OK; end++) {
        size_t got = 0;
        status = source_read_at(source, end == 0 ? 0 : size - length, bytes, (size_t)length, &got, err);
        if (status == ISD_OK)
            ret_ends[end] = FASTEST->crc(0, bytes, got);
    }
    free(bytes);
    return status;
}

isd_status source_identify(const struct source *source, struct source_identity *ret_identity, isd_error *err)
{
    struct source_identity identity = {.size = source->raw.size, .mtime_ns = source->mtime_ns};
    isd_status status = sum_ends(source, identity.size, identity.ends, err);
    if (status == ISD_OK)
        *ret_identity = identity;
    return status;
}

isd_status source_compare(const struct source *source, const struct source_identity *identity, enum source_change *ret_change,
                          isd_error *err)
{
    uint32_t ends[2];
    enum source_change change = SOURCE_CHANGED;
    bool possible = source->raw.size > identity->size ||
                    (source->raw.size == identity->size && source->mtime_ns == identity->mtime_ns);
    if (possible) {
        isd_status status = sum_ends(source, identity->size, ends, err);
        if (status != ISD_OK)
            return status;
        if (memcmp(ends, identity->ends, sizeof ends) == 0)
            change = source->raw.size > identity->size ? SOURCE_GROWN : SOURCE_SAME;
    }
    *ret_change = change;
    return ISD_OK;
}

isd_status source_refuse_change(const struct source *source, isd_error *err)
{
    isd_error_set(err, ISD_DATA, "the file was changed since it was read");
    isd_error_at(err, source->raw.path, 0, 0);
    isd_error_hint(err, "open it again");
    return ISD_DATA;
}

/* Is the index of this file, as it was or before it grew? */
static isd_status check_index(const struct source *source, const struct source_index *index, isd_error *err)
{
    enum source_change change = SOURCE_CHANGED;
    isd_status status = ISD_OK;
    if (source_index_kind(index) == source_kind(source))
        status = source_compare(source, source_index_identity(index), &change, err);
    return status == ISD_OK && change == SOURCE_CHANGED ? source_refuse_change(source, err) : status;
}

/* --- opening and reading ----------------------------------------------------------------------------------------------- */

isd_status source_open_as(const char *path, const struct source_options *options, struct source **ret_source, isd_error *err)
{
    return open_any(path, NULL, 0, options, ret_source, err);
}

isd_status source_open(const char *path, size_t chunk, bool keep_checksum, struct source **ret_source, isd_error *err)
{
    const struct source_options options = {.chunk = chunk, .keep_checksum = keep_checksum};
    return open_any(path, NULL, 0, &options, ret_source, err);
}

isd_status source_open_memory_as(const char *name, const void *data, size_t size, const struct source_options *options,
                                 struct source **ret_source, isd_error *err)
{
    return open_any(name, data != NULL ? data : "", size, options, ret_source, err);
}

isd_status source_open_memory(const char *name, const void *data, size_t size, size_t chunk, bool keep_checksum,
                              struct source **ret_source, isd_error *err)
{
    const struct source_options options = {.chunk = chunk, .keep_checksum = keep_checksum};
    return source_open_memory_as(name, data, size, &options, ret_source, err);
}

isd_status source_open_at(const char *path, size_t chunk, bool keep_checksum, const struct source_index *index,
                          int64_t offset, struct source **ret_source, isd_error *err)
{
    struct source *source = NULL;
    isd_status status = source_open(path, chunk, keep_checksum, &source, err);
    if (status == ISD_OK && index != NULL)
        status = check_index(source, index, err);
    if (status == ISD_OK && offset > 0)
        status = source_seek(source, index, offset, err);
    if (status == ISD_OK)
        *ret_source = source;
    else
        source_close(source);
    return status;
}

void source_close(struct source *source)
{
    if (source == NULL)
        return;
    ahead_free(source->ahead);
    if (source->unpacker != NULL)
        source->unpacker->kind->release(source->unpacker);
    if (source->raw.fd >= 0)
        close(source->raw.fd);
    free(source->raw.path);
    free(source);
}

static isd_status decode(struct source *source, char *buffer, size_t size, size_t *ret_length, isd_error *err)
{
    if (source->unpacker != NULL)
        return source->unpacker->kind->read(source->unpacker, buffer, size, ret_length, err);
    return raw_read(&source->raw, (unsigned char *)buffer, size, ret_length, err);
}

static int64_t decoded(const struct source *source)
{
    return source->unpacker != NULL ? unpacker_offset(source->unpacker) : source->raw.offset;
}

static void decoder_facts(const struct source *source, struct source_facts *ret_facts)
{
    const struct unpacker *u = source->unpacker;
    ret_facts->used = source->raw.offset;
    ret_facts->inflated = u != NULL ? u->inflated : 0;
    ret_facts->fault = u != NULL ? u->fault : SOURCE_FINE;
    ret_facts->fault_byte = u != NULL ? u->fault_byte : 0;
    ret_facts->fault_text[0] = '\0';
    if (u != NULL && u->fault_text[0] != '\0') /* most often there is nothing to say */
        snprintf(ret_facts->fault_text, sizeof ret_facts->fault_text, "%s", u->fault_text);
}

static const struct source_range *decoder_bad(const struct source *source, int *ret_count)
{
    *ret_count = source->unpacker != NULL ? source->unpacker->n_bad : 0;
    return source->unpacker != NULL ? source->unpacker->bad : NULL;
}

/* Is there so much to come that a thread pays? Decided once there is something to go by. */
static bool ahead_pays(struct source *source)
{
    if (source->unpacker == NULL)
        source->ahead_choice = SOURCE_AHEAD_NEVER;
    if (source->ahead_choice != SOURCE_AHEAD_IF_WORTH)
        return source->ahead_choice == SOURCE_AHEAD_ALWAYS;
    if (source_inflated(source) < WORTH_DECODED)
        return false;
    bool pays = source->raw.size - source->raw.offset >= WORTH_LEFT && job_default_threads() > 1;
    source->ahead_choice = pays ? SOURCE_AHEAD_ALWAYS : SOURCE_AHEAD_NEVER;
    return pays;
}

isd_status source_read(struct source *source, char *buffer, size_t size, size_t *ret_length, isd_error *err)
{
    static const struct ahead_calls calls = {.read = decode, .facts = decoder_facts, .bad = decoder_bad};
    if (source->ahead == NULL && ahead_pays(source) &&
        ahead_new(source, &calls, source->ahead_size, decoded(source), &source->ahead, NULL) != ISD_OK)
        source->ahead_choice = SOURCE_AHEAD_NEVER; /* it works without */
    if (source->ahead != NULL)
        return ahead_read(source->ahead, buffer, size, ret_length, err);
    return decode(source, buffer, size, ret_length, err);
}

/* Whoever reads decodes again, from where the thread has come to; who goes from place to place wants no more than is asked for. */
static void stop_ahead(struct source *source)
{
    ahead_free(source->ahead);
    source->ahead = NULL;
    source->ahead_choice = SOURCE_AHEAD_NEVER;
}

isd_status source_seek(struct source *source, const struct source_index *index, int64_t offset, isd_error *err)
{
    stop_ahead(source);
    if (source->unpacker != NULL)
        return source->unpacker->kind->seek(source->unpacker, index, offset, err);
    return raw_seek(&source->raw, offset, err);
}

/* What is known as of the bytes read so far. */
static struct source_facts facts_of(const struct source *source)
{
    struct source_facts facts;
    if (source->ahead != NULL)
        return *ahead_facts(source->ahead);
    decoder_facts(source, &facts);
    return facts;
}

int64_t source_offset(const struct source *source)
{
    return source->ahead != NULL ? ahead_offset(source->ahead) : decoded(source);
}

int64_t source_inflated(const struct source *source)
{
    return facts_of(source).inflated;
}

isd_status source_record(struct source *source, struct source_index *index, int64_t spacing, isd_error *err)
{
    isd_status status = check_index(source, index, err);
    if (status == ISD_OK && source->ahead != NULL)
        status = isd_error_set(err, ISD_INTERNAL, "reading has begun");
    if (status != ISD_OK)
        return status;
    if (source->unpacker != NULL)
        unpacker_record(source->unpacker, index, spacing);
    return ISD_OK;
}

enum source_fault source_fault(const struct source *source)
{
    return facts_of(source).fault;
}

int64_t source_fault_byte(const struct source *source)
{
    return facts_of(source).fault_byte;
}

const char *source_fault_text(const struct source *source)
{
    if (source->ahead != NULL)
        return ahead_facts(source->ahead)->fault_text;
    return source->unpacker != NULL ? source->unpacker->fault_text : "";
}

const struct source_range *source_bad(const struct source *source, int *ret_count)
{
    return source->ahead != NULL ? ahead_bad(source->ahead, ret_count) : decoder_bad(source, ret_count);
}

int64_t source_limit(struct source *source)
{
    struct stat info; /* a file that a simulation is still writing may have grown */
    if (source->raw.fd >= 0 && fstat(source->raw.fd, &info) == 0)
        source->raw.size = info.st_size;
    int64_t size = source->raw.size;
    int64_t expansion = source->unpacker != NULL ? source->unpacker->kind->expansion : 1;
    return size < INT64_MAX / expansion ? size * expansion : INT64_MAX;
}

int64_t source_used(const struct source *source)
{
    return facts_of(source).used;
}

int64_t source_size(const struct source *source)
{
    return source->raw.size;
}

const char *source_coding(const struct source *source)
{
    return source->unpacker != NULL ? source->unpacker->kind->name : NULL;
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
