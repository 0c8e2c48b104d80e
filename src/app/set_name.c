/* Names of sets from the paths that were opened. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/set_name.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

/* Part of a path, not terminated. */
struct span {
    const char *p;
    size_t length;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The last part of a path. */
static struct span base_of(struct span path)
{
    while (path.length > 1 && path.p[path.length - 1] == '/')
        path.length--;
    size_t start = path.length;
    while (start > 0 && path.p[start - 1] != '/')
        start--;
    return (struct span){path.p + start, path.length - start};
}

/* The folder a path is in, as far as the path says it. */
static struct span folder_of(const char *path)
{
    struct span base = base_of((struct span){path, strlen(path)});
    return base_of((struct span){path, (size_t)(base.p - path)});
}

static bool same(struct span a, struct span b)
{
    return a.length == b.length && memcmp(a.p, b.p, a.length) == 0;
}

/* What separates a name from what follows it is none of it. */
static struct span without_end(struct span name)
{
    while (name.length > 0 && strchr("._-+=", name.p[name.length - 1]) != NULL)
        name.length--;
    return name;
}

static struct span base_at(const char *const *paths, int k)
{
    return base_of((struct span){paths[k], strlen(paths[k])});
}

/* What the names of several files begin with; a number that goes on differently is not begun. */
static struct span common_start(const char *const *paths, int n)
{
    struct span first = base_at(paths, 0), common = first;
    bool goes_on = false;
    for (int k = 1; k < n; k++) {
        struct span name = base_at(paths, k);
        size_t alike = 0;
        while (alike < common.length && alike < name.length && name.p[alike] == first.p[alike])
            alike++;
        common.length = alike;
    }
    for (int k = 0; k < n; k++) {
        struct span name = base_at(paths, k);
        goes_on = goes_on || (common.length < name.length && is_digit(name.p[common.length]));
    }
    while (goes_on && common.length > 0 && is_digit(common.p[common.length - 1]))
        common.length--;
    return common.length == first.length ? common : without_end(common);
}

static bool is_pattern(const char *path)
{
    struct stat info;
    return strpbrk(path, "*?[") != NULL && stat(path, &info) != 0;
}

/* Of several files what they have in common; nothing where that says nothing. */
static struct span start_of(const char *const *paths, int n)
{
    struct span whole = base_at(paths, 0);
    if (n > 1)
        return common_start(paths, n);
    if (!is_pattern(paths[0]))
        return whole;
    size_t plain = strcspn(whole.p, "*?[");
    return without_end((struct span){whole.p, plain < whole.length ? plain : whole.length});
}

static struct span common_folder(const char *const *paths, int n)
{
    struct span folder = folder_of(paths[0]);
    for (int k = 1; k < n; k++)
        if (!same(folder, folder_of(paths[k])))
            return (struct span){"", 0};
    bool says_something = strspn(folder.p, ".") < folder.length && strcspn(folder.p, "*?[") >= folder.length;
    return says_something ? folder : (struct span){"", 0};
}

void set_name_propose(const char *const *paths, int n, char *out, size_t size)
{
    static const char *const suffixes[] = {".gz", ".zst", ".dump", ".lammpstrj", ".xyz", ".extxyz", ".gsd", ".data", ".bin"};
    char name[48];
    struct span span = n > 0 ? start_of(paths, n) : (struct span){"", 0};
    if (n > 0 && span.length == 0)
        span = common_folder(paths, n);
    if (n > 1 && span.length == 0)
        span = base_at(paths, 0);
    text_escape(span.p, span.length, name, sizeof name);
    for (size_t k = 0; k < sizeof suffixes / sizeof *suffixes; k++) {
        size_t length = strlen(name), end = strlen(suffixes[k]);
        if (length > end && strcmp(name + length - end, suffixes[k]) == 0)
            name[length - end] = '\0';
    }
    snprintf(out, size, "%s", name[0] != '\0' ? name : "set");
}
