"""Kanaalsturing: per reason the channels customers take against those that suit them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import streamlit as st
from markupsafe import Markup

from kpi import formats
from kpi.bulletin import sentences_steering as sentences
from kpi.bulletin.scorecard import Cell, Head
from kpi.bulletin.states import State
from kpi.bulletin.steering import Line, heat, ranked
from kpi.filters import Filters
from kpi.i18n import _, ngettext
from kpi.measures import KPIS
from kpi.model import Better, Unit
from kpi.numbers import Compared
from pages.shared import (
    action_form,
    cards,
    choices,
    data,
    empty,
    figures,
    filters,
    frame,
    later,
    page,
    state,
    steering,
    steering_gap,
    tiles,
    totals,
    trends,
)
from pages.shared.asked import Asked

NAMES = (
    "channel_preferred", "channel_supporting", "channel_discouraged", "online_share", "channel_gap",
)  # fmt: skip
#: The reason chosen to act on, in the URL.
OF = "of"
#: Points by which a share by preferred channels is to rise, where nobody has set a target.
_MORE = 10


def show() -> None:
    if not data.loaded():
        frame.bare()
        empty.nothing_loaded()
        return
    # The channels stand beside each other here: one of them alone is steered nowhere.
    asked = filters.show(filters.ANY, also=_own, channel=False, wait=True)
    kept = asked.filters
    compared = data.compare(NAMES, kept)
    whole = compared[0]
    about = [
        formats.period(asked.period.since, asked.period.until),
        cards.as_of(asked, [KPIS[NAMES[0]]]),
        _volume(whole),
    ]
    if not whole.now.n:
        page.heading(_("Channel steering"), about[:2])
        _nothing(asked, kept)
        return
    shown = _chosen(compared)

    def heading() -> list[Line]:
        found = steering.lines(asked, kept)
        process = data.title("process", asked.process) if asked.process else ""
        page.heading(
            sentences.title(
                _("Channel steering"), process, whole.now, whole.before, asked.before_text, found
            ),
            about,
        )
        return found

    found = later.numbers_first(
        heading,
        lambda: tiles.show(
            asked, compared, "channels", _choose,
            chosen=shown, mended=lambda cell: _mended(cell, compared), beside=_coverage(kept, whole), counts=_counts(),
        ),
    )  # fmt: skip
    completed = cache(lambda: steering.completed(asked, kept, found))
    later.behind(lambda: _heat(asked, kept, whole, completed()))
    with st.container(key="why"):
        left, right = st.columns(2, gap="large")
        with left:
            later.behind(lambda: _drift(asked, kept, completed()))
            steering_gap.show_gap(kept)
            # Here, for the table of what is done online is as long as all three together.
            later.behind(lambda: steering_gap.show_handling(kept))
        with right:
            steering_gap.show_online(asked, kept)
        trends.show(asked, KPIS[shown])
    later.behind(lambda: totals.show(asked))


def _own() -> dict[str, str]:
    kpi = state.chosen("kpi")
    return {"kpi": kpi if kpi in NAMES[1:] else "", OF: state.chosen(OF)}


def _choose(_process: str, kpi: str) -> None:
    state.choose("kpi", kpi)


def _chosen(compared: list[Compared]) -> str:
    there = {one.now.kpi for one in compared if one.now.n}
    wanted = state.chosen("kpi")
    return wanted if wanted in there else NAMES[0]


def _mended(cell: Cell, compared: list[Compared]) -> Cell:
    now = next(one.now for one in compared if one.now.kpi == cell.kpi)
    said = ""
    if cell.kpi == "channel_gap" and now.extras.get("highest"):
        ends = (data.title("channel", now.extras.get(end)) for end in ("highest", "lowest"))
        said = _("points between {best} (best) and {worst} (worst); exploratory").format(
            **dict(zip(("best", "worst"), ends, strict=True))
        )
    if cell.kpi == "online_share" and now.extras.get("from_totals"):
        share = 100 * now.extras["from_totals"] / (now.denominator or 1)
        said = _("{share} from totals").format(share=formats.percent(share))
    if cell.kpi == "channel_discouraged":
        said = _("steered, never refused")
    return replace(cell, aim=" · ".join(part for part in (cell.aim, said) if part))


def _counts() -> dict[str, str]:
    """What the n of each tile counts."""
    contacts = dict.fromkeys(NAMES[:3], _("contacts"))
    return contacts | {"online_share": _("transactions"), "channel_gap": _("cases")}


def _coverage(kept: Filters, whole: Compared) -> list[tiles.Extra]:
    now = whole.now.extras.get("coverage")
    if now is None:
        return []
    was = whole.before.extras.get("coverage") if whole.before else None
    head = Head(
        "coverage",
        _("Has a strategy"),
        _("Share of the inbound contacts whose reason has a channel strategy."),
        figures.definition(NAMES[0], kept),
    )
    change = formats.change(now, was, Unit.PERCENT, Better.CONTEXT, places=0)
    cell = Cell(
        "coverage", State.NO_TARGET, formats.percent(now), change, certain=False, spark=Markup(""), facts=(),
        source=figures.beside(kept, whole.now, "coverage"),
    )  # fmt: skip
    return [(head, cell)]


def _heat(asked: Asked, kept: Filters, whole: Compared, found: list[Line]) -> None:
    page.section(_("Reason by channel"))
    covered = whole.now.extras.get("coverage") or 100.0
    left = round(whole.now.n * (100 / covered - 1))
    page.text(sentences.of_heat(found, steering.without(kept, found), left))
    known = data.channels(asked.period.until)
    shown = steering.together(found, known)
    order = steering.channels_of(shown, known)
    titles = {channel: data.title("channel", channel) for channel in order}
    titles |= {steering.OTHER: _("Other channels")} if steering.OTHER in order else {}
    page.table(heat(shown, order, titles, asked.before_text), "reason-channel")
    _action(asked, found)


def _action(asked: Asked, found: list[Line]) -> None:
    """The reason most worth steering, or the one chosen, as an improvement action."""
    order = [one for one in ranked(found) if not one.preferred.too_few]
    if not order:
        return
    page.quiet(_("Choose a reason to start an improvement action on it."))
    options = list(dict.fromkeys(one.reason for one in order))
    with st.container(key="steer-which"):
        reason = choices.choice(
            OF, _("Reason"), options, lambda one: data.title("reason", one), options[0], width=290
        )  # fmt: skip
    line = next(one for one in order if one.reason == reason)
    wished = [channel for channel, place in line.places.items() if place == "preferred"]
    channel = data.title("channel", wished[0]) if wished else ""
    action_form.offer(
        action_form.Draft(
            title=_("{reason}: more by {channel}").format(reason=line.title, channel=channel),
            kpi=steering.PREFERRED,
            direction="up",
            target=min(100.0, round((line.preferred.value or 0) + _MORE)),
            process=asked.process or "",
            reason=line.reason,
            result=_("The customer is helped where it is easiest"),
        ),
        "steering",
    )


def _drift(asked: Asked, kept: Filters, found: list[Line]) -> None:
    page.section(_("What moved"))
    page.texts(
        sentences.of_drift(found, asked.before_text)
        or [_("Nothing is compared: choose a period to hold this one against.")]
    )
    by_value = {
        one.by["value_class"]: one
        for one in data.ask((steering.PREFERRED,), kept, ("value_class",))
    }
    own = [
        data.title("reason", reason)
        for reason, rows in steering.strategies(asked).items()
        if any(rows)
    ]
    said = sentences.of_values(by_value.get("high"), by_value.get("low"), own)
    if said:
        page.text(said)


def _volume(whole: Compared) -> str:
    n = whole.now.n
    if not n:
        return ""
    return ngettext(
        "{n} contact with a channel strategy", "{n} contacts with a channel strategy", n
    ).format(n=formats.number(n))


def _nothing(asked: Asked, kept: Filters) -> None:
    [any_contact] = data.ask(("settled_at_once",), kept)
    if not any_contact.n:
        empty.not_in_period(asked=asked)
        return
    page.told(
        "info",
        _(
            "No contact in this period has a reason with a channel strategy. Say per reason which "
            "channel you prefer, which supports it and which you discourage, in the configuration "
            "(channel_strategy)."
        ),
    )
