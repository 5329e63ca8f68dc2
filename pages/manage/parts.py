"""What several parts of the wizard begin with: a column to choose, and a table as its headers fill it."""

from __future__ import annotations

import streamlit as st

from kpi.i18n import _
from kpi.ingest import parse_profile, propose
from kpi.ingest.profiles import Feed
from kpi.ingest.shaping import begun
from pages.manage.upload import Given
from pages.shared import data


def pick(label: str, columns: list[str], guess: str, key: str) -> str | None:
    """One column of the file; None until one is chosen."""
    index = columns.index(guess) if guess in columns else None
    return st.selectbox(label, columns, index=index, key=key, placeholder=_("column …"), width=260)


def feed_of(given: Given, table: str) -> Feed:
    """How the file would fill a table, as far as its headers say."""
    store, now = data.store(), given.profile
    read = now.read if now else None
    found = propose(
        given.path, store.settings, table, store.staging, read=read,
        configuration=store.configuration,
    )  # fmt: skip
    text = found.profile_text or found.draft_text
    if text is None:
        return begun(table, found.columns).feeds[0]
    return parse_profile(text, complete=False).feeds[0]
