"""What is taken along: exactly what was seen, with real types, and nothing that runs."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kpi import formats
from kpi.bulletin import table
from kpi.bulletin.books import CLOCK, DAYS, EURO, PERCENT, PLAIN, Book, Head, as_csv, as_xlsx
from kpi.bulletin.states import State
from kpi.bulletin.tables import Column, Shown
from kpi.bulletin.taken import book_of, read
from kpi.i18n import use

HOSTILE = ["=1+1", "+31 6", "-x", "@sum", "\t=1", "＝1"]


def csv_of(book: Book) -> str:
    return "".join(as_csv(book))


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("27 %", 0.27, PERCENT),
        ("1.234,5", 1234.5, PLAIN),
        ("€ 1.250", 1250.0, EURO),
        ("+4,1 punten", 4.1, PLAIN),
        ("\u22120,3", -0.3, PLAIN),
        ("2 d 4 u", 2 + 4 / 24, DAYS),
        ("31 u", 31 / 24, DAYS),
        ("5 min 20 s", 320 / 86_400, CLOCK),
        ("11 s", 11 / 86_400, CLOCK),
    ],
)
def test_figures_are_figures_again(text: str, number: float, kind: str) -> None:
    with use("nl"):
        assert read(text) == (pytest.approx(number), kind)


@pytest.mark.parametrize(
    "text", ["", "–", "wk 14 2026", "2 van 3", "te weinig (n = 3)", "12-03", "a"]
)
def test_what_is_no_figure_stays_text(text: str) -> None:
    with use("nl"):
        assert read(text) is None


@given(st.floats(-1e7, 1e7, allow_nan=False), st.integers(0, 3), st.sampled_from(["nl", "en"]))
def test_a_number_as_shown_is_read_as_shown(value: float, decimals: int, language: str) -> None:
    with use(language):
        found = read(formats.number(value, decimals))
    assert found is not None
    assert found[0] == pytest.approx(value, abs=0.5001 * 10**-decimals)


def test_a_table_as_seen() -> None:
    with use("nl"):
        shown = table(
            "Binnen norm",
            ["Groep", Column("Waarde", figures=True), Column("Wanneer", whole=True)],
            [
                ["=cmd", Shown("92 %", State.GOOD, under="van 310"), "31-08-2026 14:05"],
                ["Storingen", "–", "31-08-2026"],
            ],
            note="Alleen gesloten.",
        )
        book = book_of(shown, [("Filters", "alle kanalen")])
        assert [(head.title, head.format) for head in book.heads] == [
            ("Groep", PLAIN), ("Waarde", PERCENT), ("Waarde: opmerking", PLAIN), ("Wanneer", PLAIN),
        ]  # fmt: skip
        assert list(book.rows) == [
            ["=cmd", 0.92, "op norm · van 310", datetime(2026, 8, 31, 14, 5)],
            ["Storingen", None, "", date(2026, 8, 31)],
        ]
        text = csv_of(book)
    assert text.startswith("\ufeff# Binnen norm\r\n# Filters: alle kanalen\r\n")
    assert "'=cmd;0,92;op norm · van 310;31-08-2026 14:05:00\r\n" in text


def test_no_cell_runs_and_dutch_excel_reads_it() -> None:
    rows = [[text, 1234.5, 7, True, None] for text in HOSTILE]
    book = Book("=title", [Head(name) for name in ("=a", "b", "c", "d", "e")], rows, [("x", "=y")])
    with use("nl"):
        lines = csv_of(book).split("\r\n")
        sheets = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(book)))
    assert lines[2] == "'=a;b;c;d;e"
    assert all(line.startswith("'") for line in lines[3:9])
    assert lines[3].endswith(";1234,5;7;ja;")
    first = sheets.get_sheet_by_index(0).to_python()
    assert [row[:4] for row in first[1:]] == [[text, 1234.5, 7.0, "ja"] for text in HOSTILE]
    assert sheets.get_sheet_by_index(1).to_python() == [["Wat", "=title"], ["x", "=y"]]


def formats_of(book: Book) -> list[str]:
    """The number formats of a workbook's styles, without what every workbook has."""
    with zipfile.ZipFile(io.BytesIO(as_xlsx(book))) as held:
        styles = ElementTree.fromstring(held.read("xl/styles.xml"))
        sheet = ElementTree.fromstring(held.read("xl/worksheets/sheet1.xml"))
    space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    named = {
        one.get("numFmtId"): one.get("formatCode") for one in styles.iterfind(".//x:numFmt", space)
    }
    used = [one.get("numFmtId") for one in styles.iterfind(".//x:cellXfs/x:xf", space)]
    cells = sheet.findall(".//x:row", space)[1].findall("x:c", space)
    # What Excel has a number for of its own: 3 is "#,##0", 9 is "0%", 46 is "[h]:mm:ss".
    own = {"3": "#,##0", "9": "0%", "46": "[h]:mm:ss"}
    return [
        own.get(code, named.get(code, "")) for code in (used[int(one.get("s"))] for one in cells)
    ]


def test_a_whole_number_has_no_comma_and_eleven_seconds_are_no_noughts_of_a_day() -> None:
    """Excel shows 702 as "702," in a format of decimals that may be none."""
    with use("nl"):
        shown = table(
            "Bereikbaarheid",
            [Column(name, figures=True) for name in ("n", "Per uur", "Deel", "Wacht", "Duur")],
            [["702", "7,2", "39 %", "11 s", "2 d 4 u"]],
        )
        book = book_of(shown)
        assert formats_of(book) == ["#,##0", "#,##0.0##", "0%", "[h]:mm:ss", '0.00# "d"']
        text = csv_of(book_of(shown))
    assert "n;Per uur;Deel;Wacht;Duur (d)\r\n702;7,2;0,39;0:00:11;2,166667\r\n" in text


def test_a_column_of_hours_and_days_is_in_days() -> None:
    with use("nl"):
        shown = table("x", [Column("Duur", figures=True)], [["3 u"], ["5 u"], ["2 d"]])
        assert [head.format for head in book_of(shown).heads] == [DAYS]


def test_a_column_of_a_workbook_is_as_wide_as_its_dates() -> None:
    """Excel shows a date that does not fit as hashes."""
    book = Book("x", [Head("Op"), Head("Wat")], [[datetime(2026, 8, 31, 14, 5), "a"]])
    with zipfile.ZipFile(io.BytesIO(as_xlsx(book))) as held:
        sheet = ElementTree.fromstring(held.read("xl/worksheets/sheet1.xml"))
    space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    first, second = (float(one.get("width")) for one in sheet.findall(".//x:cols/x:col", space))
    assert first > len("31-08-2026 14:05:00") > second
