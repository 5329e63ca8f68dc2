"""Lists of a funnel are SQL that both engines understand."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.dialects import postgresql

from kpi.access import EVERYTHING, Scope
from kpi.periods import Period
from kpi.query.funnel import FunnelQuestion, funnel_entities, web_steps


@pytest.mark.parametrize("entity", ["web", "case", "customer"])
@pytest.mark.parametrize("scope", [EVERYTHING, Scope(frozenset(["fault"]), personal=True)])
def test_it_compiles_for_postgresql_too(entity, scope):
    question = FunnelQuestion(
        "order", "request", ("a", "b", "c"), entity, Period(date(2024, 3, 1), date(2024, 5, 31)),
        86_400.0, (), (("has_portal", ("yes",)),), scope, "Europe/Amsterdam",
    )  # fmt: skip
    for place in range(3):
        for lost in (False, True):
            text = str(
                funnel_entities(question, place, lost=lost, most=5).compile(
                    dialect=postgresql.dialect()
                )
            )
            assert "LIMIT" in text
    str(web_steps().compile(dialect=postgresql.dialect()))
