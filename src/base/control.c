/* Cancel, progress and helpers of a long computation. SPDX-License-Identifier: GPL-3.0-or-later */
#include "isdmin/control.h"

#include <stdatomic.h>
#include <stdlib.h>

struct isd_control {
    atomic_bool cancelled;
    _Atomic double fraction;
    isd_for_fn *run;
    void *pool;
};

isd_control *isd_control_new(void)
{
    isd_control *control = malloc(sizeof *control);
    if (!control)
        return NULL;
    atomic_init(&control->cancelled, false);
    atomic_init(&control->fraction, 0.0);
    control->run = NULL;
    control->pool = NULL;
    return control;
}

void isd_control_free(isd_control *control)
{
    free(control);
}

void isd_control_cancel(isd_control *control)
{
    if (control)
        atomic_store_explicit(&control->cancelled, true, memory_order_relaxed);
}

bool isd_control_cancelled(const isd_control *control)
{
    return control && atomic_load_explicit(&control->cancelled, memory_order_relaxed);
}

void isd_control_report(isd_control *control, double done, double total)
{
    if (!control || !(total > 0))
        return;
    double fraction = done / total;
    fraction = fraction < 0 ? 0 : fraction > 1 ? 1 : fraction;
    atomic_store_explicit(&control->fraction, fraction, memory_order_relaxed);
}

double isd_control_fraction(const isd_control *control)
{
    return control ? atomic_load_explicit(&control->fraction, memory_order_relaxed) : 0.0;
}

void isd_control_set_pool(isd_control *control, isd_for_fn *run, void *pool)
{
    if (!control)
        return;
    control->run = run;
    control->pool = pool;
}

void isd_control_for(isd_control *control, int32_t chunks, isd_chunk_fn *work, void *arg)
{
    if (control && control->run && chunks > 1) {
        control->run(control->pool, chunks, work, arg);
        return;
    }
    for (int32_t k = 0; k < chunks; k++)
        work(arg, k);
}
