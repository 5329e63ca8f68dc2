"""Which actions are stuck: the first reason that holds, and none for what is over."""

from datetime import date

import pytest

from kpi.results.effect import Effect, Verdict
from kpi.results.stuck import Stuck, stuck

ON = date(2026, 9, 30)
RUNNING = {
    "state": "running", "owner": "Teamleider", "starts_on": date(2026, 5, 1),
    "stops_on": date(2026, 12, 1),
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "effect", "why"),
    [
        ({}, None, None),
        ({"stops_on": date(2026, 9, 1)}, None, Stuck.OVERDUE),
        ({"stops_on": date(2026, 9, 1), "owner": ""}, None, Stuck.OVERDUE),
        ({"state": "planned"}, None, Stuck.NOT_BEGUN),
        ({"state": "planned", "starts_on": date(2026, 10, 5)}, None, None),
        ({"owner": " "}, None, Stuck.NO_OWNER),
        ({"owner": None}, None, Stuck.NO_OWNER),
        ({}, Effect("csat", Verdict.NOT_SHOWN, weeks=21), Stuck.NO_EFFECT),
        ({}, Effect("csat", Verdict.NOT_SHOWN, weeks=5), None),
        ({}, Effect("csat", Verdict.WORSE, weeks=9), Stuck.WORSE),
        ({}, Effect("csat", Verdict.BETTER, weeks=21), None),
        ({}, Effect("csat", Verdict.EARLY), None),
        ({"state": "done", "stops_on": date(2026, 9, 1), "owner": ""}, None, None),
        ({"state": "stopped"}, Effect("csat", Verdict.WORSE, weeks=9), None),
    ],
)
def test_the_first_reason_that_holds(more, effect, why):
    assert stuck({**RUNNING, **more}, effect, ON) is why
