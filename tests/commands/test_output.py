"""Results as a table, JSON and CSV."""

import csv
import io
import json
from datetime import date

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from kpi.commands.output import as_csv, as_json, as_table, clean, plain
from kpi.i18n import use

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(),
    st.lists(st.floats(), max_size=2),
)  # fmt: skip


@given(st.lists(st.dictionaries(st.text(max_size=5), VALUES, max_size=4), max_size=4))
def test_json_is_strict_whatever_the_values(records):
    def no_constants(text):
        raise AssertionError(f"{text} is not JSON")

    read = json.loads(as_json(records), parse_constant=no_constants)
    assert len(read) == len(records)


def test_what_json_does_not_know():
    assert clean(float("nan")) is None
    assert clean(float("inf")) is None
    assert clean(np.int64(3)) == 3
    assert clean(date(2026, 3, 1)) == "2026-03-01"


TEXT = st.text(st.characters(exclude_characters="\0"))


@given(st.lists(TEXT, min_size=1, max_size=3))
@example(["\r0"])
@example(["=1+1", "@SUM(A1)"])
def test_csv_holds_every_text_on_its_row_and_never_a_formula(texts):
    made = as_csv([{"reason": text, "n": 1} for text in texts], ["reason", "n"])
    _head, *rows = csv.reader(io.StringIO(made, newline=""))
    for text, (cell, n) in zip(texts, rows, strict=True):
        assert n == "1"
        number = cell.lstrip("+-").replace(".", "").replace(",", "").isdigit()
        assert not cell.startswith(("=", "+", "-", "@", "\t")) or number
        assert cell.removeprefix("'") == text.replace("\r\n", "\n").replace(
            "\r", "\n"
        ).removeprefix("'")


def test_csv_holds_plain_numbers_and_nothing_for_null():
    made = as_csv([{"a": -1234.5, "b": None, "c": True}], ["a", "b", "c"])
    assert made == "a,b,c\n-1234.5,,true\n"


def test_a_table_lines_up_with_numbers_to_the_right():
    records = [{"name": "a", "n": 5}, {"name": "longer", "n": 1234}]
    with use("nl"):
        lines = as_table(
            records, ["name", "n"], {}, lambda _n, value, _r: plain(value)
        ).splitlines()
    assert lines == ["name        n", "------  -----", "a           5", "longer  1.234"]


def test_a_table_of_nothing_has_its_head():
    assert (
        as_table([], ["name", "n"], {"n": "count"}, lambda *_: "").splitlines()[0] == "name  count"
    )


def test_a_cell_cannot_break_out_of_its_line():
    assert "\n" not in plain("one\ntwo\x1b[31m")
    assert "\x1b" not in plain("one\ntwo\x1b[31m")
