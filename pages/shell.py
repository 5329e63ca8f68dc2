"""The script Streamlit runs for every page: language, frame and navigation. It holds no numbers."""

import logging
from typing import Any

import streamlit as st

from kpi.i18n import _
from kpi.web.running import NotReady
from pages.customer import case, rows
from pages.manage import alerts, announcements, codes, definitions, load, quality
from pages.shared import empty, later, places, state
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


def main() -> None:
    """Draw the frame and run the page that was asked for."""
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
    pages = {name: page for section in sections.values() for name, page in section.items()}
    places.register(pages)
    chosen = st.navigation(
        {title: list(section.values()) for title, section in sections.items()},
        position="top",
        expanded=True,
    )
    section = next(title for title, held in sections.items() if chosen in held.values())
    # A page that the menu does not show has no place in it.
    places.stand(section, chosen.title if chosen.visibility == "visible" else "")
    state.read(chosen.url_path)
    later.begin()
    try:
        chosen.run()
    except Exception:
        later.end()
        raise
    later.end()


def _sections() -> dict[str, dict[str, Any]]:
    """The menu: per section its pages, by the name they are linked to with."""
    return {
        "": {
            "overview": st.Page(overview.show, title=_("Overview"), default=True),
            "process": st.Page(process.show, title=_("Customer process"), url_path="klantproces"),
        },
        _("Steering"): {
            "goals": st.Page(goals.show, title=_("Goals"), url_path="doelen"),
            "trends": st.Page(trends.show, title=_("Trends"), url_path="trends"),
            "split": st.Page(split.show, title=_("Explain a difference"), url_path="verschil"),
            "funnels": st.Page(funnels.show, title=_("Funnels"), url_path="funnels"),
            "avoidable": st.Page(
                avoidable.show, title=_("Avoidable contacts"), url_path="onnodige-contacten"
            ),
            "reach": st.Page(reach.show, title=_("Reachability"), url_path="bereikbaarheid"),
            "channels": st.Page(
                channels.show, title=_("Channel steering"), url_path="kanaalsturing"
            ),
            "customers": st.Page(customers.show, title=_("Customers"), url_path="klanten"),
            "actions": st.Page(
                actions.show, title=_("Improvement actions"), url_path="verbeteracties"
            ),
            # Reached from a number and from a row: not in the menu.
            "rows": st.Page(rows.show, title=_("Rows"), url_path="rijen", visibility="hidden"),
            "case": st.Page(case.show, title=_("Case"), url_path="zaak", visibility="hidden"),
        },
        _("Informing"): {
            "alerts": st.Page(alerts.show, title=_("Alerts"), url_path="meldingen"),
            "announcements": st.Page(
                announcements.show, title=_("Announcements"), url_path="mededelingen"
            ),
            "screens": st.Page(
                screens.show, title=_("Information screens"), url_path="informatieschermen"
            ),
        },
        _("Data"): {
            "load": st.Page(load.show, title=_("Load data"), url_path="gegevens-inlezen"),
            "codes": st.Page(codes.show, title=_("Codes"), url_path="codes"),
            "quality": st.Page(quality.show, title=_("Data quality"), url_path="datakwaliteit"),
            "definitions": st.Page(definitions.show, title=_("Definitions"), url_path="definities"),
        },
    }


# Streamlit runs it as a script; imported, it only brings the pages.
if __name__ == "__main__":
    main()
