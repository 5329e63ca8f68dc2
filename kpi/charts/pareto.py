"""Lying bars with their running share, drawn in SVG of our own.

Nothing here is told by colour alone: what grew carries ▲ and what it was, what is unknown is
hollow, what is compared with is a small upright mark.

Not drawn by Plotly: a page has two or three of them, each of which would take the browser as long as
all the rest of the page. They are as wide as there is room for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import escape

from kpi.charts.drawn import Drawn, catch, of_rows

#: In pixels: a row, within it the foot of its name and the top of its bar, and how thick that is.
_ROW, _NAME, _BAR, _THICK = 40, 15, 21, 14
#: By so much the mark of the period before is longer than its bar is thick, at either end.
_OVER = 3
#: Above the rows: a line of the key, and the head of the running shares.
_LINE, _HEAD, _AIR = 18, 20, 4
#: The running shares take so much of the width, in pixels.
_COLUMN = 56
#: The longest bar, in per cent of the width: the rest is for the figures behind it.
_LONGEST = 42.0


@dataclass(frozen=True)
class Key:
    """What the bars of a Pareto are called: those that grew, the others, and those apart.

    `before`: what the upright mark stands for; empty where there is none.
    """

    grew: str
    other: str
    apart: str
    before: str = ""


@dataclass(frozen=True)
class Bar:
    """One bar of a Pareto.

    `value` is its length and `end` the figures at its end; `together` the share of it and all
    above it; `before` where it ended in the earlier period. `id` is given back on a click.
    `grew` stands out; `apart` is what is not ranked (unknown, the rest); `facts` are read when it is
    pointed at.
    """

    id: str
    label: str
    value: float
    end: str
    together: str = ""
    before: float | None = None
    grew: bool = False
    apart: bool = False
    chosen: bool = False
    facts: tuple[str, ...] = ()


def pareto(bars: Sequence[Bar], *, together: str = "", key: Key | None = None) -> Drawn:
    """Bars in the order given, the first on top; `together` heads the running shares, if any.

    `key` says above them what each kind of bar means, of those that there are. A click gives the bar's
    `id`.
    """
    lines = list(_lines(bars, key)) if key is not None else []
    top = _LINE * len(lines) + (_HEAD if together else _AIR)
    height = top + _ROW * len(bars)
    longest = max((max(bar.value, bar.before or 0) for bar in bars), default=0) or 1
    parts = [
        *(f'<text class="key" y="{13 + _LINE * i}">{line}</text>' for i, line in enumerate(lines)),
        f'<text class="column head" x="100%" y="{top - 6}">{escape(together)}</text>' if together else "",
    ]  # fmt: skip
    some = any(bar.chosen for bar in bars)
    for place, bar in enumerate(bars):
        parts += _row(bar, place, top + _ROW * place, _LONGEST / longest, _kind(bar, some))
    room = f' style="width: calc(100% - {_COLUMN}px)"' if together else ""
    names = "".join(
        f'<text class="name {_kind(bar, some)}" y="{top + _ROW * place + _NAME}">{escape(bar.label)}</text>'
        for place, bar in enumerate(bars)
    )
    # A name that is longer than its room ends there: it is read in full when pointed at.
    parts.append(f'<svg class="names" width="100%" height="{height}"{room}>{names}</svg>')
    # Over all the rest.
    parts += [
        catch(place, bool(bar.id), f'y="{top + _ROW * place}" height="{_ROW}"')
        for place, bar in enumerate(bars)
    ]
    told = "; ".join(f"{bar.label}: {bar.end}" for bar in bars)
    html = of_rows("kz-bars", parts, told, f'height="{height}"')
    # With what it ends in: that may be covered by what is read when pointed at.
    said = tuple((bar.label, bar.end, *bar.facts) for bar in bars)
    return Drawn(html, (said,), tuple(bar.id for bar in bars))


def _kind(bar: Bar, some: bool) -> str:
    """What tells it from the others; `some`: one of them is chosen."""
    kind = "apart" if bar.apart else "grew" if bar.grew else "other"
    return f"{kind} {'chosen' if bar.chosen else 'beside'}" if some else kind


def _row(bar: Bar, place: int, y: int, scale: float, kind: str) -> Iterable[str]:
    """One bar with the figures behind it and the share of it and all above it."""
    end = scale * max(bar.value, bar.before or 0)
    if bar.together:
        yield f'<text class="column" x="100%" y="{y + _NAME}">{escape(bar.together)}</text>'
    yield (
        f'<rect class="bar mark {kind}" data-at="{place}" data-row="{place}" x="0" y="{y + _BAR}"'
        f' width="{scale * bar.value:.2f}%" height="{_THICK}"/>'
    )
    if bar.before is not None:
        x = f"{scale * bar.before:.2f}%"
        ends = f'x1="{x}" x2="{x}" y1="{y + _BAR - _OVER}" y2="{y + _BAR + _THICK + _OVER}"'
        # Below it the ground: on a bar of nearly its own colour the mark would be lost.
        yield f'<line class="around" {ends}/><line class="before" {ends}/>'
    # Behind the bar and behind its mark, whichever ends last.
    yield f'<text class="figures" x="{end:.2f}%" dx="8" y="{y + _BAR + 12}">{escape(bar.end)}</text>'


def _lines(bars: Sequence[Bar], key: Key) -> Iterable[str]:
    """Shape, colour and word of each kind that there is; two a line: a phone has no room for more."""
    ranked = [bar for bar in bars if not bar.apart]
    kinds = [
        ("bad", "■ ▲", key.grew if any(bar.grew for bar in ranked) else ""),
        ("rest", "■", key.other if any(not bar.grew for bar in ranked) else ""),
        ("rest", "□", key.apart if len(ranked) < len(bars) else ""),
        ("ink", "|", key.before if any(bar.before is not None for bar in bars) else ""),
    ]
    told = [
        f'<tspan class="{colour}">{shape}</tspan> {escape(word)}'
        for colour, shape, word in kinds
        if word
    ]
    for place in range(0, len(told), 2):
        yield "\u2003".join(told[place : place + 2])
