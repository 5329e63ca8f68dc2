"""Avoidable contacts per process and per reason, or those of one cause: where they come in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from kpi import formats
from kpi.bulletin import Table, table
from kpi.bulletin.sentences_avoidable import lower_first
from kpi.bulletin.states import overlap
from kpi.bulletin.tables import Column, Shown, Value
from kpi.filters import Filters
from kpi.i18n import _
from kpi.model import TOO_FEW, Result, Unit
from pages.shared import data, figures, page, places
from pages.shared.asked import Asked
from pages.shared.avoidable_causes import Key, by_key, change_of, earlier, fewer, kept
from pages.shared.costs import FULL_KPI

PROCESS, REASON = ("process",), ("process", "reason")
#: Up to so many reasons stand whole; of more only the first ones do.
WHOLE, FIRST = 30, 15


@dataclass(frozen=True)
class Found:
    """What a table is made of, by the values of `by`."""

    by: tuple[str, ...]
    now: Mapping[Key, Result]
    before: Mapping[Key, Result]
    cost: Mapping[Key, Result]
    #: The largest known cause of each, and its contacts.
    main: Mapping[Key, tuple[str, int]]


def show(asked: Asked, cost_of: str = FULL_KPI) -> None:
    """Per process (where all are asked) and per reason; `cost_of` is the KPI of their cost."""
    if asked.process is None:
        page.section(_("Per customer process"))
        page.table(rows_of(asked, ask(asked, PROCESS, cost_of), cost_of), "per-process")
    page.section(_("Per reason"))
    found = ask(asked, REASON, cost_of)
    _reasons(lambda most: rows_of(asked, found, cost_of, most), len(found.now), "per-reason")


def show_of_cause(asked: Asked, cause: str, title: str, cost_of: str = FULL_KPI) -> None:
    """The same for the contacts of one cause."""
    if asked.process is None:
        page.section(_("“{cause}” per customer process").format(cause=title))
        page.table(cause_rows(asked, PROCESS, cause, cost_of), "per-process-cause")
    page.section(_("“{cause}” per reason").format(cause=title))
    now, before = _of_cause(asked, "causer", REASON, cause)
    _reasons(
        lambda most: cause_rows(asked, REASON, cause, cost_of, most),
        len({*now, *before}),
        "per-reason-cause",
    )


def _reasons(made: Callable[[int | None], Table], count: int, key: str) -> None:
    """The weightiest reasons, and all of them one click away: there may be hundreds."""
    if count <= WHOLE:
        page.table(made(None), key)
        return
    first = made(FIRST)
    told = _("The first {n} of {total}.").format(
        n=formats.number(FIRST), total=formats.number(count)
    )
    page.table(replace(first, note=f"{told} {first.note}"), key)
    page.folded(
        lambda: made(None), f"{key}-all", _("All {n} reasons").format(n=formats.number(count))
    )


def ask(asked: Asked, by: tuple[str, ...], cost_of: str = FULL_KPI) -> Found:
    """Avoidable contacts, their cost and main cause, by process or by process and reason."""
    main: dict[Key, tuple[str, int]] = {}
    for key, one in by_key("causer", asked.filters, (*by, "cause")).items():
        *place, cause = key
        count = int(one.numerator or 0)
        if cause is not None and count > main.get(tuple(place), ("", 0))[1]:
            main[tuple(place)] = (cause, count)
    return Found(
        by,
        by_key("avoidable", asked.filters, by),
        by_key("avoidable", earlier(asked, "avoidable"), by),
        by_key(cost_of, asked.filters, by),
        main,
    )


def rows_of(asked: Asked, found: Found, cost_of: str = FULL_KPI, most: int | None = None) -> Table:
    """One row each, the most avoidable contacts first, too few to judge last; then all of them.

    Only the first `most`, where that is given.
    """
    order = sorted(
        found.now,
        key=lambda key: (found.now[key].too_few, -(found.now[key].numerator or 0), str(key)),
    )
    rows = [_row(asked, found, key) for key in order[:most]]
    if len(rows) > 1:
        rows.append(_together(asked, found, cost_of, _total(len(order), most)))
    return table(
        _("Avoidable contacts"),
        [
            _head(found.by),
            Column(_("Avoidable"), figures=True),
            Column(_("Share"), figures=True),
            Column(_("Change"), figures=True, help=asked.before_text),
            Column(_("Cost"), figures=True),
            _("Main cause"),
        ],
        rows,
        tall=16,
        note=" ".join(
            part for part in (_("Of the contacts with a category."), _change_note(asked)) if part
        ),
    )


def _head(by: Sequence[str]) -> str:
    return _("Customer process") if by == PROCESS else _("Reason")


def _change_note(asked: Asked) -> str:
    return _("Change against {period}.").format(period=asked.before_text) if asked.before else ""


def _row(asked: Asked, found: Found, key: Key) -> list[Value]:
    now, before = found.now[key], found.before.get(key)
    return [
        _name(asked, found.by, key),
        figures.shown(asked.filters, now, "numerator", under=_of(now.n)),
        _share(asked, now),
        _change(now, before),
        _cost(asked, found, key),
        _main(found, key),
    ]


def _cost(asked: Asked, found: Found, key: Key) -> Value:
    """What they cost; of a reason it leads to what fewer of them would bring in."""
    cost, now = found.cost.get(key), found.now[key]
    if cost is None:
        return formats.NOTHING
    reason = key[1] if found.by == REASON else None
    told = reason is not None and (now.numerator or 0) >= TOO_FEW
    href = fewer(asked, "reason", str(reason), key[0] or "") if told else ""
    return figures.shown(asked.filters, cost, text=formats.euro(cost.value), href=href)


def _of(n: int) -> str:
    return _("of {n}").format(n=formats.number(n))


def _name(asked: Asked, by: tuple[str, ...], key: Key) -> Shown:
    process = key[0]
    title = data.title("process", process)
    href = places.path("process") + asked.query(process) if process else ""
    if by == PROCESS:
        return Shown(title, href=href)
    under = "" if asked.process else title
    return Shown(data.title("reason", key[1]), under=under, href=_to_trend(asked, key, "reason"))


def _to_trend(asked: Asked, key: Key, by: str) -> str:
    """The course of avoidable contacts of its process, split by cause or by reason."""
    if not key[0]:
        return ""
    return (
        f"{places.path('trends')}{asked.query(key[0])}&{urlencode({'kpi': 'avoidable', 'by': by})}"
    )


def _share(asked: Asked, now: Result) -> Shown:
    if now.too_few:
        why = now.notes[0].text(_) if now.notes else ""
        return figures.shown(asked.filters, now, mark="quiet", under=why)
    under = formats.interval(now.low, now.high, Unit.PERCENT)
    return figures.shown(asked.filters, now, under=under)


def _change(now: Result, before: Result | None) -> Value:
    if before is None or before.too_few or now.too_few:
        return formats.NOTHING
    moved = 0 if overlap(now, before) else 1 if (now.value or 0) > (before.value or 0) else -1
    return change_of(now, before, moved)


def _main(found: Found, key: Key) -> Value:
    cause, count = found.main.get(key, ("", 0))
    if count < TOO_FEW:
        return formats.NOTHING
    whole = found.now[key].numerator or 1
    return Shown(
        data.title("cause", cause),
        under=_("{share} of them").format(share=formats.percent(100 * count / whole)),
    )


def _total(count: int, most: int | None) -> Shown:
    """What the last row is called: where not all are shown it is more than what stands above it."""
    cut = most is not None and count > most
    of_all = _("Total of all {n} reasons").format(n=formats.number(count))
    return Shown(of_all if cut else _("Total"), mark="strong")


def _together(asked: Asked, found: Found, cost_of: str, name: Shown) -> list[Value]:
    n = sum(one.n for one in found.now.values())
    hits = sum(one.numerator or 0 for one in found.now.values())
    [all_] = data.ask(("avoidable",), asked.filters)
    # Asked as the tile asks it: summed from parts it may round to the euro beside it.
    [cost] = data.ask((cost_of,), asked.filters)
    return [
        name,
        _all_of(asked.filters, all_, "numerator", formats.number(hits), _of(n)),
        _all_of(asked.filters, all_, "value", formats.percent(100 * hits / n if n else None)),
        "",
        _all_of(asked.filters, cost, "value", formats.euro(cost.value)),
        "",
    ]


def _all_of(filters: Filters, one: Result, what: str, text: str, under: str = "") -> Shown:
    """A number of all rows together."""
    return figures.shown(filters, one, what, text=text, under=under, mark="strong")


def _of_cause(
    asked: Asked, kpi: str, by: tuple[str, ...], cause: str
) -> tuple[dict[Key, Result], dict[Key, Result]]:
    """A KPI of the contacts of one cause, now and before."""
    now, past = kept(asked.filters, cause), earlier(asked, kpi)
    return by_key(kpi, now, by), by_key(kpi, kept(past, cause) if past else None, by)


def cause_rows(
    asked: Asked,
    by: tuple[str, ...],
    cause: str,
    cost_of: str = FULL_KPI,
    most: int | None = None,
) -> Table:
    """Contacts of one cause: where, how many, how many before, what they cost; `most` as above."""
    now, before = _of_cause(asked, "causer", by, cause)
    cost = by_key(cost_of, kept(asked.filters, cause), by)
    filters, past = kept(asked.filters, cause), earlier(asked, "causer")
    compared = past is not None
    past = kept(past, cause) if past else None
    counts = {key: int(one.numerator or 0) for key, one in now.items()}
    rows: list[list[Value]] = []
    order = sorted({*now, *before}, key=lambda one: (-counts.get(one, 0), str(one)))
    for key in order[:most]:
        rows.append(
            [
                _name(asked, by, key),
                figures.shown(filters, now[key], "numerator") if key in now else "0",
                (figures.shown(past, before[key], "numerator") if key in before and past else "0")
                if compared
                else formats.NOTHING,
                figures.shown(filters, cost[key], text=formats.euro(cost[key].value))
                if key in cost
                else formats.NOTHING,
            ]
        )
    [whole] = data.ask((cost_of,), filters)
    rows.append(
        [
            _total(len(order), most),
            _all_of(
                filters,
                *data.ask(("causer",), filters),
                "numerator",
                formats.number(sum(counts.values())),
            ),
            _all_of(
                past,
                *data.ask(("causer",), past),
                "numerator",
                formats.number(sum(int(one.numerator or 0) for one in before.values())),
            )
            if past
            else formats.NOTHING,
            _all_of(filters, whole, "value", formats.euro(whole.value)),
        ]
    )
    title = lower_first(data.title("cause", None if cause == "-" else cause))
    return table(
        _("Avoidable contacts by {cause}").format(cause=title),
        [
            _head(by),
            Column(_("Contacts"), figures=True),
            Column(_("Contacts before"), figures=True, help=asked.before_text),
            Column(_("Cost"), figures=True),
        ],
        rows,
        tall=16,
        note=_("Before: {period}.").format(period=asked.before_text) if compared else "",
    )
