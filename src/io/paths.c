/* Arguments that stand for several files. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/paths.h"

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

static isd_status copy_paths(char *const *paths, size_t n, char ***ret_paths, int *ret_n, isd_error *err)
{
    char **copy = calloc(n > 0 ? n : 1, sizeof *copy);
    for (size_t k = 0; copy != NULL && k < n; k++)
        if ((copy[k] = strdup(paths[k])) == NULL) {
            paths_free(copy, (int)k);
            copy = NULL;
        }
    if (copy == NULL)
        return isd_error_memory(err);
    qsort(copy, n, sizeof *copy, natural);
    *ret_paths = copy;
    *ret_n = (int)n;
    return ISD_OK;
}

isd_status paths_expand(const char *argument, char ***ret_paths, int *ret_n, isd_error *err)
{
    struct stat info;
    char *single[] = {(char *)argument};
    if (stat(argument, &info) == 0 || errno != ENOENT || strpbrk(argument, "*?[") == NULL)
        return copy_paths(single, 1, ret_paths, ret_n, err);
    glob_t found;
    int code = glob(argument, GLOB_NOSORT, NULL, &found);
    if (code == GLOB_NOSPACE)
        return isd_error_memory(err);
    if (code != 0) {
        isd_error_set(err, ISD_IO, "no file matches this pattern");
        isd_error_at(err, argument, 0, 0);
        return ISD_IO;
    }
    isd_status status = copy_paths(found.gl_pathv, found.gl_pathc, ret_paths, ret_n, err);
    globfree(&found);
    return status;
}

void paths_free(char **paths, int n)
{
    for (int k = 0; paths != NULL && k < n; k++)
        free(paths[k]);
    free(paths);
}
