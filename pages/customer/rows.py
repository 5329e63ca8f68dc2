"""Rijen: the rows behind a number, exactly as many as it counts, to sort, search and take along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from kpi import escape, formats
from kpi.bulletin import rows as words
from kpi.i18n import _, language
from kpi.measures import KPIS, asked_by_show
from kpi.model import Kpi
from kpi.numbers import AskProblem, Rows, applies
from kpi.results.rows import SHAPES, besides, parts_of
from pages.shared import choices, data, drill, empty, filters, frame, hours, page, places, state
from pages.shared.asked import Asked, summary
from pages.shared.chips import KEPT
from pages.shared.dimensions import dimension

USUAL = "avoidable"
#: Rows on one page.
MOST = 50


@dataclass
class Choices:
    """The page's own choices."""

    kpi: Kpi
    part: str = ""
    besides: dict[str, str] = field(default_factory=dict)
    #: Which of the pages, from 1.
    page: int = 1


def show() -> None:
    if not data.loaded():
        frame.bare()
        empty.nothing_loaded()
        return
    own = Choices(KPIS[USUAL], page=_page())
    asked = filters.show(filters.ANY, also=lambda: _choose(own), keeps=KEPT)
    kpi = own.kpi
    if not applies(kpi, (), asked.filters.where):
        page.heading(_(kpi.title))
        empty.not_in_period(_cannot(kpi, asked))
        return
    try:
        found = _ask(asked, own)
        if found.found and not found.rows:
            # An address of more rows than there are (any longer) is one of the last of them.
            own.page = -(-found.found // MOST)
            found = _ask(asked, own)
    except AskProblem as problem:
        page.heading(_(kpi.title))
        page.told("info", str(problem))
        return
    page.heading(words.sentence(kpi, found), _about(asked, own, found))
    if not found.total:
        empty.not_in_period(asked=asked)
        return
    _tools(asked, own, found)
    if not found.found:
        page.text(_("No row holds “{text}”.").format(text=state.chosen("search")))
        return
    page.table(
        words.rows_table(
            _shown(asked, found),
            kpi,
            data.title,
            data.zone(),
            link=_story,
            sort=_sorted(asked, own, found),
        ),
        "rows",
        personal=True,
    )
    _turn(found, own.page)
    page.quiet(_(kpi.definition))


def _shown(asked: Asked, found: Rows) -> Rows:
    """Without the process where one is chosen: it stands above, and would be said in every row."""
    kept = tuple(name for name in found.columns if name != "process" or not asked.process)
    return replace(found, columns=kept)


def _choose(own: Choices) -> Mapping[str, str]:
    known = {kpi.name: kpi for kpi in asked_by_show() if parts_of(kpi)}
    chosen = choices.choice(
        "kpi", _("KPI"), list(known), lambda name: _(known[name].title), USUAL, width=300
    )
    own.kpi = known[chosen]
    parts = parts_of(own.kpi)
    if len(parts) > 1:
        own.part = choices.choice(
            "part", _("Which rows"), parts, lambda part: words.part(own.kpi, part), parts[0],
            width=250,
        )  # fmt: skip
    own.besides = {name: kept for name in besides(own.kpi) if (kept := state.chosen(name))}
    for name, kept in own.besides.items():
        st.button(
            escape.markdown(_said(name, kept)),
            key=f"kept-{name}",
            icon=":material/close:",
            icon_position="right",
            help=_("Take this filter off"),
            on_click=state.choose,
            args=(name, ""),
        )
    return {
        "kpi": chosen,
        "part": "" if own.part == parts[0] else own.part,
        **own.besides,
        "search": state.chosen("search"),
        "sort": state.chosen("sort"),
        "page": state.chosen("page"),
    }


def _said(name: str, kept: str) -> str:
    """What the rows are kept to besides, to read."""
    return hours.said(kept) if name == hours.NAME else words.kept_to(name, kept, data.title)


def _ask(asked: Asked, own: Choices) -> Rows:
    return data.rows(
        own.kpi.name,
        asked.filters,
        own.besides,
        own.part,
        search=state.chosen("search"),
        sort=state.chosen("sort"),
        offset=(own.page - 1) * MOST,
        most=MOST,
    )


def _page() -> int:
    said = state.chosen("page")
    # So many figures are enough for any page there is: the rest would only be too much for the store.
    return max(1, int(said[:8])) if said.isascii() and said.isdigit() else 1


def _about(asked: Asked, own: Choices, found: Rows) -> list[str]:
    return [
        formats.period(asked.period.since, asked.period.until),
        summary(asked),
        *(_said(name, kept) for name, kept in own.besides.items()),
        page.as_of(found.as_of),
    ]


def _tools(asked: Asked, own: Choices, found: Rows) -> None:
    """Search, and everything as a file."""
    name = "search"
    key = state.key(name, state.chosen(name))
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="row-tools"):
        st.text_input(
            _("Search"),
            key=key,
            on_change=_searched,
            args=(key,),
            placeholder=_("Search a number, reason, channel, …"),
            label_visibility="collapsed",
            icon=":material/search:",
            width=320,
        )
        if found.found != found.total:
            page.text(
                _("{found} of {total} hold it.").format(
                    found=formats.number(found.found), total=formats.number(found.total)
                )
            )
        for form, label in (("csv", _("CSV")), ("xlsx", _("Excel"))):
            st.link_button(
                _("{n} as {form}").format(n=formats.number(found.found), form=label),
                _download(asked, own, form),
                icon=":material/download:",
                type="tertiary",
            )


def _searched(key: str) -> None:
    state.changed("search", key)
    state.choose("page", "")


def _download(asked: Asked, own: Choices, form: str) -> str:
    query = {
        "as": form,
        "kpi": own.kpi.name,
        "part": own.part,
        **drill.question(own.kpi.name, asked.filters, own.besides),
        "search": state.chosen("search"),
        "sort": state.chosen("sort"),
    }
    return "/download/rows?" + urlencode(state.pairs(query))


def _sorted(asked: Asked, own: Choices, found: Rows) -> words.Sorted:
    """How they are sorted, and the address that sorts by a column: again turns it round."""
    now = state.chosen("sort")
    if now.removeprefix("-") not in found.columns:
        # Nobody asked, or for what is not there: then the latest stand first.
        now = f"-{found.subject.time}"

    def href(name: str) -> str:
        wanted = (
            name
            if now == f"-{name}" or (SHAPES[name] in words.FROM_A and now != name)
            else f"-{name}"
        )
        query = {
            "kpi": own.kpi.name,
            "part": own.part,
            **drill.question(own.kpi.name, asked.filters, own.besides),
            "search": state.chosen("search"),
            "sort": wanted,
        }
        return f"{places.path('rows')}?{urlencode(state.pairs(query))}"

    return words.Sorted(now, href)


def _story(row: Mapping[str, Any]) -> str:
    """The address of the story of a row: its case, else its contact."""
    for name in ("case", "contact"):
        value = row.get(f"{name}_id")
        if value:
            query = urlencode({name: value, "lang": language()})
            return f"{places.path('case')}?{query}"
    return ""


def _turn(found: Rows, now: int) -> None:
    """Which of them these are, and to the next."""
    if found.found <= MOST:
        return
    first = (now - 1) * MOST + 1
    last = min(first + MOST - 1, found.found)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="row-pages"):
        _to(_("Previous"), now - 1, "chevron_left", now == 1)
        page.text(
            _("{first} to {last} of {total}").format(
                first=formats.number(first),
                last=formats.number(last),
                total=formats.number(found.found),
            )
        )
        _to(_("Next"), now + 1, "chevron_right", last >= found.found)


def _to(label: str, number: int, icon: str, disabled: bool) -> None:
    st.button(
        label,
        key=f"row-page-{icon}",
        icon=f":material/{icon}:",
        type="tertiary",
        disabled=disabled,
        on_click=state.choose,
        args=("page", "" if number <= 1 else str(number)),
    )


def _cannot(kpi: Kpi, asked: Asked) -> str:
    names = [name for name, _values in asked.filters.where if name not in kpi.dimensions]
    return _("{kpi} cannot be split by {dimensions}: take that filter off.").format(
        kpi=_(kpi.title), dimensions=", ".join(dimension(name).lower() for name in names)
    )
