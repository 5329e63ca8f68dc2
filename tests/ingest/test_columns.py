"""Texts become values, as the profile says, and what cannot is set aside with its reason."""

from datetime import date, datetime

import pytest

from kpi.ingest.keyed import keyed
from kpi.ingest.problems import Refused
from tests.ingest.conftest import KEY, profile_of

CASE = {"case_id": '"id"', "opened_at": '"opened"', "status": "{ value = 'open' }"}


def cases(read="", only="", **columns):
    return profile_of("cases", read, only, **{**CASE, **columns})


def contacts(read_options="", **columns):
    return profile_of(
        "contacts",
        read_options,
        contact_id='"id"',
        started_at="{ value = '2026-01-05T09:00' }",
        channel="{ value = 'phone' }",
        **columns,
    )


def column(found, name):
    return [row[name] for row in found.rows]


# -- texts -----------------------------------------------------------------------------------


def test_cells_are_trimmed_and_empty_ones_are_nothing(read):
    found = read(
        "id,opened,x\n 007 ,2026-01-05,\u00a0a\u00a0\nb,2026-01-05,\t \nc,2026-01-05,é\n",
        cases(reason='"x"'),
    )
    assert column(found, "case_id") == ["007", "b", "c"]
    assert column(found, "reason") == ["a", None, "é"]


def test_missing_values(read):
    found = read(
        "id,opened,x,y\n1,2026-01-05,n.v.t.,0\n2,2026-01-05, - ,5\n3,2026-01-05,0,x\n",
        cases('missing = ["n.v.t.", "-"]', reason='"x"', outcome="{ from = 'y', missing = ['0'] }"),
    )
    assert column(found, "reason") == [None, None, "0"]
    assert column(found, "outcome") == [None, "5", "x"]


def test_several_columns_are_joined_with_a_space(read):
    found = read(
        "id,opened,a,b\n1,2026-01-05,x,y\n2,2026-01-05,,y\n3,2026-01-05,,\n",
        cases(reason="{ from = ['a', 'b'] }"),
    )
    assert column(found, "reason") == ["x y", "y", None]


def test_map_in_part_and_of_what_is_missing(read):
    found = read(
        "id,opened,x\n1,2026-01-05,Customer Care Call\n2,2026-01-05,fax\n3,2026-01-05,\n4,2026-01-05,it's\n",
        cases(
            opened_channel="{ from = 'x', map = { 'Customer Care Call' = 'phone', '' = 'post', \"it's\" = 'a' } }"
        ),
    )
    assert column(found, "opened_channel") == ["phone", "fax", "post", "a"]


def test_pattern_takes_the_first_group(read):
    found = read(
        "id,opened,x\n1,2026-01-05,vip segment:gold new\n2,2026-01-05,nothing\n",
        cases(reason="{ from = 'x', pattern = 'segment:(\\\\w+)' }".replace("\\\\", "\\")),
    )
    assert column(found, "reason") == ["gold", None]


def test_present_and_absent(read):
    found = read(
        "id,opened,closed\n1,2026-01-05,2026-01-06\n2,2026-01-05,\n",
        cases(
            closed_at='"closed"', status="{ from = 'closed', present = 'closed', absent = 'open' }"
        ),
    )
    assert column(found, "status") == ["closed", "open"]


def test_only_keeps_rows_with_a_value(read):
    found = read(
        "id,opened,x\n1,2026-01-05,Closed\n2,2026-01-05, Open \n3,2026-01-05,Draft\n4,nonsense,Draft\n",
        cases(only='"x" = ["Closed", "Open"]'),
    )
    assert column(found, "case_id") == ["1", "2"]
    feed = found.result.feeds[0]
    assert (feed.rows, feed.left_out, feed.quarantined) == (4, 2, 0)


def test_a_hash_is_stable_and_of_the_trimmed_texts(read):
    text = "id,opened,a,b\n1,2026-01-05,x,y\n2,2026-01-05, x ,y\n3,2026-01-05,xy,\n4,2026-01-05,,\n"
    profile = profile_of(
        "cases", case_id="{ hash = ['a', 'b'] }", opened_at='"opened"', status="{ value = 'open' }",
        outcome='"id"',
    )  # fmt: skip
    found = read(text, profile)
    by_row = {row["outcome"]: row["case_id"] for row in found.rows}
    # The second has the first's key and comes later; of the last nothing is known.
    assert set(by_row) == {"2", "3"}
    assert by_row["2"] != by_row["3"]
    assert by_row["2"] == read("a,b,id,opened\nx,y,9,2026-01-05\n", profile).rows[0]["case_id"]
    assert [one["row_number"] for one in found.aside] == [] or found.aside[0]["row_number"] == 5


def test_constants_of_every_type(read):
    found = read(
        "id\n1\n",
        profile_of(
            "cases",
            case_id='"id"',
            opened_at="{ value = '2026-07-01T12:00' }",
            status="{ value = 'open' }",
            line="{ value = 1 }",
            closed_at="{ value = '2026-07-02' }",
        ),
    )
    (row,) = found.rows
    assert row["opened_at"] == datetime(2026, 7, 1, 10)
    assert row["closed_at"] == datetime(2026, 7, 1, 22)
    assert row["line"] == 1


# -- values ----------------------------------------------------------------------------------


def test_booleans(read):
    words = [
        "ja",
        "NEE",
        "Yes",
        "no",
        "1",
        "0",
        "waar",
        "ONWAAR",
        "j",
        "n",
        "true",
        "",
        "misschien",
    ]
    text = "id,x\n" + "".join(f"{at},{word}\n" for at, word in enumerate(words))
    found = read(text, contacts(abandoned='"x"'))
    expected = [True, False, True, False, True, False, True, False, True, False, True, None]
    assert column(found, "abandoned") == expected
    (problem,) = found.aside
    assert (problem["row_number"], problem["column_name"], problem["value"]) == (
        14,
        "x",
        "misschien",
    )
    assert problem["reason"] == "is not yes or no"


def test_enumerations_with_their_synonyms(read):
    found = read("id,x\n1,Inkomend\n2,OUT\n3,\n4,sideways\n", contacts(direction='"x"'))
    assert column(found, "direction") == ["in", "out", None]
    assert found.aside[0]["reason"] == "is not one of the values that this column knows"


@pytest.mark.parametrize(
    ("unit", "values", "seconds"),
    [
        ("s", ["90", "1.5"], [90, 1.5]),
        ("ms", ["1500", "0"], [1.5, 0]),
        ("min", ["1.5", "2"], [90, 120]),
        ("hms", ["1:02:03", "2:03"], [3723, 123]),
    ],
)
def test_durations_become_seconds(read, unit, values, seconds):
    text = "id,x\n" + "".join(f"{at},{value}\n" for at, value in enumerate(values))
    found = read(text, contacts(talk_s=f"{{ from = 'x', unit = '{unit}' }}"))
    assert column(found, "talk_s") == seconds


def test_a_clock_is_no_number_of_seconds(read):
    found = read("id,x\n1,30\n2,0:30\n3,-5\n", contacts(talk_s='"x"'))
    assert column(found, "talk_s") == [30]
    assert [one["reason"] for one in found.aside] == [
        "is not a number as the others are written",
        "must not be negative",
    ]


LENGTHS = ("talk_s", "hold_s", "wrap_s", "handle_s")


@pytest.mark.parametrize("name", [*LENGTHS, "wait_s"])
def test_a_length_that_cannot_be_is_set_aside_and_says_what_to_do(read, name):
    values = ["86400", "1000000000000", "999999999", "0"]
    text = "id,x\n" + "".join(f"{at},{value}\n" for at, value in enumerate(values))
    found = read(text, contacts(**{name: '"x"'}))
    assert column(found, name) == [86400, 0]
    assert [(one["row_number"], one["column_name"], one["value"]) for one in found.aside] == [
        (3, "x", "1000000000000"),
        (4, "x", "999999999"),
    ]
    for one in found.aside:
        assert one["reason"].startswith("must be at most")
        assert 'unit = "ms"' in one["reason"]


def test_what_is_a_day_too_long_is_set_aside_but_a_letter_may_wait_for_months(read):
    for name in LENGTHS:
        found = read("id,x\n1,86401\n2,60\n", contacts(**{name: '"x"'}))
        assert column(found, name) == [60]
    found = read("id,x\n1,15552000\n2,31622401\n", contacts(wait_s='"x"'))
    assert column(found, "wait_s") == [15552000]


def test_milliseconds_are_held_to_the_limit_as_the_seconds_they_are(read):
    found = read("id,x\n1,240000\n", contacts(talk_s="{ from = 'x', unit = 'ms' }"))
    assert column(found, "talk_s") == [240]


@pytest.mark.parametrize(
    ("options", "values", "numbers"),
    [
        ('decimal = ","\nthousands = "."', ["1.234,50", "12,5", "-3", "1.000"], [1234.5, 12.5, -3, 1000]),
        ('decimal = "."', ["1234.50", "12.5", ".5"], [1234.5, 12.5, 0.5]),
        ('decimal = ","', ["0,5", "1.234,5"], [0.5, 1234.5]),
        ("", ["12,5", "3"], [12.5, 3]),
        ("", ["12.5", "1,234.5"], [12.5, 1234.5]),
        ("", ["1.234.567", "1.234"], [1234567, 1234]),
    ],
)  # fmt: skip
def test_numbers(read, options, values, numbers):
    text = "id;x\n" + "".join(f"{at};{value}\n" for at, value in enumerate(values))
    profile = profile_of(
        "totals", options, period_start="{ value = '2026-01-01' }", metric='"id"', value='"x"'
    )
    found = read(text, profile)
    assert column(found, "value") == numbers
    # A key column that has a default is filled.
    assert column(found, "dimension") == [""] * len(values)


@pytest.mark.parametrize("value", ["nan", "inf", "1_000", "0x10", "1,2,3", "12 %", "--1"])
def test_what_is_no_number(read, value):
    profile = profile_of(
        "totals", period_start="{ value = '2026-01-01' }", metric='"id"', value='"x"'
    )
    found = read(f'id;x\n1;5\n2;"{value}"\n', profile)
    assert column(found, "value") == [5]
    assert found.aside[0]["value"] == value


def test_a_thousand_or_a_little_more_than_one_is_a_doubt(read):
    profile = profile_of(
        "totals", period_start="{ value = '2026-01-01' }", metric='"id"', value='"x"'
    )
    with pytest.raises(Refused, match="decimal"):
        read("id;x\n1;1.234\n2;5.678\n", profile)


def test_whole_numbers(read):
    found = read(
        "id,opened,x\n1,2026-01-05,2\n2,2026-01-05,1.0\n3,2026-01-05,1.5\n", cases(line='"x"')
    )
    assert column(found, "line") == [2, 1]
    assert found.aside[0]["reason"] == "is not a whole number"


# -- dates and times -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "2026-07-05 14:05:00", "2026-07-05T14:05", "2026-07-05T12:05:00Z", "2026-07-05 12:05:00 UTC",
        "2026-07-05T14:05:00+02:00", "2026-07-05 14:05:00.000+0200", "2026-07-05 14:05:00,000",
        "20260705 140500", "5 juli 2026 14:05", "5-jul-2026 14:05", "zo 5 juli 2026 om 14:05 uur",
        "Jul 5, 2026 2:05 PM", "5 July 2026 2:05 p.m.", "2026/07/05 14.05.00", "5-7-2026 14u05",
        "05.07.2026 14:05",
    ],
)  # fmt: skip
def test_ways_of_writing_one_moment(read, value):
    # A second row proves the order of day and month, where that is open.
    other = {"5-7-2026 14u05": "31-7-2026 14u05", "05.07.2026 14:05": "31.07.2026 14:05"}.get(
        value, ""
    )
    found = read(f'id;opened\n1;"{value}"\n2;{other or value}\n', cases())
    assert found.aside == []
    assert found.rows[0]["opened_at"] == datetime(2026, 7, 5, 12, 5)


@pytest.mark.parametrize(
    ("order", "value", "day"),
    [
        ("dmy", "04-05-2026", date(2026, 5, 4)),
        ("mdy", "04-05-2026", date(2026, 4, 5)),
        ("dmy", "04/05/26", date(2026, 5, 4)),
        ("mdy", "04/05/26", date(2026, 4, 5)),
        ("ymd", "04/05/26", date(2004, 5, 26)),
        ("ymd", "2026-05-04", date(2026, 5, 4)),
        # Four digits first are the year, whatever the order of the others.
        ("dmy", "2026-05-04", date(2026, 5, 4)),
    ],
)
def test_pinned_orders(read, order, value, day):
    profile = profile_of(
        "customers", f'date_order = "{order}"', customer_id='"id"', customer_since='"day"'
    )
    assert read(f"id,day\n1,{value}\n", profile).rows[0]["customer_since"] == day


def test_an_order_that_is_proven_by_other_values(read):
    assert column(read("id,opened\n1,04-05-2026\n2,31-05-2026\n", cases()), "opened_at")[
        0
    ] == datetime(2026, 5, 3, 22)
    assert column(read("id,opened\n1,04-05-2026\n2,05-31-2026\n", cases()), "opened_at")[
        0
    ] == datetime(2026, 4, 4, 22)


def test_an_order_that_is_proven_by_another_column(read):
    found = read(
        "id,opened,closed\n1,04-05-2026,31-05-2026\n2,04-06-2026,30-06-2026\n",
        cases(closed_at='"closed"'),
    )
    assert column(found, "opened_at") == [datetime(2026, 5, 3, 22), datetime(2026, 6, 3, 22)]


@pytest.mark.parametrize("values", [("04-05-2026", "11-12-2026"), ("01/09/21", "25/12/21")])
def test_an_order_that_nothing_proves_stops_the_load(read, values):
    with pytest.raises(Refused, match="date_order"):
        read("id,opened\n" + "".join(f"{at},{one}\n" for at, one in enumerate(values)), cases())


def test_day_and_month_in_both_orders(read):
    rows = "".join(f"{at},{day}\n" for at, day in enumerate(["31-05-2026", "05-31-2026"] * 20))
    with pytest.raises(Refused, match="some dates fit only"):
        read(f"id,opened\n{rows}", cases())


def test_two_digit_years_are_read_when_pinned_and_told(read):
    found = read("id,opened\n1,04-05-26\n2,05-06-98\n", cases('date_order = "dmy"'))
    assert column(found, "opened_at") == [datetime(2026, 5, 3, 22), datetime(1998, 6, 4, 22)]
    assert any("two digits" in warning for warning in found.warnings)


def test_two_digit_years_among_others(read):
    # Few or many, the same value is read the same.
    days = ["13-02-2026", "15-02-2026", "17-02-26"]
    for written in (days, [*days, "18-02-26", "19-02-26"]):
        rows = "".join(f"{at},{day}\n" for at, day in enumerate(written))
        found = read(f"id,opened\n{rows}", cases())
        assert not found.aside
        assert column(found, "opened_at")[2] == datetime(2026, 2, 16, 23)


def test_a_day_without_a_leading_zero_is_no_year(read):
    found = read("id,opened\n1,1-Jan-21 9:12\n2,14-Feb-21 17:00\n", cases())
    assert column(found, "opened_at") == [datetime(2021, 1, 1, 8, 12), datetime(2021, 2, 14, 16)]


def test_dates_that_do_not_exist(read):
    found = read(
        "id,opened\n1,31-01-2026\n2,31-02-2026\n3,32-01-2026\n4,gisteren\n5,9:12\n", cases()
    )
    assert column(found, "case_id") == ["1"]
    assert [one["value"] for one in found.aside] == ["31-02-2026", "32-01-2026", "gisteren", "9:12"]
    assert {one["reason"] for one in found.aside} == {
        "is not a date and time as the others are written"
    }


def test_a_pinned_format_is_the_only_one(read):
    found = read(
        "id,opened\n1,05|07|2026 14h05\n2,2026-07-05\n",
        cases(opened_at="{ from = 'opened', format = '%d|%m|%Y %Hh%M' }"),
    )
    assert column(found, "opened_at") == [datetime(2026, 7, 5, 12, 5)]
    assert found.aside[0]["value"] == "2026-07-05"


def test_a_pinned_format_understands_dutch_months(read):
    found = read(
        "id,opened\n1,5-mei-2026\n2,5-mrt-2026\n3,5-Aug-2026\n4,5-oktober-2026\n",
        cases(opened_at="{ from = 'opened', format = '%d-%b-%Y' }"),
    )
    assert [at.month for at in column(found, "opened_at")] == [5, 3, 8, 10]


def test_before_1900_and_after_2100(read):
    found = read("id,opened\n1,2026-01-05\n2,0026-01-05\n3,2206-01-05\n", cases())
    assert column(found, "case_id") == ["1"]
    assert {one["reason"] for one in found.aside} == {"is a time before 1900 or after 2100"}


def test_the_doubled_hour_is_the_first_and_the_skipped_hour_moves_on(read):
    found = read(
        "id,opened\n1,2026-10-25 02:30\n2,2026-03-29 02:30\n3,2026-10-25 03:30\n4,2026-10-25T02:30:00+01:00\n",
        cases(),
    )
    assert column(found, "opened_at") == [
        datetime(2026, 10, 25, 0, 30),
        datetime(2026, 3, 29, 1, 30),
        datetime(2026, 10, 25, 2, 30),
        datetime(2026, 10, 25, 1, 30),
    ]
    told = " ".join(found.warnings)
    assert "read as the first of the two: 1." in told
    assert "moved one hour on: 1." in told


def test_another_zone(read):
    found = read("id,opened\n1,2026-07-05 14:05\n", cases('time_zone = "America/New_York"'))
    assert column(found, "opened_at") == [datetime(2026, 7, 5, 18, 5)]


def test_a_moment_as_a_day_is_the_day_here(read):
    profile = profile_of("customers", customer_id='"id"', customer_since='"day"')
    found = read("id,day\n1,2026-03-31T22:30:00Z\n2,2026-03-31T12:00:00Z\n", profile)
    assert column(found, "customer_since") == [date(2026, 4, 1), date(2026, 3, 31)]


# -- what is set aside -----------------------------------------------------------------------


def test_several_problems_of_a_row_are_told_and_the_row_counts_once(read):
    found = read("id,opened,line\n1,2026-01-05,1\n,soon,x\n", cases(line='"line"'))
    assert [(one["row_number"], one["position"], one["column_name"]) for one in found.aside] == [
        (3, 0, "id"),
        (3, 1, "opened"),
        (3, 2, "line"),
    ]
    assert found.aside[0]["reason"] == "is missing, and a row cannot do without it"
    assert found.aside[0]["raw"] == '["","soon","x"]'
    assert found.result.feeds[0].quarantined == 1


def test_rules_over_a_whole_row(read):
    profile = profile_of(
        "chain_events", event_id='"id"', case_id='"case"', occurred_at="{ value = '2026-01-05' }",
        kind="{ value = 'note' }",
    )  # fmt: skip
    found = read("id,case\n1,Z1\n2,\n", profile)
    assert column(found, "event_id") == ["1"]
    assert found.aside[0]["reason"] == "needs a case or a customer: both are empty"


def test_when_nothing_is_left_the_profile_is_wrong(read):
    with pytest.raises(Refused, match="Not one of the 2 rows"):
        read("id,opened\n1,soon\n2,later\n", cases())


def test_a_column_that_the_file_does_not_have(read):
    with pytest.raises(Refused, match="Did you mean opened"):
        read("id,opened\n1,2026-01-05\n", cases(opened_at='"opend"'))


# -- personal keys ---------------------------------------------------------------------------


def test_numbers_and_addresses_are_kept_as_keyed_hashes(read):
    profile = profile_of(
        "identities", source="{ value = 'telephony' }", external_id='"who"', customer_id='"id"'
    )
    found = read("id,who\n1,06-12345678\n2,Jan@Voorbeeld.nl\n3,req-77\n4,+31612345678\n", profile)
    hashes = {row["customer_id"]: row["external_id"] for row in found.rows}
    # The fourth is the first in another spelling: one key, the later row wins.
    assert set(hashes) == {"2", "3", "4"}
    assert hashes["4"] == keyed("0612345678", KEY)
    assert hashes["2"] == keyed("jan@voorbeeld.nl", KEY)
    assert hashes["3"] == "req-77"


def test_customers_known_by_a_number_meet_their_identity(read):
    found = read(
        "id,who\n1,+31 6 1234 5678\n2,0010482\n3,jan@voorbeeld.nl\n", contacts(customer_id='"who"')
    )
    assert column(found, "customer_id") == [
        keyed("0612345678", KEY),
        "0010482",
        keyed("jan@voorbeeld.nl", KEY),
    ]


# -- found by looking, and looked for again --------------------------------------------------


def test_values_beyond_the_first_rows_are_looked_at_too(read):
    rows = [f"{at},2026-01-05 10:00,3" for at in range(50_500)]
    rows += ["a,31-12-2026 10:00,3", 'b,04-05-2026 10:00,"2,5"']
    profile = profile_of(
        "contacts",
        contact_id='"id"',
        started_at='"when"',
        channel="{ value = 'phone' }",
        talk_s='"talk"',
    )
    found = read("id,when,talk\n" + "\n".join(rows) + "\n", profile)
    assert found.aside == []
    last = {row["contact_id"]: row for row in found.rows[-2:]}
    assert last["b"]["started_at"] == datetime(2026, 5, 4, 8)
    assert last["b"]["talk_s"] == 2.5


def test_a_doubt_beyond_the_first_rows_stops_the_load_too(read):
    rows = [f"{at},2026-01-05,3" for at in range(50_500)] + ["a,2026-01-05,1.234"]
    profile = profile_of(
        "contacts",
        contact_id='"id"',
        started_at='"when"',
        channel="{ value = 'phone' }",
        talk_s='"talk"',
    )
    with pytest.raises(Refused, match="talk: values like"):
        read("id,when,talk\n" + "\n".join(rows) + "\n", profile)


def test_the_profile_tells_where_the_header_is(read):
    text = "Rapport;2026;;\nper week;;;\n2024;2025;1;x\nA;2026-01-05;7;y\nB;2026-01-06;8;z\n"
    profile = profile_of(
        "cases", case_id='"2024"', opened_at='"2025"', status="{ value = 'open' }", reason='"x"'
    )
    found = read(text, profile)
    assert column(found, "case_id") == ["A", "B"]
    assert "Lines above the header that were not read: 2." in found.warnings
