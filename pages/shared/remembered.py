"""Answers kept in memory: so many of them, for so long, each found once however many ask at once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class _Kept:
    answer: Any
    until: float


class Remembered:
    """Answers by what was asked. Whoever is given one shares it: it is to be read, never changed.

    Streamlit's own cache copies an answer at each look (pickled) and makes a hash of its key: tens of
    microseconds for a dictionary's one, and a page looks some hundreds of times.
    """

    def __init__(self, most: int, seconds: float) -> None:
        """Keeps the `most` answers asked for last, none longer than so many `seconds`."""
        self._most = most
        self._seconds = seconds
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._finding: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, find: Callable[[], T]) -> T:
        """The answer to `key`: the one that is kept, or what `find` gives, which is kept from then on.

        Who asks while another finds the same waits for that one's answer. What `find` raises is raised,
        and nothing is kept.
        """
        kept = self._look(key)
        if kept is None:
            with self._lock:
                finding = self._finding.setdefault(key, threading.Lock())
            with finding:
                kept = self._look(key) or self._keep(key, find)
        answer: T = kept.answer
        return answer

    def __contains__(self, key: Hashable) -> bool:
        return self._look(key) is not None

    def __len__(self) -> int:
        return len(self._kept)

    def _look(self, key: Hashable) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            if kept.until < time.monotonic():
                del self._kept[key]
                return None
            self._kept.move_to_end(key)
            return kept

    def _keep(self, key: Hashable, find: Callable[[], Any]) -> _Kept:
        kept = None
        try:
            kept = _Kept(find(), time.monotonic() + self._seconds)
            return kept
        finally:
            with self._lock:
                # Both at once: between them another would find it a second time.
                self._finding.pop(key, None)
                if kept is not None:
                    self._kept[key] = kept
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
