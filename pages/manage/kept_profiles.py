"""Profiles that were kept: found again by the name of the next file, and offered after loading."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fnmatch import fnmatch

import streamlit as st

from kpi.commands.who import who
from kpi.i18n import _
from kpi.ingest import parse_profile, write_profile
from pages.shared import data, page


def fitting(file: str) -> tuple[str, str] | None:
    """Name and text of a saved profile that is meant for files of this name."""
    for row in data.store().configuration.rows("feed_profiles", _today()):
        pattern, text = row["file_pattern"], row["toml"]
        if pattern and text and fnmatch(file.casefold(), pattern.casefold()):
            return row["profile"], text
    return None


def offer(file: str, profile_text: str) -> None:
    """Let the profile just used be kept for the next file."""
    if not profile_text:
        return
    with (
        st.expander(_("Keep this profile for the next file")),
        st.form("keep-profile", border=False),
    ):
        name = st.text_input(_("Name"), value=file.rsplit(".", 1)[0])
        pattern = st.text_input(
            _("For files named"),
            value=file,
            help=_("An asterisk stands for any text: cases_*.csv"),
        )
        if st.form_submit_button(_("Keep")) and name.strip():
            _keep(name.strip(), pattern.strip(), profile_text)
            page.told("success", _("Profile {name} is kept.").format(name=name.strip()))


def _keep(name: str, pattern: str, profile_text: str) -> None:
    # The cut-off belongs to this file, not to the next.
    profile = replace(parse_profile(profile_text), name=name, as_of=None)
    row = {
        "profile": name,
        "valid_from": _today(),
        "toml": write_profile(profile),
        "file_pattern": pattern,
    }
    data.store().configure("feed_profiles", [row], who())


def _today() -> date:
    return datetime.now(UTC).date()
