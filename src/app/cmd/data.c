/* Commands about data and what interacts how: the rows. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cmd/groups.h"

const struct command_spec commands_data[] = {
    {
        .name = "open",
        .group = "data",
        .help = "open files or folders of snapshots as a set",
        .details = "Files named one by one keep the order given; a folder or a quoted glob is sorted by "
                   "name as people sort (inherent.2 before inherent.10), not recursively, and what is no "
                   "snapshot is skipped and named. Frames count from 0. The same as naming the files on "
                   "the command line. Several sets may be open: the one opened last is in use, 'use' takes "
                   "another.\n"
                   "Formats are told by content: LAMMPS dumps (text, binary) and data files, extended XYZ, GSD, POSCAR and "
                   "XDATCAR, each plain, .gz or .zst. Cells of any orientation are turned into LAMMPS' form, which is "
                   "said. A plain XYZ has no cell: give it with cell=lx,ly,lz (or lx,ly,lz,xy,xz,yz, or the nine "
                   "numbers of a, b, c). Old binary dumps do not name their columns: columns=id,type,x,y,z does.\n"
                   "At the prompt and in the full screen the first frame is there at once, and the rest is read by and by; a command "
                   "that needs all frames waits for them.\n"
                   "The time of a frame is its ITEM: TIME, else its time step times dt; without either, "
                   "times are in time steps. A path with blanks, ; or = is quoted.\n"
                   "name=PATTERN makes every file a set of its own and takes T, p and tw from its name, and tells what it read. Without it a "
                   "pattern is only proposed.\n"
                   "open FILE.isd opens a manifest: lines of open, trace, points, system and the like (# comments), relative paths from its own "
                   "folder. open FILE.csv or .tsv takes a table as points do. open FILE.isdb opens the files that a session store was made of, "
                   "see `sessions`.",
        .examples = "open ka3d.dump.gz dt=0.005\n"
                    "open run1.dump run2.dump units=lj types=A,B as=cold T=0.45\n"
                    "open 'my data/inherent.*' state=is order=step\n"
                    "open plain.xyz cell=9.4,9.4,9.4\n"
                    "open 'run_T*.dump.gz' name='run_T{T}_tw{tw}' dt=0.005\n"
                    "open runs.isd",
        .arguments = {{.kind = ARG_PATH, .name = "PATH", .many = true}},
        .options =
            {
                {.name = "units",
                 .kind = OPT_CHOICE,
                 .choices = "lj|metal",
                 .fallback = "as the file or the system says",
                 .help = "units of the set"},
                {.name = "dt",
                 .kind = OPT_REAL,
                 .fallback = "unknown",
                 RANGE_POSITIVE,
                 .help = "time of one time step"},
                {.name = "types",
                 .kind = OPT_LIST,
                 .fallback = "as the file or the system says",
                 .help = "names of the types 1, 2, ..."},
                {.name = "state",
                 .kind = OPT_CHOICE,
                 .choices = "raw|is",
                 .help = "is: the frames are inherent structures already"},
                {.name = "order",
                 .kind = OPT_CHOICE,
                 .choices = "given|step",
                 .help = "step: sort the frames by time step"},
                {.name = "species",
                 .kind = OPT_CHOICE,
                 .choices = "type|element",
                 .help = "what tells species apart in dumps that have both"},
                {.name = "format",
                 .kind = OPT_CHOICE,
                 .choices = "dump|binary|data|xyz|gsd|poscar|xdatcar",
                 .fallback = "by content",
                 .help = "format of the files"},
                {.name = "columns",
                 .kind = OPT_LIST,
                 .fallback = "as the file says",
                 .help = "columns of files that do not name them"},
                {.name = "cell",
                 .kind = OPT_LIST,
                 .fallback = "as the file says",
                 .help = "cell of frames that have none"},
                {.name = "as", .kind = OPT_WORD, .fallback = "what the paths have in common", .help = "name of the set"},
                {.name = "T",
                 .kind = OPT_REAL,
                 .fallback = "unknown",
                 RANGE_NOT_NEGATIVE,
                 .help = "temperature"},
                {.name = "p", .kind = OPT_REAL, .fallback = "unknown", RANGE_ANY, .help = "pressure"},
                {.name = "tw",
                 .kind = OPT_REAL,
                 .fallback = "unknown",
                 RANGE_POSITIVE,
                 .help = "waiting time of the set, for points and fits"},
                {.name = "name",
                 .kind = OPT_WORD,
                 .form = "PATTERN",
                 .fallback = "none",
                 .help = "every file a set; where T, p, tw stand in its name: run_T{T}_tw{tw}"},
            },
        .run = run_open,
    },
    {
        .name = "refresh",
        .group = "data",
        .help = "read what is new in the files of the set",
        .details = "For runs that go on: frames that were added to the last file, and new files in folders and patterns. A frame "
                   "that is still being written is left out until it is whole. Where files were changed otherwise all of them "
                   "are read again, and only frames that are not what they were lose their results. After reading was "
                   "cancelled it goes on where it was.\n"
                   "JSON: set, frames (now), new_frames, changed_frames (of those before), files (with frames), "
                   "new_files.",
        .examples = "refresh",
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_refresh,
    },
    {
        .name = "sets",
        .group = "data",
        .help = "the sets that are open",
        .details = "JSON: sets (array of name, current, T, p, t_w; null: not said).",
        .examples = "sets",
        .run = run_sets,
    },
    {
        .name = "use",
        .group = "data",
        .help = "work on another open set",
        .examples = "use cold",
        .arguments = {{.kind = ARG_WORD, .name = "SET"}},
        .flags = COMMAND_NEEDS_DATA | COMMAND_OF_PART,
        .run = run_use,
    },
    {
        .name = "close",
        .group = "data",
        .help = "close an open set: the one in use, or another by name",
        .details = "Its frames leave memory, and what is under way for it is cancelled. What was computed of it stays in the session store "
                   "and is known again when the same files are opened. Of the set in use, the one that follows it in the list is in use "
                   "then, of the last the one before it. Other sets keep their names. After the last one the program is as without files; "
                   "system, traces and points stay. In the full screen, places and bookmarks in the set go with it, and undo does not "
                   "bring it back.",
        .examples = "close\nclose cold",
        .arguments = {{.kind = ARG_WORD, .name = "SET", .optional = true}},
        .flags = COMMAND_NEEDS_DATA | COMMAND_OF_PART,
        .run = run_close,
    },
    {
        .name = "info",
        .group = "data",
        .help = "what is loaded: frames, atoms, types, box, times",
        .details = "Of a set that is still being read: what is there so far, marked.\n"
                   "JSON: set, frames, atoms (an array where frames differ), dimension, units, time_unit, types (array of type, label, "
                   "count), box (lx, ly, lz, xy, xz, yz as LAMMPS has them), origin, periodic and r0 of frame 0, times, timesteps, state "
                   "(raw or is), cut_short.",
        .examples = "info",
        .flags = COMMAND_NEEDS_DATA | COMMAND_OF_PART,
        .run = run_info,
    },
    {
        .name = "snapshot",
        .group = "data",
        .help = "the atoms of a frame, one row each",
        .details = "Positions are wrapped into the cell along periodic directions; xs, ys, zs are the same "
                   "as fractions of the cell.\n"
                   "JSON: one object an atom: frame, id, type, element, image (of the coordinate as the file has it), x, y, z, xs, ys, zs.",
        .examples = "snapshot 0\nsnapshot last ids=1..10,42 of=is",
        .arguments = {{.kind = ARG_FRAMES, .name = "FRAME"}},
        .options =
            {
                {.name = "ids",
                 .kind = OPT_LIST,
                 .fallback = "all",
                 .help = "atoms by id: numbers and ranges a..b"},
                {.name = "of",
                 .kind = OPT_CHOICE,
                 .choices = "raw|is",
                 .help = "the frame as it is, or its inherent structure"},
            },
        .flags = COMMAND_NEEDS_DATA | COMMAND_LONG,
        .run = run_snapshot,
    },
    {
        .name = "system",
        .group = "data",
        .help = "take a system by name (units, species, potential), or list them",
        .details = "ka3d, ka2d: Kob-Andersen, Lennard-Jones with epsilon AA AB BB = 1, 1.5, 0.5 and sigma "
                   "= 1, 0.8, 0.88, each pair cut at 2.5 of its own sigma and shifted to zero there, in "
                   "three and two dimensions. wca: the same, each pair cut at its minimum, 2^(1/6) sigma. "
                   "Types 1 and 2 are A and B, masses are 1, units are lj.\n"
                   "sio2 (Si O): Tersoff, Munetoh et al. 2007, built in at full precision; variant=rounded takes the "
                   "mixed parameters as LAMMPS' SiO.tersoff rounds them. alsm (Al Sm), nip (Ni P), pdsi (Pd Si): "
                   "embedded atoms, from the published files v2_18_Al3Sm_2016.eam.fs, NiP.lammps.eam and "
                   "PdSi.lammps.eam, searched for in $ISDMIN_POTENTIALS, $LAMMPS_POTENTIALS and "
                   "$XDG_DATA_HOME/isdmin/potentials. ycu (Y Cu) needs potential=. Units are metal.\n"
                   "Replaces whatever potential, units and masses were set before. Sets no time step: see "
                   "timestep.\n"
                   "Each system is a file, NAME.isd, of the lines units, dimension, mass, labelmap, pair_style, pair_coeff and "
                   "pair_modify; lines=on prints it. One of your own is such a file in a folder of $ISDMIN_SYSTEMS (a list with "
                   "colons) or in $XDG_DATA_HOME/isdmin/systems (~/.local/share/isdmin/systems): there it comes before one of the "
                   "program's of the same name, with a note; in isdmin/systems of $XDG_DATA_DIRS, behind it. A NAME with a slash or "
                   ".isd is a path. `published FILE 'CITATION' SHA256` says where the file of pair_coeff * * FILE was "
                   "published; it is looked for beside the system first. Without a NAME: all that can be found, `name`, `about`, `from`.",
        .examples = "system ka3d\nsystem ka2d rc=3\nsystem wca shift=no\nsystem sio2 variant=rounded\nsystem\nsystem ka3d lines=on",
        .arguments = {{.kind = ARG_SYSTEM, .name = "NAME", .optional = true}},
        .options =
            {
                {.name = "rc",
                 .kind = OPT_REAL,
                 .fallback = "2.5, or 2^(1/6) for wca",
                 RANGE_POSITIVE,
                 .help = "cutoff in units of each pair's sigma"},
                {.name = "shift",
                 .kind = OPT_CHOICE,
                 .choices = "yes|no",
                 .fallback = "as the system's file says: yes",
                 .help = "shift each pair's energy to 0 at its cutoff"},
                {.name = "smooth",
                 .kind = OPT_CHOICE,
                 .choices = "no|linear|quadratic",
                 .help = "make the force continuous at the cutoff, too: see pair_style"},
                {.name = "potential",
                 .kind = OPT_PATH,
                 .fallback = "none",
                 .help = "file of the potential; Lennard-Jones systems have none"},
                {.name = "variant",
                 .kind = OPT_CHOICE,
                 .choices = "full|rounded",
                 .help = "sio2: the mixed parameters in full precision, or rounded as in LAMMPS' file"},
                {.name = "lines", .kind = OPT_CHOICE, .choices = "off|on", .help = "on: print the system's file instead of taking it"},
            },
        .run = run_system,
    },
    {
        .name = "include",
        .group = "data",
        .help = "units, masses and the potential of a LAMMPS script",
        .details = "Reads the lines that are commands here (units, dimension, boundary, timestep, mass, pair_style, "
                   "pair_coeff, pair_modify) with the script's variables put in (index, string and equal, with + - * / "
                   "^, parentheses, sqrt, v_ and ${}), and says which it passed over. The last pair_style wins. A "
                   "relative path in pair_coeff is tried from the script's folder first. Refused: bond, angle and "
                   "kspace styles, and if, jump, next or include before a line that is needed.",
        .examples = "include in.alsm",
        .arguments = {{.kind = ARG_PATH, .name = "FILE"}},
        .run = run_include,
    },
    {
        .name = "units",
        .group = "data",
        .help = "LAMMPS' units: lj or metal",
        .details = "metal: eV, A, ps, bar.",
        .examples = "units lj",
        .arguments = {{.kind = ARG_REST, .name = "lj|metal", .choices = "lj|metal"}},
        .run = run_lammps,
    },
    {
        .name = "dimension",
        .group = "data",
        .help = "LAMMPS' dimension: 2 or 3",
        .details = "Without it the system says, else the data: 2 where every z of the first frame is "
                   "equal.",
        .examples = "dimension 2",
        .arguments = {{.kind = ARG_REST, .name = "2|3", .choices = "2|3"}},
        .run = run_lammps,
    },
    {
        .name = "boundary",
        .group = "data",
        .help = "LAMMPS' boundary: p (periodic), f, s or m along x, y, z",
        .details = "Without it the files say. f, s and m all mean: not periodic.",
        .examples = "boundary p p p\nboundary p p f\nboundary p ff sm",
        .arguments = {{.kind = ARG_REST, .name = "X Y Z"}},
        .run = run_lammps,
    },
    {
        .name = "timestep",
        .group = "data",
        .help = "LAMMPS' timestep: the time of one step",
        .details = "The same as dt= of open. Never guessed: without it times are in time steps, unless the "
                   "files carry them.",
        .examples = "timestep 0.005",
        .arguments = {{.kind = ARG_REST, .name = "DT"}},
        .run = run_lammps,
    },
    {
        .name = "mass",
        .group = "data",
        .help = "LAMMPS' mass: the mass of a type",
        .details = "A type is a number or a range: *, 2*, *3, 1*3.",
        .examples = "mass 1 1.0\nmass * 1.0",
        .arguments = {{.kind = ARG_REST, .name = "TYPE MASS"}},
        .run = run_lammps,
    },
    {
        .name = "labelmap",
        .group = "data",
        .help = "LAMMPS' labelmap: names of the atom types",
        .details = "Of types alone: labelmap atom. The names stand where types are shown or asked for, as in type B.",
        .examples = "labelmap atom 1 A 2 B",
        .arguments = {{.kind = ARG_REST, .name = "atom TYPE LABEL ...", .choices = "atom"}},
        .run = run_lammps,
    },
    {
        .name = "pair_style",
        .group = "data",
        .help = "LAMMPS' pair_style: start a potential anew",
        .details = "Forgets the potential set before, its pair_coeff and its pair_modify lines. lj/cut takes a "
                   "cutoff, and so do its forms whose force is continuous there: lj/smooth/linear (force-shifted, as "
                   "LAMMPS has it) and lj/smooth/quadratic (the smoothing of the Kob-Andersen literature, not in "
                   "LAMMPS); eam/alloy, eam/fs and tersoff read the file that pair_coeff names, in units metal.",
        .examples = "pair_style lj/cut 2.5\npair_style eam/fs",
        .arguments = {{.kind = ARG_REST, .name = "STYLE [CUTOFF]", .choices = "lj/cut|lj/smooth/linear|lj/smooth/quadratic|eam/alloy|eam/fs|tersoff"}},
        .run = run_lammps,
    },
    {
        .name = "pair_coeff",
        .group = "data",
        .help = "LAMMPS' pair_coeff: parameters of a pair of types",
        .details = "Types are numbers or ranges (*, 2*, *3, 1*3), the first not above the second. The "
                   "cutoff is that of pair_style unless given. Pairs of unlike types that no line names "
                   "are mixed as LAMMPS mixes them, and printed.\n"
                   "eam/alloy, eam/fs, tersoff: * * FILE and an element of the file for each type, in order. The "
                   "file is taken from here, or from the folders that system searches; its masses hold unless "
                   "mass says others.",
        .examples = "pair_style lj/cut 2.5; pair_coeff 1 1 1.0 1.0\npair_style lj/cut 2.5; pair_coeff * * "
                    "1.0 1.0; pair_coeff 1 2 1.5 0.8 2.0",
        .arguments = {{.kind = ARG_REST, .name = "I J EPSILON SIGMA [CUTOFF] | * * FILE ELEMENT ..."}},
        .run = run_lammps,
    },
    {
        .name = "pair_modify",
        .group = "data",
        .help = "LAMMPS' pair_modify: shift, mix, tail no",
        .details = "shift yes|no: the energy of each pair shifted to 0 at its cutoff; mix "
                   "geometric|arithmetic|sixthpower: how pairs that no pair_coeff names are made. Without "
                   "this line: no shift, geometric.",
        .examples = "pair_style lj/cut 2.5; pair_modify shift yes mix arithmetic",
        .arguments = {{.kind = ARG_REST, .name = "KEYWORD VALUE ...", .choices = "shift|mix|tail"}},
        .run = run_lammps,
    },
    {.name = NULL},
};
