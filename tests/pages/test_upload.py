"""A file name that a visitor gives is a name and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.ingest.kept import mended_import
from pages.manage.codes import _identifier
from pages.manage.kept import pattern_of
from pages.manage.steps import _named_after
from pages.manage.upload import safe_name


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("zaken maart.csv", "zaken maart.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\klachten.xlsx", "klachten.xlsx"),
        ("a*b?.csv", "a_b_.csv"),
        ("![x](http://evil.nl).csv", "evil.nl).csv"),
        ("...", "file"),
        ("", "file"),
        ("naam\n.csv", "naam_.csv"),
        ("é" * 300 + ".csv", "é" * 116 + ".csv"),
    ],
)
def test_names(given_name, kept):
    assert safe_name(given_name) == kept


@given(st.text(max_size=300))
def test_never_a_path(text):
    name = safe_name(text)
    assert name
    assert name not in {".", ".."}
    assert not set(name) & set('/\\:*?"<>|\x00\n')
    assert len(name) <= 120


@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("storingen_week_10.csv", "storingen_*.csv"),
        ("zaken_2026-03.csv", "zaken_*.csv"),
        ("Export maart 2026 (1).xlsx", "Export *.xlsx"),
        ("20260301.csv", "*.csv"),
        ("klanten.csv", "klanten.csv"),
        ("nieuwe maatregelen.csv", "nieuwe maatregelen.csv"),
    ],
)
def test_what_changes_from_week_to_week_is_left_open(file, pattern):
    assert pattern_of(file) == pattern


@pytest.mark.parametrize(
    ("file", "number"),
    [
        ("apart-gezet-12.csv", 12),
        ("set-aside-3 (1).xlsx", 3),
        ("apart-gezet-4_hersteld.csv", 4),
        ("zaken-12.csv", None),
    ],
)
def test_rows_that_were_set_aside_are_known_by_their_name(file, number):
    assert mended_import(file) == number


def test_a_step_is_named_after_its_file():
    assert _named_after("payment_page_table.csv") == "payment page"
    assert _named_after("tabel.csv") == "tabel"


def test_a_new_code_gets_an_id_of_its_own():
    assert _identifier("Café-balie") == "cafe_balie"
    assert _identifier("Café", ["cafe", "cafe_2"]) == "cafe_3", "another one is not renamed"
