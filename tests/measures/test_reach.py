"""Reach: what is divided by what, and what is only counted."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import numbers
from kpi.filters import Filters
from kpi.i18n import _, use
from kpi.measures import KPIS
from tests.measures.world import world

WHOLE = Filters(date(2024, 3, 1), date(2024, 5, 31))
MAY = Filters(date(2024, 5, 1), date(2024, 5, 31))
NAMES = ("service_level", "abandonment", "handle_time", "transfers")


def call(number, **more):
    return {
        "contact_id": f"{number:02}",
        "started_at": "2024-05-06 10:00",
        "channel": "phone",
        "direction": "in",
        "answered_at": "2024-05-06 10:01",
        **more,
    }


def test_the_names_and_targets_of_the_sheet():
    with use("nl"):
        assert {name: (_(KPIS[name].title), KPIS[name].target) for name in NAMES} == {
            "service_level": ("Bereikbaarheid (in 20 s)", 80),
            "abandonment": ("Afhakers", 5),
            "handle_time": ("Behandeltijd", None),
            "transfers": ("Doorverbonden", None),
        }


def test_both_have_one_base_but_for_unknown_waits(busy):
    [level] = numbers.ask(busy, ["service_level"], WHOLE)
    [abandoned] = numbers.ask(busy, ["abandonment"], WHOLE)
    assert abandoned.denominator == level.denominator + level.extras["unknown_wait"]
    assert level.extras["unknown_wait"] > 0


def test_nobody_waits_for_a_letter(tmp_path):
    with world({"contacts": [call(1, channel="email")]}, "2024-06-30", tmp_path) as store:
        for name in ("service_level", "abandonment"):
            [found] = numbers.ask(store, [name], MAY)
            assert found.value is None
            assert found.note == "nothing to count in this period"


def test_only_short_waits_leave_nothing_to_divide_by(tmp_path):
    short = call(1, answered_at=None, abandoned="yes", wait_s=5)
    with world({"contacts": [short]}, "2024-06-30", tmp_path) as store:
        [found] = numbers.ask(store, ["abandonment"], MAY)
    assert (found.value, found.n, found.extras["short"]) == (None, 0, 1)


@pytest.mark.parametrize(("wait", "within"), [(0, 1), (20, 1), (20.5, 0), (None, 0)])
def test_within_twenty_seconds(tmp_path, wait, within):
    with world({"contacts": [call(1, wait_s=wait)]}, "2024-06-30", tmp_path) as store:
        [found] = numbers.ask(store, ["service_level"], MAY)
    assert (found.numerator or 0) == within


def test_a_mean_over_groups_is_no_mean_of_means(tmp_path):
    calls = [
        call(1, handle_s=100),
        call(2, handle_s=100),
        call(3, handle_s=100),
        call(4, handle_s=500, channel="chat"),
    ]
    with world({"contacts": calls}, "2024-06-30", tmp_path) as store:
        [whole] = numbers.ask(store, ["handle_time"], MAY)
        parts = numbers.ask(store, ["handle_time"], MAY, ("channel",))
    assert whole.value == 200
    assert [part.value for part in parts] == [500, 100]
    assert whole.unit == "s"


def test_contacts_of_unknown_direction_are_left_out_and_counted(tmp_path):
    with world({"contacts": [call(1, direction=None)]}, "2024-06-30", tmp_path) as store:
        for name in NAMES:
            [found] = numbers.ask(store, [name], MAY)
            assert found.value is None
            assert "1 contacts left out: their direction is not known" in (found.note or "")
