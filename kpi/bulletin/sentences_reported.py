"""What a month's value was when it closed, where it is another one now, and by what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kpi import formats
from kpi.i18n import _, ngettext
from kpi.model import TOO_FEW, Kpi, Unit
from kpi.results.reported import Cause, Reported


@dataclass(frozen=True)
class Then:
    """What stands in a table beside the value of now.

    Attributes:
        value: as reported, with as many decimals as the value of now.
        as_of: up to when the facts told then.
        why: what changed it since.
    """

    value: str
    as_of: str
    why: str


def then(kpi: Kpi, one: Reported, zone: str) -> Then | None:
    """What was reported, in words; None where it reads the same as what is there now."""
    reported, now = _both(kpi, one)
    if reported == now:
        return None
    since = _("as of {moment}").format(moment=formats.as_of(one.as_of, zone))
    return Then(reported, since, why(one, zone))


def changed(
    kpi: Kpi, reported: Sequence[Reported], zone: str, process: Callable[[str], str] | None = None
) -> str:
    """How many months changed after they closed, and which most; empty where none did.

    `process` gives the name of a process, where they are told apart by it: then it says how many
    values.
    """
    found = [one for one in reported if then(kpi, one, zone) is not None]
    if not found:
        return ""
    count = len(found)
    if process is None:
        many = ngettext(
            "{n} month changed after it closed", "{n} months changed after they closed", count
        )
    else:
        many = ngettext(
            "{n} value changed after its month closed",
            "{n} values changed after their month closed",
            count,
        )
    many = many.format(n=formats.number(count))
    sure = [one for one in found if _known(one)]
    if not sure:
        return _("{many}: see the table.").format(many=many)
    most = max(sure, key=lambda one: abs((one.value or 0.0) - (one.now.value or 0.0)))
    when = formats.bucket(most.month, "month", year=True)
    if process is not None and most.process is not None:
        when = f"{process(most.process)}, {when}"
    was, now = _both(kpi, most)
    by = why(most, zone)
    said = ngettext(
        "{many}: {when}, reported {was}, now {now}{by}.",
        "{many}; most of all {when}: reported {was}, now {now}{by}.",
        count,
    )
    return said.format(many=many, when=when, was=was, now=now, by=f" ({by})" if by else "")


def why(one: Reported, zone: str) -> str:
    """What was loaded, taken back or configured since; empty where nothing is known."""
    said = []
    if one.causes:
        # The one that brought most, and how many others there are.
        most = max(one.causes, key=lambda cause: cause.rows)
        said.append(_cause(most, zone))
        others = len(one.causes) - 1
        if others:
            said.append(
                ngettext("{n} more import", "{n} more imports", others).format(
                    n=formats.number(others)
                )
            )
    if one.configured:
        said.append(_("a changed configuration"))
    return _("by {causes}").format(causes="; ".join(said)) if said else ""


def _cause(cause: Cause, zone: str) -> str:
    day = formats.day(formats.in_zone(cause.at, zone).date())
    text = _("taking back {file}, {day}") if cause.undone else _("{file}, {day}")
    return text.format(file=cause.file, day=day)


def _both(kpi: Kpi, one: Reported) -> tuple[str, str]:
    """Reported and now, to the same precision: that of now, or what there is."""
    now = one.now
    places = None
    if kpi.unit is not Unit.DAYS:
        basis = (now.value, now.low, now.high) if now.value is not None else None
        value, low, high = basis or (one.value, one.low, one.high)
        places = formats.decimals(value, kpi.unit, low, high)
    with formats.alike(kpi.unit, (one.value, now.value)):
        return (
            formats.value(one.value, kpi.unit, places=places),
            formats.value(now.value, kpi.unit, places=places),
        )


def _known(one: Reported) -> bool:
    known = one.value is not None and one.now.value is not None
    return known and min(one.n, one.now.n) >= TOO_FEW
