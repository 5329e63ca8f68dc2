"""From a case to its story, and to where it stands in its source system."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, urlencode

import streamlit as st

from kpi.bulletin.tables import Shown
from kpi.i18n import _, language
from kpi.store import StoreProblem
from pages.shared import data, page, places

#: Who is said to have done it until there is sign-in.
WHO = "dashboard"
#: Tables of which a row can stand in a source system.
TABLES = ("cases", "contacts")


def case(case_id: str) -> Shown:
    """A case as a cell: its id opens its story."""
    if not places.known("case"):
        return Shown(case_id)
    query = urlencode({"case": case_id, "lang": language()})
    return Shown(case_id, href=f"{places.path('case')}?{query}")


def template(table: str, on: date) -> str:
    """The address of a row of a table in its source system, with {id} in it; empty: none is known."""
    row = data.store().configuration.row("source_links", on, table_name=table)
    return str(row["url_template"] or "") if row else ""


def in_source(address: str, case_id: str) -> Shown:
    """A cell that opens the case where it is worked on."""
    if not address:
        return Shown("")
    return Shown(_("open"), href=address.replace("{id}", quote(case_id, safe="")))


def form(on: date) -> None:
    """Where cases and contacts are opened in their source system: read and set here."""
    with st.expander(_("Link to the source system")):
        page.quiet(
            _(
                "The address of one case there, with {id} where its number goes, such as "
                "https://crm.example.org/case/{id}. Every list then opens the case itself."
            )
        )
        with st.form("source-links", border=False):
            given = {
                table: st.text_input(label, value=template(table, on), max_chars=400)
                for table, label in zip(TABLES, (_("Cases"), _("Contacts")), strict=True)
            }
            if not st.form_submit_button(_("Keep the link")):
                return
        rows = [
            {
                "table_name": table, "valid_from": date(1900, 1, 1),
                "url_template": address.strip() or None, "retired": not address.strip(),
            }
            for table, address in given.items()
            if address.strip() != template(table, on)
        ]  # fmt: skip
        try:
            changed = data.store().configure("source_links", rows, WHO)
        except StoreProblem as problem:
            page.told("warning", str(problem))
            return
    if changed:
        st.rerun()
