/* atoms: the per-atom table of a pair. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/atom_table.h"
#include "app/cmd/common.h"
#include "app/cmd/groups.h"

static bool whole_number(int column)
{
    return column != ATOM_X && column != ATOM_Y && column != ATOM_Z && column != ATOM_U_LAB && column != ATOM_U_MAT && column != ATOM_ENERGY;
}

/* One column of the table into the result; false when out of memory. */
static bool add_column(struct session *session, struct result *result, const struct atom_source *atoms, const int32_t *rows, size_t n,
                       int column)
{
    size_t room = n > 0 ? n : 1;
    bool metal = strcmp(session_units(session), "metal") == 0;
    double *reals = malloc(room * sizeof *reals);
    int64_t *ints = malloc(room * sizeof *ints);
    if (reals && ints) {
        for (size_t k = 0; k < n; k++) {
            reals[k] = atom_value(atoms, rows[k], (enum atom_column)column);
            ints[k] = isnan(reals[k]) ? RESULT_INT_NULL : (int64_t)reals[k];
        }
        if (whole_number(column))
            result_ints(result, atom_column_name[column], ints, n);
        else
            result_reals(result, atom_column_name[column], column == ATOM_ENERGY ? (metal ? "eV" : "epsilon") : session_length_unit(session), reals, n);
    }
    bool good = reals && ints;
    free(reals);
    free(ints);
    return good;
}

enum ask run_atoms(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    int32_t pa = 0, pb = 0;
    if (call_pair(session, call_word(call, 0), &pa, &pb, err) != ISD_OK)
        return ASK_FAILED;
    struct match_request request;
    request_from_call(session, call, pa, pb, &request);
    const struct match *m = NULL;
    int unconverged = 0, ignored = 0;
    if (check_can_quench(session, &request.structure, err) != ISD_OK)
        return ASK_FAILED;
    enum ask known = session_match(session, &request, ASK_BATCH, &m, &unconverged, err);
    if (known != ASK_READY)
        return known;
    struct atom_source atoms = {.match = m};
    known = session_surroundings(session, pa, &request.structure, ASK_BATCH, &atoms.around, err);
    if (known != ASK_READY)
        return known;
    if (session_structure(session, pa, &request.structure, ASK_BATCH, &atoms.a, &ignored, err) != ASK_READY ||
        session_structure(session, pb, &request.structure, ASK_BATCH, &atoms.b, &ignored, err) != ASK_READY)
        return ASK_FAILED;
    int32_t *rows = NULL, n = 0;
    if (atom_table_rows(session, &atoms, call_option(call, "filter"), call_option(call, "sort"), &rows, &n, err) != ISD_OK)
        return ASK_FAILED;
    long limit = call_count(call, "limit", n);
    struct result *result = result_new("atoms", RESULT_ROWS);
    bool good = true;
    for (int column = 0; column < ATOM_COLUMNS && good; column++)
        good = add_column(session, result, &atoms, rows, (size_t)(limit < n ? limit : n), column);
    free(rows);
    if (!good) {
        result_free(result);
        isd_error_memory(err);
        return ASK_FAILED;
    }
    if (!m->certified || unconverged > 0)
        result_mark(result, "atoms %d:%d: %s", (int)pa, (int)pb,
                    m->certified ? "a structure did not converge" : "the matching is not certified");
    return give(sink, result, err);
}
