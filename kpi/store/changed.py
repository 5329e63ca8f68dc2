"""Which tables changed when: for what is read once and kept beside the store."""

from __future__ import annotations

import threading
from collections.abc import Collection


class Changed:
    """A number per table, raised whenever its rows may have become others. Thread-safe."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._every = 0
        self._own: dict[str, int] = {}

    def mark(self, names: Collection[str] | None) -> None:
        """The rows of these tables may be others now; of all tables where nobody says which."""
        with self._guard:
            if names is None:
                self._every += 1
            else:
                for name in names:
                    self._own[name] = self._own.get(name, 0) + 1

    def numbers(self, names: Collection[str]) -> tuple[int, ...]:
        """The same for as long as the rows of these tables are."""
        with self._guard:
            return (self._every, *(self._own.get(name, 0) for name in sorted(names)))
