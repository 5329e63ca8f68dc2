"""Channels: what customers use against what suits them, and online against calls: K28 and K29."""

from __future__ import annotations

import sqlalchemy as sa

from kpi.measures.words import CONTACT, CUSTOMER, UNKNOWN_DIRECTION, every
from kpi.model import Better, Extra, Kind, Kpi, Unit
from kpi.text import N_

_LEFT_OUT = N_(
    "Outbound contacts, and contacts whose reason has no channel strategy: “Share whose reason has a "
    "channel strategy” says how many have one."
)
COVERAGE = Extra(
    "coverage",
    N_("Share whose reason has a channel strategy"),
    lambda c, _: c.strategy.is_not(None),
    lambda c, _: every(c),
    Unit.PERCENT,
)


def _steering(place: str, title: str, definition: str, better: Better) -> Kpi:
    return Kpi(
        name=f"channel_{place}",
        id="K29",
        title=title,
        definition=definition,
        unit=Unit.PERCENT,
        better=better,
        source="contacts_with_strategy",
        reads=("contacts",),
        date="started_day",
        kind=Kind.SHARE,
        dimensions=CONTACT,
        where=lambda c, _: c.inbound,
        numerator=lambda c, _: c.strategy == place,
        denominator=lambda c, _: c.strategy.is_not(None),
        leaves_out=_LEFT_OUT,
        extras=(COVERAGE, UNKNOWN_DIRECTION),
        options={"kept_by": (("reason", "value_class"),)},
    )


CHANNEL_PREFERRED = _steering(
    "preferred",
    N_("Channel steering: preferred channel"),
    N_(
        "Of the inbound contacts whose reason has a channel strategy: the share that came in by a "
        "channel that we prefer for that reason and customer."
    ),
    Better.UP,
)
CHANNEL_SUPPORTING = _steering(
    "supporting",
    N_("Channel steering: supporting channel"),
    N_(
        "Of the inbound contacts whose reason has a channel strategy: the share that came in by a "
        "channel that supports the preferred one."
    ),
    Better.CONTEXT,
)
CHANNEL_DISCOURAGED = _steering(
    "discouraged",
    N_("Channel steering: discouraged channel"),
    N_(
        "Of the inbound contacts whose reason has a channel strategy: the share that came in by a "
        "channel from which we steer away. Steered, never blocked."
    ),
    Better.DOWN,
)

ONLINE_SHARE = Kpi(
    name="online_share",
    id="K28",
    title=N_("Online share"),
    definition=N_(
        "Of the transactions that are done both online and by telephone: the share that was done "
        "online. Totals per period count where there are any, else contacts by reason."
    ),
    unit=Unit.PERCENT,
    better=Better.CONTEXT,
    source="prepared_transactions",
    reads=("contacts", "totals"),
    date="day",
    kind=Kind.SHARE,
    dimensions=("process", "reason", *CUSTOMER),
    numerator=lambda c, _: c.online,
    denominator=lambda c, _: c.online + c.calls,
    leaves_out=N_(
        "Transactions done in one way only, other channels, and page views. A total counts whole "
        "on the first day of its period."
    ),
    extras=(
        Extra(
            "call_to_online",
            N_("Calls per online transaction"),
            lambda c, _: c.calls,
            lambda c, _: c.online,
            Unit.RATIO,
            amount=True,
        ),
        Extra("totals", N_("Totals counted"), lambda c, _: c.from_totals),
        Extra(
            "from_totals",
            N_("Transactions that come from totals"),
            lambda c, _: sa.case((c.from_totals, c.online + c.calls), else_=0.0),
            amount=True,
        ),
    ),
    options={"amounts": True},
)

KPIS = (CHANNEL_PREFERRED, CHANNEL_SUPPORTING, CHANNEL_DISCOURAGED, ONLINE_SHARE)
