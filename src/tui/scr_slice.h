/* The atoms view: what its files share. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_SCR_SLICE_H
#define TUI_SCR_SLICE_H

#include "app/rings.h"
#include "tui/state.h"
#include "view/slice.h"

/* The picture and the words beside it; of width 0: no room for them. */
struct slice_layout {
    struct rect picture, side;
};

struct slice_data {
    const isd_snapshot *frame;   /* a reference: what is drawn */
    const struct match *match;   /* of the pair looked at, borrowed anew with each update; NULL: not known yet */
    struct slab slab;            /* of the frame */
    int normal;                  /* that the slab was made for */
    double radius[ISD_MAX_TYPES + 1];
    char letter[ISD_MAX_TYPES + 1];
    int32_t atoms_of[ISD_MAX_TYPES + 1]; /* of the frame, by type */
    double r0, u_high;
    double longest;              /* displacement of the match that was measured last */
    const void *measured;        /* that match: only its address is used, and what it says, since an address may come again */
    double measured_d_min;
    bool crowded;                /* atoms are too small for discs */
    unsigned char *moved;        /* [n] of the frame, while all atoms are seen or crowded: moved far enough for an arrow; or NULL */
    struct rings rings;          /* of the match */
    double rings_d_min, rings_cut; /* what they were made for */
    unsigned rings_news;
    int32_t ring;                /* of the marked atom, -1: none */
    int starts;                  /* sight.starts + 1 of the set that was begun with */
    int64_t atom;                /* that was marked at the last update: the plane follows another one */
    struct slice_layout at;      /* at the last update, for keys: only sizes count */
    enum ask state;
    isd_error err;
};

enum { SLICE_STEPS = 24 }; /* of the plane along its normal make one thickness */

const struct slice_data *slice_data_of(const struct tui *tui); /* NULL before the first look */
struct slice_plot slice_make_plot(const struct tui *tui, const struct slice_data *data);
double slice_plane(const struct tui *tui, const struct slice_data *data);     /* of the normal's coordinate */
double slice_thickness(const struct tui *tui, const struct slice_data *data);

/* Where they are in a rectangle. */
struct slice_layout slice_lay_out(const struct tui *tui, const struct slice_data *data, struct rect rect);

/* Of the cycle that the marked atom is in, the atoms that are shown: at most a dozen, around it. Only with a ring. */
void slice_ring_stretch(const struct tui *tui, const struct slice_data *data, const int32_t **ret_member, int *ret_n);

/* Looks up what is shown; is there something? */
void slice_update(struct tui *tui, struct rect rect);
bool slice_usable(const struct slice_data *data);
/* The cycles of the match, made when one is first asked for. */
isd_status slice_take_rings(const struct tui *tui, struct slice_data *data, isd_error *err);

/* scr_slice_keys.c: hooks of struct screen */
bool slice_cursor(const struct tui *tui, int right, int down, char *command, size_t size);
bool slice_click(const struct tui *tui, struct rect rect, int x, int y, char *command, size_t size);
bool slice_drag(const struct tui *tui, struct rect rect, int from_x, int from_y, int to_x, int to_y, char *command, size_t size);
bool slice_wheel(const struct tui *tui, struct rect rect, int x, int y, int down, char *command, size_t size);
enum sight_outcome slice_command(struct tui *tui, const struct command_call *call, isd_error *err);

/* scr_slice_draw.c */
void slice_screen_draw(const struct tui *tui, struct grid *grid, struct rect rect);
void slice_screen_heading(const struct tui *tui, char *out, size_t size);
void slice_screen_footing(const struct tui *tui, char *out, size_t size);

#endif
