/* Which files a word stands for. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/listing.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

static int natural(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    int order = text_compare_natural(x, y);
    return order != 0 ? order : strcmp(x, y);
}

/* Takes over `path` (NULL: out of memory). */
static isd_status add_path(struct listing *listing, char *path, isd_error *err)
{
    char **grown = path != NULL ? realloc(listing->path, ((size_t)listing->n + 1) * sizeof *grown) : NULL;
    if (grown == NULL) {
        free(path);
        return isd_error_memory(err);
    }
    listing->path = grown;
    listing->path[listing->n++] = path;
    return ISD_OK;
}

void listing_done(struct listing *listing)
{
    for (int k = 0; k < listing->n; k++)
        free(listing->path[k]);
    free(listing->path);
}

static char *join(const char *folder, const char *name)
{
    size_t a = strlen(folder), b = strlen(name);
    bool slash = a > 0 && folder[a - 1] == '/';
    char *path = malloc(a + b + 2);
    if (path != NULL) {
        memcpy(path, folder, a);
        path[a] = '/';
        memcpy(path + a + !slash, name, b + 1);
    }
    return path;
}

static isd_status list_folder(const char *folder, struct listing *listing, isd_error *err)
{
    DIR *stream = opendir(folder);
    if (stream == NULL) {
        isd_error_set(err, ISD_IO, "cannot read the directory: %s", strerror(errno));
        isd_error_at(err, folder, 0, 0);
        return ISD_IO;
    }
    isd_status status = ISD_OK;
    for (const struct dirent *d; status == ISD_OK && (d = readdir(stream)) != NULL;)
        if (d->d_name[0] != '.')
            status = add_path(listing, join(folder, d->d_name), err);
    closedir(stream);
    return status;
}

static isd_status list_pattern(const char *pattern, struct listing *listing, isd_error *err)
{
    glob_t found;
    int code = glob(pattern, GLOB_NOSORT, NULL, &found);
    if (code == GLOB_NOSPACE)
        return isd_error_memory(err);
    if (code != 0) {
        isd_error_set(err, ISD_IO, "no file matches this pattern");
        isd_error_at(err, pattern, 0, 0);
        return ISD_IO;
    }
    isd_status status = ISD_OK;
    for (size_t k = 0; k < found.gl_pathc && status == ISD_OK; k++)
        status = add_path(listing, strdup(found.gl_pathv[k]), err);
    globfree(&found);
    return status;
}

isd_status listing_add(struct listing *listing, const char *path, isd_error *err)
{
    return add_path(listing, strdup(path), err);
}

isd_status listing_make(const char *argument, struct listing *ret_listing, isd_error *err)
{
    struct listing found = {0}, *listing = &found;
    struct stat info;
    bool exists = stat(argument, &info) == 0;
    isd_status status;
    if (exists && S_ISDIR(info.st_mode)) {
        listing->lenient = true;
        status = list_folder(argument, listing, err);
    } else if (!exists && errno == ENOENT && strpbrk(argument, "*?[") != NULL) {
        listing->lenient = true;
        status = list_pattern(argument, listing, err);
    } else {
        status = add_path(listing, strdup(argument), err);
    }
    if (status != ISD_OK) {
        listing_done(listing);
        return status;
    }
    if (listing->n > 1)
        qsort(listing->path, (size_t)listing->n, sizeof *listing->path, natural);
    *ret_listing = found;
    return ISD_OK;
}
