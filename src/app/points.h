/* delta, moduli and distances of every state (T, p) and waiting time. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_POINTS_H
#define APP_POINTS_H

#include "app/session.h"

enum point_column {
    POINT_DELTA, POINT_G1, POINT_G2, POINT_D_MIN, POINT_BLIND, POINT_DIRECT, POINT_DIRECT_BLIND, POINT_RMSD_IS, POINT_RMSD, POINT_JUMP,
    POINT_JUMP_RAW, POINT_R0, POINT_COLUMNS
};

struct point {
    double T, p, t_w; /* NaN: not known */
    char name[64];    /* of the set, the trace or the table it comes from */
    int cycles, pairs;  /* of the traces and of the sets in it; 0: none */
    int weight[POINT_COLUMNS]; /* cycles or pairs behind a value; 0: a table says it, or nobody */
    double value[POINT_COLUMNS], se[POINT_COLUMNS]; /* NaN: not known */
};

/* "delta", "d_min" ...: the keys of output and of tables; what others call it, or NULL. */
const char *point_column_name(enum point_column column);
const char *point_column_other(enum point_column column);
/* Its column, or -1. */
int point_column_find(const char *name);
/* Lengths are divided by r0 where laws are fitted. */
bool point_column_is_length(enum point_column column);

/* "T = 0.5", "T = 0.5, p = 1", "T unknown": for messages. Returns out. */
const char *point_state_words(double T, double p, char out[64]);

/* Of T, p and t_w: equal to 1e-9, or both not known. */
bool same_or_unknown(double a, double b);

struct point_table {
    struct point *point; /* sorted by T, p, t_w */
    int n;
    int unconverged;
    bool certified;
};

struct points_request {
    double T, p;    /* of these states alone; NaN: all */
    int skip;       /* cycles left out at the start of traces */
    bool slope;     /* a drift of the stress beside the constant */
    bool affine;    /* unequal boxes: pairs in their mean cell, else refused */
    bool distances; /* false: traces and tables alone, nothing is quenched or matched */
};

/* What traces, sets and opened tables say, joined where T, p and t_w agree. A set belongs to a point if its T and p are those of the
 * point, and its t_w is or is not said and frames that far apart exist. Sets whose tw is said make points of their own. Several traces of one
 * point are averaged by their cycles, several sets by their pairs; what a table says goes before both, and inherent structures that are
 * open (state=is) before those that would have to be quenched. Errors: of delta and moduli the
 * jackknife, of averages over pairs the jackknife over frames. What does not fit together is said in messages. */
enum ask session_points(struct session *session, const struct points_request *request, struct point_table *ret_table, isd_error *err);
void point_table_done(struct point_table *table);

/* Does the name end as that of a table does, in .csv or .tsv? */
bool path_is_table(const char *path);

/* A table from elsewhere: columns delta, d_min (or D_min), T, p, t_w (or tw) and any of the others by their names, errors as se_NAME; in
 * any order. Adds its rows; columns that it does not know are named in a message. ISD_DATA: no column that is known beside T, p and t_w, two of
 * one name, words or a negative error in one that is known. */
isd_status session_points_open(struct session *session, const char *path, isd_error *err);
/* The same of a text in memory; rows that a table of that name gave before are replaced. */
isd_status session_points_open_text(struct session *session, const char *name, const char *text, isd_error *err);

#endif
