/* Atoms chosen by a list of ids or an expression. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/choice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/atom_table.h"
#include "app/command.h"
#include "app/filter.h"
#include "app/state.h"

enum { COLUMNS = ATOM_Z + 1 };

int choice_number(struct session *session, const char *atoms, const char *filter)
{
    if (!atoms && !filter)
        return 0;
    char *text = NULL;
    if (asprintf(&text, "%s\n%s", atoms ? atoms : "", filter ? filter : "") < 0)
        return -1;
    for (int k = 0; k < session->n_choices; k++)
        if (strcmp(session->choice[k], text) == 0) {
            free(text);
            return k + 1;
        }
    char **grown = realloc(session->choice, ((size_t)session->n_choices + 1) * sizeof *grown);
    if (!grown) {
        free(text);
        return -1;
    }
    session->choice = grown;
    session->choice[session->n_choices++] = text;
    return session->n_choices;
}

static double label_value(void *arg, const char *column, const char *word)
{
    int type = strcmp(column, "type") == 0 ? session_find_type(arg, word) : 0;
    return type > 0 ? type : NAN;
}

static bool passes(const struct filter *filter, const isd_snapshot *s, int32_t i)
{
    double row[COLUMNS], r[3];
    isd_box_wrap(&s->box, s->position + 3 * (size_t)i, r);
    row[ATOM_ID] = (double)s->id[i];
    row[ATOM_TYPE] = s->type[i];
    row[ATOM_X] = r[0];
    row[ATOM_Y] = r[1];
    row[ATOM_Z] = r[2];
    return filter_accepts(filter, row);
}

static isd_status parse(const struct session *session, const char *atoms, const char *filter_text, struct value_range **ret_ranges,
                        int *ret_n, struct filter **ret_filter, isd_error *err)
{
    isd_status status = atoms ? ranges_parse(atoms, ret_ranges, ret_n, err) : ISD_OK;
    if (status == ISD_OK && filter_text)
        status = filter_parse(filter_text, atom_column_name, COLUMNS, label_value, (void *)(uintptr_t)session, ret_filter, err);
    return status;
}

isd_status choice_check(const struct session *session, const char *atoms, const char *filter_text, isd_error *err)
{
    struct value_range *ranges = NULL;
    struct filter *filter = NULL;
    int n = 0;
    isd_status status = parse(session, atoms, filter_text, &ranges, &n, &filter, err);
    free(ranges);
    filter_free(filter);
    return status;
}

isd_status choice_mask(const struct session *session, const isd_snapshot *s, const char *atoms, const char *filter_text,
                       unsigned char **ret_mask, isd_error *err)
{
    struct value_range *ranges = NULL;
    struct filter *filter = NULL;
    unsigned char *mask = NULL;
    int n_ranges = 0;
    int32_t chosen = 0;
    isd_status status = parse(session, atoms, filter_text, &ranges, &n_ranges, &filter, err);
    if (status == ISD_OK && (atoms || filter_text)) {
        mask = malloc((size_t)s->n + 1);
        status = mask ? ISD_OK : isd_error_memory(err);
    }
    for (int32_t i = 0; i < s->n && mask; i++) {
        mask[i] = (!atoms || ranges_hold(ranges, n_ranges, (double)s->id[i])) && (!filter || passes(filter, s, i));
        chosen += mask[i];
    }
    if (status == ISD_OK && mask && chosen == 0) {
        status = isd_error_set(err, ISD_DATA, "no atom is chosen by %s%s%s", atoms ? atoms : "", atoms && filter_text ? " and " : "",
                               filter_text ? filter_text : "");
        isd_error_hint(err, "snapshot 0    shows ids, types and places");
    }
    free(ranges);
    filter_free(filter);
    if (status != ISD_OK) {
        free(mask);
        return status;
    }
    *ret_mask = mask;
    return ISD_OK;
}
