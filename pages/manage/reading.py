"""How the file is read as a whole: what was found, why, and everything of it to be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any

import streamlit as st

from kpi import formats
from kpi.bulletin import Column, table
from kpi.i18n import _
from kpi.ingest import Profile, Proposal
from kpi.ingest.profiles import DateOrder, Read
from kpi.text import N_
from pages.manage import values
from pages.manage.late import on
from pages.manage.upload import Given
from pages.shared import data, page
from pages.shared.showing import shown

#: Encodings that Dutch extracts come in, the most usual first.
_ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "utf-16": "UTF-16",
    "iso8859-15": "ISO 8859-15",
    "cp850": "DOS (850)",
    "mac_roman": "Mac",
}
_DELIMITERS = {
    ";": N_("semicolon"), ",": N_("comma"), "\t": N_("tab"), "|": N_("bar"), " ": N_("space"),
}  # fmt: skip
_QUOTES = {'"': '"', "'": "'", "": N_("none")}
_ZONES = ("Europe/Amsterdam", "UTC", "Europe/London", "America/New_York", "America/Paramaribo")
_MISSING = ("n.v.t.", "-", "onbekend", "NULL", "NA", "leeg", "?")
#: Raw rows shown, and columns of them.
_ROWS, _COLUMNS = 4, 12
#: What of a file is found anew when it is changed; the rest only changes how values are read.
ANEW = ("encoding", "delimiter", "quote", "sheet", "skip_rows", "header")


def summary(given: Given, proposal: Proposal) -> str:
    """How the file is read, in one line."""
    read = given.profile.read if given.profile else Read()
    said = []
    if proposal.sheets:
        said.append(_("sheet {name}").format(name=proposal.sheets[0]))
    if proposal.encoding:
        said.append(encoding_name(proposal.encoding))
    if proposal.delimiter:
        said.append(
            _("separated by {mark}").format(
                mark=_(_DELIMITERS.get(proposal.delimiter, proposal.delimiter))
            )
        )
    if proposal.header_line:
        said.append(_("names on line {line}").format(line=proposal.header_line))
    if read.date_order:
        said.append(_("dates like {date}").format(date=values.ORDERS[read.date_order.value]))
    if read.decimal:
        said.append(
            _("numbers like {n}").format(n="1.234,56" if read.decimal == "," else "1,234.56")
        )
    return " · ".join(said)


def encoding_name(encoding: str) -> str:
    """An encoding as people know it."""
    return _ENCODINGS.get(encoding, encoding)


def show(given: Given, proposal: Proposal, now: Profile) -> None:
    """Everything about the file as a whole, each with what was found and why."""
    read = now.read
    if proposal.encoding or proposal.sheets or proposal.delimiter:
        with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
            if proposal.delimiter is not None or proposal.encoding is not None:
                _text_file(given, proposal)
            _header(given, proposal)
            _whole(given, "skip_footer", _("Rows at the end that are no data"), read.skip_footer)
        if proposal.encoding_reason:
            page.quiet(
                _("{encoding}: {reason}.").format(
                    encoding=encoding_name(proposal.encoding or ""), reason=proposal.encoding_reason
                )
            )
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        orders = {"": _("as found"), **values.ORDERS}
        _choice(given, "date_order", _("Dates"), orders, read.date_order or "")
        if proposal.encoding:
            marks = {"": _("as found"), ",": "1.234,56", ".": "1,234.56"}
            _choice(given, "decimal", _("Numbers"), marks, read.decimal or "")
        zones = {"": data.zone(), **{zone: zone for zone in _ZONES if zone != data.zone()}}
        if read.time_zone:
            zones.setdefault(read.time_zone, read.time_zone)
        _choice(
            given, "time_zone", _("Time zone of times without one"), zones, read.time_zone or ""
        )
        _as_of(given, now)
    _missing(given, read)
    _raw(given, proposal)


def begin(given: Given) -> Read:
    """How a file is read of which nothing could be found by looking."""
    return given.again or Read()


def sheet(given: Given, proposal: Proposal) -> None:
    """Which sheet of a workbook is read, where there are several that hold something."""
    if len(proposal.sheets) > 1:
        ordered = sorted(proposal.sheets, key=str.casefold)
        _choice(
            given, "sheet", _("Sheet"), {name: name for name in ordered}, proposal.sheets[0], 280
        )


def _text_file(given: Given, proposal: Proposal) -> None:
    encodings = dict(_ENCODINGS)
    found = proposal.encoding or ""
    encodings.setdefault(found, found)
    _choice(given, "encoding", _("Characters"), encodings, found)
    delimiters = {mark: _(name) for mark, name in _DELIMITERS.items()}
    mark = proposal.delimiter or ""
    delimiters.setdefault(mark, mark or _("none"))
    _choice(given, "delimiter", _("Columns separated by"), delimiters, mark)
    quotes = {mark: _(name) for mark, name in _QUOTES.items()}
    quotes.setdefault(proposal.quote or "", proposal.quote or "")
    _choice(given, "quote", _("Texts between"), quotes, proposal.quote or "", 130)


def _header(given: Given, proposal: Proposal) -> None:
    key = shown(f"read-{given.token}-header-line", proposal.header_line or 0)

    def changed() -> None:
        line = int(st.session_state[key])
        changes: dict[str, Any] = (
            {"skip_rows": line - 1, "header": None}
            if line
            else {"skip_rows": None, "header": False}
        )
        _set(given, **changes)

    st.number_input(
        _("Names of columns on line (0: none)"), min_value=0, max_value=1000, step=1, key=key,
        on_change=on(given, changed, key), width=210,
    )  # fmt: skip


def _whole(given: Given, name: str, label: str, value: int) -> None:
    key = shown(f"read-{given.token}-{name}", value)
    st.number_input(
        label, min_value=0, max_value=1000, step=1, key=key, on_change=on(given, _number, key), width=210,
        args=(given, key, name),
    )  # fmt: skip


def _number(given: Given, key: str, name: str) -> None:
    _set(given, **{name: int(st.session_state[key])})


def _choice(
    given: Given, name: str, label: str, options: Mapping[str, str], value: str, width: int = 180
) -> None:
    key = shown(f"read-{given.token}-{name}", str(value))
    st.selectbox(
        label,
        list(options),
        format_func=lambda one: options.get(one, one),
        key=key,
        on_change=on(given, _changed, key),
        args=(given, key, name),
        width=width,
    )


def _changed(given: Given, key: str, name: str) -> None:
    value = st.session_state[key]
    if name == "date_order":
        _set(given, date_order=DateOrder(value) if value else None)
    elif name == "decimal":
        _set(given, decimal=value or None, thousands={",": ".", ".": ","}.get(value))
    elif name == "quote":
        _set(given, quote=value)
    else:
        _set(given, **{name: value or None})


def _set(given: Given, **changes: Any) -> None:
    """Read the file otherwise; where that may give other columns it is looked at anew."""
    now = given.profile
    if now is None and given.proposal is not None:
        from kpi.ingest import parse_profile

        now = parse_profile(given.proposal.read_text, complete=False)
    if now is None:
        return
    read = replace(now.read, **changes)
    given.change(replace(now, read=read))
    if set(changes) & set(ANEW):
        given.again = read


def _as_of(given: Given, now: Profile) -> None:
    key = shown(f"read-{given.token}-as-of", now.as_of.date() if now.as_of else None)

    def changed() -> None:
        day, profile = st.session_state[key], given.profile
        if profile is not None:
            as_of = datetime.combine(day, time(23, 59)) if day else None
            given.change(replace(profile, as_of=as_of))

    st.date_input(
        _("Tells up to and including"),
        key=key,
        format="DD-MM-YYYY",
        on_change=on(given, changed, key),
        width=220,
        help=_("The extract's cut-off. Empty: the latest thing that happened in it."),
    )


def _missing(given: Given, read: Read) -> None:
    key = shown(f"read-{given.token}-missing", list(read.missing))

    def changed() -> None:
        _set(given, missing=tuple(str(one) for one in st.session_state[key]))

    st.multiselect(
        _("These mean: nothing, in every column"),
        list(dict.fromkeys([*read.missing, *_MISSING])),
        key=key,
        on_change=on(given, changed, key),
        accept_new_options=True,
        placeholder=_("an empty cell only"),
    )


def _raw(given: Given, proposal: Proposal) -> None:
    """The first rows as they stand: where the separator is wrong, one sees it here."""
    if not proposal.first_rows:
        return
    shown = proposal.columns[:_COLUMNS]
    page.quiet(_("As it stands in the file:"))
    rows = list(zip(proposal.first_lines, proposal.first_rows, strict=True))[:_ROWS]
    page.table(
        table(
            _("As it stands in the file"),
            [Column(_("Line"), figures=True), *(Column(name, code=True) for name in shown)],
            [
                [formats.number(line), *(values.short(cell) for cell in row[:_COLUMNS])]
                for line, row in rows
            ],
        ),
        f"raw-{given.token}",
    )
