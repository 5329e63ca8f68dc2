"""What should be looked at before loading: each doubt in a sentence, with what settles it beside it.

A doubt comes as a message id with its values, made for the command line. Here it is asked as a
question, and answered by choosing. What was chosen, or looked at and found right, is settled.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from kpi import escape
from kpi.i18n import _, ngettext
from kpi.ingest import Profile, Proposal, infer, look
from kpi.ingest import mapping as proposed
from kpi.ingest.problems import Said, say
from kpi.ingest.profiles import DateOrder, DurationUnit, Rule
from kpi.ingest.shaping import lacking, with_read, with_rule
from kpi.schema import TABLES
from kpi.text import N_
from pages.manage import values, words
from pages.manage.upload import Given
from pages.shared import page
from pages.shared.speech import callback

#: The same doubts, asked of somebody who looks at the file.
_ASKED: Mapping[str, str] = {
    infer.OPEN_ORDER: N_("{column}: no day is above 12, so day and month look alike. Which is it?"),
    infer.OPEN_SHORT: N_("{column}: years have two digits. How are these dates written?"),
    infer.MIXED_ORDER: N_(
        "{column}: some dates fit only day-month, others only month-day. Look into the source; how "
        "should they be read?"
    ),
    infer.OPEN_DECIMAL: N_("{column}: what does {sample} mean?"),
    proposed.LONG: N_("{header}: in seconds these values are very long. What are they in?"),
    proposed.CONSTANT: N_("The file does not say “{meaning}”. What is it, for all rows?"),
    proposed.ALIKE_DOUBT: N_("Is {header} really “{meaning}”?"),
    proposed.RIVALS: N_(
        "“{meaning}” is read from {header}; {rivals} would do as well. Is that right?"
    ),
    proposed.HASHED: N_(
        "No column tells the rows apart, so a key was made of the whole row. Is each row one of its "
        "own?"
    ),
    look.NO_TABLE: N_(
        "The headers are not those of any table. Choose what it is; then say which column is which."
    ),
    look.NO_NAMES: N_("Choose what it is; then say which column is which."),
    look.TWO_TABLES: N_("The rows may be {first} or {second}. Is it right what is chosen above?"),
}
#: Doubts that choosing a table and its columns takes away, so that they need no answer of their own.
_OF_TABLES = {look.NO_TABLE, look.NO_NAMES, look.NO_DATES, look.LACKING}
_ORDERS = {infer.OPEN_ORDER, infer.OPEN_SHORT, infer.MIXED_ORDER}


def name_of(said: Said) -> str:
    """What tells a doubt from another, whatever language is spoken."""
    message, filled = said
    return message + json.dumps(filled, sort_keys=True, default=str)


def still_open(given: Given) -> list[Said]:
    """The doubts about a file that nobody settled yet."""
    proposal, profile = given.proposal, given.profile
    if proposal is None or given.origin[0] != "found":
        return []
    return [
        said
        for said in proposal.doubted
        if said[0] not in _OF_TABLES
        and name_of(said) not in given.confirmed
        and (profile is None or _about(said, profile))
    ]


def of_tables(given: Given) -> None:
    """Why the file fits no table as it stands; gone when its columns were said."""
    proposal, profile = given.proposal, given.profile
    if proposal is None or given.origin[0] != "found":
        return
    if profile is not None and profile.feeds and not any(map(lacking, profile.feeds)):
        return
    for said in proposal.doubted:
        if said[0] in _OF_TABLES:
            page.told("warning", asked(said, proposal))


def of_column(given: Given, column: str) -> list[Said]:
    """The open doubts about one of our columns."""
    profile = given.profile
    if profile is None:
        return []
    sources = {
        " + ".join(rule.named)
        for feed in profile.feeds
        if (rule := feed.columns.get(column)) is not None
    }
    return [said for said in still_open(given) if said[1].get("column") in {column, *sources}]


def _about(said: Said, profile: Profile) -> bool:
    """Whether a doubt is about something that the profile still reads so."""
    message, filled = said
    rules = [rule for feed in profile.feeds for rule in feed.columns.values()]
    own = [feed.columns[filled["column"]] for feed in profile.feeds
           if filled.get("column") in feed.columns]  # fmt: skip
    if message in {proposed.ALIKE_DOUBT, proposed.RIVALS}:
        return any(filled["header"] in rule.sources for rule in own)
    if message == proposed.HASHED:
        return any(rule.hash for rule in own)
    if message == proposed.CONSTANT:
        return any(rule.value is not None for rule in own)
    if message == proposed.LONG:
        return any(filled["column"] in rule.sources and rule.unit is None for rule in rules)
    if message in _ORDERS or message == infer.OPEN_DECIMAL:
        return any(" + ".join(rule.named) == filled["column"] for rule in rules)
    return True


def show(given: Given) -> None:
    """The open doubts, each with its answer beside it."""
    found = still_open(given)
    if not found:
        return
    with st.container(border=True, key="doubts"):
        with st.container(horizontal=True, vertical_alignment="center"):
            page.text(
                ngettext("▲ One thing to look at", "▲ {n} things to look at", len(found)).format(
                    n=len(found)
                )
            )
            if len(found) > 1 and not any(_must_choose(said) for said in found):
                st.button(
                    _("All of this is right"), on_click=_confirm_all, args=(given,), type="tertiary"
                )
        for number, said in enumerate(found):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                with st.container(width="stretch", gap=None):
                    page.text(asked(said, given.proposal))
                    if samples := _samples(said, given.proposal):
                        page.quiet(_("such as {samples}").format(samples=samples))
                answer(given, said, f"doubt-{given.token}-{number}-{hash(name_of(said))}")


def asked(said: Said, proposal: Proposal | None) -> str:
    """A doubt as a question."""
    message, filled = said
    if message not in _ASKED:
        return say(said)
    given = dict(filled)
    column = given.get("column")
    if "table" in given or message in {proposed.ALIKE_DOUBT, proposed.RIVALS}:
        given["meaning"] = _meaning(given.get("table"), column)
    for name in ("first", "second"):
        if given.get(name) in TABLES:
            given[name] = words.table_title(given[name])
    if message == proposed.LONG:
        given["header"] = column
    given["sample"] = _separated(column, proposal)
    return _(_ASKED[message]).format(**given)


def _meaning(table: str | None, column: str | None) -> str:
    tables = [TABLES[table]] if table else [TABLES[name] for name in words.tables()]
    found = next((one.by_name[column] for one in tables if column in one.by_name), None)
    return _(found.meaning) if found else column or ""


def _samples(said: Said, proposal: Proposal | None) -> str:
    if proposal is None:
        return ""
    header = said[1].get("header") or said[1].get("column") or ""
    found = [proposal.samples.get(part, ()) for part in str(header).split(" + ")]
    rows = zip(*found, strict=False)
    return ", ".join(values.short(" ".join(row)) for row in list(rows)[:3])


def _separated(column: str | None, proposal: Proposal | None) -> str:
    """A value of the column with one separator in it, to ask about."""
    samples = proposal.samples.get(column or "", ()) if proposal else ()
    return next((one for one in samples if "," in one or "." in one), samples[0] if samples else "")


# --- answers ----------------------------------------------------------------------------------


def _must_choose(said: Said) -> bool:
    """Whether only choosing settles it: the file itself leaves it open."""
    return said[0] in {*_ORDERS, infer.OPEN_DECIMAL, proposed.LONG, proposed.CONSTANT}


def answer(given: Given, said: Said, key: str) -> None:
    """What settles a doubt."""
    message, filled = said
    if message in _ORDERS:
        offered = filled.get("orders", "dmy, mdy" if message != infer.OPEN_SHORT else "")
        names = [one.strip() for one in str(offered).split(",") if one.strip()] or ["dmy", "mdy"]
        _offer(given, said, key, {name: values.ORDERS[name] for name in names}, _order)
    elif message == infer.OPEN_DECIMAL:
        options = {",": _("comma: 1,5 is one and a half"), ".": _("point: 1.5 is one and a half")}
        _offer(given, said, key, options, _decimal)
    elif message == proposed.LONG:
        _offer(given, said, key, values.units(with_clock=False), _unit)
    elif message == proposed.CONSTANT:
        _constant(given, said, key)
    else:
        st.button(_("Right"), key=key, on_click=_confirm, args=(given, said))


def _offer(
    given: Given,
    said: Said,
    key: str,
    options: Mapping[str, str],
    do: Callable[[Given, Said, str], None],
) -> None:
    @callback
    def chosen() -> None:
        value = st.session_state[key]
        if value:
            do(given, said, value)
            _confirm(given, said)

    st.segmented_control(
        escape.markdown(asked(said, given.proposal)),
        list(options),
        format_func=lambda one: options.get(one, one),
        key=key,
        on_change=chosen,
        label_visibility="collapsed",
        width="content",
    )


def _order(given: Given, _said: Said, value: str) -> None:
    if given.profile:
        given.change(with_read(given.profile, date_order=DateOrder(value)))
    # One answer for all dates of the file.
    for said in still_open(given):
        if said[0] in _ORDERS:
            _confirm(given, said)


def _decimal(given: Given, _said: Said, value: str) -> None:
    if given.profile:
        thousands = {",": ".", ".": ","}[value]
        given.change(with_read(given.profile, decimal=value, thousands=thousands))
    for said in still_open(given):
        if said[0] == infer.OPEN_DECIMAL:
            _confirm(given, said)


def _unit(given: Given, said: Said, value: str) -> None:
    profile = given.profile
    if profile is None:
        return
    for number, feed in enumerate(profile.feeds):
        for name, rule in feed.columns.items():
            if said[1]["column"] in rule.sources and name.endswith("_s"):
                profile = with_rule(
                    profile, (number,), name, replace(rule, unit=DurationUnit(value))
                )
    given.change(profile)


def _constant(given: Given, said: Said, key: str) -> None:
    column = TABLES[said[1]["table"]].by_name[said[1]["column"]]
    options = values.choices(column)

    @callback
    def chosen() -> None:
        value = str(st.session_state[key] or "").strip()
        profile = given.profile
        if value and profile is not None:
            numbers = [n for n, feed in enumerate(profile.feeds) if column.name in feed.columns]
            given.change(with_rule(profile, numbers, column.name, Rule(value=value)))
            _confirm(given, said)

    label = _(column.meaning)
    if options:
        st.selectbox(
            label, list(options), index=None, format_func=lambda one: options.get(one, one),
            key=key, on_change=chosen, label_visibility="collapsed", width=260,
            placeholder=_("choose …"), accept_new_options=not column.values,
        )  # fmt: skip
    else:
        st.text_input(
            label, key=key, on_change=chosen, label_visibility="collapsed", width=260,
            placeholder=column.example,
        )  # fmt: skip


@callback
def _confirm_all(given: Given) -> None:
    for said in still_open(given):
        _confirm(given, said)


@callback
def _confirm(given: Given, said: Said) -> None:
    given.confirmed.add(name_of(said))


def refusal(given: Given, problem: Any) -> None:
    """Why a file cannot be read as it stands; with the answer, where choosing one is enough."""
    said: Said = (problem.message, problem.values)
    page.told("warning", asked(said, given.proposal))
    if problem.message in {*_ORDERS, infer.OPEN_DECIMAL}:
        answer(given, said, f"refused-{given.token}-{hash(name_of(said))}")
