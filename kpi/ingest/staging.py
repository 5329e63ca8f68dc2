"""A file and a profile into typed Parquet: what the child process does.

Everything here works on the file in the staging folder and knows no store.
"""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kpi.findings import Finding
from kpi.ingest import notes
from kpi.ingest.aside import aside_sql
from kpi.ingest.columns import Reading
from kpi.ingest.control import control_totals
from kpi.ingest.detect import look_at, of_aside, of_file
from kpi.ingest.feed import FeedResult, FeedStage
from kpi.ingest.infer import Inferred, Place, infer
from kpi.ingest.open import open_table
from kpi.ingest.problems import Refused, Said
from kpi.ingest.profiles import Profile
from kpi.ingest.table import Limits, Progress, RawTable, quiet
from kpi.ingest.unread import unread
from kpi.store.scratch import Scratch, ScratchProblem, identifier, quoted
from kpi.suggest import suggest
from kpi.text import N_
from kpi.zones import to_utc

#: Rows looked at before all are.
SAMPLE_ROWS = 50_000
#: Share of the rows that may be unreadable without all of them being looked at: so few cannot make
#: another order of day and month fit (`kpi.ingest.order`).
FEW_UNREADABLE = 0.01


@dataclass
class StageResult:
    """What came of a file.

    Attributes:
        rows: data rows of the file.
        as_of: the profile's cut-off in UTC.
        feeds: in the order of the profile.
        quarantine: Parquet of what was set aside.
        warnings: message ids with values.
        header, kind: see `kpi.staged.Manifest`.
        findings: what the detective found.
    """

    rows: int
    as_of: datetime | None
    feeds: list[FeedResult]
    quarantine: Path | None = None
    warnings: list[Said] = field(default_factory=list)
    header: tuple[str, ...] = ()
    kind: str = "text"
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Work:
    """What is needed to read a file.

    Attributes:
        connection: a scratch database that sees `folder`.
        path: the file, in `folder`.
        folder: for copies and results.
        zone: of the installation.
        limits: of what is read.
        key: of keyed hashes.
        known: folded headers that real exports use.
        progress: told the stage and how far it is.
    """

    connection: Scratch
    path: Path
    folder: Path
    zone: str
    limits: Limits = field(default_factory=Limits)
    key: bytes | None = None
    known: frozenset[str] = frozenset()
    progress: Progress = quiet


def stage_file(work: Work, profile: Profile) -> StageResult:
    """Read the file of `work` as `profile` says.

    Raises:
        Refused: when it cannot be read so, or when something in it is open to doubt.
    """
    named = dict.fromkeys(name for feed in profile.feeds for name in feed.named)
    raw = open_table(work, profile.read, named)
    check_columns(raw, profile)
    check_patterns(work.connection, profile)
    inferred = readings_of(work.connection, raw, profile)
    if inferred.doubts:
        message, values = inferred.doubts[0]
        raise Refused(message, **values)
    as_of = utc_of(profile, work.zone)
    result = StageResult(raw.rows, as_of, [], warnings=list(raw.warnings), header=raw.names,
                         kind="cells" if raw.typed else "text")  # fmt: skip
    result.findings += of_file(raw)
    stages = []
    for number in range(len(profile.feeds)):
        work.progress("feed", number)
        stage = _typed(work, raw, number, profile, inferred)
        stage.write(work.folder)
        stage.notice()
        _notice_times(stage, as_of, work.connection)
        _count(stage, work)
        result.feeds.append(stage.result)
        result.warnings += stage.result.warnings
        result.findings += look_at(stage, inferred, now())
        stages.append(stage)
    _notice_names(raw, profile, result)
    result.warnings += unread(work.connection, raw, profile)
    result.quarantine = _write_quarantine(work, stages)
    if result.quarantine:
        aside = f"read_parquet({quoted(result.quarantine)})"
        result.findings += of_aside(work.connection, aside, raw.names, work.known)
    if raw.rows == 0:
        result.warnings.append((notes.NO_ROWS, {}))
    _refuse_when_nothing_is_left(work.connection, result)
    return result


def check_columns(raw: RawTable, profile: Profile) -> None:
    """Stop at the first column that the profile names and the file does not have."""
    for number, feed in enumerate(profile.feeds, 1):
        for name in feed.named:
            if name in raw.names:
                continue
            close = suggest(name, raw.names)
            if close:
                raise Refused(_NO_COLUMN_BUT, name=name, feed=number, table=feed.table, other=close)
            raise Refused(_NO_COLUMN, name=name, feed=number, table=feed.table,
                          known=", ".join(raw.names[:30]))  # fmt: skip


_NO_COLUMN = N_(
    "The profile reads column {name} (feed {feed}, {table}), and the file has none of that name;"
    " it has {known}."
)
_NO_COLUMN_BUT = N_(
    "The profile reads column {name} (feed {feed}, {table}), and the file has none of that name."
    " Did you mean {other}?"
)


def check_patterns(connection: Scratch, profile: Profile) -> None:
    """Stop at a regular expression that the engine cannot use."""
    for number, feed in enumerate(profile.feeds, 1):
        for name, rule in feed.columns.items():
            if rule.pattern is None:
                continue
            try:
                connection.execute(
                    f"SELECT regexp_extract('x', {quoted(rule.pattern)}, 0)"
                ).fetchone()
            except ScratchProblem as problem:
                raise Refused(
                    N_("The pattern of {name} (feed {feed}) cannot be used: {problem}."),
                    name=name, feed=number, problem=str(problem).splitlines()[0].rstrip("."),
                ) from None  # fmt: skip


def readings_of(connection: Scratch, raw: RawTable, profile: Profile) -> Inferred:
    """How every column is written: from the first rows, and from all where those prove nothing."""
    cells = {name: f"c{at}" for at, name in enumerate(raw.names)}
    connection.execute("DROP TABLE IF EXISTS sample")
    connection.execute(f"CREATE TABLE sample AS SELECT * FROM {raw.relation} LIMIT {SAMPLE_ROWS}")
    found = infer(connection, "sample", profile, cells, typed=raw.typed)
    if found.doubts and raw.good > SAMPLE_ROWS:
        found = infer(connection, raw.relation, profile, cells, typed=raw.typed)
    return found


def _typed(
    work: Work, raw: RawTable, number: int, profile: Profile, inferred: Inferred
) -> FeedStage:
    """The feed's typed rows; where found readings leave texts unread, all values are looked at."""
    feed = profile.feeds[number]

    def stage_with(readings: Mapping[Place, Reading]) -> FeedStage:
        own = {
            name: readings[place] for name in feed.columns if (place := (number, name)) in readings
        }
        stage = FeedStage(
            work.connection, raw, number, feed, profile.read, own, work.zone, work.key
        )
        stage.type_rows()
        return stage

    stage = stage_with(inferred.readings)
    if raw.good <= SAMPLE_ROWS:
        return stage
    unreadable = {(number, name): rows for name, rows in stage.find_unreadable().items()}
    again = {
        place for place in inferred.guessed & unreadable.keys()
        if unreadable[place] > raw.good * FEW_UNREADABLE or _tells(stage, profile, inferred, place)
    }  # fmt: skip
    if not again:
        return stage
    cells = {name: f"c{at}" for at, name in enumerate(raw.names)}
    better = infer(
        work.connection, raw.relation, profile, cells, typed=raw.typed, only=again.__contains__
    )
    if better.doubts:
        message, values = better.doubts[0]
        raise Refused(message, **values)
    changed = {place: better.readings[place] for place in again}
    if all(inferred.readings[place] == reading for place, reading in changed.items()):
        return stage
    inferred.readings.update(changed)
    return stage_with(inferred.readings)


def _tells(stage: FeedStage, profile: Profile, inferred: Inferred, place: Place) -> bool:
    """Whether the few texts that could not be read are written in a way that was not seen before.

    If they are only days that do not exist, or words, then all values would say what the first did.
    """
    bit = 1 << stage.by_name[place[1]].place
    unread = f"(SELECT * FROM {stage.rows_aside} WHERE _bad & {bit} <> 0)"
    found = infer(
        stage.connection,
        unread,
        profile,
        stage.cells,
        typed=stage.raw.typed,
        only={place}.__contains__,
    )
    known, read = inferred.readings[place], found.readings[place]
    return bool(
        found.doubts or found.numbers[place].separated or not known.times.covers(read.times)
    )


def utc_of(profile: Profile, zone: str) -> datetime | None:
    """The profile's cut-off as naive UTC."""
    moment = profile.as_of
    if moment is None:
        return None
    if moment.tzinfo is not None:
        return moment.astimezone(UTC).replace(tzinfo=None)
    return to_utc(moment, profile.read.time_zone or zone).utc


# -- what is noticed -------------------------------------------------------------------------


def now() -> datetime:
    """This moment, as naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def _notice_times(stage: FeedStage, as_of: datetime | None, connection: Scratch) -> None:
    for one in stage.columns:
        name = one.column.name
        if as_of is None or not one.column.fact_time or stage.result.parquet is None:
            continue
        row = connection.execute(
            f"SELECT count(*) FROM read_parquet({quoted(stage.result.parquet)})"
            f" WHERE {identifier(name)} > {quoted(as_of.isoformat(sep=' '))}::TIMESTAMP"
        ).fetchone()
        if row and row[0]:
            stage.result.warnings.append(
                (notes.AFTER_AS_OF, {"column": one.source, "n": int(row[0])})
            )


def _count(stage: FeedStage, work: Work) -> None:
    if stage.result.parquet is None:
        return
    filled = {name: stage.bounds.get(name, (None, None)) for name in stage.by_name}
    relation = f"read_parquet({quoted(stage.result.parquet)})"
    stage.result.totals = control_totals(work.connection, relation, stage.table, filled, work.zone)


def _notice_names(raw: RawTable, profile: Profile, result: StageResult) -> None:
    """Say which of two columns with one name was read."""
    named = {name for feed in profile.feeds for name in feed.named}
    for name in sorted(named):
        if f"{name} (2)" in raw.names and f"{name} (2)" not in named:
            result.warnings.append((notes.SECOND_NAME, {"name": name}))


# -- what is set aside -----------------------------------------------------------------------


def _write_quarantine(work: Work, stages: list[FeedStage]) -> Path | None:
    parts = [sql for stage in stages if (sql := aside_sql(stage))]
    if not parts:
        return None
    path = work.folder / "quarantine.parquet"
    work.connection.execute(
        "COPY (SELECT feed::INTEGER AS feed, row_number::BIGINT AS row_number,"
        " position::INTEGER AS position, column_name, value, reason, raw"
        f" FROM ({' UNION ALL '.join(parts)}) ORDER BY feed, row_number, position)"
        f" TO {quoted(path)} (FORMAT parquet)"
    )
    return path


def _refuse_when_nothing_is_left(connection: Scratch, result: StageResult) -> None:
    """When every row of every feed was set aside, the profile is wrong, not the rows."""
    if not result.quarantine or any(feed.rows != feed.quarantined for feed in result.feeds):
        return
    counted = connection.execute(
        "SELECT column_name, reason, count(*), min_by(value, row_number), min(row_number)"
        f" FROM read_parquet({quoted(result.quarantine)}) GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 1"
    ).fetchone()
    assert counted is not None
    column, reason, n, value, line = counted
    if column:
        raise Refused(_NOTHING_LEFT, n=result.rows, column=column, value=_short(value),
                      reason=reason, count=n, line=line)  # fmt: skip
    raise Refused(_NO_ROW_LEFT, n=result.rows, reason=reason, count=n, line=line)


_NOTHING_LEFT = N_(
    "Not one of the {n} rows can be loaded. Most often: {column} {reason}"
    ' ({count} rows; the first on line {line}: "{value}"). Nothing was loaded.'
)
_NO_ROW_LEFT = N_(
    "Not one of the {n} rows can be loaded. Most often: the row {reason}"
    " ({count} rows; the first on line {line}). Nothing was loaded."
)


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 60 else text[:57] + "…"
