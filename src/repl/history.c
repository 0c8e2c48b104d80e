/* The history file. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

enum { MOST_LINES = 2000, MOST_BYTES = 1 << 20 };

/* The state folder of this program, or "" when there is none; the XDG rules ignore relative paths. */
static void state_folder(char *out, size_t size)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int length = -1;
    if (state && state[0] == '/')
        length = snprintf(out, size, "%s/isdmin", state);
    else if (home && home[0] == '/')
        length = snprintf(out, size, "%s/.local/state/isdmin", home);
    if (length < 0 || (size_t)length >= size)
        out[0] = '\0';
}

/* Makes the folder and those above it, private to the user as XDG asks. */
static void make_folder(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    mkdir(path, 0700);
}

void history_folder(bool make, char *out, size_t size)
{
    state_folder(out, size);
    if (make && out[0])
        make_folder(out);
}

static int open_history(int flags)
{
    char folder[4096], path[4096 + 16];
    history_folder(flags & O_CREAT, folder, sizeof folder);
    if (!folder[0])
        return -1;
    snprintf(path, sizeof path, "%s/history", folder);
    return open(path, flags | O_CLOEXEC | O_NONBLOCK, 0600);
}

/* The last bytes of the file, cut at a line, terminated; NULL when there are none. */
static char *read_tail(int fd)
{
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size == 0)
        return NULL;
    off_t start = info.st_size > MOST_BYTES ? info.st_size - MOST_BYTES : 0;
    char *text = malloc(MOST_BYTES + 1);
    if (!text)
        return NULL;
    size_t length = 0;
    while (length < MOST_BYTES) {
        ssize_t got = pread(fd, text + length, MOST_BYTES - length, start + (off_t)length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    text[length] = '\0';
    if (start > 0) {
        char *line = strchr(text, '\n');
        memmove(text, line ? line + 1 : text + length, line ? strlen(line + 1) + 1 : 1);
    }
    return text;
}

static bool worth_keeping(const char *line)
{
    if (!line[0] || line[0] == ' ' || line[0] == '\t' || strchr(line, '\n'))
        return false;
    HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
    return !last || strcmp(last->line, line) != 0;
}

void history_load(void)
{
    using_history();
    stifle_history(MOST_LINES);
    int fd = open_history(O_RDONLY);
    if (fd < 0)
        return;
    char *text = read_tail(fd);
    close(fd);
    if (!text)
        return;
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
        if (worth_keeping(line))
            add_history(line);
    free(text);
    using_history();
}

void history_keep(const char *line)
{
    if (!worth_keeping(line))
        return;
    add_history(line);
    using_history();
    int fd = open_history(O_WRONLY | O_CREAT | O_APPEND);
    if (fd < 0)
        return;
    char *record = NULL;
    int length = asprintf(&record, "%s\n", line);
    if (length >= 0) {
        /* One write: lines of two sessions never mix. What cannot be written is lost, the session goes on. */
        ssize_t written = write(fd, record, (size_t)length);
        (void)written;
        free(record);
    }
    close(fd);
}
