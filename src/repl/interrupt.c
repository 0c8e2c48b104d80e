/* Signals while a person types at the REPL. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH};
enum { N_WATCHED = sizeof watched / sizeof *watched };

/* Handlers can reach nothing else than statics. */
static volatile sig_atomic_t came[N_WATCHED];
static struct sigaction before[N_WATCHED];
static int wake[2] = {-1, -1};

static void remember(int number)
{
    int kept = errno;
    for (int k = 0; k < N_WATCHED; k++)
        if (watched[k] == number)
            came[k] = 1;
    ssize_t written = write(wake[1], "", 1); /* full: it is readable anyway */
    (void)written;
    errno = kept;
}

static void watch(int k)
{
    struct sigaction action = {.sa_handler = remember};
    sigemptyset(&action.sa_mask);
    sigaction(watched[k], &action, NULL);
}

bool interrupt_begin(void)
{
    if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0)
        return false;
    for (int k = 0; k < N_WATCHED; k++) {
        came[k] = 0;
        sigaction(watched[k], NULL, &before[k]);
        if (before[k].sa_handler != SIG_IGN) /* under nohup a hang-up stays ignored */
            watch(k);
    }
    return true;
}

void interrupt_end(void)
{
    for (int k = 0; k < N_WATCHED; k++)
        sigaction(watched[k], &before[k], NULL);
    close(wake[0]);
    close(wake[1]);
    wake[0] = wake[1] = -1;
}

int interrupt_fd(void)
{
    return wake[0];
}

void interrupt_drain(void)
{
    char bytes[64];
    while (read(wake[0], bytes, sizeof bytes) > 0)
        continue;
}

static int place_of(int number)
{
    int k = 0;
    while (watched[k] != number)
        k++;
    return k;
}

bool interrupt_came(int number)
{
    return came[place_of(number)];
}

bool interrupt_take(int number)
{
    int k = place_of(number);
    bool taken = came[k];
    if (taken)
        came[k] = 0;
    return taken;
}

int interrupt_ending(void)
{
    for (int k = 0; k < N_WATCHED; k++)
        if (came[k] && (watched[k] == SIGTERM || watched[k] == SIGHUP))
            return watched[k];
    return 0;
}

void interrupt_stop(void)
{
    int k = place_of(SIGTSTP);
    sigaction(SIGTSTP, &before[k], NULL);
    raise(SIGTSTP);
    watch(k);
    interrupt_take(SIGCONT); /* that was the end of this stop */
}
