"""Gegevens inlezen: from a file to numbers in four steps, nothing loaded before it was shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from kpi import formats
from kpi.commands.who import who
from kpi.demo.fill import demo_imports
from kpi.i18n import _, language, ngettext
from kpi.ingest import LoadOutcome, Profile, Proposal, Refused, load, propose
from kpi.numbers import keep_month_ends
from pages.manage import check, kept_profiles, mapping, report, words
from pages.manage.upload import KINDS, Upload, drop, kept, receive, watched
from pages.shared import data, filters, page
from pages.shared.speech import callback

_PROPOSAL, _CHECKED, _OUTCOME, _ROUND = "_proposal", "_checked", "_outcome", "_round"


def show() -> None:
    filters.bare()
    outcome = st.session_state.get(_OUTCOME)
    page.heading(_("Load data"), [] if kept() or outcome else [_intro()])
    report.undone()
    if outcome is not None:
        report.show(outcome)
        kept_profiles.offer(outcome.file, mapping.text())
        st.button(_("Load another file"), on_click=_again)
    else:
        _demo_warning()
        _file()
    report.imports()


def _intro() -> str:
    return _("Cases, contacts, survey answers, customers: what your systems can export.")


def _demo_warning() -> None:
    found = demo_imports(data.store())
    if found:
        said = _(
            "The demo is loaded. Numbers of the demo and your own would be added up: take "
            "import {number} back below before you load your own."
        )
        page.told("info", said.format(number=found[0]))


def _file() -> None:
    given = st.file_uploader(
        _("File: CSV, TSV, xlsx or Parquet, up to {size} MB").format(
            size=st.get_option("server.maxUploadSize")
        ),
        type=list(KINDS),
        key=f"file-{st.session_state.get(_ROUND, 0)}",
        help=_("Larger files: ketenzicht load FILE, in a terminal, also while this runs."),
    )
    if given is None:
        if kept() is not None:
            drop()
            _forget()
        return
    upload = receive(given)
    proposal = _proposal(upload)
    if proposal.refused is not None:
        said = _("{file} cannot be read. {reason}")
        page.told("warning", said.format(file=upload.name, reason=proposal.refused))
        return
    _look(upload, proposal)


def _proposal(upload: Upload) -> Proposal:
    """What the file seems to be; looked at once."""
    # Its sentences are in the language they were made in.
    known = st.session_state.get(_PROPOSAL)
    if known is not None and known[:2] == (upload.token, language()):
        found: Proposal = known[2]
        return found
    table = known[2].table if known is not None and known[0] == upload.token else None
    store = data.store()
    proposal = watched(
        _("Looking at {file}:").format(file=upload.name),
        lambda progress, cancel: propose(
            upload.path, store.settings, table, store.staging, progress, cancel
        ),
    )
    if known is not None and known[0] == upload.token:
        _begin(upload, proposal, mapping.text())
        return proposal
    saved = kept_profiles.fitting(upload.name)
    _begin(upload, proposal, saved[1] if saved else proposal.profile_text)
    return proposal


def _begin(upload: Upload, proposal: Proposal, profile_text: str | None) -> None:
    st.session_state[_PROPOSAL] = (upload.token, language(), proposal)
    st.session_state.pop(_CHECKED, None)
    mapping.start(profile_text or "")


def _look(upload: Upload, proposal: Proposal) -> None:
    page.section(_seems(upload, proposal))
    page.quiet(_how_read(proposal))
    now = mapping.profile() if mapping.text() else None
    _table(upload, now)
    if not mapping.text():
        for doubt in proposal.doubts:
            page.told("warning", doubt)
        return
    saved = kept_profiles.fitting(upload.name)
    if saved is not None:
        page.told("info", _("Read with the saved profile {name}.").format(name=saved[0]))
    else:
        for doubt in proposal.doubts:
            page.told("warning", _("Please check: {doubt}").format(doubt=doubt))
    for warning in proposal.warnings:
        page.told("info", warning)
    if now is not None:
        mapping.show(proposal, now, upload.token)
        mapping.reading(now, upload.token)
    with st.expander(_("Profile (TOML)")):
        mapping.as_text(upload.token)
    if now is not None:
        _check_and_load(upload, proposal, now)


def _seems(upload: Upload, proposal: Proposal) -> str:
    rows = ngettext("{n} row", "{n} rows", proposal.rows).format(n=formats.number(proposal.rows))
    if proposal.table is None:
        return _("{file}: {rows}, and no table that it fits").format(file=upload.name, rows=rows)
    return _("{file}: {rows}, looks like {table}").format(
        file=upload.name, rows=rows, table=words.table_title(proposal.table)
    )


def _how_read(proposal: Proposal) -> str:
    said = [_("{n} columns").format(n=len(proposal.columns))]
    if proposal.encoding:
        said.append(f"{proposal.encoding} ({proposal.encoding_reason})")
    if proposal.delimiter:
        marks = {"\t": _("tab"), ";": _("semicolon"), ",": _("comma"), "|": _("bar")}
        mark = marks.get(proposal.delimiter, proposal.delimiter)
        said.append(_("separated by {mark}").format(mark=mark))
    if proposal.header_line:
        said.append(_("names on line {line}").format(line=proposal.header_line))
    return " · ".join(said)


def _table(upload: Upload, now: Profile | None) -> None:
    """Which table the file fills; one that fills several is said in its profile."""
    if now is not None and len(now.feeds) > 1:
        return
    current = now.feeds[0].table if now else ""
    key = f"table-{upload.token}"
    st.session_state[key] = current

    def said(one: str) -> str:
        if not one:
            return _("choose what it is …")
        return f"{words.table_title(one)}: {words.table_meaning(one)}"

    @callback
    def chosen() -> None:
        table = st.session_state[key]
        if table:
            store = data.store()
            proposal = propose(upload.path, store.settings, table, store.staging)
            _begin(upload, proposal, proposal.profile_text)

    options = words.tables() if current else ["", *words.tables()]
    st.selectbox(_("What it is"), options, format_func=said, key=key, on_change=chosen, width=640)


def _check_and_load(upload: Upload, proposal: Proposal, now: Profile) -> None:
    text = mapping.text()
    checked = st.session_state.get(_CHECKED)
    if checked is None or checked.profile != text:
        if not st.button(_("Check the file"), type="primary"):
            return
        try:
            checked = check.check(upload, now, text)
        except Refused as refusal:
            page.told("warning", str(refusal))
            return
        st.session_state[_CHECKED] = checked
        st.rerun()
    check.show(checked, proposal, now)
    said = ngettext("Load {n} row", "Load {n} rows", checked.loads)
    pressed = st.button(said.format(n=formats.number(checked.loads)), type="primary")
    if pressed and checked.loads:
        store = data.store()
        st.session_state[_OUTCOME] = watched(
            _("Loading {file}:").format(file=upload.name),
            lambda progress, _cancel: _load(store, upload, now, progress),
        )
        st.rerun()


def _load(
    store: Any, upload: Upload, profile: Profile, progress: Callable[[str, int], None]
) -> LoadOutcome:
    """Load the file; months that it closes are kept as they are reported now."""
    keep_month_ends(store)
    outcome = load(store, upload.path, profile, who=who(), progress=progress)
    keep_month_ends(store)
    return outcome


def _again() -> None:
    drop()
    _forget()
    # Another key empties the uploader.
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _forget() -> None:
    for name in (_PROPOSAL, _CHECKED, _OUTCOME):
        st.session_state.pop(name, None)
