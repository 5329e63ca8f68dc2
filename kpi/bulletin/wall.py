"""Information screens: plain full-screen pages, read from five metres, running for months.

A page (`page`) holds one or several views, of which one is on, and one small script that fetches
them again and lets them take turns. What they hold is made of configured labels and counts only;
nothing that a customer or an employee typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from kpi.bulletin.render import render
from kpi.bulletin.states import State
from kpi.formats import Change
from kpi.i18n import _

THEMES = ("dark", "light")
#: What the shapes on the scoreboard mean, for who reads it without colour.
LEGEND = (State.GOOD, State.ATTENTION, State.BAD)


@dataclass(frozen=True)
class Line:
    """One reason in a ranking: `bar` is its length against the longest (0-1), `action` who solves it.

    `usual` is where the usual number lies on the bar; `said` is written under the change; `kind`
    says what is counted where a list counts several things.
    """

    place: int
    title: str
    n: str
    bar: float
    change: Change | None = None
    cause: str = ""
    action: str = ""
    usual: float | None = None
    said: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Lines:
    """A ranking; its lines share the height. `note` fills up what is left where there are few."""

    kind: ClassVar[str] = "lines"
    lines: tuple[Line, ...]
    note: str = ""


@dataclass(frozen=True)
class Tile:
    """One number; `aim` is its target, where that is not the column's."""

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
class Board:
    """Processes by a few numbers; `aims` are the targets of its columns."""

    kind: ClassVar[str] = "board"
    lines: tuple[BoardLine, ...]
    aims: tuple[str, ...]
    legend: tuple[State, ...] = LEGEND


@dataclass(frozen=True)
class Notice:
    """One announcement: `mark` is the class of its `label` ("now", "soon"), `when` its start or end.

    `until` is when it ends (seconds since 1970): a screen puts it away by itself, also when nobody
    answers.
    """

    title: str
    body: str
    label: str
    mark: str
    when: str
    about: str = ""
    until: float | None = None


@dataclass(frozen=True)
class Notices:
    """Announcements, the most pressing first; `more` says how many did not fit."""

    kind: ClassVar[str] = "notices"
    notices: tuple[Notice, ...]
    more: str = ""


@dataclass(frozen=True)
class Figure:
    """One large number with what it is compared with."""

    title: str
    value: str
    said: str = ""
    change: Change | None = None
    state: State = State.NO_TARGET


@dataclass(frozen=True)
class Today:
    """A few large numbers, and a bar per process."""

    kind: ClassVar[str] = "today"
    figures: tuple[Figure, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Part:
    """One part of a whole: `mark` is its class, `share` 0-1."""

    title: str
    mark: str
    share: float
    value: str


@dataclass(frozen=True)
class Mood:
    """A share told large, the whole it is part of, and the same per process."""

    kind: ClassVar[str] = "mood"
    figure: Figure
    parts: tuple[Part, ...]
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Code:
    """What is typed elsewhere to let this screen in."""

    kind: ClassVar[str] = "code"
    code: str
    said: str


Body = Code | Lines | Board | Notices | Today | Mood


@dataclass(frozen=True)
class View:
    """What a wall shows: a title, a line that says what of, and either a body or why there is none.

    `foot` names the source's date, `of` what a screen is kept to. `why` and `act` stand where there is nothing to show: why that
    is so, and what to do about it; `calm` where that is good news. `old` where the source's date
    lies so far back that nobody may overlook it.
    """

    name: str
    title: str
    about: str = ""
    foot: str = ""
    body: Body | None = None
    why: str = ""
    act: str = ""
    calm: bool = False
    old: bool = False
    of: str = ""

    @property
    def html(self) -> str:
        """The content, styled by wall.css."""
        return render("wall_view.jinja", view=self)


@dataclass(frozen=True)
class Section:
    """One view's content in its turn of `seconds`."""

    name: str
    seconds: int
    html: str


@dataclass(frozen=True)
class Frame:
    """How a wall is shown, besides what: all of it comes from the address.

    `source` is where the script asks for the content, every `seconds`. `static` is part of the
    addresses of script and style; `version` changes when these or the frame do, so that a screen
    that has run for months takes the new ones. `now` is the server's clock (seconds since 1970):
    by it views take turns, so that screens side by side agree.
    """

    source: str
    seconds: int
    zone: str
    theme: str
    language: str
    static: str
    version: str
    etag: str = ""
    now: float = 0.0


def sections(shown: Sequence[Section], on: int | None = None) -> str:
    """Several views as one text; the one at `on` is seen without any script."""
    return render("wall_sections.jinja", sections=shown, on=on)


def page(shown: Sequence[Section], frame: Frame, title: str) -> str:
    """The whole page with its first content: readable before, and without, any script."""
    content = sections(shown, turn([one.seconds for one in shown], frame.now))
    return render("wall_page.jinja", content=content, frame=frame, title=title)


def turn(seconds: Sequence[int], now: float) -> int:
    """Which of several views has its turn: by the clock and by nothing else."""
    at = now % (sum(seconds) or 1)
    for place, length in enumerate(seconds):
        if at < length:
            return place
        at -= length
    return 0


def not_ready(name: str, reason: str) -> View:
    """What a screen shows that was switched on before the application was ready."""
    return View(
        name,
        title=_("Ketenzicht is not ready yet"),
        why=reason,
        act=_("This screen looks again by itself; nobody has to do anything here."),
    )


def longest(counts: Sequence[float]) -> float:
    """The count that fills a bar (1 where there are none)."""
    return max(counts, default=0) or 1
