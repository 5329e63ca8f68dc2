"""show, top and funnel: the fixed records, filters, and sentences for what cannot be asked."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kpi.commands import COMMANDS
from kpi.settings import load_settings
from kpi.store import open_store
from kpi.store.listener import Listener

FIXED = [
    "kpi",
    "by",
    "value",
    "low",
    "high",
    "numerator",
    "denominator",
    "n",
    "unit",
    "as_of",
    "note",
]
PERIOD = ("--since", "2025-01-01", "--until", "2025-06-30")


def test_a_record_is_as_documented(ask, demo):
    said = ask("show", "within_norm", *PERIOD, "--as", "json")
    [record] = said.json
    assert list(record)[: len(FIXED)] == FIXED
    assert record["kpi"] == "within_norm"
    assert record["by"] == {}
    assert record["unit"] == "%"
    assert record["as_of"] == "2025-09-17T23:59:59"
    assert 0 < record["low"] < record["value"] < record["high"] < 100
    assert record["value"] == pytest.approx(100 * record["numerator"] / record["denominator"])


def test_extras_stand_in_the_record_itself(ask, demo):
    records = ask("show", "lead_time,avoidable", *PERIOD, "--as", "json").json
    lead, avoidable = records
    assert lead["p90"] > lead["value"]
    assert 0 < avoidable["coverage"] <= 100


def test_by_gives_one_record_per_combination(ask, demo):
    records = ask("show", "avoidable", *PERIOD, "--by", "process,month", "--as", "json").json
    keys = [(record["by"]["process"], record["by"]["month"]) for record in records]
    assert len(keys) == len(set(keys))
    assert {month for _process, month in keys} == {f"2025-0{month}" for month in range(1, 7)}
    [whole] = ask("show", "avoidable", *PERIOD, "--as", "json").json
    assert sum(record["denominator"] for record in records) == whole["denominator"]


def test_by_may_be_said_twice(ask, demo):
    together = ask("show", "csat", *PERIOD, "--by", "process,channel", "--as", "json")
    apart = ask("show", "csat", *PERIOD, "--by", "process", "--by", "channel", "--as", "json")
    assert together.json == apart.json


def test_without_names_every_kpi_that_applies(ask, demo):
    of_process = {
        one["kpi"] for one in ask("show", *PERIOD, "--by", "process", "--as", "json").json
    }
    assert {"within_norm", "csat", "avoidable", "contacts_per_hour", "churn_after"} <= of_process
    assert not of_process & {"churn", "funnel"}
    everything = {one["kpi"] for one in ask("show", *PERIOD, "--as", "json").json}
    assert of_process | {"churn", "customers_new"} <= everything


def test_several_processes_in_every_way_of_saying_so(ask, demo):
    ways = [
        ("--process", "fault", "--process", "complaint"),
        ("--process", "fault,complaint"),
        ("--process", "fault", "complaint"),
        ("--where", "process=fault", "--where", "process=complaint"),
        ("--where", "process=fault", "process=complaint"),
    ]
    answers = [ask("show", "within_norm", *PERIOD, *way, "--as", "json").json for way in ways]
    assert all(answer == answers[0] for answer in answers)
    [fault] = ask("show", "within_norm", *PERIOD, "--process", "fault", "--as", "json").json
    assert 0 < fault["n"] < answers[0][0]["n"]


def test_unknown_is_a_value_too(ask, demo):
    records = ask("show", "avoidable", *PERIOD, "--by", "reason", "--as", "json").json
    [unknown] = [record for record in records if record["by"]["reason"] is None]
    [kept] = ask("show", "avoidable", *PERIOD, "--where", "reason=null", "--as", "json").json
    assert kept["denominator"] == unknown["denominator"] > 0


def test_a_period_without_data_gives_one_record_without_a_value(ask, demo):
    said = ask("show", "csat", "--since", "1999-01-01", "--until", "1999-12-31", "--as", "json")
    assert said.code == 0
    [record] = said.json
    assert record["value"] is None
    assert record["n"] == 0
    assert record["note"]


def test_an_empty_store_gives_one_record_without_a_value(ask):
    [record] = ask("show", "csat", "--as", "json").json
    assert record["value"] is None


def test_csv_holds_the_same_numbers(ask, demo):
    asked = ("show", "within_norm", "lead_time", *PERIOD, "--by", "process")
    rows = list(csv.DictReader(io.StringIO(ask(*asked, "--as", "csv").out)))
    records = ask(*asked, "--as", "json").json
    assert [float(row["value"]) for row in rows] == [record["value"] for record in records]
    assert [row["process"] for row in rows] == [record["by"]["process"] for record in records]
    assert "p90" in rows[0]


def test_a_table_is_for_people_and_messages_are_apart(ask, demo):
    said = ask("show", "within_norm", *PERIOD, "--by", "process")
    assert "Faults and outages" in said.out
    assert "As of 17 Sep" in said.err
    assert "As of" not in said.out


def test_the_period_told_is_the_one_asked(ask, demo):
    """A weekend has no opening hours, so no row; it was asked all the same."""
    days = ("--since", "2025-05-24", "--until", "2025-05-26")
    said = ask("show", "contacts_per_hour", *days, "--by", "day")
    assert "2025-05-24" not in said.out
    assert "24 May – 26 May 2025" in said.err


def test_a_table_has_processes_as_on_screen(ask, demo):
    said = ask("show", "avoidable", *PERIOD, "--by", "process").out
    order = ["Request or change a product", "Information", "Change details", "Faults and outages"]
    places = [said.index(f" {title}  ") for title in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["withn_norm"], "Did you mean within_norm?"),
        (["--by", "proces"], "Did you mean process?"),
        (["churn", "--by", "reason"], "has_portal"),
        (["csat", "--since", "yesterday"], "2026-03-31"),
        (["csat", "--since", "2025-05-01", "--until", "2025-04-01"], "before it begins"),
        (["csat", "--where", "chanel=phone"], "Did you mean channel?"),
        (["csat", "--process", "falt"], "Did you mean fault?"),
        (["csat", "--process", "storingen"], "Did you mean fault?"),
        (["avoidable", "--where", "channel=Telefoon"], "Did you mean phone?"),
        (["avoidable", "--where", "channel=phon"], "Did you mean phone?"),
        (
            ["avoidable", "--where", "channel=phone,chat"],
            "--where channel=phone --where channel=chat",
        ),
        (["avoidable", "--where", "value_class=middle"], "There is high, low."),
        (["avoidable", "--where", "has_portal=nope"], "Did you mean no?"),
        (["avoidable", "--where", "tenure=newer"], "new"),
        (["avoidable", "--where", "causing_department=logistic"], "Did you mean logistics?"),
        (["funnel"], "ketenzicht funnel"),
        (["--by", "cause,weekday_hour,source"], "No KPI"),
    ],
)
def test_what_cannot_be_asked_gets_a_sentence(ask, demo, arguments, says):
    said = ask("show", *arguments)
    assert (said.code, said.out) == (2, "")
    assert says in said.err


def test_top_complaints(ask, demo):
    records = ask("top", "complaints", *PERIOD, "--as", "json").json
    assert 1 <= len(records) <= 5
    assert list(records[0]) == ["place", "reason", "n", "previous", "change"]
    counts = [record["n"] for record in records]
    assert counts == sorted(counts, reverse=True)
    assert records[0]["place"] == 1
    assert len(ask("top", "complaints", "-n", "2", *PERIOD, "--as", "json").json) == 2
    assert "tip" not in {record["reason"] for record in records}


def test_top_of_an_empty_store(ask):
    said = ask("top", "complaints", "--as", "json")
    assert (said.code, said.json) == (0, [])
    assert "Nothing is loaded" in said.err


def test_a_configured_funnel(ask, demo):
    records = ask("funnel", "order", *PERIOD, "--as", "json").json
    assert [record["step"] for record in records] == ["home", "offer", "details", "confirm"]
    assert [record["position"] for record in records] == [1, 2, 3, 4]
    entities = [record["entities"] for record in records]
    assert entities == sorted(entities, reverse=True)
    assert records[0]["share_of_first"] == 100
    assert records[1]["share_of_previous"] == pytest.approx(100 * entities[1] / entities[0])
    assert "by" not in records[0]


def test_a_funnel_named_here(ask, demo):
    asked = ("funnel", "fault", "--steps", "report,diagnosis,repair", *PERIOD, "--as", "json")
    records = ask(*asked).json
    assert [record["step"] for record in records] == ["report", "diagnosis", "repair"]
    assert records[0]["entities"] > records[1]["entities"] > 0
    short = ask(*asked, "--window", "1h").json
    assert short[2]["entities"] < records[2]["entities"]
    by_portal = ask(*asked, "--by", "has_portal").json
    assert (
        sum(one["entities"] for one in by_portal if one["position"] == 1) == records[0]["entities"]
    )


def test_a_funnel_that_is_not_there(ask, demo):
    said = ask("funnel", "ordr")
    assert said.code == 2
    assert "order" in said.err
    assert ask("funnel", "order", "--window", "long").code == 2


def test_the_same_numbers_while_the_application_runs(ask, demo, tmp_path):
    asked = ("show", "within_norm", "avoidable", *PERIOD, "--by", "process", "--as", "json")
    alone = ask(*asked)
    with open_store(load_settings(demo)) as store, Listener(store, COMMANDS):
        beside = ask(*asked)
        # And from another process and folder, at the same time.
        other = subprocess.run(
            [sys.executable, "-m", "kpi", *asked],
            cwd=tmp_path,
            env=_environment(demo),
            capture_output=True,
            text=True,
            check=True,
        )
    assert beside == alone
    assert other.stdout == alone.out


def _environment(url):
    root = str(Path(__file__).resolve().parents[2])
    return {
        **os.environ,
        "KETENZICHT_DATABASE_URL": url,
        "KETENZICHT_LANGUAGE": "en",
        "PYTHONPATH": root,
    }


def test_sentences_come_through_the_running_application(ask, demo):
    with open_store(load_settings(demo)) as store, Listener(store, COMMANDS):
        said = ask("show", "withn_norm")
    assert said.code == 2
    assert "within_norm" in said.err


def test_averages_over_weeks_are_called_so(ask, demo):
    said = ask("top", "complaints", "-n", "3")
    assert said.code == 0
    averaged = "a week, on average" in said.err
    assert averaged == ("before, a week on average" in said.out)
    rows = [line.split() for line in said.out.splitlines()[2:] if line]
    decimals = ["." in row[-1] for row in rows]
    assert all(decimals) if averaged else not any(decimals)
