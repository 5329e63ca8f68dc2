"""Loading a read file in one transaction with its bookkeeping, and taking it back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kpi.findings import Finding, serious_first
from kpi.i18n import _, ngettext
from kpi.schema import FACTS
from kpi.staged import QUARANTINE_COLUMNS, Manifest, Progress, StagedFeed
from kpi.store import earlier, readings
from kpi.store.engines import Engine
from kpi.store.findings import findings_of, keep_findings, read_finding
from kpi.store.merge import Merged, merge
from kpi.store.problems import StoreProblem, UndoBlocked
from kpi.store.undo import Undone, standing_in_the_way, take_back, would_take_back
from kpi.tables import IMPORT_ID, table
from kpi.text import N_

_FACT_NAMES = frozenset(declared.name for declared in FACTS)


@dataclass(frozen=True)
class Counts:
    """Rows of a file by what became of them; `rows` is the sum of the others."""

    rows: int = 0
    accepted: int = 0
    updated: int = 0
    unchanged: int = 0
    left_out: int = 0
    quarantined: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.rows + other.rows,
            self.accepted + other.accepted,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.left_out + other.left_out,
            self.quarantined + other.quarantined,
        )


@dataclass(frozen=True)
class FeedReport:
    """What one feed brought to its table."""

    table: str
    counts: Counts


@dataclass(frozen=True)
class ImportReport:
    """What loading a file did.

    Attributes:
        import_id: the import; None when the very same had been loaded already.
        file: its name.
        feeds: per feed, in the order of the profile.
        counts: their sum: a file with two feeds counts each row twice.
        as_of: up to when the file tells (UTC).
        warnings: sentences in English, translated where shown.
        findings: what the detective found in the file.
        already_loaded: the live import of the same file read the same way; None for a new one.
    """

    import_id: int | None
    file: str
    feeds: tuple[FeedReport, ...]
    as_of: datetime | None
    warnings: tuple[str, ...] = ()
    already_loaded: int | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def counts(self) -> Counts:
        """The sum over the feeds."""
        return sum((feed.counts for feed in self.feeds), Counts())

    @property
    def changed_tables(self) -> set[str]:
        """Tables in which anything is otherwise than before."""
        return {feed.table for feed in self.feeds if feed.counts.accepted or feed.counts.updated}


@dataclass(frozen=True)
class UndoReport:
    """What taking an import back did, per table."""

    import_id: int
    file: str
    tables: tuple[Undone, ...]

    @property
    def changed_tables(self) -> set[str]:
        """Tables in which anything is otherwise than before."""
        return {one.table for one in self.tables if one.removed or one.restored or one.passed}


def already_loaded(connection: sa.Connection, manifest: Manifest) -> ImportReport | None:
    """The report of a file that is live already, read by the same profile; None for a new one."""
    imports = table("imports")
    found = connection.execute(
        sa.select(imports)
        .where(
            imports.c.hash == manifest.hash,
            imports.c.profile_hash == manifest.profile_hash,
            imports.c.undone_at.is_(None),
        )
        .order_by(imports.c.import_id.desc())
    ).mappings()
    for row in found:
        if manifest.as_of is None or min(manifest.as_of, row["loaded_at"]) == row["as_of"]:
            feeds = tuple(
                FeedReport(feed.table, replace(_counts(feed), unchanged=feed.staged))
                for feed in manifest.feeds
            )
            known = row["import_id"]
            contents = connection.execute(findings_of(known)).scalars()
            kept = tuple(map(read_finding, contents))
            return ImportReport(
                None,
                manifest.file,
                feeds,
                row["as_of"],
                manifest.warnings,
                known,
                kept,
            )
    return None


def bring_in(
    connection: sa.Connection,
    engine: Engine,
    manifest: Manifest,
    who: str,
    progress: Progress,
    zone: str,
) -> ImportReport:
    """Load what was staged: facts, before-images, quarantined rows and bookkeeping.

    Args:
        connection: inside the writer's transaction.
        engine: it belongs to.
        manifest: what was staged.
        who: loads it.
        progress: told how far it is.
        zone: of the installation, for what a day is.

    Raises:
        ValueError: the manifest and its files contradict each other.
    """
    import_id = _next_import(connection)
    loaded_at = datetime.now(UTC).replace(tzinfo=None)
    reports = []
    findings = [*manifest.findings, *earlier.of_volume(connection, manifest, zone)]
    for position, feed in enumerate(manifest.feeds):
        progress(position / max(len(manifest.feeds), 1), N_("Loading rows"))
        merged = _bring_feed(connection, engine, feed, import_id, position)
        counts = replace(
            _counts(feed),
            accepted=merged.accepted,
            updated=merged.updated,
            unchanged=merged.unchanged,
        )
        findings += earlier.of_keys(connection, manifest, import_id, position, merged.accepted)
        as_of = _at_most(manifest.as_of or feed.last_fact, loaded_at)
        connection.execute(
            table("import_feeds").insert(),
            {
                "import_id": import_id,
                "feed": position,
                "table_name": feed.table,
                "columns": json.dumps(feed.columns),
                **_columns(counts),
                "as_of": as_of,
                "first_fact": feed.first_fact,
                "last_fact": feed.last_fact,
            },
        )
        reports.append(FeedReport(feed.table, counts))
    readings.keep(connection, import_id, manifest)
    if manifest.quarantine is not None:
        _bring_quarantine(connection, engine, manifest.quarantine, import_id)
    latest = [feed.last_fact for feed in manifest.feeds if feed.last_fact is not None]
    as_of = _at_most(manifest.as_of or max(latest, default=None), loaded_at)
    findings += earlier.of_customers(connection, manifest, import_id)
    found = serious_first(findings)
    report = ImportReport(
        import_id, manifest.file, tuple(reports), as_of, manifest.warnings, findings=found
    )
    keep_findings(connection, import_id, found)
    connection.execute(
        table("imports").insert(),
        {
            "import_id": import_id,
            "file": manifest.file,
            "hash": manifest.hash,
            "profile": manifest.profile,
            "profile_hash": manifest.profile_hash,
            "who": who,
            "loaded_at": loaded_at,
            **_columns(report.counts),
            "rows": manifest.rows,
            "as_of": as_of,
            "warnings": json.dumps(
                [*manifest.warnings, *(finding.english for finding in found)], ensure_ascii=False
            ),
        },
    )
    return report


def take_import_back(
    connection: sa.Connection, import_id: int, who: str, *, preview: bool = False
) -> UndoReport:
    """Take one import back whole; with `preview` only say what that would do.

    Raises:
        StoreProblem: there is no such import, or it was taken back already.
        UndoBlocked: later imports built on it; the sentence names them.
    """
    imports, feeds = table("imports"), table("import_feeds")
    row = (
        connection.execute(sa.select(imports).where(imports.c.import_id == import_id))
        .mappings()
        .first()
    )
    if row is None:
        raise StoreProblem(
            _("There is no import {import_id}. `ketenzicht imports` lists them all.").format(
                import_id=import_id
            )
        )
    if row["undone_at"] is not None:
        raise StoreProblem(
            _("Import {import_id} ({file}) was taken back already.").format(
                import_id=import_id, file=row["file"]
            )
        )
    names = sorted(
        set(
            connection.execute(
                sa.select(feeds.c.table_name).where(feeds.c.import_id == import_id)
            ).scalars()
        )
    )
    later = set[int]().union(*(standing_in_the_way(connection, name, import_id) for name in names))
    if later:
        raise _blocked(row, sorted(later, reverse=True))
    if preview:
        return UndoReport(
            import_id, row["file"], tuple(would_take_back(connection, n, import_id) for n in names)
        )
    tables = tuple(take_back(connection, name, import_id) for name in names)
    for name in ("quarantined", "import_findings"):
        kept = table(name)
        connection.execute(kept.delete().where(kept.c.import_id == import_id))
    connection.execute(
        imports.update()
        .where(imports.c.import_id == import_id)
        .values(undone_at=datetime.now(UTC).replace(tzinfo=None), undone_by=who)
    )
    return UndoReport(import_id, row["file"], tables)


def latest_per_table(connection: sa.Connection) -> dict[str, datetime]:
    """Per fact table up to when its live imports tell (UTC); tables nobody tells of are absent."""
    imports, feeds = table("imports"), table("import_feeds")
    latest = (
        sa.select(feeds.c.table_name, sa.func.max(feeds.c.as_of))
        .join(imports, imports.c.import_id == feeds.c.import_id)
        .where(imports.c.undone_at.is_(None), feeds.c.as_of.is_not(None))
        .group_by(feeds.c.table_name)
    )
    return dict(connection.execute(latest).all())


def _blocked(row: Mapping[Any, Any], later: Sequence[int]) -> UndoBlocked:
    sentence = ngettext(
        "Import {import_id} ({file}) cannot be taken back: import {later} changed its rows, or "
        "held older versions of them. Take that one back first.",
        "Import {import_id} ({file}) cannot be taken back: imports {later} changed its rows, or "
        "held older versions of them. Take those back first, in this order.",
        len(later),
    ).format(import_id=row[IMPORT_ID], file=row["file"], later=", ".join(str(one) for one in later))
    return UndoBlocked(sentence, tuple(later))


def _next_import(connection: sa.Connection) -> int:
    imports = table("imports")
    last = connection.execute(sa.select(sa.func.max(imports.c.import_id))).scalar()
    return (last or 0) + 1


def _bring_feed(
    connection: sa.Connection, engine: Engine, feed: StagedFeed, import_id: int, position: int
) -> Merged:
    if feed.table not in _FACT_NAMES:
        raise ValueError(f"there is no fact table {feed.table}")
    if feed.parquet is None:
        if feed.staged:
            raise ValueError(f"feed {position} says {feed.staged} rows and brings no file")
        return Merged()
    staged = engine.stage(connection, "staged", feed.parquet, table(feed.table))
    held = connection.execute(sa.select(sa.func.count()).select_from(staged)).scalar_one()
    if held != feed.staged:
        raise ValueError(f"feed {position} says {feed.staged} rows and brings {held}")
    merged = merge(connection, feed.table, staged, feed.columns, import_id, position)
    engine.unstage(connection, staged)
    return merged


def _bring_quarantine(
    connection: sa.Connection, engine: Engine, parquet: Path, import_id: int
) -> None:
    quarantined = table("quarantined")
    staged = engine.stage(connection, "staged_quarantine", parquet, quarantined)
    rows = sa.select(sa.literal(import_id), *(staged.c[name] for name in QUARANTINE_COLUMNS))
    connection.execute(quarantined.insert().from_select([IMPORT_ID, *QUARANTINE_COLUMNS], rows))
    engine.unstage(connection, staged)


def _counts(feed: StagedFeed) -> Counts:
    return Counts(rows=feed.rows, left_out=feed.left_out, quarantined=feed.quarantined)


def _columns(counts: Counts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in Counts.__dataclass_fields__}


def _at_most(moment: datetime | None, now: datetime) -> datetime | None:
    return None if moment is None else min(moment, now)


__all__ = [
    "Counts",
    "FeedReport",
    "ImportReport",
    "UndoReport",
    "already_loaded",
    "bring_in",
    "latest_per_table",
    "take_import_back",
]
