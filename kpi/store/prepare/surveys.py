"""Survey answers as understood: on their scale or not, and which is the latest about a contact."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.sql import Expression, day_of, text_or_null, yes
from kpi.store.prepare.customers import DIMENSIONS, known_customer, profile_on
from kpi.store.prepare.days import to_local
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.words import look_up
from kpi.tables import table

#: Lowest and highest answer per question; yes and no are 1 and 0.
SCALES: dict[str, tuple[int, int]] = {
    "grade10": (1, 10),
    "csat5": (1, 5),
    "nps": (0, 10),
    "ces7": (1, 7),
    "clear": (0, 1),
    "correct": (0, 1),
    "complete": (0, 1),
    "resolved": (0, 1),
}


def refill_surveys(
    steps: Steps, words: sa.Table, known_as: sa.Table, profiles: sa.Table, merges: sa.Table
) -> None:
    """Fill PREPARED_SURVEYS: one row per answer."""
    answers = _understood(words, known_as, merges).subquery("answers")
    profile = profiles.alias("profile")
    from_latest = sa.func.row_number().over(
        partition_by=[answers.c.contact_id, answers.c.metric, answers.c.valid],
        order_by=[
            sa.case((answers.c.responded_at.is_(None), 1), else_=0),
            answers.c.responded_at.desc(),
            answers.c.response_id.desc(),
        ],
    )
    names = (
        "response_id", "metric", "score", "valid", "level", "responded_at", "responded_day",
        "process", "reason", "channel", "department", "customer_id", "moment", "delivered",
        "import_id",
    )  # fmt: skip
    latest = sa.and_(answers.c.valid, sa.or_(answers.c.contact_id.is_(None), from_latest == 1))
    steps.refill(
        table("prepared_surveys"),
        {
            **{name: answers.c[name] for name in names},
            **{name: profile.c[name] for name in DIMENSIONS},
            "latest": latest,
            **_invitation(answers),
        },
        answers.outerjoin(profile, profile_on(profile, answers.c.customer_id, answers.c.day)),
    )


def _invitation(answers: sa.Subquery) -> dict[str, Expression]:
    """The invitation of a sheet, told on one of its rows: a sheet with five questions is one."""

    def on_sheet(found: Expression) -> Expression:
        return found.over(partition_by=answers.c.response_id)  # type: ignore[no-any-return]

    def any_of(condition: Expression) -> Expression:
        return on_sheet(sa.func.max(sa.case((condition, 1), else_=0))) == 1

    invited = on_sheet(sa.func.min(answers.c.invited_day))
    arrived, bounced = any_of(answers.c.delivered), any_of(sa.not_(answers.c.delivered))
    answered = any_of(sa.or_(answers.c.responded_at.is_not(None), answers.c.score.is_not(None)))
    stands_for_it = (
        sa.func.row_number().over(partition_by=answers.c.response_id, order_by=answers.c.metric)
        == 1
    )
    is_one = sa.and_(stands_for_it, sa.or_(invited.is_not(None), arrived))
    what = sa.case(
        (answered, "responded"), (arrived, "delivered"), (bounced, "bounced"), else_="unknown"
    )
    day = sa.func.coalesce(invited, on_sheet(sa.func.min(answers.c.responded_day)))
    return {"invitation": sa.case((is_one, what)), "invited_day": sa.case((is_one, day))}


def _on_scale(surveys: sa.FromClause) -> Expression:
    return yes(
        sa.or_(
            *(
                sa.and_(surveys.c.metric == metric, surveys.c.score.between(low, high))
                for metric, (low, high) in SCALES.items()
            )
        )
    )


def _understood(words: sa.Table, known_as: sa.Table, merges: sa.Table) -> sa.Select[Any]:
    surveys, legs = table("surveys"), table("prepared_legs")
    contacts, cases = table("prepared_contacts"), table("prepared_cases")
    responded, invited = to_local(surveys.c.responded_at), to_local(surveys.c.invited_at)
    day = sa.func.coalesce(day_of(responded.time), day_of(invited.time))
    customer = known_customer(known_as, surveys.c.customer_id)
    process = look_up(words, "process", surveys.c.process, day)
    moment = look_up(words, "moment", surveys.c.moment, day)
    contact_id = sa.func.coalesce(legs.c.contact_id, text_or_null(surveys.c.contact_id))
    case_id = sa.func.coalesce(merges.c.into, text_or_null(surveys.c.case_id), contacts.c.case_id)

    def either(name: str) -> Expression:
        return sa.func.coalesce(contacts.c[name], cases.c[name])

    return sa.select(
        surveys.c.response_id,
        surveys.c.metric,
        surveys.c.score,
        _on_scale(surveys).label("valid"),
        sa.func.coalesce(surveys.c.level, "contact").label("level"),
        surveys.c.responded_at,
        day_of(responded.time).label("responded_day"),
        day_of(invited.time).label("invited_day"),
        day.label("day"),
        contact_id.label("contact_id"),
        sa.func.coalesce(process.understood, either("process")).label("process"),
        either("reason").label("reason"),
        either("channel").label("channel"),
        sa.func.coalesce(cases.c.department, contacts.c.department).label("department"),
        sa.func.coalesce(customer.customer, either("customer_id")).label("customer_id"),
        sa.func.coalesce(moment.understood, contacts.c.moment).label("moment"),
        surveys.c.delivered,
        surveys.c.import_id,
    ).select_from(
        surveys.outerjoin(responded.offsets, responded.condition)
        .outerjoin(invited.offsets, invited.condition)
        .outerjoin(legs, legs.c.leg_id == surveys.c.contact_id)
        .outerjoin(contacts, contacts.c.contact_id == contact_id)
        .outerjoin(merges, merges.c.case_id == surveys.c.case_id)
        .outerjoin(cases, cases.c.case_id == case_id)
        .outerjoin(customer.names, customer.condition)
        .outerjoin(process.words, process.condition)
        .outerjoin(moment.words, moment.condition)
    )
