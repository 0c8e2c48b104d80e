/* Completion: from whole words to what readline wants. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPL_COMPLETE_H
#define REPL_COMPLETE_H

/* Completions of `line` up to byte `cursor`: a NULL-terminated array of whole words, all of it freed by the caller, or NULL;
 * *ret_start: where the word being completed starts. */
typedef char **complete_fn(void *arg, const char *line, int cursor, int *ret_start);

/* What readline asks from now on; NULL: nothing is completed. */
void complete_use(complete_fn *complete, void *arg);

#endif
