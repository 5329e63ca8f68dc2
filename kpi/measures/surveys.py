"""What customers say: K18 to K22 of the KPI sheet.

Scales are never mixed, and neither are levels: which level counts, and which scale a process uses
for satisfaction, is decided over everything loaded (`Moment`), never by the filter.
"""

from __future__ import annotations

import sqlalchemy as sa

from kpi.measures.words import SURVEY, Columns, Condition
from kpi.model import Better, Driver, Extra, Kind, Kpi, Moment, Unit
from kpi.schema.facts import METRICS
from kpi.text import N_


def at_level(c: Columns, at: Moment) -> Condition:
    """The answer is on the one level of survey that counts."""
    return c.level == at.survey_level if at.survey_level else sa.true()


def _own_scale(c: Columns, at: Moment) -> Condition:
    """The row is an answer on the scale that its process uses."""
    graded = [process for process, scale in at.survey_scales if scale == "grade10"]
    named = [process for process in graded if process is not None]
    in_grades = c.process.in_(named) if named else sa.false()
    if None in graded:
        in_grades = in_grades | c.process.is_(None)
    return c.metric == sa.case((in_grades, "grade10"), else_="csat5")


def _satisfied(c: Columns) -> Condition:
    return ((c.metric == "csat5") & (c.score >= 4)) | ((c.metric == "grade10") & (c.score >= 7))


CSAT = Kpi(
    name="csat",
    id="K19",
    title=N_("CSAT"),
    definition=N_(
        "Share of the answers that is satisfied: 4 or 5 on the five-point scale, 7 or more where "
        "a process asks for a grade."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    target=80,
    source="prepared_surveys",
    reads=("surveys",),
    date="responded_day",
    kind=Kind.SHARE,
    dimensions=SURVEY,
    where=lambda c, at: at_level(c, at) & _own_scale(c, at) & c.score.is_not(None),
    numerator=lambda c, _: c.valid & _satisfied(c),
    denominator=lambda c, _: c.valid,
    leaves_out=N_("Answers that are not on the scale, and answers on another level or scale."),
    headline=3,
    driver=Driver(("reason",)),
    extras=(
        Extra("invalid", N_("Answers not on the scale"), lambda c, _: sa.not_(c.valid)),
        Extra(
            "on_five_points",
            N_("Answers on five points"),
            lambda c, _: c.valid & (c.metric == "csat5"),
            shown=False,
        ),
    ),
    options={"metrics": ("csat5", "grade10"), "own_scales": "on_five_points"},
)


def _counted(c: Columns) -> Condition:
    return c.valid & c.latest


GRADE = Kpi(
    name="grade",
    id="K18",
    title=N_("Satisfaction grade"),
    definition=N_("Mean of the grades, 1 to 10, the latest answer per contact."),
    unit=Unit.GRADE,
    better=Better.UP,
    target=8,
    source="prepared_surveys",
    reads=("surveys",),
    date="responded_day",
    kind=Kind.MEAN,
    dimensions=SURVEY,
    where=lambda c, at: (c.metric == "grade10") & at_level(c, at) & c.score.is_not(None),
    numerator=lambda c, _: sa.case((_counted(c), c.score)),
    denominator=lambda c, _: _counted(c),
    leaves_out=N_("Answers that are not 1 to 10, earlier answers about the same contact."),
    extras=(
        Extra(
            "share_8_plus",
            N_("Grade 8 or more"),
            lambda c, _: _counted(c) & (c.score >= 8),
            lambda c, _: _counted(c),
            Unit.PERCENT,
        ),
        Extra(
            "share_5_minus",
            N_("Grade 5 or less"),
            lambda c, _: _counted(c) & (c.score <= 5),
            lambda c, _: _counted(c),
            Unit.PERCENT,
        ),
        Extra("invalid", N_("Answers not on the scale"), lambda c, _: sa.not_(c.valid)),
    ),
    options={"metrics": ("grade10",)},
)


def _answers(metric: str, c: Columns, at: Moment) -> Condition:
    return (c.metric == metric) & at_level(c, at) & c.score.is_not(None)


INVALID = Extra("invalid", N_("Answers not on the scale"), lambda c, _: sa.not_(c.valid))


def _promoter(c: Columns) -> Condition:
    return c.valid & (c.score >= 9)


def _detractor(c: Columns) -> Condition:
    return c.valid & (c.score <= 6)


NPS = Kpi(
    name="nps",
    id="K20",
    title=N_("NPS"),
    definition=N_(
        "Share of the answers that is a 9 or 10 (promoters) minus the share that is 0 to 6 "
        "(detractors), on the question how likely one is to recommend us."
    ),
    unit=Unit.NPS,
    better=Better.UP,
    source="prepared_surveys",
    reads=("surveys",),
    date="responded_day",
    kind=Kind.NPS,
    dimensions=SURVEY,
    where=lambda c, at: _answers("nps", c, at),
    numerator=lambda c, _: sa.case((_promoter(c), 1), (_detractor(c), -1), (c.valid, 0)),
    denominator=lambda c, _: c.valid,
    leaves_out=N_("Answers that are not 0 to 10, and answers on another level."),
    extras=(
        Extra(
            "promoters",
            N_("Promoters"),
            lambda c, _: _promoter(c),
            lambda c, _: c.valid,
            Unit.PERCENT,
        ),
        Extra(
            "detractors",
            N_("Detractors"),
            lambda c, _: _detractor(c),
            lambda c, _: c.valid,
            Unit.PERCENT,
        ),
        INVALID,
    ),
    options={"metrics": ("nps",)},
)

CES = Kpi(
    name="ces",
    id="K21",
    title=N_("Customer effort: easy (CES 2.0, 5-7)"),
    definition=N_(
        "Share of the answers that is 5 to 7 on “it was easy to have my question handled” "
        "(CES 2.0, 1 to 7): little effort."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    source="prepared_surveys",
    reads=("surveys",),
    date="responded_day",
    kind=Kind.SHARE,
    dimensions=SURVEY,
    where=lambda c, at: _answers("ces7", c, at),
    numerator=lambda c, _: c.valid & (c.score >= 5),
    denominator=lambda c, _: c.valid,
    leaves_out=N_(
        "Answers that are not 1 to 7, answers on another level, and the older question (CES 1), "
        "on which a low score is good."
    ),
    extras=(
        Extra(
            "mean",
            N_("Mean effort score"),
            lambda c, _: sa.case((c.valid, c.score)),
            lambda c, _: sa.case((c.valid, 1)),
            Unit.GRADE,
            amount=True,
        ),
        INVALID,
    ),
    options={"metrics": ("ces7",)},
)

RESPONSE_RATE = Kpi(
    name="response_rate",
    id="K22",
    title=N_("Response"),
    definition=N_(
        "Of the invitations that arrived: the share that was answered. A sheet with several "
        "questions is one invitation, and counts in the period in which it was sent."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    source="prepared_surveys",
    reads=("surveys",),
    date="invited_day",
    kind=Kind.SHARE,
    dimensions=SURVEY,
    where=lambda c, at: c.invitation.is_not(None) & at_level(c, at),
    numerator=lambda c, _: c.invitation == "responded",
    denominator=lambda c, _: c.invitation != "bounced",
    leaves_out=N_(
        "Invitations that did not arrive, invitations on another level, and answers of people who "
        "were not invited."
    ),
    extras=(
        Extra(
            "bounced", N_("Invitations that did not arrive"), lambda c, _: c.invitation == "bounced"
        ),
        Extra(
            "arrival_unknown",
            N_("Invitations of which nobody says whether they arrived"),
            lambda c, _: c.invitation == "unknown",
        ),
    ),
    options={"metrics": METRICS, "low_response": 15},
)

KPIS = (CSAT, GRADE, NPS, CES, RESPONSE_RATE)
