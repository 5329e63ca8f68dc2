"""Reasons by channels, asked and made ready: shares, their place in the strategy, and the change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kpi.bulletin.sources import Source
from kpi.bulletin.steering import Line, places_of
from kpi.filters import Filters
from kpi.i18n import _
from kpi.model import Result
from kpi.results.pooled import pooled
from pages.shared import data, figures, places
from pages.shared.asked import Asked

PREFERRED = "channel_preferred"
#: Stands for the small channels that no strategy names, of this share of the contacts at most each.
OTHER = "(other)"
_SMALL = 0.05
#: What tells lines apart. More is asked of the period alone, one thing at a time: all of it at once would
#: be some thousand numbers.
_BY = ("reason", "value_class")


def strategies(asked: Asked) -> dict[str, dict[str, Mapping[str, Any]]]:
    """The strategy in force at the end of the period: per reason and value class its row."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in data.store().configuration.rows("channel_strategy", asked.period.until):
        found.setdefault(str(row["reason"]), {})[str(row["value_class"])] = row
    return found


def lines(asked: Asked, kept: Filters) -> list[Line]:
    """One line per reason with a strategy; per value of the customer where the strategy differs.

    What a title needs; the rest of it is `completed`.
    """
    wanted = strategies(asked)
    made = []
    for (reason, value_class), parts in _grouped(
        data.ask((PREFERRED,), kept, (*_BY, "channel")), wanted
    ).items():
        whole = pooled(parts)
        if whole is None:
            continue
        counts: dict[str | None, int] = {}
        for one in parts:
            counts[one.by["channel"]] = counts.get(one.by["channel"], 0) + one.n
        strategy = wanted.get(reason, {})
        own = strategy.get(value_class) or strategy.get("") or {}
        made.append(
            Line(
                reason, value_class, data.title("reason", reason), _kind(value_class), counts,
                places_of(own), whole,
            )
        )  # fmt: skip
    return made


def completed(asked: Asked, kept: Filters, found: Sequence[Line]) -> list[Line]:
    """The lines with their process, the period before and where each number comes from.

    That is two questions more and hundreds of addresses: for what is drawn when the figures are there.
    """
    wanted = strategies(asked)
    processes = _grouped(data.ask((PREFERRED,), kept, (*_BY, "process")), wanted)
    before = _grouped(_before(kept), wanted)
    made = []
    for line in found:
        key = line.reason, line.value_class
        # None where the import that brought them was taken back since the title was found.
        process = _process(processes.get(key, []))
        told = replace(
            line,
            under=_under(asked, process, line.value_class),
            before=pooled(before.get(key, [])),
            href=_trend(asked, process),
        )
        # A line of who has no strategy of one's own is kept by no filter.
        if line.value_class or set(wanted.get(line.reason, {})) <= {""}:
            question, alone = _of(kept, *key), replace(line.preferred, by={})
            told = replace(
                told,
                source=figures.source(question, alone, "n"),
                share=figures.source(question, alone),
                by_channel=_by_channel(question, alone, line.counts),
            )
        made.append(told)
    return made


def _by_channel(
    question: Filters, whole: Result, counts: Mapping[str | None, int]
) -> dict[str | None, Source]:
    """Where the contacts of each channel come from."""
    return {
        channel: figures.source(question, replace(whole, by={"channel": channel}, n=n), "n")
        for channel, n in counts.items()
        if n
    }


def _before(kept: Filters) -> Sequence[Result]:
    """The same of the earlier period, as long as has been told of the present one."""
    [whole] = data.compare((PREFERRED,), kept)
    was = whole.before
    if was is None or was.since is None or was.until is None:
        return []
    return data.ask((PREFERRED,), kept.during(was.since, was.until), _BY)


def _grouped(
    found: Sequence[Result], wanted: Mapping[str, Mapping[str, Any]]
) -> dict[tuple[str, str], list[Result]]:
    """Results by reason and by the value class that its strategy tells apart ("": none)."""
    by: dict[tuple[str, str], list[Result]] = {}
    for one in found:
        reason, value_class = one.by["reason"], one.by["value_class"] or ""
        if reason is None or not one.n:
            continue
        own = value_class if value_class in wanted.get(reason, {}) else ""
        by.setdefault((reason, own), []).append(one)
    return by


def _of(kept: Filters, reason: str, value_class: str) -> Filters:
    filters = kept.keeping("reason", [reason])
    return filters.keeping("value_class", [value_class]) if value_class else filters


def _under(asked: Asked, process: str | None, value_class: str) -> str:
    said = [_kind(value_class)]
    if asked.process is None:
        said.append(data.title("process", process))
    return " · ".join(part for part in said if part)


def _kind(value_class: str) -> str:
    """The customers it is of; all of them without a name."""
    return {"high": _("high value"), "low": _("low value")}.get(value_class, value_class)


def _process(parts: Sequence[Result]) -> str | None:
    """The process that most of them are about."""
    counts: dict[str | None, int] = {}
    for one in parts:
        counts[one.by["process"]] = counts.get(one.by["process"], 0) + one.n
    return max(counts, key=lambda name: (counts[name], str(name)), default=None)


def _trend(asked: Asked, process: str | None) -> str:
    """The course of the preferred share of its process, by reason."""
    if not process:
        return ""
    return f"{places.path('trends')}{asked.query(process)}&kpi={PREFERRED}&by=reason"


def together(found: Sequence[Line], order: Sequence[str]) -> list[Line]:
    """The lines with the channels that no strategy names and nobody much uses under one name."""
    total = sum(line.n for line in found)
    wished = {channel for line in found for channel in line.places}
    small = [
        channel
        for channel in channels_of(found, order)
        if channel is not None
        and channel not in wished
        and sum(line.counts.get(channel, 0) for line in found) < _SMALL * total
    ]
    if len(small) < 2:
        return list(found)
    made = []
    for line in found:
        counts = {name: n for name, n in line.counts.items() if name not in small}
        rest = sum(line.counts.get(name, 0) for name in small)
        made.append(replace(line, counts=counts | ({OTHER: rest} if rest else {})))
    return made


def channels_of(found: Sequence[Line], order: Sequence[str]) -> list[str | None]:
    """The channels that anybody used or wishes for, in their order on screen; unknown last."""
    used = {channel for line in found for channel, count in line.counts.items() if count}
    wished = {channel for line in found for channel in line.places}
    known = [channel for channel in order if channel in used | wished]
    others = sorted(str(one) for one in used if one is not None and one not in order)
    return [*known, *others, *([None] if None in used else [])]


def without(kept: Filters, found: Sequence[Line]) -> list[tuple[str, int]]:
    """Reasons that have contacts and no strategy, the most answered contacts first."""
    there = {line.reason for line in found}
    counts = [
        (data.title("reason", one.by["reason"]), one.n)
        for one in data.ask(("settled_at_once",), kept, ("reason",))
        if one.by["reason"] is not None and one.by["reason"] not in there and one.n
    ]
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))
