"""Which column of the file fills which of ours: proposed with reasons, changed by choosing.

The profile's text is the one truth: choosing rewrites it, and whoever knows more edits it himself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import streamlit as st

from kpi import escape
from kpi.i18n import _
from kpi.ingest import Profile, ProfileProblem, Proposal, parse_profile, write_profile
from kpi.ingest.profiles import DateOrder, Rule
from kpi.schema.model import Column
from pages.manage import words
from pages.shared import data, page

_TEXT = "_profile"
_NOTHING, _FIXED, _KEPT = "\x00nothing", "\x00fixed", "\x00kept"
_LEAST_SAMPLES = 3


def text() -> str:
    """The profile as it stands now."""
    return str(st.session_state.get(_TEXT, ""))


def start(profile_text: str) -> None:
    """Begin with this profile."""
    st.session_state[_TEXT] = profile_text


def profile() -> Profile | None:
    """The profile, or None with the sentence shown when its text cannot be used."""
    try:
        return parse_profile(text())
    except ProfileProblem as problem:
        page.told("warning", str(problem))
        return None


def show(proposal: Proposal, now: Profile, token: str) -> None:
    """Let the columns of every feed be chosen."""
    for number, feed in enumerate(now.feeds):
        if len(now.feeds) > 1:
            page.quiet(words.table_title(feed.table))
        filled = [c for c in words.columns(feed.table) if c.name in feed.columns or c.required]
        rest = [c for c in words.columns(feed.table) if c not in filled]
        for column in filled:
            _row(proposal, now, number, column, token)
        with st.expander(_("Not filled ({n} columns)").format(n=len(rest))):
            for column in rest:
                _row(proposal, now, number, column, token)


def _row(proposal: Proposal, now: Profile, number: int, column: Column, token: str) -> None:
    rule = now.feeds[number].columns.get(column.name)
    own, source, why = st.columns([3, 3, 4], vertical_alignment="center", gap="small")
    with own, st.container(gap=None):
        need = " · " + _("required") if column.required else ""
        page.text(_(column.meaning))
        page.quiet(column.name + need)
    key = f"map-{token}-{number}-{column.name}"
    options = {
        _NOTHING: "–",
        **{name: name for name in proposal.columns},
        _FIXED: _("fixed value …"),
    }
    if rule is not None and _where(rule, proposal) == _KEPT:
        options = {_KEPT: _described(rule), **options}
    with source:
        st.session_state[key] = _where(rule, proposal)
        st.selectbox(
            _("Source of {column}").format(column=column.name),
            list(options),
            format_func=lambda one: options.get(one, one),
            key=key,
            on_change=_chosen,
            args=(key, number, column.name),
            label_visibility="collapsed",
        )
        if rule is not None and rule.value is not None:
            _fixed(rule.value, number, column, key)
    with why:
        page.quiet(_why(proposal, rule, column))


def _where(rule: Rule | None, proposal: Proposal) -> str:
    if rule is None:
        return _NOTHING
    if rule.value is not None:
        return _FIXED
    if len(rule.sources) == 1 and rule.sources[0] in proposal.columns:
        return rule.sources[0]
    return _KEPT


def _described(rule: Rule) -> str:
    if rule.hash:
        return _("key made of {columns}").format(columns=" + ".join(rule.hash))
    return " + ".join(rule.sources)


def _fixed(value: str, number: int, column: Column, key: str) -> None:
    own = f"{key}-value"
    choices = _choices(column)
    st.session_state[own] = value
    label = _("Value of {column} for all rows").format(column=column.name)
    more = {"key": own, "on_change": _fill, "args": (own, number, column.name)}
    if value in choices:
        st.selectbox(
            label,
            list(choices),
            format_func=lambda one: choices.get(one, one),
            label_visibility="collapsed",
            **more,
        )
    else:
        st.text_input(label, label_visibility="collapsed", **more)


def _choices(column: Column) -> dict[str, str]:
    """The values that a column knows, with their names; empty for free text."""
    if column.values:
        return {value: value for value in column.values}
    if column.coded in {"process", "channel", "department", "cause", "reason"}:
        known = sorted(data.store().configuration.configured(column.coded, data.default_day()))
        return {value: f"{value} ({data.title(column.coded, value)})" for value in known}
    return {}


def _why(proposal: Proposal, rule: Rule | None, column: Column) -> str:
    if rule is None:
        return _("for example {example}").format(example=column.example) if column.required else ""
    said = (
        list(proposal.reasons.get(column.name, ())) if _as_proposed(proposal, rule, column) else []
    )
    for source in rule.sources[:1]:
        samples = proposal.samples.get(source, ())[:_LEAST_SAMPLES]
        if samples:
            said.append(_("such as {samples}").format(samples=", ".join(map(_short, samples))))
    return "; ".join(said)


def _as_proposed(proposal: Proposal, rule: Rule, column: Column) -> bool:
    proposed = proposal.profile
    feeds = proposed.feeds if proposed else ()
    return any(feed.columns.get(column.name) == rule for feed in feeds)


def _short(value: str) -> str:
    plain = escape.one_line(value)
    return plain if len(plain) <= 30 else plain[:29] + "…"


def _chosen(key: str, number: int, name: str) -> None:
    chosen = st.session_state[key]
    if chosen == _KEPT:
        return
    now = parse_profile(text())
    rules = dict(now.feeds[number].columns)
    if chosen == _NOTHING:
        rules.pop(name, None)
    elif chosen == _FIXED:
        column = next(c for c in words.columns(now.feeds[number].table) if c.name == name)
        rules[name] = Rule(value=next(iter(_choices(column)), column.example))
    else:
        rules[name] = Rule(sources=(chosen,))
    _write(now, number, rules)


def _fill(key: str, number: int, name: str) -> None:
    now = parse_profile(text())
    value = str(st.session_state[key]).strip()
    if value:
        _write(now, number, {**now.feeds[number].columns, name: Rule(value=value)})


def _write(now: Profile, number: int, rules: dict[str, Rule]) -> None:
    feeds = list(now.feeds)
    feeds[number] = replace(feeds[number], columns=rules)
    start(write_profile(replace(now, feeds=tuple(feeds))))


# --- how the file is read --------------------------------------------------------------------


def reading(now: Profile, token: str) -> None:
    """What the file itself does not prove: order of dates, decimals, and its cut-off."""
    orders = {"": _("as found"), "dmy": "31-12-2026", "mdy": "12-31-2026", "ymd": "2026-12-31"}
    marks = {"": _("as found"), ",": "1.234,56", ".": "1,234.56"}
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        _read_choice("order", _("Dates"), orders, now.read.date_order or "", token)
        _read_choice("decimal", _("Numbers"), marks, now.read.decimal or "", token)
        key = f"read-{token}-as-of"
        st.session_state[key] = now.as_of.date() if now.as_of else None
        st.date_input(
            _("Tells up to and including"),
            key=key,
            format="DD-MM-YYYY",
            on_change=_read_as_of,
            args=(key,),
            width=220,
            help=_("The extract's cut-off. Empty: the latest thing that happened in it."),
        )


def _read_choice(what: str, label: str, options: dict[str, str], value: str, token: str) -> None:
    key = f"read-{token}-{what}"
    st.session_state[key] = str(value)
    st.selectbox(
        label,
        list(options),
        format_func=lambda one: options.get(one, one),
        key=key,
        on_change=_read_changed,
        args=(key, what),
        width=180,
    )


def _read_changed(key: str, what: str) -> None:
    now = parse_profile(text())
    value = st.session_state[key] or None
    if what == "order":
        read = replace(now.read, date_order=DateOrder(value) if value else None)
    else:
        thousands = {",": ".", ".": ","}.get(value or "")
        read = replace(now.read, decimal=value, thousands=thousands)
    start(write_profile(replace(now, read=read)))


def _read_as_of(key: str) -> None:
    now = parse_profile(text())
    day = st.session_state[key]
    as_of = datetime.combine(day, time(23, 59)) if day else None
    start(write_profile(replace(now, as_of=as_of)))


def as_text(token: str) -> None:
    """The profile itself, for whoever wants more than choosing can say."""
    key = f"profile-{token}"
    st.session_state[key] = text()
    st.text_area(
        _("Profile (TOML)"),
        key=key,
        height=320,
        on_change=lambda: start(st.session_state[key]),
        help=_("Everything that can be said about a file: docs/profile.md and the command line."),
    )
