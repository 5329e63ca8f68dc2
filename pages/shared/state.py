"""What a visitor chose, kept in the URL: plain names and values that a link, a mail or a person writes.

Streamlit can bind a widget to the URL itself, but then the URL holds the words on screen, which
differ by language and by what was configured. So the values are kept here, written to the URL by
us, and read from it when it changed otherwise (a fresh session, a link, the back button).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

import streamlit as st

from kpi.filters import DIMENSIONS
from pages.shared import showing

#: Everything a URL may hold, in its order there.
NAMES = (
    "period", "since", "until", "process", "channel", "compare", "kpi", "by", "by2", "grain", "funnel",
    "split", "step", "entered", "view", "part", "reason", "cause", "causing_department", "department",
    "segment", "value_class", "has_portal", "tenure", "products", "caller", "source",
    "transferred_to", "weekday_hour", "moment", "longer", "search", "sort", "page", "case", "contact",
    "of", "less", "cost", "told",
    "point", "lang",
)  # fmt: skip
#: A longer value is nobody's: it is cut, so that a link cannot fill the page.
LONGEST = 200
#: Of a chart the point that was clicked: the chart's name, then what the point tells of itself.
POINT = "point"
#: Choices that bring other charts or other points: the one clicked is no more.
_OTHER_POINTS = frozenset(
    {"period", "since", "until", "kpi", "by", "by2", "grain", "funnel", "split", "view", "reason", "cost"}
)  # fmt: skip
#: Several values of one filter are kept as one text; in the URL the name is repeated.
BETWEEN = "\n"
#: More of one filter than this are nobody's either.
MOST = 40

#: Pages that are not in the menu: who comes back to one finds it as it was left.
AS_LEFT = frozenset({"rijen", "zaak"})

_CHOSEN, _WRITTEN, _PAGE, _UNKNOWN = "_chosen", "_written", "_page", "_unknown"
#: What the link itself asked for, and what of that no choice of this run offers.
_LINKED, _REFUSED = "_linked", "_refused"
#: What was chosen on each page when it was drawn last, and whether a link led to the one that is.
_LEFT, _CAME = "_left", "_came"
_STAYED = "_stayed"
#: Whether something was clicked for this run, and what the address said before what it says now.
_CLICKED, _EARLIER = "_clicked", "_earlier"
#: The address that was sent last. One that is under way when the browser goes back lands on the page that it
#: went back to: what stands there is said again, and a browser that has it already does nothing with it.
_SENT = "_sent"
#: So many addresses back a browser may be.
_LAG = 8


def read(page: str) -> None:
    """Take up what the URL says, where it says something new. Once per run, before any widget."""
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    first = _CHOSEN not in st.session_state
    moved = st.session_state.get(_PAGE) != page
    st.session_state[_PAGE] = page
    st.session_state[_STAYED] = not first and not moved
    before = st.session_state.get(_CHOSEN, {})
    clicked = st.session_state.pop(_CLICKED, False)
    if clicked and not moved and query in st.session_state.get(_EARLIER, []):
        # Clicked before the address of the click before had come to the browser: what it names is no link.
        query = st.session_state[_WRITTEN]
    if first or (query != st.session_state.get(_WRITTEN) and not (moved and not query)):
        chosen = {name: _kept(name, texts) for name, texts in query.items() if name in NAMES}
        if "lang" in before:
            chosen.setdefault("lang", before["lang"])
        st.session_state[_CHOSEN] = chosen
        st.session_state[_LINKED] = dict(chosen)
        st.session_state[_UNKNOWN] = [name[:LONGEST] for name in query if name not in NAMES]
        if moved:
            st.session_state[_CAME] = not first
    elif moved:
        before.pop(POINT, None)
        st.session_state[_UNKNOWN], st.session_state[_LINKED] = [], {}
        left = st.session_state.get(_LEFT, {}).get(page)
        # By the menu what was chosen goes along. What a link chose does not: who comes back from
        # where it led (by Back or by the menu) finds the page as it was left.
        if left is not None and (st.session_state.get(_CAME) or page in AS_LEFT):
            spoken = {"lang": before["lang"]} if "lang" in before else {}
            st.session_state[_CHOSEN] = {**left, **spoken}
        st.session_state[_CAME] = False
    st.session_state[_REFUSED] = []
    st.session_state[_WRITTEN] = query


def _kept(name: str, texts: list[str]) -> str:
    """What of a link counts: every value of a filter, the first of anything else."""
    clean = [text.replace(BETWEEN, " ")[:LONGEST] for text in texts]
    if name == POINT:
        return BETWEEN.join(clean[:MOST])
    return BETWEEN.join(dict.fromkeys(clean[:MOST])) if name in DIMENSIONS else clean[0]


def values(text: str) -> list[str]:
    """The values that a text of a filter stands for; none of an empty one."""
    return text.split(BETWEEN) if text else []


def pairs(query: Mapping[str, str]) -> list[tuple[str, str]]:
    """A query as an address has it: a filter of several values is named once for each."""
    return [(name, one) for name, text in query.items() for one in values(text)]


def encoded(query: Mapping[str, str]) -> str:
    """The same as the end of an address, without its question mark; of nobody's own, for it is kept."""
    return "&".join(
        f"{name}={_quoted(one)}" for name, text in query.items() for one in values(text)
    )


#: A page has thousands of links, and all of them the same few values.
_quoted = lru_cache(maxsize=8192)(quote_plus)


def canonical(query: Mapping[str, list[str]], usual: str) -> dict[str, list[str]]:
    """The query of a link as a page writes it: in order, without the `usual` language.

    A page that writes its address otherwise than the link that led there leaves both behind in the
    browser, and who goes back comes by the other one first.
    """
    known = {name: query[name] for name in NAMES if name in query}
    if known.get("lang") == [usual]:
        del known["lang"]
    return known | {name: texts for name, texts in query.items() if name not in NAMES}


def wanted_language() -> str | None:
    """The language asked for last, by link or by widget; known before the page is."""
    said = st.query_params.get("lang")
    [written] = st.session_state.get(_WRITTEN, {}).get("lang", [None])
    if said and said != written:
        return str(said)
    return str(st.session_state.get(_CHOSEN, {}).get("lang") or said or "") or None


def chosen(name: str, otherwise: str = "") -> str:
    """What was chosen for `name`."""
    return str(st.session_state[_CHOSEN].get(name, otherwise))


def unknown() -> list[str]:
    """What the link had and no page knows; told until another page or link is opened."""
    return [*st.session_state.get(_UNKNOWN, []), *st.session_state.get(_REFUSED, [])]


def refuse(name: str, value: str) -> None:
    """A choice has no such value: told like an unknown name, where the link itself asked for it."""
    told = f"{name}={value}"
    asked = value and st.session_state.get(_LINKED, {}).get(name) == value
    if asked and told not in st.session_state[_REFUSED]:
        st.session_state[_REFUSED].append(told)


def only_first(name: str, value: str) -> None:
    """A page shows one `value` of a filter: of several the link asked for, the others are told."""
    every = [one for one in values(st.session_state.get(_LINKED, {}).get(name, "")) if one]
    told = [f"{name}={other}" for other in every[1:] if value == every[0]]
    st.session_state[_REFUSED] += [one for one in told if one not in st.session_state[_REFUSED]]


def meant(name: str, value: str) -> None:
    """Choose what the link said in another way: as if it had named it itself."""
    settle(name, value)
    st.session_state.setdefault(_LINKED, {})[name] = value


def stayed() -> bool:
    """Whether this page was drawn before, and is drawn anew."""
    return bool(st.session_state.get(_STAYED))


def choose(name: str, value: str) -> None:
    """Choose; in a callback, so that the whole next run knows it."""
    st.session_state[_CLICKED] = True
    # What a link asked for and got is no longer what it asks for: the choice may rule it out. What it
    # did not get is still told.
    told = st.session_state.get(_REFUSED, [])
    st.session_state[_LINKED] = {
        linked: text
        for linked, text in st.session_state.get(_LINKED, {}).items()
        if any(one.startswith(f"{linked}=") for one in told)
    }
    if name in _OTHER_POINTS:
        settle(POINT, "")
    settle(name, value)


def settle(name: str, value: str) -> None:
    """Take one value for another while the page is drawn: nobody clicked it."""
    st.session_state[_CHOSEN][name] = value


def write(said: Mapping[str, str]) -> None:
    """Let the URL say what this page depends on; `said` leaves out what is at its default."""
    query = {name: values(said[name]) for name in NAMES if said.get(name)}
    kept = st.session_state.setdefault(_LEFT, {})
    kept[st.session_state.get(_PAGE)] = dict(st.session_state[_CHOSEN])
    if query != st.session_state[_WRITTEN] or query != st.session_state.get(_SENT, query):
        earlier = [*st.session_state.get(_EARLIER, []), st.session_state[_WRITTEN]]
        st.session_state[_EARLIER] = earlier[-_LAG:]
        st.query_params.from_dict(query)
        st.session_state[_WRITTEN] = st.session_state[_SENT] = query


def key(name: str, value: Any) -> str:
    """The key of the widget for `name`, which shows `value`: what is chosen, as the widget holds it."""
    return showing.shown(f"choose-{name}", value)


def changed(name: str, key: str) -> None:
    """The callback of the widget for `name`."""
    if showing.chosen(key):
        choose(name, str(st.session_state[key]))
