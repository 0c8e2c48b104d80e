/* What is looked at: view, waiting time, pair, atom, displacement, and how; and the p(u) that follows. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the prompt and the full screen, so that step, goto, type, of and their kin mean the same in both. Results
 * that are there already are used, others are asked for; nothing waits. All views of the full screen show one sight: what one
 * of them moves, moves in all. */
#ifndef APP_SIGHT_H
#define APP_SIGHT_H

#include "app/atom_table.h"
#include "app/command.h"
#include "app/slice_look.h"

/* The views, by the names that `view NAME` knows. */
enum view_id {
    VIEW_HOME, VIEW_PU, VIEW_GR, VIEW_SLICE, VIEW_TABLE, VIEW_DTW, VIEW_SCALING, VIEW_MAP, VIEW_CYCLES, VIEW_DYNAMICS,
    VIEW_DEMO, VIEW_JOBS, VIEW_OUTPUT, VIEW_LOG, VIEW_SESSIONS, VIEW_NOTES, VIEW_HELP,
    VIEW_COUNT
};
const char *view_name(enum view_id view); /* "pu" */
int view_find(const char *name);          /* -1: none */

enum sight_show { SIGHT_BOTH, SIGHT_LABELLED, SIGHT_MATCHED, SIGHT_DIFFERENCE /* labelled minus matched */ };

/* What a view shows of its plane. */
struct view_axes {
    bool log_x, log_y;
    double x_low, x_high, y_low, y_high; /* NaN: as the data ask for */
};

/* How things are looked at: chosen by commands, taken back by `undo`. Plain data without pointers; what a new view lets people
 * choose goes here too. */
struct look {
    bool raw;          /* frames as they are instead of inherent structures */
    bool raw_forced;   /* raw because no interactions are known; ends when they are */
    bool blind, average;
    int type;          /* 0: all */
    enum sight_show show;
    bool stack;        /* curves in strips of their own */
    int bins;          /* 0: by the number of atoms */
    bool log_bins;     /* of equal width in log u, from a thousandth of the largest on */
    bool instant;      /* p(u) matched of the frames as they are beside that of inherent structures */
    struct view_axes axes[VIEW_COUNT];
    double brush_low, brush_high; /* an interval of u, low <= high; NaN: none */
    struct slice_look slice; /* of atoms, and of cycles */
    struct view_axes other_axes; /* of VIEW_SLICE: those of the slice while all atoms are seen, and the other way round */
    char law_x[24];    /* the distance of the scaling law, "": d_min */
    bool relaxation;   /* the relaxation map instead of the law */
    int n_columns;     /* of the table of atoms, column[0 ... n_columns) (enum atom_column) in this order; 0: all */
    unsigned char column[ATOM_COLUMNS];
    char sort[24];     /* of the table of atoms: "-u_lab" */
    char filter[200];  /* which of them are in the table; "": all */
    char select[200];  /* which of them are selected; "": none */
};

#define SIGHT_NO_ATOM INT64_MIN

struct sight {
    struct session *session;
    struct look look;
    enum view_id view; /* the one with the focus; of a prompt: VIEW_PU */
    bool paused;       /* after a cancel: nothing is asked for until something else is looked at */
    double u;          /* the cursor; NaN: none yet */
    int64_t atom;      /* id of the atom with the mark; SIGHT_NO_ATOM: none */
    bool u_of_atom;    /* the atom was chosen last: u is its displacement as soon as that is known */
    bool custom;       /* a pair named by hand */
    struct frame_pair pair; /* the one looked at; meaningful if n_frames > 1 */
    int tw_at, pair_at;/* -1: none */
    /* follows from the set */
    int32_t set;       /* id of the one this is made for; -1: none */
    int32_t n_frames;  /* 1 while the set is still being read */
    int starts;        /* how often it began anew: not when a set has only grown */
    unsigned news;     /* counted up whenever another p(u) is looked at: not by u, atom, axes, sort, filter, selection */
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
/* Runs step tw|pair|u, goto, show, type, species, of, bins, axis, zoom, average, stack, brush, filter, select; anything
 * else: SIGHT_NOT_MINE. */
enum sight_outcome sight_command(struct sight *sight, const struct command_call *call, isd_error *err);

/* A place to come back to: the view, and which pair of which set. Plain data. */
struct sight_place {
    enum view_id view;
    int32_t set; /* its id: another than that of any set opened later */
    bool custom, average;
    double tw;              /* NaN: none */
    struct frame_pair pair;
    int64_t atom;
};
void sight_place(const struct sight *sight, struct sight_place *ret_place);
bool sight_same_place(const struct sight_place *a, const struct sight_place *b); /* the atom does not count */
/* Goes there; ISD_DATA where it is no more (frames that are gone). The view is the caller's to show. */
isd_status sight_return(struct sight *sight, const struct sight_place *place, isd_error *err);
/* The command that leads to the same pair, as "goto tw=500 pair=0:7"; "" without data. */
void sight_place_words(const struct sight *sight, char *out, size_t size);

/* A pair named by hand; its waiting time is the nearest of the list. */
void sight_take_pair(struct sight *sight, int32_t a, int32_t b);

/* Another look, taken whole (undo, redo). */
void sight_take_look(struct sight *sight, const struct look *look);

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
    double low;           /* left end of u: 0, but of log bins */
    double u[SIGHT_BINS], labelled[SIGHT_BINS], matched[SIGHT_BINS]; /* [bins] p(u) */
    bool has_instant;
    double instant[SIGHT_BINS]; /* p(u) matched of the frames as they are */
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
/* The waiting time looked at, of a pair named by hand too; NaN: none. */
double sight_tw(const struct sight *sight);
/* The bin of p(u) that holds u, -1: none. */
int sight_bin(const struct sight_pu *pu, double u);
/* The lower edge of bin k, which is the upper one of k - 1. */
double sight_edge(const struct sight_pu *pu, int k);
/* g(r), or other values in bins of equal width, at u; NaN outside. */
double sight_value(const double *values, int bins, double max, double u);

#endif
