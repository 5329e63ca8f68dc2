"""The registry: every KPI is complete, says so in both languages, and adding one needs no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from kpi import numbers
from kpi.filters import BY, Filters
from kpi.i18n import _, use
from kpi.measures import KPIS, asked_by_show, collect, headlines
from kpi.measures.cases import WITHIN_NORM
from kpi.model import Kind
from kpi.query.groups import source
from kpi.schema import FACTS
from kpi.store import Store
from kpi.tables import table

EVERY = list(KPIS.values())
named = pytest.mark.parametrize("kpi", EVERY, ids=lambda kpi: kpi.name)


@named
def test_its_columns_are_those_of_its_source(kpi):
    columns = set(source(kpi.source).c.keys())
    if kpi.source == "prepared_customers":
        # What changes while somebody is a customer is told of stretches of it.
        columns |= set(table("prepared_phases").c.keys())
    if kpi.kind is not Kind.FUNNEL:
        assert isinstance(source(kpi.source).c[kpi.date].type, sa.Date)
        for name in kpi.dimensions:
            assert name == "weekday_hour" or name in columns
    assert set(kpi.dimensions) <= set(BY)


@named
def test_it_reads_fact_tables(kpi):
    assert set(kpi.reads) <= {table.name for table in FACTS}


@named
def test_it_is_explained_in_both_languages(kpi):
    texts = [kpi.title, kpi.definition, kpi.leaves_out, *(extra.title for extra in kpi.extras)]
    assert all(texts)
    with use("nl"):
        for text in texts:
            # A few words are the same in both, and they are in the catalogue all the same.
            assert _(text) != text or text in {"Funnel", "CSAT", "NPS"}


def test_the_names_of_the_sheet():
    expected = {
        "within_norm": "Binnen norm",
        "within_due": "Binnen streefdatum",
        "lead_time": "Doorlooptijd incl. openstaand",
        "lead_time_closed": "Doorlooptijd afgesloten",
        "backlog": "Werkvoorraad",
        "contacts_per_hour": "Contacten per uur",
        "customers_per_hour": "Klanten geholpen per uur",
        "avoidable": "Onnodige contacten",
        "avoidable_follow_up": "Onnodig vervolgcontact",
        "avoidable_cost": "Kosten onnodig contact",
        "causer": "Veroorzaker",
        "repeat_contacts": "Herhaalverkeer",
        "first_contact_resolution": "In één keer goed",
        "complaints": "Klachten",
        "grade": "Rapportcijfer",
        "csat": "Klanttevredenheid",
        "nps": "NPS",
        "ces": "Klantinspanning: weinig moeite (CES 2.0, 5-7)",
        "response_rate": "Respons",
        "contact_rate": "Contactratio",
        "services_sold": "Verkochte diensten",
        "saved": "Behouden",
        "survival": "Klantbehoud",
        "online_share": "Aandeel online",
        "sentiment": "Negatief sentiment",
        "channel_gap": "Kanaalverschil",
        "chain_coverage": "Meetbare ketenstappen",
        "conflicts": "Tegenstrijdige doelen",
        "churn": "Klantverloop",
        "churn_after": "Klantverloop na dit proces",
        "funnel": "Funnel",
    }
    with use("nl"):
        assert {name: _(KPIS[name].title) for name in expected} == expected


def test_at_most_seven_headlines_in_the_order_of_the_sheet():
    assert [kpi.name for kpi in headlines()] == [
        "within_norm",
        "lead_time",
        "csat",
        "contacts_per_hour",
        "avoidable",
        "first_contact_resolution",
        "churn_after",
    ]


def test_a_kpi_declared_twice_is_refused():
    with pytest.raises(ValueError, match="within_norm is declared twice"):
        collect([WITHIN_NORM], [WITHIN_NORM])


def test_a_new_declaration_is_asked_like_any_other(busy: Store, monkeypatch):
    new = replace(
        WITHIN_NORM,
        name="closed_within_norm",
        where=lambda c, _: c.closed_at.is_not(None),
        extras=(),
    )
    monkeypatch.setitem(KPIS, new.name, new)
    assert new in asked_by_show()
    whole = Filters(date(2024, 3, 1), date(2024, 5, 31))
    [result] = numbers.ask(busy, ["closed_within_norm"], whole)
    [open_too] = numbers.ask(busy, ["within_norm"], whole)
    assert result.numerator == open_too.numerator
    assert 0 < result.denominator < open_too.denominator
    [first, *_rest] = numbers.compare(busy, ["closed_within_norm"], whole, ("process",))
    assert first.now.by["process"] is not None
