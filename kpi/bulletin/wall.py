"""Information screens: plain full-screen pages, read from five metres, running for months.

A page (`page`) holds one view's content and one small script that fetches the content again.
Content is made of configured labels and counts only; nothing that a customer or an employee typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi.bulletin.render import render
from kpi.bulletin.states import State
from kpi.formats import Change
from kpi.i18n import _

THEMES = ("dark", "light")
#: What the shapes on the scoreboard mean, for who reads it without colour.
LEGEND = (State.GOOD, State.ATTENTION, State.BAD)


@dataclass(frozen=True)
class ComplaintLine:
    """One complaint: `bar` is its length against the longest (0-1), `action` who solves it."""

    place: int
    title: str
    n: str
    bar: float
    change: Change | None = None
    cause: str = ""
    action: str = ""


@dataclass(frozen=True)
class Tile:
    """One number on the scoreboard; `aim` is its target, where that is not the column's."""

    title: str
    value: str
    state: State
    change: Change | None = None
    aim: str = ""


@dataclass(frozen=True)
class BoardLine:
    """One process on the scoreboard."""

    title: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class View:
    """What a wall shows: a title, a line that says what of, and either lines or why there are none.

    `foot` names the source's date. `aims` are the targets of the scoreboard's columns. `why` and `act` stand where there is nothing to show: why that
    is so, and what to do about it. `turn` is which of how many views this is, where views take
    turns.
    """

    name: str
    title: str
    about: str = ""
    foot: str = ""
    complaints: tuple[ComplaintLine, ...] = ()
    board: tuple[BoardLine, ...] = ()
    aims: tuple[str, ...] = ()
    why: str = ""
    act: str = ""
    turn: tuple[int, int] = (0, 1)

    @property
    def html(self) -> str:
        """The content, styled by wall.css."""
        return render("wall_content.jinja", view=self, legend=LEGEND)


@dataclass(frozen=True)
class Frame:
    """How a wall is shown, besides what: all of it comes from the address.

    `source` is where the script asks for the content, every `seconds`, and in `next` seconds when
    another view has its turn then (0: never). `static` is part of the addresses of script and
    style; `version` changes when these or the frame do, so that a screen that has run for months
    takes the new ones.
    """

    source: str
    seconds: int
    zone: str
    theme: str
    language: str
    static: str
    version: str
    etag: str = ""
    next: float = 0.0


def page(view: View, frame: Frame) -> str:
    """The whole page with its first content: readable before, and without, any script."""
    return render("wall_page.jinja", view=view, frame=frame)


def not_ready(name: str, reason: str) -> View:
    """What a screen shows that was switched on before the application was ready."""
    return View(
        name,
        title=_("Ketenzicht is not ready yet"),
        why=reason,
        act=_("This screen looks again by itself; nobody has to do anything here."),
    )


def longest(counts: Sequence[int]) -> int:
    """The count that fills a bar (1 where there are none)."""
    return max(counts, default=0) or 1
