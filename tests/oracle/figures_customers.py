"""KPIs of surveys, customers, channels and chains by loops: the slow second way."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.figures import GRAINS, Figures, Key, Sheet, bucket
from tests.oracle.understanding import CUSTOMER, Row, day_of, utc

LEVELS = ("contact", "process", "relation")
QUESTIONS = {"grade10", "csat5", "nps", "ces7", "clear", "correct", "complete", "resolved"}


def answers(sheet: Sheet, metric: str) -> dict[tuple[str | None, ...], list[Row]]:
    """Answers to one question on the one level that counts."""
    level = sheet.level({metric})
    return sheet.groups(
        s
        for s in sheet.facts.surveys
        if s.metric == metric and s.level == level and s.score is not None
    )


def nps(sheet: Sheet) -> Figures:
    found: Figures = {}
    for key, group in answers(sheet, "nps").items():
        scores = [s.score for s in group if s.valid]
        found[key] = {"n": len(scores), "value": None, "low": None, "invalid": None}
        found[key]["invalid"] = len(group) - len(scores)
        if not scores:
            continue
        p = sum(score > 8 for score in scores) / len(scores)
        d = sum(score < 7 for score in scores) / len(scores)
        error = 100 * math.sqrt(max(0, p + d - (p - d) ** 2) / len(scores))
        low = max(-100, 100 * (p - d) - 1.959963984540054 * error)
        found[key] |= {"value": 100 * (p - d), "low": low, "promoters": 100 * p}
    return found


def ces(sheet: Sheet) -> Figures:
    rows = answers(sheet, "ces7")
    found = sheet.share(rows, lambda s: s.score >= 5, lambda s: s.valid)
    for key, group in rows.items():
        scores = [s.score for s in group if s.valid]
        found[key]["mean"] = sum(scores) / len(scores) if scores else None
    return found


def response_rate(sheet: Sheet) -> Figures:
    sheets: dict[str, list[Row]] = defaultdict(list)
    for s in sheet.facts.surveys:
        sheets[s.id].append(s)
    level = sheet.level(QUESTIONS)
    invitations = []
    for own in sheets.values():
        # All questions of a sheet say the same of whom it was sent to.
        first = min(own, key=lambda s: s.metric)
        sent = [utc(s.sheet["invited_at"]) for s in own if s.sheet.get("invited_at")]
        arrived = {s.sheet.get("delivered") for s in own}
        if not (sent or "yes" in arrived) or (level and first.level != level):
            continue
        answered = [s for s in own if s.at is not None or s.score is not None]
        day = day_of(min(sent)) if sent else min((s.day for s in own if s.day), default=None)
        by = dict(first.by)
        if first.at is None and sent:
            day_known = day_of(min(sent))
            by |= sheet.facts.profile(first.customer, day_known)
        ended = "bounced" if "no" in arrived and "yes" not in arrived else "arrived"
        more = {"ended": "answered" if answered else ended}
        invitations.append(Row(day, None, by, more))
    return sheet.share(
        sheet.groups(invitations),
        lambda i: i.ended == "answered",
        lambda i: i.ended != "bounced",
    )


def contact_rate(sheet: Sheet) -> Figures:
    last = day_of(sheet.as_of)
    rows = sheet.groups(c for c in sheet.facts.contacts if c.inbound and c.day <= last)
    found: Figures = {}
    for key, group in rows.items():
        total = sheet.customer_days(key, last)
        # Contacts per customer-day, for a hundred customers and 30.44 days.
        found[key] = {
            "n": len(group),
            "value": 100 * 30.44 * len(group) / total if total else None,
        }
    return found


def saved(sheet: Sheet) -> Figures:
    def customer_then(case: Row) -> bool:
        then = day_of(case.closed) + timedelta(days=90)
        return any(
            p.since <= then and (p.until is None or then < p.until)
            for p in sheet.facts.periods
            if p.customer == case.customer
        )

    known = {p.customer for p in sheet.facts.periods}
    rows = sheet.groups(
        (
            case
            for case in sheet.facts.cases.values()
            if case.closed is not None and case.by["process"] == "cancellation"
        ),
        lambda case: day_of(case.closed),
    )
    return sheet.share(
        rows,
        customer_then,
        lambda case: case.customer in known and case.closed + timedelta(days=90) <= sheet.as_of,
    )


def sales(sheet: Sheet) -> list[Row]:
    """Every holding as a sale, with whether it was annulled, renewed or to a known customer."""
    raw = sheet.facts.raw.get("holdings", [])
    found = []
    for row in raw:
        customer = sheet.facts.customer(row["customer_id"])
        at = utc(row["sold_at"])
        started = date.fromisoformat(row["started"])
        day = day_of(at) if at else started
        renewal = any(
            sheet.facts.customer(other["customer_id"]) == customer
            and other["product"] == row["product"]
            and not other["annulled_at"]
            and other["started"] < row["started"]
            and other["ended"]
            and abs((date.fromisoformat(other["ended"]) - started).days) <= 1
            for other in raw
        )
        eve = day - timedelta(days=1)
        existing = any(
            p.customer == customer and p.since <= eve and (p.until is None or eve < p.until)
            for p in sheet.facts.periods
        )
        by = {"channel": row["sold_channel"], **sheet.facts.profile(customer, day)}
        more = {"customer": customer, "renewal": renewal, "existing": existing}
        more["annulled"] = bool(row["annulled_at"])
        found.append(Row(day, at, by, more))
    return found


def services_sold(sheet: Sheet) -> Figures:
    everything = sheet.groups(sales(sheet))
    found: Figures = {}
    for key, group in everything.items():
        sold = [sale for sale in group if not sale.annulled and not sale.renewal]
        if sold:
            found[key] = {
                "value": len(sold),
                "existing": sum(sale.existing for sale in sold),
                "new": sum(not sale.existing for sale in sold),
                "annulled": sum(sale.annulled and not sale.renewal for sale in group),
                "renewals": sum(sale.renewal for sale in group),
            }
    return found


def sold_after_valuable(sheet: Sheet) -> Figures:
    month = timedelta(days=30)
    new = [sale for sale in sales(sheet) if not sale.annulled and not sale.renewal]

    def bought(contact: Row) -> bool:
        own = [sale for sale in new if sale.customer == contact.customer]
        return any(
            contact.at <= sale.at <= contact.at + month
            if sale.at
            else contact.day <= sale.day <= contact.day + month
            for sale in own
        )

    return sheet.share(
        sheet.groups(c for c in sheet.facts.contacts if c.handled and c.category == "valuable"),
        bought,
        lambda c: c.customer is not None and c.at + month <= sheet.as_of,
    )


def steering(place: str) -> Callable[[Sheet], Figures]:
    """Contacts whose channel has that place in the strategy for their reason."""

    def figure(sheet: Sheet) -> Figures:
        strategies = {
            (row["reason"], row["value_class"]): row
            for row in sheet.facts.configuration.rows("channel_strategy", date(2024, 1, 1))
        }

        def strategy(c: Row) -> dict[str, str] | None:
            reason, value = c.by["reason"], c.by["value_class"]
            return strategies.get((reason, value)) or strategies.get((reason, ""))

        def in_place(c: Row) -> bool:
            listed = strategy(c)[place] or ""
            return c.by["channel"] in [name.strip() for name in listed.split(",")]

        rows = sheet.groups(c for c in sheet.facts.contacts if c.inbound)
        found = sheet.share(rows, in_place, lambda c: strategy(c) is not None)
        for key, group in rows.items():
            known = sum(strategy(c) is not None for c in group)
            found[key]["coverage"] = 100 * known / len(group)
        return found

    return figure


def transactions(sheet: Sheet) -> list[Row]:
    """What was done online or by telephone, where both ways are known."""
    months: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in sheet.facts.raw.get("totals", []):
        way = {"online transactions": "online", "calls": "calls"}.get(row["metric"])
        if way:
            months[row["period_start"], row["dimension"]][way] = row["value"]
    nobody = dict.fromkeys(CUSTOMER)
    found = [
        Row(
            date.fromisoformat(start),
            None,
            {
                "process": sheet.facts.reasons.get(what, {}).get("process"),
                "reason": what,
                **nobody,
            },
            total,
        )
        for (start, what), total in months.items()
        if len(total) == 2
    ]
    of_totals = {row.by["reason"] for row in found}
    ways: dict[str, set[str]] = defaultdict(set)
    contacts = []
    for c in sheet.facts.contacts:
        online = bool(sheet.facts.channels.get(c.by["channel"], {}).get("online"))
        if c.inbound and c.by["reason"] and (online or c.by["channel"] == "phone"):
            ways[c.by["reason"]].add("online" if online else "calls")
            contacts.append(Row(c.day, c.at, c.by, {"online": online, "calls": not online}))
    both = {reason for reason, known in ways.items() if len(known) == 2} - of_totals
    return found + [c for c in contacts if c.by["reason"] in both]


def online_share(sheet: Sheet) -> Figures:
    found: Figures = {}
    for key, group in sheet.groups(transactions(sheet)).items():
        online, calls = sum(t.online for t in group), sum(t.calls for t in group)
        found[key] = {
            "numerator": online,
            "denominator": online + calls,
            "value": 100 * online / (online + calls) if online + calls else None,
            "call_to_online": calls / online if online else None,
        }
    return found


def survival(sheet: Sheet) -> Figures:
    """Kaplan-Meier by the book, in exact fractions; nobody is followed before the first leaving."""
    proper = [p for p in sheet.facts.periods if p.until is None or p.until > p.since]
    start = min((p.until for p in proper if p.until), default=None)
    found: Figures = {}
    told = day_of(sheet.as_of)
    grain = next((name for name in sheet.by if name in GRAINS), None)
    ends: dict[str | None, date] = {}
    for day in sheet.days():
        if day <= told:
            ends[bucket(day, grain) if grain else None] = day
    for name, last in ends.items():
        groups: dict[tuple[str | None, ...], list[tuple[int, int, bool]]] = defaultdict(list)
        for p in proper:
            if p.since > last or not sheet.keeps(p):
                continue
            left = p.until is not None and p.until <= last
            length = ((p.until if left else last) - p.since).days
            entry = (max(start, p.since) - p.since).days if start else 0
            if length >= entry:
                key = tuple(name if part == grain else p.by[part] for part in sheet.by)
                groups[key].append((entry, length, left))
        for key, rows in groups.items():
            found[key] = {"n": len(rows)}
            for figure, days in (("value", 365), ("year_2", 730), ("year_5", 1826)):
                found[key][figure] = _stay(rows, days)
    return found


def _stay(rows: list[tuple[int, int, bool]], days: int) -> float | None:
    share = Fraction(1)
    for age in sorted({length for _, length, left in rows if left and length <= days}):
        at_risk = sum(entry <= age <= length for entry, length, _ in rows)
        share *= 1 - Fraction(sum(left and length == age for _, length, left in rows), at_risk)
        if not share:
            return 0.0
    if max(length for _, length, _ in rows) < days:
        return None
    return float(100 * share)


MOODS = {"boos": "negative", "blij": "positive", "neutraal": "neutral", "negative": "negative"}


def sentiment(sheet: Sheet) -> Figures:
    texts = []
    for row in sheet.facts.raw.get("posts", []):
        at = utc(row["posted_at"])
        by = {"process": row["process"], "channel": "social", "reason": None}
        by["source"] = row["source"] or "social"
        texts.append(Row(day_of(at), at, by, {"mood": row["sentiment"]}))
    for c in sheet.facts.contacts:
        legs = sorted(c.legs, key=lambda leg: (utc(leg["started_at"]), leg["contact_id"]))
        moods = [MOODS.get((leg.get("emotion") or "").casefold()) for leg in legs]
        said = any(leg.get("emotion") or (leg.get("text") or "").strip() for leg in legs)
        if c.inbound and said:
            by = {**c.by, "source": "contact"}
            texts.append(Row(c.day, c.at, by, {"mood": next(filter(None, moods), None)}))
    rows = sheet.groups(texts)
    found = sheet.share(rows, lambda t: t.mood == "negative", lambda t: t.mood is not None)
    for key, group in rows.items():
        found[key]["coverage"] = 100 * sum(t.mood is not None for t in group) / len(group)
    return found


def channel_gap(sheet: Sheet) -> Figures:
    def ends(groups: dict[str | None, list[float]]) -> list[float] | None:
        means = [
            sum(own) / len(own)
            for name, own in groups.items()
            if name is not None and len(own) > 29
        ]
        return [min(means), max(means)] if len(means) > 1 else None

    cases: dict[Key, dict[str | None, list[float]]] = defaultdict(lambda: defaultdict(list))
    for key, group in sheet.groups(sheet.facts.cases.values()).items():
        for case in group:
            if case.timed and case.deadline <= sheet.as_of:
                met = case.closed is not None and case.closed <= case.deadline
                cases[key][case.by["channel"]].append(100.0 * met)
    found: Figures = {}
    for key, channels in cases.items():
        both = ends(channels)
        found[key] = {"value": both[1] - both[0] if both else None}
    return found


def chain_coverage(sheet: Sheet) -> Figures:
    events: dict[str, set[str]] = defaultdict(set)
    moments = sheet.facts.configuration.rows("moments", date(2024, 1, 1))
    titles = {row["title_nl"].casefold(): row["moment"] for row in moments}
    for event in sheet.facts.raw.get("chain_events", []):
        if event["kind"] == "moment" and event.get("case_id"):
            value = event["value"]
            events[sheet.facts.lives_on(event["case_id"])].add(titles.get(value.casefold(), value))
    passed = []
    for case in sheet.facts.cases.values():
        chain = [row for row in moments if row["process"] == case.by["process"]]
        chain.sort(key=lambda row: row["position"])
        seen = [row["moment"] in events[case.id] for row in chain]
        for place, row in enumerate(chain):
            closed = case.closed is not None and row["phase"] != "settle"
            if not row["optional"] and (closed or any(seen[place:])):
                passed.append(Row(case.day, None, case.by, {"measured": seen[place]}))
    return sheet.share(sheet.groups(passed), lambda p: p.measured, lambda p: True)


def conflicts(sheet: Sheet) -> Figures:
    """The worlds have no actions: nothing is in conflict, and nobody can say of which process."""
    if any(name not in GRAINS for name in sheet.by):
        return {}
    told = day_of(sheet.as_of)
    if not sheet.by:
        return {(): {"value": 0}}
    return {(bucket(day, sheet.by[0]),): {"value": 0} for day in sheet.days() if day <= told}


def aspect(metric: str, least: int) -> Callable[[Sheet], Figures]:
    def figure(sheet: Sheet) -> Figures:
        rows = {
            key: [s for s in group if s.moment]
            for key, group in answers(sheet, metric).items()
            if any(s.moment for s in group)
        }
        return sheet.share(rows, lambda s: s.score >= least, lambda s: s.valid)

    return figure


def moment_cost(sheet: Sheet) -> Figures:
    configured = sheet.facts.configuration.rows("moments", date(2024, 1, 1))
    titles = {row["title_nl"].casefold(): row["moment"] for row in configured}
    chains = {(row["process"], row["moment"]) for row in configured}
    first: dict[tuple[str, str], date] = {}
    for event in sheet.facts.raw.get("chain_events", []):
        case = sheet.facts.cases.get(sheet.facts.lives_on(event.get("case_id")))
        if event["kind"] == "moment" and case is not None:
            moment = titles.get(event["value"].casefold(), event["value"])
            day = day_of(utc(event["occurred_at"]))
            if (case.by["process"], moment) in chains:
                first[case.id, moment] = min(day, first.get((case.id, moment), day))
    passed = [
        Row(day, None, sheet.facts.cases[case].by, {"moment": moment, "cost": None})
        for (case, moment), day in first.items()
    ]
    known = {(row.by["process"], row.moment) for row in passed}
    spent = [
        Row(c.day, None, c.by, {"moment": c.legs_moment, "cost": c.cost})
        for c in sheet.facts.contacts
        if c.cost is not None and (c.by["process"], c.legs_moment) in known
    ]
    costly = {(row.by["process"], row.moment) for row in spent}
    passed = [row for row in passed if (row.by["process"], row.moment) in costly]
    found: Figures = {}
    for key, group in sheet.groups(passed + spent).items():
        costs = [row.cost for row in group if row.cost is not None]
        times = len(group) - len(costs)
        found[key] = {"n": times, "value": sum(costs) / times if times else None}
    return found


#: The oracle of each KPI.
ORACLES: dict[str, Callable[[Sheet], Figures]] = {
    "nps": nps,
    "ces": ces,
    "response_rate": response_rate,
    "contact_rate": contact_rate,
    "saved": saved,
    "services_sold": services_sold,
    "sold_after_valuable": sold_after_valuable,
    "channel_preferred": steering("preferred"),
    "channel_supporting": steering("supporting"),
    "channel_discouraged": steering("discouraged"),
    "online_share": online_share,
    "survival": survival,
    "sentiment": sentiment,
    "moment_clear": aspect("clear", 1),
    "moment_correct": aspect("correct", 1),
    "moment_complete": aspect("complete", 1),
    "moment_effort": aspect("ces7", 5),
    "moment_cost": moment_cost,
    "channel_gap": channel_gap,
    "chain_coverage": chain_coverage,
    "conflicts": conflicts,
}
