"""The scoreboard from five metres: whose target a number has, and what misses it looks as if it does."""

from datetime import date, datetime

import pytest

from kpi.i18n import use
from kpi.web.views.scoreboard import scoreboard
from kpi.web.views.wanted import Wanted
from tests.measures.world import world

PROCESSES = ("request", "information", "details", "fault", "complaint", "cancellation")
NOW = datetime(2024, 7, 1, 6)


def answers(process: str, satisfied: int, of: int = 1000) -> list[dict]:
    return [
        {
            "response_id": f"{process}{n}", "process": process, "metric": "csat5",
            "responded_at": "2024-05-10 10:00", "score": 5 if n < satisfied else 2,
        }
        for n in range(of)
    ]  # fmt: skip


def cases(process: str, count: int = 40) -> list[dict]:
    return [
        {
            "case_id": f"{process}{n}", "process": process, "opened_at": "2024-05-06 10:00",
            "closed_at": "2024-05-08 10:00", "status": "closed",
        }
        for n in range(count)
    ]  # fmt: skip


def target(kpi: str, process: str, value: float) -> dict:
    return {"kpi": kpi, "process": process, "valid_from": date(2024, 1, 1), "value": value}


def column(folder, tables, targets, title):
    """What stands above a column, and its tiles by process."""
    kept = {"targets": targets}
    with world(tables, "2024-06-30T00:00", folder, configuration=kept) as store, use("en"):
        body = scoreboard(store, Wanted("en"), NOW).body
    at = [tile.title for tile in body.lines[0].tiles].index(title)
    tiles = {process: line.tiles[at] for process, line in zip(PROCESSES, body.lines, strict=True)}
    return body.aims[at], tiles


def lead_times(folder, targets):
    """Of lead times, for which nobody has a target unless it is said here."""
    tables = {"cases": [one for process in PROCESSES for one in cases(process)]}
    said = [target("lead_time", process, value) for process, value in targets.items()]
    return column(folder, tables, said, "Lead time, open cases included")


@pytest.mark.parametrize("few", [1, 2, 3])
def test_a_target_of_few_does_not_stand_above_all(tmp_path, few):
    above, tiles = lead_times(tmp_path, dict.fromkeys(PROCESSES[:few], 5))
    assert above == ""
    assert [tiles[one].aim for one in PROCESSES] == ["target 5.0\N{NO-BREAK SPACE}d"] * few + [
        ""
    ] * (6 - few)


def test_who_has_none_below_a_target_of_most_is_told_so(tmp_path):
    above, tiles = lead_times(tmp_path, {**dict.fromkeys(PROCESSES[:4], 5), "complaint": 9})
    assert above == "target 5.0\N{NO-BREAK SPACE}d"
    assert [tiles[one].aim for one in PROCESSES] == [""] * 4 + [
        "target 9.0\N{NO-BREAK SPACE}d",
        "no target",
    ]


def test_a_column_of_lead_times_is_in_one_unit(tmp_path):
    short = [
        {**one, "opened_at": "2024-05-08 04:00"} for one in cases("fault")
    ]  # six hours, where the others take two days
    tables = {"cases": [one for process in PROCESSES[:3] for one in cases(process)] + short}
    _above, tiles = column(tmp_path, tables, [], "Lead time, open cases included")
    told = [tile.value for tile in tiles.values() if tile.state.value != "nothing"]
    assert len(told) == 4
    assert {value[-1] for value in told} == {"d"}


def test_what_misses_its_target_does_not_look_equal_to_it(tmp_path):
    satisfied = dict.fromkeys(PROCESSES, 800) | {"fault": 796}
    surveys = [one for process in PROCESSES for one in answers(process, satisfied[process])]
    _above, tiles = column(tmp_path, {"surveys": surveys}, [target("csat", "", 80)], "CSAT")
    assert tiles["fault"].value == "79.6%"
    assert tiles["fault"].state.value == "attention"
    assert tiles["details"].value == "80%"
