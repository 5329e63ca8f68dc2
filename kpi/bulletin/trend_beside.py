"""What a figure over time draws beside its line, as columns: what is usual, what is not, the year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi import formats
from kpi.bulletin.sources import Source
from kpi.bulletin.tables import Column, Shown, Value
from kpi.i18n import _
from kpi.model import Kpi, Result, Unit
from kpi.results.signals import Limit

#: More decimals than this are told of nothing.
_FINEST = 2


@dataclass(frozen=True)
class Beside:
    """What is drawn in one period beside its value.

    `signal` says in a word how the value is not usual; `source` is where `earlier` comes from.
    """

    usual: Limit | None = None
    signal: str = ""
    earlier: Result | None = None
    source: Source | None = None

    @property
    def numbers(self) -> list[float | None]:
        """Every number of it."""
        limits = [self.usual.centre, self.usual.low, self.usual.high] if self.usual else []
        return [*limits, self.earlier.value if self.earlier else None]


@dataclass(frozen=True)
class Around:
    """Which of these columns a table has: those of what its figure draws."""

    usual: bool = False
    earlier: bool = False

    @classmethod
    def of(cls, every: Sequence[Beside]) -> Around:
        """Those of which there is anything."""
        return cls(
            any(one.usual for one in every),
            any(one.earlier is not None and one.earlier.value is not None for one in every),
        )

    def columns(self) -> list[Column | str]:
        """Their heads."""
        usual = [
            Column(_("Usual"), figures=True, help=_("The grey line in the figure")),
            Column(_("Usual from"), figures=True, help=_("Where the grey band begins")),
            Column(_("Usual to"), figures=True, help=_("Where the grey band ends")),
            Column(_("Signal"), help=_("The word at the ring around the point")),
        ]
        earlier = [Column(_("A year before"), figures=True)]
        return [*(usual if self.usual else []), *(earlier if self.earlier else [])]

    def cells(self, kpi: Kpi, one: Result | None, beside: Beside) -> list[Value]:
        """Those of one period; limits with the decimals of the value, to be held against it."""
        made: list[Value] = []
        if self.usual:
            limit, places = beside.usual, places_of(kpi, one, beside)
            bounds = [limit.centre, limit.low, limit.high] if limit else []
            texts = [_limit(bound, one, kpi.unit, places) for bound in bounds]
            made += [*(texts or [""] * 3), beside.signal]
        if self.earlier:
            then = beside.earlier
            if then is None or then.value is None:
                made.append("")
            else:
                said = formats.value(then.value, kpi.unit, then.low, then.high)
                made.append(Shown(said, mark="quiet" if then.too_few else "", source=beside.source))
        return made


def places_of(kpi: Kpi, one: Result | None, beside: Beside) -> int | None:
    """More decimals than a value has by itself, where it would read the same as a limit it is held against.

    None: as it is. What is told in seconds has no finer way.
    """
    if one is None or one.value is None or not beside.usual or not beside.signal:
        return None
    bounds = [beside.usual.centre, beside.usual.low, beside.usual.high]
    others = [bound for bound in bounds if bound != one.value]

    def same(places: int | None) -> bool:
        value = written(one, kpi.unit, places)
        return any(_limit(bound, one, kpi.unit, places) == value for bound in others)

    if not same(None):
        return None
    return next((places for places in range(1, _FINEST + 1) if not same(places)), None)


def written(one: Result, unit: Unit, places: int | None = None) -> str:
    """The value of a period; of what is counted no decimals that say nothing."""
    if places is None or one.value is None or not one.value % 1:
        return formats.value(one.value, unit, one.low, one.high)
    return _fixed(one.value, unit, places)


def _limit(bound: float, one: Result | None, unit: Unit, places: int | None) -> str:
    if places is not None:
        return _fixed(bound, unit, places)
    if unit is Unit.DAYS or one is None:
        return formats.value(bound, unit)
    return formats.value(bound, unit, places=formats.decimals(one.value, unit, one.low, one.high))


def _fixed(amount: float, unit: Unit, places: int) -> str:
    in_hours = unit is Unit.DAYS and formats.days(amount).endswith(f"{formats.SPACE}{_('h')}")
    # In the unit of the rows around it, whichever that is.
    return (
        formats.in_hours(amount, places) if in_hours else formats.value(amount, unit, places=places)
    )
