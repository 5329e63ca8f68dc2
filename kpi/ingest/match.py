"""Which table a file is, and which of its columns is which of ours, by their headers and values.

A header is compared folded; a name of ours before a synonym, in the context of one table, because
"einddatum" means another thing in each. A column whose values are of another kind is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kpi.ingest.header import cell_kind
from kpi.schema import FACTS, Column, Table, Type
from kpi.schema.synonyms import fold, synonyms

#: How sure a match is: our own name, a synonym (the first a little more than the last), alike.
OWN, SYNONYM, ALIKE = 100.0, 90.0, 50.0
#: How alike (0-100) two headers must be.
_ALIKE = 90
#: Different values that a key must have, in a file that has many rows.
_TELLING = 20
#: A key as a spreadsheet leaves it when it rounds it, or finds no room to show it: it was one.
_DESTROYED = re.compile(r"\d([.,]\d+)?[eE]\+?\d{1,3}|#+")
#: What a file may leave to the profile to say for all its rows.
CONSTANTS = {
    ("contacts", "channel"),
    ("cases", "status"),
    ("surveys", "metric"),
    ("chain_events", "kind"),
    ("identities", "source"),
    ("web_events", "funnel"),
    ("web_events", "step"),
    ("totals", "metric"),
}
#: Keys that can be made of the other columns.
HASHABLE = {("chain_events", "event_id"), ("surveys", "response_id"), ("contacts", "contact_id")}


@dataclass(frozen=True)
class Match:
    """One column of ours and the header that fills it."""

    column: Column
    header: str
    score: float

    @property
    def alike(self) -> bool:
        """Whether the header only looks like one that we know."""
        return self.score <= ALIKE


@dataclass
class Candidate:
    """A table that the file may be.

    Attributes:
        table: of the schema.
        matches: by column, in the schema's order.
        rivals: headers that would fit a matched column as well.
    """

    table: Table
    matches: dict[str, Match] = field(default_factory=dict)
    rivals: dict[str, list[str]] = field(default_factory=dict)

    @property
    def lacking(self) -> list[Column]:
        """Required columns that no header fills and nobody can make up."""
        return [
            column for column in self.table.columns
            if column.required
            and column.default is None
            and column.name not in self.matches
            and (self.table.name, column.name) not in CONSTANTS | HASHABLE
        ]  # fmt: skip

    @property
    def made_up(self) -> list[Column]:
        """Required columns that the profile must say, or that are made of others."""
        return [
            column for column in self.table.columns
            if column.required and column.default is None
            and column.name not in self.matches and column not in self.lacking
        ]  # fmt: skip

    @property
    def score(self) -> float:
        """How well the file fits: what is matched, less what it would have to do without."""
        matched = sum(match.score for match in self.matches.values()) / OWN
        return matched - 1.5 * len(self.lacking) - 0.75 * len(self.made_up)


def candidates(
    headers: Sequence[str],
    samples: Mapping[str, Sequence[str]],
    rows: int,
    only: str | None = None,
) -> list[Candidate]:
    """Every table with its matches, the best first.

    Args:
        headers: names of the file's columns.
        samples: different values of each, up to some number.
        rows: of the file.
        only: the one table to look at.
    """
    # A column that says one of a few things tells no row from another.
    few = {
        header for header in headers
        if len(values := samples.get(header, ())) < min(_TELLING, rows / 10)
        and not (values and all(map(_DESTROYED.fullmatch, values)))
    }  # fmt: skip
    kinds = {header: _kinds(samples.get(header, ())) for header in headers}
    found = [
        _candidate(table, headers, kinds, few) for table in FACTS if only in {None, table.name}
    ]
    return sorted(found, key=lambda one: -one.score)


def _candidate(
    table: Table,
    headers: Sequence[str],
    kinds: Mapping[str, Mapping[str, int]],
    few: set[str],
) -> Candidate:
    found = Candidate(table)
    pairs: list[tuple[float, int, Column, str]] = []
    for header in headers:
        for place, column in enumerate(table.columns):
            score = _score(table.name, column, header)
            if table.key == (column.name,) and header in few:
                continue
            if score and _fits(column, kinds[header]):
                pairs.append((score, place, column, header))
    pairs.sort(key=lambda pair: (-pair[0], pair[1]))
    used: set[str] = set()
    for score, _place, column, header in pairs:
        if header in used:
            continue
        if column.name in found.matches:
            if score >= found.matches[column.name].score - 5 and score > ALIKE:
                found.rivals.setdefault(column.name, []).append(header)
            continue
        found.matches[column.name] = Match(column, header, score)
        used.add(header)
    found.rivals = {
        name: [header for header in headers_ if header not in used]
        for name, headers_ in found.rivals.items()
        if any(header not in used for header in headers_)
    }
    _only_date(found, headers, used, kinds)
    order = {name: place for place, name in enumerate(table.column_names)}
    found.matches = dict(sorted(found.matches.items(), key=lambda item: order[item[0]]))
    return found


#: Headers that say no more than that they hold a date.
_DATES = frozenset(
    {"datum", "date", "datumtijd", "datetime", "tijdstip", "timestamp", "dag", "day"}
)


def _only_date(
    found: Candidate,
    headers: Sequence[str],
    used: set[str],
    kinds: Mapping[str, Mapping[str, int]],
) -> None:
    """A table that lacks nothing but its date, and a file with a column that is just "Date"."""
    lacking = found.lacking
    if len(lacking) != 1 or lacking[0].type not in {Type.DATE, Type.TIMESTAMP} or len(used) < 2:
        return
    for header in headers:
        if header not in used and fold(header) in _DATES and kinds[header].get("date"):
            found.matches[lacking[0].name] = Match(lacking[0], header, ALIKE)
            used.add(header)
            return


def _score(table: str, column: Column, header: str) -> float:
    folded = fold(header)
    if not folded:
        return 0.0
    if folded == fold(column.name):
        return OWN
    known = synonyms().get((table, column.name))
    if known is None:
        return 0.0
    if folded in known.names:
        return SYNONYM - min(known.names.index(folded), 30) / 3
    # Short names are alike by accident.
    if len(folded) >= 6 and any(_alike(folded, name) for name in known.names if len(name) >= 6):
        return ALIKE
    return 0.0


def _alike(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other) >= _ALIKE


def _kinds(values: Sequence[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for value in values:
        kind = cell_kind(value)
        if kind != "empty":
            counted[kind] = counted.get(kind, 0) + 1
    return counted


def _fits(column: Column, kinds: Mapping[str, int]) -> bool:
    """Whether the values can be what the column holds; of an empty column nobody knows."""
    total = sum(kinds.values())
    if not total:
        return True
    share = {kind: count / total for kind, count in kinds.items()}
    match column.type:
        case Type.DATE | Type.TIMESTAMP:
            # Dates of eight digits look like numbers, those with month names like texts.
            return share.get("truth", 0) < 0.5
        case Type.NUMBER | Type.INTEGER:
            return share.get("number", 0) + share.get("date", 0) >= 0.5
        case Type.BOOLEAN:
            return share.get("truth", 0) + share.get("number", 0) >= 0.5
    return True
