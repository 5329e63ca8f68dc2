"""Causes of avoidable contacts and the departments that cause them: asked, ranked, drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from kpi import formats
from kpi.bulletin import Table, table
from kpi.bulletin import sentences_avoidable as sentences
from kpi.bulletin.sentences_avoidable import Share, none_of
from kpi.bulletin.sources import Source
from kpi.bulletin.tables import Column, Shown, Value
from kpi.differences import changed
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Better, Result, Unit
from kpi.results.rows import NUMERATOR
from pages.shared import data, drill, figures, later, page, pareto, places
from pages.shared.asked import Asked

Key = tuple[str | None, ...]


def by_key(kpi: str, filters: Filters | None, by: Sequence[str]) -> dict[Key, Result]:
    """Results that rest on something, by the values of `by`; none without filters."""
    if filters is None:
        return {}
    found = data.ask((kpi,), filters, by)
    return {tuple(one.by[name] for name in by): one for one in found if one.n}


def earlier(asked: Asked, kpi: str) -> Filters | None:
    """The question about the period held against, as long as has been told of the present one."""
    [whole] = data.compare((kpi,), asked.filters)
    if whole.before is None or whole.before.since is None or whole.before.until is None:
        return None
    return asked.filters.during(whole.before.since, whole.before.until)


def known(on: date) -> list[str]:
    """The configured causes, in their order on screen."""
    return [str(row["cause"]) for row in data.store().configuration.rows("causes", on)]


def shares(
    asked: Asked, dimension: str, cause: str = "", cost_of: str = "avoidable_cost"
) -> list[Share]:
    """Every cause (or "causing_department") with its contacts, now and before, and its cost.

    `cause` keeps the contacts of one cause (`pareto.UNKNOWN`: of those without); `cost_of` is the
    KPI of their cost, full or marginal.
    """
    now = kept(asked.filters, cause)
    before = earlier(asked, "causer")
    before = kept(before, cause) if before else None
    costs_before = earlier(asked, cost_of)
    costs_before = kept(costs_before, cause) if costs_before else None
    found, was = (by_key("causer", one, (dimension,)) for one in (now, before))
    cost, cost_was = (
        by_key(cost_of, one, (dimension,)) for one in (now, costs_before)
    )  # fmt: skip
    if not found:
        return []
    causers = _causers(now) if dimension == "cause" else {}
    kind = "cause" if dimension == "cause" else "department"
    nothing = none_of(next(iter(found.values())))
    nothing_before = none_of(next(iter(was.values()))) if was else None
    made = []
    for key in dict.fromkeys([*found, *was]):
        [name] = key
        made.append(
            Share(
                name,
                data.title(kind, name),
                found.get(key, nothing),
                was.get(key, nothing_before),
                cost.get(key),
                cost_was.get(key),
                causers.get(name, ""),
            )
        )
    return made


def kept(filters: Filters, cause: str) -> Filters:
    """The same question about the contacts of one cause; about all without `cause`."""
    if not cause:
        return filters
    return filters.keeping("cause", ["" if cause == pareto.UNKNOWN else cause])


def _causers(filters: Filters) -> Mapping[str | None, str]:
    """The department that causes at least half of a cause, by cause."""
    found = by_key("causer", filters, ("cause", "causing_department"))
    whole: dict[str | None, float] = {}
    for (cause, _department), one in found.items():
        whole[cause] = whole.get(cause, 0) + (one.numerator or 0)
    return {
        cause: data.title("department", department)
        for (cause, department), one in found.items()
        if department is not None and 2 * (one.numerator or 0) >= whole[cause]
    }


def show_causes(
    asked: Asked,
    causes: Sequence[Share],
    chosen: str,
    choose: Callable[[str], None],
    link: Callable[[str], str],
    choice: Callable[[], None],
) -> None:
    """The Pareto of causes; a click on one chooses it, as `choice` (drawn below it) does."""
    page.section(_("Causes"))
    pareto.show(
        pareto.bars_of(causes, chosen),
        sentences.of_pareto(causes, asked.before_text),
        lambda: rows_of(
            causes,
            _("Cause"),
            asked.before_text,
            link,
            behind(asked, "cause"),
            lambda cause: fewer(asked, "cause", cause),
        ),
        "causes",
        choose,
        asked.before_text,
        tell=(KPIS["avoidable"], asked.filters),
    )

    def choose_one() -> None:
        page.quiet(_("Click a bar, or choose a cause, to see who causes it and where."))
        choice()

    later.behind(choose_one)


def show_departments(asked: Asked, departments: Sequence[Share], cause: str, title: str) -> None:
    """The Pareto of the departments that cause it, of one cause where one is chosen.

    A click on a department offers its contacts.
    """
    chart = "departments"
    page.section(
        _("Causing departments of “{cause}”").format(cause=title)
        if cause
        else _("Causing departments")
    )
    pareto.show(
        pareto.bars_of(departments),
        sentences.of_pareto(departments, asked.before_text, department=True, of_cause=bool(cause)),
        lambda: rows_of(
            departments,
            _("Causing department"),
            asked.before_text,
            behind=behind(asked, "causing_department", cause),
        ),
        chart,
        lambda department: drill.choose(chart)([department]),
        earlier=asked.before_text,
        tell=(KPIS["avoidable"], asked.filters),
        below=drill.below(
            kept(asked.filters, cause),
            chart,
            {
                pareto.UNKNOWN if one.id is None else one.id: drill.Point.counting(
                    one.now, one.title, NUMERATOR
                )
                for one in departments
                # Fewer than ten share a bar, which is of no department; the table has each.
                if one.contacts and not (one.few and one.id is not None)
            },
        ),
    )


@dataclass(frozen=True)
class Behind:
    """Where the numbers of a cause or department come from: contacts now and before, and cost."""

    now: Filters
    before: Filters | None
    dimension: str

    def of(self, one: Result, name: str | None, *, before: bool = False) -> Source | None:
        """Of a result about `name`; None where it rests on nothing."""
        filters = self.before if before else self.now
        # What stands for none of a cause is a result without a group.
        if filters is None or not one.n or one.by.get(self.dimension, "") != name:
            return None
        what = "value" if one.kpi != "causer" else "numerator"
        return figures.source(filters, one, what, "numerator")

    def whole(self, kpi: str, *, before: bool = False) -> Source | None:
        """Of all of them together."""
        filters = self.before if before else self.now
        if filters is None:
            return None
        [one] = data.ask((kpi,), filters)
        what = "value" if kpi != "causer" else "numerator"
        return figures.source(filters, one, what, "numerator") if one.n else None


def behind(asked: Asked, dimension: str, cause: str = "") -> Behind:
    """Where the numbers of every cause or department come from, of the contacts of one cause."""
    before = earlier(asked, "causer")
    return Behind(kept(asked.filters, cause), kept(before, cause) if before else None, dimension)


def fewer(asked: Asked, kind: str, value: str, process: str = "") -> str:
    """The address of what fewer contacts of a cause or reason would bring in."""
    chosen = {"view": "yield", "of": ".".join((kind, process, value))}
    return f"{places.path('avoidable')}{asked.query()}&{urlencode(chosen)}"


def rows_of(
    found: Sequence[Share],
    head: str,
    earlier_text: str,
    link: Callable[[str], str] | None = None,
    behind: Behind | None = None,
    brings: Callable[[str], str] | None = None,
) -> Table:
    """Every cause with its number, share, change and cost; the last row is all of them.

    `link` gives the address of a cause by its id, `behind` where its numbers come from, `brings`
    the address of what fewer of them would bring in.
    """
    unknown_last = sorted(found, key=lambda one: (one.id is None, -one.contacts, one.title))
    rows: list[list[Value]] = [_row(one, link, behind, brings) for one in unknown_last]
    total = sum(one.contacts for one in found)
    cost = sum(one.cost.value or 0 for one in found if one.cost)
    priced = next((one.cost for one in found if one.cost), None)
    was = sum(int(one.before.numerator or 0) for one in found if one.before)
    rows.append(
        [
            Shown(_("Total"), mark="strong"),
            Shown(formats.number(total), mark="strong", source=behind and behind.whole("causer")),
            formats.percent(100 if total else None),
            "",
            Shown(formats.number(was), source=behind and behind.whole("causer", before=True))
            if any(one.before for one in found)
            else formats.NOTHING,
            "",
            Shown(
                formats.euro(cost),
                mark="strong",
                source=behind.whole(priced.kpi) if behind and priced else None,
            ),
        ]
    )
    return table(
        head,
        [
            head,
            Column(_("Contacts"), figures=True),
            Column(_("Share"), figures=True),
            Column(_("95% interval"), figures=True),
            Column(_("Contacts before"), figures=True, help=earlier_text),
            Column(_("Change of share"), figures=True),
            Column(_("Cost"), figures=True),
        ],
        rows,
        tall=18,
    )


def _row(
    one: Share,
    link: Callable[[str], str] | None,
    behind: Behind | None,
    brings: Callable[[str], str] | None,
) -> list[Value]:
    key = pareto.UNKNOWN if one.id is None else one.id
    return [
        Shown(one.title, under=one.department, href=link(key) if link else ""),
        Shown(formats.number(one.contacts), source=behind.of(one.now, one.id) if behind else None),
        Shown(
            formats.value(one.now.value, Unit.PERCENT, one.now.low, one.now.high),
            source=_share_of(behind, one),
        ),
        formats.interval(one.now.low, one.now.high, Unit.PERCENT),
        Shown(
            formats.number(one.before.numerator),
            source=behind.of(one.before, one.id, before=True) if behind else None,
        )
        if one.before
        else formats.NOTHING,
        change_of(one.now, one.before, one.moved),
        Shown(
            formats.euro(one.cost.value),
            source=behind.of(one.cost, one.id) if behind else None,
            href=brings(one.id) if brings and one.id is not None and not one.few else "",
        )
        if one.cost
        else formats.NOTHING,
    ]


def _share_of(behind: Behind | None, one: Share) -> Source | None:
    """The same as of the contacts, but it is the share that is shown."""
    found = behind.of(one.now, one.id) if behind else None
    return replace(found, what="value") if found else None


def change_of(now: Result, before: Result | None, moved: int) -> Value:
    """A difference of shares in points, as both are shown; coloured only beyond chance."""
    change = changed(now, before, Unit.PERCENT, Better.DOWN) if before is not None else None
    if change is None:
        return formats.NOTHING
    if not change.amount:
        return Shown(change.word, mark="quiet")
    text = f"{change.arrow}{formats.SPACE}{change.amount}"
    if not moved:
        return Shown(text, mark="quiet", under=_("may be chance"))
    return Shown(text, mark="worse" if moved > 0 else "better", under=change.word)
