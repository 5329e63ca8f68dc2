"""Preparation in plain, slow Python, read from the definitions and not from the SQL.

Every fact is looked at by itself, with loops over all others where it must be. Shares with the
product only `kpi.calendar.Calendar` (itself tested by hand and by properties) and `kpi.zones`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from kpi.calendar import Calendar
from kpi.zones import to_local
from tests.store.prepare.oracle_periods import LASTING, periods

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]

DAY = timedelta(hours=24)
WEEK = timedelta(hours=7 * 24)
STATUS = {
    "open": ["open", "new", "nieuw", "in behandeling", "pending"],
    "waiting": ["wachten", "on hold", "waiting"],
    "closed": ["closed", "solved", "resolved", "gesloten", "afgehandeld", "gereed", "afgemeld"],
    "withdrawn": ["withdrawn", "ingetrokken", "geannuleerd"],
}
TABLES = {
    "process": "processes",
    "reason": "reasons",
    "channel": "channels",
    "cause": "causes",
    "department": "departments",
    "moment": "moments",
}
CUSTOMER = (*LASTING, "tenure", "products", "caller")


def clean(text: str | None) -> str | None:
    return text if text is not None and text.strip() else None


def first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)


class Oracle:
    def __init__(self, facts: Mapping[str, list[Row]], config: Mapping[str, list[Row]], zone: str):
        self.facts = defaultdict(list, {name: list(rows) for name, rows in facts.items()})
        self.config = config
        self.zone = zone
        self.customers = periods(self.facts["customers"])
        self.cases = {case["case_id"]: case for case in self._cases()}
        self.contacts = self._contacts()
        self.surveys = self._surveys()

    # Words and configuration

    def in_force(self, name: str, day: date, **identity: Any) -> Row | None:
        found = None
        for row in sorted(self.config.get(name, ()), key=lambda row: row["valid_from"]):
            if row["valid_from"] <= day and all(row[k] == v for k, v in identity.items()):
                found = row
        return None if found is None or found["retired"] else found

    def all_in_force(self, name: str, day: date, key: tuple[str, ...]) -> list[Row]:
        identities = {tuple(row[column] for column in key) for row in self.config.get(name, ())}
        found = (
            self.in_force(name, day, **dict(zip(key, identity, strict=True)))
            for identity in sorted(identities)
        )
        return [row for row in found if row is not None]

    def understood(self, dictionary: str, raw: str | None, day: date | None) -> str | None:
        if clean(raw) is None or day is None:
            return clean(raw)
        word = raw.strip().casefold()
        code = self.in_force("codes", day, dictionary=dictionary, as_came=word)
        if code is not None:
            if code.get("ignored") or not code.get("understood"):
                return raw
            return self.plainly(dictionary, code["understood"], day) or code["understood"]
        return self.plainly(dictionary, raw, day) or raw

    def plainly(self, dictionary: str, raw: str, day: date) -> str | None:
        word = raw.strip().casefold()
        if dictionary == "status":
            return first(state for state, words in STATUS.items() if word in words)
        key = ("process", "moment") if dictionary == "moment" else (dictionary,)
        rows = self.all_in_force(TABLES[dictionary], day, key)
        for column in (dictionary, "title_nl", "title_en"):
            for row in sorted(rows, key=lambda row: row[dictionary]):
                if (row.get(column) or "").strip().casefold() == word:
                    return row[dictionary]
        return None

    def local(self, moment: datetime | None) -> datetime | None:
        return None if moment is None else to_local(moment, self.zone)

    def day(self, moment: datetime | None) -> date | None:
        return None if moment is None else self.local(moment).date()

    def calendar(self, name: str) -> Calendar | None:
        weekly = [row for row in self.config["calendars"] if row["calendar"] == name]
        exceptions = [row for row in self.config["holidays"] if row["calendar"] == name]
        return Calendar(tuple(weekly), tuple(exceptions), "NL", self.zone) if weekly else None

    # Customers

    def known(self, raw: str | None) -> str | None:
        if clean(raw) is None:
            return None
        if any(row["customer_id"] == raw for row in self.facts["customers"]):
            return raw
        meant = {
            row["customer_id"] for row in self.facts["identities"] if row["external_id"] == raw
        }
        return meant.pop() if len(meant) == 1 else raw

    def profile(self, customer: str | None, day: date | None) -> dict[str, Any]:
        periods = [row for row in self.facts["customers"] if row["customer_id"] == customer]
        if customer is None or day is None or not periods:
            return dict.fromkeys(CUSTOMER)
        periods.sort(key=lambda row: row["customer_since"])
        containing = [
            row
            for row in periods
            if row["customer_since"] <= day
            and (row.get("customer_until") is None or day < row["customer_until"])
        ]
        row = (containing or periods)[-1]
        kind = self.kind(customer, day, row["customer_since"])
        return {name: row.get(name) for name in LASTING} | kind

    def kind(self, customer: str, day: date, since: date) -> dict[str, Any]:
        """New or long, few or many products, caller or not: counted on that day."""
        held = [
            row
            for row in self.facts["holdings"]
            if self.known(row["customer_id"]) == customer
            and row.get("annulled_at") is None
            and row["started"] <= day
            and (row.get("ended") is None or day < row["ended"])
        ]
        called = any(1 <= (day - then).days <= 365 for then in self.in_touch.get(customer, ()))
        return {
            "tenure": "new" if (day - since).days <= 90 else "long",
            "products": ("many" if len(held) > 2 else "few") if self.facts["holdings"] else None,
            "caller": called if self.facts["contacts"] else None,
        }

    @cached_property
    def in_touch(self) -> dict[str, list[date]]:
        """Days on which customers called or wrote, by any leg or message."""
        cases = {
            row["case_id"]: row for row in self.facts["cases"] if self.merged_into(row) is None
        }
        found = defaultdict(list)
        for row in self.facts["contacts"]:
            case = cases.get(self.living_case(row.get("case_id")), {})
            who = self.known(row.get("customer_id")) or self.known(case.get("customer_id"))
            if row.get("direction") == "in" and who is not None:
                found[who].append(self.day(row["started_at"]))
        return found

    # Cases

    def merged_into(self, case: Row) -> str | None:
        into = clean(case.get("merged_into"))
        return None if into == case["case_id"] else into

    def living_case(self, case_id: str | None) -> str | None:
        """The case in which `case_id` lives on; itself when it was not merged into one there is."""
        rows = {row["case_id"]: row for row in self.facts["cases"]}
        seen = set()
        case_id = now = clean(case_id)
        while now in rows and now not in seen:
            into = self.merged_into(rows[now])
            if into is None:
                return now
            seen.add(now)
            now = into
        return case_id

    def _cases(self) -> Rows:
        return [self._case(row) for row in self.facts["cases"] if self.merged_into(row) is None]

    def _case(self, row: Row) -> dict[str, Any]:
        opened = row["opened_at"]
        day = self.day(opened)
        reason = self.understood("reason", row.get("reason"), day)
        about = self.in_force("reasons", day, reason=reason) or {}
        process = self.understood("process", row.get("process"), day) or about.get("process")
        tip = about.get("kind") == "tip"
        status = self.understood("status", row.get("status"), day)
        state = {"open": "open", "waiting": "open", "closed": "closed", "withdrawn": "withdrawn"}
        state = state.get(status, "unknown")
        if self.understood("status", row.get("outcome"), day) == "withdrawn":
            state = "withdrawn"
        ended = row.get("closed_at")
        if state == "withdrawn" and ended is None:
            ended = row.get("updated_at")
        timing = "ok"
        if ended is not None and ended < opened:
            timing = "wrong_order"
        elif ended is None and state in ("closed", "withdrawn"):
            timing = "no_close"
        closed = ended if state == "closed" and timing == "ok" else None
        withdrawn = ended if state == "withdrawn" and timing == "ok" else None
        customer = self.known(row.get("customer_id"))
        deadline = self._deadline(process, opened)
        return {
            "case_id": row["case_id"],
            "process": process,
            "reason": reason,
            "channel": self.understood("channel", row.get("opened_channel"), day),
            "department": self.understood("department", row.get("department"), day),
            "customer_id": customer,
            **self.profile(customer, day),
            "state": state,
            "timing": timing,
            "is_complaint": not tip
            and (process == "complaint" or about.get("kind") == "complaint"),
            "is_tip": tip,
            "line": row.get("line"),
            "opened_at": opened,
            "opened_day": day,
            "closed_at": closed,
            "closed_day": self.day(closed),
            "withdrawn_at": withdrawn,
            "ended_at": closed or withdrawn,
            "deadline_at": deadline,
            "deadline_day": self.day(deadline),
            "deadline_48_at": opened + timedelta(hours=48),
            "due_at": row.get("due_at"),
            "promised_for": row.get("promised_for"),
            "first_response_at": row.get("first_response_at"),
            "lead_seconds": None if closed is None else (closed - opened).total_seconds(),
            "working_seconds": None
            if closed is None
            else self._clock(process, opened).open_between(opened, closed).total_seconds(),
            "import_id": row["import_id"],
        }

    def _clock(self, process: str | None, opened: datetime) -> Calendar:
        norm = self.in_force("processes", self.day(opened), process=process) or {}
        return self.calendar(norm.get("calendar") or "office") or self.calendar("office")

    def _deadline(self, process: str | None, opened: datetime) -> datetime:
        norm = self.in_force("processes", self.day(opened), process=process) or {}
        calendar = self._clock(process, opened)
        unit = norm.get("norm_unit") or "working_days"
        amount = 2.0 if norm.get("norm") is None else norm["norm"]
        return calendar.deadline(opened, amount, unit)

    # Contacts

    def _contacts(self) -> Rows:
        self.contact_of = {}
        units = [self._collapse(legs, thread) for legs, thread in self._units()]
        for unit in units:
            for leg in unit["leg_ids"]:
                self.contact_of[leg] = unit["contact_id"]
        self._chain(units, "chain", ("customer_id", "process"))
        self._chain(units, "reason_chain", ("customer_id", "process", "reason"))
        self._first_reports(units)
        return [self._contact(unit) for unit in units]

    def _leg(self, row: Row) -> dict[str, Any]:
        day = self.day(row["started_at"])
        channel = self.understood("channel", row["channel"], day)
        about = self.in_force("channels", day, channel=channel) or {}
        live = bool(about.get("live"))
        parts = [row.get(name) for name in ("talk_s", "hold_s", "wrap_s")]
        known = [part for part in parts if part is not None]
        handle = sum(known) if known else row.get("handle_s")
        gave_up = bool(row.get("abandoned"))
        attended = row.get("answered_at") is not None or (handle or 0) > 0
        return {
            **row,
            "channel": channel,
            "live": live,
            "asynchronous": about.get("live") is False and channel != "desk",
            "unit_cost": about.get("unit_cost"),
            "handle": handle,
            "answered": not live or (attended and not gave_up),
            "abandoned": live and gave_up,
            "root": clean(row.get("root_id")) or row["contact_id"],
            "case_id": self.living_case(row.get("case_id")),
            "customer_id": self.known(row.get("customer_id")),
        }

    def _units(self) -> list[tuple[Rows, bool]]:
        """Legs and messages that are one contact, and whether they are a thread."""
        legs = sorted(
            (self._leg(row) for row in self.facts["contacts"]),
            key=lambda leg: (leg["started_at"], leg["contact_id"]),
        )
        by_root = defaultdict(list)
        for leg in legs:
            by_root[leg["root"]].append(leg)
        units, conversations = [], defaultdict(list)
        for root, together in by_root.items():
            transferred = any(leg["root"] != leg["contact_id"] for leg in together)
            if not all(leg["asynchronous"] for leg in together):
                units.append((together, False))
                continue
            case = first(leg["case_id"] for leg in together)
            for leg in together:
                about = leg["case_id"] or (case if transferred else None)
                key = ("case", about) if about else ("root", root)
                conversations[key].append(leg)
        for messages in conversations.values():
            messages.sort(key=lambda leg: (leg["started_at"], leg["contact_id"]))
            thread = []
            for message in messages:
                if thread and message["started_at"] - thread[-1]["started_at"] > DAY:
                    units.append((thread, True))
                    thread = []
                thread.append(message)
            if thread:
                units.append((thread, True))
        return units

    def _collapse(self, legs: Rows, thread: bool) -> dict[str, Any]:
        if thread:
            # The customer's first message leads, also where the organisation wrote first.
            legs = sorted(legs, key=lambda leg: leg.get("direction") != "in")
        lead = legs[0]

        def known(name: str) -> Any:
            return first(leg.get(name) for leg in legs)

        day = self.day(lead["started_at"])
        raw_reason, raw_process = known("reason"), known("process")
        case = self.cases.get(known("case_id"), {})
        reason = self.understood("reason", raw_reason, day)
        about = self.in_force("reasons", day, reason=reason) or {}
        process = (
            self.understood("process", raw_process, day)
            or case.get("process")
            or about.get("process")
        )
        answered = any(leg["answered"] for leg in legs)
        handles = [leg["handle"] for leg in legs if leg["handle"] is not None]
        targets = [clean(leg.get("transferred_to")) for leg in legs]
        handed_over = sum(target is not None for target in targets)
        if case:
            reportable = case["process"] == "fault" or case["is_complaint"]
        else:
            reportable = process in ("fault", "complaint") and about.get("kind") != "tip"
        direction = known("direction")
        customer = known("customer_id") or case.get("customer_id")
        return {
            "leg_ids": [leg["contact_id"] for leg in legs],
            "raw": {name: known(name) for name in ("cause", "causing_department", "moment")},
            "about": about,
            "case": case,
            "reportable": reportable,
            "coded": known("category"),
            "contact_id": lead["contact_id"],
            "case_id": known("case_id"),
            "process": process,
            "reason": reason,
            "channel": lead["channel"],
            "customer_id": customer,
            "inbound": None if direction is None else direction == "in",
            "answered": answered,
            "abandoned": not answered and any(leg["abandoned"] for leg in legs),
            "live": lead["live"],
            "started_at": lead["started_at"],
            "day": day,
            "legs": len(legs),
            "transfers": handed_over if thread else max(handed_over, len(legs) - 1),
            "misrouted": not thread and self._misrouted(legs),
            "transferred_to": self.understood("department", next(filter(None, targets), None), day),
            "wait_s": lead.get("wait_s"),
            "handle_s": sum(handles) if handles else None,
            "unit_cost": lead["unit_cost"],
            "import_id": max(leg["import_id"] for leg in legs),
            "chainable": direction == "in"
            and answered
            and customer is not None
            and about.get("kind") != "document",
        }

    def _misrouted(self, legs: Rows) -> bool:
        """Whether one of the legs it was transferred to was of another process than the last."""
        targets = [
            self.understood("process", leg.get("process"), self.day(leg["started_at"]))
            for leg in legs[1:]
        ]
        known = [process for process in targets if process is not None]
        return any(process != known[-1] for process in known)

    def _chain(self, units: Rows, name: str, same: tuple[str, ...]) -> None:
        chains = []
        for unit in sorted(units, key=lambda unit: (unit["started_at"], unit["contact_id"])):
            unit.update({f"{name}_id": None, f"{name}_position": None, f"{name}_length": None})
            if not unit["chainable"]:
                continue
            for chain in chains:
                alike = all(chain[-1][column] == unit[column] for column in same)
                if alike and unit["started_at"] - chain[-1]["started_at"] <= WEEK:
                    chain.append(unit)
                    break
            else:
                chains.append([unit])
        for chain in chains:
            for place, unit in enumerate(chain, start=1):
                unit[f"{name}_id"] = chain[0]["contact_id"]
                unit[f"{name}_position"] = place
                unit[f"{name}_length"] = len(chain)

    def _first_reports(self, units: Rows) -> None:
        reported = set()
        for unit in sorted(units, key=lambda unit: (unit["started_at"], unit["contact_id"])):
            about_case = unit["inbound"] and unit["answered"] and unit["case_id"] is not None
            unit["first_report"] = bool(
                about_case and unit["case_id"] not in reported and unit["reportable"]
            )
            if about_case:
                reported.add(unit["case_id"])

    def _contact(self, unit: dict[str, Any]) -> dict[str, Any]:
        day, about, case = unit["day"], unit["about"], unit["case"]
        promised = case.get("promised_for")
        given = self.understood("cause", unit["raw"]["cause"], day)
        category, why, cause = None, None, None
        if unit["coded"]:
            category, why, cause = unit["coded"], "code", given
        elif (unit["chain_position"] or 0) > 1:
            category, why, cause = "unnecessary", "repeat", given or "other_repeat"
        elif about.get("kind") == "status" and promised and unit["started_at"] > promised:
            category, why, cause = "unnecessary", "after_promise", given or about.get("cause")
        elif unit["first_report"]:
            category, why, cause = "unnecessary", "first_report", given or "product_failed"
        elif about.get("category"):
            category, why, cause = about["category"], "reason", given or about.get("cause")
        department = None
        if category == "unnecessary":
            configured = self.in_force("causes", day, cause=cause)
            department = self.understood("department", unit["raw"]["causing_department"], day)
            if department is None and configured is not None:
                department = configured.get("department") or case.get("department")
        else:
            cause = None
        rates = [self.in_force("hour_rates", day, channel=name) for name in (unit["channel"], "")]
        rate = next((row["rate"] for row in rates if row), None)
        known = unit["handle_s"] is not None and rate is not None
        local = self.local(unit["started_at"])
        opening = self.calendar("opening").hours(day)
        minute = local.hour * 60 + local.minute
        kept = (
            "contact_id", "case_id", "process", "reason", "channel", "customer_id", "inbound",
            "answered", "abandoned", "live", "started_at", "first_report", "legs", "transfers",
            "misrouted", "transferred_to", "wait_s", "handle_s", "unit_cost", "chain_id", "chain_position", "chain_length",
            "reason_chain_id", "reason_chain_position", "reason_chain_length", "import_id",
        )  # fmt: skip
        return {
            **{name: unit[name] for name in kept},
            **self.profile(unit["customer_id"], day),
            "department": case.get("department"),
            "time_cost": unit["handle_s"] * rate / 3600 if known else None,
            "started_day": day,
            "hour": local.hour,
            "weekday": day.isoweekday(),
            "inside_opening": opening is not None and opening.opens <= minute < opening.closes,
            "category": category,
            "category_from": why,
            "cause": cause,
            "causing_department": department,
            "is_complaint": about.get("kind") == "complaint",
            "moment": self.understood("moment", unit["raw"]["moment"], day),
        }

    def legs(self) -> Rows:
        units = defaultdict(list)
        for leg, contact in self.contact_of.items():
            units[contact].append(leg)
        return [
            {"leg_id": leg, "contact_id": contact}
            for contact, legs in units.items()
            for leg in legs
            if len(legs) > 1
        ]

    # Surveys

    def _surveys(self) -> Rows:
        contacts = {row["contact_id"]: row for row in self.contacts}
        found = []
        for row in self.facts["surveys"]:
            low, high = {
                "grade10": (1, 10), "csat5": (1, 5), "nps": (0, 10), "ces7": (1, 7),
            }.get(row["metric"], (0, 1))  # fmt: skip
            contact_id = clean(row.get("contact_id"))
            contact_id = self.contact_of.get(contact_id, contact_id)
            contact = contacts.get(contact_id, {})
            case = self.cases.get(
                self.living_case(row.get("case_id")) or contact.get("case_id"), {}
            )
            day = self.day(row.get("responded_at")) or self.day(row.get("invited_at"))
            customer = first(
                [
                    self.known(row.get("customer_id")),
                    contact.get("customer_id"),
                    case.get("customer_id"),
                ]
            )
            score = row.get("score")
            found.append(
                {
                    "response_id": row["response_id"],
                    "metric": row["metric"],
                    "score": score,
                    "valid": score is not None and low <= score <= high,
                    "contact_id": contact_id,
                    "level": row.get("level") or "contact",
                    "responded_at": row.get("responded_at"),
                    "responded_day": self.day(row.get("responded_at")),
                    "process": self.understood("process", row.get("process"), day)
                    or first([contact.get("process"), case.get("process")]),
                    "reason": first([contact.get("reason"), case.get("reason")]),
                    "channel": first([contact.get("channel"), case.get("channel")]),
                    "department": first([case.get("department"), contact.get("department")]),
                    "customer_id": customer,
                    **self.profile(customer, day),
                    "moment": self.understood("moment", row.get("moment"), day)
                    or contact.get("moment"),
                    "delivered": row.get("delivered"),
                    "sent_day": self.day(row.get("invited_at")),
                    "import_id": row["import_id"],
                }
            )
        for row in found:
            rivals = [
                other
                for other in found
                if other["valid"]
                and other["metric"] == row["metric"]
                and other["contact_id"] == row["contact_id"]
            ]
            last = max(
                rivals,
                key=lambda other: (other["responded_at"] or datetime.min, other["response_id"]),
                default=None,
            )
            row["latest"] = row["valid"] and (row["contact_id"] is None or row is last)
        self._invitations(found)
        return [
            {name: value for name, value in row.items() if name not in {"contact_id", "sent_day"}}
            for row in found
        ]

    @staticmethod
    def _invitations(answers: Rows) -> None:
        for row in answers:
            row["invitation"] = row["invited_day"] = None
            sheet = [other for other in answers if other["response_id"] == row["response_id"]]
            sent = [other["sent_day"] for other in sheet if other["sent_day"]]
            arrived = any(other["delivered"] for other in sheet)
            if row is not min(sheet, key=lambda other: other["metric"]) or not (sent or arrived):
                continue
            days = sent or [other["responded_day"] for other in sheet if other["responded_day"]]
            row["invited_day"] = min(days, default=None)
            if any(other["responded_at"] or other["score"] is not None for other in sheet):
                row["invitation"] = "responded"
            elif arrived:
                row["invitation"] = "delivered"
            elif any(other["delivered"] is False for other in sheet):
                row["invitation"] = "bounced"
            else:
                row["invitation"] = "unknown"
