"""Differences and ratios that agree with the two numbers they stand beside, as these are shown.

30.4 % and 38.7 % are shown as 30 % and 39 %: whoever subtracts finds 9 points and not the 8 of what
was rounded last. So both are rounded first, as they are shown.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from kpi import formats
from kpi.formats import Change
from kpi.i18n import _
from kpi.model import Better, Unit

#: Units that are shown in other words as they grow: their change has its own.
_IN_WORDS = frozenset({Unit.DAYS, Unit.SECONDS})
#: From so many times on a ratio is told whole: its tenths are of what was rounded.
_ABOUT = 10


class Value(Protocol):
    """A value with its interval."""

    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...


def changed(now: Value, before: Value, unit: Unit, better: Better) -> Change | None:
    """How one value differs from another, both as shown; None where one is missing."""
    whole = formats.change(now.value, before.value, unit, better)
    if whole is None or unit in _IN_WORDS or now.value is None or before.value is None:
        return whole
    places = [formats.decimals(one.value, unit, one.low, one.high) for one in (now, before)]
    shown = [
        rounded(value, own)
        for value, own in zip((now.value, before.value), places, strict=True)
    ]  # fmt: skip
    if shown[0] == shown[1]:
        # Shown alike and yet another: then the difference alone says so.
        return whole
    found = formats.change(shown[0], shown[1], unit, better, min(places))
    return found if found is not None and found.amount else whole


def times(now: float, usual: float) -> str:
    """How many times the usual, of two numbers as they are shown; empty where nothing is usual."""
    if not usual:
        return ""
    ratio = now / usual
    if ratio < _ABOUT:
        return _("{times} times as many").format(times=formats.number(ratio, 1))
    return _("about {times} times as many").format(times=formats.number(ratio))


def rounded(value: float, places: int) -> float:
    """The value as `formats.number` shows it."""
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
