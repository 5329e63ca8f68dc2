"""A funnel as lying bars in the order of its steps, with what is lost written between them.

In SVG of our own: it is as wide as there is room for, and there in the same moment as its numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import escape

from kpi.charts.drawn import Drawn, catch, of_rows

#: In pixels, from a step's top: the foot of its title, the top of its bar, the foot of the figure at
#: its end and of the first line below.
_TITLE, _BAR, _END, _BELOW = 16, 22, 41, 68
#: How thick a bar is, how far apart lines are, and the room below the last one, in pixels.
_THICK, _LINE, _GAP = 29, 18, 10
#: The longest bar, in per cent of the width: the rest is for its value, on the narrowest screen too.
_LONGEST = 70.0


@dataclass(frozen=True)
class Bar:
    """One step, its words ready to read.

    Attributes:
        title: its place and name.
        settled, young: the bar's length in two parts: those whose outcome is known, and those
            too young to tell.
        value: the text at the bar's end.
        loss: what is lost before the next step; empty for the last one.
        aside: quiet words below it.
        worse: what became surely worse; empty where nothing did.
        hover: lines that are read when it is pointed at.
    """

    title: str
    settled: float
    young: float
    value: str
    loss: str = ""
    aside: str = ""
    worse: str = ""
    hover: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        """How many lines of words it has below it."""
        return sum(bool(said) for said in (self.loss, self.worse, self.aside))


def bars(
    steps: Sequence[Bar],
    *,
    colour: str | None,
    chosen: int | None = None,
    lines: int = 0,
    offers: bool = False,
) -> Drawn:
    """The steps from above to below, from zero; the part too young to tell is grey.

    `colour` is #rrggbb, None one of no process. The step at `chosen` is outlined. Room is kept for
    `lines` lines below each bar, or for as many as there are: so that two funnels side by side keep
    step. A bar tells its place; `offers` whether a click on it does anything.
    """
    # Every step as tall as the one with most to say, the last one as its own words ask.
    step = max(_height(n) for n in (*(bar.lines for bar in steps), lines))
    height = step * (len(steps) - 1) + _height(steps[-1].lines) if steps else 0
    scale = _LONGEST / (max((bar.settled + bar.young for bar in steps), default=0) or 1)
    words: list[str] = []
    drawn: list[str] = []
    over: list[str] = []
    for place, bar in enumerate(steps):
        words += _words(bar, step * place, scale)
        drawn += _lying(bar, place, step * place, scale, place == chosen)
        over.append(catch(place, offers, f'y="{step * place}" height="{_BELOW - _LINE // 2}"'))
    # Words that are longer than their room end there: in the figure beside it they would be read as its.
    kept = f'<svg class="words" width="100%" height="{height}">{"".join(words)}</svg>'
    told = "; ".join(": ".join(filter(None, (bar.title, bar.value))) for bar in steps)
    own = f' style="--own: {colour}"' if colour else ""
    html = of_rows("kz-steps", [*drawn, kept, *over], told, f'height="{height}"{own}')
    return Drawn(
        html,
        (tuple((bar.title, *bar.hover) for bar in steps),),
        tuple(str(place) for place in range(len(steps))),
    )


def _height(lines: int) -> int:
    return _BELOW - _LINE + lines * _LINE + _GAP


def _lying(bar: Bar, place: int, y: int, scale: float, chosen: bool) -> Iterable[str]:
    """Its two parts, and around them what is pointed at or chosen."""
    settled, whole = scale * bar.settled, scale * (bar.settled + bar.young)
    at = f'y="{y + _BAR}" height="{_THICK}"'
    yield f'<rect class="settled" x="0" {at} width="{settled:.2f}%"/>'
    if bar.young:
        yield f'<rect class="young" x="{settled:.2f}%" {at} width="{whole - settled:.2f}%"/>'
    kind = "mark chosen" if chosen else "mark"
    yield f'<rect class="{kind}" data-at="{place}" data-row="{place}" x="0" {at} width="{whole:.2f}%"/>'


def _words(bar: Bar, y: int, scale: float) -> Iterable[str]:
    yield f'<text class="title" y="{y + _TITLE}">{escape(bar.title)}</text>'
    end = scale * (bar.settled + bar.young)
    yield f'<text class="end" x="{end:.2f}%" dx="7" y="{y + _END}">{escape(bar.value)}</text>'
    line = y + _BELOW
    for kind, said in (("loss", bar.loss), ("worse", bar.worse), ("aside", bar.aside)):
        if said:
            yield f'<text class="{kind}" y="{line}">{escape(said)}</text>'
            line += _LINE
