/* Errors as people read them. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPL_COMPLAIN_H
#define REPL_COMPLAIN_H

#include "app/command.h"
#include "model/print.h"

/* Appends
 *     file:line:column: command: what is wrong
 *       the line of the script
 *              ^~~~~
 *       try: a next step
 * whole: the text of the script from line number first_line on; script: as command_parse left it. A place in a data file
 * (err->where) stands before what is wrong, behind that of the command where this comes from a file.
 * quiet_place: without the script's own place, where the marked line is enough. */
void complain(struct print_buffer *out, const char *whole, long first_line, const struct script *script, const isd_error *err,
              bool quiet_place);

/* The same for an error that comes from no script: "isdmin: place: what is wrong". */
void complain_plainly(struct print_buffer *out, const isd_error *err);

#endif
