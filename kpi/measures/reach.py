"""Reaching us by telephone and chat, and what a conversation takes: K15 to K17 and K39."""

from __future__ import annotations

from kpi.measures.words import CONTACT, UNKNOWN_DIRECTION, Columns, Condition, every, handled
from kpi.model import Better, Extra, Kind, Kpi, Moment, Unit
from kpi.text import N_

#: Answered within this time is well answered; who gave up within that one did not really wait.
ANSWERED_SECONDS = 20
GAVE_UP_SECONDS = 5


def _waiting(c: Columns, at: Moment) -> Condition:  # noqa: ARG001 - a condition like the others
    """Inbound, through a channel on which the customer waits for an answer."""
    return c.inbound & c.live


def _given_up(c: Columns) -> Condition:
    """Gave up, and not within five seconds; an unknown wait counts as longer."""
    return c.abandoned & (c.wait_s.is_(None) | (c.wait_s > GAVE_UP_SECONDS))


def _answered_or_given_up(c: Columns) -> Condition:
    return c.answered | _given_up(c)


SHORT = Extra(
    "short",
    N_("Gave up within five seconds"),
    lambda c, _: c.abandoned & (c.wait_s <= GAVE_UP_SECONDS),
)

SERVICE_LEVEL = Kpi(
    name="service_level",
    id="K16",
    title=N_("Service level"),
    definition=N_(
        "Of the telephone calls and chats that were answered or given up: the share that was "
        "answered within twenty seconds."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    target=80,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=CONTACT,
    where=_waiting,
    numerator=lambda c, _: c.answered & (c.wait_s <= ANSWERED_SECONDS),
    denominator=lambda c, _: (c.answered & c.wait_s.is_not(None)) | _given_up(c),
    leaves_out=N_(
        "Who gave up within five seconds, contacts that were answered after an unknown wait, and "
        "channels on which nobody waits."
    ),
    extras=(
        Extra(
            "unknown_wait",
            N_("Answered after an unknown wait"),
            lambda c, _: c.answered & c.wait_s.is_(None),
        ),
        SHORT,
        UNKNOWN_DIRECTION,
    ),
    options={"kept_by": (("weekday_hour",),)},
)

ABANDONMENT = Kpi(
    name="abandonment",
    id="K17",
    title=N_("Abandoned"),
    definition=N_(
        "Of the telephone calls and chats that were answered or given up: the share in which the "
        "customer gave up after more than five seconds."
    ),
    unit=Unit.PERCENT,
    better=Better.DOWN,
    target=5,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=CONTACT,
    where=_waiting,
    numerator=lambda c, _: _given_up(c),
    denominator=lambda c, _: _answered_or_given_up(c),
    leaves_out=N_(
        "Who gave up within five seconds, and channels on which nobody waits. Who gave up after an "
        "unknown wait counts."
    ),
    extras=(
        Extra(
            "unknown_wait",
            N_("Gave up after an unknown wait"),
            lambda c, _: c.abandoned & c.wait_s.is_(None),
        ),
        SHORT,
        UNKNOWN_DIRECTION,
    ),
    options={"kept_by": (("weekday_hour",),)},
)

WAITING_TIME = Kpi(
    name="waiting_time",
    id="K16",
    title=N_("Waiting time"),
    definition=N_(
        "The median time until a telephone call or chat was answered; beside it the time within "
        "which nine of ten were answered."
    ),
    unit=Unit.SECONDS,
    better=Better.DOWN,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.QUANTILE,
    dimensions=CONTACT,
    where=lambda c, at: _waiting(c, at) & c.answered & c.wait_s.is_not(None),
    numerator=lambda c, _: c.wait_s,
    leaves_out=N_(
        "Who gave up (abandoned counts them), contacts that were answered after an unknown wait, "
        "and channels on which nobody waits."
    ),
    additive=False,
)

HANDLE_TIME = Kpi(
    name="handle_time",
    id="K15",
    title=N_("Handle time"),
    definition=N_(
        "Mean of talking, holding and wrapping up (else the handle time of the source) of the "
        "answered inbound contacts of which it is known."
    ),
    unit=Unit.SECONDS,
    better=Better.CONTEXT,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.MEAN,
    dimensions=CONTACT,
    where=lambda c, _: handled(c),
    numerator=lambda c, _: c.handle_s,
    denominator=lambda c, _: c.handle_s.is_not(None),
    leaves_out=N_("Waiting time, contacts that were not answered, and contacts without times."),
    extras=(
        Extra(
            "with_times",
            N_("Share with known times"),
            lambda c, _: c.handle_s.is_not(None),
            lambda c, _: every(c),
            Unit.PERCENT,
        ),
        UNKNOWN_DIRECTION,
    ),
)

TRANSFERS = Kpi(
    name="transfers",
    id="K39",
    title=N_("Transferred"),
    definition=N_("Of the answered inbound contacts: the share that was transferred."),
    unit=Unit.PERCENT,
    better=Better.DOWN,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=CONTACT,
    where=lambda c, _: handled(c),
    numerator=lambda c, _: c.transfers > 0,
    denominator=lambda c, _: every(c),
    leaves_out=N_("Contacts that were not answered. Legs of one contact count once."),
    extras=(
        Extra(
            "misrouted",
            N_("Misrouted: transferred to another process than where it ended"),
            lambda c, _: c.misrouted,
            lambda c, _: every(c),
            Unit.PERCENT,
        ),
        UNKNOWN_DIRECTION,
    ),
)

TRANSFERRED_TO = Kpi(
    name="transferred_to",
    id="K39",
    title=N_("Transferred to"),
    definition=N_(
        "Of the transferred contacts: the share of each department that they were transferred to "
        "first. Where no department is named, it stays unknown."
    ),
    unit=Unit.PERCENT,
    better=Better.CONTEXT,
    source="prepared_contacts",
    reads=("contacts",),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=(*CONTACT, "transferred_to"),
    where=lambda c, _: handled(c) & (c.transfers > 0),
    numerator=lambda c, _: every(c),
    denominator=lambda c, _: every(c),
    leaves_out=N_("Contacts that were not transferred, and those that were not answered."),
    extras=(
        Extra(
            "misrouted",
            N_("Misrouted: transferred to another process than where it ended"),
            lambda c, _: c.misrouted,
            lambda c, _: every(c),
            Unit.PERCENT,
        ),
    ),
    options={"shares_within": ("transferred_to",), "kept_by": (("transferred_to",),)},
)

KPIS = (SERVICE_LEVEL, ABANDONMENT, WAITING_TIME, HANDLE_TIME, TRANSFERS, TRANSFERRED_TO)
