"""Numbers, durations, dates and changes as people read them, in the language spoken now.

Dutch: 1.234,5 · 27 % · 2 d 4 u · € 1.250 · wk 14 · 30-06-2026.
English: 1,234.5 · 27% · 2 d 4 h · €1,250 · wk 14 · 30 Jun 2026.

A number and its unit are joined by a space that does not break. `NOTHING` stands where there is
no value: never 0, never "nan".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from kpi.dates import (
    as_of,
    bucket,
    day,
    day_full,
    day_long,
    day_short,
    in_zone,
    moment,
    month,
    period,
    week,
)
from kpi.i18n import _, locale
from kpi.model import Better, Unit
from kpi.numerals import euro, missing, number, percent, separators, size, with_percent
from kpi.text import NOTHING, SPACE

#: Days below which the change of a value told in hours is told in hours too.
_NEAR = 3
#: Below it one decimal would make nought of a number.
_NAUGHT = 0.095


# --- durations --------------------------------------------------------------------------------


#: Whether durations stand beside longer ones: then all of them are told in days.
_in_days: ContextVar[bool] = ContextVar("ketenzicht_in_days", default=False)


@contextmanager
def alike(unit: Unit, values: Iterable[float | None]) -> Iterator[None]:
    """Inside, these values of a unit are told alike: none in hours beside one in days."""
    known = (value for value in values if value is not None and not missing(value))
    before = _in_days.set(unit is Unit.DAYS and not all(map(told_in_hours, known)))
    try:
        yield
    finally:
        _in_days.reset(before)


def days(value: float | None, decimals: int | None = None) -> str:
    """A duration in days as 2,2 d, and as 31 h below two days.

    With `decimals` it is always in days: for an axis, or a column of one unit.
    """
    if value is None or missing(value):
        return NOTHING
    if decimals is None and value and told_in_hours(value) and not _in_days.get():
        return in_hours(value)
    if decimals is None:
        decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= _NAUGHT or not value else 2
    return f"{number(value, decimals)}{SPACE}{_('d')}"


def told_in_hours(length: float) -> bool:
    """Whether a duration in days is said in hours: 47 h, but 2 d for what rounds to 48."""
    return abs(length) * 24 < 47.5


def in_hours(length: float, decimals: int | None = None) -> str:
    """A duration in days as 31 h; `decimals` fixes how fine."""
    figures = _of_hours(length) if decimals is None else decimals
    return f"{number(length * 24, figures)}{SPACE}{_('h')}"


def _of_hours(length: float) -> int:
    """Decimals of a duration in days that is said in hours."""
    return 1 if abs(length) * 24 < 10 else 0


def duration(value: float | None) -> str:
    """A duration in days as one says it: 2 d 4 u, 31 u (`alike`: 1 d 7 u), 45 min below an hour."""
    if value is None or missing(value):
        return NOTHING
    sign, length = ("\u2212" if value < 0 else ""), abs(value)
    if length < 1 / 24:
        text = f"{number(length * 24 * 60)}{SPACE}{_('min')}"
    elif told_in_hours(length) and (length < 1 or not _in_days.get()):
        text = in_hours(length)
    elif length < 100:
        whole, hours = divmod(round(length * 24), 24)
        text = f"{whole}{SPACE}{_('d')}" + (f"{SPACE}{hours}{SPACE}{_('h')}" if hours else "")
    else:
        text = f"{number(length)}{SPACE}{_('d')}"
    return sign + text


def seconds(value: float | None) -> str:
    """A short duration in seconds: 45 s, 5 min 20 s, and as `duration` from an hour on."""
    if value is None or missing(value):
        return NOTHING
    if abs(value) >= 3600:
        return duration(value / 86400)
    sign, total = ("\u2212" if value < 0 else ""), round(abs(value))
    minutes, rest = divmod(total, 60)
    if not minutes:
        return f"{sign}{rest}{SPACE}{_('s')}"
    text = f"{sign}{minutes}{SPACE}{_('min')}"
    return f"{text}{SPACE}{rest}{SPACE}{_('s')}" if rest else text


# --- values of a KPI --------------------------------------------------------------------------

#: Most decimals a unit ever shows.
_MOST = {
    Unit.PERCENT: 1,
    Unit.DAYS: 1,
    Unit.COUNT: 0,
    Unit.PER_HOUR: 1,
    Unit.PER_THOUSAND: 1,
    Unit.GRADE: 1,
    Unit.EURO: 0,
    Unit.SECONDS: 0,
    Unit.POINTS: 1,
    Unit.NPS: 0,
    Unit.PER_HUNDRED_MONTH: 1,
    Unit.RATIO: 2,
}


def decimals(
    value: float | None, unit: Unit, low: float | None = None, high: float | None = None
) -> int:
    """As many decimals as the 95 % interval justifies, and never more than the unit bears.

    A share shows a decimal only when its interval is narrower than a point; a value below one
    keeps its decimals, for 0 would hide it.
    """
    most = _MOST[unit]
    if value is None or missing(value):
        return 0
    if not most:
        # What is counted is whole; how many there are per other thing is not.
        return 2 if unit is Unit.COUNT and value % 1 and abs(value) < 10 else 0
    if 0 < abs(value) < _NAUGHT:
        return most + 1
    if 0 < abs(value) < 1 or unit in {Unit.GRADE, Unit.RATIO}:
        return most
    if unit is Unit.PERCENT:
        known = low is not None and high is not None and math.isfinite(high - low)
        sharp = (high - low) / 2 < 0.5 if known else abs(value) < 10  # type: ignore[operator]
        return 1 if sharp else 0
    return 0 if abs(value) >= 100 else most


def value(
    amount: float | None, unit: Unit, low: float | None = None, high: float | None = None,
    places: int | None = None,
) -> str:  # fmt: skip
    """A KPI's value with its unit; `low` and `high` decide how many decimals, `places` fixes it."""
    if missing(amount):
        return NOTHING
    if unit is Unit.DAYS:
        return days(amount, places)
    figures = decimals(amount, unit, low, high) if places is None else places
    if unit is Unit.PERCENT:
        # Beside others on an axis, or in an interval, it is the figure that is wanted.
        return percent(amount, figures) if places is None else with_percent(amount, figures)
    if unit is Unit.EURO:
        return euro(amount, figures)
    if unit is Unit.SECONDS:
        return seconds(amount)
    least = 10.0**-figures
    if places is None and amount is not None and 0 < amount < least / 2:
        # A nought would say that there is nothing.
        return f"<{SPACE}{number(least, figures)}"
    return number(amount, figures)


def aim(amount: float, unit: Unit) -> str:
    """A value that somebody set, as fine as it was set: 2 % and 2,5 %, never 2,0 %."""
    if unit in {Unit.DAYS, Unit.SECONDS, Unit.EURO}:
        return value(amount, unit)
    places = next((few for few in range(_MOST[unit]) if round(amount, few) == amount), _MOST[unit])
    return value(amount, unit, places=places)


def interval(low: float | None, high: float | None, unit: Unit) -> str:
    """The 95 % interval as 25–29 %; empty where there is none."""
    if low is None or high is None or missing(low) or missing(high):
        return ""
    places = max(decimals(low, unit, low, high), decimals(high, unit, low, high))
    upper = value(high, unit, places=places)
    if unit is Unit.EURO:
        return f"{value(low, unit, places=places)} {NOTHING} {upper}"
    if unit is Unit.SECONDS:
        return f"{seconds(low)} {NOTHING} {upper}"
    if unit is Unit.DAYS and low + high < 4 and not _in_days.get():
        # In hours, as a value in their middle is.
        return f"{number(low * 24, _of_hours(high))}{NOTHING}{in_hours(high)}"
    return f"{number(low, places)}{NOTHING}{upper}"


def per(unit: Unit) -> str:
    """What a rate is of, which its figure does not say: "per 1.000 klanten"; empty for others."""
    return unit_name(unit) if unit in {Unit.PER_THOUSAND, Unit.PER_HUNDRED_MONTH} else ""


def unit_name(unit: Unit) -> str:
    """The unit in words, for the head of a column; empty for plain counts."""
    return {
        Unit.PERCENT: "%",
        Unit.DAYS: _("days"),
        Unit.COUNT: "",
        Unit.PER_HOUR: _("per hour"),
        Unit.PER_THOUSAND: _("per 1,000 customers"),
        Unit.GRADE: _("grade 1-10"),
        Unit.EURO: "€",
        Unit.SECONDS: _("seconds"),
        Unit.POINTS: _("points"),
        Unit.NPS: "NPS",
        Unit.PER_HUNDRED_MONTH: _("per 100 customers a month"),
        Unit.RATIO: "",
    }[unit]


# --- change -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A difference, ready to read: "▼ 0,4 d, beter".

    `good` is True for better, False for worse, None where neither can be said (no difference, or
    a KPI without a good direction).
    """

    arrow: str
    amount: str
    word: str
    good: bool | None

    @property
    def text(self) -> str:
        """All of it in one line."""
        if not self.amount:
            return self.word
        return f"{self.arrow}{SPACE}{self.amount}, {self.word}"

    def told(self, sure: bool) -> str:
        """The same, without "better" or "worse" where it may be chance."""
        return self.text if sure or not self.amount else f"{self.arrow}{SPACE}{self.amount}"


def change(
    now: float | None,
    before: float | None,
    unit: Unit,
    better: Better,
    places: int | None = None,
) -> Change | None:
    """How `now` differs from `before`; None where one of them is missing.

    Shares differ by points. What rounds to nothing at the decimals shown is "the same".
    """
    if now is None or before is None or missing(now) or missing(before):
        return None
    least, up = abs(now - before), now > before
    figures = decimals(now, unit) if places is None else places
    if unit is Unit.PERCENT and places is None and least < 1:
        figures = 1
    shown = unit_difference(least, unit, figures)
    longest = max(abs(now), abs(before))
    hours = unit is Unit.DAYS and told_in_hours(now) and not _in_days.get()
    if hours and places is None and longest < _NEAR:
        # In the unit of the value it stands beside, and of the two as they are told.
        figures = 1 if longest * 24 < 10 else 0
        least = abs(round(now * 24, figures) - round(before * 24, figures))
        shown = f"{number(least, figures)}{SPACE}{_('h')}"
    if round(least, figures) == 0:
        return Change("=", "", _("the same"), None)
    arrow = "▲" if up else "▼"
    if better is Better.CONTEXT:
        return Change(arrow, shown, _("more") if up else _("less"), None)
    good = up == (better is Better.UP)
    return Change(arrow, shown, _("better") if good else _("worse"), good)


def unit_difference(amount: float, unit: Unit, places: int) -> str:
    """A difference with its unit: two shares differ by points, not by per cent."""
    if unit is Unit.PERCENT:
        figure = number(amount, places)
        word = _("point") if figure == "1" else _("points")
        return f"{figure}{SPACE}{word}"
    return value(amount, unit, places=places)


def upper_first(text: str) -> str:
    """The text with a capital, for the beginning of a line."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """A title in the middle of a sentence; "CSAT" and "NPS" stay as they are."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


__all__ = [
    "NOTHING",
    "SPACE",
    "Change",
    "alike",
    "as_of",
    "bucket",
    "change",
    "day",
    "day_full",
    "day_long",
    "day_short",
    "days",
    "decimals",
    "duration",
    "euro",
    "in_hours",
    "in_zone",
    "interval",
    "locale",
    "lower_first",
    "missing",
    "moment",
    "month",
    "number",
    "per",
    "percent",
    "period",
    "seconds",
    "separators",
    "size",
    "unit_difference",
    "unit_name",
    "value",
    "week",
]
