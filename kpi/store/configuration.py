"""The configuration as it was at one data version, read once and asked often.

Every row is valid from a date. The row in force on a day is, per identity (the key without
`valid_from`), the latest on or before that day; a retired one ends the identity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from kpi.schema import CONFIGURATION, TABLES
from kpi.tables import table

Row = dict[str, Any]

VALID_FROM = "valid_from"
RETIRED = "retired"
#: The table that configures a dictionary; its ids stand in the column of the dictionary's name.
DICTIONARIES = {
    "process": "processes",
    "reason": "reasons",
    "channel": "channels",
    "cause": "causes",
    "department": "departments",
    "moment": "moments",
    "role": "roles",
    "screen": "screens",
}
CONFIGURATION_NAMES = tuple(declared.name for declared in CONFIGURATION)


def identity_of(name: str) -> tuple[str, ...]:
    """Columns that name what a configuration row is about, whatever the date."""
    return tuple(column for column in TABLES[name].key if column != VALID_FROM)


class Configuration:
    """All rows of all configuration tables; immutable."""

    def __init__(self, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        self._tables: dict[str, list[Row]] = {
            name: sorted((dict(row) for row in tables.get(name, ())), key=_order(name))
            for name in CONFIGURATION_NAMES
        }
        self._titles: dict[str, dict[str, Row]] = {}
        self._in_force: dict[tuple[str, date], list[Row]] = {}

    @classmethod
    def read(cls, connection: sa.Connection) -> Configuration:
        """The configuration as `connection` sees it."""
        return cls(
            {
                name: [dict(row) for row in connection.execute(sa.select(table(name))).mappings()]
                for name in CONFIGURATION_NAMES
            }
        )

    def versions(self, name: str) -> list[Row]:
        """Every row of a table, by identity and then by date; retired ones included."""
        return [dict(row) for row in self._tables[name]]

    def rows(self, name: str, on: date) -> list[Row]:
        """The rows of a table in force on a day, in their order on screen, else by identity."""
        key = (name, on)
        if key not in self._in_force:
            found = [row for row in map(_latest(on), self._histories(name)) if row is not None]
            found = [row for row in found if not row[RETIRED]]
            if "position" in TABLES[name].by_name:
                found.sort(key=_on_screen(name))
            # Few days are asked for; all the same this must not grow without end.
            if len(self._in_force) > 200:
                self._in_force.clear()
            self._in_force[key] = found
        return [dict(row) for row in self._in_force[key]]

    def row(self, name: str, on: date, **identity: Any) -> Row | None:
        """The one row of a table in force on a day: `row("processes", day, process="fault")`."""
        for row in self.rows(name, on):
            if all(row[column] == value for column, value in identity.items()):
                return row
        return None

    def processes(self, on: date) -> list[Row]:
        """The customer processes, in their order on screen."""
        return self.rows("processes", on)

    def channels(self, on: date) -> list[Row]:
        """The channels, in their order on screen."""
        return self.rows("channels", on)

    def moments(self, on: date, process: str | None = None) -> list[Row]:
        """The contact moments (of one process), in the order of the chain."""
        found = self.rows("moments", on)
        return [row for row in found if process is None or row["process"] == process]

    def target(self, kpi: str, on: date, process: str | None = None) -> Row | None:
        """The target of a KPI: that of the process, else the general one; None where none is set."""
        own = self.row("targets", on, kpi=kpi, process=process) if process else None
        return own or self.row("targets", on, kpi=kpi, process="")

    def title(self, kind: str, value: str, language: str) -> str:
        """The name on screen of an id; the value itself where it is not configured.

        Args:
            kind: "process", "reason", "channel", "cause", "department", "moment", "role", "screen".
            value: the id. One that is retired keeps the name it had.
            language: "nl" or "en"; the other one serves where this one has no name.
        """
        if kind not in self._titles:
            name = DICTIONARIES[kind]
            # The latest version wins; of moments with one id in several processes the first.
            latest: dict[str, Row] = {}
            for versions in self._histories(name):
                latest.setdefault(versions[-1][kind], versions[-1])
            self._titles[kind] = latest
        row = self._titles[kind].get(value)
        if row is None:
            return value
        other = "en" if language == "nl" else "nl"
        return row[f"title_{language}"] or row[f"title_{other}"] or value

    def dictionary(self, kind: str, on: date) -> dict[str, str]:
        """What the values of a source mean on a day: trimmed lower-case value → id.

        The same as facts are prepared with: configured codes, ids, titles, and the built-in words
        for a status. `kind` is one of those of the table `codes`.
        """
        from kpi.store.prepare.words import meanings

        name = DICTIONARIES.get(kind)
        configured: list[list[Mapping[str, Any]]] = [
            [*versions] for versions in (self._histories(name) if name else ())
        ]
        codes: list[list[Mapping[str, Any]]] = [
            [*versions]
            for versions in self._histories("codes")
            if versions[0]["dictionary"] == kind
        ]
        return {
            meaning.word: meaning.understood
            for meaning in meanings(kind, configured, codes)
            if meaning.valid_from <= on < meaning.valid_until
        }

    def ignored(self, kind: str, on: date) -> set[str]:
        """Values that are known and left as they came on purpose, trimmed and in lower case."""
        return {
            row["as_came"].strip().lower()
            for row in self.rows("codes", on)
            if row["dictionary"] == kind and (row["ignored"] or not row["understood"])
        }

    def configured(self, kind: str, on: date) -> set[str]:
        """The ids of a dictionary in force on a day."""
        return {row[kind] for row in self.rows(DICTIONARIES[kind], on)}

    def known(self, kind: str) -> list[str]:
        """Every id of a dictionary that there has ever been."""
        name = DICTIONARIES[kind]
        return list(dict.fromkeys(versions[-1][kind] for versions in self._histories(name)))

    def _histories(self, name: str) -> Iterator[list[Row]]:
        identity = identity_of(name)
        for _, versions in groupby(
            self._tables[name], key=lambda row: tuple(row[column] for column in identity)
        ):
            yield list(versions)


def _order(name: str) -> Any:
    columns = (*identity_of(name), VALID_FROM)
    return lambda row: tuple(row[column] for column in columns)


def _on_screen(name: str) -> Any:
    # Moments per process, steps per funnel; within those, and elsewhere, by position.
    outer = identity_of(name)[:-1]
    return lambda row: (
        tuple(row[column] for column in outer),
        row["position"] is None,
        row["position"] or 0,
    )


def _latest(on: date) -> Any:
    def latest(versions: list[Row]) -> Row | None:
        return next((row for row in reversed(versions) if row[VALID_FROM] <= on), None)

    return latest
