"""Where there is nothing to show, what is said is the cause: the days, the channel, or what was not loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpi.web import running
from tests.measures.world import world
from tests.pages import alone, seen

PERIOD = {"since": "2025-06-01", "until": "2025-08-31", "lang": "nl"}
SUNDAY = {"since": "2025-08-24", "until": "2025-08-24", "lang": "nl"}
#: One on which no case was closed either.
CLOSED = {"since": "2025-06-08", "until": "2025-06-08", "lang": "nl"}
LONG_AGO = {"since": "2010-01-01", "until": "2010-01-31", "lang": "nl"}

pytestmark = pytest.mark.usefixtures("quiet_places", "blocks")


def told(module: str, **query: str) -> str:
    app = alone.run(module, **query)
    assert not app.exception
    [said] = app.info
    return seen.plain(said.value)


@pytest.mark.usefixtures("demo_shown")
def test_a_channel_on_which_nobody_waits_is_the_cause() -> None:
    said = told("steer.reach", channel="letter", **PERIOD)
    assert "kanalen waarop klanten op antwoord wachten: Telefoon, Chat" in said
    assert "Lees contacten in" not in said


@pytest.mark.usefixtures("demo_shown")
def test_a_closed_day_is_the_cause() -> None:
    said = told("steer.reach", **SUNDAY)
    assert said.startswith("Volgens de kalender waren er in deze periode geen openingsuren")
    assert told("steer.reach", process="fault", **SUNDAY) == said


@pytest.mark.usefixtures("demo_shown")
@pytest.mark.parametrize(
    ("module", "more"),
    [
        ("steer.process", {"process": "fault"}),
        ("steer.reach", {}),
        ("steer.split", {}),
        ("steer.avoidable", {}),
    ],
)
def test_before_all_data_it_is_said_from_when_there_are_any(
    module: str, more: dict[str, str]
) -> None:
    assert told(module, **more, **LONG_AGO).startswith("Zaken en contacten zijn er vanaf ")


@pytest.mark.usefixtures("demo_shown")
def test_a_day_without_a_value_has_no_difference_to_explain() -> None:
    said = told("steer.split", kpi="within_norm", by="reason", **CLOSED)
    assert said.startswith("Binnen norm heeft in deze periode zelf geen waarde")


@pytest.fixture
def letters(tmp_path: Path) -> Iterator[None]:
    """Contacts of which nobody says when they were answered, of one process."""
    contacts = [
        {"contact_id": f"C-{n}", "started_at": f"2026-03-{n:02} 11:00", "channel": "phone",
         "direction": "in", "process": "fault", "category": "valuable"}
        for n in range(2, 30)
    ]  # fmt: skip
    with world({"contacts": contacts}, "2026-04-01 12:00", tmp_path) as store:
        running.attach(store)
        yield
        running.attach(None)


@pytest.mark.usefixtures("letters")
def test_only_what_was_chosen_can_be_chosen_otherwise() -> None:
    march = {"since": "2026-03-01", "until": "2026-03-31", "lang": "nl"}
    assert "Lees contacten in met het tijdstip van beantwoorden" in told("steer.reach", **march)
    first = {"since": "2026-03-30", "until": "2026-03-31", "lang": "nl"}
    assert told("steer.avoidable", **first) == "Niets in deze periode. Kies hierboven een langere."
    assert told("steer.avoidable", channel="phone", **first).endswith("of alle kanalen.")
    kept = told("customer.rows", kpi="avoidable", reason="price", **march)
    assert kept.endswith("Kies een langere periode, of haal er een filter af.")
