/* The parent process that gives the terminal back. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <curses.h>
#include <term.h>

#include "tui/stray.h"

/* Written by the child, read by the parent after its death: hence shared memory. */
static volatile sig_atomic_t *full_screen_shared;

/* A handler has no argument: set while there is a child. */
static const struct guard *guard_hit;

struct guard {
    int terminal; /* -1: none */
    struct termios before;
    char leave[160]; /* what the terminal must be told */
    pid_t child;
    sigset_t mask; /* signals of the caller */
};

void guard_note(bool full_screen)
{
    if (full_screen_shared)
        *full_screen_shared = full_screen;
}

static void append_capability(struct guard *guard, const char *name)
{
    const char *text = tigetstr(name);
    size_t used = strlen(guard->leave);
    if (text && text != (const char *)-1 && used + strlen(text) + 1 < sizeof guard->leave)
        memcpy(guard->leave + used, text, strlen(text) + 1);
}

/* Looked up before the fork: after a crash is no time for terminfo. */
static void learn_terminal(struct guard *guard)
{
    guard->terminal = -1;
    for (int fd = 0; fd < 3 && guard->terminal < 0; fd++)
        if (isatty(fd) && tcgetattr(fd, &guard->before) == 0)
            guard->terminal = fd;
    int found;
    if (guard->terminal < 0 || setupterm(NULL, guard->terminal, &found) != OK)
        return;
    append_capability(guard, "sgr0");
    append_capability(guard, "rmkx");
    append_capability(guard, "cnorm");
    append_capability(guard, "rmcup");
    /* Mouse reports and bracketed paste, where the terminal is of the family that has them. */
    const char *mouse = tigetstr("kmous");
    static const char off[] = "\033[?1000l\033[?1002l\033[?1006l\033[?2004l";
    size_t used = strlen(guard->leave);
    if (mouse && mouse != (const char *)-1 && used + sizeof off <= sizeof guard->leave)
        memcpy(guard->leave + used, off, sizeof off);
    del_curterm(cur_term);
}

static void write_all(int fd, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t n = write(fd, text, left);
        if (n < 0 && errno != EINTR)
            return;
        if (n > 0) {
            text += n;
            left -= (size_t)n;
        }
    }
}

static void restore_terminal(const struct guard *guard)
{
    if (guard->terminal < 0 || !*full_screen_shared)
        return;
    tcsetattr(guard->terminal, TCSANOW, &guard->before);
    write_all(guard->terminal, guard->leave);
    *full_screen_shared = 0;
}

static void guard_signals(sigset_t *set)
{
    static const int watched[] = {SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGTTOU, SIGTTIN};
    sigemptyset(set);
    for (size_t k = 0; k < sizeof watched / sizeof *watched; k++)
        sigaddset(set, watched[k]);
}

static void unblock_default(int number)
{
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, number);
    signal(number, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
}

/* Has somebody continued this process already? Then the child is to go on as well. */
static bool continued(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 && sigismember(&pending, SIGCONT) == 1;
}

/* Stop as the child has stopped, so that the shell sees a stopped job. In a process group without a shell to continue
 * it the kernel ignores this stop, which is what is wanted there. */
static void follow_stop(const struct guard *guard)
{
    sigset_t stop;
    restore_terminal(guard);
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    /* The key that stopped the child may be waiting here too: one stop is enough. */
    while (sigtimedwait(&stop, NULL, &(struct timespec){0}) == SIGTSTP)
        continue;
    unblock_default(SIGTSTP);
    raise(SIGTSTP);
    sigprocmask(SIG_BLOCK, &stop, NULL);
}

/* What the terminal itself sends (Ctrl-C, Ctrl-Z, a hang-up) goes to the child as well: forwarded, it would come twice. */
static bool from_terminal(const siginfo_t *info)
{
#ifdef SI_KERNEL
    return info->si_code == SI_KERNEL;
#else
    return false;
#endif
}

/* Waits for the child's end; returns its wait status. */
static int watch(const struct guard *guard)
{
    sigset_t set;
    guard_signals(&set);
    for (;;) {
        int status;
        pid_t pid;
        bool stopped = false;
        while ((pid = waitpid(guard->child, &status, WNOHANG | WUNTRACED | WCONTINUED)) == guard->child) {
            stopped = WIFSTOPPED(status);
            if (!stopped && !WIFCONTINUED(status))
                return status;
        }
        if (stopped && !continued())
            follow_stop(guard);
        if (pid < 0 && errno != EINTR)
            return 0;
        siginfo_t info;
        int number = sigwaitinfo(&set, &info);
        if (number > 0 && from_terminal(&info))
            continue;
        if (number == SIGTERM || number == SIGHUP || number == SIGINT || number == SIGQUIT || number == SIGTSTP
            || number == SIGCONT)
            kill(guard->child, number);
    }
}

static void say_crash(const struct guard *guard, int number)
{
    char line[160];
    if (number == SIGTERM || number == SIGHUP || number == SIGINT || number == SIGQUIT || number == SIGPIPE)
        return;
    snprintf(line, sizeof line, "isdmin: ended by signal %d (%s); the terminal is as it was, finished results in files are kept\n",
             number, strsignal(number));
    write_all(guard->terminal >= 0 ? guard->terminal : STDERR_FILENO, line);
}

static int end_as_child(const struct guard *guard, int status)
{
    restore_terminal(guard);
    stray_write_rest(guard->terminal >= 0 ? guard->terminal : STDERR_FILENO);
    if (WIFSIGNALED(status)) {
        int number = WTERMSIG(status);
        say_crash(guard, number);
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none); /* the child's core is the one of interest */
        unblock_default(number);
        raise(number);
        return 128 + number;
    }
    sigprocmask(SIG_SETMASK, &guard->mask, NULL);
    return WEXITSTATUS(status);
}

/* The guard itself is struck. The child ends first, in good order if it can, since it still writes to the terminal. Nothing here but
 * what a handler may call. */
static void end_struck(int number)
{
    enum { WAITS = 200 };
    const struct guard *guard = guard_hit;
    int out = guard->terminal >= 0 ? guard->terminal : STDERR_FILENO;
    char digits[3] = {(char)('0' + number / 10), (char)('0' + number % 10), '\0'};
    kill(guard->child, SIGTERM);
    for (int k = 0; k < WAITS && waitpid(guard->child, NULL, WNOHANG) == 0; k++)
        nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
    kill(guard->child, SIGKILL);
    waitpid(guard->child, NULL, 0);
    restore_terminal(guard);
    write_all(out, "isdmin: ended by signal ");
    write_all(out, digits + (number < 10));
    write_all(out, "; the terminal is as it was, finished results in files are kept\n");
    signal(number, SIG_DFL);
    raise(number);
}

static void watch_strikes(const struct guard *guard)
{
    static const int deadly[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
    struct sigaction action = {.sa_handler = end_struck};
    guard_hit = guard;
    sigemptyset(&action.sa_mask);
    for (size_t k = 0; k < sizeof deadly / sizeof *deadly; k++)
        sigaction(deadly[k], &action, NULL);
}

static void be_child(const struct guard *guard, pid_t parent, int (*body)(void *arg), void *arg)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
    if (getppid() != parent)
        _exit(128 + SIGTERM);
    sigprocmask(SIG_SETMASK, &guard->mask, NULL);
    exit(body(arg));
}

int guard_run(int (*body)(void *arg), void *arg)
{
    struct guard guard = {.terminal = -1};
    sigset_t set;
    void *shared = mmap(NULL, sizeof *full_screen_shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return body(arg);
    full_screen_shared = shared;
    *full_screen_shared = 0;
    learn_terminal(&guard);
    stray_open();
    fflush(NULL); /* or both processes would write what is buffered */
    guard_signals(&set);
    sigprocmask(SIG_BLOCK, &set, &guard.mask);
    pid_t parent = getpid();
    guard.child = fork();
    if (guard.child == 0)
        be_child(&guard, parent, body, arg);
    if (guard.child < 0) {
        sigprocmask(SIG_SETMASK, &guard.mask, NULL);
        return body(arg);
    }
    watch_strikes(&guard);
    return end_as_child(&guard, watch(&guard));
}
