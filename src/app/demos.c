/* What the demos of a session are. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/demos.h"

#include <stdlib.h>

#include "app/demo_film.h"
#include "app/state.h"

const struct demos *session_demos(const struct session *session)
{
    return session->demos;
}

struct demos *session_make_demos(struct session *session)
{
    if (!session->demos)
        session->demos = calloc(1, sizeof *session->demos);
    return session->demos;
}

void demos_free(struct demos *demos)
{
    if (!demos)
        return;
    for (int k = 0; k < demos->n_films; k++)
        demo_film_free(demos->film[k]);
    free(demos->film);
    free(demos);
}

struct demo_film *demos_find(const struct demos *demos, enum demo_kind kind, int32_t n, uint64_t seed)
{
    for (int k = 0; k < demos->n_films; k++) {
        struct demo_film *film = demos->film[k];
        if (film->kind == kind && film->n == n && film->seed == seed)
            return film;
    }
    return NULL;
}

isd_status demos_add(struct demos *demos, struct demo_film *film, isd_error *err)
{
    struct demo_film **grown = realloc(demos->film, ((size_t)demos->n_films + 1) * sizeof *grown);
    if (!grown) {
        demo_film_free(film);
        return isd_error_memory(err);
    }
    demos->film = grown;
    demos->film[demos->n_films++] = film;
    return ISD_OK;
}
