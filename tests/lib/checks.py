"""Many small comparisons in one script: counted, failures printed as they happen. SPDX-License-Identifier: GPL-3.0-or-later"""
import sys

passed, failed = 0, 0


def check(name, good, detail=''):
    global passed, failed
    passed += bool(good)
    failed += not good
    if not good:
        print(f'FAIL {name}: {detail}')


def finish():
    """Ends the script with the count."""
    print(f'{passed} passed, {failed} failed')
    sys.exit(bool(failed))
