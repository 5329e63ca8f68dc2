"""The rows behind a number: who and what was counted, exactly that many.

rows(store, "within_norm", Filters.of(process=["fault"]), {"week": "2026-W14"}, part="missed")
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from kpi.access import EVERYTHING, Scope
from kpi.filters import GRAINS, Filters
from kpi.i18n import _, language
from kpi.model import Kind, Kpi
from kpi.numbers.periods import period_of
from kpi.numbers.problem import AskProblem, check, find
from kpi.numbers.questions import CODED, question_of
from kpi.periods import Period, days_of
from kpi.query import retention as of_retention
from kpi.query.question import Question
from kpi.query.rows import Facts, Picked, holding, looked_at, page, picked, total
from kpi.results import stock
from kpi.results.rows import (
    AMOUNT,
    BESIDES,
    COUNTS,
    DENOMINATOR,
    LONGER,
    MOMENT,
    PARTS,
    SHAPES,
    SLOT,
    Rows,
    Shape,
    besides,
    parts_of,
    subject_of,
)

if TYPE_CHECKING:
    from kpi.store import Store

#: Columns that are the same in every row, or that other columns say better.
_SAID = frozenset({"timing", "valid", "known", "is_complaint", "level", "state"})
_TEXTS = frozenset({Shape.ID, Shape.CODE, Shape.TEXT})
#: What is always shown beside a column that decides.
_BESIDE = {"category": ("cause", "causing_department")}


def narrowed(store: Store, name: str, filters: Filters, group: Mapping[str, str | None]) -> Filters:
    """The question about one group of an answer: `filters` kept to the group and its period.

    `group` is a `Result.by`: dimensions with their value (None: unknown) and at most one time
    grain. What is no filter (`BESIDES`) is passed over.

    Raises:
        AskProblem: the period has no such week, month, quarter or day.
    """
    for dimension, value in group.items():
        if dimension in BESIDES:
            continue
        if dimension not in GRAINS:
            filters = filters.keeping(dimension, [value or ""])
            continue
        period = period_of(store, find(name), filters)
        days = _bucket(value or "", dimension)
        days = days.within(period) if days and period else None
        if days is None:
            raise AskProblem(_("The period asked has no {name}.").format(name=value))
        filters = filters.during(days.since, days.until)
    return filters


def _bucket(name: str, grain: str) -> Period | None:
    try:
        return days_of(name, grain)
    except ValueError:
        return None


def rows(
    store: Store,
    name: str,
    filters: Filters,
    group: Mapping[str, str | None] | None = None,
    part: str = "",
    *,
    scope: Scope = EVERYTHING,
    sort: str = "",
    search: str = "",
    offset: int = 0,
    most: int | None = None,
) -> Rows:
    """The rows that a number counts, or is counted of: exactly as many.

    Args:
        store: where the data are.
        name: of the KPI.
        filters: period and values kept, as in `ask`.
        group: the group of the answer, as `Result.by` has it; none for the whole. Of an hour of
            the week one side may be left open: "-09" is that hour of every day, "1-" all Mondays.
            "moment" keeps to a contact moment, "longer" to what took more than so many days.
        part: "numerator" (what counts), "denominator" (what it is counted of), "missed" (the
            rest of that), "every" (also what it leaves out) or a listed extra of the KPI; without
            it the KPI's first.
        scope: what may be seen; rows about one customer need `personal`.
        sort: a column, with "-" before it for the largest first; the latest first without it.
        search: keeps rows in which an id, or the title of a code, holds this text.
        offset, most: which of them to give; `most` None for all.

    Raises:
        AskProblem: the number is not made of rows, or they are not yours to see; it says which.
    """
    if not scope.personal or scope.screen:
        raise AskProblem(_("Who they are is not yours to see; the numbers are."))
    kpi = find(name)
    group = dict(group or {})
    check(kpi, [name for name in group if name not in besides(kpi)], filters.where)
    part = part or next(iter(parts_of(kpi)), "")
    _check_part(kpi, part)
    asked = filters
    if part == DENOMINATOR:
        # A cause has its share of all unnecessary contacts: those are what it is counted of.
        within = kpi.options.get("shares_within", ())
        group = {key: value for key, value in group.items() if key not in within}
    asked = narrowed(store, name, asked, group)
    question = question_of(store, kpi, asked, (), scope)
    if question is None:
        return Rows(name, part, parts_of(kpi), subject_of(kpi), (), (), 0, 0)
    facts = _facts(store, question, group)
    empty = Rows(
        name, part, parts_of(kpi), subject_of(kpi), (), (), 0, 0, None, question.period,
        question.as_of,
    )  # fmt: skip
    if facts is None:
        return empty
    chosen = picked(question, part, facts)
    names = columns_of(kpi, question, chosen)
    # What stands under "Closed" where there is no time hangs on the state: that itself is not shown.
    beside = [name for name in ("state",) if "closed_at" in names and name not in names]
    select = chosen.select([*names, *chosen.named(beside)])
    [counted] = store.rows(total(select, amounts=chosen.amount is not None))
    n = int(counted["n"])
    found = n
    if search.strip():
        select = _searched(store, select, names, search.strip())
        [among] = store.rows(total(select, amounts=False))
        found = int(among["n"])
    return replace(
        empty,
        columns=_shown(names, chosen),
        rows=store.rows(page(select, _order(empty, names, sort), offset, most)) if found else (),
        total=n,
        found=found,
        amount=None if counted[AMOUNT] is None else float(counted[AMOUNT]),
    )


def columns_of(kpi: Kpi, question: Question, chosen: Picked) -> list[str]:
    """What is shown of a row: what it is about, and what the declaration looks at."""
    own = [
        one
        for name in looked_at(kpi, question.moment)
        if name not in _SAID
        for one in (name, *_BESIDE.get(name, ()))
    ]
    # What a length is of says itself: no amount stands in its declaration.
    own += ["lead_seconds"] if LONGER in besides(kpi) else []
    own += kpi.options.get("shown_with", ())
    wanted = dict.fromkeys((*subject_of(kpi).columns, *own, AMOUNT, COUNTS))
    return chosen.named(name for name in wanted if name in SHAPES)


def _shown(names: Sequence[str], chosen: Picked) -> tuple[str, ...]:
    """Without the amount where that is a column of its own already."""
    amount = chosen.amount
    twice = isinstance(amount, sa.Column) and amount.name in names
    return tuple(name for name in names if not (twice and name == AMOUNT))


def _check_part(kpi: Kpi, part: str) -> None:
    if kpi.kind is Kind.FUNNEL:
        raise AskProblem(_("Who is behind a step of a funnel stands on the page Funnels."))
    if kpi.kind is Kind.GAP:
        raise AskProblem(
            _(
                "{kpi} is the difference between two channels and counts nothing itself: ask for "
                "the rows behind {others}, kept to a channel."
            ).format(kpi=kpi.name, others=", ".join(kpi.options["of"]))
        )
    if kpi.kind is Kind.CONFLICTS:
        raise AskProblem(_("Conflicting aims are pairs of actions: they stand with the actions."))
    if part in parts_of(kpi):
        return
    if part and part not in PARTS:
        raise AskProblem(
            _("There is no part {part}; there is {parts}.").format(
                part=part, parts=", ".join(dict.fromkeys((*PARTS, *parts_of(kpi))))
            )
        )
    why = {
        Kind.PER_HOUR: _("{kpi} is divided by hours, which have no rows."),
        Kind.HELPED: _("{kpi} is divided by hours, which have no rows."),
        Kind.PER_CUSTOMERS: _(
            "{kpi} is divided by the mean number of customers over the days of the period, which "
            "has no rows."
        ),
    }.get(kpi.kind, _("{kpi} has no such rows; it has {parts}."))
    raise AskProblem(why.format(kpi=kpi.name, parts=", ".join(parts_of(kpi))))


def _facts(store: Store, question: Question, group: Mapping[str, str | None]) -> Facts | None:
    """What the kind needs to know besides; None where nothing can have been counted."""
    kind = question.kpi.kind
    if kind is Kind.STOCK:
        [at] = stock.moments(question)
        return Facts(at=at.moment, inclusive=at.inclusive)
    if kind is Kind.RETENTION:
        [found] = store.rows(of_retention.first_leaving())
        return Facts(start=found["first_day"])
    if kind is Kind.CHURN_AFTER:
        days = timedelta(days=question.kpi.options["days"])
        latest = min(question.moment.latest - days, question.period.ends_at(question.zone))
        return None if latest < question.period.starts_at(question.zone) else Facts(latest=latest)
    slot, about, longer = group.get(SLOT), group.get(MOMENT), group.get(LONGER)
    if longer is not None:
        return Facts(longer=_days(longer))
    if slot is None:
        return Facts(about=about)
    named = re.fullmatch(r"([1-7]?)-([0-9]{0,2})", slot)
    if named is None or not any(named.groups()):
        raise AskProblem(
            _(
                "{slot} is no hour of the week; it is written as 1-09, that hour of every day as "
                "-09, and the whole weekday as 1-."
            ).format(slot=slot)
        )
    weekday, hour = (int(one) if one else None for one in named.groups())
    return Facts(slot=(weekday, hour), about=about)


def _days(text: str) -> float:
    """A number of days as it stands in an address."""
    if re.fullmatch(r"\d{1,5}(\.\d{1,4})?", text) is None:
        raise AskProblem(
            _("{longer} is no number of days; it is written as 7 or 0.5.").format(longer=text)
        )
    return float(text)


def _searched(
    store: Store, select: sa.Select[object], names: Sequence[str], text: str
) -> sa.Select[object]:
    wanted = text.casefold()
    configuration = store.configuration
    codes = {
        name: [
            value
            for value in configuration.known(kind)
            if wanted in configuration.title(kind, value, language()).casefold()
        ]
        for name, kind in {**CODED, "moment": "moment"}.items()
        if name in names
    }
    texts = [name for name in names if SHAPES[name] in _TEXTS]
    return holding(select, text, texts, codes)


def _order(of: Rows, names: Sequence[str], sort: str) -> list[tuple[str, bool]]:
    """The column asked, then the latest first, then by what tells rows apart: always one order."""
    wanted, down = sort.removeprefix("-"), sort.startswith("-")
    order = {wanted: down} if wanted in names else {}
    if of.subject.time in names:
        order.setdefault(of.subject.time, True)
    for name in names:
        if SHAPES[name] in _TEXTS or name == "position":
            order.setdefault(name, False)
    return list(order.items())
