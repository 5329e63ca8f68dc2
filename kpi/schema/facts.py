"""Tables that extracts fill. Keys are texts, so that leading zeros survive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpi.schema.model import AtLeast, AtMost, Column, Table, TableRule, Type
from kpi.text import N_


def _text(name: str, meaning: str, example: str, **more: Any) -> Column:
    return Column(name, Type.TEXT, meaning, example, **more)


def _time(name: str, meaning: str, example: str = "2026-03-31 14:05", **more: Any) -> Column:
    return Column(name, Type.TIMESTAMP, meaning, example, **more)


def _date(name: str, meaning: str, example: str = "2026-03-31", **more: Any) -> Column:
    return Column(name, Type.DATE, meaning, example, **more)


#: Nobody works on one contact without a break for longer. One unbounded length (milliseconds, a
#: moment taken for a length, 999999999 for "unknown") would be the mean of a whole period.
A_DAY = AtMost(
    maximum=24 * 3600,
    sentence=N_(
        "must be at most 24 hours for one contact, in seconds: if these are milliseconds, say so"
        ' (unit = "ms"); otherwise correct it in the source, or leave it empty'
    ),
)
#: A letter may wait for months, but not for longer than this.
A_YEAR = AtMost(
    maximum=366 * 24 * 3600,
    sentence=N_(
        "must be at most a year of waiting, in seconds: if these are milliseconds, say so"
        ' (unit = "ms"); otherwise correct it in the source, or leave it empty'
    ),
)


def _seconds(name: str, meaning: str, example: str, limit: AtMost = A_DAY) -> Column:
    return Column(name, Type.NUMBER, meaning, example, rule=AtLeast(), limit=limit)


CUSTOMER_ID = _text("customer_id", N_("The customer"), "0010482", personal=True)
CASE_ID = _text("case_id", N_("The case it belongs to"), "Z-2026-00817")
CONTACT_ID = _text("contact_id", N_("The contact it belongs to"), "C-99120")
PROCESS = _text("process", N_("Customer process"), "fault", coded="process")
REASON = _text("reason", N_("Why the customer is in touch"), "order status", coded="reason")
MOMENT = _text("moment", N_("Contact moment in the chain"), "delivery", coded="moment")
UPDATED_AT = _time(
    "updated_at", N_("Last change in the source; of two rows with one key the later wins")
)
BOOLEAN_WORDS = {
    "yes": "true", "ja": "true", "j": "true", "y": "true", "true": "true", "waar": "true",
    "1": "true", "no": "false", "nee": "false", "n": "false", "false": "false",
    "onwaar": "false", "0": "false",
}  # fmt: skip


def _key(column: Column, meaning: str | None = None) -> Column:
    return Column(
        column.name,
        column.type,
        meaning or column.meaning,
        column.example,
        required=True,
        coded=column.coded,
        personal=column.personal,
    )


def _one_of_case_and_customer(row: Mapping[str, object]) -> bool:
    return row.get("case_id") is not None or row.get("customer_id") is not None


CUSTOMERS = Table(
    "customers",
    N_("One customership period of a customer"),
    ("customer_id", "customer_since"),
    (
        _key(CUSTOMER_ID),
        _date("customer_since", N_("First day as a customer"), required=True),
        _date("customer_until", N_("First day no longer a customer")),
        _date("notice_at", N_("Day on which notice was given")),
        _text("end_reason", N_("Why the customership ended"), "moved abroad"),
        Column("has_portal", Type.BOOLEAN, N_("Uses the personal portal"), "yes"),
        _text(
            "value_class", N_("Value of the customer"), "high", values=("high", "low"),
            synonyms={"hoog": "high", "laag": "low"},
        ),
        _text("segment", N_("Customer group"), "household"),
    ),
)  # fmt: skip

IDENTITIES = Table(
    "identities",
    N_(
        "How a customer is known elsewhere; phone numbers and e-mail addresses only as keyed hashes"
    ),
    ("source", "external_id"),
    (
        _text("source", N_("System that knows the customer so"), "telephony", required=True),
        _text("external_id", N_("The id there"), "h:5f2c…", required=True, personal=True),
        _key(CUSTOMER_ID),
    ),
)

HOLDINGS = Table(
    "holdings",
    N_("One product that a customer has"),
    ("holding_id",),
    (
        _text("holding_id", N_("The contract or subscription"), "K-2201", required=True),
        _key(CUSTOMER_ID),
        _text("product", N_("Product or service"), "electricity", required=True),
        _date("started", N_("First day of the product"), required=True),
        _date("ended", N_("First day without the product")),
        _time("sold_at", N_("When it was sold"), fact_time=True),
        _text("sold_channel", N_("Channel of the sale"), "portal", coded="channel"),
        _time("annulled_at", N_("When the sale was annulled")),
    ),
)

CASES = Table(
    "cases",
    N_("One case of a customer process, from opening to close"),
    ("case_id",),
    (
        _text("case_id", N_("The case"), "Z-2026-00817", required=True),
        CUSTOMER_ID,
        PROCESS,
        REASON,
        _time("opened_at", N_("When the case was opened"), required=True, fact_time=True),
        _time("first_response_at", N_("First answer to the customer")),
        _time("closed_at", N_("When the case was closed"), fact_time=True),
        _time("due_at", N_("The source's own target date; it can be moved")),
        _time("promised_for", N_("What the customer was told")),
        _text("status", N_("State in the source"), "in behandeling", required=True, coded="status"),
        _text("outcome", N_("How it ended"), "upheld"),
        _text("department", N_("Department that has it"), "Planning", coded="department"),
        Column("line", Type.INTEGER, N_("First or second line"), "1", rule=AtLeast(minimum=0)),
        _text("opened_channel", N_("Channel it came in by"), "phone", coded="channel"),
        _text("merged_into", N_("Case it was merged into"), "Z-2026-00816"),
        UPDATED_AT,
    ),
)

CONTACTS = Table(
    "contacts",
    N_("One contact between a customer and the organisation"),
    ("contact_id",),
    (
        _text("contact_id", N_("The contact"), "C-99120", required=True),
        _text("root_id", N_("First leg of a transferred contact; legs are one contact"), "C-99118"),
        CUSTOMER_ID,
        CASE_ID,
        PROCESS,
        _time("started_at", N_("When the customer made contact"), required=True, fact_time=True),
        _time("answered_at", N_("When it was answered")),
        _text("channel", N_("Channel"), "phone", required=True, coded="channel"),
        _text(
            "direction", N_("From the customer (in) or to the customer (out)"), "in",
            values=("in", "out"),
            synonyms={
                "inbound": "in", "inkomend": "in", "incoming": "in", "i": "in", "ingaand": "in",
                "outbound": "out", "uitgaand": "out", "outgoing": "out", "o": "out",
                "uit": "out", "u": "out",
            },
        ),
        REASON,
        _text(
            "category", N_("Valuable, hygiene or unnecessary"), "hygiene",
            values=("valuable", "hygiene", "unnecessary"),
            synonyms={
                "waardevol": "valuable", "hygiëne": "hygiene", "hygiene": "hygiene",
                "onnodig": "unnecessary", "vermijdbaar": "unnecessary", "avoidable": "unnecessary",
                "failure demand": "unnecessary", "value demand": "valuable",
            },
        ),
        _text("cause", N_("Cause of an unnecessary contact"), "late_delivery", coded="cause"),
        _text("causing_department", N_("Department that caused it"), "Logistics", coded="department"),
        MOMENT,
        _seconds("wait_s", N_("Waiting time in seconds"), "35", A_YEAR),
        _seconds("talk_s", N_("Talk time in seconds"), "240"),
        _seconds("hold_s", N_("Hold time in seconds"), "15"),
        _seconds("wrap_s", N_("Wrap-up time in seconds"), "60"),
        _seconds("handle_s", N_("Handle time in seconds"), "315"),
        Column("abandoned", Type.BOOLEAN, N_("The customer gave up waiting"), "no"),
        _text("transferred_to", N_("Where it was transferred to"), "Technique", coded="department"),
        _text("agent_id", N_("Employee"), "M117", personal=True),
        _text("emotion", N_("Emotion as the employee coded it"), "angry", coded="emotion"),
        _text("text", N_("What was said or written"), "Where is my order?", personal=True),
        UPDATED_AT,
    ),
)  # fmt: skip

CHAIN_EVENTS = Table(
    "chain_events",
    N_("One thing that happened in a chain: a status, work, a hand-over, a moment or a note"),
    ("event_id",),
    (
        _text("event_id", N_("The event"), "E-1", required=True),
        CASE_ID,
        CUSTOMER_ID,
        PROCESS,
        _time("occurred_at", N_("When it happened"), required=True, fact_time=True),
        _time("ended_at", N_("When it ended")),
        _text(
            "kind", N_("What it is"), "moment", required=True,
            values=("status", "work", "handoff", "moment", "note"),
            synonyms={
                "werk": "work", "bewerking": "work", "overdracht": "handoff",
                "contactmoment": "moment", "notitie": "note",
            },
        ),
        _text("value", N_("The status, step or moment"), "delivery"),
        _text("department", N_("Department that did it"), "Planning", coded="department"),
    ),
    rules=(
        TableRule(
            ("case_id", "customer_id"),
            N_("needs a case or a customer: both are empty"),
            _one_of_case_and_customer,
            "case_id IS NOT NULL OR customer_id IS NOT NULL",
        ),
    ),
)  # fmt: skip

METRICS = ("grade10", "csat5", "nps", "ces7", "clear", "correct", "complete", "resolved")

SURVEYS = Table(
    "surveys",
    N_("One answer to one question of a survey"),
    ("response_id", "metric"),
    (
        _text("response_id", N_("The answer sheet"), "R-551", required=True),
        _text(
            "metric", N_("The question"), "csat5", required=True, values=METRICS,
            synonyms={"csat": "csat5", "rapportcijfer": "grade10", "cijfer": "grade10",
                      "ces": "ces7", "duidelijk": "clear", "juist": "correct",
                      "volledig": "complete", "opgelost": "resolved"},
        ),
        Column("score", Type.NUMBER, N_("The answer, on the metric's own scale"), "4"),
        _text("comment", N_("What the customer wrote"), "Fast and friendly", personal=True),
        _text(
            "level", N_("What it is about; default the contact"), "contact",
            values=("contact", "process", "relation"),
            synonyms={"proces": "process", "relatie": "relation"},
        ),
        _time("invited_at", N_("When the customer was invited")),
        Column("delivered", Type.BOOLEAN, N_("The invitation arrived"), "yes"),
        _time("responded_at", N_("When the customer answered"), fact_time=True),
        CONTACT_ID,
        CASE_ID,
        CUSTOMER_ID,
        PROCESS,
        MOMENT,
    ),
)  # fmt: skip

WEB_EVENTS = Table(
    "web_events",
    N_("One step of an online funnel"),
    ("entity_id", "funnel", "step", "at"),
    (
        _text(
            "entity_id", N_("Visitor, session or customer"), "s-77", required=True, personal=True
        ),
        _text("funnel", N_("The funnel"), "order", required=True),
        _text("step", N_("The step"), "basket", required=True),
        _time("at", N_("When it happened"), required=True, fact_time=True),
        CUSTOMER_ID,
    ),
)

STAFFING = Table(
    "staffing",
    N_("Hours staffed on a day"),
    ("date", "process"),
    (
        _date("date", N_("The day"), required=True),
        _text(
            "process", N_("Customer process; empty for all"), "fault", default="", coded="process"
        ),
        Column(
            "staffed_hours", Type.NUMBER, N_("Hours staffed"), "37.5", required=True, rule=AtLeast()
        ),
    ),
)

TOTALS = Table(
    "totals",
    N_("A weekly or monthly total for what exists only so"),
    ("period_start", "metric", "dimension"),
    (
        _date("period_start", N_("First day of the period"), required=True),
        _text("metric", N_("What is counted"), "online transactions", required=True),
        _text("dimension", N_("Break-down; empty for the whole"), "portal", default=""),
        Column("value", Type.NUMBER, N_("The total"), "18250", required=True),
    ),
)

POSTS = Table(
    "posts",
    N_("One message on social media"),
    ("post_id",),
    (
        _text("post_id", N_("The message"), "P-9", required=True),
        _time("posted_at", N_("When it was posted"), required=True, fact_time=True),
        _text("text", N_("The text"), "Outage again", required=True, personal=True),
        _text("source", N_("Platform"), "mastodon"),
        _text(
            "sentiment", N_("Sentiment as given by the source"), "negative",
            values=("negative", "neutral", "positive"),
            synonyms={"negatief": "negative", "neutraal": "neutral", "positief": "positive"},
        ),
        PROCESS,
    ),
)  # fmt: skip

QUALITY_REVIEWS = Table(
    "quality_reviews",
    N_("One quality review of a contact"),
    ("review_id",),
    (
        _text("review_id", N_("The review"), "Q-3", required=True),
        _time("reviewed_at", N_("When it was reviewed"), required=True, fact_time=True),
        CONTACT_ID,
        PROCESS,
        _text("agent_id", N_("Employee"), "M117", personal=True),
        Column("score", Type.NUMBER, N_("Quality score"), "85", required=True),
        _text("remark", N_("Remark of the reviewer"), "Good summary", personal=True),
    ),
)

FACTS: tuple[Table, ...] = (
    CUSTOMERS,
    IDENTITIES,
    HOLDINGS,
    CASES,
    CONTACTS,
    CHAIN_EVENTS,
    SURVEYS,
    WEB_EVENTS,
    STAFFING,
    TOTALS,
    POSTS,
    QUALITY_REVIEWS,
)
