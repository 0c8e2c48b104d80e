/* The inside of a session, for session.c, dataset.c and ask.c only. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_STATE_H
#define APP_STATE_H

#include "app/session.h"
#include "model/result.h"

#define SESSION_MAX_SETS 64

struct dataset {
    char name[64];
    struct frame_set *frames;
    double dt, T, p, t_w; /* NaN: not given */
    char units[16];       /* "" when not given */
    bool is_state;
    bool checksum_wrong;  /* in some frame */
    char label[ISD_MAX_TYPES + 1][ISD_LABEL_SIZE]; /* from types= */
    char element[ISD_MAX_TYPES + 1][ISD_LABEL_SIZE]; /* as the first frame names them */
    int natural_dimension; /* 2 if every z of frame 0 is equal, else 3 */
    int32_t n;
    int64_t *step;        /* [n], or NULL where a frame has none */
    double *file_time;    /* [n] ITEM: TIME, or NULL where a frame has none */
    double *time;         /* [n] in the time unit in force */
    struct frame_times times;
    bool time_told;       /* the line about unknown times was said */
    const isd_snapshot **frame; /* [n] as the session sees them (dimension, boundary), or NULL until asked for */
};

/* What determines a computed thing. Filled after zeroing, compared as bytes. */
enum entry_kind { ENTRY_QUENCH = 1, ENTRY_MATCH, ENTRY_GR, ENTRY_ENERGY, ENTRY_FIDELITY };
struct entry_key {
    int32_t kind, set, a, b, is, blind, order_is_id, drift_remove, bins, method, other_method;
    int32_t like_script, affine, align, type, choice, brief, even; /* an even number in all: no padding */
    double max, ftol, etol, eps;
    int64_t max_iterations;
};

struct energy_output {
    isd_energy energy;
    double *force;
};

struct entry {
    struct entry_key key;
    struct entry *next; /* in its bucket */
    enum ask state;
    isd_error err;      /* ASK_FAILED */
    struct job *job;    /* while pending */
    bool dropped;       /* nobody wants it any more: freed when its job arrives */
    struct quenched quenched;
    struct match *match;
    struct gr_counts *gr;
    struct energy_output energy;
};

#define SESSION_BUCKETS 4096

struct message {
    struct message *next;
    char text[];
};

struct session {
    struct job_pool *pool;
    struct dataset *set[SESSION_MAX_SETS];
    int n_sets, current;
    bool keep_checksum; /* open files whose checksum alone is wrong */
    struct system_settings system;
    isd_quench_options quench;   /* the settings in force: ftol NaN means the default of the units */
    isd_potential *potential;    /* built when first needed */
    int potential_types;
    struct entry *bucket[SESSION_BUCKETS];
    struct message *first_message, *last_message;
    char *shown_message;
    int jobs_done, jobs_submitted; /* since the queue was last empty */
    double batch_start;
    struct result **shown; /* what was shown last */
    int n_shown, shown_size;
    bool shown_is_old;
    struct trace **trace; /* [n_traces] */
    int n_traces;
    struct point *point; /* [n_points] from tables */
    int n_points;
    char **choice; /* [n_choices] choices of atoms by number, see choice.h */
    int n_choices;
};

struct dataset *session_current(const struct session *session); /* NULL without data */
/* Forget the frames as seen and everything computed from them. */
void session_forget_frames(struct dataset *set);
void session_drop_entries(struct session *session);
void session_forget_shown(struct session *session);
void dataset_free(struct dataset *set);
/* Times of a set by the dt in force. */
void dataset_update_times(const struct session *session, struct dataset *set);

#endif
