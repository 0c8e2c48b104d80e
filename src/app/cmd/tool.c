/* Commands about the program itself: the rows. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cmd/groups.h"

const struct command_spec commands_tool[] = {
    {
        .name = "help",
        .group = "tool",
        .help = "all commands, or the full text of one, or of a topic",
        .details = "From a shell: isdmin help WORD. The topics are manual pages too: isdmin-formats(5), isdmin-physics(7).",
        .examples = "help\nhelp match\nhelp physics",
        .arguments = {{.kind = ARG_COMMAND, .name = "WORD", .optional = true}},
        .run = run_help,
    },
    {
        .name = "apropos",
        .group = "tool",
        .help = "commands whose help speaks of a word",
        .examples = "apropos displacement",
        .arguments = {{.kind = ARG_WORD, .name = "WORD"}},
        .run = run_apropos,
    },
    {
        .name = "complete",
        .group = "tool",
        .help = "print what the Tab key would offer after a text",
        .examples = "complete 'match 0:last spe'",
        .arguments = {{.kind = ARG_WORD, .name = "TEXT"}},
        .run = run_complete,
    },
    {
        .name = "set",
        .group = "tool",
        .help = "settings of the program",
        .details = "strict=on makes a mark (a quench that did not converge, a file cut short) an error "
                   "that stops a script. A line that is only strict=on does the same. The others are of the full screen: theme "
                   "and ground choose its colours, glyphs what curves are drawn with, mouse=off leaves the mouse to the "
                   "terminal, a11y=on is for screen readers (one view in ASCII, curves in strips, no bars that move; the cursor is "
                   "on the row that is chosen, else on the line that says what is under the mark), sync=off sends "
                   "pictures without the brackets that keep them whole, map is how many frames the two-time map takes of a longer set. "
                   "In isdminrc a11y=on makes the program start at the prompt, which then draws in ASCII and tells of work under way in lines of their own.",
        .examples = "set strict=on\nset ascii on\nset theme viridis\nset map=100\nstrict=off",
        .options =
            {
                {.name = "strict", .kind = OPT_CHOICE, .choices = "off|on", .help = "a mark is an error"},
                {.name = "ascii",
                 .kind = OPT_CHOICE,
                 .choices = "off|on",
                 .fallback = "by the locale",
                 .help = "draw with ASCII only"},
                {.name = "glyphs",
                 .kind = OPT_CHOICE,
                 .choices = "auto|braille|half|ascii|next",
                 .help = "what curves are drawn with"},
                {.name = "theme",
                 .kind = OPT_CHOICE,
                 .choices = "cividis|viridis|grey|mono|contrast|next",
                 .help = "colours"},
                {.name = "ground", .kind = OPT_CHOICE, .choices = "dark|light", .help = "background of the terminal"},
                {.name = "mouse", .kind = OPT_CHOICE, .choices = "on|off", .help = "mouse in the full screen"},
                {.name = "a11y", .kind = OPT_CHOICE, .choices = "off|on", .help = "for screen readers"},
                {.name = "clipboard", .kind = OPT_CHOICE, .choices = "on|off", .help = "copy may tell the terminal"},
                {.name = "sync", .kind = OPT_CHOICE, .choices = "auto|on|off", .help = "brackets around pictures"},
                {.name = "map", .kind = OPT_COUNT, .fallback = "64", .low = 2, .high = 128, .help = "frames in the two-time map, at most"},
            },
        .flags = COMMAND_NAME_VALUE,
    },
    {
        .name = "bind",
        .group = "tool",
        .help = "let a key of the full screen run a command",
        .details = "VIEW is a view's name or all. A key is one character, or one of Up Down Left Right PgUp PgDn Home End Enter Tab "
                   "S-Tab Space Backspace Delete F1 F2, or C- and a letter. The command is quoted if it has more than one word.",
        .examples = "bind pu w 'axis x log; axis y log'",
        .arguments = {{.kind = ARG_WORD, .name = "VIEW"}, {.kind = ARG_WORD, .name = "KEY"}, {.kind = ARG_WORD, .name = "COMMAND"}},
        .flags = COMMAND_SCREEN | COMMAND_INTERACTIVE,
    },
    {
        .name = "note",
        .group = "tool",
        .help = "keep a remark about what is looked at; `view notes` shows all",
        .details = "Said of the set and pair looked at, or of what a first word 'at=WORDS' says. Kept in the session store of the set (see "
                   "store), so that `view notes` shows it again another day, until the set is forgotten; `save` writes the notes of now into its script.",
        .examples = "note the largest hop is atom 42",
        .arguments = {{.kind = ARG_REST, .name = "TEXT"}},
        .flags = COMMAND_SCREEN | COMMAND_INTERACTIVE,
    },
    {
        .name = "foreach",
        .group = "tool",
        .help = "commands in braces for each waiting time, pair or set",
        .details = "What is looked at goes there before each turn, and back at the end. In the block {tw}, {pair} or {set} stands for the "
                   "one of this turn. The braces are words: there are blanks on both sides of them. Stops at an error, as a script does. "
                   "pair goes through the pairs of the waiting time looked at, set through all sets that are open.",
        .examples = "of raw; foreach tw { plot }\nforeach pair { match {pair} of=raw }\nforeach set { info }",
        .arguments = {{.kind = ARG_WORD, .name = "WHAT", .choices = "tw|pair|set"}, {.kind = ARG_WORD, .name = "{ COMMANDS }"}},
        .flags = COMMAND_NEEDS_DATA,
    },
    {
        .name = "source",
        .group = "tool",
        .help = "run the commands of a file",
        .details = "At an error the rest of the file is left; file and line are named.",
        .examples = "source look.isd",
        .arguments = {{.kind = ARG_PATH, .name = "FILE"}},
        .flags = COMMAND_SCREEN | COMMAND_INTERACTIVE,
    },
    {
        .name = "record",
        .group = "tool",
        .help = "write every command from now on into a file, or off",
        .details = "With the time of each as a comment. `source FILE` leads to the same screen again. An existing file is replaced.",
        .examples = "record session.isd\nrecord off",
        .arguments = {{.kind = ARG_PATH, .name = "FILE|off"}},
        .flags = COMMAND_SCREEN | COMMAND_INTERACTIVE,
    },
    {
        .name = "save",
        .group = "tool",
        .help = "write the commands that lead to this screen into a file",
        .details = "What was opened, set and computed, and what is looked at now, without the way there. `source FILE`, or "
                   "isdmin with the file as an argument of -f, runs it. An existing file is replaced.",
        .examples = "save here.isd",
        .arguments = {{.kind = ARG_PATH, .name = "FILE"}},
        .flags = COMMAND_SCREEN | COMMAND_INTERACTIVE,
    },
    {
        .name = "dump",
        .group = "tool",
        .help = "write the whole screen as text into a file",
        .details = "As it is when the command has been run, without colours: for a report of what is wrong, or a comparison.",
        .examples = "dump screen.txt",
        .arguments = {{.kind = ARG_PATH, .name = "FILE"}},
        .flags = COMMAND_SCREEN | COMMAND_INTERACTIVE,
    },
    {
        .name = "demo",
        .group = "tool",
        .help = "open the demo set; or a demo: 1d, five, quench, shells",
        .details = "Without a word: Kob-Andersen 80:20, 1000 atoms, T = 0.45; its system is ka3d. The others are made by the program itself, the "
                   "same for a seed.\n"
                   "1d: points on a ring before and after, the costs of pairing them, the permutation matrix X, the dual prices and why X is least. "
                   "pair I J pairs by hand (again: not any more), clear forgets that, move I X puts point I of before (time=after: of after) at X or "
                   "by +X, -X, hide keeps the optimum back until all are paired, show does not.\n"
                   "five: the atoms of the paper's Fig. 1(a) in a set of three frames: 0:1 three of five hop and all move a little, 0:2 all exchange "
                   "places and nothing else happens.\n"
                   "quench: a liquid in two dimensions (65:35, T = 0.25; a set of eight frames, its system is ka2d), moved by its forces and by "
                   "chance, a loop of atoms led one place on by hand; step by step it slides into its inherent structure, then come the labelled and "
                   "the matched displacements and the loop.\n"
                   "shells: how g(r) of its first frame is counted, one shell after the other.\n"
                   "JSON: demo, seed, n; 1d: length, sum_sq, d_min, sum_by_name, rmsd, sum_by_hand, d_by_hand (null: not all are paired), dual, "
                   "gap_abs, certified, tight (pairs without slack), hidden, before, after, partner, hand, u, v, cost, x, slack; five and quench, for "
                   "each pair: set, from, to, rmsd, d_min, sum_sq, dual, gap_abs, certified, exchanged, cycles (fixed, count, longest), "
                   "loop (ids, each went to the place of "
                   "the next), loop_same_places (none of them moved by r0/2 or more), loop_rmsd, loop_d_min, x_from, y_from, x_to, y_to, partner "
                   "(ids), u_lab, u_mat; quench: T, led (atoms in the loop), steps, step, converged, energies (per atom), fmaxs; shells: set, frame, "
                   "shells, step, r (centres), pairs (of atoms in a shell), gas (as many in a gas of the same density), g.",
        .examples = "demo; info\ndemo 1d seed=2; demo 1d pair 1 2\ndemo five\ndemo quench seed=3 step=20\ndemo shells step=8",
        .arguments = {{.kind = ARG_WORD, .name = "WHICH", .choices = "set|1d|five|quench|shells", .optional = true},
                      {.kind = ARG_WORD, .name = "DO", .choices = "pair|move|clear|hide|show", .optional = true},
                      {.kind = ARG_WORD, .name = "NUMBER", .optional = true, .many = true}},
        .options = {{.name = "seed", .kind = OPT_COUNT, .fallback = "1", .low = 0, .high = 1e9, .help = "another seed, another picture"},
                    {.name = "n", .kind = OPT_COUNT, .fallback = "5 points, 48 atoms", .low = 1, .high = 400,
                     .help = "of 1d (to 8), quench and shells (from 16)"},
                    {.name = "time", .kind = OPT_CHOICE, .choices = "before|after", .help = "which points 1d moves"},
                    {.name = "step", .kind = OPT_WORD, .form = "STEP", .fallback = "as it is",
                     .help = "of quench: a number, is, labelled, matched, loop; of shells: a number, last"}},
        .run = run_demo,
    },
    {
        .name = "tour",
        .group = "tool",
        .help = "ten short lessons on the idea, with something to do in each",
        .details = "A lesson says something, asks for a command, and goes on when it was run; anything else can be run in between, and "
                   "gets a hint. A number begins that lesson; without a word the first one, or what is asked is said again. next, back, "
                   "again and stop do as they say, hint helps, answer LETTER answers a question (the letter alone does, too), "
                   "list names the lessons. print, or print N, gives them as pages for handing out; points opens the table "
                   "of the lessons on the scaling law. At the prompt, in the full screen, and in scripts.",
        .examples = "tour list\ntour print 3\ntour 5\ntour points; fit power",
        .arguments = {{.kind = ARG_WORD, .name = "WHAT", .optional = true}, {.kind = ARG_WORD, .name = "WHICH", .optional = true}},
        .run = run_tour,
    },
    {
        .name = "jobs",
        .group = "tool",
        .help = "work in the background: how much is done, how long it takes",
        .details = "JSON: threads, jobs (array of job, state, fraction, elapsed, eta: seconds so far and to come).",
        .examples = "jobs",
        .run = run_jobs,
    },
    {
        .name = "wait",
        .group = "tool",
        .help = "wait until the work in the background is done",
        .examples = "wait",
        .flags = COMMAND_LONG,
        .run = run_wait,
    },
    {
        .name = "cancel",
        .group = "tool",
        .help = "cancel the work in the background",
        .details = "What is finished is kept.",
        .examples = "cancel\ncancel all",
        .arguments = {{.kind = ARG_WORD, .name = "all", .choices = "all", .optional = true}},
        .run = run_cancel,
    },
    {
        .name = "tui",
        .group = "tool",
        .help = "from the prompt to the full screen, state kept",
        .examples = "tui",
        .flags = COMMAND_INTERACTIVE,
    },
    {
        .name = "repl",
        .group = "tool",
        .help = "from the full screen to the prompt, state kept",
        .examples = "repl",
        .flags = COMMAND_SCREEN | COMMAND_INTERACTIVE,
    },
    {
        .name = "palette",
        .group = "tool",
        .help = "keys and commands in a list: type to search, Enter runs",
        .details = "Tab edits the command on the : line, F2 begins to bind a key to it (see bind), F1 shows its help.",
        .examples = "palette",
        .flags = COMMAND_SCREEN | COMMAND_INTERACTIVE,
    },
    {
        .name = "options",
        .group = "tool",
        .help = "what can be chosen in this view, with its values, in a list",
        .details = "Type to search; Enter takes the next value, Tab edits the command on the : line, F2 begins to bind a key to it, F1 shows its help.",
        .examples = "options",
        .flags = COMMAND_SCREEN | COMMAND_INTERACTIVE,
    },
    {
        .name = "glyphs",
        .group = "tool",
        .help = "the same drawing in all kinds of glyphs, to choose from",
        .details = "What a font lacks or draws too wide is seen there. With a word that kind is taken; either is kept for the next runs, "
                   "until `glyphs auto`. `set glyphs=` is for this run.",
        .examples = "glyphs\nglyphs half",
        .arguments = {{.kind = ARG_WORD, .name = "KIND", .choices = "auto|braille|half|ascii", .optional = true}},
        .flags = COMMAND_SCREEN | COMMAND_INTERACTIVE,
    },
    {
        .name = "stats",
        .group = "tool",
        .help = "what the pictures of the full screen have cost so far",
        .details = "Bytes sent, and milliseconds from the moment that a picture was begun until the terminal had taken it: of the last one, on "
                   "the average, at most. Cells sent are those that the terminal did not hold; the others were skipped. What clears the "
                   "screen and hides the cursor is not counted.\n"
                   "JSON: frames, bytes_last, bytes_mean, bytes_max, ms_last, ms_mean, ms_max (null before the first picture), cells_sent, "
                   "cells_skipped.",
        .examples = "stats\nstats; export stats.json",
        .flags = COMMAND_SCREEN | COMMAND_INTERACTIVE,
    },
    {
        .name = "redraw",
        .group = "tool",
        .help = "paint the whole screen anew",
        .examples = "redraw",
        .flags = COMMAND_SCREEN | COMMAND_INTERACTIVE,
    },
    {
        .name = "quit",
        .group = "tool",
        .help = "leave at once, with work in the background too",
        .examples = "quit",
    },
    {.name = NULL},
};
