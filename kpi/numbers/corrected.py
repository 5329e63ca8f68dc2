"""Rows that were set aside and are in by now: which later import brought them.

A row is known again by its key, where the file has one: a later import that holds a record of that
key has corrected it, whatever its file is called. Where the key is made of the whole row, mending
the row changes the key too: then the rows count that came in with the mended file, which is known
by its name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpi.ingest import Profile, ProfileProblem, parse_profile
from kpi.ingest.kept import mended_import
from kpi.ingest.profiles import Rule
from kpi.query import corrected as selects
from kpi.schema import TABLES, Type

if TYPE_CHECKING:
    from kpi.store import Store

#: Rows of one import that are looked at, and keys asked for at once.
_MOST, _AT_ONCE = 20_000, 500


@dataclass(frozen=True)
class Corrected:
    """Of the rows that one import set aside for one table, those that are in by now.

    Attributes:
        rows: how many.
        by: the later imports that brought them, in order.
    """

    rows: int = 0
    by: tuple[int, ...] = ()


def corrected(store: Store, import_id: int) -> dict[str, Corrected]:
    """Per table what later imports corrected of the rows that this one set aside."""
    imports = {row["import_id"]: row for row in store.imports() if not row["undone_at"]}
    if import_id not in imports:
        return {}
    tables = [feed["table_name"] for feed in imports[import_id]["feeds"]]
    aside = store.rows(selects.rows_set_aside(import_id, _MOST))
    rows = [(int(row["feed"]), row["raw"]) for row in aside]
    keys = _keys(store, import_id, tables, rows)
    found: dict[str, Corrected] = {}
    for name in dict.fromkeys(tables):
        feeds = {number for number, one in enumerate(tables) if one == name}
        most = sum(feed in feeds for feed, _raw in rows)
        own = [key for number in sorted(feeds) for key in keys.get(number, ())]
        holders = _holders(store, name, [key for key in own if key], import_id)
        by_key = sum(key in holders for key in own)
        by_file = _by_file(imports, import_id, name)
        count = min(most, max(by_key, sum(by_file.values())))
        if count:
            by = {*holders.values(), *(number for number, n in by_file.items() if n)}
            found[name] = Corrected(count, tuple(sorted(by)))
    return found


def _by_file(imports: Mapping[int, Mapping[str, Any]], import_id: int, name: str) -> dict[int, int]:
    """Rows of a table that came in with files of mended rows, per import."""
    return {
        number: sum(
            feed["accepted"] + feed["updated"] + feed["unchanged"]
            for feed in row["feeds"]
            if feed["table_name"] == name
        )
        for number, row in imports.items()
        if number > import_id and mended_import(row["file"]) == import_id
    }


def _holders(
    store: Store, name: str, keys: Sequence[tuple[str, ...]], after: int
) -> dict[tuple[str, ...], int]:
    """The first later import that holds each of these keys."""
    found: dict[tuple[str, ...], int] = {}
    different = sorted(set(keys))
    for start in range(0, len(different), _AT_ONCE):
        select = selects.held_later(name, different[start : start + _AT_ONCE], after)
        for row in store.rows(select):
            *key, number = row.values()
            found[tuple(key)] = int(number)
    return found


# -- the key of a row as it stood in the file ----------------------------------------------------


def _keys(
    store: Store, import_id: int, tables: Sequence[str], rows: Sequence[tuple[int, str | None]]
) -> dict[int, list[tuple[str, ...]]]:
    """Per feed the key of each row; an empty one where it cannot be told."""
    reading = store.reading_of(import_id)
    if reading is None:
        return {}
    try:
        profile = parse_profile(reading.profile_text)
    except ProfileProblem:
        return {}
    places = {name: at for at, name in enumerate(reading.header)}
    rules = [_key_rules(profile, number, name) for number, name in enumerate(tables)]
    found: dict[int, list[tuple[str, ...]]] = {}
    for feed, raw in rows:
        cells = _cells(raw)
        key = tuple(_texts(rules[feed], cells, places)) if rules[feed] else ()
        found.setdefault(feed, []).append(key if all(key) else ())
    return found


def _key_rules(profile: Profile, number: int, name: str) -> list[Rule]:
    """How each column of the key is filled; none where a key cannot be read off a row."""
    declared = TABLES[name]
    columns = profile.feeds[number].columns if number < len(profile.feeds) else {}
    rules = [columns.get(column) for column in declared.key]
    told = [
        rule
        for rule, column in zip(rules, declared.key, strict=True)
        if rule is not None
        and declared.by_name[column].type is Type.TEXT
        and not (rule.hash or rule.keyed or rule.pattern or rule.present or rule.absent)
    ]
    whole = len(told) == len(rules) and any(rule.sources for rule in told)
    return told if whole else []


def _texts(rules: Sequence[Rule], cells: Sequence[str], places: Mapping[str, int]) -> Iterator[str]:
    for rule in rules:
        if rule.value is not None:
            yield rule.value
            continue
        parts = [cells[at].strip() for name in rule.sources if (at := places[name]) < len(cells)]
        text = " ".join(part for part in parts if part)
        yield "" if text in rule.missing else rule.map.get(text, text)


def _cells(raw: str | None) -> list[str]:
    try:
        cells = json.loads(raw or "[]")
    except ValueError:
        return []
    return [str(cell) for cell in cells] if isinstance(cells, list) else []
