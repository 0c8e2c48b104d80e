-- SPDX-License-Identifier: GPL-3.0-or-later
-- What people wrote down while looking.

--: remarks on a data set
CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    set_id INTEGER NOT NULL REFERENCES sets ON DELETE CASCADE,
    place TEXT NOT NULL,                --: what was looked at, in words: the set and the frames of the pair
    text TEXT NOT NULL,                 --: the remark
    at INTEGER NOT NULL,                --: seconds since 1970
    UNIQUE (set_id, place, text)
) STRICT;
