/* Results between a session and its stores: keys, look-ups, records. Inside of the session. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A result is found again by a key: a sum over all that determines it, the contents of the frames and the program's version of the
 * method included. In the cache each data set has a store of its own, named by the contents of its first frame: it stays the
 * same when the file grows or is moved, what is damaged or busy is of one set alone, and opening is quick however much the
 * cache holds. A file named by the user (-s) serves all sets. */
#ifndef APP_KEEP_H
#define APP_KEEP_H

#include "app/state.h"
#include "store/store.h"

struct keep;

/* What there is to keep; their versions are in keep_key.c. */
enum keep_kind { KEEP_STRUCTURE, KEEP_MATCHING, KEEP_GR, KEEP_ENERGY, KEEP_MOTION, KEEP_SK, KEEP_VAN_HOVE, KEEP_GREEN_KUBO };

/* What a result will be kept by; made before its job is submitted, so that it holds whatever changes meanwhile. */
struct keep_tag {
    bool wanted; /* false: nothing is kept */
    enum keep_kind kind;
    int32_t set; /* its id; -1: none */
    struct store_frame a, b; /* as they are now; b = a where there is one */
    struct hash128 key;
    bool of_structures;
    struct hash128 structure[2];
    bool replace; /* what is kept by this key is damaged */
    char *words, *name; /* potential and its name, readings, or parameters; owned */
    int dimension;    /* of a structure */
    bool periodic[3]; /* of a structure */
    bool blind;       /* of a matching */
    int bins;         /* of a g(r) */
};
void keep_tag_done(struct keep_tag *tag);

void keep_free(struct keep *keep);
bool keep_is_wanted(const struct session *session);
/* Is there, or would there be, somewhere to keep results of the current set? */
bool keep_is_on(const struct session *session);
void keep_system_changed(struct session *session);
/* Says as a message how much is known of a set, where that was asked for. */
void keep_tell_known(struct session *session, struct dataset *set);
/* A set that is being read is told what is known of the file at hand, if it asks. */
void keep_answer(struct session *session, struct frame_set *frames);
/* What is known of n files of a set that is read; bytes that are kept are taken over. */
void keep_files(struct session *session, struct dataset *set, struct frame_set_known *known, int n);
/* The frames of a set are others now. */
void keep_set_changed(struct session *session, struct dataset *set);

/* Tags of results of the current set; false: out of memory, or nothing is kept (ret_tag->wanted is false then). */
bool keep_tag_structure(struct session *session, int32_t frame, const isd_quench_options *options, struct keep_tag *ret_tag);
bool keep_tag_match(struct session *session, const struct match_request *request, struct keep_tag *ret_tag);
bool keep_tag_fidelity(struct session *session, int32_t frame, const isd_quench_options *a, const isd_quench_options *b,
                       struct keep_tag *ret_tag);
bool keep_tag_gr(struct session *session, int32_t frame, const struct structure *structure, int bins, double max,
                 struct keep_tag *ret_tag);

bool keep_tag_energy(struct session *session, int32_t frame, struct keep_tag *ret_tag);
/* Of numbers made of all frames of the current set, looked at so; words: all else that determines them. */
bool keep_tag_set(struct session *session, enum keep_kind kind, const struct structure *structure, const char *words, struct keep_tag *ret_tag);
/* Of numbers made of the columns [rows] of a table. */
bool keep_tag_table(struct session *session, enum keep_kind kind, const double *const *column, int columns, int32_t rows, const char *words,
                    struct keep_tag *ret_tag);

/* Numbers of a result that is known; false: it is not. What is returned by pointer is the caller's. */
bool keep_find_structure(struct session *session, const struct keep_tag *tag, isd_quench_result *ret_result);
bool keep_find_match(struct session *session, const struct keep_tag *tag, struct match **ret_match);
bool keep_find_gr(struct session *session, const struct keep_tag *tag, struct gr_counts **ret_gr);
bool keep_find_energy(struct session *session, const struct keep_tag *tag, struct frame_energy *ret_energy); /* without forces */
bool keep_find_numbers(struct session *session, const struct keep_tag *tag, double **ret_numbers, size_t *ret_n);
/* Its arrays, packed. */
bool keep_find_positions(struct session *session, const struct keep_tag *tag, struct store_structure_arrays *ret_arrays);
bool keep_find_partners(struct session *session, const struct keep_tag *tag, struct store_matching_arrays *ret_arrays);

/* Queued; keep_commit writes. Arrays are taken over. Failures are told as messages. */
void keep_structure(struct session *session, const struct keep_tag *tag, const isd_quench_options *options,
                    const isd_quench_result *result, struct store_structure_arrays *arrays);
void keep_match(struct session *session, const struct keep_tag *tag, const struct match *match, struct store_matching_arrays *arrays);
void keep_gr(struct session *session, const struct keep_tag *tag, const struct gr_counts *gr);
void keep_energy(struct session *session, const struct keep_tag *tag, const struct frame_energy *energy);
void keep_numbers(struct session *session, const struct keep_tag *tag, const double *numbers, size_t n);
/* All that is queued, in one transaction for each store. What cannot be written stays queued and is tried again now and then. */
void keep_commit(struct session *session);
/* Where the front must not wait for the disk (session_open_in_background), a thread does that: until it is done results that were taken in
 * since are not told of. For session_collect alone: takes in what is done, after `seconds` at most; is anything still being written? */
bool keep_is_writing(struct session *session, double seconds);

/* A store that there is: in the cache, or named by the user. */
struct keep_item {
    char *path;
    bool in_cache;          /* false: the user's own file */
    bool is_open, readable; /* open by this program; else counts and sets are not known */
    int64_t bytes, opened;  /* opened: last used, seconds since 1970 */
    char sets[256];
    struct store_counts counts;
};
struct keep_listing {
    struct keep_item *item; /* [n], used last first */
    int n;
};
/* look_inside: counts and sets too. */
isd_status keep_list(const struct session *session, bool look_inside, struct keep_listing *ret_listing, isd_error *err);
/* The files that a store was made of last, one a line, freed by the caller; ISD_DATA: none, or it is no store. */
isd_status keep_paths(const char *path, char **ret_paths, isd_error *err);
bool path_is_store(const char *path);
int64_t keep_size(const char *path); /* of a store with its journals */
void keep_listing_done(struct keep_listing *listing);

/* Where the cache takes more than its limit, what was used least lately goes. keep_trim returns how many went. */
isd_status keep_set_limit(int64_t bytes, isd_error *err);
int keep_trim(struct session *session);

/* Of the current set, on disk and in memory. A whole file: removed, or emptied where we have it open. All of the cache: how many. */
isd_status keep_forget(struct session *session, enum store_what what, int64_t *ret_rows, isd_error *err);
isd_status keep_forget_file(struct session *session, const char *path, isd_error *err);
int keep_forget_cache(struct session *session);

/* The store of the current set, made if need be, or NULL; why it could not be written the last time, or NULL. Tries now. */
struct store *keep_store(struct session *session, bool make);
const isd_error *keep_problem(const struct session *session, const struct store *store);
void keep_retry(struct session *session);

/* SQL keeps no minus zero: what was computed has none either, so that it is the same bits from a store. */
void keep_plain_zeros(double *values, size_t n);

#endif
