/* demo five, demo quench and demo shells: made, opened as sets, given as results. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/demo_film.h"
#include "app/demo_liquid.h"
#include "app/derive.h"
#include "base/scan.h"

enum { FIVE_ATOMS = 5, USUAL_ATOMS = 48 };

struct order {
    enum demo_kind kind;
    int32_t n;
    uint64_t seed;
};

/* --- made by a job --- */

/* The film is taken out of it: results are dropped when the system changes, films stay. */
struct developed {
    struct demo_film *film;
};

static void free_developed(void *output)
{
    struct developed *developed = output;
    demo_film_free(developed->film);
    free(developed);
}

static isd_status develop(void *input, isd_control *control, void **ret_output, isd_error *err)
{
    const struct order *order = input;
    struct developed *developed = calloc(1, sizeof *developed);
    if (!developed)
        return isd_error_memory(err);
    isd_status status = demo_film_make(order->kind, order->n, order->seed, control, &developed->film, err);
    if (status == ISD_OK)
        *ret_output = developed;
    else
        free(developed);
    return status;
}

/* The film of an order, once it is there. */
static enum ask get_film(struct session *session, struct demos *demos, const struct order *order, struct demo_film **ret_film, isd_error *err)
{
    char key[80];
    const void *output = NULL;
    bool asked = false;
    *ret_film = demos_find(demos, order->kind, order->n, order->seed);
    if (*ret_film)
        return ASK_READY;
    snprintf(key, sizeof key, "demo %d n=%d seed=%llu", (int)order->kind, (int)order->n, (unsigned long long)order->seed);
    const struct derivation derivation = {.key = key, .label = "demo", .run = develop, .free_input = free, .free_output = free_developed,
                                          .priority = ASK_LOOK};
    enum ask state = derived_find(session, &derivation, &output, &asked, err);
    if (state == ASK_READY) {
        struct developed *developed = (struct developed *)output;
        struct demo_film *film = developed->film;
        developed->film = NULL;
        if (!film) { /* it was lost when there was no memory to keep it */
            isd_error_memory(err);
            return ASK_FAILED;
        }
        if (demos_add(demos, film, err) != ISD_OK)
            return ASK_FAILED;
        *ret_film = film;
        return ASK_READY;
    }
    if (asked)
        return state;
    struct order *copy = malloc(sizeof *copy);
    if (!copy) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    *copy = *order;
    return derived_ask(session, &derivation, copy, err);
}

/* --- opened --- */

/* "five", "quench_7", "quench_1_64" */
static void name_set(struct demo_film *film)
{
    const bool five = film->kind == DEMO_FIVE, usual = five || film->n == USUAL_ATOMS;
    const char *name = five ? "five" : "quench";
    if (!usual)
        snprintf(film->set, sizeof film->set, "%s_%llu_%d", name, (unsigned long long)film->seed, (int)film->n);
    else if (film->seed != 1)
        snprintf(film->set, sizeof film->set, "%s_%llu", name, (unsigned long long)film->seed);
    else
        snprintf(film->set, sizeof film->set, "%s", name);
}

static enum ask open_film(struct session *session, struct demo_film *film, isd_error *err)
{
    struct open_options options;
    const char *path = "demo";
    for (int k = 0; film->opened && k < session_set_count(session); k++)
        if (strcmp(session_set_name(session, k), film->set) == 0)
            return session_use_set(session, film->set, err) == ISD_OK ? ASK_READY : ASK_FAILED;
    name_set(film);
    open_options_defaults(&options);
    options.name = film->set;
    options.units = "lj";
    options.labels = film->kind == DEMO_FIVE ? "A" : "A,B";
    options.is_state = film->kind == DEMO_FIVE;
    options.T = film->kind == DEMO_FIVE ? options.T : DEMO_LIQUID_TEMPERATURE;
    options.data = film->text;
    options.data_size = film->length;
    const enum ask state = session_ask_open(session, &path, 1, &options, err);
    film->opened = state == ASK_READY;
    return state;
}

/* The liquid has its interactions, as the demo set has; those in force before are let go. */
static isd_status use_system(struct session *session, const struct demo_film *film, isd_error *err)
{
    struct system_settings *system = session_system(session);
    if (film->kind == DEMO_FIVE || strcmp(system->name, "ka2d") == 0)
        return ISD_OK;
    if (system_has_potential(system))
        session_message(session, "the interactions are those of system ka2d now, for all open sets");
    isd_status status = system_builtin(system, "ka2d", err);
    if (status == ISD_OK)
        session_system_changed(session);
    return status;
}

/* --- given --- */

/* Coordinates of a frame, one axis. */
static void give_axis(struct result *result, const char *name, const isd_snapshot *frame, int axis)
{
    double *values = malloc((size_t)frame->n * sizeof *values);
    for (int32_t i = 0; values && i < frame->n; i++)
        values[i] = frame->position[3 * i + axis];
    if (values)
        result_reals(result, name, "sigma", values, (size_t)frame->n);
    free(values);
}

static void give_atoms(struct result *result, const struct match *match)
{
    int64_t *partner = malloc((size_t)match->n * sizeof *partner);
    give_axis(result, "x_from", match->a, 0);
    give_axis(result, "y_from", match->a, 1);
    give_axis(result, "x_to", match->b, 0);
    give_axis(result, "y_to", match->b, 1);
    for (int32_t i = 0; partner && i < match->n; i++)
        partner[i] = match->b->id[match->partner[i]];
    if (partner)
        result_ints(result, "partner", partner, (size_t)match->n);
    free(partner);
    result_reals(result, "u_lab", "sigma", match->u_lab, (size_t)match->n);
    result_reals(result, "u_mat", "sigma", match->u_mat, (size_t)match->n);
}

static void give_match(struct result *result, const struct match *match)
{
    struct result *cycles = result_new(NULL, RESULT_RECORD);
    result_real(result, "rmsd", "sigma", match->rmsd);
    result_real(result, "d_min", "sigma", match->d_min);
    result_real(result, "sum_sq", "sigma^2", match->sum_sq);
    result_real(result, "dual", "sigma^2", match->dual);
    result_real(result, "gap_abs", "sigma^2", match->gap_abs);
    result_bool(result, "certified", match->certified);
    result_int(result, "exchanged", match->exchanged);
    result_int(cycles, "fixed", match->fixed);
    result_int(cycles, "count", match->n_cycles);
    result_int(cycles, "longest", match->longest);
    result_object(result, "cycles", cycles);
}

static void give_loop(struct result *result, const struct demo_loop *loop, const isd_snapshot *frame)
{
    int64_t ids[DEMO_LOOP_MOST];
    for (int k = 0; k < loop->n; k++)
        ids[k] = frame->id[loop->atom[k]];
    result_ints(result, "loop", ids, (size_t)loop->n);
    result_bool(result, "loop_same_places", loop->n > 0 && loop->same_places);
    result_real(result, "loop_rmsd", "sigma", loop->rmsd);
    result_real(result, "loop_d_min", "sigma", loop->d_min);
}

/* step: whether one was asked for. */
static void give_slide(struct result *result, const struct demo_film *film, bool step)
{
    const size_t n = (size_t)film->n_steps;
    result_real(result, "T", "eps", DEMO_LIQUID_TEMPERATURE);
    result_int(result, "led", film->led);
    result_int(result, "steps", film->n_steps - 1);
    if (step)
        result_int(result, "step", film->step);
    else
        result_null(result, "step");
    result_bool(result, "converged", film->converged);
    result_reals(result, "energies", "eps", film->energy, n);
    result_reals(result, "fmaxs", "eps/sigma", film->fmax, n);
}

static struct result *make_result(const struct demo_film *film, int k, bool step)
{
    const struct demo_pair *pair = &film->pair[k];
    struct result *result = result_new("demo", RESULT_RECORD);
    result_text(result, "demo", film->kind == DEMO_FIVE ? "five" : "quench");
    result_int(result, "seed", (int64_t)film->seed);
    result_text(result, "set", film->set);
    result_int(result, "from", pair->a);
    result_int(result, "to", pair->b);
    result_int(result, "n", film->n);
    give_match(result, pair->match);
    give_loop(result, &pair->loop, pair->match->a);
    if (film->kind == DEMO_QUENCH)
        give_slide(result, film, step);
    give_atoms(result, pair->match);
    if (!pair->match->certified)
        result_mark(result, "the matching is not certified");
    if (film->kind == DEMO_QUENCH && !film->converged)
        result_mark(result, "the quench did not converge");
    return result;
}

/* What the shells of the first frame hold. */
static struct result *make_shells(const struct demo_film *film, bool step)
{
    const struct demo_shells *shells = &film->shells;
    const size_t n = (size_t)shells->n;
    double r[DEMO_SHELLS_MOST];
    struct result *result = result_new("demo", RESULT_RECORD);
    result_text(result, "demo", "shells");
    result_int(result, "seed", (int64_t)film->seed);
    result_text(result, "set", film->set);
    result_int(result, "frame", film->pair[0].a);
    result_int(result, "n", film->n);
    result_int(result, "shells", shells->n);
    if (step)
        result_int(result, "step", film->shell);
    else
        result_null(result, "step");
    for (size_t k = 0; k < n; k++)
        r[k] = ((double)k + 0.5) * DEMO_SHELL_WIDTH;
    result_reals(result, "r", "sigma", r, n);
    result_reals(result, "pairs", "", shells->pairs, n);
    result_reals(result, "gas", "", shells->gas, n);
    result_reals(result, "g", "", shells->g, n);
    return result;
}

/* --- run --- */

/* "12": that step; "is", "labelled", "matched", "loop"; or as demo_film_go. */
static isd_status go_to(struct demo_film *film, const char *word, isd_error *err)
{
    static const char *const stages[] = {[DEMO_SLIDES] = "is", [DEMO_LABELLED] = "labelled", [DEMO_MATCHED] = "matched", [DEMO_LOOP] = "loop"};
    int64_t to = 0;
    for (int k = DEMO_SLIDES; k <= DEMO_LOOP; k++)
        if (strcmp(stages[k], word) == 0) {
            film->step = film->n_steps - 1 + k;
            return ISD_OK;
        }
    if (word[0] == '+' || word[0] == '-' || !scan_whole_int64(word, &to))
        return demo_film_go(film, word, err);
    if (to >= film->n_steps) {
        isd_error_set(err, ISD_USAGE, "step=%s: the quench has the steps 0 to %d", word, film->n_steps - 1);
        isd_error_hint(err, "step=is, labelled, matched or loop shows what comes after them");
        return ISD_USAGE;
    }
    film->step = (int)to;
    return ISD_OK;
}

/* The same for shells: "12", "last" or as demo_film_go_shell. */
static isd_status go_to_shell(struct demo_film *film, const char *word, isd_error *err)
{
    int64_t to = 0;
    if (word[0] == '+' || word[0] == '-' || !scan_whole_int64(word, &to))
        return demo_film_go_shell(film, word, err);
    if (to > film->shells.n) {
        isd_error_set(err, ISD_USAGE, "step=%s: there are %d shells", word, film->shells.n);
        isd_error_hint(err, "step=last counts all of them");
        return ISD_USAGE;
    }
    film->shell = (int)to;
    return ISD_OK;
}

enum ask demo_film_run(struct session *session, struct demos *demos, enum demo_kind kind, const struct command_call *call,
                       const struct command_sink *sink, isd_error *err)
{
    const bool shells = kind == DEMO_SHELLS;
    const struct order order = {.kind = shells ? DEMO_QUENCH : kind, .seed = (uint64_t)call_count(call, "seed", 1),
                                .n = kind == DEMO_FIVE ? FIVE_ATOMS : (int32_t)call_count(call, "n", USUAL_ATOMS)};
    const char *step = call_option(call, "step");
    struct demo_film *film = NULL;
    enum ask state = get_film(session, demos, &order, &film, err);
    if (state == ASK_READY)
        state = open_film(session, film, err);
    if (state != ASK_READY)
        return state;
    if (use_system(session, film, err) != ISD_OK || (step && (shells ? go_to_shell : go_to)(film, step, err) != ISD_OK))
        return ASK_FAILED;
    demos->kind = kind;
    demos->shown = film;
    demos->news++;
    if (shells)
        return give(sink, make_shells(film, step != NULL), err);
    for (int k = 0; k < film->n_pairs && state == ASK_READY; k++)
        state = give(sink, make_result(film, k, step != NULL), err);
    return state;
}
