/* The guard: statuses pass, signals pass, the terminal comes back. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tui/guard.h"
#include "tui/stray.h"

/* What the guarded body does, after putting the terminal into another mode. */
static int spoil_and(void *arg)
{
    struct termios mode;
    int number = *(int *)arg;
    tcgetattr(STDIN_FILENO, &mode);
    guard_note(true);
    stray_catch(true);
    static const char word[] = "a library's\033 word\n";
    if (write(STDERR_FILENO, word, sizeof word - 1) < 0)
        return 1;
    cfmakeraw(&mode);
    tcsetattr(STDIN_FILENO, TCSANOW, &mode);
    if (number > 0) {
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        signal(number, SIG_DFL); /* a sanitizer may watch it */
        raise(number);
    }
    return -number;
}

/* Runs the guard in a terminal of its own; returns its wait status, what it wrote, and whether the modes came back. */
static int run_guard(int number, char *output, size_t size)
{
    int terminal;
    setenv("TERM", "xterm-256color", 1);
    pid_t child = forkpty(&terminal, NULL, NULL, NULL);
    assert_true(child >= 0);
    if (child == 0) {
        struct termios before, after;
        tcgetattr(STDIN_FILENO, &before);
        int status = guard_run(spoil_and, &number);
        tcgetattr(STDIN_FILENO, &after);
        _exit(before.c_lflag == after.c_lflag && before.c_oflag == after.c_oflag ? status : 99);
    }
    size_t used = 0;
    ssize_t n;
    while (used + 1 < size && (n = read(terminal, output + used, size - 1 - used)) > 0)
        used += (size_t)n;
    output[used] = '\0';
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    close(terminal);
    return status;
}

static void a_status_passes(void **state)
{
    char output[4096];
    int status = run_guard(-7, output, sizeof output);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

static void a_death_passes_and_the_terminal_is_told(void **state)
{
    static const int numbers[] = {SIGKILL, SIGSEGV, SIGABRT};
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
        char output[4096];
        int status = run_guard(numbers[k], output, sizeof output);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), numbers[k]);
        const char *left = strstr(output, "\033[?1049l"), *word = strstr(output, "a library's? word"), *end = strstr(output, "ended by signal");
        assert_true(left && word && end);
        assert_true(left < word && word < end); /* told, behind the picture */
    }
}

static void a_polite_death_is_silent(void **state)
{
    char output[4096];
    int status = run_guard(SIGTERM, output, sizeof output);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
    assert_null(strstr(output, "ended by signal"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_passes),
        cmocka_unit_test(a_death_passes_and_the_terminal_is_told),
        cmocka_unit_test(a_polite_death_is_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
