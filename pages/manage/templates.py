"""What a file may hold: per table every column, and an empty file to fill in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from kpi import templates
from kpi.bulletin import table
from kpi.bulletin.tables import Shown
from kpi.i18n import _, language
from pages.manage import words
from pages.shared import page

#: Other names of a column that are told.
_NAMED = 6


def show() -> None:
    """The templates and the columns of every table, where somebody asks for them."""
    opened = st.expander(
        _("Which columns a file may have, with templates to fill in"),
        key="templates",
        on_change="rerun",
    )
    if not opened.open:
        return
    with opened:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            chosen = st.selectbox(
                _("Table"),
                words.tables(),
                format_func=lambda name: f"{words.table_title(name)}: {words.table_meaning(name)}",
                width=520,
                key="template-table",
            )
            for kind, said in (("xlsx", _("Template (xlsx)")), ("csv", _("Template (CSV)"))):
                st.link_button(said, _address(chosen, kind), icon=":material/download:")
        page.table(_columns(chosen), "template-columns")


def _address(name: str, kind: str) -> str:
    return f"/download/template/{name}.{kind}?{urlencode({'lang': language()})}"


def _columns(name: str) -> Any:
    return table(
        _("Columns"),
        [_("Column"), _("Meaning"), _("Kind"), _("Example"), _("Also understood")],
        [
            [
                Shown(one.header, under=_("required") if one.needed else ""),
                Shown(one.meaning, under=one.values),
                one.kind,
                one.column.example,
                ", ".join(one.known_as[:_NAMED]),
            ]
            for one in templates.described(name)
        ],
    )
