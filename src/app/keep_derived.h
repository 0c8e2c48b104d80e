/* Results of many frames, or of a table, as plain numbers for the store, and back. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The functions of struct derivation: what is packed comes back the same to the last bit, NaN included; numbers that cannot be such a
 * result give NULL. Another layout needs another version in keep_key.c. */
#ifndef APP_KEEP_DERIVED_H
#define APP_KEEP_DERIVED_H

#include <stddef.h>

#include "isdmin/status.h"

/* struct motion, struct structure_factor, struct van_hove, struct green_kubo */
isd_status keep_pack_motion(const void *motion, double **ret_numbers, size_t *ret_n, isd_error *err);
isd_status keep_pack_sk(const void *structure_factor, double **ret_numbers, size_t *ret_n, isd_error *err);
isd_status keep_pack_van_hove(const void *van_hove, double **ret_numbers, size_t *ret_n, isd_error *err);
isd_status keep_pack_green_kubo(const void *green_kubo, double **ret_numbers, size_t *ret_n, isd_error *err);
void *keep_unpack_motion(const double *numbers, size_t n);
void *keep_unpack_sk(const double *numbers, size_t n);
void *keep_unpack_van_hove(const double *numbers, size_t n);
void *keep_unpack_green_kubo(const double *numbers, size_t n);

#endif
