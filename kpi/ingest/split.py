"""A date in one column and its time of day in another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_TIME_ONLY = re.compile(r"\d{1,2}[:.]\d\d([:.]\d\d)?( ?[ap]\.?m\.?)?", re.IGNORECASE)
_HAS_TIME = re.compile(r"\d{1,2}[:.u]\d\d(?![-/.]\d)|\d[Tt]\d\d")


def time_beside(
    header: str, headers: Sequence[str], free: Sequence[str], samples: Mapping[str, Sequence[str]]
) -> str | None:
    """The column with the time of day that belongs to the date in `header`; None where none does.

    Args:
        header: a column with dates.
        headers: all columns, in order: of several the nearest after it is taken.
        free: those that are not used yet.
        samples: some values of each.
    """
    if not samples[header] or any(_HAS_TIME.search(value) for value in samples[header][:50]):
        return None
    at = list(headers).index(header)
    found = [
        other
        for other in free
        if samples[other] and all(_TIME_ONLY.fullmatch(value) for value in samples[other][:50])
    ]
    places = {name: place for place, name in enumerate(headers)}
    return min(found, key=lambda other: (places[other] < at, abs(places[other] - at)), default=None)
