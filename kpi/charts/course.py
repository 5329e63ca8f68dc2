"""One large figure over time: what stands around its field, in a wide place and in a narrow one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import escape

from kpi.charts.axis import Range, room
from kpi.charts.ends import GAP, End, key, labelled
from kpi.charts.ends import room as room_of
from kpi.charts.field import (
    Field,
    flagged,
    left_of,
    numbered,
    period_names,
    target_line,
    value_lines,
)
from kpi.charts.flags import NEAR_IN_NARROW, Flag, together
from kpi.i18n import _
from kpi.model import Unit

#: Above the field, with flags and without; below it the names of the periods, in pixels.
_TOP, _FLAGGED, _BELOW = 14, 30, 36
#: About so many values are named.
_TICKS = 5
#: Of so many periods each is narrower than its name.
_NARROW_FROM = 20
#: At most so many periods are named, by how wide the place is (drawn.css).
_NAMED = (("wide", 13), ("mid", 7), ("few", 4))


def field_of(axis: Range, height: int, flagged: bool, count: int) -> Field:
    """The field of a figure that is so high, with room for so many periods."""
    return Field.of(axis, height - _top(flagged) - _BELOW, count)


def framed(axis: Range, height: int, first: float, last: float) -> Field:
    """The field of one that is not of periods, from `first` to `last`."""
    return Field(axis, height - _TOP - _BELOW, first, last)


def around(field: Field, unit: Unit, known: bool) -> Iterable[str]:
    """The values beside it; none where nothing is `known`."""
    if known:
        yield from value_lines(field, unit, _TICKS)
        if field.axis.bottom > 0:
            said = escape(_("axis does not start at zero"))
            yield f'<text class="low" x="0" dx="4" y="{field.high - 4:g}">{said}</text>'


def aim(
    field: Field, at: float | None, label: str, curves: Sequence[Sequence[float | None]]
) -> Iterable[str]:
    """The target: a thin dashed line, its label where the `curves` leave most room."""
    if at is None:
        return
    yield from target_line(field, at)
    start, above = room(at, field.axis, field.high, curves)
    # At the right edge it ends there, elsewhere it begins.
    kind, x = ("last", "100%") if start is None else ("", f"{100 * start:.0f}%")
    y = field.y(at) + (-5 if above else 14)
    yield f'<text class="aim {kind}" x="{x}" y="{y:.1f}">{escape(label or _("target"))}</text>'


def named(field: Field, labels: Sequence[str]) -> Iterable[str]:
    """The periods below, as many of them as there is room for."""
    sets: dict[tuple[str, ...], list[str]] = {}
    for kind, most in _NAMED:
        sets.setdefault(tuple(period_names(field, labels, most)), []).append(kind)
    for texts, kinds in sets.items():
        yield f'<g class="periods {" ".join(kinds)}">{"".join(texts)}</g>'


def happened(field: Field, flags: Sequence[Flag], count: int) -> Iterable[str]:
    """What happened when: lines, and their numbers above them, in a narrow place more of them together."""
    yield from flagged(field, flags, count)
    wide, narrow = together(flags, count), together(flags, count, NEAR_IN_NARROW)
    kinds = [("flags", wide)] if wide == narrow else [("flags wide", wide), ("flags few", narrow)]
    for kind, groups in kinds:
        yield f'<g class="{kind}">{"".join(numbered(field, groups))}</g>'


def whole(
    field: Field, parts: Iterable[str], ends: Sequence[End], unit: Unit, *,
    flagged: bool, told: str, several: bool = False, valued: bool = True,
) -> str:  # fmt: skip
    """The figure; `told` is read out in its place, `several`: up and down lead from line to line.

    `valued`: with the values of its axis beside it.
    """
    left = left_of(field.axis, unit, _TICKS) if valued else 0
    top = _top(flagged)
    names = [end for end in ends if end.name]
    keys = list(key(ends, -left, -top - GAP * len(names) + 12))
    sizes = {
        "top": top,
        "below": _BELOW,
        "left": left,
        "right": room_of(ends, named=True),
        "narrow": room_of(ends, named=False),
        "key": GAP * len(names) + 4 * bool(names),
    }
    inside = [*parts, *labelled(field, ends), *keys, field.catch()]
    return _one(inside, field.high, sizes, told, several)


def beneath(parts: Iterable[str], high: int, count: int, told: str) -> str:
    """A figure of rows over one axis of so many periods, `high` in pixels, with no values beside them."""
    # What stands at the last period reaches beyond it where that is narrow.
    right = 16 if count > _NARROW_FROM else 0
    sizes = {"top": 0, "below": _BELOW, "left": 0, "right": right, "narrow": 16, "key": 0}
    return _one(parts, high, sizes, told, several=True)


def _one(
    inside: Iterable[str], high: float, sizes: Mapping[str, float], told: str, several: bool
) -> str:
    runs = ' data-runs="plane"' if several else ""
    style = "; ".join(f"--{name}: {size:g}px" for name, size in sizes.items())
    return (
        f'<div class="kz kz-drawn kz-time kz-course"><svg class="one" role="img" tabindex="0" data-place="0"{runs}'
        f' height="{high:g}" style="{style}" aria-label="{escape(told)}">'
        f"{''.join(inside)}</svg></div>"
    )


def _top(flagged: bool) -> int:
    return _FLAGGED if flagged else _TOP
