"""Nog niet ingericht: codes of sources that nobody said the meaning of yet, and what they meant.

Nothing is loaded again: the facts keep each value as it came, and the numbers are made anew.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain, count
from typing import Any

import streamlit as st

from kpi import escape, formats
from kpi.bulletin import Column, table
from kpi.bulletin.tables import Shown
from kpi.commands.who import who
from kpi.i18n import _, language, ngettext
from kpi.numbers.unconfigured import ALWAYS, ORDER, Unknown, choices, unknown_codes, weakened
from kpi.store import StoreProblem
from kpi.store.configuration import DICTIONARIES
from kpi.text import N_
from kpi.zones import to_local
from pages.manage import values
from pages.shared import data, empty, frame, page, places
from pages.shared.speech import callback

_TITLES = {
    "status": N_("Statuses"),
    "process": N_("Customer processes"),
    "channel": N_("Channels"),
    "reason": N_("Reasons for contact"),
    "cause": N_("Causes"),
    "department": N_("Departments"),
    "moment": N_("Contact moments"),
    "emotion": N_("Emotions"),
}
_IGNORE, _NEW = "\x00ignore", "\x00new"
_SAID = "_codes-said"
#: Files and KPIs that are named; rows of a table in sight before it scrolls.
_NAMED, _TALL = 3, 12


def show() -> None:
    """The page."""
    frame.bare()
    if not data.loaded_tables():
        # "All codes are configured" would be true of nothing at all.
        empty.nothing_loaded()
        _decided()
        return
    found = data.cached(
        "unknown-codes", (), lambda: unknown_codes(data.store(), data.default_day())
    )
    open_ = [one for one in found if not one.ignored]
    page.heading(_sentence(open_), _about(open_))
    said = st.session_state.pop(_SAID, None)
    if said:
        page.told(*said)
    if not open_:
        page.text(
            _("Every status, process, channel, reason and other code that was loaded is known.")
        )
        places.link("load", _("Load data"), icon=":material/arrow_forward:")
    files = {row["import_id"]: row["file"] for row in data.store().imports()}
    for dictionary in ORDER:
        rows = [one for one in open_ if one.dictionary == dictionary]
        if rows:
            _section(dictionary, rows, files)
    _decided()


def _sentence(found: Sequence[Unknown]) -> str:
    if not found:
        return _("All codes are configured")
    return ngettext(
        "{n} code is not configured yet", "{n} codes are not configured yet", len(found)
    ).format(n=formats.number(len(found)))


def _about(found: Sequence[Unknown]) -> list[str]:
    """How their rows count meanwhile: as they came, but a feeling that nobody knows tells nothing."""
    felt = sum(one.rows for one in found if one.dictionary == "emotion")
    rows = sum(one.rows for one in found) - felt
    said = []
    if rows:
        said.append(
            ngettext(
                "{n} row has one; it is counted under the code as it came",
                "{n} rows have one; they are counted under the code as it came",
                rows,
            ).format(n=formats.number(rows))
        )
    if felt:
        said.append(
            ngettext(
                "{n} row has an emotion that counts in no sentiment yet",
                "{n} rows have an emotion that counts in no sentiment yet",
                felt,
            ).format(n=formats.number(felt))
        )
    return said


# --- one dictionary ---------------------------------------------------------------------------


def _section(dictionary: str, rows: Sequence[Unknown], files: dict[int, str]) -> None:
    page.section(_(_TITLES[dictionary]))
    tables = {name for one in rows for name in one.tables}
    if kpis := weakened(dictionary, tables):
        named = f"{formats.SPACE}· ".join(_(kpi.title) for kpi in kpis[:_NAMED])
        more = _(" and {n} more").format(n=len(kpis) - _NAMED) if len(kpis) > _NAMED else ""
        page.quiet(_("Makes less sure: {kpis}{more}.").format(kpis=named, more=more))
    page.table(_table(dictionary, rows, files), f"codes-{dictionary}")
    near = [one for one in rows if one.near]
    if near:
        named = ", ".join(
            f"{one.written} → {_title(dictionary, one.near)}" for one in near[:_NAMED]
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            page.text(
                _("Closest match: {pairs}").format(pairs=named + (" …" if near[_NAMED:] else ""))
            )
            st.button(
                ngettext("Use this suggestion", "Use these {n} suggestions", len(near)).format(
                    n=len(near)
                ),
                key=f"near-{dictionary}", on_click=_use_near, args=(near,),
            )  # fmt: skip
    _choose(dictionary, rows)


def _table(dictionary: str, rows: Sequence[Unknown], files: dict[int, str]) -> Any:
    return table(
        _(_TITLES[dictionary]),
        [
            Column(_("As received"), code=True),
            Column(_("Rows"), figures=True),
            Column(_("First seen"), whole=True),
            Column(_("Last seen"), whole=True),
            _("File"),
            _("Closest match"),
        ],
        [
            [
                one.written,
                formats.number(one.rows),
                _day(one.first),
                _day(one.last),
                _files(one, files),
                Shown(_title(dictionary, one.near), mark="quiet") if one.near else "",
            ]
            for one in rows
        ],
        tall=_TALL,
    )


def _day(moment: Any) -> str:
    return formats.day(to_local(moment, data.zone()).date()) if moment else formats.NOTHING


def _files(one: Unknown, files: dict[int, str]) -> str:
    named = list(dict.fromkeys(files.get(number, str(number)) for number in one.imports))
    more = f" +{len(named) - _NAMED}" if len(named) > _NAMED else ""
    return ", ".join(named[-_NAMED:]) + more


def _title(dictionary: str, value: str) -> str:
    if dictionary in DICTIONARIES:
        return data.title(dictionary, value)
    said = {"status": values.statuses, "emotion": values.sentiments}.get(dictionary)
    return said().get(value, value) if said else value


def _choose(dictionary: str, rows: Sequence[Unknown]) -> None:
    """Which values mean the same, and what: something configured, something new, or nothing."""
    store, day = data.store(), data.default_day()
    by_code = {one.as_came: one for one in rows}
    options = {
        **{one: _title(dictionary, one) for one in choices(store.configuration, dictionary, day)},
        **({_NEW: _("something new …")} if dictionary in DICTIONARIES else {}),
        _IGNORE: _("leave it as it is, on purpose"),
    }
    key = f"map-{dictionary}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.multiselect(
            _("These codes"), list(by_code), key=f"{key}-codes",
            format_func=lambda code: by_code[code].written if code in by_code else code,
            placeholder=_("choose one or more …"), width=340,
        )  # fmt: skip
        meaning = st.selectbox(
            _("mean"), list(options), index=None, key=f"{key}-meaning", width=300,
            format_func=lambda one: options.get(one, one), placeholder=_("choose …"),
        )  # fmt: skip
        name, called, process = "", "", ""
        if meaning == _NEW:
            first = by_code[chosen[0]].written if chosen and chosen[0] in by_code else ""
            called = f"{key}-name-{first}"
            name = st.text_input(_("Called"), first, key=called, width=240)
            if dictionary == "moment":
                process = st.selectbox(
                    _("Customer process"), data.processes(day), key=f"{key}-process", width=240,
                    format_func=lambda one: data.title("process", one),
                )  # fmt: skip
        st.button(
            _("Keep"), key=f"{key}-keep", type="primary",
            disabled=not chosen or not meaning or (meaning == _NEW and not name.strip()),
            on_click=_keep, args=(dictionary, tuple(chosen), meaning, called, process),
        )  # fmt: skip


@callback
def _use_near(rows: Sequence[Unknown]) -> None:
    _write([_code(one.dictionary, one.as_came, understood=one.near or "") for one in rows])


@callback
def _keep(dictionary: str, codes: Sequence[str], meaning: str, called: str, process: str) -> None:
    store = data.store()
    # As it stands there now: typed and pressed at once, the button was drawn before it was typed.
    name = str(st.session_state.get(called, "")).strip() if called else ""
    if meaning == _IGNORE:
        _write([_code(dictionary, code, ignored=True) for code in codes])
        return
    if meaning == _NEW and not name:
        return
    if meaning == _NEW:
        known = choices(store.configuration, dictionary, data.default_day())
        alike = [one for one in known if _title(dictionary, one).casefold() == name.casefold()]
        if alike:
            # It is there already under that name: nothing new is made, and nothing renamed.
            meaning = alike[0]
        else:
            meaning = _identifier(name, known)
            row: dict[str, Any] = {
                dictionary: meaning, "valid_from": ALWAYS, f"title_{language()}": name,
            }  # fmt: skip
            if process:
                row["process"] = process
            try:
                store.configure(DICTIONARIES[dictionary], [row], who())
            except StoreProblem as problem:
                st.session_state[_SAID] = ("warning", str(problem))
                return
    _write([_code(dictionary, code, understood=meaning) for code in codes])


def _identifier(name: str, taken: Collection[str] = ()) -> str:
    """A name as an id that nothing else has: small letters and underscores.

    >>> _identifier("Café-balie"), _identifier("Café", ["cafe"])
    ('cafe_balie', 'cafe_2')
    """
    plain = escape.file_name(name).replace("-", "_")
    others = (f"{plain}_{number}" for number in count(2))
    return next(one for one in chain([plain], others) if one not in taken)


def _code(
    dictionary: str, code: str, understood: str = "", *, ignored: bool = False
) -> dict[str, Any]:
    return {
        "dictionary": dictionary, "as_came": code, "valid_from": ALWAYS,
        "understood": understood or None, "ignored": ignored, "retired": False,
    }  # fmt: skip


def _write(rows: list[dict[str, Any]]) -> None:
    try:
        data.store().configure("codes", rows, who())
    except StoreProblem as problem:
        st.session_state[_SAID] = ("warning", str(problem))
        return
    said = ngettext(
        "{n} code is configured; the numbers are made anew.",
        "{n} codes are configured; the numbers are made anew.",
        len(rows),
    )
    st.session_state[_SAID] = ("success", said.format(n=len(rows)))


# --- what was decided -------------------------------------------------------------------------


def _decided() -> None:
    """Codes that were said the meaning of, each to be taken back."""
    rows = [
        row
        for row in data.store().configuration.rows("codes", data.default_day())
        if row["dictionary"] in _TITLES
    ]
    if not rows:
        return
    with st.expander(_("Configured codes: {n}").format(n=len(rows))):
        page.table(
            table(
                _("Configured codes"),
                [_("What"), Column(_("As received"), code=True), _("Means"), _("Since")],
                [
                    [
                        _(_TITLES[row["dictionary"]]),
                        row["as_came"],
                        _("left as it is") if not row["understood"] or row["ignored"]
                        else _title(row["dictionary"], row["understood"]),
                        formats.day(row["valid_from"]) if row["valid_from"] > ALWAYS
                        else _("always"),
                    ]
                    for row in rows
                ],
                tall=_TALL,
            ),
            "codes-decided",
        )  # fmt: skip
        named = {f"{row['dictionary']} {row['as_came']}": row for row in rows}
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            chosen = st.multiselect(
                _("Take back"), list(named), key="codes-back",
                format_func=lambda one: named[one]["as_came"] if one in named else one,
                placeholder=_("choose one or more …"),
            )  # fmt: skip
            st.button(
                _("No longer configured"), disabled=not chosen, key="codes-back-now",
                on_click=_take_back, args=([named[one] for one in chosen],),
            )  # fmt: skip


@callback
def _take_back(rows: Sequence[dict[str, Any]]) -> None:
    keys = [{name: row[name] for name in ("dictionary", "as_came", "valid_from")} for row in rows]
    data.store().remove_configuration("codes", keys, who())
    said = ngettext(
        "{n} code is not configured any more.", "{n} codes are not configured any more.", len(rows)
    )
    st.session_state[_SAID] = ("success", said.format(n=len(rows)))
