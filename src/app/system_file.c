/* Where systems are found. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/system_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/suggest.h"
#include "base/asset.h"
#include "base/text.h"

#define SUFFIX ".isd"
#define MOST_BYTES (1 << 20) /* a larger file is no system but another thing */

extern const struct asset built_in_systems[]; /* NAME.isd each; made by the build */

void system_file_done(struct system_file *file)
{
    if (!file)
        return;
    free(file->text);
    file->text = NULL;
}

/* --- folders --- */

typedef bool folder_fn(void *arg, const char *folder); /* true: enough */

static bool give_folder(const char *folder, size_t length, const char *tail, folder_fn *give, void *arg)
{
    char whole[SYSTEM_PATH_SIZE];
    int needed = snprintf(whole, sizeof whole, "%.*s%s", (int)length, folder, tail);
    return length > 0 && needed > 0 && (size_t)needed < sizeof whole && give(arg, whole);
}

/* Each folder of a list with colons, `tail` behind it. */
static bool walk_list(const char *list, const char *tail, folder_fn *give, void *arg)
{
    while (list && *list) {
        size_t length = strcspn(list, ":");
        if (give_folder(list, length, tail, give, arg))
            return true;
        list += length + (list[length] == ':');
    }
    return false;
}

/* What comes before the systems in the program. */
static bool walk_own(folder_fn *give, void *arg)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

    if (walk_list(getenv("ISDMIN_SYSTEMS"), "", give, arg))
        return true;
    if (data && data[0] == '/') /* a relative one is to be ignored */
        return give_folder(data, strlen(data), "/isdmin/systems", give, arg);
    return home && give_folder(home, strlen(home), "/.local/share/isdmin/systems", give, arg);
}

/* What comes after them: of the whole site. */
static bool walk_shared(folder_fn *give, void *arg)
{
    const char *folders = getenv("XDG_DATA_DIRS");
    return walk_list(folders && *folders ? folders : "/usr/local/share:/usr/share", "/isdmin/systems", give, arg);
}

/* --- one file --- */

static isd_status read_text(const char *path, char **ret_text, isd_error *err)
{
    FILE *stream = fopen(path, "rb");
    char *text = stream ? malloc(MOST_BYTES) : NULL;
    size_t length = text ? fread(text, 1, MOST_BYTES, stream) : 0;
    isd_status status = ISD_OK;

    if (!stream || (text && ferror(stream)))
        status = isd_error_set(err, ISD_IO, "the system cannot be read: %s", strerror(errno));
    else if (!text)
        status = isd_error_memory(err);
    else if (length == MOST_BYTES || memchr(text, '\0', length))
        status = isd_error_set(err, ISD_DATA, "this is no system: %s", length == MOST_BYTES ? "larger than 1 MB" : "it holds a NUL byte");
    if (stream)
        fclose(stream);
    if (status) {
        isd_error_at(err, path, 0, 0);
        free(text);
        return status;
    }
    text[length] = '\0';
    *ret_text = text;
    return ISD_OK;
}

/* No folder, and no pipe that would have us wait. */
static bool is_plain_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static bool ends_in_suffix(const char *name)
{
    size_t length = strlen(name), tail = strlen(SUFFIX);
    return length > tail && strcmp(name + length - tail, SUFFIX) == 0;
}

/* mine.isd: mine */
static void plain_name(const char *path, char ret_name[SYSTEM_NAME_SIZE])
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t length = strlen(base) - (ends_in_suffix(base) ? strlen(SUFFIX) : 0);
    text_escape(base, length, ret_name, SYSTEM_NAME_SIZE);
}

static isd_status take_path(const char *path, struct system_file *ret_file, isd_error *err)
{
    struct system_file file = {.text = NULL};
    if (strlen(path) >= sizeof file.path)
        return isd_error_set(err, ISD_USAGE, "the path of the system is too long");
    isd_status status = read_text(path, &file.text, err);
    if (status)
        return status;
    snprintf(file.path, sizeof file.path, "%s", path);
    plain_name(path, file.name);
    *ret_file = file;
    return ISD_OK;
}

/* Its number among those in the program, else how many these are. */
static int builtin_number(const char *name)
{
    size_t length = strlen(name);
    int k = 0;
    while (built_in_systems[k].name &&
           (strncmp(built_in_systems[k].name, name, length) != 0 || strcmp(built_in_systems[k].name + length, SUFFIX) != 0))
        k++;
    return k;
}

static const char *builtin_text(const char *name)
{
    return built_in_systems[builtin_number(name)].text; /* NULL of the row that ends the list */
}

static isd_status refuse_name(const char *name, isd_error *err)
{
    struct suggestion nearest = {.word = name};
    struct system_entry *entries = NULL;
    char known[400] = "";
    size_t used = 0;
    int n = 0;

    isd_status status = system_file_list(&entries, &n, err);
    if (status)
        return status;
    for (int k = 0; k < n; k++) {
        suggest_try(&nearest, entries[k].name);
        if (used + strlen(entries[k].name) + 3 < sizeof known)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", k ? ", " : "", entries[k].name);
    }
    isd_error_set(err, ISD_USAGE, "there is no system '%s'; known are %s", name, known);
    if (nearest.best)
        isd_error_hint(err, "system %s", nearest.best);
    free(entries);
    return ISD_USAGE;
}

isd_status system_file_builtin(const char *name, struct system_file *ret_file, isd_error *err)
{
    const char *text = builtin_text(name);
    struct system_file file = {.text = text ? strdup(text) : NULL};

    if (!text)
        return refuse_name(name, err);
    if (!file.text)
        return isd_error_memory(err);
    snprintf(file.name, sizeof file.name, "%s", name);
    *ret_file = file;
    return ISD_OK;
}

struct search {
    const char *name;
    char path[SYSTEM_PATH_SIZE];
};

static bool holds(void *arg, const char *folder)
{
    struct search *search = arg;
    int needed = snprintf(search->path, sizeof search->path, "%s/%s" SUFFIX, folder, search->name);
    return needed > 0 && (size_t)needed < sizeof search->path && is_plain_file(search->path);
}

isd_status system_file_find(const char *name, struct system_file *ret_file, isd_error *err)
{
    struct search search = {.name = name};

    if (strchr(name, '/') || ends_in_suffix(name))
        return take_path(name, ret_file, err);
    bool builtin = builtin_text(name) != NULL, named = name[0] && strlen(name) < SYSTEM_NAME_SIZE;
    if (!(named && walk_own(holds, &search)) && !(named && !builtin && walk_shared(holds, &search)))
        return system_file_builtin(name, ret_file, err);
    isd_status status = take_path(search.path, ret_file, err);
    if (!status)
        ret_file->hides = builtin;
    return status;
}

/* --- all of them --- */

struct listing {
    struct system_entry *entries;
    int n, size;
    bool failed;
};

static struct system_entry *entry_of(const struct listing *listing, const char *name)
{
    for (int k = 0; k < listing->n; k++)
        if (strcmp(listing->entries[k].name, name) == 0)
            return &listing->entries[k];
    return NULL;
}

/* The comment on the first line without the licence. */
static void describe(const char *text, char *out, size_t size)
{
    size_t skip = strspn(text, "# "), length = strcspn(text + skip, "\n");
    text_escape(text + skip, text[0] == '#' ? length : 0, out, size);
    char *licence = strstr(out, "SPDX-License-Identifier");
    if (licence)
        *licence = '\0';
    for (size_t end = strlen(out); end > 0 && out[end - 1] == ' '; end--)
        out[end - 1] = '\0';
}

/* Whoever comes first under a name has it. */
static void add_entry(struct listing *listing, const char *name, const char *path, const char *text)
{
    if (listing->failed || entry_of(listing, name) || strlen(name) >= SYSTEM_NAME_SIZE || strlen(path) >= SYSTEM_PATH_SIZE)
        return;
    if (listing->n == listing->size) {
        int size = listing->size ? 2 * listing->size : 16;
        struct system_entry *entries = realloc(listing->entries, (size_t)size * sizeof *entries);
        if (!entries) {
            listing->failed = true;
            return;
        }
        listing->entries = entries;
        listing->size = size;
    }
    struct system_entry *entry = &listing->entries[listing->n++];
    memset(entry, 0, sizeof *entry);
    snprintf(entry->name, sizeof entry->name, "%s", name);
    snprintf(entry->path, sizeof entry->path, "%s", path);
    describe(text, entry->about, sizeof entry->about);
}

static bool add_folder(void *arg, const char *folder)
{
    struct dirent *found;
    DIR *dir = opendir(folder);
    while (dir && (found = readdir(dir))) {
        char path[SYSTEM_PATH_SIZE], name[SYSTEM_NAME_SIZE], *text = NULL;
        int needed = snprintf(path, sizeof path, "%s/%s", folder, found->d_name);
        if (!ends_in_suffix(found->d_name) || needed < 0 || (size_t)needed >= sizeof path ||
            strlen(found->d_name) - strlen(SUFFIX) >= sizeof name || !is_plain_file(path) ||
            read_text(path, &text, NULL) != ISD_OK)
            continue;
        plain_name(path, name);
        add_entry(arg, name, path, text);
        free(text);
    }
    if (dir)
        closedir(dir);
    return false;
}

static int compare_entries(const void *a, const void *b)
{
    const struct system_entry *first = a, *second = b;
    int numbers = builtin_number(first->name) - builtin_number(second->name);
    return numbers ? numbers : text_compare_natural(first->name, second->name);
}

isd_status system_file_list(struct system_entry **ret_entries, int *ret_n, isd_error *err)
{
    struct listing listing = {.entries = NULL};

    walk_own(add_folder, &listing);
    for (int k = 0; built_in_systems[k].name; k++) {
        char name[SYSTEM_NAME_SIZE];
        plain_name(built_in_systems[k].name, name);
        add_entry(&listing, name, "", built_in_systems[k].text);
    }
    walk_shared(add_folder, &listing);
    if (listing.failed) {
        free(listing.entries);
        return isd_error_memory(err);
    }
    qsort(listing.entries, (size_t)listing.n, sizeof *listing.entries, compare_entries); /* never empty */
    *ret_entries = listing.entries;
    *ret_n = listing.n;
    return ISD_OK;
}
