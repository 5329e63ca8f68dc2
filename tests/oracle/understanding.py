"""Facts as the KPI sheet understands them, row by row in plain Python, from raw rows.

Slow and simple on purpose, and made without the product's own code: nothing here reads a prepared
table, and nothing is shared with `kpi` but the configuration, which is an input.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)
STATUS = {
    "open": "open", "nieuw": "open", "wachten": "open", "on hold": "open",
    "closed": "closed", "gesloten": "closed", "afgehandeld": "closed",
    "withdrawn": "withdrawn", "ingetrokken": "withdrawn",
}  # fmt: skip
YES = {"yes": True, "ja": True, "no": False, "nee": False}
CUSTOMER = ("segment", "value_class", "has_portal", "tenure", "products", "caller")
OPENS, CLOSES = 9 * 60, 17 * 60
#: Lowest and highest answer per question.
SCALES = {
    "grade10": (1, 10), "csat5": (1, 5), "nps": (0, 10), "ces7": (1, 7),
    "clear": (0, 1), "correct": (0, 1), "complete": (0, 1), "resolved": (0, 1),
}  # fmt: skip
_FREE = {
    day
    for day, name in holidays.country_holidays(
        "NL", years=range(2020, 2030), language="en_US"
    ).items()
    if name != "Good Friday"
}


def utc(text: str | None) -> datetime | None:
    """A local text: the first of a doubled hour; a time that is skipped comes an hour later."""
    if text is None:
        return None
    local = datetime.fromisoformat(text)
    return local.replace(tzinfo=ZONE, fold=0).astimezone(UTC).replace(tzinfo=None)


def local(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(ZONE).replace(tzinfo=None)


def day_of(moment: datetime) -> date:
    return local(moment).date()


def midnight(day: date) -> datetime:
    """The first moment of a day, UTC."""
    return datetime.combine(day, time()).replace(tzinfo=ZONE).astimezone(UTC).replace(tzinfo=None)


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in _FREE


def worked(start: datetime, end: datetime) -> float:
    """Hours of office time between two moments; the office is never open when the clock is put."""
    total, day = timedelta(0), day_of(start)
    while day <= day_of(end):
        if works(day):
            opens = datetime.combine(day, time(9))
            closes = datetime.combine(day, time(17))
            total += max(min(local(end), closes) - max(local(start), opens), timedelta(0))
        day += timedelta(days=1)
    return total / timedelta(hours=1)


def deadline(opened: datetime, working_days: int) -> datetime:
    """Rolled into working time, then so many working days at the same clock time."""
    at = local(opened)
    if not works(at.date()) or at.hour * 60 + at.minute >= CLOSES:
        at = datetime.combine(at.date() + DAY, time(9))
        while not works(at.date()):
            at += DAY
    if at.hour * 60 + at.minute < OPENS:
        at = datetime.combine(at.date(), time(9))
    for _ in range(working_days):
        at += DAY
        while not works(at.date()):
            at += DAY
    return at.replace(tzinfo=ZONE).astimezone(UTC).replace(tzinfo=None)


@dataclass
class Row:
    """One case, contact, answer or customership period, as understood."""

    day: date | None
    at: datetime | None = None
    by: dict[str, str | None] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.more[name]
        except KeyError:
            raise AttributeError(name) from None


class Understanding:
    """All facts of one world."""

    def __init__(self, tables: dict[str, list[dict[str, Any]]], configuration: Any) -> None:
        on = date(2024, 1, 1)
        self.configuration = configuration
        self.reasons = {row["reason"]: row for row in configuration.rows("reasons", on)}
        self.causes = {row["cause"]: row for row in configuration.rows("causes", on)}
        self.departments = configuration.rows("departments", on)
        self.channels = {row["channel"]: row for row in configuration.rows("channels", on)}
        self.norms = {
            row["process"]: int(row["norm"]) for row in configuration.rows("processes", on)
        }
        self.raw = {name: _last_per_key(name, rows) for name, rows in tables.items()}
        self.known_as = self._known_as()
        self._on: dict[Any, dict[str, str | None]] = {}
        self.periods = [self._period(row) for row in self.raw.get("customers", [])]
        self.merged = {
            row["case_id"]: row["merged_into"]
            for row in self.raw.get("cases", [])
            if row.get("merged_into") and row["merged_into"] != row["case_id"]
        }
        self.cases = {
            row["case_id"]: self._case(row)
            for row in self.raw.get("cases", [])
            if row["case_id"] not in self.merged
        }
        self.contact_of: dict[str, str] = {}
        self.contacts = self._contacts()
        self._categorise()
        self.surveys = [self._survey(row) for row in self.raw.get("surveys", [])]

    # customers

    def _known_as(self) -> dict[str, str]:
        names: dict[str, set[str]] = defaultdict(set)
        for row in self.raw.get("identities", []):
            names[row["external_id"]].add(row["customer_id"])
        own = {row["customer_id"] for row in self.raw.get("customers", [])}
        return {
            name: next(iter(found))
            for name, found in names.items()
            if len(found) == 1 and name not in own
        }

    def customer(self, name: str | None) -> str | None:
        return self.known_as.get(name, name) if name else None

    def _period(self, row: dict[str, Any]) -> Row:
        until, reason = row.get("customer_until"), row.get("end_reason")
        voluntary = None
        if until:
            if reason in {"death", "moved abroad", "non-payment"}:
                voluntary = False
            elif reason or row.get("notice_at"):
                voluntary = True
        since = date.fromisoformat(row["customer_since"])
        notice = row.get("notice_at")
        return Row(
            since,
            by=_customer_dimensions(row),
            more={
                "customer": row["customer_id"],
                "since": since,
                "until": date.fromisoformat(until) if until else None,
                "notice": date.fromisoformat(notice) if notice else None,
                "voluntary": voluntary,
            },
        )

    def profile(self, customer: str | None, day: date) -> dict[str, str | None]:
        own = sorted((p for p in self.periods if p.customer == customer), key=lambda p: p.since)
        there = [p for p in own if p.since <= day and (p.until is None or day < p.until)]
        chosen = (there or own)[-1:]
        return self.on(chosen[0], day) if chosen else dict.fromkeys(CUSTOMER)

    def on(self, period: Row, day: date) -> dict[str, str | None]:
        """What the customer of a period is on a day."""
        key = (period.customer, period.since, day)
        if key not in self._on:
            holdings = [
                row
                for row in self.raw.get("holdings", [])
                if self.customer(row["customer_id"]) == period.customer
                and not row["annulled_at"]
                and row["started"] <= day.isoformat()
                and (not row["ended"] or day.isoformat() < row["ended"])
            ]
            called = any(
                day - 365 * DAY <= then < day for then in self.in_touch.get(period.customer, ())
            )
            many, caller = ("few", "many")[len(holdings) >= 3], ("no", "yes")[called]
            self._on[key] = {
                **period.by,
                "tenure": "long" if day > period.since + 90 * DAY else "new",
                "products": many if self.raw.get("holdings") else None,
                "caller": caller if self.raw.get("contacts") else None,
            }
        return self._on[key]

    @cached_property
    def in_touch(self) -> dict[str, set[date]]:
        """Local days on which customers called or wrote, leg by leg."""
        found: dict[str, set[date]] = defaultdict(set)
        cases = {row["case_id"]: row for row in self.raw.get("cases", [])}
        for leg in self.raw.get("contacts", []):
            case = cases.get(self._case_of(leg), {})
            customer = self.customer(leg.get("customer_id"))
            customer = customer or self.customer(case.get("customer_id"))
            if leg.get("direction") == "in" and customer:
                found[customer].add(day_of(utc(leg["started_at"])))
        return found

    # cases

    def _case(self, row: dict[str, Any]) -> Row:
        opened, closed = utc(row["opened_at"]), utc(row.get("closed_at"))
        reason = self.reasons.get(row.get("reason"), {})
        state = STATUS.get(row["status"].casefold(), "unknown")
        ended = closed
        if state == "withdrawn" and ended is None:
            ended = utc(row.get("updated_at"))
        timing = "ok"
        if ended is not None and ended < opened:
            timing = "wrong_order"
        elif ended is None and state in {"closed", "withdrawn"}:
            timing = "no_close"
        process = row.get("process") or reason.get("process")
        kind = reason.get("kind")
        ok = timing == "ok"
        day = day_of(opened)
        customer = self.customer(row.get("customer_id"))
        return Row(
            day,
            opened,
            {
                "process": process,
                "reason": row.get("reason"),
                "channel": row.get("opened_channel"),
                "department": row.get("department"),
                **self.profile(customer, day),
            },
            {
                "id": row["case_id"],
                "customer": customer,
                "state": state,
                "timed": ok and state in {"open", "closed"},
                "closed": ended if ok and state == "closed" else None,
                "withdrawn": ended if ok and state == "withdrawn" else None,
                "due": utc(row.get("due_at")),
                "promised": utc(row.get("promised_for")),
                "deadline": deadline(opened, self.norms.get(process, 2)),
                "line": row.get("line"),
                "complaint": (process == "complaint" or kind == "complaint") and kind != "tip",
            },
        )

    def lives_on(self, case: str | None) -> str | None:
        seen = set()
        while case in self.merged and case not in seen:
            seen.add(case)
            case = self.merged[case]
        return case

    # contacts

    def _contacts(self) -> list[Row]:
        legs = sorted(self.raw.get("contacts", []), key=lambda row: row["contact_id"])
        legs.sort(key=lambda row: utc(row["started_at"]))
        roots: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for leg in legs:
            roots[leg.get("root_id") or leg["contact_id"]].append(leg)
        groups: list[list[dict[str, Any]]] = []
        messages: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        for root, own in roots.items():
            if not all(self._written(leg) for leg in own):
                groups.append(own)
                continue
            case = next((self._case_of(leg) for leg in own if self._case_of(leg)), None)
            for leg in own:
                mine = self._case_of(leg) or case
                messages[("case", mine) if mine else ("root", root)].append(leg)
        for thread in messages.values():
            thread.sort(key=lambda leg: (utc(leg["started_at"]), leg["contact_id"]))
            current = [thread[0]]
            for before, leg in pairwise(thread):
                if utc(leg["started_at"]) - utc(before["started_at"]) > DAY:
                    groups.append(_customer_first(current))
                    current = []
                current.append(leg)
            groups.append(_customer_first(current))
        return [self._contact(group) for group in groups]

    def _live(self, leg: dict[str, Any]) -> bool:
        return bool(self.channels.get(leg["channel"], {}).get("live"))

    def _written(self, leg: dict[str, Any]) -> bool:
        """On a channel where a conversation goes to and fro without anybody waiting."""
        known = self.channels.get(leg["channel"])
        return known is not None and not known["live"] and leg["channel"] != "desk"

    def _case_of(self, leg: dict[str, Any]) -> str | None:
        return self.lives_on(leg.get("case_id"))

    def _answered(self, leg: dict[str, Any]) -> bool:
        if not self._live(leg):
            return True
        parts = [leg[name] for name in ("talk_s", "hold_s", "wrap_s") if leg.get(name) is not None]
        handled = sum(parts) if parts else leg.get("handle_s") or 0
        return bool(leg.get("answered_at") or handled > 0) and not YES.get(leg.get("abandoned"))

    def _contact(self, legs: list[dict[str, Any]]) -> Row:
        first = legs[0]
        for leg in legs:
            self.contact_of[leg["contact_id"]] = first["contact_id"]

        def known(name: str) -> Any:
            return next((leg[name] for leg in legs if leg.get(name) is not None), None)

        started = utc(first["started_at"])
        at = local(started)
        case_id = next((self._case_of(leg) for leg in legs if self._case_of(leg)), None)
        case = self.cases.get(case_id)
        reason = self.reasons.get(known("reason"), {})
        process = known("process") or (case and case.by["process"]) or reason.get("process")
        customer = self.customer(known("customer_id")) or (case and case.customer)
        minute = at.hour * 60 + at.minute
        if case is not None:
            faulty = case.by["process"] == "fault" or case.complaint
        else:
            faulty = process in {"fault", "complaint"} and reason.get("kind") != "tip"
        direction = known("direction")
        return Row(
            at.date(),
            started,
            {
                "process": process,
                "reason": known("reason"),
                "channel": first["channel"],
                "department": case.by["department"] if case else None,
                "transferred_to": known("transferred_to"),
                **self.profile(customer, at.date()),
                "weekday_hour": f"{at.isoweekday()}-{at.hour:02d}",
            },
            {
                "id": first["contact_id"],
                "legs": legs,
                "legs_moment": known("moment"),
                "case_id": case_id,
                "case": case,
                "customer": customer,
                "inbound": None if direction is None else direction == "in",
                "handled": direction == "in" and any(self._answered(leg) for leg in legs),
                "inside": works(at.date()) and OPENS <= minute < CLOSES,
                "code": known("category"),
                "cause_code": known("cause"),
                "department_code": known("causing_department"),
                "kind": reason.get("kind"),
                "default": (reason.get("category"), reason.get("cause")),
                "faulty": faulty,
                "cost": self.channels.get(first["channel"], {}).get("unit_cost"),
            },
        )

    def _categorise(self) -> None:
        self.contacts.sort(key=lambda row: (row.at, row.id))
        reported: set[str] = set()
        chains: dict[Any, list[Row]] = defaultdict(list)
        for row in self.contacts:
            row.more |= {"place": None, "length": None, "reason_place": None, "reason_length": None}
            row.more["first_report"] = False
            if row.handled and row.case_id and row.case_id not in reported:
                reported.add(row.case_id)
                row.more["first_report"] = row.faulty
            if row.handled and row.customer and row.kind != "document":
                chains["", row.customer, row.by["process"]].append(row)
                chains["reason_", row.customer, row.by["process"], row.by["reason"]].append(row)
        for key, rows in chains.items():
            for chain in _split(rows, 7 * DAY):
                for place, row in enumerate(chain, start=1):
                    row.more[f"{key[0]}place"], row.more[f"{key[0]}length"] = place, len(chain)
        for row in self.contacts:
            self._decide(row)

    def _decide(self, row: Row) -> None:
        category, cause = row.code, None
        if category is None:
            promised = row.case.promised if row.case else None
            if (row.place or 0) > 1:
                category, cause = "unnecessary", "other_repeat"
            elif row.kind == "status" and promised and row.at > promised:
                # The sheet names no cause here: that of the reason (progress chasing) fits.
                category, cause = "unnecessary", row.default[1]
            elif row.first_report:
                category, cause = "unnecessary", "product_failed"
            else:
                category, cause = row.default
        row.more["category"] = category
        row.by["cause"] = row.by["causing_department"] = None
        if category == "unnecessary":
            row.by["cause"] = row.cause_code or cause
            row.by["causing_department"] = row.department_code or (
                self.causes.get(row.by["cause"], {}).get("department")
            )

    # surveys

    def _survey(self, row: dict[str, Any]) -> Row:
        at = utc(row.get("responded_at"))
        contact = next(
            (c for c in self.contacts if c.id == self.contact_of.get(row.get("contact_id"))), None
        )
        case_id = self.lives_on(row.get("case_id")) or (contact and contact.case_id)
        case = self.cases.get(case_id)
        customer = (
            self.customer(row.get("customer_id"))
            or (contact and contact.customer)
            or (case and case.customer)
        )

        def either(name: str) -> str | None:
            return (contact and contact.by[name]) or (case.by[name] if case else None)

        low, high = SCALES[row["metric"]]
        score = row.get("score")
        return Row(
            day_of(at) if at else None,
            at,
            {
                "process": row.get("process") or either("process"),
                "reason": either("reason"),
                "channel": either("channel"),
                "department": (case and case.by["department"])
                or (contact and contact.by["department"])
                or None,
                **(self.profile(customer, day_of(at)) if at else dict.fromkeys(CUSTOMER)),
            },
            {
                "id": row["response_id"],
                "contact": self.contact_of.get(row.get("contact_id"), row.get("contact_id")),
                "metric": row["metric"],
                "score": score,
                "valid": score is not None and low <= score <= high,
                "sheet": row,
                "customer": customer,
                "moment": row.get("moment") or (contact and contact.legs_moment),
                "level": row.get("level") or "contact",
            },
        )


KEYS = {
    "cases": ("case_id",),
    "contacts": ("contact_id",),
    "customers": ("customer_id", "customer_since"),
    "identities": ("source", "external_id"),
    "surveys": ("response_id", "metric"),
    "staffing": ("date", "process"),
    "chain_events": ("event_id",),
    "holdings": ("holding_id",),
    "posts": ("post_id",),
    "totals": ("period_start", "metric", "dimension"),
}


def _last_per_key(name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Within a file the later row of a key counts."""
    key = KEYS[name]
    return list({tuple(row.get(part) for part in key): row for row in rows}.values())


def _customer_dimensions(row: dict[str, Any]) -> dict[str, str | None]:
    portal = YES.get(row.get("has_portal"))
    return {
        "segment": row.get("segment"),
        "value_class": row.get("value_class"),
        "has_portal": None if portal is None else ("yes" if portal else "no"),
    }


def _customer_first(thread: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A thread is a contact from the customer's first message on."""
    if len(thread) == 1:
        return thread
    return sorted(thread, key=lambda leg: leg.get("direction") != "in")


def _split(rows: list[Row], gap: timedelta) -> list[list[Row]]:
    chains: list[list[Row]] = []
    for row in rows:
        if chains and row.at - chains[-1][-1].at <= gap:
            chains[-1].append(row)
        else:
            chains.append([row])
    return chains


def quantile(values: list[float], share: float) -> float:
    """Linear interpolation between order statistics."""
    values = sorted(values)
    rank = (len(values) - 1) * share
    low = math.floor(rank)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (rank - low)
