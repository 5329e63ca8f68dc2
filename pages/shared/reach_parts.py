"""Reaching us per channel and per process, and who was passed on to whom."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from kpi import formats
from kpi.bulletin import Table, sentences_reach, table
from kpi.bulletin.tables import Column, Shown, Value
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import TOO_FEW, Result, Unit
from kpi.stats import wilson
from pages.shared import data, figures, heads, page, places
from pages.shared.asked import Asked

COLUMNS = ("service_level", "abandonment", "waiting_time", "handle_time")
_TRANSFERS, _TO = "transfers", "transferred_to"


def show_parts(asked: Asked) -> None:
    """A row per channel on which customers wait, and per process (where all are asked)."""
    page.section(_("Per channel and customer process"))
    made = []
    for dimension, head in (("channel", _("Channel")), ("process", _("Customer process"))):
        if dimension == "process" and asked.process:
            continue
        rows = rows_of(asked, dimension)
        if rows:
            made.append(_table(asked, head, rows))
            page.table(made[-1], f"reach-{dimension}")
    page.marks_of(*made)


def rows_of(asked: Asked, dimension: str) -> list[list[Value]]:
    """One row per value of a dimension that has a service level, the largest first."""
    found: dict[str | None, dict[str, Result]] = {}
    for one in data.ask(COLUMNS, asked.filters, (dimension,)):
        found.setdefault(one.by[dimension], {})[one.kpi] = one
    there = {key: of for key, of in found.items() if of.get(COLUMNS[0]) and of[COLUMNS[0]].n}
    order = sorted(there, key=lambda key: (key is None, -there[key][COLUMNS[0]].n, str(key)))
    return [_row(asked, dimension, key, there[key]) for key in order]


def _row(asked: Asked, dimension: str, key: str | None, of: dict[str, Result]) -> list[Value]:
    level = of[COLUMNS[0]]
    return [
        Shown(data.title(dimension, key), href=_link(dimension, key, asked)),
        figures.shown(asked.filters, level, "n"),
        _judged(asked, dimension, key, level),
        _judged(asked, dimension, key, of.get("abandonment")),
        *_waited(asked, of.get("waiting_time")),
        _plain(asked, of.get("handle_time")),
    ]


def _link(dimension: str, key: str | None, asked: Asked) -> str:
    """The same page, kept to it."""
    if key is None:
        return ""
    kept = asked.filters.keeping(dimension, [key])
    pairs = [(name, text) for name, texts in kept.to_query().items() for text in texts]
    return f"{places.path('reach')}?{urlencode(pairs)}"


def _judged(asked: Asked, dimension: str, key: str | None, one: Result | None) -> Value:
    if one is None or one.too_few:
        return formats.NOTHING
    kpi = KPIS[one.kpi]
    target = data.target(kpi, key if dimension == "process" else asked.process, asked.period.until)
    return figures.judged(
        asked.filters, one, target, under=formats.interval(one.low, one.high, kpi.unit)
    )


def _waited(asked: Asked, one: Result | None) -> list[Value]:
    if one is None or one.too_few:
        return [formats.NOTHING, formats.NOTHING]
    longest = formats.seconds(one.extras.get("p90"))
    return [_plain(asked, one), figures.shown(asked.filters, one, "p90", text=longest)]


def _plain(asked: Asked, one: Result | None) -> Value:
    if one is None or one.too_few:
        return formats.NOTHING
    return figures.shown(asked.filters, one, text=formats.seconds(one.value))


def _table(asked: Asked, head: str, rows: Sequence[Sequence[Value]]) -> Table:
    query = asked.query()
    return table(
        head,
        [
            Column(head, whole=True),
            Column(
                _("n"), figures=True, help=_("Answered or given up, as the service level counts")
            ),
            heads.of("service_level", query),
            heads.of("abandonment", query),
            heads.of("waiting_time", query, _("Half answered within")),
            heads.of("waiting_time", query, _("Nine of ten answered within")),
            heads.of("handle_time", query),
        ],
        rows,
    )


def show_transfers(asked: Asked) -> None:
    """Who is passed on: from which process, to which department, and how often wrongly."""
    page.section(_(KPIS[_TRANSFERS].title))
    [whole] = data.ask((_TRANSFERS,), asked.filters)
    to = sorted(
        (one for one in data.ask((_TO,), asked.filters, (_TO,)) if one.numerator),
        key=lambda one: (one.by[_TO] is None, -(one.numerator or 0), str(one.by[_TO])),
    )
    named = [(data.title("department", one.by[_TO]), one) for one in to]
    page.text(
        sentences_reach.of_transfers(
            whole, [pair for pair, one in zip(named, to, strict=True) if one.by[_TO] is not None]
        )
    )
    if not whole.numerator:
        return
    if asked.process is None:
        page.table(_from_processes(asked), "transfers-from")
    page.table(_to_departments(asked, named), "transfers-to")
    page.quiet(
        _(
            "To whom a contact is passed on stands in the extract, by whom does not: the process it "
            "came in about is shown instead. Misrouted: it was passed on to another process than "
            "the one where it ended."
        )
    )


def _from_processes(asked: Asked) -> Table:
    found = [one for one in data.ask((_TRANSFERS,), asked.filters, ("process",)) if one.n]
    found.sort(key=lambda one: (one.too_few, -(one.numerator or 0), str(one.by["process"])))
    return table(
        _("Transferred, by customer process"),
        [
            _("Customer process"),
            Column(_("Answered"), figures=True),
            heads.of(_TRANSFERS, asked.query()),
            Column(_("Misrouted, of answered"), figures=True, wrap=True),
        ],
        [
            [
                data.title("process", one.by["process"]),
                figures.shown(asked.filters, one, "n"),
                _share(asked, one, "numerator"),
                _wrong(asked, one),
            ]
            for one in found
        ],
    )


def _to_departments(asked: Asked, named: Sequence[tuple[str, Result]]) -> Table:
    return table(
        _("Transferred, by department it went to first"),
        [
            _("Went to"),
            Column(_("Contacts"), figures=True),
            Column(_("Share"), figures=True),
            Column(_("Misrouted, of transferred"), figures=True, wrap=True),
        ],
        [
            [
                name,
                figures.shown(asked.filters, one, "numerator"),
                _share(asked, one),
                _wrong(asked, one, int(one.numerator or 0)),
            ]
            for name, one in named
        ],
    )


def _share(asked: Asked, one: Result, part: str = "") -> Value:
    if one.too_few:
        return Shown(formats.NOTHING, mark="quiet", under=one.notes[0].text(_) if one.notes else "")
    under = formats.interval(one.low, one.high, Unit.PERCENT)
    return figures.shown(asked.filters, one, part=part, under=under)


def _wrong(asked: Asked, one: Result, n: int | None = None) -> Value:
    of = one.n if n is None else n
    if of < TOO_FEW:
        return formats.NOTHING
    share = one.extras.get("misrouted")
    between = None if share is None else wilson(share * of / 100, of)
    low, high = (100 * end for end in between) if between else (None, None)
    text = formats.value(share, Unit.PERCENT, low, high)
    return Shown(text, source=figures.beside(asked.filters, one, "misrouted"))
