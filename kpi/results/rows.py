"""Rows behind a number: what a row is about, which columns are shown of it, and how many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from kpi.model import Extra, Kind, Kpi
from kpi.periods import Period

#: What can be asked of a number: what counts, what it is counted of, and what did not count. Besides
#: these a KPI has those of its extras that are `listed`, by their names.
NUMERATOR, DENOMINATOR, MISSED = "numerator", "denominator", "missed"
#: All there were, also those that the KPI leaves out.
EVERY = "every"
#: Columns that a row gets beside those of its source: what it adds, and whether it counts.
AMOUNT, COUNTS = "amount", "counts"
#: What rows can be kept to though it is no filter: the hour of the week, the contact moment, and
#: what took longer than so many days.
SLOT, MOMENT, LONGER = "weekday_hour", "moment", "longer"
BESIDES = (SLOT, MOMENT, LONGER)
PARTS = (NUMERATOR, DENOMINATOR, MISSED, EVERY)


class Shape(StrEnum):
    """What a column holds, so that it is shown, sorted and written as such."""

    ID = "id"
    CODE = "code"
    WORD = "word"
    TIME = "time"
    DAY = "day"
    SECONDS = "seconds"
    SPAN = "span"
    NUMBER = "number"
    EURO = "euro"
    FLAG = "flag"
    TEXT = "text"


#: Every column that is ever shown of a row.
SHAPES: Mapping[str, Shape] = {
    **dict.fromkeys(
        ("case_id", "contact_id", "response_id", "holding_id", "text_id", "transaction_id",
         "customer_id"), Shape.ID),
    **dict.fromkeys(
        ("process", "reason", "channel", "department", "cause", "causing_department", "moment"),
        Shape.CODE),
    **dict.fromkeys(
        ("state", "category", "strategy", "metric", "level", "invitation", "sentiment", "tenure",
         "products", "value_class", "timing"), Shape.WORD),
    **dict.fromkeys(
        ("opened_at", "closed_at", "withdrawn_at", "deadline_at", "due_at", "promised_for",
         "started_at", "responded_at", "entered_at", "left_at", "silent_from", "silent_until",
         "last_contact_at", "case_opened_at", "case_closed_at"), Shape.TIME),
    **dict.fromkeys(("day", "sold_day", "since_day", "until_day", "invited_day"), Shape.DAY),
    **dict.fromkeys(("wait_s", "handle_s"), Shape.SECONDS),
    **dict.fromkeys(("lead_seconds", "working_seconds", "work_seconds", "waiting_seconds"),
                    Shape.SPAN),
    **dict.fromkeys(
        ("score", "transfers", "chain_position", "chain_length", "reason_chain_position",
         "reason_chain_length", "contacts_in", "position", "cases", "contacts", "online", "calls",
         "line"), Shape.NUMBER),
    **dict.fromkeys(("unit_cost", "cost"), Shape.EURO),
    **dict.fromkeys(
        ("first_line", "sold", "still", "measured", "misrouted", "existing", "voluntary",
         "has_portal", "caller", "abandoned", "is_complaint", "first_report", "valid", "known"),
        Shape.FLAG),
    **dict.fromkeys(("segment", "source", "product"), Shape.TEXT),
    AMOUNT: Shape.NUMBER,
    COUNTS: Shape.FLAG,
}  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """What a row is about.

    Attributes:
        name: case, contact, answer, stay, sale, customer, text, transaction, passage, row.
        columns: always shown where the source has them; the first tell rows apart.
        time: the column that puts them in order.
    """

    name: str
    columns: tuple[str, ...]
    time: str


_WHOSE = ("process", "reason", "channel")
CASE = Subject(
    "case",
    ("case_id", "opened_at", "closed_at", *_WHOSE, "department", "customer_id"),
    "opened_at",
)
CONTACT = Subject(
    "contact", ("contact_id", "started_at", *_WHOSE, "case_id", "customer_id"), "started_at"
)
ANSWER = Subject(
    "answer", ("response_id", "responded_at", "metric", "score", *_WHOSE, "customer_id"),
    "responded_at",
)  # fmt: skip
STAY = Subject(
    "stay", ("case_id", "position", "department", "entered_at", "left_at", "process", "reason"),
    "entered_at",
)  # fmt: skip
SILENCE = Subject(
    "case", ("case_id", "last_contact_at", "silent_from", *_WHOSE, "department"), "silent_from"
)
SALE = Subject("sale", ("holding_id", "sold_day", "product", "channel", "customer_id"), "sold_day")
CUSTOMER = Subject(
    "customer", ("customer_id", "since_day", "until_day", "segment", "value_class"), "since_day"
)
HELPED = Subject("helped", ("customer_id", "day"), "day")
TEXT = Subject("text", ("text_id", "day", "source", *_WHOSE, "sentiment"), "day")
TRANSACTION = Subject("transaction", ("transaction_id", "day", "process", "reason"), "day")
PASSAGE = Subject("passage", ("case_id", "moment", "opened_at", "process", "measured"), "opened_at")
SPENT = Subject("spent", ("contact_id", "case_id", "day", "process", "moment", "cost"), "day")
ANY = Subject("row", tuple(SHAPES), "")

#: By the source that a KPI sums.
SUBJECTS: Mapping[str, Subject] = {
    "prepared_cases": CASE,
    "cases_with_work": CASE,
    "closings_and_contacts": CASE,
    "cancellations": CASE,
    "silences": SILENCE,
    "prepared_contacts": CONTACT,
    "contacts_with_cases": CONTACT,
    "contacts_with_sales": CONTACT,
    "contacts_with_strategy": CONTACT,
    "prepared_surveys": ANSWER,
    "prepared_segments": STAY,
    "prepared_holdings": SALE,
    "prepared_customers": CUSTOMER,
    "prepared_texts": TEXT,
    "prepared_transactions": TRANSACTION,
    "passages_of_cases": PASSAGE,
    "moment_costs": SPENT,
}


def subject_of(kpi: Kpi) -> Subject:
    """What a row behind this KPI is about."""
    if kpi.kind is Kind.HELPED:
        return HELPED
    if kpi.kind in {Kind.DISTINCT, Kind.CHURN_AFTER}:
        return Subject(
            "customer",
            ("customer_id", "contacts" if kpi.kind is Kind.DISTINCT else "cases",
             "started_at" if kpi.kind is Kind.DISTINCT else "closed_at"),
            "started_at" if kpi.kind is Kind.DISTINCT else "closed_at",
        )  # fmt: skip
    return SUBJECTS.get(kpi.source, ANY)


_SHARE = (NUMERATOR, DENOMINATOR, MISSED)
#: By kind: the parts that have rows, the one that is shown first in front.
_PARTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.SHARE: _SHARE,
    Kind.DISTINCT: _SHARE,
    Kind.SURVIVAL: (DENOMINATOR, NUMERATOR, MISSED, EVERY),
    Kind.CHURN: (NUMERATOR, DENOMINATOR),
    Kind.CHURN_AFTER: _SHARE,
    Kind.RETENTION: (DENOMINATOR, NUMERATOR),
    Kind.MEAN: (DENOMINATOR,),
    Kind.NPS: (DENOMINATOR,),
    Kind.PART: (DENOMINATOR,),
    Kind.QUANTILE: (DENOMINATOR,),
    Kind.RATIO: (NUMERATOR, DENOMINATOR),
    Kind.COUNT: (NUMERATOR,),
    Kind.SUM: (NUMERATOR,),
    Kind.STOCK: (NUMERATOR,),
    Kind.PER_HOUR: (NUMERATOR,),
    Kind.PER_CUSTOMERS: (NUMERATOR,),
    Kind.MOVEMENT: (NUMERATOR,),
    Kind.HELPED: (NUMERATOR,),
}


def parts_of(kpi: Kpi) -> tuple[str, ...]:
    """The parts of this KPI that have rows; none for one that is not made of rows."""
    found = _PARTS.get(kpi.kind, ())
    # The rest of a share of amounts, or of one of many shares of one whole, is not a list.
    whole = kpi.options.get("amounts") or kpi.options.get("shares_within")
    usual = tuple(part for part in found if not (whole and part == MISSED))
    return (*usual, *(extra.name for extra in kpi.extras if extra.listed)) if usual else ()


def besides(kpi: Kpi) -> tuple[str, ...]:
    """Those of `BESIDES` that the rows of this KPI can be kept to."""
    # Of what is measured otherwise than from opening to close, the amount is no length of a case.
    lasts = kpi.kind is Kind.SURVIVAL or (kpi.kind is Kind.QUANTILE and kpi.numerator is None)
    there = {
        SLOT: SLOT in kpi.dimensions,
        MOMENT: bool(kpi.options.get("moments")),
        LONGER: lasts,
    }
    return tuple(name for name in BESIDES if there[name])


def listed(kpi: Kpi, part: str) -> Extra | None:
    """The extra whose rows a part is; None where it is one of `PARTS`."""
    return next((one for one in kpi.extras if one.listed and one.name == part), None)


def counted(kpi: Kpi, result: Any, part: str) -> float | None:
    """How many rows stand behind a part of a `Result`; None where it has no such part.

    Of an amount (a mean, a sum of euros) the rows are those that it is made of.
    """
    if part not in parts_of(kpi) or kpi.options.get("amounts"):
        return None
    extra = listed(kpi, part)
    if extra is not None:
        told = float(result.extras.get(part) or 0)
        return told if extra.denominator is None else round((result.denominator or 0) * told / 100)
    if part == MISSED:
        return (result.denominator or 0) - (result.numerator or 0)
    if part == EVERY:
        return float(result.n + (result.extras.get("left_out") or 0))
    if kpi.kind in {Kind.SUM, Kind.PART, Kind.MOVEMENT}:
        return float(result.n)
    if part == NUMERATOR:
        return float(result.numerator or 0)
    return float(result.denominator or 0)


@dataclass(frozen=True)
class Rows:
    """Rows behind one part of one number.

    Attributes:
        kpi: its name.
        part: numerator, denominator, missed or every.
        parts: all parts that have rows.
        subject: what a row is about.
        columns: names of the columns shown, in order; each has a shape in `SHAPES`.
        rows: those on this page, by column.
        total: how many there are: exactly the number counted.
        found: how many of them hold what was searched for.
        amount: what the rows add up to, where the number is made of amounts.
        period: local days.
        as_of: naive UTC.
    """

    kpi: str
    part: str
    parts: tuple[str, ...]
    subject: Subject
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]] = field(repr=False)
    total: int
    found: int
    amount: float | None = None
    period: Period | None = None
    as_of: datetime | None = None
