/* The inside of the full screen, for the files of this folder. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys and lines become commands, commands change the state, and drawing is a function of the state alone. What is looked at is
 * the sight (app/sight.h), which all panes share: what one moves, moves in all. */
#ifndef TUI_STATE_H
#define TUI_STATE_H

#include "app/atom_table.h"
#include "app/command.h"
#include "app/sight.h"
#include "model/print.h"
#include "tui/display.h"
#include "tui/layout.h"
#include "tui/tui.h"
#include "view/picture.h"
#include "view/strip.h"
#include "view/table.h"

/* The atoms of the pair looked at, for all views: which rows the table has, which atoms are chosen, and the one with the mark. */
struct atom_rows {
    enum ask state;
    isd_error err;
    const struct match *match; /* of the pair looked at; borrowed, asked for anew whenever anything changed */
    const isd_snapshot *a, *b; /* references */
    const struct surroundings *around; /* of a, or NULL: not known, or not asked for; borrowed as the match is */
    int32_t *row;              /* [n] indices of atoms of a: those that brush and filter leave, sorted */
    int32_t n;
    uint8_t *chosen;           /* [match->n] 1: selected and in the brushed interval; all 0 without either */
    int32_t n_chosen;
    int32_t mark;              /* index of the atom with the mark (sight.atom); -1: none */
    char find[48];
    long top, cursor;          /* rows */
    struct table_home home;
    int column;                /* first column shown */
    struct atom_key *key;      /* what the rows were made for */
    /* Many rows are ordered by a job; those of before, if they are of the same atoms, stay until it is done. */
    int32_t rows_in_job;       /* so many and more */
    struct job_pool *pool;     /* one thread beside the session's, which may be busy for long; NULL until needed */
    struct job *job;           /* the order under way, or NULL */
    int32_t *made, n_made;     /* rows that have come; NULL: none */
    struct atom_key *wanted;   /* what the last of these was begun for */
    bool to_top;               /* then the cursor goes to the first row */
};

struct text_pane {
    struct print_buffer text;
    long top, lines;
    long wanted; /* the line scrolled to: `top` where there is room */
};

/* Keys and commands, options, or the card of glyphs. */
enum palette_kind { PALETTE_KEYS, PALETTE_OPTIONS, PALETTE_GLYPHS };

struct palette {
    bool open;
    enum palette_kind kind;
    char filter[48];
    int top, cursor;
};

#define TUI_MAX_PENDING 1000

struct pending {
    struct command_call *call;
    int script; /* number of the script it is from; 0: none */
    int line;   /* number of the line typed or read: commands of one line are undone together */
};

/* What was looked at before a line of commands, for undo and back. */
struct look_before {
    struct look look;
    struct sight_place place;
};

struct tui {
    struct session *session;
    struct sight sight;
    struct sight_pu pu;
    bool pu_seen;
    unsigned pu_news, pu_data, data_news; /* what `pu` was made for; data_news: commands that changed the data */
    double *tw_value; /* [sight.n_tw] D_min, NaN where not known yet */
    int tw_known;
    struct layout_want want;
    struct layout layout; /* of the present size */
    void *data[VIEW_COUNT]; /* private to the screens, zero at the start, see struct screen */
    enum glyph_tier tier, own_tier; /* in use; what the terminal can do */
    struct display_look colours;
    struct display_cost cost; /* of the pictures so far */
    bool ramp;        /* levels of the ramp have colours of their own */
    bool mouse, a11y, sync;
    int map_frames;   /* most in the two-time map */
    bool unicode;     /* the locale can show more than ASCII */
    const char *opened; /* the commands that open what the command line named, or NULL */
    int sourcing;     /* scripts running scripts */
    int width, height;
    struct atom_rows atoms;
    struct text_pane output, log;
    struct text_pane lesson;    /* of the tour: what is said now, in lines of 78 columns */
    char lesson_title[120];
    bool in_lesson;             /* its commands are being run */
    struct palette palette;
    struct past *past;          /* undo, redo, places to go back to, bookmarks, notes, the commands so far */
    struct extra_bindings *extra; /* keys bound by the user */
    bool prompting;   /* the : line has the keys */
    bool playing;
    double play_rate, played; /* steps a second; clock_now of the last one */
    int press_x, press_y; /* where the mouse went down */
    char echo[256];   /* the command run last */
    char message[700];
    enum role message_role;
    struct pending pending[TUI_MAX_PENDING]; /* run again when jobs are done */
    int n_pending, n_scripts, n_lines;
    int results; /* that the command running has given */
    int running, shown_by; /* the line, or less than 0 the script, that runs; the one that showed results last since the view was chosen */
    struct look_before before; /* the line that waits in front */
    int before_line;
    bool stale;       /* data to be looked up again */
    bool repaint, stop, leave;
    bool clipboard, clip_told; /* `copy` may tell the terminal; what tmux needs for it has been said */
    struct print_buffer clip; /* what it is to be told with the next picture */
    char prefix[12];  /* the first of two keys; "": none */
    bool to_prompt;
};

/* --- one view: a screen that the frame puts into a pane --- */

/* A view knows nothing but its own rectangle, whose upper left corner is (0, 0). Hooks may be NULL. Those that make a command write
 * it to `command` and return true, or return false: nothing. */
struct screen {
    const char *title;  /* "p(u)", of its tab; the name is view_name() */
    const char *short_title; /* of its tab where room is scarce; NULL: the title */
    char digit;         /* of its tab; 0: no tab */
    bool needs_data;    /* nothing to see without a set */
    const struct key_hint *hints; /* the most useful first */
    int n_hints;
    const struct key_hint *(*hints_now)(const struct tui *tui, int *ret_n); /* instead, where they depend on what is shown */

    /* Asks for what it shows and keeps it; called for visible views when something has changed, before drawing. */
    void (*update)(struct tui *tui, struct rect rect);
    /* Draws any size of rectangle. Puts the grid's cursor on what is selected: it counts where the view has the focus. */
    void (*draw)(const struct tui *tui, struct grid *grid, struct rect rect);
    /* Words in the frame of its pane: above (NULL: the title), and below. */
    void (*heading)(const struct tui *tui, char *out, size_t size);
    void (*footing)(const struct tui *tui, char *out, size_t size);

    /* Arrow keys and h j k l, in steps: "step u +1". */
    bool (*cursor)(const struct tui *tui, int right, int down, char *command, size_t size);
    /* A click on a cell inside its rectangle; a press, a move and a release; the wheel (down: +1). */
    bool (*click)(const struct tui *tui, struct rect rect, int x, int y, char *command, size_t size);
    bool (*drag)(const struct tui *tui, struct rect rect, int from_x, int from_y, int to_x, int to_y, char *command, size_t size);
    bool (*wheel)(const struct tui *tui, struct rect rect, int x, int y, int down, char *command, size_t size);
    /* Enter: open what is under the cursor. */
    bool (*dive)(const struct tui *tui, char *command, size_t size);
    /* What `play` does here, step by step, instead of going through the waiting times; false: it is at its end. */
    bool (*play)(const struct tui *tui, char *command, size_t size);
    /* What is seen on paper, for `export`: a drawing as the bytes of a file (ISD_DATA: nothing is seen yet), or panels, in
     * *ret_picture or kept by the view (NULL: nothing is seen yet; what was put into *ret_picture is the caller's all the same). Without
     * both, its characters are. */
    isd_status (*paper)(const struct tui *tui, enum pen_kind kind, char **ret_bytes, size_t *ret_length, isd_error *err);
    const struct picture *(*picture)(const struct tui *tui, struct picture *ret_picture);
    /* The command that prints the numbers of what is seen, for `export`: "pu 0:7 of=is". Without it, they are its lines. */
    bool (*print)(const struct tui *tui, char *command, size_t size);
    /* What is shown now, with automatic ends filled in: zoom in and pan start from it. False: cannot be zoomed. plane: `zoom in`
     * is about both axes, as in a map; else about x alone unless y= is given. */
    bool plane;
    bool (*range)(const struct tui *tui, struct view_axes *ret_axes);

    /* Commands of this view alone (rows of app/cmd without a run function), asked of all screens in turn. */
    enum sight_outcome (*command)(struct tui *tui, const struct command_call *call, isd_error *err);
    /* The commands, one a line, that bring its own state back from that of the start, for `save`. */
    void (*rebuild)(const struct tui *tui, struct print_buffer *out);

    size_t data_size;   /* of tui->data[view], allocated before the first update */
    void (*done)(void *data); /* frees what it holds, not the block itself */
};
extern const struct screen screen_home, screen_pu, screen_table, screen_jobs, screen_output, screen_log, screen_notes, screen_sessions;
extern const struct screen screen_gr, screen_slice, screen_dtw, screen_scaling, screen_map, screen_cycles, screen_dynamics, screen_demo;
const struct screen *screen_of(enum view_id view); /* NULL: this program has no such view */

/* frame.c: the whole picture. */
void frame_layout(const struct tui *tui, int width, int height, struct layout *ret_layout);
void frame_draw(const struct tui *tui, struct grid *grid);
/* The inside of the pane with the focus. */
struct rect frame_view_rect(const struct tui *tui);
/* The inside of the pane that shows a view; width 0: none does. */
struct rect frame_rect_of(const struct tui *tui, enum view_id view);
/* The command of a click on a bar, a tab or the frame; false: none is there. */
bool frame_click(const struct tui *tui, int x, int y, char *command, size_t size);

/* state_line.c: the set, the pair and the look, in row y. Items that find no room are left out. */
void state_line_draw(const struct tui *tui, struct grid *grid, int y);

/* rail.c: the list of the data at the left of large screens. */
void rail_draw(const struct tui *tui, struct grid *grid, struct rect rect);

/* As the columns of the table see them. */
struct atom_source atoms_source(const struct atom_rows *atoms);

/* rows.c: rows for what is looked at now; the cursor kept in sight. */
void atoms_update(struct tui *tui);
void atoms_done(struct atom_rows *atoms);
/* Takes what the job has made, if it is done: false: nothing. To be followed by tui_update. */
bool atoms_collect(struct tui *tui);
/* No order is wanted but that of the rows there are: the look goes back to it. False: none was under way. */
bool atoms_cancel(struct tui *tui);
void atoms_settle(struct tui *tui, int height);
bool atoms_find(struct tui *tui, const char *text, int direction); /* from the cursor on, 1: forwards, -1: back */
void atoms_nearest_u(struct tui *tui, double u);
void atoms_to_row(struct tui *tui, long row); /* cursor and mark */
/* Displacement of an atom as the brush sees it. */
double atoms_u(const struct tui *tui, int32_t atom);

/* scr_text.c */
/* A line in as many rows as it takes, broken at blanks, cut at the bottom; returns how many it takes. grid NULL: only counted. */
int put_wrapped(struct grid *grid, struct rect rect, enum role role, const char *text, size_t length);
void pane_add(struct text_pane *pane, const char *text);
void pane_clear(struct text_pane *pane);
/* Line `top` as the first row, or as near to it as fills the rectangle; pane_settle: once more after another size. */
void pane_scroll(struct text_pane *pane, long top, struct rect rect);
void pane_settle(struct text_pane *pane, struct rect rect);

/* scr_help.c: the palette. */
void palette_open(struct tui *tui, enum palette_kind kind);
void palette_key(struct tui *tui, const struct key *key);
void palette_draw(const struct tui *tui, struct grid *grid, const struct layout *layout);

/* options.c: what can be chosen in the present view, the k-th of it; NULL past the last. */
struct option_row {
    const char *name, *help;
    unsigned views;      /* bit set of VIEW_... */
    const char *command; /* and the value follows */
    const char *choices; /* "on|off"; NULL: anything */
    void (*value)(const struct tui *tui, char *out, size_t size);
    void (*choose)(const struct tui *tui, char *out, size_t size); /* the choices, where they depend on the data; or NULL */
};
const struct option_row *option_at(const struct tui *tui, int k);
/* The command that chooses the next value, or the beginning of one that asks for it; *ret_whole: it can be run. */
void option_next(const struct tui *tui, const struct option_row *row, char *out, size_t size, bool *ret_whole);

/* card.c: the card of glyphs, drawn over the views. */
void card_draw(const struct tui *tui, struct grid *grid, struct rect rect);
/* The command of a key on it; false: none. */
bool card_key(const struct key *key, char *out, size_t size);

/* axes.c: `zoom` and `pan`, as the table of commands has them. */
enum ask axes_zoom(struct tui *tui, const struct command_call *call, isd_error *err);
enum ask axes_pan(struct tui *tui, const struct command_call *call, isd_error *err);

/* export.c: the view with the focus as a file, by the suffix; what a command of the engine gives, as numbers. */
enum ask export_view(struct tui *tui, const char *path, isd_error *err);
enum ask export_line(struct tui *tui, const char *line, const char *path, isd_error *err);
/* copy.c: `copy`, as the table of commands has it. */
enum ask copy_run(struct tui *tui, const struct command_call *call, isd_error *err);
/* stats.c: `stats`, as the table of commands has it. */
enum ask stats_run(struct tui *tui, const struct command_call *call, isd_error *err);
/* scr_table.c: the command that prints the row of the cursor; false: there is none. */
bool table_row_command(const struct tui *tui, char *out, size_t size);

/* scr_table.c: the column that follows the one at the left, counted from 0; at most *ret_most (may be NULL). */
int table_first_column(const struct tui *tui, int *ret_most);
/* scr_table.c: the columns of the table, as `columns` takes them. */
void table_columns_text(const struct look *look, char *out, size_t size);

/* screen_command.c: ASK_FAILED, and why; hint may be NULL. */
enum ask screen_refuse(isd_error *err, isd_status status, const char *what, const char *hint);
/* screen_command.c: "+3", "-3", "first", "last" from row `at` of n, within them or not; false: no step. */
bool read_step(const char *word, long at, long n, long *ret_to, isd_error *err);
/* scr_sessions.c: the line that forgets the session under the cursor, to be sent by hand. */
bool sessions_forget(const struct tui *tui, char *command, size_t size);
/* scr_slice_keys.c: the thickness times a factor, as a command; false: no atoms yet. */
bool slice_thickness_command(const struct tui *tui, double factor, char *out, size_t size);

/* scr_demo.c: the point, before or after, that the cursor of demo 1d is on; -1: no such demo is shown. */
int demo_point(const struct tui *tui, bool after);

/* keys.c: what a key does in a view, as a command. */
struct binding {
    const char *keys;    /* one or two names, separated by a blank */
    unsigned views;      /* bit set of VIEW_... */
    const char *command; /* the command, or NULL: */
    bool (*make)(const struct tui *tui, char *out, size_t size); /* it depends on the state; false: nothing to do */
    const char *help;
};
const struct binding *binding_at(int k); /* NULL past the last */
/* The command of a key in the present view; false: not bound. */
bool binding_command(const struct tui *tui, const char *key, char *out, size_t size);
/* Is it the first of two, as in "yy"? Then what may follow is told. */
bool binding_begins(const struct tui *tui, const char *key, char *out, size_t size);
/* mouse.c: the command of what the mouse has done; false: nothing there. */
bool mouse_command(struct tui *tui, const struct key *key, char *out, size_t size);

/* front.c: running commands. */
void tui_run_line(struct tui *tui, const char *text);
/* All commands of a script in their order, up to the first that fails; name: of the file, for messages. */
void tui_run_script(struct tui *tui, const char *name, const char *text);
void tui_retry_pending(struct tui *tui);
void tui_take_messages(struct tui *tui);
void tui_say(struct tui *tui, enum role role, const char *format, ...) __attribute__((format(printf, 3, 4)));
void tui_say_error(struct tui *tui, const isd_error *err);
/* Puts a view into the pane with the focus, or the focus on the pane that shows it. */
void tui_show_view(struct tui *tui, enum view_id view);
/* A result of a command of the screen, taken over: shown as those of the engine are, in the output view, and there for `export`. */
void tui_give(struct tui *tui, struct result *result);
/* Commands of the screen; false: not one of them. */
bool tui_screen_command(struct tui *tui, const struct command_call *call, enum ask *ret_state, isd_error *err);

/* lesson.c: the lesson of the tour, above all else. Rows it takes of a screen; 0: none is under way, or there is no room. */
int lesson_rows(const struct tui *tui, int width, int height);
void lesson_draw(const struct tui *tui, struct grid *grid, int width, int height);
/* After commands: what the tour wants next, said or run. */
void lesson_go_on(struct tui *tui);
/* The command that leads on: the next page, the next lesson. False: there is no lesson. */
bool lesson_more(const struct tui *tui, char *out, size_t size);

/* prompt.c: the : line. */
void prompt_open(struct tui *tui, const char *initial);
void prompt_open_at(struct tui *tui, const char *initial, size_t at); /* with the cursor behind so many bytes of it */
void prompt_key(struct tui *tui, const struct key *key);
void prompt_draw(const struct tui *tui, struct grid *grid, int y);

/* tui.c: everything that is looked up again when something has changed. */
void tui_init(struct tui *tui, struct session *session);
void tui_done(struct tui *tui);
void tui_update(struct tui *tui, int width, int height);

#endif
