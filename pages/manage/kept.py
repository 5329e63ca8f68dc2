"""Profiles that were kept: offered after loading, listed, and taken out of use."""

from __future__ import annotations

import re
from dataclasses import replace

import streamlit as st

from kpi.bulletin import table
from kpi.commands.who import who
from kpi.i18n import _, ngettext
from kpi.ingest import parse_profile, write_profile
from kpi.ingest.kept import Kept, kept_profiles, starting_points, today
from pages.manage import words
from pages.shared import data, page
from pages.shared.speech import callback

_SAID = "_kept-said"


def pattern_of(file: str) -> str:
    """File names like this one: what changes from week to week is left open.

    >>> pattern_of("zaken_2026-03.csv")
    'zaken_*.csv'
    """
    stem, dot, kind = file.rpartition(".")
    # What a browser adds to a second download says nothing.
    open_ = re.sub(r"\s*\(\d+\)$", "", stem or kind)
    open_ = re.sub(r"\d+([-_. ]?\d+)*", "*", open_)
    open_ = re.sub(
        r"(?i)(?<![a-z])(jan(uari)?|feb(ruari)?|maart|mrt|april|apr|mei|juni?|juli?|aug(ustus)?|"
        r"sep(tember)?|okt(ober)?|nov(ember)?|dec(ember)?|week|wk)(?![a-z])", "*", open_,
    )  # fmt: skip
    open_ = re.sub(r"\*(?:[-_. ]*\*)+", "*", open_)
    return f"{open_}.{kind}" if dot else open_


def offer(file: str, profile_text: str, key: str) -> None:
    """Let the profile just used be kept for the next file."""
    said = st.session_state.pop(f"{_SAID}-{key}", None)
    if said:
        page.told("success", said)
        return
    with st.container(border=True), st.form(f"keep-{key}", border=False):
        page.text(
            _("Keep how this file was read, and the next one is read the same way by itself.")
        )
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            name = st.text_input(_("Name"), value=_name(file), width=300)
            pattern = st.text_input(
                _("For files named"),
                value=pattern_of(file),
                width=300,
                help=_("An asterisk stands for any text: cases_*.csv"),
            )
            kept = st.form_submit_button(_("Keep"), type="primary")
    if kept and name.strip():
        _keep(name.strip(), pattern.strip(), profile_text)
        st.session_state[f"{_SAID}-{key}"] = _(
            "Kept as “{name}”: files named {pattern} are read with it."
        ).format(name=name.strip(), pattern=pattern.strip() or "*")
        st.rerun()


def _name(file: str) -> str:
    plain = pattern_of(file).rpartition(".")[0] or file
    return plain.replace("*", "").replace("_", " ").strip(" -.") or file


def _keep(name: str, pattern: str, profile_text: str) -> None:
    # The cut-off belongs to this file, not to the next.
    profile = replace(parse_profile(profile_text), name=name, as_of=None, files=())
    row = {
        "profile": name,
        "valid_from": today(data.store()),
        "toml": write_profile(profile),
        "file_pattern": pattern,
        "retired": False,
    }
    data.store().configure("feed_profiles", [row], who())


def show() -> None:
    """The profiles that are in use, those to begin with, and how to take one out of use."""
    kept = kept_profiles(data.store().configuration, today(data.store()))
    points = starting_points()
    title = ngettext("Kept profiles: {n}", "Kept profiles: {n}", len(kept)).format(n=len(kept))
    opened = st.expander(
        _("{kept}; starting points for common exports: {n}").format(kept=title, n=len(points)),
        key="kept-profiles", on_change="rerun",
    )  # fmt: skip
    if not opened.open:
        return
    with opened:
        if kept:
            page.table(
                table(
                    _("Kept profiles"),
                    [_("Name"), _("For files named"), _("Fills")],
                    [[one.name, one.pattern, _fills(one)] for one in kept],
                ),
                "kept",
            )
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                name = st.selectbox(
                    _("Take out of use"), [one.name for one in kept], index=None, width=320,
                    placeholder=_("choose …"), key="retire-profile",
                )  # fmt: skip
                st.button(
                    _("No longer use this profile"), disabled=name is None, on_click=_retire,
                    args=(name,), key="retire-profile-now",
                )  # fmt: skip
        else:
            page.quiet(_("None yet: after loading a file you can keep how it was read."))
        page.text(_("Starting points, made for exports that many have. Adjust them to your own."))
        page.table(
            table(
                _("Starting points"),
                [_("Starting point"), _("For files named"), _("Fills"), _("Reads the columns")],
                [[one.name, one.pattern, _fills(one), ", ".join(_columns(one))] for one in points],
            ),
            "starting-points",
        )


def _fills(one: Kept) -> str:
    if one.problem:
        return _("cannot be used: {problem}").format(problem=one.problem)
    feeds = parse_profile(one.text).feeds
    return ", ".join(dict.fromkeys(words.table_title(feed.table) for feed in feeds))


def _columns(one: Kept) -> list[str]:
    feeds = parse_profile(one.text).feeds
    return list(dict.fromkeys(name for feed in feeds for name in feed.named))


@callback
def _retire(name: str) -> None:
    row = {"profile": name, "valid_from": today(data.store()), "retired": True}
    data.store().configure("feed_profiles", [row], who())
