"""What is derived at load for sales, channels, texts and chains; see `kpi.schema.prepared`."""

from __future__ import annotations

from kpi.schema.columns import CUSTOMER_DIMENSIONS, day, flag, number, text, time, whole
from kpi.schema.model import Table

PREPARED_PHASES = Table(
    "prepared_phases",
    "A stretch of one customership period in which tenure, products and calling stay the same",
    ("customer_id", "since_day", "from_day"),
    (
        CUSTOMER_DIMENSIONS[0],
        day("since_day", "First day of the customership period", required=True),
        day("until_day", "First day no longer a customer; null while one"),
        day("from_day", "First day of the stretch", required=True),
        day("to_day", "First day after the stretch; null when it goes on"),
        flag("voluntary", "Left by notice; not moved abroad, death or non-payment"),
        day("left_day", "Chose to leave: gave notice, else left; null without that choice"),
        *CUSTOMER_DIMENSIONS[1:],
    ),
)

PREPARED_PROFILES = Table(
    "prepared_profiles",
    "What one customer was, in spans of days without holes, also before and after being one",
    ("customer_id", "from_day"),
    (
        CUSTOMER_DIMENSIONS[0],
        day("from_day", "First day of the span", required=True),
        day("to_day", "First day after the span"),
        *CUSTOMER_DIMENSIONS[1:],
    ),
)

PREPARED_HOLDINGS = Table(
    "prepared_holdings",
    "One product that a customer has or had, as it was sold",
    ("holding_id",),
    (
        text("holding_id", "The contract or subscription", "K-2201", required=True),
        text("product", "Product or service", "electricity"),
        text("channel", "Channel of the sale", "portal"),
        *CUSTOMER_DIMENSIONS,
        time("sold_at", "Sold; null where only the day it began is known"),
        day("sold_day", "Sold, else begun, local day"),
        flag("annulled", "The sale was annulled"),
        flag("renewal", "Takes over, within a day, from the same product of the same customer"),
        flag("existing", "The customer was one the day before; null for an unknown customer"),
        whole("import_id", "Import that last wrote it"),
    ),
)

PREPARED_STEERING = Table(
    "prepared_steering",
    "One contact whose reason has a channel strategy for such a customer on that day",
    ("contact_id",),
    (
        text("contact_id", "The contact", "C-1", required=True),
        text("strategy", "Its channel is preferred, supporting, discouraged or other", "preferred"),
    ),
)

PREPARED_SALES_AFTER = Table(
    "prepared_sales_after",
    "One valuable contact whose customer bought a new service within 30 days after it",
    ("contact_id",),
    (text("contact_id", "The contact", "C-1", required=True),),
)

PREPARED_TRANSACTIONS = Table(
    "prepared_transactions",
    "Transactions done online and by telephone: one contact, or the two totals of one period",
    ("transaction_id",),
    (
        text("transaction_id", "The contact, or the period and break-down", "contact C-1", required=True),
        day("day", "Local day; of a total the first of its period"),
        text("process", "Customer process; of a total through its reason", "details"),
        text("reason", "The transaction: reason of the contact, break-down of the total", "address"),
        text("segment", "Customer group at the time; null for a total", "household"),
        text("value_class", "Value of the customer at the time; null for a total", "high"),
        flag("has_portal", "Uses the portal; null for a total"),
        text("tenure", "New or long a customer at the time; null for a total", "long"),
        text("products", "Many products or few at the time; null for a total", "few"),
        flag("caller", "Was in touch in the year before; null for a total"),
        number("online", "How many online"),
        number("calls", "How many by telephone"),
        flag("from_totals", "A total of a period"),
        whole("import_id", "Import that last wrote it"),
    ),
)  # fmt: skip

PREPARED_TEXTS = Table(
    "prepared_texts",
    "One post, or one inbound contact with a text or an emotion",
    ("text_id",),
    (
        text("text_id", "The post or contact", "post P-9", required=True),
        day("day", "Posted or started, local day"),
        text("source", "Platform of a post, else social; contact", "mastodon"),
        text("process", "Customer process", "fault"),
        text("channel", "Channel; of a post social", "social"),
        text("reason", "Reason of the contact", "outage"),
        text("sentiment", "negative, neutral or positive, as given; null when nobody did", "negative"),
        whole("import_id", "Import that last wrote it"),
    ),
)  # fmt: skip

PREPARED_PASSAGES = Table(
    "prepared_passages",
    "One moment of the chain that a case is known to have passed",
    ("case_id", "moment"),
    (
        text("case_id", "The case", "Z-1", required=True),
        text("moment", "Contact moment", "delivery", required=True),
        whole("position", "Place in the chain"),
        flag("measured", "There is an event for it"),
        flag("optional", "Not every case passes it: only there when there is an event"),
        day("day", "Local day of its first event"),
    ),
)
