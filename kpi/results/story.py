"""The story of one case or contact: what happened in order, who had it, and what was due when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

Row = Mapping[str, Any]


class What(StrEnum):
    """What a happening is."""

    OPENED = "opened"
    CONTACT_IN = "contact_in"
    CONTACT_OUT = "contact_out"
    CONTACT = "contact"
    STATUS = "status"
    WORK = "work"
    HANDOFF = "handoff"
    MOMENT = "moment"
    NOTE = "note"
    ANSWER = "answer"
    NORM = "norm"
    DUE = "due"
    PROMISED = "promised"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


#: Of what happens at one moment: its order.
_ORDER = {what: place for place, what in enumerate(What)}


@dataclass(frozen=True)
class Happening:
    """One thing in the story.

    Attributes:
        at: when (naive UTC).
        what: what it is.
        value: the status, moment, department or question that it is about.
        department: who did it, where that is known.
        until: when it ended.
        met: of a deadline: whether the case was closed by then; None while that is open.
        row: all else that is known of it.
    """

    at: datetime
    what: What
    value: str | None = None
    department: str | None = None
    until: datetime | None = None
    met: bool | None = None
    row: Row = field(default_factory=dict)


@dataclass(frozen=True)
class Stay:
    """One department that had the case for a while, and whether it kept its own deadline."""

    department: str | None
    entered: datetime
    left: datetime | None
    deadline: datetime | None
    met: bool | None


@dataclass(frozen=True)
class Story:
    """What is known of one case, or of a contact without one.

    Attributes:
        case: the case as understood; None for a contact without one.
        contact: the contact that was asked for; None when a case was.
        happenings: in order.
        stays: departments that had the case, in order.
        cases, contacts: the customer's other cases, and contacts without a case, the latest first.
        as_of: up to when the facts tell (naive UTC).
    """

    case: Row | None
    contact: Row | None
    happenings: Sequence[Happening]
    stays: Sequence[Stay] = ()
    cases: Sequence[Row] = ()
    contacts: Sequence[Row] = ()
    as_of: datetime | None = None

    @property
    def about(self) -> Row:
        """The case, else the contact."""
        found = self.case or self.contact
        assert found is not None
        return found

    @property
    def ended_at(self) -> datetime | None:
        """When the case was closed or withdrawn."""
        return self.case["ended_at"] if self.case else None

    @property
    def deadlines(self) -> list[Happening]:
        """Norm, own date and promise, those that there are."""
        kinds = {What.NORM, What.DUE, What.PROMISED}
        return [one for one in self.happenings if one.what in kinds]


def kept(deadline: datetime | None, ended: datetime | None, as_of: datetime | None) -> bool | None:
    """Whether what was due by `deadline` ended by then; None while that is still open."""
    if deadline is None:
        return None
    if ended is not None and (as_of is None or ended <= as_of):
        return ended <= deadline
    return False if as_of is not None and as_of > deadline else None


def happenings_of_case(case: Row, as_of: datetime | None) -> list[Happening]:
    """What the case itself tells: opened, its deadlines, closed or withdrawn."""
    found = [Happening(case["opened_at"], What.OPENED, row=case)]
    for what, name in (
        (What.NORM, "deadline_at"),
        (What.DUE, "due_at"),
        (What.PROMISED, "promised_for"),
    ):
        if case[name] is not None and case["state"] != "withdrawn":
            met = kept(case[name], case["closed_at"], as_of)
            found.append(Happening(case[name], what, met=met))
    if case["closed_at"] is not None:
        found.append(Happening(case["closed_at"], What.CLOSED, case["outcome"]))
    if case["withdrawn_at"] is not None:
        found.append(Happening(case["withdrawn_at"], What.WITHDRAWN, case["outcome"]))
    return found


def of_contact(row: Row) -> Happening:
    """A contact in the story."""
    ways = {True: What.CONTACT_IN, False: What.CONTACT_OUT, None: What.CONTACT}
    return Happening(row["started_at"], ways[row["inbound"]], row["channel"], row=row)


def of_event(row: Row) -> Happening:
    """Something that happened in the chain."""
    kind = What(row["kind"])
    return Happening(
        row["occurred_at"], kind, row["value"], row["department"], row["ended_at"], row=row
    )


def of_answer(row: Row) -> Happening:
    """A survey answer in the story."""
    return Happening(row["responded_at"], What.ANSWER, row["metric"], row=row)


def in_order(found: Sequence[Happening]) -> list[Happening]:
    """By time; at one moment the opening first and the close last."""
    return sorted(found, key=lambda one: (one.at, _ORDER[one.what]))
