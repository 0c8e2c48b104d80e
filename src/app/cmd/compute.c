/* Commands that compute: the rows. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cmd/groups.h"

const struct command_spec commands_compute[] = {
    {
        .name = "energy",
        .group = "compute",
        .help = "energy, pressure, virial and forces of frames as they are",
        .details = "Energies are per atom. Pressure and virial are the potential part, positive under "
                   "compression. Needs a system or a pair_style.\n"
                   "JSON: frame, energy, pressure, virial (xx yy zz xy xz yz, as a pressure), fmax (largest component of a force), "
                   "fnorm (root of the sum of their squares), potential.",
        .examples =
            "system ka3d; energy 0\nsystem ka3d; energy all\nsystem ka3d; energy 0..10:2 forces=forces.dump",
        .arguments = {{.kind = ARG_FRAMES, .name = "FRAMES"}},
        .options =
            {
                {.name = "forces",
                 .kind = OPT_PATH,
                 .fallback = "none",
                 .help = "write a dump, or FILE.xyz, with id type x y z fx fy fz, each .gz or .zst too"},
            },
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_energy,
    },
    {
        .name = "quench",
        .group = "compute",
        .help = "inherent structures: minimise the potential energy of frames",
        .details = "The cell stays as it is. Converged means that the largest force component, computed "
                   "afresh at the end, is at most ftol. A quench that stops elsewhere is marked, and batch "
                   "ends with status 3. A table whose force does not end at zero makes kinks in the energy where "
                   "pairs of atoms come to rest, pushed apart just inside of the cutoff and drawn together just outside: such "
                   "a minimum stops as pinned and is marked, for on neither side of it the force is small.\n"
                   "JSON: frame, time, method, energy_start, energy (both per atom), pressure, fmax, fnorm, iterations, evaluations, "
                   "converged, stop (force, energy, maxiter, stalled, pinned or cancelled), seconds (of CPU).",
        .examples = "system ka3d; quench all\nsystem ka3d; quench 0,last method=cg ftol=1e-10\n"
                    "system ka3d; quench 0..4 write=inherent.dump",
        .arguments = {{.kind = ARG_FRAMES, .name = "FRAMES"}},
        .options =
            {
                {.name = "method", .kind = OPT_CHOICE, .choices = "lbfgs|cg|fire|quickmin|sd", .help = "minimiser"},
                {.name = "ftol",
                 .kind = OPT_REAL,
                 .fallback = "1e-8 (lj), 1e-6 eV/A (metal)",
                 RANGE_POSITIVE,
                 .help = "stop at this largest force component"},
                {.name = "etol",
                 .kind = OPT_REAL,
                 .fallback = "0",
                 RANGE_NOT_NEGATIVE,
                 .help = "stop at this relative energy change of an iteration"},
                {.name = "maxiter",
                 .kind = OPT_COUNT,
                 .fallback = "100000",
                 .low = 0,
                 .high = 1e9,
                 .help = "most iterations"},
                {.name = "write",
                 .kind = OPT_PATH,
                 .fallback = "none",
                 .help = "write the structures: a LAMMPS dump, FILE.xyz or FILE.data, each .gz or .zst too"},
            },
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_quench,
    },
    {
        .name = "fidelity",
        .group = "compute",
        .help = "quench frames by several methods: how far apart are the minima?",
        .details = "An inherent structure depends on the minimiser that found it. d is D_min between the "
                   "minima, within each species; same where it is below 0.001 r0 (same_below). As text a picture "
                   "follows: a row for each pair of methods, a mark for each frame; export FILE.svg draws it over the frames. The root mean square of d "
                   "over all frames and pairs of methods is the noise that the choice of a method puts under "
                   "D_min. sd follows dx/dt = F, which is what defines a basin, and is slow. The settings of "
                   "the last quench hold but for its method.\n"
                   "JSON: frame, methods, energies (per atom), d and same (matrices in the order of methods), same_below, evaluations, "
                   "converged.",
        .examples = "system ka3d; fidelity 0\nsystem ka3d; fidelity 0,last methods=cg,fire,quickmin",
        .arguments = {{.kind = ARG_FRAMES, .name = "FRAMES"}},
        .options =
            {
                {.name = "methods",
                 .kind = OPT_WORD,
                 .form = "LIST",
                 .fallback = "lbfgs,cg,fire,quickmin,sd",
                 .help = "two minimisers or more, with commas"},
            },
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_fidelity,
    },
    {
        .name = "match",
        .group = "compute",
        .help = "exact assignment of the atoms of one frame to those of another",
        .details = "Finds the permutation that minimises the sum of squared periodic distances; D_min is "
                   "the root of its mean. A certificate over all pairs proves the optimum. Inherent "
                   "structures are quenched first where they are needed. Frames in unequal boxes are refused "
                   "unless boxes=affine; edges along open directions need not agree. align=on takes "
                   "assignment and mean displacement in turn until the shift stays, a local minimum. "
                   "Atoms chosen by atoms= or filter= are found again in B by their ids. eps= counts the "
                   "atoms that have another partner in some matching of a sum at most eps larger "
                   "(degenerate), and those where it is equal to rounding (ties). like=script takes the box "
                   "of B as periodic all round, wraps once and ignores types. phases=on lists what the solver did "
                   "for each type (null where all are one problem): rows free at the start of a phase, bids, "
                   "lists scanned for shortest paths, candidate edges made, CPU seconds of the thread that led "
                   "it; the last is the proof.\n"
                   "JSON: from, to, t_w, of, species, n (atoms matched), n_frame (of a frame), d_min, sum_sq, dual (what the prices prove "
                   "the sum to be at least), gap_abs, gap (that over sum_sq), certified, rmsd (by labels, minimum image), rmsd_unwrapped, "
                   "d_min_other (of the other reading of species), exchanged (atoms whose partner has another id), exchanged_type, max_u, "
                   "jump_fraction, drift, per_type (array of type, n, sum_sq, d, r0, d_over_r0, exchanged), cycles (fixed, count, "
                   "longest), like, boxes, type, atoms, filter, align (null, or shift, steps, converged), eps, degenerate, ties, "
                   "unconverged (how many of the two quenches), seconds (of CPU), edges_per_atom, phases (array of type, phase, seconds, "
                   "rows, bids, scans, edges). What needs ids is null without them.",
        .examples = "system ka3d; match 0:last\nmatch 0:1 of=raw species=blind\n"
                    "system ka3d; match 0:last drift=remove write=pair.dump\n"
                    "match 0:last of=raw type=1 eps=0.001\nmatch 0:last of=raw like=script\n"
                    "match 0:last of=raw align=on filter='x > 2 && x < 4'\n"
                    "match 0:last of=raw phases=on",
        .arguments = {{.kind = ARG_PAIR, .name = "A:B"}},
        .options =
            {
                OPTION_OF,
                OPTION_SPECIES,
                OPTION_DRIFT,
                OPTION_IDS,
                OPTION_LIKE,
                OPTION_BOXES,
                OPTION_ALIGN,
                OPTION_TYPE,
                OPTION_ATOMS,
                OPTION_CHOOSE,
                {.name = "eps",
                 .kind = OPT_REAL,
                 .fallback = "none",
                 RANGE_NOT_NEGATIVE,
                 .help = "count near-degenerate atoms, by this squared length"},
                {.name = "phases",
                 .kind = OPT_CHOICE,
                 .choices = "off|on",
                 .help = "list what solving and proving took"},
                {.name = "write",
                 .kind = OPT_PATH,
                 .fallback = "none",
                 .help = "write frame A with both displacements: a dump, or FILE.xyz, each .gz or .zst too"},
            },
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_match,
    },
    {
        .name = "series",
        .group = "compute",
        .help = "averages over pairs of frames at each waiting time t_w",
        .details = "As text a table, with what holds for all rows above it. consecutive: from the first frame on, the next pair starts at "
                   "or after the end of the last. With of=raw nothing is quenched, and what needs inherent structures is null. "
                   "like=script without tw= is one row over all neighbouring frames in the order of the "
                   "set, as the paper's script averages; t_w is null where they are not equally far apart. set=all "
                   "goes through all open sets, computed side by side, with the keys set, T and p.\n"
                   "JSON: t_w, pairs, d_min (mean over pairs), d_min_sd (over pairs), d_min_se (jackknife over frames), d_min_rms (root of "
                   "the mean square), d_min_blind, d_direct (of the frames as they are), rmsd, rmsd_is (of inherent structures; "
                   "rmsd_minimage: not unwrapped), jump_fraction, jump_fraction_raw, unconverged, and of, species, like, boxes, type, "
                   "align.",
        .examples =
            "system ka3d; series\nseries of=raw tw=1,10,100\nseries of=raw set=all\nsystem ka3d; series tw=1..100 pairs=overlapping\n"
            "series of=raw like=script",
        .options =
            {
                {.name = "tw",
                 .kind = OPT_LIST,
                 .fallback = "at most ten a decade of those present",
                 .help = "all, or waiting times and ranges a..b"},
                OPTION_OF,
                OPTION_SPECIES,
                {.name = "pairs",
                 .kind = OPT_CHOICE,
                 .choices = "consecutive|overlapping",
                 .help = "which pairs are taken"},
                OPTION_LIKE,
                OPTION_BOXES,
                OPTION_ALIGN,
                OPTION_TYPE,
                {.name = "set", .kind = OPT_WORD, .fallback = "the one in use", .help = "a set by its name, or all"},
            },
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_series,
    },
    {
        .name = "map",
        .group = "compute",
        .help = "D_min between all pairs of up to 128 frames",
        .details = "As text a picture. Else one object a frame, a row of the map: frame, time, and the arrays d_min and rmsd "
                   "(labelled, unwrapped where possible) to each of the frames in the same order, 0 on the "
                   "diagonal; with of, species, like, boxes, type, align, certified and unconverged.",
        .examples = "system ka3d; map all\nmap 0..10:2,last of=raw species=blind",
        .arguments = {{.kind = ARG_FRAMES, .name = "FRAMES"}},
        .options =
            {
                OPTION_OF,
                OPTION_SPECIES,
                OPTION_DRIFT,
                OPTION_IDS,
                OPTION_LIKE,
                OPTION_BOXES,
                OPTION_ALIGN,
                OPTION_TYPE,
            },
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_map,
    },
    {
        .name = "pu",
        .group = "compute",
        .help = "displacement distributions p(u), labelled and matched",
        .details = "Of one pair, or averaged over the pairs of series at one waiting time. The integral of "
                   "p is the share of atoms at or below max; beyond, of those further than that. A second maximum of the "
                   "labelled one near the first peak of g(r) tells of hops. gs_labelled: G_s, van Hove's self part, "
                   "p over 4 pi u^2 (2 pi u in two dimensions).\n"
                   "JSON: from, to (of one pair), t_w, pairs, of, species, type, n (displacements), max, arrays u (centres of bins), "
                   "labelled, matched, gs_labelled, then beyond (labelled, matched), unconverged.",
        .examples = "system ka3d; pu 0:last\nsystem ka3d; pu tw=500 type=B\npu 0:1 of=raw bins=100 max=2",
        .arguments = {{.kind = ARG_PAIR_OR_TW, .name = "A:B", .optional = true}},
        .options =
            {
                {.name = "tw",
                 .kind = OPT_REAL,
                 .fallback = "none",
                 RANGE_POSITIVE,
                 .help = "waiting time, in place of a pair"},
                OPTION_TYPE,
                OPTION_OF,
                OPTION_SPECIES,
                OPTION_BINS("200"),
                {.name = "max",
                 .kind = OPT_REAL,
                 .fallback = "the largest u",
                 RANGE_POSITIVE,
                 .help = "upper end of the last bin"},
            },
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_pu,
    },
    {
        .name = "gr",
        .group = "compute",
        .help = "radial distribution function g(r), averaged over frames",
        .details = "pair=all gives the total and all partial functions. A pair is named by labels (A-B) or "
                   "type numbers (1-2).\n"
                   "JSON: pair, frames, of, arrays r (centres of bins) and g, first_peak (r, g; null: none), partials (array of pair, g).",
        .examples = "system ka3d; gr 0\ngr all of=raw bins=400 max=4\ngr 0,last of=raw pair=1-2",
        .arguments = {{.kind = ARG_FRAMES, .name = "FRAMES"}},
        .options =
            {
                OPTION_OF,
                OPTION_BINS("200"),
                {.name = "max",
                 .kind = OPT_REAL,
                 .fallback = "half the thickness of the cell",
                 RANGE_POSITIVE,
                 .help = "upper end of the last bin; all images count"},
                {.name = "pair", .kind = OPT_WORD, .form = "all|A-B", .fallback = "all", .help = "all, or one pair of types"},
            },
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_gr,
    },
    {
        .name = "atoms",
        .group = "compute",
        .help = "table of the atoms of a pair: displacements, partners, energies",
        .details = "By id unless sorted. filter= compares columns with numbers or labels, joined by && and "
                   "||; quote it when it has blanks.\n"
                   "JSON: one object an atom: id, type, x, y, z (in A), u_lab, u_mat (displacements, labelled and matched), partner (id of the atom whose "
                   "place it takes), cycle (number; null: it keeps its own), cycle_length, "
                   "neighbours, atoms of A within the first minimum of g(r) of the two types (of pairs of "
                   "types whose first peak is no further than sqrt(2) times the nearest one), and energy, what the atom has of the potential "
                   "energy of A, half of each bond; null without a potential.",
        .examples = "system ka3d; atoms 0:last sort=-u_lab limit=20\n"
                    "system ka3d; atoms 0:last filter='u_lab > 0.8 && type == B'",
        .arguments = {{.kind = ARG_PAIR, .name = "A:B"}},
        .options =
            {
                OPTION_OF,
                OPTION_SPECIES,
                {.name = "sort",
                 .kind = OPT_COLUMN,
                 .choices = COLUMNS_SIGNED,
                 .fallback = "id",
                 .help = "column to sort by, smallest first; -COLUMN: largest first"},
                {.name = "filter",
                 .kind = OPT_EXPR,
                 .fallback = "all atoms",
                 .help = "rows to keep, as u_lab>0.8&&type==A"},
                {.name = "limit",
                 .kind = OPT_COUNT,
                 .fallback = "all",
                 .low = 1,
                 .high = 2147483647,
                 .help = "at most this many rows"},
            },
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_atoms,
    },
    {
        .name = "cycles",
        .group = "compute",
        .help = "cycles of the matching permutation: who took whose place",
        .details = "cut= drops the links whose matched displacement is larger; what is left falls into "
                   "cycles and chains.\n"
                   "JSON: from, to, t_w, of, species, like, boxes, type, atoms, filter, n_frame, lengths (how many of each), fixed (atoms "
                   "that keep their place), longest, with cut= chains (how many of each length) and longest_chain, unconverged.",
        .examples = "system ka3d; cycles 0:last\nsystem ka3d; cycles 0:last species=blind cut=0.4",
        .arguments = {{.kind = ARG_PAIR, .name = "A:B"}},
        .options =
            {
                OPTION_OF,
                OPTION_SPECIES,
                OPTION_IDS,
                OPTION_BOXES,
                OPTION_ALIGN,
                OPTION_TYPE,
                {.name = "cut",
                 .kind = OPT_REAL,
                 .fallback = "none",
                 RANGE_POSITIVE,
                 .help = "longest matched displacement of a link"},
            },
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_cycles,
    },
    {
        .name = "strings",
        .group = "compute",
        .help = "cooperative strings of mobile atoms, beside the cycles",
        .details = "Donati's criterion (PRL 80, 2338): mobile atoms i and j are linked if min(|r_i(t) - "
                   "r_j(0)|, |r_i(0) - r_j(t)|) is below delta; linked atoms are a string, an atom alone one "
                   "of length 1. Mobile are those that moved furthest by their labels: a share of the atoms "
                   "of type=, or all beyond u=. lengths, count, mean and longest are of the strings, "
                   "on_cycles the mobile atoms to which the matching gives another partner, cycles those of "
                   "the matching of all atoms.\n"
                   "JSON: from, to, t_w, of, species, like, boxes, type, atoms, filter, n_frame, delta, u_min (least displacement of a "
                   "mobile atom), mobile (how many), count, lengths, mean, longest, on_cycles, cycles (lengths, count, longest), "
                   "unconverged.",
        .examples = "system ka3d; strings 0:last\nstrings 0:last of=raw type=1 share=0.06 delta=0.6\n"
                    "strings 0:last of=raw u=0.8",
        .arguments = {{.kind = ARG_PAIR, .name = "A:B"}},
        .options =
            {
                OPTION_OF,
                OPTION_SPECIES,
                OPTION_DRIFT,
                OPTION_IDS,
                OPTION_BOXES,
                OPTION_TYPE,
                {.name = "share",
                 .kind = OPT_REAL,
                 .fallback = "0.05",
                 .low = 0,
                 .high = 1,
                 .help = "the share of the atoms that is mobile"},
                {.name = "u",
                 .kind = OPT_REAL,
                 .fallback = "none",
                 RANGE_POSITIVE,
                 .help = "mobile beyond this displacement, in place of a share"},
                {.name = "delta",
                 .kind = OPT_REAL,
                 .fallback = "0.6 r0",
                 RANGE_POSITIVE,
                 .help = "how near to the other's place"},
            },
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_strings,
    },
    {.name = NULL},
};
