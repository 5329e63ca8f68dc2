"""The door before the walls: who comes from elsewhere must be a screen that was let in.

Where it was not, it shows a code, and asks again and again as any wall does: once it is let in, the
answer tells of another frame, and it loads itself anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kpi.bulletin.wall import Code, Section, View
from kpi.i18n import _, use
from kpi.web import running, walls
from kpi.web.asked import Asked
from kpi.web.guard import ELSEWHERE
from kpi.web.pairing import COOKIE, new_secret, pairing

Route = Callable[[Request], Response]
#: Seconds that a browser keeps its secret: as long as browsers keep anything.
_KEPT = 400 * 24 * 3600
#: Seconds between two looks of a screen that waits to be let in.
_SOON = 3


def let_in(route: Route, *, content: bool = False) -> Route:
    """The route for who may see it; who may not yet gets a code."""

    def guarded(request: Request) -> Response:
        if not request.scope.get(ELSEWHERE, False):
            return route(request)
        place = request.url.path if content else f"{request.url.path}/content"
        if request.url.query:
            place += f"?{request.url.query}"
        try:
            known = _device(request) is not None
        except running.NotReady:
            if content:
                raise
            return walls.answer_page(Asked.waiting(place))
        return route(request) if known else _code(request, place, content=content)

    return guarded


def own_page(request: Request) -> Response:
    """`/wall`: the screen that this device was let in for. Nothing in the address tells which."""
    try:
        on = _on()
    except running.NotReady:
        return walls.answer_page(Asked.waiting(_OWN))
    if not on:
        return walls.page_of(_asking(_OWN), [_off()])
    asked = _own(request)
    return walls.answer_page(asked) if asked else _code(request, _OWN, content=False)


def own_content(request: Request) -> Response:
    """`/wall/mine/content`: what its script asks for."""
    if not _on():
        return walls.content_of(request, _asking(_OWN), [_off()])
    asked = _own(request)
    return walls.answer_content(request, asked) if asked else _code(request, _OWN, content=True)


_OWN = "/wall/mine/content"


def _on() -> bool:
    return running.store().settings.pair_screens == "yes"


def _device(request: Request) -> dict[str, Any] | None:
    store = running.store()
    return pairing(store).device(store, request.cookies.get(COOKIE)) if _on() else None


def _own(request: Request) -> Asked | None:
    device = _device(request)
    if device is None:
        return None
    return Asked.made(device["screen"] or "", _OWN) or Asked.waiting(_OWN)


def _asking(place: str) -> Asked:
    """A screen that waits to be let in: of another frame than any that was."""
    waiting = Asked.waiting(place)
    return Asked(place, waiting.turns, waiting.wanted, waiting.theme, _SOON)


def _code(request: Request, place: str, *, content: bool) -> Response:
    store = running.store()
    known = request.cookies.get(COOKIE)
    secret = known or new_secret()
    asked = _asking(place)
    with use(asked.wanted.language):
        # Content is asked for by a page that was given its cookie. One that kept none would take
        # another code at every look, and soon leave none to the screens that do.
        lost = content and not known
        code = None if lost else pairing(store).code(secret)
        title = _("Let this screen in")
        if lost:
            why = _("This screen keeps no cookies, so it cannot be let in.")
            act = _("Allow cookies of this address in its browser, and load the page anew.")
            view = View("code", title, why=why, act=act)
        elif code is None:
            why = _("Too many screens wait to be let in. This one tries again by itself.")
            view = View("code", title, why=why)
        else:
            said = _(
                "Open the page Information screens in Ketenzicht and type this code. It counts "
                "for ten minutes; then another one appears here."
            )
            view = View("code", title, body=Code(code, said))
        shown = [Section("code", 60, view.html)]
    if content:
        return walls.content_of(request, asked, shown)
    answer = walls.page_of(asked, shown)
    secure = request.url.scheme == "https" or (
        request.headers.get("x-forwarded-proto", "") == "https"
    )
    answer.set_cookie(
        COOKIE, secret, max_age=_KEPT, path="/wall", httponly=True, samesite="strict", secure=secure
    )
    return answer


def _off() -> Section:
    store = running.store()
    with use(store.settings.language):
        view = View(
            "off",
            _("Screens elsewhere are not let in"),
            why=_("The setting pair_screens is no."),
            act=_("On this machine a screen is opened by its own address."),
        )
        return Section("off", 60, view.html)
