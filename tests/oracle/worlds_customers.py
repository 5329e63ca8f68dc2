"""What KPIs of surveys, customers, channels and chains read, added to a small world."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]
#: Highest answer per question; the lowest is 1 for effort, else 0.
HIGHEST = {"nps": 10, "ces7": 7, "clear": 1, "correct": 1, "complete": 1, "resolved": 1}
MOMENTS = ("repair", "diagnosis", "report", "solution", "received", "check", "eigen moment", None)
EMOTIONS = ("boos", "Blij", "neutraal", "negative", "een gekke code", None, None)


class More:
    """Rows drawn by a source of chance of their own, so that a seed keeps the rest of its world."""

    def __init__(self, seed: int, tables: dict[str, list[Row]]) -> None:
        self.random = Random(seed + 2)
        self.tables = tables
        self.customers = ("c1", "c2", "c3", "c4", "c5", "n1", "stranger", None)

    def one(self, *of: Any) -> Any:
        return self.random.choice(of)

    def moment(self) -> str:
        day = datetime(2024, 3, 18) + timedelta(days=self.random.randrange(49))
        at = day + timedelta(hours=self.random.randrange(8, 19), minutes=self.one(0, 20, 59))
        return at.isoformat(" ", "minutes")

    def sheet(self, number: int) -> list[Row]:
        """One invitation with its questions: answered or not, arrived or not."""
        sent = self.moment()
        later = datetime.fromisoformat(sent) + timedelta(hours=self.random.randrange(0, 100))
        answered = self.random.random() < 0.6
        contacts, cases = self.tables["contacts"], self.tables["cases"]
        shared = {
            "level": self.one("relation", "relation", "contact", None),
            "invited_at": self.one(sent, sent, sent, None),
            "delivered": self.one("yes", "yes", "no", None),
            "contact_id": self.one(*contacts)["contact_id"] if contacts else None,
            "case_id": self.one(None, self.one(*cases)["case_id"]) if cases else None,
            "customer_id": self.one(*self.customers),
            "process": self.one("fault", "complaint", "eigen proces", None, None),
            "moment": self.one(*MOMENTS),
        }
        return [
            {
                **shared,
                "response_id": f"s{number:02d}",
                "metric": metric,
                "score": self.score(metric) if answered else None,
                "responded_at": later.isoformat(" ", "minutes") if answered else None,
            }
            for metric in self.random.sample(sorted(HIGHEST), self.one(1, 1, 2, 4))
        ]

    def score(self, metric: str) -> int | None:
        lowest = 1 if metric == "ces7" else 0
        wrong = (HIGHEST[metric] + 1, None) if self.random.random() < 0.1 else ()
        return self.one(*(wrong or range(lowest, HIGHEST[metric] + 1)))

    def said(self, contact: Row) -> Row:
        return {
            **contact,
            "channel": "portal" if self.random.random() < 0.15 else contact["channel"],
            "emotion": self.one(*EMOTIONS),
            "text": self.one(None, "iets", " "),
            "moment": self.one(*MOMENTS),
        }

    def holding(self, number: int) -> Row:
        started = date(2024, 3, 10) + timedelta(days=self.random.randrange(60))
        sold = self.one(None, self.moment())
        ended = started + timedelta(days=self.one(0, 1, 2, 7, 30))
        return {
            "holding_id": f"h{number:02d}",
            "customer_id": self.one(*(name for name in self.customers if name)),
            "product": self.one("stroom", "gas"),
            "started": started.isoformat(),
            "ended": self.one(None, ended.isoformat()),
            "sold_at": sold,
            "sold_channel": self.one("phone", "portal", None),
            "annulled_at": self.one(None, None, None, None, self.moment()),
        }

    def post(self, number: int) -> Row:
        return {
            "post_id": f"p{number:02d}",
            "posted_at": self.moment(),
            "text": "tekst",
            "source": self.one("mastodon", "facebook", None),
            "sentiment": self.one("negative", "neutral", "positive", None),
            "process": self.one("fault", "complaint", None),
        }

    def passage(self, number: int) -> Row:
        case = self.one(*self.tables["cases"])
        opened = datetime.fromisoformat(case["opened_at"])
        at = opened + timedelta(hours=self.random.randrange(-5, 100))
        return {
            "event_id": f"m{number:02d}",
            "case_id": self.one(case["case_id"], case["case_id"], "nergens"),
            "customer_id": self.one(None, "c1"),
            "process": self.one(None, None, "fault"),
            "occurred_at": at.isoformat(" ", "minutes"),
            "kind": "moment",
            "value": self.one(*(name for name in MOMENTS if name), "Diagnose"),
        }

    def total(self, month: int, metric: str, dimension: str) -> Row:
        return {
            "period_start": f"2024-{month:02d}-01",
            "metric": metric,
            "dimension": dimension,
            "value": float(self.random.randrange(0, 50)),
        }

    def totals(self) -> list[Row]:
        found = []
        for month in (3, 4, 5):
            for dimension in ("meterstand", "order_status"):
                for metric in ("online transactions", "calls", "iets anders"):
                    if self.random.random() < 0.6:
                        found.append(self.total(month, metric, dimension))
        return found


def more(seed: int, tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The world of a seed with what was not in it yet."""
    make = More(seed, tables)
    sheets = [make.sheet(number) for number in range(make.random.randrange(0, 40))]
    events = range(make.random.randrange(0, 60) if tables["cases"] else 0)
    tables["contacts"] = [make.said(contact) for contact in tables["contacts"]]
    tables["surveys"] = tables["surveys"] + [row for sheet in sheets for row in sheet]
    tables["holdings"] = [make.holding(n) for n in range(make.random.randrange(0, 30))]
    tables["posts"] = [make.post(n) for n in range(make.random.randrange(0, 20))]
    tables["totals"] = make.totals() if make.random.random() < 0.5 else []
    passages = [make.passage(number) for number in events]
    tables["chain_events"] = tables.get("chain_events", []) + passages
    return tables
