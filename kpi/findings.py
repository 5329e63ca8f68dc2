"""What the detective found in a file: a sentence, its evidence, and what can be done about it.

Nothing here is ever corrected unasked: a finding says what is odd and shows it. It crosses from the
process that reads a file to its parent, and from there to the store, as JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from kpi.i18n import SOURCE_LANGUAGE, _, use
from kpi.text import N_, NOTHING


class Severity(StrEnum):
    """How much it matters, the least first."""

    #: Good to know.
    NOTE = "note"
    #: Something may be wrong: look at it.
    CHECK = "check"
    #: Numbers made of it will be wrong.
    WRONG = "wrong"


SEVERITY_NAMES: Mapping[Severity, str] = {
    Severity.NOTE: N_("good to know"),
    Severity.CHECK: N_("check this"),
    Severity.WRONG: N_("numbers will be wrong"),
}


class Word(str):
    """A cell or a title that is ours and not the file's: a message id, translated where shown."""

    __slots__ = ()


Cell = str | int | float | bool | date | datetime | Word | None


@dataclass(frozen=True)
class Evidence:
    """A small table that shows it.

    Attributes:
        columns: titles: a `Word` is ours, other text is the file's own.
        rows: texts of the file as they stand there (hostile: escape them), numbers, days, words.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles in the language spoken now."""
        return tuple(shown(title) for title in self.columns)

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The cells as texts in the language spoken now; those of the file as they stand."""
        return tuple(tuple(shown(cell) for cell in row) for row in self.rows)


@dataclass(frozen=True)
class Finding:
    """Something in a file that loads without complaint and is probably not right.

    Attributes:
        kind: which detective found it, one word.
        message: English message id of the sentence, with named places.
        values: what to put in the sentence and in the advice.
        advice: English message id of what can be done.
        severity: how much it matters.
        table: the fact table it is about; empty: the file as a whole.
        column: as the file calls it; empty: the rows as a whole.
        feed: position of the feed in its profile; None: the file as a whole.
        rows: how many rows it concerns; None where that says nothing.
        evidence: what shows it; None where the sentence says all.
    """

    kind: str
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    advice: str = ""
    severity: Severity = Severity.CHECK
    table: str = ""
    column: str = ""
    feed: int | None = None
    rows: int | None = None
    evidence: Evidence | None = None

    @property
    def sentence(self) -> str:
        """What was found, in the language spoken now."""
        return _filled(self.message, self.values)

    @property
    def what_to_do(self) -> str:
        """What can be done about it, in the language spoken now; empty where nothing need be."""
        return _filled(self.advice, self.values) if self.advice else ""

    @property
    def english(self) -> str:
        """The sentence in English, whatever is spoken now."""
        with use(SOURCE_LANGUAGE):
            return self.sentence

    def as_json(self) -> dict[str, Any]:
        """As `load --json` and `profile --json` print it, in the language spoken now."""
        evidence = self.evidence
        return {
            "kind": self.kind,
            "severity": self.severity.value,
            "table": self.table or None,
            "column": self.column or None,
            "rows": self.rows,
            "sentence": self.sentence,
            "what_to_do": self.what_to_do or None,
            "evidence": {
                "columns": list(evidence.titles),
                "rows": [[_printed(cell) for cell in row] for row in evidence.rows],
            }
            if evidence
            else None,
        }


def serious_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, what matters most first, each once."""
    order = list(Severity)
    different = {(one.kind, one.column, one.english): one for one in findings}
    return tuple(sorted(different.values(), key=lambda one: -order.index(one.severity)))


# -- in words --------------------------------------------------------------------------------


def shown(value: Any) -> str:
    """A value as text in the language spoken now."""
    match value:
        case None:
            return NOTHING
        case Word():
            return _(str(value))
        case str():
            return value
        case bool():
            return _("yes") if value else _("no")
        case list() | tuple():
            return ", ".join(map(shown, value))
    return _formatted(value)


def _formatted(value: Any) -> str:
    # Imported here: who finds has nothing to format, and must start fast.
    from kpi import formats
    from kpi.dates import day

    match value:
        case int():
            return formats.number(value)
        case float():
            return formats.number(value, 1)
        case datetime():
            return f"{day(value.date())} {value:%H:%M:%S}".removesuffix(":00")
        case date():
            return day(value)
    return str(value)


def _filled(message: str, values: Mapping[str, Any]) -> str:
    return _(message).format(**{name: shown(value) for name, value in values.items()})


def _printed(cell: Cell) -> Any:
    """A cell for other programs: days and times as ISO, our words in the language spoken now."""
    if isinstance(cell, date):
        return cell.isoformat()
    return _(str(cell)) if isinstance(cell, Word) else cell


# -- across processes, and in the store --------------------------------------------------------


def to_plain(finding: Finding) -> dict[str, Any]:
    """The finding as plain data, nothing lost; `from_plain` reads it."""
    evidence = finding.evidence
    return {
        "kind": finding.kind,
        "message": finding.message,
        "values": {name: _plain(value) for name, value in finding.values.items()},
        "advice": finding.advice,
        "severity": finding.severity.value,
        "table": finding.table,
        "column": finding.column,
        "feed": finding.feed,
        "rows": finding.rows,
        "evidence": plain_evidence(evidence) if evidence else None,
    }


def from_plain(read: Mapping[str, Any]) -> Finding:
    """The finding that `to_plain` made into plain data."""
    return Finding(
        **{
            **read,
            "severity": Severity(read["severity"]),
            "values": {name: _back(value) for name, value in read["values"].items()},
            "evidence": evidence_of(read["evidence"]),
        }
    )


def plain_evidence(evidence: Evidence) -> dict[str, Any]:
    """The evidence as plain data; `evidence_of` reads it."""
    return {
        "columns": [_plain(title) for title in evidence.columns],
        "rows": [[_plain(cell) for cell in row] for row in evidence.rows],
    }


def evidence_of(read: Mapping[str, Any] | None) -> Evidence | None:
    """The evidence that `plain_evidence` made into plain data."""
    if read is None:
        return None
    rows = tuple(tuple(_back(cell) for cell in row) for row in read["rows"])
    return Evidence(tuple(_back(title) for title in read["columns"]), rows)


def _plain(value: Any) -> Any:
    match value:
        case Word():
            return {"word": str(value)}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case list() | tuple():
            return [_plain(one) for one in value]
    return value


def _back(value: Any) -> Any:
    match value:
        case {"word": word}:
            return Word(word)
        case {"moment": moment}:
            return datetime.fromisoformat(moment)
        case {"day": written}:
            return date.fromisoformat(written)
        case list():
            return [_back(one) for one in value]
    return value
