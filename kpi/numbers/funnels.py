"""Funnels (K31): configured ones, and ones named ad hoc."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kpi.access import EVERYTHING, Scope
from kpi.filters import GRAINS, Filters
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.measures.words import CUSTOMER
from kpi.model import Kpi
from kpi.numbers.funnel_entries import counted_held, hold_entries, keep_only, latest_held
from kpi.numbers.memory import LEAST, MOST
from kpi.numbers.once import once
from kpi.numbers.periods import period_of
from kpi.numbers.problem import AskProblem, check_dimension
from kpi.periods import Period, days_of
from kpi.query.funnel import (
    FunnelQuestion,
    funnel_contacts,
    funnel_entities,
    funnel_rows,
    holds_web_funnel,
    web_funnels,
    web_steps,
)
from kpi.results import funnel as results
from kpi.results import notes
from kpi.results.funnel import FunnelEntity, FunnelStep, funnel_steps
from kpi.results.funnel_counts import counted
from kpi.suggest import suggest

if TYPE_CHECKING:
    from kpi.store import Store

ENTITIES = ("web", "case", "customer")
#: Days after entry that a step counts where nobody said.
_WINDOW = float(KPIS["funnel"].options["window_days"])
#: Dimensions of a case that a funnel of cases can be told apart by too.
OF_CASES = ("channel", "reason", "department")


def ask_funnel(
    store: Store,
    name: str,
    filters: Filters,
    *,
    steps: Sequence[str] = (),
    entity: str | None = None,
    window: timedelta | None = None,
    by: Sequence[str] = (),
    scope: Scope = EVERYTHING,
    beside: bool = True,
) -> list[FunnelStep]:
    """The steps of a funnel, per combination of `by`.

    Args:
        store: where the data are.
        name: a configured funnel; with `steps` a funnel in web_events or a process.
        filters: period of entry, and values kept of the dimensions below.
        steps: in order; without them those configured.
        entity: web, case or customer; as configured, else web where web_events holds the funnel.
        window: how long after entry a step counts; as configured, else 14 days.
        by: customer dimensions, a time grain of the entry, for cases also channel, reason,
            department.
        scope: what may be seen.
        beside: also what goes with the counts: the contacts at each step, and the median time from
            the one before. Without it is quicker.

    Raises:
        AskProblem: there is no such funnel, or something does not apply to it.
    """
    question = _question(store, name, filters, tuple(steps), entity, window, tuple(by), scope)
    if question is None:
        return []
    as_of = store.as_of(_kpi(question.entity).reads)
    found = counted_held(store, question, as_of, beside=beside)
    if found is None:
        rows, contacts = store.columns(funnel_rows(question)), None
        if beside:
            places = range(len(question.steps))
            contacts = [store.columns(funnel_contacts(question, place)) for place in places]
        found = counted(question, rows, contacts, as_of)
    complete = question.period.complete(as_of, question.zone)
    return funnel_steps(question, found, as_of, () if complete else (notes.PARTIAL,))


def ask_funnel_entities(
    store: Store,
    name: str,
    filters: Filters,
    step: str,
    *,
    lost: bool = False,
    most: int | None = None,
    entered: str = "",
    steps: Sequence[str] = (),
    entity: str | None = None,
    window: timedelta | None = None,
    scope: Scope = EVERYTHING,
) -> list[FunnelEntity]:
    """Who reached a step, the latest entry first: exactly as many as `ask_funnel` counts there.

    Args:
        store, name, filters, steps, entity, window, scope: as in `ask_funnel`.
        step: the step.
        lost: only those who did not take the next one.
        most: no more than so many.
        entered: only those of one bucket, as `by` a time grain tells them apart (2026-W14,
            2026-04): who came in earlier in the period as well belongs to that bucket.

    Raises:
        AskProblem: there is no such funnel, step or bucket, or rows about one customer may not be
            seen.
    """
    if not scope.personal or scope.screen:
        raise AskProblem(_("Who they are is not yours to see; the numbers are."))
    question = _question(store, name, filters, tuple(steps), entity, window, (), scope)
    if question is None:
        return []
    if step not in question.steps:
        raise AskProblem(
            _("The funnel {name} has no step {step}; it has {steps}.").format(
                name=name, step=step, steps=", ".join(question.steps)
            )
        )
    place = question.steps.index(step)
    days = days_entered(entered) if entered else None
    state, at = store.state, None
    if most is not None:
        at = latest_held(store, question, place, lost=lost, most=most, entered=days)

    def listed(moments: Sequence[datetime] | None) -> list[dict[str, Any]]:
        return store.rows(
            funnel_entities(question, place, lost=lost, most=most, entered=days, entered_at=moments)
        )

    rows = listed(at)
    if at is not None and store.state != state:
        # Others may be the latest since.
        rows = listed(None)
    return results.funnel_entities(question, rows, store.as_of(_kpi(question.entity).reads))


def days_entered(bucket: str) -> Period:
    """The days of a bucket of entry ("2026-W14"); raises `AskProblem` on what is none."""
    # The day last: a week is a way to write its first day too.
    for grain in reversed(GRAINS):
        try:
            return days_of(bucket, grain)
        except ValueError:
            continue
    raise AskProblem(_("The period asked has no {name}.").format(name=bucket))


@dataclass(frozen=True)
class Funnel:
    """A funnel that can be asked for.

    Attributes:
        name, kind, process, entity: as configured; kind and process None where that is not said.
        steps: in order. Of one that is not configured the most taken first: a proposal.
        titles: of the steps, in the language spoken now.
        window_days: how long after entry a step counts.
        configured: false: only web events name it.
        strange: steps that web events name beside the configured ones, with how many took them.
        loaded: whether web events name it at all (of a funnel of cases or customers: true).
    """

    name: str
    kind: str | None
    process: str | None
    entity: str
    steps: tuple[str, ...]
    titles: Mapping[str, str]
    window_days: float
    configured: bool = True
    strange: Mapping[str, int] = field(default_factory=dict)
    loaded: bool = True

    @property
    def called(self) -> str:
        """What it is called on screen: where it begins and where it ends, or its id."""
        if not self.configured or len(self.steps) < 2:
            return self.name
        return f"{self.title(self.steps[0])} → {self.title(self.steps[-1])}"

    def title(self, step: str) -> str:
        """The step's name on screen."""
        return self.titles.get(step, step)


def funnels(store: Store, on: date | None = None) -> list[Funnel]:
    """Those configured, sales first, then those that only web events name; each by name.

    `on`: the day whose configuration counts; the latest without it, and for one that was
    configured later.
    """
    taken: dict[str, dict[str, int]] = {}
    # Of two taken as often, the one that began first comes first.
    rows = once(store, ("web_steps",), lambda: store.rows(web_steps()))
    for row in sorted(rows, key=lambda row: (row["first"], row["step"])):
        taken.setdefault(row["funnel"], {})[row["step"]] = row["entities"]
    versions = store.configuration.versions("funnels")
    names = list(dict.fromkeys(row["funnel"] for row in versions))
    found = []
    for name in names:
        one = configured_funnel(store, name, on) or configured_funnel(store, name)
        if one is None:
            continue
        there = taken.pop(name, {}) if one.entity == "web" else {}
        strange = {step: there[step] for step in _most_taken(there) if step not in one.steps}
        found.append(replace(one, strange=strange, loaded=one.entity != "web" or bool(there)))
    found.sort(key=lambda one: (one.kind != "sales", one.name))
    for name, there in sorted(taken.items()):
        steps = tuple(_most_taken(there))
        found.append(Funnel(name, None, None, "web", steps, {}, _WINDOW, configured=False))
    return found


def hold_funnels(store: Store, least: int = LEAST, most: int = MOST) -> int:
    """Hold the entries of every funnel that pages show; of how many they were read.

    Args: as in `kpi.numbers.hold`.
    """
    asked = []
    for one in funnels(store):
        window = timedelta(days=one.window_days)
        try:
            question = _question(
                store, one.name, Filters.of(), one.steps, one.entity, window, (), EVERYTHING
            )
        except AskProblem:
            # It has no steps, or one of them twice: nobody can ask it either.
            continue
        if question is not None:
            asked.append(question)
    keep_only(store, asked)
    return sum(hold_entries(store, question, least, most) for question in asked)


def configured_funnel(store: Store, name: str, on: date | None = None) -> Funnel | None:
    """A funnel as it is configured (on a day, else last), without a look at who passed it."""
    rows = _configured(store, name, Filters(until=on))
    if not rows:
        return None
    window = rows[0]["window_days"]
    return Funnel(
        name,
        rows[0]["kind"],
        rows[0]["process"],
        rows[0]["entity"] or "web",
        tuple(row["step"] for row in rows),
        {row["step"]: _title(row) for row in rows},
        _WINDOW if window is None else float(window),
    )


def reads(funnel: Funnel) -> tuple[str, ...]:
    """The tables that its steps are kept in."""
    return _kpi(funnel.entity).reads


def _most_taken(taken: Mapping[str, int]) -> list[str]:
    return sorted(taken, key=lambda step: -taken[step])


def _title(row: Mapping[str, Any]) -> str:
    other = "en" if language() == "nl" else "nl"
    return str(row[f"title_{language()}"] or row[f"title_{other}"] or row["step"])


def _question(
    store: Store,
    name: str,
    filters: Filters,
    steps: tuple[str, ...],
    entity: str | None,
    window: timedelta | None,
    by: tuple[str, ...],
    scope: Scope,
) -> FunnelQuestion | None:
    found = _configured(store, name, filters)
    process: str | None = name
    if found:
        steps = steps or tuple(row["step"] for row in found)
        entity = entity or found[0]["entity"]
        process = found[0]["process"]
        if window is None and found[0]["window_days"] is not None:
            window = timedelta(days=found[0]["window_days"])
    if not steps:
        raise AskProblem(_no_funnel(store, name))
    if entity is None:
        [web] = store.rows(holds_web_funnel(name))
        entity = "web" if web["n"] else "case"
    if entity not in ENTITIES:
        raise AskProblem(
            _("A funnel counts {entities}, not {entity}.").format(
                entities=", ".join(ENTITIES), entity=entity
            )
        )
    if len(set(steps)) < len(steps):
        raise AskProblem(
            _("A funnel passes each step once: {steps}.").format(steps=", ".join(steps))
        )
    _check(entity, by, filters)
    kpi = _kpi(entity)
    period = period_of(store, kpi, filters)
    if period is None:
        return None
    if window is None:
        window = timedelta(days=kpi.options["window_days"])
    return FunnelQuestion(
        name, process, steps, entity, period, window.total_seconds(), by, filters.where, scope,
        store.settings.time_zone,
    )  # fmt: skip


def _kpi(entity: str) -> Kpi:
    """The declaration, reading what this entity's steps are kept in."""
    kpi = KPIS["funnel"]
    if entity == "web":
        return kpi
    return replace(kpi, source="chain_events", reads=("chain_events",), date="occurred_at")


def _configured(store: Store, name: str, filters: Filters) -> list[dict[str, Any]]:
    """Steps of a configured funnel, in order: as of the period's end, else the latest there are."""
    versions = store.configuration.versions("funnels")
    on = filters.until or max((row["valid_from"] for row in versions), default=None)
    if on is None:
        return []
    return [row for row in store.configuration.rows("funnels", on) if row["funnel"] == name]


def _no_funnel(store: Store, name: str) -> str:
    configured = {row["funnel"] for row in store.configuration.versions("funnels")}
    if name in {row["funnel"] for row in store.rows(web_funnels())}:
        return _("The funnel {name} is not configured: name its steps, in order.").format(name=name)
    nearest = suggest(name, configured)
    if nearest:
        return _("There is no funnel {name}. Did you mean {nearest}?").format(
            name=name, nearest=nearest
        )
    return _("There is no funnel {name}. Configure it, or name its steps in order.").format(
        name=name
    )


def _check(entity: str, by: tuple[str, ...], filters: Filters) -> None:
    own = (*CUSTOMER, *(OF_CASES if entity == "case" else ()))
    for dimension in by:
        check_dimension(dimension)
    for dimension in (*by, *(name for name, _values in filters.where)):
        if dimension not in (*own, *GRAINS):
            raise AskProblem(
                _("{kpi} cannot be split by {dimension}; it can by {dimensions}.").format(
                    kpi="funnel", dimension=dimension, dimensions=", ".join((*GRAINS, *own))
                )
            )
    if len([name for name in by if name in GRAINS]) > 1:
        raise AskProblem(
            _("Choose one of {grains} to tell periods apart.").format(grains=", ".join(GRAINS))
        )
