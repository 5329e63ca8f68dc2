"""A file read whole and not loaded: counts, the first rows raw and read, what is set aside."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kpi import formats
from kpi.bulletin import Column, table
from kpi.bulletin.tables import Shown, Value
from kpi.i18n import _
from kpi.ingest import Profile, Proposal, notes, stage
from kpi.schema import TABLES, Type
from kpi.schema.model import Column as Declared
from kpi.staged import ROW, Manifest
from kpi.zones import to_local
from pages.manage import findings, values
from pages.manage.upload import Given
from pages.manage.work import Stop, Told
from pages.shared import data, page

FIRST = 6
#: Values set aside that are shown one by one; all of them can be downloaded after loading.
ASIDE = 12
#: Rows set aside are as tall as so many before their table scrolls.
_TALL = 8


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
    """A file read by one profile, ready to be loaded.

    Attributes:
        profile: its text, to see whether it still holds.
        manifest: what lies in the staging folder.
        feeds: what each feed would bring.
        aside: the first values set aside; `set_aside` counts all of them.
    """

    profile: str
    manifest: Manifest
    feeds: tuple[Read, ...]
    aside: tuple[Mapping[str, Any], ...]
    set_aside: int

    @property
    def loads(self) -> int:
        """Rows that would be loaded."""
        return sum(feed.loads for feed in self.feeds)

    @property
    def whole(self) -> bool:
        """Whether what was staged still lies there."""
        return all(path.is_file() for path in _made(self.manifest))

    def drop(self) -> None:
        """Let go of what was staged."""
        for folder in {path.parent for path in _made(self.manifest)}:
            shutil.rmtree(folder, ignore_errors=True)


def check(given: Given, profile: Profile, text: str, told: Told, stop: Stop) -> Checked:
    """Read the whole file as `profile` says, and load nothing; in any thread.

    Raises:
        Refused: it cannot be read so; the sentence says why.
    """
    store = data.store()
    manifest = stage(given.path, profile, store.staging, store.settings, told, stop, store=store)
    feeds = tuple(
        Read(
            feed.table, feed.rows, feed.staged, feed.left_out, feed.quarantined,
            tuple(_rows(feed.parquet, FIRST, by=ROW)),
        )
        for feed in manifest.feeds
    )  # fmt: skip
    return Checked(
        text,
        manifest,
        feeds,
        tuple(_rows(manifest.quarantine, ASIDE)),
        sum(feed.quarantined for feed in feeds),
    )


def _made(manifest: Manifest) -> list[Path]:
    found = [feed.parquet for feed in manifest.feeds] + [manifest.quarantine]
    return [path for path in found if path is not None]


def _rows(path: Path | None, most: int, by: str = "row_number") -> list[dict[str, Any]]:
    if path is None:
        return []
    # The file may hold millions: first where to stop, then only what comes before that.
    last = pd.read_parquet(path, columns=[by])[by].nsmallest(most).max()
    if pd.isna(last):
        return []
    frame = pd.read_parquet(path, filters=[(by, "<=", int(last))]).sort_values(by, kind="stable")
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.head(most).to_dict("records")
    ]


def show(given: Given, checked: Checked, proposal: Proposal, profile: Profile) -> None:
    """Counts, what was noticed, what is set aside, and the first rows."""
    page.table(counts(checked.feeds, profile), "check-counts")
    findings.show(checked.manifest.findings, "check", given)
    for warning in checked.manifest.warnings:
        page.quiet(notes.shown(warning))
    if any(map(notes.of_codes, checked.manifest.warnings)):
        page.quiet(
            _(
                "Say what they mean under “More” of that column, or after loading under “Codes”: "
                "then nothing is loaded again."
            )
        )
    if checked.aside:
        page.text(_("Set aside, because they cannot be read as they stand:"))
        page.table(
            aside(
                [
                    {**row, "row": row["row_number"], "column": row["column_name"]}
                    for row in checked.aside
                ],
                checked.set_aside,
            ),
            "check-aside",
        )
    for number, read in enumerate(checked.feeds):
        if read.first:
            page.text(
                _(
                    "The first rows of {table}, as read and, below it, as they stand in the file:"
                ).format(table=values.feed_title(profile, number, read.table))
            )
            page.table(_preview(read, proposal, profile, number), f"check-rows-{number}")


def counts(feeds: Sequence[Any], profile: Profile) -> Any:
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
                values.feed_title(profile, number, feed.table),
                *map(formats.number, (feed.rows, feed.loads, feed.left_out)),
                Shown(formats.number(feed.quarantined), mark="refused" if feed.quarantined else ""),
            ]
            for number, feed in enumerate(feeds)
        ],
    )


def aside(rows: Sequence[Mapping[str, Any]], of: int = 0) -> Any:
    """Values that were refused: where, what, why; `of` how many rows there are in all."""
    more = of - len({row["row"] for row in rows})
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
        note=_("and {n} more rows").format(n=formats.number(more)) if more > 0 else "",
        tall=_TALL,
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
            said = _said(row[name], declared[name])
            cells.append(Shown(said, under=as_came if as_came != said else ""))
        rows.append(cells)
    heads = [
        Column(
            " + ".join(rules[name].sources)
            if name in rules and rules[name].sources
            else _(declared[name].meaning),
            help=f"{_(declared[name].meaning)} ({name})",
            figures=declared[name].type in {Type.NUMBER, Type.INTEGER},
        )
        for name in names
    ]
    return table(_("First rows"), [Column(_("Line"), figures=True), *heads], rows)


def _raw_rows(proposal: Proposal) -> dict[int, dict[str, str]]:
    """The first rows as they came, by their line in the file."""
    return {
        line: dict(zip(proposal.columns, row, strict=False))
        for line, row in zip(proposal.first_lines, proposal.first_rows, strict=True)
    }


def _said(value: Any, column: Declared) -> str:
    kind = column.type
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
        places = next((n for n in (0, 1, 2) if round(float(value), n) == float(value)), 3)
        return formats.number(float(value), places)
    return values.title_of(column, str(value))
