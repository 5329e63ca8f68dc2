"""Which KPIs read what is read from their declarations: none is left out, none cannot be read."""

from kpi.measures import KPIS
from kpi.numbers.quality import split_by, weakened
from kpi.query.groups import source
from kpi.query.quality import COVERED, RESTS_ON, reads_of
from kpi.tables import table


def test_every_declaration_can_be_read():
    silent = []
    for kpi in KPIS.values():
        tables, columns = reads_of(kpi)
        if kpi.kind.value in {"funnel", "conflicts"}:
            continue
        assert tables, kpi.name
        # Read from the source and nothing else; "all rows" names no column.
        known = {*source(kpi.source).c.keys(), *RESTS_ON.values(), "customer_id"}
        assert columns <= known, kpi.name
        if not columns:
            silent.append(kpi.name)
    # Every other KPI says which rows it counts.
    assert len(silent) < len(KPIS) // 5, silent


def test_what_is_covered_is_there():
    for of in COVERED:
        columns = table(of.prepared).c
        assert {of.date, *of.fields} <= set(columns.keys())
    known = {name for kpi in KPIS.values() if kpi.source for name in source(kpi.source).c.keys()}  # noqa: SIM118
    assert set(RESTS_ON) <= known


def test_gaps_weaken_what_people_know_they_do():
    contacts, cases = weakened("prepared_contacts"), weakened("prepared_cases")
    assert "avoidable" in contacts["category"]
    assert "causer" in contacts["category"]
    # A chain of contacts is one customer's.
    assert "repeat_contacts" in contacts["customer_id"]
    assert "avoidable" in contacts["inbound"]
    assert "contact_rate" in contacts["customer_id"]
    assert "channel_gap" in cases["channel"]
    assert "lead_time" not in cases.get("reason", ())
    assert split_by("prepared_cases")["process"] >= 10
