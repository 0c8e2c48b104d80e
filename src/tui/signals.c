/* Signals turned into bytes of a pipe. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

static const int watched[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT};
#define N_WATCHED (sizeof watched / sizeof *watched)

/* A handler has no argument of ours. */
static int pipe_end[2] = {-1, -1};

static void to_pipe(int number)
{
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t ignored = write(pipe_end[1], &byte, 1); /* full: enough wake-ups are waiting already */
    (void)ignored;
    errno = saved;
}

static void handle(int number)
{
    struct sigaction action = {.sa_handler = to_pipe, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

bool signals_open(void)
{
    if (pipe2(pipe_end, O_CLOEXEC | O_NONBLOCK) != 0)
        return false;
    for (size_t k = 0; k < N_WATCHED; k++)
        handle(watched[k]);
    signal(SIGPIPE, SIG_IGN); /* a write to a terminal that is gone is an error, seen by the loop */
    return true;
}

void signals_close(void)
{
    for (size_t k = 0; k < N_WATCHED; k++)
        signal(watched[k], SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    for (int k = 0; k < 2; k++) {
        if (pipe_end[k] >= 0)
            close(pipe_end[k]);
        pipe_end[k] = -1;
    }
}

int signals_fd(void)
{
    return pipe_end[0];
}

int signals_next(void)
{
    unsigned char byte;
    return read(pipe_end[0], &byte, 1) == 1 ? byte : 0;
}

void signals_stop(void)
{
    signal(SIGTSTP, SIG_DFL);
    raise(SIGTSTP);
    handle(SIGTSTP);
}

static bool in_foreground(void)
{
    pid_t group = tcgetpgrp(STDIN_FILENO);
    return group < 0 || group == getpgrp(); /* < 0: the terminal is gone, which the loop will see */
}

void signals_await_foreground(void)
{
    while (!in_foreground()) {
        raise(SIGTTOU); /* by default a stop; where nobody could continue it, nothing */
        if (!in_foreground())
            nanosleep(&(struct timespec){.tv_nsec = 100 * 1000 * 1000}, NULL);
    }
}

void signals_die(int number)
{
    sigset_t one;
    signals_close();
    signal(number, SIG_DFL);
    sigemptyset(&one);
    sigaddset(&one, number);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
    raise(number);
}
