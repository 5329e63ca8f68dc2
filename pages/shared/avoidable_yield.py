"""What fewer avoidable contacts would bring in: per reason and cause, at a share that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from kpi import formats
from kpi.bulletin import Table, sentences_yield, table
from kpi.bulletin.sentences_avoidable import lower_first
from kpi.bulletin.tables import Column, Shown, Value
from kpi.charts.pareto import Bar, pareto
from kpi.filters import Filters
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.model import Result, Unit
from kpi.periods import buckets, days_of
from kpi.results.yields import Yield, a_year, in_few_weeks, share_after
from pages.shared import action_form, choices, costs, data, figures, page, state
from pages.shared.asked import Asked
from pages.shared.avoidable_causes import by_key

#: Names in the URL: what falls away, and how much of it.
OF, LESS = "of", "less"
USUAL_LESS = 50
_MOST = 10
#: How what falls away is called in the URL: a reason of a process, or a cause.
_REASON, _CAUSE = "reason", "cause"


@dataclass(frozen=True)
class Candidate:
    """Avoidable contacts that might fall away: of one reason in a process, or of one cause."""

    kind: str
    process: str
    value: str
    title: str
    under: str
    contacts: int
    weekly: tuple[int, ...]
    cost: float | None
    found: Result

    @property
    def key(self) -> str:
        """Its name in the URL."""
        return ".".join((self.kind, self.process, self.value))

    def brings(self, days: int, less: int) -> Yield | None:
        """What it brings in a year when `less` per cent of it falls away."""
        return a_year(self.contacts, self.weekly, days, less / 100, self.cost)


def less() -> int:
    """Per cent that falls away: 10 to 100, in tens."""
    wanted = state.chosen(LESS)
    found = int(wanted) if wanted.isascii() and wanted.isdigit() else USUAL_LESS
    return min(100, max(10, 10 * round(found / 10)))


def own() -> dict[str, str]:
    """What of it belongs in the URL."""
    return {
        OF: state.chosen(OF),
        LESS: "" if less() == USUAL_LESS else str(less()),
        costs.NAME: costs.MARGINAL if costs.marginal() else "",
    }


def candidates(asked: Asked, cost_of: str) -> list[Candidate]:
    """Reasons and causes that are known, the most contacts first; `cost_of`: KPI of their cost."""
    made = [
        *_of(asked, _REASON, ("process", "reason"), cost_of),
        *_of(asked, _CAUSE, ("cause",), cost_of),
    ]
    return sorted(made, key=lambda one: (-one.contacts, one.kind, one.title, one.under))


def _of(asked: Asked, kind: str, by: tuple[str, ...], cost_of: str) -> list[Candidate]:
    counts = by_key("causer", asked.filters, by)
    amounts = by_key(cost_of, asked.filters, by)
    weeks = whole_weeks(asked)
    weekly = by_key("causer", asked.filters, (*by, "week"))
    made = []
    for key, one in counts.items():
        value = key[-1]
        if value is None:
            continue
        process = key[0] or "" if kind == _REASON else ""
        cost = amounts.get(key)
        made.append(
            Candidate(
                kind,
                process,
                value,
                data.title(kind, value),
                "" if kind == _CAUSE or asked.process else data.title("process", process or None),
                int(one.numerator or 0),
                tuple(
                    int(found.numerator or 0) if (found := weekly.get((*key, week))) else 0
                    for week in weeks
                ),
                cost.value if cost else None,
                one,
            )
        )
    return made


def _first_told(asked: Asked) -> date:
    """The first day of the period of which anything is known."""
    weeks = [str(week) for (week,) in by_key("avoidable", asked.filters, ("week",)) if week]
    first = days_of(min(weeks), "week").since if weeks else asked.period.since
    return max(asked.period.since, first)


def _last_told(asked: Asked) -> date:
    as_of = data.store().as_of(("contacts",))
    if as_of is None:
        return asked.period.until
    return min(asked.period.until, formats.in_zone(as_of, data.zone()).date())


def days_told(asked: Asked) -> int:
    """How many days of the period are told of."""
    return max(1, (_last_told(asked) - _first_told(asked)).days + 1)


def whole_weeks(asked: Asked) -> list[str]:
    """The weeks that lie wholly in the part of the period that is told of."""
    first, last = _first_told(asked), _last_told(asked)
    found = []
    for name, _days in buckets(asked.period, "week"):
        span = days_of(name, "week")
        if span.since >= first and span.until <= last:
            found.append(name)
    return found


def show(asked: Asked) -> None:
    """The choice, the sum in words, the largest ones as bars, and an action of the one chosen."""
    page.section(_("What would fewer contacts bring in?"))
    found = [one for one in candidates(asked, costs.kpi()) if one.contacts >= 10]
    if not found:
        page.quiet(_("Too few avoidable contacts with a known reason or cause in this period."))
        return
    days = days_told(asked)
    with st.container(horizontal=True, gap="small", key="yield-of"):
        chosen = _choose(found)
        _slide()
        costs.choose()
    page.text(
        sentences_yield.of_yield(
            _named(chosen), less(), chosen.brings(days, less()), marginal=costs.marginal()
        )
    )
    warned = sentences_yield.one_off(chosen.weekly)
    if warned:
        page.told("warning", warned)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _bars(asked, found, chosen, days)
    with right:
        page.quiet(sentences_yield.meaning(marginal=costs.marginal(), sample=_sample(asked)))
        action_form.offer(draft(asked, chosen, less()), "yield")


def _named(one: Candidate) -> str:
    """What it is called within a sentence."""
    title = f"“{one.title}”"
    return f"{title} ({one.under})" if one.under else title


def first(found: Sequence[Candidate]) -> Candidate:
    """The largest reason that comes week after week: what may be over brings in nothing any more."""
    reasons = [one for one in found if one.kind == _REASON] or list(found)
    return next((one for one in reasons if not in_few_weeks(one.weekly)), reasons[0])


def _choose(found: Sequence[Candidate]) -> Candidate:
    by_key_of = {one.key: one for one in found}
    kinds = {_REASON: _("reason"), _CAUSE: _("cause")}

    def said(key: str) -> str:
        one = by_key_of[key]
        return f"{kinds[one.kind]} · {one.title}" + (f" · {one.under}" if one.under else "")

    usual = first(found).key
    key = choices.choice(OF, _("What falls away"), list(by_key_of), said, usual, width=430)
    return by_key_of[key]


def _slide() -> None:
    key = state.key(LESS, less())
    st.slider(
        _("How much of it falls away"),
        10,
        100,
        step=10,
        key=key,
        on_change=state.changed,
        args=(LESS, key),
        # It has no other label than this on screen.
        format="%d %% minder" if language() == "nl" else "%d%% less",
        width=260,
        label_visibility="collapsed",
        help=_("How much of it falls away"),
    )


def _sample(asked: Asked) -> bool:
    [cost] = data.ask((costs.kpi(),), asked.filters)
    return any(note in costs.SAMPLES for note in cost.notes)


def _bars(asked: Asked, found: Sequence[Candidate], chosen: Candidate, days: int) -> None:
    """The candidates of the kind chosen by what they bring in, largest on top."""
    made = [(one, brought) for one in found if (brought := one.brings(days, less()))]
    same = [(one, brought) for one, brought in made if one.kind == chosen.kind]
    ranked = sorted(same, key=lambda pair: -_size(pair[1]))
    bars = [_bar(one, brought, chosen) for one, brought in ranked[:_MOST]]
    page.chart(
        pareto(bars),
        _("A year, when {part} of the avoidable contacts about each falls away:").format(
            part=formats.percent(less())
        ),
        lambda: rows_of(asked.filters, ranked),
        "yield-bars",
        _clicked,
        tell=(KPIS[costs.kpi()], asked.filters),
    )


def _size(one: Yield) -> float:
    return one.euro.value if one.euro is not None else 0.0


def _bar(one: Candidate, brought: Yield, chosen: Candidate) -> Bar:
    contacts = sentences_yield.amount(brought.contacts, Unit.COUNT)
    money = sentences_yield.amount(brought.euro, Unit.EURO) if brought.euro else _("cost not known")
    label = f"{one.title} · {one.under}" if one.under else one.title
    return Bar(
        one.key,
        label,
        _size(brought),
        money,
        chosen=one.key == chosen.key,
        facts=(_("{contacts} contacts fewer a year").format(contacts=contacts),),
    )


def _clicked(point: list[str]) -> None:
    if point and point[0]:
        state.choose(OF, point[0])


def rows_of(filters: Filters, ranked: Sequence[tuple[Candidate, Yield]]) -> Table:
    """One row a candidate: contacts in the period, and what it brings in a year."""
    rows: list[list[Value]] = [
        [
            Shown(one.title, under=one.under),
            figures.shown(filters, one.found, "numerator"),
            sentences_yield.amount(brought.contacts, Unit.COUNT),
            sentences_yield.amount(brought.euro, Unit.EURO) if brought.euro else formats.NOTHING,
        ]
        for one, brought in ranked
    ]
    return table(
        _("What fewer contacts bring in"),
        [
            _("Falls away"),
            Column(_("Avoidable in this period"), figures=True, wrap=True),
            Column(_("Contacts fewer a year"), figures=True, wrap=True),
            Column(_("Brings in a year"), figures=True),
        ],
        rows,
        note=_("In brackets the 95% interval."),
        tall=14,
    )


def _configured(name: str, column: str, **identity: str) -> str:
    """What the configuration says of something; empty where it says nothing."""
    row = data.store().configuration.row(name, data.default_day(), **identity)
    return str((row or {}).get(column) or "")


def draft(asked: Asked, one: Candidate, part: int) -> action_form.Draft:
    """The action that makes `part` per cent of it fall away; its target is the share that is left."""
    process = one.process or asked.process or ""
    kept = asked.filters.keeping("process", [process]) if process else asked.filters
    [now] = data.ask(("avoidable",), kept)
    left = share_after(now.numerator or 0, now.n, one.contacts * part / 100)
    cause = one.value if one.kind == _CAUSE else _configured("reasons", "cause", reason=one.value)
    department = _configured("causes", "department", cause=cause) if cause else ""
    return action_form.Draft(
        title=_("Fewer contacts about {what}").format(what=lower_first(one.title)),
        kpi="avoidable",
        direction="down",
        target=round(left, 1) if left is not None else None,
        process=process,
        reason=one.value if one.kind == _REASON else "",
        cause=cause,
        department=department,
        result=_("The customer does not need to contact us about it"),
    )
