"""A screen's address, read: which views, for how long each, of which processes, how it looks.

`/wall/complaints:30,outages:15?process=fault&lang=nl&theme=dark`: whatever else it holds, something
can be shown. A screen that was made in the product has the same under its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request

from kpi.bulletin.wall import THEMES
from kpi.i18n import LANGUAGES, closest
from kpi.web import running
from kpi.web.views import VIEWS, Wanted

#: Seconds between two looks, and the bounds of what an address may ask.
EVERY, LEAST, MOST = 30, 2, 3600
#: Seconds that each of several views is shown, and the fewest in which anybody can read one.
TURN, SHORTEST_TURN = 20, 5

#: Views and the seconds of each.
Turns = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Asked:
    """One screen, as its address or its row in `screens` says."""

    place: str
    turns: Turns
    wanted: Wanted
    theme: str
    seconds: int = EVERY
    #: Names of views that are not there.
    unknown: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, request: Request) -> Asked:
        """By the address alone."""
        query = request.query_params
        usual = whole(query.get("turn"), TURN, SHORTEST_TURN)
        turns, unknown = read_turns(request.path_params["view"], usual)
        wanted = Wanted(spoken(query.get("lang")), tuple(sorted(set(query.getlist("process")))))
        theme = themed(query.get("theme"))
        seconds = whole(query.get("refresh"), EVERY, LEAST)
        # All that decides the frame is part of where the content is asked for: else the answer
        # would tell of another frame, and the screen load itself anew for ever.
        place = address(turns, wanted, theme, seconds, content=True)
        return cls(place, turns, wanted, theme, seconds, unknown)

    @classmethod
    def made(cls, name: str, place: str | None = None) -> Asked | None:
        """A screen as it was made in the product, by its name; None where there is none."""
        place = place or f"{kept_address(name)}/content"
        row = screen(name)
        if row is None:
            return None
        turns, _unknown = read_turns(row["views"] or "", max(row["seconds"] or TURN, SHORTEST_TURN))
        return cls(
            place,
            turns or ((next(iter(VIEWS)), TURN),),
            Wanted(spoken(row["language"]), tuple(sorted(listed(row["processes"])))),
            themed(row["theme"]),
        )

    @classmethod
    def waiting(cls, place: str) -> Asked:
        """A screen of which nothing can be known yet: it asks again soon.

        It has another frame than it will have: once there is something to show it loads itself anew.
        """
        return cls(place, ((next(iter(VIEWS)), TURN),), Wanted(spoken(None)), THEMES[0], LEAST)

    def frame(self, version: str) -> str:
        """Changes when the page around the content does: the screen then loads it anew."""
        looks = repr((self.theme, self.wanted.language, self.place, self.seconds))
        return version + hashlib.sha256(looks.encode()).hexdigest()[:6]

    def alone(self, view: str) -> Asked:
        """The same with one view only."""
        return replace(self, turns=((view, TURN),))


def screen(name: str) -> dict[str, Any] | None:
    """The row of a screen as it is now; None where nobody made it, or it was taken away.

    A screen is made anew at once: its rows count from the day they say, in whichever order.
    """
    versions = [
        row
        for row in running.store().configuration.versions("screens")
        if row["screen"] == name
    ]  # fmt: skip
    row = max(versions, key=lambda row: row["valid_from"], default=None)
    return None if row is None or row["retired"] else row


def screens() -> list[dict[str, Any]]:
    """Every screen there is, by name."""
    names = sorted({row["screen"] for row in running.store().configuration.versions("screens")})
    return [row for name in names if (row := screen(name)) is not None]


def read_turns(text: str, usual: int = TURN) -> tuple[Turns, tuple[str, ...]]:
    """`complaints:30, outages` as views with their seconds, and the names that are no view."""
    turns: list[tuple[str, int]] = []
    unknown: list[str] = []
    for part in text.split(","):
        name, _colon, seconds = part.strip().partition(":")
        if name in VIEWS:
            turns.append((name, whole(seconds.strip() or None, usual, SHORTEST_TURN)))
        else:
            unknown.append(name)
    return tuple(turns), tuple(unknown)


def written(turns: Sequence[tuple[str, int]]) -> str:
    """The opposite of `read_turns`."""
    return ",".join(f"{name}:{seconds}" for name, seconds in turns)


def address(
    turns: Turns, wanted: Wanted, theme: str, seconds: int = EVERY, *, content: bool = False
) -> str:
    """Where these views are shown; with `content` where their content is asked for."""
    named = written(turns) if len(turns) > 1 else ",".join(name for name, _ in turns)
    pairs = [("lang", wanted.language), *(("process", one) for one in wanted.processes)]
    pairs.append(("theme", theme))
    if seconds != EVERY:
        pairs.append(("refresh", str(seconds)))
    return f"/wall/{named}{'/content' if content else ''}?{urlencode(pairs, safe=':,')}"


def kept_address(name: str) -> str:
    """Where a screen that was made is shown."""
    return f"/wall/screen/{quote(name, safe='')}"


def whole(text: str | None, otherwise: int, least: int) -> int:
    """A whole number as an address may say it, within bounds."""
    known = text is not None and text.isascii() and text.isdigit() and len(text) < 6
    return min(max(int(text or 0), least), MOST) if known else otherwise


def themed(wanted: str | None) -> str:
    """A theme there is."""
    return wanted if wanted in THEMES else THEMES[0]


def listed(text: str | None) -> list[str]:
    """Names separated by commas."""
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def spoken(wanted: str | None) -> str:
    """A language there is, else that of the installation."""
    try:
        otherwise = running.store().settings.language
    except running.NotReady:
        otherwise = LANGUAGES[0]
    return closest(wanted, otherwise)
