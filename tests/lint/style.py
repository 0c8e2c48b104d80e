#!/usr/bin/env python3
"""Facts of style that a machine can see. SPDX-License-Identifier: GPL-3.0-or-later

Usage: style.py ROOT

Every source says its licence and keeps to the line length, without tabs, trailing blanks or notes to be done later; C code
uses no banned function and includes its own header first.
"""
import pathlib
import re
import sys

MOST_COLUMNS = 160
BANNED = ('gets', 'strcpy', 'strcat', 'sprintf', 'vsprintf', 'strtok', 'system', 'popen', 'atoi', 'atol', 'atof',
          'alloca', 'tmpnam', 'mktemp', 'asctime', 'ctime', 'gmtime', 'localtime')
CALL = re.compile(r'(?<![\w.>])(' + '|'.join(BANNED) + r')\s*\(')
LATER = re.compile(r'\b(TO' r'DO|FIX' r'ME|XX' r'X|HA' r'CK)\b')
# Comments, strings and characters of C, so that only code is searched for calls.
NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
SCRIPTS = ('tests/setup', 'tests/run', '.ci/run')


def sources(root):
    for pattern in ('src/**/*.[ch]', 'src/**/*.inc', 'man/*.c', 'include/**/*.h', 'tests/**/*.[ch]', 'tests/**/*.py', 'tests/**/*.sh'):
        yield from sorted(root.glob(pattern))
    for name in SCRIPTS:
        if (root / name).exists():
            yield root / name


def blank(match):
    """As many lines, but no text."""
    return '\n' * match.group().count('\n') or ' '


def judge_lines(path, text):
    if 'SPDX-License-Identifier: GPL-3.0-or-later' not in '\n'.join(text.splitlines()[:5]):
        yield f'{path}:1: no SPDX-License-Identifier in the first five lines'
    if text and not text.endswith('\n'):
        yield f'{path}: the last line has no end'
    for number, line in enumerate(text.splitlines(), 1):
        if '\t' in line:
            yield f'{path}:{number}: tab'
        if line != line.rstrip():
            yield f'{path}:{number}: trailing blanks'
        if len(line) > MOST_COLUMNS:
            yield f'{path}:{number}: {len(line)} columns, at most {MOST_COLUMNS}'
        if LATER.search(line):
            yield f'{path}:{number}: a note to be done later'


def judge_code(root, path, text):
    for number, line in enumerate(NOT_CODE.sub(blank, text).splitlines(), 1):
        for match in CALL.finditer(line) if not path.startswith('tests/') else (): # tests may run programs
            yield f'{path}:{number}: {match.group(1)} is banned'
    own = path[len('src/'):-1] + 'h'
    if path.startswith('src/') and path.endswith('.c') and (root / 'src' / own).exists():
        first = re.search(r'^#include\s+["<]([^">]+)', text, re.M)
        if first and first.group(1) != own:
            yield f'{path}: includes "{own}" not first'


def check(root):
    problems = []
    for file in sources(root):
        path, text = file.relative_to(root).as_posix(), file.read_text(encoding='utf-8', errors='replace')
        problems += judge_lines(path, text)
        if file.suffix in ('.c', '.h', '.inc'):
            problems += judge_code(root, path, text)
    return problems


if __name__ == '__main__':
    found = check(pathlib.Path(sys.argv[1]).resolve())
    print('\n'.join(found) or 'style: clean')
    sys.exit(bool(found))
