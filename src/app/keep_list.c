/* The stores that there are, room for them, and forgetting. SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/keep_inside.h"
#include "base/scan.h"

#define DEFAULT_LIMIT ((int64_t)2 << 30)

/* --- listing --- */

void keep_listing_done(struct keep_listing *listing)
{
    for (int k = 0; k < listing->n; k++)
        free(listing->item[k].path);
    free(listing->item);
    *listing = (struct keep_listing){0};
}

isd_status keep_paths(const char *path, char **ret_paths, isd_error *err)
{
    if (store_peek_paths(path, ret_paths))
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "no store that names the files it was made of");
    isd_error_at(err, path, 0, 0);
    isd_error_hint(err, "sessions    lists those there are");
    return ISD_DATA;
}

bool path_is_store(const char *path)
{
    size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, ".isdb") == 0;
}

int64_t keep_size(const char *path)
{
    static const char *const parts[] = {"", "-wal", "-journal"};
    int64_t size = 0;
    for (int k = 0; k < 3; k++) {
        char *name = NULL;
        struct stat about;
        if (asprintf(&name, "%s%s", path, parts[k]) < 0)
            continue;
        if (stat(name, &about) == 0)
            size += about.st_size;
        free(name);
    }
    return size;
}

/* path is taken over. */
static bool add_item(struct keep_listing *listing, char *path, bool in_cache, bool look_inside, struct store *open)
{
    struct keep_item item = {.path = path, .in_cache = in_cache, .is_open = open != NULL};
    struct stat about;
    struct keep_item *grown = path ? realloc(listing->item, ((size_t)listing->n + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(path);
        return false;
    }
    listing->item = grown;
    item.bytes = keep_size(path);
    if (look_inside)
        item.readable = open ? store_count(open, &item.counts) && store_sets(open, item.sets, sizeof item.sets, &item.opened)
                             : store_peek(path, &item.counts, item.sets, sizeof item.sets, &item.opened);
    if (stat(path, &about) == 0 && about.st_mtim.tv_sec > item.opened)
        item.opened = about.st_mtim.tv_sec;
    listing->item[listing->n++] = item;
    return true;
}

static int latest_first(const void *a, const void *b)
{
    const struct keep_item *x = a, *y = b;
    return x->opened != y->opened ? (x->opened < y->opened) - (x->opened > y->opened) : strcmp(x->path, y->path);
}

static struct store *open_store_at(struct keep *keep, const char *path)
{
    for (int k = 0; keep && k < keep->n_files; k++)
        if (strcmp(store_path(keep->file[k].store), path) == 0)
            return keep_file_own(&keep->file[k]);
    return NULL;
}

isd_status keep_list(const struct session *session, bool look_inside, struct keep_listing *ret_listing, isd_error *err)
{
    struct keep_listing listing = {0};
    struct keep *keep = session->keep;
    char *folder = keep_cache_folder(false, NULL);
    DIR *dir = folder ? opendir(folder) : NULL;
    bool good = true;
    for (struct dirent *entry; dir && good && (entry = readdir(dir));) {
        char *path = NULL;
        if (!path_is_store(entry->d_name))
            continue;
        good = asprintf(&path, "%s/%s", folder, entry->d_name) >= 0 && add_item(&listing, path, true, look_inside, open_store_at(keep, path));
    }
    if (dir)
        closedir(dir);
    free(folder);
    if (keep && keep->mode == KEEP_IN_FILE && good)
        good = add_item(&listing, strdup(store_path(keep->file[0].store)), false, look_inside, keep_file_own(&keep->file[0]));
    if (!good) {
        keep_listing_done(&listing);
        return isd_error_memory(err);
    }
    if (listing.n > 1)
        qsort(listing.item, (size_t)listing.n, sizeof *listing.item, latest_first);
    *ret_listing = listing;
    return ISD_OK;
}

/* --- room --- */

static char *limit_path(bool make, isd_error *err)
{
    char *folder = keep_cache_folder(make, err), *path = NULL;
    if (folder && asprintf(&path, "%s/limit", folder) < 0)
        path = NULL;
    free(folder);
    return path;
}

/* Most bytes that the cache may take. */
static int64_t limit_of_cache(void)
{
    char text[32] = "";
    int64_t limit = DEFAULT_LIMIT;
    char *path = limit_path(false, NULL);
    FILE *f = path ? fopen(path, "r") : NULL;
    if (f && fgets(text, sizeof text, f))
        text[strcspn(text, "\n")] = '\0';
    if (f)
        fclose(f);
    free(path);
    if (!scan_whole_int64(text, &limit) || limit < 0)
        limit = DEFAULT_LIMIT;
    return limit;
}

isd_status keep_set_limit(int64_t bytes, isd_error *err)
{
    char text[32];
    char *path = limit_path(true, err);
    if (!path)
        return ISD_IO;
    int length = snprintf(text, sizeof text, "%lld\n", (long long)bytes);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, text, (size_t)length) == length;
    int problem = errno;
    if (fd >= 0)
        close(fd);
    if (!good) {
        isd_error_set(err, ISD_IO, "the limit cannot be written: %s", strerror(problem));
        isd_error_at(err, path, 0, 0);
    }
    free(path);
    return good ? ISD_OK : ISD_IO;
}

int keep_trim(struct session *session)
{
    struct keep_listing listing;
    int removed = 0;
    int64_t total = 0, limit = limit_of_cache();
    if (keep_list(session, false, &listing, NULL) != ISD_OK)
        return 0;
    for (int k = 0; k < listing.n; k++) /* latest first: those beyond the limit go */
        if (listing.item[k].in_cache && !listing.item[k].is_open && total + listing.item[k].bytes > limit)
            removed += store_remove(listing.item[k].path, NULL) == ISD_OK;
        else if (listing.item[k].in_cache)
            total += listing.item[k].bytes;
    keep_listing_done(&listing);
    return removed;
}

/* --- forgetting --- */

isd_status keep_forget(struct session *session, enum store_what what, int64_t *ret_rows, isd_error *err)
{
    struct store *store = keep_store_of(session, session_current(session), false);
    *ret_rows = 0;
    if (!store && session->keep && session->keep->mode == KEEP_IN_FILE)
        store = keep_file_own(&session->keep->file[0]);
    session_drop_entries(session);
    isd_status status = store ? store_forget(store, what, ret_rows, err) : ISD_OK;
    for (int k = 0; session->keep && k < SESSION_MAX_SETS; k++)
        session->keep->named_set[k] = 0; /* to be named again when rows come */
    return status;
}

isd_status keep_forget_file(struct session *session, const char *path, isd_error *err)
{
    int64_t rows = 0;
    struct store *store = open_store_at(session->keep, path);
    if (!store)
        return store_remove(path, err);
    session_drop_entries(session);
    return store_forget(store, STORE_ALL, &rows, err);
}

int keep_forget_cache(struct session *session)
{
    struct keep_listing listing;
    int gone = 0;
    if (keep_list(session, false, &listing, NULL) != ISD_OK)
        return 0;
    for (int k = 0; k < listing.n; k++)
        gone += listing.item[k].in_cache && keep_forget_file(session, listing.item[k].path, NULL) == ISD_OK;
    keep_listing_done(&listing);
    return gone;
}
