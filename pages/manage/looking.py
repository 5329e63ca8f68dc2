"""Looking at files: what each seems to be, and with which profile to begin."""

from __future__ import annotations

import streamlit as st

from kpi import formats
from kpi.i18n import _, language, ngettext
from kpi.ingest import Proposal, parse_profile, propose, write_profile
from kpi.ingest.kept import fitting, kept_profiles, mended_import, of_mended, today
from kpi.ingest.profiles import Read
from pages.manage import doubts, loading, steps, work
from pages.manage import findings as noticed
from pages.manage.upload import Given, choose, drop
from pages.shared import data
from pages.shared.showing import chosen, shown
from pages.shared.speech import callback

#: Sheets of a workbook that are looked at.
_SHEETS = 6


def look_at(one: Given, told: work.Told, stop: work.Stop) -> None:
    """What a file seems to be; again where it is to be read otherwise."""
    store = data.store()
    profile, again = one.profile, one.again
    tables = {feed.table for feed in profile.feeds} if profile else set()
    table = tables.pop() if len(tables) == 1 else None
    before = one.proposal
    found = propose(
        one.path, store.settings, table, store.staging, told, stop, read=again,
        configuration=store.configuration,
    )  # fmt: skip
    if before is None and found.table is None:
        found = _another_sheet(one, found, told, stop)
    one.proposal, one.spoken, one.again = found, language(), None
    one.drop_check()
    if before is None:
        _begin_with(one)
    elif again is not None and before.columns != found.columns and one.origin[0] == "found":
        one.text = found.profile_text or found.draft_text or one.text


def _another_sheet(one: Given, found: Proposal, told: work.Told, stop: work.Stop) -> Proposal:
    """Of a workbook whose first sheet is no table (a front page) the first that is one."""
    store = data.store()
    for name in found.sheets[1:_SHEETS]:
        other = propose(
            one.path, store.settings, None, store.staging, told, stop, read=Read(sheet=name),
            configuration=store.configuration,
        )  # fmt: skip
        if other.table is not None:
            return other
    return found


def _begin_with(one: Given) -> None:
    """The profile to begin with: one that was kept for such a file, else what was found."""
    found = one.proposal
    assert found is not None
    if found.refused is not None and not found.columns:
        _begin_unread(one)
        return
    store = data.store()
    mended = of_mended(store, one.name)
    if mended is not None:
        one.text, one.origin = write_profile(mended), ("mended", str(mended_import(one.name)))
        return
    saved = fitting(kept_profiles(store.configuration, today(store), one.name, found.columns))
    if saved is not None:
        one.text, one.origin = saved.text, ("kept", saved.name)
    else:
        one.text = found.profile_text or found.draft_text or ""


def _begin_unread(one: Given) -> None:
    """A file that cannot be read by looking may be one that a kept profile knows how to read."""
    store = data.store()
    for saved in kept_profiles(store.configuration, today(store), one.name):
        if saved.named and saved.fits:
            profile = parse_profile(saved.text)
            found = propose(
                one.path, store.settings, None, store.staging, read=profile.read,
                configuration=store.configuration,
            )  # fmt: skip
            if found.refused is None:
                one.proposal, one.text, one.origin = found, saved.text, ("kept", saved.name)
            return


def in_front(files: list[Given], now: Given) -> None:
    """Which of several files is in front, with how each stands."""
    names = {one.token: f"{one.name} · {_stands(one)}" for one in files}
    key = shown("_in-front", now.token)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            _("{n} files").format(n=len(files)),
            list(names),
            format_func=lambda token: names.get(token, token),
            key=key,
            on_change=lambda: choose(st.session_state[key]) if chosen(key) else None,
            width=640,
        )
        st.button(_("Leave this file out"), on_click=_out, args=(now.token,), type="tertiary")
    steps.show(files)
    alike = [
        one
        for one in files
        if one is not now and one.text != now.text and now.proposal and one.proposal
        and one.proposal.columns == now.proposal.columns
    ]  # fmt: skip
    if alike and loading.ready(now):
        st.button(
            ngettext(
                "Read the other file with these columns the same way",
                "Read the {n} other files with these columns the same way",
                len(alike),
            ).format(n=len(alike)),
            on_click=_same_way, args=(now, alike), type="tertiary",
        )  # fmt: skip


@callback
def _out(token: str) -> None:
    drop(token)


@callback
def _same_way(now: Given, others: list[Given]) -> None:
    for one in others:
        one.text, one.origin = now.text, now.origin
        one.confirmed |= now.confirmed


def _stands(one: Given) -> str:
    if one.proposal is not None and one.proposal.refused is not None:
        return _("cannot be read")
    if loading.ready(one):
        return ngettext("{n} row to load", "{n} rows to load", one.checked.loads).format(
            n=formats.number(one.checked.loads)
        ) if one.checked else ""  # fmt: skip
    open_ = len(doubts.still_open(one)) + len(noticed.unseen(one))
    if open_:
        return ngettext("▲ {n} thing to look at", "▲ {n} things to look at", open_).format(n=open_)
    return _("not checked yet") if one.refused is None else _("▲ cannot be read so")
