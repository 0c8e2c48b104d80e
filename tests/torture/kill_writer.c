/* Commits small results for ever and says on standard output which are acknowledged, until it is killed.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: kill_writer STORE FIRST [shared]. Lines "N\n": structures up to number N (and the matching N-1 -> N) were committed. */
#include <string.h>
#include <unistd.h>

#include "base/scan.h"
#include "kept.h"

static void say(int number)
{
    char line[32];
    int length = snprintf(line, sizeof line, "%d\n", number);
    MUST(write(STDOUT_FILENO, line, (size_t)length) == length);
}

int main(int argc, char **argv)
{
    struct store *store = NULL;
    isd_error err;
    int64_t first = 0;
    struct store_options options = {.place = argc > 3 && strcmp(argv[3], "shared") == 0 ? STORE_PLACE_SHARED : STORE_PLACE_LOCAL};
    if (argc < 3 || !scan_whole_int64(argv[2], &first))
        return 2;
    if (store_open(argv[1], &options, NULL, NULL, &store, &err) != ISD_OK) {
        fprintf(stderr, "%s: %s\n", err.where, err.what);
        return 1;
    }
    for (int n = (int)first;; n++) {
        kept_put(store, n);
        if (store_commit(store, &err) != ISD_OK) {
            fprintf(stderr, "%s: %s\n", err.where, err.what);
            return 1;
        }
        say(n);
    }
}
