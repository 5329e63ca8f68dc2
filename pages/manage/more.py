"""More out of one file: only some rows, further questions, an event log, another table, who it is."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi.i18n import _
from kpi.ingest import Profile, Proposal
from kpi.ingest.known_otherwise import known_by, numbers_of_customers
from kpi.ingest.shaping import (
    Group,
    groups,
    more_questions,
    question_of,
    with_feed,
    with_only,
    with_question,
    without_feeds,
)
from pages.manage import logs, values, words
from pages.manage.late import on
from pages.manage.parts import feed_of, pick
from pages.manage.upload import Given
from pages.shared import page
from pages.shared.showing import shown

_WHO = ("contacts", "cases", "surveys", "web_events")


def show(given: Given, proposal: Proposal, now: Profile) -> None:
    """What the file fills, and what more it can fill."""
    every = groups(now)
    if len(every) > 1:
        for group in every:
            _filled(given, group)
    for group in every:
        _only(given, proposal, now, group)
        if group.questions:
            _questions(given, proposal, now, group)
    logs.show(given, proposal, now)
    _known_by(given, proposal, every)
    _another(given, every)


def hint(given: Given, proposal: Proposal, now: Profile) -> None:
    """Questions that were found beside the first one: added with a click, without looking for it."""
    for group in groups(now):
        found = more_questions(now, proposal.columns, proposal.samples) if group.questions else []
        if len(found) > 1:
            _all_questions(given, group, found)
            continue
        for header, metric in found:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                page.text(
                    _("{header} looks like one more question: {question}.").format(
                        header=header, question=values.metrics()[metric]
                    )
                )
                st.button(
                    _("Read this question too"), key=f"hint-{given.token}-{header}",
                    on_click=on(given, _add_question), args=(given, group, header, metric),
                )  # fmt: skip
    logs.hint(given, proposal, now)
    for header in numbers_of_customers(now, proposal.columns, proposal.samples):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            page.text(
                _("{header} holds phone numbers or e-mail addresses: is that the customer?").format(
                    header=header
                )
            )
            group = next(one for one in groups(now) if one.table in _WHO)
            st.button(
                _("Know the customer by it"), key=f"hint-{given.token}-{header}-who",
                on_click=on(given, _know), args=(given, group, header, _("telephony"), ""),
            )  # fmt: skip


def _all_questions(given: Given, group: Group, found: list[tuple[str, str]]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        metrics = values.metrics()
        named = "; ".join(f"{header} ({metrics[metric]})" for header, metric in found)
        page.text(_("These look like more questions: {questions}.").format(questions=named))
        st.button(
            _("Read these {n} questions too").format(n=len(found)),
            key=f"hint-{given.token}-questions", on_click=on(given, _add_questions),
            args=(given, group, tuple(found)),
        )  # fmt: skip


def _add_questions(given: Given, group: Group, found: Sequence[tuple[str, str]]) -> None:
    for header, metric in found:
        _with_one(given, group, header, metric)


def _filled(given: Given, group: Group) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        page.text(_("This file fills {table}.").format(table=words.table_title(group.table)))
        st.button(
            _("Leave out"), key=f"drop-{given.token}-{group.feeds[0]}", type="tertiary",
            on_click=on(given, _without), args=(given, group.feeds),
        )  # fmt: skip


def _without(given: Given, feeds: Sequence[int]) -> None:
    if given.profile:
        given.change(without_feeds(given.profile, feeds))


# --- only some rows ---------------------------------------------------------------------------


def _only(given: Given, proposal: Proposal, now: Profile, group: Group) -> None:
    only = now.feeds[group.feeds[0]].only
    key = f"only-{given.token}-{group.feeds[0]}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = next(iter(only), "")
        options = ["", *proposal.columns]
        column = shown(f"{key}-column", chosen if chosen in options else "")
        st.selectbox(
            _("Only rows of {table} where").format(table=words.table_title(group.table)), options,
            key=column, format_func=lambda one: one or _("all rows"),
            on_change=on(given, _only_column, column), args=(given, group, column), width=280,
        )  # fmt: skip
        if chosen:
            known = [value for value, _rows in proposal.values.get(chosen, ())]
            listed = shown(f"{key}-values", list(only[chosen]))
            st.multiselect(
                _("is"), list(dict.fromkeys([*only[chosen], *known])), key=listed,
                accept_new_options=True, placeholder=_("choose one or more …"),
                on_change=on(given, _only_values, listed),
                args=(given, group, chosen, listed),
            )  # fmt: skip


def _only_column(given: Given, group: Group, key: str) -> None:
    column, now, proposal = st.session_state[key], given.profile, given.proposal
    if now is None or proposal is None:
        return
    # Begin with all there is: the next thing is to take some away.
    known = [value for value, _rows in proposal.values.get(column, ())]
    known = known or list(proposal.samples.get(column, ())[:1])
    given.change(with_only(now, group.feeds, {column: known} if column else {}))


def _only_values(given: Given, group: Group, column: str, key: str) -> None:
    if given.profile:
        chosen = [str(one) for one in st.session_state[key]]
        given.change(with_only(given.profile, group.feeds, {column: chosen}))


# --- questions --------------------------------------------------------------------------------


def _questions(given: Given, proposal: Proposal, now: Profile, group: Group) -> None:
    """The questions of an answer sheet: which column holds which."""
    page.text(_("Questions in one row: each in its own column"))
    metrics = values.metrics()
    for number in group.feeds:
        feed = now.feeds[number]
        metric, score = feed.columns.get("metric"), feed.columns.get("score")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            said = score.sources[0] if score and score.sources else _("no column yet")
            asked = metrics.get(metric.value or "", metric.value or "") if metric else ""
            page.text(f"{said}: {asked or _('as the file says')}")
            if len(group.feeds) > 1:
                st.button(
                    _("Leave out"), key=f"question-{given.token}-{number}", type="tertiary",
                    on_click=on(given, _without), args=(given, (number,)),
                )  # fmt: skip
    key = f"question-{given.token}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        header = st.selectbox(
            _("One more question"), list(proposal.columns), index=None, key=f"{key}-column",
            placeholder=_("column …"), width=260,
        )  # fmt: skip
        guessed = question_of(header) if header else None
        metric_chosen = st.selectbox(
            _("What it asks"), list(metrics), key=f"{key}-metric-{header}", width=240,
            index=list(metrics).index(guessed) if guessed else None,
            format_func=lambda one: metrics[one], placeholder=_("choose …"),
        )  # fmt: skip
        st.button(
            _("Add"), key=f"{key}-add", disabled=not (header and metric_chosen),
            on_click=on(given, _add_question), args=(given, group, header, metric_chosen),
        )  # fmt: skip


def _add_question(given: Given, group: Group, header: str, metric: str) -> None:
    _with_one(given, group, header, metric)


def _with_one(given: Given, group: Group, header: str, metric: str) -> None:
    now, proposal = given.profile, given.proposal
    if now is not None and proposal is not None:
        samples = proposal.samples.get(header, ())
        given.change(with_question(now, group.feeds, header, metric, samples))


# --- who it is --------------------------------------------------------------------------------


def _known_by(given: Given, proposal: Proposal, every: Sequence[Group]) -> None:
    """Customers known by a number or a requester only."""
    group = next((one for one in every if one.table in _WHO), None)
    if group is None:
        return
    with st.expander(
        _("The customer is known only by a phone number, e-mail address or requester")
    ):
        columns = list(proposal.columns)
        key = f"known-{given.token}"
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            header = pick(_("Number or requester"), columns, "", f"{key}-header")
            told = _own_number(proposal)
            own = st.selectbox(
                _("Customer number, where the file has it too"), ["", *columns],
                index=columns.index(told) + 1 if told in columns else 0,
                format_func=lambda one: one or _("is not in the file"), key=f"{key}-own", width=280,
            )  # fmt: skip
            system = st.text_input(_("Name of the system"), _("telephony"), key=f"{key}-source")
            st.button(
                _("Read it so"), key=f"{key}-use", disabled=not (header and system.strip()),
                on_click=on(given, _know), args=(given, group, header, f"{key}-source", own or ""),
            )  # fmt: skip
        page.quiet(
            _(
                "Numbers and addresses are kept unreadable. Whose they are is told by the table "
                "“Identities of customers”: from this file, or from one of its own."
            )
        )


def _own_number(proposal: Proposal) -> str:
    """The column that was found to hold the customer's own number."""
    feeds = proposal.profile.feeds if proposal.profile else ()
    found = [feed.columns["customer_id"] for feed in feeds if "customer_id" in feed.columns]
    return next((rule.sources[0] for rule in found if rule.sources), "")


def _know(given: Given, group: Group, header: str, source: str, own: str) -> None:
    # As it stands there now: typed and pressed at once, the button was drawn before it was typed.
    source = str(st.session_state.get(source, source)).strip()
    if given.profile and source:
        given.change(known_by(given.profile, group.feeds, header, source, own))


# --- another table ----------------------------------------------------------------------------


def _another(given: Given, every: Sequence[Group]) -> None:
    used = {group.table for group in every}
    offered = [name for name in words.tables() if name not in used]
    key = f"another-{given.token}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox(
            _("The file also fills"), offered, index=None, format_func=words.table_title,
            placeholder=_("another table …"), key=key, width=280,
        )  # fmt: skip
        st.button(
            _("Add"), key=f"{key}-add", disabled=chosen is None, on_click=on(given, _add_table),
            args=(given, chosen),
        )  # fmt: skip


def _add_table(given: Given, table: str) -> None:
    now = given.profile
    if now is not None:
        given.change(with_feed(now, feed_of(given, table)))
