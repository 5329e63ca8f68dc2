"""The preparation of generated facts, row by row and column by column as the oracle says."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.prepare import oracle_customers, oracle_handling
from tests.store.prepare.oracle import Oracle
from tests.store.prepare.world import ZONE, typed

# Around both switches of the clock and around new versions of the configuration; on days that the
# office opens and closes at these very moments (09:00 and 17:00 in summer are 07:00 and 15:00 UTC).
BASES = [
    datetime(2026, 3, 27, 22, 30),
    datetime(2026, 3, 28, 23, 59, 30),
    datetime(2026, 10, 22, 15, 0),
    datetime(2026, 10, 24, 23, 0),
    datetime(2026, 12, 24, 11, 0),
    datetime(2026, 6, 1, 15, 0),
    datetime(2026, 6, 1, 7, 0),
    datetime(2024, 1, 5, 14, 30),
]
# Few moments, so that equal ones and gaps of exactly a day or a week come often.
HOURS = [0, 1, 23, 24, 48, 72, 168, 192, 336]
CUSTOMERS = ["K1", "K2", "K3"]
CASES = ["Z1", "Z2", "Z3", "Z4"]
CONTACTS = [f"C{number:02}" for number in range(12)]
PROCESSES = ["fault", " Complaints ", "request", "VRAGEN", "melding", "old", "elsewhere", "", None]
REASONS = [
    "order_status", "order", "Kapot", "anger", "tip", "papers", "LETTER", "loose", "stuk",
    "unheard of", "  ", None,
]  # fmt: skip
STATUSES = ["open", "Wachten", "Gesloten", "closed", " SOLVED ", "ingetrokken", "vervallen", "?"]


def moments(base):
    """Moments that often coincide, or are exactly a day or a week apart, or a second more."""
    return st.builds(
        lambda hours, seconds: base + timedelta(hours=hours, seconds=seconds),
        st.sampled_from(HOURS),
        st.sampled_from([0, 0, 0, 0, 1]),
    )


def maybe(strategy):
    return st.one_of(st.none(), strategy)


@st.composite
def a_case(draw, base, case_id):
    return {
        "case_id": case_id,
        "customer_id": draw(st.sampled_from([*CUSTOMERS, "tel:1", "", None])),
        "process": draw(st.sampled_from(PROCESSES)),
        "reason": draw(st.sampled_from(REASONS)),
        "opened_at": draw(moments(base)),
        "closed_at": draw(maybe(moments(base))),
        "promised_for": draw(moments(base)),
        "updated_at": draw(maybe(moments(base))),
        "status": draw(st.sampled_from(STATUSES)),
        "outcome": draw(st.sampled_from([None, None, "Ingetrokken", "upheld"])),
        "department": draw(st.sampled_from(["Klantenservice", "service", "elsewhere", None])),
        "opened_channel": draw(st.sampled_from(["tel", "E-MAIL", None])),
        "merged_into": draw(st.sampled_from([None] * 3 + ["", *CASES, "Z9"])),
        "line": draw(maybe(st.integers(1, 2))),
        "import_id": draw(st.integers(1, 3)),
    }


@st.composite
def a_contact(draw, base, contact_id):
    seconds = maybe(st.sampled_from([0.0, 30.0, 61.5]))
    return {
        "contact_id": contact_id,
        "root_id": draw(st.sampled_from([None, None, None, "", *CONTACTS[:4]])),
        "customer_id": draw(
            st.sampled_from(["K1", "K1", "K1", "K2", "tel:1", "tel:2", "K9", None])
        ),
        "case_id": draw(st.sampled_from([None, None, "Z1", "Z1", "Z2", "Z3", "Z9"])),
        "process": draw(st.sampled_from([None, None, "fault", *PROCESSES])),
        "started_at": draw(moments(base)),
        "answered_at": draw(maybe(moments(base))),
        "channel": draw(
            st.sampled_from(["phone", "tel", "email", "E-mail", "portal", "Balie", "fax"])
        ),
        "direction": draw(st.sampled_from(["in", "in", "in", "in", "in", "out", None])),
        "reason": draw(st.sampled_from(REASONS)),
        "category": draw(st.sampled_from([None] * 5 + ["valuable", "unnecessary"])),
        "cause": draw(st.sampled_from([None, None, "x1", "unclear", "odd"])),
        "causing_department": draw(st.sampled_from([None, None, "SERVICE", "odd"])),
        "moment": draw(st.sampled_from([None, "Levering", "repair", "odd"])),
        "wait_s": draw(seconds),
        "talk_s": draw(seconds),
        "hold_s": draw(seconds),
        "wrap_s": draw(seconds),
        "handle_s": draw(seconds),
        "abandoned": draw(st.sampled_from([None, None, False, True])),
        "transferred_to": draw(st.sampled_from([None, None, "", "Techniek"])),
        "emotion": draw(st.sampled_from([None, None, "Boos", "neutraal", "E1", "?", " "])),
        "text": draw(st.sampled_from([None, None, "words", " "])),
        "import_id": draw(st.integers(1, 3)),
    }


@st.composite
def a_plain_contact(draw, base, contact_id):
    """One that differs from others in few things, so that chains and threads come about."""
    started = draw(moments(base))
    call = {"channel": "phone", "answered_at": started, "customer_id": "K1"}
    mail = {"channel": "email", "case_id": draw(st.sampled_from(["Z1", "Z9"]))}
    asks = {**call, "customer_id": None, "case_id": "Z1", "reason": "order_status"}
    return {
        "contact_id": contact_id,
        "started_at": started,
        "direction": draw(st.sampled_from(["in", "in", "in", "out"])),
        "import_id": 1,
        **draw(st.sampled_from([call, mail, asks])),
    }


@st.composite
def an_event(draw, base, number):
    return {
        "event_id": f"E{number}",
        "case_id": draw(st.sampled_from(["Z1", "Z1", "Z2", "Z3", "Z9"])),
        "occurred_at": draw(moments(base)),
        "ended_at": draw(maybe(moments(base))),
        "kind": draw(st.sampled_from(["handoff", "work", "work", "status", "note"])),
        "value": draw(
            st.sampled_from([None, "", "Herstel", "service", "elsewhere", "wachten", "open"])
        ),
        "department": draw(st.sampled_from([None, "SERVICE", "repairs", "elsewhere"])),
        "import_id": 1,
    }


@st.composite
def a_moment(draw, base, number):
    return {
        "event_id": f"M{number}",
        "case_id": draw(st.sampled_from(["Z1", "Z1", "Z2", "Z3", "Z9"])),
        "occurred_at": draw(moments(base)),
        "kind": "moment",
        "value": draw(st.sampled_from(["Herstel", "report", "GIFT", "bill", "odd", "Levering"])),
        "import_id": 1,
    }


@st.composite
def a_holding(draw, base, number):
    started = base.date() + timedelta(days=draw(st.integers(-3, 3)))
    return {
        "holding_id": f"H{number}",
        "customer_id": draw(st.sampled_from([*CUSTOMERS, "tel:1", "K9"])),
        "product": draw(st.sampled_from(["gas", "heat"])),
        "started": started,
        "ended": draw(maybe(st.integers(0, 4).map(lambda days: started + timedelta(days=days)))),
        "sold_at": draw(maybe(moments(base))),
        "sold_channel": draw(st.sampled_from([None, "tel", "E-MAIL", "odd"])),
        "annulled_at": draw(st.one_of(st.none(), st.none(), moments(base))),
        "import_id": draw(st.integers(1, 3)),
    }


@st.composite
def a_post(draw, base, number):
    return {
        "post_id": f"P{number}",
        "posted_at": draw(moments(base)),
        "text": "words",
        "source": draw(st.sampled_from([None, "", "mastodon"])),
        "sentiment": draw(st.sampled_from([None, "negative", "positive"])),
        "process": draw(st.sampled_from(PROCESSES)),
        "import_id": 1,
    }


@st.composite
def totals(draw, base):
    rows = [
        {
            "period_start": base.date().replace(day=1),
            "metric": draw(st.sampled_from(["Online ", "calls", "visits"])),
            "dimension": draw(st.sampled_from(["order", "reading"])),
            "value": float(draw(st.integers(0, 9))),
            "import_id": draw(st.integers(1, 3)),
        }
        for _ in range(draw(st.integers(0, 4)))
    ]
    return list({(row["metric"], row["dimension"]): row for row in rows}.values())


@st.composite
def a_survey(draw, base, number):
    return {
        "response_id": draw(st.sampled_from([f"R{number}", "R0"])),
        "metric": draw(st.sampled_from(["csat5", "grade10", "nps", "ces7", "resolved"])),
        "score": draw(maybe(st.sampled_from([0.0, 1.0, 4.0, 7.0, 10.0, 11.0]))),
        "level": draw(st.sampled_from([None, "process"])),
        "invited_at": draw(maybe(moments(base))),
        "responded_at": draw(maybe(moments(base))),
        "contact_id": draw(st.sampled_from([None, *CONTACTS[:5]])),
        "case_id": draw(st.sampled_from([None, None, *CASES])),
        "customer_id": draw(st.sampled_from([None, None, *CUSTOMERS, "tel:1"])),
        "process": draw(st.sampled_from([None, None, *PROCESSES])),
        "moment": draw(st.sampled_from([None, "Levering", "odd"])),
        "delivered": draw(maybe(st.booleans())),
        "import_id": 1,
    }


def one_per_question(answers):
    return list({(row["response_id"], row["metric"]): row for row in answers}.values())


#: Days from the base on which somebody becomes a customer: of late, or just no longer new.
STARTS = st.one_of(st.integers(-40, 20), st.sampled_from([-95, -91, -90, -89]))


@st.composite
def an_old_contact(draw, base, number):
    """About a year before all others: just within what makes a caller, or just without."""
    return {
        "contact_id": f"Y{number}",
        "started_at": base - timedelta(days=draw(st.sampled_from([360, 364, 365, 366]))),
        "channel": "letter",
        "direction": draw(st.sampled_from(["in", "in", "out"])),
        "customer_id": draw(st.sampled_from([*CUSTOMERS, "tel:1", "tel:1", None])),
        "case_id": draw(st.sampled_from([None, *CASES])),
        "import_id": 1,
    }


@st.composite
def customers(draw, base):
    found = []
    for customer in CUSTOMERS:
        starts = draw(st.lists(STARTS, max_size=3, unique=True))
        found += [
            {
                "customer_id": customer,
                "customer_since": base.date() + timedelta(days=start),
                "customer_until": draw(
                    maybe(st.integers(1, 110).map(lambda days, start=start: base.date() + timedelta(days=start + days)))
                ),
                "notice_at": draw(maybe(st.just(date(2026, 1, 1)))),
                "end_reason": draw(st.sampled_from([None, "Overleden", "te duur", "moved ABROAD"])),
                "segment": draw(st.sampled_from([None, "a", "b"])),
                "value_class": draw(st.sampled_from([None, "high", "low"])),
                "has_portal": draw(maybe(st.booleans())),
                "import_id": 1,
            }
            for start in starts
        ]  # fmt: skip
    return found


@st.composite
def facts(draw):
    base = draw(st.sampled_from(BASES))
    case_ids = draw(st.lists(st.sampled_from(CASES), unique=True))
    contact_ids = draw(st.lists(st.sampled_from(CONTACTS), unique=True, min_size=3))
    return {
        "customers": draw(customers(base)),
        "identities": draw(
            st.lists(
                st.builds(
                    lambda source, known_as, customer: {
                        "source": source,
                        "external_id": known_as,
                        "customer_id": customer,
                        "import_id": 1,
                    },
                    st.sampled_from(["a", "b"]),
                    st.sampled_from(["tel:1", "tel:2", "K1"]),
                    st.sampled_from(CUSTOMERS),
                ),
                max_size=3,
                unique_by=lambda row: (row["source"], row["external_id"]),
            )
        ),
        "cases": [draw(a_case(base, case_id)) for case_id in case_ids],
        "contacts": [
            draw(st.one_of(a_plain_contact(base, contact_id), a_contact(base, contact_id)))
            for contact_id in contact_ids
        ]
        # The earliest base has no room for them within the days there are.
        + [
            draw(an_old_contact(base, n))
            for n in range(draw(st.integers(0, 3)) * (base.year > 2024))
        ],
        "surveys": one_per_question(
            [draw(a_survey(base, number)) for number in range(draw(st.integers(0, 3)))]
        ),
        "chain_events": [draw(an_event(base, n)) for n in range(draw(st.integers(0, 8)))]
        + [draw(a_moment(base, n)) for n in range(draw(st.integers(0, 6)))],
        "holdings": [draw(a_holding(base, n)) for n in range(draw(st.integers(0, 8)))],
        "posts": [draw(a_post(base, n)) for n in range(draw(st.integers(0, 3)))],
        "totals": draw(totals(base)),
    }


KEYS = (
    "customer_id", "external_id", "case_id", "merged_into", "contact_id", "root_id", "response_id",
    "event_id", "holding_id", "post_id", "dimension",
)  # fmt: skip


def apart(worlds):
    """Facts of several worlds as one: a preparation costs the same for all of them together."""
    together = {}
    for number, facts in enumerate(worlds):
        for name, rows in facts.items():
            together.setdefault(name, []).extend(
                {
                    column: f"{number}.{value}" if column in KEYS and value else value
                    for column, value in row.items()
                }
                for row in rows
            )
    return together


several = st.lists(facts(), min_size=1, max_size=5).map(apart)


@given(several)
@settings(max_examples=settings().max_examples // 12)
@pytest.mark.timeout(1800)
def test_prepared_as_the_oracle_says(world, facts):
    compare(world, facts)


def compare(world, facts):
    """Prepare `facts` in `world`, and hold every prepared row against the oracle's."""
    rows = {name: [typed(name, row) for row in rows] for name, rows in facts.items()}
    prepared = world.prepared(**rows)
    expected = Oracle(rows, world.configuration, ZONE)
    same(prepared["prepared_customers"], expected.customers, ("customer_id", "since_day"))
    oracle_customers.check_phases(expected, prepared["prepared_phases"])
    oracle_customers.check_profiles(expected, prepared["prepared_profiles"])
    same(prepared["prepared_cases"], expected.cases.values(), ("case_id",))
    same(prepared["prepared_contacts"], expected.contacts, ("contact_id",))
    same(prepared["prepared_legs"], expected.legs(), ("leg_id",))
    handling = {
        "prepared_case_contacts": (oracle_handling.case_contacts, ("case_id",)),
        "prepared_silences": (oracle_handling.silences, ("case_id", "last_contact_at")),
        "prepared_segments": (oracle_handling.segments, ("case_id", "position")),
        "prepared_work": (oracle_handling.work, ("case_id",)),
    }
    for name, (said, key) in handling.items():
        same(prepared[name], said(expected), key)
    customers_and_channels = {
        "prepared_holdings": (oracle_customers.holdings, ("holding_id",)),
        "prepared_sales_after": (oracle_customers.sales_after, ("contact_id",)),
        "prepared_steering": (oracle_customers.steering, ("contact_id",)),
        "prepared_transactions": (oracle_customers.transactions, ("transaction_id",)),
        "prepared_texts": (oracle_customers.texts, ("text_id",)),
        "prepared_passages": (oracle_customers.passages, ("case_id", "moment")),
    }
    for name, (said, key) in customers_and_channels.items():
        same(prepared[name], said(expected), key)
    same(prepared["prepared_surveys"], expected.surveys, ("response_id", "metric"))


def same(found, expected, key):
    """One difference at a time, named: that is what Hypothesis shrinks to."""

    def by_key(rows):
        return {tuple(row[column] for column in key): row for row in rows}

    found, expected = by_key(found), by_key(expected)
    assert found.keys() == expected.keys()
    for name, row in expected.items():
        assert found[name].keys() == row.keys()
        for column, value in row.items():
            assert found[name][column] == value, (name, column)
