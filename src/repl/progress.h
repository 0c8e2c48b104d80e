/* One line on standard error while work is under way. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPL_PROGRESS_H
#define REPL_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "app/session.h"

struct progress {
    bool terminal; /* standard error is one: else nothing is ever drawn */
    bool reader;   /* for a screen reader: a line of its own now and then, never one that changes */
    bool shown;
    double began, drawn; /* clock_now */
};

void progress_begin(struct progress *progress, bool reader);
/* Draws the line anew, at most four times a second and not in the first 0.3 seconds; for a reader another line every five seconds. */
void progress_line_draw(struct progress *progress, const struct session *session);
/* Takes the line away; the cursor stands where it began. */
void progress_erase(struct progress *progress);

/* "12 of 40 jobs, 31 %, ETA 0:42": done counts finished jobs and shares of running ones; eta in seconds, NaN: left out. */
void progress_words(double done, int total, double eta, char *out, size_t size);

#endif
