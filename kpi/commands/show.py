"""`ketenzicht show`: numbers, of the named KPIs or of all that apply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.commands.asked import asking, filters, known_processes
from kpi.commands.output import plain, rendered
from kpi.filters import GRAINS, Filters
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.model import Kind, Result, Unit
from kpi.numbers import (
    AskProblem,
    applies,
    ask,
    check_dimension,
    check_values,
    find,
    period_of,
    values_reported,
)

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit

#: Columns of a table after those of `--by`; JSON and CSV hold all.
SHOWN = ("value", "low", "high", "n", "note")
FIELDS = ("value", "low", "high", "numerator", "denominator", "n", "unit", "as_of", "note")


@asking
def show(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
    """Print one record per KPI and combination of `--by`."""
    names, by = list(arguments.get("kpis") or ()), list(arguments.get("by") or ())
    where = [*(arguments.get("where") or ()), *(name for name in names if "=" in name)]
    processes = list(arguments.get("process") or ())
    names = [name for name in names if "=" not in name]
    if processes:
        # `--process fault complaint`: the second comes among the names.
        there = known_processes(store) - KPIS.keys()
        processes += [name for name in names if name in there]
        names = [name for name in names if name not in there]
    asked = filters(arguments, where, processes)
    check_values(store, asked.where)
    for name in by:
        check_dimension(name)
    chosen = names or [
        kpi.name
        for kpi in KPIS.values()
        if kpi.kind is not Kind.FUNNEL and applies(kpi, by, asked.where)
    ]
    if not chosen:
        raise AskProblem(
            _("No KPI can be split by all of {names}.").format(
                names=", ".join([*by, *(name for name, _kept in asked.where)])
            )
        )
    results = ask(store, chosen, asked, by)
    form = arguments.get("as", "table")
    # Scripts read the remarks in English, people in their own language.
    translate = _ if form == "table" else str
    records = [record(result, store.settings.time_zone, translate) for result in results]
    if "month" in by and {*by} <= {"month", "process"}:
        _add_reported(records, store, chosen, asked, by)
    emit.out(_printed(records, form, by, store))
    if form == "table":
        _tell_as_of(results, store, emit)
        _tell_period(chosen, asked, store, emit)
    return 0


def record(result: Result, zone: str, translate: Callable[[str], str] = str) -> dict[str, Any]:
    """A result as the command line prints it; the KPI's own extras stand beside the rest."""
    made = {
        "kpi": result.kpi,
        "by": dict(result.by),
        "value": result.value,
        "low": result.low,
        "high": result.high,
        "numerator": result.numerator,
        "denominator": result.denominator,
        "n": result.n,
        "unit": str(result.unit),
        "as_of": local(result.as_of, zone),
        "note": result.note_in(translate),
    }
    return {**{name: value for name, value in result.extras.items() if name not in made}, **made}


def _add_reported(
    records: Sequence[dict[str, Any]],
    store: Store,
    names: Sequence[str],
    asked: Filters,
    by: Sequence[str],
) -> None:
    """Beside the value of now the one that was kept when the month closed, and its as-of."""
    apart = [name for name in by if name != "month"]
    kept = values_reported(store, names, asked, apart)
    for one in records:
        process = one["by"].get("process")
        found = kept.get((one["kpi"], one["by"]["month"], process))
        if found is not None and (process is not None or not apart):
            value, as_of = found
            one["reported"] = value
            one["reported_as_of"] = local(as_of, store.settings.time_zone)


def local(moment: datetime | None, zone: str) -> str | None:
    """A naive UTC moment as local ISO text, to the second."""
    if moment is None:
        return None
    return formats.in_zone(moment, zone).replace(microsecond=0).isoformat(timespec="seconds")


def _printed(
    records: Sequence[Mapping[str, Any]], form: str, by: Sequence[str], store: Store
) -> str:
    if form == "json":
        return rendered(_ordered(records), form, ())
    extras = dict.fromkeys(
        name for one in records for name in one if name not in FIELDS and name not in ("kpi", "by")
    )
    if form == "table" and "process" in by:
        records = _as_on_screen(records, by, store)
    flat = [{**one, **{f"by:{name}": one["by"].get(name) for name in by}} for one in records]
    if form == "csv":
        # What a KPI calls like a dimension must not hide it.
        named = [{**one, **{name: one["by"].get(name) for name in by}} for one in records]
        own = [name for name in extras if name not in by]
        return rendered(named, form, ["kpi", *by, *FIELDS, *own])
    # Where a closed month has become another number, what was reported stands beside it.
    reported = [name for name in ("reported",) if any(_moved(one) for one in records)]
    columns = ["kpi", *(f"by:{name}" for name in by), "value", *reported, *SHOWN[1:]]
    titles = {f"by:{name}": name for name in by} | {
        "kpi": _("KPI"),
        "value": _("value"),
        "reported": _("reported"),
        "low": _("from"),
        "high": _("to"),
        "note": _("remark"),
    }

    def cell(name: str, value: Any, row: Mapping[str, Any]) -> str:
        unit = Unit(row["unit"])
        if name in ("value", "low", "high", "reported"):
            return formats.value(value, unit, row["low"], row["high"])
        if name.startswith("by:"):
            return _value_of(store, name.removeprefix("by:"), value)
        if name == "note":
            return value or ""
        return plain(value)

    return rendered(flat, form, columns, titles, cell)


def _moved(one: Mapping[str, Any]) -> bool:
    """Whether a month's number is another one now than when it closed."""
    return "reported" in one and one["reported"] != one["value"]


def _as_on_screen(
    records: Sequence[Mapping[str, Any]], by: Sequence[str], store: Store
) -> list[Mapping[str, Any]]:
    """Processes in their configured order, for who reads; what is not configured after them."""
    position = {
        row["process"]: row["position"] or 0 for row in store.configuration.versions("processes")
    }
    names = list(dict.fromkeys(one["kpi"] for one in records))
    place = list(by).index("process")

    def rank(one: Mapping[str, Any]) -> tuple[Any, ...]:
        process = one["by"].get("process")
        earlier = [(value is None, value or "") for value in list(one["by"].values())[:place]]
        return (
            names.index(one["kpi"]),
            earlier,
            process is None,
            process not in position,
            position.get(process, 0),
        )

    return sorted(records, key=rank)


def _ordered(records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The fixed names first, then the extras."""
    return [
        {
            **{name: one[name] for name in ("kpi", "by", *FIELDS)},
            **{name: value for name, value in one.items() if name not in (*FIELDS, "kpi", "by")},
        }
        for one in records
    ]


def _value_of(store: Store, dimension: str, value: str | None) -> str:
    if value is None:
        return _("unknown")
    if dimension in GRAINS or dimension == "weekday_hour":
        return value
    kind = "department" if dimension == "causing_department" else dimension
    if kind in ("process", "reason", "channel", "cause", "department"):
        return store.configuration.title(kind, value, language())
    return value


def _tell_as_of(results: Sequence[Result], store: Store, emit: Emit) -> None:
    known = {one.as_of for one in results if one.as_of is not None}
    if known:
        texts = sorted(formats.as_of(one, store.settings.time_zone) for one in known)
        emit.err(_("As of {moments}.").format(moments=", ".join(texts)) + "\n")


def _tell_period(names: Sequence[str], asked: Filters, store: Store, emit: Emit) -> None:
    """The period of the question, not that of its rows: a day without a number is in it too."""
    periods = [period_of(store, find(name), asked) for name in names]
    known = [period for period in periods if period is not None]
    if known:
        text = formats.period(min(one.since for one in known), max(one.until for one in known))
        emit.err(_("Period {period}.").format(period=text) + "\n")
