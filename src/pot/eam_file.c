/* The tables of an eam/alloy or eam/fs file. SPDX-License-Identifier: GPL-3.0-or-later */
#include "pot/eam_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pot/table_file.h"

#define FEWEST_POINTS 5      /* what the slopes of the splines are made of */
#define MOST_POINTS 10000000 /* more than any file has room for */

void eam_file_done(struct eam_file *file)
{
    free(file->element);
    free(file->mass);
    free(file->embed);
    free(file->density);
    free(file->pair);
    *file = (struct eam_file){0};
}

int32_t eam_file_find(const struct eam_file *file, const char *element)
{
    for (int32_t k = 0; k < file->n_elements; k++) {
        if (strcmp(file->element[k], element) == 0) {
            return k;
        }
    }
    return -1;
}

const double *eam_file_density(const struct eam_file *file, int32_t from, int32_t at)
{
    const int32_t table = file->fs ? from * file->n_elements + at : from;
    return file->density + (size_t)table * (size_t)file->n_r;
}

const double *eam_file_pair(const struct eam_file *file, int32_t a, int32_t b)
{
    const int32_t i = a > b ? a : b, j = a > b ? b : a;
    return file->pair + (size_t)(i * (i + 1) / 2 + j) * (size_t)file->n_r;
}

static isd_status read_elements(struct table_file *in, struct eam_file *file, isd_error *err)
{
    int64_t n;
    isd_status status = table_file_count(in, "the number of elements", 1, ISD_MAX_TYPES, &n, err);
    if (status) {
        return status;
    }
    file->element = calloc((size_t)n, sizeof *file->element);
    file->mass = calloc((size_t)n, sizeof *file->mass);
    if (!file->element || !file->mass) {
        return isd_error_memory(err);
    }
    for (int32_t k = 0; k < n; k++) {
        if (!table_file_word_here(in) || in->length >= ISD_LABEL_SIZE) {
            isd_error_set(err, ISD_DATA, "%d names of elements (at most %d letters) are expected on this line",
                          (int)n, ISD_LABEL_SIZE - 1);
            return table_file_complain(in, err);
        }
        memcpy(file->element[k], in->word, in->length);
    }
    file->n_elements = (int32_t)n;
    if (table_file_word_here(in)) {
        isd_error_set(err, ISD_DATA, "there are more than %d names of elements on this line", (int)n);
        return table_file_complain(in, err);
    }
    return ISD_OK;
}

/* A positive length, density or mass. */
static isd_status read_positive(struct table_file *in, const char *what, double *ret_value, isd_error *err)
{
    double value;
    const isd_status status = table_file_number(in, what, &value, err);
    if (status) {
        return status;
    }
    if (!(value > 0) || !(value < 1e12)) {
        isd_error_set(err, ISD_DATA, "%s is %g, a positive number is expected", what, value);
        return table_file_complain(in, err);
    }
    *ret_value = value;
    return ISD_OK;
}

/* Nrho drho Nr dr cutoff. Every value takes two bytes at least: larger tables than that do not exist. */
static isd_status read_grid(struct table_file *in, struct eam_file *file, isd_error *err)
{
    int64_t n_rho = 0, n_r = 0;
    isd_status status = table_file_count(in, "Nrho", FEWEST_POINTS, MOST_POINTS, &n_rho, err);
    status = status ? status : read_positive(in, "drho", &file->d_rho, err);
    status = status ? status : table_file_count(in, "Nr", FEWEST_POINTS, MOST_POINTS, &n_r, err);
    status = status ? status : read_positive(in, "dr", &file->d_r, err);
    status = status ? status : read_positive(in, "the cutoff", &file->cutoff, err);
    if (status) {
        return status;
    }
    const double n = file->n_elements, densities = file->fs ? n * n : n;
    const double values = n * (double)n_rho + (densities + n * (n + 1) / 2) * (double)n_r;
    if (2 * values > (double)in->size + 2) {
        isd_error_set(err, ISD_DATA,
                      "Nrho %lld and Nr %lld ask for %.0f numbers of %d elements, more than the file's %zu bytes hold",
                      (long long)n_rho, (long long)n_r, values, (int)file->n_elements, in->size);
        table_file_complain(in, err);
        isd_error_hint(err, file->fs ? "pair_style eam/alloy    if the file is of that kind"
                                     : "pair_style eam/fs    if the file is of that kind");
        return ISD_DATA;
    }
    file->n_rho = (int32_t)n_rho;
    file->n_r = (int32_t)n_r;
    return ISD_OK;
}

static isd_status allocate(struct eam_file *file, isd_error *err)
{
    const size_t n = (size_t)file->n_elements, n_r = (size_t)file->n_r;
    file->embed = malloc(n * (size_t)file->n_rho * sizeof *file->embed);
    file->density = malloc((file->fs ? n * n : n) * n_r * sizeof *file->density);
    file->pair = malloc(n * (n + 1) / 2 * n_r * sizeof *file->pair);
    return file->embed && file->density && file->pair ? ISD_OK : isd_error_memory(err);
}

/* n values. Each array starts a new line: what else stands on the line of its last value is dropped as LAMMPS
 * drops it (published files have such a value too many), and counted. */
static isd_status read_array(struct table_file *in, struct eam_file *file, const char *what, int32_t n,
                             double *ret_values, isd_error *err)
{
    for (int32_t k = 0; k < n; k++) {
        const isd_status status = table_file_number(in, what, &ret_values[k], err);
        if (status) {
            if (err && !err->hint[0]) {
                isd_error_hint(err, file->fs ? "pair_style eam/alloy    if the file is of that kind"
                                             : "pair_style eam/fs    if the file is of that kind");
            }
            return status;
        }
    }
    while (table_file_word_here(in)) {
        file->dropped++;
    }
    return ISD_OK;
}

static isd_status read_element(struct table_file *in, struct eam_file *file, int32_t k, isd_error *err)
{
    char what[64];
    double charge;
    isd_status status = table_file_number(in, "the atomic number of an element", &charge, err);
    status = status ? status : read_positive(in, "the mass of an element", &file->mass[k], err);
    if (status) {
        return status;
    }
    table_file_skip_line(in); /* lattice constant and lattice: of no use here, and missing in some files */
    snprintf(what, sizeof what, "F(rho) of %s", file->element[k]);
    status = read_array(in, file, what, file->n_rho, file->embed + (size_t)k * (size_t)file->n_rho, err);
    const int32_t tables = file->fs ? file->n_elements : 1;
    for (int32_t t = 0; t < tables && !status; t++) {
        snprintf(what, sizeof what, "the density of %s%s%s", file->element[k], file->fs ? " at " : "",
                 file->fs ? file->element[t] : "");
        status = read_array(in, file, what, file->n_r,
                            file->density + (size_t)(k * tables + t) * (size_t)file->n_r, err);
    }
    return status;
}

static isd_status read_pairs(struct table_file *in, struct eam_file *file, isd_error *err)
{
    char what[64];
    isd_status status = ISD_OK;
    for (int32_t i = 0; i < file->n_elements && !status; i++) {
        for (int32_t j = 0; j <= i && !status; j++) {
            snprintf(what, sizeof what, "r phi(r) of %s and %s", file->element[i], file->element[j]);
            status = read_array(in, file, what, file->n_r,
                                file->pair + (size_t)(i * (i + 1) / 2 + j) * (size_t)file->n_r, err);
        }
    }
    if (!status && table_file_word(in)) {
        isd_error_set(err, ISD_DATA, "the tables are complete here, but the file goes on");
        table_file_complain(in, err);
        isd_error_hint(err, file->fs ? "pair_style eam/alloy    if the file is of that kind"
                                     : "pair_style eam/fs    if the file is of that kind");
        return ISD_DATA;
    }
    return status;
}

isd_status eam_file_read(const char *path, bool fs, struct eam_file *ret_file, isd_error *err)
{
    struct table_file in;
    struct eam_file file = {.fs = fs};
    isd_status status = table_file_open(path, &in, err);
    if (status) {
        return status;
    }
    for (int line = 0; line < 3; line++) {
        table_file_skip_line(&in); /* words for people */
    }
    status = read_elements(&in, &file, err);
    status = status ? status : read_grid(&in, &file, err);
    status = status ? status : allocate(&file, err);
    for (int32_t k = 0; k < file.n_elements && !status; k++) {
        status = read_element(&in, &file, k, err);
    }
    status = status ? status : read_pairs(&in, &file, err);
    file.d_exponents = in.d_exponents;
    table_file_close(&in);
    if (status) {
        eam_file_done(&file);
        return status;
    }
    *ret_file = file;
    return ISD_OK;
}
