"""What people really hand over: rows in quotes, two tables in one file, a cover sheet, a web page."""

import io
import zipfile

import pytest
import xlsxwriter

import kpi.ingest.open
from kpi.findings import Severity, from_plain
from kpi.ingest import notes
from kpi.ingest.look import look
from kpi.ingest.problems import Refused, say
from kpi.ingest.staging import Work
from kpi.ingest.table import Limits
from kpi.schema.synonyms import every_header
from kpi.store.scratch import quoted, scratch
from tests.ingest.conftest import ZONE, profile_of
from tests.ingest.test_detect import CASES, clean_cases, kinds
from tests.ingest.test_open import ROWS, workbook

CELLS = profile_of("cases", case_id='"Zaak"', opened_at='"Geopend"', status='"Status"')


@pytest.fixture
def looked(folder):
    """`looked(content)`: the proposal for it, with its findings by kind."""

    def looks(content, name="file.csv", limits=None):
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        connection = scratch([folder], threads=1)
        work = Work(connection, path, folder, ZONE, limits or Limits(), known=every_header())
        found = look(work, {"table": None})
        connection.close()
        found["doubts"] = [say(tuple(said)) for said in found["doubts"]]
        found["findings"] = {one["kind"]: from_plain(one) for one in found["findings"]}
        return found

    return looks


# -- rows in quotes ----------------------------------------------------------------------------


def in_quotes(text):
    lines = (line.replace('"', '""') for line in text.splitlines())
    return "\n".join(f'"{line}"' for line in lines) + "\n"


def test_rows_that_stand_in_quotes_as_a_whole(read):
    text = clean_cases(count=20).replace(";open", ';"open"')
    found = read(in_quotes(text), CASES)
    assert found.rows == read(text, CASES).rows
    assert notes.WRAPPED in found.warnings
    assert found.rows[0]["_row"] == 2


def test_one_column_of_texts_in_quotes_stays_one(looked):
    found = looked('"waarde"\n"een"\n"twee; drie"\n"vier"\n')
    assert found["columns"] == ["waarde"]
    assert "one_column" in found["findings"]


# -- several tables ----------------------------------------------------------------------------


def test_a_second_table_in_the_file(looked):
    second = "\nContactnummer;Starttijd;Kanaal;Status\nC1;05-01-2026 10:00;telefoon;x\n"
    finding = looked(clean_cases(count=20) + second)["findings"]["second_table"]
    assert "Contactnummer, Starttijd" in finding.sentence
    total = "\nTotaal;;;20\n"
    assert "second_table" not in looked(clean_cases(count=20) + total)["findings"]


def test_a_header_that_comes_again(read):
    text = clean_cases(count=20)
    again = text + text.splitlines()[0] + "\n"
    found = read(again, CASES)
    assert kinds(found) == ["header_again"]
    assert found.result.feeds[0].quarantined == 1


def test_a_workbook_with_a_cover(read, tmp_path):
    sheets = [("Voorblad", [["Rapport"], ["Vertrouwelijk"]]), ("Data", ROWS), ("Leeg", [])]
    found = read(workbook(tmp_path / "x.xlsx", *sheets), CELLS, name="x.xlsx")
    assert [row["case_id"] for row in found.rows] == ["70", "Z-2"]
    assert any("not read: Voorblad." in one for one in found.warnings)
    first_empty = workbook(tmp_path / "y.xlsx", ("Blad1", []), ("Data", ROWS))
    assert len(read(first_empty, CELLS, name="y.xlsx").rows) == 2


def test_sheets_that_hold_the_same_columns_are_asked_about(looked, tmp_path):
    two = workbook(tmp_path / "x.xlsx", ("jan", ROWS), ("feb", ROWS), ("uitleg", [["Zaak"]]))
    (doubt,) = (one for one in looked(two, "x.xlsx")["doubts"] if "more sheets" in one)
    assert "columns: feb. Only jan" in doubt
    one = workbook(tmp_path / "y.xlsx", ("jan", ROWS), ("uitleg", [["Zaak"], ["Geopend"]]))
    assert not any("more sheets" in said for said in looked(one, "y.xlsx")["doubts"])


def test_cells_that_are_merged_over_rows(read, tmp_path):
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:C1", "Overzicht van zaken")
        for at, row in enumerate([["Zaak", "Geopend", "Status", "Team"]] + [
            [f"Z-{at}", f"2026-01-{at + 10}", "open", "A" if at < 6 else None] for at in range(9)
        ], 1):  # fmt: skip
            sheet.write_row(at, 0, row)
        sheet.merge_range("C3:C6", "open")
        sheet.merge_range("C7:C11", "gesloten")
        sheet.merge_range("D9:D11", "")
    found = read(path.read_bytes(), CELLS, name="x.xlsx")
    (merged,) = (one for one in found.result.findings if one.kind == "merged_cells")
    assert (merged.values["names"], merged.rows, merged.severity) == ("Status", 7, Severity.WRONG)
    plain = workbook(tmp_path / "y.xlsx", ("Data", ROWS))
    assert "merged_cells" not in kinds(read(plain, CELLS, name="y.xlsx"))


def test_long_ids_of_a_workbook_are_whole_numbers():
    assert kpi.ingest.open.cell_text(5703061234567890.0) == "5703061234567890"


def test_nothing_but_blank_lines(read):
    with pytest.raises(Refused, match="is empty"):
        read("\r\n \r\n\r\n", CASES)


# -- not what it seems -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"PK\x03\x04 dit is geen zip", "damaged"),
        (b"PK\x03\x04 [Content_Types].xml xl/", "damaged"),
        (b"<html><body><table><tr><td>Zaak</td></tr></table>", "HTML"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", "HTML"),
        (b'<?xml version="1.0"?><zaken/>', "XML"),
        (b'[{"zaak": "1", "status": "open"}]', "JSON"),
        (b'{"zaken": [1, 2]}', "JSON"),
    ],
)
def test_what_is_no_table_is_called_by_its_name(read, content, word):
    with pytest.raises(Refused, match=word):
        read(content, CASES, name="export.xlsx")


def test_a_spreadsheet_of_another_make(read):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(Refused, match="OpenDocument"):
        read(packed.getvalue(), CASES, name="x.ods")


def test_texts_that_only_begin_like_it(looked):
    assert looked("<zaak>;status;aangemaakt\n1;open;2026-01-31\n")["rows"] == 1
    assert looked("[zaak];status;aangemaakt\n1;open;2026-01-31\n")["rows"] == 1


# -- compressed --------------------------------------------------------------------------------


def test_a_workbook_that_is_a_bomb(read, tmp_path, monkeypatch):
    monkeypatch.setattr(kpi.ingest.open, "MOST_UNPACKED", 20_000_000)
    path = tmp_path / "x.xlsx"
    workbook(path, ("Blad1", ROWS))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, \
            archive.open("xl/worksheets/sheet9.xml", "w") as member:  # fmt: skip
        for _ in range(21):
            member.write(bytes(1_000_000))
    assert path.stat().st_size < 100_000
    with pytest.raises(Refused, match="unpacked"):
        read(path.read_bytes(), CELLS, name="x.xlsx")


def test_a_parquet_that_is_a_bomb(read, folder, connection):
    path = folder / "bomb.parquet"
    connection.execute(
        "COPY (SELECT 'Z1' AS \"Zaak\", repeat('x', 1000000) AS \"Geopend\", 'open' AS \"Status\""
        f" FROM range(300)) TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd)"
    )
    content = path.read_bytes()
    assert len(content) < 1_000_000
    with pytest.raises(Refused, match="unpacked"):
        read(content, CELLS, name="y.parquet", limits=Limits(max_bytes=200_000_000))
    with pytest.raises(Refused, match="rows"):
        read(content, CELLS, name="y.parquet", limits=Limits(max_rows=100))


# -- what is doubted ---------------------------------------------------------------------------


def test_a_file_of_which_much_would_be_set_aside_is_doubted(looked):
    rows = "".join(f"Z{at};{'week ' if at % 3 else ''}2026-01-{at + 13};open\n" for at in range(9))
    (doubt,) = looked("Zaaknummer;Aangemaakt op;Status\n" + rows)["doubts"]
    assert "Of 9 rows 6 would be set aside" in doubt


def test_errors_of_a_spreadsheet_are_no_status(read):
    text = clean_cases(count=20).replace("Z00003", "#N/B").replace(";open", ";#VERW!")
    found = read(text, CASES)
    assert "spreadsheet_errors" in kinds(found)
    assert "spreadsheet_errors" not in kinds(read(clean_cases().replace(";open", ";#12"), CASES))


def test_a_cell_of_two_megabytes_among_others(read):
    text = clean_cases(count=20).replace(";open", ";" + "x" * 2_000_000, 1)
    assert read(text, CASES).result.feeds[0].quarantined == 0
