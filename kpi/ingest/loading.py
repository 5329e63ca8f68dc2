"""Loading a file: read in a child process, then brought into the store in one transaction."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kpi.findings import Finding, from_plain, serious_first
from kpi.i18n import _
from kpi.ingest import notes
from kpi.ingest.known_words import unknown_words
from kpi.ingest.parent import Cancel, Progress, run_child, work_folder
from kpi.ingest.problems import Cancelled, Refused
from kpi.ingest.profile_text import write_profile
from kpi.ingest.profiles import Profile
from kpi.ingest.proposal import Proposal, propose
from kpi.ingest.survey import hash_of
from kpi.settings import Settings
from kpi.staged import Manifest, StagedFeed, Total
from kpi.store import ImportReport, Store
from kpi.store.problems import Stopped
from kpi.text import N_
from kpi.zones import to_local

COUNTS = ("rows", "accepted", "updated", "unchanged", "left_out", "quarantined")
LOADED, SOME_SET_ASIDE, NOTHING_LOADED = 0, 1, 2


@dataclass(frozen=True)
class FeedOutcome:
    """What one feed brought to its table; the counts add up to `rows`."""

    table: str
    rows: int = 0
    accepted: int = 0
    updated: int = 0
    unchanged: int = 0
    left_out: int = 0
    quarantined: int = 0

    def as_json(self) -> dict[str, Any]:
        """As `load --json` prints it."""
        return {"table": self.table} | {name: getattr(self, name) for name in COUNTS}


@dataclass(frozen=True)
class LoadOutcome:
    """What loading one file did.

    Attributes:
        file: its name.
        import_id: None when nothing new was loaded.
        feeds: in the order of the profile.
        as_of: up to when the file tells, naive local time of the installation.
        warnings: sentences, those of the findings too.
        findings: what the detective found, with its evidence.
        refused: why nothing was loaded; None when it was.
        already_loaded: the import that holds this very file already.
        proposal: where there was no profile.
        problems: the first values set aside: row, column, value, reason.
        dry_run: nothing was to be loaded; the counts are of the staged file.
    """

    file: str
    import_id: int | None = None
    feeds: tuple[FeedOutcome, ...] = ()
    as_of: datetime | None = None
    warnings: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    refused: str | None = None
    already_loaded: int | None = None
    proposal: Proposal | None = None
    problems: tuple[Mapping[str, Any], ...] = ()
    dry_run: bool = False

    @property
    def exit_code(self) -> int:
        """0 nothing set aside, 1 some rows set aside, 2 nothing loaded."""
        if self.refused is not None:
            return NOTHING_LOADED
        return SOME_SET_ASIDE if self.total("quarantined") else LOADED

    def total(self, count: str) -> int:
        """A count summed over the feeds."""
        return sum(getattr(feed, count) for feed in self.feeds)

    def as_json(self) -> dict[str, Any]:
        """As `load --json` prints it."""
        said: dict[str, Any] = {
            "import": self.import_id,
            "file": self.file,
            "feeds": [feed.as_json() for feed in self.feeds],
            **{name: self.total(name) for name in COUNTS},
            "as_of": _written(self.as_of),
            "warnings": list(self.warnings),
            "findings": [finding.as_json() for finding in self.findings],
        }
        if self.already_loaded is not None:
            said["already_loaded"] = self.already_loaded
        if self.refused is not None:
            said["reason"] = self.refused
            said["doubts"] = list(self.proposal.doubts) if self.proposal else []
        if self.problems:
            said["problems"] = [dict(problem) for problem in self.problems]
        return said


@dataclass(frozen=True)
class Staged:
    """A file that was read: what the store needs, and what it is told beside that."""

    manifest: Manifest
    #: Per dictionary (process, status, …) the texts of the file with their counts.
    codes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def load(
    store: Store,
    path: Path,
    profile: Profile | None = None,
    table: str | None = None,
    *,
    dry_run: bool = False,
    who: str = "",
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> LoadOutcome:
    """Load a file; whatever stands in the way is told in the outcome.

    Args:
        store: to load it into.
        path: the file.
        profile: how to read it; None: as proposed, when nothing in that is open to doubt.
        table: the table it is, where there is no profile.
        dry_run: read and check, and leave the store as it is.
        who: loads it.
        progress: told the stage and how far it is.
        cancel: asked whether to stop.

    Raises:
        Cancelled: when `cancel` said so; nothing was loaded.
    """
    if not path.is_file():
        return LoadOutcome(path.name, refused=_("There is no file {path}.").format(path=path))
    proposal = None
    if profile is None:
        proposal = propose(
            path, store.settings, table, store.staging, progress, cancel,
            configuration=store.configuration,
        )  # fmt: skip
        refused = proposal.refused or " ".join(proposal.doubts)
        profile = proposal.profile
        if refused or profile is None:
            return LoadOutcome(
                path.name, refused=refused, proposal=proposal, problems=proposal.problems,
                findings=proposal.findings, warnings=proposal.unread,
            )  # fmt: skip
    try:
        with work_folder(store.staging, path) as folder:
            staged = read_file(folder, path, profile, store.settings, progress, cancel)
            manifest = _with_unknown_words(store, staged)
            if dry_run:
                beside = store.beside_earlier(manifest)
                manifest = replace(manifest, findings=serious_first((*manifest.findings, *beside)))
                return _dry(manifest, store.settings, proposal)
            return bring_in(store, manifest, who, progress, cancel, proposal)
    except Refused as refusal:
        return LoadOutcome(path.name, refused=str(refusal), proposal=proposal)


def bring_in(
    store: Store,
    manifest: Manifest,
    who: str = "",
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    proposal: Proposal | None = None,
) -> LoadOutcome:
    """Load what was staged, in one transaction.

    Raises:
        Cancelled: when `cancel` said so before all was written; nothing was loaded.
    """

    def told(share: float, _what: str) -> None:
        # Whoever raises here ends the transaction, and it leaves nothing behind.
        if cancel is not None and cancel():
            raise Cancelled
        if progress:
            progress("load", int(100 * share))

    told(0.0, "")
    try:
        report = store.import_staged(manifest, who, told, cancel)
    except Stopped:
        raise Cancelled from None
    return _outcome(store, report, proposal)


def stage(
    path: Path,
    profile: Profile,
    staging: Path,
    settings: Settings,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    store: Store | None = None,
) -> Manifest:
    """Read a file into `staging` and leave what was staged there, for the caller to load.

    With `store` the manifest also warns of what its configuration does not know.

    Raises:
        Refused: when it cannot be read so.
        Cancelled: when `cancel` said so.
    """
    folder = Path(tempfile.mkdtemp(prefix="staged-", dir=staging))
    with work_folder(staging, path) as work:
        staged = read_file(work, path, profile, settings, progress, cancel)
        for made in work.glob("*.parquet"):
            made.rename(folder / made.name)
    manifest = _with_unknown_words(store, staged) if store is not None else staged.manifest
    return _moved(manifest, folder)


def read_file(
    folder: Path,
    path: Path,
    profile: Profile,
    settings: Settings,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Staged:
    """Read the file that lies in `folder` into typed Parquet there; see `work_folder`."""
    with ThreadPoolExecutor(1) as beside:
        # While the child reads.
        hashed = beside.submit(hash_of, path)
        read = run_child(folder, path, settings, job="stage", profile=write_profile(profile),
                         progress=progress, cancel=cancel)["staged"]  # fmt: skip
        digest = hashed.result()
    feeds = tuple(
        StagedFeed(
            table=feed["table"],
            columns=tuple(feed["columns"]),
            parquet=Path(feed["parquet"]) if feed["parquet"] else None,
            rows=feed["rows"],
            left_out=feed["left_out"],
            quarantined=feed["quarantined"],
            first_fact=_moment(feed["first_fact"]),
            last_fact=_moment(feed["last_fact"]),
            days={date.fromisoformat(day): rows for day, rows in feed["days"].items()},
            totals=tuple(Total(**total) for total in feed["totals"]),
        )
        for feed in read["feeds"]
    )
    manifest = Manifest(
        file=path.name,
        hash=digest,
        profile=profile.name,
        profile_hash=profile.hash(settings.time_zone),
        as_of=_moment(read["as_of"]),
        rows=read["rows"],
        feeds=feeds,
        quarantine=Path(read["quarantine"]) if read["quarantine"] else None,
        warnings=tuple(dict.fromkeys(notes.english((m, v)) for m, v in read["warnings"])),
        profile_text=write_profile(profile),
        header=tuple(read["header"]),
        kind=read["kind"],
        findings=serious_first(map(from_plain, read["findings"])),
    )
    return Staged(manifest, read["codes"])


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _moved(manifest: Manifest, folder: Path) -> Manifest:
    def there(path: Path | None) -> Path | None:
        return folder / path.name if path else None

    feeds = tuple(replace(feed, parquet=there(feed.parquet)) for feed in manifest.feeds)
    return replace(manifest, feeds=feeds, quarantine=there(manifest.quarantine))


def _with_unknown_words(store: Store, staged: Staged) -> Manifest:
    """The manifest with a warning for what the configuration does not know."""
    said = unknown_words(store.configuration, staged.codes)
    warnings = (*staged.manifest.warnings, *map(notes.english, said))
    return replace(staged.manifest, warnings=warnings)


# -- what is told ----------------------------------------------------------------------------


def _outcome(store: Store, report: ImportReport, proposal: Proposal | None) -> LoadOutcome:
    feeds = tuple(
        FeedOutcome(feed.table, **{name: getattr(feed.counts, name) for name in COUNTS})
        for feed in report.feeds
    )
    warnings = told(report.warnings, report.findings)
    if report.already_loaded is not None:
        warnings.insert(0, _(ALREADY).format(number=report.already_loaded))
    number = report.import_id
    # What was set aside when it was loaded before is as wrong now.
    held = number if number is not None else report.already_loaded
    problems = problems_of(store.quarantined(held)) if held is not None else ()
    return LoadOutcome(
        file=report.file,
        import_id=number,
        feeds=feeds,
        as_of=_local(report.as_of, store.settings),
        warnings=tuple(warnings),
        findings=report.findings,
        already_loaded=report.already_loaded,
        proposal=proposal,
        problems=problems,
    )


def told(warnings: Iterable[str], findings: Iterable[Finding]) -> list[str]:
    """Stored warnings and findings as sentences in the language spoken now."""
    return [*map(notes.shown, warnings), *(finding.sentence for finding in findings)]


ALREADY = N_("This very file was loaded before, as import {number}; nothing changed.")
#: Problems told with an outcome; all of them are in the store.
_TOLD = 100


def problems_of(rows: list[dict[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Quarantined values as they are told: row, column, value, reason."""
    return tuple(
        {
            "row": row["row_number"],
            "column": row["column_name"],
            "value": row["value"],
            "reason": _(row["reason"]),
        }
        for row in rows[:_TOLD]
    )


def _dry(manifest: Manifest, settings: Settings, proposal: Proposal | None) -> LoadOutcome:
    feeds = tuple(
        FeedOutcome(
            feed.table, rows=feed.rows, accepted=feed.staged, left_out=feed.left_out,
            quarantined=feed.quarantined,
        )
        for feed in manifest.feeds
    )  # fmt: skip
    latest = [feed.last_fact for feed in manifest.feeds if feed.last_fact]
    as_of = manifest.as_of or max(latest, default=None)
    return LoadOutcome(
        file=manifest.file,
        feeds=feeds,
        as_of=_local(as_of, settings),
        warnings=tuple(told(manifest.warnings, manifest.findings)),
        findings=manifest.findings,
        proposal=proposal,
        problems=proposal.problems if proposal else (),
        dry_run=True,
    )


def _written(moment: datetime | None) -> str | None:
    """Local ISO text to the second, as `show --as json` writes it."""
    return moment.isoformat(timespec="seconds") if moment else None


def _local(moment: datetime | None, settings: Settings) -> datetime | None:
    return to_local(moment, settings.time_zone).replace(microsecond=0) if moment else None
