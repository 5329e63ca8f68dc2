"""What is set aside of a feed: each unfit value with its line, its column and what is wrong."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from typing import TYPE_CHECKING

from kpi.staged import ROW
from kpi.store.scratch import quoted

if TYPE_CHECKING:
    from kpi.ingest.feed import FeedStage
    from kpi.ingest.table import RawTable


def aside_sql(stage: FeedStage) -> str:
    """SQL of what was set aside: the columns of `kpi.staged.QUARANTINE_COLUMNS`; empty for none."""
    parts = [ragged_sql(stage.raw, stage.number)]
    if stage.bad_rows:
        parts.append(_bad_values_sql(stage))
    return " UNION ALL ".join(part for part in parts if part)


def ragged_sql(raw: RawTable, feed: int) -> str:
    """SQL of the rows that are no row like the others; empty for none."""
    if not raw.bad or not raw.aside:
        return ""
    return (
        f"SELECT {feed} AS feed, line AS row_number, 0 AS position, '' AS column_name, value,"
        f" reason, raw FROM read_csv({quoted(raw.aside)}, columns = {{'line': 'BIGINT',"
        " 'reason': 'VARCHAR', 'value': 'VARCHAR', 'raw': 'VARCHAR'}, auto_detect = false,"
        " header = false, delim = ',', quote = '\"', escape = '\"', max_line_size = 4000000,"
        " nullstr = '\\N')"
    )


def _bad_values_sql(stage: FeedStage) -> str:
    """One row per unfit value, with the whole row as it stood."""
    texts = [f"{one.text} AS t{one.place}" for one in stage.columns]
    shown = [f"{one.shown} AS s{one.place}" for one in stage.columns]
    values = [f"{one.value} AS v{one.place}" for one in stage.columns]
    values += [f"{one.absolute} AS u{one.place}" for one in stage.columns if one.absolute]
    told = [
        f"{{'column_name': {quoted(one.source)}, 'value': s{one.place},"
        f" 'reason': CASE WHEN _bad & {1 << one.place} <> 0 THEN {one.reason} END}}"
        for one in stage.columns
    ]
    for rule, condition in zip(stage.table.rules, stage.row_rules(), strict=True):
        named = " + ".join(
            stage.by_name[name].source for name in rule.columns if name in stage.by_name
        )
        told.append(
            f"{{'column_name': {quoted(named or ' + '.join(rule.columns))}, 'value': '',"
            f" 'reason': CASE WHEN {condition} THEN NULL ELSE {quoted(rule.sentence)} END}}"
        )
    cells = ", ".join(f"coalesce({cell}, '')" for cell in stage.cells.values())
    rows = stage.lined(stage.rows_aside)
    level = (
        f"SELECT {ROW}, _bad, to_json([{cells}])::VARCHAR AS raw, {', '.join(texts + shown)}"
        f" FROM {rows}"
    )
    level = f"SELECT *, {', '.join(values)} FROM ({level})"
    level = (
        f"SELECT {ROW}, raw, list_filter([{', '.join(told)}], lambda x: x.reason IS NOT NULL)"
        f" AS told FROM ({level})"
    )
    level = f"SELECT {ROW}, raw, unnest(told) AS one, generate_subscripts(told, 1) - 1 AS position FROM ({level})"
    return (
        f"SELECT {stage.number} AS feed, {ROW} AS row_number, position, one.column_name,"
        f" one.value, one.reason, raw FROM ({level})"
    )
