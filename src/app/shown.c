/* What was shown last. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/shown.h"

#include <stdlib.h>

#include "app/state.h"
#include "io/write.h"

void session_show_begin(struct session *session)
{
    session->shown_is_old = true;
}

void session_forget_shown(struct session *session)
{
    for (int k = 0; k < session->n_shown; k++)
        result_free(session->shown[k]);
    session->n_shown = 0;
}

void session_show(struct session *session, struct result *result)
{
    if (session->shown_is_old)
        session_forget_shown(session);
    session->shown_is_old = false;
    if (session->n_shown == session->shown_size) {
        int size = session->shown_size ? 2 * session->shown_size : 16;
        struct result **grown = realloc(session->shown, (size_t)size * sizeof *grown);
        if (!grown) {
            result_free(result);
            session_message(session, "warning: out of memory: this result cannot be exported");
            return;
        }
        session->shown = grown;
        session->shown_size = size;
    }
    session->shown[session->n_shown++] = result;
}

int session_shown_count(const struct session *session)
{
    return session->n_shown;
}

const struct result *session_shown(const struct session *session, int k)
{
    return k >= 0 && k < session->n_shown ? session->shown[k] : NULL;
}

void session_set_painter(struct session *session, paint_fn *paint)
{
    session->paint = paint;
}

isd_status session_write_quietly(const char *path, const char *text, size_t length, isd_error *err)
{
    return write_whole_file(path, text, length, err);
}

isd_status session_write_text(struct session *session, const char *path, const char *text, size_t length, isd_error *err)
{
    isd_status status = write_whole_file(path, text, length, err);
    if (status == ISD_OK)
        session_message(session, "%s written", path);
    return status;
}
