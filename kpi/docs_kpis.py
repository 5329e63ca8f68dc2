"""The definitions of all KPIs as one document per language: what the page Definities says."""

from __future__ import annotations

import re

from kpi import formats
from kpi.examples import Rows, example_of
from kpi.i18n import _, use
from kpi.measures import KPIS
from kpi.measures.arithmetic import adds, better, date_of, left_out, made_by
from kpi.model import Kpi
from kpi.schema.titles import TITLES

#: Rows of a table of an example that are written out at most.
_MOST_ROWS = 12


def definitions(language: str = "en") -> str:
    """Every KPI: what it says, how it is made, what is not in it, and a worked example."""
    with use(language):
        text = [
            f"# {_('Definitions')}\n\n",
            _(
                "Percentages are 0-100, lead times days. All targets are samples until they are "
                "configured, except the norm of two working days."
            ),
            f"\n\n| {_('KPI')} | {_('What it says')} | {_('Measured in')} | {_('Good is')} |\n",
            "|---|---|---|---|\n",
        ]
        text += [
            f"| [{kpi.name}](#{kpi.name}) | {_cell(_(kpi.title))} | {formats.unit_name(kpi.unit)} "
            f"| {better(kpi.better)} |\n"
            for kpi in KPIS.values()
        ]
        text.append("\n")
        text += [_kpi(kpi) for kpi in KPIS.values()]
    return "".join(text)


def _kpi(kpi: Kpi) -> str:
    facts = [
        (_("Row of the KPI sheet"), kpi.id),
        (_("How it is made"), made_by(kpi)),
        (_("Measured in"), formats.unit_name(kpi.unit) or _("a number")),
        (_("Good is"), better(kpi.better)),
        (_("Sample target"), "" if kpi.target is None else f"{kpi.target:g}"),
        (_("Counts in the period of"), date_of(kpi)),
        (_("Can be split by"), ", ".join(kpi.dimensions)),
        (_("Rests on"), ", ".join(_(TITLES.get(name, name)).lower() for name in kpi.reads)),
        (_("Adds up"), adds(kpi)),
        (
            _("Beside it"),
            ", ".join(f"{_(one.title)} ({one.name})" for one in kpi.extras if one.shown),
        ),
    ]
    lines = [f"## {kpi.name}\n\n**{_(kpi.title)}.** {_(kpi.definition)}\n\n"]
    if kpi.leaves_out:
        lines.append(f"{left_out(kpi)}\n\n")
    lines += [f"- {name}: {value}\n" for name, value in facts if value]
    return "".join(lines) + _example(kpi) + "\n"


def _example(kpi: Kpi) -> str:
    """The facts of the worked example and what comes out of them."""
    found = example_of(kpi.name)
    if found is None or not found.single:
        return ""
    lines = [f"\n{_('A worked example')}\n\n"]
    for name, rows in found.tables.items():
        lines.append(_rows(_(TITLES.get(name, name)), rows))
    period = formats.period(found.since, found.until)
    value = formats.value(found.value, kpi.unit)
    said = _("Over {period} that gives: {value}.").format(period=period, value=value)
    return "".join(lines) + f"{said}\n"


def _rows(title: str, rows: Rows) -> str:
    """A table of facts; the columns by the names that an extract may give them."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    head = [title, *columns]
    lines = ["| " + " | ".join(head) + " |\n", "|" + "---|" * len(head) + "\n"]
    for row in rows[:_MOST_ROWS]:
        told = (row.get(name) for name in columns)
        cells = ["", *("" if one is None else _cell(str(one)) for one in told)]
        lines.append("| " + " | ".join(cells) + " |\n")
    if len(rows) > _MOST_ROWS:
        more = _("and {n} more rows").format(n=formats.number(len(rows) - _MOST_ROWS))
        lines.append(f"\n{more}\n")
    return "".join(lines) + "\n"


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|")
