/* Results that one job makes of many frames, kept by what they were asked for. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_DERIVE_H
#define APP_DERIVE_H

#include "app/session.h"
#include "app/state.h"

/* What a job is given and what it makes, both owned by the session afterwards. */
typedef isd_status derive_fn(void *input, isd_control *control, void **ret_output, isd_error *err);

struct derivation {
    const char *key;   /* all that determines the result, the set and its frames included; copied */
    const char *label; /* for people */
    derive_fn *run;
    job_free_fn *free_input, *free_output;
    double priority; /* of the job; ASK_BATCH unless said */
};

/* What is known of a key: ASK_READY with the output (borrowed while the data and the system stay), ASK_PENDING with *ret_asked saying
 * whether a job is under way, ASK_FAILED. */
enum ask derived_find(struct session *session, const char *key, const void **ret_output, bool *ret_asked, isd_error *err);
/* Submits the job; takes the input over, on failure too. */
enum ask derived_ask(struct session *session, const struct derivation *derivation, void *input, isd_error *err);

/* For the session: is this job one of these? Then it is taken in. Forget all results, at once or when their jobs end. */
bool derived_take_in(struct session *session, struct job *job);
void derived_drop(struct session *session);

#endif
