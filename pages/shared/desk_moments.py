"""Contactmomenten: which hurt, against what they are for; what employees signal; promise and experience."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kpi import formats
from kpi.bulletin import table
from kpi.bulletin.sentences_avoidable import listed
from kpi.bulletin.sources import Source
from kpi.bulletin.states import State, judge
from kpi.bulletin.tables import Column, Shown, Value
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.model import TOO_FEW, Result, Unit
from kpi.numbers import applies
from kpi.results.rows import DENOMINATOR, MOMENT
from kpi.stats import wilson
from pages.shared import cards, data, drill, figures, heads, page
from pages.shared.asked import Asked

#: What customers say of a moment, in the order of the table; then what it costs.
SAID = ("moment_clear", "moment_correct", "moment_complete", "moment_effort")
COST = "moment_cost"


@dataclass(frozen=True)
class Moment:
    """One contact moment: its row of the configuration, and per KPI its value and n."""

    row: dict[str, Any]
    title: str
    found: dict[str, tuple[float | None, int]]
    #: The answers of all moments together, by KPI, and this one's name in them.
    whole: Mapping[str, Result]
    place: str

    @property
    def known(self) -> bool:
        """Whether anything is known of what customers say of it."""
        return any(self.found.get(kpi, (None, 0))[0] is not None for kpi in SAID)

    @property
    def told(self) -> bool:
        """Whether there is anything to tell of it; a row of dashes tells nothing."""
        configured = bool(self.row["owner"] or self.row["goal"])
        return self.known or configured or self.found.get(COST, (None, 0))[0] is not None


def show(asked: Asked) -> None:
    """The contact moments of one process, in the order of the chain."""
    moments = _moments(asked)
    if not moments:
        page.text(_("No contact moments are configured for this process."))
    else:
        page.section(_("Contact moments"))
        page.text(_sentence(moments))
        told = [one for one in moments if one.told]
        if told:
            page.table(_table(asked, told), "moments")
        if rest := [one for one in moments if not one.told]:
            page.quiet(_silent(rest))
    _signals(asked)
    _promise(asked)


def _moments(asked: Asked) -> list[Moment]:
    # What a moment costs is of no reason, department or channel: it has no column then.
    asks = [name for name in (*SAID, COST) if applies(KPIS[name], (), asked.filters.where)]
    results = cards.whole(asked, asks)
    rows = data.store().configuration.moments(asked.period.until, asked.process)
    other = "en" if language() == "nl" else "nl"
    made = []
    for row in rows:
        place = f"{asked.process}/{row['moment']}"
        found = {name: _of(one, place) for name, one in results.items()}
        title = row[f"title_{language()}"] or row[f"title_{other}"] or row["moment"]
        made.append(Moment(row, title, found, results, place))
    return made


def _of(result: Result, place: str) -> tuple[float | None, int]:
    values, counts = result.extras.get("moments") or {}, result.extras.get("moments_n") or {}
    return values.get(place), int(counts.get(place) or 0)


def _sentence(moments: list[Moment]) -> str:
    # Of each moment what it is worst at; the moment that is worst first.
    judged = sorted(
        min(
            (value, one.title, kpi, n)
            for kpi in SAID[:3]
            for value, n in [one.found[kpi]]
            if value is not None and n >= TOO_FEW
        )
        for one in moments
        if any(one.found[kpi][0] is not None and one.found[kpi][1] >= TOO_FEW for kpi in SAID[:3])
    )
    silent = [one for one in moments if not one.known]
    said = ""
    if judged:
        value, title, kpi, n = judged[0]
        # Worst is what lies below every other beyond chance; of one alone nothing is worst.
        worst = len(judged) > 1 and _interval(judged[0])[1] < min(
            _interval(one)[0] for one in judged[1:]
        )
        text = (
            _("{moment} hurts most: {value} say it was {what} (n = {n}).")
            if worst
            else _(
                "No moment is clearly worse than another; lowest is {moment}: {value} say it "
                "was {what} (n = {n})."
            )
            if len(judged) > 1
            else _("Asked of one moment only: {moment}, {value} say it was {what} (n = {n}).")
        )
        said = text.format(
            moment=title,
            value=formats.percent(value),
            what=_what(kpi),
            n=formats.number(n),
        )
    if silent:
        said += " " + _("Nobody is asked about {n} of the {total} moments.").format(
            n=len(silent), total=len(moments)
        )
    return said.strip()


def _interval(judged: tuple[float, str, str, int]) -> tuple[float, float]:
    value, _title, _kpi, n = judged
    return wilson(value * n / 100, n) or (0.0, 1.0)


def _what(kpi: str) -> str:
    return {
        "moment_clear": _("clear"),
        "moment_correct": _("correct"),
        "moment_complete": _("complete"),
    }[kpi]


def _table(asked: Asked, moments: list[Moment]) -> Any:
    # Two columns of dashes say nothing: they come once somebody has filled in a moment.
    told = any(one.row["owner"] or one.row["goal"] for one in moments)
    costs = all(COST in one.found for one in moments)
    columns: list[Column | str] = [
        _("Contact moment"),
        *((_("Owner"), _("What it is for")) if told else ()),
        *(heads.of(kpi, title=_short(kpi)) for kpi in SAID),
        *([heads.of(COST, title=_("Cost per case that passes"))] if costs else []),
    ]
    return table(
        _("Contact moments"),
        columns,
        [
            [
                Shown(one.title, under=_phase(one.row["phase"])),
                *(
                    (one.row["owner"] or formats.NOTHING, one.row["goal"] or formats.NOTHING)
                    if told
                    else ()
                ),
                *(_cell(asked, kpi, one) for kpi in SAID),
                *([_cost(asked, one)] if costs else []),
            ]
            for one in moments
        ],
        note=" ".join(filter(None, (_dashes(moments, costs), _set_where(told)))),
    )


def _silent(moments: list[Moment]) -> str:
    """Which moments nothing is known of, by their place in the chain, and what to do about it."""
    phases: dict[str, list[str]] = {}
    for one in moments:
        phases.setdefault(_phase(one.row["phase"]), []).append(one.title)
    named = "; ".join(
        f"{listed(titles)} ({phase})" if phase else listed(titles)
        for phase, titles in phases.items()
    )
    return (
        _("Nothing known yet of {moments}.").format(moments=named)
        + " "
        + _(
            "Load survey answers that name the contact moment; from {n} answers on there is a share."
        ).format(n=TOO_FEW)
    )


def _dashes(moments: list[Moment], costs: bool) -> str:
    """What the dashes of the table ask for; empty where it has none."""
    said = []
    if not all(one.known for one in moments):
        said.append(
            _(
                "{nothing} nothing known yet: load survey answers that name the contact moment; from "
                "{n} answers on there is a share."
            ).format(nothing=formats.NOTHING, n=TOO_FEW)
        )
    if costs and any(one.found[COST][0] is None for one in moments):
        said.append(
            _(
                "The cost asks for contacts and events of the chain that name the moment, and an "
                "amount per channel."
            )
        )
    return " ".join(said)


def _set_where(told: bool) -> str:
    return _("Owner and what it is for are set per contact moment.") if told else ""


def _short(kpi: str) -> str:
    return {
        "moment_clear": _("Clear"),
        "moment_correct": _("Correct"),
        "moment_complete": _("Complete"),
        "moment_effort": _("Little effort"),
    }[kpi]


def _phase(phase: str | None) -> str:
    return {
        "promise": _("promise"),
        "deliver": _("deliver"),
        "settle": _("settle"),
    }.get(phase or "", "")


def _cell(asked: Asked, kpi: str, moment: Moment) -> Value:
    value, n = moment.found[kpi]
    if value is None:
        return Shown(formats.NOTHING, mark="quiet")
    if n < TOO_FEW:
        return Shown(_("too few"), under=f"n = {formats.number(n)}", mark="quiet")
    interval = wilson(value * n / 100, n)
    low, high = (100 * interval[0], 100 * interval[1]) if interval else (None, None)
    target = data.target(KPIS[kpi], asked.process, asked.period.until)
    one = Result(kpi, {}, value, low, high, n=n)
    state = judge(one, target.value if target else None, KPIS[kpi].better)
    return Shown(
        formats.value(value, Unit.PERCENT, low, high),
        None if state is State.NO_TARGET else state,
        under=f"n = {formats.number(n)}",
        source=_source(asked, kpi, moment),
    )


def _source(asked: Asked, kpi: str, moment: Moment) -> Source:
    """The question is that about all moments, the rows are those of this one."""
    whole = figures.source(asked.filters, moment.whole[kpi], f"moments.{moment.place}")
    rows = drill.link(kpi, asked.filters, {MOMENT: str(moment.row["moment"])}, DENOMINATOR)
    return replace(whole, rows=rows, count=moment.found[kpi][1] if rows else None)


def _cost(asked: Asked, moment: Moment) -> Value:
    value, n = moment.found[COST]
    if value is None:
        return Shown(formats.NOTHING, mark="quiet")
    return Shown(
        formats.euro(value, 2),
        under=f"n = {formats.number(n)}",
        source=_source(asked, COST, moment),
    )


def _signals(asked: Asked) -> None:
    """What employees say should be better, where they said anything."""
    rows = [
        row
        for row in data.store().configuration.rows("staff_signals", asked.period.until)
        if row["process"] == asked.process
    ]
    if not rows:
        return
    page.section(_("What employees signal"))
    page.table(
        table(
            _("What employees signal"),
            [
                _("Contact moment"),
                _("What should be better"),
                _("Department"),
                _("Where it stands"),
            ],
            [
                [
                    data.title("moment", row["moment"]) if row["moment"] else formats.NOTHING,
                    Shown(
                        row["text"] or "",
                        under=_("a norm stands in the way") if row["hinders"] else "",
                    ),
                    data.title("department", row["department"])
                    if row["department"]
                    else formats.NOTHING,
                    _stands(row["state"]),
                ]
                for row in rows
            ],
        ),
        "signals",
    )


def _stands(state: str | None) -> str:
    return {
        "new": _("new"),
        "taken_up": _("taken up"),
        "done": _("done"),
        "declined": _("declined"),
    }.get(state or "", formats.NOTHING)


def _promise(asked: Asked) -> None:
    """What was promised against what was done and how it was found (the promise gap)."""
    found = cards.whole(asked, ("promise_kept", "csat"))
    kept, liked = found["promise_kept"], found["csat"]
    if kept.value is None or kept.too_few:
        return
    both = [kept] if liked.value is None or liked.too_few else [kept, liked]
    page.section(_("Promised and experienced"))
    shown = table(
        _("Promised and experienced"),
        [heads.of(one.kpi) for one in both],
        [[_judged(asked, one) for one in both]],
    )
    page.table(shown, "promise")


def _judged(asked: Asked, one: Result) -> Value:
    """A number against its target, which is told under it with what it rests on."""
    kpi = KPIS[one.kpi]
    target = data.target(kpi, asked.process, asked.period.until)
    said = [f"n = {formats.number(one.n)}"]
    if target:
        said.insert(0, _("target {value}").format(value=formats.aim(target.value, kpi.unit)))
    return figures.judged(asked.filters, one, target, under=" · ".join(said))
