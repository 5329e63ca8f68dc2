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
from kpi.bulletin.readings import read
from kpi.bulletin.states import State
from kpi.bulletin.tables import Column, Shown
from kpi.bulletin.taken import book_of
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
        found = read(text)
    assert (found.value, found.form) == (pytest.approx(number), kind)


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
    assert found.value == pytest.approx(value, abs=0.5001 * 10**-decimals)


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
            ("Groep", PLAIN), ("Waarde", PERCENT), ("Waarde: van de", PLAIN),
            ("Waarde: opmerking", PLAIN), ("Wanneer", PLAIN),
        ]  # fmt: skip
        assert list(book.rows) == [
            ["=cmd", 0.92, 310, "op norm", datetime(2026, 8, 31, 14, 5)],
            ["Storingen", None, None, "", date(2026, 8, 31)],
        ]
        text = csv_of(book)
    assert text.startswith("\ufeff# Binnen norm\r\n# Filters: alle kanalen\r\n")
    assert "Groep;Waarde (%);Waarde: van de;Waarde: opmerking;Wanneer\r\n" in text
    assert "'=cmd;92;310;op norm;31-08-2026 14:05:00\r\n" in text


@pytest.mark.parametrize(
    ("cells", "title", "lines"),
    [
        (["27 %", "0,6 %"], "Aandeel", ["Aandeel (%)", "27", "0,6"]),
        (["100 %", "< 0,1 %"], "Aandeel", ["Aandeel (%)", "100", "< 0,1 %"]),
        (["29,3 %"], "Vertrokken %", ["Vertrokken %", "29,3"]),
        (["€ 1.250", "€ 7,50"], "Kosten", ["Kosten (€)", "1250", "7,5"]),
        (["2 d 12 u", "3 d"], "Doorlooptijd", ["Doorlooptijd (d)", "2,5", "3"]),
        (["70 %", "14 u"], "Waarde", ["Waarde;Waarde: eenheid", "70;%", "14;u"]),
    ],
)
def test_a_csv_says_the_unit_of_a_column_and_holds_what_was_seen(
    cells: list[str], title: str, lines: list[str]
) -> None:
    with use("nl"):
        shown = table("x", [Column(title, figures=True)], [[cell] for cell in cells])
        assert csv_of(book_of(shown)).split("\r\n")[1:-1] == lines


def column(*cells: str | Shown, title: str = "Waarde") -> list[tuple[str, str, list]]:
    """The columns that a column of figures becomes: head, form and cells."""
    with use("nl"):
        book = book_of(table("x", [Column(title, figures=True)], [[cell] for cell in cells]))
    rows = list(book.rows)
    return [
        (head.title, head.format, [row[place] for row in rows])
        for place, head in enumerate(book.heads)
    ]


def test_a_change_is_a_number_with_its_direction_beside_it() -> None:
    assert column(
        "▲ 7 punten, beter", "▼ 1 punt, slechter", "gelijk", "–", title="Verandering"
    ) == [
        ("Verandering (punten)", PLAIN, [7, -1, 0, None]),
        ("Verandering: opmerking", PLAIN, ["beter", "slechter", "gelijk", ""]),
    ]
    assert column("▼ 14 u, beter", "▲ 2,5 d, slechter")[0] == (
        "Waarde", DAYS, [pytest.approx(-14 / 24), 2.5],
    )  # fmt: skip
    assert column(Shown("▼ 14", under="−20 %"))[1] == ("Waarde: getal", PERCENT, [-0.2])


def test_a_column_of_several_units_says_each() -> None:
    """In one format 14 hours were 58 %."""
    assert column("70 %", "14 u", "€ 1.250", "7,5", "< 0,01") == [
        ("Waarde", PLAIN, [70, 14, 1250, 7.5, "< 0,01"]),
        ("Waarde: eenheid", PLAIN, ["%", "u", "€", "", ""]),
    ]


def test_beside_a_column_of_several_units_all_is_as_it_was_seen() -> None:
    with use("nl"):
        columns = [Column(name, figures=True) for name in ("Waarde", "Doel", "n")]
        book = book_of(table("x", columns, [["70 %", "90 %", "12"], ["14 u", "–", "8"]]))
    assert [head.title for head in book.heads] == ["Waarde", "Waarde: eenheid", "Doel (%)", "n"]
    assert list(book.rows) == [[70, "%", 90, 12], [14, "u", None, 8]]


def test_intervals_pairs_and_words_have_columns_of_their_own() -> None:
    assert column("25–29 %", "", "0,6–7,7 %", title="95%-interval") == [
        ("95%-interval: ondergrens", PERCENT, [0.25, None, pytest.approx(0.006)]),
        ("95%-interval: bovengrens", PERCENT, [0.29, None, pytest.approx(0.077)]),
    ]
    assert column("−1,0–20,8")[0][2] == [-1]
    assert column("25–45 u")[1][1:] == (DAYS, [pytest.approx(45 / 24)])
    assert column("€ 4 – € 6")[1][1:] == (EURO, [6])
    assert column("6 / 1.566", title="vertrokken / aan het begin") == [
        ("vertrokken", PLAIN, [6]), ("aan het begin", PLAIN, [1566]),
    ]  # fmt: skip
    assert column("90 % (voorbeeld); 13 punten eronder", "hooguit 25 %") == [
        ("Waarde", PERCENT, [0.9, 0.25]),
        ("Waarde: opmerking", PLAIN, ["(voorbeeld); 13 punten eronder", "hooguit"]),
    ]
    assert column("90 (60–150)")[1:] == [
        ("Waarde: ondergrens", PLAIN, [60]), ("Waarde: bovengrens", PLAIN, [150]),
    ]  # fmt: skip
    assert column(Shown("Post", under="87 % (n = 47)"), Shown("App", under="12 van 70"))[1:] == [
        ("Waarde: van de", PLAIN, [None, 70]),
        ("Waarde: n", PLAIN, [47, None]),
        ("Waarde: getal", PLAIN, [87, 12]),
        ("Waarde: getal: eenheid", PLAIN, ["%", ""]),
    ]
    assert column(Shown("60 %", State.GOOD, under="53–63 % · n = 12 · daling"))[1:] == [
        ("Waarde: ondergrens", PERCENT, [0.53]),
        ("Waarde: bovengrens", PERCENT, [0.63]),
        ("Waarde: n", PLAIN, [12]),
        ("Waarde: opmerking", PLAIN, ["op norm · daling"]),
    ]


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
    assert "n;Per uur;Deel (%);Wacht;Duur (d)\r\n702;7,2;39;0:00:11;2,166667\r\n" in text


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
