"""All that can be said of how one column is filled: a dialog, so that the page itself stays calm.

Which column it is about is kept, and the dialog is drawn in every run until somebody closes it: the
page runs again by itself too, when the check of the file behind the dialog has ended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from kpi.i18n import _, ngettext
from kpi.ingest import Proposal
from kpi.ingest.profiles import DurationUnit, Rule, Take
from kpi.ingest.shaping import Group, with_rule
from kpi.schema import TABLES
from kpi.schema.model import Column, Type
from pages.manage import values
from pages.manage.upload import Given
from pages.shared import page
from pages.shared.speech import callback, speak

#: Values of a column that are translated one by one; more are for the profile's text.
_MOST = 25
_SAMPLES = 3
_COLUMN, _HASH, _FIXED = "column", "hash", "fixed"
_OPEN = "_refine-open"


def described(rule: Rule) -> str:
    """Where a column comes from, where that is more than one column of the file."""
    if rule.hash:
        return _("key made of {columns}").format(columns=" + ".join(rule.hash))
    return " + ".join(rule.sources)


def told(rule: Rule) -> list[str]:
    """What is done with the values of a column, in a few words each."""
    said = []
    if rule.map:
        said.append(
            ngettext("{n} value translated", "{n} values translated", len(rule.map)).format(
                n=len(rule.map)
            )
        )
    if rule.unit is not None:
        said.append(_("in {unit}").format(unit=values.units()[rule.unit.value]))
    if rule.take is not None:
        said.append(_("of several rows {which}").format(which=values.takes()[rule.take.value]))
    if rule.pattern:
        said.append(_("a part of the text"))
    if rule.missing:
        said.append(_("empty is also {values}").format(values=", ".join(rule.missing)))
    if rule.keyed:
        said.append(_("kept unreadable"))
    if rule.format:
        said.append(_("written as {format}").format(format=rule.format))
    if rule.present is not None or rule.absent is not None:
        said.append(
            _("{present} where it is filled, else {absent}").format(
                present=rule.present or _("itself"), absent=rule.absent or _("empty")
            )
        )
    return said


def open_for(given: Given, group: Group, column: Column) -> None:
    """Open the dialog for one column; the next run draws it."""
    st.session_state[_OPEN] = _about(given, group, column)


def _about(given: Given, group: Group, column: Column) -> tuple[str, str, int, str]:
    return given.token, group.table, group.feeds[0], column.name


@callback
def _close() -> None:
    st.session_state.pop(_OPEN, None)


def is_open(given: Given, group: Group) -> Column | None:
    """The column of these feeds whose dialog is open."""
    wanted = st.session_state.get(_OPEN)
    return next(
        (one for one in TABLES[group.table].columns if wanted == _about(given, group, one)), None
    )


def show(given: Given, proposal: Proposal, every: Sequence[Group]) -> None:
    """Draw the dialog that is open, if any.

    Always at the same place on the page: a dialog that moved along with its row would be another
    one, and what was just clicked in it would be lost.
    """
    for group in every:
        column = is_open(given, group)
        if column is not None:
            _dialog(given, proposal, group, column)


def _dialog(given: Given, proposal: Proposal, group: Group, column: Column) -> None:
    @st.dialog(_(column.meaning), width="medium", on_dismiss=_close)
    def dialog() -> None:
        # A dialog runs by itself: say first in which language.
        speak()
        _body(given, proposal, group, column)

    dialog()


def _body(given: Given, proposal: Proposal, group: Group, column: Column) -> None:
    now = given.profile
    if now is None:
        return
    rule = now.feeds[group.feeds[0]].columns.get(column.name, Rule())
    key = f"refine-{given.token}-{group.feeds[0]}-{column.name}"
    made = _origin(rule, proposal, column, key)
    if made.sources:
        made = _values(made, rule, proposal, column, key)
    if st.button(_("Use this"), type="primary", key=f"{key}-use"):
        empty = made == Rule()
        given.change(with_rule(now, group.feeds, column.name, None if empty else made))
        _close()
        st.rerun()


def _origin(rule: Rule, proposal: Proposal, column: Column, key: str) -> Rule:
    """From where: one column, several joined, a key made of columns, or the same for all rows."""
    kinds = {_COLUMN: _("from the file"), _FIXED: _("the same for all rows")}
    if rule.hash or column.name.endswith("_id"):
        kinds[_HASH] = _("a key made of columns")
    now = _HASH if rule.hash else _FIXED if rule.value is not None else _COLUMN
    kind = st.segmented_control(
        _("Where it comes from"), list(kinds), default=now, format_func=lambda one: kinds[one],
        key=f"{key}-kind", required=True,
    )  # fmt: skip
    columns = list(proposal.columns)
    if kind == _FIXED:
        value = st.text_input(
            _("Value"), value=rule.value or "", key=f"{key}-fixed", placeholder=column.example
        )
        return Rule(value=value.strip()) if value.strip() else Rule()
    if kind == _HASH:
        chosen = st.multiselect(
            _("Columns that together tell a row from all others"), columns,
            default=_there(rule.hash, columns), key=f"{key}-hash", placeholder=_("column …"),
        )  # fmt: skip
        return Rule(hash=tuple(chosen))
    chosen = st.multiselect(
        _("Columns, joined in this order with a space (such as date and time)"), columns,
        default=_there(rule.sources, columns), key=f"{key}-from", placeholder=_("column …"),
    )  # fmt: skip
    return replace(rule, sources=tuple(chosen), hash=(), value=None)


def _there(names: Sequence[str], columns: Sequence[str]) -> list[str]:
    return [name for name in names if name in columns]


def _values(made: Rule, rule: Rule, proposal: Proposal, column: Column, key: str) -> Rule:
    """What is done with the values."""
    if samples := values.joined(proposal, made.sources, _SAMPLES):
        page.quiet(_("such as {samples}").format(samples=", ".join(samples)))
    missing = st.multiselect(
        _("These mean: nothing"),
        list(dict.fromkeys([*rule.missing, "n.v.t.", "-", "onbekend", "0", "NULL"])),
        default=list(rule.missing),
        accept_new_options=True,
        key=f"{key}-missing",
        placeholder=_("an empty cell only"),
    )
    made = replace(made, missing=tuple(missing))
    if column.name.endswith("_s") and column.type is Type.NUMBER:
        made = replace(made, unit=_unit(rule, key))
    if column.type in {Type.DATE, Type.TIMESTAMP}:
        made = replace(made, format=_format(rule, key))
    if column.type is Type.TEXT or column.values:
        made = _texts(made, rule, column, key, proposal)
    with st.expander(_("When several rows have the same key, and more")):
        takes = {"": _("do not merge rows"), **values.takes()}
        take = st.selectbox(
            _("Of several rows with one key counts"), list(takes),
            index=list(takes).index(rule.take.value if rule.take else ""),
            format_func=lambda one: takes[one], key=f"{key}-take",
        )  # fmt: skip
        made = replace(made, take=Take(take) if take else None)
        present = st.text_input(
            _("Where the file says something, it means"), rule.present or "", key=f"{key}-present"
        )
        absent = st.text_input(
            _("Where the file says nothing, it means"), rule.absent or "", key=f"{key}-absent"
        )
        made = replace(made, present=present or None, absent=absent or None)
        if column.type is Type.TEXT:
            keyed = st.checkbox(
                _("Phone number or e-mail address: keep it unreadable"), rule.keyed,
                key=f"{key}-keyed",
                help=_("The same number gives the same code, and nobody can tell the number from it."),
            )  # fmt: skip
            made = replace(made, keyed=keyed)
    return made


def _unit(rule: Rule, key: str) -> DurationUnit | None:
    units = values.units()
    chosen = st.segmented_control(
        _("Written in"), list(units), default=rule.unit.value if rule.unit else "s",
        format_func=lambda one: units[one], key=f"{key}-unit", required=True,
    )  # fmt: skip
    return None if chosen == "s" and rule.unit is None else DurationUnit(chosen)


def _format(rule: Rule, key: str) -> str | None:
    written = st.text_input(
        _("How it is written, where it is not found by itself"), rule.format or "",
        key=f"{key}-format", placeholder="%d-%m-%Y %H:%M",
        help=_("%d day, %m month, %Y year, %H hour, %M minute, %S second, %b name of the month"),
    )  # fmt: skip
    return written.strip() or None


def _texts(made: Rule, rule: Rule, column: Column, key: str, proposal: Proposal) -> Rule:
    with st.expander(_("Only a part of the text"), expanded=bool(rule.pattern)):
        before = st.text_input(
            _("What stands before it"), key=f"{key}-before",
            help=_("Of “region:north, segment:home” the part after “segment:” is “home”."),
        )  # fmt: skip
        written = st.text_input(
            _("Or a regular expression; its first group counts"),
            _after(before) if before else rule.pattern or "",
            key=f"{key}-pattern-{before}",
        )
        made = replace(made, pattern=written.strip() or None)
        _part(made, proposal)
    counted = proposal.values.get(made.sources[0], ()) if len(made.sources) == 1 else ()
    if counted and not made.pattern:
        made = replace(made, map=_map(rule, column, counted, key))
    return made


def _after(before: str) -> str:
    """The pattern of what follows a text, up to the next separator."""
    return re.escape(before.strip()) + r"\s*([^,;|]+)"


def _part(rule: Rule, proposal: Proposal) -> None:
    """What is left of the first values."""
    if not rule.pattern:
        return
    try:
        pattern = re.compile(rule.pattern)
    except re.error:
        page.told("warning", _("This is no regular expression."))
        return
    found = []
    for sample in proposal.samples.get(rule.sources[0], ()):
        match = pattern.search(sample)
        part = (match[1] if pattern.groups else match[0]) if match else None
        found.append(f"{values.short(sample)} → {part.strip() if part else '–'}")
    page.quiet("; ".join(found))


def _map(
    rule: Rule, column: Column, counted: Sequence[tuple[str, int]], key: str
) -> dict[str, str]:
    """Each value of the file and what it means; what is not translated passes as it is."""
    known = values.choices(column)
    made = {old: new for old, new in rule.map.items() if old not in dict(counted[:_MOST])}
    with st.expander(_("Translate values"), expanded=bool(rule.map)):
        for number, (value, rows) in enumerate(counted[:_MOST]):
            new = _one_value(value, rows, rule.map.get(value, ""), known, f"{key}-value-{number}")
            if new and new != value:
                made[value] = new
        if len(counted) > _MOST:
            page.quiet(_("and {n} more values").format(n=len(counted) - _MOST))
    return made


def _one_value(value: str, rows: int, now: str, known: dict[str, str], key: str) -> str:
    left, right = st.columns([2, 3], vertical_alignment="center")
    with left:
        page.text(f"{values.short(value)} ({rows})")
    options: dict[Any, str] = dict(known)
    if now and now not in options:
        options[now] = now
    with right:
        chosen = st.selectbox(
            _("Meaning of {value}").format(value=values.plain(value)), list(options),
            index=list(options).index(now) if now else None,
            format_func=lambda one: options.get(one, one), key=key,
            placeholder=_("stays as it is"), label_visibility="collapsed",
            accept_new_options=True,
        )  # fmt: skip
    return str(chosen or "")
