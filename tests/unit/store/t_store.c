/* The session store: what is put is there, whatever happens to the file. SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <cmocka.h>

#include <sqlite3.h>

#include "../../lib/scratch.h"
#include "rows.h"
#include "store/schema.h"

/* A folder with one store in it, and what the store had to say. */
struct place {
    char folder[SCRATCH_SIZE], path[SCRATCH_SIZE + 16];
    struct store *store;
    struct store_options options;
    int notes;
    char note[1024];
    isd_error err;
};

static void keep_note(void *arg, const char *text)
{
    struct place *place = arg;
    snprintf(place->note, sizeof place->note, "%s", text);
    place->notes++;
}

static isd_status open_store(struct place *place)
{
    return store_open(place->path, &place->options, keep_note, place, &place->store, &place->err);
}

static void close_store(struct place *place)
{
    store_close(place->store);
    place->store = NULL;
}

static void reopen(struct place *place)
{
    close_store(place);
    assert_int_equal(open_store(place), ISD_OK);
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    if (!place || !scratch_make(place->folder))
        return -1;
    snprintf(place->path, sizeof place->path, "%s/s.isdb", place->folder);
    place->options.place = STORE_PLACE_LOCAL;
    *state = place;
    return open_store(place) == ISD_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    store_close(place->store);
    bool gone = scratch_drop(place->folder);
    free(place);
    return gone ? 0 : -1;
}

/* The C library's link, which some file systems do not have. */
static int faked_refusal;

int link(const char *from, const char *to)
{
    if (faked_refusal != 0) {
        errno = faked_refusal;
        return -1;
    }
    return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* The C library's statfs, with another answer where one is wanted. */
static unsigned long faked_magic;

int statfs(const char *path, struct statfs *ret_about)
{
    long result = syscall(SYS_statfs, path, ret_about);
    if (result == 0 && faked_magic != 0)
        ret_about->f_type = (__typeof__(ret_about->f_type))faked_magic;
    return (int)result;
}

static bool file_is_there(const struct place *place, const char *suffix)
{
    char path[SCRATCH_SIZE + 64];
    snprintf(path, sizeof path, "%s%s", place->path, suffix);
    return access(path, F_OK) == 0;
}

/* The first column of the first row, by a connection of its own. */
static void ask_file(const struct place *place, const char *sql, const char *wanted)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const char *found = (const char *)sqlite3_column_text(statement, 0);
    assert_string_equal(found ? found : "NULL", wanted);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void change_file(const struct place *place, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void put_pair(struct place *place)
{
    const struct store_set set = {"/data/a.dump\n/data/b.dump", "a", 12345, 99, 2};
    assert_int_equal(store_put_set(place->store, &set, NULL), ISD_OK);
    assert_int_equal(rows_put_structure(place->store, 0), ISD_OK);
    assert_int_equal(rows_put_structure(place->store, 1), ISD_OK);
    assert_int_equal(rows_put_matching(place->store, 0, true, true, 0.01), ISD_OK);
    assert_int_equal(store_commit(place->store, &place->err), ISD_OK);
}

/* --- what is kept --- */

static void structures_bit_by_bit(void **state)
{
    struct place *place = *state;
    put_pair(place);
    for (int again = 0; again < 2; again++) {
        struct store_structure row, wanted = rows_structure(1);
        assert_true(rows_has_structure(place->store, 0) && rows_has_structure(place->store, 1));
        assert_false(rows_has_structure(place->store, 2));
        assert_true(store_get_structure(place->store, &wanted.key, &row));
        assert_memory_equal(row.virial, wanted.virial, sizeof row.virial);
        assert_memory_equal(row.periodic, wanted.periodic, sizeof row.periodic);
        assert_string_equal(row.method, "lbfgs");
        assert_string_equal(row.kernel, "plain");
        assert_string_equal(row.stop, "force");
        assert_true(row.converged && row.fmax == wanted.fmax && row.fnorm == wanted.fnorm && row.seconds == wanted.seconds &&
                    row.energy_start == wanted.energy_start && row.iterations == 1 && row.max_iterations == 100000);
        assert_true(hash128_equal(&row.frame.fingerprint, &wanted.frame.fingerprint));
        reopen(place);
    }
}

static void pins_bit_by_bit(void **state)
{
    struct place *place = *state;
    struct store_structure row, wanted = rows_structure(3);
    struct store_structure_arrays none = {{0}};
    wanted.n_pins = 4;
    wanted.pin[0] = 1;
    wanted.pin[1] = 3;
    wanted.pin_fmax = 1e-9;
    wanted.pin_at = 2.0002;
    wanted.pin_inside = 1.0 / 3;
    wanted.pin_outside = -1e-300;
    assert_int_equal(store_pack_doubles((double[]){0}, 1, &none.positions, NULL), ISD_OK);
    assert_int_equal(store_put_structure(place->store, &wanted, &none, NULL), ISD_OK);
    put_pair(place);
    reopen(place);
    assert_true(store_get_structure(place->store, &wanted.key, &row) && row.n_pins == 4 && row.pin[0] == 1 && row.pin[1] == 3);
    assert_true(row.fmax == wanted.fmax && row.pin_fmax == 1e-9 && row.pin_at == 2.0002 && row.pin_inside == 1.0 / 3 && row.pin_outside == -1e-300);
    struct hash128 key = rows_key("structure", 0);
    assert_true(store_get_structure(place->store, &key, &row) && row.n_pins == 0);
}

static isd_status put_numbers(struct store *store, int number, bool of_table, bool of_structures)
{
    const double values[3] = {number, 1.0 / 3, NAN};
    struct store_set_result row = {.key = rows_key("numbers", number), .of_table = of_table, .of_structures = of_structures, .kind = "dynamics",
                                   .parameters = "", .n = 3};
    isd_status status = store_pack_doubles(values, 3, &row.value, NULL);
    return status == ISD_OK ? store_put_set_result(store, &row, NULL) : status;
}

static bool has_numbers(struct store *store, int number)
{
    struct hash128 key = rows_key("numbers", number);
    struct store_blob value;
    double values[3] = {0};
    size_t n = 0;
    if (!store_get_set_result(store, &key, &n, &value))
        return false;
    assert_true(n == 3 && store_unpack_doubles(&value, n, values, NULL) == ISD_OK);
    assert_true(values[0] == number && values[1] == 1.0 / 3 && isnan(values[2]));
    store_blob_done(&value);
    return true;
}

static void numbers_of_sets_and_tables(void **state)
{
    struct place *place = *state;
    const struct store_set set = {.paths = "/a", .name = "a", .bytes = 1, .modified = 1, .frames = 1};
    struct store_counts counts;
    int64_t rows = 0;
    assert_int_equal(store_put_set(place->store, &set, NULL), ISD_OK);
    for (int k = 0; k < 4; k++)
        assert_int_equal(put_numbers(place->store, k, k == 3, k == 1), ISD_OK);
    assert_int_equal(store_waiting(place->store), 4);
    assert_int_equal(store_commit(place->store, NULL), ISD_OK);
    reopen(place);
    for (int k = 0; k < 4; k++)
        assert_true(has_numbers(place->store, k));
    assert_false(has_numbers(place->store, 4));
    assert_true(store_count(place->store, &counts) && counts.results == 4);
    assert_int_equal(store_forget(place->store, STORE_STRUCTURES, &rows, NULL), ISD_OK);
    assert_true(rows == 1 && !has_numbers(place->store, 1) && has_numbers(place->store, 2));
    change_file(place, "PRAGMA foreign_keys = ON; DELETE FROM sets"); /* what was of the set goes with it */
    assert_true(!has_numbers(place->store, 0) && has_numbers(place->store, 3));
    assert_int_equal(store_forget(place->store, STORE_RESULTS, &rows, NULL), ISD_OK);
    assert_true(rows == 1 && !has_numbers(place->store, 3));
}

static void collect_note(void *arg, const char *place, const char *text)
{
    char *all = arg;
    size_t used = strlen(all);
    snprintf(all + used, 200 - used, "%s: %s; ", place, text);
}

/* In their order, each once, until their set is forgotten. */
static void notes_are_kept(void **state)
{
    struct place *place = *state;
    const struct store_set set = {.paths = "/a", .name = "a", .bytes = 1, .modified = 1, .frames = 1};
    char all[200] = "";
    int64_t rows = 0;
    assert_int_equal(store_put_set(place->store, &set, NULL), ISD_OK);
    assert_int_equal(store_put_note(place->store, "a 0:7", "a ring of \"5\"", 10, NULL), ISD_OK);
    assert_int_equal(store_put_note(place->store, "a", "second", 11, NULL), ISD_OK);
    assert_int_equal(store_put_note(place->store, "a 0:7", "a ring of \"5\"", 12, NULL), ISD_OK);
    assert_int_equal(store_waiting(place->store), 3);
    store_get_notes(place->store, collect_note, all);
    assert_string_equal(all, ""); /* nothing is there before the commit */
    assert_int_equal(store_commit(place->store, NULL), ISD_OK);
    reopen(place);
    store_get_notes(place->store, collect_note, all);
    assert_string_equal(all, "a 0:7: a ring of \"5\"; a: second; ");
    ask_file(place, "SELECT min(at) FROM notes", "10");
    assert_int_equal(store_forget(place->store, STORE_RESULTS, &rows, NULL), ISD_OK);
    ask_file(place, "SELECT count(*) FROM notes", "2");
    assert_int_equal(store_forget(place->store, STORE_ALL, &rows, NULL), ISD_OK);
    ask_file(place, "SELECT count(*) FROM notes", "0");
}

static void matchings_bit_by_bit(void **state)
{
    struct place *place = *state;
    put_pair(place);
    reopen(place);
    struct store_matching row, wanted = rows_matching(0, true);
    struct store_matching_arrays arrays;
    int32_t partner[ROWS_ATOMS];
    double duals[ROWS_ATOMS];
    assert_true(store_get_matching(place->store, &wanted.key, &row));
    assert_true(row.sum_sq == wanted.sum_sq && row.dual == wanted.dual && row.gap_abs == wanted.gap_abs && row.bound == wanted.bound);
    assert_true(row.rmsd == wanted.rmsd && isnan(row.rmsd_unwrapped) && row.drift[2] == -1e-17 && row.longest == 2);
    assert_int_equal(row.n_types, 2);
    assert_memory_equal(&row.per_type[1], &wanted.per_type[1], sizeof row.per_type[1]);
    assert_true(store_get_matching_arrays(place->store, &wanted.key, &arrays));
    assert_int_equal(store_unpack_int32(&arrays.partner, ROWS_ATOMS, partner, NULL), ISD_OK);
    assert_int_equal(store_unpack_doubles(&arrays.duals, ROWS_ATOMS, duals, NULL), ISD_OK);
    assert_true(partner[2] == -1 && duals[2] == -0.2);
    store_blob_done(&arrays.partner);
    store_blob_done(&arrays.duals);
}

static void repeats_change_nothing(void **state)
{
    struct place *place = *state;
    struct store_counts counts;
    put_pair(place);
    put_pair(place);
    assert_true(store_count(place->store, &counts));
    assert_true(counts.sets == 1 && counts.frames == 2 && counts.structures == 2 && counts.matchings == 1);
    assert_int_equal(counts.frames_quenched, 2);
}

static void numbers_first_arrays_later(void **state)
{
    struct place *place = *state;
    struct hash128 key = rows_key("raw matching", 4);
    struct store_matching row;
    struct store_matching_arrays arrays;
    assert_int_equal(rows_put_matching(place->store, 4, false, false, 1), ISD_OK);
    assert_int_equal(store_commit(place->store, NULL), ISD_OK);
    assert_true(store_get_matching(place->store, &key, &row) && row.seconds == 1 && !row.of_structures);
    assert_false(store_get_matching_arrays(place->store, &key, &arrays));
    for (int again = 2; again < 4; again++) { /* the second time it is there whole, and stays */
        assert_int_equal(rows_put_matching(place->store, 4, false, true, again), ISD_OK);
        assert_int_equal(store_commit(place->store, NULL), ISD_OK);
        assert_true(store_get_matching(place->store, &key, &row) && row.seconds == 2 && row.n_types == 2);
        assert_true(store_get_matching_arrays(place->store, &key, &arrays));
        store_blob_done(&arrays.partner);
        store_blob_done(&arrays.duals);
    }
}

static void other_rows(void **state)
{
    struct place *place = *state;
    const double counts[3] = {1, 2, 3};
    double back[3];
    struct store_result result = {.key = rows_key("gr", 1), .frame = rows_frame(1), .kind = "gr", .parameters = "bins 3"};
    struct store_blob value, points = {(unsigned char *)strdup("points"), 6};
    char text[32];
    assert_int_equal(store_pack_doubles(counts, 3, &result.value, NULL), ISD_OK);
    assert_int_equal(store_put_result(place->store, &result, NULL), ISD_OK);
    assert_int_equal(store_put_setting(place->store, "colour", "blue", NULL), ISD_OK);
    assert_int_equal(store_put_command(place->store, 10, 11, "quench all", true, NULL), ISD_OK);
    assert_int_equal(store_put_points(place->store, "/data/x.gz", 5, 6, "sum", &points, NULL), ISD_OK);
    assert_int_equal(store_waiting(place->store), 1); /* the others are no results */
    assert_int_equal(store_commit(place->store, NULL), ISD_OK);
    assert_int_equal(store_waiting(place->store), 0);
    reopen(place);
    assert_true(store_get_result(place->store, &result.key, &value));
    assert_int_equal(store_unpack_doubles(&value, 3, back, NULL), ISD_OK);
    assert_memory_equal(counts, back, sizeof back);
    store_blob_done(&value);
    assert_true(store_get_setting(place->store, "colour", text, sizeof text));
    assert_string_equal(text, "blue");
    assert_true(store_get_points(place->store, "/data/x.gz", 5, 6, "sum", &points));
    assert_memory_equal(points.bytes, "points", 6);
    store_blob_done(&points);
    assert_false(store_get_points(place->store, "/data/x.gz", 5, 7, "sum", &points)); /* another file by now */
    ask_file(place, "SELECT command || status FROM log_readable", "quench alldone");
}

static void only_what_was_committed(void **state)
{
    struct place *place = *state;
    assert_int_equal(rows_put_structure(place->store, 0), ISD_OK);
    assert_false(rows_has_structure(place->store, 0));
    reopen(place);
    assert_false(rows_has_structure(place->store, 0));
}

static void counts_of_frames(void **state)
{
    struct place *place = *state;
    struct hash128 frames[3] = {rows_frame(0).fingerprint, rows_frame(1).fingerprint, rows_frame(7).fingerprint};
    struct store_counts counts;
    char names[64];
    int64_t opened = 0;
    put_pair(place);
    assert_true(store_count_frames(place->store, frames, 3, &counts));
    assert_true(counts.frames == 2 && counts.frames_quenched == 2 && counts.matchings == 1);
    assert_true(store_sets(place->store, names, sizeof names, &opened));
    assert_string_equal(names, "a");
    assert_true(opened > 1000000000);
}

static void views_for_people(void **state)
{
    struct place *place = *state;
    put_pair(place);
    ask_file(place, "SELECT printf('%s %d:%d %s %s %g', \"set\", \"from\", \"to\", \"of\", certified, d_min) FROM matchings_readable",
             "a 0:1 is yes 0.3");
    ask_file(place, "SELECT printf('%s %d %s %.12g', \"set\", frame, converged, energy) FROM structures_readable WHERE frame = 1",
             "a 1 yes -0.1");
    ask_file(place, "SELECT printf('%d of %d, %d', frames_quenched, frames, matchings) FROM sets_readable", "2 of 2, 1");
}

static void forgetting(void **state)
{
    struct place *place = *state;
    int64_t rows = 0;
    struct store_counts counts;
    put_pair(place);
    assert_int_equal(store_forget(place->store, STORE_MATCHINGS, &rows, NULL), ISD_OK);
    assert_int_equal(rows, 1);
    put_pair(place);
    assert_int_equal(store_forget(place->store, STORE_STRUCTURES, &rows, NULL), ISD_OK);
    assert_int_equal(rows, 3); /* the matching is of them */
    put_pair(place);
    assert_int_equal(store_forget(place->store, STORE_ALL, &rows, NULL), ISD_OK);
    assert_true(store_count(place->store, &counts) && counts.frames == 0 && counts.sets == 0);
    ask_file(place, "SELECT count(*) FROM structure_arrays", "0");
    ask_file(place, "SELECT count(*) FROM matching_arrays", "0");
    put_pair(place); /* and goes on */
    assert_true(rows_has_structure(place->store, 1));
}

static void copies(void **state)
{
    struct place *place = *state;
    char original[sizeof place->path];
    struct stat about;
    put_pair(place);
    strcpy(original, place->path);
    snprintf(place->path, sizeof place->path, "%s/copy.isdb", place->folder);
    assert_int_equal(store_copy(place->store, place->path, &place->err), ISD_OK);
    assert_int_equal(store_copy(place->store, place->path, &place->err), ISD_IO); /* never over another file */
    assert_int_equal(store_copy(place->store, "/nowhere/copy.isdb", &place->err), ISD_IO);
    reopen(place);
    assert_string_equal(store_path(place->store), place->path);
    assert_true(rows_has_structure(place->store, 1));
    assert_int_equal(stat(place->path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    strcpy(place->path, original);
}

/* --- the file --- */

static void settings_of_the_file(void **state)
{
    struct place *place = *state;
    struct stat about;
    char version[16];
    assert_int_equal(stat(place->path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_string_equal(store_journal(place->store), "wal");
    ask_file(place, "PRAGMA application_id", "1230193741");
    snprintf(version, sizeof version, "%d", store_schema_version());
    ask_file(place, "PRAGMA user_version", version);
    ask_file(place, "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'", "0");
    assert_int_equal(store_check(place->store, &place->err), ISD_OK);
    close_store(place);
    assert_false(file_is_there(place, "-wal"));
}

static void newer_is_refused(void **state)
{
    struct place *place = *state;
    put_pair(place);
    close_store(place);
    change_file(place, "PRAGMA user_version = 1000");
    assert_int_equal(open_store(place), ISD_UNSUPPORTED);
    assert_non_null(strstr(place->err.what, "newer"));
    assert_true(file_is_there(place, ""));
    ask_file(place, "SELECT count(*) FROM structures", "2");
}

static void older_is_brought_up_to_date(void **state)
{
    struct place *place = *state;
    sqlite3 *db = NULL;
    struct store_counts counts;
    char names[64];
    int64_t opened = 0;
    assert_true(store_schema_version() >= 3);
    put_pair(place);
    close_store(place);
    /* As schema 1 left it: the views of number 2 and the tables of numbers 3 and 4 are not there. */
    change_file(place, "DROP VIEW structures_readable; DROP VIEW matchings_readable; DROP VIEW sets_readable;"
                       "DROP VIEW log_readable; DROP TABLE pins; DROP TABLE set_results; DROP TABLE notes; PRAGMA user_version = 1");
    assert_true(store_peek(place->path, &counts, names, sizeof names, &opened) && counts.structures == 2); /* not brought up to date */
    reopen(place);
    assert_int_equal(place->notes, 0);
    assert_true(rows_has_structure(place->store, 0));
    ask_file(place, "SELECT count(*) FROM structures_readable", "2");
    ask_file(place, "SELECT count(*) FROM set_results", "0");
    close_store(place);
    /* Every number from nothing, one after the other, too. */
    assert_int_equal(remove(place->path), 0);
    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    for (int version = 1; version <= store_schema_version(); version++)
        assert_int_equal(schema_update(db, version), SQLITE_OK);
    assert_int_equal(schema_update(db, 1), SQLITE_MISMATCH);
    sqlite3_close(db);
}

/* Writes over a piece of the file. */
static void spoil(const struct place *place, off_t at, size_t length)
{
    int fd = open(place->path, O_WRONLY);
    char rubbish[4096];
    memset(rubbish, 0xa5, sizeof rubbish);
    assert_true(fd >= 0);
    for (size_t done = 0; done < length; done += sizeof rubbish)
        assert_true(pwrite(fd, rubbish, length - done < sizeof rubbish ? length - done : sizeof rubbish, at + (off_t)done) > 0);
    close(fd);
}

static void damaged_is_set_aside(void **state)
{
    static const struct {
        off_t at;
        size_t length;
    } spots[] = {{0, 4096}, {100, 500}, {4096, 40000}, {20, 4}};
    struct place *place = *state;
    char suffix[32];
    for (int k = 0; k < 4; k++) {
        put_pair(place);
        close_store(place);
        spoil(place, spots[k].at, spots[k].length);
        assert_int_equal(open_store(place), ISD_OK);
        assert_int_equal(place->notes, k + 1);
        assert_non_null(strstr(place->note, "damaged"));
        snprintf(suffix, sizeof suffix, ".damaged-%d", k + 1);
        assert_true(file_is_there(place, suffix));
        assert_false(rows_has_structure(place->store, 0));
    }
    put_pair(place);
    assert_true(rows_has_structure(place->store, 0));
}

static void damage_found_later(void **state)
{
    struct place *place = *state;
    put_pair(place);
    close_store(place);
    assert_int_equal(open_store(place), ISD_OK);
    change_file(place, "PRAGMA wal_checkpoint(TRUNCATE)");
    spoil(place, 0, 65536); /* under the program's hands */
    for (int k = 0; k < 300 && !place->notes; k++) {
        assert_int_equal(rows_put_structure(place->store, 10 + k), ISD_OK);
        store_commit(place->store, &place->err);
    }
    assert_true(place->notes > 0);
    assert_int_equal(store_commit(place->store, &place->err), ISD_OK);
    assert_int_equal(store_check(place->store, &place->err), ISD_OK);
}

static void not_a_store(void **state)
{
    struct place *place = *state;
    close_store(place);
    assert_int_equal(remove(place->path), 0);
    /* Another program's database is left alone whatever it is called. */
    change_file(place, "CREATE TABLE t (x); PRAGMA application_id = 5");
    assert_int_equal(open_store(place), ISD_DATA);
    assert_non_null(strstr(place->err.what, "another program"));
    snprintf(place->path, sizeof place->path, "%s/a.dump", place->folder);
    FILE *f = fopen(place->path, "w");
    assert_true(f && fputs("ITEM: TIMESTEP\n0\n", f) >= 0 && fclose(f) == 0);
    assert_int_equal(open_store(place), ISD_DATA); /* as in -s DATA by mistake */
    assert_false(file_is_there(place, ".damaged-1"));
    place->options.own_folder = true;
    assert_int_equal(open_store(place), ISD_OK);
    assert_true(file_is_there(place, ".damaged-1"));
    close_store(place);
    strcpy(place->path, place->folder);
    assert_int_equal(open_store(place), ISD_DATA);
}

static void replaced_under_our_hands(void **state)
{
    struct place *place = *state;
    put_pair(place);
    assert_int_equal(remove(place->path), 0); /* `rm` while the program runs */
    assert_int_equal(rows_put_structure(place->store, 5), ISD_OK);
    assert_int_equal(store_commit(place->store, &place->err), ISD_OK);
    reopen(place);
    assert_true(rows_has_structure(place->store, 5));
}

/* --- when writing fails --- */

enum { NOBODY = 65534 };

static void read_only(void **state)
{
    struct place *place = *state;
    put_pair(place);
    close_store(place);
    bool root = geteuid() == 0; /* who may write anything */
    if (root)
        assert_true(chown(place->folder, NOBODY, NOBODY) == 0 && chown(place->path, NOBODY, NOBODY) == 0 &&
                    setresuid(NOBODY, NOBODY, 0) == 0);
    assert_int_equal(chmod(place->path, 0400), 0);
    for (int folder_too = 0; folder_too < 2; folder_too++) {
        if (folder_too)
            assert_int_equal(chmod(place->folder, 0500), 0);
        assert_int_equal(open_store(place), ISD_OK);
        assert_int_equal(place->notes, 1 + folder_too);
        assert_false(store_can_write(place->store));
        assert_true(rows_has_structure(place->store, 1));
        assert_int_equal(rows_put_structure(place->store, 5), ISD_OK);
        assert_int_equal(store_commit(place->store, &place->err), ISD_IO);
        assert_int_equal(store_waiting(place->store), 1);
        close_store(place);
    }
    assert_int_equal(chmod(place->folder, 0700), 0);
    assert_true(!root || setresuid(0, 0, 0) == 0);
}

static void busy_is_tried_again(void **state)
{
    struct place *place = *state;
    sqlite3 *other = NULL;
    place->options.busy_milliseconds = 20;
    reopen(place);
    assert_int_equal(sqlite3_open(place->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(rows_put_structure(place->store, 3), ISD_OK);
    assert_int_equal(store_commit(place->store, &place->err), ISD_IO);
    assert_non_null(strstr(place->err.what, "another program"));
    assert_int_equal(store_waiting(place->store), 1);
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(store_commit(place->store, &place->err), ISD_OK);
    assert_true(rows_has_structure(place->store, 3));
    sqlite3_close(other);
}

static void two_programs(void **state)
{
    enum { EACH = 100 };
    struct place *place = *state;
    int status = -1;
    close_store(place);
    pid_t child = fork();
    assert_true(child >= 0);
    for (int side = child == 0, k = side; k < 2 * EACH; k += 2) {
        if (!place->store && open_store(place) != ISD_OK)
            _exit(side ? 1 : 2);
        bool good = rows_put_structure(place->store, k) == ISD_OK && rows_put_structure(place->store, 1000) == ISD_OK &&
                    store_commit(place->store, &place->err) == ISD_OK;
        if (!good && side)
            _exit(3);
        assert_true(good);
        if (k % 20 == side)
            close_store(place);
    }
    if (child == 0) {
        close_store(place);
        _exit(0);
    }
    assert_true(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close_store(place);
    assert_int_equal(open_store(place), ISD_OK);
    for (int k = 0; k < 2 * EACH; k++)
        assert_true(rows_has_structure(place->store, k));
    assert_int_equal(store_check(place->store, &place->err), ISD_OK);
}

/* --- file systems shared by several hosts --- */

static void shared_is_for_one(void **state)
{
    struct place *place = *state;
    struct store *second = NULL;
    place->options.place = STORE_PLACE_SHARED;
    put_pair(place);
    reopen(place); /* from WAL to a rollback journal */
    assert_string_equal(store_journal(place->store), "delete");
    assert_true(file_is_there(place, ".lock") && rows_has_structure(place->store, 1));
    assert_int_equal(rows_put_structure(place->store, 2), ISD_OK);
    assert_int_equal(store_commit(place->store, NULL), ISD_OK);
    assert_false(file_is_there(place, "-shm"));
    assert_int_equal(store_open(place->path, &place->options, keep_note, place, &second, &place->err), ISD_IO);
    assert_non_null(strstr(place->err.what, "in use by process"));
    /* The patient one starts without, and writes when the first has gone. */
    struct store_options patient = place->options;
    patient.patience = STORE_PATIENT_IF_IT_MAY_PASS;
    assert_int_equal(store_open(place->path, &patient, keep_note, place, &second, &place->err), ISD_OK);
    assert_int_equal(place->notes, 1);
    assert_int_equal(rows_put_structure(second, 3), ISD_OK);
    assert_int_equal(store_commit(second, &place->err), ISD_IO);
    assert_false(rows_has_structure(second, 2));
    close_store(place);
    assert_false(file_is_there(place, ".lock"));
    assert_int_equal(store_commit(second, &place->err), ISD_OK);
    assert_true(rows_has_structure(second, 3) && rows_has_structure(second, 2));
    store_close(second);
    assert_false(file_is_there(place, ".lock"));
}

/* File systems that know no links have locks and copies all the same, and nothing in the way is replaced. */
static void without_links(void **state)
{
    static const int refusals[] = {EPERM, EOPNOTSUPP, ENOSYS};
    struct place *place = *state;
    struct store *second = NULL;
    char copy[SCRATCH_SIZE + 32];
    close_store(place);
    place->options.place = STORE_PLACE_SHARED;
    for (size_t k = 0; k < sizeof refusals / sizeof *refusals; k++) {
        faked_refusal = refusals[k];
        assert_int_equal(open_store(place), ISD_OK);
        assert_true(file_is_there(place, ".lock"));
        assert_int_equal(store_open(place->path, &place->options, keep_note, place, &second, &place->err), ISD_IO);
        assert_non_null(strstr(place->err.what, "in use by process"));
        snprintf(copy, sizeof copy, "%s/copy-%zu.isdb", place->folder, k);
        assert_int_equal(store_copy(place->store, copy, &place->err), ISD_OK);
        assert_int_equal(store_copy(place->store, copy, &place->err), ISD_IO);
        assert_non_null(strstr(place->err.what, "there is a file of this name"));
        close_store(place);
        assert_false(file_is_there(place, ".lock"));
    }
    faked_refusal = 0;
}

/* On file systems of several hosts: what is in a folder that may not be written to is read, without a lock. */
static void shared_may_only_be_read(void **state)
{
    static const int refusals[] = {EACCES, EROFS};
    struct place *place = *state;
    place->options.place = STORE_PLACE_SHARED;
    put_pair(place);
    for (size_t k = 0; k < 2; k++) {
        close_store(place);
        faked_refusal = refusals[k];
        place->notes = 0;
        assert_int_equal(open_store(place), ISD_OK);
        assert_true(!store_can_write(place->store) && rows_has_structure(place->store, 1) && !file_is_there(place, ".lock"));
        assert_true(place->notes == 1 && strstr(place->note, "can only be read") != NULL);
        assert_int_equal(rows_put_structure(place->store, 7), ISD_OK);
        assert_int_equal(store_commit(place->store, &place->err), ISD_IO);
        assert_non_null(strstr(place->err.what, "may not be written to"));
        faked_refusal = 0;
        reopen(place); /* whoever may write is not held up by readers */
        assert_true(store_can_write(place->store) && !rows_has_structure(place->store, 7));
    }
    close_store(place);
    assert_int_equal(unlink(place->path), 0);
    faked_refusal = EROFS; /* nothing is there to be read */
    assert_int_equal(open_store(place), ISD_IO);
    assert_non_null(strstr(place->err.what, "cannot be locked"));
    faked_refusal = 0;
}

static void write_lock(const struct place *place, const char *host, long process, unsigned long long start)
{
    char path[SCRATCH_SIZE + 32];
    snprintf(path, sizeof path, "%s.lock", place->path);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "%s %ld %llu\n", host, process, start);
    assert_int_equal(fclose(f), 0);
}

static void locks_of_the_dead(void **state)
{
    struct place *place = *state;
    char host[256];
    int status;
    assert_int_equal(gethostname(host, sizeof host), 0);
    close_store(place);
    place->options.place = STORE_PLACE_SHARED;
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    assert_int_equal(waitpid(child, &status, 0), child);
    write_lock(place, host, child, 1); /* gone */
    assert_int_equal(open_store(place), ISD_OK);
    close_store(place);
    write_lock(place, host, getpid(), 1); /* the number is another process's now */
    assert_int_equal(open_store(place), ISD_OK);
    close_store(place);
    write_lock(place, "another-host", child, 1); /* nobody can know */
    assert_int_equal(open_store(place), ISD_IO);
    assert_non_null(strstr(place->err.what, "another-host"));
    assert_non_null(strstr(place->err.hint, ".lock"));
}

static void kinds_of_file_systems(void **state)
{
    static const struct {
        unsigned long magic; /* linux/magic.h, statfs(2) */
        const char *name, *journal;
    } kinds[] = {
        {0xef53, "ext4", "wal"},      {0x58465342, "xfs", "wal"},       {0x9123683e, "btrfs", "wal"},     {0x01021994, "tmpfs", "wal"},
        {0x794c7630, "overlay", "wal"}, {0x6969, "NFS", "delete"},      {0xff534d42, "CIFS", "delete"},   {0xfe534d42, "SMB2", "delete"},
        {0x517b, "SMB", "delete"},    {0x65735546, "FUSE", "delete"},   {0x0bd00bd0, "Lustre", "delete"}, {0x47504653, "GPFS", "delete"},
        {0x00c36400, "Ceph", "delete"}, {0x19830326, "BeeGFS", "delete"}, {0x5346414f, "AFS", "delete"},  {0x01021997, "9P", "delete"},
        {0x12345678, "a file system not known", "delete"},
    };
    struct place *place = *state;
    place->options.place = STORE_PLACE_ASK;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const char *name = NULL;
        faked_magic = kinds[k].magic;
        bool local = strcmp(kinds[k].journal, "wal") == 0;
        assert_int_equal(store_place_of(place->path, &name), local ? STORE_PLACE_LOCAL : STORE_PLACE_SHARED);
        assert_string_equal(name, kinds[k].name);
        reopen(place);
        assert_string_equal(store_journal(place->store), kinds[k].journal);
        assert_int_equal(file_is_there(place, ".lock"), !local);
        assert_int_equal(rows_put_structure(place->store, (int)k + 1), ISD_OK);
        assert_int_equal(store_commit(place->store, NULL), ISD_OK);
        assert_true(rows_has_structure(place->store, 1) && file_is_there(place, "-shm") == local);
    }
    faked_magic = 0;
    const char *name = NULL;
    assert_int_equal(store_place_of("/proc/x", &name), STORE_PLACE_SHARED); /* not one of those that are known to do */
    assert_string_equal(name, "a file system not known");
    if (store_place_of("/dev/shm/x", &name) == STORE_PLACE_LOCAL)
        assert_string_equal(name, "tmpfs");
}

static void folders_for_one_user(void **state)
{
    struct place *place = *state;
    char path[SCRATCH_SIZE + 32];
    struct stat about;
    snprintf(path, sizeof path, "%s/one/two/three", place->folder);
    assert_int_equal(store_make_folder(path, NULL), ISD_OK);
    assert_int_equal(store_make_folder(path, NULL), ISD_OK);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    assert_int_equal(store_make_folder("/proc/none/of/these", &place->err), ISD_IO);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(structures_bit_by_bit),
        TEST(pins_bit_by_bit),
        TEST(numbers_of_sets_and_tables),
        TEST(notes_are_kept),
        TEST(matchings_bit_by_bit),
        TEST(repeats_change_nothing),
        TEST(numbers_first_arrays_later),
        TEST(other_rows),
        TEST(only_what_was_committed),
        TEST(counts_of_frames),
        TEST(views_for_people),
        TEST(forgetting),
        TEST(copies),
        TEST(settings_of_the_file),
        TEST(newer_is_refused),
        TEST(older_is_brought_up_to_date),
        TEST(damaged_is_set_aside),
        TEST(damage_found_later),
        TEST(not_a_store),
        TEST(replaced_under_our_hands),
        TEST(read_only),
        TEST(busy_is_tried_again),
        TEST(two_programs),
        TEST(shared_is_for_one), TEST(without_links), TEST(shared_may_only_be_read),
        TEST(locks_of_the_dead),
        TEST(kinds_of_file_systems),
        TEST(folders_for_one_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
