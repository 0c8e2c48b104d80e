/* Variables of a LAMMPS script and the formulas they hold. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SCRIPT_VARIABLES_H
#define APP_SCRIPT_VARIABLES_H

#include <stddef.h>

#include "isdmin/status.h"

struct script_variables;

isd_status script_variables_new(struct script_variables **ret_variables, isd_error *err);
void script_variables_free(struct script_variables *variables);

/* variable NAME STYLE ...: words[n] are what follows `variable`, already substituted. Styles index (the first value;
 * a second definition changes nothing, as in LAMMPS), string and equal (a formula, evaluated when asked for); delete
 * forgets. Any other style is kept as one that cannot be evaluated, which matters only where it is used. */
isd_status script_variables_define(struct script_variables *variables, const char *const *words, int n, isd_error *err);
/* A variable of that name is there, but its value cannot be known: `why` (copied). */
isd_status script_variables_spoil(struct script_variables *variables, const char *name, const char *why, isd_error *err);

/* ${NAME}, $X, $(FORMULA) in `text` replaced by their values (a formula's as LAMMPS prints it, %.15g).
 * Refused: what is unknown. */
isd_status script_variables_substitute(struct script_variables *variables, const char *text, char *out, size_t size,
                                       isd_error *err);

/* + - * / ^, parentheses, unary minus, sqrt exp ln log abs, PI, v_NAME, with LAMMPS' precedence: unary minus before ^,
 * all from left to right. Refused: anything else, by name, and values that are not finite. */
isd_status script_variables_evaluate(struct script_variables *variables, const char *formula, double *ret_value,
                                     isd_error *err);

#endif
