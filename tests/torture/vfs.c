/* The unix file layer of SQLite with a log and failures. SPDX-License-Identifier: GPL-3.0-or-later */
#include "vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/must.h"

#define MOST_FILES 16
#define SECTOR 512

enum entry_kind {
    ENTRY_CREATE,
    ENTRY_WRITE,
    ENTRY_TRUNCATE,
    ENTRY_DELETE,
    ENTRY_SYNC,
    ENTRY_SYNC_DELETE, /* a deletion whose folder is synced */
    ENTRY_ACKNOWLEDGED
};

struct entry {
    enum entry_kind kind;
    int file, number;
    size_t offset, size;
    unsigned char *data;
};

/* A file that the log speaks of. */
struct known {
    char name[512];
    bool at_start; /* it was there when it was first opened, with this in it */
    unsigned char *start;
    size_t start_size;
};

static struct known known[MOST_FILES];
static struct entry *entries;
static int n_known, n_entries, room;
static long calls, failures, fail_at;
static bool fail_on;
static int write_problem;
static sqlite3_vfs *unix_vfs;

struct file {
    sqlite3_file base;
    int known;
    sqlite3_file *real; /* behind this one */
};

/* --- failing ----------------------------------------------------------------------------------------------------------- */

void vfs_fail(long nth, bool on)
{
    calls = failures = 0;
    fail_at = nth;
    fail_on = on;
}

void vfs_refuse_writes(int problem)
{
    write_problem = problem;
}

long vfs_calls(void)
{
    return calls;
}

long vfs_failures(void)
{
    return failures;
}

static bool fails(void)
{
    calls++;
    if (fail_at == 0 || (calls != fail_at && !(fail_on && calls > fail_at)))
        return false;
    failures++;
    return true;
}

/* --- the log ----------------------------------------------------------------------------------------------------------- */

static void add(enum entry_kind kind, int file, size_t offset, size_t size, const void *data)
{
    if (n_entries == room) {
        room = room > 0 ? 2 * room : 1024;
        entries = realloc(entries, (size_t)room * sizeof *entries);
        MUST(entries != NULL);
    }
    struct entry *e = &entries[n_entries++];
    *e = (struct entry){.kind = kind, .file = file, .offset = offset, .size = size};
    if (data != NULL) {
        e->data = malloc(size);
        MUST(e->data != NULL);
        memcpy(e->data, data, size);
    }
}

static int find(const char *name)
{
    for (int k = 0; k < n_known; k++)
        if (strcmp(known[k].name, name) == 0)
            return k;
    return -1;
}

static unsigned char *contents(const char *name, size_t *ret_size)
{
    struct stat about;
    int fd = open(name, O_RDONLY);
    MUST(fd >= 0 && fstat(fd, &about) == 0);
    unsigned char *data = malloc((size_t)about.st_size + 1);
    MUST(data != NULL && read(fd, data, (size_t)about.st_size) == about.st_size);
    close(fd);
    *ret_size = (size_t)about.st_size;
    return data;
}

/* Before it is opened. */
static int get_known(const char *name)
{
    int k = find(name);
    bool there = access(name, F_OK) == 0;
    if (k >= 0) {
        if (!there)
            add(ENTRY_CREATE, k, 0, 0, NULL);
        return k;
    }
    MUST(n_known < MOST_FILES && strlen(name) < sizeof known[0].name);
    k = n_known++;
    known[k] = (struct known){.at_start = there};
    strcpy(known[k].name, name);
    if (there)
        known[k].start = contents(name, &known[k].start_size);
    else
        add(ENTRY_CREATE, k, 0, 0, NULL);
    return k;
}

void vfs_log_clear(void)
{
    for (int k = 0; k < n_entries; k++)
        free(entries[k].data);
    for (int k = 0; k < n_known; k++)
        free(known[k].start);
    free(entries);
    entries = NULL;
    n_entries = room = n_known = 0;
}

void vfs_log_acknowledged(int number)
{
    add(ENTRY_ACKNOWLEDGED, -1, 0, 0, NULL);
    entries[n_entries - 1].number = number;
}

int vfs_log_length(void)
{
    return n_entries;
}

int vfs_log_last_acknowledged(int n)
{
    for (int k = n - 1; k >= 0; k--)
        if (entries[k].kind == ENTRY_ACKNOWLEDGED)
            return entries[k].number;
    return -1;
}

/* --- replay ------------------------------------------------------------------------------------------------------------ */

/* One file on a disk. */
struct image {
    bool there;
    unsigned char *data;
    size_t size;
};

static void resize(struct image *image, size_t size)
{
    unsigned char *data = realloc(image->data, size + 1);
    MUST(data != NULL);
    if (size > image->size)
        memset(data + image->size, 0, size - image->size);
    image->data = data;
    image->size = size;
}

/* `from` ... `to` of the bytes of a write. */
static void apply(struct image *image, const struct entry *e, size_t from, size_t to)
{
    switch (e->kind) {
    case ENTRY_CREATE:
        image->there = true;
        resize(image, 0);
        break;
    case ENTRY_DELETE:
    case ENTRY_SYNC_DELETE:
        image->there = false;
        resize(image, 0);
        break;
    case ENTRY_TRUNCATE:
        resize(image, e->size);
        break;
    case ENTRY_WRITE:
        if (e->offset + to > image->size)
            resize(image, e->offset + to);
        memcpy(image->data + e->offset + from, e->data + from, to - from);
        break;
    default:
        break;
    }
}

/* Some of a write: all, nothing, or whole sectors from its beginning or to its end. */
static void apply_any(struct image *image, const struct entry *e, struct rng *rng)
{
    size_t cut = e->size > SECTOR ? (1 + rng_below(rng, (uint32_t)(e->size / SECTOR))) * SECTOR : e->size;
    switch (rng_below(rng, 5)) {
    case 0:
    case 1:
        break;
    case 2:
        apply(image, e, 0, cut < e->size ? cut : e->size);
        break;
    case 3:
        apply(image, e, cut < e->size ? cut : 0, e->size);
        break;
    default:
        apply(image, e, 0, e->size);
        break;
    }
}

static bool is_name(enum entry_kind kind)
{
    return kind == ENTRY_CREATE || kind == ENTRY_DELETE || kind == ENTRY_SYNC_DELETE;
}

/* Names that changed before the entry returned are durable behind entry n: the folder was synced, by a deletion or, as the unix layer
 * does, at the first sync of a new file. */
static int folder_synced(int n)
{
    bool is_new[MOST_FILES] = {false};
    int synced = 0;
    for (int k = 0; k < n; k++) {
        const struct entry *e = &entries[k];
        if (e->kind == ENTRY_SYNC_DELETE || (e->kind == ENTRY_SYNC && is_new[e->file]))
            synced = k + 1;
        if (e->file >= 0)
            is_new[e->file] = e->kind == ENTRY_CREATE || (is_new[e->file] && e->kind != ENTRY_SYNC);
    }
    return synced;
}

/* What is durable of a file behind entry n, and, by fate, of what is not. Names change in order. */
static void rebuild(int file, int n, enum vfs_fate fate, struct rng *rng, struct image *image)
{
    int synced = 0, names = folder_synced(n); /* entries before these are durable */
    for (int k = 0; k < n; k++)
        if (entries[k].file == file && (entries[k].kind == ENTRY_SYNC || entries[k].kind == ENTRY_SYNC_DELETE))
            synced = k + 1;
    *image = (struct image){.there = known[file].at_start};
    resize(image, known[file].start_size);
    if (known[file].start_size > 0)
        memcpy(image->data, known[file].start, known[file].start_size);
    for (int k = 0; k < n; k++) {
        const struct entry *e = &entries[k];
        if (e->file != file)
            continue;
        if (k < synced || fate == VFS_KEPT || (k < names && is_name(e->kind)))
            apply(image, e, 0, e->size);
        else if (fate == VFS_LOST)
            continue;
        else if (e->kind == ENTRY_WRITE)
            apply_any(image, e, rng);
        else if (rng_below(rng, 2) == 0)
            apply(image, e, 0, e->size);
        else if (is_name(e->kind))
            break; /* not there yet, or there still: nothing behind it can be */
    }
}

void vfs_log_replay(int n, enum vfs_fate fate, struct rng *rng, const char *folder)
{
    for (int file = 0; file < n_known; file++) {
        struct image image;
        char path[1024];
        rebuild(file, n, fate, rng, &image);
        snprintf(path, sizeof path, "%s/%s", folder, strrchr(known[file].name, '/') + 1);
        unlink(path);
        if (image.there) {
            int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
            MUST(fd >= 0 && write(fd, image.data, image.size) == (ssize_t)image.size);
            close(fd);
        }
        free(image.data);
    }
}

/* --- files ------------------------------------------------------------------------------------------------------------- */

static int file_close(sqlite3_file *f)
{
    struct file *file = (struct file *)f;
    return file->real->pMethods->xClose(file->real);
}

static int file_read(sqlite3_file *f, void *data, int size, sqlite3_int64 offset)
{
    struct file *file = (struct file *)f;
    return fails() ? SQLITE_IOERR_READ : file->real->pMethods->xRead(file->real, data, size, offset);
}

/* Every other write that fails finds the disk full. */
static int file_write(sqlite3_file *f, const void *data, int size, sqlite3_int64 offset)
{
    struct file *file = (struct file *)f;
    if (fails())
        return calls % 2 == 0 ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    if (write_problem != 0) {
        errno = write_problem; /* sqlite3_system_errno asks for it */
        return write_problem == ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    add(ENTRY_WRITE, file->known, (size_t)offset, (size_t)size, data);
    return file->real->pMethods->xWrite(file->real, data, size, offset);
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    struct file *file = (struct file *)f;
    if (fails())
        return SQLITE_IOERR_TRUNCATE;
    add(ENTRY_TRUNCATE, file->known, 0, (size_t)size, NULL);
    return file->real->pMethods->xTruncate(file->real, size);
}

static int file_sync(sqlite3_file *f, int flags)
{
    struct file *file = (struct file *)f;
    if (fails())
        return SQLITE_IOERR_FSYNC;
    add(ENTRY_SYNC, file->known, 0, 0, NULL);
    return file->real->pMethods->xSync(file->real, flags);
}

static int file_size(sqlite3_file *f, sqlite3_int64 *ret_size)
{
    struct file *file = (struct file *)f;
    return fails() ? SQLITE_IOERR_FSTAT : file->real->pMethods->xFileSize(file->real, ret_size);
}

static int file_lock(sqlite3_file *f, int level)
{
    struct file *file = (struct file *)f;
    return fails() ? SQLITE_IOERR_LOCK : file->real->pMethods->xLock(file->real, level);
}

static int file_unlock(sqlite3_file *f, int level)
{
    struct file *file = (struct file *)f;
    return file->real->pMethods->xUnlock(file->real, level);
}

static int file_reserved(sqlite3_file *f, int *ret_locked)
{
    struct file *file = (struct file *)f;
    return file->real->pMethods->xCheckReservedLock(file->real, ret_locked);
}

static int file_control(sqlite3_file *f, int what, void *arg)
{
    struct file *file = (struct file *)f;
    return file->real->pMethods->xFileControl(file->real, what, arg);
}

static int file_sector(sqlite3_file *f)
{
    struct file *file = (struct file *)f;
    return file->real->pMethods->xSectorSize(file->real);
}

static int file_device(sqlite3_file *f)
{
    struct file *file = (struct file *)f;
    return file->real->pMethods->xDeviceCharacteristics(file->real);
}

static int file_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret_memory)
{
    struct file *file = (struct file *)f;
    return fails() ? SQLITE_IOERR_SHMMAP : file->real->pMethods->xShmMap(file->real, page, size, extend, ret_memory);
}

static int file_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    struct file *file = (struct file *)f;
    return file->real->pMethods->xShmLock(file->real, offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *f)
{
    struct file *file = (struct file *)f;
    file->real->pMethods->xShmBarrier(file->real);
}

static int file_shm_unmap(sqlite3_file *f, int delete)
{
    struct file *file = (struct file *)f;
    return file->real->pMethods->xShmUnmap(file->real, delete);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_device,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

/* --- the layer --------------------------------------------------------------------------------------------------------- */

static int layer_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *ret_flags)
{
    struct file *file = (struct file *)f;
    (void)vfs;
    file->base.pMethods = NULL;
    file->real = (sqlite3_file *)(void *)(file + 1);
    if (fails())
        return SQLITE_CANTOPEN;
    file->known = name != NULL ? get_known(name) : -1;
    int code = unix_vfs->xOpen(unix_vfs, name, file->real, flags, ret_flags);
    if (file->real->pMethods != NULL)
        file->base.pMethods = &methods;
    return code;
}

static int layer_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    if (fails())
        return SQLITE_IOERR_DELETE;
    int file = find(name);
    if (file >= 0)
        add(sync ? ENTRY_SYNC_DELETE : ENTRY_DELETE, file, 0, 0, NULL);
    return unix_vfs->xDelete(unix_vfs, name, sync);
}

static int layer_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret_there)
{
    (void)vfs;
    return fails() ? SQLITE_IOERR_ACCESS : unix_vfs->xAccess(unix_vfs, name, flags, ret_there);
}

void vfs_register(void)
{
    static sqlite3_vfs vfs;
    unix_vfs = sqlite3_vfs_find(NULL);
    MUST(unix_vfs != NULL);
    vfs = *unix_vfs; /* what it does not change takes the data of the unix layer, which is this struct's own too */
    vfs.iVersion = 1;
    vfs.pNext = NULL;
    vfs.zName = VFS_NAME;
    vfs.szOsFile = (int)sizeof(struct file) + unix_vfs->szOsFile;
    vfs.xOpen = layer_open;
    vfs.xDelete = layer_delete;
    vfs.xAccess = layer_access;
    MUST(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
}
