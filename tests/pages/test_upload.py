"""A file name that a visitor gives is a name and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
