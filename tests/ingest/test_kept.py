"""Which kept profile a file is read with: by name, by columns, or none when unsure."""

from datetime import date

import pytest

from kpi.ingest import parse_profile
from kpi.ingest.kept import NoProfile, against, fitting, kept_profiles, meant_for, starting_points
from kpi.store import Configuration

DAY = date(2026, 3, 31)
CASES = """
[[feeds]]
table = "cases"
[feeds.columns]
case_id = "Zaak"
opened_at = "Open"
status = "Status"
"""
WIDER = CASES + 'closed_at = "Dicht"\n'


def configured(*rows):
    return Configuration(
        {
            "feed_profiles": [
                {
                    "profile": name, "valid_from": date(2026, 1, 1), "toml": text,
                    "file_pattern": pattern, "retired": retired,
                }
                for name, text, pattern, retired in rows
            ]
        }
    )  # fmt: skip


def chosen(configuration, file, columns):
    found = fitting(kept_profiles(configuration, DAY, file, columns))
    return found.name if found else None


def test_the_name_decides_and_then_how_much_is_read():
    kept = configured(
        ("smal", CASES, "zaken_*.csv", False),
        ("breed", WIDER, "zaken_*.csv; dossiers_*.csv", False),
        ("oud", WIDER, "zaken_*.csv", True),
    )
    every = ["Zaak", "Open", "Status", "Dicht", "Extra"]
    assert chosen(kept, "Zaken_2026.CSV", every) == "breed"
    assert chosen(kept, "dossiers_1.csv", every) == "breed"
    assert chosen(kept, "zaken_2026.csv", every[:3]) == "smal", "the other lacks a column"
    assert chosen(kept, "iets.csv", every) == "breed", "by its columns alone"
    assert chosen(kept, "iets.csv", ["Zaak"]) is None


def test_two_that_read_as_much_are_no_answer():
    kept = configured(("a", CASES, "", False), ("b", CASES, "", False))
    assert chosen(kept, "iets.csv", ["Zaak", "Open", "Status"]) is None


def test_a_profile_that_cannot_be_read_is_passed_over_and_says_why():
    kept = configured(("stuk", "[[feeds", "*", False))
    assert chosen(kept, "x.csv", []) is None
    (one,) = kept_profiles(kept, DAY, "x.csv", [])
    assert one.named
    with pytest.raises(NoProfile, match="stuk cannot be used"):
        one.profile()


@pytest.mark.parametrize(
    ("pattern", "file", "meant"),
    [("*.csv", "A.CSV", True), ("a*.csv;b*.csv", "b1.csv", True), ("", "a.csv", False),
     (";", "a.csv", False), ("zaken_*.csv", "contacten_1.csv", False)],
)  # fmt: skip
def test_patterns(pattern, file, meant):
    assert meant_for(pattern, file) is meant


def test_starting_points_are_whole_and_say_what_a_file_lacks():
    points = starting_points()
    assert {"zaaksysteem", "contactcentrum", "enquête"} <= {one.name for one in points}
    for one in points:
        feeds = parse_profile(one.text).feeds
        named = list(dict.fromkeys(name for feed in feeds for name in feed.named))
        assert against(one, "x.csv", named).fits
        assert against(one, "x.csv", named[1:]).absent == (named[0],)
