/* Several things opened one after the other: the lines of a manifest, or the files that a pattern names.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_OPEN_QUEUE_H
#define APP_OPEN_QUEUE_H

#include "app/command.h"
#include "app/name_pattern.h"
#include "io/listing.h"
#include "pot/table_file.h"

struct open_queue {
    char *key;                  /* the call: asked again, it goes on where it was */
    struct listing files;       /* of a pattern */
    struct named_values *value; /* [files.n] what their names say */
    int next;                   /* file to be opened */
    char *folder;               /* of a manifest, with the slash; "" for none */
    struct table_file text;
    struct script script;       /* what is left of the manifest */
    struct command_call *call;  /* its line under way, or NULL */
    struct open_queue *inner;   /* of that line */
    int sets, traces;           /* there were before */
};

/* Does the name end in .isd? */
bool path_is_manifest(const char *path);
/* It is at its end, or nobody wants it any more. */
void session_drop_open_queue(struct session *session);

/* Pattern: each file becomes a set with the T, p and t_w of its name. */
enum ask open_by_pattern(struct session *session, const struct command_call *call, const char *pattern, const struct open_options *options,
                         isd_error *err);
/* Manifest: a script of open, trace, points and what says the system, its relative paths from its own folder. Errors name its line. */
enum ask open_manifest(struct session *session, const struct command_call *call, const char *path, isd_error *err);

#endif
