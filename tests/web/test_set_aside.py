"""Rows set aside come back as a file like the one they came in, and are read as that was."""

import csv
import io
import json

import pandas as pd
import pytest

from kpi.i18n import use
from kpi.ingest import propose, stage
from kpi.ingest.profile_keys import parse_profile
from kpi.settings import load_settings
from kpi.store.readings import Reading
from kpi.web.set_aside import as_file, inert

HEADER = ("Zaak", "Open", "Status", "Opmerking")
CELLS = ["Z-1", "31-02-2026 09:30", "=1+1", 'zij zei: "nee"; en\nging']
PROFILE = """
name = "zaken"
[read]
encoding = "{encoding}"
delimiter = "{delimiter}"
date_order = "dmy"
skip_rows = {skip}
[[feeds]]
table = "cases"
[feeds.columns]
case_id = "Zaak"
opened_at = "Open"
status = "Status"
department = "Opmerking"
"""


def problems(*rows, reason="is missing, and a row cannot do without it"):
    return [
        {
            "feed": 0, "row_number": line, "position": 0, "column_name": "Open", "value": "",
            "reason": reason, "raw": json.dumps(cells),
        }
        for line, cells in rows
    ]  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return load_settings(f"duckdb:///{tmp_path_factory.mktemp('keys')}/none.duckdb")


def test_a_column_of_the_file_is_not_mixed_up_with_the_reason():
    """Many files have a column Reden: what was wrong with a row is no reason of a customer."""
    text = PROFILE.format(encoding="utf-8", delimiter=";", skip=0)
    header = ("Zaak", "Open", "REDEN", "Regel")
    with use("nl"):
        made = as_file(problems((7, ["Z-1", "x", "factuur", "2"])), Reading(text, header, "text"))
    first, row = csv.reader(io.StringIO(made.content.decode("utf-8-sig")), delimiter=";")
    assert first == ["Regel (Ketenzicht)", "Reden (Ketenzicht)", *header]
    assert dict(zip(first, row, strict=True))["REDEN"] == "factuur"


@pytest.mark.parametrize(
    ("encoding", "delimiter", "skip", "kind"),
    [("cp1252", ";", 0, "text"), ("utf-16", "|", 3, "text"), ("utf-8", ",", 1, "cells")],
)
def test_mended_it_is_read_as_it_was(tmp_path, settings, encoding, delimiter, skip, kind):
    text = PROFILE.format(encoding=encoding, delimiter=delimiter, skip=skip)
    reading = Reading(text, HEADER, kind)
    with use("nl"):
        made = as_file(problems((7, CELLS), (9, ["Z-2", "x"])), reading)
    path = tmp_path / f"apart-gezet-1.{made.kind}"
    path.write_bytes(made.content)
    (tmp_path / "staging").mkdir()
    # As it is, nothing is fit; mended in place, the row is there, and the ragged one still set aside.
    if kind == "text":
        mended = made.content.decode(encoding).replace("31-02-2026", "28-02-2026")
        path.write_bytes(mended.encode(encoding))
        manifest = stage(path, parse_profile(text), tmp_path / "staging", settings)
        assert manifest.feeds[0].staged == 1
        assert manifest.feeds[0].quarantined == 1
        [row] = pd.read_parquet(manifest.feeds[0].parquet).to_dict("records")
        assert row["case_id"] == "Z-1"
        assert row["status"] == "=1+1", "read as it was, though no spreadsheet runs it"
        assert row["department"] == CELLS[3]
    else:
        found = propose(path, settings)
        assert found.columns[2:] == HEADER
        assert found.first_rows[0][2:4] == ("Z-1", "31-02-2026 09:30")


def test_a_row_stands_once_with_all_that_is_wrong():
    first = problems((7, CELLS))
    second = {**first[0], "position": 1, "column_name": "Status", "reason": "is out of range"}
    rows = [*first, second]
    made = as_file(
        rows, Reading(PROFILE.format(encoding="utf-8", delimiter=";", skip=0), HEADER, "text")
    )
    head, row = csv.reader(io.StringIO(made.content.decode("utf-8-sig")), delimiter=";")
    assert head == ["Line", "Reason", *HEADER]
    assert row[1] == "Open is missing, and a row cannot do without it; Status is out of range"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [("=1+1", "\u00a0=1+1"), ("-12,5", "-12,5"), ("-x", "\u00a0-x"), ("@a", "\u00a0@a"), ("a=b", "a=b"),
     ("+31 6", "\u00a0+31 6")],
)  # fmt: skip
def test_nothing_is_run(cell, shown):
    assert inert(cell) == shown
