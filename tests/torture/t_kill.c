/* kill -9 at random moments of a program that commits results: each acknowledged one is found, whole; the file is sound.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: t_kill KILL_WRITER KILLS [SEED]. Every other kill is on a store that lies as on a network file system. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../lib/scratch.h"
#include "base/clock.h"
#include "base/rng.h"
#include "base/scan.h"
#include "kept.h"

#define LONGEST_MS 100 /* until the kill, counted from the start of the program: opening, migrating and commits are all in it */

static long kills, empty, acknowledged_in_all, unacknowledged;

static pid_t start(const char *program, const char *store, int first, bool shared, int *ret_out)
{
    char number[16];
    int ends[2];
    MUST(pipe2(ends, O_CLOEXEC) == 0);
    snprintf(number, sizeof number, "%d", first);
    pid_t child = fork();
    MUST(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execl(program, program, store, number, shared ? "shared" : "local", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    *ret_out = ends[0];
    return child;
}

/* The last number acknowledged, or `otherwise`. A line that is not whole was not said. */
static int last_said(int in, int otherwise)
{
    static char text[1 << 20];
    size_t used = 0;
    for (ssize_t got; (got = read(in, text + used, sizeof text - used)) > 0;)
        used += (size_t)got;
    while (used > 0 && text[used - 1] != '\n')
        used--;
    if (used == 0)
        return otherwise;
    text[used - 1] = '\0';
    const char *line = strrchr(text, '\n');
    int64_t number;
    MUST(scan_whole_int64(line != NULL ? line + 1 : text, &number));
    return (int)number;
}

/* Some kills in a row of programs on one file; the next one goes on, repeating the last result. */
static void one_store(const char *program, const char *folder, struct rng *rng, bool shared, int n)
{
    char path[128];
    isd_error err;
    int last = -1;
    snprintf(path, sizeof path, "%s/%ld.isdb", folder, kills);
    for (int k = 0; k < n; k++, kills++) {
        int out = -1, status = 0;
        pid_t child = start(program, path, last > 0 ? last : 0, shared, &out);
        double ms = LONGEST_MS * rng_double(rng) * rng_double(rng) + 0.5;
        struct timespec time = {.tv_nsec = (long)(1e6 * ms)};
        nanosleep(&time, NULL);
        kill(child, SIGKILL);
        int said = last_said(out, last);
        close(out);
        MUST(waitpid(child, &status, 0) == child);
        MUST(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL); /* it did not give up by itself */
        acknowledged_in_all += said - last;
        empty += said == last;
        last = said > last ? said : last;
        unacknowledged += kept_check(path, shared ? STORE_PLACE_SHARED : STORE_PLACE_LOCAL, last);
    }
    MUST(store_remove(path, &err) == ISD_OK);
}

int main(int argc, char **argv)
{
    char folder[SCRATCH_SIZE];
    struct rng rng;
    int64_t wanted = 0, seed = 1;
    if (argc < 3 || !scan_whole_int64(argv[2], &wanted) || (argc > 3 && !scan_whole_int64(argv[3], &seed)))
        return 2;
    rng_init(&rng, (uint64_t)seed);
    MUST(scratch_make(folder));
    double start_time = clock_now();
    while (kills < wanted)
        one_store(argv[1], folder, &rng, kills / 10 % 2 == 1, 10);
    printf("%ld kills, %ld of them before any commit; %ld results acknowledged, all found, %ld found that were not yet; %.0f s\n", kills, empty,
           acknowledged_in_all, unacknowledged, clock_now() - start_time);
    MUST(scratch_drop(folder));
    return 0;
}
