"""The codes of the demo: the ids of the default configuration, so that they are understood."""

from __future__ import annotations

from typing import NamedTuple

PROCESSES = ("request", "information", "details", "fault", "complaint", "cancellation")
REQUEST, INFORMATION, DETAILS, FAULT, COMPLAINT, CANCELLATION = range(6)

CHANNELS = ("phone", "email", "chat", "portal", "app", "letter", "social")
PHONE, EMAIL, CHAT, PORTAL, APP, LETTER, SOCIAL = range(7)
#: Channels where the customer waits for an answer there and then.
LIVE = (PHONE, CHAT)

DEPARTMENTS = (
    "customer_service",
    "logistics",
    "planning",
    "operations",
    "finance",
    "production",
    "digital",
    "communication",
    "product",
    "it",
)
CUSTOMER_SERVICE = 0

CATEGORIES = ("valuable", "hygiene", "unnecessary")
VALUABLE, HYGIENE, UNNECESSARY = range(3)

#: Cause → the department that causes it.
CAUSES = {
    "late_delivery": "logistics",
    "instructions_unclear": "product",
    "product_broken": "production",
    "letter_unclear": "communication",
    "invoice_wrong": "finance",
    "portal_failed": "digital",
    "status_unknown": "operations",
    "promise_not_kept": "operations",
    "asked_twice": "it",
    "wrongly_transferred": "customer_service",
    "closed_too_early": "operations",
    "other_repeat": "customer_service",
    "product_failed": "production",
}
CAUSE_NAMES = tuple(CAUSES)


class Reason(NamedTuple):
    """A reason for contact in the demo: its share of the process and what its contacts are."""

    name: str
    process: int
    share: float
    category: int
    season: str = "flat"


#: Shares are of the cases (and, for information, the contacts) of a process.
REASONS = (
    Reason("order_status", REQUEST, 0.0, HYGIENE),
    Reason("offer", REQUEST, 0.3, VALUABLE),
    Reason("delivery_time", REQUEST, 0.19, HYGIENE),
    Reason("moving_house", REQUEST, 0.36, VALUABLE, "moving"),
    Reason("change_product", REQUEST, 0.15, VALUABLE),
    Reason("invoice_explained", INFORMATION, 0.36, HYGIENE, "billing"),
    Reason("conditions", INFORMATION, 0.17, HYGIENE),
    Reason("how_to_use", INFORMATION, 0.19, HYGIENE, "winter"),
    Reason("reassurance", INFORMATION, 0.13, HYGIENE),
    Reason("letter", INFORMATION, 0.03, UNNECESSARY),
    Reason("portal_help", INFORMATION, 0.07, UNNECESSARY),
    Reason("requested_document", INFORMATION, 0.05, HYGIENE),
    Reason("address", DETAILS, 0.46, HYGIENE, "moving"),
    Reason("bank_account", DETAILS, 0.25, HYGIENE),
    Reason("name", DETAILS, 0.1, HYGIENE),
    Reason("sign_in", DETAILS, 0.19, UNNECESSARY),
    Reason("defect", FAULT, 0.78, UNNECESSARY, "winter"),
    Reason("outage", FAULT, 0.1, UNNECESSARY),
    Reason("fault_status", FAULT, 0.0, HYGIENE),
    Reason("engineer_no_show", FAULT, 0.12, UNNECESSARY),
    Reason("late_delivery", COMPLAINT, 0.2, UNNECESSARY),
    Reason("invoice_wrong", COMPLAINT, 0.27, UNNECESSARY, "billing"),
    Reason("treatment", COMPLAINT, 0.16, UNNECESSARY),
    Reason("broken_promise", COMPLAINT, 0.24, UNNECESSARY),
    Reason("tip", COMPLAINT, 0.13, VALUABLE),
    Reason("price", CANCELLATION, 0.3, VALUABLE),
    Reason("service", CANCELLATION, 0.18, VALUABLE),
    Reason("moving_out", CANCELLATION, 0.22, HYGIENE),
    Reason("switching", CANCELLATION, 0.3, VALUABLE),
)
REASON_NAMES = tuple(reason.name for reason in REASONS)
REASON = {name: place for place, name in enumerate(REASON_NAMES)}

#: What a customer in the middle of a case asks when nothing is heard: its "where is it?".
STATUS_REASON = (
    REASON["order_status"],
    REASON["invoice_explained"],
    REASON["address"],
    REASON["fault_status"],
    REASON["broken_promise"],
    REASON["switching"],
)

END_REASONS = ("overstap", "prijs", "naar het buitenland", "overleden", "wanbetaling")
STATUSES = ("gesloten", "in behandeling", "wachten", "ingetrokken", "geparkeerd")
CLOSED, OPEN, WAITING, WITHDRAWN, PARKED = range(5)
OUTCOMES = ("afgehandeld", "gegrond", "ongegrond", "behouden", "beëindigd", "ingetrokken")
SETTLED, UPHELD, DISMISSED, RETAINED, ENDED, GIVEN_UP = range(6)
EMOTIONS = ("blij", "neutraal", "bezorgd", "geïrriteerd", "boos")
PRODUCTS = (
    "stroom",
    "gas",
    "warmte",
    "zonnepanelen",
    "laadpaal",
    "cv-onderhoud",
    "slimme thermostaat",
)
SEGMENTS = ("huishouden", "zelfstandige", "klein bedrijf")


#: Per process the contact moment that its first report is.
FIRST_MOMENTS = ("application", "question", "request", "report", "received", "cancellation")


def reasons_of(process: int) -> tuple[int, ...]:
    """The reasons of a process, as places in `REASONS`."""
    return tuple(place for place, reason in enumerate(REASONS) if reason.process == process)
