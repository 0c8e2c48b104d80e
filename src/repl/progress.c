/* One line on standard error while work is under way. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "repl/terminal.h"

static const double first_after = 0.3, redraw_after = 0.25, read_after = 5.0; /* seconds */

void progress_begin(struct progress *progress, bool reader)
{
    progress->reader = reader;
    progress->terminal = terminal_is_usable(STDERR_FILENO);
    progress->shown = false;
    progress->began = clock_now();
    progress->drawn = 0.0;
}

static void eta_words(double eta, char *out, size_t size)
{
    long seconds = lround(fmin(eta, 359999.0));
    if (seconds >= 3600)
        snprintf(out, size, ", ETA %ld:%02ld:%02ld", seconds / 3600, seconds / 60 % 60, seconds % 60);
    else
        snprintf(out, size, ", ETA %ld:%02ld", seconds / 60, seconds % 60);
}

void progress_words(double done, int total, double eta, char *out, size_t size)
{
    char rest[32] = "";
    if (eta >= 0.0)
        eta_words(eta, rest, sizeof rest);
    double share = total > 0 ? fmin(fmax(done / total, 0.0), 1.0) : 1.0;
    snprintf(out, size, "%d of %d job%s, %d %%%s", (int)floor(done), total, total == 1 ? "" : "s", (int)floor(100.0 * share),
             rest);
}

/* Finished jobs, and the shares done of those that run. */
static double work_done(const struct session *session, int finished)
{
    struct job_pool *pool = session_pool((struct session *)session);
    double done = finished;
    for (int k = 0; k < job_pool_count(pool); k++) {
        const struct job *job = job_pool_at(pool, k);
        if (job && job_state(job) == JOB_RUNNING && !session_job_reads(session, job))
            done += job_fraction(job);
    }
    return done;
}

void progress_line_draw(struct progress *progress, const struct session *session)
{
    double now = clock_now(), first = progress->reader ? read_after : first_after, again = progress->reader ? read_after : redraw_after;
    if (!progress->terminal || now - progress->began < first || now - progress->drawn < again)
        return;
    int finished, total;
    double eta;
    char words[96];
    struct reading_progress reading;
    session_progress(session, &finished, &total, &eta);
    if (session_reading(session, &reading))
        snprintf(words, sizeof words, "reading %.40s: %d frame%s so far, %d %%", reading.set, (int)reading.frames,
                 reading.frames == 1 ? "" : "s", (int)(100 * reading.fraction));
    else
        progress_words(work_done(session, finished), total, eta, words, sizeof words);
    progress->drawn = now;
    if (progress->reader) {
        fprintf(stderr, "%s\n", words);
        return;
    }
    int width, height;
    terminal_size(STDERR_FILENO, &width, &height);
    fprintf(stderr, "\r\033[K%.*s", width > 1 ? width - 1 : 0, words);
    if (width > (int)strlen(words) + 20)
        fputs("  (Ctrl-C cancels)", stderr);
    fflush(stderr);
    progress->shown = true;
}

void progress_erase(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = false;
    if (!progress->reader) /* or many short jobs would never be told of */
        progress->began = clock_now();
}
