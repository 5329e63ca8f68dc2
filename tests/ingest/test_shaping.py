"""A profile changed by what somebody wants of the file: still a profile, and it reads so."""

import pytest

from kpi.ingest import parse_profile, write_profile
from kpi.ingest.event_log import Log, as_log, log_of, step_of
from kpi.ingest.known_otherwise import known_by, numbers_of_customers
from kpi.ingest.profiles import Feed, Profile, Rule, Take
from kpi.ingest.shaping import (
    begun,
    groups,
    lacking,
    more_questions,
    question_of,
    together,
    unused,
    with_only,
    with_question,
    with_rule,
    without_feeds,
    yes_or_no,
)

SHEET = Profile(
    (
        Feed(
            "surveys",
            {
                "response_id": Rule(sources=("Id",)),
                "metric": Rule(value="grade10"),
                "score": Rule(sources=("Cijfer",)),
                "comment": Rule(sources=("Opmerking",)),
                "responded_at": Rule(sources=("Ingevuld",)),
            },
        ),
    ),
    name="enquête",
)
CONTACTS = Profile(
    (
        Feed(
            "contacts",
            {
                "contact_id": Rule(sources=("Gesprek",)),
                "started_at": Rule(sources=("Datum", "Tijd")),
                "channel": Rule(value="phone"),
            },
        ),
    )
)


def test_a_column_more_or_less_keeps_the_order_of_the_table():
    more = with_rule(SHEET, (0,), "invited_at", Rule(sources=("Uitgenodigd",)))
    assert list(more.feeds[0].columns) == [
        "response_id", "metric", "score", "comment", "invited_at", "responded_at",
    ]  # fmt: skip
    assert with_rule(more, (0,), "invited_at", None) == SHEET


def test_what_is_lacking_is_named_until_it_is_filled():
    made = begun("contacts", ["Gesprek", "Datum"])
    assert [column.name for column in lacking(made.feeds[0])] == ["started_at", "channel"]
    assert made.feeds[0].columns["contact_id"].hash == ("Gesprek", "Datum")
    assert not lacking(CONTACTS.feeds[0])
    # One in the making can be written and read back, and is refused as a whole one.
    text = write_profile(made)
    assert parse_profile(text, complete=False) == made
    with pytest.raises(Exception, match="started_at"):
        parse_profile(text)


def test_further_questions_are_found_by_header_and_answers():
    headers = ["Id", "Cijfer", "Opmerking", "Ingevuld", "Aanbeveling", "Gemak", "Opgelost", "Team"]
    samples = {
        "Aanbeveling": ("9", "10"), "Gemak": ("7", "2,5"), "Opgelost": ("ja", "nee"),
        "Team": ("Noord",),
    }  # fmt: skip
    assert unused(SHEET, headers) == ["Aanbeveling", "Gemak", "Opgelost", "Team"]
    found = more_questions(SHEET, headers, samples)
    assert found == [("Aanbeveling", "nps"), ("Gemak", "ces7"), ("Opgelost", "resolved")]
    # What is asked already is not offered again, nor what holds words.
    assert more_questions(SHEET, ["Tevredenheidscijfer"], {"Tevredenheidscijfer": ("heel",)}) == []
    assert question_of("Behandelaar") is None


def test_a_question_more_shares_all_but_its_answer():
    made = with_question(SHEET, (0,), "Opgelost", "resolved", ("ja", "nee"))
    assert [group.feeds for group in groups(made)] == [(0, 1)]
    second = made.feeds[1].columns
    assert second["metric"] == Rule(value="resolved")
    assert second["score"].map == {"ja": "1", "nee": "0"}
    assert second["responded_at"] == SHEET.feeds[0].columns["responded_at"]
    assert "comment" not in second, "one remark, told once"
    assert parse_profile(write_profile(made)) == made
    assert without_feeds(made, (1,)) == SHEET
    assert without_feeds(SHEET, (0,)) == SHEET, "the last one stays"


@pytest.mark.parametrize(
    ("values", "made"),
    [
        (("Ja", "nee"), {"Ja": "1", "nee": "0"}),
        (("1", "0"), {}),
        (("ja", "misschien"), {}),
        ((), {}),
    ],
)
def test_yes_and_no_as_answers(values, made):
    assert yes_or_no(values) == made


LOG = "zaak;stap;tijd;klaar;team\nZ1;ontvangen;2026-03-02 09:00;;A\nZ1;klaar;2026-03-04 10:00;;B\nZ2;ontvangen;2026-03-03 09:00;2026-03-05 12:00;A\n"


@pytest.mark.parametrize(
    ("closed", "status"),
    [("", ["open", "open"]), ("last", ["closed", "closed"]), ("klaar", ["open", "closed"])],
)
def test_an_event_log_gives_cases_and_steps(read, closed, status):
    base = Profile((Feed("cases", {}),), name="log")
    made = as_log(base, Log("zaak", ("tijd",), "stap", closed), {"department": Rule(("team",))})
    assert made.feeds[0].merges
    found = read(LOG, write_profile(made))
    cases, events = found.feeds
    assert [case["case_id"] for case in cases] == ["Z1", "Z2"]
    assert [case["status"] for case in cases] == status
    assert [case["department"] for case in cases] == ["A", "A"], "the first that is told"
    assert [event["value"] for event in events] == ["ontvangen", "klaar", "ontvangen"]
    assert {event["kind"] for event in events} == {"moment"}
    assert len({event["event_id"] for event in events}) == 3
    if closed == "last":
        assert (cases[0]["closed_at"] - cases[0]["opened_at"]).days == 2


def test_an_opening_of_its_own_stands_and_a_status_is_the_last():
    base = Profile((Feed("cases", {}),))
    attributes = {
        "opened_at": Rule(sources=("begin",), take=Take.MIN),
        "status": Rule(sources=("stand",)),
    }
    made = as_log(base, Log("zaak", ("tijd",), "stap"), attributes)
    cases = made.feeds[0].columns
    assert cases["opened_at"].sources == ("begin",)
    assert cases["status"].take is Take.LAST


def test_only_some_rows(read):
    kept = with_only(CONTACTS, (0,), {"Kanaal": ["Telefoon"], "Team": []})
    assert kept.feeds[0].only == {"Kanaal": ("Telefoon",)}
    text = "Gesprek;Datum;Tijd;Kanaal\nG1;02-03-2026;09:00;Telefoon\nG2;13-03-2026;10:00;Chat\n"
    found = read(text, write_profile(kept))
    assert [row["contact_id"] for row in found.rows] == ["G1"]
    assert found.result.feeds[0].left_out == 1


def test_who_is_known_by_a_number_only_is_kept_unreadable(read):
    made = known_by(CONTACTS, (0,), "Nummer", "telefonie", "Klant")
    text = (
        "Gesprek;Datum;Tijd;Nummer;Klant\nG1;02-03-2026;09:00;06-12345678;K1\n"
        "G2;13-03-2026;10:00;+31612345678;\n"
    )
    contacts, identities = read(text, write_profile(made)).feeds
    # However it is written, a number is the same customer; and it can be read from nothing.
    assert len({row["customer_id"] for row in contacts}) == 1
    assert contacts[0]["customer_id"].startswith("h:")
    assert [(row["external_id"], row["customer_id"]) for row in identities] == [
        (contacts[0]["customer_id"], "K1")
    ]
    assert known_by(CONTACTS, (0,), "Nummer", "telefonie").feeds[0].columns["customer_id"].keyed


def test_rows_of_one_key_together():
    made = together(CONTACTS, 0).feeds[0].columns
    assert made["started_at"].take is Take.MIN
    assert made["contact_id"].take is None
    text = '[[feeds]]\ntable = "cases"\n[feeds.columns]\ncase_id = "Z"\nopened_at = "A"\nclosed_at = "B"\nstatus = "C"\n'
    cases = together(parse_profile(text), 0)
    takes = {name: rule.take for name, rule in cases.feeds[0].columns.items()}
    assert takes == {"case_id": None, "opened_at": Take.MIN, "closed_at": Take.MAX, "status": Take.LAST}  # fmt: skip
    assert parse_profile(write_profile(cases)) == cases


def test_a_log_is_known_again():
    base = begun("cases", ["Zaak", "Stap", "Tijd"])
    for closed in ("", "last", "Einde"):
        log = Log("Zaak", ("Tijd",), "Stap", closed, "work")
        assert log_of(as_log(base, log)) == log
    assert log_of(CONTACTS) is None


def test_columns_of_phone_numbers_are_who_the_customer_is():
    headers = ["Beller", "Mail", "Bedrag", "Datum"]
    samples = {
        "Beller": ("0612345678", "+31 20 123 45 67"), "Mail": ("a@b.nl",), "Bedrag": ("0612",),
        "Datum": ("01-02-2026",),
    }  # fmt: skip
    made = begun("contacts", [])
    assert numbers_of_customers(made, headers, samples) == ["Beller"]
    assert numbers_of_customers(made, headers[1:], samples) == ["Mail"]
    assert numbers_of_customers(made, headers[2:], samples) == []
    known = with_rule(made, (0,), "customer_id", Rule(sources=("Klant",)))
    assert numbers_of_customers(known, headers, samples) == []


def test_the_step_of_a_log_is_known_by_its_name_or_as_the_only_one_left():
    profile = Profile((Feed("cases", {"case_id": Rule(("Zaak",)), "opened_at": Rule(("Tijd",))}),))
    steps = (("Ontvangen", 8), ("Besluit", 8))
    values = {
        "Activiteit": steps, "Team": (("Noord", 10), ("Zuid", 6)), "Aantal": (("1", 9), ("2", 7)),
        "Dag": (("02-03-2026", 8), ("03-03-2026", 8)), "Zin": (("een", 1), ("twee", 1)),
    }  # fmt: skip
    assert step_of(profile, ["Zaak", "Tijd", "Team", "Activiteit"], values) == "Activiteit"
    assert step_of(profile, ["Zaak", "Team", "Aantal", "Dag", "Zin"], values) == "Team"
    assert step_of(profile, ["Zaak", "Team", "Fase"], values | {"Fase": steps}) == ""
    assert step_of(profile, ["Zaak", "Aantal", "Dag", "Zin", "Leeg"], values) == ""
