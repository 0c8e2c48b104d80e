/* For tests: a folder of their own, other programs, text that grows. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_SCRATCH_H
#define TEST_SCRATCH_H

#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SCRATCH_SIZE 64

/* A new folder, in memory where possible (tests sync many small files); false if it cannot be made. */
static inline bool scratch_make(char folder[SCRATCH_SIZE])
{
    snprintf(folder, SCRATCH_SIZE, "%s/isdmin-test-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    return mkdtemp(folder) != NULL;
}

static inline int scratch_remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

/* The folder with all that is in it. */
static inline bool scratch_drop(const char *folder)
{
    return nftw(folder, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0;
}

/* folder/name; good until the fourth call after. */
static inline const char *scratch_path(const char *folder, const char *name)
{
    static char path[4][400];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

/* A group of tests with one folder: `static char folder[SCRATCH_SIZE]` and these two as its set-up and end. */
#define SCRATCH_GROUP(folder)                                                                                          \
    static int make_folder(void **state)                                                                               \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        return !scratch_make(folder);                                                                                  \
    }                                                                                                                  \
    static int drop_folder(void **state)                                                                               \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        return !scratch_drop(folder);                                                                                  \
    }

/* Runs a program of the path in `folder`, in silence; true if it is there and succeeds. */
static inline bool scratch_run(const char *folder, const char *const argv[])
{
    int status = -1;
    pid_t child = fork();
    if (child < 0)
        return false;
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);
        if (chdir(folder) == 0 && dup2(null, 0) == 0 && dup2(null, 1) == 1 && dup2(null, 2) == 2)
            execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* A German locale, made in `folder` where the system has none; false if that cannot be done. Sets LC_ALL. */
#define SCRATCH_GERMAN(folder)                                                                                         \
    (setlocale(LC_ALL, "de_DE.UTF-8") != NULL ||                                                                       \
     (scratch_run(folder, (const char *const[]){"localedef", "-i", "de_DE", "-f", "UTF-8", "./de_DE.UTF-8", NULL}) &&  \
      setenv("LOCPATH", folder, 1) == 0 && setlocale(LC_ALL, "de_DE.UTF-8") != NULL))

/* Text behind text[0 ... *used); aborts when it does not fit. */
static inline void scratch_append(char *text, size_t size, size_t *used, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static inline void scratch_append(char *text, size_t size, size_t *used, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text + *used, size - *used, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= size - *used)
        abort();
    *used += (size_t)length;
}

#endif
