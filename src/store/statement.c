/* The statements of a store, and binding values to them. SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"

static const char *const texts[STATEMENTS] = {
    [ST_BEGIN] = "BEGIN IMMEDIATE",
    [ST_COMMIT] = "COMMIT",
    [ST_SET] = "INSERT INTO sets (paths, name, bytes, modified, frames, opened) VALUES (?, ?, ?, ?, ?, unixepoch()) "
               "ON CONFLICT (paths) DO UPDATE SET name = excluded.name, bytes = excluded.bytes, modified = excluded.modified, "
               "frames = excluded.frames, opened = excluded.opened",
    [ST_FRAME] = "INSERT OR IGNORE INTO frames (fingerprint, atoms) VALUES (?, ?)",
    [ST_SET_FRAME] = "INSERT OR REPLACE INTO set_frames (set_id, number, frame_id) VALUES (?, ?, ?)",
    [ST_POTENTIAL] = "INSERT OR IGNORE INTO potentials (description, name) VALUES (?, ?)",
    [ST_STRUCTURE] = "INSERT OR IGNORE INTO structures (key, frame_id, potential_id, dimension, periodic, method, ftol, etol, "
                     "max_iterations, kernel, energy_start, energy, virial_xx, virial_yy, virial_zz, virial_xy, virial_xz, "
                     "virial_yz, fmax, fnorm, iterations, evaluations, converged, stop, seconds, made) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, unixepoch())",
    [ST_STRUCTURE_ARRAYS] = "INSERT OR REPLACE INTO structure_arrays (structure_id, positions, images) VALUES (?, ?, ?)",
    [ST_FORGET_MATCHING] = "DELETE FROM matchings WHERE id = ?",
    [ST_MATCHING] = "INSERT INTO matchings (key, a_frame_id, b_frame_id, a_structure_id, b_structure_id, species, options, n, "
                    "n_frame, cell, labelled, unwrapped, sum_sq, d_min, dual, gap_abs, bound, certified, r0, max_u, seconds, "
                    "edges_per_atom, shift_x, shift_y, shift_z, align_steps, aligned, degenerate, ties, exchanged, "
                    "exchanged_type, rmsd, rmsd_unwrapped, jump_fraction, drift_x, drift_y, drift_z, n_cycles, fixed, longest, "
                    "made) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                    "?, ?, ?, ?, ?, ?, ?, ?, ?, unixepoch())",
    [ST_MATCHING_TYPE] = "INSERT INTO matching_types (matching_id, type, n, sum_sq, d, r0, exchanged) VALUES (?, ?, ?, ?, ?, ?, ?)",
    [ST_MATCHING_ARRAYS] = "INSERT INTO matching_arrays (matching_id, partner, duals) VALUES (?, ?, ?)",
    [ST_RESULT] = "INSERT OR IGNORE INTO results (key, frame_id, structure_id, kind, parameters, value, made) "
                  "VALUES (?, ?, ?, ?, ?, ?, unixepoch())",
    [ST_PINS] = "INSERT OR REPLACE INTO pins (structure_id, pairs, fmax, a, b, distance, inside, outside) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    [ST_SET_RESULT] = "INSERT OR REPLACE INTO set_results (key, set_id, kind, of_structures, parameters, numbers, value, made) "
                      "VALUES (?, ?, ?, ?, ?, ?, ?, unixepoch())",
    [ST_NOTE] = "INSERT OR IGNORE INTO notes (set_id, place, text, at) VALUES (?, ?, ?, ?)",
    [ST_SETTING] = "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)",
    [ST_COMMAND] = "INSERT INTO log (session, at, command, status) VALUES (?, ?, ?, ?)",
    [ST_POINTS] = "INSERT OR REPLACE INTO files (path, bytes, modified, sum, points) VALUES (?, ?, ?, ?, ?)",
    [ST_FIND_FRAME] = "SELECT id FROM frames WHERE fingerprint = ?",
    [ST_FIND_SET] = "SELECT id FROM sets WHERE paths = ?",
    [ST_FIND_POTENTIAL] = "SELECT id FROM potentials WHERE description = ?",
    [ST_FIND_STRUCTURE] = "SELECT id FROM structures WHERE key = ?",
    [ST_HAS_ARRAYS] = "SELECT id, EXISTS (SELECT 1 FROM matching_arrays WHERE matching_id = id) FROM matchings WHERE key = ?",
    [ST_GET_STRUCTURE] = "SELECT f.fingerprint, f.atoms, dimension, periodic, method, ftol, etol, max_iterations, kernel, "
                         "energy_start, energy, virial_xx, virial_yy, virial_zz, virial_xy, virial_xz, virial_yz, s.fmax, fnorm, "
                         "iterations, evaluations, converged, stop, seconds, coalesce(p.pairs, 0), p.a, p.b, p.fmax, p.distance, "
                         "p.inside, p.outside FROM structures s JOIN frames f ON f.id = frame_id LEFT JOIN pins p ON p.structure_id = s.id "
                         "WHERE key = ?",
    [ST_GET_STRUCTURE_ARRAYS] = "SELECT positions, images FROM structure_arrays JOIN structures ON structures.id = structure_id "
                                "WHERE key = ?",
    [ST_GET_MATCHING] = "SELECT id, a_structure_id IS NOT NULL, species = 'blind', n, n_frame, cell, labelled, unwrapped, sum_sq, "
                        "d_min, dual, gap_abs, bound, certified, r0, max_u, seconds, edges_per_atom, shift_x, shift_y, shift_z, "
                        "align_steps, aligned, degenerate, ties, exchanged, exchanged_type, rmsd, rmsd_unwrapped, jump_fraction, "
                        "drift_x, drift_y, drift_z, n_cycles, fixed, longest FROM matchings WHERE key = ?",
    [ST_GET_MATCHING_TYPES] = "SELECT type, n, sum_sq, d, r0, exchanged FROM matching_types WHERE matching_id = ? ORDER BY type",
    [ST_GET_MATCHING_ARRAYS] = "SELECT partner, duals FROM matching_arrays JOIN matchings ON matchings.id = matching_id "
                               "WHERE key = ?",
    [ST_GET_RESULT] = "SELECT value FROM results WHERE key = ?",
    [ST_GET_SET_RESULT] = "SELECT value, numbers FROM set_results WHERE key = ?",
    [ST_GET_NOTES] = "SELECT place, text FROM notes ORDER BY id",
    [ST_GET_SETTING] = "SELECT value FROM settings WHERE name = ?",
    [ST_GET_POINTS] = "SELECT points FROM files WHERE path = ? AND bytes = ? AND modified = ? AND sum = ?",
    [ST_FRAME_COUNTS] = "SELECT (SELECT count(*) FROM structures WHERE frame_id = f.id), "
                        "(SELECT count(*) FROM matchings m WHERE a_frame_id = f.id), "
                        "(SELECT count(*) FROM results WHERE frame_id = f.id) FROM frames f WHERE fingerprint = ?",
};

sqlite3_stmt *store_statement(struct store *store, enum statement which, int *ret_code)
{
    sqlite3_stmt **statement = &store->statement[which];
    *ret_code = store->db ? SQLITE_OK : SQLITE_CANTOPEN;
    if (store->db && !*statement)
        *ret_code = sqlite3_prepare_v3(store->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);
    if (*ret_code != SQLITE_OK)
        return NULL;
    sqlite3_reset(*statement);
    sqlite3_clear_bindings(*statement);
    return *statement;
}

void store_finalize(struct store *store)
{
    for (int k = 0; k < STATEMENTS; k++) {
        sqlite3_finalize(store->statement[k]);
        store->statement[k] = NULL;
    }
}

static void took(struct binding *b, int code)
{
    if (b->code == SQLITE_OK)
        b->code = code;
}

void bind_int(struct binding *b, int64_t value)
{
    took(b, sqlite3_bind_int64(b->statement, ++b->at, value));
}

void bind_real(struct binding *b, double value)
{
    took(b, sqlite3_bind_double(b->statement, ++b->at, value));
}

void bind_text(struct binding *b, const char *text)
{
    took(b, sqlite3_bind_text(b->statement, ++b->at, text, -1, SQLITE_TRANSIENT));
}

void bind_hash(struct binding *b, const struct hash128 *hash)
{
    char text[HASH128_TEXT];
    hash128_text(hash, text);
    bind_text(b, text);
}

static void bind_null(struct binding *b)
{
    took(b, sqlite3_bind_null(b->statement, ++b->at));
}

void bind_blob(struct binding *b, const struct store_blob *blob)
{
    if (blob->bytes)
        took(b, sqlite3_bind_blob64(b->statement, ++b->at, blob->bytes, blob->size, SQLITE_STATIC));
    else
        bind_null(b);
}

void bind_row_id(struct binding *b, int64_t id)
{
    if (id > 0)
        bind_int(b, id);
    else
        bind_null(b);
}

bool column_blob(sqlite3_stmt *statement, int k, struct store_blob *ret_blob)
{
    const void *bytes = sqlite3_column_blob(statement, k);
    size_t size = (size_t)sqlite3_column_bytes(statement, k);
    *ret_blob = (struct store_blob){0};
    if (!bytes)
        return sqlite3_column_type(statement, k) == SQLITE_NULL;
    unsigned char *copy = malloc(size + 1);
    if (!copy)
        return false;
    memcpy(copy, bytes, size);
    *ret_blob = (struct store_blob){copy, size};
    return true;
}

double column_real(sqlite3_stmt *statement, int k)
{
    return sqlite3_column_type(statement, k) == SQLITE_NULL ? NAN : sqlite3_column_double(statement, k);
}

void column_text(sqlite3_stmt *statement, int k, char *out, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(statement, k);
    snprintf(out, size, "%s", text ? text : "");
}
