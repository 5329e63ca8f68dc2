"""A file beside earlier loads: gaps, holes, volumes, other keys, other leading zeros."""

from datetime import date, timedelta

import pytest

from kpi.findings import Severity
from kpi.ingest import load, parse_profile
from kpi.settings import load_settings
from kpi.store import open_store
from kpi.store.volume import Beside, findings
from tests.ingest.conftest import profile_of

MONDAY = date(2026, 1, 5)


def week(per_day=20, first=MONDAY, weeks=4, weekend=0):
    """Rows per day of a service that works on weekdays."""
    days = [first + timedelta(at) for at in range(7 * weeks)]
    return {day: per_day if day.weekday() < 5 else weekend for day in days}


def beside(own, earlier=None):
    filled = {day: rows for day, rows in own.items() if rows}
    return [one.kind for one in findings(Beside("contacts", filled, earlier or {}))]


def test_a_file_like_the_others_raises_nothing():
    assert beside(week()) == []
    assert beside(week(first=MONDAY + timedelta(28)), week()) == []
    assert beside(week(first=MONDAY + timedelta(28), weeks=1), week()) == []
    # The same weeks again, with a week more: that is said, and nothing else.
    assert beside(week(weeks=5), week()) == ["overlap"]
    # What changed since yesterday: cases opened long ago, a few of each day.
    changed = dict.fromkeys(week(weeks=8), 2) | {MONDAY + timedelta(28): 20}
    assert "gap" not in beside(changed, week())


def test_days_that_were_loaded_before_are_named():
    own = week(first=MONDAY + timedelta(21), weeks=2)
    (found,) = findings(Beside("contacts", {day: n for day, n in own.items() if n}, week(15)))
    assert (found.kind, found.severity) == ("overlap", Severity.NOTE)
    # Mondays to Fridays of one week: 20 rows a day in the file, 15 known.
    told = [found.values[name] for name in ("first", "last", "n", "known")]
    assert told == [date(2026, 1, 26), date(2026, 1, 30), 100, 75]


def test_days_between_two_files():
    next_one = week(first=MONDAY + timedelta(35), weeks=2)
    (gap,) = findings(Beside("contacts", next_one, week()))
    assert (gap.kind, gap.values["first"], gap.values["last"]) == (
        "gap", date(2026, 2, 2), date(2026, 2, 6),
    )  # fmt: skip
    assert gap.values["usual"] == 100
    # A weekend on which nobody works is no gap.
    assert beside(week(first=MONDAY + timedelta(28), weeks=1), week()) == []


def test_days_that_are_missing_inside_a_file():
    own = week(weeks=6)
    for at in range(21, 26):
        own[MONDAY + timedelta(at)] = 0
    assert beside(own) == ["hole"]
    # One holiday, or two, is none.
    own = week(weeks=6)
    own[MONDAY + timedelta(21)] = own[MONDAY + timedelta(22)] = 0
    assert beside(own) == []


@pytest.mark.parametrize(
    ("per_day", "kinds"), [(5, ["volume"]), (45, ["volume"]), (15, []), (30, [])]
)
def test_a_volume_far_from_usual(per_day, kinds):
    assert beside(week(per_day, MONDAY + timedelta(28), 1), week()) == kinds


def test_a_last_day_that_is_not_over():
    own = week()
    last = max(day for day, rows in own.items() if rows)
    own[last] = 3
    (found,) = findings(Beside("contacts", {day: n for day, n in own.items() if n}, {}))
    assert (found.kind, found.values["day"], found.values["n"]) == ("partial_day", last, 3)


def test_weekends_that_were_none_before():
    own = week(20, MONDAY + timedelta(28), 4, weekend=18)
    assert "weekends" in beside(own, week())


# -- in a store --------------------------------------------------------------------------------

PROFILE = "name = 'telefonie'\n" + profile_of(
    "contacts", contact_id='"Id"', customer_id='"Klant"', started_at='"Start"',
    channel='{ value = "phone" }',
)  # fmt: skip


def extract(folder, name, first, count, key="C{day:%y%m%d}{at}", customer="{n:07}"):
    lines = ["Id;Klant;Start"]
    for day in (first + timedelta(at) for at in range(count)):
        for at in range(10 if day.weekday() < 5 else 0):
            number = customer.format(n=100 + at)
            lines.append(f"{key.format(day=day, at=at)};{number};{day} {9 + at % 8:02}:17")
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Outcomes by name, of files that were loaded one after the other."""
    folder = tmp_path_factory.mktemp("earlier")
    customers = folder / "klanten.csv"
    customers.write_text(
        "customer_id;customer_since\n" + "".join(f"{100 + at:07};2020-01-31\n" for at in range(10))
    )
    profile = parse_profile(PROFILE)
    found = {}
    with open_store(load_settings(f"duckdb:///{folder / 'store.duckdb'}")) as store:
        assert load(store, customers).exit_code == 0

        def bring(name, path, profile=profile, **more):
            found[name] = load(store, path, profile, who="test", **more)

        bring("first", extract(folder, "a.csv", MONDAY, 28))
        bring("next", extract(folder, "b.csv", MONDAY + timedelta(28), 7))
        bring("again", extract(folder, "c.csv", MONDAY + timedelta(21), 21))
        gap = extract(folder, "d.csv", MONDAY + timedelta(49), 7)
        bring("foreseen", gap, dry_run=True)
        bring("gap", gap)
        bring(
            "other keys",
            extract(folder, "e.csv", MONDAY + timedelta(21), 14, key="K{day:%y%m%d}-{at}"),
        )
        bring("other system", extract(folder, "f.csv", MONDAY, 28, key="X{day:%y%m%d}{at}"),
              parse_profile(PROFILE.replace("telefonie", "chat")))  # fmt: skip
        zeros = extract(folder, "g.csv", MONDAY + timedelta(56), 7, customer="{n}")
        bring("zeros", zeros)
        bring("zeros again", zeros)
        found["kept"] = store.findings(found["zeros"].import_id)
        store.undo(found["zeros"].import_id, "test")
        found["undone"] = store.findings(found["zeros"].import_id)
        yield found


def told(outcome):
    return [one.kind for one in outcome.findings]


def test_files_that_follow_each_other_raise_nothing(loaded):
    assert told(loaded["first"]) == told(loaded["next"]) == []
    assert told(loaded["again"]) == ["overlap"]
    assert loaded["again"].total("unchanged") > 0


def test_a_gap_is_told_before_and_when_it_is_loaded(loaded):
    assert told(loaded["foreseen"]) == told(loaded["gap"]) == ["gap"]
    assert loaded["gap"].findings[0].sentence in loaded["gap"].warnings


def test_the_same_days_under_other_keys_count_twice(loaded):
    finding, known = sorted(loaded["other keys"].findings, key=lambda one: one.kind)
    assert known.kind == "overlap"
    assert finding.kind == "doubled"
    assert f"undo {loaded['other keys'].import_id}" in finding.what_to_do


def test_another_system_has_days_of_its_own(loaded):
    assert told(loaded["other system"]) == []


def test_customers_that_lost_their_zeros(loaded):
    (finding,) = loaded["zeros"].findings
    assert finding.kind == "leading_zeros"
    assert finding.evidence.rows[0] == ("100", "0000100")


def test_findings_stay_with_the_import_until_it_is_taken_back(loaded):
    assert loaded["kept"] == loaded["zeros"].findings
    # The very same file says what it said, though nothing is loaded.
    assert loaded["zeros again"].import_id is None
    assert loaded["zeros again"].findings == loaded["kept"]
    assert loaded["undone"] == ()
