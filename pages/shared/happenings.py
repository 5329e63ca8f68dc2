"""What happened that may move a number: announcements and improvement actions, from configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi import formats, numbers
from kpi.bulletin import Table, sentences_effect, table
from kpi.bulletin.tables import Column, Shown, Value
from kpi.charts.flags import Flag
from kpi.charts.span import Span
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.numbers.happened import actions_ever, day_of, in_force
from kpi.periods import Period, bucket, days_of
from pages.shared import data


@dataclass(frozen=True)
class Happening:
    """One of them: from `since` up to and including `until` (None: until further notice).

    `kind` is outage, offer, message or action; `processes` is empty where it is about all of them;
    `kpi` is what an action should move, `action` its id.
    """

    kind: str
    title: str
    since: date
    until: date | None
    processes: tuple[str, ...]
    kpi: str = ""
    action: str = ""

    def touches(self, process: str | None) -> bool:
        """Whether it is about the process; None stands for any."""
        return process is None or not self.processes or process in self.processes

    @property
    def when(self) -> str:
        """Its days, to read."""
        if self.until is None:
            return _("from {day}").format(day=formats.day(self.since))
        return formats.period(self.since, max(self.since, self.until))

    @property
    def about(self) -> str:
        """Its kind, the processes, and what an action aims at."""
        said = [_kind(self.kind)]
        said += [data.title("process", process) for process in self.processes]
        if self.kpi in KPIS:
            said.append(_("aims at {kpi}").format(kpi=_(KPIS[self.kpi].title)))
        return " · ".join(said)


def during(span: Period, process: str | None) -> list[Happening]:
    """What went on in `span` and touches `process` (None: any), the earliest first."""
    found = [
        *_announcements(data.store().configuration.versions("announcements")),
        *_actions(),
    ]
    return sorted(
        (
            one
            for one in found
            if one.since <= span.until
            and (one.until is None or one.until >= span.since)
            and one.touches(process)
        ),
        key=lambda one: (one.since, one.kind, one.title),
    )


@dataclass(frozen=True)
class Told:
    """What went on in the periods of a figure: those that began there, numbered, then the rest."""

    begun: tuple[Happening, ...]
    other: tuple[Happening, ...]
    span: Span
    #: The KPI of the figure.
    kpi: str

    def flags(self, process: str | None = None) -> list[Flag]:
        """A flag for each that began here (and touches `process`; None: any), numbered."""
        places = {name: place for place, name in enumerate(self.span.names)}
        made = []
        for number, one in enumerate(self.begun, 1):
            if not one.touches(process):
                continue
            name = bucket(one.since, self.span.grain)
            days = days_of(name, self.span.grain)
            within = (one.since - days.since).days / days.days
            text = f"{number}. {one.title} – {one.when} · {_kind(one.kind)}"
            made.append(Flag(number, places[name] - 0.5 + within, text))
        return made

    @property
    def table(self) -> Table | None:
        """All of them, with the numbers of their flags; None when there are none."""
        rows = [(str(number), one) for number, one in enumerate(self.begun, 1)]
        rows += [("", one) for one in self.other]
        if not rows:
            return None
        heads: list[Column | str] = [Column("", figures=True), _("What happened")]
        heads.append(Column(_("When"), whole=True))
        cells: list[list[Value]] = [
            [number, Shown(one.title, under=one.about), one.when] for number, one in rows
        ]
        became = [_became(one, self.kpi) for _number, one in rows]
        if any(became):
            heads.append(_("Afterwards"))
            for cell, shown in zip(cells, became, strict=True):
                cell.append(shown or "")
        note = _("Without a number: began before this period.") if self.other else ""
        return table(_("What happened"), heads, cells, note=note, tall=8 if len(rows) > 8 else 0)


def told(span: Span, process: str | None, kpi: str) -> Told:
    """What went on in the periods of a figure of `kpi` and touches `process` (None: any)."""
    found = during(span.period, process)
    begun = tuple(one for one in found if one.since >= span.period.since)
    return Told(begun, tuple(one for one in found if one not in begun), span, kpi)


def _became(one: Happening, kpi: str) -> Shown | None:
    """What became of the KPI of an action, named where the figure is of another (`kpi`)."""
    if not one.action:
        return None
    found = data.cached("effect", (one.action,), lambda: _effect(one.action))
    return sentences_effect.effect(found, beside=kpi) if found else None


def _effect(action: str) -> numbers.Effect | None:
    known = {row["action"]: row for row in actions_ever(data.store())}
    return numbers.effect_of(data.store(), known[action], list(known.values()), data.SCOPE)


def _announcements(rows: Iterable[Mapping[str, Any]]) -> list[Happening]:
    found = []
    for row in in_force(rows, "announcement", "starts_at", data.zone()):
        since = day_of(row["starts_at"], data.zone()) or row["valid_from"]
        title = _title(row) or row["announcement"]
        processes = tuple(one.strip() for one in (row["processes"] or "").split(",") if one.strip())
        kind = row["kind"] or "message"
        found.append(Happening(kind, title, since, day_of(row["ends_at"], data.zone()), processes))
    return found


def _actions() -> list[Happening]:
    return [
        Happening(
            "action",
            row["title"] or row["action"],
            row["starts_on"],
            row["stops_on"],
            (row["process"],) if row["process"] else (),
            row["kpi"] or "",
            row["action"],
        )
        for row in actions_ever(data.store())
        if row["starts_on"] is not None
    ]


def _title(row: Mapping[str, Any]) -> str:
    other = "en" if language() == "nl" else "nl"
    return str(row[f"title_{language()}"] or row[f"title_{other}"] or "")


def _kind(kind: str) -> str:
    return {
        "outage": _("outage"),
        "offer": _("offer"),
        "message": _("message"),
        "action": _("improvement action"),
    }.get(kind, kind)
