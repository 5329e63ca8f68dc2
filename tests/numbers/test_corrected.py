"""Rows that were set aside and came in later: by their key, or with the mended file."""

from datetime import date

import pytest

from kpi.ingest import load, parse_profile
from kpi.numbers.corrected import corrected
from kpi.numbers.quality import quality
from kpi.periods import Period
from kpi.settings import load_settings
from kpi.store import open_store

CASES = """
[read]
date_order = "dmy"
[[feeds]]
table = "cases"
[feeds.columns]
case_id = "Zaak"
opened_at = "Geopend"
status = { value = "open" }
"""
CONTACTS = """
[read]
date_order = "dmy"
[[feeds]]
table = "contacts"
[feeds.columns]
contact_id = { hash = ["Wanneer", "Kanaal"] }
started_at = "Wanneer"
channel = "Kanaal"
"""


@pytest.fixture
def store(tmp_path):
    with open_store(load_settings(f"duckdb:///{tmp_path / 's.duckdb'}")) as opened:
        yield opened


@pytest.fixture
def loads(store, tmp_path):
    """`loads(name, text, profile)`: the import that it became."""

    def loaded(name, text, profile):
        path = tmp_path / name
        path.write_text(text)
        outcome = load(store, path, parse_profile(profile) if profile else None)
        assert outcome.refused is None
        return outcome.import_id

    return loaded


def told(store, number, table="cases"):
    one = corrected(store, number).get(table)
    return (one.rows, one.by) if one else None


def test_a_row_is_known_again_by_its_key_whatever_the_file_is_called(store, loads):
    text = "Zaak;Geopend\nA;01-02-2026\nB;31-02-2026\nC;weet niet\n"
    first = loads("zaken.csv", text, CASES)
    assert told(store, first) is None
    other = loads("anders.csv", "Zaak;Geopend\n B ;28-02-2026\nD;01-02-2026\n", CASES)
    assert told(store, first) == (1, (other,))
    third = loads("rest.csv", "Zaak;Geopend\nC;20-02-2026\nB;27-02-2026\n", CASES)
    assert told(store, first) == (2, (other, third)), "the first that brought each"
    (aside,) = quality(store, Period(date(2026, 2, 1), date(2026, 2, 28))).aside
    assert (aside.n, aside.corrected, aside.open, aside.by) == (2, 2, 0, (other, third))
    # Taken back, it is open again; what an earlier import holds corrects nothing.
    store.undo(third, "test")
    assert told(store, first) == (1, (other,))
    again = loads("later.csv", "Zaak;Geopend\nA;x\nE;01-02-2026\n", CASES)
    assert told(store, again) is None


def test_where_the_key_is_the_row_itself_the_mended_file_tells(store, loads):
    text = "Wanneer;Kanaal\n01-02-2026 10:00;mail\n31-02-2026 10:00;mail\n32-02-2026 11:00;mail\n"
    first = loads("contacten.csv", text, CONTACTS)
    loads("anders.csv", "Wanneer;Kanaal\n28-02-2026 10:00;mail\n", CONTACTS)
    assert told(store, first, "contacts") is None
    mended = "Regel;Reden;Wanneer;Kanaal\n3;x;28-02-2026 12:00;mail\n4;x;33-02-2026 11:00;mail\n"
    second = loads(f"apart-gezet-{first}.csv", mended, CONTACTS)
    assert told(store, first, "contacts") == (1, (second,))
