"""Causes of avoidable contacts and the departments that cause them: asked, ranked, drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from kpi import formats
from kpi.bulletin import Table, table
from kpi.bulletin import sentences_avoidable as sentences
from kpi.bulletin.sentences_avoidable import Share, none_of
from kpi.bulletin.tables import Column, Shown, Value
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Better, Result, Unit
from kpi.periods import Period
from pages.shared import data, drill, page, pareto, places
from pages.shared.filters import Asked

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


def around(asked: Asked) -> Period:
    """The period asked with as many days before it: what is usual."""
    return Period(asked.period.previous().since, asked.period.until)


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
        rows_of(
            causes,
            _("Cause"),
            asked.before_text,
            link,
            behind(asked.filters, "cause"),
            lambda cause: fewer(asked, "cause", cause),
        ),
        f"causes-{chosen}",
        choose,
        asked.before_text,
        tell=(KPIS["avoidable"], asked.filters),
    )
    page.quiet(_("Click a bar, or choose a cause, to see who causes it and where."))
    choice()


def show_departments(asked: Asked, departments: Sequence[Share], cause: str, title: str) -> None:
    """The Pareto of the departments that cause it, of one cause where one is chosen."""
    page.section(
        _("Causing departments of “{cause}”").format(cause=title)
        if cause
        else _("Causing departments")
    )
    pareto.show(
        pareto.bars_of(departments),
        sentences.of_pareto(departments, asked.before_text, department=True, of_cause=bool(cause)),
        rows_of(
            departments,
            _("Causing department"),
            asked.before_text,
            behind=behind(kept(asked.filters, cause), "causing_department"),
        ),
        f"departments-{cause}",
        earlier=asked.before_text,
        tell=(KPIS["avoidable"], asked.filters),
    )


def behind(filters: Filters, dimension: str) -> Callable[[Share], str]:
    """What gives the address of the contacts of a cause or department."""
    return lambda one: drill.link("causer", filters, {dimension: one.id}) if one.contacts else ""


def fewer(asked: Asked, kind: str, value: str, process: str = "") -> str:
    """The address of what fewer contacts of a cause or reason would bring in."""
    chosen = {"view": "yield", "of": ".".join((kind, process, value))}
    return f"{places.path('avoidable')}{asked.query()}&{urlencode(chosen)}"


def rows_of(
    found: Sequence[Share],
    head: str,
    earlier_text: str,
    link: Callable[[str], str] | None = None,
    behind: Callable[[Share], str] | None = None,
    brings: Callable[[str], str] | None = None,
) -> Table:
    """Every cause with its number, share, change and cost; the last row is all of them.

    `link` gives the address of a cause by its id, `behind` that of its contacts, `brings` that of
    what fewer of them would bring in.
    """
    unknown_last = sorted(found, key=lambda one: (one.id is None, -one.contacts, one.title))
    rows: list[list[Value]] = [_row(one, link, behind, brings) for one in unknown_last]
    total = sum(one.contacts for one in found)
    cost = sum(one.cost.value or 0 for one in found if one.cost)
    was = sum(int(one.before.numerator or 0) for one in found if one.before)
    rows.append(
        [
            Shown(_("Together"), mark="strong"),
            Shown(formats.number(total), mark="strong"),
            formats.percent(100 if total else None),
            "",
            formats.number(was) if any(one.before for one in found) else formats.NOTHING,
            "",
            Shown(formats.euro(cost), mark="strong"),
        ]
    )
    return table(
        head,
        [
            head,
            Column(_("Contacts"), figures=True),
            Column(_("Share"), figures=True),
            Column(_("95 % interval"), figures=True),
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
    behind: Callable[[Share], str] | None,
    brings: Callable[[str], str] | None,
) -> list[Value]:
    key = pareto.UNKNOWN if one.id is None else one.id
    return [
        Shown(one.title, under=one.department, href=link(key) if link else ""),
        Shown(formats.number(one.contacts), href=behind(one) if behind else ""),
        formats.value(one.now.value, Unit.PERCENT, one.now.low, one.now.high),
        formats.interval(one.now.low, one.now.high, Unit.PERCENT),
        formats.number(one.before.numerator) if one.before else formats.NOTHING,
        change_of(one.now.value, one.before_value, one.moved),
        Shown(
            formats.euro(one.cost.value),
            href=brings(one.id) if brings and one.id is not None and not one.few else "",
        )
        if one.cost
        else formats.NOTHING,
    ]


def change_of(now: float | None, before: float | None, moved: int) -> Value:
    """A difference of shares in points; coloured only where it is more than chance."""
    change = formats.change(now, before, Unit.PERCENT, Better.DOWN)
    if change is None:
        return formats.NOTHING
    if not change.amount:
        return Shown(change.word, mark="quiet")
    text = f"{change.arrow}{formats.SPACE}{change.amount}"
    if not moved:
        return Shown(text, mark="quiet", under=_("may be chance"))
    return Shown(text, mark="worse" if moved > 0 else "better", under=change.word)
