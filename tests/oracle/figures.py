"""Every KPI of the sheet from understood rows, by loops: the slow second way.

Each function gives a dictionary: key of the group → what the sheet says of it. Groups without
rows are not in it. Percentages are 0-100, lead times days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.oracle.understanding import (
    CLOSES,
    CUSTOMER,
    DAY,
    OPENS,
    Row,
    Understanding,
    day_of,
    local,
    midnight,
    quantile,
    worked,
    works,
)

Key = tuple[str | None, ...]
Figures = dict[Key, dict[str, Any]]
GRAINS = ("day", "week", "month", "quarter")


def bucket(day: date, grain: str) -> str:
    if grain == "day":
        return day.isoformat()
    if grain == "week":
        return "{}-W{:02d}".format(*day.isocalendar()[:2])
    if grain == "month":
        return day.strftime("%Y-%m")
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


class Sheet:
    """One question over one world."""

    def __init__(
        self,
        facts: Understanding,
        since: date,
        until: date,
        by: tuple[str, ...],
        as_of: datetime | None,
        where: dict[str, set[str]] | None = None,
    ) -> None:
        self.facts, self.since, self.until, self.by = facts, since, until, by
        # Where nothing says up to when, nothing is later.
        self.as_of = as_of or datetime(9999, 1, 1)
        self.where = where or {}

    def keeps(self, row: Row) -> bool:
        return all(
            (row.by.get(name) or "") in values
            for name, values in self.where.items()
            if name in row.by
        )

    def key(self, row: Row, day: date | None = None) -> Key:
        return tuple(
            bucket(day or row.day, name) if name in GRAINS else row.by[name] for name in self.by
        )

    def groups(
        self, rows: Iterable[Row], day: Callable[[Row], date | None] = lambda row: row.day
    ) -> dict[Key, list[Row]]:
        found: dict[Key, list[Row]] = defaultdict(list)
        for row in rows:
            at = day(row)
            if at is not None and self.since <= at <= self.until and self.keeps(row):
                found[self.key(row, at)].append(row)
        return found

    def days(self, key: Key = ()) -> list[date]:
        """Days of the period, or of the bucket a key names."""
        grain = next((name for name in self.by if name in GRAINS), None)
        found = [self.since + n * DAY for n in range((self.until - self.since).days + 1)]
        if grain is None or not key:
            return found
        return [day for day in found if bucket(day, grain) == key[self.by.index(grain)]]

    # cases

    def share(self, rows: dict[Key, list[Row]], hit: Any, base: Any) -> Figures:
        found: Figures = {}
        for key, group in rows.items():
            of = [row for row in group if base(row)]
            hits = sum(1 for row in of if hit(row))
            found[key] = {
                "numerator": hits,
                "denominator": len(of),
                "n": len(of),
                "value": 100 * hits / len(of) if of else None,
            }
        return found

    def within_norm(self) -> Figures:
        rows = self.groups(self.facts.cases.values())
        return self.share(
            rows,
            lambda case: case.closed is not None and case.closed <= case.deadline,
            lambda case: case.timed and case.deadline <= self.as_of,
        )

    def within_due(self) -> Figures:
        rows = self.groups(self.facts.cases.values())
        return self.share(
            rows,
            lambda case: case.closed is not None and case.closed <= case.due,
            lambda case: case.timed and case.due is not None and case.due <= self.as_of,
        )

    def lead_time_closed(self) -> Figures:
        rows = self.groups(
            self.facts.cases.values(), lambda case: day_of(case.closed) if case.closed else None
        )
        return {
            key: {
                "n": len(group),
                "value": quantile([(c.closed - c.at) / DAY for c in group], 0.5),
                "p90": quantile([(c.closed - c.at) / DAY for c in group], 0.9),
                "working_hours": quantile([worked(c.at, c.closed) for c in group], 0.5),
            }
            for key, group in rows.items()
        }

    def lead_time(self) -> Figures:
        found: Figures = {}
        for key, group in self.groups(self.facts.cases.values()).items():
            spans = []
            for case in group:
                if case.at > self.as_of:
                    continue
                end, event = self.as_of, False
                if case.timed:
                    if case.closed is not None and case.closed <= self.as_of:
                        end, event = case.closed, True
                elif case.withdrawn is not None:
                    end = min(end, case.withdrawn)
                else:
                    continue
                spans.append((end - case.at, event))
            if not any(case.at <= self.as_of for case in group):
                continue
            found[key] = {"n": len(spans), **survival(spans)}
        return found

    def backlog(self) -> Figures:
        found: Figures = {}
        known = [
            case
            for case in self.facts.cases.values()
            if self.keeps(case) and (case.timed or case.withdrawn is not None)
        ]
        grain = next((name for name in self.by if name in GRAINS), None)
        names = {bucket(day, grain) for day in self.days()} if grain else {None}
        for name in names:
            days = [day for day in self.days() if grain is None or bucket(day, grain) == name]
            end = midnight(days[-1] + DAY)
            if midnight(days[0]) > self.as_of and grain:
                continue
            # As-of itself has been told: what happened at that moment has happened.
            seen = self.as_of < end
            t = min(end, self.as_of)
            for case in known:
                key = tuple(name if part == grain else case.by[part] for part in self.by)
                if case.at > t:
                    continue
                found.setdefault(key, {"n": 0, "ages": []})
                ended = case.closed or case.withdrawn
                gone = ended is not None and (ended <= t if seen else ended < t)
                there = case.at <= t if seen else case.at < t
                if there and not gone:
                    found[key]["n"] += 1
                    found[key]["ages"].append((t - case.at) / DAY)
        for figure in found.values():
            ages = figure.pop("ages")
            figure["value"] = figure["n"]
            figure["p50"] = quantile(ages, 0.5) if ages else None
            figure["p90"] = quantile(ages, 0.9) if ages else None
        return found

    # contacts

    def handled(self) -> dict[Key, list[Row]]:
        return self.groups(row for row in self.facts.contacts if row.handled)

    def avoidable(self) -> Figures:
        rows = self.handled()
        found = self.share(
            rows, lambda c: c.category == "unnecessary", lambda c: c.category is not None
        )
        for key, group in rows.items():
            coded = [c for c in group if c.category]
            found[key]["coverage"] = 100 * len(coded) / len(group)
            for name in ("valuable", "hygiene"):
                hits = sum(c.category == name for c in coded)
                found[key][name] = 100 * hits / len(coded) if coded else None
        return found

    def avoidable_follow_up(self) -> Figures:
        rows = self.groups(c for c in self.facts.contacts if c.handled and not c.first_report)
        return self.share(
            rows, lambda c: c.category == "unnecessary", lambda c: c.category is not None
        )

    def avoidable_cost(self) -> Figures:
        found: Figures = {}
        for key, group in self.handled().items():
            costs = [c.cost for c in group if c.category == "unnecessary"]
            known = [cost for cost in costs if cost is not None]
            found[key] = {
                "n": len(costs),
                "value": sum(known) if known else (None if costs else 0),
            }
        return found

    def causer(self) -> Figures:
        rows = self.groups(
            c for c in self.facts.contacts if c.handled and c.category == "unnecessary"
        )
        rest = [i for i, name in enumerate(self.by) if name not in ("cause", "causing_department")]
        wholes: dict[Key, int] = defaultdict(int)
        for key, group in rows.items():
            wholes[tuple(key[i] for i in rest)] += len(group)
        return {
            key: {
                "numerator": len(group),
                "denominator": wholes[tuple(key[i] for i in rest)],
                "value": 100 * len(group) / wholes[tuple(key[i] for i in rest)],
            }
            for key, group in rows.items()
        }

    def repeat_contacts(self, name: str = "") -> Figures:
        return self.share(
            self.handled(),
            lambda c: c.more[f"{name}place"] > 1,
            lambda c: c.more[f"{name}place"] is not None,
        )

    def first_contact_resolution(self, name: str = "") -> Figures:
        week = timedelta(days=7)

        def right(c: Row) -> bool:
            if c.more[f"{name}length"] != 1:
                return False
            return c.case is None or (c.case.closed is not None and c.case.closed <= c.at + week)

        return self.share(
            self.handled(),
            right,
            lambda c: c.more[f"{name}place"] == 1 and c.at + week <= self.as_of,
        )

    def open_hours(self, key: Key) -> float:
        """Hours open of the buckets that a key names, minute by minute, up to as-of."""
        slot = key[self.by.index("weekday_hour")] if "weekday_hour" in self.by else None
        minutes = 0.0
        for day in self.days(key):
            if not works(day):
                continue
            start = midnight(day)
            for minute in range(OPENS, CLOSES, 60):
                # Neither clock change falls in these hours: they are as many after each other.
                low = start + timedelta(minutes=minute)
                shift = timedelta(hours=minute // 60 - local(low).hour)
                low += shift
                if slot is not None and slot != f"{day.isoweekday()}-{minute // 60:02d}":
                    continue
                high = min(low + timedelta(hours=1), self.as_of)
                minutes += max(0.0, (high - low) / timedelta(minutes=1))
        return minutes / 60

    def per_hour(self, takes_part: Callable[[Row], bool]) -> Figures:
        last = day_of(self.as_of)
        rows = self.groups(c for c in self.facts.contacts if takes_part(c) and c.day <= last)
        found: Figures = {}
        for key, group in rows.items():
            hours = self.open_hours(key)
            found[key] = {
                "n": len(group),
                "denominator": hours,
                "value": len(group) / hours if hours else None,
            }
        return found

    def contacts_per_hour(self) -> Figures:
        return self.per_hour(lambda c: c.inside and c.handled)

    def offered_per_hour(self) -> Figures:
        return self.per_hour(lambda c: c.inside and bool(c.inbound))

    def customers_per_hour(self) -> Figures:
        last = day_of(self.as_of)
        helped: dict[Key, set[tuple[str, date]]] = defaultdict(set)
        for case in self.facts.cases.values():
            if case.closed is not None and case.customer and self.keeps(case):
                day = day_of(case.closed)
                if self.since <= day <= min(self.until, last):
                    helped[self.key(case, day)].add((case.customer, day))
        for c in self.facts.contacts:
            if not c.handled or not c.customer or not self.keeps(c):
                continue
            settled = c.case_id is None or (
                c.case is not None and c.case.closed is not None and c.case.closed <= c.at + DAY
            )
            if settled and self.since <= c.day <= min(self.until, last):
                helped[self.key(c)].add((c.customer, c.day))
        found: Figures = {}
        for key, customers in helped.items():
            hours = self.staffed(key) or self.open_hours(key)
            found[key] = {
                "n": len(customers),
                "value": len(customers) / hours if hours else None,
            }
        return found

    def staffed(self, key: Key) -> float:
        days = {day.isoformat() for day in self.days(key) if day <= day_of(self.as_of)}
        rows = [row for row in self.facts.raw.get("staffing", []) if row["date"] in days]
        if "process" in self.by:
            wanted = {key[self.by.index("process")] or ""}
        elif "process" in self.where:
            wanted = self.where["process"]
        else:
            whole = sum(row["staffed_hours"] for row in rows if row["process"] == "")
            return whole or sum(row["staffed_hours"] for row in rows)
        return sum(row["staffed_hours"] for row in rows if row["process"] in wanted)

    # surveys

    def level(self, metrics: set[str]) -> str | None:
        there = {s.level for s in self.facts.surveys if s.metric in metrics and s.valid}
        return next((level for level in ("contact", "process", "relation") if level in there), None)

    def csat(self) -> Figures:
        level = self.level({"csat5", "grade10"})
        at_level = [s for s in self.facts.surveys if s.level == level]
        five = {s.by["process"] for s in at_level if s.valid and s.metric == "csat5"}
        graded = {s.by["process"] for s in at_level if s.valid and s.metric == "grade10"} - five
        rows = self.groups(
            s
            for s in at_level
            if s.score is not None
            and s.metric == ("grade10" if s.by["process"] in graded else "csat5")
        )
        return self.share(
            rows,
            lambda s: s.score >= (7 if s.metric == "grade10" else 4),
            lambda s: s.valid,
        )

    def grade(self) -> Figures:
        level = self.level({"grade10"})
        answers = [s for s in self.facts.surveys if s.metric == "grade10"]
        rows = self.groups(s for s in answers if s.level == level and s.score is not None)
        found: Figures = {}
        for key, group in rows.items():
            scores = [s.score for s in group if s.valid and self._latest(s, answers)]
            found[key] = {
                "n": len(scores),
                "value": sum(scores) / len(scores) if scores else None,
                "share_8_plus": 100 * sum(s >= 8 for s in scores) / len(scores) if scores else None,
                "share_5_minus": 100 * sum(s <= 5 for s in scores) / len(scores)
                if scores
                else None,
            }
        return found

    @staticmethod
    def _latest(answer: Row, answers: list[Row]) -> bool:
        if answer.contact is None:
            return True
        same = [s for s in answers if s.contact == answer.contact and s.valid]
        return max(same, key=lambda s: (s.at is not None, s.at or datetime.min, s.id)) is answer

    # customers

    def periods(self) -> list[Row]:
        """Those that hold anybody."""
        return [p for p in self.facts.periods if p.until is None or p.until > p.since]

    def kind(self, p: Row, day: date) -> Key | None:
        """The group of a customer on a day by what tells customers apart; None: filtered out."""
        by = self.facts.on(p, day)
        if not self.keeps(Row(day, by=by)):
            return None
        return tuple(by[name] for name in self.by if name in CUSTOMER)

    def there(self, day: date) -> list[Row]:
        """The periods of who is a customer on a day."""
        return [p for p in self.periods() if p.since <= day and (p.until is None or day < p.until)]

    def customer_days(self, key: Key, last: date) -> int:
        """On each day of a key's bucket the customers of its kind, up to the day `last`."""
        kind = tuple(part for name, part in zip(self.by, key, strict=True) if name in CUSTOMER)
        days = [day for day in self.days(key) if day <= last]
        return sum(self.kind(p, day) == kind for day in days for p in self.there(day))

    def customer_groups(self) -> Iterator[tuple[Key, Key, list[date]]]:
        """Key, kind of customer and days of every bucket, as far as as-of reaches."""
        grain = next((name for name in self.by if name in GRAINS), None)
        kinds: set[Key] = set()
        for p in self.periods():
            day, last = p.since, min(self.until, p.until - DAY if p.until else self.until)
            while day <= last:
                kinds.add(self.kind(p, day))
                day += DAY
        for kind in kinds - {None}:
            for name in {bucket(day, grain) for day in self.days()} if grain else {None}:
                parts = iter(kind)
                key = tuple(name if part == grain else next(parts) for part in self.by)
                days = self.days(key)
                known = self.become(kind, days) or self.left(kind, days)
                # What as-of has not reached is told where something in it is known already.
                if days[0] <= day_of(self.as_of) or grain is None or known:
                    yield key, kind, days

    def become(self, kind: Key, days: list[date]) -> list[Row]:
        """Who became a customer on those days, as such a one."""
        return [p for p in self.periods() if p.since in days and self.kind(p, p.since) == kind]

    def left(self, kind: Key, days: list[date]) -> list[Row]:
        """Who left on those days, having been such a one the day before."""
        return [
            p for p in self.periods() if p.until in days and self.kind(p, p.until - DAY) == kind
        ]

    def movement(self, name: str) -> Figures:
        found: Figures = {}
        for key, kind, days in self.customer_groups():
            new, lost = len(self.become(kind, days)), len(self.left(kind, days))
            closing = sum(self.kind(p, days[-1]) == kind for p in self.there(days[-1]))
            value = {"new": new, "lost": lost, "net": new - lost, "closing": closing}
            found[key] = {"value": value[name]}
        return found

    def churn(self) -> Figures:
        found: Figures = {}
        for key, kind, days in self.customer_groups():
            eve = days[0] - DAY
            base = [p for p in self.there(eve) if self.kind(p, eve) == kind]
            lost = [p for p in base if p.until is not None and p.until <= days[-1]]
            chosen = [p for p in lost if p.voluntary]
            found[key] = {
                "numerator": len(lost),
                "denominator": len(base),
                "value": 100 * len(lost) / len(base) if base else None,
                "voluntary": 100 * len(chosen) / len(base) if base else None,
            }
        return found

    def complaints(self) -> Figures:
        last = day_of(self.as_of)
        rows = self.groups(
            case for case in self.facts.cases.values() if case.complaint and case.day <= last
        )
        found: Figures = {}
        for key, group in rows.items():
            days = [day for day in self.days(key) if day <= last]
            mean = self.customer_days(key, last) / len(days)
            found[key] = {
                "n": len(group),
                "value": 1000 * len(group) / mean if mean else None,
            }
        return found

    def churn_after(self) -> Figures:
        found: dict[Key, dict[str, bool]] = defaultdict(dict)
        ninety = timedelta(days=90)
        for case in self.facts.cases.values():
            if case.closed is None or case.customer is None or not self.keeps(case):
                continue
            if case.by["process"] == "cancellation" or case.closed + ninety > self.as_of:
                continue
            day = day_of(case.closed)
            if not self.since <= day <= self.until:
                continue
            for p in self.facts.periods:
                if p.customer != case.customer or p.since > day:
                    continue
                if p.until is not None and p.until < day:
                    continue
                left = (p.notice or p.until) if p.voluntary is not False else None
                hit = left is not None and day <= left <= day + ninety
                customers = found[self.key(case, day)]
                customers[case.customer] = customers.get(case.customer, False) or hit
        return {
            key: {
                "numerator": sum(customers.values()),
                "denominator": len(customers),
                "value": 100 * sum(customers.values()) / len(customers),
            }
            for key, customers in found.items()
        }


def survival(spans: list[tuple[timedelta, bool]]) -> dict[str, Any]:
    """Kaplan-Meier by the book, in exact fractions."""
    left, found = Fraction(1), {"value": None, "p90": None}
    for length in sorted({length for length, event in spans if event}):
        at_risk = sum(1 for other, _ in spans if other >= length)
        events = sum(1 for other, event in spans if event and other == length)
        left *= 1 - Fraction(events, at_risk)
        if found["value"] is None and left <= Fraction(1, 2):
            found["value"] = length / DAY
        if found["p90"] is None and left <= Fraction(1, 10):
            found["p90"] = length / DAY
    return found


#: The oracle of each KPI.
ORACLES: dict[str, Callable[[Sheet], Figures]] = {
    "within_norm": Sheet.within_norm,
    "within_due": Sheet.within_due,
    "lead_time": Sheet.lead_time,
    "lead_time_closed": Sheet.lead_time_closed,
    "backlog": Sheet.backlog,
    "avoidable": Sheet.avoidable,
    "avoidable_follow_up": Sheet.avoidable_follow_up,
    "avoidable_cost": Sheet.avoidable_cost,
    "causer": Sheet.causer,
    "repeat_contacts": Sheet.repeat_contacts,
    "repeat_contacts_same_reason": lambda sheet: sheet.repeat_contacts("reason_"),
    "first_contact_resolution": Sheet.first_contact_resolution,
    "first_contact_resolution_same_reason": (
        lambda sheet: sheet.first_contact_resolution("reason_")
    ),
    "contacts_per_hour": Sheet.contacts_per_hour,
    "offered_per_hour": Sheet.offered_per_hour,
    "customers_per_hour": Sheet.customers_per_hour,
    "csat": Sheet.csat,
    "grade": Sheet.grade,
    "complaints": Sheet.complaints,
    "churn": Sheet.churn,
    "churn_after": Sheet.churn_after,
    "customers_new": lambda sheet: sheet.movement("new"),
    "customers_lost": lambda sheet: sheet.movement("lost"),
    "customers_net": lambda sheet: sheet.movement("net"),
    "customers_closing": lambda sheet: sheet.movement("closing"),
}
