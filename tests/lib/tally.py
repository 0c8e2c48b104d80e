#!/usr/bin/env python3
"""Count the tests in meson's testlog.json. SPDX-License-Identifier: GPL-3.0-or-later

Usage: tally.py TESTLOG.json. Prints "PASSED FAILED SKIPPED"; a log that is missing or empty counts as one failure.
"""
import json
import pathlib
import sys

GOOD = ('OK', 'EXPECTEDFAIL')


def tally(path):
    try:
        lines = pathlib.Path(path).read_text(encoding='utf-8', errors='replace').splitlines()
        results = [json.loads(line)['result'] for line in lines if line.strip()]
    except (OSError, ValueError, KeyError):
        results = []
    if not results:
        return 0, 1, 0
    skipped = results.count('SKIP')
    passed = sum(result in GOOD for result in results)
    return passed, len(results) - passed - skipped, skipped


if __name__ == '__main__':
    print(*tally(sys.argv[1]))
