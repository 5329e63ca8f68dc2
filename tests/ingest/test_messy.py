"""Every messy file: the right table, or a doubt; never a traceback, never silently fewer rows."""

from pathlib import Path

import pytest

from kpi.ingest.dialect import find_dialect
from kpi.ingest.look import look
from kpi.ingest.problems import Refused
from kpi.ingest.staging import Work
from kpi.ingest.table import Limits
from kpi.schema.synonyms import every_header
from kpi.store.scratch import scratch
from tests.ingest.conftest import ZONE

#: Delimiter, columns and data rows where they are not the usual: comma, and what the lines say.
#: Rows: good and bad together. Read from the files by eye.
TRUTH = {
    "agate/test_cr.csv": (",", 6, 3),
    "agate/test_crlf.csv": (",", 6, 3),
    "agate/test_quote_nonnumeric.csv": (",", 6, 3),
    "csv_spectrum/csvs/comma_in_quotes.csv": (",", 5, 1),
    "csv_spectrum/csvs/empty.csv": (",", 3, 2),
    "csv_spectrum/csvs/empty_crlf.csv": (",", 3, 2),
    "csv_spectrum/csvs/escaped_quotes.csv": (",", 2, 2),
    "csv_spectrum/csvs/json.csv": (",", 2, 1),
    "csv_spectrum/csvs/location_coordinates.csv": (",", 4, 1),
    "csv_spectrum/csvs/newlines.csv": (",", 3, 3),
    "csv_spectrum/csvs/newlines_crlf.csv": (",", 3, 3),
    "csv_spectrum/csvs/quotes_and_newlines.csv": (",", 2, 2),
    "csv_spectrum/csvs/utf8.csv": (",", 3, 2),
    "csvkit/bad.csv": (",", 3, 3),
    "csvkit/bad_skip_lines.csv": (",", 3, 3),
    "csvkit/blanks.csv": (",", 6, 1),
    "csvkit/ks_1033_data.csv": (",", 14, 1575),
    "csvkit/mac_newlines.csv": (",", 3, 2),
    "csvkit/null_byte.csv": (",", 3, 1),
    "csvkit/test_empty_columns.csv": (",", 5, 3),
    "csvkit/test_header_newline.csv": (",", 3, 1),
    "csvkit/test_latin1.csv": (",", 3, 2),
    "csvkit/test_locale.csv": (",", 3, 1),
    "csvkit/test_skip_lines.csv": (",", 3, 1),
    "csvkit/test_utf16_big.csv": (",", 3, 2),
    "csvkit/test_utf16_little.csv": (",", 3, 2),
    "derived/formula_and_html_leads.csv": (",", 2, 13),
    "derived/telco_dutch_excel_cp1252.csv": (";", 21, 7043),
    "frictionless/accent.csv": (";", 17, None),
    "frictionless/blank-rows-no-fields.csv": (",", 3, 2),
    "frictionless/blank-rows-multiple.csv": (",", 3, 13),
    "frictionless/bom.csv": (",", 2, 2),
    "frictionless/countries.csv": (",", 4, 5),
    "frictionless/country-2.csv": (";", 4, 5),
    "frictionless/delimiter.csv": (";", 2, 2),
    "frictionless/dialect.csv": ("|", 2, 2),
    "frictionless/doublequote.csv": (",", 17, 5),
    "frictionless/encoding-issue-274.csv": (",", 17, 507),
    "frictionless/escaping.csv": (",", 2, 3),
    "frictionless/issue-1066-largecellsize.csv": (",", 2, 19),
    "frictionless/issue-1138.csv": (";", 4, 7),
    "frictionless/issue-1232.csv": (";", 7, 5),
    "frictionless/issue-1341.csv": (",", 51, 99),
    "frictionless/issue-493.csv": (",", 126, 9),
    "frictionless/matrix-with-comment.csv": (",", 4, 4),
    "frictionless/schema-errors.csv": (",", 3, 4),
    "frictionless/skip-rows-before-headers.csv": (",", 2, 2),
    "frictionless/skip-rows.csv": (",", 2, 3),
    "frictionless/structure-errors.csv": (",", 3, 4),
    "frictionless/table-with-accents.csv": (";", 8, 638),
    "frictionless/timezone.csv": (",", 2, 4),
    "frictionless/vix.csv": (";", 5, 2),
    "frictionless/without-headers.csv": (",", 2, 3),
    "frictionless/without-headers-extra.csv": (",", 2, 3),
    "frictionless/without-rows.csv": (",", 2, 0),
}
#: Said of these: they are no table as they lie.
REFUSED = {
    "csvkit/empty.csv": "empty",
    "frictionless/empty.csv": "empty",
    **{
        f"frictionless/{name}": "compressed"
        for name in (
            "chunk1.csv.zip", "chunk2.csv.zip", "doublequote.csv.zip", "table.csv.bz2",
            "table.csv.gz", "table.csv.xz", "table.csv.zip", "without-rows.csv.zip",
        )
    },
}  # fmt: skip


def looked_at(path: Path, folder: Path) -> dict:
    copy = folder / "file.csv"
    copy.write_bytes(path.read_bytes())
    connection = scratch([folder], threads=1)
    work = Work(connection, copy, folder, ZONE, known=every_header())
    return look(work, {"table": None})


@pytest.mark.parametrize(("name", "word"), REFUSED.items())
def test_refused(shared_data, folder, name, word):
    with pytest.raises(Refused, match=word):
        looked_at(shared_data / "messy_csv" / name, folder)


@pytest.mark.parametrize(("name", "truth"), TRUTH.items())
def test_the_right_table(shared_data, folder, name, truth):
    delimiter, columns, rows = truth
    found = looked_at(shared_data / "messy_csv" / name, folder)
    assert (found["delimiter"], len(found["columns"])) == (delimiter, columns)
    if rows is not None:
        assert found["rows"] == rows


def test_all_others_lose_no_row(shared_data, tmp_path):
    """Lines are rows: without quotes there is a row for each line below the header."""
    checked = 0
    for path in sorted((shared_data / "messy_csv").rglob("*")):
        if not path.is_file() or path.suffix != ".csv" or path.stat().st_size == 0:
            continue
        name = path.relative_to(shared_data / "messy_csv").as_posix()
        if name in REFUSED or name in TRUTH:
            continue
        folder = tmp_path / f"work{checked}"
        folder.mkdir()
        found = looked_at(path, folder)
        content = path.read_bytes()
        checked += 1
        if b'"' in content or found["encoding"] not in {"utf-8", "cp1252"}:
            continue
        lines = [line for line in content.splitlines() if line.strip()]
        header = 1 if found["header_line"] else 0
        above = sum(
            bool(line.strip()) for line in content.splitlines()[: (found["header_line"] or 1) - 1]
        )
        assert found["rows"] == len(lines) - header - above, name
    assert checked > 50


def test_a_cell_of_two_megabytes(shared_data, folder):
    found = looked_at(shared_data / "messy_csv" / "derived" / "huge_field_2MB.csv", folder)
    assert (found["delimiter"], len(found["columns"])) == (",", 3)
    assert found["bad_rows"] == 0


def test_a_cell_that_is_longer_than_a_line_may_be(shared_data, folder):
    path = shared_data / "messy_csv" / "derived" / "huge_field_2MB.csv"
    copy = folder / "file.csv"
    copy.write_bytes(path.read_bytes())
    work = Work(scratch([folder], threads=1), copy, folder, ZONE, Limits(max_line_length=100_000))
    found = look(work, {"table": None})
    assert found["bad_rows"] >= 1
    assert found["problems"][0]["reason"] == "is longer than a line may be"


def test_one_column_for_the_whole_file_is_never_silent():
    # A bad quote at the start makes some readers give everything as one column.
    lines = [
        "zaak;datum;kanaal",
        '"1;2026-01-05;mail',
        *(f"{at};2026-01-05;mail" for at in range(50)),
    ]
    found = find_dialect(lines)
    assert (found.dialect.delimiter, found.width) == (";", 3)
