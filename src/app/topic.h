/* Help on subjects, beside that on commands: texts that are manual pages too. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_TOPIC_H
#define APP_TOPIC_H

#include <stdbool.h>
#include <stdio.h>

/* One text of assets/help: what it is about on the first line, then paragraphs between blank lines. "# " begins a heading, "- name:
 * text" a row of a list, four blanks an example that is shown as it is. */
struct topic {
    char name[32];   /* "physics", as in `help physics` */
    char title[100];
    const char *body;
};

bool topic_at(int k, struct topic *ret_topic); /* k = 0, 1, ...; false past the last */
bool topic_find(const char *name, struct topic *ret_topic);

/* A text in its parts, in order. `text` is not terminated: `length` bytes of one line. */
enum topic_part { TOPIC_HEADING, TOPIC_PARAGRAPH, TOPIC_ROW, TOPIC_EXAMPLE, TOPIC_GAP };
typedef void topic_fn(void *arg, enum topic_part part, const char *text, int length);
void topic_walk(const struct topic *topic, topic_fn *give, void *arg);

/* Where the name of a row ends and its words begin: "msd: mean squared ..."; -1 if it has none. */
int topic_row_name(const char *text, int length);

/* In lines of at most WRAP_WIDTH columns. */
void topic_write(FILE *out, const struct topic *topic);

#endif
