/* isdmin: status codes and the error that a caller owns. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rules of the whole library, stated once:
 *  - argument order: object, inputs (a length right after its array), ret_ outputs, error last;
 *  - ret_ outputs are untouched on failure; `T **ret_x` means the caller owns what it gets, a plain returned
 *    pointer is borrowed and lives as long as its parent;
 *  - _new/_free for our memory, _init/_done for yours, _ref/_unref when shared; all of these accept NULL;
 *  - an error may be NULL when the caller does not want the words;
 *  - nothing in the library prints, exits, reads the environment or keeps global state. */
#ifndef ISDMIN_STATUS_H
#define ISDMIN_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#define ISD_STATUS_LIST(X)                                                                                   \
    X(OK, "no error")                                                                                        \
    X(USAGE, "wrong usage")                                                                                  \
    X(DATA, "bad data")                                                                                      \
    X(IO, "input or output failed")                                                                          \
    X(MEMORY, "out of memory")                                                                               \
    X(CANCELLED, "cancelled")                                                                                \
    X(UNSUPPORTED, "not supported")                                                                          \
    X(INTERNAL, "internal error")

typedef enum isd_status {
#define X(name, text) ISD_##name,
    ISD_STATUS_LIST(X)
#undef X
} isd_status;

/* Plain data: copy it, move it between threads. All three texts are free of control characters whatever went
 * in (they are escaped as \x1b), always terminated, and cut at a character when too long. */
typedef struct isd_error {
    isd_status status;
    char where[320]; /* "path:line:column", "path: byte 123" or "" */
    char what[480];  /* one sentence without a full stop: what is wrong, what was expected */
    char hint[320];  /* a next step, or "" */
    int n_atoms;     /* atoms concerned, 0 to 2: their indices, so that a caller can name them by id */
    int atom[2];
} isd_error;

#if defined(__GNUC__)
#define ISD_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define ISD_PRINTF(f, a)
#endif

/* Fill `err` (may be NULL) and return `status`, so that `return isd_error_set(err, ISD_DATA, "...")` reads well.
 * Clears where and hint. */
isd_status isd_error_set(isd_error *err, isd_status status, const char *format, ...) ISD_PRINTF(3, 4);

/* Say where: path, and line and column counted from 1 (0: left out). */
void isd_error_at(isd_error *err, const char *path, long long line, long long column);

/* Say where in a binary or compressed file: byte offset from 0. */
void isd_error_at_byte(isd_error *err, const char *path, long long offset);

/* Say which atoms are concerned, by index from 0; b = -1: only a. */
void isd_error_atoms(isd_error *err, int a, int b);

/* Add a next step. */
void isd_error_hint(isd_error *err, const char *format, ...) ISD_PRINTF(2, 3);

/* The usual out-of-memory error. Returns ISD_MEMORY. */
isd_status isd_error_memory(isd_error *err);

/* The short text of a status code ("bad data"). */
const char *isd_status_text(isd_status status);

#ifdef __cplusplus
}
#endif
#endif
