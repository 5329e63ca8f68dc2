"""Rows behind a number in words: heads, cells, and the sentence that says what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpi import dates, formats
from kpi.bulletin.rows_of_shares import true_of, untrue_of
from kpi.bulletin.tables import Column, Shown, Table, Value, table
from kpi.filters import DIMENSIONS
from kpi.i18n import _, ngettext
from kpi.model import Kind, Kpi, Unit
from kpi.results.rows import (
    AMOUNT,
    COUNTS,
    EVERY,
    LONGER,
    MISSED,
    MOMENT,
    NUMERATOR,
    PARTS,
    SHAPES,
    Rows,
    Shape,
    listed,
)

#: Gives the name on screen of a coded value: title("process", "fault").
Title = Callable[[str, str], str]

#: Shares: of these a row is counted whatever it says. What a share leaves out does not count.
_SHARES = frozenset({Kind.SHARE, Kind.DISTINCT, Kind.CHURN, Kind.CHURN_AFTER, Kind.RETENTION})
#: What is sorted from small to large at first.
FROM_A = frozenset({Shape.ID, Shape.CODE, Shape.WORD, Shape.TEXT})
_FIGURES = frozenset({Shape.NUMBER, Shape.SECONDS, Shape.SPAN, Shape.EURO})
#: A cause has only what could be avoided: elsewhere there is none to know.
_OF_AVOIDABLE = frozenset({"cause", "causing_department"})
#: Of these a row has one, also where the source did not say which; not all are handed on.
_HAS_ONE = frozenset({*DIMENSIONS, "category"}) - _OF_AVOIDABLE - {"transferred_to"}
#: The dictionary of a coded column, where it has another name.
DICTIONARY = {"causing_department": "department"}


def head(name: str) -> str:
    """What a column is called."""
    return {
        "case_id": _("Case"),
        "contact_id": _("Contact"),
        "response_id": _("Answer sheet"),
        "holding_id": _("Contract"),
        "text_id": _("Text"),
        "transaction_id": _("Transaction"),
        "customer_id": _("Customer"),
        "process": _("Customer process"),
        "reason": _("Reason"),
        "channel": _("Channel"),
        "department": _("Department"),
        "cause": _("Cause"),
        "causing_department": _("Causing department"),
        "moment": _("Contact moment"),
        "state": _("State"),
        "category": _("Category"),
        "strategy": _("Channel strategy"),
        "metric": _("Question"),
        "level": _("About"),
        "invitation": _("Invitation"),
        "sentiment": _("Sentiment"),
        "tenure": _("Time as a customer"),
        "products": _("Number of products"),
        "value_class": _("Customer value"),
        "opened_at": _("Opened"),
        "closed_at": _("Closed"),
        "withdrawn_at": _("Withdrawn"),
        "deadline_at": _("Deadline by norm"),
        "due_at": _("Own target date"),
        "promised_for": _("Promised for"),
        "started_at": _("Started"),
        "responded_at": _("Answered on"),
        "entered_at": _("Came in at"),
        "left_at": _("Went on at"),
        "silent_from": _("Silent since"),
        "silent_until": _("Silent until"),
        "last_contact_at": _("Last contact"),
        "case_opened_at": _("Case opened"),
        "case_closed_at": _("Case closed"),
        "day": _("Day"),
        "sold_day": _("Sold on"),
        "since_day": _("Customer since"),
        "until_day": _("Customer until"),
        "invited_day": _("Invited on"),
        "wait_s": _("Waiting time"),
        "handle_s": _("Handle time"),
        "lead_seconds": _("Lead time"),
        "working_seconds": _("Lead time in working hours"),
        "work_seconds": _("Touched in working hours"),
        "waiting_seconds": _("Waited for the customer"),
        "score": _("Score"),
        "transfers": _("Times transferred"),
        "chain_position": _("Place in chain"),
        "chain_length": _("Contacts in chain"),
        "reason_chain_position": _("Place in chain, same reason"),
        "reason_chain_length": _("Contacts in chain, same reason"),
        "contacts_in": _("Contacts of the case"),
        "position": _("Turn"),
        "cases": _("Cases"),
        "contacts": _("Contacts"),
        "online": _("Online"),
        "calls": _("By telephone"),
        "line": _("Line"),
        "unit_cost": _("Cost per contact"),
        "cost": _("Cost"),
        "first_line": _("By the first line"),
        "sold": _("Sold within 30 days"),
        "still": _("Still a customer after 90 days"),
        "measured": _("Event recorded"),
        "misrouted": _("Misrouted"),
        "existing": _("Was a customer"),
        "voluntary": _("Left by choice"),
        "has_portal": _("Use of the portal"),
        "caller": _("In touch in the past year"),
        "abandoned": _("Gave up"),
        "is_complaint": _("Complaint"),
        "first_report": _("First report"),
        "valid": _("On the scale"),
        "known": _("Customer known"),
        "segment": _("Segment"),
        "source": _("Source"),
        "product": _("Product"),
        AMOUNT: _("Adds"),
        COUNTS: _("Counts"),
    }.get(name, name)


def word(value: str) -> str:
    """What a value that is no code is called."""
    return {
        "open": _("open"),
        "closed": _("closed"),
        "withdrawn": _("withdrawn"),
        "valuable": _("valuable"),
        "hygiene": _("hygiene"),
        "unnecessary": _("avoidable"),
        "preferred": _("preferred"),
        "supporting": _("supporting"),
        "discouraged": _("discouraged"),
        "other": _("other"),
        "responded": _("answered"),
        "delivered": _("arrived, no answer"),
        "bounced": _("did not arrive"),
        "unknown": _("unknown"),
        "negative": _("negative"),
        "neutral": _("neutral"),
        "positive": _("positive"),
        "new": _("new (up to 90 days)"),
        "long": _("customer for longer"),
        "few": _("few products"),
        "many": _("many products (3+)"),
        "high": _("high value"),
        "low": _("low value"),
        "grade10": _("grade 1-10"),
        "csat5": _("satisfied 1-5"),
        "nps": _("recommend 0-10"),
        "ces7": _("easy 1-7"),
        "clear": _("clear"),
        "correct": _("correct"),
        "complete": _("complete"),
        "resolved": _("solved"),
    }.get(value, value)


def counted(rows: Rows, n: int) -> str:
    """So many of what the rows are about: "312 cases"."""
    said = {
        "case": ngettext("{n} case", "{n} cases", n),
        "contact": ngettext("{n} contact", "{n} contacts", n),
        "answer": ngettext("{n} answer", "{n} answers", n),
        "stay": ngettext("{n} turn of a department", "{n} turns of a department", n),
        "sale": ngettext("{n} sale", "{n} sales", n),
        "customer": ngettext("{n} customer", "{n} customers", n),
        "helped": ngettext("{n} customer on a day", "{n} customers on a day", n),
        "text": ngettext("{n} text", "{n} texts", n),
        "transaction": ngettext("{n} transaction", "{n} transactions", n),
        "passage": ngettext("{n} moment of a case", "{n} moments of a case", n),
        "spent": ngettext("{n} contact or moment", "{n} contacts and moments", n),
    }.get(rows.subject.name, ngettext("{n} row", "{n} rows", n))
    return said.format(n=formats.number(n))


def part(kpi: Kpi, name: str) -> str:
    """What a part of a number is called where it is chosen."""
    extra = listed(kpi, name)
    if extra is not None:
        return formats.lower_first(_(extra.title))
    if name == EVERY:
        return _("also what it leaves out")
    if name not in (NUMERATOR, MISSED):
        return _("all it is counted of")
    if kpi.kind in _SHARES:
        if name == NUMERATOR:
            return true_of(kpi.name) or _("of which it is true")
        return untrue_of(kpi.name) or _("of which it is not true")
    return _("what counts") if name == NUMERATOR else _("what does not count")


def sentence(kpi: Kpi, rows: Rows) -> str:
    """What is shown: the number, how many rows, and what of it they are."""
    who = counted(rows, rows.total)
    title = _(kpi.title)
    extra = listed(kpi, rows.part)
    if extra is not None:
        said = _("{kpi}: {rows}").format(kpi=_(extra.title), rows=who)
    elif len([one for one in rows.parts if one in PARTS]) < 2:
        said = _("{kpi}: {rows}").format(kpi=title, rows=who)
    elif rows.part in (NUMERATOR, MISSED) and kpi.kind in _SHARES:
        said = _("{kpi}: {rows}").format(kpi=title, rows=f"{who} {part(kpi, rows.part)}")
    elif rows.part == NUMERATOR:
        said = _("{kpi}: {rows} that count").format(kpi=title, rows=who)
    elif rows.part == MISSED:
        said = _("{kpi}: {rows} that do not count").format(kpi=title, rows=who)
    elif rows.part == EVERY:
        said = _("{kpi}: {rows}, also those left out of it").format(kpi=title, rows=who)
    else:
        said = _("{kpi}: all {rows} it is counted of").format(kpi=title, rows=who)
    if rows.amount is not None and kpi.unit is Unit.EURO:
        said = _("{said}, together {amount}").format(said=said, amount=formats.euro(rows.amount))
    return said


def searched(kpi: Kpi, rows: Rows, text: str) -> str:
    """The same of what was searched in them: how many of how many it is."""
    said = sentence(kpi, rows)
    if not text:
        return said
    return ngettext(
        "{said}; {found} of {total} holds “{text}”",
        "{said}; {found} of {total} hold “{text}”",
        rows.found,
    ).format(
        said=said,
        found=formats.number(rows.found),
        total=formats.number(rows.total),
        text=text,
    )


def kept_to(name: str, kept: str, title: Title) -> str:
    """What rows are kept to besides the filters, to read."""
    if name != LONGER:
        return title(name, kept) if name == MOMENT else kept
    if kept.replace(".", "", 1).isdigit():
        return _("longer than {time}").format(time=formats.duration(float(kept)))
    return kept


def cell(name: str, value: Any, title: Title, zone: str) -> str:
    """A value to read."""
    if value is None:
        return ""
    shape = SHAPES[name]
    if shape is Shape.CODE:
        return title(DICTIONARY.get(name, name), value)
    if shape is Shape.WORD:
        return word(value)
    if shape is Shape.FLAG:
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return formats.moment(value, zone)
    if isinstance(value, date):
        return dates.day(value)
    if shape is Shape.SECONDS:
        return formats.seconds(value)
    if shape is Shape.SPAN:
        return formats.duration(value / 86_400)
    if shape is Shape.EURO:
        return formats.euro(value, 2)
    if shape is Shape.NUMBER:
        return formats.number(value, 0 if float(value).is_integer() else 1)
    return str(value)


def told(name: str, row: Mapping[str, Any], title: Title, zone: str) -> str:
    """A column of a row to read: what every row has, and this one does not tell, is unknown."""
    value = row[name]
    if name == "closed_at" and value is None:
        # One that is closed at an unknown time stays empty.
        return {"open": _("not closed yet"), "withdrawn": word("withdrawn")}.get(
            row.get("state") or "", ""
        )
    avoidable = name in _OF_AVOIDABLE and row.get("category") == "unnecessary"
    if value in (None, "") and (name in _HAS_ONE or avoidable):
        return _("unknown")
    return cell(name, value, title, zone)


@dataclass(frozen=True)
class Sorted:
    """How rows are sorted ("-opened_at": the latest first), and the address that sorts by a column."""

    by: str
    href: Callable[[str], str]

    def way(self, name: str) -> str:
        """Which way a column is sorted: up, down or not at all."""
        if self.by.removeprefix("-") != name:
            return ""
        return "descending" if self.by.startswith("-") else "ascending"


def rows_table(
    rows: Rows,
    kpi: Kpi,
    title: Title,
    zone: str,
    link: Callable[[Mapping[str, Any]], str] = lambda _row: "",
    sort: Sorted | None = None,
) -> Table:
    """The rows as a table; `link` gives the address of the story of a row."""
    heads = [
        Column(
            head(name),
            figures=SHAPES[name] in _FIGURES,
            whole=SHAPES[name] not in _TEXTUAL,
            href=sort.href(name) if sort else "",
            sort=sort.way(name) if sort else "",
        )
        for name in rows.columns
    ]
    lines: list[list[Value]] = []
    for row in rows.rows:
        line: list[Value] = [told(name, row, title, zone) for name in rows.columns]
        line[0] = Shown(str(line[0]), href=link(row))
        lines.append(line)
    return table(_(kpi.title), heads, lines)


_TEXTUAL = frozenset({Shape.CODE, Shape.WORD, Shape.TEXT})
