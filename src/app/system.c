/* Built-in systems, LAMMPS' own lines, and LAMMPS' mixing rules. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/system.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/potential_path.h"
#include "app/suggest.h"
#include "base/scan.h"

#define MIX_CHOICES "geometric|arithmetic|sixthpower"

void system_init(struct system_settings *ret_system)
{
    memset(ret_system, 0, sizeof *ret_system);
    ret_system->timestep = NAN;
    for (int k = 0; k < 3; k++)
        ret_system->periodic[k] = true;
}

/* --- built-in systems --- */

/* A binary Lennard-Jones mixture of species A and B: pairs AA, AB, BB. */
struct builtin {
    const char *name;
    int dimension; /* 0: either */
    double epsilon[3], sigma[3];
    bool at_minimum; /* cut at 2^(1/6) sigma, where the force is 0 */
};

static const struct builtin builtins[] = {
    {"ka3d", 3, {1.0, 1.5, 0.5}, {1.0, 0.8, 0.88}, false},
    {"ka2d", 2, {1.0, 1.5, 0.5}, {1.0, 0.8, 0.88}, false},
    {"wca", 0, {1.0, 1.5, 0.5}, {1.0, 0.8, 0.88}, true},
};
#define N_BUILTINS (int)(sizeof builtins / sizeof builtins[0])

/* Systems of two elements whose potential was published as a file. */
struct published {
    const char *name, *element[2];
    double mass[2];
    const struct potential_source *source; /* NULL: potential= is needed, or the numbers are built in */
};

static const struct potential_source alsm_file = {
    .file = "v2_18_Al3Sm_2016.eam.fs",
    .sha256 = "7b0a232230fbb1b6649c9bb5ccce10a9be91cbe37b909883bf452c2de76ff424",
    .publication = "H. Song, M. I. Mendelev, JOM 73, 2312 (2021)"};
static const struct potential_source nip_file = {
    .file = "NiP.lammps.eam",
    .sha256 = "8b8eb75f6eedcb0ac7ffd65f8e7969169ec5c943008b821d343a3c2c8f3ef4e1",
    .publication = "H. W. Sheng, E. Ma, M. J. Kramer, JOM 64, 856 (2012)"};
static const struct potential_source pdsi_file = {
    .file = "PdSi.lammps.eam",
    .sha256 = "0ce8ec2ed879589a0952b74c7cc8bd429887a942b8fd1af656d6ea69065c5fab",
    .publication = "J. Ding, Y. Q. Cheng, H. Sheng, E. Ma, Phys. Rev. B 85, 060201 (2012)"};

static const struct published published[] = {
    {"sio2", {"Si", "O"}, {28.0855, 15.9994}, NULL},
    {"alsm", {"Al", "Sm"}, {26.98154, 150.36}, &alsm_file},
    {"nip", {"Ni", "P"}, {58.6934, 30.973762}, &nip_file},
    {"pdsi", {"Pd", "Si"}, {106.42, 28.0855}, &pdsi_file},
    {"ycu", {"Y", "Cu"}, {88.90584, 63.546}, NULL},
};
#define N_PUBLISHED (int)(sizeof published / sizeof published[0])

const char *system_builtin_name(int k)
{
    if (k >= N_BUILTINS)
        return k - N_BUILTINS < N_PUBLISHED ? published[k - N_BUILTINS].name : NULL;
    return k >= 0 ? builtins[k].name : NULL;
}

static isd_status refuse_builtin(const char *name, isd_error *err)
{
    struct suggestion nearest = {.word = name};

    for (int k = 0; system_builtin_name(k); k++)
        suggest_try(&nearest, system_builtin_name(k));
    isd_error_set(err, ISD_USAGE, "there is no system '%s'; known are ka3d, ka2d, wca, sio2, alsm, nip, pdsi, ycu",
                  name);
    if (nearest.best)
        isd_error_hint(err, "system %s", nearest.best);
    return ISD_USAGE;
}

static void set_pair(struct system_settings *system, int i, int j, double epsilon, double sigma,
                     double cutoff)
{
    system->pair[i][j] = (isd_lj_pair){.epsilon = epsilon, .sigma = sigma, .cutoff = cutoff, .set = true};
}

/* Lines change the system: it is the built-in one no more, and what that said of the dimension is void. */
static void leave_builtin(struct system_settings *system)
{
    system->name[0] = '\0';
    if (!system->dimension_said)
        system->dimension = 0;
}

/* Everything anew but the time step and the boundary. */
static void start_builtin(struct system_settings *system, const char *name, const char *units)
{
    double timestep = system->timestep;
    bool boundary_set = system->boundary_set;
    bool periodic[3];
    memcpy(periodic, system->periodic, sizeof periodic);
    system_init(system);
    system->timestep = timestep;
    system->boundary_set = boundary_set;
    memcpy(system->periodic, periodic, sizeof periodic);

    system->dimension_said = false;
    snprintf(system->name, sizeof system->name, "%s", name);
    snprintf(system->units, sizeof system->units, "%s", units);
}

static isd_status take_mixture(struct system_settings *system, const struct builtin *found, isd_error *err)
{
    static const int first[3] = {1, 1, 2}, second[3] = {1, 2, 2};

    start_builtin(system, found->name, "lj");
    system->dimension = found->dimension;
    for (int type = 1; type <= 2; type++) {
        system->has_mass[type] = true;
        system->mass[type] = 1.0;
        snprintf(system->label[type], sizeof system->label[type], "%c", 'A' + type - 1);
    }
    system->style = SYSTEM_LJ;
    system->shift = true;
    for (int k = 0; k < 3; k++)
        set_pair(system, first[k], second[k], found->epsilon[k], found->sigma[k], 0.0);
    return system_builtin_cutoff(system, found->at_minimum ? pow(2.0, 1.0 / 6.0) : 2.5, err);
}

static isd_status take_published(struct system_settings *system, const struct published *found, const char *file,
                                 bool rounded, system_note_fn *note, void *note_arg, isd_error *err)
{
    struct system_settings made = *system;

    start_builtin(&made, found->name, "metal");
    made.dimension = 3;
    made.n_elements = 2;
    for (int k = 0; k < 2; k++) {
        snprintf(made.element[k], sizeof made.element[k], "%s", found->element[k]);
        snprintf(made.label[k + 1], sizeof made.label[k + 1], "%s", found->element[k]);
        made.has_mass[k + 1] = true;
        made.mass[k + 1] = found->mass[k];
    }
    bool sio2 = strcmp(found->name, "sio2") == 0;
    made.style = sio2 ? file ? SYSTEM_TERSOFF : SYSTEM_SIO2 : SYSTEM_EAM_FS;
    made.rounded = rounded;
    if (made.style != SYSTEM_SIO2) {
        isd_status status = potential_path_published(found->name, file, found->source, made.file, sizeof made.file,
                                                     note, note_arg, err);
        if (!status)
            status = system_check_file(&made, !sio2, note, note_arg, err);
        if (status)
            return status;
    }
    *system = made;
    return ISD_OK;
}

isd_status system_builtin_from(struct system_settings *system, const char *name, const char *file, bool rounded,
                               system_note_fn *note, void *note_arg, isd_error *err)
{
    for (int k = 0; k < N_BUILTINS; k++)
        if (strcmp(builtins[k].name, name) == 0)
            return take_mixture(system, &builtins[k], err);
    for (int k = 0; k < N_PUBLISHED; k++)
        if (strcmp(published[k].name, name) == 0)
            return take_published(system, &published[k], file, rounded, note, note_arg, err);
    return refuse_builtin(name, err);
}

isd_status system_builtin(struct system_settings *system, const char *name, isd_error *err)
{
    return system_builtin_from(system, name, NULL, false, NULL, NULL, err);
}

isd_status system_builtin_cutoff(struct system_settings *system, double factor, isd_error *err)
{
    if (!system->name[0] || system->style != SYSTEM_LJ)
        return isd_error_set(err, ISD_USAGE, "rc= belongs to a built-in Lennard-Jones system");
    if (!(factor > 0.0) || !isfinite(factor))
        return isd_error_set(err, ISD_USAGE,
                             "rc= must be positive: the cutoff in units of each pair's sigma");
    for (int i = 1; i <= 2; i++)
        for (int j = i; j <= 2; j++)
            system->pair[i][j].cutoff = factor * system->pair[i][j].sigma;
    system->lj_cutoff = system->pair[1][1].cutoff;
    return ISD_OK;
}

/* --- words of LAMMPS' lines --- */

static isd_status read_number(const char *word, const char *what, double *ret_value, isd_error *err)
{
    if (scan_whole_double(word, ret_value))
        return ISD_OK;
    isd_error_set(err, ISD_USAGE, "'%s' is no number, %s is expected", word, what);
    if (strchr(word, '$') || strncmp(word, "v_", 2) == 0)
        isd_error_hint(err, "the value itself; include in.FILE    evaluates the variables of a whole script");
    return ISD_USAGE;
}

static isd_status read_positive(const char *word, const char *what, double *ret_value, isd_error *err)
{
    double value;
    isd_status status = read_number(word, what, &value, err);
    if (status)
        return status;
    if (!(value > 0.0))
        return isd_error_set(err, ISD_USAGE, "%s must be positive, not %s", what, word);
    *ret_value = value;
    return ISD_OK;
}

static isd_status refuse_types(const char *word, isd_error *err)
{
    return isd_error_set(err, ISD_USAGE,
                         "'%s' is no atom type: a number from 1 to %d, *, n*, *n or m*n is expected", word,
                         ISD_MAX_TYPES);
}

/* LAMMPS' type ranges: 2, *, 2*, *3, 1*3. */
static isd_status read_types(const char *word, int *ret_low, int *ret_high, isd_error *err)
{
    const char *end = word + strlen(word), *star = strchr(word, '*'), *p;
    int64_t low = 1, high = ISD_MAX_TYPES;

    if (!star) {
        if (!scan_whole_int64(word, &low))
            return refuse_types(word, err);
        high = low;
    } else {
        if (star > word) {
            p = scan_int64(word, star, &low);
            if (p != star)
                return refuse_types(word, err);
        }
        if (star[1]) {
            p = scan_int64(star + 1, end, &high);
            if (p != end)
                return refuse_types(word, err);
        }
    }
    if (low < 1 || high > ISD_MAX_TYPES || low > high)
        return refuse_types(word, err);
    *ret_low = (int)low;
    *ret_high = (int)high;
    return ISD_OK;
}

/* --- LAMMPS' lines --- */

const char *system_style_name(enum system_style style)
{
    static const char *const names[] = {"none",      "lj/cut", "lj/smooth/linear", "lj/smooth/quadratic",
                                        "eam/alloy", "eam/fs", "tersoff",          "tersoff"};
    return names[style];
}

static isd_status refuse_units(enum system_style style, isd_error *err)
{
    isd_error_set(err, ISD_USAGE, "files of pair_style %s are in eV and A: units lj do not go with them",
                  system_style_name(style));
    isd_error_hint(err, "units metal");
    return ISD_USAGE;
}

isd_status system_units(struct system_settings *system, const char *const *words, int n, isd_error *err)
{
    if (n != 1)
        return isd_error_set(err, ISD_USAGE, "units takes one word: lj or metal");
    if (choice_known("real|si|cgs|electron|micro|nano", words[0]))
        return isd_error_set(err, ISD_UNSUPPORTED, "units %s is not supported: lj or metal is expected",
                             words[0]);
    if (!choice_known("lj|metal", words[0]))
        return isd_error_set(err, ISD_USAGE, "there are no units '%s': lj or metal is expected", words[0]);
    if (system->style >= SYSTEM_EAM_ALLOY && strcmp(words[0], "lj") == 0)
        return refuse_units(system->style, err);
    system->units_implied = false;
    snprintf(system->units, sizeof system->units, "%s", words[0]);
    return ISD_OK;
}

isd_status system_dimension(struct system_settings *system, const char *const *words, int n, isd_error *err)
{
    if (n != 1 || !choice_known("2|3", words[0]))
        return isd_error_set(err, ISD_USAGE, "dimension takes one number: 2 or 3");
    system->dimension = words[0][0] - '0';
    system->dimension_said = true;
    return ISD_OK;
}

isd_status system_boundary(struct system_settings *system, const char *const *words, int n, isd_error *err)
{
    static const char known[] = "p|f|s|m|pp|ff|fs|fm|sf|ss|sm|mf|ms|mm";
    bool periodic[3];

    if (n != 3)
        return isd_error_set(err, ISD_USAGE, "boundary takes three words, as in: boundary p p f");
    for (int k = 0; k < 3; k++) {
        if (!choice_known(known, words[k]))
            return isd_error_set(err, ISD_USAGE,
                                 "'%s' is no boundary: p, f, s or m is expected, or two of them for the two "
                                 "faces (p on both or on none)",
                                 words[k]);
        periodic[k] = words[k][0] == 'p';
    }
    memcpy(system->periodic, periodic, sizeof periodic);
    system->boundary_set = true;
    return ISD_OK;
}

isd_status system_timestep(struct system_settings *system, const char *const *words, int n, isd_error *err)
{
    if (n != 1)
        return isd_error_set(err, ISD_USAGE, "timestep takes one number, the time of one step");
    return read_positive(words[0], "the time step", &system->timestep, err);
}

isd_status system_mass(struct system_settings *system, const char *const *words, int n, isd_error *err)
{
    int low, high;
    double mass;

    if (n != 2)
        return isd_error_set(err, ISD_USAGE, "mass takes an atom type and a mass, as in: mass 1 1.0");
    isd_status status = read_types(words[0], &low, &high, err);
    if (!status)
        status = read_positive(words[1], "the mass", &mass, err);
    if (status)
        return status;
    for (int type = low; type <= high; type++) {
        system->has_mass[type] = true;
        system->mass_of_file[type] = false;
        system->mass[type] = mass;
    }
    return ISD_OK;
}

bool system_has_potential(const struct system_settings *system)
{
    return system->style != SYSTEM_NONE;
}

/* What a pair_style forgets of the one before. */
static void start_style(struct system_settings *system, enum system_style style)
{
    memset(system->pair, 0, sizeof system->pair);
    leave_builtin(system);
    system->file[0] = '\0';
    system->style = style;
    system->n_elements = 0;
    system->shift = false;
    system->mix = MIX_GEOMETRIC;
    for (int type = 1; type <= ISD_MAX_TYPES; type++)
        if (system->mass_of_file[type])
            system->has_mass[type] = system->mass_of_file[type] = false;
    if (system->units_implied)
        system->units[0] = '\0';
    system->units_implied = false;
}

static isd_status lj_style(struct system_settings *system, enum system_style style, const char *const *words, int n,
                           isd_error *err)
{
    double cutoff;

    if (n != 2)
        return isd_error_set(err, ISD_USAGE, "pair_style %s takes one number, the cutoff", words[0]);
    isd_status status = read_positive(words[1], "the cutoff", &cutoff, err);
    if (status)
        return status;
    start_style(system, style);
    system->lj_cutoff = cutoff;
    return ISD_OK;
}

static isd_status file_style(struct system_settings *system, enum system_style style, const char *const *words,
                             int n, isd_error *err)
{
    if (n != 1)
        return isd_error_set(err, ISD_USAGE, "pair_style %s takes nothing more, pair_coeff names its file", words[0]);
    if (strcmp(system->units, "lj") == 0)
        return refuse_units(style, err);
    start_style(system, style);
    if (!system->units[0]) {
        snprintf(system->units, sizeof system->units, "metal");
        system->units_implied = true;
    }
    return ISD_OK;
}

static const struct {
    const char *name;
    enum system_style style;
} styles[] = {
    {"lj/cut", SYSTEM_LJ},
    {"lj/smooth/linear", SYSTEM_LJ_LINEAR},
    {"lj/smooth/quadratic", SYSTEM_LJ_QUADRATIC},
    {"eam/alloy", SYSTEM_EAM_ALLOY},
    {"eam/fs", SYSTEM_EAM_FS},
    {"tersoff", SYSTEM_TERSOFF},
};

isd_status system_pair_style(struct system_settings *system, const char *const *words, int n, isd_error *err)
{
    if (n < 1)
        return isd_error_set(err, ISD_USAGE, "pair_style takes a style, as in: pair_style lj/cut 2.5");
    for (size_t k = 0; k < sizeof styles / sizeof styles[0]; k++)
        if (strcmp(words[0], styles[k].name) == 0)
            return styles[k].style < SYSTEM_EAM_ALLOY ? lj_style(system, styles[k].style, words, n, err)
                                                      : file_style(system, styles[k].style, words, n, err);
    return isd_error_set(err, ISD_UNSUPPORTED,
                         "pair_style %s is not supported; supported: lj/cut, lj/smooth/linear, lj/smooth/quadratic, "
                         "eam/alloy, eam/fs, tersoff", words[0]);
}

static isd_status require_style(const struct system_settings *system, const char *verb, isd_error *err)
{
    if (system_has_potential(system))
        return ISD_OK;
    isd_error_set(err, ISD_USAGE, "%s needs a pair_style before it", verb);
    isd_error_hint(err, "pair_style lj/cut 2.5");
    return ISD_USAGE;
}

/* pair_coeff * * FILE El1 El2 ... */
static isd_status file_coeff(struct system_settings *system, const char *const *words, int n, isd_error *err)
{
    struct system_settings made = *system;

    if (n < 4 || n > 3 + ISD_MAX_TYPES || strcmp(words[0], "*") != 0 || strcmp(words[1], "*") != 0)
        return isd_error_set(err, ISD_USAGE,
                             "with pair_style %s: pair_coeff * * FILE and the element of each type (at most %d)",
                             system_style_name(system->style), ISD_MAX_TYPES);
    leave_builtin(&made);
    made.n_elements = n - 3;
    if (made.style == SYSTEM_SIO2)
        made.style = SYSTEM_TERSOFF;
    for (int k = 0; k < made.n_elements; k++) {
        const char *element = words[3 + k];
        if (strcmp(element, "NULL") == 0)
            return isd_error_set(err, ISD_UNSUPPORTED,
                                 "pair_coeff with NULL for type %d is not supported: every type needs an element",
                                 k + 1);
        if (strlen(element) >= ISD_LABEL_SIZE)
            return isd_error_set(err, ISD_USAGE, "'%s' is no name of an element", element);
        snprintf(made.element[k], sizeof made.element[k], "%s", element);
        snprintf(made.label[k + 1], sizeof made.label[k + 1], "%s", element);
    }
    isd_status status = potential_path_find(words[2], made.file, sizeof made.file, err);
    if (!status)
        status = system_check_file(&made, false, NULL, NULL, err);
    if (!status)
        *system = made;
    return status;
}

isd_status system_pair_coeff(struct system_settings *system, const char *const *words, int n, isd_error *err)
{
    int i_low, i_high, j_low, j_high;
    double epsilon, sigma, cutoff = system->lj_cutoff;

    isd_status status = require_style(system, "pair_coeff", err);
    if (status)
        return status;
    if (system->style >= SYSTEM_EAM_ALLOY)
        return file_coeff(system, words, n, err);
    if (n != 4 && n != 5)
        return isd_error_set(err, ISD_USAGE,
                             "pair_coeff takes two atom types, epsilon, sigma and perhaps a cutoff");
    status = read_types(words[0], &i_low, &i_high, err);
    if (!status)
        status = read_types(words[1], &j_low, &j_high, err);
    if (!status)
        status = read_number(words[2], "epsilon", &epsilon, err);
    if (!status)
        status = read_positive(words[3], "sigma", &sigma, err);
    if (!status && n == 5)
        status = read_positive(words[4], "the cutoff", &cutoff, err);
    if (status)
        return status;
    if (j_high < i_low) { /* LAMMPS takes I <= J only and calls this line wrong as well */
        isd_error_set(err, ISD_USAGE,
                      "pair_coeff %s %s names no pair: the first type must not be above the second", words[0],
                      words[1]);
        isd_error_hint(err, "pair_coeff %s %s", words[1], words[0]);
        return ISD_USAGE;
    }
    leave_builtin(system);
    for (int i = i_low; i <= i_high; i++)
        for (int j = j_low > i ? j_low : i; j <= j_high; j++)
            set_pair(system, i, j, epsilon, sigma, cutoff);
    return ISD_OK;
}

/* One keyword of pair_modify and its value. */
static isd_status modify(struct system_settings *system, const char *keyword, const char *value,
                         isd_error *err)
{
    static const char *const mixes[] = {"geometric", "arithmetic", "sixthpower"};

    if (strcmp(keyword, "shift") == 0 || strcmp(keyword, "tail") == 0) {
        if (!choice_known("yes|no", value))
            return isd_error_set(err, ISD_USAGE, "pair_modify %s takes yes or no, not '%s'", keyword, value);
        if (keyword[0] == 's')
            system->shift = value[0] == 'y';
        else if (value[0] == 'y')
            return isd_error_set(err, ISD_UNSUPPORTED,
                                 "pair_modify tail yes is not supported: energies are of the "
                                 "truncated potential");
        return ISD_OK;
    }
    if (strcmp(keyword, "mix") == 0) {
        for (int k = 0; k < 3; k++)
            if (strcmp(mixes[k], value) == 0) {
                system->mix = (enum system_mix)k;
                return ISD_OK;
            }
        return isd_error_set(err, ISD_USAGE,
                             "pair_modify mix takes geometric, arithmetic or sixthpower, not '%s'", value);
    }
    return isd_error_set(err, ISD_UNSUPPORTED,
                         "pair_modify %s is not supported; supported: shift yes|no, "
                         "mix " MIX_CHOICES ", tail no",
                         keyword);
}

isd_status system_pair_modify(struct system_settings *system, const char *const *words, int n, isd_error *err)
{
    bool shift = system->shift;
    enum system_mix mix = system->mix;

    isd_status status = require_style(system, "pair_modify", err);
    if (status)
        return status;
    if (system->style >= SYSTEM_EAM_ALLOY)
        return isd_error_set(err, ISD_USAGE, "pair_modify changes nothing about pair_style %s",
                             system_style_name(system->style));
    if (n < 2)
        return isd_error_set(err, ISD_USAGE,
                             "pair_modify takes keywords and values, as in: pair_modify shift yes");
    for (int k = 0; !status && k < n; k += 2)
        status = k + 1 < n ? modify(system, words[k], words[k + 1], err)
                           : isd_error_set(err, ISD_USAGE, "pair_modify %s needs a value", words[k]);
    if (status) {
        system->shift = shift;
        system->mix = mix;
    }
    return status;
}

isd_status system_line(struct system_settings *system, const char *verb, const char *const *words, int n,
                       isd_error *err)
{
    static const struct {
        const char *verb;
        isd_status (*read)(struct system_settings *, const char *const *, int, isd_error *);
    } lines[] = {
        {"units", system_units},
        {"dimension", system_dimension},
        {"boundary", system_boundary},
        {"timestep", system_timestep},
        {"mass", system_mass},
        {"pair_style", system_pair_style},
        {"pair_coeff", system_pair_coeff},
        {"pair_modify", system_pair_modify},
    };

    for (size_t k = 0; k < sizeof lines / sizeof lines[0]; k++)
        if (strcmp(lines[k].verb, verb) == 0)
            return lines[k].read(system, words, n, err);
    return isd_error_set(err, ISD_USAGE, "'%s' is no LAMMPS line known here", verb);
}

/* --- mixing --- */

/* As pair.cpp of LAMMPS: mix_energy and mix_distance; the cutoff is a distance too. */
static double mix_distance(enum system_mix mix, double a, double b)
{
    switch (mix) {
    case MIX_GEOMETRIC:
        return sqrt(a * b);
    case MIX_ARITHMETIC:
        return 0.5 * (a + b);
    case MIX_SIXTHPOWER:
        break;
    }
    return pow(0.5 * (pow(a, 6.0) + pow(b, 6.0)), 1.0 / 6.0);
}

static double mix_energy(enum system_mix mix, const isd_lj_pair *a, const isd_lj_pair *b)
{
    double geometric = sqrt(a->epsilon * b->epsilon);

    if (mix != MIX_SIXTHPOWER)
        return geometric;
    return 2.0 * geometric * pow(a->sigma, 3.0) * pow(b->sigma, 3.0) /
           (pow(a->sigma, 6.0) + pow(b->sigma, 6.0));
}

/* The pair as it was given, else mixed. */
static isd_status choose_pair(const struct system_settings *system, int i, int j, system_note_fn *note,
                              void *note_arg, isd_lj_pair *ret_pair, isd_error *err)
{
    static const char *const names[] = {"geometric", "arithmetic", "sixthpower"};
    const isd_lj_pair *a = &system->pair[i][i], *b = &system->pair[j][j];
    isd_lj_pair pair = {.epsilon = mix_energy(system->mix, a, b),
                        .sigma = mix_distance(system->mix, a->sigma, b->sigma),
                        .cutoff = mix_distance(system->mix, a->cutoff, b->cutoff),
                        .set = true};
    char text[256];

    if (system->pair[i][j].set) {
        *ret_pair = system->pair[i][j];
        return ISD_OK;
    }
    if (!isfinite(pair.epsilon) || !isfinite(pair.sigma) || !isfinite(pair.cutoff)) {
        isd_error_set(err, ISD_DATA, "the pair %d %d cannot be mixed from pair_coeff %d %d and %d %d", i, j,
                      i, i, j, j);
        isd_error_hint(err, "pair_coeff %d %d EPSILON SIGMA", i, j);
        return ISD_DATA;
    }
    if (note) {
        snprintf(text, sizeof text,
                 "pair_coeff %d %d is not given, mixed (%s): epsilon %.7g sigma %.7g cutoff %.7g", i, j,
                 names[system->mix], pair.epsilon, pair.sigma, pair.cutoff);
        note(note_arg, text);
    }
    *ret_pair = pair;
    return ISD_OK;
}

/* A type of which no pair is known at all, by name where it has one. */
static isd_status refuse_type(const struct system_settings *system, int type, isd_error *err)
{
    if (system->name[0]) {
        isd_error_set(err, ISD_DATA,
                      "atoms of type %d are not part of system %s, which has the types 1 (A) and 2 (B)", type,
                      system->name);
        isd_error_hint(err, "info    lists the types of the data");
        return ISD_DATA;
    }
    isd_error_set(err, ISD_DATA, "atoms of type %d have no pair_coeff", type);
    isd_error_hint(err, "pair_coeff %d %d EPSILON SIGMA", type, type);
    return ISD_DATA;
}

isd_status system_pairs(const struct system_settings *system, int n_types, system_note_fn *note,
                        void *note_arg, isd_lj_pair *ret_pairs, isd_error *err)
{
    if (system->style == SYSTEM_NONE || system->style >= SYSTEM_EAM_ALLOY) {
        isd_error_set(err, ISD_USAGE, "no potential is set");
        isd_error_hint(err, "system ka3d    or LAMMPS' own lines: pair_style lj/cut 2.5; pair_coeff 1 1 1 1");
        return ISD_USAGE;
    }
    if (n_types < 1 || n_types > ISD_MAX_TYPES)
        return isd_error_set(err, ISD_DATA, "%d atom types; 1 to %d are expected", n_types, ISD_MAX_TYPES);
    for (int type = 1; type <= n_types; type++)
        if (!system->pair[type][type].set)
            return refuse_type(system, type, err);
    for (int i = 1; i <= n_types; i++)
        for (int j = i; j <= n_types; j++) {
            isd_lj_pair pair;
            isd_status status = choose_pair(system, i, j, NULL, NULL, &pair, err);
            if (status)
                return status;
        }
    for (int i = 1; i <= n_types; i++)
        for (int j = i; j <= n_types; j++) {
            isd_lj_pair pair = {.set = false};
            choose_pair(system, i, j, note, note_arg, &pair, NULL); /* cannot fail: tried above */
            ret_pairs[(i - 1) * n_types + j - 1] = pair;
            ret_pairs[(j - 1) * n_types + i - 1] = pair;
        }
    return ISD_OK;
}
