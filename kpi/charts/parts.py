"""One bar of a hundred per cent in up to three parts, in SVG of our own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import escape

from kpi.charts.drawn import Drawn, of_rows

#: The first is the one that matters.
_FILLS = ("first", "second", "third")
#: The bar, and the lines of words below it, in pixels.
_BAR, _LINE, _BELOW = 46, 18, 6
#: Whose name stands in the middle stays clear of the names at both ends, in per cent.
_INNER = (38.0, 62.0)


@dataclass(frozen=True)
class Part:
    """One part of a whole: `share` from 0 to 100, and the lines that name it."""

    share: float
    figure: str
    label: str
    under: str = ""
    #: What a click on it tells.
    key: str = ""


def parts(whole: Sequence[Part]) -> Drawn:
    """One bar of a hundred per cent in up to three parts; a mark tells the key of its part."""
    drawn: list[str] = []
    start = 0.0
    for at, (part, fill) in enumerate(zip(whole, _FILLS, strict=False)):
        drawn.append(
            f'<rect class="mark {fill}" data-at="{at}" x="{start:.2f}%" width="{part.share:.2f}%"'
            f' height="{_BAR}"/>'
        )
        drawn += _words(part, at, start + part.share / 2, last=0 < at == len(whole) - 1)
        start += part.share
    told = "; ".join(f"{part.label}: {part.figure}" for part in whole)
    high = _BAR + _BELOW + 3 * _LINE
    return Drawn(
        of_rows("kz-parts", drawn, told, f'height="{high}"'),
        (tuple((part.label, part.figure) for part in whole),),
        tuple(part.key for part in whole),
    )


def _words(part: Part, at: int, middle: float, *, last: bool) -> Iterable[str]:
    """Below the bar; of the outer ones at its ends, so that names never lie over one another."""
    low, high = _INNER
    kind, x = (
        ("", 0.0) if not at else ("end", 100.0) if last else ("mid", min(max(middle, low), high))
    )
    for line, text in enumerate((part.figure, part.label, part.under)):
        bold = " bold" if not line else ""
        y = _BAR + _BELOW + _LINE * line + 13
        yield f'<text class="{kind}{bold}" data-at="{at}" x="{x:.2f}%" y="{y}">{escape(text)}</text>'
