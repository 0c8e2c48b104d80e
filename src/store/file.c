/* The files a store is made of: where they lie, who holds them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/text.h"
#include "store/schema.h"

/* --- names --- */

static const char *const companions[] = {"", "-wal", "-shm", "-journal"};
#define COMPANIONS (int)(sizeof companions / sizeof companions[0])

/* The folder a path is in, into out[size]. */
static void folder_of(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        snprintf(out, size, ".");
    else
        snprintf(out, size, "%.*s", slash == path ? 1 : (int)(slash - path), path);
}

static isd_status failed(const char *path, const char *what, isd_error *err)
{
    int problem = errno;
    isd_error_set(err, ISD_IO, "%s: %s", what, strerror(problem));
    isd_error_at(err, path, 0, 0);
    errno = problem;
    return ISD_IO;
}

/* A name lasts when its folder is on disk. */
static bool sync_folder(const char *path)
{
    char folder[PATH_MAX];
    folder_of(path, folder, sizeof folder);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool good = fsync(fd) == 0 || errno == EINVAL || errno == EROFS;
    close(fd);
    return good;
}

/* --- where --- */

static const struct {
    unsigned long magic;
    const char *name;
    bool local; /* locks and shared memory are as SQLite's WAL needs them */
} file_systems[] = {
    {0xef53, "ext4", true},        {0x58465342, "xfs", true},      {0x9123683e, "btrfs", true}, {0x01021994, "tmpfs", true},
    {0x794c7630, "overlay", true}, {0x6969, "NFS", false},         {0xff534d42, "CIFS", false}, {0xfe534d42, "SMB2", false},
    {0x517b, "SMB", false},        {0x65735546, "FUSE", false},    {0x0bd00bd0, "Lustre", false},
    {0x47504653, "GPFS", false},   {0x00c36400, "Ceph", false},    {0x19830326, "BeeGFS", false},
    {0x5346414f, "AFS", false},    {0x01021997, "9P", false},
};

enum store_place store_place_of(const char *path, const char **ret_name)
{
    struct statfs about;
    char folder[PATH_MAX];
    const char *name = "a file system not known";
    bool local = false;
    folder_of(path, folder, sizeof folder);
    if (statfs(folder, &about) == 0)
        for (size_t k = 0; k < sizeof file_systems / sizeof file_systems[0]; k++)
            if (file_systems[k].magic == ((unsigned long)about.f_type & 0xffffffff)) {
                name = file_systems[k].name;
                local = file_systems[k].local;
            }
    if (ret_name)
        *ret_name = name;
    return local ? STORE_PLACE_LOCAL : STORE_PLACE_SHARED;
}

/* --- what is there --- */

enum file_kind file_kind_of(const char *path, struct stat *ret_about)
{
    unsigned char head[72] = {0};
    memset(ret_about, 0, sizeof *ret_about);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT ? FILE_ABSENT : FILE_UNREADABLE;
    enum file_kind kind = FILE_UNREADABLE;
    ssize_t got = fstat(fd, ret_about) == 0 ? 0 : -1;
    if (got == 0 && !S_ISREG(ret_about->st_mode)) {
        kind = FILE_SPECIAL;
        got = -1;
    }
    if (got == 0)
        got = pread(fd, head, sizeof head, 0);
    close(fd);
    if (got < 0)
        return kind;
    if (ret_about->st_size == 0)
        return FILE_EMPTY;
    if (got < (ssize_t)sizeof head || memcmp(head, "SQLite format 3", 16) != 0)
        return FILE_STRANGE;
    uint32_t mark = (uint32_t)head[68] << 24 | (uint32_t)head[69] << 16 | (uint32_t)head[70] << 8 | head[71];
    return mark == STORE_APPLICATION_ID ? FILE_STORE : FILE_OTHER;
}

bool file_is_same(const char *path, const struct stat *about)
{
    struct stat now;
    return stat(path, &now) == 0 && now.st_dev == about->st_dev && now.st_ino == about->st_ino;
}

isd_status file_make(const char *path, isd_error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
    if (fd < 0)
        return failed(path, "the store cannot be made", err);
    close(fd);
    return sync_folder(path) ? ISD_OK : failed(path, "the store cannot be made", err);
}

bool file_name_new(const char *from, const char *to)
{
    if (link(from, to) == 0)
        return true;
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
        return false;
    /* A file system without links, as on memory sticks: the name is claimed, then what has it is replaced. */
    int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    close(fd);
    if (rename(from, to) == 0)
        return true;
    int problem = errno;
    unlink(to);
    errno = problem;
    return false;
}

isd_status file_set_aside(const char *path, const struct stat *about, char *ret_name, size_t size, isd_error *err)
{
    char aside[PATH_MAX + 64], from[PATH_MAX + 64], to[PATH_MAX + 96];
    struct stat there;
    int number = 1;
    do
        snprintf(aside, sizeof aside, "%s.damaged-%d", path, number++);
    while (lstat(aside, &there) == 0 && number < 10000);
    if (!file_is_same(path, about))
        return ISD_OK; /* somebody else was faster */
    /* The journals first: without the file they mean nothing, with a new file of that name they would be taken for its own. */
    for (int k = COMPANIONS - 1; k >= 0; k--) {
        snprintf(from, sizeof from, "%s%s", path, companions[k]);
        snprintf(to, sizeof to, "%s%s", aside, companions[k]);
        if (rename(from, to) != 0 && (k == 0 || errno != ENOENT))
            return failed(from, "a damaged store cannot be set aside", err);
    }
    sync_folder(path);
    snprintf(ret_name, size, "%s", aside);
    return ISD_OK;
}

isd_status store_make_folder(const char *path, isd_error *err)
{
    char part[PATH_MAX];
    struct stat about;
    if ((size_t)snprintf(part, sizeof part, "%s", path) >= sizeof part)
        return isd_error_set(err, ISD_IO, "the path of the folder is too long");
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(part, 0700);
        *slash = '/';
    }
    if (mkdir(part, 0700) == 0 || (errno == EEXIST && stat(part, &about) == 0 && S_ISDIR(about.st_mode)))
        return ISD_OK;
    return failed(path, "the folder cannot be made", err);
}

isd_status file_remove(const char *path, isd_error *err)
{
    char name[PATH_MAX + 16];
    for (int k = COMPANIONS - 1; k >= 0; k--) {
        snprintf(name, sizeof name, "%s%s", path, companions[k]);
        if (unlink(name) != 0 && (k == 0 || errno != ENOENT))
            return failed(name, "the store cannot be removed", err);
    }
    sync_folder(path);
    return ISD_OK;
}

/* --- who holds it --- */

/* When a process started, in ticks since boot: tells a process from a later one of the same number. 0: not known. */
static unsigned long long start_of(long process)
{
    char path[64], text[2048];
    unsigned long long start = 0;
    snprintf(path, sizeof path, "/proc/%ld/stat", process);
    FILE *f = fopen(path, "r");
    size_t got = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f)
        fclose(f);
    text[got] = '\0';
    char *p = strrchr(text, ')'); /* behind the name, which may hold anything, field 3 begins */
    for (int field = 2; p && field < 22; field++)
        p = strchr(p + 1, ' ');
    if (p)
        start = strtoull(p + 1, NULL, 10);
    return start;
}

struct holder {
    char host[256];
    long process;
    unsigned long long start;
};

static struct holder this_process(void)
{
    struct holder holder = {.process = (long)getpid()};
    if (gethostname(holder.host, sizeof holder.host - 1) != 0 || !holder.host[0])
        snprintf(holder.host, sizeof holder.host, "localhost");
    holder.start = start_of(holder.process);
    return holder;
}

static bool read_holder(const char *lock, struct holder *ret_holder)
{
    FILE *f = fopen(lock, "r");
    *ret_holder = (struct holder){0};
    bool good = f && fscanf(f, "%255s %ld %llu", ret_holder->host, &ret_holder->process, &ret_holder->start) == 3;
    if (f)
        fclose(f);
    return good;
}

/* Certainly gone: of this host, and there is no such process, or another one of that number. */
static bool is_gone(const struct holder *holder)
{
    struct holder self = this_process();
    if (strcmp(holder->host, self.host) != 0 || holder->process <= 0)
        return false;
    if (kill((pid_t)holder->process, 0) != 0 && errno == ESRCH)
        return true;
    unsigned long long start = start_of(holder->process);
    return start != 0 && holder->start != 0 && start != holder->start;
}

/* The lock appears whole or not at all: written under a name of its own, which then gets that of the lock. */
static bool try_lock(const char *path, const char *lock)
{
    struct holder self = this_process();
    char own[PATH_MAX + 64], text[384];
    snprintf(own, sizeof own, "%s.lock-%ld", path, self.process);
    int length = snprintf(text, sizeof text, "%s %ld %llu\n", self.host, self.process, self.start);
    int fd = open(own, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool good = write(fd, text, (size_t)length) == length && fsync(fd) == 0;
    good = close(fd) == 0 && good && file_name_new(own, lock);
    int problem = errno;
    unlink(own);
    errno = problem;
    return good;
}

static isd_status refuse_held(const char *path, const char *lock, const struct holder *holder, isd_error *err)
{
    char host[256];
    text_escape(holder->host, strlen(holder->host), host, sizeof host);
    isd_error_set(err, ISD_IO, "the store is in use by process %ld on %s", holder->process, host);
    isd_error_at(err, path, 0, 0);
    isd_error_hint(err, "if that process is gone, remove %s", lock);
    return ISD_IO;
}

isd_status file_lock(const char *path, bool *ret_held, isd_error *err)
{
    char lock[PATH_MAX + 16], stale[PATH_MAX + 64];
    struct holder holder;
    *ret_held = false;
    snprintf(lock, sizeof lock, "%s.lock", path);
    for (int attempt = 0; attempt < 3; attempt++) {
        if (try_lock(path, lock))
            return ISD_OK;
        if (errno != EEXIST)
            return failed(lock, "the store cannot be locked", err);
        if (!read_holder(lock, &holder) || !is_gone(&holder))
            break;
        /* Renamed, not removed: of two that take it over only one gets it; and one that comes late gives back what it got. */
        snprintf(stale, sizeof stale, "%s.stale-%ld", lock, (long)getpid());
        if (rename(lock, stale) != 0)
            continue;
        if (read_holder(stale, &holder) && !is_gone(&holder) && !file_name_new(stale, lock))
            holder.process = 0;
        unlink(stale);
    }
    *ret_held = true;
    return refuse_held(path, lock, &holder, err);
}

void file_unlock(const char *path)
{
    char lock[PATH_MAX + 16];
    struct holder holder, self = this_process();
    snprintf(lock, sizeof lock, "%s.lock", path);
    if (read_holder(lock, &holder) && holder.process == self.process && strcmp(holder.host, self.host) == 0)
        unlink(lock);
}
