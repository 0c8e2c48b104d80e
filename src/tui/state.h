/* The inside of the full screen, for the files of this folder. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys and lines become commands, commands change the state, and drawing is a function of the state alone. */
#ifndef TUI_STATE_H
#define TUI_STATE_H

#include "app/atom_table.h"
#include "app/command.h"
#include "model/print.h"
#include "tui/display.h"
#include "app/sight.h"
#include "tui/tui.h"
#include "view/strip.h"

enum view_id { VIEW_HOME, VIEW_PU, VIEW_TABLE, VIEW_JOBS, VIEW_OUTPUT, VIEW_LOG, VIEW_COUNT };

struct rect {
    int x, y, width, height;
};

/* The table of atoms: which, in which order, and where in it. */
struct atom_rows {
    enum ask state;
    isd_error err;
    const struct match *match; /* of the pair looked at; borrowed, asked for anew whenever anything changed */
    const isd_snapshot *a, *b; /* references */
    int32_t *row;              /* [n] indices of atoms */
    int32_t n;
    char sort[24];             /* "-u_lab" */
    char find[48];
    long top, cursor;
};

struct text_pane {
    struct print_buffer text;
    long top, lines;
};

struct palette {
    bool open;
    char filter[48];
    int top, cursor;
};

#define TUI_MAX_PENDING 8

struct tui {
    struct session *session;
    struct sight sight;
    struct sight_pu pu;
    double *tw_value; /* [sight.n_tw] D_min, NaN where not known yet */
    int tw_known;
    enum view_id view, before;
    enum glyph_tier tier, own_tier; /* in use; what the terminal can do */
    int width, height;
    struct atom_rows atoms;
    struct text_pane output, log;
    struct palette palette;
    bool prompting;   /* the : line has the keys */
    char echo[256];   /* the command run last */
    char message[700];
    enum role message_role;
    struct command_call *pending[TUI_MAX_PENDING]; /* run again when jobs are done */
    int n_pending;
    bool stale;       /* data to be looked up again */
    bool repaint, stop, leave;
    bool to_prompt;
};

/* --- one view: a screen that the frame puts in its middle --- */
struct screen {
    const char *name, *title; /* "pu", "p(u)": name as in `view NAME` */
    char digit;               /* of its tab; 0: no tab */
    void (*draw)(const struct tui *tui, struct grid *grid, struct rect rect);
    const struct key_hint *hints;
    int n_hints;
};
extern const struct screen screen_home, screen_pu, screen_table, screen_jobs, screen_output, screen_log;
const struct screen *screen_of(enum view_id view);

/* frame.c: the whole picture. */
void frame_draw(const struct tui *tui, struct grid *grid);
/* The rectangle that the view gets. */
struct rect frame_view_rect(int width, int height);
/* Text with one role, cut to the rectangle; returns the columns used. */
int put_format(struct grid *grid, int x, int y, int width, enum role role, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* scr_table.c: rows for what is looked at now; the cursor kept in sight. */
void atoms_update(struct tui *tui);
void atoms_forget(struct atom_rows *atoms);
void atoms_settle(struct tui *tui, int height);
bool atoms_find(struct tui *tui, const char *text);
void atoms_nearest_u(struct tui *tui, double u);

/* scr_text.c */
void pane_add(struct text_pane *pane, const char *text);
void pane_clear(struct text_pane *pane);
void pane_scroll(struct text_pane *pane, long top, int height);

/* scr_help.c: the palette. */
void palette_open(struct tui *tui);
void palette_key(struct tui *tui, const struct key *key);
void palette_draw(const struct tui *tui, struct grid *grid, struct rect rect);

/* keys.c: what a key does in a view, as a command. */
struct binding {
    const char *keys;    /* one or two names, separated by a blank */
    unsigned views;      /* bit set of VIEW_... */
    const char *command; /* the command, or NULL: */
    void (*make)(const struct tui *tui, char *out, size_t size); /* it depends on the state */
    const char *help;
};
const struct binding *binding_at(int k); /* NULL past the last */
/* The command of a key in the present view; false: not bound. */
bool binding_command(const struct tui *tui, const char *key, char *out, size_t size);

/* front.c: running commands. */
void tui_run_line(struct tui *tui, const char *text);
void tui_retry_pending(struct tui *tui);
void tui_take_messages(struct tui *tui);
void tui_say(struct tui *tui, enum role role, const char *format, ...) __attribute__((format(printf, 3, 4)));
void tui_say_error(struct tui *tui, const isd_error *err);
void tui_show_view(struct tui *tui, enum view_id view);

/* prompt.c: the : line. */
void prompt_open(struct tui *tui, const char *initial);
void prompt_key(struct tui *tui, const struct key *key);
void prompt_draw(const struct tui *tui, struct grid *grid, int y);

/* tui.c: everything that is looked up again when something has changed. */
void tui_init(struct tui *tui, struct session *session);
void tui_done(struct tui *tui);
void tui_update(struct tui *tui, int width, int height);

#endif
