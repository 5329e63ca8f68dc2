"""What a process meeting and management keep: goals, explanations of deviations, decisions.

Versioned as all configuration: what was said of a period stays what was said then, and the change
log holds who wrote it.
"""

from __future__ import annotations

from kpi.schema.model import Column, Table, Type
from kpi.schema.parts import identity, text, titles, versioned
from kpi.text import N_

GOALS = versioned(
    "goals",
    N_("A goal of the organisation for a year: what measures it, and which KPIs serve it"),
    (identity("goal", N_("Goal"), "satisfaction"),),
    (
        *titles(),
        Column("position", Type.INTEGER, N_("Order on screen"), "1"),
        text("kpi", N_("KPI that measures it"), "csat"),
        text("direction", N_("Up or down"), "up", values=("up", "down")),
        Column("target", Type.NUMBER, N_("What it should reach over all processes"), "80"),
        Column("year", Type.INTEGER, N_("Year it is for"), "2026"),
        text("kpis", N_("KPIs that serve it, separated by commas"), "ces, within_norm"),
        text("owner", N_("Who answers for it"), "Management"),
        Column("sample", Type.BOOLEAN, N_("A sample, not yet decided"), "yes"),
    ),
)  # fmt: skip

EXPLANATIONS = versioned(
    "explanations",
    N_("What the owner of a process wrote about a deviation of a KPI in a period"),
    (
        identity("process", N_("Customer process"), "fault"),
        identity("kpi", N_("KPI"), "within_norm"),
        identity("period", N_("Period it is about, first and last day"), "2026-04-01/2026-06-30"),
    ),
    (
        text("text", N_("Why it is so, and what is done"), "Two planners short until May"),
        text("author", N_("Who wrote it (a role)"), "Klantprocesregisseur Storingen",
             personal=True),
    ),
)  # fmt: skip

DECISIONS = versioned(
    "decisions",
    N_("A decision of a process meeting, and what became of it"),
    (identity("decision", N_("Decision"), "B-7"),),
    (
        text("process", N_("Customer process"), "fault"),
        Column("decided_on", Type.DATE, N_("Day of the meeting"), "2026-06-15"),
        text("text", N_("What was decided"), "Planning rings before the engineer leaves"),
        text("owner", N_("Who does it (a role)"), "Teamleider Planning", personal=True),
        Column("due", Type.DATE, N_("To be done by"), "2026-07-15"),
        text("action", N_("Improvement action it led to"), "A-12"),
        text("state", N_("Where it stands"), "open", values=("open", "done", "dropped")),
        text("outcome", N_("What became of it"), "Done since 1 July"),
    ),
)  # fmt: skip

STEERING: tuple[Table, ...] = (GOALS, EXPLANATIONS, DECISIONS)
