#!/usr/bin/env python3
"""Commands from odd streams, results to odd ones. SPDX-License-Identifier: GPL-3.0-or-later

Usage: streams.py PROGRAM
"""
import resource
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
import own_cache # pylint: disable=unused-import,wrong-import-position

PROGRAM = sys.argv[1]
WAYS = (['-i'], ['-'])
with open(PROGRAM, 'rb') as program:
    CODE = program.read()
SANITIZED = b'__asan_init' in CODE or b'__tsan_init' in CODE


def small():
    """Endless input must not become endless memory. Sanitizers reserve more than any limit."""
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_DATA, (2 << 30, 2 << 30))


def run(arguments, stdin, stdout=subprocess.PIPE, env=None):
    return subprocess.run([PROGRAM, *arguments], stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, encoding='utf-8', env=env,
                          timeout=60, check=False, preexec_fn=small)


class Streams(unittest.TestCase):
    def piped(self, arguments, text, **options):
        with subprocess.Popen(['printf', '%s', text], stdout=subprocess.PIPE) as source:
            return run(arguments, source.stdout, **options)

    def test_endless_nothing(self):
        for way in WAYS:
            with open('/dev/zero', 'rb') as zero:
                ran = run(way, zero)
            self.assertIn('NUL byte', ran.stderr)
            self.assertIn(ran.returncode, (1, 2))

    def test_endless_line(self):
        for way in WAYS:
            with subprocess.Popen('yes | tr -d "\\n"', shell=True, stdout=subprocess.PIPE) as source:
                ran = run(way, source.stdout)
                source.stdout.close()
            self.assertRegex(ran.stderr, 'longer than 1 MB|too large')
            self.assertIn(ran.returncode, (1, 2))

    def test_line_ends(self):
        for way in WAYS:
            ran = self.piped(way, 'echo a\r\necho b')
            self.assertEqual((ran.stdout, ran.stderr, ran.returncode), ('a\nb\n', '', 0))

    def test_nothing_to_do(self):
        for way in WAYS:
            ran = run(way, subprocess.DEVNULL)
            self.assertEqual((ran.stdout, ran.stderr, ran.returncode), ('', '', 0))

    def test_full_disk(self):
        for way in WAYS:
            with open('/dev/full', 'wb') as full:
                ran = self.piped(way, 'echo a', stdout=full)
            self.assertEqual(ran.returncode, 1)
            self.assertIn('could not be written', ran.stderr)

    def test_closed_streams(self):
        """No file that the program opens becomes one of its streams: what is printed goes nowhere, and that is a failure."""
        with tempfile.TemporaryDirectory() as folder:
            kept = pathlib.Path(folder) / 'kept.isdb'
            for closed in ('>&-', '<&- >&-', '<&- >&- 2>&-'):
                ran = subprocess.run(['sh', '-c', f'"$0" -s "$1" --demo -c "match 0:1 of=raw" {closed}', PROGRAM, kept],
                                     stderr=subprocess.DEVNULL, timeout=60, check=False)
                self.assertEqual(ran.returncode, 1, closed)

    def test_limit_of_file_size(self):
        """As a full disk: it is said, and nobody dies of a signal; a result that cannot be kept is still given."""
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
        with tempfile.TemporaryDirectory() as folder:
            for options, more, status, said in ((['-s', f'{folder}/a.isdb'], '', 3, '2 results could not be kept'),
                                                (['--no-cache'], f' write={folder}/pair.dump', 1, 'too large')):
                ran = subprocess.run([PROGRAM, *options, '--demo', '-c', f'match 0:1 of=raw{more}'], stdin=subprocess.DEVNULL,
                                     capture_output=True, encoding='utf-8', timeout=60, check=False, preexec_fn=limit)
                self.assertEqual(ran.returncode, status, ran.stderr)
                self.assertEqual('d_min' in ran.stdout, status == 3)
                self.assertIn(said, ran.stderr)

    def test_empty_environment(self):
        for way in WAYS:
            ran = self.piped(way, 'echo a', env={})
            self.assertEqual((ran.stdout, ran.returncode), ('a\n', 0))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
