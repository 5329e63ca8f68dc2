"""Writing the configuration: rows checked against the schema, each change in the change log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from kpi.i18n import _
from kpi.schema import TABLES, Column, Type
from kpi.store.configuration import CONFIGURATION_NAMES, RETIRED, Configuration, Row
from kpi.store.problems import ConfigurationProblem
from kpi.tables import key_of, table


@dataclass(frozen=True)
class Change:
    """One row that is to be different: `before` is None for a new one, `after` for a removed one."""

    table: str
    key: Mapping[str, Any]
    before: Row | None
    after: Row | None


def upserts(
    configuration: Configuration, name: str, rows: Sequence[Mapping[str, Any]]
) -> list[Change]:
    """What keeping `rows` in table `name` changes.

    Columns that a row does not name stay as they are, and in a new version as they were before.

    Raises:
        ConfigurationProblem: with a sentence, when a row cannot be kept.
    """
    known = {_key(name, row): row for row in configuration.versions(_checked(name))}
    kept = dict(known)
    for row in rows:
        given = {column: _value(name, column, value) for column, value in row.items()}
        for column in key_of(table(name)):
            if given.get(column) is None:
                given[column] = _needed(name, TABLES[name].by_name[column])
        key = _key(name, given)
        base = kept.get(key) or _version_before(name, kept, key)
        kept[key] = {**base, **given}
    return [
        Change(name, _named(name, key), known.get(key), row)
        for key, row in kept.items()
        if known.get(key) != row
    ]


def _version_before(name: str, kept: Mapping[tuple[Any, ...], Row], key: tuple[Any, ...]) -> Row:
    earlier = [one for one in kept if one[:-1] == key[:-1] and one[-1] < key[-1]]
    empty = {column.name: _default(column) for column in TABLES[name].columns}
    # What is said of it anew is in use again.
    return {**empty, **kept[max(earlier)], RETIRED: False} if earlier else empty


def removals(
    configuration: Configuration, name: str, keys: Sequence[Mapping[str, Any]]
) -> list[Change]:
    """What removing the rows with these keys changes; a key without a row changes nothing."""
    known = {_key(name, row): row for row in configuration.versions(_checked(name))}
    wanted = {
        _key(name, {column: _value(name, column, value) for column, value in key.items()})
        for key in keys
    }
    return [Change(name, _named(name, key), known[key], None) for key in known if key in wanted]


def replacements(
    configuration: Configuration, tables: Mapping[str, Sequence[Mapping[str, Any]]]
) -> list[Change]:
    """What it takes for each named table to hold just these rows; others stay as they are.

    A row says all of itself: a column that it does not name is empty, whatever the version before.
    """
    changes: list[Change] = []
    for name, rows in tables.items():
        none = {column.name: _default(column) for column in TABLES[_checked(name)].columns}
        whole = [{**none, **row} for row in rows]
        empty = Configuration({})
        wanted = {_key(name, change.after or {}): change for change in upserts(empty, name, whole)}
        for row in configuration.versions(name):
            key = _key(name, row)
            change = wanted.pop(key, None)
            after = change.after if change else None
            if row != after:
                changes.append(Change(name, _named(name, key), row, after))
        changes += wanted.values()
    return changes


def write_changes(
    connection: sa.Connection, changes: Sequence[Change], who: str, *, logged: bool = True
) -> None:
    """Carry out `changes`, and note each in the change log."""
    log = table("change_log")
    last = connection.execute(sa.select(sa.func.max(log.c.change_id))).scalar() or 0
    now = datetime.now(UTC).replace(tzinfo=None)
    added: dict[str, list[Row]] = {}
    for change in changes:
        target = table(change.table)
        if change.before is not None:
            connection.execute(
                target.delete().where(
                    *(target.c[column] == value for column, value in change.key.items())
                )
            )
        if change.after is not None:
            added.setdefault(change.table, []).append(change.after)
    for name, rows in added.items():
        connection.execute(table(name).insert(), rows)
    if logged and changes:
        connection.execute(
            log.insert(),
            [
                {
                    "change_id": last + number,
                    "changed_at": now,
                    "who": who,
                    "table_name": change.table,
                    "row_key": _json(change.key),
                    "before": _json(change.before),
                    "after": _json(change.after),
                }
                for number, change in enumerate(changes, 1)
            ],
        )


def _checked(name: str) -> str:
    if name not in CONFIGURATION_NAMES:
        raise ConfigurationProblem(
            _("There is no configuration table {name}. There is {known}.").format(
                name=name, known=", ".join(CONFIGURATION_NAMES)
            )
        )
    return name


def _key(name: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(column) for column in key_of(table(name)))


def _named(name: str, key: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(key_of(table(name)), key, strict=True))


def _default(column: Column) -> Any:
    if column.type is Type.BOOLEAN and column.default is not None:
        return column.default == "true"
    return column.default


def _needed(name: str, column: Column) -> Any:
    default = _default(column)
    if default is None:
        raise ConfigurationProblem(
            _("A row of {table} needs {column} ({meaning}).").format(
                table=name, column=column.name, meaning=_(column.meaning)
            )
        )
    return default


def _value(name: str, column: str, value: Any) -> Any:
    declared = TABLES[name].by_name.get(column)
    if declared is None:
        raise ConfigurationProblem(
            _("The table {table} has no column {column}. It has {known}.").format(
                table=name, column=column, known=", ".join(TABLES[name].column_names)
            )
        )
    if value is None:
        return None
    taken = _TAKE[declared.type](value)
    if taken is None:
        raise ConfigurationProblem(
            _("In {table}, {column} is {value}; it looks like {example}.").format(
                table=name, column=column, value=value, example=declared.example
            )
        )
    for rule in declared.checks:
        if not rule.test(taken):
            known = ", ".join(declared.values)
            raise ConfigurationProblem(
                _("In {table}, {column} is {value}: it {reason}.").format(
                    table=name, column=column, value=value, reason=_(rule.sentence)
                )
                + (" " + _("Possible are {known}.").format(known=known) if known else "")
            )
    return taken


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _integer(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        return None
    return int(value)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _boolean(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return None
    return value if isinstance(value, date) else None


def _timestamp(value: Any) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)


_TAKE: Mapping[Type, Any] = {
    Type.TEXT: _text,
    Type.INTEGER: _integer,
    Type.NUMBER: _number,
    Type.BOOLEAN: _boolean,
    Type.DATE: _date,
    Type.TIMESTAMP: _timestamp,
}


def _json(row: Mapping[str, Any] | None) -> str | None:
    return None if row is None else json.dumps(row, ensure_ascii=False, default=str)
