"""Second way for KPIs of reach and handling: from legs, cases and events, by loops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tests.oracle.figures import GRAINS, Figures, Key, Sheet, bucket, quantile
from tests.oracle.understanding import (
    DAY,
    YES,
    Row,
    day_of,
    deadline,
    midnight,
    utc,
    worked,
)


def waiting(sheet: Sheet) -> Figures:
    """Inbound contacts on a channel on which the customer waits."""
    return sheet.groups(
        c for c in sheet.facts.contacts if c.inbound and sheet.facts._live(c.legs[0])
    )


def abandoned(sheet: Sheet, c: Row) -> bool:
    gave_up = any(sheet.facts._live(leg) and YES.get(leg.get("abandoned")) for leg in c.legs)
    return gave_up and not c.handled


def given_up(sheet: Sheet, c: Row) -> bool:
    wait = c.legs[0].get("wait_s")
    return abandoned(sheet, c) and not (wait is not None and wait <= 5)


def service_level(sheet: Sheet) -> Figures:
    rows = waiting(sheet)
    found = sheet.share(
        rows,
        lambda c: c.handled and c.legs[0]["wait_s"] <= 20,
        lambda c: (c.handled and c.legs[0]["wait_s"] is not None) or given_up(sheet, c),
    )
    for key, group in rows.items():
        found[key]["unknown_wait"] = sum(c.handled and c.legs[0]["wait_s"] is None for c in group)
        found[key]["short"] = sum(abandoned(sheet, c) and not given_up(sheet, c) for c in group)
    return found


def waiting_time(sheet: Sheet) -> Figures:
    found: Figures = {}
    for key, group in waiting(sheet).items():
        waits = [c.legs[0]["wait_s"] for c in group if c.handled]
        known = [wait for wait in waits if wait is not None]
        if known:
            found[key] = {
                "n": len(known),
                "value": quantile(known, 0.5),
                "p90": quantile(known, 0.9),
            }
    return found


def abandonment(sheet: Sheet) -> Figures:
    return sheet.share(
        waiting(sheet),
        lambda c: given_up(sheet, c),
        lambda c: c.handled or given_up(sheet, c),
    )


def seconds(c: Row) -> float | None:
    """Handle time over the legs: of each its parts, else the source's total."""
    total, known = 0.0, False
    for leg in c.legs:
        parts = [leg.get(name) for name in ("talk_s", "hold_s", "wrap_s")]
        own = [part for part in parts if part is not None] or [leg.get("handle_s")]
        if own != [None]:
            total, known = total + sum(own), True
    return total if known else None


def handle_time(sheet: Sheet) -> Figures:
    found: Figures = {}
    for key, group in sheet.handled().items():
        times = [time for time in map(seconds, group) if time is not None]
        found[key] = {
            "n": len(times),
            "value": sum(times) / len(times) if times else None,
            "with_times": 100 * len(times) / len(group),
        }
    return found


def is_thread(sheet: Sheet, c: Row) -> bool:
    """All messages of its conversation are written (a root with a call in it is a transfer)."""
    return all(sheet.facts._written(leg) for leg in c.legs)


def transferred(sheet: Sheet, c: Row) -> bool:
    named = any(leg.get("transferred_to") for leg in c.legs)
    return named or (len(c.legs) > 1 and not is_thread(sheet, c))


def misrouted(sheet: Sheet, c: Row) -> bool:
    targets = [] if is_thread(sheet, c) else [leg["process"] for leg in c.legs[1:]]
    known = [process for process in targets if process]
    return any(process != known[-1] for process in known)


def transfers(sheet: Sheet) -> Figures:
    rows = sheet.handled()
    found = sheet.share(rows, lambda c: transferred(sheet, c), lambda _: True)
    for key, group in rows.items():
        wrong = sum(misrouted(sheet, c) for c in group)
        found[key]["misrouted"] = 100 * wrong / len(group)
    return found


def transferred_to(sheet: Sheet) -> Figures:
    rows = sheet.groups(c for c in sheet.facts.contacts if c.handled and transferred(sheet, c))
    rest = [place for place, name in enumerate(sheet.by) if name != "transferred_to"]
    wholes: dict[Key, int] = defaultdict(int)
    for key, group in rows.items():
        wholes[tuple(key[place] for place in rest)] += len(group)
    return {
        key: {
            "numerator": len(group),
            "denominator": wholes[tuple(key[place] for place in rest)],
            "misrouted": 100 * sum(misrouted(sheet, c) for c in group) / len(group),
        }
        for key, group in rows.items()
    }


def avoidable_cost_marginal(sheet: Sheet) -> Figures:
    """Handle time at the 36 euro an hour that an installation starts with."""
    found: Figures = {}
    for key, group in sheet.handled().items():
        times = [seconds(c) for c in group if c.category == "unnecessary"]
        known = [time * 36 / 3600 for time in times if time is not None]
        found[key] = {
            "n": len(times),
            "value": sum(known) if known else (None if times else 0),
        }
    return found


# cases and questions


def closing_day(case: Row) -> date | None:
    return day_of(case.closed) if case.closed else None


def closings(sheet: Sheet) -> dict[Key, list[Row]]:
    return sheet.groups(sheet.facts.cases.values(), closing_day)


def promise_kept(sheet: Sheet) -> Figures:
    return sheet.share(
        closings(sheet),
        lambda case: case.closed <= case.promised,
        lambda case: case.promised is not None and case.promised <= sheet.as_of,
    )


def settled_at_once(sheet: Sheet) -> Figures:
    def settled(c: Row) -> bool:
        if c.case_id is None:
            return True
        return c.case is not None and c.case.closed is not None and c.case.closed <= c.at + DAY

    return sheet.share(sheet.handled(), settled, lambda _: True)


def contacts_per_case(sheet: Sheet) -> Figures:
    found: Figures = {}
    inbound = sheet.groups(c for c in sheet.facts.contacts if c.inbound)
    for key, cases in closings(sheet).items():
        own = {case.id for case in cases}
        contacts = sum(bool(c.inbound) and c.case_id in own for c in sheet.facts.contacts)
        beside = inbound.get(key, [])
        linked = [c for c in beside if c.case_id is not None]
        found[key] = {
            "n": len(cases),
            "value": contacts / len(cases),
            "linked": 100 * len(linked) / len(beside) if beside else None,
        }
    return found


def three_contacts(sheet: Sheet) -> Figures:
    found: Figures = {}
    for key, group in sheet.handled().items():
        in_chains = [c for c in group if c.place is not None]
        customers = {c.customer for c in in_chains}
        third = {c.customer for c in in_chains if c.place >= 3}
        found[key] = {
            "numerator": len(third),
            "denominator": len(customers),
            "n": len(customers),
            "value": 100 * len(third) / len(customers) if customers else None,
        }
    return found


def context_kept(sheet: Sheet) -> Figures:
    return sheet.share(
        sheet.groups(c for c in sheet.facts.contacts if c.handled and (c.place or 0) > 1),
        lambda c: c.case is not None and c.case.at < c.at,
        lambda _: True,
    )


def touches(sheet: Sheet) -> dict[str, list[datetime]]:
    """Per case the moments at which its customer and we were in touch."""
    found: dict[str, list[datetime]] = defaultdict(list)
    for c in sheet.facts.contacts:
        for leg in c.legs:
            if c.case_id is not None and sheet.facts._answered(leg):
                found[c.case_id].append(utc(leg["started_at"]))
    return found


def silent_cases(sheet: Sheet) -> Figures:
    found: Figures = {}
    in_touch = touches(sheet)
    grain = next((name for name in sheet.by if name in GRAINS), None)
    for name in {bucket(day, grain) for day in sheet.days()} if grain else {None}:
        days = [day for day in sheet.days() if grain is None or bucket(day, grain) == name]
        if grain and midnight(days[0]) > sheet.as_of:
            continue
        end = midnight(days[-1] + DAY)
        seen, t = sheet.as_of < end, min(end, sheet.as_of)
        for case in sheet.facts.cases.values():
            if not sheet.keeps(case) or not (case.timed or case.withdrawn) or case.at > t:
                continue
            key = tuple(name if part == grain else case.by[part] for part in sheet.by)
            figure = found.setdefault(key, {"n": 0, "value": 0})
            ended = case.closed or case.withdrawn
            if ended is not None and (ended <= t if seen else ended < t):
                continue
            before = [at for at in in_touch[case.id] if at <= t] or [case.at]
            if case.at < t and deadline(max(before), 5) < t:
                figure["n"] += 1
                figure["value"] += 1
    return found


# departments


def departments(sheet: Sheet) -> dict[str, tuple[str, int | None]]:
    """Line of each configured department, by its id and titles."""
    return {
        row[name].casefold(): (row["department"], row["line"])
        for row in sheet.facts.departments
        for name in ("title_en", "title_nl", "department")
    }


def events(sheet: Sheet, case: Row, kind: str) -> list[dict[str, Any]]:
    own = [
        row
        for row in sheet.facts.raw.get("chain_events", [])
        if row["case_id"] == case.id and row["kind"] == kind
    ]
    return sorted(own, key=lambda row: (utc(row["occurred_at"]), row["event_id"]))


def handover(sheet: Sheet, event: dict[str, Any]) -> tuple[str | None, str | None]:
    """Who gave, and who took."""
    known = departments(sheet)
    value, own = event["value"], event["department"]
    if value and (value.casefold() in known or not (own and own.casefold() in known)):
        return own, value
    return None, own


def first_line(sheet: Sheet) -> Figures:
    known = departments(sheet)

    def second(name: str | None) -> bool:
        return (known.get((name or "").casefold(), (None, None))[1] or 0) > 1

    def first(case: Row) -> bool:
        if case.line is not None:
            return case.line == 1
        takers = [handover(sheet, event)[1] for event in events(sheet, case, "handoff")]
        return not any(second(name) for name in [case.by["department"], *takers])

    return sheet.share(closings(sheet), first, lambda _: True)


def segments(sheet: Sheet, case: Row) -> list[Row]:
    """Departments that had a case: Row at entering, with `left` and `deadline`."""
    given = [
        (max(utc(event["occurred_at"]), case.at), *handover(sheet, event))
        for event in events(sheet, case, "handoff")
        if case.closed is None or utc(event["occurred_at"]) < case.closed
    ]
    holders = [(case.at, given[0][1] if given else case.by["department"])]
    for at, _giver, taker in given:
        if holders[-1][0] == at:
            holders.pop()
        holders.append((at, taker))
    moved = holders[:1]
    for at, department in holders[1:]:
        if department != moved[-1][1]:
            moved.append((at, department))
    ends = [*(at for at, _ in moved[1:]), case.closed]
    return [
        Row(
            day_of(at),
            at,
            {**case.by, "department": department},
            {
                "left": left,
                "deadline": deadline(at, sheet.facts.norms.get(case.by["process"], 2)),
            },
        )
        for (at, department), left in zip(moved, ends, strict=True)
    ]


def within_norm_department(sheet: Sheet) -> Figures:
    rows = sheet.groups(
        segment
        for case in sheet.facts.cases.values()
        if case.timed
        for segment in segments(sheet, case)
    )
    return sheet.share(
        rows,
        lambda s: s.left is not None and s.left <= s.deadline,
        lambda s: s.deadline <= sheet.as_of,
    )


def united(case: Row, spans: list[tuple[datetime, datetime]]) -> float | None:
    """Office hours in the union of spans inside a case; None when there is none."""
    inside = sorted((max(start, case.at), min(end, case.closed)) for start, end in spans)
    inside = [(start, end) for start, end in inside if start <= end]
    total, reached = 0.0, case.at
    for start, end in inside:
        if end > reached:
            total += worked(max(start, reached), end)
            reached = end
    return total if inside else None


def flow_efficiency(sheet: Sheet) -> Figures:
    found: Figures = {}
    for key, cases in closings(sheet).items():
        work, waited, lead = [], 0.0, 0.0
        for case in cases:
            done = united(
                case,
                [
                    (utc(row["occurred_at"]), utc(row["ended_at"]))
                    for row in events(sheet, case, "work")
                    if row["ended_at"]
                ],
            )
            if done is None:
                continue
            work.append(done)
            lead += worked(case.at, case.closed)
            statuses = events(sheet, case, "status")
            following = [utc(row["occurred_at"]) for row in statuses[1:]]
            waits = [
                (utc(row["occurred_at"]), utc(row["ended_at"]) or until)
                for row, until in zip(statuses, [*following, case.closed], strict=False)
                if row["value"] in ("wachten", "on hold")
            ]
            waited += united(case, waits) or 0.0
        found[key] = {
            "n": len(work),
            "value": 100 * sum(work) / lead if lead else None,
            "waiting": 100 * waited / lead if lead else None,
            "coverage": 100 * len(work) / len(cases),
        }
    return found


#: The oracle of each KPI of these modules.
ORACLES: dict[str, Callable[[Any], Figures]] = {
    "service_level": service_level,
    "abandonment": abandonment,
    "waiting_time": waiting_time,
    "handle_time": handle_time,
    "transfers": transfers,
    "transferred_to": transferred_to,
    "avoidable_cost_marginal": avoidable_cost_marginal,
    "promise_kept": promise_kept,
    "first_line": first_line,
    "settled_at_once": settled_at_once,
    "contacts_per_case": contacts_per_case,
    "three_contacts": three_contacts,
    "context_kept": context_kept,
    "silent_cases": silent_cases,
    "within_norm_department": within_norm_department,
    "flow_efficiency": flow_efficiency,
}
