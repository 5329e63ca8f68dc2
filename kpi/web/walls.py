"""The routes of the walls: a page once, its content again and again, for as long as it hangs there.

All that a screen shows is decided by its address (view, processes, language, theme) and the data
version, so an unchanged wall costs a comparison of two texts and no question to the store.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kpi.bulletin import style, wall
from kpi.bulletin.render import environment
from kpi.bulletin.wall import THEMES, Frame, View
from kpi.i18n import LANGUAGES, _, closest, use
from kpi.store import Store
from kpi.store.problems import StoreProblem
from kpi.web import running, wall_views
from kpi.web.wall_views import Wanted

VIEWS: Mapping[str, Callable[[Store, Wanted], View]] = {
    "complaints": wall_views.complaints,
    "scoreboard": wall_views.scoreboard,
}
STATIC = {"wall.css": "text/css", "wall.js": "text/javascript"}
#: Seconds between two looks, and the bounds of what an address may ask.
EVERY, LEAST, MOST = 30, 2, 3600
#: Seconds that each of several views is shown, and the fewest in which anybody can read one.
TURN, SHORTEST_TURN = 20, 5
#: The server's clock, in seconds.
clock = time.time


@cache
def version() -> str:
    """Changes when templates, style or script do: a screen that runs for months then reloads."""
    made = hashlib.sha256()
    for name in ("wall.css", "wall.js", "wall_page.jinja", "wall_content.jinja"):
        made.update(style(name).encode())
    return made.hexdigest()[:12]


@dataclass(frozen=True)
class Asked:
    """One screen's address, read: `views` take turns of `turn` seconds where there are more."""

    place: str
    views: tuple[str, ...]
    wanted: Wanted
    theme: str
    seconds: int
    turn: int = TURN

    @classmethod
    def of(cls, request: Request) -> Asked:
        """Whatever the address holds, something that can be shown."""
        query = request.query_params
        named = request.path_params["view"]
        views = tuple(view for view in named.split(",") if view in VIEWS)
        wanted = Wanted(_language(query.get("lang")), tuple(sorted(set(query.getlist("process")))))
        pairs = [("lang", wanted.language), *(("process", p) for p in wanted.processes)]
        turn = _whole(query.get("turn"), TURN, SHORTEST_TURN)
        if len(views) > 1:
            pairs.append(("turn", str(turn)))
        return cls(
            f"/wall/{','.join(views)}/content?{urlencode(pairs)}",
            views if len(views) == len(named.split(",")) else (),
            wanted,
            _theme(query.get("theme")),
            _whole(query.get("refresh"), EVERY, LEAST),
            turn,
        )

    @classmethod
    def kept(cls, request: Request) -> Asked | None:
        """A screen as it was made in the product, by its name; None where there is none."""
        name = request.path_params["screen"]
        place = f"/wall/screen/{quote(name, safe='')}/content"
        try:
            store = running.store()
        except running.NotReady:
            # Another frame than it will have: once there is a store the screen loads itself anew.
            return cls(place, (next(iter(VIEWS)),), Wanted(_language(None)), THEMES[0], LEAST)
        versions = store.configuration.versions("screens")
        on = max((row["valid_from"] for row in versions), default=None)
        row = store.configuration.row("screens", on, screen=name) if on else None
        if row is None:
            return None
        views = tuple(view for view in _listed(row["views"]) if view in VIEWS)
        return cls(
            place,
            views or (next(iter(VIEWS)),),
            Wanted(_language(row["language"]), tuple(sorted(_listed(row["processes"])))),
            _theme(row["theme"]),
            EVERY,
            max(int(row["seconds"] or TURN), SHORTEST_TURN),
        )

    @property
    def now(self) -> tuple[int, float]:
        """Which view has its turn, and for how many seconds still.

        By the server's clock and by nothing else, so that screens side by side agree.
        """
        if len(self.views) < 2:
            return 0, 0.0
        turns, part = divmod(clock(), self.turn)
        return int(turns) % len(self.views), self.turn - part

    @property
    def frame(self) -> str:
        """Changes when the page around the content does: the screen then loads it anew."""
        looks = repr((self.theme, self.wanted.language, self.place, self.seconds))
        return version() + hashlib.sha256(looks.encode()).hexdigest()[:6]

    def etag(self, state: str, place: int) -> str:
        """Equal as long as the content is."""
        parts = (version(), state, *self.views, str(place), repr(self.wanted))
        return f'"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]}"'

    def view(self, store: Store, place: int) -> View:
        """What is shown while the view at `place` has its turn."""
        made = _made(store.state, self.views[place], self.wanted)
        return replace(made, turn=(place, len(self.views))) if len(self.views) > 1 else made


def page(request: Request) -> Response:
    """`/wall/{views}`: the whole page. Without a store too: the screen then waits by itself."""
    asked = Asked.of(request)
    return _page(asked) if asked.views else _unknown(request)


def content(request: Request) -> Response:
    """`/wall/{views}/content`: what the script asks for; 304 while nothing changed."""
    asked = Asked.of(request)
    return _content(request, asked) if asked.views else _unknown(request)


def screen_page(request: Request) -> Response:
    """`/wall/screen/{name}`: a screen as it was made on the page Information screens."""
    asked = Asked.kept(request)
    return _page(asked) if asked else _unknown_screen(request)


def screen_content(request: Request) -> Response:
    """`/wall/screen/{name}/content`: what its script asks for."""
    asked = Asked.kept(request)
    return _content(request, asked) if asked else _unknown_screen(request)


def _page(asked: Asked) -> Response:
    with use(asked.wanted.language):
        etag, zone = "", "UTC"
        place, left = asked.now
        try:
            store = running.store()
            etag, zone = asked.etag(store.state, place), store.settings.time_zone
            view = asked.view(store, place)
        except (running.NotReady, StoreProblem) as reason:
            etag, view = "", wall.not_ready(asked.views[place], str(reason))
        frame = Frame(
            asked.place, asked.seconds, zone, asked.theme, asked.wanted.language, version(),
            asked.frame, etag, left,
        )  # fmt: skip
        text = wall.page(view, frame)
    return Response(text, media_type="text/html", headers={"Cache-Control": "no-store"})


def _content(request: Request, asked: Asked) -> Response:
    store = running.store()
    place, left = asked.now
    etag = asked.etag(store.state, place)
    headers = {"ETag": etag, "Cache-Control": "no-store", "X-Wall-Version": asked.frame}
    if left:
        headers["X-Wall-Next"] = f"{left:.1f}"
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    with use(asked.wanted.language):
        text = asked.view(store, place).html
    return Response(text, media_type="text/html", headers=headers)


def static(request: Request) -> Response:
    """`/wall/static/…`: the wall's style and script; their address changes when they do."""
    name = request.path_params["name"]
    if name not in STATIC:
        return PlainTextResponse("", status_code=404)
    return Response(
        style(name),
        media_type=STATIC[name],
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


@lru_cache(maxsize=256)
def _made(state: str, view: str, wanted: Wanted) -> View:
    # Fifty screens that look at one view cost one question per state of the store.
    del state
    return VIEWS[view](running.store(), wanted)


def _whole(text: str | None, otherwise: int, least: int) -> int:
    known = text is not None and text.isascii() and text.isdigit() and len(text) < 6
    return min(max(int(text or 0), least), MOST) if known else otherwise


def _theme(wanted: str | None) -> str:
    return wanted if wanted in THEMES else THEMES[0]


def _listed(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _language(wanted: str | None) -> str:
    try:
        otherwise = running.store().settings.language
    except running.NotReady:
        otherwise = LANGUAGES[0]
    return closest(wanted, otherwise)


def _unknown(request: Request) -> Response:
    with use(closest(request.query_params.get("lang"))):
        said = _("There is no screen {view}. There is {known}.").format(
            view=request.path_params["view"][:40], known=", ".join(VIEWS)
        )
    return PlainTextResponse(f"{said}\n", status_code=404, headers={"Cache-Control": "no-store"})


def _unknown_screen(request: Request) -> Response:
    with use(_language(None)):
        said = _(
            "There is no screen named {name}. Make it on the page Information screens."
        ).format(name=request.path_params["screen"][:40])
    return PlainTextResponse(f"{said}\n", status_code=404, headers={"Cache-Control": "no-store"})


environment()  # compiled when the server starts, not when the first screen asks
