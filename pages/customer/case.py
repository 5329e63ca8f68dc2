"""Zaak: the story of one case in order, who had it, what was due, and where it stands in its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from kpi import formats
from kpi.bulletin import story as words
from kpi.bulletin import table
from kpi.bulletin.rows import head, told
from kpi.bulletin.tables import Column, Shown, Value
from kpi.i18n import _, language
from kpi.numbers import AskProblem
from kpi.numbers.story import case_story, contact_story, source_link
from kpi.results.story import Story
from pages.shared import data, empty, frame, page, places, state

_CASE = ("case_id", "opened_at", "closed_at", "process", "reason", "channel", "department")
_CONTACT = ("contact_id", "started_at", "process", "reason", "channel")


def show() -> None:
    frame.bare({"case": state.chosen("case"), "contact": state.chosen("contact")})
    if not data.loaded():
        empty.nothing_loaded()
        return
    case, contact = state.chosen("case"), state.chosen("contact")
    if not case and not contact:
        page.heading(_("One case"))
        page.text(_("Open a case from the rows behind a number: click its id there."))
        return
    try:
        found = _story(case, contact)
    except AskProblem as problem:
        page.heading(_("One case"))
        page.told("info", str(problem))
        return
    page.heading(words.title(found, data.title), _about(found))
    _source(found)
    zone = data.zone()
    if found.case is not None:
        with st.container(key="case-times"):
            due, who = st.columns([6, 7], gap="large")
            with due:
                _part(_("Deadlines"), words.deadlines(found, zone), "deadlines")
            with who:
                _part(_("Who had it"), words.stays(found, data.title, zone), "stays")
    page.section(_("What happened, in order"))
    page.table(words.course(found, data.title, zone), "course", personal=True)
    _others(found)


def _story(case: str, contact: str) -> Story:
    if case:
        return case_story(data.store(), case, data.SCOPE)
    return contact_story(data.store(), contact, data.SCOPE)


def _about(found: Story) -> list[str]:
    about = found.about
    said = [
        _("customer {id}").format(id=about["customer_id"])
        if about["customer_id"]
        else _("customer unknown")
    ]
    for kind in ("reason", "channel", "department"):
        # A contact has no department of its own.
        if about[kind]:
            said.append(data.title(kind, about[kind]))
        elif found.case is not None or kind != "department":
            what = formats.lower_first(head(kind))
            said.append(_("{what} unknown").format(what=what))
    said.append(page.as_of(found.as_of))
    return said


def _source(found: Story) -> None:
    table_name = "cases" if found.case else "contacts"
    id_ = found.about["case_id" if found.case else "contact_id"]
    href = source_link(data.store(), table_name, id_)
    if href:
        st.link_button(_("Open in the source system"), href, icon=":material/open_in_new:")


def _part(title: str, shown: Any, key: str) -> None:
    if shown is None:
        return
    page.section(title)
    page.table(shown, key, personal=True)


def _others(found: Story) -> None:
    """What else there is of this customer."""
    for title, rows, names, kind in (
        (_("Other cases of this customer"), found.cases, _CASE, "case"),
        (_("Contacts of this customer without a case"), found.contacts, _CONTACT, "contact"),
    ):
        if not rows:
            continue
        page.section(f"{title} ({formats.number(len(rows))})")
        heads = [Column(head(name), whole=name.endswith(("_id", "_at"))) for name in names]
        page.table(
            table(title, heads, [_line(row, names, kind) for row in rows], tall=10),
            f"other-{kind}s",
            personal=True,
        )


def _line(row: Mapping[str, Any], names: tuple[str, ...], kind: str) -> list[Value]:
    line: list[Value] = [told(name, row, data.title, data.zone()) for name in names]
    query = urlencode({kind: row[names[0]], "lang": language()})
    line[0] = Shown(str(line[0]), href=f"{places.path('case')}?{query}")
    return line
