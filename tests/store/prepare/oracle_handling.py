"""What was done on cases, in plain Python: contacts, silences, departments and work.

Made of the same oracle's cases and contacts, and read from the definitions like them.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.store.prepare.oracle import CUSTOMER, Oracle, Row, Rows, clean

OF_CASE = ("process", "reason", "channel", "department", *CUSTOMER)
STEP = timedelta(microseconds=1)


def case_contacts(oracle: Oracle) -> Rows:
    count = Counter(contact["case_id"] for contact in oracle.contacts if contact["inbound"] is True)
    return [
        {"case_id": case_id, "contacts_in": n}
        for case_id, n in count.items()
        if case_id is not None
    ]


# Silences


def touches(oracle: Oracle) -> dict[str, list[datetime]]:
    """Per case when its customer and we were in touch, by leg or message."""
    case_of = {contact["contact_id"]: contact["case_id"] for contact in oracle.contacts}
    found: dict[str, list[datetime]] = {}
    for row in oracle.facts["contacts"]:
        case_id = case_of[oracle.contact_of[row["contact_id"]]]
        if case_id is not None and oracle._leg(row)["answered"]:
            found.setdefault(case_id, []).append(row["started_at"])
    return found


def silences(oracle: Oracle) -> Rows:
    in_touch = touches(oracle)
    found = []
    for case in oracle.cases.values():
        known = case["timing"] == "ok" and case["state"] != "unknown"
        if not known:
            continue
        times = sorted(in_touch.get(case["case_id"], []))
        if not [at for at in times if at <= case["opened_at"]]:
            times = sorted([*times, case["opened_at"]])
        for at, following in zip(times, [*times[1:], None], strict=True):
            ends = [moment for moment in (following, case["ended_at"]) if moment is not None]
            until = min(ends, default=None)
            calendar = oracle._clock(case["process"], at)
            begins = max(calendar.deadline(at, 5.0) + STEP, case["opened_at"])
            if until is None or begins < until:
                found.append(
                    {
                        "case_id": case["case_id"],
                        **{name: case[name] for name in OF_CASE},
                        "opened_day": case["opened_day"],
                        "case_opened_at": case["opened_at"],
                        "last_contact_at": at,
                        "silent_from": begins,
                        "silent_until": until,
                    }
                )
    return found


# Departments


def known_department(oracle: Oracle, raw: str | None, day: Any) -> bool:
    """Whether a word means something configured."""
    if clean(raw) is None:
        return False
    word = raw.strip().casefold()
    code = oracle.in_force("codes", day, dictionary="department", as_came=word)
    return code is not None or oracle.plainly("department", raw, day) is not None


def handover(oracle: Oracle, event: Row) -> tuple[str | None, str | None]:
    """Who gave a case, and who took it."""
    day = oracle.day(event["occurred_at"])
    value, own = event.get("value"), event.get("department")
    giver = oracle.understood("department", own, day)
    taker = oracle.understood("department", value, day)
    if known_department(oracle, value, day):
        return giver, taker
    if known_department(oracle, own, day) or taker is None:
        return None, giver
    return giver, taker


def events(oracle: Oracle, case: Row, kind: str) -> Rows:
    own = [
        row
        for row in oracle.facts["chain_events"]
        if row.get("case_id") == case["case_id"] and row["kind"] == kind
    ]
    return sorted(own, key=lambda row: (row["occurred_at"], row["event_id"]))


def segments(oracle: Oracle) -> Rows:
    found = []
    for case in oracle.cases.values():
        if case["state"] not in ("open", "closed") or case["timing"] != "ok":
            continue
        closed = case["closed_at"]
        moves = [
            (max(event["occurred_at"], case["opened_at"]), *handover(oracle, event))
            for event in events(oracle, case, "handoff")
            if closed is None or event["occurred_at"] < closed
        ]
        stays = [(case["opened_at"], moves[0][1] if moves else case["department"])]
        for at, _giver, taker in moves:
            if stays[-1][0] == at:
                del stays[-1]
            stays.append((at, taker))
        distinct = [
            stay for place, stay in enumerate(stays) if place == 0 or stay[1] != stays[place - 1][1]
        ]
        lefts = [*(at for at, _ in distinct[1:]), closed]
        for position, ((at, department), left) in enumerate(
            zip(distinct, lefts, strict=True), start=1
        ):
            found.append(
                {
                    "case_id": case["case_id"],
                    "position": position,
                    **{name: case[name] for name in OF_CASE},
                    "department": department,
                    "entered_at": at,
                    "entered_day": oracle.day(at),
                    "left_at": left,
                    "deadline_at": oracle._deadline(case["process"], at),
                }
            )
    return found


# Work


def work(oracle: Oracle) -> Rows:
    return [
        {
            "case_id": case["case_id"],
            "first_line": first_line(oracle, case),
            "work_seconds": seconds(oracle, case, worked(oracle, case)),
            "waiting_seconds": seconds(oracle, case, waited(oracle, case)),
        }
        for case in oracle.cases.values()
    ]


def first_line(oracle: Oracle, case: Row) -> bool:
    if case["line"] is not None:
        return case["line"] <= 1

    def second(name: str | None, day: Any) -> bool:
        configured = oracle.in_force("departments", day, department=name) or {}
        return (configured.get("line") or 0) > 1

    takers = [
        (handover(oracle, event)[1], oracle.day(event["occurred_at"]))
        for event in events(oracle, case, "handoff")
    ]
    return not any(
        second(name, day) for name, day in [(case["department"], case["opened_day"]), *takers]
    )


def worked(oracle: Oracle, case: Row) -> list[tuple[datetime, datetime]]:
    return [
        (row["occurred_at"], row["ended_at"])
        for row in events(oracle, case, "work")
        if row.get("ended_at") is not None
    ]


def waited(oracle: Oracle, case: Row) -> list[tuple[datetime, datetime | None]]:
    statuses = events(oracle, case, "status")
    found = []
    ends = [*(row["occurred_at"] for row in statuses[1:]), None]
    for row, following in zip(statuses, ends, strict=False):
        said = oracle.understood("status", row.get("value"), oracle.day(row["occurred_at"]))
        if said == "waiting":
            found.append((row["occurred_at"], row.get("ended_at") or following))
    return found


def seconds(
    oracle: Oracle, case: Row, spans: list[tuple[datetime, datetime | None]]
) -> float | None:
    """Working time in the union of spans, instant by instant where one begins or ends."""
    if case["closed_at"] is None:
        return None
    inside = [
        (max(start, case["opened_at"]), min(end or case["closed_at"], case["closed_at"]))
        for start, end in spans
    ]
    inside = [(start, end) for start, end in inside if start <= end]
    if not inside:
        return None
    calendar = oracle._clock(case["process"], case["opened_at"])
    edges = sorted({edge for span in inside for edge in span})
    total = timedelta()
    for low, high in pairwise(edges):
        if any(start <= low and high <= end for start, end in inside):
            total += calendar.open_between(low, high)
    return total.total_seconds()
