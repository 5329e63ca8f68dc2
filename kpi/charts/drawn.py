"""A figure that is drawn in SVG of our own, and what its marks tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import escape


@dataclass(frozen=True)
class Drawn:
    """One figure or several beside each other.

    Attributes:
        html: its SVG, escaped.
        said: per figure and mark the lines that are read when it is pointed at; empty: no such mark.
        marks: what a mark tells of itself when it is chosen.
        names: per figure its name, which is read above the lines and told with the mark; none where the
            lines name it. Of a figure of several, per line (`data-of` of its marks).
    """

    html: str
    said: tuple[tuple[tuple[str, ...], ...], ...]
    marks: tuple[str, ...]
    names: tuple[str, ...] = ()


def of_rows(kind: str, parts: Iterable[str], told: str, size: str) -> str:
    """One figure of rows below each other; `kind` is its class, `told` what is read out in its place.

    `size` are the attributes that say how high it is: it is as wide as there is room for.
    """
    return (
        f'<div class="kz kz-drawn {kind}"><svg class="one" role="img" tabindex="0" data-place="0"'
        f' data-runs="down" width="100%" {size} aria-label="{escape(told)}">{"".join(parts)}</svg></div>'
    )


def catch(row: int, offers: bool, size: str) -> str:
    """What lies over a row: a small mark is hard to hit, so that all of its row can be pointed at.

    `size` are its place and height; `offers` whether a click chooses anything.
    """
    idle = "" if offers else " idle"
    return f'<rect class="catch{idle}" data-row="{row}" width="100%" {size}/>'
