"""What a page is kept to besides process and channel: by a click or a link, shown to be taken off."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi import escape
from kpi.filters import DIMENSIONS
from kpi.i18n import _
from pages.shared import state
from pages.shared.dimensions import dimension, group_title

#: Stands in the URL for what is not known.
UNKNOWN = "-"
#: What a page may be kept to besides process and channel, by a click or a link.
KEPT = tuple(name for name in DIMENSIONS if name not in {"process", "channel"})
#: Of these what kind of customer: no page has a choice of its own by these names.
OF_CUSTOMERS = ("segment", "value_class", "has_portal", "tenure", "products", "caller")
#: What the desk of one process is kept to: what nearly all its numbers can be told by.
OF_PROCESS = ("reason", "department", *OF_CUSTOMERS)


def meant(text: str) -> str:
    """A value as filters hold it: the empty text is what is not known."""
    return "" if text == UNKNOWN else text


def kept(keeps: Sequence[str]) -> dict[str, str]:
    """What else the page is kept to, as the URL says it."""
    return {name: text for name in keeps if (text := state.chosen(name))}


def chips(keeps: Sequence[str]) -> None:
    """What else the page is kept to, each to be taken off; and what of the link it is not kept to."""
    _for_all([name for name in kept(OF_CUSTOMERS) if name not in keeps])
    said = kept(keeps)
    if not said:
        return
    with st.container(horizontal=True, gap="small", key="kept"):
        for name, text in said.items():
            value = ", ".join(group_title(name, meant(one) or None) for one in state.values(text))
            st.button(
                escape.markdown(f"{dimension(name)}: {value}"),
                key=f"kept-{name}",
                icon=":material/close:",
                icon_position="right",
                help=_("Take this filter off"),
                on_click=state.choose,
                args=(name, ""),
            )


def _for_all(names: Sequence[str]) -> None:
    """A link or another page kept to some customers: a page that cannot says that it counts all."""
    if names:
        said = _("Here the numbers are about all customers; not kept to: {names}.")
        shown = ", ".join(
            f"{dimension(name)}: "
            + ", ".join(
                group_title(name, meant(one) or None) for one in state.values(state.chosen(name))
            )
            for name in names
        )
        st.caption(escape.markdown(said.format(names=shown)))
