"""What moved in one process, above what is agreed about it: with each line the action that aims at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from kpi.bulletin.moved import Moved
from kpi.bulletin.scorecard import Scorecard
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.news import acting
from pages.shared import action_edit, action_form, actions, data, moved, places
from pages.shared.actions import Action
from pages.shared.asked import Asked
from pages.shared.components import bulletin


def show(asked: Asked, card: Scorecard) -> None:
    """The lines of *Overzicht* about this process, and an action against what got worse."""
    found, aimed = tell(asked, card)
    drafts = [
        (line.short or line.sentence, draft)
        for place, line in enumerate(found)
        if not line.better and aimed[place] is None and (draft := drafted(asked, line))
    ]
    action_form.offer_one(drafts, "moved", _("Start an improvement action on what got worse"))


def tell(asked: Asked, card: Scorecard) -> tuple[list[Moved], dict[int, Action | None]]:
    """The lines of *Overzicht* about this process; nothing is drawn where nothing moved.

    Gives them, and by their place the action that aims at each.
    """
    found = lines(asked, card)
    live = [one for one in actions.actions(data.told_day(), asked.process) if one.live]
    aimed = {place: aiming(line, live) for place, line in enumerate(found)}
    if found:
        shown = [_acted(asked, line, aimed[place]) for place, line in enumerate(found)]
        bulletin(moved.html(shown, asked), "moved")
    return found, aimed


def lines(asked: Asked, card: Scorecard) -> list[Moved]:
    """What moved in the process that is asked about, as on the first page."""
    return moved.found(asked, card)


def aiming(line: Moved, live: Sequence[Action]) -> Action | None:
    """The action that aims at what the line tells of."""
    row = acting.aiming(line, [one.row for one in live])
    return next((one for one in live if one.row is row), None)


def _acted(asked: Asked, line: Moved, action: Action | None) -> Moved:
    """The line with the action that aims at it, or of what got better the one that came before."""
    if line.better:
        # What it did stands below on this very page.
        return replace(acting.shown(moved.asking(asked), line), acts_href="")
    if action is not None:
        said = _("action “{title}”: {state}").format(
            title=action.row["title"] or action.row["action"],
            state=actions.state(action.row["state"]),
        )
        return replace(line, acts=said, acts_href=action_edit.link(action.row))
    if drafted(asked, line) is None:
        query = urlencode({"process": asked.process or "", "lang": language()})
        href = f"{places.path('actions')}?{query}"
        return replace(line, acts=_("make an improvement action"), acts_href=href)
    return line


def drafted(asked: Asked, line: Moved) -> action_form.Draft | None:
    """What is known of an action against it; None where no number of the process tells of it."""
    told = next((one for one in (line, *line.also) if one.kpi), line)
    kpi = KPIS.get(told.kpi or told.aims)
    if kpi is None:
        return None
    return action_form.Draft(
        title="", kpi=kpi.name, direction=kpi.better.value, process=asked.process or "",
        reason=told.reason, cause=told.cause,
    )  # fmt: skip
