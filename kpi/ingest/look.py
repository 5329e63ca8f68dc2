"""What a file is, by looking: the child's side of a proposal.

Everything proposed comes with its reason and samples; what is not certain is a doubt. `rows` and
`problems` are those of the proposed reading, over the whole file.
"""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from kpi.findings import Finding, to_plain
from kpi.ingest.aside import aside_sql, ragged_sql
from kpi.ingest.closing import closed_without_time
from kpi.ingest.columns import BLANKS
from kpi.ingest.detect import look_at, of_aside, of_file
from kpi.ingest.feed import FeedStage
from kpi.ingest.infer import Inferred, infer
from kpi.ingest.mapping import DIFFERS, HASHED, KEY_GUESSED, feed_of
from kpi.ingest.match import Candidate, candidates
from kpi.ingest.open import open_table
from kpi.ingest.problems import Said
from kpi.ingest.profile_keys import parse_profile
from kpi.ingest.profile_text import write_profile
from kpi.ingest.profiles import Feed, Profile, Read, Rule
from kpi.ingest.staging import SAMPLE_ROWS, Work, now
from kpi.ingest.table import RawTable
from kpi.ingest.telling import telling_column
from kpi.ingest.unread import unread
from kpi.schema import Type
from kpi.schema.titles import TITLES
from kpi.store.scratch import quoted
from kpi.text import N_

#: Values of a column that are looked at for its kind.
_VALUES = 200
#: Rows shown, and problems told.
_SHOWN, _TOLD = 20, 200
#: A column with at most so many different values is one of codes: all of them are told.
_CODES = 60
#: From so many rows on, a quarter of them set aside is a doubt; before, half of them.
_MANY = 20


@dataclass
class _Looked:
    """A proposal in the making."""

    raw: RawTable
    #: What whoever asks has said of the file.
    pinned: Read = field(default_factory=Read)
    table: str | None = None
    profile: Profile | None = None
    #: For the table that was asked for, where the file does not fill it.
    draft: Profile | None = None
    doubts: list[Said] = field(default_factory=list)
    reasons: dict[str, list[Said]] = field(default_factory=dict)


def look(work: Work, request: Mapping[str, Any]) -> dict[str, Any]:
    """The proposal for the file of `work`, as plain data.

    Args:
        work: the file.
        request: `table`, the one to propose, or None; `profile`, whose `[read]` is pinned;
            `closed`, the status words that mean closed, or None for the usual ones.
    """
    pinned = parse_profile(request.get("profile") or "", complete=False).read
    raw = open_table(work, pinned)
    found = _Looked(raw, pinned, doubts=list(raw.doubts))
    if raw.bad * 10 > raw.rows:
        found.doubts.append((RAGGED, {"n": raw.bad, "rows": raw.rows}))
    work.connection.execute(
        f"CREATE TABLE sample AS SELECT * FROM {raw.relation} LIMIT {SAMPLE_ROWS}"
    )
    counted = _samples(work, raw)
    samples = {name: tuple(values) for name, values in counted.items()}
    work.progress("feed", 0)
    _propose(work, found, samples, request.get("table"))
    found.doubts += closed_without_time(found.profile, counted, request.get("closed"))
    problems, stages, findings = _problems(work, found)
    bad = max((stage.bad_rows for stage in stages), default=0)
    # Of a few rows one is a large share, and still no more than a row.
    most = raw.good / (4 if raw.good >= _MANY else 2)
    if bad > most and problems and not found.doubts:
        # Else the doubts say why.
        found.doubts.append((MANY_BAD, {"n": bad, "rows": raw.good, "column": problems[0]["column"],
                                        "reason": problems[0]["reason"]}))  # fmt: skip
    return {
        "encoding": raw.encoding,
        "encoding_reason": raw.encoding_reason,
        "delimiter": raw.delimiter,
        "quote": raw.quote,
        "header_line": raw.header_line,
        "columns": list(raw.names),
        "rows": raw.rows,
        "bad_rows": raw.bad + sum(stage.bad_rows for stage in stages),
        "table": found.table,
        "profile": write_profile(found.profile) if found.profile else None,
        "draft": write_profile(found.draft) if found.draft else None,
        "read": write_profile(Profile((), read=_pinned(raw, pinned))),
        "sheets": list(raw.sheets),
        "doubts": found.doubts,
        "findings": list(map(to_plain, findings)),
        "warnings": raw.warnings,
        "unread": unread(work.connection, raw, found.profile) if found.profile else [],
        "reasons": found.reasons,
        "samples": {name: list(values[:3]) for name, values in samples.items()},
        "values": {
            name: sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))
            for name, values in counted.items()
            if len(values) <= _CODES
        },
        "problems": problems,
        "first_rows": (first := _first_rows(work)),
        "first_lines": [raw.line(at) for at in range(len(first))],
    }


MANY_BAD = N_(
    "Of {rows} rows {n} would be set aside, the first because {column} {reason}. Is it the right table,"
    " and the right column?"
)
RAGGED = N_(
    "Rows that are no row like the others: {n} of {rows}. Is the separator right, and is it one table?"
)


def _samples(work: Work, raw: RawTable) -> dict[str, dict[str, int]]:
    """Some different values of every column with their rows, in the order of the file."""
    found = {}
    for at, name in enumerate(raw.names):
        rows = work.connection.execute(
            f"SELECT v, k FROM (SELECT trim(c{at}, {quoted(BLANKS)}) AS v, min(rowid) AS n,"
            f" count(*) AS k FROM sample WHERE c{at} IS NOT NULL GROUP BY 1)"
            f" WHERE v <> '' ORDER BY n LIMIT {_VALUES}"
        ).fetchall()
        found[name] = {row[0][:500]: int(row[1]) for row in rows}
    return found


def _first_rows(work: Work) -> list[list[str]]:
    rows = work.connection.execute(f"SELECT * FROM sample LIMIT {_SHOWN}").fetchall()
    return [["" if cell is None else cell[:500] for cell in row] for row in rows]


# -- which table -----------------------------------------------------------------------------


def _propose(
    work: Work, found: _Looked, samples: Mapping[str, Sequence[str]], only: str | None
) -> None:
    ranked = candidates(found.raw.names, samples, found.raw.rows, only)
    fitting = [one for one in ranked if not one.lacking and _recognised(one)]
    if not fitting:
        _nothing_fits(found, ranked)
        if only and ranked:
            made = feed_of(ranked[0], found.raw, samples)
            feed, said, reasons = _with_key(work, found.raw, *made, samples)
            found.doubts += said
            found.reasons |= reasons
            draft = Profile((feed,), name=only, read=_pinned(found.raw, found.pinned))
            found.draft = _with_readings(work, found, draft)
        return
    best = fitting[0]
    rivals = [one for one in fitting[1:] if one.score > best.score - 0.5]
    if rivals:
        found.doubts.append(
            (TWO_TABLES, {"first": best.table.name, "second": rivals[0].table.name})
        )
    found.table = best.table.name
    made = feed_of(best, found.raw, samples)
    feed, said, reasons = _with_key(work, found.raw, *made, samples)
    found.reasons |= reasons
    found.doubts += said
    profile = Profile((feed,), name=best.table.name, read=_pinned(found.raw, found.pinned))
    found.profile = _with_readings(work, found, profile)


def _with_key(
    work: Work,
    raw: RawTable,
    feed: Feed,
    said: list[Said],
    reasons: dict[str, list[Said]],
    samples: Mapping[str, Sequence[str]],
) -> tuple[Feed, list[Said], dict[str, list[Said]]]:
    """The same, with a column that tells rows apart for a key that was made of the whole row."""
    made = next((name for name, rule in feed.columns.items() if rule.hash), None)
    if made is None:
        return feed, said, reasons
    read = {name for rule in feed.columns.values() for name in rule.sources}
    free = [name for name in raw.names if name not in read]
    header = telling_column(work.connection, raw, free, samples)
    if header is None:
        return feed, said, reasons
    said = [
        (KEY_GUESSED, {"header": header, "column": made, "table": feed.table})
        if one[0] == HASHED
        else one
        for one in said
    ]
    columns = {**feed.columns, made: Rule(sources=(header,))}
    return replace(feed, columns=columns), said, {**reasons, made: [(DIFFERS, {"header": header})]}


def _recognised(candidate: Candidate) -> bool:
    """Whether enough is known by name: one column that happens to be called "id" is not."""
    exact = [match for match in candidate.matches.values() if not match.alike]
    return len(exact) >= min(2, len(candidate.table.required))


def _nothing_fits(found: _Looked, ranked: Sequence[Candidate]) -> None:
    near = max(ranked, key=_nearness, default=None)
    near = near if near and near.matches else None
    if near is None:
        # Without a header nothing can be said of its names: that is a doubt already.
        found.doubts.append((NO_TABLE if found.raw.header_line else NO_NAMES, {}))
        return
    if not near.lacking:
        found.doubts.append((NO_TABLE, {}))
        return
    dated = any(column.type in {Type.DATE, Type.TIMESTAMP} for column in near.lacking)
    # As people say them; what is missing also by the name that a profile gives it.
    said = {
        "table": [TITLES[near.table.name]],
        "known": [[one.column.meaning, one.header] for one in near.matches.values()],
        "lacking": [[column.meaning, column.name] for column in near.lacking],
    }
    found.doubts.append((NO_DATES if dated else LACKING, said))


def _nearness(candidate: Candidate) -> float:
    """How near a table comes, what it lacks counted for less: it is what we are about to tell."""
    known = sum(match.score for match in candidate.matches.values()) / 100
    return known - 0.6 * len(candidate.lacking) - 0.7 * len(candidate.made_up)


NO_TABLE = N_(
    "The headers are not those of any table. Say in a profile which column is which"
    " (`ketenzicht profile FILE` writes a beginning)."
)
NO_NAMES = N_(
    "Say in a profile which column is which (`ketenzicht profile FILE` writes a beginning)."
)
NO_DATES = N_(
    "The file looks most like the table {table}. Found in it: {known}. Missing: {lacking}. Without"
    " that date it cannot be loaded: ask for it in the extract, or say which column it is."
)
LACKING = N_(
    "The file looks most like the table {table}. Found in it: {known}. Missing: {lacking}."
    " Say which column that is, or which value."
)
TWO_TABLES = N_("The file may be {first} or {second}. Say which with --table.")


def _pinned(raw: RawTable, asked: Read) -> Read:
    """What was found of the file as a whole; what was said of it stands."""
    said = {
        one.name: value
        for one in fields(Read)
        if (value := getattr(asked, one.name)) != one.default
    }
    return replace(_found(raw), **said)


def _found(raw: RawTable) -> Read:
    skip = raw.header_line - 1 if raw.header_line and raw.header_line > 1 else None
    if raw.encoding is None:
        return Read(skip_rows=skip)
    header = False if raw.header_line is None else None
    quote = raw.quote if raw.quote not in {'"', None} else None
    return Read(encoding=raw.encoding, delimiter=raw.delimiter, quote=quote, escape=raw.escape,
                skip_rows=skip, header=header)  # fmt: skip


# -- how values are written ------------------------------------------------------------------


def _with_readings(work: Work, found: _Looked, profile: Profile) -> Profile:
    """The profile with date order and separators as the values show them."""
    raw = found.raw
    cells = {name: f"c{at}" for at, name in enumerate(raw.names)}
    relation = "sample" if raw.good <= SAMPLE_ROWS else raw.relation
    inferred: Inferred = infer(work.connection, relation, profile, cells, typed=raw.typed)
    found.doubts += inferred.doubts
    for (_number, name), reasons in inferred.reasons.items():
        found.reasons.setdefault(name, []).extend(reasons)
    read = profile.read
    if inferred.order is not None:
        read = replace(read, date_order=inferred.order)
    if inferred.decimal is not None and not raw.typed:
        read = replace(read, decimal=inferred.decimal)
    return replace(profile, read=read)


# -- what would be set aside -----------------------------------------------------------------


def _problems(
    work: Work, found: _Looked
) -> tuple[list[dict[str, Any]], list[FeedStage], list[Finding]]:
    """The first problems of the file, read as proposed, and what the detective finds in it.

    Without a table only rows are judged.
    """
    raw = found.raw
    stages: list[FeedStage] = []
    findings = list(of_file(raw))
    parts = []
    if found.profile is None:
        parts.append(ragged_sql(raw, 0))
    else:
        cells = {name: f"c{at}" for at, name in enumerate(raw.names)}
        inferred = infer(work.connection, raw.relation, found.profile, cells, typed=raw.typed)
        for number, feed in enumerate(found.profile.feeds):
            own = {name: inferred.readings[number, name] for name in feed.columns
                   if (number, name) in inferred.readings}  # fmt: skip
            stage = FeedStage(work.connection, raw, number, feed, found.profile.read, own,
                              work.zone, work.key)  # fmt: skip
            stage.type_rows()
            stages.append(stage)
            parts.append(aside_sql(stage))
            findings += look_at(stage, inferred, now())
    parts = [part for part in parts if part]
    if not parts:
        return [], stages, findings
    aside = f"({' UNION ALL '.join(parts)})"
    findings += of_aside(work.connection, aside, raw.names, work.known)
    rows = work.connection.execute(
        "SELECT row_number, column_name, value, reason FROM"
        f" {aside} ORDER BY row_number, position LIMIT {_TOLD}"
    ).fetchall()
    names = ("row", "column", "value", "reason")
    return [dict(zip(names, row, strict=True)) for row in rows], stages, findings
