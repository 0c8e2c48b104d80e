/* Commands that write what was made: the rows. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cmd/groups.h"

const struct command_spec commands_out[] = {
    {
        .name = "export",
        .group = "out",
        .help = "write what was shown last to a file, format by suffix",
        .details = "Suffixes: .csv, .tsv, .json (one object a line) and .txt; .svg, .pdf and .png, a drawing (.pdf and .png where the program was "
                   "built with cairo), and .gp, a script of gnuplot that holds its data, of what has a picture: fit power, kww and beta, points, "
                   "series, relaxation, map, pu, gr, fidelity, cycles, atoms and other curves. In the full screen `export` on a line of its own is of the "
                   "view with the focus, which has all of them: data in .csv, .tsv and .json, its characters in .txt. An existing file is replaced.",
        .examples = "system ka3d; pu 0:last; export pu.csv\nsystem ka3d; pu 0:last; export pu.svg\ninfo; export 'my info.json'",
        .arguments = {{.kind = ARG_PATH, .name = "FILE"}},
        .run = run_export,
    },
    {
        .name = "store",
        .group = "out",
        .help = "where results are kept on disk; a copy of them",
        .details = "Every quench, matching, energy, g(r), S(k), van Hove function, correlation of stress and table of `dynamics` is kept "
                   "as soon as it is computed, and found again wherever the same frames are opened: by their contents, the "
                   "potential, the method and its settings. Series, points and fits are made of these anew in no time. The default is a cache, one file for "
                   "each data set in $XDG_CACHE_HOME/isdmin (~/.cache/isdmin); -s FILE.isdb keeps them in a file of your own, "
                   "--no-cache keeps nothing.\n"
                   "store as FILE.isdb copies the store in use; -s takes the copy. store retry writes what could not be written "
                   "before. store check looks through every page and row.\n"
                   "JSON: path (null: nothing is kept), journal (wal, delete, none), writable, waiting (rows not written yet), "
                   "problem (why, or null), bytes, sets, structures, matchings, results.",
        .examples = "store\nstore as copy.isdb\nstore check",
        .arguments = {{.kind = ARG_WORD, .name = "ACTION", .choices = "as|retry|check", .optional = true},
                      {.kind = ARG_PATH, .name = "FILE", .optional = true}},
        .run = run_store,
    },
    {
        .name = "sessions",
        .group = "out",
        .help = "the stores there are, and what is in them",
        .details = "All of the cache and the one in use, used last first. limit=4G sets the most that the cache may take (2G "
                   "unless set; K, M, G, T are powers of 1024): where it takes more, the stores used least lately go.\n"
                   "JSON: path, bytes, sets (names), structures, matchings, results, used (UTC), open (by this program); counts "
                   "are null where a store cannot be read. With limit= one more object: limit, removed.",
        .examples = "sessions\nsessions limit=4G",
        .options = {{.name = "limit", .kind = OPT_WORD, .form = "SIZE", .fallback = "2G", .help = "most bytes that the cache may take"}},
        .run = run_sessions,
    },
    {
        .name = "forget",
        .group = "out",
        .help = "delete results from the store and from memory",
        .details = "data (the default) is everything computed from the current set; structures takes along what was made of them. "
                   "cache is every store in the cache folder that no other program has open; a path is one store, as "
                   "`sessions` lists it.\n"
                   "JSON: what, rows (results gone), files (stores gone or emptied).",
        .examples = "forget matchings\nforget",
        .arguments = {{.kind = ARG_PATH, .name = "WHAT", .choices = "data|structures|matchings|results|log|cache", .optional = true}},
        .run = run_forget,
    },
    {
        .name = "copy",
        .group = "out",
        .help = "to the clipboard: numbers, a row, commands, or the picture",
        .details = "Of the view with the focus: data (the default) its numbers with tabs between them, row the atom under the cursor, text its "
                   "characters; cmd is the commands that lead to this screen. The terminal is told by OSC 52, so that it is the clipboard of the "
                   "machine one sits at, over ssh, too; tmux takes it with `set -g set-clipboard on`, and many terminals no more than 75 kB. "
                   "It is always written to a file besides, copied.tsv, .txt or .isd in $XDG_STATE_HOME/isdmin (~/.local/state/isdmin). "
                   "set clipboard=off leaves the terminal alone.",
        .examples = "copy text\nview table; copy row",
        .arguments = {{.kind = ARG_WORD, .name = "WHAT", .choices = "data|row|cmd|text", .optional = true}},
        .flags = COMMAND_SCREEN | COMMAND_INTERACTIVE,
    },
    {
        .name = "echo",
        .group = "out",
        .help = "print words",
        .examples = "echo frames of the first run",
        .arguments = {{.kind = ARG_REST, .name = "TEXT"}},
        .run = run_echo,
    },
    {
        .name = "log",
        .group = "out",
        .help = "the commands of this session and the messages they made",
        .examples = "log",
    },
    {.name = NULL},
};
