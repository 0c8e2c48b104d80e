/* Transforms of the stretched exponential (Kohlrausch, Williams, Watts). SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The path of the integral of exp(i x t - t^beta) is turned in the complex plane to t = s exp(i angle): then both factors decay and
 * neither oscillates for long. With s = exp(y) the integrand falls off on both sides, so that the trapezoidal rule converges
 * exponentially. */
#include "num/kww.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>

/* A share of the strip of y in which both factors decay: the rule's error falls as exp(-2 pi strip/step), here 1e-17. */
#define STEP_OF_STRIP 0.16

static bool in_range(double x, double beta)
{
    return x > 0 && isfinite(x) && beta >= 0.1 && beta <= 2;
}

/* Int_0^inf exp(i x t - t^beta) dt times x. */
static double complex transform(double x, double beta)
{
    double angle = M_PI / (2 * (1 + beta)); /* both decays have the same share of the right angle */
    double complex turn = cexp(I * angle), turned = cexp(I * beta * angle);
    double complex sum = 0;
    double log_x = log(x), step = STEP_OF_STRIP * fmin(angle, M_PI / (2 * beta) - angle);
    double high = fmin(log(40 / cos(beta * angle)) / beta, log(40 / sin(angle)) - log_x);
    double low = fmin(-log_x, 0) - 38;
    for (double k = ceil(low / step); k * step <= high; k++) {
        double y = k * step;
        double complex exponent = I * exp(y + log_x) * turn - exp(beta * y) * turned;
        sum += cexp(exponent + y + log_x);
    }
    return step * sum * turn;
}

double kww_loss(double x, double beta)
{
    return in_range(x, beta) ? creal(transform(x, beta)) : NAN;
}

double kww_storage(double x, double beta)
{
    return in_range(x, beta) ? cimag(transform(x, beta)) : NAN;
}

double kww_peak(double beta, double *ret_height)
{
    const double golden = 0.6180339887498949;
    double low = -4, high = 4; /* log x */
    double a = high - golden * (high - low), b = low + golden * (high - low);
    double fa = kww_loss(exp(a), beta), fb = kww_loss(exp(b), beta);
    while (high - low > 1e-9) {
        if (fa > fb) {
            high = b;
            b = a;
            fb = fa;
            a = high - golden * (high - low);
            fa = kww_loss(exp(a), beta);
        } else {
            low = a;
            a = b;
            fa = fb;
            b = low + golden * (high - low);
            fb = kww_loss(exp(b), beta);
        }
    }
    double x = exp(0.5 * (low + high));
    *ret_height = kww_loss(x, beta);
    return x;
}
