"""Two values per row as dots, in SVG of our own: one with its interval, and one beside it.

Where there is no room for them beside the names (drawn.css), the figures stand on a line of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import escape

from kpi.charts.axis import Range, named_ticks
from kpi.charts.drawn import Drawn, catch, of_rows
from kpi.i18n import _
from kpi.model import Unit

#: In pixels: the foot of a name and the middle of the dots, from the top of their row (drawn.css has
#: how high that is, and what stands above and below the rows).
_NAME, _DOTS = 15, 28
_DOT = 5.5
#: As wide as a letter of the figures is on average, and the least between a name and these.
_PER_LETTER, _APART = 7.2, 16
#: The end of the scale where nothing is more than nought, in percent.
_SOME = 5.0


@dataclass(frozen=True)
class Pair:
    """A value with its interval (filled dot) beside another (hollow dot); `end` says both."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    other: float | None
    end: str
    #: Too few to judge: drawn pale.
    pale: bool = False
    stands_out: bool = False
    #: What is read when the one and the other are pointed at.
    facts: tuple[str, ...] = ()
    other_facts: tuple[str, ...] = ()
    #: What a click on the one and on the other tells; empty: nothing is chosen by it.
    key: str = ""
    other_key: str = ""


def pairs(rows: Sequence[Pair], *, filled: str, hollow: str) -> Drawn:
    """Per row, in percent, a filled dot with its interval and a hollow one; the head says which.

    A click gives the key of the dot.
    """
    highest = max((n for r in rows for n in (r.high, r.value, r.other) if n is not None), default=0)
    # A dot at nought is within the figure, and so is one at the end.
    axis = Range(-0.02 * (highest or _SOME), 1.04 * (highest or _SOME))
    ends = _APART + _PER_LETTER * max((len(row.end) for row in rows), default=0)
    parts = [
        f'<text class="key" y="14">● {escape(filled)}\u2003○ {escape(hollow)}</text>',
        *_axis(axis),
        *(part for place, row in enumerate(rows) for part in _row(row, place, axis)),
    ]
    said, marks = [], []
    for row in rows:
        said += [
            (row.label, f"○ {hollow}", *row.other_facts),
            (row.label, f"● {filled}", *row.facts),
        ]
        marks += [row.other_key, row.key]
    told = "; ".join(f"{row.label}: {row.end}" for row in rows)
    html = of_rows("kz-pairs", parts, told, f'style="--rows: {len(rows)}; --ends: {ends:.0f}px"')
    return Drawn(html, (tuple(said),), tuple(marks))


def explained(rows: Sequence[Pair], filled: str) -> str:
    """What the line of a dot and the tints of the rows say."""
    said = [_("Line: the 95% interval of “{filled}”.").format(filled=filled)]
    if any(row.stands_out for row in rows):
        said.append(_("Red, with ▲: a larger difference than chance makes."))
    if any(row.pale and row.value is not None for row in rows):
        said.append(_("Grey: the difference may be chance."))
    return " ".join(said)


def _axis(axis: Range) -> Iterable[str]:
    """Upright lines through all rows, and below them what they stand for."""
    for at, said in zip(*named_ticks(Range(0.0, axis.top), Unit.PERCENT, about=5), strict=True):
        x = _across(axis, at)
        yield f'<rect class="grid" x="{x}" width="1"/>'
        yield f'<text class="tick" x="{x}">{escape(said)}</text>'


def _row(row: Pair, place: int, axis: Range) -> Iterable[str]:
    kind = "out" if row.stands_out else "pale" if row.pale else "sure"
    end = escape(row.end)
    yield f'<g class="row {kind}" style="--at: {place}">'
    name = f'<text class="name" y="{_NAME}">{escape(row.label)}</text>'
    yield f'<svg class="label" width="100%" height="{_DOTS}">{name}</svg>'
    yield f'<text class="figures beside" x="100%" y="{_NAME}">{end}</text>'
    yield f'<text class="figures below" y="{_NAME}">{end}</text><g class="dots">'
    if row.low is not None and row.high is not None:
        yield (
            f'<line class="between" x1="{_across(axis, row.low)}" x2="{_across(axis, row.high)}"'
            f' y1="{_DOTS}" y2="{_DOTS}"/>'
        )
    for at, (what, value) in enumerate((("hollow", row.other), ("filled", row.value))):
        if value is not None:
            yield (
                f'<circle class="mark {what}" data-at="{2 * place + at}" data-row="{place}"'
                f' cx="{_across(axis, value)}" cy="{_DOTS}" r="{_DOT}"/>'
            )
    yield f"</g>{catch(place, bool(row.key or row.other_key), '')}</g>"


def _across(axis: Range, value: float) -> str:
    return f"{100 * (value - axis.bottom) / (axis.top - axis.bottom):.2f}%"
