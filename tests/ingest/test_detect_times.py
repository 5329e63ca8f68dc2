"""The detective on clocks, calendars, keys, numbers and texts: found where it is, and nowhere else."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from kpi.findings import Severity
from kpi.ingest.detect.clocks import other_clock
from kpi.ingest.problems import Refused
from tests.ingest.conftest import ZONE, profile_of
from tests.ingest.test_detect import CASES, SURVEYS, clean_cases, days, kinds, one

CONTACTS = profile_of(
    "contacts", contact_id='"Id"', started_at='"Start"', channel='"Kanaal"', wait_s='"Wacht"',
    talk_s='"Duur"', reason='"Reden"', text='"Tekst"',
)  # fmt: skip
OFFICE = (9, 10, 11, 13, 14, 16)


def contacts(times, **said):
    """A file of contacts; `said` gives a function of the row number per column."""
    lines = ["Id;Start;Kanaal;Wacht;Duur;Reden;Tekst"]
    for at, moment in enumerate(times):
        row = {
            "wait": 10 + at % 50,
            "talk": 100 + at % 300,
            "reason": "storing",
            "text": f"vraag {at}",
        }
        row |= {name: make(at) for name, make in said.items()}
        lines.append(
            f"C{at};{moment:%d-%m-%Y %H:%M:%S};telefoon;{row['wait']};{row['talk']};"
            f"{row['reason']};{row['text']}"
        )
    return "\n".join(lines) + "\n"


def office_times(first=date(2026, 1, 5), count=90, hours=OFFICE):
    return [
        datetime(day.year, day.month, day.day, hour, (7 * at) % 60, 11)
        for day in days(first, count) if day.weekday() < 5 for at, hour in enumerate(hours)
    ]  # fmt: skip


def test_office_hours_raise_nothing(read):
    assert kinds(read(contacts(office_times()), CONTACTS)) == []


# -- clocks and calendars ----------------------------------------------------------------------


def test_work_at_night_is_asked_about(read):
    night = office_times(hours=(1, 2, 3, 9, 14))
    assert kinds(read(contacts(night), CONTACTS)) == ["nights"]


def test_afternoons_that_were_lost(read):
    found = read(contacts(office_times(hours=(9, 10, 11, 12, 1, 2, 3, 4))), CONTACTS)
    assert one(found, "lost_afternoons").severity is Severity.WRONG


def test_some_times_that_are_midnight(read):
    times = [moment if at % 4 else datetime(moment.year, moment.month, moment.day)
             for at, moment in enumerate(office_times())]  # fmt: skip
    assert one(read(contacts(times), CONTACTS), "lost_times").rows == len(times[::4])
    # Days alone are a way of writing too.
    assert kinds(read(contacts([datetime(m.year, m.month, m.day) for m in times]), CONTACTS)) == []


def test_weekends_that_cannot_be(read):
    weekend = [datetime(day.year, day.month, day.day, 10 + at) for day in days(date(2026, 1, 3), 120)
               if day.weekday() > 4 for at in range(7)]  # fmt: skip
    assert "weekends" in kinds(read(contacts(weekend), CONTACTS))
    # Few rows on few days say it too, when all of them do.
    assert "weekends" in kinds(read(contacts(weekend[:140:2]), CONTACTS))
    assert "weekends" not in kinds(read(contacts(office_times()[:60] + weekend[:40]), CONTACTS))


def test_a_week_that_is_shifted_by_a_day(read):
    shifted = [moment - timedelta(1) for moment in office_times()]
    finding = one(read(contacts(shifted), CONTACTS), "shifted_days")
    assert "Friday and Saturday" in finding.sentence.replace("Saturday and Friday", "")
    assert len(finding.evidence.rows) == 7


def test_a_clock_that_knows_no_summer_time(read):
    # As UTC says it: office hours in Amsterdam are an hour earlier in summer, two in summer.
    local = office_times(date(2026, 1, 5), 240)
    utc = [moment - timedelta(hours=2 if date(2026, 3, 29) <= moment.date() else 1)
           for moment in local]  # fmt: skip
    assert other_clock(Counter(moment.replace(minute=0, second=0) for moment in local), ZONE) == 0
    finding = one(read(contacts(utc), CONTACTS), "other_clock")
    assert "an hour earlier in summer" in finding.sentence


def test_the_hours_around_summer_time(read):
    times = [*office_times(count=20), datetime(2026, 3, 29, 2, 30), datetime(2025, 10, 26, 2, 15)]
    found = read(contacts(times), CONTACTS)
    assert one(found, "skipped_hour").evidence.rows == (
        (len(times), f"C{len(times) - 2}", datetime(2026, 3, 29, 2, 30)),
    )
    assert one(found, "doubled_hour").rows == 1


def test_days_that_stand_for_something_else(read):
    text = clean_cases(count=40) + "".join(
        f"X{at};15-01-2026 10:00;01-01-1900 00:00;gesloten\n" for at in range(3)
    )
    finding = one(read(text, CASES), "placeholder_dates")
    assert finding.rows == 3
    assert 'missing = ["01-01-1900 00:00"]' in finding.what_to_do


def test_what_was_set_aside_for_such_a_day_is_explained(read):
    text = clean_cases(count=40) + "".join(
        f"X{at};15-01-2026 10:00;31-12-9999 00:00;open\n" for at in range(3)
    )
    found = read(text, CASES)
    assert found.result.feeds[0].quarantined == 3
    assert one(found, "placeholder_dates").evidence.rows[0][1] == "31-12-9999 00:00"


def test_facts_that_are_yet_to_come(read):
    text = clean_cases(count=40) + "X1;15-01-2077 10:00;;open\n"
    finding = one(read(text, CASES), "future")
    assert finding.values["day"] == date(2077, 1, 15)


def test_day_numbers_of_a_spreadsheet(read):
    rows = "".join(f"Z{at};{45658 + at},5;;open\n" for at in range(30))
    text = "Zaak;Geopend;Gesloten;Status\n" + rows
    with pytest.raises(
        Refused, match="day numbers of a spreadsheet: 45658,5 stands for 2025-01-01"
    ):
        read(text, CASES)
    pinned = CASES.replace(
        'opened_at = "Geopend"', 'opened_at = { from = "Geopend", format = "excel" }'
    )
    found = read(text, pinned)
    # Noon in Amsterdam.
    assert found.rows[0]["opened_at"] == datetime(2025, 1, 1, 11, 0)
    assert found.rows[29]["opened_at"] == datetime(2025, 1, 30, 11, 0)


def test_some_day_numbers_among_dates(read):
    text = clean_cases(count=40) + "X1;45658,5;;open\nX2;45659;;open\n"
    found = read(text, CASES)
    finding = one(found, "day_numbers")
    assert finding.rows == 2
    assert finding.values["day"] == date(2025, 1, 1)


# -- keys --------------------------------------------------------------------------------------


def test_rows_that_stand_twice(read):
    text = clean_cases(count=30)
    again = text + "\n".join(text.splitlines()[1:4]) + "\n"
    finding = one(read(again, CASES), "repeated_rows")
    assert (finding.severity, finding.rows) == (Severity.NOTE, 3)


def test_two_rows_under_one_key(read):
    text = clean_cases(count=30) + "Z00001;06-01-2026 11:00;;open\n"
    finding = one(read(text, CASES), "repeated_keys")
    key, times, lines, differs = finding.evidence.rows[0]
    assert (key, times) == ("Z00001", 2)
    assert lines.startswith("2, ")
    assert "Geopend" in differs


def test_an_event_log_is_no_list_of_cases(read):
    lines = ["Zaak;Geopend;Gesloten;Status;Stap;Moment"]
    lines += [
        f"Z{case};15-01-2026 10:00;{20 + case % 8}-01-2026 09:00;gesloten;{step};16-01-2026 1{step}:00"
        for case in range(20) for step in range(4)
    ]  # fmt: skip
    finding = one(read("\n".join(lines), CASES), "event_log")
    assert finding.severity is Severity.WRONG
    assert "80 rows for 20 different keys" in finding.sentence
    # Whoever says which value counts knows it.
    taken = CASES.replace('"Geopend"', '{ from = "Geopend", take = "min" }')
    assert "event_log" not in kinds(read("\n".join(lines), taken))


# -- numbers and texts -------------------------------------------------------------------------


def test_decimals_that_were_read_as_thousands(read):
    text = contacts(office_times(count=20), wait=lambda at: f"{1 + at % 9}.{100 + at}")
    pinned = CONTACTS.replace("[read]", '[read]\ndecimal = ","')
    finding = one(read(text, pinned), "thousands")
    assert ("1.100", 1100.0) in finding.evidence.rows
    amounts = contacts(
        office_times(count=20), wait=lambda at: f"{at}" if at % 2 else f"1.{100 + at}"
    )
    assert "thousands" not in kinds(read(amounts, pinned))


def test_a_unit_that_changes_midway(read):
    times = office_times(count=150)
    middle = len(times) // 2
    text = contacts(times, talk=lambda at: (200 + at % 50) * (1000 if at > middle else 1))
    finding = one(read(text, CONTACTS), "unit_changes")
    assert "larger" in finding.sentence
    assert 200 < finding.values["times"] <= 1000
    # One call of ten days is an outlier, no unit.
    spike = contacts(times, talk=lambda at: 864_000 if at == middle else 200 + at % 50)
    assert "unit_changes" not in kinds(read(spike, CONTACTS))


def test_letters_that_are_broken(read):
    text = contacts(
        office_times(count=10), reason=lambda at: "geÃ¯nformeerd" if at == 3 else "privé"
    )
    finding = one(read(text, CONTACTS), "broken_letters")
    assert finding.evidence.rows == ((5, "geÃ¯nformeerd"),)
    whole = contacts(office_times(count=10), reason=lambda _at: "Âge, Ãlbum, château, privé")
    assert "broken_letters" not in kinds(read(whole, CONTACTS))


def test_texts_that_were_cut(read):
    text = contacts(office_times(count=20), text=lambda at: "x" * (255 if at % 5 == 0 else at))
    assert one(read(text, CONTACTS), "cut_texts").values["length"] == 255


def test_a_column_that_says_nothing(read):
    assert (
        one(read(contacts(office_times(), text=lambda _at: "x"), CONTACTS), "one_value").column
        == "Tekst"
    )


def test_only_closed_cases(read):
    closed = clean_cases(count=60).replace(";;open\n", ";30-06-2026 10:00;gesloten\n")
    assert one(read(closed, CASES), "only_closed").rows > 50


# -- files -------------------------------------------------------------------------------------


def test_a_file_that_is_cut_off(read):
    whole = clean_cases(count=20)
    found = read(whole + "Z9;15-01-20", CASES)
    finding = one(found, "cut_off")
    assert finding.values["line"] == str(whole.count("\n") + 1)
    assert "cut_off" not in kinds(read(whole.rstrip("\n"), CASES))
    # A ragged row in the middle, or one that was ended, is something else.
    assert "cut_off" not in kinds(read(whole + "Z9;15-01-2026\n", CASES))


def test_surveys_by_day_are_no_lost_times(read):
    rows = "".join(f"{at};4;{day:%d-%m-%Y}\n" for at, day in enumerate(days(date(2026, 1, 1), 300)))
    assert kinds(read(f"Id;Cijfer;Datum\n{rows}", SURVEYS)) == ["one_value"]
