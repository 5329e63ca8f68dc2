"""Small worlds full of the cases that definitions are made for, each decided by one number."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.oracle.worlds_customers import more

#: Round a clock change and Easter, with working days, weekends and two months' ends.
FIRST, LAST = datetime(2024, 3, 18), datetime(2024, 5, 6)
CUSTOMERS = tuple(f"c{n}" for n in range(1, 13))
#: Ids by which contacts and cases know customers: their own, by number, of nobody we know.
KNOWN_BY = (*CUSTOMERS, "n1", "n1", "stranger", None, None)
PROCESSES = ("fault", "complaint", "information", "cancellation", "eigen proces", None, None)
REASONS = (
    "order_status", "fault_status", "defect", "late_delivery", "tip", "requested_document",
    "sign_in", "eigen reden", None,
)  # fmt: skip
CASE_STATES = ("open", "wachten", "closed", "closed", "Gesloten", "ingetrokken", "kwijt")
#: The hour that does not exist, the first moment of opening after Easter, closing time.
ODD = (datetime(2024, 3, 31, 2, 30), datetime(2024, 4, 2, 9), datetime(2024, 4, 5, 17))

Row = dict[str, Any]


class Maker:
    """Rows drawn by one source of chance."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        # What came to the worlds later is drawn apart, so that a seed keeps its world.
        self.later_drawn = Random(seed + 1)

    def one(self, *of: Any) -> Any:
        return self.random.choice(of)

    def moment(self, low: datetime = FIRST, high: datetime = LAST) -> str:
        """A local time, mostly in office hours, at times an odd one."""
        if self.random.random() < 0.05:
            return self.one(*ODD).isoformat(" ", "minutes")
        day = low + timedelta(days=self.random.randrange(max(1, (high - low).days)))
        hour, minute = self.random.randrange(8, 19), self.one(0, 0, 20, 59)
        if self.random.random() < 0.2:
            hour, minute = self.random.randrange(24), self.random.randrange(60)
        return (day + timedelta(hours=hour, minutes=minute)).isoformat(" ", "minutes")

    def later(self, than: str, most: float, share: float = 1.0) -> str | None:
        """A time after another, at most so many days; with a chance of none."""
        if self.random.random() > share:
            return None
        at = datetime.fromisoformat(than)
        late = self.one(0, self.random.random() * most, round(self.random.random() * most))
        return (at + timedelta(days=late)).replace(second=0).isoformat(" ", "minutes")

    def case(self, number: int) -> Row:
        opened = self.moment()
        closed = self.later(opened, 12, 0.75)
        if self.random.random() < 0.05:
            closed = self.moment(FIRST, datetime.fromisoformat(opened))
        return {
            "case_id": f"z{number}",
            "customer_id": self.one(*KNOWN_BY),
            "process": self.one(*PROCESSES),
            "reason": self.one(*REASONS),
            "opened_at": opened,
            "closed_at": closed,
            "due_at": self.later(opened, 6, 0.7),
            "promised_for": self.later(opened, 4, 0.7),
            "status": self.one(*CASE_STATES)
            if self.random.random() < 0.5
            else ("closed" if closed else "open"),
            "department": self.one("planning", "eigen afdeling", None),
            "opened_channel": self.one("phone", "email", None),
            # Into an earlier one, which may be merged itself; never in a circle.
            "merged_into": f"z{self.random.randrange(min(number, 6))}"
            if number and self.random.random() < 0.1
            else None,
            "updated_at": self.later(opened, 20, 0.5),
        }

    def contact(self, number: int, cases: list[Row]) -> Row:
        case = self.one(*cases) if cases and self.random.random() < 0.4 else None
        started = self.moment()
        if case and self.random.random() < 0.7:
            started = self.later(case["opened_at"], 6)
        customer = case["customer_id"] if case and self.random.random() < 0.5 else None
        return {
            "contact_id": f"k{number:03d}",
            "root_id": f"k{self.random.randrange(number + 1):03d}"
            if self.random.random() < 0.1
            else None,
            "customer_id": customer or self.one(*KNOWN_BY),
            "case_id": case["case_id"] if case else self.one(None, None, None, "nergens"),
            "process": self.one(*PROCESSES, None, None),
            "reason": self.one(*REASONS),
            "started_at": started,
            "answered_at": self.later(started, 0.01, 0.8),
            "channel": self.one("phone", "phone", "chat", "email", "email", "desk", "fax"),
            "direction": self.one("in", "in", "in", "in", "in", "out", None),
            "category": self.one(None, None, None, "valuable", "hygiene", "unnecessary"),
            "cause": self.one(None, None, "late_delivery", "eigen oorzaak"),
            "causing_department": self.one(None, None, "it"),
            "talk_s": self.one(None, None, 120),
            "abandoned": self.one(None, "no", "no", "no", "yes"),
        }

    def handled(self, contact: Row) -> Row:
        """What telephony says of a contact: waits, times and transfers."""
        draw = self.later_drawn
        return {
            **contact,
            "wait_s": draw.choice((None, 0, 5, 6, 20, 21, 90)),
            "hold_s": draw.choice((None, None, 15)),
            "handle_s": draw.choice((None, 300)),
            "transferred_to": "planning" if draw.random() < 0.1 else None,
        }

    def chain_event(self, number: int, cases: list[Row]) -> Row:
        """A hand-over, work or a status of a case; some before it began or after it ended."""
        draw = self.later_drawn
        case = draw.choice(cases)
        opened = datetime.fromisoformat(case["opened_at"])
        at = opened + timedelta(minutes=20 * draw.choice((0, 1, *range(-5, 400))))
        kind = draw.choice(("handoff", "handoff", "work", "work", "work", "status", "note"))
        lasted = timedelta(minutes=20 * draw.randrange(0, 60))
        value = {
            "handoff": ("planning", "logistics", "it", "eigen afdeling", "customer_service", None),
            "status": ("wachten", "in behandeling", "Gesloten", "on hold"),
        }.get(kind, ("iets", None))
        return {
            "event_id": f"e{number:03d}",
            "case_id": draw.choice((case["case_id"],) * 9 + ("nergens",)),
            "occurred_at": at.isoformat(" ", "minutes"),
            "ended_at": (at + lasted).isoformat(" ", "minutes") if draw.random() < 0.7 else None,
            "kind": kind,
            "value": draw.choice(value),
            "department": draw.choice(("customer_service", "planning", "eigen afdeling", None)),
        }

    def survey(self, number: int, contacts: list[Row], cases: list[Row]) -> Row:
        contact = self.one(*contacts)["contact_id"] if contacts else None
        case = self.one(*cases)["case_id"] if cases else None
        metric = self.one("csat5", "grade10")
        low = 1 if self.random.random() < 0.9 else 0
        return {
            "response_id": f"r{number:02d}",
            "metric": metric,
            "score": self.one(None, *range(low, 7 if metric == "csat5" else 12)),
            "level": self.one(None, "contact", "contact", "process"),
            "responded_at": self.moment() if self.random.random() < 0.95 else None,
            "contact_id": self.one(contact, contact, None, "nergens"),
            "case_id": self.one(case, None, None),
            "customer_id": self.one(*KNOWN_BY),
            "process": self.one(*PROCESSES),
        }

    def customer(self, name: str) -> list[Row]:
        since = date(2024, 1, 1) + timedelta(days=self.random.randrange(110))
        periods = []
        for _ in range(self.one(1, 1, 1, 2)):
            until = None
            if self.random.random() < 0.5:
                until = since + timedelta(days=self.random.randrange(0, 80))
            notice = until and until - timedelta(days=self.random.randrange(-5, 20))
            periods.append(
                {
                    "customer_id": name,
                    "customer_since": since.isoformat(),
                    "customer_until": until and until.isoformat(),
                    "notice_at": notice.isoformat()
                    if notice and self.random.random() < 0.6
                    else None,
                    "end_reason": self.one(None, "price", "death") if until else None,
                    "has_portal": self.one("yes", "no", None),
                    "value_class": self.one("high", "low", None),
                    "segment": self.one("household", "business", None),
                }
            )
            if until is None:
                break
            since = until + timedelta(days=self.random.randrange(1, 30))
        return periods

    def staffing(self) -> Row:
        day = FIRST.date() + timedelta(days=self.random.randrange(48))
        return {
            "date": day.isoformat(),
            "process": self.one("", "", "fault"),
            "staffed_hours": float(self.random.randrange(1, 60)),
        }


def build(seed: int) -> dict[str, list[Row]]:
    """The world of a seed."""
    make = Maker(seed)
    draw = make.random
    cases = [make.case(number) for number in range(draw.randrange(0, 70))]
    contacts = [make.contact(number, cases) for number in range(draw.randrange(0, 140))]
    # Now and then a key comes twice in a file: the later row counts.
    if cases and draw.random() < 0.5:
        cases.append({**cases[0], "status": "closed", "reason": "defect"})
    known = CUSTOMERS[: draw.randrange(len(CUSTOMERS) + 1)]
    cases = [{**case, "line": make.later_drawn.choice((1, 2, None, None))} for case in cases]
    contacts = [make.handled(contact) for contact in contacts]
    events = range(make.later_drawn.randrange(0, 90) if cases else 0)
    tables = {
        "customers": [row for name in known for row in make.customer(name)],
        "identities": [{"source": "telephony", "external_id": "n1", "customer_id": "c1"}],
        "cases": cases,
        "contacts": contacts,
        "surveys": [make.survey(n, contacts, cases) for n in range(draw.randrange(0, 80))],
        "staffing": [make.staffing() for _ in range(draw.randrange(0, 5))],
        "chain_events": [make.chain_event(number, cases) for number in events],
    }
    return more(seed, tables)


WORLDS = st.integers(0, 2**32 - 1)
#: As-of, local: before some of the facts, after all, and long after.
AS_OF = st.one_of(
    st.just("2024-05-06 23:59"),
    st.just("2024-08-20 12:00"),
    st.datetimes(datetime(2024, 4, 12), datetime(2024, 5, 8)).map(
        lambda at: at.replace(second=0, microsecond=0, fold=0).isoformat(" ", "minutes")
    ),
)
PERIODS = st.tuples(st.dates(date(2024, 3, 10), date(2024, 4, 20)), st.integers(0, 60)).map(
    lambda drawn: (drawn[0], drawn[0] + timedelta(days=drawn[1]))
)
