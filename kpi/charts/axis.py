"""What figures over time share: the value axis, the periods below, the target and labels at the end."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kpi import escape, formats
from kpi.charts.drawing import Drawing, scatter_of
from kpi.charts.theme import Look
from kpi.i18n import _
from kpi.model import Unit
from kpi.text import SPACE

#: Least distance between the middles of two labels at the end, in pixels.
LABEL_GAP = 17.0
#: What of a figure's height is not the plot itself: margins and the names of the periods.
_AROUND = 58.0
_PER_LETTER, _PER_BOLD_LETTER, _WIDEST = 6.9, 10.0, 265
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


@dataclass(frozen=True)
class End:
    """A label to the right of the last period: what it says, and the point that it belongs to.

    `beyond`: the place where its line ends, where that is later (a period that is not over).
    """

    place: int
    value: float
    text: str
    colour: str
    ink: str
    bold: bool = False
    beyond: int = 0


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
        bottom, top = max(0.0, bottom), min(102.0, top)
    return Range(bottom, top)


def show_values(made: Drawing, of: Range, unit: Unit, about: int = 4) -> None:
    """Give the figure its value axis; one that does not start at zero says so."""
    at, said = named_ticks(of, unit, about)
    made.update_yaxes(
        range=[of.bottom, of.top], tickmode="array", tickvals=list(at), ticktext=list(said)
    )
    if of.bottom > 0:
        made.add_annotation(
            text=_("axis does not start at zero"),
            xref="paper", yref="paper", x=0, y=0, xanchor="left", yanchor="bottom",
            showarrow=False, font={"size": 11, "color": made.layout["yaxis"]["tickfont"]["color"]},
        )  # fmt: skip


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


def show_periods(made: Drawing, labels: Sequence[str], most: int = 13) -> None:
    """Name the periods below; those without a label are not named."""
    named = some([place for place, label in enumerate(labels) if label], most)
    made.update_xaxes(
        tickmode="array",
        tickvals=named,
        ticktext=[labels[place] for place in named],
        range=[-0.6, max(len(labels) - 1, 0) + 0.6],
    )


def show_target(
    made: Drawing,
    target: float,
    label: str,
    of: Look,
    axis: Range,
    curves: Sequence[Sequence[float | None]],
) -> None:
    """A thin dashed line; its label stands where the `curves` leave most room, at the right if equal."""
    start, above = _room(target, axis, made.height, curves)
    at_end = start == _STARTS[0]
    made.add_hline(
        y=target,
        line={"color": of.quiet, "width": 1, "dash": "4px,4px"},
        annotation={
            "text": label or _("target"),
            "font": {"color": of.quiet, "size": 12},
            "x": 1 if at_end else start,
            "xanchor": "right" if at_end else "left",
            "yanchor": "bottom" if above else "top",
            "showarrow": False,
            # Where a curve passes all the same the words stay readable.
            "bgcolor": faint(of.ground, 0.75),
            "borderpad": 1,
        },
    )


def _room(
    target: float, axis: Range, height: float, curves: Sequence[Sequence[float | None]]
) -> tuple[float, bool]:
    """Where a label may begin (share of the width), and whether above its line or below."""
    tall = (axis.top - axis.bottom) * 20 / max(height - _AROUND, 60.0)
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
    return min(places, key=lambda place: hidden(*place))


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


def show_ends(made: Drawing, ends: Sequence[End], of: Range, last: int) -> None:
    """Labels in the right margin, none over another, each with a thin line to its point."""
    if not ends:
        return
    inner = max(made.height - _AROUND, 60.0)
    scale = inner / ((of.top - of.bottom) or 1.0)
    # None on the name of a period below the axis.
    at = spread([(end.value - of.bottom) * scale for end in ends], LABEL_GAP, 9, inner - 4)
    widest = max(
        len(end.text.replace("&amp;", "&")) * (_PER_BOLD_LETTER if end.bold else _PER_LETTER)
        for end in ends
    )
    made.update_layout(margin={"r": int(min(_WIDEST, 14 + widest))})
    for end, height in zip(ends, at, strict=True):
        made.add_annotation(
            # Where the series ends before the axis does, a line to the margin would look like data.
            x=end.place, y=end.value,
            ax=min(max(end.place, end.beyond), last) + 0.55, ay=of.bottom + height / scale,
            xref="x", yref="y", axref="x", ayref="y",
            text=f"<b>{end.text}</b>" if end.bold else end.text,
            xanchor="left", yanchor="middle", align="left",
            showarrow=True, arrowhead=0, arrowwidth=1, standoff=5,
            # Past the end of its line it would look like more of it.
            arrowcolor=faint(end.colour, 0.4) if end.beyond > end.place else end.colour,
            font={"color": end.ink, "size": 14 if end.bold else 12},
        )  # fmt: skip


def faint(colour: str, share: float) -> str:
    """A colour (#rrggbb), `share` of it over whatever lies below."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:.2f})"


def line(**more: Any) -> Any:
    """A line that says nothing of its own when it is pointed at."""
    return scatter_of(mode="lines", hoverinfo="skip", **more)
