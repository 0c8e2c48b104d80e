#!/usr/bin/env python3
"""Refuse every #include that src/layers.txt does not allow. SPDX-License-Identifier: GPL-3.0-or-later

Usage: layers.py ROOT

src/layers.txt has three kinds of lines: "folder : folders it may include", "isdmin/header.h : folder that owns it" and
"<outside.h> : patterns of files that may include it" (the header may be a pattern too). Direct includes are enough: all files obey the same table.
"""
import fnmatch
import pathlib
import re
import sys

INCLUDE = re.compile(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


class Layers:
    """The table: which folders each folder sees, who owns a public header, who may see an outside one."""

    def __init__(self, text):
        self.below, self.owner, self.outside, self.problems = {}, {}, {}, []
        for number, line in enumerate(text.splitlines(), 1):
            line = line.partition('#')[0].strip()
            if not line:
                continue
            name, colon, rest = line.partition(':')
            if not colon:
                self.problems.append(f'src/layers.txt:{number}: no colon')
                continue
            name, words = name.strip(), rest.split()
            if name.startswith('<'):
                self.outside[name.strip('<>')] = words
            elif '/' in name:
                self.add_owner(number, name, words)
            else:
                self.add_folder(number, name, words)

    def add_folder(self, number, name, words):
        for word in words:
            if word not in self.below:
                self.problems.append(f'src/layers.txt:{number}: {name} lists {word}, which is not above it')
        self.below[name] = words

    def add_owner(self, number, name, words):
        if len(words) != 1 or words[0] not in self.below:
            self.problems.append(f'src/layers.txt:{number}: {name} needs one folder as its owner')
        else:
            self.owner[name] = words[0]

    def folder_of(self, path):
        """The folder whose rules hold for a file; None for src/main.c and the like, which may include everything."""
        parts = path.split('/')
        if parts[0] == 'include':
            return self.owner.get('/'.join(parts[1:]))
        return parts[1] if len(parts) > 2 else None

    def judge(self, path, quoted, angled):
        """What is wrong with one include of a file, or None."""
        if angled:
            allowed = next((files for name, files in self.outside.items() if fnmatch.fnmatch(angled, name)), None)
            if allowed is not None and not any(fnmatch.fnmatch(path, pattern) for pattern in allowed):
                return f'<{angled}> belongs to {" ".join(allowed)}'
            return None
        if '/' not in quoted:
            return f'write the folder too: "{quoted}"'
        if path.startswith('include/') and quoted not in self.owner:
            return f'a public header may include public headers only, not "{quoted}"'
        target = self.owner.get(quoted, quoted.split('/')[0])
        if target not in self.below:
            return f'"{quoted}": no such folder or public header in src/layers.txt'
        folder = self.folder_of(path)
        if folder and target != folder and target not in self.below.get(folder, []):
            return f'{folder} may not include from {target}: "{quoted}"'
        return None


def check(root):
    layers = Layers((root / 'src/layers.txt').read_text())
    problems = layers.problems
    for name in layers.owner:
        if not (root / 'include' / name).exists():
            problems.append(f'src/layers.txt: {name} does not exist')
    for file in sorted([*root.glob('src/**/*.[ch]'), *root.glob('src/**/*.inc'), *root.glob('include/**/*.h')]):
        path = file.relative_to(root).as_posix()
        folder = layers.folder_of(path)
        if folder is None and path.startswith('include/'):
            problems.append(f'{path}: no owner in src/layers.txt')
            continue
        if folder is not None and folder not in layers.below:
            problems.append(f'{path}: folder {folder} is not in src/layers.txt')
            continue
        for number, line in enumerate(file.read_text(errors='replace').splitlines(), 1):
            match = INCLUDE.match(line)
            wrong = match and layers.judge(path, match.group(1), match.group(2))
            if wrong:
                problems.append(f'{path}:{number}: {wrong}')
    return problems


if __name__ == '__main__':
    found = check(pathlib.Path(sys.argv[1]).resolve())
    print('\n'.join(found) or 'layers: clean')
    sys.exit(bool(found))
