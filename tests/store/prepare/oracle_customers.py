"""Sales, channels, texts and passages in plain Python, from the definitions; see `oracle`."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from tests.store.prepare.oracle import CUSTOMER, Oracle, Rows, clean, first

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
                "segment": None,
                "value_class": None,
                "has_portal": None,
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
