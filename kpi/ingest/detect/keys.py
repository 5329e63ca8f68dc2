"""A key that repeats: the same row twice, two rows under one name, or an event log."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kpi.findings import Evidence, Finding, Severity, Word
from kpi.ingest import notes
from kpi.ingest.detect.ids import AS_ROUNDED
from kpi.ingest.detect.scene import SHOWN, TIMES, Scene
from kpi.store.scratch import identifier, quoted
from kpi.text import N_

#: Tables of which a row is a thing, not something that happened to it.
_THINGS = frozenset({"cases", "contacts", "customers", "holdings"})

TWICE = N_("{table}: rows that repeat another in every column that is read: {n}. Each counts once.")
EVENT_LOG = N_(
    "{table}: {n} rows for {keys} different keys, each with the same {same}. This is an event log:"
    " a row is an event, and what is said of the whole is repeated on each."
)
REPEATS_ADVICE = N_(
    "See in the rows below which one should count. `take` in the profile chooses per column:"
    " first, last, min or max."
)
LOG_ADVICE = N_(
    'Say in the profile which value counts ({name} = {{ from = "{source}", take = "first" }}), and load'
    " the events themselves with a second feed, chain_events."
)
LINES, DIFFERS = Word(N_("Lines")), Word(N_("What differs"))


def finds(scene: Scene, _told: Mapping[str, Any]) -> Iterator[Finding]:
    """Nothing, a repetition, two rows under one key, or an event log."""
    if scene.stage.feed.merges:
        return
    key = [identifier(name) for name in scene.table.key if name in scene.stage.by_name]
    repeated = scene.rows - scene.keys
    if not repeated:
        return
    columns = [name for name in scene.by_name if name not in scene.table.key]
    among = _repeating(scene)
    same = _same(scene, among, key, columns)
    many = scene.keys * 2 <= scene.rows and scene.table.name in _THINGS
    if many and same and 2 * len(same) >= len(columns) and not _rounded(scene, key):
        said = ", ".join(scene.source(name) for name in same[:4])
        yield scene.finding(
            "event_log", EVENT_LOG, LOG_ADVICE, severity=Severity.WRONG, rows=scene.rows,
            n=scene.rows, keys=scene.keys, same=said, name=same[0], source=scene.source(same[0]), evidence=_evidence(scene, among, key, columns),
        )  # fmt: skip
        return
    told_apart = ", ".join([*key, *_all(scene, columns)])
    (different,) = scene.row(f"SELECT count(*) FROM (SELECT DISTINCT {told_apart} FROM {among})")
    (keys,) = scene.row(f"SELECT count(*) FROM (SELECT DISTINCT {', '.join(key)} FROM {among})")
    if different == keys:
        yield scene.finding(
            "repeated_rows", TWICE, severity=Severity.NOTE, rows=repeated, n=repeated,
            evidence=_evidence(scene, among, key, columns),
        )  # fmt: skip
        return
    yield scene.finding(
        "repeated_keys", notes.MERGED, REPEATS_ADVICE, rows=repeated, n=repeated,
        severity=Severity.WRONG if repeated * 5 > scene.rows else Severity.CHECK,
            evidence=_evidence(scene, among, key, columns),
    )  # fmt: skip


def _rounded(scene: Scene, key: list[str]) -> bool:
    """Whether the keys are alike because a spreadsheet rounded them: `ids` says so."""
    texts = " || ' ' || ".join(f"CAST({one} AS VARCHAR)" for one in key)
    rounded = f"count(*) FILTER (WHERE regexp_matches({texts}, {quoted(AS_ROUNDED)}))"
    (n,) = scene.row(f"SELECT {rounded} FROM {scene.good}")
    return bool(n * 2 > scene.rows)


def _repeating(scene: Scene) -> str:
    """The rows whose key repeats, as a table: mostly few, so that all the rest costs little."""
    name = f"repeating_{scene.stage.number}"
    scene.stage.connection.execute(
        f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM {scene.stage.repeats.rows}"
    )
    return name


def _all(scene: Scene, columns: list[str]) -> list[str]:
    """The columns in SQL, those of times with both their parts."""
    found = []
    for name in columns:
        found.append(identifier(name))
        if scene.by_name[name].absolute:
            found.append(identifier(f"{name} utc"))
    return found


def _same(scene: Scene, among: str, key: list[str], columns: list[str]) -> list[str]:
    """Columns that say the same on (nearly) all rows of a key."""
    if not columns:
        return []
    counts = ", ".join(
        f"count(DISTINCT {scene.local(name) if name in scene.times else identifier(name)}) AS d{at}"
        for at, name in enumerate(columns)
    )
    shares = ", ".join(f"avg((d{at} > 1)::INTEGER)" for at in range(len(columns)))
    row = scene.row(
        f"SELECT {shares} FROM (SELECT {counts} FROM {among} GROUP BY {', '.join(key)})"
    )
    return [name for name, share in zip(columns, row, strict=True) if share <= 0.02]


def _evidence(scene: Scene, among: str, key: list[str], columns: list[str]) -> Evidence:
    """The keys that repeat most: how often, on which lines, and in which columns they differ."""
    differs = ", ".join(
        f"CASE WHEN count(DISTINCT {identifier(name)}) > 1 THEN 1 END" for name in columns
    )
    rows = scene.fetch(
        f"SELECT {key[0]}, count(*), list(_n ORDER BY _n)[:5]{', ' if differs else ''}{differs}"
        f" FROM {among} GROUP BY {', '.join(key)}"
        f" ORDER BY 2 DESC, min(_n) LIMIT {SHOWN}"
    )
    shown = []
    for value, count, at, *flags in rows:
        lines = ", ".join(str(scene.raw.line(row)) for row in at) + (", …" if count > 5 else "")
        named = [scene.source(name) for name, flag in zip(columns, flags, strict=True) if flag]
        cell = value if isinstance(value, str) else str(value)
        shown.append((cell[:80], count, lines, ", ".join(named) or None))
    first = next(name for name in scene.table.key if name in scene.stage.by_name)
    return Evidence((scene.source(first), TIMES, LINES, DIFFERS), tuple(shown))
