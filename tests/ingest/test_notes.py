from kpi.i18n import use
from kpi.ingest import notes
from tests.ingest.conftest import Reader, profile_of


def test_every_note_is_found_again():
    for message in notes.ALL:
        places = {"column": "Datum + Tijd", "n": 12, "first": 2021, "last": 2026, "values": "a (1), b: 2.",
                  "table": "cases", "name": "x", "names": "a, b", "encoding": "cp1252"}  # fmt: skip
        stored = notes.english((message, places))
        assert notes.shown(stored) == stored
        with use("nl"):
            dutch = notes.shown(stored)
        assert dutch != stored
        for name, value in places.items():
            if f"{{{name}}}" in message:
                assert str(value) in dutch


def test_another_sentence_is_shown_as_it_is():
    assert notes.shown("Something else.") == "Something else."


def test_columns_that_are_not_read_are_named_also_with_a_profile(read: Reader) -> None:
    told = read(
        "nr;dag;s;klaar;leeg;\n1;2026-03-01;open;2026-03-02;;\n2;2026-03-01;open;;;\n",
        profile_of("cases", case_id='"nr"', opened_at='"dag"', status='"s"'),
    ).warnings
    # What is empty in every row has nothing to read.
    assert "Columns that were not read: klaar." in told
    with use("nl"):
        assert notes.shown("Columns that were not read: klaar.") == "Niet gelezen kolommen: klaar."
