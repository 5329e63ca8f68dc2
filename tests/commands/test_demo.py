"""The demo as a command: an import like any other, alone in its store."""

import json

import pytest

from kpi.demo.fill import truth_file
from kpi.settings import load_settings
from kpi.store import open_store

SMALL = ("--customers", "500", "--months", "6", "--until", "2025-03-31")


def examples() -> dict[str, int]:
    """Rows of configuration that only the demo brings."""
    with open_store(load_settings()) as store:
        return {
            name: len(store.configuration.versions(name))
            for name in (
                "actions",
                "announcements",
                "targets",
                "staff_signals",
                "blueprints",
                "alerts",
                "digests",
            )
        }


def test_it_is_an_import_that_can_be_taken_back(ask):
    said = ask("demo", *SMALL)
    assert (said.code, said.out) == (0, "")
    [made] = ask("imports", "--as", "json").json
    assert made["file"] == "demo"
    assert made["accepted"] == made["rows"] > 10_000
    assert made["as_of"] == "2025-03-31T23:59:59"
    assert {feed["table"] for feed in made["feeds"]} >= {"customers", "cases", "contacts", "posts"}
    assert all(examples().values())
    truth = truth_file(load_settings())
    kept = json.loads(truth.read_text(encoding="utf-8"))
    assert len(kept["stories"]) == 8
    assert kept["plan"]["customers"] == 500

    assert ask("undo", made["import"]).code == 0
    assert not any(examples().values())
    assert not truth.exists()
    assert ask("show", "contacts_per_hour", "--as", "json").json[0]["value"] is None


def test_the_same_again_changes_nothing_and_another_takes_its_place(ask):
    ask("demo", *SMALL)
    again = ask("demo", *SMALL)
    assert again.code == 0
    assert "nothing changed" in again.err
    assert len(ask("imports", "--as", "json").json) == 1
    ask("demo", *SMALL, "--seed", "9")
    newest, first = ask("imports", "--as", "json").json
    assert first["undone_at"] is not None
    assert newest["undone_at"] is None
    kept = json.loads(truth_file(load_settings()).read_text(encoding="utf-8"))
    assert kept["plan"]["seed"] == 9


def test_it_is_not_mixed_with_real_data(ask, cases_csv, cases_profile):
    ask("load", cases_csv, "--profile", cases_profile)
    said = ask("demo", *SMALL)
    assert said.code == 2
    assert "zaken.csv" in said.err
    assert len(ask("imports", "--as", "json").json) == 1


def test_real_data_taken_back_makes_room(ask, cases_csv, cases_profile):
    ask("load", cases_csv, "--profile", cases_profile)
    ask("undo", 1)
    assert ask("demo", *SMALL).code == 0


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (("--customers", "3"), "between 500"),
        (("--months", "2"), "between 6"),
        (("--until", "soon"), "2026-03-31"),
        (("--until", "1900-01-01"), "1990"),
    ],
)
def test_what_cannot_be_made_gets_a_sentence(ask, wanted, says):
    said = ask("demo", *wanted)
    assert said.code == 2
    assert says in said.err


def test_the_data_kind_is_known_as_long_as_the_demo_is_there(ask):
    def kind():
        with open_store(load_settings()) as store:
            return store.properties().get("kind")

    assert not kind()
    ask("demo", *SMALL)
    assert kind() == "demo"
    ask("undo", 1)
    assert not kind()
