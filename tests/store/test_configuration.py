"""Configuration: rows with validity, checked, logged, exported and imported whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kpi.schema import CONFIGURATION
from kpi.store import Configuration, ConfigurationProblem, Store, open_store
from kpi.store.as_toml import from_toml, to_toml
from kpi.store.configure import replacements, upserts
from kpi.store.opening import default_configuration
from kpi.tables import table
from tests.store.loading import case, manifest, staged_feed

YEAR = date(2026, 1, 1)
BEFORE = YEAR - timedelta(days=1)
FAULT = {"process": "fault", "valid_from": YEAR}


@pytest.fixture(scope="module")
def defaults() -> Configuration:
    return configured(default_configuration())


def configured(tables: dict[str, list[dict[str, object]]]) -> Configuration:
    kept: dict[str, list[dict[str, object]]] = {}
    for change in replacements(Configuration({}), tables):
        assert change.after is not None
        kept.setdefault(change.table, []).append(change.after)
    return Configuration(kept)


def norm(store: Store, on: date) -> float:
    row = store.configuration.row("processes", on, process="fault")
    assert row is not None
    return row["norm"]


def test_yesterday_keeps_yesterdays_rules(store: Store) -> None:
    version = store.data_version
    assert store.configure("processes", [{**FAULT, "norm": 1}], "manager") == 1
    assert store.data_version == version + 1
    assert (norm(store, BEFORE), norm(store, YEAR)) == (2.0, 1.0)
    # What the row does not name is as it was the day before.
    row = store.configuration.row("processes", YEAR, process="fault")
    assert row is not None
    assert (row["title_nl"], row["calendar"]) == ("Storingen", "office")
    assert [one["process"] for one in store.configuration.processes(YEAR)][3] == "fault"


def test_a_retired_row_is_gone_from_that_day_and_may_come_back(store: Store) -> None:
    store.configure("processes", [{**FAULT, "retired": True}], "manager")
    ids = {row["process"] for row in store.configuration.processes(YEAR)}
    assert "fault" not in ids
    assert "fault" in {row["process"] for row in store.configuration.processes(BEFORE)}
    # Its name stays known: old numbers still carry it.
    assert store.configuration.title("process", "fault", "nl") == "Storingen"
    later = {"process": "fault", "valid_from": date(2026, 6, 1), "norm": 3}
    store.configure("processes", [later], "manager")
    assert store.configuration.row("processes", date(2026, 6, 1), process="fault") is not None


def test_titles_fall_back_to_the_value_itself(defaults: Configuration) -> None:
    assert defaults.title("process", "fault", "nl") == "Storingen"
    assert defaults.title("process", "fault", "en") == "Faults and outages"
    assert defaults.title("process", "melding", "nl") == "melding"
    assert defaults.title("moment", "first_invoice", "nl") == "Eerste factuur"
    half = configured({"causes": [{"cause": "c", "valid_from": YEAR, "title_nl": "Oorzaak"}]})
    assert half.title("cause", "c", "en") == "Oorzaak"


def test_moments_come_in_the_order_of_their_chain(defaults: Configuration) -> None:
    chain = [row["moment"] for row in defaults.moments(YEAR, "complaint")]
    assert chain[:3] == ["received", "confirmed", "contact"]
    assert chain[-1] == "compensation"
    positions = [(row["process"], row["position"]) for row in defaults.moments(YEAR)]
    assert positions == sorted(positions)


def test_a_target_of_the_process_goes_before_the_general_one(store: Store) -> None:
    assert store.configuration.target("avoidable", YEAR) is None
    general = {"kpi": "avoidable", "valid_from": YEAR, "value": 15}
    store.configure("targets", [general, {**general, "process": "fault", "value": 9}], "manager")
    now = store.configuration
    found = [now.target("avoidable", YEAR, process) for process in (None, "fault", "details")]
    assert [row["value"] for row in found if row] == [15, 9, 15]
    assert now.target("avoidable", BEFORE, "fault") is None


def test_a_dictionary_knows_ids_titles_codes_and_status_words(store: Store) -> None:
    row = {"dictionary": "process", "valid_from": YEAR}
    store.configure(
        "codes",
        [
            {**row, "as_came": "melding", "understood": "fault"},
            {**row, "as_came": "test", "ignored": True},
        ],
        "analyst",
    )
    known = store.configuration.dictionary("process", YEAR)
    assert {known[word] for word in ("fault", "storingen", "faults and outages", "melding")} == {
        "fault"
    }
    assert "melding" not in store.configuration.dictionary("process", BEFORE)
    assert "test" not in known
    assert store.configuration.ignored("process", YEAR) == {"test"}
    assert store.configuration.ignored("process", BEFORE) == set()
    status = store.configuration.dictionary("status", YEAR)
    assert (status["in behandeling"], status["on hold"], status["afgemeld"]) == (
        "open",
        "waiting",
        "closed",
    )
    assert store.configuration.dictionary("emotion", YEAR) == {}


def test_a_code_is_understood_without_loading_again(store: Store) -> None:
    rows = [case("1", process="Melding")]
    store.import_staged(manifest(staged_feed(store.staging, "cases", rows)), "analyst")
    understood = sa.select(table("prepared_cases").c.process)
    assert store.rows(understood) == [{"process": "Melding"}]
    code = {"dictionary": "process", "as_came": "melding", "understood": "fault"}
    store.configure("codes", [{**code, "valid_from": YEAR}], "analyst")
    assert store.rows(understood) == [{"process": "fault"}]
    assert store.rows(sa.select(table("cases").c.process)) == [{"process": "Melding"}]


def test_every_change_is_logged_and_no_change_is_none(store: Store) -> None:
    store.configure("processes", [{**FAULT, "norm": 1}], "manager")
    version = store.data_version
    assert store.configure("processes", [{**FAULT, "norm": 1.0}], "manager") == 0
    assert store.data_version == version
    store.configure("processes", [{**FAULT, "norm": 3}], "owner")
    assert store.remove_configuration("processes", [FAULT], "manager") == 1
    assert store.remove_configuration("processes", [FAULT], "manager") == 0
    log = store.change_log()
    assert [row["who"] for row in log] == ["manager", "owner", "manager"]
    assert [(row["before"] or {}).get("norm") for row in log] == [3.0, 1.0, None]
    assert [(row["after"] or {}).get("norm") for row in log] == [None, 3.0, 1.0]
    assert {tuple(row["row_key"].items()) for row in log} == {
        (("process", "fault"), ("valid_from", "2026-01-01"))
    }
    assert norm(store, YEAR) == 2.0


@pytest.mark.parametrize(
    ("name", "row", "sentence"),
    [
        ("process", {}, "There is no configuration table process. There is processes"),
        ("processes", {"process": "fault"}, "needs valid_from"),
        ("processes", {**FAULT, "colur": "red"}, "has no column colur"),
        ("processes", {**FAULT, "norm": "two"}, "norm is two; it looks like 2"),
        ("processes", {**FAULT, "norm": -1}, "norm is -1: it must not be negative"),
        ("processes", {**FAULT, "norm_unit": "weeks"}, "Possible are working_days, hours"),
        ("processes", {**FAULT, "valid_from": "2026-01-01"}, "valid_from is 2026-01-01; it looks"),
        ("processes", {**FAULT, "position": 1.5}, "position is 1.5"),
        ("processes", {**FAULT, "retired": "no"}, "retired is no"),
        (
            "processes",
            {"process": "fault", "valid_from": datetime(2026, 1, 1)},
            "valid_from is 2026-01-01 00:00:00",
        ),
        (
            "calendars",
            {"calendar": "office", "weekday": 1, "valid_from": YEAR, "opens": "9 uur"},
            "is not a clock time like 09:00",
        ),
        (
            "source_links",
            {"table_name": "cases", "valid_from": YEAR, "url_template": "javascript:alert(1)"},
            "is not an http",
        ),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence(store: Store, name, row, sentence) -> None:
    version = store.data_version
    good = {"kpi": "avoidable", "valid_from": YEAR, "value": 15}
    with pytest.raises(ConfigurationProblem, match=sentence):
        store.configure(name, [row], "manager")
    assert store.configure("targets", [good], "manager") == 1
    assert store.data_version == version + 1


def test_one_bad_row_keeps_the_good_ones_out(store: Store) -> None:
    good = {"kpi": "avoidable", "valid_from": YEAR, "value": 15}
    with pytest.raises(ConfigurationProblem):
        store.configure("targets", [good, {**good, "kpi": None}], "manager")
    assert store.configuration.versions("targets") == []


def test_moments_in_time_are_kept_in_utc(store: Store) -> None:
    amsterdam = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    row = {"announcement": "a", "valid_from": YEAR, "starts_at": amsterdam}
    store.configure("announcements", [row], "manager")
    (kept,) = store.configuration.rows("announcements", YEAR)
    assert kept["starts_at"] == datetime(2026, 7, 1, 10)
    assert amsterdam.astimezone(UTC).hour == 10


def test_what_is_handed_out_is_not_the_configuration_itself(store: Store) -> None:
    store.configuration.processes(YEAR)[0]["norm"] = 99
    store.configuration.versions("processes")[0]["norm"] = 99
    assert all(row["norm"] == 2 for row in store.configuration.processes(YEAR))


def test_export_and_import_on_another_installation(store: Store, tmp_path) -> None:
    store.configure("processes", [{**FAULT, "norm": 1, "title_nl": 'A "b"\n# c = 1 é'}], "manager")
    store.configure(
        "holidays",
        [{"calendar": "office", "day": date(2026, 12, 24), "valid_from": YEAR}],
        "manager",
    )
    store.remove_configuration(
        "screens", [{"screen": "default", "valid_from": date(1900, 1, 1)}], "x"
    )
    text = store.configuration_toml()
    assert "valid_from = 2026-01-01" in text
    with open_store(store.settings.__class__(f"duckdb:///{tmp_path / 'other.duckdb'}")) as other:
        assert other.configure_from_toml(text, "manager") == 3
        assert other.configuration_toml() == text
        version = other.data_version
        assert other.configure_from_toml(text, "manager") == 0
        assert other.data_version == version
        assert len(other.change_log()) == 3


def test_a_file_replaces_the_tables_it_names_and_no_others(store: Store) -> None:
    causes = store.configuration.versions("causes")
    only = 'valid_from = 2026-01-01\n[[screens]]\nscreen = "hal"\nseconds = 10\n'
    assert store.configure_from_toml(only, "manager") == 2
    assert [row["screen"] for row in store.configuration.rows("screens", YEAR)] == ["hal"]
    assert store.configuration.versions("causes") == causes


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("processes = [", "cannot be read"),
        ("[[procesen]]\nprocess = 'x'", "holds procesen, which is no configuration table"),
        ("processes = 3", "holds processes, which is no"),
        ("[[processes]]\nprocess = 'x'", "needs valid_from"),
    ],
)
def test_a_file_that_cannot_be_taken_changes_nothing(store: Store, text, sentence) -> None:
    earlier = store.configuration_toml()
    with pytest.raises(ConfigurationProblem, match=sentence):
        store.configure_from_toml(text, "manager")
    assert store.configuration_toml() == earlier


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "kpi": TEXTS,
                "process": TEXTS,
                "valid_from": DAYS,
                "value": st.none() | st.floats(allow_nan=False, allow_infinity=False),
                "owner": st.none() | TEXTS,
                "sample": st.none() | st.booleans(),
            }
        ),
        max_size=4,
    )
)
def test_any_configuration_survives_a_file(rows: list[dict[str, object]]) -> None:
    before = Configuration(
        {"targets": [change.after or {} for change in upserts(Configuration({}), "targets", rows)]}
    )
    read = configured(from_toml(to_toml(before)))
    assert read.versions("targets") == before.versions("targets")


@given(st.lists(st.tuples(DAYS, st.booleans()), unique_by=lambda one: one[0]), DAYS)
def test_in_force_is_the_latest_that_has_begun(versions: list[tuple[date, bool]], on: date) -> None:
    rows = [
        {"kpi": "k", "process": "", "valid_from": day, "retired": retired}
        for day, retired in versions
    ]
    kept = configured({"targets": rows})
    begun = [one for one in sorted(versions) if one[0] <= on]
    expected = [begun[-1][0]] if begun and not begun[-1][1] else []
    assert [row["valid_from"] for row in kept.rows("targets", on)] == expected


def test_every_configuration_table_can_be_asked(defaults: Configuration) -> None:
    for declared in CONFIGURATION:
        assert isinstance(defaults.rows(declared.name, YEAR), list)
    assert defaults.configured("channel", YEAR) >= {"phone", "chat", "email", "portal"}
    assert len(defaults.channels(YEAR)) == len(defaults.configured("channel", YEAR))
