"""Control totals of a file, to hold against the source's own report; and the rows set aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from kpi.bulletin import Column, table
from kpi.i18n import _, language
from kpi.ingest.totals import lines
from kpi.staged import Total
from pages.manage import words
from pages.shared import page

#: Rows in sight before the table scrolls.
_TALL = 14


def show(feeds: Sequence[tuple[str, Sequence[Total]]], key: str) -> None:
    """The totals per table."""
    for number, (name, totals) in enumerate(feeds):
        if totals:
            page.text(words.table_title(name))
            page.table(_totals(name, totals), f"{key}-{number}")


def _totals(name: str, totals: Sequence[Total]) -> Any:
    return table(
        _("Control totals"),
        [_("What"), _("Value"), Column(_("Rows"), figures=True), Column(_("Sum"), figures=True)],
        [list(line) for line in lines(name, totals)],
        tall=_TALL,
    )


def download(number: int) -> None:
    """The totals of an import as a file."""
    st.link_button(
        _("Control totals (CSV)"), _address("totals", number), icon=":material/download:"
    )


def download_aside(number: int, label: str = "") -> None:
    """The rows of an import that were set aside, as the file was: mend them and load them again."""
    st.link_button(
        label or _("Rows set aside (CSV or xlsx)"), _address("quarantined", number),
        icon=":material/download:",
    )  # fmt: skip


def _address(what: str, number: int) -> str:
    return f"/download/{what}/{number}?{urlencode({'lang': language()})}"
