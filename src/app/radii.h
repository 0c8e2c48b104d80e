/* How large atoms are drawn. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_RADII_H
#define APP_RADII_H

#include "app/session.h"

/* ret_radius[t] of type t, t = 1 ... n_types of the current set, in its lengths: half of sigma where the interaction is of Lennard-Jones'
 * kind, else the radius of the element in its metal or glass, else half the mean distance. Also
 * one letter a type: of its label, else its number. */
void radii_of(const struct session *session, double ret_radius[ISD_MAX_TYPES + 1], char ret_letter[ISD_MAX_TYPES + 1]);

#endif
