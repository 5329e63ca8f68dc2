"""What is read of a large store once, and answers until its rows are others.

Nobody waits for it: it is read in the background, and whatever is asked before comes from the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from kpi.model import Kpi, Moment
from kpi.query.groups import source, tables_of
from kpi.query.question import Question

if TYPE_CHECKING:
    from kpi.store import Store


class _Rows(Protocol):
    """Rows that tell what they are asked, or not."""

    def tells(self, question: Question) -> bool: ...


class _Held(Protocol):
    """What is held: its rows, and whatever else of them."""

    @property
    def rows(self) -> _Rows: ...


T = TypeVar("T", bound=_Held)
_NOTHING: tuple[str, Moment, None] = ("", Moment(), None)
#: Fewer rows than this are counted as fast as they are asked.
LEAST = 200_000
#: Of more rows than this nothing is held: it would be hundreds of megabytes.
MOST = 12_000_000


class InMemory(Generic[T]):
    """What is held for one KPI, per open store. Thread-safe.

    Args:
        kpi: it is read from its source, as-of its data.
        read: what is held; None where that cannot be.
        beside: other tables that it is read from.
    """

    def __init__(
        self, kpi: Kpi, read: Callable[[Store, Moment], T | None], beside: Sequence[str] = ()
    ) -> None:
        self.kpi = kpi
        self._read = read
        self._beside = frozenset(beside)
        #: Per store: of which state of the source, and what is held; None where nothing is.
        self._held: WeakKeyDictionary[Store, tuple[str, Moment, T | None]] = WeakKeyDictionary()

    def keep(self, store: Store, least: int = LEAST, most: int = MOST) -> bool:
        """Read it where it is not held of what the store has now; whether it was read.

        Args:
            store: where the data are.
            least: of fewer rows nothing is held.
            most: nor of more than this.
        """
        state, at = self._now(store)
        if (state, at) == self._held.get(store, _NOTHING)[:2]:
            return False
        of = source(self.kpi.source)
        [found] = store.rows(sa.select(sa.func.count().label("n")).select_from(of))
        held = self._read(store, at) if max(least, 1) <= found["n"] <= most else None
        if self._now(store) != (state, at):
            # What came meanwhile may be in it or not: the next look tells.
            return False
        self._held[store] = (state, at, held)
        return held is not None

    def of(self, store: Store, question: Question) -> T | None:
        """What is held of the rows that the store has now, if it is about this KPI at this as-of."""
        if question.kpi is not self.kpi:
            return None
        state, at, held = self._held.get(store, _NOTHING)
        same = held is not None and at == question.moment and state == self._state(store)
        return held if same else None

    def telling(self, store: Store, question: Question) -> T | None:
        """The same, if its rows tell what the question is kept to and told apart by."""
        held = self.of(store, question)
        return held if held is not None and held.rows.tells(question) else None

    def forget(self, store: Store) -> None:
        """Let go of it."""
        self._held.pop(store, None)

    def _now(self, store: Store) -> tuple[str, Moment]:
        return self._state(store), Moment(store.as_of(self.kpi.reads))

    def _state(self, store: Store) -> str:
        return store.state_of(tables_of(self.kpi.source) | self._beside)
