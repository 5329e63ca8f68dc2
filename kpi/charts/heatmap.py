"""Weekdays by hours in one hue: figures in the cells, closed hours set apart from quiet ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from babel.dates import get_day_names

from kpi import formats
from kpi.charts.drawing import Drawing, Trace, heatmap_of, scatter_of
from kpi.charts.kept import kept
from kpi.charts.theme import figure, look
from kpi.i18n import _
from kpi.model import TOO_FEW, Unit

#: The one hue; from its palest to its fullest.
_HUE = "#0072B2"
_ROW_HEIGHT = 34
#: More hours than this are named by their figure alone.
_ROOMY = 14
#: Pure, for only these two leave no cell on which neither can be read.
_LIGHT_INK, _DARK_INK = "#FFFFFF", "#000000"


@dataclass(frozen=True)
class Cell:
    """One hour of the week: value, rows behind it, and hours open (None where that says nothing)."""

    value: float | None
    n: int
    hours: float | None = None


def weekday_name(weekday: int, *, full: bool = False) -> str:
    """The name of an ISO weekday (1 is Monday) in the language spoken now."""
    width: Literal["wide", "abbreviated"] = "wide" if full else "abbreviated"
    names = get_day_names(width, context="stand-alone", locale=formats.locale())
    return str(names[weekday - 1]).rstrip(".")


def slot(name: str) -> tuple[int, int]:
    """Weekday and hour of "1-09"."""
    weekday, hour = name.split("-")
    return int(weekday), int(hour)


def hour_span(hour: int) -> str:
    """The hour as 9–10."""
    return f"{hour}–{hour + 1}"


@kept
def heatmap(
    cells: Mapping[str, Cell],
    unit: Unit,
    *,
    scarce: Sequence[int] = (),
    empty: str = "",
    low_stands_out: bool = False,
    theme: str = "light",
) -> Drawing:
    """Weekdays (Monday on top) by the hours in which there is anything.

    `cells` are named as `weekday_hour` names them. A cell on fewer than ten rows has a figure and
    no colour; one that is not there is shaded grey and says `empty` when pointed at. `scarce` are
    weekdays that were seen too seldom to say much; their name has a mark. The highest are fullest,
    or where `low_stands_out` the lowest.
    """
    of = look(theme)
    at = {slot(name): cell for name, cell in cells.items()}
    hours = [hour for _weekday, hour in at]
    columns = list(range(min(hours, default=9), max(hours, default=16) + 1))
    rows = list(range(1, 8))
    names = [weekday_name(day) + (" *" if day in scarce else "") for day in rows]
    roomy = len(columns) <= _ROOMY
    labels = [_("{hour} h").format(hour=hour) if roomy else str(hour) for hour in columns]

    def grid(of_cell: Any) -> list[list[Any]]:
        return [[of_cell(day, hour, at.get((day, hour))) for hour in columns] for day in rows]

    told = [cell.value for cell in at.values() if cell.value is not None and _sure(cell)]
    low, high = min(told, default=0.0), max(told, default=1.0)
    room = (high - low) or 1.0
    # The palest is not the ground itself: a low figure is another thing than none.
    bounds = (low, high + 0.1 * room) if low_stands_out else (low - 0.1 * room, low + room)
    scale = Scale(*bounds, of.ground, low_stands_out)
    shared: dict[str, Any] = {"x": labels, "y": names, "xgap": 2, "ygap": 2, "showscale": False}
    missing = heatmap_of(
        z=grid(lambda _d, _h, cell: 1 if cell is None or cell.value is None else None),
        colorscale=[[0, of.grid], [1, of.grid]],
        hoverinfo="text",
        hovertext=grid(lambda d, h, _cell: f"<b>{_when(d, h)}</b><br>{empty}"),
        **shared,
    )
    few = heatmap_of(
        z=grid(lambda _d, _h, cell: 1 if _few(cell) else None),
        colorscale=[[0, of.ground], [1, of.ground]],
        text=grid(lambda _d, _h, cell: _figure(cell, unit) if _few(cell) else ""),
        texttemplate="%{text}",
        textfont={"color": of.quiet},
        hoverinfo="text",
        hovertext=grid(lambda d, h, cell: _hover(d, h, cell, unit)),
        **shared,
    )

    def coloured(ink: str) -> Trace:
        """The cells on which text in `ink` reads best: a trace has one colour of text."""

        def mine(cell: Cell | None) -> bool:
            return _sure(cell) and scale.ink(cell.value) == ink  # type: ignore[union-attr]

        return heatmap_of(
            z=grid(lambda _d, _h, cell: cell.value if mine(cell) else None),
            zmin=scale.low,
            zmax=scale.high,
            colorscale=[[0, scale.colour(0)], [1, scale.colour(1)]],
            text=grid(lambda _d, _h, cell: _figure(cell, unit) if mine(cell) else ""),
            texttemplate="%{text}",
            textfont={"color": ink},
            hoverinfo="text",
            hovertext=grid(lambda d, h, cell: _hover(d, h, cell, unit)),
            **shared,
        )

    # Cells tell of no click: marks that are not seen lie over them and do.
    there = sorted(at)
    clicked = scatter_of(
        x=[labels[hour - columns[0]] for _day, hour in there],
        y=[names[day - 1] for day, _hour in there],
        mode="markers",
        marker={"symbol": "square", "size": _ROW_HEIGHT - 6, "opacity": 0},
        customdata=[[f"{day}-{hour:02d}"] for day, hour in there],
        hoverinfo="text",
        hovertext=[_hover(day, hour, at[day, hour], unit) for day, hour in there],
    )
    drawn = [missing, few, coloured(_LIGHT_INK), coloured(_DARK_INK), clicked]
    made = figure(drawn, of, 58 + _ROW_HEIGHT * len(rows))
    made.update_yaxes(autorange="reversed", showgrid=False, type="category", ticklabelstandoff=6)
    made.update_xaxes(side="top", type="category")
    return made


def _sure(cell: Cell | None) -> bool:
    return cell is not None and cell.value is not None and cell.n >= TOO_FEW


def _few(cell: Cell | None) -> bool:
    return cell is not None and cell.value is not None and cell.n < TOO_FEW


def _figure(cell: Cell, unit: Unit) -> str:
    """The value without its unit: the title has that, and the cell no room."""
    value = cell.value or 0.0
    whole = unit in {Unit.PERCENT, Unit.EURO, Unit.SECONDS, Unit.COUNT} or value >= 100
    return formats.number(value, 0 if whole else 1)


def _when(weekday: int, hour: int) -> str:
    return _("{weekday} {hours} h").format(
        weekday=weekday_name(weekday, full=True), hours=hour_span(hour)
    )


def _hover(weekday: int, hour: int, cell: Cell | None, unit: Unit) -> str:
    if cell is None or cell.value is None:
        return ""
    said = [f"<b>{_when(weekday, hour)}</b>", formats.value(cell.value, unit)]
    said.append(f"n = {formats.number(cell.n)}")
    if cell.hours is not None:
        said.append(_("{hours} hours open").format(hours=formats.number(cell.hours)))
    if cell.n < TOO_FEW:
        said.append(_("too few for a conclusion"))
    return "<br>".join(said)


@dataclass(frozen=True)
class Scale:
    """From the palest to the fullest of the hue, laid over the ground."""

    low: float
    high: float
    ground: str
    turned: bool = False

    def colour(self, share: float) -> str:
        """The colour at a share (0-1) of the way up."""
        below, hue = _parts(self.ground), _parts(_HUE)
        over = 0.07 + 0.88 * (1 - share if self.turned else share)
        mixed = [round(b + (h - b) * over) for b, h in zip(below, hue, strict=True)]
        return "#" + "".join(f"{part:02x}" for part in mixed)

    def ink(self, value: float | None) -> str:
        """Light or dark: what stands out most against the colour of `value`."""
        at = self.colour(((value or 0.0) - self.low) / (self.high - self.low))
        return max((_LIGHT_INK, _DARK_INK), key=lambda ink: contrast(ink, at))


def contrast(one: str, other: str) -> float:
    """How well two colours stand out against each other, 1 to 21 (WCAG)."""
    lights = sorted((_light(one), _light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(colour: str) -> float:
    parts = [part / 255 for part in _parts(colour)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
