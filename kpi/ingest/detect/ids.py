"""Ids that a spreadsheet destroyed: rounded to 5.70306E+17, cut to fifteen figures, made 1001.0."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kpi.findings import Evidence, Finding, Severity, Word
from kpi.ingest.detect.scene import SHOWN, TIMES, VALUE, Scene
from kpi.schema import Type
from kpi.store.scratch import identifier
from kpi.text import N_

#: A spreadsheet keeps this many figures of a number.
_FIGURES = 15
AS_ROUNDED = r"^[0-9]([.,][0-9]+)?[eE]\+?[0-9]{1,3}$"
_CUT = rf"^[0-9]{{{_FIGURES}}}0+$"
_DECIMAL = r"^[0-9]+[.,]0+$"

ROUNDED = N_(
    "{column}: {n} ids were rounded by a spreadsheet, like {example}: different ids have become"
    " the same."
)
CUT = N_(
    "{column}: {n} of {all} ids of more than 15 figures end in zeros, like {example}: a spreadsheet"
    " keeps 15 figures, so different ids may have become the same."
)
DECIMAL = N_("{column}: {n} ids are written as decimal numbers, like {example}.")
ANEW = N_(
    "Export straight to CSV and load that file without opening it in a spreadsheet, or make the"
    " column text there first. What was rounded cannot be brought back."
)
DECIMAL_ADVICE = N_(
    "They will not be those of other files. Cut them in the profile:"
    ' {name} = {{ from = "{column}", pattern = "^(.*?)[.,]0+$" }}, or have them written as text.'
)
LINES = Word(N_("First line"))


def asks(scene: Scene) -> Mapping[str, str]:
    """Cheap signs; what they point at is looked at more closely."""
    wanted = {}
    for name in _ids(scene):
        column = identifier(name)
        # Each condition is the cheapest that lets nothing by.
        wanted[f"{name} rounded"] = f"count(*) FILTER (WHERE contains({column}, '+'))"
        wanted[f"{name} longest"] = f"max(strlen({column}))"
        wanted[f"{name} decimal"] = (
            f"count(*) FILTER (WHERE ends_with({column}, '0') AND (ends_with({column}, '.0') OR"
            f" ends_with({column}, ',0') OR ends_with({column}, '.00') OR ends_with({column}, ',00')))"
        )
    return wanted


def finds(scene: Scene, told: Mapping[str, Any]) -> Iterator[Finding]:
    """A finding per column and kind of damage."""
    for name in _ids(scene):
        if told[f"{name} rounded"] and (seen := _seen(scene, name, AS_ROUNDED)):
            n, example, evidence = seen
            yield scene.finding(
                "rounded_ids", ROUNDED, ANEW, column=name, severity=Severity.WRONG, rows=n, n=n,
                example=example, evidence=evidence,
            )  # fmt: skip
        elif (told[f"{name} longest"] or 0) > _FIGURES and (found := _cut(scene, name)):
            yield found
        if told[f"{name} decimal"] and (seen := _seen(scene, name, _DECIMAL)):
            n, example, evidence = seen
            yield scene.finding(
                "decimal_ids", DECIMAL, DECIMAL_ADVICE, column=name, rows=n, n=n, example=example,
                name=name, evidence=evidence,
            )  # fmt: skip


def _ids(scene: Scene) -> list[str]:
    return [
        name for name, one in scene.by_name.items()
        if one.column.type is Type.TEXT and name.endswith("_id") and not one.rule.hash
    ]  # fmt: skip


def _cut(scene: Scene, name: str) -> Finding | None:
    """Long ids of which nearly all end in zeros; those that do so by themselves are few."""
    column = identifier(name)
    (long,) = scene.row(
        f"SELECT count(*) FROM {scene.good} AND regexp_matches({column}, '^[0-9]{{{_FIGURES + 1},}}$')"
    )
    seen = _seen(scene, name, _CUT)
    if not seen or seen[0] < 5 or seen[0] < 0.8 * long:
        return None
    n, example, evidence = seen
    return scene.finding(
        "rounded_ids", CUT, ANEW, column=name, severity=Severity.WRONG, rows=n, n=n, all=long,
        example=example, evidence=evidence,
    )  # fmt: skip


def _seen(scene: Scene, name: str, pattern: str) -> tuple[int, str, Evidence] | None:
    """Rows that are so, one of them, and the most frequent values with their first line."""
    column = identifier(name)
    (n,) = scene.row(f"SELECT count(*) FROM {scene.good} AND regexp_matches({column}, '{pattern}')")
    if not n:
        return None
    rows = scene.fetch(
        f"SELECT {column}, count(*), min(_n) FROM {scene.good}"
        f" AND regexp_matches({column}, '{pattern}') GROUP BY 1 ORDER BY 2 DESC, 3 LIMIT {SHOWN}"
    )
    shown = tuple((value, count, scene.raw.line(first)) for value, count, first in rows)
    return n, rows[0][0], Evidence((VALUE, TIMES, LINES), shown)
