"""Gegevens inlezen: from files to numbers, nothing loaded before it was shown.

What a file seems to be and how it is read comes first, what is open to doubt before all else; what
that gives is checked beside it while one looks. Loading is one click, and one click takes it back.
"""

from __future__ import annotations

import streamlit as st

from kpi import formats
from kpi.demo.fill import demo_imports
from kpi.i18n import _, language, ngettext
from kpi.ingest import Profile, propose
from kpi.ingest.kept import against, starting_points
from kpi.ingest.shaping import begun, unused
from pages.manage import (
    answers,
    doubts,
    imported,
    kept,
    loading,
    looking,
    mapping,
    more,
    next_step,
    reading,
    report,
    steps,
    templates,
    words,
    work,
)
from pages.manage.late import held, on
from pages.manage.upload import (
    Given,
    current,
    drop,
    drop_all,
    empty_uploader,
    given,
    receive,
    uploader_key,
)
from pages.shared import data, frame, page
from pages.shared.showing import chosen, shown
from pages.shared.speech import callback


def show() -> None:
    """The page."""
    frame.bare()
    loading.taken()
    done = loading.outcomes()
    files = given()
    page.heading(_("Load data"), [] if files or done else [_intro()])
    imported.told()
    if work.running("load"):
        work.show()
    elif done:
        report.show(done)
        st.button(_("Load another file"), on_click=_again)
    elif files:
        _wizard(files)
    else:
        _begin()
    imported.show()


def _intro() -> str:
    return _("Cases, contacts, survey answers, customers: what your systems can export.")


def _begin() -> None:
    found = demo_imports(data.store())
    if found:
        said = _(
            "The demo is loaded. Numbers of the demo and your own would be added up: take "
            "import {number} back below before you load your own."
        )
        page.told("info", said.format(number=found[0]))
    _uploader()
    kept.show()
    templates.show()


def _uploader() -> None:
    key = uploader_key()

    @callback
    def received() -> None:
        receive(st.session_state[key] or [])
        empty_uploader()

    st.file_uploader(
        _("One file or more: CSV, TSV, xlsx or Parquet, up to {size} MB each").format(
            size=st.get_option("server.maxUploadSize")
        ),
        # Of any kind: what a file is shows by what is in it, and a refusal by name is in English only.
        accept_multiple_files=True,
        key=key,
        on_change=received,
        help=_("Larger files: ketenzicht load FILE, in a terminal, also while this runs."),
    )


@callback
def _again() -> None:
    work.forget()
    loading.forget()
    drop_all()


# --- looking at files -------------------------------------------------------------------------


def _wizard(files: list[Given]) -> None:
    _took_look(files)
    unseen = [one for one in files if one.proposal is None or one.spoken != language() or one.again]
    if unseen:
        first = unseen[0]
        said = _("Looking at {file}:").format(file=first.name)
        about = f"{first.token} {language()} {first.again}"
        work.start("look", about, said, lambda told, stop: looking.look_at(first, told, stop),
                   size=first.size)  # fmt: skip
        work.show()
        st.button(_("Another file"), on_click=_again, type="tertiary")
        return
    now = current()
    if now is None:
        return
    next_step.taken(files)
    if len(files) > 1:
        looking.in_front(files, now)
    _file(now, files)


def _took_look(files: list[Given]) -> None:
    ended = work.take("look")
    if ended is not None and ended.stopped and files:
        # Who stops looking at a file does not want it.
        waiting = [one for one in files if one.proposal is None]
        for one in waiting[:1]:
            drop(one.token)
        st.rerun()


# --- one file ---------------------------------------------------------------------------------


def _file(now: Given, files: list[Given]) -> None:
    proposal = now.proposal
    assert proposal is not None
    if proposal.refused is not None:
        said = _("{file} cannot be read. {reason}")
        page.told("warning", said.format(file=now.name, reason=proposal.refused))
        if proposal.encoding is None and now.path.suffix.lower() not in {".xlsx", ".parquet"}:
            with st.expander(_("Say how it is to be read")):
                reading.show(now, proposal, Profile((), read=reading.begin(now)))
        st.button(_("Another file"), on_click=_leave, args=(now, files))
        return
    page.section(_seems(now))
    profile = now.profile
    page.quiet(reading.summary(now, proposal))
    _what_it_is(now, profile)
    _from_where(now)
    if profile is not None and profile.feeds:
        more.hint(now, proposal, profile)
    if not (len(files) > 1 and steps.asks_when(now)):
        doubts.of_tables(now)
    answers.show(now)
    others = proposal.sheets[1:]
    for warning in proposal.warnings:
        # Which sheet is read can be chosen above.
        if not others or not all(name in warning for name in others):
            page.quiet(warning)
    known = now.origin[0] in {"kept", "mended"}
    if profile is not None and profile.feeds:
        with st.expander(
            _columns_title(now, profile), expanded=not known, key=f"columns-{now.token}"
        ):
            mapping.show(now, proposal, profile)
    if profile is not None:
        with st.expander(_("How the file is read"), key=f"reading-{now.token}"):
            reading.show(now, proposal, profile)
    if profile is not None and profile.feeds:
        with st.expander(_("More out of this file"), key=f"more-{now.token}"):
            more.show(now, proposal, profile)
        with st.expander(_("As text, for who knows (TOML)"), key=f"toml-{now.token}"):
            mapping.as_text(now)
    elif now.text:
        mapping.as_text(now)
    next_step.show(now, profile, files)
    next_step.go(now, files)


def _seems(now: Given) -> str:
    proposal = now.proposal
    assert proposal is not None
    rows = ngettext("{n} row", "{n} rows", proposal.rows).format(n=formats.number(proposal.rows))
    profile = now.profile
    tables = list(dict.fromkeys(feed.table for feed in profile.feeds)) if profile else []
    if not tables:
        return _("{file}: {rows}; what are they?").format(file=now.name, rows=rows)
    named = ", ".join(words.table_title(name) for name in tables)
    return _("{file}: {rows}, read as {table}").format(file=now.name, rows=rows, table=named)


def _columns_title(now: Given, profile: Profile) -> str:
    proposal = now.proposal
    assert proposal is not None
    every = len(proposal.columns)
    return _("Columns: {n} of the {all} in the file are read").format(
        n=every - len(unused(profile, proposal.columns)), all=every
    )


def _what_it_is(now: Given, profile: Profile | None) -> None:
    """Which table the file fills, and of a workbook which sheet."""
    several = profile is not None and len(profile.feeds) > 1
    table = profile.feeds[0].table if profile and profile.feeds else ""
    assert now.proposal is not None
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        if not several:
            key = shown(f"table-{now.token}", table)
            st.selectbox(
                _("What it is"),
                words.tables() if table else ["", *words.tables()],
                format_func=_table_said,
                key=key,
                on_change=_table_chosen,
                args=(now, key),
                width=620,
            )
        reading.sheet(now, now.proposal)
        st.button(_("Another file"), on_click=_again, type="tertiary")


def _table_said(name: str) -> str:
    if not name:
        return _("choose what it is …")
    return f"{words.table_title(name)}: {words.table_meaning(name)}"


@callback
def _table_chosen(now: Given, key: str) -> None:
    table = st.session_state[key]
    if not held(now) or not chosen(key) or not table:
        return
    store = data.store()
    read = now.profile.read if now.profile else None
    found = propose(
        now.path, store.settings, table, store.staging, read=read,
        configuration=store.configuration,
    )  # fmt: skip
    text = found.profile_text or found.draft_text
    now.proposal, now.origin, now.confirmed = found, ("found", ""), set()
    if text is not None:
        now.text = text
    else:
        now.change(begun(table, found.columns))


def _from_where(now: Given) -> None:
    """Which kept profile it is read with, or which could be begun with."""
    kind, name = now.origin
    assert now.proposal is not None
    if kind == "kept":
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            page.text(_("Read with the kept profile “{name}”.").format(name=name))
            st.button(_("Look at it anew"), on_click=on(now, _anew), args=(now,), type="tertiary")
        return
    if kind == "mended":
        page.text(_("Read as import {number} was, of which these rows were set aside.").format(
            number=name))  # fmt: skip
        return
    columns = now.proposal.columns
    points = [against(one, now.name, columns) for one in starting_points()]
    if kind == "start":
        page.text(_("Begun with the starting point “{name}”.").format(name=name))
        return
    for one in points:
        if one.fits:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                page.text(
                    _("The columns are those of the starting point “{name}”.").format(name=one.name)
                )
                st.button(
                    _("Begin with it"), on_click=on(now, _start_with), args=(now, one.name, one.text),
                    key=f"start-{one.name}",
                )  # fmt: skip


def _anew(now: Given) -> None:
    found = now.proposal
    if found is not None:
        now.text, now.origin = found.profile_text or found.draft_text or "", ("found", "")


def _start_with(now: Given, name: str, text: str) -> None:
    now.text, now.origin = text, ("start", name)


@callback
def _leave(now: Given, files: list[Given]) -> None:
    if len(files) > 1:
        drop(now.token)
    else:
        drop_all()
