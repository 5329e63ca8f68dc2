"""Sales, channels, texts and passages in plain Python, from the definitions; see `oracle`."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tests.store.prepare.oracle import CUSTOMER, LASTING, Oracle, Rows, clean, first

MOODS = {"boos": "negative", "neutraal": "neutral", "tevreden": "positive"}
TOTALS = {"online": "online", "online transactions": "online", "calls": "calls"}


def holdings(oracle: Oracle) -> Rows:
    raw = oracle.facts["holdings"]

    def renewal(row: dict[str, Any]) -> bool:
        return any(
            oracle.known(other["customer_id"]) == oracle.known(row["customer_id"])
            and other["product"] == row["product"]
            and other["annulled_at"] is None
            and other["started"] < row["started"]
            and other["ended"] is not None
            and abs(other["ended"] - row["started"]) <= timedelta(days=1)
            for other in raw
        )

    found = []
    for row in raw:
        customer = oracle.known(row["customer_id"])
        day = oracle.day(row["sold_at"]) or row["started"]
        periods = [p for p in oracle.customers if p["customer_id"] == customer]
        eve = day - timedelta(days=1)
        there = any(
            p["since_day"] <= eve and (p["until_day"] is None or eve < p["until_day"])
            for p in periods
        )
        found.append(
            {
                "holding_id": row["holding_id"],
                "product": row["product"],
                "channel": oracle.understood("channel", row["sold_channel"], day),
                "customer_id": customer,
                **oracle.profile(customer, day),
                "sold_at": row["sold_at"],
                "sold_day": day,
                "annulled": row["annulled_at"] is not None,
                "renewal": renewal(row),
                "existing": there if periods else None,
                "import_id": row["import_id"],
            }
        )
    return found


def sales_after(oracle: Oracle) -> Rows:
    month = timedelta(days=30)
    new = [sale for sale in holdings(oracle) if not sale["annulled"] and not sale["renewal"]]

    def led_to(contact: dict[str, Any], sale: dict[str, Any]) -> bool:
        if contact["customer_id"] is None or sale["customer_id"] != contact["customer_id"]:
            return False
        if sale["sold_at"] is None:
            begun = contact["started_day"]
            return sale["sold_day"] is not None and begun <= sale["sold_day"] <= begun + month
        return contact["started_at"] <= sale["sold_at"] <= contact["started_at"] + month

    return [
        {"contact_id": contact["contact_id"]}
        for contact in oracle.contacts
        if contact["category"] == "valuable" and any(led_to(contact, sale) for sale in new)
    ]


def steering(oracle: Oracle) -> Rows:
    found = []
    for contact in oracle.contacts:
        day, reason = contact["started_day"], contact["reason"]
        chosen = first(
            oracle.in_force("channel_strategy", day, reason=reason, value_class=value)
            for value in (contact["value_class"], "")
            if value is not None and reason is not None
        )
        if chosen is None:
            continue
        places = [
            place
            for place in ("preferred", "supporting", "discouraged")
            if contact["channel"] in [name.strip() for name in (chosen.get(place) or "").split(",")]
        ]
        found.append({"contact_id": contact["contact_id"], "strategy": [*places, "other"][0]})
    return found


def transactions(oracle: Oracle) -> Rows:
    totals: dict[Any, dict[str, Any]] = defaultdict(dict)
    for row in oracle.facts["totals"]:
        way = TOTALS.get(row["metric"].strip().casefold())
        if way:
            totals[row["period_start"], row["dimension"]][way] = row
    found = []
    for (day, dimension), both in totals.items():
        if len(both) < 2:
            continue
        reason = oracle.understood("reason", dimension, day)
        found.append(
            {
                "transaction_id": f"total {day} {dimension}",
                "day": day,
                "process": (oracle.in_force("reasons", day, reason=reason) or {}).get("process"),
                "reason": reason,
                **dict.fromkeys(CUSTOMER),
                "online": both["online"]["value"],
                "calls": both["calls"]["value"],
                "from_totals": True,
                "import_id": max(row["import_id"] for row in both.values()),
            }
        )
    known = {row["reason"] for row in found}
    contacts = []
    for contact in oracle.contacts:
        day, channel = contact["started_day"], contact["channel"]
        online = bool((oracle.in_force("channels", day, channel=channel) or {}).get("online"))
        if contact["inbound"] and contact["reason"] and (online or channel == "phone"):
            contacts.append((contact, online))
    for contact, online in contacts:
        ways = {way for other, way in contacts if other["reason"] == contact["reason"]}
        if len(ways) == 2 and contact["reason"] not in known:
            found.append(
                {
                    "transaction_id": f"contact {contact['contact_id']}",
                    "day": contact["started_day"],
                    "process": contact["process"],
                    "reason": contact["reason"],
                    **{name: contact[name] for name in CUSTOMER},
                    "online": float(online),
                    "calls": float(not online),
                    "from_totals": False,
                    "import_id": contact["import_id"],
                }
            )
    return found


def texts(oracle: Oracle) -> Rows:
    found = [
        {
            "text_id": f"post {row['post_id']}",
            "day": oracle.day(row["posted_at"]),
            "source": clean(row["source"]) or "social",
            "process": oracle.understood("process", row["process"], oracle.day(row["posted_at"])),
            "channel": "social",
            "reason": None,
            "sentiment": row["sentiment"],
            "import_id": row["import_id"],
        }
        for row in oracle.facts["posts"]
    ]
    legs = defaultdict(list)
    for row in sorted(oracle.facts["contacts"], key=lambda r: (r["started_at"], r["contact_id"])):
        legs[oracle.contact_of[row["contact_id"]]].append(row)
    for contact in oracle.contacts:
        own = legs[contact["contact_id"]]
        said = [leg for leg in own if clean(leg.get("emotion")) or clean(leg.get("text"))]
        if not contact["inbound"] or not said:
            continue
        day = contact["started_day"]
        understood = (
            oracle.in_force(
                "codes", day, dictionary="emotion", as_came=(leg.get("emotion") or "").casefold()
            )
            or {"understood": leg.get("emotion") or ""}
            for leg in own
        )
        found.append(
            {
                "text_id": f"contact {contact['contact_id']}",
                "day": day,
                "source": "contact",
                **{name: contact[name] for name in ("process", "channel", "reason")},
                "sentiment": first(MOODS.get(word["understood"].casefold()) for word in understood),
                "import_id": contact["import_id"],
            }
        )
    return found


def passages(oracle: Oracle) -> Rows:
    days: dict[Any, Any] = {}
    for event in oracle.facts["chain_events"]:
        case = oracle.cases.get(oracle.living_case(event["case_id"]))
        if event["kind"] == "moment" and case is not None:
            moment = oracle.understood("moment", event["value"], case["opened_day"])
            day = oracle.day(event["occurred_at"])
            days[case["case_id"], moment] = min(day, days.get((case["case_id"], moment), day))
    found = []
    for case in oracle.cases.values():
        chain = oracle.all_in_force("moments", case["opened_day"], ("process", "moment"))
        chain = [row for row in chain if row["process"] == case["process"]]
        happened = [row for row in chain if (case["case_id"], row["moment"]) in days]
        for row in chain:
            later = any(
                (other.get("position") or 0) > (row.get("position") or 0) for other in happened
            )
            behind = case["closed_at"] is not None and row.get("phase") != "settle"
            passed = not row.get("optional") and (behind or later)
            if row in happened or passed:
                found.append(
                    {
                        "case_id": case["case_id"],
                        "moment": row["moment"],
                        "position": row.get("position"),
                        "measured": row in happened,
                        "optional": bool(row.get("optional")),
                        "day": days.get((case["case_id"], row["moment"])),
                    }
                )
    return found


#: So many days of a span without an end are looked at.
_LOOKED = timedelta(days=480)


def check_phases(oracle: Oracle, found: Rows) -> None:
    """Each period from its first day to its last without holes, each day as the oracle has it."""
    stretches: dict[Any, Rows] = defaultdict(list)
    for row in found:
        stretches[row["customer_id"], row["since_day"]].append(row)
    proper = {
        (period["customer_id"], period["since_day"]): period
        for period in oracle.customers
        if period["until_day"] is None or period["until_day"] > period["since_day"]
    }
    assert stretches.keys() == proper.keys()
    for (customer, since), own in stretches.items():
        period = proper[customer, since]
        assert own[0]["from_day"] == since
        assert own[-1]["to_day"] == period["until_day"]
        for row in own:
            for name in ("until_day", "voluntary", "left_day", *LASTING):
                assert row[name] == period[name], name
            last = row["to_day"] or row["from_day"] + _LOOKED
            _same_each_day(oracle, row, customer, row["from_day"], last, since)
        _no_holes(own)


def check_profiles(oracle: Oracle, found: Rows) -> None:
    """Each customer from the first day to the last, each day as the oracle has it."""
    spans: dict[str, Rows] = defaultdict(list)
    for row in found:
        spans[row["customer_id"]].append(row)
    assert spans.keys() == {period["customer_id"] for period in oracle.customers}
    for customer, own in spans.items():
        assert (own[0]["from_day"], own[-1]["to_day"]) == (date(1, 1, 1), date(9999, 12, 31))
        _no_holes(own)
        for row in own:
            first = max(row["from_day"], row["to_day"] - _LOOKED)
            last = min(row["to_day"], first + _LOOKED)
            for day in (row["from_day"], first, last - timedelta(days=1)):
                assert {name: row[name] for name in CUSTOMER} == oracle.profile(customer, day)


def _no_holes(rows: Rows) -> None:
    for before, after in pairwise(rows):
        assert before["to_day"] == after["from_day"]


def _same_each_day(
    oracle: Oracle, row: dict[str, Any], customer: str, first: date, last: date, since: date
) -> None:
    day = first
    while day < last:
        for name, value in oracle.kind(customer, day, since).items():
            assert row[name] == value, (customer, day, name)
        day += timedelta(days=1)
