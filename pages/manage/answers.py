"""What settles a doubt: each in a sentence, with what answers it beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from kpi import escape
from kpi.i18n import _, ngettext
from kpi.ingest import closing, infer
from kpi.ingest import mapping as proposed
from kpi.ingest.event_log import as_log, log_of
from kpi.ingest.problems import Said
from kpi.ingest.profiles import DateOrder, DurationUnit, Rule
from kpi.ingest.shaping import question_of, with_read, with_rule
from kpi.ingest.times import EXCEL
from kpi.schema import TABLES
from pages.manage import values
from pages.manage.doubts import LOG_CLOSED, ORDERS, asked, name_of, samples_of, still_open
from pages.manage.late import on
from pages.manage.upload import Given
from pages.shared import page


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
                    _("All of this is right"),
                    on_click=on(given, _confirm_all),
                    args=(given,),
                    type="tertiary",
                )
        for number, said in enumerate(found):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                with st.container(width="stretch", gap=None):
                    page.text(asked(said, given.proposal))
                    if samples := samples_of(said, given.proposal):
                        page.quiet(_("such as {samples}").format(samples=samples))
                answer(given, said, f"doubt-{given.token}-{number}-{hash(name_of(said))}")


def _must_choose(said: Said) -> bool:
    """Whether only choosing settles it: the file itself leaves it open."""
    return said[0] in {
        *ORDERS, infer.OPEN_DECIMAL, proposed.LONG, proposed.CONSTANT, closing.NO_CLOSING,
        infer.SERIALS, LOG_CLOSED,
    }  # fmt: skip


def answer(given: Given, said: Said, key: str) -> None:
    """What settles a doubt."""
    message, filled = said
    if message in ORDERS:
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
    elif message == infer.SERIALS:
        st.button(_("Read as day numbers"), key=key, on_click=on(given, _day_numbers),
                  args=(given, said))  # fmt: skip
    elif message == closing.NO_CLOSING:
        _closing(given, said, key)
    elif message == LOG_CLOSED:
        _log_closed(given, said, key)
    else:
        st.button(_("Right"), key=key, on_click=on(given, _confirm), args=(given, said))


def _offer(
    given: Given,
    said: Said,
    key: str,
    options: Mapping[str, str],
    do: Callable[[Given, Said, str], None],
) -> None:
    def chosen() -> None:
        if name_of(said) in given.confirmed:
            # It was answered; what comes now is what the browser still held.
            return
        value = st.session_state[key]
        if value:
            do(given, said, value)
            _confirm(given, said)

    st.segmented_control(
        escape.markdown(asked(said, given.proposal)),
        list(options),
        format_func=lambda one: options.get(one, one),
        key=key,
        on_change=on(given, chosen),
        label_visibility="collapsed",
        width="content",
    )


def _order(given: Given, _said: Said, value: str) -> None:
    if given.profile:
        given.change(with_read(given.profile, date_order=DateOrder(value)))
    # One answer for all dates of the file.
    for said in still_open(given):
        if said[0] in ORDERS:
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

    def chosen() -> None:
        if name_of(said) in given.confirmed:
            # It was answered; what comes now is what the browser still held.
            return
        value = str(st.session_state[key] or "").strip()
        profile = given.profile
        if value and profile is not None:
            numbers = [n for n, feed in enumerate(profile.feeds) if column.name in feed.columns]
            given.change(with_rule(profile, numbers, column.name, Rule(value=value)))
            _confirm(given, said)

    label = _(column.meaning)
    guess = (
        said[1]["example"] if column.name == "metric" and _named_by_header(given, said) else None
    )
    if options:
        st.selectbox(
            label, list(options), index=list(options).index(guess) if guess in options else None,
            format_func=lambda one: options.get(one, one),
            key=key, on_change=on(given, chosen), label_visibility="collapsed", width=260,
            placeholder=_("choose …"), accept_new_options=not column.values,
        )  # fmt: skip
        if guess in options:
            st.button(
                _("Right"), key=f"{key}-right", on_click=on(given, _confirm), args=(given, said)
            )
    else:
        st.text_input(
            label, key=key, on_change=on(given, chosen), label_visibility="collapsed", width=260,
            placeholder=column.example,
        )  # fmt: skip


def _named_by_header(given: Given, said: Said) -> bool:
    """Whether the header of the answers says which question it is."""
    profile = given.profile
    scores = [
        feed.columns["score"].sources
        for feed in (profile.feeds if profile else ())
        if feed.table == said[1]["table"] and "score" in feed.columns
    ]
    return any(
        question_of(header) == said[1]["example"] for headers in scores for header in headers
    )


def _day_numbers(given: Given, said: Said) -> None:
    profile = given.profile
    if profile is None:
        return
    for number, feed in enumerate(profile.feeds):
        for name, rule in feed.columns.items():
            if " + ".join(rule.named) == said[1]["column"]:
                profile = with_rule(profile, (number,), name, replace(rule, format=EXCEL))
    given.change(profile)


def _log_closed(given: Given, said: Said, key: str) -> None:
    """With its last step, as a column says, or never as far as the file tells."""
    columns = given.proposal.columns if given.proposal else ()
    options = {
        "last": _("with its last step"),
        "": _("the file does not say it: they stay open"),
        **{name: _("in column {name}").format(name=name) for name in columns},
    }

    def chosen() -> None:
        if name_of(said) in given.confirmed:
            # It was answered; what comes now is what the browser still held.
            return
        value, now = st.session_state[key], given.profile
        log = log_of(now) if now is not None else None
        if value is None or now is None or log is None:
            return
        cases = next(feed.columns for feed in now.feeds if feed.table == "cases")
        given.change(as_log(now, replace(log, closed=value), cases))
        _confirm(given, said)

    st.selectbox(
        _("When a case is closed"), list(options), index=None, key=key, on_change=on(given, chosen),
        format_func=lambda one: options.get(one, one), label_visibility="collapsed", width=320,
        placeholder=_("choose …"),
    )  # fmt: skip


def _closing(given: Given, said: Said, key: str) -> None:
    """The column that says when a case was closed; or that there is none."""
    none = "\x00none"
    columns = given.proposal.columns if given.proposal else ()
    options = {none: _("not in the file"), **{name: name for name in columns}}

    def chosen() -> None:
        if name_of(said) in given.confirmed:
            # It was answered; what comes now is what the browser still held.
            return
        value, profile = st.session_state[key], given.profile
        if value and value != none and profile is not None:
            numbers = [n for n, feed in enumerate(profile.feeds) if feed.table == "cases"]
            given.change(with_rule(profile, numbers, "closed_at", Rule(sources=(value,))))
        if value:
            _confirm(given, said)

    st.selectbox(
        _("When the case was closed"), list(options), index=None, key=key, on_change=on(given, chosen),
        format_func=lambda one: options.get(one, one), label_visibility="collapsed", width=260,
        placeholder=_("choose …"),
    )  # fmt: skip


def _confirm_all(given: Given) -> None:
    for said in still_open(given):
        _confirm(given, said)


def _confirm(given: Given, said: Said) -> None:
    given.confirmed.add(name_of(said))


def refusal(given: Given, problem: Any) -> None:
    """Why a file cannot be read as it stands; with the answer, where choosing one is enough."""
    said: Said = (problem.message, problem.values)
    page.told("warning", asked(said, given.proposal))
    if problem.message in {*ORDERS, infer.OPEN_DECIMAL, infer.SERIALS}:
        answer(given, said, f"refused-{given.token}-{hash(name_of(said))}")
