/* Time. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

double clock_now(void);        /* monotonic seconds */
double clock_thread_cpu(void); /* CPU seconds of the calling thread */

#endif
