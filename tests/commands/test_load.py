"""load, imports, undo and profile, as a nightly job would call them."""

from datetime import date

import pytest

from kpi.commands import COMMANDS
from kpi.settings import load_settings
from kpi.store import open_store
from kpi.store.listener import Listener

COUNTS = ("rows", "accepted", "updated", "unchanged", "left_out", "quarantined")


def test_some_rows_set_aside(ask, cases_csv, cases_profile):
    said = ask("load", cases_csv, "--profile", cases_profile, "--json")
    assert said.code == 1
    assert said.json["import"] == 1
    assert {name: said.json[name] for name in COUNTS} == dict(
        zip(COUNTS, (4, 3, 0, 0, 0, 1), strict=True)
    )
    [feed] = said.json["feeds"]
    assert feed["table"] == "cases"
    assert feed["rows"] == sum(feed[name] for name in COUNTS[1:])
    assert said.json["as_of"] == "2025-06-04T10:00:00"
    # The row, the column, the value and the reason.
    assert "31-06-2025 10:00" in said.err
    assert "Gesloten op" in said.err


def test_the_same_file_twice_changes_nothing(ask, cases_csv, cases_profile):
    cases_csv.write_text(cases_csv.read_text().replace("31-06", "30-06"))
    first = ask("load", cases_csv, "--profile", cases_profile, "--json")
    again = ask("load", cases_csv, "--profile", cases_profile, "--json")
    assert (first.code, again.code) == (0, 0)
    assert again.json["import"] is None
    assert (again.json["unchanged"], again.json["accepted"]) == (4, 0)
    assert len(ask("imports", "--as", "json").json) == 1


def test_a_report_to_read(ask, cases_csv, cases_profile):
    said = ask("load", cases_csv, "--profile", cases_profile)
    assert "zaken.csv: loaded as import 1" in said.out
    assert "4 rows: 3 new" in said.out
    assert "1 row was set aside" in said.err


def test_a_dry_run_loads_nothing(ask, cases_csv, cases_profile):
    said = ask("load", cases_csv, "--profile", cases_profile, "--dry-run", "--json")
    assert said.code == 1
    assert said.json["rows"] == 4
    assert ask("imports", "--as", "json").json == []


def test_several_files_give_an_array_and_the_worst_exit_code(
    ask, cases_csv, cases_profile, tmp_path
):
    gone = tmp_path / "gone.csv"
    said = ask("load", cases_csv, gone, "--profile", cases_profile, "--json")
    assert said.code == 2
    loaded, refused = said.json
    assert loaded["import"] == 1
    assert refused["import"] is None
    assert "gone.csv" in refused["reason"]
    # Whatever the order: what could be loaded is loaded, and what was not is named.
    assert f"Loaded: {cases_csv.name} (import 1)." in said.err
    assert "Not loaded: gone.csv." in said.err
    assert len(ask("imports", "--as", "json").json) == 1


def test_what_makes_numbers_wrong_stops_a_load_that_nobody_prepared(ask, tmp_path):
    path = tmp_path / "zaken.csv"
    rows = "".join(f"5,70306E+{10 + at % 3};{at + 13}-01-2026;open\n" for at in range(9))
    path.write_text("zaaknummer;aangemaakt op;status\n" + rows, encoding="utf-8")
    said = ask("load", path)
    assert said.code == 2
    # The sentence, what shows it and what can be done.
    assert "rounded by a spreadsheet" in said.err
    assert "5,70306E+10  3" in " ".join(said.err.split("\n"))
    assert "Export straight to CSV" in said.err
    profile = tmp_path / "zaken.toml"
    profile.write_text(said.out, encoding="utf-8")
    # Whoever says how it is read has it loaded, and is told all the same.
    loaded = ask("load", path, "--profile", profile, "--json")
    assert loaded.code == 0
    assert "rounded_ids" in {one["kind"] for one in loaded.json["findings"]}
    assert loaded.json["findings"][0]["sentence"] in loaded.json["warnings"]


@pytest.mark.parametrize("profile", ["nowhere.toml", "saved before"])
def test_a_profile_that_is_not_there(ask, cases_csv, profile):
    said = ask("load", cases_csv, "--profile", profile)
    assert (said.code, said.out) == (2, "")
    assert profile in said.err


def test_a_profile_that_cannot_be_used(ask, cases_csv, tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[[feeds]]\ntable = "casses"\n', encoding="utf-8")
    said = ask("load", cases_csv, "--profile", wrong)
    assert said.code == 2
    assert "casses" in said.err


def test_a_saved_profile_is_used_by_its_name(ask, cases_csv, cases_profile, tmp_path):
    row = {"profile": "nightly", "valid_from": date(2020, 1, 1), "toml": cases_profile.read_text()}
    with open_store(load_settings()) as store:
        store.configure("feed_profiles", [row], "test")
    assert ask("load", cases_csv, "--profile", "nightly").code == 1
    near = ask("load", cases_csv, "--profile", "nigtly")
    assert near.code == 2
    assert "Did you mean nightly?" in near.err


def test_a_relative_path_is_read_from_where_one_stands(
    ask, cases_csv, cases_profile, monkeypatch, tmp_path
):
    with open_store(load_settings()) as store, Listener(store, COMMANDS):
        monkeypatch.chdir(cases_csv.parent)
        said = ask("load", cases_csv.name, "--profile", cases_profile.name, "--json")
    assert said.json["import"] == 1


def test_take_back_what_was_loaded(ask, cases_csv, cases_profile):
    ask("load", cases_csv, "--profile", cases_profile)
    before = ask(
        "show", "backlog", "--since", "2025-06-01", "--until", "2025-06-30", "--as", "json"
    )
    assert before.json[0]["value"] == 1
    said = ask("undo", 1)
    assert said.code == 0
    assert "zaken.csv" in said.err
    [left] = ask("imports", "--as", "json").json
    assert left["undone_at"] is not None
    again = ask("undo", 1)
    assert again.code == 2
    assert "taken back already" in again.err
    assert ask("undo", 7).code == 2


def test_rows_that_stay_because_a_later_import_holds_them_are_told(
    ask, cases_csv, cases_profile, tmp_path
):
    lines = cases_csv.read_text(encoding="utf-8").splitlines(keepends=True)
    later = tmp_path / "later.csv"
    later.write_text("".join(lines[:2]), encoding="utf-8")
    ask("load", cases_csv, "--profile", cases_profile)
    ask("load", later, "--profile", cases_profile)
    assert "1 row stays: import 2 holds it too" in ask("undo", 1).err


def test_imports_as_a_table_and_csv(ask, cases_csv, cases_profile):
    empty = ask("imports")
    assert "Nothing is loaded yet" in empty.err
    ask("load", cases_csv, "--profile", cases_profile)
    assert "zaken.csv" in ask("imports").out
    head, row = ask("imports", "--as", "csv").out.splitlines()
    assert head.startswith("import,file,profile,who,loaded_at,rows,accepted")
    assert row.startswith("1,zaken.csv,zaken,")


def test_propose_a_profile_and_load_with_it(ask, cases_csv, tmp_path):
    said = ask("profile", cases_csv)
    assert said.code == 0
    kept = tmp_path / "kept.toml"
    kept.write_text(said.out, encoding="utf-8")
    assert ask("load", cases_csv, "--profile", kept, "--json").json["accepted"] == 3


def test_a_proposal_as_json(ask, cases_csv):
    found = ask("profile", cases_csv, "--json").json
    assert found["delimiter"] == ";"
    assert found["header_line"] == 1
    assert found["table"] == "cases"
    assert found["columns"][0] == "Zaaknummer"
    assert found["rows"] == 4


def test_a_file_that_is_not_there(ask, tmp_path):
    said = ask("profile", tmp_path / "gone.csv", "--json")
    assert said.code == 2
    assert said.json["columns"] == []
    assert "gone.csv" in said.json["problems"][0]["reason"]


def test_looking_at_a_file_opens_no_store(ask, cases_csv, tmp_path):
    ask("profile", cases_csv)
    assert not list(tmp_path.glob("store.duckdb*"))


def test_real_data_beside_the_demo_is_told(ask, cases_csv, cases_profile):
    ask("demo", "--customers", "500", "--months", "6", "--until", "2025-03-31")
    said = ask("load", cases_csv, "--profile", cases_profile)
    assert "ketenzicht undo 1" in said.err


def test_doctor_looks_and_says(ask, cases_csv, cases_profile):
    well = ask("doctor")
    assert well.code == 0
    assert "Nothing is loaded yet." in well.out
    ask("load", cases_csv, "--profile", cases_profile)
    ill = ask("doctor")
    assert ill.code == 1
    assert "1 row was set aside" in ill.out
