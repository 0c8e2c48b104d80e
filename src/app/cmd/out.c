/* Commands that write what was made: the rows. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cmd/groups.h"

const struct command_spec commands_out[] = {
    {
        .name = "export",
        .group = "out",
        .help = "write what was shown last to a file, format by suffix",
        .details = "Suffixes: .csv, .tsv, .json (one object a line) and .txt. An existing file is "
                   "replaced.",
        .examples = "system ka3d; pu 0:last; export pu.csv\ninfo; export 'my info.json'",
        .arguments = {{.kind = ARG_PATH, .name = "FILE"}},
        .run = run_export,
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
