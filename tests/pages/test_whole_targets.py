"""What is asked of everything together is held against this year's goal, wherever it is shown."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.numbers import compare
from kpi.numbers.goals import aim_of, goals
from pages.shared import components, data
from tests.pages import alone

DAY = date(2025, 8, 31)
pytestmark = pytest.mark.usefixtures("quiet_places")


def words(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


def test_only_the_whole_is_held_against_the_goal(demo_shown):
    [goal] = [one for one in goals(demo_shown, DAY) if one.kpi.name == "avoidable"]
    assert aim_of(demo_shown, KPIS["avoidable"], DAY) == (goal.target, goal.sample)
    assert aim_of(demo_shown, KPIS["avoidable_cost"], DAY) is None

    def targets(by=(), **where):
        asked = Filters.of(date(2025, 6, 1), DAY, **where)
        found = compare(demo_shown, ["avoidable"], asked, by)
        return {one.target for one in found}

    assert targets() == {goal.target}
    assert targets(channel=["phone"]) == {goal.target}
    # Of a process its own, or none.
    assert targets(process=["fault"]) == {None}
    assert targets(process=["fault", "complaint"]) == {None}
    assert targets(("reason",)) == {None}
    found = compare(demo_shown, ["avoidable"], Filters.of(date(2025, 6, 1), DAY), ("process",))
    by_process = {one.now.by["process"]: one.target for one in found}
    assert {by_process["fault"], by_process[None]} == {None}


def test_a_target_of_all_comes_before_the_goal(demo_shown, monkeypatch):
    target = KPIS["avoidable"]
    assert data.target(target, None, DAY, whole=True) != data.target(target, None, DAY)
    row = {"value": 12.0, "sample": False}
    monkeypatch.setattr(
        type(demo_shown.configuration), "target", lambda self, kpi, on, process=None: row
    )
    found = data.target(target, None, DAY, whole=True)
    assert (found.value, found.sample) == (12.0, False)


def test_the_tile_and_the_goals_say_the_same(demo_shown, monkeypatch):
    drawn = {}
    monkeypatch.setattr(
        components,
        "_bulletin",
        lambda key, data, **_more: drawn.update({key: words(data["html"])}),
    )
    period = {"since": "2025-06-01", "until": "2025-08-31"}
    alone.run("steer.avoidable", lang="nl", **period)
    assert "doel 25 % (voorbeeld)" in drawn["tiles"]
    alone.run("steer.avoidable", lang="nl", process="fault", **period)
    assert "doel 25 %" not in drawn["tiles"]


def test_a_target_of_the_whole_period_is_drawn_over_no_part_of_it(demo_shown, monkeypatch):
    """Of a week fewer customers come a third time than of a quarter, for being shorter."""
    figures, tiles = {}, {}
    monkeypatch.setattr(
        components, "drawn", lambda figure, key, _click=None: figures.update({key: figure.html})
    )
    monkeypatch.setattr(
        components, "_bulletin", lambda key, data, **_more: tiles.update({key: data["html"]})
    )
    period = {"since": "2025-06-01", "until": "2025-08-31"}
    app = alone.run("steer.avoidable", lang="nl", view="back", **period)
    assert "trend-three_contacts" in figures
    assert 'class="target' not in figures["trend-three_contacts"]
    assert any("geldt voor een hele periode" in one.value for one in app.caption)
    # In the tile it stands beside the number of the period, and not through its course by month.
    [several] = re.findall(
        r'<li [^>]*>(?:(?!</li>).)*id="name-three_contacts".*?</li>', tiles["tiles"], re.DOTALL
    )
    assert "doel 2 %" in words(several).replace("\u00a0", " ")
    assert 'class="target"' not in several
    assert 'class="target"' in tiles["tiles"]
    # What is as large in a week as in a quarter has its target in both.
    alone.run("steer.avoidable", lang="nl", kpi="first_contact_resolution", **period)
    assert 'class="target' in figures["trend-first_contact_resolution"]
