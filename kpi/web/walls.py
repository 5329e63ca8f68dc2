"""The routes of the walls: a page once, its content again and again, for as long as it hangs there.

All that a screen shows is decided by its address (views, processes, language, theme), the data
version and the hour, for some views the minute. What was made is kept, so an unchanged wall costs a
comparison of two texts and no question to the store.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kpi.bulletin import style, wall
from kpi.bulletin.render import TEMPLATES, environment
from kpi.bulletin.wall import Board, Frame, Section, View
from kpi.i18n import _, use
from kpi.store import Store
from kpi.store.problems import StoreProblem
from kpi.web import running
from kpi.web.asked import Asked, spoken
from kpi.web.made import Kept
from kpi.web.views import VIEWS, Wanted
from kpi.web.views.wanted import process_titles

STATIC = {"wall.css": "text/css", "wall.js": "text/javascript"}
#: The server's clock, in seconds since 1970.
clock = time.time
#: Rendered views: every view in two languages for the screens of a large organisation.
_made: Kept[str] = Kept(512)


@cache
def version() -> str:
    """Changes when templates, style or script do: a screen that runs for months then reloads."""
    made = hashlib.sha256()
    for path in sorted(TEMPLATES.glob("wall*")):
        made.update(style(path.name).encode())
    made.update(style("parts.jinja").encode())
    return made.hexdigest()[:12]


def page(request: Request) -> Response:
    """`/wall/{views}`: the whole page. Without a store too: the screen then waits by itself."""
    asked = Asked.of(request)
    if not asked.unknown:
        return answer_page(asked)
    lost = _lost(request, f"{request.url.path}/content")
    return page_of(lost, [_no_view(lost)], 404, known=running.now() is not None)


def content(request: Request) -> Response:
    """`/wall/{views}/content`: what the script asks for; 304 while nothing changed."""
    asked = Asked.of(request)
    if not asked.unknown:
        return answer_content(request, asked)
    lost = _lost(request, request.url.path)
    return content_of(request, lost, [_no_view(lost)], 404)


def screen_page(request: Request) -> Response:
    """`/wall/screen/{name}`: a screen as it was made on the page Information screens."""
    name = request.path_params["screen"]
    place = request.url.path.rstrip("/") + "/content"
    try:
        asked = Asked.made(name)
    except running.NotReady:
        return answer_page(Asked.waiting(place))
    return answer_page(asked) if asked else page_of(Asked.waiting(place), [_no_screen(name)], 404)


def screen_content(request: Request) -> Response:
    """`/wall/screen/{name}/content`: what its script asks for."""
    name = request.path_params["screen"]
    asked = Asked.made(name)
    if asked is not None:
        return answer_content(request, asked)
    return content_of(request, Asked.waiting(request.url.path), [_no_screen(name)], 404)


def answer_page(asked: Asked) -> Response:
    """The whole page of a screen."""
    with use(asked.wanted.language):
        try:
            shown = sections(asked)
        except (running.NotReady, StoreProblem) as reason:
            name, seconds = asked.turns[0]
            waiting = wall.not_ready(name, str(reason)).html
            return page_of(asked, [Section(name, seconds, waiting)], known=False)
        return page_of(asked, shown)


def answer_content(request: Request, asked: Asked) -> Response:
    """What the script of a screen asks for; 304 while nothing changed."""
    with use(asked.wanted.language):
        return content_of(request, asked, sections(asked))


def sections(asked: Asked) -> list[Section]:
    """The views of a screen that have something to show now; where none has, the first says why."""
    store = running.store()
    now = datetime.fromtimestamp(clock(), UTC).replace(tzinfo=None)
    there = [turn for turn in asked.turns if not _missing(store, turn[0], asked.wanted, now)]
    return [
        Section(name, seconds, _html(store, name, asked.wanted, now))
        for name, seconds in there or asked.turns[:1]
    ]


def _missing(store: Store, name: str, wanted: Wanted, now: datetime) -> str:
    missing = VIEWS[name].missing
    return missing(store, wanted, now) if missing else ""


def _html(store: Store, name: str, wanted: Wanted, now: datetime) -> str:
    # Every view knows what day it is: what was promised by yesterday is no promise today.
    hour = now.replace(minute=0, second=0, microsecond=0)
    minute = now.replace(second=0, microsecond=0) if VIEWS[name].by_clock else hour
    opened, data = store.state.split(".")
    return _made.get(
        (opened, name, wanted), (data, minute), lambda: _view(store, name, wanted, now)
    )


def _view(store: Store, name: str, wanted: Wanted, now: datetime) -> str:
    view = VIEWS[name].make(store, wanted, now)
    kept = process_titles(store, wanted.processes)
    # Numbers of some processes do not pass for those of all; a board names them itself.
    named = view.about == kept or isinstance(view.body, Board)
    return (view if named else replace(view, of=kept)).html


def page_of(
    asked: Asked, shown: list[Section], status: int = 200, *, known: bool = True
) -> Response:
    """A page around these sections; `known` where there is a store to ask."""
    zone = running.store().settings.time_zone if known else "UTC"
    frame = Frame(
        asked.place, asked.seconds, zone, asked.theme, asked.wanted.language, version(),
        asked.frame(version()), _etag(shown) if known else "", clock(),
    )  # fmt: skip
    with use(asked.wanted.language):
        text = wall.page(shown, frame, _("Information screen"))
    headers = {"Cache-Control": "no-store"}
    return Response(text, status, media_type="text/html", headers=headers)


def content_of(request: Request, asked: Asked, shown: list[Section], status: int = 200) -> Response:
    """The sections alone; 304 where the screen has them already."""
    etag = _etag(shown)
    headers = {
        "ETag": etag,
        "Cache-Control": "no-store",
        "X-Wall-Version": asked.frame(version()),
        "X-Wall-Now": f"{clock():.3f}",
    }
    if _has(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(wall.sections(shown), status, media_type="text/html", headers=headers)


def _has(known: str, etag: str) -> bool:
    """Whether an If-None-Match names it; compared weakly, for a proxy that packs makes tags weak."""
    named = (one.strip().removeprefix("W/") for one in known.split(","))
    return any(one in {etag, "*"} for one in named)


def _etag(shown: list[Section]) -> str:
    """Equal as long as what is shown is: also after a restart, and in the next minute."""
    parts = (version(), *(repr(one) for one in shown))
    return f'"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]}"'


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


def nothing(request: Request) -> Response:
    """Any other address below `/wall`."""
    with use(spoken(request.headers.get("accept-language"))):
        said = _("There is nothing at this address.")
    return PlainTextResponse(said + "\n", 404, headers={"Cache-Control": "no-store"})


def _lost(request: Request, path: str) -> Asked:
    """An address with a view that is not there: it is looked at again, for a newer version has it."""
    place = f"{path}?{request.url.query}" if request.url.query else path
    return replace(Asked.of(request), place=place, unknown=())


def _no_view(asked: Asked) -> Section:
    with use(asked.wanted.language):
        view = View(
            "none",
            _("This view does not exist"),
            # Not which: an address may hold anything, a name too.
            why=_(
                "The address of this screen names a view that is not there. There is {known}."
            ).format(known=", ".join(VIEWS)),
            act=_("On the page Information screens an address is made by choosing."),
        )
        return Section("none", 60, view.html)


def _no_screen(name: str) -> Section:
    with use(running.store().settings.language):
        view = View(
            "none",
            _("This screen has not been made"),
            why=_("There is no screen named {name}.").format(name=name[:40]),
            act=_("Make it on the page Information screens; it then appears here by itself."),
        )
        return Section("none", 60, view.html)


environment()  # compiled when the server starts, not when the first screen asks
