from kpi.i18n import use
from kpi.ingest import notes


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
