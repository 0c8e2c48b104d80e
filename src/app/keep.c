/* The stores of a session: which file, opening, committing, the end. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/keep.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/keep_inside.h"
#include "base/clock.h"

enum { MOST_LINES = 1000 /* of the log, waiting for a store */ };
#define RETRY_SECONDS 5.0 /* between tries of a store that cannot be written */

/* --- where --- */

char *keep_cache_folder(bool make, isd_error *err)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    char *folder = NULL;
    int length = -1;
    if (cache && cache[0] == '/') /* the XDG rules ignore relative paths */
        length = asprintf(&folder, "%s/isdmin", cache);
    else if (home && home[0] == '/')
        length = asprintf(&folder, "%s/.cache/isdmin", home);
    if (length < 0) {
        isd_error_set(err, ISD_IO, "neither $XDG_CACHE_HOME nor $HOME says where");
        return NULL;
    }
    if (make && store_make_folder(folder, err) != ISD_OK) {
        free(folder);
        return NULL;
    }
    return folder;
}

static void told_none(struct session *session, const isd_error *err)
{
    if (!session->keep->told_none)
        session_message(session, "note: results are kept in memory alone: %s%s%s", err->where, err->where[0] ? ": " : "", err->what);
    session->keep->told_none = true;
}

/* A store_note_fn; on the thread that writes it is put down, and told when that is done. */
static void note_of_file(void *arg, const char *text)
{
    struct kept_file *file = arg;
    if (!file->lent) {
        session_note_text(file->session, text);
        return;
    }
    size_t length = strlen(text) + 1;
    struct kept_note *note = malloc(sizeof *note + length);
    if (!note)
        return;
    note->next = NULL;
    memcpy(note->text, text, length);
    if (file->last_note)
        file->last_note->next = note;
    else
        file->first_note = note;
    file->last_note = note;
}

isd_status session_keep(struct session *session, enum keep_mode mode, const char *file, isd_error *err)
{
    struct keep *keep = calloc(1, sizeof *keep);
    if (!keep)
        return isd_error_memory(err);
    keep->mode = mode;
    keep->started = (int64_t)time(NULL);
    if (mode == KEEP_IN_FILE) {
        struct store_options options = {.patience = STORE_PATIENT_IF_IT_MAY_PASS};
        keep->file[0].session = session;
        isd_status status = store_open(file, &options, note_of_file, &keep->file[0], &keep->file[0].store, err);
        if (status != ISD_OK) {
            free(keep);
            return status;
        }
        keep->n_files = 1;
    }
    keep_free(session->keep);
    session->keep = keep;
    return ISD_OK;
}

static void take_notes(struct kept_file *file, bool tell)
{
    while (file->first_note) {
        struct kept_note *note = file->first_note;
        file->first_note = note->next;
        if (tell)
            session_note_text(file->session, note->text);
        free(note);
    }
    file->last_note = NULL;
}

static void drop_line(struct keep *keep)
{
    struct log_line *line = keep->first_line;
    keep->first_line = line->next;
    if (!keep->first_line)
        keep->last_line = NULL;
    keep->n_lines--;
    free(line);
}

void keep_free(struct keep *keep)
{
    if (!keep)
        return;
    job_pool_free(keep->writer); /* what it is at is done first; results are safe or were not told of */
    for (int k = 0; k < keep->n_files; k++) {
        keep->file[k].writing = NULL;
        take_notes(&keep->file[k], false);
        store_close(keep->file[k].store);
    }
    for (int t = 0; t <= ISD_MAX_TYPES; t++)
        free(keep->potential[t]);
    while (keep->first_line)
        drop_line(keep);
    free(keep->folder);
    free(keep);
}

bool keep_is_wanted(const struct session *session)
{
    return session->keep && session->keep->mode != KEEP_NOTHING;
}

bool keep_is_on(const struct session *session)
{
    return keep_is_wanted(session) && session->current >= 0 && session_current(session)->kept >= 0;
}

/* --- the store of a set --- */

/* Files of a set one a line, absolute; with their size and the time of the newest. Freed by the caller. */
static char *list_paths(const struct dataset *set, struct store_set *ret_row)
{
    char *text = NULL;
    size_t size = 0;
    const char *last = NULL;
    FILE *out = open_memstream(&text, &size);
    for (int32_t k = 0; out && k < set->n; k++) {
        const char *path = frame_set_info(set->frames, k)->path;
        char whole[PATH_MAX];
        struct stat about;
        if (last && strcmp(path, last) == 0)
            continue;
        fprintf(out, "%s%s", last ? "\n" : "", realpath(path, whole) ? whole : path);
        last = path;
        if (stat(path, &about) != 0)
            continue;
        int64_t modified = (int64_t)about.st_mtim.tv_sec * 1000000000 + about.st_mtim.tv_nsec;
        ret_row->bytes += about.st_size;
        ret_row->modified = modified > ret_row->modified ? modified : ret_row->modified;
    }
    bool failed = !out || ferror(out) != 0;
    if ((out && fclose(out) != 0) || failed) {
        free(text);
        return NULL;
    }
    return text;
}

/* Rows that follow are of this set. */
static void name_set(struct store *store, const struct dataset *set)
{
    struct store_set row = {.name = set->name, .frames = set->n};
    char *paths = list_paths(set, &row);
    row.paths = paths;
    if (paths)
        store_put_set(store, &row, NULL);
    free(paths);
}

static int find_file(const struct keep *keep, const char *path)
{
    for (int k = 0; k < keep->n_files; k++)
        if (strcmp(store_path(keep->file[k].store), path) == 0)
            return k;
    return -1;
}

/* The cache's file of a set: by the contents of its first frame. Opens it; make: even if it is not there yet. Its number from 1; 0: not
 * there yet, -1: there is nowhere. */
static int open_cached(struct session *session, const struct frame_set *frames, bool make)
{
    struct keep *keep = session->keep;
    isd_error err;
    char name[HASH128_TEXT], *path = NULL;
    if (!keep->folder)
        keep->folder = keep_cache_folder(true, &err);
    if (!keep->folder) {
        told_none(session, &err);
        return -1;
    }
    hash128_text(&frame_set_info(frames, 0)->fingerprint, name);
    if (asprintf(&path, "%s/%s.isdb", keep->folder, name) < 0)
        return -1;
    int found = find_file(keep, path);
    if (found < 0 && !make && access(path, F_OK) != 0) {
        free(path);
        return 0; /* not yet */
    }
    struct store_options options = {.own_folder = true, .patience = STORE_PATIENT};
    const bool room = keep->n_files < SESSION_MAX_SETS; /* those of closed sets stay open */
    struct kept_file *file = room ? &keep->file[keep->n_files] : NULL;
    if (found < 0 && !room)
        isd_error_set(&err, ISD_USAGE, "%d stores are open already, no more fit", SESSION_MAX_SETS);
    if (room)
        *file = (struct kept_file){.session = session};
    if (found < 0 && room && store_open(path, &options, note_of_file, file, &file->store, &err) == ISD_OK) {
        utimensat(AT_FDCWD, path, NULL, 0); /* the cache forgets what was used least lately */
        found = keep->n_files++;
    }
    free(path);
    if (found < 0)
        told_none(session, &err);
    return found >= 0 ? found + 1 : -1;
}

struct store *keep_store_of(struct session *session, struct dataset *set, bool make)
{
    struct keep *keep = session->keep;
    if (!keep || keep->mode == KEEP_NOTHING || !set)
        return NULL;
    if (set->kept == 0)
        set->kept = keep->mode == KEEP_IN_FILE ? 1 : open_cached(session, set->frames, make);
    if (set->kept <= 0)
        return NULL;
    struct store *store = keep_file_own(&keep->file[set->kept - 1]);
    if (make && keep->named_set[set->kept - 1] != set->id) {
        name_set(store, set);
        keep->named_set[set->kept - 1] = set->id;
    }
    return store;
}

struct store *keep_store_of_id(struct session *session, int32_t set, bool make)
{
    return keep_store_of(session, session_set_of_id(session, set), make);
}

struct store *keep_store_of_frames(struct session *session, const struct frame_set *frames)
{
    struct keep *keep = session->keep;
    if (!keep || keep->mode == KEEP_NOTHING || frame_set_count(frames) == 0)
        return NULL;
    int file = keep->mode == KEEP_IN_FILE ? 1 : open_cached(session, frames, false);
    return file > 0 ? keep_file_own(&keep->file[file - 1]) : NULL;
}

/* --- what is known --- */

void keep_set_changed(struct session *session, struct dataset *set)
{
    struct keep *keep = session->keep;
    if (!keep || set->kept == 0)
        return;
    if (set->kept > 0)
        keep->named_set[set->kept - 1] = 0;
    if (keep->mode == KEEP_IN_CACHE)
        set->kept = 0; /* the first frame may be another */
}

void keep_tell_known(struct session *session, struct dataset *set)
{
    struct store *store = session->keep && session->keep->tell ? keep_store_of(session, set, false) : NULL;
    struct hash128 *frames = store ? malloc(((size_t)set->n + 1) * sizeof *frames) : NULL;
    struct store_counts counts;
    for (int32_t k = 0; frames && k < set->n; k++)
        frames[k] = frame_set_info(set->frames, k)->fingerprint;
    if (frames && store_count_frames(store, frames, set->n, &counts) && counts.structures + counts.matchings > 0)
        session_message(session, "%lld of %lld structures and %lld matching%s are known from before",
                        (long long)counts.frames_quenched, (long long)set->n, (long long)counts.matchings,
                        counts.matchings == 1 ? "" : "s");
    free(frames);
}

void session_keep_tell(struct session *session)
{
    if (session->keep)
        session->keep->tell = true;
}

/* Commands that were run before there was anything to keep. */
static void write_lines(struct keep *keep, struct store *store)
{
    for (; keep->first_line; drop_line(keep))
        store_put_command(store, keep->started, keep->first_line->at, keep->first_line->text, keep->first_line->done, NULL);
}

void session_keep_command(struct session *session, const char *command, bool done)
{
    struct keep *keep = session->keep;
    size_t length = strlen(command) + 1;
    struct log_line *line = keep && keep->mode != KEEP_NOTHING ? malloc(sizeof *line + length) : NULL;
    if (!line)
        return;
    *line = (struct log_line){.at = (int64_t)time(NULL), .done = done};
    memcpy(line->text, command, length);
    if (keep->last_line)
        keep->last_line->next = line;
    else
        keep->first_line = line;
    keep->last_line = line;
    if (++keep->n_lines > MOST_LINES)
        drop_line(keep);
    for (int k = 0; k < keep->n_files; k++)
        if (keep->file[k].writing) /* it goes along with the next results */
            return;
    struct store *store = keep_store(session, false);
    if (store && store_can_write(store))
        write_lines(keep, store);
}

void session_keep_note(struct session *session, const char *place, const char *text)
{
    struct store *store = keep_store(session, true);
    if (!store || !store_can_write(store))
        return;
    store_put_note(store, place, text, (int64_t)time(NULL), NULL);
    keep_commit(session);
}

void session_kept_notes(struct session *session, void (*take)(void *arg, const char *place, const char *text), void *arg)
{
    struct store *store = keep_store(session, false);
    if (store)
        store_get_notes(store, take, arg);
}

/* --- committing --- */

/* What a commit of `waiting` results came to. */
static void judge_commit(struct session *session, struct kept_file *file, int waiting, isd_status status, const isd_error *err)
{
    if (status == ISD_OK) {
        if (file->failing && waiting > 0)
            session_message(session, "note: %s: %d result%s that had waited %s kept now", store_path(file->store), waiting,
                            waiting == 1 ? "" : "s", waiting == 1 ? "is" : "are");
        file->failing = false;
        session->keep->wrote = true;
        return;
    }
    if (!file->failing && waiting > 0)
        session_message(session, "warning: %s: %s; results are kept in memory until it can be written (%s)", err->where, err->what, err->hint);
    file->failing = true;
    file->tried_at = clock_now();
    file->err = *err;
}

/* last: what is no result too, which else waits for one. */
static bool has_to_commit(const struct kept_file *file, bool now, bool last)
{
    bool nothing = store_waiting(file->store) == 0 && !(last && store_can_write(file->store));
    return !nothing && !(file->failing && !now && clock_now() - file->tried_at < RETRY_SECONDS);
}

static void commit_one(struct session *session, struct kept_file *file, bool now, bool last)
{
    isd_error err;
    keep_file_own(file);
    if (!has_to_commit(file, now, last))
        return;
    int waiting = store_waiting(file->store);
    isd_status status = store_commit(file->store, &err);
    judge_commit(session, file, waiting, status, &err);
}

/* --- on a thread --- */

static isd_status write_file(void *arg, isd_control *control, isd_error *err)
{
    struct kept_file *file = arg;
    (void)control;
    (void)err;
    file->status = store_commit(file->store, &file->writing_err);
    return ISD_OK;
}

/* What the thread has done is taken in. */
static void end_writing(struct job_pool *writer)
{
    for (struct job *job; (job = job_pool_collect(writer)) != NULL;) {
        struct kept_file *done = job_arg(job);
        done->writing = NULL;
        done->lent = false;
        take_notes(done, true);
        judge_commit(done->session, done, done->waiting, done->status, &done->writing_err);
        job_release(writer, job);
    }
}

struct store *keep_file_own(struct kept_file *file)
{
    while (file->writing && !job_wait(file->writing, 1)) {
    }
    file->lent = false; /* session_collect, which tells, is woken all the same */
    return file->store;
}

/* False: it is to be done here. */
static bool begin_writing(struct session *session, struct kept_file *file)
{
    struct keep *keep = session->keep;
    if (!session->background || (!keep->writer && job_pool_new_beside(session->pool, &keep->writer, NULL) != ISD_OK))
        return false;
    file->waiting = store_waiting(file->store);
    file->lent = true;
    if (job_submit(keep->writer, "store", 0, write_file, NULL, file, &file->writing, NULL) == ISD_OK)
        return true;
    file->lent = false;
    return false;
}

bool keep_is_writing(struct session *session, double seconds)
{
    bool writing = false;
    for (int k = 0; session->keep && k < session->keep->n_files; k++) {
        struct kept_file *file = &session->keep->file[k];
        if (file->writing && job_wait(file->writing, seconds))
            end_writing(session->keep->writer);
        writing = writing || file->writing;
    }
    return writing;
}

void keep_commit(struct session *session)
{
    for (int k = 0; session->keep && k < session->keep->n_files; k++) {
        struct kept_file *file = &session->keep->file[k];
        keep_file_own(file);
        if (has_to_commit(file, false, false) && !begin_writing(session, file))
            commit_one(session, file, false, false);
    }
}

void keep_retry(struct session *session)
{
    for (int k = 0; session->keep && k < session->keep->n_files; k++)
        commit_one(session, &session->keep->file[k], true, false);
}

struct store *keep_store(struct session *session, bool make)
{
    struct keep *keep = session->keep;
    if (session->current >= 0)
        return keep_store_of(session, session_current(session), make);
    return keep && keep->mode == KEEP_IN_FILE ? keep_file_own(&keep->file[0]) : NULL;
}

const isd_error *keep_problem(const struct session *session, const struct store *store)
{
    for (int k = 0; session->keep && k < session->keep->n_files; k++)
        if (session->keep->file[k].store == store && session->keep->file[k].failing && store_waiting(store) > 0)
            return &session->keep->file[k].err;
    return NULL;
}

bool session_keep_finish(struct session *session)
{
    bool good = true;
    struct keep *keep = session->keep;
    for (int k = 0; keep && k < keep->n_files; k++) {
        commit_one(session, &keep->file[k], true, true);
        int waiting = store_waiting(keep->file[k].store);
        if (waiting > 0)
            session_message(session, "warning: %s: %d result%s could not be kept to the end", store_path(keep->file[k].store), waiting,
                            waiting == 1 ? "" : "s");
        good = good && waiting == 0;
    }
    if (keep && keep->mode == KEEP_IN_CACHE && keep->wrote)
        keep_trim(session);
    return good || keep->mode != KEEP_IN_FILE;
}
