"""Processes by a few headline KPIs, against their targets and the period before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from kpi import formats
from kpi.bulletin.states import State, apart, overlap
from kpi.bulletin.wall import Board, BoardLine, Tile, View
from kpi.differences import changed
from kpi.filters import Filters
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.model import Better, Kpi
from kpi.numbers import Compared, compare, default_period
from kpi.periods import Period, add_months
from kpi.store import Store
from kpi.web.views import wanted as words
from kpi.web.views.wanted import Wanted

#: KPIs on the scoreboard: few, for they are read from five metres.
TILES = 4


def scoreboard(store: Store, wanted: Wanted, now: datetime) -> View:
    """Processes by a few headline KPIs."""
    kpis = sorted((k for k in KPIS.values() if k.headline), key=lambda k: k.headline or 0)
    kpis = [kpi for kpi in kpis if kpi.better is not Better.CONTEXT][:TILES]
    names = [kpi.name for kpi in kpis]
    scope = wanted.scope(store)
    title = _("Customer processes")
    if all(store.as_of(kpi.reads) is None for kpi in kpis):
        return View("scoreboard", title, why=_("Nothing has been loaded yet."), act=words.load())
    whole = Period(*default_period(store, names))
    period = Period(max(whole.since, add_months(whole.until.replace(day=1), -2)), whole.until)
    compared = compare(store, names, Filters.of(period.since, period.until), ("process",), scope)
    at = {(one.now.kpi, one.now.by["process"]): one for one in compared}
    rows = [
        row for row in store.configuration.processes(period.until) if scope.sees(row["process"])
    ]
    columns = [[at.get((kpi.name, row["process"])) for row in rows] for kpi in kpis]
    aims = [_usual_aim(column) for column in columns]
    tiles = [_tiles(*of) for of in zip(kpis, columns, aims, strict=True)]
    board = tuple(
        BoardLine(store.configuration.title("process", row["process"], language()), line)
        for row, line in zip(rows, zip(*tiles, strict=True), strict=True)
    )
    if not board:
        # Not which: what an address asks for may be anything, a name too.
        why = _("None of the customer processes of this screen is configured.")
        return View("scoreboard", title, why=why, act=words.choose())
    before = period.comparable()
    about = _("{period}, against {before}").format(
        period=formats.period(period.since, period.until),
        before=formats.period(before.since, before.until),
    )
    as_of = min((one.now.as_of for one in compared if one.now.as_of), default=None)
    if all(tile.state is State.NOTHING for line in board for tile in line.tiles):
        # A wall full of dashes says less than one sentence.
        why = _("Nothing is known of {period}.").format(
            period=formats.period(period.since, period.until)
        )
        old = words.old(store, as_of, now)
        foot = words.foot(store, as_of, old=old)
        about = words.process_titles(store, wanted.processes)
        return View("scoreboard", title, about, foot, why=why, act=words.load(), old=old)
    heads = tuple(_aim(kpi, aim) for kpi, aim in zip(kpis, aims, strict=True))
    old = words.old(store, as_of, now)
    foot = words.foot(store, as_of, old=old)
    return View("scoreboard", title, about, foot, Board(board, heads), old=old)


def _usual_aim(column: Sequence[Compared | None]) -> float | None:
    """The target that more than half of a column has: it is said once, above.

    Another one would be read as everybody's, also by those who have none.
    """
    targets = Counter(one.target if one else None for one in column)
    return next((one for one, count in targets.items() if 2 * count > len(column)), None)


def _aim(kpi: Kpi, target: float | None) -> str:
    if target is None:
        return ""
    return _("target {value}").format(value=formats.aim(target, kpi.unit))


def _tiles(kpi: Kpi, column: Sequence[Compared | None], aim: float | None) -> list[Tile]:
    """One column: compared from above to below, so in one unit: 24 u would read as more than 2,0 d."""
    values = [result.value for one in column if one for result in (one.now, one.before) if result]
    with formats.alike(kpi.unit, values):
        return [_tile(kpi, one, aim) for one in column]


def _tile(kpi: Kpi, one: Compared | None, usual_aim: float | None) -> Tile:
    now, before = (one.now, one.before) if one else (None, None)
    change = None
    if now and before and not now.too_few and not before.too_few:
        change = changed(now, before, kpi.unit, kpi.better)
    if change is not None and change.amount and overlap(now, before):
        # It may be chance: who reads it from five metres is told neither good nor bad.
        change = replace(change, word="", good=None)
    target = one.target if one else None
    state = one.state if one else State.NOTHING
    aim = "" if target == usual_aim else _aim(kpi, target)
    if state is State.NO_TARGET and usual_aim is not None:
        aim = state.word  # the one above the column is not its own
    return Tile(
        _(kpi.title),
        apart(now, target, kpi.unit, state) if now else formats.NOTHING,
        state,
        change,
        aim,
    )
