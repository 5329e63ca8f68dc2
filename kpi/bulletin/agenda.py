"""The agenda of a process meeting on paper: what moved and why, decisions so far, actions, what next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi.bulletin.moved import Moved, usual
from kpi.bulletin.render import render, style
from kpi.bulletin.scorecard import Cell
from kpi.bulletin.states import URGENCY, State
from kpi.bulletin.tables import Shown

#: Empty lines for what is decided in the meeting.
_LINES = 4


@dataclass(frozen=True)
class Number:
    """One KPI of the process: as it stands, and what its owner wrote about it.

    `beside`: it stands beside the KPIs that a process is judged by.
    """

    title: str
    cell: Cell
    target: str
    explanation: str = ""
    by: str = ""
    beside: bool = False

    @property
    def deviates(self) -> bool:
        """Off target, or surely changed for the worse: then there is something to explain."""
        worse = self.cell.change is not None and self.cell.change.good is False
        return self.cell.state is State.BAD or (worse and self.cell.strength > 0)

    @property
    def still(self) -> bool:
        """Beside the others, and nothing to talk about: it is mentioned, in one line with its like."""
        moved = self.cell.change is not None and self.cell.certain
        talked = self.explanation or self.deviates or moved
        return self.beside and not talked and self.cell.state is not State.ATTENTION


@dataclass(frozen=True)
class Decision:
    """A decision of an earlier meeting and what became of it."""

    text: str
    day: str
    who: str
    due: str
    state: str
    outcome: str = ""
    overdue: bool = False


@dataclass(frozen=True)
class Running:
    """An improvement action: what it aims at, who does it, and before and after."""

    title: str
    aim: str
    runs: str
    who: str
    verdict: Shown


@dataclass(frozen=True)
class Agenda:
    """One meeting about one process; `announced`: outages and other news with when they were."""

    process: str
    owner: str
    period: str
    before: str
    as_of: str
    about: tuple[str, ...]
    sentence: str
    moved: Sequence[Moved]
    announced: Sequence[tuple[str, str]]
    numbers: Sequence[Number]
    decisions: Sequence[Decision]
    actions: Sequence[Running]

    @property
    def told(self) -> list[Number]:
        """The numbers that have a line of their own: one page has no room for all."""
        return [one for one in self.numbers if not one.still]

    @property
    def besides(self) -> list[Number]:
        """Those that are only mentioned."""
        return [one for one in self.numbers if one.still]

    @property
    def judged(self) -> tuple[State, ...]:
        """The states that a number may be in against its target, the most urgent first."""
        return URGENCY[:3]

    @property
    def usual(self) -> str:
        """What "usual" and "otherwise" mean in what moved."""
        return usual(self.moved)

    @property
    def html(self) -> str:
        """A whole page for A4; nothing in it needs a script or is fetched."""
        return render(
            "agenda.jinja", agenda=self, css=style("base.css") + style("agenda.css"), blank=_LINES
        )


def choice(sentence: str, ways: Sequence[tuple[str, str]]) -> str:
    """A whole page that says why there is no agenda, with those there are: title and address."""
    css = style("base.css") + style("agenda.css")
    return render("agenda_choice.jinja", sentence=sentence, ways=ways, css=css)
