/* What is looked at: waiting time, pair, species, structure; and the p(u) that follows. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the prompt and the full screen, so that step, goto, type, of and their kin mean the same in both. Results
 * that are there already are used, others are asked for; nothing waits. */
#ifndef APP_SIGHT_H
#define APP_SIGHT_H

#include "app/command.h"

enum sight_show { SIGHT_BOTH, SIGHT_LABELLED, SIGHT_MATCHED };

struct sight {
    struct session *session;
    /* chosen by commands */
    bool raw;          /* frames as they are instead of inherent structures */
    bool raw_forced;   /* raw because no interactions are known; ends when they are */
    bool blind, average;
    bool log_x, log_y;
    bool paused;       /* after a cancel: nothing is asked for until something else is looked at */
    int type;          /* 0: all */
    enum sight_show show;
    int bins;          /* 0: by the number of atoms */
    double u;          /* the cursor; NaN: none yet */
    bool custom;       /* a pair named by hand */
    struct frame_pair pair; /* the one looked at; meaningful if n_frames > 1 */
    int tw_at, pair_at;/* -1: none */
    /* follows from the set */
    int set;           /* which one this is made for; -1: none */
    int32_t n_frames;  /* 1 while the set is still being read */
    int starts;        /* how often it began anew: not when a set has only grown */
    const double *time;/* of the set when this was made: another array or time step, another list */
    double dt;
    double *tw;        /* [n_tw] ascending */
    int32_t n_tw;
    struct frame_pair *pairs; /* [n_pairs] those of the current t_w */
    int32_t n_pairs;
};

void sight_init(struct sight *sight, struct session *session);
void sight_done(struct sight *sight);
/* `to` looks at what `from` looked at, which is empty then. NULL on either side: nothing happens. */
void sight_move(struct sight *to, struct sight *from);
/* Follows the session's data: to be called after commands and before looking. */
isd_status sight_update(struct sight *sight, isd_error *err);

/* Is the command about waiting times or pairs of a set that is still being read? */
bool sight_must_wait(const struct sight *sight, const struct command_call *call);

enum sight_outcome { SIGHT_NOT_MINE, SIGHT_CHANGED, SIGHT_REFUSED };
/* Runs step tw|pair|u, goto, show, type, species, of, bins, axis, average; anything else: SIGHT_NOT_MINE. */
enum sight_outcome sight_command(struct sight *sight, const struct command_call *call, isd_error *err);

#define SIGHT_BINS 200    /* most bins shown, and those of the fine counts */
#define SIGHT_GR_BINS 160

/* Everything the p(u) view shows. Plain data. */
struct sight_pu {
    enum ask state;       /* READY: all that was asked for is here */
    isd_error err;        /* FAILED */
    int pairs, ready;     /* averaged over `ready` of `pairs` so far */
    double max;           /* right end of u and r */
    int bins;
    bool has_labelled;
    double u[SIGHT_BINS], labelled[SIGHT_BINS], matched[SIGHT_BINS]; /* [bins] p(u) */
    double fine_labelled[SIGHT_BINS], fine_matched[SIGHT_BINS];     /* counts in SIGHT_BINS bins of 0 ... max */
    double beyond_labelled, beyond_matched; /* shares above max */
    double atoms;         /* counted, over all pairs */
    double d_lab, d_min;  /* mean over the pairs, all species; d_lab NaN without labels */
    int unconverged, uncertified;
    bool has_gr;
    double r[SIGHT_GR_BINS], g[SIGHT_GR_BINS];
    double peak_r, peak_g;/* NaN without a peak */
};

/* Asks for what is looked at (ASK_LOOK) and adds up what is there; never waits. */
void sight_pu(struct sight *sight, struct sight_pu *ret_pu);
/* The match of the pair looked at, and its two structures (borrowed). */
enum ask sight_match(struct sight *sight, const struct match **ret_match, const isd_snapshot **ret_a,
                    const isd_snapshot **ret_b, isd_error *err);
/* D_min of the first pair of each t_w (values [n_tw], NaN where not known yet), asked for with ASK_BATCH; returns how many
 * are known. */
int sight_tw_values(struct sight *sight, double *values);
/* p(u) at u of what is shown, NaN outside; and g(r). */
double sight_value(const double *values, int bins, double max, double u);

#endif
