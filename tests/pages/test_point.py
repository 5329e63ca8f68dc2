"""A point that was clicked stands in the address: a copied link shows it too."""

import pytest

from pages.shared import drill
from tests.pages import alone

DAYS = {"lang": "nl", "since": "2025-06-01", "until": "2025-08-31"}
MONTH = {"kpi": "avoidable", "grain": "month", **DAYS}


def offered(app):
    """Whether something can be done with a point: its number stands there, with what it is of."""
    return any(one.value.startswith("jul 2025") for one in app.markdown)


def test_a_link_with_a_point_shows_what_can_be_done_with_it(demo_shown, quiet_places):
    plain = alone.run("steer.trends", **MONTH)
    assert not offered(plain)
    linked = alone.run("steer.trends", **MONTH, point=["trend-avoidable", "2025-07"])
    assert not linked.exception
    assert offered(linked)
    assert linked.query_params["point"] == ["trend-avoidable", "2025-07"]


@pytest.mark.parametrize(
    "point",
    [
        ["curve"],
        ["curve", "lead_time_opened"],
        ["curve", "lead_time_opened nan"],
        ["curve", "lead_time_opened -1e400"],
        ["curve", "x" * 300, "y"],
        ["cases-flow", "2025-99", "?"],
        ["", ""],
    ],
)
def test_a_forged_point_is_none(point, demo_shown, quiet_places, monkeypatch):
    drawn = []
    monkeypatch.setattr(drill, "offer", lambda *told, **_more: drawn.append(told))
    for view in ("lead", "work"):
        app = alone.run("steer.process", process="request", view=view, point=point, **DAYS)
        assert not app.exception
    assert not drawn
    real = ["cases-flow", "lead_time 2025-W24"]
    alone.run("steer.process", process="request", view="work", point=real, **DAYS)
    assert drawn, "what is no forgery is offered"


def test_other_points_take_it_away(demo_shown, quiet_places):
    app = alone.run("steer.trends", **MONTH, point=["trend-avoidable", "2025-07"])
    [grain] = [one for one in app.selectbox if one.value == "month"]
    grain.set_value("week").run()
    assert not app.exception
    assert "point" not in app.query_params
    assert not offered(app)


def test_a_filter_leaves_it(demo_shown, quiet_places):
    app = alone.run("steer.trends", **MONTH, point=["trend-avoidable", "2025-07"])
    [channel] = [one for one in app.selectbox if one.label == "Kanaal"]
    channel.set_value("phone").run()
    assert not app.exception
    assert app.query_params["point"] == ["trend-avoidable", "2025-07"]
    assert offered(app)
