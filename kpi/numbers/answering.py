"""Questions carried out: selects to the store, columns to results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from kpi import query
from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.model import Kind, Kpi, Note, Result
from kpi.numbers.churned import from_cases
from kpi.numbers.daily_sums import from_kept
from kpi.numbers.durations import from_durations
from kpi.numbers.lasting import lasted
from kpi.numbers.leavers import from_leavers
from kpi.numbers.missing import with_missing
from kpi.numbers.once import once
from kpi.numbers.problem import check, find
from kpi.numbers.questions import moment_of, question_of
from kpi.numbers.stocks import from_spells
from kpi.query import customers as of_customers
from kpi.query import hours as of_hours
from kpi.query import parts as of_parts
from kpi.query import retention as of_retention
from kpi.query import spans
from kpi.query.question import Key, Question
from kpi.results import (
    conflicts,
    counts,
    customers,
    durations,
    gap,
    hours,
    moments,
    notes,
    parts,
    retention,
    stock,
    sums,
)
from kpi.results.keys import Columns
from kpi.text import N_
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.store import Store

Sums = dict[Key, dict[str, Any]]
SAMPLE_COSTS = Note(N_("full cost per contact by channel; some are samples"))
FULL_COSTS = Note(N_("full cost per contact by channel"))
SAMPLE_RATES = Note(N_("marginal: handle time at an hourly rate, which is a sample"))
MARGINAL_COSTS = Note(N_("marginal: handle time at an hourly rate"))


def ask(
    store: Store,
    names: Sequence[str],
    filters: Filters,
    by: Sequence[str] = (),
    scope: Scope = EVERYTHING,
) -> list[Result]:
    """The numbers: per KPI one result per combination of `by`, in the order asked.

    Args:
        store: where the data are.
        names: of KPIs.
        filters: period (default: the last twelve complete months up to the KPI's as-of) and the
            values kept per dimension.
        by: dimensions and at most one time grain; keys of a result come in this order.
        scope: what may be seen.

    Raises:
        AskProblem: a name is not known or does not apply; the sentence says what does.
    """
    [found] = ask_each(store, [(names, filters)], by, scope)
    return found


def ask_each(
    store: Store,
    asked: Sequence[tuple[Sequence[str], Filters]],
    by: Sequence[str] = (),
    scope: Scope = EVERYTHING,
) -> list[list[Result]]:
    """As `ask`, for each names and filters: in one go, for what they have in common is read once.

    Raises:
        AskProblem: as `ask`.
    """
    asking = Asking(store)
    each = []
    for names, filters in asked:
        kpis = [find(name) for name in names]
        for kpi in kpis:
            check(kpi, by, filters.where)
        each.append([(kpi, question_of(store, kpi, filters, tuple(by), scope)) for kpi in kpis])
    questions = [one for pairs in each for _kpi, one in pairs if one is not None]
    asking.fetch_lasted(questions)
    sums_of = asking.sums(questions)
    answers = []
    for pairs in each:
        found: list[Result] = []
        for kpi, question in pairs:
            if question is None:
                found.append(_without_period(kpi, by, store.as_of(kpi.reads) is not None))
            else:
                own = sums_of.get(question, {})
                found += with_missing(store, kpi, asking.answer(question, own))
        answers.append(found)
    return answers


def _without_period(kpi: Kpi, by: Sequence[str], known: bool) -> Result:
    said = notes.NO_PERIOD if known else notes.NOTHING_LOADED
    return Result(kpi.name, dict.fromkeys(by), None, unit=kpi.unit, notes=(said,))


def first_fact(store: Store, kpi: Kpi) -> date | None:
    """The first day of which a KPI's source has a row; None without any."""
    [extent] = once(
        store,
        ("extent", kpi.source, kpi.date),
        lambda: store.rows(query.extent(kpi.source, kpi.date)),
    )
    first: date | None = extent["first"]
    return first


class Asking:
    """One round of questions to one store; what several of them need is fetched once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.zone = store.settings.time_zone
        self._kept: dict[tuple[Any, ...], Any] = {}

    def sums(self, questions: Sequence[Question]) -> dict[Question, Sums]:
        """The sums of every question that is made of sums, one pass per source and period."""
        found: dict[Question, Sums] = {}
        for batch in query.over_periods(questions):
            found |= from_kept(self.store, batch)
        for batch in query.batches([one for one in questions if one not in found]):
            columns = self.store.columns(query.sums(batch))
            for position, question in enumerate(batch):
                found[question] = sums.split(question, position, columns)
        return found

    def fetch_lasted(self, questions: Sequence[Question]) -> None:
        """How long cases lasted, for all questions about that, before they are answered."""
        for question, columns in lasted(self.store, questions).items():
            self._kept["lasted", question] = columns

    def answer(self, question: Question, own: Sums) -> list[Result]:
        """The results of one question."""
        makers: dict[Kind, Callable[[], list[Result]]] = {
            Kind.SHARE: lambda: self._summed(question, own),
            Kind.RATIO: lambda: self._summed(question, own),
            Kind.DISTINCT: lambda: sums.results(question, own),
            Kind.PART: lambda: parts.part_results(question, self.columns(of_parts.parts(question))),
            Kind.MEAN: lambda: sums.results(question, own),
            Kind.NPS: lambda: sums.results(question, own),
            Kind.COUNT: lambda: counts.count_results(question, own, self._first_fact(question)),
            Kind.SUM: lambda: self._cost(question, own),
            Kind.QUANTILE: lambda: durations.closed_results(question, self._closed(question)),
            Kind.SURVIVAL: lambda: durations.survival_results(
                question,
                self._once(("lasted", question), lambda: self.columns(spans.durations(question))),
            ),
            Kind.STOCK: lambda: self._stock(question),
            Kind.PER_HOUR: lambda: hours.per_hour_results(
                question, own, self._hours(question), self._coverage(question)
            ),
            Kind.PER_CUSTOMERS: lambda: customers.complaint_results(
                question, own, self._flow(question), self._first_fact(question)
            ),
            Kind.MOVEMENT: lambda: customers.movement_results(
                question, self._flow(question), self._first_leaving()
            ),
            Kind.CHURN: lambda: customers.churn_results(
                question,
                self._flow(question),
                self._leavers(question),
                self._first_leaving(),
            ),
            Kind.RETENTION: lambda: self._retention(question),
            Kind.GAP: lambda: self._gap(question),
            Kind.CONFLICTS: lambda: conflicts.conflict_results(
                question, self.store.configuration.rows("actions", question.period.until)
            ),
            Kind.CHURN_AFTER: lambda: self._churn_after(question),
            Kind.HELPED: lambda: self._helped(question),
        }
        return makers[question.kpi.kind]()

    def columns(self, select: sa.Select[Any]) -> Columns:
        """What a select brings."""
        return self.store.columns(select)

    def _once(self, key: tuple[Any, ...], fetch: Callable[[], Any]) -> Any:
        if key not in self._kept:
            self._kept[key] = fetch()
        return self._kept[key]

    def _cost(self, question: Question, own: Sums) -> list[Result]:
        configuration, on = self.store.configuration, question.period.until
        if question.kpi.options["costs"] == "hours":
            sample = any(row["rate_sample"] for row in configuration.rows("hour_rates", on))
            return sums.results(question, own, (SAMPLE_RATES if sample else MARGINAL_COSTS,))
        rows = configuration.channels(on)
        sample = any(row["unit_cost_sample"] for row in rows if row["unit_cost"] is not None)
        return sums.results(question, own, (SAMPLE_COSTS if sample else FULL_COSTS,))

    def _stock(self, question: Question) -> list[Result]:
        times = stock.moments(question)
        if not times:
            return notes.empty(question)
        first, last = times[0].moment, times[-1].moment
        held = from_spells(self.store, question, first, last)
        return stock.stock_results(
            question,
            times,
            held
            if held is not None
            else stock.Spells.read(
                question,
                self.columns(spans.stock(question, first, last)),
                self.columns(spans.stock_groups(question, last)),
            ),
        )

    def _closed(self, question: Question) -> Columns:
        held = from_durations(self.store, question)
        return self.columns(spans.closed_durations(question)) if held is None else held

    def _hours(self, question: Question) -> dict[Key, float]:
        """Hours open per time key, up to as-of."""
        last, unfinished = hours.last_whole_day(question)
        by = of_hours.time_keys(question)

        def fetch() -> dict[Key, float]:
            whole = self.columns(of_hours.opening_hours(question, last))
            part: dict[int, float] = {}
            if unfinished is not None and unfinished >= question.period.since:
                assert question.as_of is not None
                for row in self.store.rows(of_hours.opening_times(unfinished)):
                    if row["working"]:
                        part = hours.elapsed_hours(
                            unfinished,
                            row["opens_minute"],
                            row["closes_minute"],
                            question.as_of,
                            self.zone,
                        )
            return hours.hours_per_key(question, whole, unfinished, part)

        # Whatever else is filtered on, the desk is open as long: a store tells it once.
        key = ("hours", by, question.period, last, unfinished, question.as_of)
        found: dict[Key, float] = once(self.store, key, fetch)
        return found

    def _coverage(self, question: Question) -> hours.Coverage:
        [known] = once(self.store, ("days",), lambda: self.store.rows(of_hours.known_days()))
        return hours.Coverage(self._first_fact(question), known["first_day"])

    def _first_fact(self, question: Question) -> date | None:
        kpi = question.kpi
        return first_fact(self.store, kpi)

    def _flow(self, question: Question) -> customers.Flow:
        about = of_customers.of_customers(question)
        configured = frozenset(
            (name, question.configured[name]) for name in about.by if name in question.configured
        )
        key = ("flow", about.by, about.where, configured, question.scope)
        # Whatever else is filtered on, and in whatever period, customers come and go alike: a store
        # tells it once.
        every = once(
            self.store,
            key,
            lambda: customers.Movements.of(about.by, self.columns(of_customers.flow(question))),
        )
        return customers.Flow.of(question, every)

    def _leavers(self, question: Question) -> Columns:
        held = from_leavers(self.store, question)
        return self.columns(of_customers.leavers(question)) if held is None else held

    def _first_leaving(self) -> date | None:
        [found] = once(
            self.store, ("leaving",), lambda: self.store.rows(of_retention.first_leaving())
        )
        first: date | None = found["first_day"]
        return first

    def _retention(self, question: Question) -> list[Result]:
        columns = self.columns(of_retention.tenures(question))
        return retention.retention_results(question, columns, self._first_leaving())

    def _summed(self, question: Question, own: Sums) -> list[Result]:
        found = sums.results(question, own)
        if not question.kpi.options.get("moments"):
            return found
        apart = replace(question, by=(*question.by, "process", "moment"))
        configured = self.store.configuration.moments(question.period.until)
        return moments.with_moments(
            question,
            found,
            self.sums([apart])[apart],
            [(row["process"], row["moment"]) for row in configured],
        )

    def _gap(self, question: Question) -> list[Result]:
        """The KPIs that a gap is of, told apart by channel as well."""
        questions = [
            replace(
                question,
                kpi=KPIS[name],
                by=(*question.by, question.kpi.options["over"]),
                moment=moment_of(self.store, KPIS[name], question.period.until),
            )
            for name in question.kpi.options["of"]
        ]
        found = self.sums(questions)
        return gap.gap_results(question, *(found[one] for one in questions))

    def _churn_after(self, question: Question) -> list[Result]:
        days: int = question.kpi.options["days"]
        period = question.period
        # As-of must lie so many days after the close, to the second.
        latest = min(question.moment.latest - timedelta(days=days), period.ends_at(self.zone))
        if latest < period.starts_at(self.zone):
            late = Note.of(notes.NOT_LONG_AGO, days=days)
            return notes.empty(question, (late,))
        held = from_cases(self.store, question)
        after = held.after() if held else self.columns(of_customers.churned_after(question, latest))
        if question.grain is not None:
            return customers.churn_after_results(question, after, None, None)
        last = min(period.until, to_local(latest, self.zone).date())
        middle = period.since + (last - period.since) // 2
        beside = (
            held.beside(middle)
            if held
            else (
                self.columns(of_customers.churned_without(question, middle)),
                self.columns(of_customers.churned_with(question, middle)),
            )
        )
        return customers.churn_after_results(question, after, *beside)

    def _helped(self, question: Question) -> list[Result]:
        columns = self.columns(of_hours.helped(question))
        staffing = hours.Staffing.of(question, self.columns(of_hours.staffed_hours(question)))
        return hours.helped_results(question, columns, self._hours(question), staffing)
