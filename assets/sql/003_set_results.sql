-- SPDX-License-Identifier: GPL-3.0-or-later
-- Results of many frames together or of a table, and what is known of minima that are kinks of the energy.

--: minima on a kink of the energy: pairs of atoms where their force jumps
CREATE TABLE pins (
    structure_id INTEGER PRIMARY KEY REFERENCES structures ON DELETE CASCADE,
    pairs INTEGER NOT NULL,             --: how many rest there
    fmax REAL NOT NULL,                 --: largest force component left with the forces of these pairs balanced
    a INTEGER NOT NULL,                 --: of the pair with the largest jump, one atom, counted from 0 in ascending order of ids
    b INTEGER NOT NULL,                 --: the other atom
    distance REAL NOT NULL,             --: between them
    inside REAL NOT NULL,               --: force between them, positive outward, just inside
    outside REAL NOT NULL               --: the same, just outside
) STRICT;

--: results of all frames of a set together, or of a table of numbers
CREATE TABLE set_results (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,           --: 128-bit sum of all that determines it
    set_id INTEGER REFERENCES sets ON DELETE CASCADE, --: NULL: of a table
    kind TEXT NOT NULL,                 --: dynamics, sk, vanhove or greenkubo
    of_structures INTEGER NOT NULL,     --: 1: of inherent structures, with which it is forgotten
    parameters TEXT NOT NULL,           --: in words
    numbers INTEGER NOT NULL,           --: how many doubles
    value BLOB NOT NULL,                --: these, packed
    made INTEGER NOT NULL               --: seconds since 1970
) STRICT;
CREATE INDEX set_results_by_set ON set_results (set_id);
