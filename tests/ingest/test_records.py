"""One bad row costs one row: rows and cells, with quotes where they should not be."""

import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpi.ingest.canonical import rewrite
from kpi.ingest.records import (
    NEVER_CLOSED,
    TOO_FEW,
    TOO_LONG,
    TOO_MANY,
    UNREADABLE,
    Lines,
    Shape,
    records,
)
from kpi.ingest.tokens import Dialect, State

SEMICOLON = Dialect(";")


@pytest.mark.parametrize(
    ("text", "cells", "state"),
    [
        ("a;b;c", ["a", "b", "c"], State.WHOLE),
        ("a;;", ["a", "", ""], State.WHOLE),
        (';"";', ["", "", ""], State.WHOLE),
        ('a;"b;c";d', ["a", "b;c", "d"], State.WHOLE),
        ('a; "b;c" ;d', ["a", "b;c", "d"], State.WHOLE),
        ('a;"say ""no""";d', ["a", 'say "no"', "d"], State.WHOLE),
        ('a;5" screen;d', ["a", '5" screen', "d"], State.WHOLE),
        ('a;"say "no" now";d', ["a", 'say "no" now', "d"], State.STRAY),
        ('a;"b', ["a"], State.OPEN),
    ],
)
def test_cells(text, cells, state):
    assert SEMICOLON.cells(text) == (cells, state)


def test_an_escape_character():
    dialect = Dialect(",", '"', "\\")
    assert dialect.cells(r'1,"say \"no\"",2') == (["1", 'say "no"', "2"], State.WHOLE)


def test_no_quotes_at_all():
    assert Dialect("\t", "").cells('a\t"b\tc') == (["a", '"b', "c"], State.WHOLE)


def rows_of(text, width=3, dialect=SEMICOLON, **shape):
    return list(records(Lines([text.split("\n")]), dialect, Shape(width, **shape)))


def test_a_cell_over_several_lines():
    found = rows_of('1;"two\nlines";x\n2;b;c')
    assert [(row.line, row.cells, row.problem) for row in found] == [
        (1, ["1", "two\nlines", "x"], ""),
        (3, ["2", "b", "c"], ""),
    ]


def test_a_quote_opened_by_mistake_costs_its_row_only():
    found = rows_of('1;"b;c\n2;b;c\n3;b;c\n4;"b";c')
    assert [(row.line, row.problem) for row in found] == [
        (1, NEVER_CLOSED),
        (2, ""),
        (3, ""),
        (4, ""),
    ]


def test_a_quote_that_another_row_could_close_does_not_eat_the_rows_between():
    # Read by the book this is one row of three cells, from line 1 to 4.
    found = rows_of('1;"b;c\n2;b;c\n3;b;c\n4;b";c')
    assert [(row.line, row.problem) for row in found] == [
        (1, NEVER_CLOSED), (2, ""), (3, ""), (4, ""),
    ]  # fmt: skip


def test_ragged_rows():
    found = rows_of("1;2\n1;2;3;4\n1;2;3;;\n1;2;3")
    assert [row.problem for row in found] == [TOO_FEW, TOO_MANY, "", ""]
    assert found[2].cells == ["1", "2", "3"]


def test_blank_lines_are_no_rows_and_count_as_lines():
    assert [row.line for row in rows_of("\n1;2;3\n\n  \n4;5;6\n")] == [2, 5]


def test_rows_between_bare_carriage_returns():
    assert [row.cells for row in rows_of("1;2;3\r4;5;6\n7;8;9")] == [
        ["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"],
    ]  # fmt: skip


def test_a_line_that_is_too_long_and_one_that_cannot_be_read():
    found = rows_of("1;2;3\n" + "x" * 50 + ";2;3\n1;\ufffd;3", longest=40, damaged=True)
    assert [row.problem for row in found] == ["", TOO_LONG, UNREADABLE]


CELLS = st.text(st.sampled_from("ab ;,\"'\n\\é"), max_size=8)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12),
    st.sampled_from([";", ",", "\t", "|"]),
    st.booleans(),
)
def test_what_was_written_by_the_book_is_read_back(tmp_path_factory, rows, delimiter, everything):
    # A row of which nothing is left when trimmed would be a blank line. Lines inside a cell that
    # look like rows are taken for rows, on purpose.
    rows = [["k", *row] for row in rows]
    assume(not any("\n" in cell and delimiter in cell for row in rows for cell in row))
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if everything else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=delimiter, lineterminator="\n", quoting=quoting).writerows(rows)
    dialect, shape = Dialect(delimiter), Shape(4)
    lines = text.getvalue().split("\n")
    found = list(records(Lines([lines]), dialect, shape))
    # Blanks around a quoted cell are not its own; no row is ever lost or made.
    assert [[cell.strip() for cell in row.cells] for row in found if not row.problem] == [
        [cell.strip() for cell in row] for row in rows
    ]
    folder = tmp_path_factory.mktemp("plain")
    done = rewrite(Lines([lines]), dialect, shape, folder / "x.csv", most_rows=10**6)
    with done.path.open(encoding="utf-8", newline="") as file:
        plain = list(csv.reader(file, delimiter=delimiter, strict=True))
    assert plain == [row.cells for row in found if not row.problem]
    assert done.rows + done.bad == len(found)


@given(
    st.lists(st.text(st.sampled_from('a";\r '), max_size=10), max_size=20),
    st.integers(1, 7),
)
def test_rewriting_agrees_with_reading_on_any_text(tmp_path_factory, lines, chunk):
    shape = Shape(2)
    expected = list(records(Lines([list(lines)]), SEMICOLON, shape))
    chunks = [lines[at : at + chunk] for at in range(0, len(lines), chunk)]
    folder = tmp_path_factory.mktemp("any")
    done = rewrite(Lines(chunks), SEMICOLON, shape, folder / "x.csv", most_rows=10**6)
    good = [row for row in expected if not row.problem]
    assert (done.rows, done.bad) == (len(good), len(expected) - len(good))
    with done.path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file, delimiter=";")) == [row.cells for row in good]
    assert list(_lines(done)) == [row.line for row in good]


def _lines(done):
    for row in range(done.rows):
        start, line = max(pair for pair in done.breaks if pair[0] <= row)
        yield line + row - start
