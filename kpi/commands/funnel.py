"""`ketenzicht funnel`: how many get from step to step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.commands.asked import asking, filters, window
from kpi.commands.output import plain, rendered
from kpi.commands.show import local
from kpi.i18n import _
from kpi.numbers import FunnelStep, ask_funnel

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit

FIELDS = (
    "step",
    "position",
    "entities",
    "immature",
    "share_of_first",
    "share_of_previous",
    "median_days_from_previous",
    "contacts",
)


def _never_taken(steps: Sequence[FunnelStep]) -> list[str]:
    """Steps that no entity of any group reached: perhaps a name that was mistyped."""
    taken = {step.step for step in steps if step.entities}
    return [name for name in dict.fromkeys(step.step for step in steps) if name not in taken]


@asking
def funnel(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
    """Print one record per step (and combination of `--by`)."""
    by = list(arguments.get("by") or ())
    steps = ask_funnel(
        store,
        arguments["name"],
        filters(arguments),
        steps=arguments.get("steps") or (),
        entity=arguments.get("entity"),
        window=window(arguments.get("window")),
        by=by,
    )
    zone = store.settings.time_zone
    records = [
        {
            **({"by": dict(step.by)} if by else {}),
            **{name: getattr(step, name) for name in FIELDS},
            "share_of_first_mature": step.share_of_first_mature,
            "as_of": local(step.as_of, zone),
            "note": step.note,
        }
        for step in steps
    ]
    form = arguments.get("as", "table")
    flat = [{**one, **(one.get("by") or {})} for one in records]
    columns = [*by, *FIELDS]
    if form == "csv":
        columns += ["share_of_first_mature", "as_of", "note"]

    def cell(name: str, value: Any, _row: Mapping[str, Any]) -> str:
        if name in ("share_of_first", "share_of_previous"):
            return formats.percent(value, 1)
        if name == "median_days_from_previous":
            return formats.duration(value)
        if name in by and value is None:
            return _("unknown")
        return plain(value)

    titles = {
        "step": _("step"),
        "position": "#",
        "entities": _("entered"),
        "immature": _("too early to tell"),
        "share_of_first": _("of the first"),
        "share_of_previous": _("of the previous"),
        "median_days_from_previous": _("median time"),
        "contacts": _("contacts"),
    }
    for name in _never_taken(steps) if arguments.get("steps") else ():
        emit.err(
            _("Nobody took the step {step} in this period: is it spelled so?").format(step=name)
            + "\n"
        )
    emit.out(rendered(records if form == "json" else flat, form, columns, titles, cell))
    if not records:
        emit.err(_("Nothing is loaded yet that this funnel is made of.") + "\n")
    return 0
