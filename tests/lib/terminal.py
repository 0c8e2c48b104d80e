"""A program in a terminal of its own, driven by a test. SPDX-License-Identifier: GPL-3.0-or-later"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

ESCAPES = re.compile(r'\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[()][A-Z0-9]|\x1b[=>78]|\x1b[^a-zA-Z]*$|[\x01\x02\x07\r]')


class Terminal:
    """Keys go in with send(); expect() waits for text. What was sent to the screen is kept in `raw`."""

    def __init__(self, argv, columns=80, rows=24, env=None, patience=20.0):
        self.raw, self.seen, self.patience, self.status = '', 0, patience, None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, dict(os.environ, **(env or {})))
        self.resize(columns, rows)

    def resize(self, columns, rows):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))

    def send(self, keys):
        os.write(self.fd, keys.encode())

    def kill(self, number):
        os.kill(self.pid, number)

    def modes(self):
        """The settings of the terminal: to be the same before and after a program."""
        return termios.tcgetattr(self.fd)[:4]

    def _read(self, seconds):
        """More output, if there is any within that time; False at the end."""
        ready, _, _ = select.select([self.fd], [], [], max(seconds, 0))
        if not ready:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError: # the other side is gone
            return False
        self.raw += data.decode(errors='replace')
        return bool(data)

    def text(self):
        """What came after what the last expect() found, without escape sequences."""
        return ESCAPES.sub('', self.raw)[self.seen:]

    def expect(self, pattern, seconds=None):
        """Waits for a regular expression after what was found last; returns the match or raises."""
        end = time.monotonic() + (self.patience if seconds is None else seconds)
        alive = True
        while True:
            match = re.search(pattern, self.text())
            if match:
                self.seen += match.end()
                return match
            left = end - time.monotonic()
            if left <= 0 or not alive:
                raise AssertionError(f'no {pattern!r} in {self.text()!r}')
            alive = self._read(min(left, 0.1))

    def quiet(self, seconds):
        """What comes within that time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._read(end - time.monotonic()):
            pass
        return self.text()

    def wait(self, seconds=None):
        """The exit status (negative: the signal) once the program has ended; raises if it does not."""
        end = time.monotonic() + (self.patience if seconds is None else seconds)
        while self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                raise AssertionError(f'still running; last output {self.text()[-400:]!r}')
            else:
                self._read(0.02)
        return self.status

    def close(self):
        if self.status is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass
        os.close(self.fd)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()
