"""Why customers are in touch: reasons by volume, how that changed, and what of it was avoidable."""

from __future__ import annotations

from collections.abc import Mapping

from kpi import formats
from kpi.bulletin import table
from kpi.bulletin.tables import Column, Shown, Value
from kpi.i18n import _
from kpi.model import Better, Result, Unit
from pages.shared import data, figures, page
from pages.shared.asked import Asked

MOST = 10
#: The KPI that is counted of all answered inbound contacts, with a category or without.
ANSWERED = "settled_at_once"


def show(asked: Asked) -> None:
    """Ten reasons, the largest first; contacts where there are any, else cases."""
    page.section(_("Top reasons"))
    contacts = _volumes(asked, "avoidable")
    if contacts:
        _contacts(asked, contacts)
        return
    cases = _volumes(asked, "lead_time")
    if not cases:
        page.quiet(_("No reasons are known in this period."))
        return
    _cases(asked, cases)


def _volumes(asked: Asked, kpi: str) -> dict[str | None, Result]:
    found = data.ask((kpi,), asked.filters, ("reason",))
    return {result.by["reason"]: result for result in found if result.n}


def _before(asked: Asked, kpi: str) -> Mapping[str | None, Result]:
    earlier = asked.earlier()
    if earlier is None:
        return {}
    return {result.by["reason"]: result for result in data.ask((kpi,), earlier, ("reason",))}


def _contacts(asked: Asked, found: dict[str | None, Result]) -> None:
    answered = _volumes(asked, ANSWERED)
    volumes = {reason: answered[reason].n for reason in found}
    total = sum(volumes.values())
    before = {reason: result.n for reason, result in _before(asked, ANSWERED).items()}
    rows = []
    for reason in sorted(volumes, key=lambda one: -volumes[one])[:MOST]:
        result = found[reason]
        few = result.too_few
        avoidable = figures.shown(
            asked.filters, result,
            mark="quiet" if few else "", under=(result.note_in(_) or "") if few else "",
        )  # fmt: skip
        rows.append(
            [
                data.title("reason", reason),
                figures.shown(asked.filters, answered[reason], "n"),
                formats.percent(100 * volumes[reason] / total),
                change(volumes[reason], before.get(reason), bool(before)),
                avoidable,
            ]
        )
    page.table(
        table(
            _("Top reasons"),
            [
                _("Reason"),
                Column(_("Contacts"), figures=True),
                Column(_("Share"), figures=True),
                Column(_("Change"), figures=True),
                Column(_("Avoidable"), figures=True),
            ],
            rows,
            note=rest(len(volumes), sum(sorted(volumes.values())[:-MOST]), asked),
        ),
        "reasons",
    )


def _cases(asked: Asked, found: dict[str | None, Result]) -> None:
    total = sum(result.n for result in found.values())
    before = {reason: result.n for reason, result in _before(asked, "lead_time").items()}
    rows = []
    for reason in sorted(found, key=lambda one: -found[one].n)[:MOST]:
        result = found[reason]
        rows.append(
            [
                data.title("reason", reason),
                figures.shown(asked.filters, result, "n"),
                formats.percent(100 * result.n / total),
                change(result.n, before.get(reason), bool(before)),
                figures.shown(asked.filters, result),
            ]
        )
    page.table(
        table(
            _("Top reasons"),
            [
                _("Reason"),
                Column(_("Cases opened"), figures=True),
                Column(_("Share"), figures=True),
                Column(_("Change"), figures=True),
                Column(_("Half closed within"), figures=True),
            ],
            rows,
            note=rest(len(found), sum(sorted(r.n for r in found.values())[:-MOST]), asked),
        ),
        "reasons",
    )


def change(now: int, before: int | None, compared: bool) -> Value:
    """How many more or fewer than before; `compared`: whether there is a period to compare with."""
    if not compared:
        return formats.NOTHING
    if not before:
        return Shown(_("new"), mark="quiet")
    change = formats.change(now, before, Unit.COUNT, Better.CONTEXT)
    assert change is not None
    per_cent = 100 * (now - before) / before
    # "+0 %" beside an arrow says two things.
    share = formats.percent(per_cent, int(abs(per_cent) < 1)) if before >= 10 else ""
    text = f"{change.arrow} {change.amount}" if change.amount else change.word
    return Shown(
        text, under=f"{'+' if now > before else ''}{share}" if share and change.amount else ""
    )


def rest(count: int, rows: int, asked: Asked, most: int = MOST) -> str:
    """What is not in a table of the `most` largest, and what the change is against."""
    said = []
    if count > most:
        said.append(
            _("{count} other reasons together: {n}.").format(
                count=formats.number(count - most), n=formats.number(rows)
            )
        )
    if asked.before:
        said.append(_("Change against {period}.").format(period=asked.before_text))
    else:
        said.append(_("Hold the period against an earlier one to see the change."))
    return " ".join(said)
