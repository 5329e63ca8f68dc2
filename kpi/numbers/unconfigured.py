"""Codes that a source uses and nobody configured: how many rows, since when, what they weaken.

They were loaded and are counted, each as it came. What they mean is configured afterwards, without
loading anything again: the facts keep the value as it came, and what is understood of it is derived
anew (`kpi.store.prepare.words`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from kpi.ingest.known_words import known_words
from kpi.measures import KPIS
from kpi.model import Kpi
from kpi.schema import FACTS, Table
from kpi.store.configuration import DICTIONARIES, Configuration
from kpi.store.prepare.texts import NEGATIVE, NEUTRAL, POSITIVE, SENTIMENT_OF
from kpi.store.prepare.words import STATUS_WORDS
from kpi.suggest import suggest
from kpi.tables import IMPORT_ID, table

if TYPE_CHECKING:
    from kpi.store import Store

#: In the order in which they matter: what decides most numbers first.
ORDER = ("status", "process", "channel", "reason", "cause", "department", "moment", "emotion")
#: What a status can mean; other dictionaries have what is configured.
STATUSES = ("open", "waiting", "closed", "withdrawn")
#: What an emotion can mean: without one of these it counts in no sentiment.
SENTIMENTS = (NEGATIVE, NEUTRAL, POSITIVE)
#: How alike (0-100) two words must be to suggest that they mean the same.
_ALIKE = 78
#: From when on a mapping counts: what a code means, it meant when the oldest row came.
ALWAYS = date(1900, 1, 1)
#: Columns whose values are codes in rows of one kind only: table, column, kind, dictionary.
_BY_KIND = (
    ("chain_events", "value", "moment", "moment"),
    ("chain_events", "value", "status", "status"),
    ("chain_events", "value", "handoff", "department"),
)
#: What a KPI is told apart by, by the dictionary of its values.
_DIMENSIONS = {
    "process": ("process",),
    "channel": ("channel",),
    "reason": ("reason",),
    "cause": ("cause",),
    "department": ("department", "causing_department"),
}
#: Prepared tables whose rows depend on what a code means.
_SOURCES = {
    "status": ("prepared_cases", "prepared_work"),
    "moment": ("prepared_passages",),
    "emotion": ("prepared_texts",),
}


@dataclass(frozen=True)
class Unknown:
    """One value that is not configured.

    Attributes:
        dictionary: what it is a code of.
        as_came: trimmed and in small letters, as it is looked up.
        written: as most rows write it.
        rows: how many have it.
        tables: the tables they are in.
        imports: the imports that brought them.
        first, last: when they happened (UTC); None where the table tells no time.
        ignored: known and left so on purpose.
        near: what it most resembles of what is configured, an id; None where nothing comes near.
    """

    dictionary: str
    as_came: str
    written: str
    rows: int
    tables: tuple[str, ...]
    imports: tuple[int, ...]
    first: datetime | None = None
    last: datetime | None = None
    ignored: bool = False
    near: str | None = None


@dataclass
class _Seen:
    rows: int = 0
    forms: dict[str, int] = field(default_factory=dict)
    tables: dict[str, None] = field(default_factory=dict)
    imports: set[int] = field(default_factory=set)
    times: list[Any] = field(default_factory=list)


def unknown_codes(store: Store, on: date) -> list[Unknown]:
    """Every value that is not configured or ignored on purpose: by dictionary, most rows first.

    Args:
        store: where the facts are.
        on: the day whose configuration is offered as what they resemble.
    """
    found: list[Unknown] = []
    seen = _seen(store)
    for dictionary in ORDER:
        known = known_words(store.configuration, dictionary)
        ignored = set(_ignored(store.configuration, dictionary))
        names = resembled(store.configuration, dictionary, on)
        for word, one in seen.get(dictionary, {}).items():
            if word in known and word not in ignored:
                continue
            found.append(_unknown(dictionary, word, one, ignored=word in ignored))
            if word not in ignored and (near := suggest(word, names, _ALIKE)):
                found[-1] = replace(found[-1], near=names[near])
    return sorted(found, key=lambda one: (ORDER.index(one.dictionary), one.ignored, -one.rows))


def resembled(configuration: Configuration, dictionary: str, on: date) -> dict[str, str]:
    """Everything a value of a dictionary may resemble: ids, titles and words, with their id."""
    if dictionary == "status":
        return {**STATUS_WORDS, **{status: status for status in STATUSES}}
    if dictionary == "emotion":
        return dict(SENTIMENT_OF)
    name = DICTIONARIES.get(dictionary)
    found: dict[str, str] = {}
    if name is not None:
        for row in configuration.rows(name, on):
            for said in (row["title_en"], row["title_nl"], row[dictionary]):
                if said:
                    found[said.casefold()] = row[dictionary]
    return found


def choices(configuration: Configuration, dictionary: str, on: date) -> list[str]:
    """What a value of a dictionary can be said to mean: ids, in their order on screen."""
    if dictionary == "status":
        return list(STATUSES)
    if dictionary == "emotion":
        return list(SENTIMENTS)
    rows = configuration.rows(DICTIONARIES[dictionary], on)
    return list(dict.fromkeys(row[dictionary] for row in rows))


def weakened(dictionary: str, tables: Iterable[str]) -> list[Kpi]:
    """KPIs that are less sure for a value of this dictionary in these tables, headlines first."""
    among = set(tables)
    dimensions, sources = _DIMENSIONS.get(dictionary, ()), _SOURCES.get(dictionary, ())
    found = [
        kpi
        for kpi in KPIS.values()
        if among & set(kpi.reads)
        and (set(dimensions) & set(kpi.dimensions) or kpi.source in sources)
    ]
    return sorted(found, key=lambda kpi: (kpi.headline is None, kpi.headline or 0))


def _ignored(configuration: Configuration, dictionary: str) -> list[str]:
    return [
        row["as_came"].strip().lower()
        for row in configuration.versions("codes")
        if row["dictionary"] == dictionary and (row["ignored"] or not row["understood"])
    ]


def _unknown(dictionary: str, word: str, one: _Seen, *, ignored: bool) -> Unknown:
    written = max(one.forms, key=lambda form: (one.forms[form], form))
    times = [_moment(time) for time in one.times if time is not None]
    return Unknown(
        dictionary, word, written, one.rows, tuple(one.tables), tuple(sorted(one.imports)),
        min(times, default=None), max(times, default=None), ignored,
    )  # fmt: skip


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)


def _seen(store: Store) -> Mapping[str, Mapping[str, _Seen]]:
    """Per dictionary every value that there is, as it is looked up."""
    found: dict[str, dict[str, _Seen]] = {}
    for name, column, kind, dictionary in _coded():
        for row in store.rows(_counted(name, column, kind)):
            word = row["value"].strip().lower()
            if not word:
                continue
            one = found.setdefault(dictionary, {}).setdefault(word, _Seen())
            one.rows += row["rows"]
            one.forms[row["value"].strip()] = one.forms.get(row["value"].strip(), 0) + row["rows"]
            one.tables[name] = None
            one.imports.add(row["import_id"])
            one.times += [row["first"], row["last"]]
    return found


def _coded() -> Sequence[tuple[str, str, str, str]]:
    plain = [
        (declared.name, column.name, "", column.coded)
        for declared in FACTS
        for column in declared.columns
        if column.coded
    ]
    return [*plain, *_BY_KIND]


def _counted(name: str, column: str, kind: str) -> sa.Select[Any]:
    facts = table(name)
    value, time = facts.c[column], _time(name)
    told = facts.c[time] if time else sa.null()
    query = (
        sa.select(
            value.label("value"),
            facts.c[IMPORT_ID],
            sa.func.count().label("rows"),
            sa.func.min(told).label("first"),
            sa.func.max(told).label("last"),
        )
        .where(value.is_not(None))
        .group_by(value, facts.c[IMPORT_ID])
    )
    return query.where(facts.c.kind == kind) if kind else query


def _time(name: str) -> str | None:
    declared: Table = next(one for one in FACTS if one.name == name)
    if declared.fact_times:
        return declared.fact_times[0]
    return "date" if name == "staffing" else None
