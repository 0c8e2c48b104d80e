/* export: what was shown last, to a file. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/shown.h"
#include "app/state.h"
#include "io/write.h"
#include "model/print.h"

/* What a suffix stands for: a form of tables, or a picture. */
struct form {
    const char *suffix;
    bool is_picture;
    enum print_format format;
    enum painting painting;
};

static isd_status form_by_suffix(const char *path, const struct form **ret_form, isd_error *err)
{
    static const struct form known[] = {
        {".json", false, PRINT_JSON, PAINT_SVG}, {".csv", false, PRINT_CSV, PAINT_SVG}, {".tsv", false, PRINT_TSV, PAINT_SVG},
        {".txt", false, PRINT_TEXT, PAINT_SVG},  {".svg", true, PRINT_TEXT, PAINT_SVG}, {".gp", true, PRINT_TEXT, PAINT_GNUPLOT},
        {".pdf", true, PRINT_TEXT, PAINT_PDF},   {".png", true, PRINT_TEXT, PAINT_PNG}};
    const char *suffix = strrchr(path, '.');
    for (size_t k = 0; suffix && k < sizeof known / sizeof known[0]; k++)
        if (strcmp(suffix, known[k].suffix) == 0) {
            *ret_form = &known[k];
            return ISD_OK;
        }
    isd_error_set(err, ISD_UNSUPPORTED, "export to %s: the format is told by the suffix, one of .csv .tsv .json .txt .svg .gp .pdf .png", path);
    isd_error_hint(err, "export table.csv");
    return ISD_UNSUPPORTED;
}

static isd_status write_tables(const struct session *session, const char *path, enum print_format format, isd_error *err)
{
    struct print_buffer buffer = {0};
    print_results(&buffer, format, (const struct result *const *)session->shown, session->n_shown, false);
    isd_status status = buffer.failed ? isd_error_memory(err) : write_whole_file(path, buffer.data, buffer.length, err);
    print_buffer_done(&buffer);
    return status;
}

static isd_status write_picture(const struct session *session, const char *path, enum painting painting, isd_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    if (!session->paint)
        return isd_error_set(err, ISD_UNSUPPORTED, "export to %s: pictures are not part of this program", path);
    isd_status status = session->paint((const struct result *const *)session->shown, session->n_shown, painting, &bytes, &length, err);
    if (status == ISD_OK)
        status = write_whole_file(path, bytes, length, err);
    free(bytes);
    return status;
}

isd_status session_export(struct session *session, const char *path, isd_error *err)
{
    const struct form *form = NULL;
    if (form_by_suffix(path, &form, err) != ISD_OK)
        return ISD_UNSUPPORTED;
    if (session_shown_count(session) == 0) {
        isd_error_set(err, ISD_DATA, "nothing was shown yet");
        isd_error_hint(err, "match 0:last ; export match.csv");
        return ISD_DATA;
    }
    isd_status status = form->is_picture ? write_picture(session, path, form->painting, err) : write_tables(session, path, form->format, err);
    if (status == ISD_OK)
        session_message(session, "%s written", path);
    return status;
}

enum ask run_export(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    (void)sink;
    return session_export(session, call_word(call, 0), err) == ISD_OK ? ASK_READY : ASK_FAILED;
}
