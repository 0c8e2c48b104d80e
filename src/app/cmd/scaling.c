/* Commands about shear, dynamics and the scaling law: the rows. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cmd/groups.h"

#define OPTION_VOLUME                                                                                        \
    {                                                                                                        \
        .name = "volume", .kind = OPT_REAL, .fallback = "unknown", RANGE_POSITIVE,                           \
        .help = "of the sample (area in 2D)"                                                                 \
    }
#define OPTION_TEMPERATURE                                                                                   \
    {                                                                                                        \
        .name = "T", .kind = OPT_REAL, .fallback = "as the name says", RANGE_NOT_NEGATIVE,                   \
        .help = "temperature"                                                                                \
    }
#define OPTION_PATTERN                                                                                       \
    {                                                                                                        \
        .name = "name", .kind = OPT_WORD, .form = "PATTERN", .fallback = "none",                             \
        .help = "where T, p, tw stand in file names: run_T{T}_tw{tw}"                                        \
    }

/* T= and p= that choose among what is open; cycles left out. */
#define OPTION_OF_STATE                                                                                      \
    {.name = "T", .kind = OPT_REAL, .fallback = "all", RANGE_NOT_NEGATIVE, .help = "this temperature alone"},  \
        {.name = "p", .kind = OPT_REAL, .fallback = "all", RANGE_ANY, .help = "this pressure alone"}
#define OPTION_SKIP                                                                                          \
    {                                                                                                        \
        .name = "skip", .kind = OPT_COUNT, .fallback = "1", .low = 0, .high = 1e6,                           \
        .help = "cycles left out at the start of traces"                                                     \
    }

#define OPTION_K                                                                                             \
    {                                                                                                        \
        .name = "k", .kind = OPT_REAL, .fallback = "peak of S(k)", RANGE_POSITIVE, .help = "wave number"     \
    }
#define OPTION_A                                                                                             \
    {                                                                                                        \
        .name = "a", .kind = OPT_REAL, .fallback = "0.3 r0", RANGE_POSITIVE, .help = "length of the overlap" \
    }
#define OPTION_JUMP                                                                                          \
    {                                                                                                        \
        .name = "jump", .kind = OPT_REAL, .fallback = "r0/2", RANGE_POSITIVE, .help = "least length of a jump" \
    }
#define OPTION_CAGE                                                                                          \
    {                                                                                                        \
        .name = "cage", .kind = OPT_REAL, .fallback = "1.5 r0 in 2D, none in 3D", RANGE_NOT_NEGATIVE,        \
        .help = "radius of the cage of neighbours; 0: none"                                                  \
    }
#define OPTION_OF_RAW                                                                                        \
    {                                                                                                        \
        .name = "of", .kind = OPT_CHOICE, .choices = "raw|is",                                               \
        .help = "the frames as they are, or inherent structures"                                             \
    }
#define OPTIONS_OF_MOTION                                                                                    \
    {.name = "tw", .kind = OPT_LIST, .fallback = "at most ten a decade", .help = "times: all, or a list"},   \
        {.name = "origins",                                                                                  \
         .kind = OPT_COUNT,                                                                                  \
         .fallback = "a million pairs in all",                                                               \
         .low = 1,                                                                                           \
         .high = 1e6,                                                                                        \
         .help = "at most, of each time"},                                                                   \
        {.name = "unwrap",                                                                                   \
         .kind = OPT_CHOICE,                                                                                 \
         .choices = "file|nearest",                                                                          \
         .fallback = "file, else nearest",                                                                   \
         .help = "turns around the cell: as the files say, or by nearest images"},                           \
        OPTION_TYPE, OPTION_OF_RAW, OPTION_DRIFT, OPTION_IDS
#define ROW_OF_MOTION(name_, help_, details_, examples_, ...)                                                \
    {                                                                                                        \
        .name = name_, .group = "scaling", .help = help_, .details = details_, .examples = examples_,        \
        .options = {OPTIONS_OF_MOTION, __VA_ARGS__}, .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,             \
        .run = run_dynamics                                                                                  \
    }
#define MOTION_AS_DYNAMICS "Averages, unwrapping and errors are those of `dynamics`. "
#define MOTION_KEYS "JSON: type, atoms, of, unwrapped (file or nearest), "

const struct command_spec commands_scaling[] = {
    {
        .name = "trace",
        .group = "scaling",
        .help = "open stress-strain traces of oscillatory shear, or list them",
        .details = "Output of LAMMPS' fix ave/time, a LAMMPS log, or a table of columns, each plain or .gz. "
                   "Columns strain, gamma "
                   "and pxy, sxy, stress and the like, or component [4] of a pressure, are known by name; "
                   "strain= and stress= "
                   "say others, by name or number. A pressure has the sign opposite to the stress: sign= "
                   "where the name does not tell.\n"
                   "A row of averages is stamped with the end of its window (stamp=): its stress belongs to "
                   "the window's centre. every= is "
                   "the number of steps between the samples of an average (Nevery of fix ave/time). Where "
                   "stress and strain are "
                   "averaged alike the shift drops out of delta; with amplitude=, which takes amplitude "
                   "sin(2 pi t/tw) for a missing strain, "
                   "it does not. A column vol or volume gives volume= by its mean. Steps become times by dt=, else timestep, else what a log says.\n"
                   "Several files, or a quoted pattern, are opened one by one; name= reads T, p and tw from "
                   "their names.\n"
                   "JSON: one object a trace: name, path, T, p, t_w, volume, rows, start, end, strain, amplitude (as said), stress "
                   "(columns), sign, stamp, window (time from the centre of what a row averages to its stamp), gaps.",
        .examples = "trace shear.txt tw=20 T=0.6 dt=0.005\n"
                    "trace 'series_T*_tw*.txt.gz' name='series_T{T}_tw{tw}' dt=0.005 every=4\n"
                    "trace",
        .arguments = {{.kind = ARG_PATH, .name = "PATH", .many = true, .optional = true}},
        .options =
            {{.name = "tw",
              .kind = OPT_REAL,
              .fallback = "as the name says",
              RANGE_POSITIVE,
              .help = "period of the shear"},
             OPTION_TEMPERATURE,
             {.name = "p", .kind = OPT_REAL, .fallback = "unknown", RANGE_ANY, .help = "pressure"},
             OPTION_VOLUME,
             OPTION_PATTERN,
             {.name = "as", .kind = OPT_WORD, .fallback = "the file's name", .help = "name of the trace"},
             {.name = "dt",
              .kind = OPT_REAL,
              .fallback = "timestep",
              RANGE_POSITIVE,
              .help = "time of one time step"},
             {.name = "strain", .kind = OPT_WORD, .form = "COLUMN", .fallback = "by name", .help = "column of the strain"},
             {.name = "stress",
              .kind = OPT_WORD,
              .form = "COLUMN",
              .fallback = "by name",
              .help = "column of the stress or pressure"},
             {.name = "sign",
              .kind = OPT_CHOICE,
              .choices = "stress|pressure",
              .fallback = "by name",
              .help = "what that column is"},
             {.name = "stamp",
              .kind = OPT_CHOICE,
              .choices = "end|centre|start",
              .fallback = "end; centre in logs",
              .help = "what rows are stamped with"},
             {.name = "every",
              .kind = OPT_COUNT,
              .fallback = "1",
              .low = 1,
              .high = 1e9,
              .help = "steps between samples of an average"},
             {.name = "amplitude",
              .kind = OPT_REAL,
              .fallback = "as the strain shows",
              RANGE_POSITIVE,
              .help = "amplitude of the strain, as set"}},
        .run = run_trace,
    },
    {
        .name = "fit",
        .group = "scaling",
        .help = "moduli and delta of traces, KWW, the power law, beta beside b",
        .details =
            "fit sine [TRACE...]: sigma = sigma0 + sigma_A sin(2 pi t/t_w + phase) by linear least squares, "
            "on the strain that was there "
            "(paper, Eqs. 5 and 6), of all traces or of those named. The first cycle is dropped (skip=). "
            "delta = atan2(G'', G') keeps the sign "
            "that noise gives it. Errors twice: the jackknife over cycles, and the closed form of linear "
            "response, "
            "SE(delta) = sqrt(2 kT sin(delta)/(pi n V |G*|))/gamma_A for n cycles, which needs T and volume= "
            "of the trace. A single trace is drawn as stress against phase and against strain (Fig. S1), up to four against phase, more as moduli "
            "over t_w. The audit of linear response: harmonics of "
            "the stress, work per cycle and volume from the fit and as the integral of stress over strain.\n"
            "fit kww [T=X]: G''(w) = plateau w Int cos(w t) exp(-(t/tau)^beta) dt through the points of each state, weighted by "
            "their errors; t_w_peak is the period of the loss peak. The verdict says where points do not lie on the curve, or hardly tell its form "
            "(se_beta above 0.2, or se_tau above tau). Where fewer than four points of a state have an error of G'' all of them weigh the same "
            "(method: ordinary, else weighted), errors are those of the scatter, chi_sq is null, and the result is marked.\n"
            "fit beta [TABLE...]: beta of fit kww beside b of fit power, of each state and of tables of systems with columns beta, b, se_beta, se_b "
            "(Fig. 6b); r is their correlation with its 95 % interval (Fisher) and the chance of one as large without any (p_value). "
            "b = 2 + Delta.\n"
            "fit power: y = A (x/r0)^b through the points (see points), x=d_min and y=delta unless said: "
            "weighted non-linear least squares with errors in "
            "both (the primary result), York's line and ordinary least squares through the logarithms beside "
            "it; for each state (T, p) and for all. "
            "widen: the factor on the errors of b for 68 % coverage, since errors of few cycles are uncertain. "
            "The window is on x= (range=, in units of r0) or on tw=, never on y. The collapse score is (chi2 "
            "of one law - chi2 of a law a state)/(2 (states - 1)): about "
            "1 where all states lie on one law within their errors (of one T alone a good line is nearly sure). Its "
            "interval is the middle 68 % of resampled points, less what resampling adds; collapse_p is the chance of a score as "
            "large on one law. left_out: the law without "
            "all states of one temperature (of a single temperature: of one pressure), and "
            "how far those lie from it, in errors. "
            "Where no errors of y are known the law is the ordinary line (method: ordinary, else weighted), errors are those of the scatter, "
            "and the result is marked. Without r0, of sets, tables or r0=, x stays in its own units (x_unit: as given, else r0).\n"
            "table=on: b for every reading of the abscissa, one row each (Figs. S6, S7): inherent structures or frames as they are, matched (by species "
            "or blind) or labelled, and the share of jumps.\n"
            "JSON of power: x, y, T, p (null: all states), method, x_unit, n, A, b, se_A, se_b, b_low, b_high (chi2 + 1), "
            "widen, Delta (b - 2), chi_sq, dof, b_york, se_b_york, b_ols, se_b_ols, x_min, x_max, range, "
            "verdict; of all: states, collapse, collapse_low, collapse_high, collapse_p, left_out (array of T, p (null: several), states, n, b, "
            "se_b, misfit), points (array of T, p, t_w, x, se_x, y, se_y, fitted: those outside the window are not). With table=on a row: what (table), y, x, "
            "of, atoms, species, method, n and the same of the law.\n"
            "JSON of sine: trace, T, p, t_w, rows, skip, cycles, G1, G2, G_abs, delta, se_G1, se_G2, se_delta "
            "(jackknife), se_G_formula, se_delta_formula, sigma0, sigma_A, "
            "drift, strain_A, strain_phase, strain_misfit, noise, harmonics, harmonics_se, verdict (on linearity, or null), "
            "work, work_fit, temperature (mean of a column temp), "
            "cycle_G1, cycle_G2, phase, phase_strain, phase_stress, se_phase_stress (means of the cycles, in at most 50 parts of a period). "
            "Of kww: T, p, method, n, plateau, tau, "
            "beta, se_plateau, se_tau, se_beta, one_minus_beta, w_peak, t_w_peak, chi_sq, dof, verdict, points (array of t_w, G2, se_G2). Of beta: n, r, "
            "r_low, r_high, p_value, verdict, points (array of T, p, beta, se_beta, one_minus_beta, b, se_b, Delta).",
        .examples = "fit sine\nfit sine skip=2 slope=on\nfit kww T=0.5\nfit power\nfit power x=rmsd_is "
                    "range=0.2..0.6\nfit power table=on\nfit beta",
        .arguments = {{.kind = ARG_WORD, .name = "WHAT", .choices = "sine|power|kww|beta"},
                      {.kind = ARG_WORD, .name = "TRACE|TABLE", .many = true, .optional = true}},
        .options =
            {OPTION_SKIP,
             {.name = "slope",
              .kind = OPT_CHOICE,
              .choices = "off|on",
              .help = "a linear drift of the stress too"},
             OPTION_OF_STATE,
             {.name = "x", .kind = OPT_WORD, .form = "COLUMN", .fallback = "d_min", .help = "abscissa of power, a column of points"},
             {.name = "y", .kind = OPT_CHOICE, .choices = "delta|G1|G2", .help = "ordinate of power"},
             {.name = "range", .kind = OPT_LIST, .fallback = "all", .help = "window on x/r0, as 0.2..0.5"},
             {.name = "tw", .kind = OPT_LIST, .fallback = "all", .help = "window on t_w, as 10..100"},
             {.name = "r0",
              .kind = OPT_REAL,
              .fallback = "of the sets",
              RANGE_POSITIVE,
              .help = "of tables that do not give it"},
             {.name = "resamples",
              .kind = OPT_COUNT,
              .fallback = "200",
              .low = 0,
              .high = 100000,
              .help = "for the interval of the collapse score"},
             OPTION_BOXES,
             {.name = "table", .kind = OPT_CHOICE, .choices = "off|on", .help = "b of every abscissa"}},
        .flags = COMMAND_LONG,
        .run = run_fit,
    },
    {
        .name = "points",
        .group = "scaling",
        .help = "delta and distances of every state and t_w, or a table",
        .details = "Joins traces, sets and tables where T, p and t_w agree. The distances of a set are the "
                   "averages of series over consecutive pairs t_w "
                   "apart. A table from elsewhere has a line of names: T, p, t_w, delta, G1, G2, d_min, "
                   "d_min_blind, d_direct, d_direct_blind, rmsd_is, rmsd, jump_fraction, "
                   "jump_fraction_raw, r0, errors as se_NAME.\n"
                   "Several traces of one point are averaged by their cycles, several sets by their pairs; what a table says goes before both, and sets of "
                   "inherent structures (state=is) before quenching. Frames in unequal boxes (NPT) are refused unless boxes=affine.\n"
                   "JSON: one object a point: T, p, t_w, source, cycles, pairs, these names and se_ of each.",
        .examples = "points\npoints table.csv\npoints T=0.5",
        .arguments = {{.kind = ARG_PATH, .name = "PATH", .many = true, .optional = true}},
        .options = {OPTION_OF_STATE, OPTION_SKIP, OPTION_BOXES},
        .flags = COMMAND_LONG,
        .run = run_points,
    },
    {
        .name = "relaxation",
        .group = "scaling",
        .help = "map of G', G'', delta and D_min over temperature and t_w",
        .details = "All points of a pressure, as a table and at the prompt as maps over (T, log t_w): each point is one field, what was not measured "
                   "stays blank (Fig. 3). The map of D over two times is `map`.\n"
                   "JSON: one object a point: p, T, t_w, G1, se_G1, G2, se_G2, delta, se_delta, d_min, se_d_min, or those named.",
        .examples = "relaxation\nrelaxation delta d_min p=0",
        .arguments = {{.kind = ARG_WORD, .name = "WHAT", .choices = "G1|G2|delta|d_min", .many = true, .optional = true}},
        .options = {OPTION_OF_STATE, OPTION_SKIP, OPTION_BOXES},
        .flags = COMMAND_LONG,
        .run = run_relaxation,
    },
    {
        .name = "greenkubo",
        .group = "scaling",
        .help = "G(t), G' and G'' from the stress of a run at rest",
        .details = "G(t) = V/kT <s(0)s(t)> over independent shear components of the pressure or stress "
                   "(columns=, by name or number; else those "
                   "that their names tell, and v_ variables): xy, xz, yz, (xx-yy)/2, (xx+yy-2zz)/sqrt(12); in 2D xy, "
                   "(xx-yy)/2. The mean is not subtracted: it is zero by "
                   "symmetry. G', G'' at the periods of tw= by sine and cosine transforms with a taper that "
                   "ends at tcut=, null for periods beyond it or of fewer than four rows. Errors over components, "
                   "of fewer than four over five blocks of the run; blocks= of all.\n"
                   "JSON: path, T, volume, components, errors (over components or blocks), parts (how many), rows, dt, G_inf, se_G_inf, tcut, t, G, se "
                   "(log-spaced), and t_w, G1, G2, se_G1, se_G2 (arrays).",
        .examples = "greenkubo rest.txt.gz T=0.5 volume=833.333 tcut=100 tw=10,20,50",
        .arguments = {{.kind = ARG_PATH, .name = "PATH"}},
        .options =
            {{.name = "T", .kind = OPT_REAL, .fallback = "none", RANGE_POSITIVE, .help = "temperature; needed"},
             {.name = "volume", .kind = OPT_REAL, .fallback = "none", RANGE_POSITIVE, .help = "of the sample (area in 2D); needed"},
             {.name = "dt",
              .kind = OPT_REAL,
              .fallback = "timestep",
              RANGE_POSITIVE,
              .help = "time of one time step"},
             {.name = "tcut",
              .kind = OPT_REAL,
              .fallback = "a third of the run, or half a block",
              RANGE_POSITIVE,
              .help = "how far G(t) is followed"},
             {.name = "blocks", .kind = OPT_COUNT, .fallback = "none", .low = 2, .high = 64, .help = "of the run, for the errors"},
             {.name = "tw", .kind = OPT_LIST, .fallback = "none", .help = "periods 2 pi/w for G' and G''"},
             {.name = "columns",
              .kind = OPT_LIST,
              .fallback = "by name",
              .help = "the shear components"}},
        .run = run_green_kubo,
    },
    ROW_OF_MOTION("dynamics", "MSD, F_s, Q, chi_4, alpha_2 and jumps at once",
                  "Averages over all origins of each time (origins= at most, evenly chosen), each with equal weight, of all atoms and of every "
                  "type. Positions are unwrapped by images, xu or xsu of the files, else from frame to frame by nearest images (unwrapped); "
                  "then steps of 0.45 of the cell are refused, since the other way round may be the true one. Errors over blocks of "
                  "neighbouring origins: at most eight, twice as long as the time at least; null where there are fewer than four. They are "
                  "halves of intervals of 68 %, wider by Student's t than the standard error, for so few blocks. "
                  "The keys and columns are those of msd, fs, overlap, alpha2 and jumps, but no strings.\n" MOTION_KEYS
                  "k, tau_alpha, se_tau_alpha, tau_alpha_above, tau_alpha_below, a, jump, cage, and arrays t, pairs, msd, "
                  "se_msd, msd_cage, se_msd_cage, fs, se_fs, q, se_q, chi4, se_chi4, alpha2, se_alpha2, jump_fraction, "
                  "se_jump_fraction, pairs_close.",
                  "dynamics\ndynamics type=A cage=1.5 tw=1,10,100", OPTION_K, OPTION_A, OPTION_JUMP, OPTION_CAGE),
    ROW_OF_MOTION("msd", "mean squared displacement against time",
                  MOTION_AS_DYNAMICS
                  "With a cage also relative to the mean displacement of the neighbours, which are the atoms within cage= "
                  "at the origin (in 2D, where long waves carry atoms along, 1.5 r0 unless said: between first and second "
                  "neighbours); atoms without any are left out. It is of pairs_close origins, at most 100 of each time "
                  "unless origins= says more.\n" MOTION_KEYS
                  "cage (null: none), and arrays t, pairs, msd, se_msd; with a cage msd_cage, se_msd_cage, pairs_close.",
                  "msd\nmsd cage=1.5", OPTION_CAGE),
    ROW_OF_MOTION("fs", "self intermediate scattering function F_s(k, t)",
                  MOTION_AS_DYNAMICS
                  "Averaged over the directions of k: <sin(k u)/(k u)>, in 2D <J_0(k u)>. k is at the highest peak of S(k) "
                  "below 3.2 pi/r0, of up to eight frames, unless given. tau_alpha: where it falls to 1/e, interpolated in "
                  "log t, with the error that the errors of F_s give; where it does not fall so far, tau_alpha_above is the "
                  "last time, and tau_alpha_below the first where it has fallen before.\n" MOTION_KEYS
                  "k, tau_alpha, se_tau_alpha, tau_alpha_above, tau_alpha_below, and arrays t, pairs, fs, se_fs.",
                  "fs\nfs k=7.25 type=A", OPTION_K),
    ROW_OF_MOTION("overlap", "overlap Q(t) and chi_4",
                  MOTION_AS_DYNAMICS
                  "Q is the share of atoms that moved by less than a= (0.3 r0). chi_4 = N (<Q^2> - <Q>^2) over origins, N "
                  "the atoms of the type; its error by the jackknife over blocks.\n" MOTION_KEYS
                  "a, and arrays t, pairs, q, se_q, chi4, se_chi4.",
                  "overlap\noverlap a=0.3", OPTION_A),
    ROW_OF_MOTION("alpha2", "non-Gaussian parameter alpha_2(t)",
                  MOTION_AS_DYNAMICS
                  "d <u^4> / ((d + 2) <u^2>^2) - 1 of averages over origins; its error by the jackknife over blocks.\n" MOTION_KEYS
                  "and arrays t, pairs, alpha2, se_alpha2.",
                  "alpha2", {.name = NULL}),
    ROW_OF_MOTION("jumps", "jumps and the strings they come in, against time",
                  MOTION_AS_DYNAMICS
                  "jump_fraction is the share of atoms that moved by more than jump= (r0/2). Strings as in strings: the "
                  "share= (0.05) of atoms that moved furthest are mobile, and hang together where one came within delta= "
                  "(0.6 r0) of where another was; string_mean is their mean length, string_longest the mean of the longest "
                  "of each origin, over pairs_close origins: at most 100 of each time unless origins= says more. Of each "
                  "type, by the atoms of the type alone.\n" MOTION_KEYS
                  "jump, share, delta, and arrays t, pairs, jump_fraction, se_jump_fraction, string_mean, se_string_mean, "
                  "string_longest, pairs_close.",
                  "jumps\njumps jump=0.5 share=0.1", OPTION_JUMP,
                  {.name = "share", .kind = OPT_REAL, .fallback = "0.05", .low = 0, .high = 1, .help = "of atoms that are mobile"},
                  {.name = "delta", .kind = OPT_REAL, .fallback = "0.6 r0", RANGE_POSITIVE, .help = "how near links are"}),
    {
        .name = "equilibrium",
        .group = "scaling",
        .help = "do energies, MSD and F_s drift?",
        .details = "Energy per atom of the frames and of their inherent structures (where interactions are known): the slope "
                   "against time by least squares, its error by the jackknife over blocks, and the two halves of the set "
                   "against each other. MSD and F_s of origins within the first half of the time against those within the "
                   "second. Differences in sigmas: where errors come from few blocks, those of a Gaussian that is as rare as "
                   "the difference is by Student's t. Beyond 3 an energy drifts, beyond 3.5 the worst time of a curve. It "
                   "cannot show equilibrium: that needs runs much longer than tau_alpha too (span_over_tau).\n"
                   "JSON: one object a quantity. energy, energy_is: frames, mean, slope, se_slope, slope_sigmas, first_half, "
                   "second_half, difference, se_difference, sigmas, verdict. msd, fs: (fs: k, tau_alpha, span_over_tau,) "
                   "worst_sigmas, worst_t, verdict, and arrays t, first_half, second_half, se_difference, sigmas.",
        .examples = "system ka3d; equilibrium",
        .options = {OPTION_K, OPTION_IDS},
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_equilibrium,
    },
    {
        .name = "sk",
        .group = "scaling",
        .help = "static structure factor S(k), averaged over frames",
        .details = "Shells of the wave vectors that fit the cell, at most 200 of each. The error is that over frames. The peak "
                   "is the highest shell, refined by a parabola.\n"
                   "JSON: frames, type, of, peak, peak_height, and arrays k, s, se_s.",
        .examples = "sk 0\nsk all type=A kmax=20",
        .arguments = {{.kind = ARG_FRAMES, .name = "FRAMES"}},
        .options = {{.name = "kmax",
                     .kind = OPT_REAL,
                     .fallback = "6 pi/r0",
                     RANGE_POSITIVE,
                     .help = "largest wave number"},
                    OPTION_TYPE,
                    OPTION_OF_RAW},
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_sk,
    },
    {
        .name = "vanhove",
        .group = "scaling",
        .help = "van Hove's function of a pair or a time, self and distinct",
        .details = "gs: density of labelled displacements, p(u)/(4 pi u^2), in 2D p(u)/(2 pi u), unwrapped by the files or else "
                   "the shortest (unwrapped: file or shortest); gd: pairs of different atoms, one at each time, over those of "
                   "an ideal gas. max= at most half the cell, larger displacements are left out. tw= averages over the "
                   "consecutive pairs of series, with errors over blocks of them.\n"
                   "JSON: from, to (of one pair), t, pairs, type, of, unwrapped, and arrays r, gs, se_gs, gd, se_gd.",
        .examples = "vanhove 0:last\nvanhove tw=10 type=B max=2 bins=50",
        .arguments = {{.kind = ARG_PAIR_OR_TW, .name = "A:B", .optional = true}},
        .options = {{.name = "tw", .kind = OPT_REAL, .fallback = "none", RANGE_POSITIVE, .help = "waiting time, in place of a pair"},
                    {.name = "max", .kind = OPT_REAL, .fallback = "half the cell", RANGE_POSITIVE, .help = "range of r"},
                    OPTION_BINS("100"),
                    OPTION_TYPE,
                    OPTION_OF_RAW,
                    OPTION_DRIFT,
                    OPTION_IDS},
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_van_hove,
    },
    {.name = NULL},
};
