/* LAMMPS' own lines, as they change what interacts how. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/system.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/potential_path.h"
#include "app/suggest.h"
#include "base/scan.h"
#include "base/text.h"

#define MIX_CHOICES "geometric|arithmetic|sixthpower"

/* --- words --- */

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

/* --- lines --- */

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

/* Lines change the system: it is the one that was named no more, and what that said of the dimension is void. */
static void leave_named(struct system_settings *system)
{
    system->name[0] = '\0';
    if (!system->dimension_said)
        system->dimension = 0;
}

/* labelmap atom 1 A 2 B ... */
isd_status system_labelmap(struct system_settings *system, const char *const *words, int n, isd_error *err)
{
    char label[ISD_MAX_TYPES + 1][ISD_LABEL_SIZE];

    if (n > 0 && choice_known("bond|angle|dihedral|improper|clear|write", words[0]))
        return isd_error_set(err, ISD_UNSUPPORTED, "labelmap %s is not supported: labelmap atom is", words[0]);
    if (n < 3 || n % 2 == 0 || strcmp(words[0], "atom") != 0)
        return isd_error_set(err, ISD_USAGE, "labelmap takes atom, then types and their labels, as in: labelmap atom 1 A 2 B");
    memcpy(label, system->label, sizeof label);
    for (int k = 1; k < n; k += 2) {
        int64_t type;
        if (!scan_whole_int64(words[k], &type) || type < 1 || type > ISD_MAX_TYPES)
            return isd_error_set(err, ISD_USAGE, "'%s' is no atom type: a number from 1 to %d is expected", words[k], ISD_MAX_TYPES);
        char shown[4 * ISD_LABEL_SIZE];
        text_escape(words[k + 1], strlen(words[k + 1]), shown, sizeof shown);
        if (!words[k + 1][0] || strchr("0123456789#*", words[k + 1][0]) || strlen(words[k + 1]) >= ISD_LABEL_SIZE ||
            strcmp(shown, words[k + 1]) != 0)
            return isd_error_set(err, ISD_USAGE, "'%s' is no label: it begins with no digit, # or *, and has at most %d characters",
                                 words[k + 1], ISD_LABEL_SIZE - 1);
        snprintf(label[type], sizeof label[type], "%s", words[k + 1]);
    }
    memcpy(system->label, label, sizeof label);
    return ISD_OK;
}

/* What a pair_style forgets of the one before. */
static void start_style(struct system_settings *system, enum system_style style)
{
    memset(system->pair, 0, sizeof system->pair);
    leave_named(system);
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

/* Is this the style, or one of LAMMPS' faster versions of it, which have its meaning? */
static bool is_style(const char *word, const char *style)
{
    static const char *const suffixes[] = {"", "/opt", "/omp", "/gpu", "/intel", "/kk", "/kk/device", "/kk/host"};
    size_t length = strlen(style);
    for (size_t k = 0; strncmp(word, style, length) == 0 && k < sizeof suffixes / sizeof suffixes[0]; k++)
        if (strcmp(word + length, suffixes[k]) == 0)
            return true;
    return false;
}

isd_status system_pair_style(struct system_settings *system, const char *const *words, int n, isd_error *err)
{
    if (n < 1)
        return isd_error_set(err, ISD_USAGE, "pair_style takes a style, as in: pair_style lj/cut 2.5");
    for (size_t k = 0; k < sizeof styles / sizeof styles[0]; k++)
        if (is_style(words[0], styles[k].name))
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

isd_status system_elements(struct system_settings *system, enum system_style style, const char *path, const char *const *elements,
                           int n, bool either_eam, system_note_fn *note, void *note_arg, isd_error *err)
{
    struct system_settings made = *system;

    if (n < 1 || n > ISD_MAX_TYPES)
        return isd_error_set(err, ISD_USAGE, "pair_coeff takes the element of each type, at most %d", ISD_MAX_TYPES);
    leave_named(&made);
    made.style = style;
    made.n_elements = n;
    for (int k = 0; k < n; k++) {
        if (strcmp(elements[k], "NULL") == 0)
            return isd_error_set(err, ISD_UNSUPPORTED,
                                 "pair_coeff with NULL for type %d is not supported: every type needs an element",
                                 k + 1);
        if (strlen(elements[k]) >= ISD_LABEL_SIZE)
            return isd_error_set(err, ISD_USAGE, "'%s' is no name of an element", elements[k]);
        snprintf(made.element[k], sizeof made.element[k], "%s", elements[k]);
        snprintf(made.label[k + 1], sizeof made.label[k + 1], "%s", elements[k]);
    }
    if (path && strlen(path) >= sizeof made.file)
        return isd_error_set(err, ISD_USAGE, "the path of the potential is too long");
    snprintf(made.file, sizeof made.file, "%s", path ? path : "");
    isd_status status = path ? system_check_file(&made, either_eam, note, note_arg, err) : ISD_OK;
    if (!status)
        *system = made;
    return status;
}

/* pair_coeff * * FILE El1 El2 ... */
static isd_status file_coeff(struct system_settings *system, const char *const *words, int n, isd_error *err)
{
    char path[SYSTEM_PATH_SIZE];

    if (n < 4 || n > 3 + ISD_MAX_TYPES || strcmp(words[0], "*") != 0 || strcmp(words[1], "*") != 0)
        return isd_error_set(err, ISD_USAGE,
                             "with pair_style %s: pair_coeff * * FILE and the element of each type (at most %d)",
                             system_style_name(system->style), ISD_MAX_TYPES);
    isd_status status = potential_path_find(words[2], path, sizeof path, err);
    if (status)
        return status;
    enum system_style style = system->style == SYSTEM_SIO2 ? SYSTEM_TERSOFF : system->style;
    return system_elements(system, style, path, words + 3, n - 3, false, NULL, NULL, err);
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
    leave_named(system);
    for (int i = i_low; i <= i_high; i++)
        for (int j = j_low > i ? j_low : i; j <= j_high; j++)
            system->pair[i][j] = (isd_lj_pair){.epsilon = epsilon, .sigma = sigma, .cutoff = cutoff, .set = true};
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
        {"labelmap", system_labelmap},
        {"pair_style", system_pair_style},
        {"pair_coeff", system_pair_coeff},
        {"pair_modify", system_pair_modify},
    };

    for (size_t k = 0; k < sizeof lines / sizeof lines[0]; k++)
        if (strcmp(lines[k].verb, verb) == 0)
            return lines[k].read(system, words, n, err);
    return isd_error_set(err, ISD_USAGE, "'%s' is no LAMMPS line known here", verb);
}
