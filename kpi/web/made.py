"""What was made once is kept for all that ask the same, and made anew by one of them.

Fifty screens that look at one view cost one question per state of the data, also when they ask in
the same second. While it is made anew the others get what there was: they ask again soon.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class _Slot(Generic[T]):
    making: threading.Lock = field(default_factory=threading.Lock)
    #: What there is, and of which version; swapped as one.
    now: tuple[Hashable, T] | None = None


class Kept(Generic[T]):
    """Keeps the last `most` values, each by a key and the version it was made of."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._slots: OrderedDict[Hashable, _Slot[T]] = OrderedDict()

    def get(self, key: Hashable, version: Hashable, make: Callable[[], T]) -> T:
        """The value at `key` of this version; an older one while another thread makes it.

        What `make` raises is not kept.
        """
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
            self._slots.move_to_end(key)
            while len(self._slots) > self.most:
                self._slots.popitem(last=False)
        now = slot.now
        if now is not None and now[0] == version:
            return now[1]
        # Where there is nothing yet, one waits for whoever makes it.
        if not slot.making.acquire(blocking=now is None):
            assert now is not None
            return now[1]
        try:
            if slot.now is None or slot.now[0] != version:
                slot.now = (version, make())
            return slot.now[1]
        finally:
            slot.making.release()
