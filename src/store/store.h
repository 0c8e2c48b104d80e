/* The session store: computed results in one SQLite file. Main thread only. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows are queued by store_put_... and written by store_commit, all in one transaction: what it has returned ISD_OK for is
 * acknowledged, and survives kill and power loss. A row that is there already changes nothing, so a repeat is harmless. Where
 * writing fails the rows stay queued, and the next store_commit tries again. Reading never fails loudly: what cannot be read is
 * not there, and is computed again. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>

#include "store/record.h"

struct store;

enum store_place {
    STORE_PLACE_ASK,   /* by the file system, see store_place_of */
    STORE_PLACE_LOCAL, /* journal: WAL, synced at every commit */
    STORE_PLACE_SHARED /* a file system of several hosts, or one not known: rollback journal, one program at a time */
};

/* Where ISD_IO would be the answer of store_open: open without a file, noted; each commit tries again. */
enum store_patience { STORE_IMPATIENT, STORE_PATIENT_IF_IT_MAY_PASS /* another program has it, the disk is full or fails */, STORE_PATIENT };

struct store_options {
    const char *vfs; /* SQLite's name of a file layer, for tests; NULL: its own */
    enum store_place place;
    int busy_milliseconds; /* how long to wait for another program; 0: 2000 */
    bool own_folder;       /* what lies in the way there is set aside even where it was never a store */
    enum store_patience patience;
};

/* Something people should read, one sentence. */
typedef void store_note_fn(void *arg, const char *text);

/* Opens or makes the file (its folder must be there). A damaged store is renamed to PATH.damaged-N, noted, and a new one made.
 * Refused (ISD_UNSUPPORTED): one that a newer program made; (ISD_DATA): a file that is no store and may not be set aside;
 * (ISD_IO): no permission, or another program has it for itself. Where the file can be read but not written the store
 * is opened for reading, noted, and commits fail. note is kept and called later, too. */
isd_status store_open(const char *path, const struct store_options *options, store_note_fn *note, void *note_arg,
                      struct store **ret_store, isd_error *err);
/* Without a commit: rows still queued are lost. */
void store_close(struct store *store);

const char *store_path(const struct store *store);
bool store_can_write(const struct store *store);
const char *store_journal(const struct store *store); /* "wal", "delete"; "none" when only reading */

/* --- writing. Structs are copied; blobs are taken over and cleared, on failure too (ISD_MEMORY). --- */
/* Rows that follow belong to this set until another is named. */
isd_status store_put_set(struct store *store, const struct store_set *set, isd_error *err);
isd_status store_put_structure(struct store *store, const struct store_structure *row, struct store_structure_arrays *arrays,
                               isd_error *err);
/* Where the numbers are there without arrays, and arrays come, all of the row is replaced. */
isd_status store_put_matching(struct store *store, const struct store_matching *row, struct store_matching_arrays *arrays,
                              isd_error *err);
isd_status store_put_result(struct store *store, struct store_result *row, isd_error *err);
isd_status store_put_set_result(struct store *store, struct store_set_result *row, isd_error *err);
/* A remark on the set that rows belong to, and what it is about, in words. */
isd_status store_put_note(struct store *store, const char *place, const char *text, int64_t at, isd_error *err);
isd_status store_put_setting(struct store *store, const char *name, const char *value, isd_error *err);
isd_status store_put_command(struct store *store, int64_t session, int64_t at, const char *command, bool done, isd_error *err);
/* Restart points of a compressed file, see `files` in the schema; replaces what was there. */
isd_status store_put_points(struct store *store, const char *path, int64_t bytes, int64_t modified, const char *sum,
                            struct store_blob *points, isd_error *err);

isd_status store_commit(struct store *store, isd_error *err);
int store_waiting(const struct store *store); /* results and notes queued; settings and the log do not count */

/* --- reading: false: not there. Blobs are the caller's. --- */
bool store_get_structure(struct store *store, const struct hash128 *key, struct store_structure *ret_row);
bool store_get_structure_arrays(struct store *store, const struct hash128 *key, struct store_structure_arrays *ret_arrays);
bool store_get_matching(struct store *store, const struct hash128 *key, struct store_matching *ret_row);
bool store_get_matching_arrays(struct store *store, const struct hash128 *key, struct store_matching_arrays *ret_arrays);
bool store_get_result(struct store *store, const struct hash128 *key, struct store_blob *ret_value);
bool store_get_set_result(struct store *store, const struct hash128 *key, size_t *ret_n, struct store_blob *ret_value);
/* All notes, oldest first. */
typedef void store_note_row_fn(void *arg, const char *place, const char *text);
void store_get_notes(struct store *store, store_note_row_fn *take, void *arg);
bool store_get_setting(struct store *store, const char *name, char *ret_value, size_t size);
bool store_get_points(struct store *store, const char *path, int64_t bytes, int64_t modified, const char *sum,
                      struct store_blob *ret_points);

/* How much is kept: of all sets, or of the frames of one with these fingerprints. */
struct store_counts {
    int64_t sets, frames, structures, matchings, results, commands;
    int64_t frames_quenched; /* frames with at least one structure */
};
bool store_count(struct store *store, struct store_counts *ret_counts);
bool store_count_frames(struct store *store, const struct hash128 *fingerprints, int32_t n, struct store_counts *ret_counts);
/* Names of the sets, separated by blanks, and when the last was opened (seconds since 1970; 0: never). */
bool store_sets(struct store *store, char *ret_names, size_t size, int64_t *ret_opened);

/* --- upkeep --- */
enum store_what { STORE_MATCHINGS, STORE_STRUCTURES /* and what was made of them */, STORE_RESULTS, STORE_LOG, STORE_ALL };
/* Deletes rows of all sets, and gives the room back; *ret_rows says how many results went. */
isd_status store_forget(struct store *store, enum store_what what, int64_t *ret_rows, isd_error *err);
/* A copy of all that is committed, and of what waits (it then waits no more), whole or not at all; refused where there is something
 * at `path`. */
isd_status store_copy(struct store *store, const char *path, isd_error *err);
/* Every page, every row (PRAGMA integrity_check); ISD_DATA with the first finding. */
isd_status store_check(struct store *store, isd_error *err);

/* --- files --- */
/* Which kind the folder of a path is on; *ret_name (may be NULL) gets its name, borrowed. */
enum store_place store_place_of(const char *path, const char **ret_name);
/* How much is in a store that is not open in this program, and the names of its sets; false: it cannot be read. */
bool store_peek(const char *path, struct store_counts *ret_counts, char *ret_names, size_t size, int64_t *ret_opened);
/* The files of the set that was opened last, absolute, one a line; freed by the caller. False: none is known. */
bool store_peek_paths(const char *path, char **ret_paths);
/* Removes a store with what belongs to it; ISD_IO where it is no store, is in use, or cannot be removed. Not one that this
 * program has open. */
isd_status store_remove(const char *path, isd_error *err);
/* Makes a folder and those above it, for this user alone (0700). */
isd_status store_make_folder(const char *path, isd_error *err);

/* The newest schema this program knows. */
int store_schema_version(void);

#endif
