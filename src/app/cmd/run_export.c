/* export: what was shown last, to a file. SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/shown.h"
#include "io/write.h"
#include "model/print.h"

static isd_status format_by_suffix(const char *path, enum print_format *ret_format, isd_error *err)
{
    static const struct {
        const char *suffix;
        enum print_format format;
    } known[] = {{".json", PRINT_JSON}, {".csv", PRINT_CSV}, {".tsv", PRINT_TSV}, {".txt", PRINT_TEXT}};
    const char *suffix = strrchr(path, '.');
    for (size_t k = 0; suffix && k < sizeof known / sizeof known[0]; k++)
        if (strcmp(suffix, known[k].suffix) == 0) {
            *ret_format = known[k].format;
            return ISD_OK;
        }
    isd_error_set(err, ISD_UNSUPPORTED, "export to %s: the format is told by the suffix, one of .csv .tsv .json .txt", path);
    isd_error_hint(err, "export table.csv");
    return ISD_UNSUPPORTED;
}

enum ask run_export(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    const char *path = call_word(call, 0);
    enum print_format format = PRINT_TEXT;
    int n = session_shown_count(session);
    (void)sink;
    if (format_by_suffix(path, &format, err) != ISD_OK)
        return ASK_FAILED;
    if (n == 0) {
        isd_error_set(err, ISD_DATA, "nothing was shown yet");
        isd_error_hint(err, "match 0:last ; export match.csv");
        return ASK_FAILED;
    }
    struct print_buffer buffer = {0};
    for (int k = 0; k < n; k++)
        print_result(&buffer, format, session_shown(session, k), k > 0 ? session_shown(session, k - 1) : NULL);
    isd_status status = buffer.failed ? isd_error_memory(err) : write_whole_file(path, buffer.data, buffer.length, err);
    print_buffer_done(&buffer);
    if (status == ISD_OK)
        session_message(session, "%s written", path);
    return status == ISD_OK ? ASK_READY : ASK_FAILED;
}
