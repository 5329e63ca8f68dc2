"""Every question is SQL that both engines understand, and building it executes nothing."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy.dialects import postgresql

from kpi import query
from kpi.access import EVERYTHING, Scope
from kpi.measures import KPIS, asked_by_show
from kpi.model import Kind, Moment
from kpi.periods import Period
from kpi.query import customers, hours, parts, retention, spans, top
from kpi.query import funnel as of_funnels
from kpi.query.funnel import FunnelQuestion
from kpi.query.question import Question

PERIOD = Period(date(2024, 3, 1), date(2024, 5, 31))
AS_OF = datetime(2024, 5, 10, 12)
MOMENT = Moment(AS_OF, "contact", (("fault", "grade10"), (None, "grade10"), ("request", "csat5")))


def selects(question: Question):
    kind = question.kpi.kind
    if kind in query.SUMMED:
        yield query.sums([question])
    yield from {
        Kind.QUANTILE: lambda: [spans.closed_durations(question)],
        Kind.SURVIVAL: lambda: [spans.durations(question)],
        Kind.STOCK: lambda: [
            spans.stock(question, AS_OF, AS_OF),
            spans.stock_groups(question, AS_OF),
        ],
        Kind.PART: lambda: [parts.parts(question)],
        Kind.PER_HOUR: lambda: [
            hours.opening_hours(question, date(2024, 5, 9)),
            hours.opening_times(date(2024, 5, 10)),
            hours.known_days(),
        ],
        Kind.HELPED: lambda: [hours.helped(question), hours.staffed_hours(question)],
        Kind.PER_CUSTOMERS: lambda: [customers.flow(question)],
        Kind.MOVEMENT: lambda: [customers.flow(question)],
        Kind.CHURN: lambda: [customers.flow(question), customers.leavers(question)],
        Kind.RETENTION: lambda: [retention.tenures(question), retention.first_leaving()],
        Kind.CHURN_AFTER: lambda: [
            customers.churned_after(question, AS_OF),
            *(
                []
                if question.grain
                else [
                    customers.churned_without(question, date(2024, 4, 1)),
                    customers.churned_with(question, date(2024, 4, 1)),
                ]
            ),
        ],
    }.get(kind, list)()


@pytest.mark.parametrize("kpi", asked_by_show(), ids=lambda kpi: kpi.name)
def test_it_compiles_for_postgresql_too(kpi):
    for by in [(), *[(name, "week") for name in kpi.dimensions], ("day",), ("quarter",)]:
        for where in ((), tuple((n, ("", "yes")) for n in kpi.dimensions if n != "weekday_hour")):
            question = Question(
                kpi, PERIOD, where, by, Scope(frozenset(["fault"])), MOMENT, "Europe/Amsterdam"
            )
            for select in selects(question):
                text = str(select.compile(dialect=postgresql.dialect()))
                # Engine-specific words that Core lets through as they are.
                for word in ("date_trunc", "FILTER", "epoch", "quantile"):
                    assert word.lower() not in text.lower().replace("extract(epoch", "")


def test_a_funnel_and_a_ranking_compile_for_postgresql_too():
    question = FunnelQuestion(
        "order", "request", ("a", "b", "c"), "case", PERIOD, 86_400.0,
        ("segment", "channel", "month"), (("has_portal", ("yes",)),), EVERYTHING,
        "Europe/Amsterdam",
    )  # fmt: skip
    for select in (
        of_funnels.funnel_rows(question),
        *(of_funnels.funnel_contacts(question, place) for place in range(3)),
    ):
        str(select.compile(dialect=postgresql.dialect()))
    ranking = Question(
        KPIS["complaints"], PERIOD, (), ("reason",), EVERYTHING, MOMENT, "Europe/Amsterdam"
    )
    str(
        top.complaint_reasons(ranking, PERIOD, PERIOD.previous()).compile(
            dialect=postgresql.dialect()
        )
    )


def test_kpis_over_one_source_share_one_pass():
    asked = [
        Question(KPIS[name], PERIOD, (), ("process", "week"), EVERYTHING, MOMENT, "UTC")
        for name in ("avoidable", "repeat_contacts", "contacts_per_hour", "within_norm", "csat")
    ]
    assert [[q.kpi.name for q in batch] for batch in query.batches(asked)] == [
        ["avoidable", "repeat_contacts", "contacts_per_hour"],
        ["within_norm"],
        ["csat"],
    ]
