"""Files into a store: counts, the same file twice, undo, refusals - as the command line tells them."""

import json
from datetime import date

import pytest
import sqlalchemy as sa

from kpi.i18n import use
from kpi.ingest import load, parse_profile
from kpi.settings import load_settings
from kpi.store import open_store
from kpi.tables import table
from tests.ingest.conftest import profile_of

HEADER = "zaaknummer;aangemaakt op;afgehandeld op;status;kanaal"
ROWS = [
    "Z1;31-01-2026 09:00;02-02-2026 10:00;afgehandeld;telefoon",
    "Z2;31-01-2026 09:30;;in behandeling;e-mail",
]
PROFILE = profile_of(
    "cases", 'date_order = "dmy"', case_id='"zaaknummer"', opened_at='"aangemaakt op"',
    closed_at='"afgehandeld op"', status='"status"', opened_channel='"kanaal"',
)  # fmt: skip
COUNTS = ("rows", "accepted", "updated", "unchanged", "left_out", "quarantined")


@pytest.fixture(scope="module")
def new_store(tmp_path_factory):
    path = tmp_path_factory.mktemp("new") / "store.duckdb"
    open_store(load_settings(f"duckdb:///{path}")).close()
    return path


@pytest.fixture
def store(tmp_path, new_store):
    path = tmp_path / "store.duckdb"
    path.write_bytes(new_store.read_bytes())
    with open_store(load_settings(f"duckdb:///{path}")) as opened:
        yield opened


def file_of(tmp_path, *rows, name="zaken.csv", header=HEADER):
    path = tmp_path / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="cp1252")
    return path


def counts(outcome):
    return tuple(outcome.total(name) for name in COUNTS)


def test_a_file_that_explains_itself_needs_no_profile(store, tmp_path):
    outcome = load(store, file_of(tmp_path, *ROWS), who="analyst")
    assert outcome.refused is None
    assert (outcome.exit_code, counts(outcome)) == (0, (2, 2, 0, 0, 0, 0))
    cases = table("cases")
    (row,) = store.rows(
        sa.select(cases.c.status, cases.c.opened_channel).where(cases.c.case_id == "Z1")
    )
    assert row == {"status": "afgehandeld", "opened_channel": "telefoon"}
    (kept,) = store.imports()
    assert (kept["who"], kept["file"]) == ("analyst", "zaken.csv")


def test_the_same_file_twice_changes_nothing(store, tmp_path):
    path = file_of(tmp_path, *ROWS)
    first = load(store, path, parse_profile(PROFILE))
    version = store.data_version
    again = load(store, path, parse_profile(PROFILE))
    assert (again.exit_code, again.import_id) == (0, None)
    assert again.already_loaded == first.import_id
    assert counts(again) == (2, 0, 0, 2, 0, 0)
    assert store.data_version == version
    assert len(store.imports()) == 1


def test_next_weeks_file_updates_and_undo_takes_it_back(store, tmp_path):
    load(store, file_of(tmp_path, *ROWS), parse_profile(PROFILE))
    closed = ROWS[1].replace(";;in behandeling", ";03-02-2026 11:00;afgehandeld")
    new = "Z3;02-02-2026 09:00;;nieuw;chat"
    outcome = load(store, file_of(tmp_path, ROWS[0], closed, new), parse_profile(PROFILE))
    assert counts(outcome) == (3, 1, 1, 1, 0, 0)
    cases = table("cases")
    store.undo(outcome.import_id, "test")
    rows = store.rows(sa.select(cases.c.case_id, cases.c.status).order_by(cases.c.case_id))
    assert [tuple(row.values()) for row in rows] == [
        ("Z1", "afgehandeld"),
        ("Z2", "in behandeling"),
    ]


def test_bad_rows_are_set_aside_and_kept(store, tmp_path):
    bad = "Z9;31-02-2026 09:00;gisteren;open;telefoon"
    outcome = load(store, file_of(tmp_path, *ROWS, bad, "Z8;te;veel"), parse_profile(PROFILE))
    assert (outcome.exit_code, counts(outcome)) == (1, (4, 2, 0, 0, 0, 2))
    kept = store.quarantined(outcome.import_id)
    assert [(row["row_number"], row["column_name"], row["value"]) for row in kept] == [
        (4, "aangemaakt op", "31-02-2026 09:00"),
        (4, "afgehandeld op", "gisteren"),
        (5, "", "3"),
    ]
    assert json.loads(kept[0]["raw"])[0] == "Z9"
    assert [problem["row"] for problem in outcome.problems] == [4, 4, 5]


def test_nothing_is_loaded_when_nothing_can_be(store, tmp_path):
    outcome = load(store, file_of(tmp_path, "Z1;gisteren;;open;x"), parse_profile(PROFILE))
    assert outcome.exit_code == 2
    assert "aangemaakt op" in outcome.refused
    assert not store.imports()


def test_a_dry_run_leaves_the_store_as_it_is(store, tmp_path):
    version = store.data_version
    outcome = load(store, file_of(tmp_path, *ROWS, "x;y"), parse_profile(PROFILE), dry_run=True)
    assert (outcome.exit_code, counts(outcome)) == (1, (3, 2, 0, 0, 0, 1))
    assert outcome.import_id is None
    assert (store.data_version, store.imports()) == (version, [])


def test_doubt_stops_a_load_without_profile(store, tmp_path):
    rows = [row.replace("31-01", "03-01") for row in ROWS]
    outcome = load(store, file_of(tmp_path, *rows))
    assert outcome.exit_code == 2
    assert "date_order" in outcome.refused
    assert 'table = "cases"' in outcome.proposal.profile_text
    # The proposal, kept and read again, settles it.
    outcome = load(store, file_of(tmp_path, *rows), parse_profile(outcome.proposal.profile_text))
    assert outcome.exit_code == 0


def test_the_table_may_be_said(store, tmp_path):
    path = file_of(tmp_path, "2026-01-31;7,5", header="datum;uren", name="uren.csv")
    outcome = load(store, path, table="staffing")
    assert (outcome.refused, counts(outcome)) == (None, (1, 1, 0, 0, 0, 0))
    staffing = table("staffing")
    assert store.rows(sa.select(staffing.c.date, staffing.c.process, staffing.c.staffed_hours)) == [
        {"date": date(2026, 1, 31), "process": "", "staffed_hours": 7.5}
    ]


def test_a_file_that_is_not_there(store, tmp_path):
    outcome = load(store, tmp_path / "nergens.csv")
    assert outcome.exit_code == 2
    assert "nergens.csv" in outcome.refused


def test_json_is_as_promised(store, tmp_path):
    said = load(store, file_of(tmp_path, *ROWS), parse_profile(PROFILE)).as_json()
    assert list(said)[:3] == ["import", "file", "feeds"]
    assert said["feeds"] == [
        {"table": "cases", "rows": 2, "accepted": 2, "updated": 0, "unchanged": 0, "left_out": 0,
         "quarantined": 0}
    ]  # fmt: skip
    assert [said[name] for name in COUNTS] == [2, 2, 0, 0, 0, 0]
    # Local time, to the second.
    assert said["as_of"] == "2026-02-02T10:00:00"
    json.dumps(said)


def test_what_is_not_known_yet_is_accepted_and_told(store, tmp_path):
    rows = [ROWS[0].replace("afgehandeld;telefoon", "geparkeerd;postduif"), ROWS[1]]
    outcome = load(store, file_of(tmp_path, *rows), parse_profile(PROFILE))
    assert outcome.exit_code == 0
    told = " ".join(outcome.warnings)
    assert "geparkeerd (1)" in told
    assert "postduif (1)" in told
    assert "in behandeling" not in told


def test_dutch_is_spoken_where_dutch_is_asked(store, tmp_path):
    rows = [ROWS[0].replace("afgehandeld;", "geparkeerd;"), "Z9;31-02-2026;;open;x", ROWS[1]]
    with use("nl"):
        outcome = load(store, file_of(tmp_path, *rows), parse_profile(PROFILE))
        assert any("niet begrepen" in warning for warning in outcome.warnings)
        assert outcome.problems[0]["reason"] != store.quarantined(outcome.import_id)[0]["reason"]
        refused = load(store, tmp_path / "nergens.csv").refused
    assert "nergens.csv" in refused
    assert "There is no file" not in refused


def test_several_files_of_the_steps_of_a_funnel(store, tmp_path):
    for step in ("mandje", "betalen"):
        path = file_of(tmp_path, "u1", "u2", header="bezoeker", name=f"{step}.csv")
        profile = profile_of(
            "web_events", entity_id='"bezoeker"', funnel="{ value = 'order' }",
            step=f"{{ value = '{step}' }}", at="{ value = '2026-01-05' }",
        )  # fmt: skip
        assert load(store, path, parse_profile(profile)).total("accepted") == 2
