/* Standard error kept off the full screen. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/stray.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_BYTES = 1 << 20, MOST_AT_ONCE = 1 << 16 };

/* Standard error belongs to the whole process. */
static int place = -1, outside = -1;
static off_t *taken; /* shared: bytes of the place that somebody has read */

void stray_open(void)
{
#ifdef __linux__
    void *shared = mmap(NULL, sizeof *taken, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return;
    taken = shared;
    *taken = 0;
    place = memfd_create("isdmin-stderr", MFD_CLOEXEC);
    if (place >= 0)
        fcntl(place, F_SETFL, O_APPEND);
#endif
}

void stray_catch(bool on)
{
    if (on && place >= 0 && outside < 0 && isatty(STDERR_FILENO)) {
        outside = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        if (outside >= 0)
            dup2(place, STDERR_FILENO);
    } else if (!on && outside >= 0) {
        dup2(outside, STDERR_FILENO);
        close(outside);
        outside = -1;
    }
}

char *stray_take(void)
{
    struct stat info;
    if (place < 0 || fstat(place, &info) != 0 || info.st_size <= *taken)
        return NULL;
    size_t n = (size_t)(info.st_size - *taken);
    n = n < MOST_AT_ONCE ? n : MOST_AT_ONCE;
    char *text = malloc(n + 1);
    ssize_t got = text ? pread(place, text, n, *taken) : -1;
    if (got <= 0) {
        free(text);
        return NULL;
    }
    text[got] = '\0';
    *taken += got;
    if (*taken > MOST_BYTES && ftruncate(place, 0) == 0)
        *taken = 0;
    return text;
}

void stray_write_rest(int fd)
{
    for (char *text; (text = stray_take()) != NULL; free(text)) {
        size_t n = strlen(text);
        for (size_t k = 0; k < n; k++)
            if ((unsigned char)text[k] < ' ' && text[k] != '\n' && text[k] != '\t')
                text[k] = '?';
        for (size_t sent = 0; sent < n;) {
            ssize_t wrote = write(fd, text + sent, n - sent);
            if (wrote < 0 && errno != EINTR)
                break;
            sent += wrote > 0 ? (size_t)wrote : 0;
        }
    }
}
