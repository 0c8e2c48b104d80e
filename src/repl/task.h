/* One line of commands on its way: run again whenever a job has finished. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPL_TASK_H
#define REPL_TASK_H

#include "repl/batch.h"

struct task {
    struct task *next;
    int number;      /* in the background: 1, 2, ...; else 0 */
    char *text;      /* the line */
    long first_line; /* its number in what is read */
    struct script script;
    struct turns *turns;       /* loops that it is in, between its turns */
    struct command_call *call; /* the one that waits for results, or NULL */
    int32_t set;               /* id of the set in use when it was begun; -1: none */
};

/* Takes a copy of the text; NULL when out of memory. name: of the script, borrowed. */
struct task *task_new(const char *name, const char *text, long first_line);
void task_free(struct task *task);

/* Runs the commands of the line from where it was. ASK_READY: all done (or batch->done); ASK_FAILED: one failed, *err says why,
 * and the rest of the line is not run. */
enum ask task_run(struct task *task, struct batch *batch, isd_error *err);

/* Is there an & at the end of the line? Cuts it off. */
bool task_take_ampersand(char *line);

#endif
