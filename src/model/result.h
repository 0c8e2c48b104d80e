/* What every command returns: named values and columns with units. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A result is an ordered list of fields. A field is null, a boolean, an integer, a real number, text, an array of reals or
 * integers (a column), a list of results, or a result (an object). It is built by one thread, then only read.
 * Building never fails half-way: running out of memory sets a flag (result_failed), later calls do nothing. */
#ifndef MODEL_RESULT_H
#define MODEL_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_kind {
    VALUE_NULL, VALUE_BOOL, VALUE_INT, VALUE_REAL, VALUE_TEXT,
    VALUE_REALS, VALUE_INTS, VALUE_TEXTS, VALUE_BOOLS, VALUE_LIST, VALUE_OBJECT
};

/* How a result with columns is read. */
enum result_layout {
    RESULT_RECORD, /* one object; arrays are arrays (info, match) */
    RESULT_CURVES, /* one JSON object with arrays; as a table one row per point: the columns (pu, gr) */
    RESULT_ROWS,   /* columns are rows: one JSON object per row, the scalars first (atoms, snapshot) */
    RESULT_MATRIX  /* one JSON object; arrays k > 1 times as long as the first are matrices of k columns, arrays of arrays.
                      As a table one row per row of them, the scalars first; the first column of texts names the rows, and
                      the columns of what is square (fidelity) */
};

struct result;

struct field {
    const char *name;
    const char *unit; /* "" if none */
    enum value_kind kind;
    size_t length; /* of an array or list */
    union {
        bool boolean;
        int64_t integer;
        double real;    /* never printed as NaN or Inf: those are null */
        const char *text;
        const double *reals;   /* NaN means null */
        const int64_t *ints;   /* RESULT_INT_NULL means null */
        const char *const *texts; /* NULL means null */
        const bool *bools;
        struct result *const *list;
        struct result *object;
    };
};

#define RESULT_INT_NULL INT64_MIN

/* command: the value of "cmd", or NULL for an inner object. NULL when out of memory: all functions below accept that. */
struct result *result_new(const char *command, enum result_layout layout);
void result_free(struct result *result); /* with everything in it */
bool result_failed(const struct result *result); /* true for NULL too */

/* Fields in the order of these calls; name and unit are copied; arrays are copied. */
void result_null(struct result *result, const char *name);
void result_bool(struct result *result, const char *name, bool value);
void result_int(struct result *result, const char *name, int64_t value);
void result_real(struct result *result, const char *name, const char *unit, double value); /* not finite: null */
void result_text(struct result *result, const char *name, const char *value);              /* NULL: null */
void result_reals(struct result *result, const char *name, const char *unit, const double *values, size_t n);
void result_ints(struct result *result, const char *name, const int64_t *values, size_t n);
void result_texts(struct result *result, const char *name, const char *const *values, size_t n);
void result_bools(struct result *result, const char *name, const bool *values, size_t n);
/* Take over `object` (freed with the result, or at once on failure). */
void result_object(struct result *result, const char *name, struct result *object);
void result_append(struct result *result, const char *name, struct result *object); /* to the list `name`, made if new */
void result_empty_list(struct result *result, const char *name);

/* Rows and curves for people in parts of 80 columns of text, each with the first `keys` columns again; columns that are null throughout are left
 * out. Records of one command become the rows of such a table (print_results). In other formats all stays whole. */
void result_fold(struct result *result, int keys);
int result_folded(const struct result *result); /* keys; 0: not folded */

/* A mark: the result is usable but not what was asked for (not converged, not certified, cut). Exit status 3. */
void result_mark(struct result *result, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *result_mark_text(const struct result *result); /* NULL if none */

const char *result_command(const struct result *result);
enum result_layout result_layout(const struct result *result);
size_t result_n_fields(const struct result *result);
const struct field *result_field(const struct result *result, size_t k);
const struct field *result_find(const struct result *result, const char *name); /* NULL if none */
bool field_is_column(const struct field *field); /* an array of reals, integers, texts or booleans */
/* Rows of a result with columns, 0 if there are none: the length of its first column, in RESULT_CURVES of its first column of
 * reals (arrays of another length are none of its columns there: the list of frames beside g). In RESULT_ROWS a column k times
 * as long holds k values a row (an image: three): an array in JSON, name.0, name.1 ... in tables. */
size_t result_n_rows(const struct result *result);

#endif
