/* The inside of a session, for src/app alone. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_STATE_H
#define APP_STATE_H

#include "app/session.h"
#include "app/shown.h"
#include "model/print.h"
#include "model/result.h"

#define SESSION_MAX_SETS 512

struct dataset {
    char name[64];
    int32_t id;           /* from 1, as long as it is open; no other set of the session ever has it */
    int kept;             /* of its store, see keep_inside.h */
    struct frame_set *frames;
    double dt, T, p, t_w; /* NaN: not given */
    char units[16];       /* "" when not given */
    bool is_state;
    bool checksum_wrong;  /* in some frame */
    char label[ISD_MAX_TYPES + 1][ISD_LABEL_SIZE]; /* from types= */
    char element[ISD_MAX_TYPES + 1][ISD_LABEL_SIZE]; /* as the first frame names them */
    int natural_dimension; /* 2 if every z of frame 0 is equal, else 3 */
    int32_t n;            /* frames taken in: while it is read more may be there already */
    bool named;           /* by as=, or once it is one of the session's */
    bool cut;             /* reading ended before its time */
    int64_t *step;        /* [n], meaningful if has_steps: no frame without */
    double *file_time;    /* [n] ITEM: TIME, the same with has_times */
    bool has_steps, has_times;
    double *time;         /* [n] in the time unit in force */
    struct frame_times times;
    bool time_told;       /* the line about unknown times was said */
    double *default_tw;   /* [n_default_tw] of series_default_tw once they were asked for; NULL: not known of these times */
    int32_t n_default_tw;
};

/* A frame as the session sees it (dimension, boundary), not loaded yet: jobs load theirs when they run, so that waiting ones
 * hold no frames. */
struct frame_want {
    struct frame_set *frames; /* a reference; NULL: nothing is wanted */
    int32_t k;
    int dim;
    bool boundary_set, periodic[3];
};

/* What determines a computed thing. Filled after zeroing, compared as bytes. */
enum entry_kind { ENTRY_QUENCH = 1, ENTRY_MATCH, ENTRY_GR, ENTRY_ENERGY, ENTRY_FIDELITY };
struct entry_key {
    int32_t kind, set /* its id */, a, b, is, blind, order_is_id, drift_remove, bins, method, other_method;
    int32_t like_script, affine, align, type, choice, brief, phases; /* an even number in all: no padding */
    double max, ftol, etol, eps;
    int64_t max_iterations;
};

struct entry {
    struct entry_key key;
    struct entry *next; /* in its bucket */
    enum ask state;
    isd_error err;      /* ASK_FAILED */
    struct job *job;    /* while pending */
    bool dropped;       /* nobody wants it any more: freed when its job arrives */
    unsigned round;     /* of results that it arrived in, see session->told */
    struct quenched quenched;
    struct match *match;
    struct gr_counts *gr;
    struct frame_energy energy;
};

#define SESSION_BUCKETS 65536 /* few entries each, when there are all pairs of thousands of frames */
#define SESSION_INTERRUPTED 4 /* quenches kept to go on with: some 300 bytes an atom each */

/* Frames asked for last: what session_frame has lent. */
struct held_frame {
    int32_t set; /* its id */
    int32_t k;
    const isd_snapshot *snapshot; /* NULL: none */
};

struct message {
    struct message *next;
    char text[];
};

struct opening; /* opening.h */

/* A quench that was cancelled, and where it can go on. */
struct interrupted {
    struct entry_key key;
    isd_checkpoint checkpoint;
};

struct session {
    struct job_pool *pool;
    struct dataset *set[SESSION_MAX_SETS];
    int n_sets, current;
    int32_t last_set_id;
    bool keep_checksum; /* open files whose checksum alone is wrong */
    struct open_queue *open_queue; /* of an `open` under way that opens several things, or NULL */
    bool background;    /* opening has its answer with the first frame */
    struct frame_cache *cache;
    struct opening *opening; /* sets being read */
    struct held_frame held[SESSION_FRAMES_HELD]; /* the one asked for last first */
    struct system_settings system;
    isd_quench_options quench;   /* the settings in force: ftol NaN means the default of the units */
    isd_potential *potential;    /* built when first needed */
    int potential_types;
    struct entry *bucket[SESSION_BUCKETS];
    bool in_row;        /* matchings that are to be made are gathered here */
    struct work *row;
    struct message *first_message, *last_message;
    char *shown_message;
    unsigned arrivals;  /* how often finished jobs were taken in */
    unsigned told;      /* results of later rounds are still on their way to the disk: nobody is told of them */
    bool untold;        /* there are such */
    int jobs_done, jobs_submitted; /* since the queue was last empty */
    double batch_start;
    struct result **shown; /* what was shown last */
    int n_shown, shown_size;
    bool shown_is_old;
    paint_fn *paint; /* or NULL */
    struct derived *derived, *derived_dropped; /* results of many frames, see derive.h; those nobody wants any more */
    struct trace **trace; /* [n_traces] */
    int n_traces;
    struct point *point; /* [n_points] from tables */
    int n_points;
    char **choice; /* [n_choices] choices of atoms by number, see choice.h */
    int n_choices;
    const struct dataset *demo; /* the set that comes with the program, NULL: not open */
    struct tour *tour; /* the lesson under way, see tour.h; NULL: none yet */
    struct keep *keep; /* what goes to disk; NULL: nothing */
    struct demos *demos; /* see demos.h; NULL: none was asked for */
    struct interrupted interrupted[SESSION_INTERRUPTED];
    int next_interrupted; /* slot that the next one goes to */
    struct print_buffer trail; /* see trail.h */
};

/* job_submit, counted: the counters of progress begin anew once all that was submitted has arrived. */
isd_status session_submit(struct session *session, const char *label, double priority, job_run_fn *run, job_free_fn *release, void *arg,
                          struct job **ret_job, isd_error *err);
struct dataset *session_current(const struct session *session); /* NULL without data */
struct dataset *session_set_of_id(const struct session *session, int32_t id); /* NULL: it is closed, or not shown yet */
/* Frame k of the current set as it is seen now. Checks what can be checked without loading it: that it exists, and that its box
 * bears the dimension. */
isd_status session_want_frame(const struct session *session, int32_t k, struct frame_want *ret_want, isd_error *err);
/* The frame, a reference; nothing if nothing is wanted. Any thread. */
isd_status frame_want_load(const struct frame_want *want, const isd_snapshot **ret_snapshot, isd_error *err);
void frame_want_done(struct frame_want *want);
/* Give back the frames that are lent. */
void session_forget_frames(struct session *session);
/* Forget what was computed of the frames k < n of a set (its id) with changed[k]; changed NULL: of all of the set's. */
void session_drop_frames(struct session *session, int32_t set, const bool *changed, int32_t n);
void session_drop_entries(struct session *session);
void session_forget_shown(struct session *session);
void dataset_free(struct dataset *set);
/* Numbers, steps and times of the frames that have been read so far; and what the first of them says. */
isd_status dataset_take_frames(const struct session *session, struct dataset *set, isd_error *err);
isd_status dataset_read_first(struct dataset *set, isd_error *err);
/* opening.c: false if the job is none of its own. */
bool opening_take_in(struct session *session, struct job *job);
void openings_give_up(struct session *session); /* their jobs are cancelled besides */
void openings_free(struct session *session);
/* No more is read of it. True: a job still does, and the set is freed when that ends. */
bool opening_leave(struct session *session, struct dataset *set);
/* Times of a set by the dt in force. */
void dataset_update_times(const struct session *session, struct dataset *set);

#endif
