/* Pairs of atoms that sit where their force jumps. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/pins.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pot/potential.h"
#include "quench/near.h"

/* In sizes of an atom. */
#define WIDTH 1e-6    /* over which a jump takes place */
#define NEAR 1e-4     /* to the cutoff: pairs that are looked at; what rolls to and fro over a kink passes it at some distance */
#define BESIDE 1e-10  /* from the cutoff, to either side, forces are taken for their limits */

#define MOST_GROUPS 8 /* of pairs that share no atom, measured together */

static double pair_cutoff(const struct quench_state *state, int32_t i, int32_t j)
{
    const isd_potential *p = state->potential;
    return p->cutoffs ? p->cutoffs[(state->type[i] - 1) * p->n_types + state->type[j] - 1] : p->cutoff;
}

/* d from j to i, its length. */
static double way(const struct quench_state *state, const double *x, int32_t i, int32_t j, double d[3])
{
    const double *a = x + 3 * (size_t)i, *b = x + 3 * (size_t)j;
    for (int q = 0; q < 3; q++) {
        d[q] = a[q] - b[q];
    }
    return sqrt(isd_lattice_shortest(&state->lattice, d));
}

void pins_done(struct pins *pins)
{
    free(pins->pin);
    *pins = (struct pins){0};
}

static bool pins_push(struct pins *pins, struct pin pin)
{
    if (pins->n == pins->room) {
        const int32_t room = pins->room < 8 ? 16 : 2 * pins->room;
        struct pin *more = realloc(pins->pin, (size_t)room * sizeof *more);
        if (!more) {
            return false;
        }
        pins->pin = more;
        pins->room = room;
    }
    pins->pin[pins->n++] = pin;
    return true;
}

void pins_tape(struct pins *pins, size_t n3, struct quench_tape *tape)
{
    int32_t n = pins->n;
    TAPE(tape, n);
    for (int32_t k = 0; k < n && !tape->bad; k++) {
        struct pin pin = tape->reading ? (struct pin){0} : pins->pin[k];
        TAPE(tape, pin.i);
        TAPE(tape, pin.j);
        TAPE(tape, pin.at);
        TAPE(tape, pin.jump);
        if (tape->reading) {
            tape->bad = tape->bad || pin.i < 0 || pin.j < 0 || 3 * (size_t)pin.i >= n3 || 3 * (size_t)pin.j >= n3 ||
                        !pins_push(pins, pin);
        }
    }
}

/* --- the force --- */

/* The share of the jump that is left. */
static double share_of(const struct quench_state *state, const struct pin *pin, double r)
{
    const double t = 1 - (r - pin->at) / (WIDTH * state->length);
    return r >= pin->at && t > 0 ? t : 0; /* inside, it is in the force already */
}

static void push(double *f, const struct pin *pin, const double *d, double force)
{
    for (size_t q = 0; q < 3; q++) {
        f[3 * (size_t)pin->i + q] += force * d[q];
        f[3 * (size_t)pin->j + q] -= force * d[q];
    }
}

void pins_add(const struct quench_state *state, const double *x, double *f)
{
    for (int32_t k = 0; k < state->pins.n; k++) {
        const struct pin *pin = &state->pins.pin[k];
        double d[3];
        const double r = way(state, x, pin->i, pin->j, d), share = share_of(state, pin, r);
        if (share > 0) {
            push(f, pin, d, share * pin->jump / r);
        }
    }
}

double pins_stiffness(const struct quench_state *state)
{
    double largest = 0;
    for (int32_t k = 0; k < state->pins.n; k++) {
        largest = fmax(largest, 2 * state->pins.pin[k].jump / (WIDTH * state->length));
    }
    return largest;
}

/* --- jumps --- */

/* The forces that draw each pair of the list apart, just inside and just outside of its distance, with everything else as it is at
 * x. Pairs that share an atom wait for the next group: done[k] tells which were measured. */
struct limits {
    double inside, outside;
    bool done;
};

/* Puts the pairs of this group just inside (beside < 0) or just outside, and adds up what draws them apart. */
static isd_status measure_side(struct quench_state *state, isd_evaluator *evaluator, const struct pins *list, const int32_t *group,
                               int32_t n, double beside, struct limits *limits)
{
    memcpy(state->trial_x, state->x, state->n3 * sizeof *state->x);
    for (int32_t m = 0; m < n; m++) {
        const struct pin *pin = &list->pin[group[m]];
        double d[3];
        const double r = way(state, state->x, pin->i, pin->j, d);
        push(state->trial_x, pin, d, 0.5 * (pin->at + beside - r) / r);
    }
    const isd_status status = isd_evaluator_compute(evaluator, state->trial_x, state->control, state->step, NULL, state->err);
    for (int32_t m = 0; m < n && !status; m++) {
        const struct pin *pin = &list->pin[group[m]];
        const double *a = state->step + 3 * (size_t)pin->i, *b = state->step + 3 * (size_t)pin->j;
        double d[3];
        const double r = way(state, state->trial_x, pin->i, pin->j, d);
        const double apart = 0.5 * ((a[0] - b[0]) * d[0] + (a[1] - b[1]) * d[1] + (a[2] - b[2]) * d[2]) / r;
        *(beside < 0 ? &limits[group[m]].inside : &limits[group[m]].outside) = apart;
    }
    return status;
}

/* The next pairs that are not done and share no atom. used[n]: all false before and after. */
static int32_t choose_group(const struct pins *list, const struct limits *limits, bool *used, int32_t *group)
{
    int32_t n = 0;
    for (int32_t k = 0; k < list->n; k++) {
        const struct pin *pin = &list->pin[k];
        if (!limits[k].done && !used[pin->i] && !used[pin->j]) {
            used[pin->i] = used[pin->j] = true;
            group[n++] = k;
        }
    }
    for (int32_t m = 0; m < n; m++) {
        used[list->pin[group[m]].i] = used[list->pin[group[m]].j] = false;
    }
    return n;
}

static isd_status measure(struct quench_state *state, isd_evaluator *evaluator, const struct pins *list, struct limits *limits)
{
    const double beside = BESIDE * state->length;
    int32_t *group = malloc(((size_t)list->n + 1) * sizeof *group);
    bool *used = calloc(state->n3 / 3 + 1, sizeof *used);
    isd_status status = group && used ? ISD_OK : isd_error_memory(state->err);
    for (int g = 0; g < MOST_GROUPS && !status; g++) {
        const int32_t n = choose_group(list, limits, used, group);
        if (n == 0) {
            break;
        }
        status = measure_side(state, evaluator, list, group, n, -beside, limits);
        if (!status) {
            status = measure_side(state, evaluator, list, group, n, beside, limits);
        }
        for (int32_t m = 0; m < n && !status; m++) {
            limits[group[m]].done = true;
        }
    }
    free(group);
    free(used);
    return status;
}

/* --- looking --- */

struct looking {
    const struct quench_state *state;
    const int32_t *order;
    struct pins found;
};

static bool held_already(const struct pins *pins, int32_t i, int32_t j)
{
    for (int32_t k = 0; k < pins->n; k++) {
        if (pins->pin[k].i == i && pins->pin[k].j == j) {
            return true;
        }
    }
    return false;
}

static bool look_at(void *arg, int32_t share, int32_t a, int32_t b, const double d[3], double r)
{
    struct looking *looking = arg;
    const struct quench_state *state = looking->state;
    (void)share;
    (void)d;
    const int32_t p = looking->order[a], q = looking->order[b], i = p < q ? p : q, j = p < q ? q : p;
    const double at = pair_cutoff(state, i, j);
    return fabs(r - at) > NEAR * state->length || held_already(&state->pins, i, j) ||
           pins_push(&looking->found, (struct pin){i, j, at, 0});
}

enum quench_trial pins_look(struct quench_state *state, double least, int32_t *ret_found)
{
    int32_t *order = malloc((state->n3 / 3 + 1) * sizeof *order), first[2], found = 0;
    struct looking looking = {.state = state, .order = order};
    struct limits *limits = NULL;
    isd_status status = ISD_OK;
    if (!order || !near_find(state, state->potential->cutoff + NEAR * state->length, 1, order, first, look_at, &looking)) {
        status = isd_control_cancelled(state->control) ? isd_error_set(state->err, ISD_CANCELLED, "cancelled")
                                                       : isd_error_memory(state->err);
    }
    if (!status && looking.found.n > 0) {
        limits = calloc((size_t)looking.found.n, sizeof *limits);
        status = limits ? measure(state, state->evaluator, &looking.found, limits) : isd_error_memory(state->err);
    }
    for (int32_t k = 0; k < looking.found.n && !status; k++) {
        struct pin pin = looking.found.pin[k];
        pin.jump = limits[k].inside - limits[k].outside;
        if (limits[k].done && pin.jump > least) {
            found++;
            status = pins_push(&state->pins, pin) ? ISD_OK : isd_error_memory(state->err);
        }
    }
    free(order);
    free(limits);
    pins_done(&looking.found);
    *ret_found = found;
    return status == ISD_OK ? TRIAL_GOOD : status == ISD_DATA ? TRIAL_WILD : TRIAL_FAILED;
}

/* --- the verdict --- */

isd_status pins_judge(struct quench_state *state, isd_evaluator *evaluator, double *f, struct pinned *ret_pinned)
{
    struct pins resting = {0};
    struct pinned pinned = {.n = 0};
    isd_status status = ISD_OK;
    double d[3], most = 0;
    for (int32_t k = 0; k < state->pins.n && !status; k++) {
        const struct pin *pin = &state->pins.pin[k];
        if (share_of(state, pin, way(state, state->x, pin->i, pin->j, d)) > 0 && !pins_push(&resting, *pin)) {
            status = isd_error_memory(state->err);
        }
    }
    struct limits *limits = calloc((size_t)resting.n + 1, sizeof *limits);
    if (!status) {
        status = limits ? measure(state, evaluator, &resting, limits) : isd_error_memory(state->err);
    }
    for (int32_t k = 0; k < resting.n && !status; k++) {
        const struct pin *pin = &resting.pin[k];
        const double r = way(state, state->x, pin->i, pin->j, d), jump = limits[k].inside - limits[k].outside,
                     share = share_of(state, pin, r), force = limits[k].done && jump > 0 ? share * jump / r : 0;
        push(f, pin, d, force);
        pinned.n += force > 0;
        if (force > 0 && jump > most) {
            most = jump;
            pinned = (struct pinned){pinned.n, pin->i, pin->j, pin->at, (1 - share) * jump, -share * jump};
        }
    }
    free(limits);
    pins_done(&resting);
    if (!status) {
        *ret_pinned = pinned;
    }
    return status;
}
