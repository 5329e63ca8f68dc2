"""Examples of what an organisation sets up: actions, announcements, targets, signals, a blueprint.

Written into the configuration when the demo is made, and taken out with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from kpi.demo.plan import Plan, day_number
from kpi.demo.stories import Stories
from kpi.demo.zone import Zone

Rows = list[dict[str, Any]]
_AIMS = {
    "details": ("Nieuw keuzemenu voor gegevens wijzigen", "request"),
    "information": ("Nieuw keuzemenu voor vragen", "answer"),
}


def examples(plan: Plan, stories: Stories, zone: Zone) -> Mapping[str, Rows]:
    """Rows per configuration table; their ids begin with nothing that a real one would."""
    return {
        "actions": _actions(plan, stories),
        "announcements": _announcements(plan, stories, zone),
        "targets": _targets(plan),
        "staff_signals": _signals(plan),
        "blueprints": _blueprint(plan),
        "alerts": _alerts(plan),
        "digests": _digests(plan),
    }


def keys(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The keys of the example rows, to take them out by."""
    from kpi.schema import TABLES

    return {
        name: [{column: row[column] for column in TABLES[name].key} for row in rows]
        for name, rows in tables.items()
    }


def _actions(plan: Plan, stories: Stories) -> Rows:
    works, nothing = stories.action_that_works, stories.action_without_effect
    title, moment = _AIMS[nothing.process]

    def row(action: str, starts: date, days: int = 182, **columns: Any) -> dict[str, Any]:
        stops = starts + timedelta(days=days)
        done = stops <= plan.until
        state = "done" if done else "running" if starts <= plan.until else "planned"
        return {
            "action": action,
            "valid_from": min(starts - timedelta(days=28), plan.until),
            "starts_on": starts,
            "stops_on": stops,
            "state": state,
            **columns,
        }

    return [
        row(
            works.action,
            works.starts,
            title="Statusbericht bij elke stap van de levering",
            process=works.process,
            moment="status_message",
            reason=works.reason,
            cause="status_unknown",
            kpi=works.kpi,
            direction="down",
            target=25.0,
            owner="Teamleider Operatie",
            department="operations",
            result="De klant weet waar de bestelling blijft zonder te vragen",
        ),
        row(
            nothing.action,
            nothing.starts,
            title=title,
            process=nothing.process,
            moment=moment,
            kpi=nothing.kpi,
            direction="down",
            target=1.0,
            owner="Teamleider Klantenservice",
            department="customer_service",
            result="De klant krijgt meteen de goede collega",
        ),
        row(
            "A-3",
            plan.until - timedelta(days=30),
            days=90,
            title="Monteur belt een uur van tevoren",
            process="fault",
            moment="appointment",
            reason="engineer_no_show",
            cause="promise_not_kept",
            kpi="avoidable_follow_up",
            direction="down",
            target=20.0,
            owner="Teamleider Planning",
            department="planning",
            result="De klant zit niet voor niets te wachten",
        ),
        row(
            "A-5",
            plan.until - timedelta(days=9),
            days=42,
            title="Tweede bezorgdienst voor apparaten",
            process=stories.late_delivery.process,
            moment="solution",
            reason=stories.late_delivery.reason,
            cause="late_delivery",
            kpi="complaints",
            direction="down",
            target=8.0,
            owner="Teamleider Logistiek",
            department="logistics",
            result="De levering komt op de dag die is afgesproken",
        ),
        row(
            "A-4",
            plan.until + timedelta(days=14),
            title="Klacht binnen een dag terugbellen",
            process="complaint",
            moment="contact",
            kpi="csat",
            direction="up",
            target=60.0,
            owner="Klantprocesregisseur Klachten",
            department="customer_service",
            result="De klant voelt zich gehoord",
        ),
    ]


def _alerts(plan: Plan) -> Rows:
    """Nobody is told: the demo knows no recipients.

    Without a name of their own they are called by what they watch, in the language of who reads.
    """

    def row(alert: str, condition: str, **columns: Any) -> dict[str, Any]:
        return {
            "alert": alert, "valid_from": plan.until, "condition": condition,
            "calendar": "office", "mode": "at_once", **columns,
        }  # fmt: skip

    return [
        row("demo-norm", "target_missed", kpi="within_norm",
            process="request", days=7, pending_days=2, band=2.0, least_n=30,
            owner="Klantprocesregisseur Aanvragen"),
        row("demo-onnodig", "control_limit",
            kpi="avoidable", process="information", least_n=30,
            owner="Klantprocesregisseur Informatie"),
        row("demo-drukte", "surge", kpi="offered_per_hour",
            process="fault", least_n=10, owner="Klantprocesregisseur Storingen"),
        row("demo-stil", "silent_cases", bound=50.0, least_n=10,
            mode="digest", owner="Teamleider Klantenservice"),
        row("demo-bestanden", "feed_late", owner="Gegevensbeheer"),
    ]  # fmt: skip


def _digests(plan: Plan) -> Rows:
    return [
        {"digest": "demo-week", "valid_from": plan.until,
         "frequency": "week", "weekday": 1, "at": "08:00"},
    ]  # fmt: skip


def _announcements(plan: Plan, stories: Stories, zone: Zone) -> Rows:
    outage = stories.outage

    def utc(day: date, hour: float) -> datetime:
        seconds = float(zone.to_utc(np.asarray([day_number(day) * 86400.0 + hour * 3600.0]))[0])
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)

    return [
        {
            "announcement": "demo-storing",
            "valid_from": outage.starts,
            "kind": "outage",
            "title_nl": f"Warmtestoring in {outage.neighbourhood}",
            "title_en": f"Heating outage in {outage.neighbourhood}",
            "body_nl": "Monteurs zijn onderweg. We melden ons zodra er nieuws is.",
            "body_en": "Engineers are on their way. We report as soon as there is news.",
            "starts_at": utc(outage.starts, outage.hour),
            "ends_at": utc(outage.starts, outage.hour + outage.hours),
            "processes": "fault",
        },
        {
            "announcement": "demo-aanbod",
            "valid_from": plan.until - timedelta(days=10),
            "kind": "offer",
            "title_nl": "Cv-onderhoud: eerste maand gratis",
            "title_en": "Boiler maintenance: first month free",
            "body_nl": "Voor klanten met gas. Vertel het bij een verhuizing.",
            "body_en": "For customers with gas. Mention it when somebody moves.",
            "starts_at": utc(plan.until - timedelta(days=10), 9),
            "ends_at": utc(plan.until + timedelta(days=20), 17),
            "processes": "request, information",
        },
        {
            "announcement": "demo-bericht",
            "valid_from": plan.until - timedelta(days=3),
            "kind": "message",
            "title_nl": "Late leveringen: wat we de klant zeggen",
            "title_en": "Late deliveries: what we tell the customer",
            "body_nl": "Noem altijd een nieuwe datum en stuur die ook per mail.",
            "body_en": "Always name a new date, and send it by e-mail too.",
            "starts_at": utc(plan.until - timedelta(days=3), 9),
            "ends_at": utc(plan.until + timedelta(days=25), 17),
            "processes": "complaint, request",
        },
    ]


def _targets(plan: Plan) -> Rows:
    # Beside the samples that the KPIs bring themselves: where a process differs.
    differ = [
        ("within_norm", "complaint", 80.0),
        ("within_norm", "details", 95.0),
        ("csat", "complaint", 55.0),
        ("avoidable", "request", 25.0),
        ("avoidable", "information", 20.0),
        ("repeat_contacts", "", 15.0),
    ]
    return [
        {
            "kpi": kpi,
            "process": process,
            "valid_from": plan.since,
            "value": value,
            "owner": "Directie Kwartelstroom (verzonnen)",
            "sample": True,
        }
        for kpi, process, value in differ
    ]


def _signals(plan: Plan) -> Rows:
    said = [
        ("fault", "appointment", "Door de norm voor gesprekstijd leggen we het tijdvak niet uit.",
         "customer_service", True, "taken_up"),
        ("request", "status_message", "Klanten krijgen pas bericht als ze erom vragen.",
         "operations", False, "new"),
        ("complaint", "feedback", "We horen niet wat er met de klacht is gedaan.",
         "customer_service", False, "new"),
    ]  # fmt: skip
    return [
        {
            "signal": f"S-{number}",
            "valid_from": plan.until - timedelta(days=20 * number),
            "process": process,
            "moment": moment,
            "text": text,
            "department": department,
            "hinders": hinders,
            "state": state,
        }
        for number, (process, moment, text, department, hinders, state) in enumerate(said, 1)
    ]


def _blueprint(plan: Plan) -> Rows:
    cells = [
        ("report", "customer", "Meldt dat de verwarming het niet doet", "", "phone"),
        (
            "report",
            "frontstage",
            "Vraagt door en schrijft de melding in",
            "customer_service",
            "phone",
        ),
        ("diagnosis", "backstage", "Bekijkt de installatie op afstand", "production", ""),
        ("appointment", "customer", "Kiest een tijdvak", "", "app"),
        ("appointment", "backstage", "Zoekt een monteur in de buurt", "planning", ""),
        ("appointment", "pain", "Tijdvak van vier uur: een halve dag wachten", "planning", ""),
        (
            "interim_message",
            "truth",
            "Zonder bericht belt een op de drie nog eens",
            "operations",
            "",
        ),
        ("repair", "frontstage", "Repareert en legt uit wat er was", "production", ""),
        ("check", "question", "Doet alles het weer?", "customer_service", "app"),
    ]
    return [
        {
            "process": "fault",
            "moment": moment,
            "layer": layer,
            "item": "1",
            "valid_from": plan.since,
            "text": text,
            "department": department or None,
            "channel": channel or None,
            "audience": "huishouden",
        }
        for moment, layer, text, department, channel in cells
    ]
