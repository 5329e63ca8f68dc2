"""The configuration as one TOML file: to keep, to compare, to take to another installation.

One array of tables per configuration table. A column without a value is left out. `valid_from` at
the top counts for rows that name none themselves. Times are UTC.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit

from kpi.i18n import _
from kpi.schema import TABLES
from kpi.store.configuration import CONFIGURATION_NAMES, VALID_FROM, Configuration
from kpi.store.problems import ConfigurationProblem

Tables = dict[str, list[dict[str, Any]]]


def to_toml(configuration: Configuration) -> str:
    """Every row of every table; reading it back gives the same configuration."""
    document = tomlkit.document()
    rows = {name: configuration.versions(name) for name in CONFIGURATION_NAMES}
    # An empty table is said too: reading the file empties it there. First, as TOML wants it.
    for name in CONFIGURATION_NAMES:
        if not rows[name]:
            document.append(name, tomlkit.array())
    for name in CONFIGURATION_NAMES:
        written = tomlkit.aot()
        for row in rows[name]:
            item = tomlkit.table()
            for column in TABLES[name].column_names:
                if row[column] is not None:
                    item.append(column, row[column])
            written.append(item)
        if rows[name]:
            document.append(name, written)
    return tomlkit.dumps(document)


def from_toml(text: str) -> Tables:
    """The rows per table that a file names.

    Raises:
        ConfigurationProblem: the text is no TOML, or names what is no configuration table.
    """
    try:
        read: Mapping[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ConfigurationProblem(
            _("The configuration file cannot be read: {problem}.").format(problem=problem)
        ) from problem
    everywhere = {VALID_FROM: read[VALID_FROM]} if VALID_FROM in read else {}
    tables: Tables = {}
    for name, rows in read.items():
        if name == VALID_FROM:
            continue
        if name not in CONFIGURATION_NAMES or not _is_rows(rows):
            raise ConfigurationProblem(
                _(
                    "The configuration file holds {name}, which is no configuration table. "
                    "There is {known}."
                ).format(name=name, known=", ".join(CONFIGURATION_NAMES))
            )
        tables[name] = [{**everywhere, **row} for row in rows]
    return tables


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)
