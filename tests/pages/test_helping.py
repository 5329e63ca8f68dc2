"""Where help is needed: what stays behind whatever moved is told on the first page, and only that."""

from __future__ import annotations

import html as escaped
import re
from datetime import date

import pytest

from kpi.access import EVERYTHING, Scope
from kpi.alerts.looking import Stands
from kpi.alerts.machine import Phase, Seen, Standing
from kpi.alerts.rules import Rule, rules
from kpi.bulletin.states import State, judge
from kpi.filters import Filters
from kpi.i18n import use
from kpi.measures import KPIS
from kpi.numbers import ask
from kpi.periods import Period
from pages.shared import actions, data, helping
from pages.shared.asked import Asked

KPI = KPIS["within_norm_department"]
PERIOD = Period(date(2025, 6, 1), date(2025, 8, 31))

pytestmark = pytest.mark.usefixtures("quiet_places")


def asked(**where: list[str]) -> Asked:
    filters = Filters.of(PERIOD.since, PERIOD.until, **where)
    return Asked(filters, PERIOD, PERIOD.previous(), None)


def said(of: Asked) -> str:
    with use("nl"):
        return escaped.unescape(re.sub("<[^>]+>", "", helping.html(of)))


def test_the_department_furthest_behind_its_norm_is_named_with_its_number(demo_shown):
    told = said(asked())
    found = [one for one in ask(demo_shown, [KPI.name], asked().filters, ("department",)) if one.n]
    aim = data.target(KPI, None, PERIOD.until)
    bad = [one for one in found if judge(one, aim.value, KPI.better) is State.BAD]
    worst = min(bad, key=lambda one: one.value)
    title = demo_shown.configuration.title("department", worst.by["department"], "nl")
    assert f"{title} {round(worst.value)}\u00a0%" in told.replace("\u202f", "\u00a0")
    if len(bad) > 1:
        assert f"nog {len(bad) - 1} zit" in told
    # It leads to where that department's clock stands beside the others'.
    apart = ask(demo_shown, [KPI.name], asked().filters, ("department", "process"))
    own = [one for one in apart if one.by["department"] == worst.by["department"] and one.n >= 10]
    hardest = min(own, key=lambda one: one.value).by["process"]
    with use("nl"):
        made = escaped.unescape(helping.html(asked()))
    assert f"process={hardest}" in made
    assert "view=lead" in made


def test_an_alert_that_goes_off_is_told_first(demo_shown, monkeypatch):
    [rule, *_others] = rules(demo_shown)
    seen = Seen(PERIOD.until, breach=True, value=13.0, n=13, bound=5.7)

    def stands(phase: Phase) -> None:
        found = {rule.alert: Stands(rule, Standing(phase, PERIOD.until, PERIOD.until, seen=seen))}
        monkeypatch.setattr(helping.looking, "standings", lambda _store: found)

    stands(Phase.OK)
    assert "Melding:" not in said(asked())
    stands(Phase.FIRING)
    assert said(asked()).startswith("Vraagt om hulp Melding: ")

    # Kept to a process only its own; a file that is late is everybody's.
    def told(of: Rule, scope: Scope = EVERYTHING, **where: list[str]) -> bool:
        found = {
            of.alert: Stands(of, Standing(Phase.FIRING, PERIOD.until, PERIOD.until, seen=seen))
        }
        monkeypatch.setattr(helping.looking, "standings", lambda _store: found)
        monkeypatch.setattr(data, "SCOPE", scope)
        return "Melding:" in said(asked(**where))

    some = Scope(processes=frozenset({"fault"}))
    about = {
        "of all": Rule("a", kpi="csat"),
        "process": Rule("b", kpi="csat", process="fault"),
        "reason": Rule("c", kpi="complaints", reason="late_delivery"),
        "late": Rule("d", condition="feed_late"),
    }
    sees = {
        name: (
            told(rule), told(rule, process=["fault"]), told(rule, process=["complaint"]),
            told(rule, some),
        )
        for name, rule in about.items()
    }  # fmt: skip
    assert sees == {
        "of all": (True, False, False, False),
        "process": (True, True, False, True),
        "reason": (True, False, True, False),
        "late": (True, True, True, True),
    }


def test_without_a_department_behind_its_norm_none_is_named(demo_shown, monkeypatch):
    monkeypatch.setattr(data, "target", lambda *_args: None)
    assert "eigen norm" not in said(asked())
    monkeypatch.setattr(actions, "actions", lambda _on: [])
    monkeypatch.setattr(helping, "pulls", lambda *_args: [])
    assert said(asked()) == ""


def test_a_number_that_cannot_be_kept_to_the_filter_is_not_told(demo_shown):
    """What is asked of one channel is not answered with a number of all."""
    assert "eigen norm" in said(asked())
    assert "eigen norm" not in said(asked(channel=["phone"]))
