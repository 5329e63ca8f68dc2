"""The next step: the file read whole as it is to be read, what that gives, and the button that loads it."""

from __future__ import annotations

import streamlit as st

from kpi import formats
from kpi.i18n import _, ngettext
from kpi.ingest import Cancelled, Profile, Refused, parse_profile
from pages.manage import answers, check, doubts, findings, loading, mapping, work
from pages.manage.upload import Given
from pages.shared import page
from pages.shared.speech import callback

#: Files up to this size (bytes) are checked whole while one looks; larger ones when asked.
_AT_ONCE = 40_000_000


def taken(files: list[Given]) -> None:
    """Take up what a check gave, when it has ended; one that was stopped is not begun again."""
    ended = work.take("check")
    if ended is None:
        return
    if ended.stopped:
        for one in files:
            if ended.about.startswith(f"{one.token} "):
                one.held = one.text
        return
    token, text, found = ended.result
    for one in files:
        if one.token == token:
            one.drop_check()
            one.tried = text
            if isinstance(found, Refused):
                one.refused = found
            else:
                one.checked = found


def show(now: Given, profile: Profile | None, files: list[Given]) -> None:
    """What reading the file so gives: the whole file, and nothing of it loaded.

    The other files are checked meanwhile, one by one: nobody has to open each to load them.
    """
    _show(now, profile)
    waiting = [one for one in files if one is not now and _by_itself(one)]
    if waiting and work.current() is None and waiting[0].profile is not None:
        _check(waiting[0], waiting[0].profile)
        work.show()
    elif work.current() is not None and not _by_itself(now) and not work.about("check", now.token):
        work.show()


def _by_itself(one: Given) -> bool:
    """Whether a file is checked unasked: it can be, it was not yet, and it is not too large."""
    profile, proposal = one.profile, one.proposal
    if profile is None or not profile.feeds or proposal is None or proposal.refused is not None:
        return False
    fresh = one.tried == one.text and (
        one.refused is not None or (one.checked is not None and one.checked.whole)
    )
    able = one.size <= _AT_ONCE and one.held != one.text
    return able and not fresh and not mapping.needed(profile)


def _show(now: Given, profile: Profile | None) -> None:
    if profile is None or not profile.feeds or mapping.needed(profile):
        return
    page.section(_("What will be loaded"))
    fresh = now.tried == now.text
    if fresh and now.refused is not None:
        answers.refusal(now, now.refused)
    elif fresh and now.checked is not None and now.checked.whole:
        assert now.proposal is not None
        check.show(now, now.checked, now.proposal, profile)
    elif _by_itself(now) or work.about("check", now.token):
        _check(now, profile)
        work.show()
    else:
        st.button(_("Check the file"), type="primary", on_click=_check, args=(now, profile))


@callback
def _check(now: Given, profile: Profile) -> None:
    text = now.text

    def read(told: work.Told, stop: work.Stop) -> object:
        try:
            parse_profile(text)
            made = check.check(now, profile, text, told, stop)
        except Refused as refusal:
            return now.token, text, refusal
        if stop():
            # Somebody wants it otherwise already: nobody will take this.
            made.drop()
            raise Cancelled
        return now.token, text, made

    rows = now.proposal.rows if now.proposal else 0
    about = f"{now.token} {hash(text)}"
    going = work.current()
    if going is not None and (going.kind, going.about) == ("check", about):
        # Also when it has just ended: the next run takes what it gave.
        return
    work.start("check", about, _("Checking {file}:").format(file=now.name),
               read, rows, now.size)  # fmt: skip


def go(now: Given, files: list[Given]) -> None:
    """The next step, always in sight: what would be loaded, and the button that does it."""
    able = [one for one in files if loading.ready(one)]
    # What will be loaded is said before it can be: the button says what it is about to do.
    counted = able or ([now] if now.checked is not None and now.tried == now.text else [])
    rows = sum(one.checked.loads for one in counted if one.checked)
    aside = sum(one.checked.set_aside for one in able if one.checked)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="go"):
        waiting = any(_by_itself(one) for one in files)
        st.button(
            _load_said(len(able), rows), type="primary", disabled=not able or waiting,
            on_click=loading.begin, args=(able,), key="load",
        )  # fmt: skip
        page.quiet(_before_loading(now, files, able, aside))


def _load_said(files: int, rows: int) -> str:
    if not rows:
        return _("Load")
    said = ngettext("Load {n} row", "Load {n} rows", rows).format(n=formats.number(rows))
    if files > 1:
        return _("{load} from {files} files").format(load=said, files=files)
    return said


def _before_loading(now: Given, files: list[Given], able: list[Given], aside: int) -> str:
    """What stands in the way, or what goes not along."""
    profile = now.profile
    if now in able and any(_by_itself(one) for one in files):
        return _("First the other files are checked.")
    if now in able:
        said = []
        if aside:
            said.append(
                ngettext(
                    "{n} row is set aside and can be mended and loaded later",
                    "{n} rows are set aside and can be mended and loaded later",
                    aside,
                ).format(n=formats.number(aside))
            )
        if len(able) < len(files):
            left = len(files) - len(able)
            said.append(
                ngettext(
                    "{n} file is not ready and stays behind",
                    "{n} files are not ready and stay behind",
                    left,
                ).format(n=left)
            )
        return "; ".join(said) or _("One click takes it back.")
    if profile is None or not profile.feeds:
        return _("First choose what it is.")
    if short := mapping.needed(profile):
        names = ", ".join(f"“{_(column.meaning)}”" for _table, column in short[:4])
        return _("Still needed: {names}.").format(names=names)
    open_ = len(doubts.still_open(now)) + len(findings.unseen(now))
    if open_:
        return ngettext(
            "First look at the point above.", "First look at the {n} points above.", open_
        ).format(n=open_)
    return _("First the file is checked.") if now.refused is None else _("It cannot be read so.")
