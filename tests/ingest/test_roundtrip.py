"""Typed rows, written in any dialect, come back exactly with a profile that pins it."""

import csv
import io
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.ingest.profile_keys import parse_profile
from kpi.ingest.staging import Work, stage_file
from kpi.store.scratch import scratch
from kpi.zones import to_utc
from tests.ingest.conftest import ZONE, profile_of, rows_of

LETTERS = "abc ;,|\"'.-\té\n€#0"
TEXTS = st.text(st.sampled_from(LETTERS), max_size=12).map(str.strip).filter(bool)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2060, 12, 31)).map(
    lambda at: at.replace(microsecond=0)
)
NUMBERS = st.integers(-10_000_000, 10_000_000).map(lambda number: number / 100)

ROW = st.fixed_dictionaries(
    {
        "opened_at": TIMES,
        "reason": st.none() | TEXTS,
        "closed_at": st.none() | DAYS,
        "line": st.none() | st.integers(0, 9999),
    }
)
DIALECT = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([";", ",", "\t", "|"]),
        "quote": st.sampled_from(['"', "'"]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
        "order": st.sampled_from(["dmy", "mdy", "ymd"]),
        "separator": st.sampled_from(["-", "/", "."]),
        "padded": st.booleans(),
        "end": st.sampled_from(["\n", "\r\n"]),
        "everything": st.booleans(),
        "above": st.integers(0, 2),
    }
)


def written_day(day: date, dialect: dict) -> str:
    width = 2 if dialect["padded"] else 1
    parts = {"d": f"{day.day:0{width}d}", "m": f"{day.month:0{width}d}", "y": str(day.year)}
    return dialect["separator"].join(parts[part] for part in dialect["order"])


def written(value: object, dialect: dict) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{written_day(value.date(), dialect)} {value:%H:%M:%S}"
    return written_day(value, dialect) if isinstance(value, date) else str(value)


def file_of(rows: list[dict], dialect: dict) -> bytes:
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=dialect["delimiter"], quotechar=dialect["quote"], lineterminator=dialect["end"],
        quoting=csv.QUOTE_ALL if dialect["everything"] else csv.QUOTE_MINIMAL,
    )  # fmt: skip
    names = sorted(rows[0])
    writer.writerow(["id", *names])
    for at, row in enumerate(rows):
        writer.writerow([f"{at:04d}", *(written(row[name], dialect) for name in names)])
    above = f"Export{dialect['end']}" * dialect["above"]
    return (above + text.getvalue()).encode(dialect["encoding"])


@settings(max_examples=25)
@given(st.lists(ROW, min_size=1, max_size=20), DIALECT)
def test_cases_in_any_dialect(tmp_path_factory, rows, dialect):
    folder = tmp_path_factory.mktemp("round")
    (folder / "file.csv").write_bytes(file_of(rows, dialect))
    options = "\n".join(
        [
            f"encoding = '{dialect['encoding']}'",
            f"delimiter = {dialect['delimiter']!r}".replace("'\\t'", '"\\t"'),
            f'quote = "{dialect["quote"]}"' if dialect["quote"] == "'" else "quote = '\"'",
            f"date_order = '{dialect['order']}'",
            f"skip_rows = {dialect['above']}",
        ]
    )
    profile = parse_profile(
        profile_of(
            "cases", options, case_id='"id"', opened_at='"opened_at"', reason='"reason"',
            closed_at='"closed_at"', line='"line"', status="{ value = 'open' }",
        )
    )  # fmt: skip
    connection = scratch([folder], threads=1)
    result = stage_file(Work(connection, folder / "file.csv", folder, ZONE), profile)
    (feed,) = result.feeds
    assert (feed.rows, feed.left_out, feed.quarantined) == (len(rows), 0, 0)
    staged = {row["case_id"]: row for row in rows_of(connection, feed.parquet)}
    connection.close()
    for at, row in enumerate(rows):
        back = staged[f"{at:04d}"]
        assert back["opened_at"] == to_utc(row["opened_at"], ZONE).utc
        midnight = row["closed_at"] and datetime.combine(row["closed_at"], datetime.min.time())
        assert back["closed_at"] == (to_utc(midnight, ZONE).utc if midnight else None)
        assert back["line"] == row["line"]
        # The engine's own line ends inside a cell are those of the file.
        assert (back["reason"] or "").replace("\r\n", "\n") == (row["reason"] or "")


@settings(max_examples=25)
@given(
    st.lists(NUMBERS, min_size=1, max_size=20),
    st.sampled_from([(",", "."), (".", ","), (",", ""), (".", "'"), (",", " ")]),
)
def test_numbers_in_any_dialect(tmp_path_factory, numbers, marks):
    decimal, thousands = marks
    folder = tmp_path_factory.mktemp("numbers")
    lines = ["id;value"]
    for at, number in enumerate(numbers):
        text = f"{number:,.2f}".replace(",", "\0").replace(".", decimal).replace("\0", thousands)
        lines.append(f"{at};{text}")
    (folder / "file.csv").write_text("\n".join(lines), encoding="utf-8")
    options = f'decimal = "{decimal}"\n' + (f'thousands = "{thousands}"' if thousands else "")
    profile = parse_profile(
        profile_of(
            "totals",
            options,
            period_start="{ value = '2026-01-01' }",
            metric='"id"',
            value='"value"',
        )
    )
    connection = scratch([folder], threads=1)
    result = stage_file(Work(connection, folder / "file.csv", folder, ZONE), profile)
    staged = {row["metric"]: row["value"] for row in rows_of(connection, result.feeds[0].parquet)}
    connection.close()
    assert staged == {str(at): number for at, number in enumerate(numbers)}


@given(
    st.datetimes(datetime(1901, 1, 1), datetime(2099, 12, 31)),
    st.sampled_from([ZONE, "America/New_York", "Asia/Kolkata"]),
)
def test_the_way_from_local_to_utc_is_pythons(at, zone):
    from kpi.ingest.offsets import local_sql, odd_sql, utc_sql

    at = at.replace(microsecond=0)
    connection = scratch([], threads=1)
    moment = f"TIMESTAMP '{at}'"
    span = (at - timedelta(days=400) if at.year > 1902 else at, at)
    expected = to_utc(at, zone)
    doubled, skipped = odd_sql("t", zone, *span)
    row = connection.execute(
        f"SELECT {utc_sql('t', zone, *span)}, {doubled}, {skipped} FROM (SELECT {moment} AS t)"
    ).fetchone()
    assert row == (expected.utc, expected.doubled, expected.skipped)
    (back,) = connection.execute(
        f"SELECT {local_sql('t', zone, *span)} FROM (SELECT TIMESTAMP '{expected.utc}' AS t)"
    ).fetchone()
    assert back == (at if not expected.skipped else back)
    connection.close()
