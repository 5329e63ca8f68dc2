"""An alert about a funnel: told of those whose outcome is known, in configured words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.alerts import looking, watching, words
from kpi.alerts.machine import Phase
from kpi.alerts.passing import Passing, passing, subject
from kpi.alerts.rules import Rule
from kpi.i18n import use
from kpi.numbers import ask_funnel
from kpi.results.funnel import passages
from kpi.store import Store
from tests.measures.world import world

STEPS = ("home", "offer", "details", "confirm")
FIRST, LAST = date(2026, 3, 2), date(2026, 4, 30)
#: From this day on most people stop at the offer.
BROKE = date(2026, 4, 6)
NOW = datetime(2026, 5, 1, 9, 0)


def visits() -> Iterator[dict[str, object]]:
    for ahead in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=ahead)
        for i in range(40):
            reached = (2 if i % 4 else 4) if day >= BROKE else (4 if i % 4 else 2)
            for place, step in enumerate(STEPS[:reached]):
                yield {"entity_id": f"{day}-{i}", "funnel": "order", "step": step,
                       "at": f"{day} 10:{place:02d}"}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("passing")
    with world({"web_events": list(visits())}, "2026-04-30 23:59", folder) as made:
        yield made


def rule(step: str = "details", **more: object) -> Rule:
    named = Passing("order", step).kpi
    given_ = {"alert": "funnel", "condition": "target_missed", "kpi": named, "bound": 60.0,
              "days": 7, "least_n": 10, "recipients": "team", "language": "nl"}  # fmt: skip
    return Rule.of({**given_, **more})


@given(st.text(min_size=1), st.text())
def test_a_passage_is_named_and_read_back_whatever_it_is_called(funnel, step):
    assert passing(Passing(funnel, step).kpi) == Passing(funnel, step)
    assert passing("within_norm") is None


def test_it_waits_until_the_outcome_is_known_and_says_what_the_page_says(store: Store):
    watched = rule()
    last = watching.last_day(store, watched, NOW)
    # Fourteen days after it somebody may still go on.
    assert last == date(2026, 4, 16)
    [seen] = watching.see(store, watched, [last], NOW)
    assert (seen.breach, seen.value, seen.n) == (True, 25.0, 280)
    [page] = [
        one
        for one in passages(ask_funnel(store, "order", watching.window(watched, last)))
        if one.following == "details"
    ]
    assert (page.share, page.n, page.interval) == (seen.value, seen.n, (seen.low, seen.high))
    with use("nl"):
        store.settings.__dict__["base_url"] = "https://kz.example"
        assert words.title(store, watched, seen).replace("\u00a0", " ") == (
            f"{subject(store, Passing('order', 'details'))}: 25 %, grens 60 %"
        )
        assert words.address(store, watched, last) == (
            "https://kz.example/funnels?since=2026-04-10&until=2026-04-16&funnel=order"
            "&step=details&lang=nl"
        )
        facts = dict(words.facts(store, watched, BROKE, seen, recovered=False))
    assert facts["Hoe zeker"].endswith("n = 280")
    assert "peildatum 30-04-2026" in facts["Over"]


def test_the_preview_finds_the_day_it_broke(store: Store):
    found = watching.preview(store, rule(days=1), NOW, days=40)
    assert found is not None
    assert [(one.recovered, one.since) for one in found.news] == [(False, BROKE)]
    whole = watching.preview(store, rule("", days=1), NOW, days=40)
    assert whole is not None
    assert [one.since for one in whole.news] == [BROKE]


def test_a_round_tells_it(store: Store):
    row = {"alert": "funnel", "valid_from": FIRST, "condition": "target_missed",
           "kpi": Passing("order", "details").kpi, "bound": 60.0, "days": 7}  # fmt: skip
    store.configure("alerts", [row], "test")
    [stands] = looking.look(store, NOW, dry=True).alerts
    assert stands.standing.phase is Phase.FIRING


@pytest.mark.parametrize(
    "more",
    [{"process": "fault"}, {"bound": None}, {"condition": "control_limit"}, {"channel": "phone"}],
)
def test_what_does_not_fit_a_funnel_is_not_judged(store: Store, more):
    assert not watching.fits(rule(**more))
    day = date(2026, 4, 16)
    [seen] = watching.see(store, rule(**more), [day], NOW)
    assert seen.breach is None


@pytest.mark.parametrize(
    "one", [Passing("KANARIE"), Passing("order", "KANARIE"), Passing("order", "home")]
)
def test_what_nobody_configured_is_not_named(store: Store, one):
    watched = rule(kpi=one.kpi)
    assert watching.last_day(store, watched, NOW) is None
    with use("nl"):
        assert subject(store, one) == "Funnel: niet ingericht"
        assert "KANARIE" not in words.address(store, watched, LAST)
