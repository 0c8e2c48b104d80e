-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tables of a session store. The text behind "--:" is what the manual page says of a table or column.

--: frames of any data set, by what is in them
CREATE TABLE frames (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL UNIQUE,   --: 128-bit sum of cell, ids, types, positions and images, 32 hexadecimal digits
    atoms INTEGER NOT NULL              --: number of atoms
) STRICT;

--: data sets that results were computed from
CREATE TABLE sets (
    id INTEGER PRIMARY KEY,
    paths TEXT NOT NULL UNIQUE,         --: absolute paths of the files, one a line, in the order of the frames
    name TEXT NOT NULL,                 --: as the program calls the set
    bytes INTEGER NOT NULL,             --: size of all files
    modified INTEGER NOT NULL,          --: when the newest of them was changed, nanoseconds since 1970
    frames INTEGER NOT NULL,            --: number of frames
    opened INTEGER NOT NULL             --: last time it was opened, seconds since 1970
) STRICT;

--: which frames a set is made of, as far as results were computed from them
CREATE TABLE set_frames (
    set_id INTEGER NOT NULL REFERENCES sets ON DELETE CASCADE,
    number INTEGER NOT NULL,            --: counted from 0
    frame_id INTEGER NOT NULL REFERENCES frames ON DELETE CASCADE,
    PRIMARY KEY (set_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX set_frames_by_frame ON set_frames (frame_id);

--: what is known of large files, so that they need not be read again
CREATE TABLE files (
    path TEXT PRIMARY KEY,              --: absolute
    bytes INTEGER NOT NULL,             --: size of the file
    modified INTEGER NOT NULL,          --: nanoseconds since 1970
    sum TEXT NOT NULL,                  --: CRC-32 of its first and of its last 64 KB, 16 hexadecimal digits
    points BLOB NOT NULL                --: where frames lie, their headers and fingerprints, restart points of gz and zst: as the program keeps them
) STRICT;

--: interactions
CREATE TABLE potentials (
    id INTEGER PRIMARY KEY,
    description TEXT NOT NULL UNIQUE,   --: style and all parameters; of a file its SHA-256
    name TEXT NOT NULL                  --: for people
) STRICT;

--: inherent structures
CREATE TABLE structures (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,           --: 128-bit sum of all that determines it, the program's version of the method included
    frame_id INTEGER NOT NULL REFERENCES frames ON DELETE CASCADE,
    potential_id INTEGER NOT NULL REFERENCES potentials,
    dimension INTEGER NOT NULL,         --: 2 or 3
    periodic TEXT NOT NULL,             --: three letters as LAMMPS' boundary, p or f
    method TEXT NOT NULL,               --: lbfgs, cg, fire, quickmin or sd
    ftol REAL NOT NULL,                 --: largest force component asked for
    etol REAL NOT NULL,                 --: relative energy change asked for
    max_iterations INTEGER NOT NULL,
    kernel TEXT NOT NULL,               --: instruction set of the force kernels: the last bits depend on it
    energy_start REAL,                  --: total, before
    energy REAL,                        --: total, after
    virial_xx REAL,                     --: sum of r f, energy units
    virial_yy REAL,
    virial_zz REAL,
    virial_xy REAL,
    virial_xz REAL,
    virial_yz REAL,
    fmax REAL,                          --: largest force component, after
    fnorm REAL,                         --: 2-norm of all components, after
    iterations INTEGER NOT NULL,
    evaluations INTEGER NOT NULL,       --: of forces
    converged INTEGER NOT NULL,         --: 1 if fmax is at most ftol by a fresh evaluation
    stop TEXT NOT NULL,                 --: what ended it: force, energy, maxiter, stalled or pinned
    seconds REAL NOT NULL,              --: CPU time
    made INTEGER NOT NULL               --: seconds since 1970
) STRICT;
CREATE INDEX structures_by_frame ON structures (frame_id);

--: positions of inherent structures
CREATE TABLE structure_arrays (
    structure_id INTEGER PRIMARY KEY REFERENCES structures ON DELETE CASCADE,
    positions BLOB NOT NULL,            --: packed doubles x y z by atom, in ascending order of ids, not wrapped
    images BLOB                         --: packed 32-bit image counts x y z by atom; NULL where the frame has none
) STRICT;

--: exact matchings of two frames or two structures
CREATE TABLE matchings (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,           --: 128-bit sum of all that determines it
    a_frame_id INTEGER NOT NULL REFERENCES frames ON DELETE CASCADE,
    b_frame_id INTEGER NOT NULL REFERENCES frames ON DELETE CASCADE,
    a_structure_id INTEGER REFERENCES structures ON DELETE CASCADE, --: NULL: the frame as it is
    b_structure_id INTEGER REFERENCES structures ON DELETE CASCADE, --: NULL: the frame as it is
    species TEXT NOT NULL,              --: resolved or blind
    options TEXT NOT NULL,              --: readings other than the default, in words
    n INTEGER NOT NULL,                 --: atoms matched
    n_frame INTEGER NOT NULL,           --: atoms of a frame
    cell INTEGER NOT NULL,              --: 0 the frames' own, 1 the mean cell, 2 as the authors' script
    labelled INTEGER NOT NULL,          --: 1 if both frames have the same ids
    unwrapped INTEGER NOT NULL,         --: 1 if labelled displacements are unwrapped ones
    sum_sq REAL NOT NULL,               --: sum of squared matched displacements
    d_min REAL NOT NULL,                --: root of their mean
    dual REAL NOT NULL,                 --: value of the dual problem: equal to sum_sq up to rounding
    gap_abs REAL NOT NULL,              --: sum of all slacks
    bound REAL NOT NULL,                --: the largest gap that rounding explains
    certified INTEGER NOT NULL,         --: 1 if the gap is within the bound
    r0 REAL NOT NULL,                   --: mean distance between atoms
    max_u REAL NOT NULL,                --: largest matched displacement
    seconds REAL NOT NULL,              --: CPU time
    edges_per_atom REAL NOT NULL,
    shift_x REAL NOT NULL,              --: taken from b before matching
    shift_y REAL NOT NULL,
    shift_z REAL NOT NULL,
    align_steps INTEGER NOT NULL,
    aligned INTEGER NOT NULL,
    degenerate INTEGER NOT NULL,        --: atoms with another partner within eps; -1: not asked for
    ties INTEGER NOT NULL,              --: the same within rounding
    exchanged INTEGER NOT NULL,         --: atoms whose partner has another id; -1: no ids
    exchanged_type INTEGER NOT NULL,    --: atoms whose partner is of another type
    rmsd REAL,                          --: labelled, minimum image; NULL without ids
    rmsd_unwrapped REAL,                --: labelled, unwrapped; NULL where it is not known
    jump_fraction REAL,                 --: share of atoms with a labelled displacement above r0/2
    drift_x REAL,                       --: mean labelled displacement, weighted by mass
    drift_y REAL,
    drift_z REAL,
    n_cycles INTEGER NOT NULL,
    fixed INTEGER NOT NULL,             --: atoms that keep their place
    longest INTEGER NOT NULL,           --: longest cycle
    made INTEGER NOT NULL               --: seconds since 1970
) STRICT;
CREATE INDEX matchings_by_a_frame ON matchings (a_frame_id);
CREATE INDEX matchings_by_b_frame ON matchings (b_frame_id);
CREATE INDEX matchings_by_a_structure ON matchings (a_structure_id);
CREATE INDEX matchings_by_b_structure ON matchings (b_structure_id);

--: matchings by type of atom
CREATE TABLE matching_types (
    matching_id INTEGER NOT NULL REFERENCES matchings ON DELETE CASCADE,
    type INTEGER NOT NULL,
    n INTEGER NOT NULL,                 --: atoms of a of this type
    sum_sq REAL NOT NULL,               --: their part of the sum
    d REAL NOT NULL,                    --: root of the mean over them
    r0 REAL,                            --: mean distance between atoms of this type; NULL if there are none
    exchanged INTEGER NOT NULL,         --: as above, of this type
    PRIMARY KEY (matching_id, type)
) STRICT, WITHOUT ROWID;

--: permutations and their proofs
CREATE TABLE matching_arrays (
    matching_id INTEGER PRIMARY KEY REFERENCES matchings ON DELETE CASCADE,
    partner BLOB NOT NULL,              --: packed 32-bit: index of the partner in b minus the own index, by atom of a
    duals BLOB                          --: packed doubles: prices of the atoms of b, which prove the optimum
) STRICT;

--: other results, as the program keeps them
CREATE TABLE results (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,           --: 128-bit sum of all that determines it
    frame_id INTEGER NOT NULL REFERENCES frames ON DELETE CASCADE,
    structure_id INTEGER REFERENCES structures ON DELETE CASCADE, --: NULL: of the frame as it is
    kind TEXT NOT NULL,                 --: gr or energy (total, six of the virial, fmax, fnorm)
    parameters TEXT NOT NULL,           --: in words
    value BLOB NOT NULL,                --: packed doubles
    made INTEGER NOT NULL               --: seconds since 1970
) STRICT;
CREATE INDEX results_by_frame ON results (frame_id);
CREATE INDEX results_by_structure ON results (structure_id);

--: named settings of this store
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

--: the commands of the sessions that used this store
CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,           --: one number a run of the program: when it started, seconds since 1970
    at INTEGER NOT NULL,                --: seconds since 1970
    command TEXT NOT NULL,
    status TEXT NOT NULL                --: done or failed
) STRICT;
