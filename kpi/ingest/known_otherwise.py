"""Customers known by a number or a requester only: what a profile says of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kpi.ingest.profiles import Feed, Profile, Rule
from kpi.ingest.shaping import unused, with_feed, with_rule
from kpi.schema import TABLES


def known_by(
    profile: Profile, numbers: Sequence[int], header: str, source: str, customer: str = ""
) -> Profile:
    """Contacts (or cases) whose customer is known by a number or a requester only.

    Of phone numbers and e-mail addresses a keyed hash is kept. Where the file has the customer's
    own number in some rows, those rows also tell whose number it is.

    Args:
        profile, numbers: the feeds that have a customer.
        header: column with the number or requester.
        source: what the system is called that knows the customer so.
        customer: column with the customer's own number; empty where the file has none.
    """
    # Said again, it is said otherwise: what was said before is not told beside it.
    kept = tuple(
        feed for number, feed in enumerate(profile.feeds)
        if number in numbers or feed.table != "identities"
        or feed.columns.get("external_id", Rule()).sources != (header,)
    )  # fmt: skip
    changed = with_rule(
        replace(profile, feeds=kept), numbers, "customer_id", Rule(sources=(header,), keyed=True)
    )
    if not customer:
        return changed
    identity = {
        "source": Rule(value=source),
        "external_id": Rule(sources=(header,), keyed=True),
        "customer_id": Rule(sources=(customer,)),
    }
    return with_feed(changed, Feed("identities", identity))


#: A phone number as people write it in the Netherlands and abroad; an e-mail address.
_NUMBER = re.compile(r"(?:\+|00|0)[1-9][\d ()./-]{6,16}\d")
_DIGITS = 9
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")


def numbers_of_customers(
    profile: Profile, headers: Sequence[str], samples: Mapping[str, Sequence[str]]
) -> list[str]:
    """Unread columns of phone numbers or e-mail addresses, where nothing says who the customer is."""
    own = [feed for feed in profile.feeds if "customer_id" in TABLES[feed.table].by_name]
    if not own or any("customer_id" in feed.columns for feed in own):
        return []
    return [
        header
        for header in unused(profile, headers)
        if (values := samples.get(header, ())) and all(map(_reaches_somebody, values))
    ][:1]


def _reaches_somebody(value: str) -> bool:
    digits = sum(character.isdigit() for character in value)
    number = _NUMBER.fullmatch(value) and digits >= _DIGITS
    return bool(number or _ADDRESS.fullmatch(value))
