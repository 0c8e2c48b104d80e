/* What the demos show: small models that the program makes itself. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A demo is made by the command `demo`, stays in the session and is drawn by whoever shows it. The same seed gives the same numbers;
 * whatever is said of a matching is the program's own, with its certificate. */
#ifndef APP_DEMOS_H
#define APP_DEMOS_H

#include "analysis/ring_model.h"
#include "app/command.h"
#include "app/session.h"

/* The shells are counted in the first frame of a film of DEMO_QUENCH. */
enum demo_kind { DEMO_NONE, DEMO_RING, DEMO_FIVE, DEMO_QUENCH, DEMO_SHELLS };

/* `demo 1d`: the model of one dimension, and what somebody has paired by hand. */
struct demo_ring {
    struct ring_model model;
    uint64_t seed;
    int hand[RING_MODEL_MOST]; /* [n] the point after that each one before is paired with, -1: none yet */
    bool hidden;               /* the optimum is not to be seen before all are paired by hand */
};

struct demo_film; /* app/demo_film.h */

struct demos {
    enum demo_kind kind; /* the one shown last */
    unsigned news;       /* counted up whenever a demo is made or changed */
    struct demo_ring ring;
    struct demo_film **film; /* [n_films] all that were made: sets are read from them */
    int n_films;
    struct demo_film *shown; /* of these, the one of DEMO_FIVE, DEMO_QUENCH or DEMO_SHELLS shown last; NULL: none yet */
};

/* Those of the session; NULL: none was asked for yet. */
const struct demos *session_demos(const struct session *session);
/* The same, made where there are none; NULL: out of memory. */
struct demos *session_make_demos(struct session *session);
void demos_free(struct demos *demos);

/* The film of a kind, size and seed; NULL: not made yet. */
struct demo_film *demos_find(const struct demos *demos, enum demo_kind kind, int32_t n, uint64_t seed);
/* Takes it over, on failure too. */
isd_status demos_add(struct demos *demos, struct demo_film *film, isd_error *err);

/* How many are still without a partner. */
int demo_ring_free(const struct demo_ring *ring);
/* May the optimum be seen? */
bool demo_ring_shows_optimum(const struct demo_ring *ring);

/* The words behind `demo 1d`, and its options: made anew where seed= or n= say so or there is none, changed, given as a result. */
enum ask demo_ring_run(struct demos *demos, const struct command_call *call, const struct command_sink *sink, isd_error *err);

#endif
