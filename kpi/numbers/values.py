"""The values a dimension can have: configured, or seen in the data; and what to say of others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from kpi.filters import Where
from kpi.i18n import _
from kpi.numbers.problem import AskProblem
from kpi.query.groups import NO_WORDS, YES_WORDS
from kpi.schema import PREPARED, TABLES, Type
from kpi.suggest import suggest
from kpi.tables import table

if TYPE_CHECKING:
    from kpi.store import Store

#: What is worked out has these values and no others.
_WORKED_OUT = {"tenure": {"new", "long"}, "products": {"few", "many"}}
#: Where the values of a dimension are configured, when its name does not say so.
_CONFIGURED = {"causing_department": "departments"}
_MOST_NAMED = 20


class _Closed(NamedTuple):
    """Words that are understood, and those that a sentence names."""

    understood: Set[str]
    named: Set[str]


def check_values(store: Store, where: Where) -> None:
    """See that every value kept exists: configured at any time, or in the data; "" is unknown.

    Raises:
        AskProblem: one does not; the sentence names the nearest, or what there is.
    """
    for dimension, values in where:
        asked = [value for value in values if value]
        closed = _closed(dimension)
        if closed is not None:
            wrong = [value for value in asked if value.casefold() not in closed.understood]
            there = closed.named
        else:
            there = configured(store, dimension)
            if not there >= set(asked):
                there = there | in_data(store, dimension)
            wrong = [value for value in asked if value not in there]
        if wrong:
            _see_a_list(dimension, wrong[0], there)
            raise AskProblem(_said(dimension, wrong[0], there, _titled(store, dimension, wrong[0])))


def _see_a_list(dimension: str, value: str, there: Collection[str]) -> None:
    """Several values in one text are no value: say how they are named."""
    parts = [part.strip() for part in value.split(",")]
    if len(parts) > 1 and set(parts) <= set(there):
        each = " ".join(f"--where {dimension}={part}" for part in parts)
        raise AskProblem(
            _("“{value}” is read as one value. Name each by itself: {each}").format(
                value=value, each=each
            )
        )


def configured(store: Store, dimension: str) -> set[str]:
    """Values that the configuration has ever known."""
    name = _table(dimension)
    if name is None:
        return set()
    key = TABLES[name].key[0]
    return {str(row[key]) for row in store.configuration.versions(name)}


def _table(dimension: str) -> str | None:
    """The table in which the values of a dimension are configured."""
    name = _CONFIGURED.get(dimension, f"{dimension}s")
    name = "processes" if dimension == "process" else name
    return name if name in TABLES else None


def _titled(store: Store, dimension: str, value: str) -> str | None:
    """The value that goes on screen by this name: who reads "Telefoon" will type it."""
    name = _table(dimension)
    if name is None:
        return None
    key = TABLES[name].key[0]
    for row in store.configuration.versions(name):
        titles = (row.get("title_nl"), row.get("title_en"))
        if value.casefold() in {str(title).casefold() for title in titles if title}:
            return str(row[key])
    return None


def in_data(store: Store, dimension: str) -> set[str]:
    """Values that the facts hold, as they are understood."""
    found: set[str] = set()
    for declared in PREPARED:
        column = declared.by_name.get(dimension)
        if column is not None and column.type is Type.TEXT:
            values = table(declared.name).c[dimension]
            found |= {row[dimension] for row in store.rows(sa.select(values).distinct())}
    return {value for value in found if value}


def _closed(dimension: str) -> _Closed | None:
    """The values of a dimension that cannot have others; None for one that can."""
    if dimension in _WORKED_OUT:
        return _Closed(_WORKED_OUT[dimension], _WORKED_OUT[dimension])
    for declared in PREPARED:
        column = declared.by_name.get(dimension)
        if column is not None and column.type is Type.BOOLEAN:
            return _Closed(YES_WORDS | NO_WORDS, {"yes", "no"})
    return None


def _said(dimension: str, value: str, there: Iterable[str], titled: str | None) -> str:
    known = sorted(there)
    near = titled or suggest(value, known)
    asked = f"{dimension}={value}"
    if near:
        return _("{asked} does not exist. Did you mean {other}?").format(asked=asked, other=near)
    if not known:
        return _("{asked} does not exist: no row says a {dimension}.").format(
            asked=asked, dimension=dimension
        )
    more = " …" if len(known) > _MOST_NAMED else ""
    return _("{asked} does not exist. There is {names}.").format(
        asked=asked, names=", ".join(known[:_MOST_NAMED]) + more
    )
