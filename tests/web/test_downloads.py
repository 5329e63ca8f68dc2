"""Rows set aside can be fetched, mended and loaded again - and are run by no spreadsheet."""

import csv
import io
import json
from datetime import datetime
from urllib.parse import quote

import pytest

from kpi.web import running
from tests.store.loading import manifest, staged_feed, staged_quarantine


def refuse_rows():
    """An import with rows set aside; gives its number."""
    store = running.store()
    rows = [{"case_id": "Z-1", "opened_at": datetime(2026, 3, 2, 9), "status": "open"}]
    aside = [
        {
            "feed": 0,
            "row_number": 3,
            "position": 0,
            "column_name": "Geopend",
            "value": "=cmd|' /C calc'!A0",
            "reason": "must not be negative",
            "raw": json.dumps(["Z-2", "=cmd|' /C calc'!A0", "a;b\nc"]),
        }
    ]
    feed = staged_feed(store.staging, "cases", rows, quarantined=1)
    loaded = manifest(feed, quarantine=staged_quarantine(store.staging, aside))
    return store.import_staged(loaded, "test").import_id


def test_quarantined_rows_as_csv(own_client):
    number = refuse_rows()
    answer = own_client.get(f"/download/quarantined/{number}?lang=nl")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment")
    text = answer.content.decode("utf-8-sig")
    assert answer.content.startswith(b"\xef\xbb\xbf"), "Excel needs it to read UTF-8"
    heads, row = csv.reader(io.StringIO(text), delimiter=";")
    assert heads[1] == "Kolom"
    assert row[:3] == ["3", "Geopend", "'=cmd|' /C calc'!A0"]
    assert row[4:] == ["Z-2", "'=cmd|' /C calc'!A0", "a;b\nc"]
    assert row[3] != "must not be negative", "the reason is said in the language asked for"


def test_nothing_set_aside_is_a_sentence(own_client):
    answer = own_client.get("/download/quarantined/99?lang=nl")
    assert answer.status_code == 404
    assert "99" in answer.text


@pytest.mark.parametrize("path", ["x", "1.5", "-1", quote("../../etc/passwd", safe="")])
def test_only_a_number_is_an_address(own_client, path):
    assert own_client.get(f"/download/quarantined/{path}").status_code == 404
