"""The script Streamlit runs for every page: language, frame and navigation. It holds no numbers."""

import logging
from types import ModuleType
from typing import Any

import streamlit as st

from kpi.i18n import _
from kpi.web.running import NotReady
from pages.customer import case, rows
from pages.manage import alerts, announcements, codes, definitions, load, quality
from pages.shared import empty, later, page, places, state, together
from pages.shared.components import asset, picture
from pages.shared.speech import speak
from pages.steer import (
    actions,
    avoidable,
    channels,
    customers,
    funnels,
    goals,
    overview,
    process,
    reach,
    split,
    trends,
)
from pages.wall import screens

log = logging.getLogger("ketenzicht.pages")

#: Pages of numbers and figures, that a filter draws anew.
_NUMBERS = (
    avoidable, channels, customers, funnels, goals, overview, process, reach, split, trends,
)  # fmt: skip


def main() -> None:
    """Draw the frame and run the page that was asked for."""
    together.begin()
    try:
        _main()
    finally:
        together.end()


def _main() -> None:
    st.set_page_config(
        page_title="Ketenzicht", page_icon=picture("icon.png"), layout="wide",
    )  # fmt: skip
    st.html(f"<style>{asset('page.css')}</style>")
    try:
        speak()
    except NotReady as reason:
        empty.not_ready(str(reason))
        return
    sections = _sections()
    places.register({name: of for section in sections.values() for name, of in section.items()})
    chosen = st.navigation(
        {title: list(section.values()) for title, section in sections.items()},
        position="top",
        expanded=True,
    )
    section = next(title for title, held in sections.items() if chosen in held.values())
    # A page that the menu does not show has no place in it.
    places.stand(section, chosen.title if chosen.visibility == "visible" else "")
    state.read(chosen.url_path)
    if together.nowhere():
        page.told("info", _("There is no page at this address (any more). This is the overview."))
    later.begin()
    chosen.run()


def _page(of: ModuleType, title: str, **more: Any) -> Any:
    """A page that draws all of itself, also what waits.

    Within the page: Streamlit knows a widget by the page that it is drawn in, and would take one that is
    drawn after it for another.
    """

    def whole() -> None:
        # Other pages tell how far they are, and what one just came to is better than an empty screen.
        if of not in _NUMBERS or not state.stayed():
            together.end()
        try:
            of.show()
        except Exception:
            later.end()
            raise
        later.end()

    # Streamlit tells pages apart by what they are called too.
    whole.__name__ = of.__name__.rpartition(".")[2]
    return st.Page(whole, title=title, **more)


def _sections() -> dict[str, dict[str, Any]]:
    """The menu: per section its pages, by the name they are linked to with."""
    return {
        "": {
            "overview": _page(overview, _("Overview"), default=True),
            "process": _page(process, _("Customer process"), url_path="klantproces"),
        },
        _("Steering"): {
            "goals": _page(goals, _("Goals"), url_path="doelen"),
            "trends": _page(trends, _("Trends"), url_path="trends"),
            "split": _page(split, _("Explain a difference"), url_path="verschil"),
            "funnels": _page(funnels, _("Funnels"), url_path="funnels"),
            "avoidable": _page(avoidable, _("Avoidable contacts"), url_path="onnodige-contacten"),
            "reach": _page(reach, _("Reachability"), url_path="bereikbaarheid"),
            "channels": _page(channels, _("Channel steering"), url_path="kanaalsturing"),
            "customers": _page(customers, _("Customers"), url_path="klanten"),
            "actions": _page(actions, _("Improvement actions"), url_path="verbeteracties"),
            # Reached from a number and from a row: not in the menu.
            "rows": _page(rows, _("Rows"), url_path="rijen", visibility="hidden"),
            "case": _page(case, _("Case"), url_path="zaak", visibility="hidden"),
        },
        _("Informing"): {
            "alerts": _page(alerts, _("Alerts"), url_path="meldingen"),
            "announcements": _page(announcements, _("Announcements"), url_path="mededelingen"),
            "screens": _page(screens, _("Information screens"), url_path="informatieschermen"),
        },
        _("Data"): {
            "load": _page(load, _("Load data"), url_path="gegevens-inlezen"),
            "codes": _page(codes, _("Codes"), url_path="codes"),
            "quality": _page(quality, _("Data quality"), url_path="datakwaliteit"),
            "definitions": _page(definitions, _("Definitions"), url_path="definities"),
        },
    }


# Streamlit runs it as a script; imported, it only brings the pages.
if __name__ == "__main__":
    main()
