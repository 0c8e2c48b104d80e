/* jobs, wait, cancel. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cmd/common.h"
#include "app/cmd/groups.h"

enum ask run_jobs(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct job_pool *pool = session_pool(session);
    struct result *result = result_new("jobs", RESULT_RECORD);
    result_int(result, "threads", job_pool_threads(pool));
    result_empty_list(result, "jobs");
    for (int k = 0; k < job_pool_count(pool); k++) {
        const struct job *job = job_pool_at(pool, k);
        if (!job)
            break;
        struct result *row = result_new(NULL, RESULT_RECORD);
        result_text(row, "job", job_label(job));
        result_text(row, "state", job_state(job) == JOB_RUNNING ? "running" : job_state(job) == JOB_WAITING ? "waiting" : "done");
        result_real(row, "fraction", "", job_fraction(job));
        result_real(row, "elapsed", "s", job_elapsed(job));
        result_real(row, "eta", "s", job_eta(job));
        result_append(result, "jobs", row);
    }
    (void)call;
    return give(sink, result, err);
}

enum ask run_wait(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    (void)call;
    (void)sink;
    (void)err;
    return job_pool_count(session_pool(session)) > 0 ? ASK_PENDING : ASK_READY;
}

enum ask run_cancel(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    int n = job_pool_count(session_pool(session));
    session_cancel_all(session);
    session_message(session, "%d job%s cancelled", n, n == 1 ? "" : "s");
    (void)call;
    (void)sink;
    (void)err;
    return ASK_READY;
}
