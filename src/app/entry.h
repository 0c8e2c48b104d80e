/* What a session has computed or is computing, by key. Inside of the session. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_ENTRY_H
#define APP_ENTRY_H

#include "app/state.h"
#include "app/work.h"

struct entry *entry_find(const struct session *session, const struct entry_key *key); /* NULL: nothing */
/* A new one, pending; NULL: out of memory. The key must not be there yet. */
struct entry *entry_add(struct session *session, const struct entry_key *key, isd_error *err);
/* What is known of a key, its job (if any) raised to this priority; ASK_PENDING with *ret_entry = NULL: nothing, make it. */
enum ask entry_look_up(struct session *session, const struct entry_key *key, double priority, struct entry **ret_entry,
                       isd_error *err);
/* The work is taken over and becomes a job; a new entry of this key, or one that is there, then waits for it. */
enum ask entry_submit(struct session *session, const struct entry_key *key, struct work *work, job_run_fn *run, const char *label,
                      double priority, isd_error *err);
enum ask entry_submit_for(struct session *session, struct entry *entry, struct work *work, job_run_fn *run, const char *label,
                          double priority, isd_error *err);

#endif
