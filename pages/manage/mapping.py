"""Which column of the file fills which of ours: proposed with reasons, changed by choosing.

The profile's text is the one truth: choosing rewrites it, and whoever knows more edits it himself.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi import escape
from kpi.i18n import _, ngettext
from kpi.ingest import Profile, Proposal
from kpi.ingest.profiles import Feed, Rule
from kpi.ingest.shaping import Group, groups, lacking, unused, with_rule
from kpi.schema.model import Column
from pages.manage import doubts, refine, values, words
from pages.manage.late import held, on
from pages.manage.upload import Given
from pages.shared import page
from pages.shared.showing import chosen, shown
from pages.shared.speech import callback

_NOTHING, _FIXED, _KEPT = "\x00nothing", "\x00fixed", "\x00kept"
_SAMPLES = 3
#: Columns of the file that are named when nothing is read of them.
_NAMED = 12


def needed(profile: Profile) -> list[tuple[str, Column]]:
    """What is still to be said before the file can be read: table and column."""
    return [(feed.table, column) for feed in profile.feeds for column in lacking(feed)]


def show(given: Given, proposal: Proposal, now: Profile) -> None:
    """Let the columns of every table that the file fills be chosen."""
    every = groups(now)
    refine.show(given, proposal, every)
    for group in every:
        if len(every) > 1:
            page.text(words.table_title(group.table))
        _group(given, proposal, now, group)
    if left := unused(now, proposal.columns):
        named = ", ".join(values.short(name) for name in left[:_NAMED])
        more = " …" if len(left) > _NAMED else ""
        page.quiet(
            ngettext(
                "One column of the file is not read: {names}.",
                "{n} columns of the file are not read: {names}.",
                len(left),
            ).format(n=len(left), names=named + more)
        )


def _group(given: Given, proposal: Proposal, now: Profile, group: Group) -> None:
    feed = now.feeds[group.feeds[0]]
    # What tells one question of a sheet from another is chosen with the questions.
    apart = {"metric", "score"} if group.questions and len(group.feeds) > 1 else set()
    every = [column for column in words.columns(feed.table) if column.name not in apart]
    short = {column.name for column in lacking(feed)}
    filled = [column for column in every if column.name in feed.columns or column.name in short]
    filled.sort(key=lambda column: _urgency(given, column, short))
    with st.container(key=f"mapping-{group.feeds[0]}", gap="xsmall"):
        for column in filled:
            _row(given, proposal, group, feed, column)
    rest = [column for column in every if column not in filled]
    opened = st.expander(
        _("Not filled: {n}").format(n=len(rest)),
        key=f"rest-{given.token}-{group.feeds[0]}",
        on_change="rerun",
    )
    if opened.open:
        with opened:
            for column in rest:
                _row(given, proposal, group, feed, column)


def _urgency(given: Given, column: Column, short: set[str]) -> int:
    if column.name in short:
        return 0
    return 1 if doubts.of_column(given, column.name) else 2


def _row(given: Given, proposal: Proposal, group: Group, feed: Feed, column: Column) -> None:
    rule = feed.columns.get(column.name)
    key = f"map-{given.token}-{group.feeds[0]}-{column.name}"
    own, source, why, more = st.columns([3, 3, 5, 1], vertical_alignment="center", gap="small")
    doubted = doubts.of_column(given, column.name)
    missing = rule is None and column in lacking(feed)
    with own, st.container(gap=None):
        page.text(("▲ " if doubted or missing else "") + _(column.meaning))
        page.quiet(column.name + (" · " + _("required") if column.required else ""))
    with source:
        _source(given, proposal, group, column, rule, key)
    with why:
        if missing:
            page.quiet(_("needed; for example {example}").format(example=column.example))
        else:
            page.quiet(_why(given, proposal, rule, column))
    with more:
        st.button(
            _("More"),
            key=f"{key}-more",
            type="tertiary",
            help=_("Join columns, translate values, unit, what counts as empty …"),
            on_click=on(given, refine.open_for),
            args=(given, group, column),
        )


def _source(
    given: Given, proposal: Proposal, group: Group, column: Column, rule: Rule | None, key: str
) -> None:
    options = {
        _NOTHING: "–",
        **{name: name for name in proposal.columns},
        _FIXED: _("the same for all rows …"),
    }
    where = _where(rule, proposal)
    if rule is not None and where == _KEPT:
        options = {_KEPT: refine.described(rule), **options}
    key = shown(key, where)
    st.selectbox(
        _("Source of {column}").format(column=column.name),
        list(options),
        format_func=lambda one: options.get(one, one),
        key=key,
        on_change=on(given, _chosen, key),
        args=(given, key, group.feeds, column),
        label_visibility="collapsed",
    )
    if rule is not None and rule.value is not None:
        fixed(given, group.feeds, column, rule.value, f"{key}-value")


def _where(rule: Rule | None, proposal: Proposal) -> str:
    if rule is None:
        return _NOTHING
    if rule.value is not None:
        return _FIXED
    if len(rule.sources) == 1 and rule.sources[0] in proposal.columns:
        return rule.sources[0]
    return _KEPT


def fixed(given: Given, feeds: Sequence[int], column: Column, value: str, key: str) -> None:
    """The value that all rows have."""
    options = values.choices(column)
    label = _("Value of {column}").format(column=column.name)
    key = shown(key, value)
    if options:
        if value not in options:
            options = {value: value, **options}
        st.selectbox(
            label, list(options), format_func=lambda one: options.get(one, one), key=key,
            on_change=on(given, _fill, key), args=(given, key, feeds, column),
            label_visibility="collapsed",
            accept_new_options=not column.values,
        )  # fmt: skip
    else:
        st.text_input(
            label, key=key, on_change=on(given, _fill, key), args=(given, key, feeds, column),
            label_visibility="collapsed",
        )  # fmt: skip


def _why(given: Given, proposal: Proposal, rule: Rule | None, column: Column) -> str:
    if rule is None:
        return _("for example {example}").format(example=column.example)
    said = []
    if samples := values.joined(proposal, rule.sources, _SAMPLES):
        said.append(_("such as {samples}").format(samples=", ".join(samples)))
    said += refine.told(rule)
    if given.origin[0] == "found" and _as_proposed(proposal, rule, column):
        said += list(proposal.reasons.get(column.name, ()))
    return "; ".join(said)


def _as_proposed(proposal: Proposal, rule: Rule, column: Column) -> bool:
    proposed = proposal.profile
    feeds = proposed.feeds if proposed else ()
    return any(feed.columns.get(column.name) == rule for feed in feeds)


def _chosen(given: Given, key: str, feeds: Sequence[int], column: Column) -> None:
    source, now, proposal = st.session_state[key], given.profile, given.proposal
    if source == _KEPT or now is None or proposal is None:
        return
    before = now.feeds[feeds[0]].columns.get(column.name, Rule())
    if before.sources == (source,) or (source == _FIXED and before.value is not None):
        # It is so already; what else was said of it (a unit, values translated) stays.
        return
    rule: Rule | None = Rule(sources=(source,))
    if source == _NOTHING:
        rule = None
    elif source == _FIXED:
        rule = Rule(value=next(iter(values.choices(column)), column.example))
    elif source not in proposal.columns:
        return
    given.change(with_rule(now, feeds, column.name, rule))


def _fill(given: Given, key: str, feeds: Sequence[int], column: Column) -> None:
    value, now = str(st.session_state[key] or "").strip(), given.profile
    if not value or now is None:
        return
    before = now.feeds[feeds[0]].columns.get(column.name)
    # Only while it is the same for all rows: its own widget is shown no longer otherwise.
    if before is not None and before.value is not None:
        given.change(with_rule(now, feeds, column.name, Rule(value=value)))


def as_text(given: Given) -> None:
    """The profile itself, for whoever wants more than choosing can say; judged in words."""
    from kpi.ingest import ProfileProblem, parse_profile

    key = shown(f"profile-{given.token}", given.text)

    @callback
    def written() -> None:
        if not held(given) or not chosen(key):
            return
        given.text = str(st.session_state[key])
        given.origin = ("found", "") if given.origin[0] == "start" else given.origin

    st.text_area(
        _("Profile (TOML)"),
        key=key,
        height=360,
        on_change=written,
        help=_("The same as what is chosen above, as `ketenzicht load --profile` reads it."),
    )
    try:
        parse_profile(given.text)
    except ProfileProblem as problem:
        page.told("warning", str(problem))
        return
    st.download_button(
        _("Download this profile"),
        given.text.encode(),
        file_name=f"{escape.one_line(given.name).rsplit('.', 1)[0]}.toml",
        mime="application/toml",
        icon=":material/download:",
        on_click="ignore",
    )
