/* Results that one job makes of many frames, kept by what they were asked for. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_DERIVE_H
#define APP_DERIVE_H

#include "app/keep.h"
#include "app/session.h"

/* What a job is given and what it makes, both owned by the session afterwards. */
typedef isd_status derive_fn(void *input, isd_control *control, void **ret_output, isd_error *err);

/* An output as numbers for the store, and back; unpack: NULL where they are none (or no memory). pack: *ret_numbers is the caller's. */
typedef isd_status derived_pack_fn(const void *output, double **ret_numbers, size_t *ret_n, isd_error *err);
typedef void *derived_unpack_fn(const double *numbers, size_t n);

struct derivation {
    const char *key;   /* all that determines the result, besides the frames of the current set; copied */
    const char *label; /* for people */
    derive_fn *run;
    job_free_fn *free_input, *free_output;
    double priority; /* of the job; ASK_BATCH unless said */
    /* How it is kept on disk; pack NULL: it is not. */
    enum keep_kind kind;
    const struct structure *structure;
    derived_pack_fn *pack;
    derived_unpack_fn *unpack;
};

/* What is known of it, in memory or from a store: ASK_READY with the output (borrowed while the data and the system stay), ASK_PENDING with
 * *ret_asked saying whether a job is under way, ASK_FAILED. */
enum ask derived_find(struct session *session, const struct derivation *derivation, const void **ret_output, bool *ret_asked, isd_error *err);
/* Submits the job; takes the input over, on failure too. */
enum ask derived_ask(struct session *session, const struct derivation *derivation, void *input, isd_error *err);

/* For the session: is this job one of these? Then it is taken in. Forget all results, at once or when their jobs end. */
bool derived_take_in(struct session *session, struct job *job);
void derived_drop(struct session *session);
void derived_drop_set(struct session *session, int32_t set); /* of one set, by id */

#endif
