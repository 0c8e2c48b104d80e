/* The form of words that name frames, without a session. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_FRAMES_ARG_H
#define APP_FRAMES_ARG_H

#include <stdbool.h>
#include <stdint.h>

#include "isdmin/status.h"

/* ISD_USAGE when `word` cannot name frames (or a pair A:B) of any set. */
isd_status frames_check(const char *word, isd_error *err);
isd_status pair_check(const char *word, isd_error *err);
/* The frames that `word` names are among 0 ... n - 1: ISD_DATA when not. */
isd_status frames_exist(const char *word, int32_t n, isd_error *err);
/* Does `word` name frames (a pair) below n by number alone, so that it means the same when the set grows? */
bool frames_are_named(const char *word, int32_t n);
bool pair_is_named(const char *word, int32_t n);

#endif
