"""One process owns a store: a lock on a file beside it, held as long as the store is open.

The lock belongs to the open file and not to its existence: a process that is killed lets go of it,
and the file that stays behind is no obstacle.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from kpi.i18n import _
from kpi.store.problems import Busy

_PAUSE = 0.05


class FileLock:
    """An exclusive lock between processes (and between two openings in one process)."""

    def __init__(self, path: Path, of: str) -> None:
        """`path` is the file; `of` names what it locks, for a sentence."""
        self._path = path
        self._of = of
        self._file: int | None = None

    def acquire(self, wait: float | None = None) -> None:
        """Take the lock, waiting `wait` seconds at most (None: as long as it takes).

        Raises:
            Busy: somebody else still has it.
        """
        assert self._file is None, "taken already"
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            taken = _wait(file, wait)
        except BaseException:
            os.close(file)
            raise
        if not taken:
            os.close(file)
            raise Busy(_("Another command is using the store {path}.").format(path=self._of))
        self._file = file

    def release(self) -> None:
        """Let go of it; harmless when it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _wait(file: int, wait: float | None) -> bool:
    until = None if wait is None else time.monotonic() + wait
    while not _try(file):
        if until is not None and time.monotonic() >= until:
            return False
        time.sleep(_PAUSE)
    return True


if sys.platform == "win32":
    import msvcrt

    def _try(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
