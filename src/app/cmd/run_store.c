/* store, sessions, forget: what is kept on disk. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/keep.h"
#include "base/scan.h"
#include "base/text.h"

static void add_path(struct result *result, const char *name, const char *path)
{
    char shown[1024];
    text_escape(path, strlen(path), shown, sizeof shown);
    result_text(result, name, shown);
}

/* --- store --- */

static enum ask give_store(struct session *session, const struct command_sink *sink, isd_error *err)
{
    struct store *store = keep_store(session, false);
    struct store_counts counts = {0};
    struct result *result = result_new("store", RESULT_RECORD);
    if (!store) {
        static const char *const keys[] = {"path",    "journal",    "writable",  "waiting", "problem", "bytes",
                                           "sets",    "structures", "matchings", "results"};
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
            result_null(result, keys[k]);
        return give(sink, result, err);
    }
    const isd_error *problem = keep_problem(session, store);
    add_path(result, "path", store_path(store));
    result_text(result, "journal", store_journal(store)[0] ? store_journal(store) : NULL);
    result_bool(result, "writable", store_can_write(store));
    result_int(result, "waiting", store_waiting(store));
    result_text(result, "problem", problem ? problem->what : NULL);
    store_count(store, &counts);
    result_int(result, "bytes", keep_size(store_path(store)));
    result_int(result, "sets", counts.sets);
    result_int(result, "structures", counts.structures);
    result_int(result, "matchings", counts.matchings);
    result_int(result, "results", counts.results);
    return give(sink, result, err);
}

static isd_status copy_store(struct session *session, const struct command_call *call, isd_error *err)
{
    const char *path = call_word(call, 1);
    struct store *store = keep_store(session, true);
    if (!path) {
        isd_error_set(err, ISD_USAGE, "the copy needs a name");
        isd_error_hint(err, "store as FILE.isdb");
        return ISD_USAGE;
    }
    if (!store) {
        isd_error_set(err, ISD_USAGE, "nothing is kept that could be copied");
        isd_error_hint(err, "start with: isdmin -s %s", path);
        return ISD_USAGE;
    }
    keep_retry(session);
    return store_copy(store, path, err);
}

enum ask run_store(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    const char *action = call_word(call, 0);
    if (action && strcmp(action, "as") == 0 && copy_store(session, call, err) != ISD_OK)
        return ASK_FAILED;
    if (action && strcmp(action, "retry") == 0)
        keep_retry(session);
    if (action && strcmp(action, "check") == 0) {
        struct store *store = keep_store(session, false);
        if (store && store_check(store, err) != ISD_OK)
            return ASK_FAILED;
    }
    return give_store(session, sink, err);
}

/* --- sessions --- */

static isd_status set_limit(struct session *session, const char *text, const struct command_sink *sink, isd_error *err)
{
    double size = 0;
    if (!scan_whole_size(text, &size) || size >= 9e18) {
        isd_error_set(err, ISD_USAGE, "limit=%s is no size", text);
        isd_error_hint(err, "sessions limit=4G");
        return ISD_USAGE;
    }
    int64_t bytes = (int64_t)size;
    isd_status status = keep_set_limit(bytes, err);
    if (status != ISD_OK)
        return status;
    int removed = keep_trim(session);
    struct result *result = result_new("sessions", RESULT_RECORD);
    result_int(result, "limit", bytes);
    result_int(result, "removed", removed);
    return give(sink, result, err) == ASK_READY ? ISD_OK : ISD_MEMORY;
}

static void utc(int64_t seconds, char out[32])
{
    struct tm parts;
    time_t time = (time_t)seconds;
    out[0] = '\0';
    if (gmtime_r(&time, &parts))
        strftime(out, 32, "%Y-%m-%d %H:%M:%S", &parts);
}

static struct result *item_object(const struct keep_item *item)
{
    char used[32];
    utc(item->opened, used);
    struct result *object = result_new("sessions", RESULT_RECORD);
    add_path(object, "path", item->path);
    result_int(object, "bytes", item->bytes);
    result_text(object, "sets", item->readable ? item->sets : NULL);
    const int64_t counts[3] = {item->counts.structures, item->counts.matchings, item->counts.results};
    static const char *const names[3] = {"structures", "matchings", "results"};
    for (int k = 0; k < 3; k++) {
        if (item->readable)
            result_int(object, names[k], counts[k]);
        else
            result_null(object, names[k]);
    }
    result_text(object, "used", used);
    result_bool(object, "open", item->is_open);
    return object;
}

enum ask run_sessions(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    const char *limit = call_option(call, "limit");
    struct keep_listing listing;
    if (limit && set_limit(session, limit, sink, err) != ISD_OK)
        return ASK_FAILED;
    if (keep_list(session, true, &listing, err) != ISD_OK)
        return ASK_FAILED;
    enum ask answer = ASK_READY;
    for (int k = 0; k < listing.n && answer == ASK_READY; k++)
        answer = give(sink, item_object(&listing.item[k]), err);
    keep_listing_done(&listing);
    return answer;
}

/* --- forget --- */

static const struct {
    const char *name;
    enum store_what what;
} kinds[] = {{"data", STORE_ALL},
             {"structures", STORE_STRUCTURES},
             {"matchings", STORE_MATCHINGS},
             {"results", STORE_RESULTS},
             {"log", STORE_LOG}};

static isd_status forget(struct session *session, const char *what, int64_t *ret_rows, int *ret_files, isd_error *err)
{
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        if (strcmp(kinds[k].name, what) == 0)
            return keep_forget(session, kinds[k].what, ret_rows, err);
    if (strcmp(what, "cache") == 0) {
        *ret_files = keep_forget_cache(session);
        return ISD_OK;
    }
    *ret_files = 1;
    return keep_forget_file(session, what, err);
}

enum ask run_forget(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    const char *what = call_word(call, 0) ? call_word(call, 0) : "data";
    int64_t rows = 0;
    int files = 0;
    if (forget(session, what, &rows, &files, err) != ISD_OK)
        return ASK_FAILED;
    struct result *result = result_new("forget", RESULT_RECORD);
    add_path(result, "what", what);
    result_int(result, "rows", rows);
    result_int(result, "files", files);
    return give(sink, result, err);
}
