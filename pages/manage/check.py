"""What a file becomes before anything is loaded: counts, the first rows raw and read, what is set aside."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kpi import formats
from kpi.bulletin import Column, table
from kpi.bulletin.tables import Shown, Value
from kpi.i18n import _
from kpi.ingest import Profile, Proposal, stage
from kpi.schema import TABLES, Type
from kpi.staged import ROW, Manifest
from kpi.zones import to_local
from pages.manage import words
from pages.manage.upload import Upload, watched
from pages.shared import data, page

FIRST = 8
#: Values set aside that are shown one by one; all of them can be downloaded after loading.
ASIDE = 12


@dataclass(frozen=True)
class Read:
    """One feed, read: its counts and its first rows as the store would hold them."""

    table: str
    rows: int
    loads: int
    left_out: int
    quarantined: int
    first: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Checked:
    """A file read by one profile; `profile` is its text, to see whether it still holds."""

    profile: str
    feeds: tuple[Read, ...]
    warnings: tuple[str, ...]
    aside: tuple[Mapping[str, Any], ...]

    @property
    def loads(self) -> int:
        """Rows that would be loaded."""
        return sum(feed.loads for feed in self.feeds)


def check(upload: Upload, profile: Profile, text: str) -> Checked:
    """Read the whole file as `profile` says, and load nothing.

    Raises:
        Refused: it cannot be read so; the sentence says why.
    """
    store = data.store()
    manifest = watched(
        _("Looking at {file}:").format(file=upload.name),
        lambda progress, cancel: stage(
            upload.path, profile, store.staging, store.settings, progress, cancel
        ),
    )
    try:
        return _checked(manifest, text)
    finally:
        for folder in {path.parent for path in _made(manifest)}:
            shutil.rmtree(folder, ignore_errors=True)


def _made(manifest: Manifest) -> list[Path]:
    found = [feed.parquet for feed in manifest.feeds] + [manifest.quarantine]
    return [path for path in found if path is not None]


def _checked(manifest: Manifest, text: str) -> Checked:
    feeds = tuple(
        Read(
            feed.table, feed.rows, feed.staged, feed.left_out, feed.quarantined,
            tuple(_rows(feed.parquet, FIRST, by=ROW)),
        )
        for feed in manifest.feeds
    )  # fmt: skip
    warnings = (*manifest.warnings, *(finding.sentence for finding in manifest.findings))
    return Checked(text, feeds, warnings, tuple(_rows(manifest.quarantine, ASIDE)))


def _rows(path: Path | None, most: int, by: str = "row_number") -> list[dict[str, Any]]:
    if path is None:
        return []
    frame = pd.read_parquet(path).nsmallest(most, by)
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def show(checked: Checked, proposal: Proposal, profile: Profile) -> None:
    """Counts, warnings, what is set aside, and the first rows."""
    from kpi.ingest import notes

    page.table(counts(checked.feeds), "check-counts")
    for warning in checked.warnings:
        page.told("info", notes.shown(warning))
    if checked.aside:
        page.text(_("Set aside, because they cannot be read as they stand:"))
        page.table(
            aside(
                [
                    {**row, "row": row["row_number"], "column": row["column_name"]}
                    for row in checked.aside
                ]
            ),
            "check-aside",
        )
    for number, read in enumerate(checked.feeds):
        if read.first:
            page.text(
                _(
                    "The first rows of {table}, as read and, below it, as they stand in the file:"
                ).format(table=words.table_title(read.table))
            )
            page.table(_preview(read, proposal, profile, number), f"check-rows-{number}")


def counts(feeds: tuple[Any, ...]) -> Any:
    """What becomes of the rows of a file that is only looked at."""
    return table(
        _("Rows"),
        [
            _("Table"),
            Column(_("Rows"), figures=True),
            Column(_("To load"), figures=True),
            Column(_("Left out"), figures=True),
            Column(_("Set aside"), figures=True),
        ],
        [
            [
                words.table_title(feed.table),
                *map(formats.number, (feed.rows, feed.loads, feed.left_out)),
                Shown(formats.number(feed.quarantined), mark="refused" if feed.quarantined else ""),
            ]
            for feed in feeds
        ],
    )


def aside(rows: list[Mapping[str, Any]]) -> Any:
    """Values that were refused: where, what, why."""
    return table(
        _("Set aside"),
        [Column(_("Line"), figures=True), _("Column"), Column(_("Value"), code=True), _("Reason")],
        [
            [
                formats.number(row["row"]) if row["row"] is not None else formats.NOTHING,
                row["column"] or formats.NOTHING,
                row["value"] if row["value"] is not None else "",
                _(row["reason"]),
            ]
            for row in rows
        ],
    )


def _preview(read: Read, proposal: Proposal, profile: Profile, number: int) -> Any:
    names = [name for name in read.first[0] if name != ROW]
    declared = TABLES[read.table].by_name
    rules = profile.feeds[number].columns
    raw = _raw_rows(proposal)
    rows: list[list[Value]] = []
    for row in read.first:
        texts = raw.get(int(row[ROW]), {})
        cells: list[Value] = [formats.number(row[ROW])]
        for name in names:
            sources = rules[name].sources if name in rules else ()
            as_came = " ".join(texts.get(source, "") for source in sources)
            said = _said(row[name], declared[name].type)
            cells.append(Shown(said, under=as_came if as_came != said else ""))
        rows.append(cells)
    heads = [Column(name, help=_(declared[name].meaning)) for name in names]
    return table(_("First rows"), [Column(_("Line"), figures=True), *heads], rows)


def _raw_rows(proposal: Proposal) -> dict[int, dict[str, str]]:
    """The first rows as they came, by their line in the file (where no cell has a line break)."""
    if proposal.header_line is None or any("\n" in c for row in proposal.first_rows for c in row):
        return {}
    first = proposal.header_line + 1
    return {
        first + i: dict(zip(proposal.columns, row, strict=False))
        for i, row in enumerate(proposal.first_rows)
    }


def _said(value: Any, kind: Type) -> str:
    if value is None:
        return formats.NOTHING
    if kind is Type.TIMESTAMP:
        local = to_local(pd.Timestamp(value).to_pydatetime(), data.zone())
        return f"{formats.day(local.date())} {local:%H:%M:%S}"
    if kind is Type.DATE:
        return formats.day(pd.Timestamp(value).date())
    if kind is Type.BOOLEAN:
        return _("yes") if value else _("no")
    if kind in {Type.NUMBER, Type.INTEGER}:
        whole = float(value).is_integer()
        return formats.number(float(value), 0 if whole else 2)
    return str(value)
