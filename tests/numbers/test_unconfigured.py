"""Codes that nobody configured: found in the facts, weighed, mapped without loading again, taken back."""

from datetime import date

import pytest

from kpi.filters import Filters
from kpi.numbers import ask
from kpi.numbers.before_after import headlines, moved, period_told
from kpi.numbers.unconfigured import ALWAYS, choices, resembled, unknown_codes, weakened
from kpi.periods import Period
from tests.measures.world import world

DAY = date(2026, 3, 31)


def case(number, process, status="afgehandeld", closed="2026-03-03 12:00"):
    return {
        "case_id": f"Z-{number}", "process": process, "status": status, "reason": "Onbekend Iets",
        "opened_at": "2026-03-02 09:00", "closed_at": closed, "opened_channel": "Loket 3",
    }  # fmt: skip


CASES = [
    *(case(number, "Storing") for number in range(12)),
    *(case(number, "STORING ", "Nog te doen", None) for number in range(12, 15)),
    *(case(number, "fault") for number in range(15, 20)),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with world({"cases": CASES}, "2026-04-30 23:59", tmp_path_factory.mktemp("codes")) as opened:
        yield opened


def of(store, dictionary):
    return [one for one in unknown_codes(store, DAY) if one.dictionary == dictionary]


def test_what_is_not_configured_is_found_with_its_weight(store):
    [process] = of(store, "process")
    # However it is written, it is one code; most rows decide how it is shown.
    assert (process.as_came, process.written, process.rows) == ("storing", "Storing", 15)
    assert process.near == "fault"
    assert process.tables == ("cases",)
    assert process.imports
    assert process.first.date() == date(2026, 3, 2)
    [status] = of(store, "status")
    assert (status.written, status.rows, status.ignored) == ("Nog te doen", 3, False)
    assert [one.written for one in of(store, "channel")] == ["Loket 3"]
    # What decides most numbers comes first.
    order = [one.dictionary for one in unknown_codes(store, DAY)]
    assert order == ["status", "process", "channel", "reason"]


def test_what_it_weakens(store):
    names = {kpi.name for kpi in weakened("process", ("cases",))}
    assert "within_norm" in names
    assert weakened("process", ("cases",))[0].headline == 1
    assert {kpi.source for kpi in weakened("status", ("cases",))} == {"prepared_cases"}
    assert weakened("process", ()) == []
    assert [kpi.name for kpi in weakened("emotion", ("contacts",))] == ["sentiment"]


def test_what_can_be_chosen(store):
    assert choices(store.configuration, "status", DAY) == ["open", "waiting", "closed", "withdrawn"]
    assert "fault" in choices(store.configuration, "process", DAY)
    assert resembled(store.configuration, "process", DAY)["storingen"] == "fault"


def test_an_emotion_that_tells_a_sentiment_by_itself_is_no_unknown_code(tmp_path):
    contacts = [
        {
            "contact_id": f"C-{n}",
            "started_at": "2026-03-02 09:00",
            "channel": "phone",
            "emotion": word,
        }
        for n, word in enumerate(("Boos", "neutraal", "blij", "heel erg boos", "bedremmeld"))
    ]
    with world({"contacts": contacts}, "2026-04-30 23:59", tmp_path) as store:
        found = of(store, "emotion")
        assert {one.written for one in found} == {"bedremmeld", "heel erg boos"}
        # It can only mean what counts: with a sentiment, or with none.
        offered = choices(store.configuration, "emotion", DAY)
        assert offered == ["negative", "neutral", "positive"]
        code = {"dictionary": "emotion", "as_came": "bedremmeld", "valid_from": ALWAYS,
                "understood": "negative", "ignored": False}  # fmt: skip
        store.configure("codes", [code], "test")
        assert [one.written for one in of(store, "emotion")] == ["heel erg boos"]


def test_mapped_the_numbers_are_made_anew_and_taken_back_they_return(store):
    def of_faults():
        [result] = ask(
            store, ["within_norm"], Filters.of(DAY.replace(day=1), DAY, process=["fault"])
        )
        return result.n

    period = Period(DAY.replace(day=1), DAY)
    before, first = of_faults(), headlines(store, period)
    rows = [
        {"dictionary": "process", "as_came": "storing", "valid_from": ALWAYS, "understood": "fault",
         "ignored": False},
        {"dictionary": "channel", "as_came": "loket 3", "valid_from": ALWAYS, "understood": None,
         "ignored": True},
    ]  # fmt: skip
    store.configure("codes", rows, "test")
    assert of_faults() == before + 12
    assert of(store, "process") == []
    [channel] = of(store, "channel")
    assert channel.ignored
    # What moved is told per process, and what did not is not.
    changed = moved(first, headlines(store, period))
    found = {(one.process, one.kpi): one for one in changed}
    assert found["fault", "within_norm"].after.n == before + 12
    assert found["Storing", "within_norm"].after is None
    assert moved(first, first) == []
    keys = [{name: row[name] for name in ("dictionary", "as_came", "valid_from")} for row in rows]
    store.remove_configuration("codes", keys, "test")
    assert of_faults() == before
    assert [one.rows for one in of(store, "process")] == [15]


def test_a_file_is_compared_over_the_days_that_it_tells_of(store):
    class Feed:
        first_fact = None
        last_fact = None

    class Manifest:
        feeds = (Feed(),)

    assert period_told([Manifest()], "Europe/Amsterdam") is None
    row = store.imports()[0]["feeds"][0]
    Feed.first_fact, Feed.last_fact = row["first_fact"], row["last_fact"]
    found = period_told([Manifest()], "Europe/Amsterdam")
    assert found == Period(date(2026, 3, 2), date(2026, 3, 3))
