/* The tables of a store, made and brought up to date. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "base/asset.h"

/* The files of assets/sql: number k + 1 at place k. */
extern const struct asset store_migrations[];

#define STORE_APPLICATION_ID 0x4953444d /* "ISDM" */

struct sqlite3;

/* Brings the tables up to `newest` (0: all that there are), all steps in one transaction. Returns an SQLite code; SQLITE_MISMATCH: they are
 * newer than that. */
int schema_update(struct sqlite3 *db, int newest);
int schema_version(struct sqlite3 *db, int *ret_version);

#endif
