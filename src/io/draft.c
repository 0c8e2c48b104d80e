/* Files that take their name only when they are whole. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE ((size_t)1 << 18)
/* No number takes more: 17 digits, sign, point (of a locale, some bytes), exponent. */
#define NUMBER_SIZE 40

/* --- drafts ------------------------------------------------------------------------------------------------------------ */

static isd_status refuse(const char *path, const char *verb, int reason, isd_error *err)
{
    isd_error_set(err, ISD_IO, "cannot %s: %s", verb, strerror(reason));
    isd_error_at(err, path, 0, 0);
    if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG)
        isd_error_hint(err, "make room or write elsewhere; what was there before is untouched");
    return ISD_IO;
}

void draft_drop(struct draft *draft)
{
    if (draft->fd >= 0) {
        close(draft->fd);
        unlink(draft->temporary);
    }
    free(draft->path);
    free(draft->temporary);
    free(draft->buffer);
    if (draft->pack.free != NULL)
        draft->pack.free(draft->pack.state);
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

static isd_status make_pack(struct draft *draft, enum draft_coding coding, const char *path, isd_error *err)
{
    isd_status status = coding == DRAFT_GZ     ? pack_gz(&draft->pack, err)
                        : coding == DRAFT_ZSTD ? pack_zstd(&draft->pack, err)
                                               : ISD_OK;
    if (status != ISD_OK)
        isd_error_at(err, path, 0, 0);
    return status;
}

isd_status draft_open(struct draft *draft, const char *path, enum draft_coding coding, isd_error *err)
{
    struct stat info;
    *draft = (struct draft){.fd = -1};
    isd_status status = make_pack(draft, coding, path, err);
    if (status != ISD_OK)
        return status;
    bool exists = stat(path, &info) == 0;
    if (exists && !S_ISREG(info.st_mode)) {
        isd_error_set(err, ISD_IO, "cannot write: this is %s, expected a regular file or a new name",
                      S_ISDIR(info.st_mode) ? "a directory" : "no regular file");
        isd_error_at(err, path, 0, 0);
        draft_drop(draft);
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

static void write_out(void *arg, const char *bytes, size_t length)
{
    struct draft *draft = arg;
    size_t done = 0;
    while (done < length && draft->failed == 0) {
        ssize_t n = write(draft->fd, bytes + done, length - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            draft->failed = errno;
    }
}

static void draft_flush(struct draft *draft, bool last)
{
    if (draft->pack.put == NULL)
        write_out(draft, draft->buffer, draft->used);
    else if (draft->failed == 0 && !draft->pack.put(draft->pack.state, draft->buffer, draft->used, last, write_out, draft))
        draft->failed = ENOMEM;
    draft->used = 0;
}

void draft_put(struct draft *draft, const char *data, size_t length)
{
    while (length > 0 && draft->failed == 0) {
        size_t room = BUFFER_SIZE - draft->used, part = length < room ? length : room;
        memcpy(draft->buffer + draft->used, data, part);
        draft->used += part;
        data += part;
        length -= part;
        if (draft->used == BUFFER_SIZE)
            draft_flush(draft, false);
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
isd_status draft_commit(struct draft *draft, isd_error *err)
{
    draft_flush(draft, true);
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

void draft_text(struct draft *draft, const char *format, ...)
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
void draft_real(struct draft *draft, char lead, double value)
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

void draft_int(struct draft *draft, char lead, int64_t value)
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

isd_status draft_state(const struct draft *draft, isd_error *err)
{
    return draft->failed == 0 ? ISD_OK : refuse(draft->path, "write", draft->failed, err);
}
