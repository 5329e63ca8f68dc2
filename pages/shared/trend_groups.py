"""The groups of a trend: asked, named, coloured, and drawn as small figures on one scale."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kpi.bulletin import sentences_trend
from kpi.bulletin.scorecard import Target
from kpi.bulletin.tables import Table
from kpi.charts.axis import value_range
from kpi.charts.lines import MOST_LINES, MOST_PANELS, Series, numbers
from kpi.charts.small import Small, small
from kpi.charts.span import Span
from kpi.charts.theme import INK, QUIET, SERIES
from kpi.i18n import _
from kpi.model import Kpi, Result
from kpi.results.signals import Charted
from pages.shared import components, data, drill, happenings, page, trend_signals
from pages.shared.asked import Asked
from pages.shared.dimensions import group_title

PROCESS = ("process",)
#: The values of a group, in the order of what is told apart by.
Key = tuple[str | None, ...]


@dataclass(frozen=True)
class Group:
    """One combination of values (None: unknown): its name, a result per period, its target."""

    key: Key
    name: str
    results: tuple[Result | None, ...]
    target: Target | None

    @property
    def id(self) -> str | None:
        """What tells it from the others; None where nothing of it is known."""
        known = [value or "" for value in self.key]
        return "\n".join(known) if any(known) else None


def of(asked: Asked, kpi: Kpi, span: Span, by: Sequence[str]) -> list[Group]:
    """The groups in one question; the one on most rows first. `by`: one dimension, or two at once."""
    filters = asked.filters.during(span.period.since, span.period.until)
    at: dict[Key, dict[str | None, Result]] = {}
    for result in data.ask((kpi.name,), filters, (*by, span.grain)):
        if result.by[span.grain] is not None:
            key = tuple(result.by[name] for name in by)
            at.setdefault(key, {})[result.by[span.grain]] = result
    # How large a group is only decides the order: a sum of n is shown nowhere.
    largest = sorted(at, key=lambda group: -sum(_size(kpi, one) for one in at[group].values()))
    names = _names(by, largest)
    return [
        Group(
            group,
            names[group],
            tuple(at[group].get(name) for name in span.names),
            target(kpi, process_of(by, group) or asked.process, span),
        )
        for group in largest
    ]


def target(kpi: Kpi, process: str | None, span: Span, *, whole: bool = False) -> Target | None:
    """What each period drawn should reach; none of what is larger only for its period being longer."""
    if kpi.grows and len(span.names) > 1:
        return None
    return data.target(kpi, process, span.period.until, whole=whole)


def process_of(by: Sequence[str], key: Key) -> str | None:
    """The process that a group is of, where it is told apart by process."""
    return dict(zip(by, key, strict=True)).get("process")


def _size(kpi: Kpi, one: Result) -> float:
    # The n of a share of the whole is that of the whole.
    return (one.numerator or 0.0) if sentences_trend.divides(kpi) else one.n


def shown(groups: Sequence[Group]) -> list[Group]:
    """The groups that are drawn: all, or the largest and always the unknown."""
    if len(groups) <= MOST_LINES:
        return list(groups)
    drawn = list(groups[:MOST_PANELS])
    unknown = [group for group in groups[MOST_PANELS:] if group.id is None]
    return [*drawn[: MOST_PANELS - len(unknown)], *unknown]


def apart(groups: Sequence[Group], by: Sequence[str]) -> bool:
    """Whether each is drawn in a field of its own.

    Many lines in one field are none to follow; and a process has its own target and its own limits.
    """
    return len(groups) > MOST_LINES or (tuple(by) == PROCESS and len(groups) > 1)


def series(
    span: Span, groups: Sequence[Group], painted: Sequence[str], labels: Sequence[str]
) -> list[Series]:
    return [
        Series(group.name, tuple(span.points(group.results, labels)), colour)
        for group, colour in zip(groups, painted, strict=True)
    ]


def _names(by: Sequence[str], groups: Sequence[Key]) -> dict[Key, str]:
    """A name per group, no two the same: a column or a label stands for one group only."""
    titles = {
        group: " · ".join(group_title(name, value) for name, value in zip(by, group, strict=True))
        for group in groups
    }
    words = list(titles.values())
    return {
        group: word
        if words.count(word) == 1 or not any(group)
        else f"{word} ({', '.join(value or '-' for value in group)})"
        for group, word in titles.items()
    }


def own_colours(asked: Asked) -> dict[str, str]:
    """The colour of each process: its fixed one, else as configured."""
    rows = data.store().configuration.processes(asked.period.until)
    configured = {
        str(row["process"]): str(row["colour"])
        for row in rows
        if re.fullmatch("#[0-9a-fA-F]{6}", row["colour"] or "")
    }
    return configured | SERIES


def panels(
    asked: Asked, kpi: Kpi, groups: Sequence[Group], by: Sequence[str], went_on: happenings.Told,
    charted: Mapping[Key, Charted], rows: Callable[[], Table], key: str, below: Callable[[], None],
) -> None:  # fmt: skip
    """Rows of small figures on one scale; on a phone they stand below each other, in this order.

    A click on a point chooses it, as `drill.chosen(key)` tells; `below` draws what can be done with it.
    """
    own = own_colours(asked) if tuple(by) == PROCESS else {}
    # Apart, they need no colour of their own; processes keep theirs.
    painted = [QUIET if one.id is None else own.get(one.id, INK) for one in groups]
    drawn = series(went_on.span, groups, painted, went_on.span.labels(3))
    targets = [group.target.value for group in groups if group.target]
    figures = [
        Small(
            one,
            group.target.value if group.target else None,
            tuple(
                went_on.flags((process_of(by, group.key) or "") if "process" in by else None)
            ),
            tuple(trend_signals.usual(charted.get(group.key), went_on.span)),
            tuple(trend_signals.rings(charted.get(group.key), went_on.span)),
        )
        for one, group in zip(drawn, groups, strict=True)
    ]  # fmt: skip
    made = small(
        figures,
        kpi.unit,
        value_range([*numbers(drawn), *targets], kpi.unit),
        # What all of them share is numbered once.
        flags_named="process" in by,
    )

    def draw() -> None:
        components.drawn(made, key, drill.choose(key))
        below()
        if charted:
            page.quiet(
                _(
                    "Grey band: what is usual. A ring: more than chance, by itself or as one of several in a "
                    "row; click it to see more."
                )
            )

    page.charted(draw, rows, key, tell=(kpi, asked.filters))
