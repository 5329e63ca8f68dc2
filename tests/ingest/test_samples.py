"""The ready profiles fit the sample extracts, and a first-time user gets far without them."""

from pathlib import Path

import pytest

from kpi.ingest import parse_profile, propose
from kpi.settings import load_settings

DATA = Path(__file__).resolve().parents[2] / "data"
PAIRS = {
    "zaaksysteem": ("zaken.csv", [244], [4]),
    "contactcentrum": ("contacten.csv", [300], [0]),
    "enquete": ("enquete.csv", [120, 120], [0, 0]),
    "zaaklogboek": ("zaaklogboek.csv", None, [0]),
}


def test_every_profile_has_its_sample():
    assert {path.stem for path in (DATA / "profiles").glob("*.toml")} == set(PAIRS)
    assert {path.name for path in (DATA / "samples").glob("*.csv")} == {
        pair[0] for pair in PAIRS.values()
    }


@pytest.mark.parametrize("name", PAIRS)
def test_ready_profiles(read, name):
    sample, rows, aside = PAIRS[name]
    text = (DATA / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
    assert parse_profile(text).name
    found = read((DATA / "samples" / sample).read_bytes(), text)
    feeds = found.result.feeds
    if rows:
        assert [feed.rows for feed in feeds] == rows
    assert [feed.quarantined for feed in feeds] == aside
    assert all(feed.rows == len(kept) + feed.left_out + feed.quarantined
               for feed, kept in zip(feeds, found.feeds, strict=True))  # fmt: skip


@pytest.mark.parametrize(
    ("sample", "table"),
    [("zaken.csv", "cases"), ("contacten.csv", "contacts"), ("enquete.csv", "surveys")],
)
def test_samples_explain_themselves(tmp_path, sample, table):
    settings = load_settings(f"duckdb:///{tmp_path / 'store.duckdb'}")
    found = propose(DATA / "samples" / sample, settings)
    assert found.table == table
    assert (found.encoding, found.delimiter) in {("cp1252", ";"), ("utf-8", ";")}
    # Of the survey one thing must be said: which question the score answers.
    assert all("metric" in doubt or "score" in doubt for doubt in found.doubts)
