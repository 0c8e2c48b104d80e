/* One line of commands on its way. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/task.h"

#include <stdlib.h>
#include <string.h>

struct task *task_new(const char *name, const char *text, long first_line)
{
    struct task *task = calloc(1, sizeof *task);
    if (!task)
        return NULL;
    task->text = strdup(text);
    if (!task->text) {
        free(task);
        return NULL;
    }
    task->first_line = first_line;
    task->script = (struct script){.name = name, .text = task->text, .line = first_line, .column = 1};
    return task;
}

void task_free(struct task *task)
{
    if (!task)
        return;
    command_call_free(task->call);
    turns_free(task->turns);
    free(task->text);
    free(task);
}

bool task_take_ampersand(char *line)
{
    size_t length = strlen(line);
    while (length > 0 && strchr(" \t\r\n", line[length - 1]))
        length--;
    if (length == 0 || line[length - 1] != '&' || (length > 1 && line[length - 2] == '&'))
        return false;
    line[length - 1] = '\0';
    return true;
}

/* In the background: its set was closed meanwhile, and another must not answer for it. */
static bool lost_its_set(const struct task *task, const struct session *session, isd_error *err)
{
    bool lost = (call_spec(task->call)->flags & COMMAND_NEEDS_DATA) && task->set >= 0 && session_set_with_id(session, task->set) < 0;
    if (lost)
        isd_error_set(err, ISD_USAGE, "the set it was asked of was closed");
    return lost;
}

static enum ask run(struct task *task, struct batch *batch, isd_error *err)
{
    while (!batch->done) {
        *err = (isd_error){0};
        if (!task->call) {
            if (batch_next(batch, &task->script, &task->call, err) != ISD_OK)
                return ASK_FAILED;
            if (!task->call)
                return ASK_READY;
            batch_begin(batch, task->call);
            task->set = session_current_set_id(batch->session);
        }
        enum ask answer = lost_its_set(task, batch->session, err) ? ASK_FAILED : batch_turn(batch, task->call, err);
        if (answer == ASK_PENDING)
            return ASK_PENDING;
        command_call_free(task->call);
        task->call = NULL;
        if (answer == ASK_FAILED)
            return ASK_FAILED;
    }
    return ASK_READY;
}

enum ask task_run(struct task *task, struct batch *batch, isd_error *err)
{
    batch->turns = task->turns;
    enum ask answer = run(task, batch, err);
    task->turns = batch->turns;
    batch->turns = NULL;
    return answer;
}
