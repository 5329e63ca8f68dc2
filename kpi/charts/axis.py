"""What figures share: the value axis, which names there is room for, where labels stand."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kpi import escape, formats
from kpi.i18n import _
from kpi.model import Unit
from kpi.text import SPACE

#: Round steps of an axis in hours.
_HOURS = (0.25, 0.5, 1, 2, 4, 6, 12)
#: How wide the label of a target is, and where it may begin, in shares of the width.
_WIDE = 0.17
_STARTS = (1 - _WIDE, 0.0, 0.66, 0.5, 0.33, 0.17)


@dataclass(frozen=True)
class Range:
    """Bottom and top of a value axis, in the KPI's unit."""

    bottom: float
    top: float


def plain(text: object) -> str:
    """Text from data for a figure: Plotly reads some HTML and %{…}, and shows exactly this now."""
    said = escape.one_line(text).replace("&", "&amp;")
    for sign, written in (("<", "&lt;"), (">", "&gt;"), ("%{", "%&#123;")):
        said = said.replace(sign, written)
    return said


def short(text: str, most: int) -> str:
    """The text, cut to `most` characters with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def short_both(text: str, most: int) -> str:
    """The same for a name of two ("process · channel"): of a long one the first gives way."""
    first, dot, second = text.rpartition(" · ")
    if len(text) <= most or not dot:
        return short(text, most)
    return short(first, max(most - len(dot + second), 8)) + dot + second


def some(places: Sequence[int], most: int = 13) -> list[int]:
    """At most `most` of the places, evenly spread; the last is always one of them."""
    step = max(1, -(-len(places) // most))
    return sorted(places[::-1][::step])


def value_range(numbers: Iterable[float | None], unit: Unit, target: float | None = None) -> Range:
    """From where to where an axis goes: from zero, unless everything lies far from it."""
    known = [number for number in numbers if number is not None]
    if target is not None:
        known.append(target)
    if not known:
        return Range(0.0, 1.0)
    low, high = min(known), max(known)
    # Where all are nought, an axis of hundredths of a per cent would seem to measure something.
    room = (high - low) or abs(high) or (50.0 if unit is Unit.PERCENT else 1.0)
    bottom = 0.0 if low >= 0 and low < 2 * room else low - 0.25 * room
    top = high + 0.18 * room
    if unit is Unit.PERCENT:
        # A share has bounds; what is a change of one has none.
        bottom = max(0.0, bottom) if low >= 0 else bottom
        top = min(102.0, top) if high <= 100 else top
    return Range(bottom, top)


def named_ticks(of: Range, unit: Unit, about: int = 4) -> tuple[list[float], list[str]]:
    """About so many round values on an axis, and what is written beside them."""
    if unit is Unit.DAYS and of.top < 2:
        # In hours, as the values themselves are told below two days.
        rough = (of.top - of.bottom) * 24 / about
        step = next((hours for hours in _HOURS if hours >= rough), _HOURS[-1])
        first, last = math.ceil(of.bottom * 24 / step), math.floor(of.top * 24 / step)
        hours = [i * step for i in range(first, last + 1)]
        places = 0 if step >= 1 else 2
        word = _("h")
        return [h / 24 for h in hours], [f"{formats.number(h, places)}{SPACE}{word}" for h in hours]
    at, places = ticks(of, about)
    return at, [formats.value(tick, unit, places=places) for tick in at]


def ticks(of: Range, about: int = 4) -> tuple[list[float], int]:
    """About so many round values on an axis, and how many decimals they need."""
    bottom, top = of.bottom, of.top
    rough = (top - bottom) / about
    size = 10.0 ** len(str(int(rough))) / 10 if rough >= 1 else 0.1
    while size > rough and size > 0.001:
        size /= 10
    step = next((size * m for m in (1, 2, 2.5, 5, 10) if size * m >= rough), size * 10)
    first = -(-bottom // step) * step
    count = int((top - first) // step) + 1
    at = [round(first + i * step, 6) for i in range(count)]
    places = next((n for n in (0, 1) if all(abs(tick - round(tick, n)) < 1e-9 for tick in at)), 2)
    return at, places


def room(
    target: float, axis: Range, height: float, curves: Sequence[Sequence[float | None]]
) -> tuple[float | None, bool]:
    """Where a label may begin (share of the width; None: it ends at the right), and whether above its line.

    `height` of the field in pixels, `curves` what is drawn in it, a value per place. It stands where they
    leave most room, at the right if equal.
    """
    tall = (axis.top - axis.bottom) * 20 / height
    drawn = [curve for curve in curves if any(value is not None for value in curve)]

    def hidden(start: float, above: bool) -> float:
        low, high = (target, target + tall) if above else (target - tall, target)
        if high > axis.top or low < axis.bottom:
            return float("inf")
        passing = [
            _between(curve, start + _WIDE * step / 12) for curve in drawn for step in range(13)
        ]
        return sum(v is not None and low - tall / 4 <= v <= high + tall / 4 for v in passing)

    places = [(start, above) for start in _STARTS for above in (False, True)]
    start, above = min(places, key=lambda place: hidden(*place))
    return None if start == _STARTS[0] else start, above


def _between(curve: Sequence[float | None], share: float) -> float | None:
    """The height of a curve at a share of the width."""
    # Half a period of air lies on both sides.
    place = min(max(share * (len(curve) + 0.2) - 0.6, 0.0), len(curve) - 1.0)
    left = int(place)
    one, other = curve[left], curve[min(left + 1, len(curve) - 1)]
    if one is None or other is None:
        return other if one is None else one
    return one + (other - one) * (place - left)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions as near to those wanted as `gap` between any two allows, in the same order.

    Within `low` and `high` where they fit there; where they do not, evenly over it.
    """
    if not wanted:
        return []
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    if len(wanted) > 1:
        gap = min(gap, (high - low) / (len(wanted) - 1))
    # Neighbours that would overlap move together, around the middle of what they want.
    blocks: list[tuple[float, int]] = []
    for i in order:
        centre, count = min(max(wanted[i], low), high), 1
        while blocks:
            before, size = blocks[-1]
            if centre - (count - 1) * gap / 2 - (before + (size - 1) * gap / 2) >= gap:
                break
            blocks.pop()
            centre, count = (before * size + centre * count) / (size + count), size + count
            half = (count - 1) * gap / 2
            centre = min(max(centre, low + half), high - half)
        blocks.append((centre, count))
    placed = [
        centre + (i - (count - 1) / 2) * gap for centre, count in blocks for i in range(count)
    ]
    found = [0.0] * len(wanted)
    for i, position in zip(order, placed, strict=True):
        found[i] = position
    return found


def faint(colour: str, share: float) -> str:
    """A colour (#rrggbb), `share` of it over whatever lies below."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:.2f})"
