"""A figure that is drawn in SVG of our own, and what its marks tell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Drawn:
    """One figure or several beside each other.

    Attributes:
        html: its SVG, escaped.
        said: per figure and mark the lines that are read when it is pointed at; empty: no such mark.
        marks: what a mark tells of itself when it is chosen.
        names: per figure its name, which is read above the lines and told with the mark; none where the
            lines name it.
    """

    html: str
    said: tuple[tuple[tuple[str, ...], ...], ...]
    marks: tuple[str, ...]
    names: tuple[str, ...] = ()
