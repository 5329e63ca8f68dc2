"""What the detective found in a file, with its evidence: shown, never corrected unasked."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi import escape
from kpi.bulletin import Column, table
from kpi.findings import Finding, Severity
from kpi.i18n import _, ngettext
from pages.manage import remedies
from pages.manage.late import on
from pages.manage.upload import Given
from pages.shared import page

_SHAPES = {Severity.WRONG: "■", Severity.CHECK: "▲", Severity.NOTE: "○"}
#: Rows of evidence in sight before they scroll.
_TALL = 8


def unseen(given: Given) -> list[Finding]:
    """Findings that would make numbers wrong and that nobody has said to have seen."""
    checked = given.checked
    if checked is None:
        return []
    return [
        one
        for one in checked.manifest.findings
        if one.severity is Severity.WRONG and one.english not in given.confirmed
    ]


def show(findings: Sequence[Finding], key: str, given: Given | None = None) -> None:
    """The findings, what matters most first; of a file in hand the grave ones ask to be seen."""
    if not findings:
        return
    waiting = {one.english for one in unseen(given)} if given is not None else set()
    grave = [one for one in findings if one.severity is not Severity.NOTE]
    if grave:
        with st.container(border=True, key=f"found-{key}"):
            page.text(
                ngettext(
                    "Noticed in the file: one thing",
                    "Noticed in the file: {n} things",
                    len(grave),
                ).format(n=len(grave))
            )
            for number, one in enumerate(grave):
                _one(one, f"{key}-{number}", given, waiting=one.english in waiting)
    for one in findings:
        if one.severity is Severity.NOTE:
            page.quiet(one.sentence)


def _one(one: Finding, key: str, given: Given | None, *, waiting: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        with st.container(width="stretch", gap=None):
            page.text(f"{_SHAPES[one.severity]} {one.sentence}")
            said = one.what_to_do if given is None else remedies.advice(one)
            if said:
                page.quiet(said)
            if given is not None:
                _remedy(one, key, given)
        if waiting:
            st.button(
                _("Seen, load it all the same"), key=f"seen-{key}", on_click=on(given, _seen),
                args=(given, one),
            )  # fmt: skip
    if one.evidence is not None and one.evidence.rows:
        with st.expander(_("What shows it"), expanded=waiting):
            page.table(
                table(
                    one.sentence,
                    [Column(title) for title in one.evidence.titles],
                    [list(row) for row in one.evidence.texts],
                    tall=_TALL,
                ),
                f"evidence-{key}",
            )


def _remedy(one: Finding, key: str, given: Given) -> None:
    """A button for what one click can do about it."""
    profile = given.profile
    found = remedies.remedy(one, profile) if profile is not None else None
    if found is not None:
        st.button(
            escape.markdown(found.label), key=f"remedy-{key}", type="tertiary",
            on_click=on(given, _do), args=(given, found),
        )  # fmt: skip


def _do(given: Given, found: remedies.Remedy) -> None:
    if given.profile is not None:
        given.change(found.make(given.profile))


def _seen(given: Given, one: Finding) -> None:
    given.confirmed.add(one.english)
