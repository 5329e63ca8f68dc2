"""The detective: what loads without complaint and is not right is found; clean files are left alone."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from kpi.findings import Finding, Severity, Word, from_plain, serious_first, to_plain
from kpi.i18n import use
from kpi.ingest.detect.order import swapped, swapped_weekends
from kpi.ingest.detect.scores import Day, changes
from tests.ingest.conftest import profile_of

DATA = Path(__file__).resolve().parents[2] / "data"
CASES = profile_of(
    "cases", case_id='"Zaak"', opened_at='"Geopend"', closed_at='"Gesloten"', status='"Status"'
)
SURVEYS = profile_of(
    "surveys", response_id='"Id"', metric='{ value = "csat5" }', score='"Cijfer"',
    responded_at='"Datum"',
)  # fmt: skip


def kinds(found):
    return [finding.kind for finding in found.result.findings]


def one(found, kind):
    (finding,) = (one for one in found.result.findings if one.kind == kind)
    return finding


def days(first, count):
    return [first + timedelta(at) for at in range(count)]


# -- clean files raise nothing -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("sample", "profile"),
    [("contacten", "contactcentrum"), ("enquete", "enquete"), ("zaaklogboek", "zaaklogboek")],
)
def test_our_own_samples_raise_nothing(read, sample, profile):
    text = (DATA / "profiles" / f"{profile}.toml").read_text(encoding="utf-8")
    found = read((DATA / "samples" / f"{sample}.csv").read_bytes(), text)
    assert not found.result.findings


def clean_cases(first=date(2026, 1, 5), count=200):
    """Cases as a case system writes them: on working days, closed some days later."""
    lines = ["Zaak;Geopend;Gesloten;Status"]
    at = 0
    for day in days(first, count):
        if day.weekday() < 5:
            for hour in (9, 11, 14):
                at += 1
                closed = day + timedelta(7)
                lines.append(
                    f"Z{at:05};{day:%d-%m-%Y} {hour:02}:{at % 60:02};"
                    f"{f'{closed:%d-%m-%Y} {hour:02}:59' if at % 9 else ''};"
                    f"{'gesloten' if at % 9 else 'open'}"
                )
    return "\n".join(lines) + "\n"


def test_a_clean_file_raises_nothing(read):
    assert kinds(read(clean_cases(), CASES)) == []


# -- dates -------------------------------------------------------------------------------------


def as_swapped(day):
    return date(day.year, day.day, day.month) if day.day <= 12 else day


def test_swapped_days_show_by_what_never_occurs():
    true = dict.fromkeys(days(date(2026, 4, 1), 90), 3)
    assert swapped(true) is None
    months, rows = swapped({as_swapped(day): 3 for day in true})
    assert months == {4, 5, 6}
    # Of 36 early days those in the months themselves (4-4, 5-5, 4-5, …) stay there.
    assert rows == 3 * (36 - 9)


def test_what_is_always_dated_on_the_first_is_not_swapped():
    first = {date(year, month, 1): 40 for year in (2025, 2026) for month in range(1, 13)}
    assert swapped(first) is None
    assert swapped(first | dict.fromkeys(days(date(2026, 1, 1), 60), 1)) is None
    assert swapped_weekends(first) is None


def test_a_whole_year_that_was_swapped_shows_by_its_weekends():
    working = {day: 2 for day in days(date(2025, 1, 1), 365) if day.weekday() < 5}
    assert swapped_weekends(working) is None
    early, late = swapped_weekends({as_swapped(day): 2 for day in working})
    assert early > 0.18
    assert late == 0


def test_swapped_days_in_a_file(read):
    lines = ["Zaak;Geopend;Gesloten;Status"]
    lines += [
        f"Z{at};{as_swapped(day):%d-%m-%Y} 10:00;;open"
        for at, day in enumerate(days(date(2026, 4, 1), 90))
    ]
    finding = one(read("\n".join(lines), CASES), "swapped_days")
    assert finding.severity is Severity.WRONG
    assert (finding.table, finding.column, finding.rows) == ("cases", "Geopend", 27)
    assert finding.evidence.rows[0] == ("2026-01", 3, "4-6")


def test_two_digit_years_are_shown_as_read(read):
    found = read(
        "Id;Cijfer;Datum;Maand\n"
        + "\n".join(f"{at};4;{day:%d/%m/%y};{day.month}" for at, day in
                    enumerate(days(date(2026, 1, 1), 70))),
        SURVEYS.replace("[read]", '[read]\ndate_order = "dmy"'),
    )  # fmt: skip
    shown = one(found, "short_years")
    assert shown.severity is Severity.NOTE
    assert ("31/01/26", date(2026, 1, 31)) in shown.evidence.rows
    assert one(found, "month_beside").severity is Severity.NOTE


def test_a_month_beside_the_date_disproves_an_order(read):
    rows = "\n".join(
        f"{at};4;{day:%m/%d/%y};{day.month}"
        for at, day in enumerate(days(date(2026, 1, 1), 12) * 6)
    )
    wrong = SURVEYS.replace("[read]", '[read]\ndate_order = "dmy"')
    finding = one(read(f"Id;Cijfer;Datum;Maand\n{rows}", wrong), "month_beside")
    assert finding.severity is Severity.WRONG
    assert "only 6 of 72 rows" in finding.sentence


def test_closing_before_opening_is_shown_by_line(read):
    text = clean_cases(count=30) + "Z9;03-02-2026 10:00;01-02-2026 09:00;gesloten\n"
    finding = one(read(text, CASES), "ends_before_it_begins")
    assert finding.sentence == "Cases that were closed before they were opened: 1."
    ((line, case, *_times),) = finding.evidence.rows
    assert (line, case) == (text.count("\n"), "Z9")


def test_days_without_a_time_close_before_they_open(read):
    lines = [f"Z{at};{day:%d-%m-%Y} 10:00;{day:%d-%m-%Y};gesloten"
             for at, day in enumerate(days(date(2026, 1, 5), 40))]  # fmt: skip
    finding = one(read("Zaak;Geopend;Gesloten;Status\n" + "\n".join(lines), CASES),
                  "ends_before_it_begins")  # fmt: skip
    assert "without a time of day" in finding.sentence


# -- answers -----------------------------------------------------------------------------------


def answers(values):
    rows = (f"{at};{value};{date(2026, 1, 1) + timedelta(at // 4):%Y-%m-%d}"
            for at, value in enumerate(values))  # fmt: skip
    return "Id;Cijfer;Datum\n" + "\n".join(rows)


def test_zero_where_the_scale_begins_at_one(read):
    found = read(answers([1, 5, 4, 0] * 50), SURVEYS)
    finding = one(found, "zero_not_asked")
    assert (finding.rows, finding.severity) == (50, Severity.WRONG)
    assert 'from = "Cijfer", missing = ["0"]' in finding.what_to_do
    assert kinds(read(answers([1, 5, 4, 0] * 50), SURVEYS.replace("csat5", "nps"))) == [
        "beyond_scale"
    ]
    assert kinds(read(answers([1, 5, 4, 2] * 50), SURVEYS)) == []


def test_a_scale_that_changes_midway(read):
    grades = SURVEYS.replace("csat5", "grade10")
    finding = one(read(answers([4, 5, 3, 2] * 50 + [8, 9, 7, 6] * 50), grades), "scale_changes")
    assert finding.values["day"] == date(2026, 2, 20)
    assert kinds(read(answers([4, 8, 9, 6] * 50 + [8, 9, 7, 6] * 50), grades)) == []


def test_a_change_needs_answers_on_both_sides():
    def made(first, then):
        tops = [(0, 0, 0)] * first + [(9, 0, 0)] * then
        return [Day(date(2026, 1, 1) + timedelta(at), 10, top, 0, 1, 9, 50)
                for at, top in enumerate(tops)]  # fmt: skip

    assert changes(made(20, 20)).day == date(2026, 1, 21)
    assert changes(made(20, 1)) is None
    assert changes(made(0, 40)) is None
    assert changes([]) is None


def test_answers_outside_their_scale(read):
    assert one(read(answers([4, 9, 3, 2] * 30), SURVEYS), "beyond_scale").rows == 30


# -- ids ---------------------------------------------------------------------------------------


def cases_with(ids):
    rows = (f"{one};15-01-2026 10:{at % 60:02};;open" for at, one in enumerate(ids))
    return "Zaak;Geopend;Gesloten;Status\n" + "\n".join(rows)


def test_ids_that_a_spreadsheet_rounded(read):
    finding = one(read(cases_with(["5,70306E+17", "5,70306E+17", "Z2", "7E+10"]), CASES),
                  "rounded_ids")  # fmt: skip
    assert (finding.rows, finding.severity) == (3, Severity.WRONG)
    assert finding.evidence.rows[0] == ("5,70306E+17", 2, 2)
    cut = [f"{at:015}0000" for at in range(10**14, 10**14 + 20)]
    assert one(read(cases_with(cut), CASES), "rounded_ids").rows == 20


def test_ids_that_only_look_so(read):
    whole = [f"{570306000000000000 + at * 7919}" for at in range(200)]
    assert "rounded_ids" not in kinds(read(cases_with(whole), CASES))
    assert "rounded_ids" not in kinds(read(cases_with(["Z1E+", "ZE+4", "abc-E+17-x"]), CASES))


def test_ids_written_as_decimal_numbers(read):
    finding = one(read(cases_with(["1001.0", "1002.0"]), CASES), "decimal_ids")
    assert 'case_id = { from = "Zaak", pattern' in finding.what_to_do
    assert "decimal_ids" not in kinds(read(cases_with(["v1.0a", "1.01"]), CASES))


# -- what a finding is -------------------------------------------------------------------------


def test_findings_cross_processes_whole(read):
    for found in read(answers([1, 5, 4, 0] * 50), SURVEYS).result.findings:
        assert from_plain(json.loads(json.dumps(to_plain(found)))) == found
        assert json.dumps(found.as_json())


def test_findings_speak_the_language_of_who_reads_them():
    finding = Finding("x", "{column}: {n} ids are written as decimal numbers, like {example}.",
                      {"column": "Zaak", "n": 1234, "example": "1.0"})  # fmt: skip
    with use("nl"):
        assert finding.sentence == "Zaak: 1.234 nummers staan er als kommagetal, zoals 1.0."
        assert finding.english.startswith("Zaak: 1,234 ids")


def test_what_matters_most_comes_first_and_once():
    note, wrong = (
        Finding("a", "x", severity=Severity.NOTE),
        Finding("a", "y", severity=Severity.WRONG),
    )
    assert serious_first([note, wrong, note]) == (wrong, note)
    assert isinstance(
        from_plain(to_plain(Finding("a", "x", {"w": Word("Line")}))).values["w"], Word
    )
