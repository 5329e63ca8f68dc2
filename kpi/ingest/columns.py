"""One column of a feed as SQL: the text in the file, the typed value, and what can be wrong.

Three levels of one query, so that nothing is written twice: `t{j}` are texts made of the file's
cells, `v{j}` typed values made of them, and problems are conditions over both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kpi.ingest.amounts import NumberReading, number_sql, seconds_sql
from kpi.ingest.keyed import is_personal_sql, keyed_sql
from kpi.ingest.profiles import DurationUnit, Read, Rule
from kpi.ingest.times import SERIAL, TimeReading
from kpi.schema import Column, Type
from kpi.schema.facts import BOOLEAN_WORDS
from kpi.store.scratch import quoted
from kpi.text import N_

MISSING = N_("is missing, and a row cannot do without it")
NOT_A_TIME = N_("is not a date and time as the others are written")
DAY_NUMBER = N_(
    "is a day number of a spreadsheet, not a date; save the column as dates, or read it as day numbers"
)
NOT_A_DATE = N_("is not a date as the others are written")
NOT_A_NUMBER = N_("is not a number as the others are written")
NOT_WHOLE = N_("is not a whole number")
NOT_YES_OR_NO = N_("is not yes or no")
NOT_SECONDS = N_("is not a duration in the profile's unit")

#: Cut off at both ends of every cell.
BLANKS = " \t\r\n\u00a0\ufeff"
#: Free texts are kept up to this length.
_CASE_MOST = 60


@dataclass(frozen=True)
class Reading:
    """How the texts of one column are written: as pinned, or as found by looking."""

    times: TimeReading = field(default_factory=TimeReading)
    numbers: NumberReading = field(default_factory=NumberReading)
    unit: DurationUnit = DurationUnit.S


@dataclass(frozen=True)
class Problem:
    """What makes a value unfit: a condition in SQL, and its sentence."""

    condition: str
    reason: str
    #: Judged when the rows of one key were merged: another of them may have the value.
    late: bool = False
    #: SQL of the sentence, where it depends on the value.
    finer: str = ""


@dataclass(frozen=True)
class ColumnSql:
    """One column of a feed.

    Attributes:
        column: of the schema.
        rule: of the profile.
        place: its number in the feed.
        text: SQL over c0, c1, …: what the file says, or NULL.
        shown: SQL over c0, c1, …: the cells as they stand, for the quarantine.
        value: SQL over `t{place}`: the typed value; of a time the local one.
        absolute: SQL over `t{place}`: a time that carries its offset, as naive UTC; empty: none do.
        problems: in the order in which they are told.
        source: what the file calls it.
    """

    column: Column
    rule: Rule
    place: int
    text: str
    shown: str
    value: str
    absolute: str
    problems: tuple[Problem, ...]
    source: str

    @property
    def bad(self) -> str:
        """SQL: whether the value is unfit."""
        now = [f"({problem.condition})" for problem in self.problems if not problem.late]
        return " OR ".join(now) or "false"

    @property
    def reason(self) -> str:
        """SQL: the first thing that is wrong with the value; NULL where nothing is."""
        when = " ".join(
            f"WHEN {problem.condition} THEN {problem.finer or quoted(problem.reason)}"
            for problem in self.problems
        )
        return f"CASE {when} END" if when else "NULL"


def column_sql(
    column: Column,
    rule: Rule,
    place: int,
    cells: Mapping[str, str],
    read: Read,
    reading: Reading,
    key: bytes | None = None,
    table: str = "",
    *,
    merged: bool = False,
) -> ColumnSql:
    """The SQL of one column.

    Args:
        column, rule, place: which column, how it is filled, its number in the feed.
        cells: name in the file → SQL of the raw cell (c0, c1, …).
        read: the profile's settings of the whole file.
        reading: how the texts are written.
        key: for keyed hashes; None: such values are left as they are (a proposal).
        table: the fact table.
        merged: rows of one key become one, and this is no part of the key.
    """
    text = text_sql(rule, cells, read)
    if column.type is Type.TEXT and key is not None:
        text = _without_personal(text, column, rule, key, table)
    value, absolute = _value_sql(column, f"t{place}", reading)
    shown = _shown_sql(rule, cells)
    typed = f"coalesce(v{place}, u{place})" if absolute else f"v{place}"
    problems = _problems(column, rule, f"t{place}", typed, merged=merged)
    source = " + ".join(rule.named) or column.name
    return ColumnSql(column, rule, place, text, shown, value, absolute, problems, source)


# -- texts -----------------------------------------------------------------------------------


def cell_sql(cell: str) -> str:
    """A cell without the blanks around it; NULL where nothing is left.

    Trimming costs more than all the rest of reading a cell, and hardly any cell needs it: so
    those that do are looked for first.
    """
    ends = " OR ".join(f"ends_with({cell}, {quoted(blank)})" for blank in BLANKS)
    # What begins with a blank sorts before "!", or begins with more than ASCII.
    odd = f"{cell} NOT BETWEEN '!' AND '\x7f' OR {ends}"
    return f"CASE WHEN {odd} THEN nullif(trim({cell}, {quoted(BLANKS)}), '') ELSE {cell} END"


def text_sql(rule: Rule, cells: Mapping[str, str], read: Read) -> str:
    """SQL of what the file says: joined, cut out, mapped; NULL for what is missing."""
    if rule.value is not None:
        return f"nullif({quoted(rule.value)}, '')"
    if rule.hash:
        return _hash_sql([cells[name] for name in rule.hash])
    missing = tuple(dict.fromkeys((*read.missing, *rule.missing)))
    parts = [cell_sql(cells[name]) for name in rule.sources]
    if len(parts) == 1:
        text = parts[0]
    else:
        given = [_without(part, missing) for part in parts]
        text = f"nullif(concat_ws(' ', {', '.join(given)}), '')"
    if rule.pattern is not None:
        text = _pattern_sql(text, rule.pattern)
    return _said_sql(rule, text, missing)


def _said_sql(rule: Rule, text: str, missing: tuple[str, ...]) -> str:
    """`text` mapped; what is not in the map passes, what is missing is NULL."""
    if not rule.map:
        text = _without(text, missing)
    else:
        known = dict(rule.map)
        nothing = known.pop("", None)
        when = [f"WHEN {quoted(old)} THEN nullif({quoted(new)}, '')" for old, new in known.items()]
        gone = [f"WHEN {quoted(old)} THEN NULL" for old in missing if old and old not in known]
        text = f"CASE {text} {' '.join((*when, *gone))} ELSE {text} END" if when or gone else text
        if nothing is not None:
            text = f"coalesce({text}, nullif({quoted(nothing)}, ''))"
    if rule.present is not None or rule.absent is not None:
        there = quoted(rule.present) if rule.present is not None else text
        absent = quoted(rule.absent) if rule.absent is not None else "NULL"
        text = f"CASE WHEN ({text}) IS NOT NULL THEN {there} ELSE {absent} END"
    return text


def _without(text: str, missing: tuple[str, ...]) -> str:
    listed = ", ".join(quoted(one.strip()) for one in missing if one.strip())
    return f"CASE WHEN {text} NOT IN ({listed}) THEN {text} END" if listed else text


def _pattern_sql(text: str, pattern: str) -> str:
    """The first group of the pattern (else all of it); NULL where it is not found."""
    groups = _groups(pattern)
    return f"nullif(trim(regexp_extract({text}, {quoted(pattern)}, {min(groups, 1)})), '')"


def _groups(pattern: str) -> int:
    import re

    return re.compile(pattern).groups


def _hash_sql(cells: list[str]) -> str:
    """A stable key of the trimmed texts as they stand in the file; NULL where all are empty."""
    texts = [f"coalesce(trim({cell}, {quoted(BLANKS)}), '')" for cell in cells]
    joined = f"concat_ws(chr(31), {', '.join(texts)})"
    return f"CASE WHEN concat({', '.join(texts)}) <> '' THEN substr(sha256({joined}), 1, 32) END"


def _shown_sql(rule: Rule, cells: Mapping[str, str]) -> str:
    if rule.value is not None:
        return quoted(rule.value)
    return f"concat_ws(' ', {', '.join(cells[name] for name in rule.named)})"


def _without_personal(text: str, column: Column, rule: Rule, key: bytes, table: str) -> str:
    """Phone numbers and e-mail addresses that stand for a customer: only as keyed hashes."""
    if rule.keyed:
        return keyed_sql(text, key)
    wide = table == "identities" and column.name == "external_id"
    if wide or column.name in {"customer_id", "entity_id"}:
        return f"CASE WHEN {is_personal_sql(text, wide=wide)} THEN {keyed_sql(text, key)} ELSE {text} END"
    return text


# -- values ----------------------------------------------------------------------------------


def _value_sql(column: Column, text: str, reading: Reading) -> tuple[str, str]:
    match column.type:
        case Type.TIMESTAMP | Type.DATE:
            local, absolute = times_sql(text, reading.times)
            return local or "CAST(NULL AS TIMESTAMP)", absolute
        case Type.BOOLEAN:
            return _case_sql(f"lower({text})", BOOLEAN_WORDS) + "::BOOLEAN", ""
        case Type.INTEGER:
            number = number_sql(text, reading.numbers)
            return (
                f"CASE WHEN ({number}) = floor({number}) THEN TRY_CAST({number} AS BIGINT) END",
                "",
            )
        case Type.NUMBER:
            if column.name.endswith("_s"):
                return seconds_sql(text, reading.unit, reading.numbers), ""
            return number_sql(text, reading.numbers), ""
    if column.values:
        words = {value: value for value in column.values} | dict(column.synonyms)
        return _case_sql(f"lower({text})", words), ""
    return text, ""


def times_sql(text: str, reading: TimeReading) -> tuple[str, str]:
    """SQL of the local time and of the naive UTC time that `text` says; empty where none can."""
    if reading.serial:
        return _serial_sql(text), ""
    ready = [reading.prepared(text)]
    if reading.names:
        # Most months are written as the engine knows them: only the others take the long way.
        bare = replace(reading, names=frozenset())
        ready.insert(0, bare.prepared(text) if bare.lowered else f"lower({text})")
    local = _first([f"try_strptime({one}, {_formats(reading.local)})" for one in ready])
    moment = _first([f"try_strptime({one}, {_formats(reading.absolute)})" for one in ready])
    return (
        local if reading.local else "",
        f"make_timestamp(epoch_us({moment}))" if reading.absolute else "",
    )


def _serial_sql(text: str) -> str:
    """A spreadsheet's day number as a time, to the second."""
    days = f"TRY_CAST(replace({text}, ',', '.') AS DOUBLE)"
    return (
        f"CASE WHEN regexp_full_match({text}, '{SERIAL}') THEN TIMESTAMP '1899-12-30'"
        f" + to_seconds(round({days} * 86400)) END"
    )


def _first(expressions: list[str]) -> str:
    return expressions[0] if len(expressions) == 1 else f"coalesce({', '.join(expressions)})"


def _formats(formats: tuple[str, ...]) -> str:
    if len(formats) == 1:
        return quoted(formats[0])
    return "[" + ", ".join(map(quoted, formats)) + "]"


def _case_sql(text: str, words: Mapping[str, str]) -> str:
    when = " ".join(f"WHEN {quoted(word)} THEN {quoted(value)}" for word, value in words.items())
    return f"CASE {text} {when} END"


# -- problems --------------------------------------------------------------------------------

_UNREADABLE = {
    Type.TIMESTAMP: NOT_A_TIME,
    Type.DATE: NOT_A_DATE,
    Type.NUMBER: NOT_A_NUMBER,
    Type.INTEGER: NOT_WHOLE,
    Type.BOOLEAN: NOT_YES_OR_NO,
}


def _problems(
    column: Column, rule: Rule, text: str, value: str, *, merged: bool
) -> tuple[Problem, ...]:
    found: list[Problem] = []
    if column.required and column.default is None:
        found.append(Problem(f"{text} IS NULL", MISSING, late=merged))
    reason = _UNREADABLE.get(column.type)
    if column.name.endswith("_s") and rule.unit not in {None, DurationUnit.S}:
        reason = NOT_SECONDS
    if column.values:
        # A closed list: what it does not know has no value.
        reason = column.checks[0].sentence
    if reason:
        finer = ""
        if column.type in {Type.TIMESTAMP, Type.DATE}:
            serial = f"regexp_full_match({text}, '{SERIAL}')"
            finer = f"CASE WHEN {serial} THEN {quoted(DAY_NUMBER)} ELSE {quoted(reason)} END"
        found.append(Problem(f"{text} IS NOT NULL AND {value} IS NULL", reason, finer=finer))
    for check in column.checks:
        if not column.values or check.sentence != reason:
            found.append(Problem(f"NOT ({check.sql(value)})", check.sentence))
    return tuple(found)
