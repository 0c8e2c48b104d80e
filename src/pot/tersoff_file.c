/* Tersoff: parameters from LAMMPS' files, and those of silica. SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scan.h"
#include "base/text.h"
#include "pot/tersoff.h"

#define LARGEST_FILE (1 << 22) /* published files have some 10 kB */
#define WORD_SIZE 64

enum { WORDS = 17, NUMBERS = 14 };

/* S. Munetoh, T. Motooka, K. Moriguchi, A. Shintani, Comp. Mat. Sci. 39, 334 (2007). Mixed values follow from
 * the rules of the paper, A = sqrt(A_Si A_O) and so on; LAMMPS' SiO.tersoff rounds four of them. */
#define SI_ANGLES 3, 1, 0, 100390, 16.217, -.59825
#define O_ANGLES 3, 1, 0, 64692.1, 4.11127, -.845922
#define SI_ORDER .78734, 1.1e-6
#define O_ORDER 1.04968, 1.1632e-7
#define MIXED_2007 2.2139923630243383, .15243955021550804
#define MIXED_ROUNDED 2.215, .155
#define SIO2(mixed, B, A)                                                                                    \
    {                                                                                                        \
        {"Si Si Si", {SI_ANGLES, SI_ORDER, 1.73222, 471.18, 2.65, .15, 2.4799, 1830.8}},                     \
            {"O O O", {O_ANGLES, O_ORDER, 2.35692, 218.787, 1.85, .15, 4.17108, 1882.55}},                   \
            {"Si O O", {SI_ANGLES, SI_ORDER, 2.04456, B, mixed, 3.32549, A}},                                \
            {"O Si Si", {O_ANGLES, O_ORDER, 2.04456, B, mixed, 3.32549, A}},                                 \
            {"Si Si O", {SI_ANGLES, 0, 0, 0, 0, mixed, 0, 0}},                                               \
            {"Si O Si", {SI_ANGLES, 0, 0, 0, 0, 2.65, .15, 0, 0}},                                           \
            {"O Si O", {O_ANGLES, 0, 0, 0, 0, 1.85, .15, 0, 0}},                                             \
            {"O O Si", {O_ANGLES, 0, 0, 0, 0, mixed, 0, 0}},                                                 \
    }

static const struct silica_entry {
    const char *elements;
    struct tersoff_numbers p;
} silica[2][8] = {SIO2(MIXED_2007, 378.6898939266548, 1856.4946916164345),
                  SIO2(MIXED_ROUNDED, 378.690, 1856.495)};

/* Where the reader is in a file. */
struct reading {
    const char *path;
    const char *at, *end;
    long long line;
};

/* The words of one entry. */
struct words {
    char text[WORDS][WORD_SIZE];
    long long line[WORDS];
    int n;
};

/* The bytes of a regular file that is not absurdly long. */
static isd_status read_file(const char *path, char **ret_text, size_t *ret_size, isd_error *err)
{
    struct stat info;
    char *text = NULL;
    size_t size = 0;
    isd_status status = ISD_OK;
    const int fd =
        open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a FIFO must not hang us before it is refused */
    if (fd < 0 || fstat(fd, &info)) {
        status = isd_error_set(err, ISD_IO, "cannot open: %s", strerror(errno));
    } else if (!S_ISREG(info.st_mode)) {
        status = isd_error_set(err, ISD_DATA, "not a regular file, expected a file of Tersoff parameters");
    } else if (info.st_size > LARGEST_FILE) {
        status = isd_error_set(err, ISD_DATA, "%lld bytes are too many for a file of Tersoff parameters",
                               (long long)info.st_size);
    }
    FILE *file = status ? NULL : fdopen(fd, "rb");
    text = status ? NULL : malloc(LARGEST_FILE + 1);
    if (!status && (!file || !text)) {
        status = isd_error_memory(err);
    }
    if (!status) {
        size = fread(text, 1, LARGEST_FILE + 1, file);
        if (ferror(file) || size > LARGEST_FILE) {
            status = isd_error_set(err, ISD_IO, "cannot read: %s",
                                   ferror(file) ? strerror(errno) : "the file is growing");
        }
    }
    if (file) {
        fclose(file);
    } else if (fd >= 0) {
        close(fd);
    }
    if (status) {
        free(text);
        isd_error_at(err, path, 0, 0);
        return status;
    }
    *ret_text = text;
    *ret_size = size;
    return ISD_OK;
}

/* Adds the words of the next line, up to a comment; false at the end of the file. */
static bool next_line(struct reading *in, struct words *words, bool *ret_too_many)
{
    if (in->at >= in->end) {
        return false;
    }
    const char *stop = memchr(in->at, '\n', (size_t)(in->end - in->at));
    const char *next = stop ? stop + 1 : in->end;
    stop = stop ? stop : in->end;
    const char *comment = memchr(in->at, '#', (size_t)(stop - in->at));
    stop = comment ? comment : stop;
    in->line++;
    for (const char *p = in->at; p < stop;) {
        if (isspace((unsigned char)*p)) {
            p++;
            continue;
        }
        const char *word = p;
        while (p < stop && !isspace((unsigned char)*p)) {
            p++;
        }
        if (words->n == WORDS) {
            *ret_too_many = true;
            break;
        }
        text_escape(word, (size_t)(p - word), words->text[words->n], WORD_SIZE);
        words->line[words->n++] = in->line;
    }
    in->at = next;
    return true;
}

static isd_status refuse_at(const struct reading *in, long long line, isd_error *err)
{
    isd_error_at(err, in->path, line, 0);
    return ISD_DATA;
}

/* The next entry; words->n = 0 at the end of the file. */
static isd_status next_entry(struct reading *in, struct words *words, isd_error *err)
{
    bool too_many = false;
    words->n = 0;
    while (words->n < WORDS && !too_many && next_line(in, words, &too_many)) {
    }
    if (too_many) {
        isd_error_set(err, ISD_DATA,
                      "more than %d words for one entry, expected three elements and %d numbers, the next "
                      "entry on a new line",
                      WORDS, NUMBERS);
        return refuse_at(in, in->line, err);
    }
    if (words->n > 0 && words->n < WORDS) {
        isd_error_set(err, ISD_DATA,
                      "the file ends within an entry of %d words, expected three elements and %d numbers",
                      words->n, NUMBERS);
        return refuse_at(in, words->line[0], err);
    }
    return ISD_OK;
}

static int32_t find_element(const char *const *names, int32_t n, const char *name, size_t length)
{
    for (int32_t k = 0; k < n; k++) {
        if (strlen(names[k]) == length && memcmp(names[k], name, length) == 0) {
            return k;
        }
    }
    return -1;
}

/* What LAMMPS refuses, and what would divide by zero. NULL: nothing wrong. */
static const char *fault(const struct tersoff_numbers *p, bool two_body)
{
    if (p->m != 1 && p->m != 3) {
        return "m must be 1 or 3";
    }
    if (p->gamma < 0 || p->c < 0 || p->n < 0 || p->beta < 0 || p->lambda2 < 0 || p->B < 0 || p->lambda1 < 0 ||
        p->A < 0) {
        return "gamma, c, n, beta, lambda1, lambda2, A and B cannot be negative";
    }
    if (!(p->d > 0)) {
        return "d must be positive";
    }
    if (p->R < 0 || p->D < 0 || p->D > p->R) {
        return "R and D cannot be negative, nor D larger than R";
    }
    if (two_body && p->B > 0 && !(p->n > 0)) {
        return "n must be positive where B is";
    }
    return NULL;
}

static void complete_entry(struct tersoff_entry *e, const struct tersoff_numbers *p)
{
    e->p = *p;
    e->cutoff_sq = (p->R + p->D) * (p->R + p->D);
    e->c_sq = p->c * p->c;
    e->d_sq = p->d * p->d;
    e->offset = 1 + e->c_sq / e->d_sq;
    if (p->n > 0) { /* LAMMPS' bounds */
        e->series[0] = pow(2 * p->n * 1e-16, -1 / p->n);
        e->series[1] = pow(2 * p->n * 1e-8, -1 / p->n);
        e->series[2] = 1 / e->series[1];
        e->series[3] = 1 / e->series[0];
    }
    e->given = true;
}

/* An entry of the file, kept if all its elements are wanted. */
static isd_status take_entry(const struct reading *in, const struct words *words, const char *const *names,
                             struct tersoff_potential *t, isd_error *err)
{
    int32_t element[3];
    for (int k = 0; k < 3; k++) {
        element[k] = find_element(names, t->n_elements, words->text[k], strlen(words->text[k]));
        if (element[k] < 0) {
            return ISD_OK;
        }
    }
    double value[NUMBERS];
    for (int k = 0; k < NUMBERS; k++) {
        if (!scan_whole_double(words->text[3 + k], &value[k])) {
            isd_error_set(err, ISD_DATA, "'%s' is not a finite number", words->text[3 + k]);
            return refuse_at(in, words->line[3 + k], err);
        }
    }
    struct tersoff_numbers p;
    _Static_assert(sizeof p == sizeof value, "the numbers of an entry in the order of the file");
    memcpy(&p, value, sizeof p);
    struct tersoff_entry *e = (struct tersoff_entry *)tersoff_entry_of(t, element[0], element[1], element[2]);
    const char *wrong =
        e->given ? "there is an entry for these already" : fault(&p, element[1] == element[2]);
    if (wrong) {
        isd_error_set(err, ISD_DATA, "entry %s %s %s: %s", words->text[0], words->text[1], words->text[2],
                      wrong);
        return refuse_at(in, words->line[0], err);
    }
    complete_entry(e, &p);
    return ISD_OK;
}

/* A potential without entries; names[] gets the different elements. */
static isd_status new_tersoff(const char *const *elements, int32_t n_types, const char **names,
                              struct tersoff_potential **ret_potential, isd_error *err)
{
    int32_t element[ISD_MAX_TYPES], n = 0;
    if (n_types < 1 || n_types > ISD_MAX_TYPES) {
        return isd_error_set(err, ISD_USAGE, "%d types of atoms, expected 1 to %d", (int)n_types,
                             ISD_MAX_TYPES);
    }
    for (int32_t k = 0; k < n_types; k++) {
        if (!elements[k] || !elements[k][0]) {
            return isd_error_set(err, ISD_USAGE, "type %d has no element", (int)k + 1);
        }
        element[k] = find_element(names, n, elements[k], strlen(elements[k]));
        if (element[k] < 0) {
            names[n] = elements[k];
            element[k] = n++;
        }
    }
    struct tersoff_potential *t = calloc(1, sizeof *t + (size_t)n * (size_t)n * (size_t)n * sizeof *t->entry);
    if (!t) {
        return isd_error_memory(err);
    }
    potential_init(&t->base, &tersoff_ops, n_types);
    memcpy(t->element, element, (size_t)n_types * sizeof *element);
    t->n_elements = n;
    *ret_potential = t;
    return ISD_OK;
}

/* All entries are there: what follows from all of them. */
static isd_status finish(struct tersoff_potential *t, const char *const *names, isd_error *err)
{
    const int32_t n = t->n_elements;
    t->base.continuous = true;
    for (int32_t i = 0; i < n; i++) {
        for (int32_t j = 0; j < n; j++) {
            for (int32_t k = 0; k < n; k++) {
                const struct tersoff_entry *e = tersoff_entry_of(t, i, j, k);
                if (!e->given) {
                    return isd_error_set(err, ISD_DATA, "no entry for %s %s %s", names[i], names[j],
                                         names[k]);
                }
                const double cutoff = e->p.R + e->p.D;
                t->reach[i * n + k] = fmax(t->reach[i * n + k], cutoff);
                t->reach[k * n + i] = fmax(t->reach[k * n + i], cutoff);
                t->base.cutoff = fmax(t->base.cutoff, cutoff);
                t->base.continuous = t->base.continuous && e->p.D > 0;
            }
        }
    }
    if (!(t->base.cutoff > 0)) {
        return isd_error_set(err, ISD_DATA, "all cutoffs are 0");
    }
    t->base.length = 0.6 * t->base.cutoff;
    const int32_t types = t->base.n_types;
    for (int32_t k = 0; k < types * types; k++) {
        t->cutoffs[k] = t->reach[t->element[k / types] * t->n_elements + t->element[k % types]];
    }
    t->base.cutoffs = t->cutoffs;
    t->simple = tersoff_is_simple(t);
    return ISD_OK;
}

static void set_name(struct tersoff_potential *t, const char *path)
{
    char shown[sizeof t->base.name - sizeof "tersoff "];
    const char *slash = strrchr(path, '/');
    text_escape(slash ? slash + 1 : path, strlen(slash ? slash + 1 : path), shown, sizeof shown);
    snprintf(t->base.name, sizeof t->base.name, "tersoff %s", shown);
}

isd_status isd_potential_tersoff_file(const char *path, const char *const *elements, int32_t n_types,
                                      isd_potential **ret_potential, isd_error *err)
{
    const char *names[ISD_MAX_TYPES];
    struct tersoff_potential *t = NULL;
    char *text = NULL;
    size_t size = 0;
    isd_status status = new_tersoff(elements, n_types, names, &t, err);
    if (status) {
        return status;
    }
    status = read_file(path, &text, &size, err);
    if (!status) {
        struct reading in = {.path = path, .at = text, .end = text + size};
        struct words words;
        do {
            status = next_entry(&in, &words, err);
            if (!status && words.n > 0) {
                status = take_entry(&in, &words, names, t, err);
            }
        } while (!status && words.n > 0);
        if (!status) {
            status = finish(t, names, err);
            if (status) {
                isd_error_at(err, path, 0, 0);
            }
        }
    }
    free(text);
    if (status) {
        free(t);
        return status;
    }
    set_name(t, path);
    *ret_potential = &t->base;
    return ISD_OK;
}

/* The three elements of a built-in entry, -1 for one that is not wanted. */
static void find_three(const char *text, const char *const *names, int32_t n, int32_t ret_element[3])
{
    for (int k = 0; k < 3; k++) {
        const size_t length = strcspn(text, " ");
        ret_element[k] = find_element(names, n, text, length);
        text += length + (text[length] == ' ');
    }
}

isd_status isd_potential_tersoff_sio2(bool rounded, const char *const *elements, int32_t n_types,
                                      isd_potential **ret_potential, isd_error *err)
{
    const char *names[ISD_MAX_TYPES];
    struct tersoff_potential *t = NULL;
    isd_status status = new_tersoff(elements, n_types, names, &t, err);
    if (status) {
        return status;
    }
    for (size_t k = 0; k < sizeof silica[0] / sizeof *silica[0]; k++) {
        int32_t e[3];
        find_three(silica[rounded][k].elements, names, t->n_elements, e);
        if (e[0] >= 0 && e[1] >= 0 && e[2] >= 0) {
            complete_entry((struct tersoff_entry *)tersoff_entry_of(t, e[0], e[1], e[2]),
                           &silica[rounded][k].p);
        }
    }
    status = finish(t, names, err);
    if (status) {
        free(t);
        return status;
    }
    snprintf(t->base.name, sizeof t->base.name, "tersoff SiO2 (Munetoh 2007%s)",
             rounded ? ", rounded as SiO.tersoff" : "");
    *ret_potential = &t->base;
    return ISD_OK;
}
