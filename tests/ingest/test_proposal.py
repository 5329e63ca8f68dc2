"""What a file is taken for, why, and what is asked."""

from datetime import date

import pytest

from kpi.ingest import parse_profile, propose
from kpi.settings import load_settings
from kpi.store import Configuration


@pytest.fixture
def settings(tmp_path):
    return load_settings(f"duckdb:///{tmp_path / 'store.duckdb'}")


@pytest.fixture
def proposed(settings, tmp_path):
    def look(content, table=None, name="x.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return propose(path, settings, table)

    return look


def test_a_dutch_export(proposed):
    text = (
        "Klachten week 14\n\n"
        "Klachtnummer;Datum geopend;Afgehandeld op;Status;Kanaal;Wachttijd\n"
        "K1;31-03-2026 09:00;;Open;Balie;1,5\n"
        "K2;01-04-2026 09:00;02-04-2026 11:00;Gesloten;Telefoon;2,25\n"
    )
    found = proposed(text.encode("cp1252"))
    assert (found.table, found.delimiter, found.header_line, found.rows) == ("cases", ";", 3, 2)
    assert found.doubts == ()
    profile = found.profile
    rules = profile.feeds[0].columns
    assert {name: rule.sources for name, rule in rules.items()} == {
        "case_id": ("Klachtnummer",),
        "opened_at": ("Datum geopend",),
        "closed_at": ("Afgehandeld op",),
        "status": ("Status",),
        "opened_channel": ("Kanaal",),
    }
    assert profile.read.date_order == "dmy"
    assert profile.read.skip_rows == 2
    assert any("known name" in reason for reason in found.reasons["opened_at"])
    assert parse_profile(found.profile_text) == profile


def test_an_own_name_goes_before_a_synonym(proposed):
    found = proposed(
        "case_id,zaaknummer,opened_at,status\n1,9,2026-01-05,open\n2,8,2026-01-06,open\n"
    )
    assert found.profile.feeds[0].columns["case_id"].sources == ("case_id",)


def test_the_same_header_means_another_thing_in_another_table(proposed):
    customers = proposed(
        "klantnummer;klant sinds;einddatum\n1;2020-01-05;2021-01-05\n2;2020-02-05;\n"
    )
    assert customers.table == "customers"
    assert customers.profile.feeds[0].columns["customer_until"].sources == ("einddatum",)
    cases = proposed(
        "zaaknummer;startdatum;einddatum;status\n1;2020-01-05;2021-01-05;x\n2;2020-02-05;;x\n"
    )
    assert cases.profile.feeds[0].columns["closed_at"].sources == ("einddatum",)


def test_time_of_day_in_a_column_of_its_own(proposed):
    text = "contactnummer;datum;tijd;kanaal;gesprekstijd\n1;31-01-2026;9:05;telefoon;0:02:23\n2;30-01-2026;10:00;chat;1:00\n"
    columns = proposed(text).profile.feeds[0].columns
    assert columns["started_at"].sources == ("datum", "tijd")
    assert columns["talk_s"].unit == "hms"


def test_what_the_file_does_not_say_is_asked(proposed):
    found = proposed("gespreks-id;datum/tijd\n1;2026-01-05 09:00\n2;2026-01-05 10:00\n")
    assert found.table == "contacts"
    assert any("channel" in doubt for doubt in found.doubts)


def test_a_file_that_fits_no_table_is_still_described(proposed):
    found = proposed("naam;kleur\njan;rood\npiet;blauw\n")
    assert (found.table, found.columns, found.rows) == (None, ("naam", "kleur"), 2)
    assert found.refused is None
    assert found.as_json()["delimiter"] == ";"


def test_a_file_that_cannot_be_read_is_described_by_its_reason(proposed):
    found = proposed(b"\x1f\x8b" + bytes(50), name="x.csv.gz")
    said = found.as_json()
    assert said["columns"] == []
    assert "gzip" in said["problems"][0]["reason"]
    assert found.refused == said["problems"][0]["reason"]


def test_a_header_that_only_resembles_a_name_is_doubtful(proposed):
    found = proposed(
        "zaaknummer;opgelost opp;geopend;status\n1;2026-01-06;2026-01-05;x\n2;;2026-01-05;x\n"
    )
    assert any("opgelost opp" in doubt for doubt in found.doubts)


def test_rows_that_would_be_set_aside_are_told_beforehand(proposed):
    rows = "".join(f"{at};2026-01-05;open\n" for at in range(30))
    found = proposed(f"zaaknummer;geopend;status\n{rows}31;morgen;open\n32;2026-01-05\n")
    assert [(problem["row"], problem["column"]) for problem in found.problems] == [
        (32, "geopend"),
        (33, ""),
    ]
    assert (found.rows, found.bad_rows) == (32, 2)
    assert found.doubts == ()


def test_of_a_few_rows_one_bad_row_costs_one_row(proposed):
    bad = ";2026-01-15;open\n"
    found = proposed(f"zaaknummer;geopend;status\n1;2026-01-14;open\n{bad}3;2026-01-16;open\n")
    assert (found.bad_rows, found.doubts) == (1, ())
    found = proposed(f"zaaknummer;geopend;status\n1;2026-01-14;open\n{bad}{bad}")
    assert any("would be set aside" in doubt for doubt in found.doubts)


def test_a_key_that_a_spreadsheet_destroyed_still_says_that_it_is_a_case(proposed):
    rows = "".join(f"5,70306E+17;K{at};2026-01-{1 + at % 28:02d};;open\n" for at in range(40))
    found = proposed(f"zaaknummer;klantnummer;openingsdatum;sluitingsdatum;status\n{rows}")
    assert found.table == "cases"
    assert found.profile.feeds[0].columns["case_id"].sources == ("zaaknummer",)
    assert any("rounded by a spreadsheet" in doubt for doubt in found.doubts)
    assert not any("event log" in doubt for doubt in found.doubts)


def test_lines_that_are_no_utf8_are_named_and_pinning_costs_them_alone(proposed):
    rows = "".join(f"{at};2026-01-{1 + at % 28:02d};één\n" for at in range(40))
    text = f"zaaknummer;geopend;status\n{rows}".encode() + b"41;2026-01-05;Caf\xe9\n"
    found = proposed(text)
    [doubt] = found.doubts
    assert r"42 (26-01-05;Caf\xe9)" in doubt
    assert 'encoding = "utf-8"' in doubt
    assert found.profile.read.encoding == "utf-8"
    assert [problem["row"] for problem in found.problems] == [42]
    assert found.bad_rows == 1


def test_many_ragged_rows_are_a_doubt(proposed):
    rows = "".join(f"{at};2026-01-05;open{';x' * (at % 2)}\n" for at in range(20))
    found = proposed(f"zaaknummer;geopend;status\n{rows}")
    assert any("no row like the others" in doubt for doubt in found.doubts)


def test_a_file_without_its_date_is_told_in_words(proposed):
    found = proposed("customerID;segment;x\n1;a;b\n2;a;b\n")
    [doubt] = [one for one in found.doubts if "looks most like" in one]
    assert "the table Customers" in doubt
    assert "(customerID)" in doubt
    assert "(customer_since)" in doubt
    assert "customer_id" not in doubt


def test_milliseconds_are_asked_about(proposed):
    rows = "".join(f"{at};2026-01-05 10:00;telefoon;{at}45000\n" for at in range(1, 20))
    found = proposed(f"gespreks-id;datum/tijd;kanaal;gesprekstijd\n{rows}")
    assert any("milliseconds" in doubt for doubt in found.doubts)


def test_hostile_headers_are_texts(proposed):
    found = proposed(
        'zaaknummer;geopend;status;"c0) FROM x; --";\'\n1;2026-01-05;open;x;y\n2;2026-01-05;open;x;y\n'
    )
    assert found.table == "cases"
    assert found.rows == 2


def closed(n, header):
    rows = "".join(f"Z{i};2026-03-{1 + i % 28:02d};2026-04-01;Afgehandeld\n" for i in range(n))
    return f"zaaknummer;openingsdatum;{header};status\n{rows}"


def test_closed_cases_without_a_time_are_asked_about_and_the_column_is_named(proposed):
    found = proposed(closed(20, "klaarmoment"))
    assert any("no column that is read says when" in doubt for doubt in found.doubts)
    assert found.as_json()["warnings"] == ["Columns that were not read: klaarmoment."]
    found = proposed(closed(20, "sluitingsdatum"))
    assert found.doubts == ()
    assert found.as_json()["warnings"] == []
    assert found.profile.feeds[0].columns["closed_at"].sources == ("sluitingsdatum",)


def test_configured_words_say_which_cases_are_closed(settings, tmp_path):
    path = tmp_path / "zaken.csv"
    path.write_text("Zaaknummer;Aangemaakt op;Status\n" + "".join(
        f"Z{at};{1 + at % 28:02d}-03-2026;GER\n" for at in range(40)))  # fmt: skip
    row = {"dictionary": "status", "as_came": "ger", "valid_from": date(2020, 1, 1),
           "understood": "closed", "ignored": False, "retired": False}  # fmt: skip
    assert not any("is closed" in one for one in propose(path, settings).doubts)
    found = propose(path, settings, configuration=Configuration({"codes": [row]}))
    assert any("Status says of 40 rows that the case is closed" in one for one in found.doubts)


def calls(key, rows=20):
    lines = [f"{key(at)};{1 + at % 28:02d}-03-2026 10:{at:02d};mail\n" for at in range(rows)]
    return "Gespreksref;Datum;Kanaal\n" + "".join(lines)


def test_a_column_that_differs_in_every_row_is_proposed_as_the_key(proposed):
    found = proposed(calls(lambda at: f"G{at:04d}"), "contacts")
    assert found.profile.feeds[0].columns["contact_id"].sources == ("Gespreksref",)
    assert any("Gespreksref differs in every row" in one for one in found.doubts)


@pytest.mark.parametrize("key", [lambda at: at + 1, lambda at: at // 2 + 500, lambda at: f"{at},5"])
def test_what_counts_rows_or_comes_again_is_no_key(proposed, key):
    found = proposed(calls(key), "contacts")
    assert found.profile.feeds[0].columns["contact_id"].hash
    # A key that is made of a column keeps nothing of it.
    assert any("Gespreksref" in one for one in found.unread)


def test_the_header_of_the_answers_says_which_question_it_is(proposed):
    text = "Respondentnummer;Ingevuld op;NPS-score\n" + "".join(f"R{at};13-03-2026;{at % 11}\n" for at in range(20))  # fmt: skip
    found = proposed(text, "surveys")
    assert found.profile.feeds[0].columns["metric"].value == "nps"
    assert any("metric" in one for one in found.doubts), "and is asked all the same"


def test_a_file_that_is_called_a_workbook_and_is_none(proposed):
    found = proposed("Zaaknummer;Aangemaakt op;Status\nZ1;13-03-2026;open\n", name="x.xlsx")
    assert found.rows == 1
    assert any("The name says that this is a workbook" in one for one in found.doubts)
    for content in (b"PK rommel", b"PK\x05\x06" + bytes(18)):
        assert "damaged" in proposed(content, name="x.xlsx").refused


def test_day_numbers_are_called_so_when_they_are_set_aside(proposed):
    rows = "".join(
        f"Z{at};{46000 + at if at % 3 == 0 else '13-03-2026'};open\n" for at in range(30)
    )
    found = proposed("Zaaknummer;Aangemaakt op;Status\n" + rows)
    assert {one["reason"] for one in found.problems} == {
        "is a day number of a spreadsheet, not a date; save the column as dates, or read it as day numbers"
    }  # fmt: skip


def test_the_table_that_was_asked_for_gets_the_column_that_tells_rows_apart_too(proposed):
    # Without a date it is no contact yet; which column is the key is known all the same.
    head = "Referentie;Via;Wie\n"
    rows = "".join(f"R-{7 * i:04d};telefoon;klant {i % 3}\n" for i in range(1, 25))
    found = proposed(head + rows, "contacts")
    assert found.profile is None
    [feed] = parse_profile(found.draft_text, complete=False).feeds
    assert feed.columns["contact_id"].sources == ("Referentie",)
    assert any("differs in every row" in one for one in found.reasons["contact_id"])


def test_an_order_is_proven_by_the_dates_that_fit_no_other(proposed):
    rows = "".join(f"Z{i};{i:02d}-03-2026;open\n" for i in range(1, 25))
    found = proposed("Zaaknummer;Geopend op;Status\n" + rows)
    # The first twelve days could be months as well.
    assert any(one.endswith("day-month-year: 12") for one in found.reasons["opened_at"])


def test_the_time_of_day_beside_a_date_is_no_rival_of_it(proposed):
    rows = "".join(f"G{7 * i};{i:02d}-03-2026;09:{i + 10};telefoon\n" for i in range(1, 25))
    found = proposed("Gespreksnummer;Datum;Starttijd;Kanaal\n" + rows)
    assert found.profile.feeds[0].columns["started_at"].sources == ("Datum", "Starttijd")
    assert found.doubts == ()
