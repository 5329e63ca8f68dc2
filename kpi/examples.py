"""Worked examples of KPIs: facts, a question, and what comes out; the tests hold us to each.

They lie in `data/examples/*.json`, computed by hand or by a second method.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kpi.settings import project_folder

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Example:
    """One example: rows per table, the period asked, and the value that comes out.

    `value` is None where nothing comes out, and also where the example is about something else
    than one value (groups, an extra): then `single` is false.
    """

    kpi: str
    tables: Mapping[str, Rows]
    since: date
    until: date
    value: float | None
    single: bool
    as_of: str | None = None
    configuration: Mapping[str, Rows] = field(default_factory=dict)


def folder() -> Path:
    """Where the examples lie."""
    return project_folder() / "data" / "examples"


def examples(path: Path) -> Iterator[dict[str, Any]]:
    """The examples of one file, whole: what one takes over from another is filled in."""
    named: dict[str, Any] = {}
    for example in json.loads(path.read_text(encoding="utf-8")):
        if "id" in example:
            named[example["id"]] = example
        base = named[example["as"]] if "as" in example else {}
        shared = ("since", "until", "as_of", "tables", "configuration")
        yield {**{name: base[name] for name in shared if name in base}, **example}


@cache
def example_of(kpi: str) -> Example | None:
    """The simplest example of a KPI: one value, fewest rows; None where there is none."""
    found = [
        one
        for path in sorted(folder().glob("*.json"))
        for one in examples(path)
        if one["kpi"] == kpi and not {"by", "where", "also"} & one.keys()
    ]
    # One with rules of its own says less about the KPI than one without.
    found = [one for one in found if not one.get("configuration")] or found
    told = [_read(one) for one in found]
    single = [one for one in told if one.single and one.value is not None]
    return min(single or told, key=_rows, default=None)


def _rows(example: Example) -> int:
    return sum(len(rows) for rows in example.tables.values())


def _read(one: Mapping[str, Any]) -> Example:
    expect = one.get("expect", {})
    expect = expect if isinstance(expect, Mapping) else {}
    return Example(
        one["kpi"],
        {name: rows for name, rows in one.get("tables", {}).items() if rows},
        date.fromisoformat(one["since"]),
        date.fromisoformat(one["until"]),
        expect.get("value"),
        "value" in expect,
        one.get("as_of"),
        one.get("configuration", {}),
    )


def rows_path() -> Path:
    """Where is kept which rows of the examples count; beside them, for it is made of them."""
    return project_folder() / "data" / "example_rows.json"


def kept_rows(kpi: str) -> tuple[str, Mapping[str, str]] | None:
    """Which rows of a KPI's example count: their table, and by key "hit", "counts" or "out".

    None where the value is not made of rows one by one, such as a median or a curve.
    """
    found = _rows_file().get(kpi)
    return next(iter(found.items()), None) if found else None


@cache
def _rows_file() -> dict[str, dict[str, dict[str, str]]]:
    told: dict[str, dict[str, dict[str, str]]] = json.loads(rows_path().read_text(encoding="utf-8"))
    return told
