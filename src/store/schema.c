/* The tables of a store, made and brought up to date. SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/schema.h"

#include <sqlite3.h>
#include <stdio.h>

#include "store/store.h"

int store_schema_version(void)
{
    int count = 0;
    while (store_migrations[count].name)
        count++;
    return count;
}

int schema_version(struct sqlite3 *db, int *ret_version)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL);
    if (code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        *ret_version = sqlite3_column_int(statement, 0);
    int end = sqlite3_finalize(statement);
    return code != SQLITE_OK ? code : end;
}

static int run_steps(struct sqlite3 *db, int from, int newest)
{
    char text[64];
    int code = SQLITE_OK;
    for (int k = from; k < newest && code == SQLITE_OK; k++)
        code = sqlite3_exec(db, store_migrations[k].text, NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return code;
    snprintf(text, sizeof text, "PRAGMA user_version = %d", newest);
    return sqlite3_exec(db, text, NULL, NULL, NULL);
}

int schema_update(struct sqlite3 *db, int newest)
{
    int version = 0;
    newest = newest > 0 ? newest : store_schema_version();
    int code = schema_version(db, &version);
    if (code != SQLITE_OK || version == newest)
        return code;
    if (version > newest || version < 0)
        return SQLITE_MISMATCH;
    code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return code;
    code = schema_version(db, &version); /* another program may have been faster */
    if (code == SQLITE_OK && version < newest)
        code = run_steps(db, version, newest);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    if (code != SQLITE_OK && !sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}
