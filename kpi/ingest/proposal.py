"""A proposal: what a file seems to be, why, and what should be confirmed before it is loaded."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpi.findings import Finding, Severity, from_plain, serious_first
from kpi.i18n import _
from kpi.ingest.parent import Cancel, Progress, run_child, work_folder
from kpi.ingest.problems import Refused, Said, say
from kpi.ingest.profile_keys import parse_profile
from kpi.ingest.profile_text import write_profile
from kpi.ingest.profiles import Profile, Read
from kpi.schema import FACTS
from kpi.settings import Settings
from kpi.text import N_

if TYPE_CHECKING:
    from kpi.store import Configuration


@dataclass(frozen=True)
class Proposal:
    """What a file seems to be.

    Attributes:
        file: its name.
        encoding, delimiter, quote: None for workbooks and Parquet.
        header_line: from 1; None where there is no header.
        columns: names, in order.
        rows: data rows, those with a problem included.
        bad_rows: rows that would be set aside.
        table: the table it fits; None where it fits none.
        profile_text: the proposed profile as TOML; None without a table.
        draft_text: where the table that was asked for is not filled: what of it is.
        read_text: how the file is read as a whole, as TOML of a profile without feeds.
        sheets: of a workbook: the one that was read, then the others that hold something.
        doubts: sentences: what must be confirmed; a load without a profile stops at them.
        doubted: the same as message ids with their values.
        warnings: sentences: what was done without asking.
        unread: a sentence that names the columns that are not read as proposed; or none.
        findings: what the detective found in the rows, read as proposed; the sentences of those that
            make numbers wrong are doubts too.
        reasons: per column of ours, sentences on why it was matched and read so.
        samples: per column of the file some values.
        values: per column that holds few different values each of them with its rows (of the
            first 50,000), the most frequent first.
        problems: the first values that would be set aside: row, column, value, reason.
        first_rows: as texts; `first_lines` where each stands in the file.
        refused: why the file cannot be read at all; None when it can.
    """

    file: str
    encoding: str | None = None
    encoding_reason: str = ""
    delimiter: str | None = None
    quote: str | None = None
    header_line: int | None = None
    columns: tuple[str, ...] = ()
    rows: int = 0
    bad_rows: int = 0
    table: str | None = None
    profile_text: str | None = None
    draft_text: str | None = None
    read_text: str = ""
    sheets: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    doubted: tuple[Said, ...] = ()
    warnings: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    problems: tuple[Mapping[str, Any], ...] = ()
    first_rows: tuple[tuple[str, ...], ...] = ()
    first_lines: tuple[int, ...] = ()
    refused: str | None = None

    @property
    def profile(self) -> Profile | None:
        """The proposed profile."""
        return parse_profile(self.profile_text) if self.profile_text else None

    def as_json(self) -> dict[str, Any]:
        """As `ketenzicht profile --json` prints it."""
        return {
            "file": self.file,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "quote": self.quote,
            "header_line": self.header_line,
            "columns": list(self.columns),
            "rows": self.rows,
            "table": self.table,
            "doubts": list(self.doubts),
            "warnings": [*self.warnings, *self.unread],
            "findings": [finding.as_json() for finding in self.findings],
            "problems": [dict(problem) for problem in self.problems],
            "reasons": {name: list(said) for name, said in self.reasons.items()},
            "profile": self.profile_text,
        }


def propose(
    path: Path,
    settings: Settings,
    table: str | None = None,
    staging: Path | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    read: Read | None = None,
    configuration: Configuration | None = None,
) -> Proposal:
    """Look at a file and say what it seems to be; a file that cannot be read is told so in it.

    Args:
        path: the file.
        settings: caps and time zone.
        table: the one table to propose.
        staging: where to work; None: a temporary folder.
        progress, cancel: see `kpi.ingest.parent.run_child`.
        read: what of it is known; the rest is found by looking.
        configuration: of the store, whose status words are understood too.
    """
    if table is not None and table not in FACT_NAMES:
        known = ", ".join(FACT_NAMES)
        return _refused(path.name, Refused(_NO_TABLE, name=table, known=known))
    try:
        with (
            tempfile.TemporaryDirectory(prefix="ketenzicht-") as own,
            work_folder(staging or Path(own), path) as folder,
        ):
            seen = run_child(folder, path, settings, job="propose", table=table,
                             profile=write_profile(Profile((), read=read)) if read else "",
                             closed=_closed_words(configuration),
                             progress=progress, cancel=cancel)  # fmt: skip
    except Refused as refusal:
        return _refused(path.name, refusal)
    return _proposal(path.name, seen["proposal"])


def _closed_words(configuration: Configuration | None) -> list[str] | None:
    if configuration is None:
        return None
    # Imported here: it brings the store along.
    from kpi.ingest.known_words import closed_words

    return sorted(closed_words(configuration))


def _refused(file: str, refusal: Refused) -> Proposal:
    reason = str(refusal)
    problem = {"row": None, "column": None, "value": None, "reason": reason}
    return Proposal(file, refused=reason, problems=(problem,))


FACT_NAMES = tuple(table.name for table in FACTS)
_NO_TABLE = N_("There is no table {name}; there is {known}.")


def _proposal(file: str, read: Mapping[str, Any]) -> Proposal:
    def sentences(said: list[Said]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(say((message, values)) for message, values in said))

    findings = serious_first(map(from_plain, read["findings"]))
    grave = [one.sentence for one in findings if one.severity is Severity.WRONG]
    return Proposal(
        file=file,
        encoding=read["encoding"],
        encoding_reason=_(read["encoding_reason"]),
        delimiter=read["delimiter"],
        quote=read["quote"],
        header_line=read["header_line"],
        columns=tuple(read["columns"]),
        rows=read["rows"],
        bad_rows=read["bad_rows"],
        table=read["table"],
        profile_text=read["profile"],
        draft_text=read["draft"],
        read_text=read["read"],
        sheets=tuple(read["sheets"]),
        doubted=tuple((message, values) for message, values in read["doubts"]),
        doubts=tuple(dict.fromkeys((*sentences(read["doubts"]), *grave))),
        warnings=sentences(read["warnings"]),
        unread=sentences(read["unread"]),
        findings=findings,
        reasons={name: sentences(said) for name, said in read["reasons"].items()},
        samples={name: tuple(values) for name, values in read["samples"].items()},
        values={
            name: tuple((text, rows) for text, rows in values)
            for name, values in read["values"].items()
        },
        problems=tuple({**one, "reason": _(one["reason"])} for one in read["problems"]),
        first_rows=tuple(map(tuple, read["first_rows"])),
        first_lines=tuple(read["first_lines"]),
    )
