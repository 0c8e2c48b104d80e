/* A file of numbers as text, read whole and taken apart word by word. SPDX-License-Identifier: GPL-3.0-or-later */
#include "pot/table_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/scan.h"

#define LARGEST_FILE ((size_t)64 << 20)
#define SHOWN 40 /* of a word, in an error */

static isd_status refuse(const char *path, isd_status status, const char *what, isd_error *err)
{
    isd_error_set(err, status, "%s", what);
    isd_error_at(err, path, 0, 0);
    return status;
}

/* What has been read of the file into text[LARGEST_FILE + 1], or why not. */
static isd_status read_all(FILE *f, const char *path, char **ret_text, size_t *ret_size, isd_error *err)
{
    char *text = NULL;
    size_t size = 0, room = 0, got;

    do {
        if (size + 1 >= room) {
            room = room ? 2 * room : (size_t)1 << 18;
            char *more = realloc(text, room);
            if (!more) {
                free(text);
                return isd_error_memory(err);
            }
            text = more;
        }
        got = fread(text + size, 1, room - size - 1, f);
        size += got;
    } while (got > 0 && size <= LARGEST_FILE);
    isd_status status = ISD_OK;
    if (ferror(f)) {
        status = refuse(path, ISD_IO, "cannot be read", err);
    } else if (size > LARGEST_FILE) {
        status = refuse(path, ISD_DATA, "is larger than 64 MiB", err);
    } else if (size == 0) {
        status = refuse(path, ISD_DATA, "is empty", err);
    } else if (memchr(text, 0, size)) {
        status = refuse(path, ISD_DATA, "holds zero bytes: this is no text file", err);
    }
    if (status) {
        free(text);
        return status;
    }
    text[size] = 0;
    *ret_text = text;
    *ret_size = size;
    return ISD_OK;
}

isd_status table_file_open(const char *path, struct table_file *ret_file, isd_error *err)
{
    struct table_file file = {0};
    struct stat about;
    if (stat(path, &about) != 0) {
        return refuse(path, ISD_IO, strerror(errno), err);
    }
    if (!S_ISREG(about.st_mode)) {
        return refuse(path, ISD_IO, "is not a plain file", err);
    }
    FILE *f = fopen(path, "rb");
    if (!f) {
        return refuse(path, ISD_IO, strerror(errno), err);
    }
    isd_status status = read_all(f, path, &file.text, &file.size, err);
    fclose(f);
    if (status) {
        return status;
    }
    file.path = strdup(path);
    if (!file.path) {
        free(file.text);
        return isd_error_memory(err);
    }
    file.at = file.word = file.text;
    *ret_file = file;
    return ISD_OK;
}

void table_file_close(struct table_file *file)
{
    free(file->path);
    free(file->text);
    *file = (struct table_file){0};
}

bool table_file_skip_line(struct table_file *file)
{
    file->word = file->at;
    file->length = 0;
    if (!*file->at) {
        return false;
    }
    const char *end = strchr(file->at, '\n');
    file->at = end ? end + 1 : file->text + file->size;
    return true;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

bool table_file_word_here(struct table_file *file)
{
    while (blank(*file->at)) {
        file->at++;
    }
    if (*file->at == '#') {
        file->at += strcspn(file->at, "\n");
    }
    file->word = file->at;
    while (*file->at && *file->at != '\n' && *file->at != '#' && !blank(*file->at)) {
        file->at++;
    }
    file->length = (size_t)(file->at - file->word);
    return file->length > 0;
}

bool table_file_word(struct table_file *file)
{
    while (!table_file_word_here(file)) {
        if (!*file->at) {
            return false;
        }
        file->at++; /* the line end */
    }
    return true;
}

isd_status table_file_complain(const struct table_file *file, isd_error *err)
{
    long line = 1, column = 1;
    for (const char *p = file->text; p < file->word; p++) {
        line += *p == '\n';
        column = *p == '\n' ? 1 : column + 1;
    }
    isd_error_at(err, file->path, line, column);
    return ISD_DATA;
}

static int shown(const struct table_file *file)
{
    return file->length < SHOWN ? (int)file->length : SHOWN;
}

static isd_status missing(const struct table_file *file, const char *what, isd_error *err)
{
    isd_error_set(err, ISD_DATA, "the file ends where %s is expected: it is cut short", what);
    return table_file_complain(file, err);
}

/* Does Fortran's form 1.0D+00 stand here? */
static bool has_d_exponent(const struct table_file *file)
{
    return memchr(file->word, 'D', file->length) || memchr(file->word, 'd', file->length);
}

isd_status table_file_number(struct table_file *file, const char *what, double *ret_value, isd_error *err)
{
    if (!table_file_word(file)) {
        return missing(file, what, err);
    }
    const char *end = file->word + file->length;
    if (scan_double(file->word, end, ret_value) == end) {
        file->d_exponents += has_d_exponent(file);
        return ISD_OK;
    }
    isd_error_set(err, ISD_DATA, "'%.*s' is no number, %s is expected", shown(file), file->word, what);
    return table_file_complain(file, err);
}

isd_status table_file_count(struct table_file *file, const char *what, int64_t low, int64_t high,
                            int64_t *ret_value, isd_error *err)
{
    int64_t value;
    if (!table_file_word(file)) {
        return missing(file, what, err);
    }
    const char *end = file->word + file->length;
    if (scan_int64(file->word, end, &value) != end || value < low || value > high) {
        isd_error_set(err, ISD_DATA, "%s is '%.*s', expected %lld to %lld", what, shown(file), file->word,
                      (long long)low, (long long)high);
        return table_file_complain(file, err);
    }
    *ret_value = value;
    return ISD_OK;
}
