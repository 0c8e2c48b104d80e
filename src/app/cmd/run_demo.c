/* The demo set, and the demos that make their own data. SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "app/cmd/groups.h"
#include "app/demo.h"
#include "app/demo_film.h"
#include "app/demos.h"

static const char *const own_options[][6] = {
    [DEMO_NONE] = {NULL},
    [DEMO_RING] = {"seed", "n", "time", NULL},
    [DEMO_FIVE] = {"seed", NULL},
    [DEMO_QUENCH] = {"seed", "n", "step", NULL},
    [DEMO_SHELLS] = {"seed", "n", "step", NULL},
};

/* Words and options of one demo are nothing to another. */
static isd_status check_call(enum demo_kind kind, const struct command_call *call, isd_error *err)
{
    static const char *const all[] = {"seed", "n", "time", "step"};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        bool own = false;
        for (int m = 0; own_options[kind][m]; m++)
            own = own || strcmp(own_options[kind][m], all[k]) == 0;
        if (call_has(call, all[k]) && !own)
            return isd_error_set(err, ISD_USAGE, "demo %s has no %s=", call_word(call, 0) ? call_word(call, 0) : "set", all[k]);
    }
    if (kind == DEMO_RING || call_n_words(call) < 2)
        return ISD_OK;
    isd_error_set(err, ISD_USAGE, "'%.40s' belongs to demo 1d alone", call_word(call, 1));
    call_error_at_word(call, 1, err);
    return ISD_USAGE;
}

static enum demo_kind kind_of(const struct command_call *call)
{
    static const char *const names[] = {[DEMO_NONE] = "set", [DEMO_RING] = "1d", [DEMO_FIVE] = "five", [DEMO_QUENCH] = "quench", [DEMO_SHELLS] = "shells"};
    for (int k = DEMO_RING; k <= DEMO_SHELLS && call_word(call, 0); k++)
        if (strcmp(names[k], call_word(call, 0)) == 0)
            return (enum demo_kind)k;
    return DEMO_NONE;
}

enum ask run_demo(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    const enum demo_kind kind = kind_of(call);
    if (check_call(kind, call, err) != ISD_OK)
        return ASK_FAILED;
    struct demos *demos = session_make_demos(session);
    if (!demos) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    if (kind == DEMO_NONE) {
        demos->kind = DEMO_NONE;
        return session_open_demo(session, err) == ISD_OK ? ASK_READY : ASK_FAILED;
    }
    if (kind == DEMO_RING)
        return demo_ring_run(demos, call, sink, err);
    return demo_film_run(session, demos, kind, call, sink, err);
}
