/* demo five and demo quench: atoms before and after, and how a liquid slides into its inherent structure. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_DEMO_FILM_H
#define APP_DEMO_FILM_H

#include "app/demo_loop.h"
#include "app/demo_shells.h"
#include "app/demos.h"

/* Two frames of a demo and their match. */
struct demo_pair {
    int32_t a, b;        /* frames of the set */
    struct match *match; /* holds both as matched */
    struct demo_loop loop;
};

/* A demo that is a set of frames too, so that all views can show it. */
struct demo_film {
    enum demo_kind kind;
    uint64_t seed;
    int32_t n, n_frames;
    char set[64];        /* the name of its set */
    bool opened;
    char *text;          /* the set as a LAMMPS dump, which the session reads from here */
    size_t length;
    struct demo_pair pair[2];
    int n_pairs;
    /* of DEMO_QUENCH: how frame pair[0].a became its inherent structure */
    isd_box box;
    int32_t *type;       /* [n] */
    int n_steps;         /* the start and every iteration */
    double *energy;      /* [n_steps] per atom */
    double *fmax;        /* [n_steps] */
    double *position;    /* [n_steps * 3n] */
    bool converged;
    int32_t led;         /* of struct demo_liquid */
    int step;            /* what is looked at: 0 ... n_steps - 1, then the stages */
    struct demo_shells shells; /* of frame pair[0].a as it is */
    int shell;           /* how many of them are counted: what demo shells looks at */
};

/* After the last step, one after the other. */
enum demo_stage { DEMO_SLIDES, DEMO_LABELLED, DEMO_MATCHED, DEMO_LOOP };
enum demo_stage demo_film_stage(const struct demo_film *film);
/* "+1", "-10", "first", "last" or "stage" (the next stage), from where it is; cut at the ends. ISD_USAGE: none of these. */
isd_status demo_film_go(struct demo_film *film, const char *word, isd_error *err);

/* The same for the shells: +N, -N, first or last. */
isd_status demo_film_go_shell(struct demo_film *film, const char *word, isd_error *err);
/* Has all of it been seen, of a film the way down, of shells each one? */
bool demo_film_at_end(const struct demo_film *film, enum demo_kind kind);

/* Made from nothing but the seed: n counts in demo quench alone. Errors are those of the potential, quench and match. */
isd_status demo_film_make(enum demo_kind kind, int32_t n, uint64_t seed, isd_control *control, struct demo_film **ret_film, isd_error *err);
void demo_film_free(struct demo_film *film);

/* demo five, demo quench, demo shells: made by a job where it is not there yet, opened as a set, given as a result (for each pair). */
enum ask demo_film_run(struct session *session, struct demos *demos, enum demo_kind kind, const struct command_call *call,
                       const struct command_sink *sink, isd_error *err);

#endif
