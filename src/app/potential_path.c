/* Where files of potentials are found, and whether they are the published ones.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/potential_path.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/sha256.h"

#define MOST_FOLDERS 16

static bool is_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

/* folder/name into ret_path; false when there is no such file. */
static bool try_folder(const char *folder, size_t length, const char *name, char *ret_path, size_t size)
{
    int needed = snprintf(ret_path, size, "%.*s/%s", (int)length, folder, name);
    return length > 0 && needed > 0 && (size_t)needed < size && is_file(ret_path);
}

static bool try_list(const char *folders, const char *name, char *ret_path, size_t size)
{
    while (folders && *folders) {
        size_t length = strcspn(folders, ":");
        if (try_folder(folders, length, name, ret_path, size))
            return true;
        folders += length + (folders[length] == ':');
    }
    return false;
}

/* The folder of a user's own potentials, "" when there is no home. */
static void own_folder(char *ret_folder, size_t size)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

    ret_folder[0] = '\0';
    if (data && data[0] == '/')
        snprintf(ret_folder, size, "%s/isdmin/potentials", data);
    else if (home && home[0])
        snprintf(ret_folder, size, "%s/.local/share/isdmin/potentials", home);
}

static bool search(const char *name, char *ret_path, size_t size)
{
    char own[1024];

    own_folder(own, sizeof own);
    return try_list(getenv("ISDMIN_POTENTIALS"), name, ret_path, size) ||
           try_list(getenv("LAMMPS_POTENTIALS"), name, ret_path, size) ||
           try_folder(own, strlen(own), name, ret_path, size);
}

isd_status potential_path_find(const char *name, char *ret_path, size_t size, isd_error *err)
{
    char found[1024], own[1024];

    if (strlen(name) >= size)
        return isd_error_set(err, ISD_USAGE, "the path of the potential is too long");
    if (is_file(name)) {
        snprintf(ret_path, size, "%s", name);
        return ISD_OK;
    }
    if (name[0] != '/' && search(name, found, sizeof found) && strlen(found) < size) {
        snprintf(ret_path, size, "%s", found);
        return ISD_OK;
    }
    own_folder(own, sizeof own);
    isd_error_set(err, ISD_IO, "there is no potential file '%s'%s", name,
                  name[0] == '/' ? "" : ", neither here nor in $ISDMIN_POTENTIALS, $LAMMPS_POTENTIALS or your own folder");
    isd_error_hint(err, "give its path, or put it into %s", own[0] ? own : "a folder named by $ISDMIN_POTENTIALS");
    return ISD_IO;
}

static isd_status refuse_missing(const char *system, const struct potential_source *source, isd_error *err)
{
    char own[1024];

    own_folder(own, sizeof own);
    if (!source) {
        isd_error_set(err, ISD_USAGE, "system %s comes without a file: which one is to be used?", system);
        isd_error_hint(err, "system %s potential=FILE    (eam/alloy or eam/fs; the NIST Interatomic Potentials "
                            "Repository, https://www.ctcms.nist.gov/potentials, keeps such files)",
                       system);
        return ISD_USAGE;
    }
    isd_error_set(err, ISD_IO,
                  "system %s needs the file %s (%s), and it is not in $ISDMIN_POTENTIALS, $LAMMPS_POTENTIALS or %s; "
                  "the NIST Interatomic Potentials Repository, https://www.ctcms.nist.gov/potentials, and the pages of the "
                  "authors' groups keep such files",
                  system, source->file, source->publication, own[0] ? own : "~/.local/share/isdmin/potentials");
    isd_error_hint(err, "put it there, or: system %s potential=FILE", system);
    return ISD_IO;
}

bool potential_path_sum(const char *path, char ret_text[SHA256_TEXT])
{
    struct sha256 sum;
    unsigned char bytes[16384];
    size_t got;
    FILE *f = fopen(path, "rb");

    if (!f)
        return false;
    sha256_init(&sum);
    while ((got = fread(bytes, 1, sizeof bytes, f)) > 0)
        sha256_add(&sum, bytes, got);
    bool good = !ferror(f);
    fclose(f);
    if (good)
        sha256_text(&sum, ret_text);
    return good;
}

isd_status potential_path_published(const char *system, const char *file, const struct potential_source *source,
                                    char *ret_path, size_t size, void (*note)(void *arg, const char *text),
                                    void *note_arg, isd_error *err)
{
    char found[1024], sum[SHA256_TEXT], text[640];

    if (file) {
        isd_status status = potential_path_find(file, found, sizeof found, err);
        if (status)
            return status;
    } else if (!source || !search(source->file, found, sizeof found)) {
        return refuse_missing(system, source, err);
    }
    if (strlen(found) >= size)
        return isd_error_set(err, ISD_USAGE, "the path of the potential is too long");
    if (source && source->sha256 && note && potential_path_sum(found, sum) && strcmp(sum, source->sha256) != 0) {
        snprintf(text, sizeof text,
                 "note: %s is not the copy of %s that this program was tried with: its SHA-256 is %s, that of the "
                 "known copy %s",
                 found, source->file, sum, source->sha256);
        note(note_arg, text);
    }
    snprintf(ret_path, size, "%s", found);
    return ISD_OK;
}
