"""Numbers, shares, amounts and sizes as people read them: see `kpi.formats`, the door to these."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_decimal

from kpi.i18n import language, locale
from kpi.text import NOTHING, SPACE

#: A share that was added up of parts is off by less than this.
_DUST = 1e-9


def separators() -> str:
    """Decimal and thousands separator, as Plotly wants them."""
    return ",." if language() == "nl" else ".,"


def missing(value: float | None) -> bool:
    """Whether there is no number: None, not a number, or infinite."""
    return value is None or not math.isfinite(value)


def number(value: float | None, decimals: int = 0) -> str:
    """1.234,5 with `decimals` figures behind the separator, always that many."""
    if value is None or not math.isfinite(value):
        return NOTHING
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    # Half away from zero, as people round; Python's own way makes 80.5 into 80.
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    rounded += 0  # no "-0"
    return _spelled(rounded, pattern, locale())


# A page has hundreds of numbers and is written anew at every click.
@lru_cache(maxsize=8192)
def _spelled(rounded: Decimal, pattern: str, where: str) -> str:
    return format_decimal(rounded, format=pattern, locale=where).replace("-", "\u2212")


def percent(value: float | None, decimals: int = 0) -> str:
    """27 % of a number from 0 to 100 (Dutch typography takes a space, English does not).

    What is not quite nothing or not quite all is not rounded to it: 0,3 %, < 0,1 %, > 99,9 %.
    """
    if value is None or missing(value):
        return NOTHING
    if _rounded_away(value, decimals):
        decimals = max(decimals, 1)
    if not _rounded_away(value, decimals):
        return with_percent(value, decimals)
    least = 10.0**-decimals
    if value < least:
        return f"<{SPACE}{with_percent(least, decimals)}"
    return f">{SPACE}{with_percent(100 - least, decimals)}"


def with_percent(value: float | None, decimals: int) -> str:
    """The figure as it rounds, with its sign: for an axis, or the end of an interval."""
    return number(value, decimals) + (SPACE if language() == "nl" else "") + "%"


def _rounded_away(value: float, decimals: int) -> bool:
    """Whether a share that is neither nothing nor all would read so."""
    half = 0.5 * 10.0**-decimals
    return _DUST < value < half or 100 - half <= value < 100 - _DUST


def euro(value: float | None, decimals: int = 0) -> str:
    """€ 1.250."""
    if value is None or missing(value):
        return NOTHING
    sign = "\u2212" if round(value, decimals) < 0 else ""
    return f"{sign}€{SPACE if language() == 'nl' else ''}{number(abs(value), decimals)}"


def size(count: int) -> str:
    """Bytes, as 12,4 MB."""
    if count < 1000:
        return f"{number(count)}{SPACE}B"
    if count < 1_000_000:
        return f"{number(count / 1000)}{SPACE}kB"
    return f"{number(count / 1_000_000, 1)}{SPACE}MB"
