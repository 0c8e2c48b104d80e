/* S(k), and where its first peak is. SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/structure_factor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Wave vectors counted and stored at most: a guard against cells and k_max of very different sizes. */
#define MOST_VECTORS 20000000.0

struct wave {
    int m[3];
    double k;
};

/* Waves of a chunk share the powers of exp(i k.r) of a block of atoms, lanes at a time. */
enum { WAVES_A_CHUNK = 256, ATOMS_A_BLOCK = 128, LANES = 8 };

struct summing {
    const isd_snapshot *s;
    const struct wave *wave;
    double reciprocal[3][3];
    int n_waves, reach[3];
    double *phase;     /* [3][room] 2 pi times the fractions of the atoms asked for */
    size_t n, room;    /* a multiple of ATOMS_A_BLOCK */
    double *power;     /* [n_waves] |sum|^2 */
    isd_error *trouble;/* [chunks] */
    isd_control *control;
};

/* Rows: 2 pi times the dual basis of the cell. */
static void reciprocal_lattice(const isd_box *box, double out[3][3])
{
    memset(out, 0, 9 * sizeof out[0][0]);
    out[0][0] = 2 * M_PI / box->lx;
    out[0][1] = -out[0][0] * box->xy / box->ly;
    out[1][1] = 2 * M_PI / box->ly;
    if (box->dim == 2)
        return;
    out[0][2] = 2 * M_PI * (box->xy * box->yz - box->ly * box->xz) / (box->lx * box->ly * box->lz);
    out[1][2] = -2 * M_PI * box->yz / (box->ly * box->lz);
    out[2][2] = 2 * M_PI / box->lz;
}

/* exp(i m phase) of a block of atoms: re and im of each m = 0 ... reach, one row of atoms each. */
static void fill_powers(const double *phase, size_t n, int reach, double *table)
{
    for (size_t j = 0; j < ATOMS_A_BLOCK; j++) {
        bool there = j < n;
        table[j] = there;
        table[ATOMS_A_BLOCK + j] = 0;
        if (reach > 0) {
            table[2 * ATOMS_A_BLOCK + j] = there ? cos(phase[j]) : 0;
            table[3 * ATOMS_A_BLOCK + j] = there ? sin(phase[j]) : 0;
        }
    }
    const double *once = table + 2 * ATOMS_A_BLOCK;
    for (int m = 2; m <= reach; m++) {
        double *now = table + 2 * (size_t)m * ATOMS_A_BLOCK;
        const double *before = now - 2 * ATOMS_A_BLOCK;
        for (size_t j = 0; j < ATOMS_A_BLOCK; j++) {
            now[j] = before[j] * once[j] - before[ATOMS_A_BLOCK + j] * once[ATOMS_A_BLOCK + j];
            now[ATOMS_A_BLOCK + j] = before[j] * once[ATOMS_A_BLOCK + j] + before[ATOMS_A_BLOCK + j] * once[j];
        }
    }
}

/* Adds the products of three powers, those of negative m conjugated. */
static void add_wave(const struct wave *wave, double *const table[3], double *re, double *im)
{
    const double *power[3];
    double sign[3], sum_re[LANES] = {0}, sum_im[LANES] = {0};
    for (int c = 0; c < 3; c++) {
        power[c] = table[c] + 2 * (size_t)abs(wave->m[c]) * ATOMS_A_BLOCK;
        sign[c] = wave->m[c] < 0 ? -1 : 1;
    }
    for (size_t j = 0; j < ATOMS_A_BLOCK; j += LANES)
        for (size_t l = j; l < j + LANES; l++) {
            double a = power[0][l], b = power[0][ATOMS_A_BLOCK + l]; /* m of the first is never negative */
            double c = power[1][l], d = sign[1] * power[1][ATOMS_A_BLOCK + l];
            double e = power[2][l], f = sign[2] * power[2][ATOMS_A_BLOCK + l];
            double g = a * c - b * d, h = a * d + b * c;
            sum_re[l - j] += g * e - h * f;
            sum_im[l - j] += g * f + h * e;
        }
    for (int l = 0; l < LANES; l++) {
        *re += sum_re[l];
        *im += sum_im[l];
    }
}

static void sum_chunk(void *arg, int32_t chunk)
{
    struct summing *sum = arg;
    int first = chunk * WAVES_A_CHUNK, last = first + WAVES_A_CHUNK < sum->n_waves ? first + WAVES_A_CHUNK : sum->n_waves;
    double re[WAVES_A_CHUNK] = {0}, im[WAVES_A_CHUNK] = {0}, *table[3];
    size_t rows[3];
    for (int c = 0; c < 3; c++)
        rows[c] = 2 * ((size_t)sum->reach[c] + 1) * ATOMS_A_BLOCK;
    table[0] = malloc((rows[0] + rows[1] + rows[2]) * sizeof *table[0]);
    if (table[0] == NULL) {
        isd_error_memory(&sum->trouble[chunk]);
        return;
    }
    table[1] = table[0] + rows[0];
    table[2] = table[1] + rows[1];
    for (size_t from = 0; from < sum->n && !isd_control_cancelled(sum->control); from += ATOMS_A_BLOCK) {
        for (size_t c = 0; c < 3; c++)
            fill_powers(sum->phase + c * sum->room + from, sum->n - from, sum->reach[c], table[c]);
        for (int w = first; w < last; w++)
            add_wave(&sum->wave[w], table, &re[w - first], &im[w - first]);
    }
    free(table[0]);
    for (int w = first; w < last; w++)
        sum->power[w] = re[w - first] * re[w - first] + im[w - first] * im[w - first];
}

/* Phases of the atoms of a type (0: all); and how far the waves go. */
static isd_status list_phases(struct summing *sum, int type, isd_error *err)
{
    const isd_box *box = &sum->s->box;
    sum->room = ((size_t)sum->s->n + ATOMS_A_BLOCK) / ATOMS_A_BLOCK * ATOMS_A_BLOCK;
    sum->phase = calloc(3 * sum->room, sizeof *sum->phase);
    if (sum->phase == NULL)
        return isd_error_memory(err);
    for (int32_t i = 0; i < sum->s->n; i++) {
        const double *r = sum->s->position + 3 * (size_t)i;
        if (type != 0 && sum->s->type[i] != type)
            continue;
        for (size_t c = 0; c < (size_t)box->dim; c++)
            for (int x = 0; x < 3; x++)
                sum->phase[c * sum->room + sum->n] += sum->reciprocal[c][x] * (r[x] - box->origin[x]);
        sum->n++;
    }
    for (int w = 0; w < sum->n_waves; w++)
        for (int c = 0; c < 3; c++)
            sum->reach[c] = abs(sum->wave[w].m[c]) > sum->reach[c] ? abs(sum->wave[w].m[c]) : sum->reach[c];
    return ISD_OK;
}

/* The power of all waves. */
static isd_status sum_waves(struct summing *sum, int type, isd_error *err)
{
    int32_t chunks = (sum->n_waves + WAVES_A_CHUNK - 1) / WAVES_A_CHUNK;
    sum->power = malloc((size_t)sum->n_waves * sizeof *sum->power);
    sum->trouble = calloc((size_t)chunks, sizeof *sum->trouble);
    if (sum->power == NULL || sum->trouble == NULL)
        return isd_error_memory(err);
    isd_status status = list_phases(sum, type, err);
    if (status != ISD_OK)
        return status;
    isd_control_for(sum->control, chunks, sum_chunk, sum);
    for (int32_t k = 0; k < chunks && status == ISD_OK; k++)
        if (sum->trouble[k].status != ISD_OK) {
            *err = sum->trouble[k];
            status = err->status;
        }
    if (status == ISD_OK && isd_control_cancelled(sum->control))
        status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    return status;
}

static int by_length(const void *a, const void *b)
{
    const struct wave *x = a, *y = b;
    if (x->k != y->k)
        return x->k < y->k ? -1 : 1;
    return memcmp(x->m, y->m, sizeof x->m);
}

/* One of each pair k, -k below k_max. */
static isd_status list_waves(const struct summing *sum, double k_max, struct wave **ret_waves, int *ret_n, isd_error *err)
{
    const isd_box *box = &sum->s->box;
    /* m_row 2 pi = k . a_row: |m_row| <= k_max |a_row| / 2 pi */
    double length[3] = {box->lx, hypot(box->xy, box->ly), sqrt(box->xz * box->xz + box->yz * box->yz + box->lz * box->lz)};
    int reach[3] = {0}, n = 0, size = 0;
    double all = 1;
    for (int c = 0; c < box->dim; c++) {
        reach[c] = (int)fmin(k_max * length[c] / (2 * M_PI), 1e6);
        all *= 2.0 * reach[c] + 1;
    }
    if (all > MOST_VECTORS)
        return isd_error_set(err, ISD_DATA, "%.3g wave vectors below %g: too many, choose a smaller k", all, k_max);
    struct wave *waves = NULL;
    for (int a = 0; a <= reach[0]; a++)
        for (int b = -reach[1]; b <= reach[1]; b++)
            for (int c = -reach[2]; c <= reach[2]; c++) {
                double k[3] = {0};
                if (a == 0 && (b < 0 || (b == 0 && c <= 0)))
                    continue;
                for (int x = 0; x < 3; x++)
                    k[x] = a * sum->reciprocal[0][x] + b * sum->reciprocal[1][x] + c * sum->reciprocal[2][x];
                double size_k = sqrt(k[0] * k[0] + k[1] * k[1] + k[2] * k[2]);
                if (size_k > k_max)
                    continue;
                if (n == size) {
                    size = size > 0 ? 2 * size : 1024;
                    struct wave *grown = realloc(waves, (size_t)size * sizeof *grown);
                    if (grown == NULL) {
                        free(waves);
                        return isd_error_memory(err);
                    }
                    waves = grown;
                }
                waves[n++] = (struct wave){{a, b, c}, size_k};
            }
    if (n == 0)
        return isd_error_set(err, ISD_DATA, "no wave vector below %g fits the cell", k_max);
    qsort(waves, (size_t)n, sizeof *waves, by_length);
    *ret_waves = waves;
    *ret_n = n;
    return ISD_OK;
}

/* At most `most` of each shell stay, evenly chosen; in place. Returns how many. */
static int thin_waves(struct wave *waves, int n, double width, int most)
{
    int kept = 0;
    for (int first = 0; first < n;) {
        int shell = (int)(waves[first].k / width), last = first;
        while (last < n && (int)(waves[last].k / width) == shell)
            last++;
        int count = last - first, take = count < most ? count : most;
        for (int k = 0; k < take; k++)
            waves[kept++] = waves[first + (int)((int64_t)k * count / take)];
        first = last;
    }
    return kept;
}

/* Room for so many shells. */
static isd_status make_shells(struct structure_factor *out, size_t most, isd_error *err)
{
    out->k = calloc(most + 1, sizeof *out->k);
    out->s = calloc(most + 1, sizeof *out->s);
    out->se = calloc(most + 1, sizeof *out->se);
    out->vectors = calloc(most + 1, sizeof *out->vectors);
    return out->k && out->s && out->se && out->vectors ? ISD_OK : isd_error_memory(err);
}

static isd_status gather(const struct summing *sum, double width, double atoms, struct structure_factor *out, isd_error *err)
{
    isd_status status = make_shells(out, (size_t)sum->n_waves, err);
    int shell = -1;
    for (int w = 0; w < sum->n_waves && status == ISD_OK; w++) {
        int now = (int)(sum->wave[w].k / width);
        out->n += now != shell;
        shell = now;
        out->k[out->n - 1] += sum->wave[w].k;
        out->s[out->n - 1] += sum->power[w] / atoms;
        out->vectors[out->n - 1]++;
    }
    for (int k = 0; k < out->n; k++) {
        out->k[k] /= out->vectors[k];
        out->s[k] /= out->vectors[k];
        out->se[k] = NAN;
    }
    return status;
}

isd_status structure_factor_average(struct structure_factor *const *of, int n, struct structure_factor **ret_s, isd_error *err)
{
    struct structure_factor *mean = calloc(1, sizeof *mean);
    isd_status status = mean ? make_shells(mean, (size_t)of[0]->n, err) : isd_error_memory(err);
    for (int frame = 1; frame < n && status == ISD_OK; frame++) {
        bool same = of[frame]->n == of[0]->n;
        for (int k = 0; k < of[0]->n && same; k++)
            same = fabs(of[frame]->k[k] - of[0]->k[k]) <= 1e-6 * of[0]->k[k];
        if (!same)
            status = isd_error_set(err, ISD_DATA, "S(k) of frames with different cells cannot be averaged");
    }
    for (int k = 0; k < of[0]->n && status == ISD_OK; k++) {
        double sum = 0, sq = 0;
        for (int frame = 0; frame < n; frame++)
            sum += of[frame]->s[k] / n;
        for (int frame = 0; frame < n; frame++)
            sq += (of[frame]->s[k] - sum) * (of[frame]->s[k] - sum);
        mean->k[k] = of[0]->k[k];
        mean->s[k] = sum;
        mean->se[k] = n > 1 ? sqrt(sq / (n - 1) / n) : NAN;
        mean->vectors[k] = of[0]->vectors[k];
        mean->n++;
    }
    if (status == ISD_OK)
        *ret_s = mean;
    else
        structure_factor_free(mean);
    return status;
}

static isd_status check_frame(const isd_snapshot *s, int type, double *ret_atoms, isd_error *err)
{
    for (int c = 0; c < s->box.dim; c++)
        if (!s->box.periodic[c])
            return isd_error_set(err, ISD_DATA, "S(k) needs a cell that is periodic all round");
    *ret_atoms = type == 0 ? s->n : isd_snapshot_count(s, type);
    return *ret_atoms > 0 ? ISD_OK : isd_error_set(err, ISD_DATA, "there are no such atoms");
}

isd_status structure_factor_new(const isd_snapshot *snapshot, int type, double k_max, int most, isd_control *control,
                                struct structure_factor **ret_s, isd_error *err)
{
    struct summing sum = {.s = snapshot, .control = control};
    struct wave *waves = NULL;
    double atoms = 0, width = 0;
    isd_status status = check_frame(snapshot, type, &atoms, err);
    if (status != ISD_OK)
        return status;
    reciprocal_lattice(&snapshot->box, sum.reciprocal);
    for (int c = 0; c < snapshot->box.dim; c++)
        width = fmax(width, sqrt(sum.reciprocal[c][0] * sum.reciprocal[c][0] + sum.reciprocal[c][1] * sum.reciprocal[c][1] +
                                 sum.reciprocal[c][2] * sum.reciprocal[c][2]));
    status = list_waves(&sum, k_max, &waves, &sum.n_waves, err);
    if (status != ISD_OK)
        return status;
    sum.n_waves = thin_waves(waves, sum.n_waves, width, most);
    sum.wave = waves;
    status = sum_waves(&sum, type, err);
    struct structure_factor *made = calloc(1, sizeof *made);
    if (status == ISD_OK)
        status = made ? gather(&sum, width, atoms, made, err) : isd_error_memory(err);
    free(waves);
    free(sum.power);
    free(sum.phase);
    free(sum.trouble);
    if (status == ISD_OK)
        *ret_s = made;
    else
        structure_factor_free(made);
    return status;
}

void structure_factor_free(struct structure_factor *s)
{
    if (s == NULL)
        return;
    free(s->k);
    free(s->s);
    free(s->se);
    free(s->vectors);
    free(s);
}

double structure_factor_peak(const struct structure_factor *s, double *ret_height)
{
    int top = 1;
    *ret_height = NAN;
    if (s->n < 3)
        return NAN;
    for (int k = 2; k < s->n - 1; k++)
        if (s->s[k] > s->s[top])
            top = k;
    double h0 = s->k[top] - s->k[top - 1], h1 = s->k[top + 1] - s->k[top];
    double left = (s->s[top] - s->s[top - 1]) / h0, right = (s->s[top + 1] - s->s[top]) / h1;
    double curvature = (right - left) / (h0 + h1), slope = left + curvature * h0;
    *ret_height = s->s[top];
    if (!(curvature < 0))
        return s->k[top];
    double step = fmax(-h0, fmin(h1, -slope / (2 * curvature)));
    *ret_height = s->s[top] + slope * step + curvature * step * step;
    return s->k[top] + step;
}
