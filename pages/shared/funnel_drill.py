"""Who they are: the entities that reached a step, or dropped out after it, exactly as counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from kpi import escape, formats
from kpi.bulletin import table
from kpi.bulletin.tables import Column, Shown
from kpi.filters import Filters
from kpi.i18n import _, language
from kpi.numbers import AskProblem
from kpi.results.funnel import FunnelStep, Passage, passages
from pages.shared import choices, data, drill, funnels, page, places, state
from pages.shared import funnel_words as words
from pages.shared.asked import Asked
from pages.shared.funnels import Look

#: Most rows on screen; all of them are in the file.
MOST = 100
LOST, REACHED = "", "reached"


def chosen(seen: Look) -> tuple[int, bool]:
    """The step that was chosen (its place), and whether those who dropped out after it are meant.

    Without a choice: where the page's title looks.
    """
    steps = seen.funnel.steps
    step, lost = state.chosen("step"), state.chosen("view") != REACHED
    place = steps.index(step) if step in steps else seen.telling
    return place, lost and place + 1 < len(steps)


def passage_of(seen: Look) -> int:
    """The passage that goes with the choice: out of a step, or into one that was reached."""
    place, lost = chosen(seen)
    return place if lost or place == 0 else place - 1


def show(asked: Asked, seen: Look) -> None:
    """Choose whom, see how many and who; all of them as a file."""
    page.section(_("Who they are"))
    asking = Asking.of(asked, seen)
    place, lost = _choose(seen, asking)
    step = seen.now[place]
    found = passages(asking.steps)[place] if lost else None
    total = found.lost if found else asking.steps[place].entities
    said = _said(seen, place, found, total)
    if asking.called:
        said = _("Entered in {period}: {said}").format(period=asking.called, said=said)
    page.text(said)
    if not total:
        return
    try:
        rows = funnels.entities(
            asking.filters, seen.funnel, step.step, lost=lost, most=MOST, entered=asking.entered
        )
    except AskProblem as problem:
        page.quiet(str(problem))
        return
    zone = data.zone()
    open_still = any(one.immature for one in rows)
    page.table(
        table(
            _("Who they are"),
            [
                Column(_entity(seen), whole=True),
                Column(_("Came in"), whole=True),
                _("Last step"),
                Column(_("When"), whole=True),
                Column(_("Customer"), whole=True),
                *([_("Note")] if open_still else []),
            ],
            [
                [
                    _story(seen, one.entity),
                    formats.moment(one.entered, zone),
                    seen.funnel.title(one.last_step),
                    formats.moment(one.last_at, zone),
                    one.customer or _("unknown"),
                    *([_("may still go on") if one.immature else ""] if open_still else []),
                ]
                for one in rows
            ],
            note=_("The latest {shown} of {total}.").format(
                shown=formats.number(len(rows)), total=formats.number(total)
            )
            if len(rows) < total
            else "",
            tall=12,
        ),
        "funnel-entities",
        personal=True,
    )
    with st.container(horizontal=True, gap="small", key="funnel-files"):
        for form, label in (("csv", _("CSV")), ("xlsx", _("Excel"))):
            st.link_button(
                _("{n} as {form}").format(n=formats.number(total), form=label),
                address(asking, seen, step.step, lost=lost, form=form),
                icon=":material/download:",
                type="tertiary",
            )


@dataclass(frozen=True)
class Asking:
    """Whom is asked about: everybody who came in, or who came in in one bucket of the course.

    Attributes:
        filters: as asked with.
        steps: of these.
        entered, called: the bucket, and how it is called; empty for everybody.
    """

    filters: Filters
    steps: Sequence[FunnelStep]
    entered: str = ""
    called: str = ""

    @classmethod
    def of(cls, asked: Asked, seen: Look) -> Asking:
        """What the address asks for, where the course has such a bucket."""
        entered = state.chosen("entered")
        if entered:
            course = funnels.course(asked, seen.funnel)
            if entered in course.steps:
                called = formats.bucket(entered, course.grain, year=True)
                return cls(course.filters, course.steps[entered], entered, called)
            page.quiet(_("The period asked has no {name}.").format(name=entered))
        return cls(funnels.kept(asked, seen.funnel), seen.now)


def page_address(asked: Asked, seen: Look, step: str, view: str, entered: str) -> str:
    """This page with who came in in one bucket and reached a step, or dropped out after it."""
    about = drill.question("funnel", asked.filters, {})
    own = {"funnel": seen.funnel.name, "step": step, "entered": entered, "view": view}
    return f"{places.path('funnels')}?{state.encoded({**about, **own})}"


def address(asking: Asking, seen: Look, step: str, *, lost: bool, form: str = "csv") -> str:
    """Where the whole list can be fetched as a file of this `form`: the question spelled out."""
    query = asking.filters.to_query()
    query.pop("compare", None)
    own = {"funnel": [seen.funnel.name], "step": [step], "lang": [language()], "as": [form]}
    if lost:
        own["view"] = ["lost"]
    if asking.entered:
        own["entered"] = [asking.entered]
    return "/download/funnel?" + urlencode({**own, **query}, doseq=True)


def _choose(seen: Look, asking: Asking) -> tuple[int, bool]:
    place, lost = chosen(seen)
    steps = list(seen.funnel.steps)
    with st.container(horizontal=True, gap="small", key="funnel-whom"):
        choices.choice(
            "step",
            _("Step"),
            steps,
            lambda step: f"{steps.index(step) + 1}  {seen.funnel.title(step)}",
            steps[place],
            width=255,
        )
        views = [LOST, REACHED] if place + 1 < len(steps) else [REACHED]
        choices.choice(
            "view",
            _("Whom"),
            views,
            lambda view: _("reached the step") if view == REACHED else _("dropped out after it"),
            LOST if lost else REACHED,
            width=255,
        )
        _entered(asking)
    return place, lost


def _entered(asking: Asking) -> None:
    """The bucket that is kept to can be taken off."""
    if asking.entered:
        st.button(
            escape.markdown(_("entered in {period}").format(period=asking.called)),
            key="kept-entered",
            icon=":material/close:",
            icon_position="right",
            help=_("Take this filter off"),
            on_click=state.choose,
            args=("entered", ""),
        )


def _said(seen: Look, place: int, lost: Passage | None, total: int) -> str:
    who = words.counted(seen.funnel, total)
    step = seen.funnel.title(seen.now[place].step)
    if lost is None:
        return _("{who} reached {step}.").format(who=who, step=step)
    following = seen.funnel.title(seen.now[place + 1].step)
    said = _("{who} reached {step} and not {following}.").format(
        who=who, step=step, following=following
    )
    if lost.waiting:
        said += " " + _("Of these {n} may still go on.").format(n=formats.number(lost.waiting))
    return said


def _story(seen: Look, entity: str) -> Shown:
    """The entity, leading to the story of a case."""
    if seen.funnel.entity != "case" or not places.known("case"):
        return Shown(entity)
    query = urlencode({"case": entity, "lang": language()})
    return Shown(entity, href=f"{places.path('case')}?{query}")


def _entity(seen: Look) -> str:
    if seen.funnel.entity == "case":
        return _("Case")
    return _("Customer") if seen.funnel.entity == "customer" else _("Visit")
