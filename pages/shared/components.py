"""The components of our own: HTML of the bulletin inside a page, small figures, and the page's frame.

Their scripts and styles are files beside this one; what they show comes in as data, escaped by
`kpi.bulletin`. Registered when imported, as Streamlit wants it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from kpi.bulletin import style
from kpi.charts.drawn import Drawn
from kpi.i18n import LANGUAGES, _, language, use
from kpi.web import library, offered
from pages.shared import places, together

_ASSETS = Path(__file__).parent / "assets"


def asset(name: str) -> str:
    """The text of one of our own files."""
    return (_ASSETS / name).read_text(encoding="utf-8")


def picture(name: str) -> str:
    """The path of one of our own pictures; Streamlit serves it from here, not from elsewhere."""
    return str(_ASSETS / name)


def loader_of(name: str, css: str) -> str:
    """The script that fetches `assets/<name>.js` and the style: a component itself is sent with each part."""
    sentences = {}
    for spoken in LANGUAGES:
        with use(spoken):
            sentences[spoken] = _("This part of the page did not load. Load the page again.")
    loader = asset("loader.js").replace("SENTENCES", json.dumps(sentences))
    for what, text, kind in (("SCRIPT", asset(f"{name}.js"), "js"), ("STYLE", css, "css")):
        loader = loader.replace(what, offered.offer(text, kind))
    return loader


def _component(name: str, css: str, *, html: str | None = None, apart: bool = True) -> Any:
    """The component of `assets/<name>.js`; `apart`: in a tree of its own, with no styles but these."""
    return st.components.v2.component(
        f"ketenzicht_{name}", html=html, js=loader_of(name, css), isolate_styles=apart
    )


_bulletin = _component("bulletin", style("base.css") + style("scorecard.css") + style("tables.css"))
_drawn = _component("drawn", style("base.css") + asset("drawn.css"))
# In the page itself: the library puts its styles there.
_figure = _component("figure", asset("figure.css"), apart=False)
_chrome = _component("chrome", asset("chrome.css"), html=asset("chrome.html"))


def bulletin(
    html: str,
    key: str,
    on_open: Callable[[str, str], None] | None = None,
    *,
    instead_of: str = "",
) -> None:
    """Show `html`, made by `kpi.bulletin` and by nothing else: it is not escaped again.

    `on_open` is called with process and KPI when one is clicked, before the page runs again;
    without it such a click leads where its link does. A link to another of our pages opens it in
    the same session, and the browser's Back leads back. `instead_of` is the key of another one that
    goes out of sight as this one comes: to change what is in one that stands is quicker than to
    build another in its place.
    """

    def opened() -> None:
        told = st.session_state[key].get("opened")
        if told and on_open:
            on_open(str(told.get("process", "")), str(told.get("kpi", "")))

    _bulletin(
        key=key,
        data={
            "html": html,
            "language": language(),
            "opens": on_open is not None,
            "insteadOf": instead_of,
            # Another each time, so that the browser hears of it also where the rest is the same.
            "turn": time.monotonic_ns() if instead_of else 0,
        },
        on_opened_change=opened,
    )
    together.go()


def drawn(figures: Drawn, key: str, choose: Callable[[list[str]], None] | None = None) -> None:
    """Show figures in SVG of our own; `choose` is called with the mark that is clicked, and its figure's name."""

    def chosen() -> None:
        told = st.session_state[key].get("chosen")
        if told and choose:
            choose([str(one) for one in told])

    _drawn(
        key=key,
        data={
            "html": figures.html,
            "said": figures.said,
            "marks": figures.marks,
            "names": figures.names,
            "chosen": choose is not None,
            "language": language(),
        },
        on_chosen_change=chosen,
    )
    together.go()


def figure(
    drawn: Any, key: str, said: str, choose: Callable[[list[str]], None] | None = None
) -> None:
    """Show a figure of `kpi.charts`; `choose` is called with what the mark that is chosen tells.

    `said` is read out in its place. Under the same key another figure is drawn into the one that is
    there.
    """

    def chosen() -> None:
        told = st.session_state[key].get("chosen")
        if told and choose:
            choose([str(one) for one in told])

    _figure(
        key=key,
        data={
            "spec": drawn.to_json(validate=False),
            "language": language(),
            "said": said,
            "chosen": choose is not None,
            "library": library.ADDRESS,
            "failed": _(
                "This figure could not be drawn. Load the page again; its numbers are below."
            ),
        },
        on_chosen_change=chosen,
    )
    together.go()


def chrome(summary: str, query: str, copy: str, copied: str) -> None:
    """The frame's own controls: `summary` of the filters for a narrow screen, and a link to copy.

    `query` is what the link ends with ("?since=…"), made of nothing but encoded values.
    """
    section, page = places.here()
    _chrome(
        key="chrome",
        data={
            "language": language(),
            "section": section,
            "page": page,
            "summary": summary,
            "query": query,
            "copy": copy,
            "copied": copied,
            "skip": _("To the contents"),
        },
        # The browser asks for the page once more after the server was gone: to run is all it takes.
        on_again_change=lambda: None,
    )
