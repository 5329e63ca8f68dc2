"""A change told apart by group, in words and as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kpi import formats
from kpi.bulletin.sources import Source
from kpi.bulletin.states import overlap
from kpi.bulletin.tables import Column, Shown, Table, Value, table
from kpi.i18n import _
from kpi.model import Better, Kpi, Result, Unit
from kpi.results.split import Divided, Key, Split

#: Gives the name on screen of a group.
Name = Callable[[Key], str]
#: Gives where the value of a group comes from.
Origin = Callable[[Key], Source | None]
MINUS = "\u2212"
#: The largest part is worth naming from this share of what moved the same way.
_TELLING = 0.3


def largest(kpi: Kpi, found: Divided, name: Name) -> str:
    """Which group has the largest part of the change, and by which of both ways; empty without one."""
    same_way = [one for one in found.parts if one.total * found.change > 0]
    known = [one for one in same_way if one.key[0] is not None]
    moved = sum(abs(one.total) for one in same_way)
    if not known or not round(found.change, 6):
        return _("No group stands out.")
    top = known[0]
    against = next(
        (one for one in found.parts if one.total * found.change < 0 and one.key[0] is not None),
        None,
    )
    if against is not None and abs(found.change) < _TELLING * min(
        abs(top.total), abs(against.total)
    ):
        # Of a change of next to nothing none "weighs most": two large ones undo each other.
        first, other = sorted((top, against), key=lambda one: -abs(one.total))
        return _("{group} ({part}) and {other} ({other_part}) all but undo each other.").format(
            group=name(first.key), part=amount(kpi, first.total),
            other=name(other.key), other_part=amount(kpi, other.total),
        )  # fmt: skip
    if abs(top.total) < _TELLING * moved:
        return _("No group stands out: the change is spread over many.")
    # More than all of it: what the others set against it says why so little came of it.
    words = (
        _("{group} weighs most: {part}, the others together {rest}")
        if abs(top.total) > abs(found.change)
        else _("{group} weighs most: {part} of {change}")
    )
    said = words.format(
        group=name(top.key),
        part=amount(kpi, top.total),
        change=amount(kpi, found.change),
        rest=amount(kpi, found.change - top.total),
    )
    if not found.mixed:
        return said + "."
    if abs(top.rate) < abs(top.mix):
        return said + _("; mainly because its share of the whole went from {before} to {now}.").format(
            before=formats.percent(100 * top.weight_before),
            now=formats.percent(100 * top.weight_now),
        )  # fmt: skip
    if top.now is None or top.before is None:
        return said + "."
    with formats.alike(kpi.unit, [top.before, top.now]):
        return said + _("; mainly because its own value went from {before} to {now}.").format(
            before=formats.value(top.before, kpi.unit), now=formats.value(top.now, kpi.unit)
        )


def told_to_a_tenth(found: Divided) -> tuple[Result, Result]:
    """Now and before as a title beside their parts tells them: 38.7 and 27.1, not 39 and 27.

    Parts are told in tenths of a point; the difference of whole points would be another one.
    """
    if overlap(found.now, found.before):
        return found.now, found.before
    now, before = (replace(one, low=one.value, high=one.value) for one in (found.now, found.before))
    return now, before


def together(kpi: Kpi, found: Divided) -> str:
    """How much is own change and how much mix; empty where there is no mix."""
    if not found.mixed:
        return ""
    rate, mix = (sum(getattr(one, part) for one in found.parts) for part in ("rate", "mix"))
    return _(
        "Of all groups together {rate} by their own values, {mix} by their shares of the whole."
    ).format(rate=amount(kpi, rate), mix=amount(kpi, mix))


def amount(kpi: Kpi, part: float, *, bare: bool = False) -> str:
    """A part with its sign: "+4,1 points"; `bare`: points without their word."""
    size = abs(part)
    places = 1 if kpi.unit is Unit.PERCENT or size < 10 else 0
    if kpi.unit is Unit.DAYS:
        said = formats.duration(size)
    elif kpi.unit is Unit.SECONDS:
        said = formats.seconds(size) if size >= 1 else formats.value(size, kpi.unit, places=1)
    elif kpi.unit is Unit.PERCENT and bare:
        said = formats.number(size, places)
    else:
        said = formats.unit_difference(size, kpi.unit, places)
    # What rounds to nothing has no direction.
    if not round(size, places if kpi.unit is not Unit.DAYS else 3):
        return said
    return f"{'+' if part > 0 else MINUS}{said}"


def judged(kpi: Kpi, part: float) -> str:
    """The same with whether it is the right way: "−6,2 points, better"."""
    said, right = amount(kpi, part), good(kpi, part)
    if right is None or said[0] not in f"+{MINUS}":
        return said
    return f"{said}, {_('better') if right else _('worse')}"


def halves(kpi: Kpi, one: Split) -> tuple[str, ...]:
    """Both parts of one group, each with whether it is the right way."""
    return (
        _("by its own value {part}").format(part=judged(kpi, one.rate)),
        _("by its share of the whole {part}").format(part=judged(kpi, one.mix)),
    )


def good(kpi: Kpi, part: float) -> bool | None:
    """Whether a part is the right way; None where nobody can say, or where there is none."""
    if kpi.better is Better.CONTEXT or not part:
        return None
    return (part > 0) is (kpi.better is Better.UP)


def split_table(
    kpi: Kpi,
    found: Divided,
    dimension: str,
    name: Name,
    href: Callable[[Key], str],
    now: Origin = lambda _key: None,
    before: Origin = lambda _key: None,
) -> Table:
    """One row a group, and all together: exactly the change.

    `now` and `before` give where the values of a group come from; of the empty key, those of all
    together.
    """
    every = [value for one in found.parts for value in (one.before, one.now)]
    with formats.alike(kpi.unit, [*every, found.before.value, found.now.value]):
        rows = [_row(kpi, found, one, name, href, (before, now)) for one in found.parts]
        rows.append(_last(kpi, found, (before, now)))
    heads: list[Column | str] = [
        dimension,
        Column(_("Share before"), figures=True),
        Column(_("Share now"), figures=True),
        Column(_("Value before"), figures=True),
        Column(_("Value now"), figures=True),
    ]
    if found.mixed:
        heads += [
            Column(_("By own value"), figures=True),
            Column(_("By its share"), figures=True),
        ]
    heads.append(Column(_("Total"), figures=True))
    note = _("Each number is rounded by itself: they may just not add up.")
    if kpi.unit is Unit.PERCENT:
        own = _("By own value, by its share and total are in points.")
        note = f"{own if found.mixed else _('Total is in points.')} {note}"
    return table(_(kpi.title), heads, rows, tall=18, note=note)


def _row(
    kpi: Kpi,
    found: Divided,
    one: Split,
    name: Name,
    href: Callable[[Key], str],
    origins: tuple[Origin, Origin],
) -> list[Value]:
    parts = [one.rate, one.mix] if found.mixed else []
    return [
        Shown(name(one.key), href=href(one.key)),
        formats.percent(100 * one.weight_before),
        formats.percent(100 * one.weight_now),
        *(
            Shown(formats.value(value, kpi.unit), source=origin(one.key))
            for value, origin in zip((one.before, one.now), origins, strict=True)
        ),
        *(amount(kpi, part, bare=True) for part in parts),
        Shown(amount(kpi, one.total, bare=True), mark="strong"),
    ]


def _last(kpi: Kpi, found: Divided, origins: tuple[Origin, Origin]) -> list[Value]:
    sums = [sum(one.rate for one in found.parts), sum(one.mix for one in found.parts)]
    return [
        Shown(_("Total"), mark="strong"),
        "",
        "",
        *(
            Shown(formats.value(one.value, kpi.unit), mark="strong", source=origin(()))
            for one, origin in zip((found.before, found.now), origins, strict=True)
        ),
        *(
            Shown(amount(kpi, part, bare=True), mark="strong")
            for part in (sums if found.mixed else [])
        ),
        Shown(amount(kpi, found.change, bare=True), mark="strong"),
    ]
