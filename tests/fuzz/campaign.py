#!/usr/bin/env python3
"""Fuzzing for a given time, shared over all targets. SPDX-License-Identifier: GPL-3.0-or-later

Usage: campaign.py SECONDS SEARCH_FOLDER DRIVER_FOLDER [KEEP]. SEARCH_FOLDER holds search_TARGET (libFuzzer; may be missing), DRIVER_FOLDER
fuzz_TARGET. Searching finds new ways through the code; the driver then runs many mutations of what was found. KEEP, a folder, keeps what
was found for the next time, and inputs that fail. One line a target, the total, and last "N passed, M failed" with a target as one test.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
# Target: its share of the time, folders of seeds, longest input.
TARGETS = {
    'frames': (3, ['seeds_frames'], 200),
    'text': (3, ['seeds', 'seeds_formats'], 800),
    'gz': (2, ['seeds_gz'], 600),
    'kept': (1, ['seeds_kept'], 300),
    'command': (1, ['seeds_command'], 400),
    'script': (1, ['seeds_script'], 600),
    'potential': (1, ['seeds_potential'], 1200),
}
SEARCH_SHARE = 0.5
ASAN = 'quarantine_size_mb=4:malloc_context_size=4:allocator_release_to_os_interval_ms=-1:abort_on_error=1:allocator_may_return_null=1'


class Target:
    def __init__(self, name, search_folder, driver_folder, keep, seconds):
        self.name, self.seconds = name, seconds
        self.search = pathlib.Path(search_folder, f'search_{name}').resolve()
        self.driver = pathlib.Path(driver_folder, f'fuzz_{name}').resolve()
        self.corpus = pathlib.Path(keep, name).resolve()
        self.corpus.mkdir(parents=True, exist_ok=True)
        self.crash = f'{keep}/failing-{name}-{os.getpid()}-'
        self.seeds = [str(HERE / folder) for folder in TARGETS[name][1]]
        self.executions = self.accepted = 0
        self.finding = ''

    def run(self, command, seconds, env=None):
        env = dict(os.environ, ASAN_OPTIONS=ASAN, UBSAN_OPTIONS='halt_on_error=1:print_stacktrace=1', **(env or {}))
        try:
            done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  timeout=seconds + 120, check=False)
        except subprocess.TimeoutExpired as late:
            self.finding = f'hangs: {late}'
            return ''
        output = done.stdout.decode(errors='replace')
        if done.returncode != 0 and not self.finding:
            self.finding = '\n'.join(output.splitlines()[-40:]) + f'\nfailing inputs: {self.crash}*'
        return output

    def search_for(self, seconds):
        output = self.run([str(self.search), f'-max_total_time={seconds}', f'-max_len={TARGETS[self.name][2]}', '-entropic=0', '-seed=1', '-timeout=10',
                           '-rss_limit_mb=1000', '-malloc_limit_mb=64', '-print_final_stats=1', f'-artifact_prefix={self.crash}',
                           str(self.corpus), *self.seeds], seconds)
        self.executions += int((re.findall(r'number_of_executed_units: *(\d+)', output) or [0])[-1])
        self.accepted += int((re.findall(r'^accepted: (\d+)', output, re.M) or [0])[-1])

    def drive_for(self, seconds):
        output = self.run([str(self.driver), '1', *self.seeds, str(self.corpus)], seconds,
                          {'FUZZ_SECONDS': str(seconds), 'FUZZ_SEED': str(int(time.time())), 'FUZZ_KEEP': f'{self.crash}driver'})
        found = re.search(r'(\d+) executions .* ([\d.]+) % accepted', output)
        if found:
            self.executions += int(found[1])
            self.accepted += round(int(found[1]) * float(found[2]) / 100)

    def go(self):
        search = SEARCH_SHARE if self.search.exists() else 0
        if search:
            self.search_for(max(1, int(self.seconds * search)))
        if not self.finding:
            self.drive_for(max(1, int(self.seconds * (1 - search))))
        share = 100 * self.accepted / max(1, self.executions)
        print(f'{"FAIL " if self.finding else ""}{self.name}: {self.executions} executions, {share:.0f} % accepted, '
              f'{len(list(self.corpus.iterdir()))} inputs that go new ways', flush=True)
        if self.finding:
            print(self.finding, flush=True)


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    seconds, search, driver = float(sys.argv[1]), sys.argv[2], sys.argv[3]
    with tempfile.TemporaryDirectory() as scratch:
        keep = sys.argv[4] if len(sys.argv) > 4 else scratch
        workers = min(len(os.sched_getaffinity(0)), len(TARGETS))
        each = seconds * workers / sum(target[0] for target in TARGETS.values())
        targets = [Target(name, search, driver, keep, each * TARGETS[name][0]) for name in TARGETS]
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            list(pool.map(Target.go, targets))
    failed = sum(bool(target.finding) for target in targets)
    print(f'{sum(target.executions for target in targets)} executions')
    print(f'{len(targets) - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
