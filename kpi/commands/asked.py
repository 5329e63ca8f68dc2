"""Arguments as they were typed, understood: days, `name=value`, a window; else a sentence."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kpi.filters import DIMENSIONS, EARLIEST, LATEST, Filters
from kpi.i18n import _
from kpi.numbers import AskProblem
from kpi.suggest import suggest

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Command, Emit

NOTHING_DONE = 2
#: How an unknown value is written behind `--where name=`; the empty text does as well.
UNKNOWN = {"null", "none", "unknown", "onbekend"}


def asking(command: Command) -> Command:
    """A question that cannot be answered becomes its sentence and exit code 2."""

    @functools.wraps(command)
    def guarded(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
        try:
            return command(store, arguments, emit)
        except AskProblem as problem:
            emit.err(f"{problem}\n")
            return NOTHING_DONE

    return guarded


def day(option: str, text: str | None) -> date | None:
    """A day as 2026-03-31."""
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise AskProblem(
            _("{option} is {value}; a day is written as 2026-03-31.").format(
                option=option, value=text
            )
        ) from None
    if not EARLIEST <= found <= LATEST:
        raise AskProblem(
            _("{option} is {value}; days from {first} to {last} can be asked for.").format(
                option=option, value=text, first=EARLIEST, last=LATEST
            )
        )
    return found


def filters(
    arguments: Mapping[str, Any], where: Sequence[str] = (), processes: Sequence[str] = ()
) -> Filters:
    """The period and the values kept."""
    since, until = day("--since", arguments.get("since")), day("--until", arguments.get("until"))
    if since and until and since > until:
        raise AskProblem(
            _("The period ends ({until}) before it begins ({since}).").format(
                since=since, until=until
            )
        )
    kept: dict[str, list[str]] = {}
    for text in where:
        name, _sign, value = text.partition("=")
        name = name.strip()
        if name not in DIMENSIONS:
            raise AskProblem(_no_dimension(name))
        kept.setdefault(name, []).append("" if value.strip().lower() in UNKNOWN else value.strip())
    if processes:
        kept.setdefault("process", []).extend(processes)
    return Filters(since, until, tuple((name, tuple(values)) for name, values in kept.items()))


def _no_dimension(name: str) -> str:
    near = suggest(name, DIMENSIONS)
    if near:
        return _("Rows cannot be kept by {name}. Did you mean {other}?").format(
            name=name, other=near
        )
    return _("Rows cannot be kept by {name}; they can by {names}.").format(
        name=name, names=", ".join(DIMENSIONS)
    )


_LENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*(m|h|d|w|)", re.IGNORECASE)
_UNITS: Mapping[str, Callable[[float], timedelta]] = {
    "m": lambda n: timedelta(minutes=n),
    "h": lambda n: timedelta(hours=n),
    "d": lambda n: timedelta(days=n),
    "w": lambda n: timedelta(weeks=n),
}


def window(text: str | None) -> timedelta | None:
    """A length of time as 14d, 36h or 2w; a bare number counts days."""
    if text is None:
        return None
    found = _LENGTH.fullmatch(text.strip())
    if found is None:
        raise AskProblem(
            _("--window is {value}; a length of time is written as 14d, 36h or 2w.").format(
                value=text
            )
        )
    return _UNITS[found[2].lower() or "d"](float(found[1].replace(",", ".")))


def known_processes(store: Store) -> set[str]:
    """Every process that configuration has ever known."""
    return {row["process"] for row in store.configuration.versions("processes")}
