"""Workbooks and Parquet, read as the same table of texts."""

from datetime import date, datetime

import pytest
import xlsxwriter

from kpi.ingest.problems import Refused
from kpi.store.scratch import quoted
from tests.ingest.conftest import profile_of

CASES = profile_of(
    "cases",
    case_id='"Zaak"',
    opened_at='"Geopend"',
    status='"Status"',
    line='"Lijn"',
    reason='"Reden"',
)


def workbook(path, *sheets):
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd-mm-yyyy hh:mm"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(at, place, cell, day)
                    elif cell is not None:
                        sheet.write(at, place, cell)
    return path.read_bytes()


ROWS = [
    ["Zaak", "Geopend", "Status", "Lijn", "Reden"],
    [70, datetime(2026, 7, 5, 14, 5), "open", 2, "één"],
    [],
    ["Z-2", datetime(2026, 1, 5), "open", 1.0, None],
    ["Z-3", "morgen", "open", 1, "x"],
]


def test_a_workbook(read, tmp_path):
    found = read(workbook(tmp_path / "x.xlsx", ("Blad1", ROWS)), CASES, name="x.xlsx")
    assert [(row["case_id"], row["line"], row["reason"], row["_row"]) for row in found.rows] == [
        ("70", 2, "één", 2),
        ("Z-2", 1, None, 4),
    ]
    assert found.rows[0]["opened_at"] == datetime(2026, 7, 5, 12, 5)
    assert [(one["row_number"], one["value"]) for one in found.aside] == [(5, "morgen")]


def test_sheets_that_are_not_read_are_told(read, tmp_path):
    sheets = (("Blad1", ROWS), ("Blad2", ROWS), ("Leeg", []))
    content = workbook(tmp_path / "x.xlsx", *sheets)
    [said] = [one for one in read(content, CASES, name="x.xlsx").warnings if "not read" in one]
    assert "Blad2" in said
    assert "Leeg" not in said
    chosen = CASES.replace("[read]", '[read]\nsheet = "Blad2"\n')
    assert not [one for one in read(content, chosen, name="x.xlsx").warnings if "not read" in one]


def test_titles_above_and_another_sheet(read, tmp_path):
    content = workbook(
        tmp_path / "x.xlsx", ("Uitleg", [["niets"]]), ("Export", [["Rapport"], [], *ROWS[:2]])
    )
    profile = CASES.replace("[read]", '[read]\nsheet = "Export"\n')
    assert [row["_row"] for row in read(content, profile, name="x.xlsx").rows] == [4]
    with pytest.raises(Refused, match="Uitleg, Export"):
        read(content, CASES.replace("[read]", '[read]\nsheet = "Blad9"\n'), name="x.xlsx")


def test_separators_of_the_profile_are_not_those_of_typed_cells(read, tmp_path):
    content = workbook(
        tmp_path / "x.xlsx", ("A", [["Wat", "Hoeveel"], ["a", 1234.5], ["b", 0.125]])
    )
    profile = profile_of(
        "totals", 'decimal = ","\nthousands = "."', period_start="{ value = '2026-01-01' }",
        metric='"Wat"', value='"Hoeveel"',
    )  # fmt: skip
    found = read(content, profile, name="x.xlsx")
    assert [row["value"] for row in found.rows] == [1234.5, 0.125]


def test_what_only_looks_like_a_workbook(read):
    with pytest.raises(Refused, match="workbook"):
        read(b"PK\x03\x04" + b"[Content_Types].xml" + bytes(200), CASES, name="x.xlsx")


def test_parquet(read, folder, connection):
    path = folder / "source.parquet"
    connection.execute(
        "COPY (SELECT * FROM (VALUES (7, TIMESTAMPTZ '2026-07-05 12:05:00+00', 'open', 2, 'één'),"
        " (8, TIMESTAMPTZ '2026-01-05 00:00:00+00', NULL, 1, NULL))"
        f' AS t ("Zaak", "Geopend", "Status", "Lijn", "Reden")) TO {quoted(path)} (FORMAT parquet)'
    )
    found = read(path.read_bytes(), CASES, name="x.parquet")
    (row,) = found.rows
    assert (row["case_id"], row["opened_at"], row["_row"]) == ("7", datetime(2026, 7, 5, 12, 5), 1)
    assert [(one["row_number"], one["column_name"]) for one in found.aside] == [(2, "Status")]


def test_broken_parquet(read):
    with pytest.raises(Refused, match="Parquet"):
        read(b"PAR1" + bytes(100) + b"PAR1", CASES, name="x.parquet")
