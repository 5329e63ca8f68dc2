"""Doelen: where the goals of this year stand, and where management can help."""

from __future__ import annotations

import streamlit as st

from kpi import formats
from kpi.bulletin.states import State
from kpi.i18n import _, ngettext
from kpi.numbers import goals
from pages.shared import (
    cards,
    data,
    empty,
    filters,
    frame,
    goals_form,
    goals_help,
    goals_table,
    later,
    page,
)


def show() -> None:
    if not data.loaded():
        frame.bare()
        empty.nothing_loaded()
        return
    asked = filters.show(wait=True)
    on = asked.period.until
    found = goals.goals(data.store(), on)
    about = [formats.period(asked.period.since, asked.period.until), cards.as_of(asked)]
    if not found:
        page.heading(_("No goals for {year} yet").format(year=on.year), about)
        goals_form.begin(on)
    else:
        standing = [goals_table.standing(asked, goal) for goal in found]
        page.heading(_sentence(standing), about)
        goals_table.legend()
        later.draw()
        for goal, state in zip(found, standing, strict=True):
            goals_table.show(asked, goal, state)
        goals_form.show(found, on)
    with st.container(key="help"):
        goals_help.show(asked, found)


def _sentence(standing: list[State]) -> str:
    """How many goals are reached, of those that can be judged."""
    judged = [one for one in standing if one in {State.GOOD, State.ATTENTION, State.BAD}]
    if not judged:
        return _("Too little is known yet to judge the goals")
    reached = sum(one is State.GOOD for one in judged)
    if not reached:
        return ngettext(
            "The goal that can be judged is not reached yet",
            "None of the {n} goals that can be judged is reached yet",
            len(judged),
        ).format(n=len(judged))
    return ngettext(
        "{n} of {total} goals is reached", "{n} of {total} goals are reached", reached
    ).format(n=reached, total=len(judged))
