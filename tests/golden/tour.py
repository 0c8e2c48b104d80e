#!/usr/bin/env python3
"""The tour: every lesson goes on when its learner does what it asks, helps when not, and never stands still.
SPDX-License-Identifier: GPL-3.0-or-later

Usage: tour.py PROGRAM ROOT
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))
import own_cache # pylint: disable=unused-import,wrong-import-position

PROGRAM, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
FILES = sorted((ROOT / 'assets/tour').glob('*.isd'))
WRONG = 'snapshot 0 ids=1'  # what no lesson asks for; where there are no data it fails, which is wrong as well
SLOW = 120  # seconds that a lesson may take


def actions(number):
    """What the learner types, in the order of the lesson: (line, is it an answer?)."""
    lines = FILES[number - 1].read_text(encoding='utf-8').splitlines()
    asked = [re.fullmatch(r'(try|answer) (.*)', line) for line in lines]
    return [(match[2].split()[0] if match[1] == 'answer' else match[2], match[1] == 'answer') for match in asked if match]


def hints(number):
    text = FILES[number - 1].read_text(encoding='utf-8')
    return len(re.findall(r'^(?:task|ask) .*(?:\n(?:task|ask) .*)*', text, re.M))


def prompt(lines, *options, **env):
    done = subprocess.run([PROGRAM, *options, '-i'], input='\n'.join(lines) + '\n', stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding='utf-8', env=dict(os.environ, TERM='dumb', **env), timeout=SLOW, check=False)
    return done.returncode, done.stdout, done.stderr


class Tour(unittest.TestCase):
    def test_lessons_at_the_prompt(self):
        for number in range(1, len(FILES) + 1):
            with self.subTest(lesson=number):
                todo, begun = actions(number), time.monotonic()
                self.assertGreaterEqual(len(todo), 1)
                self.assertEqual(len(todo), hints(number))
                typed = [f'tour {number}'] + [line for action, _ in todo for line in (WRONG, action)]
                status, said, wrong = prompt(typed, '--ascii', LC_ALL='C')
                self.assertTrue(said.isascii())
                self.assertIn(status, (0, 1, 3), wrong)  # a mark of a fit is one
                self.assertTrue(f'\nEnd of lesson {number} of {len(FILES)}. ' in said, said[-1500:])
                self.assertEqual(said.count('\nRight.\n'), len(todo))
                self.assertEqual(said.count('\nHint: '), sum(not answer for _, answer in todo), said[-1500:])
                self.assertLess(time.monotonic() - begun, SLOW)

    def test_a_wrong_answer_gets_a_hint(self):
        for number in range(1, len(FILES) + 1):
            for at, (action, answer) in enumerate(actions(number)):
                if not answer:
                    continue
                before = [line for line, _ in actions(number)[:at]]
                said = prompt([f'tour {number}', *before, '77' if action[0].isdigit() else 'z'])[1]
                self.assertEqual((said.count('\nHint: '), said.count('\nRight.')), (1, at), said[-1500:])

    def test_on_paper(self):
        pages = []
        for number in range(1, len(FILES) + 1):
            status, said, _ = prompt([f'tour print {number}'])
            self.assertEqual(status, 0)
            self.assertTrue(said.isascii())
            self.assertLessEqual(max(map(len, said.splitlines())), 80)
            self.assertLessEqual(len(said.splitlines()), 60, 'more than a page')
            for action, answer in actions(number):
                self.assertIn(f'(Answer: {action})' if answer else f'    > {action}', said)
            pages.append(said)
        self.assertEqual(prompt(['tour print'])[1], '\n\n'.join(pages))
        self.assertEqual(len(prompt(['tour list'])[1].splitlines()), len(FILES))

    def test_going_about(self):
        last = len(FILES)
        said = prompt(['tour', 'tour next', 'tour back', 'tour again', 'tour hint', 'tour', 'tour stop', 'tour', 'tour 2', 'tour stop'])[1]
        self.assertEqual(re.findall(r'Lesson (\d+) of', said), ['1', '2', '1', '1', '1', '2'])
        for line, words in ((f'tour {last + 1}', 'no such lesson'), ('tour next', 'no lesson is under way'), ('tour answer a', 'no lesson'),
                            (f'tour {last}; tour next', 'last lesson'), ('tour 1; tour back', 'first lesson'), ('tour sideways', 'a lesson is'),
                            ('tour print x', 'no such lesson'), ('tour 1 2', 'a word too many'), ('a', "no command 'a'")):
            self.assertIn(words, prompt([line])[2])

    def test_in_a_script(self):
        number = next(k for k in range(1, len(FILES) + 1) if 'hop' in FILES[k - 1].read_text(encoding='utf-8'))
        script = '; '.join([f'tour {number}', *[line for line, _ in actions(number)]])
        done = subprocess.run([PROGRAM, '--json', '-c', script], stdout=subprocess.PIPE, encoding='utf-8', timeout=SLOW, check=False)
        self.assertEqual(done.returncode, 0)
        texts = [json.loads(line).get('text', '') for line in done.stdout.splitlines()]
        self.assertIn(f'End of lesson {number}', texts[-1])

    def test_what_goes_wrong_in_between(self):
        """Errors, lines that are no commands, and data of one's own leave the lesson where it is."""
        number = next(k for k in range(1, len(FILES) + 1) if 'hop' in FILES[k - 1].read_text(encoding='utf-8'))
        first, *rest = [line for line, _ in actions(number)]
        said = prompt([f'tour {number}', 'xyzzy', "'", 'match 0:999', f'open {ROOT}/assets/demo/ka2d_T040.dump.gz', 'use demo',
                       'goto tw=500', 'of is; species resolved; average on', first, *rest])[1]
        self.assertTrue('End of lesson' in said, said[-1500:])
        self.assertGreaterEqual(said.count('Hint: '), 4)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
