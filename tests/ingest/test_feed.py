"""Rows of one key, several feeds of one file, and where every row ends."""

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.conftest import profile_of

EVENTS = """\
case,when,status,channel
A,2026-01-05 09:00,open,
A,2026-01-06 09:00,waiting,phone
B,2026-01-07 09:00,open,mail
A,2026-01-08 09:00,,portal
"""


def merged(**columns):
    return profile_of("cases", case_id='"case"', **columns)


def test_take_first_last_smallest_and_largest(read):
    found = read(
        EVENTS,
        merged(
            opened_at="{ from = 'when', take = 'min' }",
            closed_at="{ from = 'when', take = 'max' }",
            status="{ from = 'status', take = 'last' }",
            opened_channel='"channel"',
        ),
    )
    first, second = found.rows
    assert first["opened_at"] == datetime(2026, 1, 5, 8)
    assert first["closed_at"] == datetime(2026, 1, 8, 8)
    # The last and the first that are there.
    assert first["status"] == "waiting"
    assert first["opened_channel"] == "phone"
    assert second["case_id"] == "B"
    assert (first["_row"], second["_row"]) == (2, 4)
    assert found.result.feeds[0].left_out == 2


def test_bad_rows_are_not_merged(read):
    text = EVENTS + "A,soon,closed,\n"
    found = read(
        text, merged(opened_at="{ from = 'when', take = 'max' }", status="{ value = 'open' }")
    )
    feed = found.result.feeds[0]
    assert (feed.rows, feed.left_out, feed.quarantined) == (5, 2, 1)


def test_without_take_the_later_row_wins(read):
    found = read(
        EVENTS, merged(opened_at='"when"', status="{ value = 'open' }", opened_channel='"channel"')
    )
    by_case = {row["case_id"]: row for row in found.rows}
    assert by_case["A"]["opened_channel"] == "portal"
    assert by_case["A"]["_row"] == 5
    assert found.result.feeds[0].left_out == 2
    assert any("share their key" in warning for warning in found.warnings)


def test_the_greatest_updated_at_wins(read):
    text = (
        "case,when,changed,x\n"
        "A,2026-01-05,2026-03-01,new\n"
        "A,2026-01-05,2026-02-01,old\n"
        "B,2026-01-05,,first\n"
        "B,2026-01-05,,second\n"
        "C,2026-01-05,2026-02-01,known\n"
        "C,2026-01-05,,unknown\n"
    )
    found = read(
        text,
        merged(
            opened_at='"when"', status="{ value = 'open' }", updated_at='"changed"', reason='"x"'
        ),
    )
    assert {row["case_id"]: row["reason"] for row in found.rows} == {
        "A": "new", "B": "second", "C": "known",
    }  # fmt: skip


def test_one_file_feeds_several_tables_and_one_table_twice(read):
    profile = """
        [[feeds]]
        table = "contacts"
        [feeds.columns]
        contact_id = "id"
        started_at = "when"
        channel = { value = "phone" }
        [[feeds]]
        table = "surveys"
        [feeds.columns]
        response_id = "id"
        metric = { value = "csat5" }
        score = "stars"
        [[feeds]]
        table = "surveys"
        [feeds.columns]
        response_id = "id"
        metric = { value = "nps" }
        score = "again"
        """
    found = read("id,when,stars,again\n1,2026-01-05 10:00,4,9\n2,2026-01-06 10:00,,x\n", profile)
    contacts, stars, again = found.feeds
    assert len(contacts) == len(stars) == 2
    assert stars[1]["score"] is None
    assert [row["score"] for row in again] == [9]
    assert [(one["feed"], one["row_number"]) for one in found.aside] == [(2, 3)]


def test_a_row_that_is_no_row_is_set_aside_of_every_feed(read):
    profile = profile_of("cases", case_id='"id"', opened_at='"when"', status="{ value = 'open' }")
    profile += profile_of(
        "chain_events",
        event_id='"id"',
        case_id='"id"',
        occurred_at='"when"',
        kind="{ value = 'note' }",
    ).replace("[read]\n\n", "")
    found = read("id,when\n1,2026-01-05\n2,2026-01-05,too,much\n3,2026-01-07\n", profile)
    assert [feed.quarantined for feed in found.result.feeds] == [1, 1]
    assert [(one["feed"], one["row_number"], one["reason"]) for one in found.aside] == [
        (0, 3, "has more values than the header has columns"),
        (1, 3, "has more values than the header has columns"),
    ]
    assert [row["_row"] for row in found.rows] == [2, 4]


def test_fact_times(read):
    profile = profile_of(
        "cases",
        case_id='"id"',
        opened_at='"o"',
        closed_at='"c"',
        due_at='"d"',
        status="{ value = 'x' }",
    )
    found = read("id,o,c,d\n1,2026-01-05,2026-01-09,2027-01-01\n2,2026-01-03,,\n", profile)
    feed = found.result.feeds[0]
    assert feed.first_fact == datetime(2026, 1, 2, 23)
    # Due dates lie in the future: they tell nothing of how far the file goes.
    assert feed.last_fact == datetime(2026, 1, 8, 23)


def test_the_cut_off_is_local(read):
    profile = 'as_of = "2026-07-31T23:59"\n' + profile_of(
        "cases", case_id='"id"', opened_at='"o"', status="{ value = 'x' }"
    )
    found = read("id,o\n1,2026-07-05\n2,2026-08-03\n", profile)
    assert found.result.as_of == datetime(2026, 7, 31, 21, 59)
    assert any("after the extract's cut-off: 1." in warning for warning in found.warnings)


def test_closing_before_opening_is_accepted_and_told(read):
    profile = profile_of(
        "cases", case_id='"id"', opened_at='"o"', closed_at='"c"', status="{ value = 'closed' }"
    )
    found = read("id,o,c\n1,2026-01-05,2026-01-04\n2,2026-01-05,2026-01-06\n", profile)
    assert len(found.rows) == 2
    assert "Cases that were closed before they were opened: 1." in found.warnings


CELL = st.sampled_from(["", "A", "B", "soon", "2026-01-05", "31-01-2026", '"', "x y", "-3", "é"])


@settings(max_examples=25)
@given(st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=25))
def test_every_row_ends_in_one_place(tmp_path_factory, rows):
    """Whatever the file holds: rows = staged + left out + set aside."""
    from kpi.ingest.problems import Refused
    from kpi.ingest.profile_keys import parse_profile
    from kpi.ingest.staging import Work, stage_file
    from kpi.store.scratch import quoted, scratch

    folder = tmp_path_factory.mktemp("any")
    lines = ["id;when;x", *(";".join(row) for row in rows)]
    (folder / "file.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    profile = parse_profile(
        profile_of(
            "cases", 'delimiter = ";"\nskip_rows = 0\ndate_order = "dmy"', 'x = ["", "A", "x y", "-3"]',
            case_id='"id"', opened_at='"when"', status="{ value = 'open' }",
        )
    )  # fmt: skip
    connection = scratch([folder], threads=1)
    try:
        result = stage_file(Work(connection, folder / "file.csv", folder, "UTC"), profile)
    except Refused as refusal:
        # Nothing was left to load.
        if "Not one of" in str(refusal):
            return
        raise
    (feed,) = result.feeds
    staged = 0
    if feed.parquet:
        sql = f"SELECT count(*) FROM read_parquet({quoted(feed.parquet)})"
        (staged,) = connection.execute(sql).fetchone()
    assert feed.rows == staged + feed.left_out + feed.quarantined
    # A quote may join lines into one row; without any, each line that is not blank is a row.
    if '"' not in "\n".join(lines):
        assert feed.rows == sum(bool(line.strip()) for line in lines[1:])


def test_what_no_row_of_a_key_has_is_missing(read):
    text = "case,when,status\nA,2026-01-05,\nA,2026-01-06,\nB,2026-01-05,\nB,2026-01-06,open\n"
    found = read(text, merged(opened_at="{ from = 'when', take = 'min' }", status='"status"'))
    assert [(row["case_id"], row["status"]) for row in found.rows] == [("B", "open")]
    assert [(one["row_number"], one["column_name"]) for one in found.aside] == [
        (2, "status"),
        (3, "status"),
    ]
    feed = found.result.feeds[0]
    assert (feed.rows, feed.left_out, feed.quarantined) == (4, 1, 2)


def test_lines_are_right_in_a_file_of_many(read):
    lines = ["case,when,status,x", *(f"{at},2026-01-05,,a" for at in range(40_000))]
    lines[30_001] = '30000,2026-01-05,open,"two\nlines"'
    lines[39_001] = "39000,soon,open,a"
    found = read(
        "\n".join(lines) + "\n",
        merged(
            opened_at="{ from = 'when', take = 'min' }",
            status="{ from = 'status', absent = 'open' }",
        ),
    )
    by_case = {row["case_id"]: row["_row"] for row in found.rows}
    assert (by_case["0"], by_case["30000"], by_case["30001"]) == (2, 30_002, 30_004)
    assert [one["row_number"] for one in found.aside] == [39_003]


TOTALS = """
[read]
delimiter = ";"
[[feeds]]
table = "totals"
[feeds.columns]
period_start = "dag"
metric = "wat"
value = "aantal"
"""


def test_a_day_is_one_key_at_whatever_hour(read):
    said = read(
        "dag;wat;aantal\n2026-01-05 08:00;calls;1\n2026-01-05 17:00;calls;2\n2026-01-06;calls;3\n",
        TOTALS,
    )
    assert [row["value"] for row in said.rows] == [2, 3]
    assert said.result.feeds[0].left_out == 1


def _many(rows):
    """Contacts in day-month-year, of which the sample sees only the first half."""
    times = [f"{1 + at % 28:02}-0{1 + at % 9}-2026 10:00" for at in range(rows)]
    return (
        times,
        lambda: (
            "id;tijd;kanaal\n" + "".join(f"C{at};{time};phone\n" for at, time in enumerate(times))
        ),
    )


MANY = """
[read]
delimiter = ";"
[[feeds]]
table = "contacts"
[feeds.columns]
contact_id = "id"
started_at = "tijd"
channel = "kanaal"
direction = { value = "in" }
"""


def test_few_days_that_do_not_exist_are_set_aside_and_one_in_another_way_is_read(read, monkeypatch):
    monkeypatch.setattr("kpi.ingest.staging.SAMPLE_ROWS", 200)
    times, text = _many(400)
    times[350] = "31-02-2026 10:00"
    said = read(text(), MANY)
    assert [(row["row_number"], row["value"]) for row in said.aside] == [(352, "31-02-2026 10:00")]
    times[360] = "2026-03-31T10:00:30"
    said = read(text(), MANY)
    assert len(said.aside) == 1
    assert str(said.rows[359]["started_at"]) == "2026-03-31 08:00:30"


def test_what_is_set_aside_is_the_same_however_wide_the_file_is(read, monkeypatch):
    times, text = _many(40)
    times[7], times[21] = "gisteren", ""
    beside = read(text(), MANY).aside
    monkeypatch.setattr("kpi.ingest.feed._FEW_MORE", -100)
    assert read(text(), MANY).aside == beside
    assert [row["row_number"] for row in beside] == [9, 23]
