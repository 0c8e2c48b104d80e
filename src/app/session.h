/* The program without a face: data, system, computed results, jobs. Main thread only. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asking is non-blocking: session_quench and its kin return what is there, or submit jobs and say ASK_PENDING. A command
 * whose answer is pending is simply run again when a job has finished. That one rule serves batch (wait and run again), the
 * REPL (wait with a progress line) and the full screen (go on drawing). */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/histogram.h"
#include "analysis/series.h"
#include "app/system.h"
#include "io/frames.h"
#include "isdmin/quench.h"
#include "job/pool.h"
#include "match/match.h"

struct session;

/* What asking gives. */
enum ask { ASK_READY, ASK_PENDING, ASK_FAILED };

isd_status session_new(int threads, struct session **ret_session, isd_error *err);
void session_free(struct session *session); /* cancels and joins */

/* Messages for people (warnings, notes), in order, shown on standard error or the message line. NULL: none left. The text
 * is borrowed until the next call. */
const char *session_next_message(struct session *session);
void session_message(struct session *session, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A warning of a reader, as a message; an isd_note_fn for a session. */
void session_note(void *session, const isd_error *note);
/* The same of a text: a store_note_fn, a system_note_fn. */
void session_note_text(void *session, const char *text);

/* --- data --- */
struct open_options {
    const char *units;  /* "lj", "metal" or NULL */
    double dt;          /* NaN: not given */
    const char *labels; /* "A,B" or NULL */
    bool is_state;      /* state=is */
    bool order_by_step;
    const char *format;  /* a format's key or NULL: by content */
    const char *columns; /* of files that do not name theirs, "id,type,x,y,z", or NULL */
    const char *cell;    /* of frames without one, "lx,ly,lz...", or NULL */
    bool by_element;     /* species=element */
    const char *name;   /* as=NAME or NULL: from the first path */
    double T, p, t_w;   /* NaN: not given */
    const void *data;   /* the bytes of the only "file", which outlive the session, or NULL */
    size_t data_size;
};
void open_options_defaults(struct open_options *ret_options);
/* Adds a set and makes it current; drops nothing. Waits until all of it is read. */
isd_status session_open(struct session *session, const char *const *paths, int n_paths, const struct open_options *options,
                        isd_error *err);
/* The same without waiting: to be called again with the same arguments until it is not pending. READY when all is read, or in the
 * background when the first frame is there; then the rest comes by and by, and what is wrong with it is a message. */
enum ask session_ask_open(struct session *session, const char *const *paths, int n_paths, const struct open_options *options,
                          isd_error *err);
void session_open_in_background(struct session *session, bool background); /* default: no */

/* What is new in the files of the current set is read; frames that have changed lose what was computed of them. To be called
 * again until it is not pending. */
struct refresh_report {
    int32_t frames, new_frames, changed_frames;
    int files, new_files;
};
enum ask session_refresh(struct session *session, struct refresh_report *ret_report, isd_error *err);

/* Is a set being read? */
struct reading_progress {
    const char *set; /* its name, borrowed */
    int32_t frames;  /* so far */
    double fraction; /* 0..1 of the bytes */
};
bool session_reading(const struct session *session, struct reading_progress *ret_progress);
bool session_job_reads(const struct session *session, const struct job *job); /* a portion of a set: not counted in session_progress */
/* Are there frames of the current set still to come? */
bool session_is_partial(const struct session *session);
/* Bytes that decoded frames may take together, 0: a quarter of the physical memory. Before anything is opened. */
isd_status session_limit_memory(struct session *session, double bytes, isd_error *err);

/* Screens show frames of a gz member whose checksum alone is wrong, marked; batch refuses them (the default). */
void session_keep_wrong_checksums(struct session *session, bool keep);
bool session_has_data(const struct session *session);
int session_set_count(const struct session *session);
const char *session_set_name(const struct session *session, int k);
/* Temperature, pressure and waiting time as given or read from the name; NaN where not. */
void session_set_state(const struct session *session, int k, double *ret_T, double *ret_p, double *ret_t_w);
isd_status session_use_set(struct session *session, const char *name, isd_error *err);
int session_current_set(const struct session *session); /* -1 without data */
/* What stays the same while sets are opened and closed: of the current set, -1 without data; and the number now of a set, -1: it is closed. */
int32_t session_current_set_id(const struct session *session);
int session_set_with_id(const struct session *session, int32_t id);
/* Closes a set: what is under way for it is cancelled, what was computed of it is forgotten here and stays in the store. The one in use
 * gives way to the one that follows it in the list, the last to the one before it, the only one to none. */
isd_status session_close_set(struct session *session, const char *name, isd_error *err);

/* Of the current set. All need session_has_data. */
int32_t session_frame_count(const struct session *session);
const struct frame_info *session_frame_info(const struct session *session, int32_t k);
/* Frame k with the dimension the session says. Borrowed until SESSION_FRAMES_HELD other frames were asked for (here or through
 * session_structure), or the system changes: who keeps it longer, or collects many, takes a reference (isd_snapshot_ref). */
#define SESSION_FRAMES_HELD 8
isd_status session_frame(struct session *session, int32_t k, const isd_snapshot **ret_snapshot, isd_error *err);
/* The box of that frame, known without loading it. */
isd_status session_frame_box(const struct session *session, int32_t k, isd_box *ret_box, isd_error *err);
int session_dimension(const struct session *session);
bool session_frames_are_is(const struct session *session);
bool session_marked(const struct session *session);       /* a file was cut short */
bool session_left_out(const struct session *session);     /* a file could not be opened */
bool session_checksum_wrong(const struct session *session); /* some frame of the set is from a gz member whose checksum is wrong */
const char *session_units(const struct session *session); /* "lj" or "metal"; "lj" when nothing is known */
/* What turns energy per volume into the pressure unit of the set: 1, or LAMMPS' 1.6021765e6 for metal (bar A^3/eV). */
double session_pressure_unit(const struct session *session);
/* kT in the session's units of energy per volume (bar in metal) times volume. */
double session_thermal_energy(const struct session *session, double T);
const char *session_time_unit(const struct session *session); /* "tau", "ps", "step" */
const char *session_units_time(const struct session *session); /* of the units in force, whether or not times of frames are known */
const char *session_length_unit(const struct session *session); /* "sigma", "A" */
/* For pictures: "" unless units were said somewhere. A file in Angstrom that does not tell must not get a sigma on its axes. */
const char *session_length_sign(const struct session *session);
/* Says once, as a message, when times are in steps. */
const struct frame_times *session_times(struct session *session);
/* series_default_tw of them, found once: among thousands of frames that takes a while. Freed by the caller. */
isd_status session_default_tw(struct session *session, double **ret_tw, int32_t *ret_n, isd_error *err);
bool session_time_known(const struct session *session); /* false: times are in steps */
double session_time(const struct session *session, int32_t k);
/* t_w of a pair; NaN when time does not increase. */
double session_tw(struct session *session, int32_t a, int32_t b);
/* Label of a type: from types=, the system, the file's elements; the number if none. Static buffer-free: borrowed. */
const char *session_type_label(const struct session *session, int type);
bool session_type_has_label(const struct session *session, int type);
int session_type_count(const struct session *session); /* the highest type of the current set's frames; 0 without data */
/* A type by number or label; 0 if the current set has none. */
int session_find_type(const struct session *session, const char *word);

/* --- the system: potential, units, masses --- */
struct system_settings *session_system(struct session *session); /* change it, then call: */
void session_system_changed(struct session *session); /* drops results that depend on it */
void session_times_changed(struct session *session);  /* only the time step is another: nothing is dropped */

/* The potential in force once something was computed with it, or NULL. Borrowed. */
const isd_potential *session_potential(const struct session *session);
/* Makes it, where it is not made yet and fits the frame. */
isd_status session_make_potential(struct session *session, int32_t frame, isd_error *err);

/* --- asking --- */

/* The quench settings in force, which `of=is` uses: those of the last `quench` command. ftol NaN: the default of the units. */
void session_set_quench(struct session *session, const isd_quench_options *options);

/* How a structure is wanted: raw frames, or inherent structures by these options. */
struct structure {
    bool is;
    isd_quench_options quench; /* method, ftol, etol, max_iterations */
};
void structure_defaults(const struct session *session, bool is, struct structure *ret_structure);

struct quenched {
    const isd_snapshot *snapshot; /* may be NULL where the numbers come from a store */
    isd_quench_result result;
};
/* Borrowed pointers live until the system or the data change. `priority`: higher first; use ASK_LOOK for what is on
 * screen, ASK_BATCH for the rest. A failure (ASK_FAILED, err) is kept and given again until the system changes. */
#define ASK_LOOK 100.0
#define ASK_BATCH 0.0
enum ask session_quench(struct session *session, int32_t frame, const isd_quench_options *options, double priority,
                        const struct quenched **ret_quenched, isd_error *err);
/* The same, always with its snapshot. */
enum ask session_quenched(struct session *session, int32_t frame, const isd_quench_options *options, double priority,
                          const struct quenched **ret_quenched, isd_error *err);
/* The snapshot of a structure: the frame itself, its inherent structure, or the frame as it is if state=is. Borrowed as in
 * session_frame. */
enum ask session_structure(struct session *session, int32_t frame, const struct structure *structure, double priority,
                           const isd_snapshot **ret_snapshot, int *ret_unconverged, isd_error *err);

/* The same without the snapshot: nothing is loaded. */
enum ask session_structure_known(struct session *session, int32_t frame, const struct structure *structure, double priority,
                                 int *ret_unconverged, isd_error *err);

struct match_request {
    int32_t a, b;
    struct structure structure;
    bool blind, order_is_id, drift_remove;
    /* The other readings of struct match_options. */
    bool like_script, affine, align;
    int type;                   /* 0: all */
    const char *atoms, *filter; /* chosen atoms, see choice.h, or NULL: all; borrowed for the call */
    bool alternatives;
    double eps;
    bool brief; /* numbers alone, no arrays: for maps of many pairs */
    bool numbers; /* only numbers will be read, but arrays are worth keeping for others: from a store they are not restored */
    bool phases;  /* what it took will be read: what a store has does not do, it is computed */
};
enum ask session_match(struct session *session, const struct match_request *request, double priority,
                       const struct match **ret_match, int *ret_unconverged, isd_error *err);

/* Matchings asked for between these are made one after the other by one job, so that each may begin from the one before: for a row
 * of a map. At most SESSION_ROW new ones. end: ASK_PENDING if any is to be made. */
enum { SESSION_ROW = 128 };
void session_row_begin(struct session *session);
enum ask session_row_end(struct session *session, double priority, isd_error *err);

/* The inherent structures of one frame by two methods, matched within each type. Their settings may differ in the method
 * alone. */
enum ask session_fidelity(struct session *session, int32_t frame, const isd_quench_options *a, const isd_quench_options *b,
                          double priority, const struct match **ret_match, isd_error *err);

enum ask session_gr(struct session *session, int32_t frame, const struct structure *structure, int bins, double max,
                    double priority, const struct gr_counts **ret_counts, isd_error *err);

/* A frame as it is. */
struct frame_energy {
    isd_energy energy;
    double fmax, fnorm; /* largest component of the force, 2-norm of all */
    double *force;      /* [3n], NULL unless forces were asked for: of many frames they are much */
};
enum ask session_energy(struct session *session, int32_t frame, bool forces, double priority, const struct frame_energy **ret_energy,
                        isd_error *err);

/* --- what is kept on disk --- */
/* A new session keeps nothing until this is called. The cache is $XDG_CACHE_HOME/isdmin, else ~/.cache/isdmin; where it cannot be
 * written, that is told once and the work goes on. KEEP_IN_FILE: errors as store_open's. */
enum keep_mode { KEEP_NOTHING, KEEP_IN_CACHE, KEEP_IN_FILE };
isd_status session_keep(struct session *session, enum keep_mode mode, const char *file, isd_error *err);
/* From now on it is said, as a message, what is known of a set that is opened. */
void session_keep_tell(struct session *session);
/* A command that has been run goes to the log of the store, if there is one. */
void session_keep_command(struct session *session, const char *command, bool done);
/* A remark on the current set, kept in its store where there is one; and all remarks of that store, oldest first. */
void session_keep_note(struct session *session, const char *place, const char *text);
void session_kept_notes(struct session *session, void (*take)(void *arg, const char *place, const char *text), void *arg);
/* Writes what is still waiting; call before the last messages are shown. False: the file named could not be written. */
bool session_keep_finish(struct session *session);

/* --- jobs --- */
struct job_pool *session_pool(struct session *session);
/* Take in finished jobs; true if there were any. Call when session_wake_fd is readable. */
bool session_collect(struct session *session);
int session_wake_fd(const struct session *session);
/* Counted up whenever finished jobs are taken in: what was asked for before may have another answer now. */
unsigned session_arrivals(const struct session *session);
/* Wait until a job has finished and take it in; false on timeout (seconds; negative: none) or a signal. */
bool session_wait(struct session *session, double timeout);
void session_cancel_all(struct session *session);
/* Progress of everything submitted since the queue was last empty: jobs done, total, seconds left (NaN unknown). */
void session_progress(const struct session *session, int *ret_done, int *ret_total, double *ret_eta);

#endif
