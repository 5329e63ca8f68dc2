"""Texts that were read in the wrong encoding somewhere on their way, or cut off."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kpi.findings import Evidence, Finding, Severity, Word
from kpi.ingest.detect.scene import LINE, SHOWN, TIMES, VALUE, Scene
from kpi.schema import Type
from kpi.staged import ROW
from kpi.store.scratch import identifier
from kpi.text import N_

#: UTF-8 that somebody read as Windows-1252: Ã© is é, â‚¬ is €; and what could not be read at all.
_BROKEN = "Ã[\u0080-\u00ff‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|â‚¬|Â[\u00a0-\u00bf]|\ufffd"
#: Columns that people type in freely.
_FREE = frozenset({"text", "comment", "remark"})
#: Lengths at which systems cut.
_CUTS = (255, 256, 500, 1000, 4000, 32767)

#: What spreadsheets write where a formula fails, in English and in Dutch.
_ERROR = (
    "#(N/A|N/B|REF!|VERW!|DIV/0!|DEEL/0!|VALUE!|WAARDE!|NAME[?]|NAAM[?]|NUM!|GETAL!|NULL!|LEEG!)"
)

ERRORS = N_(
    "{column}: {n} values are errors of a spreadsheet, like {example}; they count as a value of their"
    " own."
)
ERRORS_ADVICE = N_(
    "Mend the formula in the spreadsheet, or leave them out in the profile:"
    ' {name} = {{ from = "{column}", missing = ["{example}"] }}.'
)
MOJIBAKE = N_(
    "{column}: letters are broken in {n} rows, like “{example}”. The text was read in the wrong"
    " encoding before it came into this file, or the encoding is not {encoding}."
)
MOJIBAKE_ADVICE = N_(
    "Export anew as UTF-8, or say the encoding in the profile. Broken words become reasons and"
    " departments of their own."
)
CUT = N_(
    "{column}: {n} texts are exactly {length} characters long and none is longer: the rest was cut."
)
CUT_ADVICE = N_("Ask for the whole text, if what is said in it is counted or searched.")
BROKEN = Word(N_("As it stands"))


def asks(scene: Scene) -> Mapping[str, str]:
    """Signs of either, over columns of text."""
    wanted = {}
    for name in _texts(scene):
        column = identifier(name)
        if scene.raw.maybe_broken:
            wanted[f"{name} broken"] = (
                f"count(*) FILTER (contains({column}, 'Ã') OR contains({column}, 'â')"
                f" OR contains({column}, 'Â') OR contains({column}, '\ufffd'))"
            )
        if scene.raw.maybe_errors:
            wanted[f"{name} errors"] = f"count(*) FILTER (WHERE starts_with({column}, '#'))"
        if name in _FREE:
            wanted[f"{name} longest"] = f"max(length({column}))"
    return wanted


def finds(scene: Scene, told: Mapping[str, Any]) -> Iterator[Finding]:
    """A finding per column that is broken or cut."""
    for name in _texts(scene):
        column = identifier(name)
        if told.get(f"{name} broken"):
            condition = f"regexp_matches({column}, '{_BROKEN}')"
            (n,) = scene.row(f"SELECT count(*) FROM {scene.good} AND {condition}")
            if n:
                evidence = _shown(scene, column, condition)
                yield scene.finding(
                    "broken_letters", MOJIBAKE, MOJIBAKE_ADVICE, column=name, rows=n, n=n,
                    example=str(evidence.rows[0][1]), encoding=scene.raw.encoding or "UTF-8",
                    evidence=evidence,
                )  # fmt: skip
        if told.get(f"{name} errors") and (found := _errors(scene, name)):
            yield found
        if (longest := told.get(f"{name} longest")) in _CUTS:
            (n,) = scene.row(f"SELECT count(*) FROM {scene.good} AND length({column}) = {longest}")
            if n >= 3:
                yield scene.finding(
                    "cut_texts", CUT, CUT_ADVICE, column=name, severity=Severity.NOTE, rows=n, n=n,
                    length=longest,
                )  # fmt: skip


def _errors(scene: Scene, name: str) -> Finding | None:
    column = identifier(name)
    rows = scene.fetch(
        f"SELECT {column}, count(*) FROM {scene.good}"
        f" AND regexp_full_match({column}, '{_ERROR}') GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    if not rows:
        return None
    n = sum(count for _value, count in rows)
    return scene.finding(
        "spreadsheet_errors", ERRORS, ERRORS_ADVICE, column=name, rows=n, n=n, name=name,
        example=rows[0][0], evidence=Evidence((VALUE, TIMES), tuple(rows)),
    )  # fmt: skip


def _texts(scene: Scene) -> list[str]:
    return [name for name, one in scene.by_name.items()
            if one.column.type is Type.TEXT and not one.column.values and not one.rule.hash]  # fmt: skip


def _shown(scene: Scene, column: str, condition: str) -> Evidence:
    """Just the broken word: what stands around it is nobody's business here."""
    rows = scene.stage.lined(
        f"(SELECT * FROM {scene.good} AND {condition} ORDER BY _n LIMIT {SHOWN})"
    )
    word = rf"regexp_extract({column}, '[^\s]{{0,20}}(?:{_BROKEN})[^\s]{{0,20}}')"
    return Evidence(
        (LINE, BROKEN), tuple(scene.fetch(f"SELECT {ROW}, {word} FROM {rows} ORDER BY _n"))
    )
