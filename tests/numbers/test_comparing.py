"""Values beside the period before and their target."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kpi import numbers
from kpi.bulletin.states import State
from kpi.filters import Comparison, Filters
from kpi.measures import KPIS
from kpi.numbers import AskProblem
from kpi.periods import Period
from tests.measures.world import world

MAY = Filters(date(2024, 5, 1), date(2024, 5, 31))


def answers(month: str, satisfied: int, not_satisfied: int, process: str = "fault") -> list[dict]:
    return [
        {
            "response_id": f"{process}{month}{n}",
            "process": process,
            "responded_at": f"2024-{month}-10 10:00",
            "metric": "csat5",
            "score": 5 if n < satisfied else 2,
        }
        for n in range(satisfied + not_satisfied)
    ]


def test_a_value_is_held_against_the_equal_period_before(tmp_path):
    surveys = [*answers("04", 30, 10), *answers("05", 36, 4)]
    with world({"surveys": surveys}, "2024-06-30T00:00", tmp_path) as store:
        [found] = numbers.compare(store, ["csat"], MAY, ("process",))
        assert found.now.value == 90
        assert found.before.value == 75
        assert (found.before.since, found.before.until) == (date(2024, 4, 1), date(2024, 4, 30))
        assert found.delta == 15
        assert found.good is True
        alone = replace(MAY, comparison=Comparison.NONE)
        [apart] = numbers.compare(store, ["csat"], alone)
        assert (apart.before, apart.delta, apart.good) == (None, None, None)
        [year] = numbers.compare(store, ["csat"], replace(MAY, comparison=Comparison.YEAR))
        assert year.before.value is None
        assert year.delta is None


def test_lower_may_be_better_and_some_are_neither(tmp_path):
    cases = [
        {
            "case_id": f"z{month}{n}",
            "process": "fault",
            "opened_at": f"2024-{month:02d}-06 10:00",
            "closed_at": f"2024-{month:02d}-{6 + month - 3:02d} 10:00",
            "status": "closed",
        }
        for month in (4, 5)
        for n in range(12)
    ]
    contacts = [
        {
            "contact_id": f"k{day}{n}",
            "started_at": f"2024-{day} 10:00",
            "answered_at": f"2024-{day} 10:01",
            "channel": "phone",
            "direction": "in",
        }
        for day, count in (("03-29", 1), ("04-10", 20), ("05-08", 10))
        for n in range(count)
    ]
    tables = {"cases": cases, "contacts": contacts}
    with world(tables, "2024-06-30T00:00", tmp_path) as store:
        slower, quieter = numbers.compare(store, ["lead_time", "contacts_per_hour"], MAY)
        assert slower.delta == pytest.approx(1)
        assert slower.good is False
        assert quieter.delta < 0
        assert quieter.good is None
        # April was whole, March began before the first contact: it is no measure of anything.
        april = Filters(date(2024, 4, 1), date(2024, 4, 30))
        [first] = numbers.compare(store, ["contacts_per_hour"], april)
        assert first.before is None


def test_a_period_that_is_not_over_is_compared_with_as_much_of_the_one_before(tmp_path):
    surveys = [*answers("04", 10, 0)]
    surveys += [
        {**row, "response_id": f"x{n}", "responded_at": "2024-04-20 10:00", "score": 1}
        for n, row in enumerate(answers("04", 10, 0))
    ]
    surveys += answers("05", 12, 0)
    with world({"surveys": surveys}, "2024-05-15T12:00", tmp_path) as store:
        [found] = numbers.compare(store, ["csat"], MAY)
        assert found.now.partial
        assert (found.before.since, found.before.until) == (date(2024, 4, 1), date(2024, 4, 15))
        assert found.before.value == 100
        kpi = numbers.find("csat")
        march = numbers.earlier_period(
            store, kpi, Period(date(2024, 4, 1), date(2024, 4, 30)), Comparison.PREVIOUS
        )
        assert march == Period(date(2024, 3, 1), date(2024, 3, 31))


@pytest.mark.parametrize(
    ("satisfied", "not_satisfied", "state"),
    [
        (36, 4, State.GOOD),  # 90 %
        (31, 9, State.ATTENTION),  # 77.5 %, may be chance
        (20, 20, State.BAD),  # 50 %
        (5, 4, State.TOO_FEW),
    ],
)
def test_the_state_follows_from_the_target(tmp_path, satisfied, not_satisfied, state):
    surveys = answers("05", satisfied, not_satisfied)
    with world({"surveys": surveys}, "2024-06-30T00:00", tmp_path) as store:
        [found] = numbers.compare(store, ["csat"], MAY)
        assert (found.target, found.sample) == (80, True)
        assert found.state is state


def test_a_target_that_was_set_goes_before_the_sample_and_that_of_the_process_before_all(tmp_path):
    surveys = [*answers("05", 27, 13), *answers("05", 27, 13, "details")]
    targets = [
        {
            "kpi": "csat",
            "process": "",
            "valid_from": date(2024, 1, 1),
            "value": 60,
            "sample": False,
        },
        {
            "kpi": "csat",
            "process": "fault",
            "valid_from": date(2024, 1, 1),
            "value": 95,
            "sample": False,
        },
        {
            "kpi": "csat",
            "process": "details",
            "valid_from": date(2024, 6, 1),
            "value": 99,
            "sample": False,
        },
    ]
    with world(
        {"surveys": surveys}, "2024-06-30T00:00", tmp_path, configuration={"targets": targets}
    ) as store:
        details, fault = numbers.compare(store, ["csat"], MAY, ("process",))
        assert (details.target, details.sample, details.state) == (60, False, State.GOOD)
        assert (fault.target, fault.sample, fault.state) == (95, False, State.BAD)
        [kept] = numbers.compare(
            store, ["csat"], Filters.of(MAY.since, MAY.until, process=["fault"])
        )
        assert kept.target == 95
        [whole] = numbers.compare(store, ["csat"], MAY)
        assert whole.target == 60


def test_a_comparison_has_no_grain(tmp_path):
    with (
        world({"surveys": answers("05", 3, 3)}, None, tmp_path) as store,
        pytest.raises(AskProblem, match="leave out week"),
    ):
        numbers.compare(store, ["csat"], MAY, ("process", "week"))


def test_a_part_is_held_against_the_whole_organisation(tmp_path):
    surveys = [*answers("05", 36, 4), *answers("05", 20, 20, process="complaint")]
    against = replace(MAY, comparison=Comparison.WHOLE)
    with world({"surveys": surveys}, "2024-06-30T00:00", tmp_path) as store:
        by_process = numbers.compare(store, ["csat"], against, ("process",))
        assert {one.now.by["process"]: (one.now.value, one.before.value) for one in by_process} == {
            "complaint": (50, 70), "fault": (90, 70),
        }  # fmt: skip
        [fault] = numbers.compare(store, ["csat"], against.keeping("process", ["fault"]))
        assert (fault.delta, fault.good) == (20, True)
        # The whole beside itself, and amounts of which a part is less by being a part.
        [whole] = numbers.compare(store, ["csat"], against)
        assert whole.before is None
        assert not numbers.compares_with_whole(KPIS["backlog"])
        assert not numbers.compares_with_whole(KPIS["causer"])
