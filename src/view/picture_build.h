/* Building pictures, for the files view/picture*.c alone. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_PICTURE_BUILD_H
#define VIEW_PICTURE_BUILD_H

#include "view/picture.h"

/* Room for n numbers, kept until picture_done; NULL when out of memory, which the picture remembers. */
double *picture_numbers(struct picture *picture, size_t n);
/* One more panel, empty; NULL when out of memory. Pointers to earlier panels are no longer valid. */
struct panel *picture_add(struct picture *picture);
/* One more curve of the panel; NULL where it has as many as fit. */
struct curve *panel_add(struct panel *panel, enum curve_style style, const double *x, const double *y, int n);
const char *panel_label(struct panel *panel, const struct curve *curve, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The colour of the k-th of several series; marks tell them apart without it. */
enum role picture_series_role(int k);

/* A number of a result: NaN where there is none. */
double picture_real(const struct result *result, const char *name);
const char *picture_text(const struct result *result, const char *name); /* "" where there is none */

/* Values of a state in a legend: "T 0.5", "T 0.5 p 2"; "all" where none is known. */
void picture_state_name(double T, double p, char *out, size_t size);

/* The makers: true if they know such results. */
bool picture_of_law(const struct result *const *results, int n, struct picture *picture);    /* fit power, kww, beta */
bool picture_of_table(const struct result *const *results, int n, struct picture *picture);  /* fit power table=on */
bool picture_of_sine(const struct result *const *results, int n, struct picture *picture);   /* fit sine */
bool picture_of_points(const struct result *const *results, int n, struct picture *picture); /* points, series, relaxation */
/* Panels of G', G'' and delta of these records against t_w, a curve a state. */
void picture_of_moduli(const struct result *const *results, int n, struct picture *picture);
bool picture_of_motion(const struct result *const *results, int n, struct picture *picture); /* dynamics and its parts, sk, vanhove, equilibrium */
bool picture_of_curves(const struct result *const *results, int n, struct picture *picture); /* pu, gr, map and curves of all kinds */

#endif
