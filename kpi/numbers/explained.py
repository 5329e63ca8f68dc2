"""How a number is made: the very queries that bring it, and how many rows feed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.model import Result
from kpi.numbers.answering import ask

if TYPE_CHECKING:
    from kpi.store import Store


@dataclass(frozen=True)
class Explained:
    """A number with the queries that brought it, in their order."""

    result: Result
    queries: tuple[str, ...]


class _Watched:
    """A store that notes what it is asked; everything else is the store's own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def rows(self, select: Any) -> Any:
        """As the store's, noted."""
        self.asked.append(self._store.sql(select))
        return self._store.rows(select)

    def columns(self, select: Any) -> Any:
        """As the store's, noted."""
        self.asked.append(self._store.sql(select))
        return self._store.columns(select)


def explained(store: Store, name: str, filters: Filters, scope: Scope = EVERYTHING) -> Explained:
    """The KPI over the whole of `filters`, with the queries that were asked for it.

    They are noted while the number is made, so they cannot differ from what made it.

    Raises:
        AskProblem: as `ask`.
    """
    watched = _Watched(store)
    [result] = ask(cast("Store", watched), [name], filters, (), scope)
    return Explained(result, tuple(dict.fromkeys(watched.asked)))
