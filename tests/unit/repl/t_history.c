/* The history file, shared by sessions. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <readline/history.h>

#include "repl/history.h"
#include "../../lib/scratch.h"

static char folder[SCRATCH_SIZE];

static void path_of(const char *name, char *out, size_t size)
{
    snprintf(out, size, "%s/%s", folder, name);
}

static long count_lines(const char *path)
{
    long lines = 0;
    int byte;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while ((byte = getc(file)) != EOF)
        lines += byte == '\n';
    fclose(file);
    return lines;
}

static void kept_and_loaded(void **state)
{
    (void)state;
    char path[128];
    history_keep("first");
    history_keep("second; third");
    history_keep("second; third"); /* a repeat */
    history_keep(" not this one");
    history_keep("");
    path_of("isdmin/history", path, sizeof path);
    assert_int_equal(count_lines(path), 2);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    clear_history();
    history_load();
    assert_int_equal(history_length, 2);
    assert_string_equal(history_get(history_base + 1)->line, "second; third");
}

static void sessions_share_it(void **state)
{
    (void)state;
    enum { SESSIONS = 4, LINES = 200 };
    char path[128];
    path_of("isdmin/history", path, sizeof path);
    long before = count_lines(path);
    for (int k = 0; k < SESSIONS; k++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            char line[64];
            for (int i = 0; i < LINES; i++) {
                snprintf(line, sizeof line, "match %d:%d of=raw", k, i);
                history_keep(line);
            }
            _exit(0);
        }
    }
    int status, ended = 0;
    while (ended < SESSIONS && wait(&status) > 0)
        ended += status == 0;
    assert_int_equal(ended, SESSIONS);
    assert_int_equal(count_lines(path), before + SESSIONS * LINES);
}

static void a_long_file_loads_its_end(void **state)
{
    (void)state;
    char path[128];
    path_of("isdmin/history", path, sizeof path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int k = 0; k < 60000; k++)
        fprintf(file, "a line that is a little longer %d\n", k);
    fclose(file);
    clear_history();
    history_load();
    assert_int_equal(history_length, 2000);
    assert_string_equal(history_get(history_base + history_length - 1)->line, "a line that is a little longer 59999");
}

static void nowhere_to_write(void **state)
{
    (void)state;
    setenv("XDG_STATE_HOME", "/proc/no/such/place", 1);
    history_keep("kept in memory");
    assert_string_equal(history_get(history_base + history_length - 1)->line, "kept in memory");
    unsetenv("XDG_STATE_HOME");
    unsetenv("HOME");
    history_keep("this too");
    clear_history();
    history_load();
    assert_int_equal(history_length, 0);
}

int main(void)
{
    if (!scratch_make(folder))
        return 1;
    setenv("XDG_STATE_HOME", folder, 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_and_loaded),
        cmocka_unit_test(sessions_share_it),
        cmocka_unit_test(a_long_file_loads_its_end),
        cmocka_unit_test(nowhere_to_write),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return scratch_drop(folder) ? failed : 1;
}
