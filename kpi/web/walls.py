"""The routes of the walls: a page once, its content again and again, for as long as it hangs there.

All that a screen shows is decided by its address (view, processes, language, theme) and the data
version, so an unchanged wall costs a comparison of two texts and no question to the store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import urlencode

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


@cache
def version() -> str:
    """Changes when templates, style or script do: a screen that runs for months then reloads."""
    made = hashlib.sha256()
    for name in ("wall.css", "wall.js", "wall_page.jinja", "wall_content.jinja"):
        made.update(style(name).encode())
    return made.hexdigest()[:12]


@dataclass(frozen=True)
class Asked:
    """One screen's address, read."""

    view: str
    wanted: Wanted
    theme: str
    seconds: int

    @classmethod
    def of(cls, request: Request) -> Asked:
        """Whatever the address holds, something that can be shown."""
        query = request.query_params
        theme = query.get("theme", "")
        text = query.get("refresh", "")
        seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else EVERY
        named = request.path_params["view"]
        return cls(
            named if named in VIEWS else "",
            Wanted(_language(query.get("lang")), tuple(sorted(set(query.getlist("process"))))),
            theme if theme in THEMES else THEMES[0],
            min(max(seconds, LEAST), MOST),
        )

    @property
    def source(self) -> str:
        """Where the script asks for the content."""
        pairs = [("lang", self.wanted.language), *(("process", p) for p in self.wanted.processes)]
        return f"/wall/{self.view}/content?{urlencode(pairs)}"

    def etag(self, state: str) -> str:
        """Equal as long as the content is."""
        parts = (version(), state, self.view, *map(repr, (self.wanted,)))
        return f'"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]}"'


def page(request: Request) -> Response:
    """`/wall/{view}`: the whole page. Without a store too: the screen then waits by itself."""
    asked = Asked.of(request)
    if not asked.view:
        return _unknown(request)
    with use(asked.wanted.language):
        etag, zone = "", "UTC"
        try:
            store = running.store()
            etag, zone = asked.etag(store.state), store.settings.time_zone
            view = _view(asked)
        except (running.NotReady, StoreProblem) as reason:
            etag, view = "", wall.not_ready(asked.view, str(reason))
        frame = Frame(
            asked.source, asked.seconds, zone, asked.theme, asked.wanted.language, version(), etag
        )
        text = wall.page(view, frame)
    return Response(text, media_type="text/html", headers={"Cache-Control": "no-store"})


def content(request: Request) -> Response:
    """`/wall/{view}/content`: what the script asks for; 304 while nothing changed."""
    asked = Asked.of(request)
    if not asked.view:
        return _unknown(request)
    store = running.store()
    etag = asked.etag(store.state)
    headers = {"ETag": etag, "Cache-Control": "no-store", "X-Wall-Version": version()}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    with use(asked.wanted.language):
        text = _view(asked).html
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


def _view(asked: Asked) -> View:
    store = running.store()
    return _made(store.state, asked.view, asked.wanted)


@lru_cache(maxsize=256)
def _made(state: str, view: str, wanted: Wanted) -> View:
    # Fifty screens that look at one view cost one question per state of the store.
    del state
    return VIEWS[view](running.store(), wanted)


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


environment()  # compiled when the server starts, not when the first screen asks
