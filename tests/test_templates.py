"""Every template, filled in with the examples of the schema, is read back without a question."""

import csv
import io

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from kpi import templates
from kpi.i18n import use
from kpi.ingest.look import look
from kpi.ingest.staging import Work
from kpi.schema import FACTS, TABLES, Type
from kpi.schema.synonyms import every_header
from kpi.store.scratch import scratch

#: As people in each language would type the examples: a day above 12 tells the order of dates.
WRITTEN = {
    "nl": {Type.DATE: "31-03-2026", Type.TIMESTAMP: "31-03-2026 14:05", Type.BOOLEAN: "ja"},
    "en": {Type.DATE: "2026-03-31", Type.TIMESTAMP: "2026-03-31 14:05", Type.BOOLEAN: "yes"},
}


def looked(folder, path):
    connection = scratch([folder], threads=1)
    try:
        return look(Work(connection, path, folder, "Europe/Amsterdam", known=every_header()), {})
    finally:
        connection.close()


def rows(table, language):
    """Some rows as somebody fills them in, each with a key of its own."""
    columns = templates.described(table)
    written = WRITTEN[language]
    return [
        [
            written.get(one.column.type, one.column.example)
            + (f"-{number}" if one.column.name in TABLES[table].key[:1] and one.column.type is Type.TEXT else "")
            for one in columns
        ]
        for number in range(30)
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("table", [declared.name for declared in FACTS])
def test_filled_in_it_loads_without_a_question(table, language, tmp_path):
    with use(language):
        header = templates.as_csv(table).decode("utf-8-sig")
        written = io.StringIO(header)
        written.seek(0, io.SEEK_END)
        csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(rows(table, language))
        path = tmp_path / f"{table}.csv"
        path.write_text(written.getvalue(), encoding="utf-8-sig", newline="")
        found = looked(tmp_path, path)
        wanted = [one.column.name for one in templates.described(table)]
    assert found["table"] == table
    assert not found["doubts"], found["doubts"]
    for name in wanted:
        assert f"{name} = " in found["profile"], name
    assert found["rows"] == 30
    assert not [one for one in found["problems"] if one["column"]], found["problems"][:3]


def test_a_workbook_has_a_sheet_to_fill_in_and_one_that_explains(tmp_path):
    with use("nl"):
        path = tmp_path / "zaken.xlsx"
        path.write_bytes(templates.as_workbook("cases"))
        filled = tmp_path / "ingevuld.xlsx"
        _fill(path, filled, rows("cases", "nl"))
        found = looked(tmp_path, filled)
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["Gegevens", "Toelichting"]
    explained = book.get_sheet_by_name("Toelichting").to_python()
    assert ["Zaaknummer", "De zaak", "Z-2026-00817", "tekst", "ja", ""] in explained
    assert found["table"] == "cases"
    assert not found["doubts"]


def _fill(path, to, lines):
    """What a spreadsheet does: the same sheets, with rows below the headers of the first."""
    book = CalamineWorkbook.from_path(str(path))
    with xlsxwriter.Workbook(str(to)) as made:
        for name in book.sheet_names:
            sheet = made.add_worksheet(name)
            cells = book.get_sheet_by_name(name).to_python()
            for at, row in enumerate([*cells, *(lines if name == book.sheet_names[0] else [])]):
                for column, cell in enumerate(row):
                    sheet.write_string(at, column, str(cell))
