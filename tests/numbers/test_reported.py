"""Values kept when a month closes: once, whatever comes later; and what changed them since."""

from __future__ import annotations

import logging
from datetime import date, datetime

import pytest
import sqlalchemy as sa

from kpi import numbers
from kpi.filters import Filters
from kpi.numbers import keep_month_ends, month_ends, reported
from kpi.numbers.month_ends import keep_closed
from kpi.tables import table
from tests.measures.world import load, world

SPRING = Filters(date(2024, 1, 1), date(2024, 6, 30))
KEPT = table("month_end_values")


def answers(month, satisfied, others, process="fault", at="10 10:00", name=""):
    return [
        {
            "response_id": f"{name}{process}{month}{n}",
            "process": process,
            "responded_at": f"2024-{month}-{at}",
            "metric": "csat5",
            "score": 5 if n < satisfied else 2,
        }
        for n in range(satisfied + others)
    ]


def case(number, opened, closed, **more):
    status = "closed" if closed else "open"
    return {
        "case_id": f"z{number}",
        "process": "fault",
        "opened_at": opened,
        "closed_at": closed,
        "status": status,
        **more,
    }


def months(store, kpi="csat", process=""):
    """The months kept of a KPI, with their values."""
    rows = store.rows(
        sa.select(KEPT).where(KEPT.c.kpi == kpi, KEPT.c.process == process).order_by(KEPT.c.month)
    )
    return {row["month"]: row["value"] for row in rows}


def loaded_at(store, import_id, moment):
    imports = table("imports")
    with store.write() as connection:
        connection.execute(
            imports.update().where(imports.c.import_id == import_id).values(loaded_at=moment)
        )


@pytest.fixture
def april(tmp_path):
    """Of April 30 of 40 are satisfied; it has just closed, and is kept."""
    with world({"surveys": answers("04", 30, 10)}, "2024-04-30 23:59", tmp_path) as store:
        assert keep_closed(store) > 0
        yield store


def test_a_month_that_closed_is_kept_once_and_raises_no_version(april):
    version = april.data_version
    assert months(april) == {"2024-04": 75}
    assert months(april, process="fault") == {"2024-04": 75}
    [row] = april.rows(sa.select(KEPT).where(KEPT.c.kpi == "csat", KEPT.c.process == ""))
    assert (row["n"], row["numerator"], row["denominator"]) == (40, 30, 40)
    assert row["low"] < 75 < row["high"]
    assert row["as_of"] == datetime(2024, 4, 30, 21, 59)
    assert (row["data_version"], row["last_import"]) == (version, 1)
    before = april.rows(sa.select(KEPT))
    assert keep_closed(april) == 0
    assert april.rows(sa.select(KEPT)) == before
    assert april.data_version == version


def test_without_anything_closed_nothing_is_asked(april, monkeypatch):
    monkeypatch.setattr(month_ends, "ask", lambda *_: pytest.fail("asked"))
    load(april, {"surveys": answers("05", 1, 1)}, "2024-05-20 12:00")
    assert keep_closed(april) == 0


def test_late_rows_change_now_and_not_what_was_reported(april):
    late = answers("04", 0, 10, name="late")
    number = load(april, {"surveys": [*late, *answers("05", 5, 0)]}, "2024-05-20 12:00")
    assert keep_closed(april) == 0
    [found] = reported(april, "csat", SPRING)
    assert (found.month, found.process) == ("2024-04", None)
    assert (found.value, found.n) == (75, 40)
    assert (found.now.value, found.now.n) == (60, 50)
    assert found.as_of == datetime(2024, 4, 30, 21, 59)
    [cause] = found.causes
    newest = april.imports()[0]
    assert (cause.import_id, cause.file, cause.at) == (number, newest["file"], newest["loaded_at"])
    assert (cause.rows, cause.undone) == (15, False)
    assert not found.configured


def test_what_begins_after_the_month_did_not_change_it(april):
    load(april, {"surveys": answers("05", 5, 0)}, "2024-05-20 12:00")
    late = load(april, {"surveys": answers("04", 0, 10, name="late")}, "2024-05-21 12:00")
    [found] = reported(april, "csat", SPRING)
    assert [cause.import_id for cause in found.causes] == [late]


def test_other_tables_are_no_cause(april):
    load(april, {"cases": [case(1, "2024-04-02 10:00", None)]}, "2024-05-21 12:00")
    [found] = reported(april, "csat", SPRING)
    assert (found.now.value, found.causes) == (75, ())


def test_late_rows_taken_back_leave_no_trace(april):
    number = load(april, {"surveys": answers("04", 0, 10, name="late")}, "2024-05-20 12:00")
    april.undo(number, "test")
    keep_closed(april)
    [found] = reported(april, "csat", SPRING)
    assert found.value == found.now.value == 75
    assert found.causes == ()


def test_what_was_counted_and_taken_back_is_named(tmp_path):
    with world({"surveys": answers("04", 10, 0)}, "2024-04-20 12:00", tmp_path) as store:
        wrong = load(store, {"surveys": answers("04", 0, 10, name="x")}, "2024-04-30 23:59")
        load(store, {"surveys": answers("05", 5, 0)}, "2024-05-02 12:00")
        keep_closed(store)
        store.undo(wrong, "test")
        assert keep_closed(store) == 0
        [found] = reported(store, "csat", SPRING)
        assert (found.value, found.now.value) == (50, 100)
        [cause] = found.causes
        assert (cause.import_id, cause.rows, cause.undone) == (wrong, 10, True)
        row = next(one for one in store.imports() if one["import_id"] == wrong)
        assert cause.at == row["undone_at"]


def test_a_month_that_is_not_over_is_not_kept(tmp_path):
    with world({"surveys": answers("04", 10, 0)}, "2024-04-29 23:59", tmp_path) as store:
        keep_closed(store)
        assert "2024-04" not in months(store)
        assert reported(store, "csat", SPRING) == []


def test_a_month_is_not_over_while_its_last_day_is_loaded(tmp_path):
    """Its data reach the last day, as those of most extracts; but more may come that day."""
    rows = {"surveys": answers("04", 10, 0, at="30 12:00")}
    with world(rows, None, tmp_path) as store:
        loaded_at(store, 1, datetime(2024, 4, 30, 21, 59))
        keep_closed(store)
        assert "2024-04" not in months(store)
        loaded_at(store, 1, datetime(2024, 4, 30, 22, 0))
        keep_closed(store)
        assert months(store)["2024-04"] == 100


def test_of_a_history_every_month_that_ended_is_kept_with_the_as_of_it_had(tmp_path):
    rows = [*answers("01", 9, 1), *answers("03", 8, 2), *answers("04", 7, 3)]
    with world({"surveys": rows}, "2024-04-20 12:00", tmp_path) as store:
        keep_closed(store)
        assert months(store) == {"2024-01": 90, "2024-02": None, "2024-03": 80}
        found = reported(store, "csat", SPRING)
        # Nobody reported a month of which nothing was known.
        assert [one.month for one in found] == ["2024-01", "2024-03"]
        assert {one.as_of for one in found} == {datetime(2024, 4, 20, 10, 0)}
        # Older months are kept when they come.
        load(store, {"surveys": [{**answers("01", 1, 0)[0], "response_id": "old",
             "responded_at": "2023-12-10 10:00"}]}, "2024-04-21 12:00")  # fmt: skip
        assert keep_closed(store) > 0
        assert months(store) == {
            "2023-12": 100, "2024-01": 90, "2024-02": None, "2024-03": 80,
        }  # fmt: skip


def test_a_long_history_is_kept_for_three_years(tmp_path):
    rows = [{**answers("03", 1, 0)[0], "responded_at": "1990-01-01 10:00"}]
    with world({"surveys": rows}, "2024-04-20 12:00", tmp_path) as store:
        keep_closed(store)
        kept = list(months(store))
        assert (kept[0], kept[-1], len(kept)) == ("2021-04", "2024-03", 36)


def test_a_reopened_case_shows_as_reported_and_now(tmp_path):
    cases = [case(n, "2024-04-08 10:00", "2024-04-09 10:00") for n in range(12)]
    with world({"cases": cases}, "2024-04-30 23:59", tmp_path) as store:
        keep_closed(store)
        again = [case(n, "2024-04-08 10:00", "2024-05-03 10:00") for n in range(6)]
        load(store, {"cases": again}, "2024-05-10 12:00")
        for by, process in (((), None), (("process",), "fault")):
            [found] = reported(store, "within_norm", SPRING, by)
            assert found.process == process
            assert (found.value, found.now.value) == (100, 50)
            assert [cause.rows for cause in found.causes] == [6]
        [closed] = reported(store, "lead_time_closed", SPRING)
        assert (closed.n, closed.now.n) == (12, 6)


def test_a_month_that_opens_again_is_kept_when_it_closes_again(april):
    wrong = load(april, {"surveys": answers("05", 1, 1)}, "2024-05-31 23:59")
    keep_closed(april)
    assert months(april) == {"2024-04": 75, "2024-05": 50}
    april.undo(wrong, "test")
    # Also before anybody has looked after it.
    assert [one.month for one in reported(april, "csat", SPRING)] == ["2024-04"]
    keep_closed(april)
    assert months(april) == {"2024-04": 75}
    load(april, {"surveys": answers("05", 4, 1)}, "2024-05-31 23:59")
    keep_closed(april)
    assert months(april) == {"2024-04": 75, "2024-05": 80}
    assert {one.value == one.now.value for one in reported(april, "csat", SPRING)} == {True}


def test_a_table_that_is_still_to_come_is_no_later_change(tmp_path):
    """Files are loaded one by one: contacts per case are 0 until there are contacts."""
    cases = [case(n, "2024-04-08 10:00", "2024-04-09 10:00") for n in range(12)]
    contacts = [
        {
            "contact_id": f"c{n}",
            "started_at": "2024-04-08 10:00",
            "channel": "phone",
            "direction": "in",
            "case_id": f"z{n}",
        }
        for n in range(12)
    ]
    with world({"cases": cases}, "2024-04-30 23:59", tmp_path) as store:
        keep_closed(store)
        assert months(store, "contacts_per_case") == {"2024-04": 0}
        assert months(store, "lead_time_closed") == {"2024-04": 1}
        lead_times = store.rows(sa.select(KEPT).where(KEPT.c.kpi == "lead_time_closed"))
        load(store, {"contacts": contacts}, "2024-04-30 23:59")
        assert reported(store, "contacts_per_case", SPRING) == []
        keep_closed(store)
        assert months(store, "contacts_per_case") == {"2024-04": 1}
        again = store.rows(sa.select(KEPT).where(KEPT.c.kpi == "lead_time_closed"))
        assert again == lead_times


def test_other_data_altogether_were_not_what_was_reported(april):
    """As when one demo makes way for another."""
    april.undo(1, "test")
    load(april, {"surveys": answers("04", 10, 10, name="other")}, "2024-04-30 23:59")
    assert reported(april, "csat", SPRING) == []
    keep_closed(april)
    [found] = reported(april, "csat", SPRING)
    assert found.value == found.now.value == 50


def test_a_kpi_that_looks_ahead_is_reported_when_it_has(tmp_path):
    cases = [case(n, "2024-04-08 10:00", "2024-04-09 10:00", customer_id="k") for n in range(3)]
    customers = [{"customer_id": "k", "customer_since": "2020-01-01"}]
    rows = {"cases": cases, "customers": customers}
    with world(rows, "2024-06-15 12:00", tmp_path) as store:
        keep_closed(store)
        assert "2024-04" in months(store, "lead_time_closed")
        assert "2024-04" not in months(store, "churn_after")
        load(store, {"cases": [case(9, "2024-07-01 10:00", None)], "customers": customers},
             "2024-07-30 12:00")  # fmt: skip
        keep_closed(store)
        assert months(store, "churn_after") == {"2024-04": 0}


def test_only_what_was_kept_is_told(tmp_path):
    rows = [
        *answers("04", 30, 10),
        *answers("04", 10, 10, "request"),
        *answers("04", 5, 5, None, name="unknown"),
    ]
    with world({"surveys": rows}, "2024-04-30 23:59", tmp_path) as store:
        keep_closed(store)
        fault = SPRING.keeping("process", ["fault"])
        both = SPRING.keeping("process", ["fault", "request"])
        assert [one.value for one in reported(store, "csat", fault)] == [75]
        assert reported(store, "csat", both) == []
        told = reported(store, "csat", both, ("process",))
        assert [(one.process, one.value) for one in told] == [("fault", 75), ("request", 50)]
        told = reported(store, "csat", SPRING, ("process",))
        assert [one.process for one in told] == ["fault", "request"]
        assert reported(store, "csat", SPRING.keeping("process", [""])) == []
        assert reported(store, "csat", SPRING.keeping("process", [""]), ("process",)) == []
        assert reported(store, "csat", SPRING.keeping("channel", ["phone"])) == []
        assert reported(store, "csat", SPRING, ("channel",)) == []
        # A part of a month is not what was reported of it.
        part = SPRING.during(date(2024, 4, 2), date(2024, 4, 30))
        assert reported(store, "csat", part) == []


def test_a_changed_configuration_is_named_and_a_changed_target_is_not(april):
    april.configure(
        "targets",
        [{"kpi": "csat", "process": "fault", "valid_from": date(2024, 1, 1), "value": 70}],
        "test",
    )
    assert not reported(april, "csat", SPRING)[0].configured
    april.configure(
        "processes",
        [{"process": "fault", "valid_from": date(2024, 1, 1), "survey_scale": "grade10"}],
        "test",
    )
    [found] = reported(april, "csat", SPRING)
    assert found.configured
    assert (found.value, found.now.value) == (75, None)


def test_every_kpi_is_kept_as_show_gives_it(busy, monkeypatch):
    """In a world with something of everything, whole and by process; nothing is written in it."""
    rows = []
    monkeypatch.setattr(busy, "keep_month_ends", lambda _version, _none, told: rows.extend(told))
    keep_closed(busy)
    # It lasts seven weeks, up to 2 May.
    period = Filters(date(2024, 4, 1), date(2024, 4, 30))
    kept = {(row["kpi"], row["process"] or None): row for row in rows if row["month"] == "2024-04"}
    told = 0
    for kpi in month_ends.asked_by_show():
        for by in ((), ("process",)):
            if not numbers.applies(kpi, by) or (kpi.name, None) not in kept:
                continue
            for one in numbers.ask(busy, [kpi.name], period, by):
                process = one.by.get("process")
                if by and process is None:
                    continue
                row = kept[kpi.name, process]
                assert row["value"] == pytest.approx(one.value), (kpi.name, process)
                assert row["n"] == one.n
                told += one.value is not None
    assert told > 50


def test_keeping_never_makes_a_load_fail(april, monkeypatch, caplog):
    load(april, {"surveys": answers("05", 4, 1)}, "2024-05-31 23:59")

    def stumble(*_):
        raise RuntimeError("no")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(month_ends, "ask", stumble)
        assert keep_month_ends(april) == 0
    assert "could not be kept" in caplog.text
    assert months(april) == {"2024-04": 75}
    assert keep_month_ends(april) > 0
    assert months(april) == {"2024-04": 75, "2024-05": 80}


def test_what_was_written_meanwhile_is_asked_again_later(april, monkeypatch):
    load(april, {"surveys": answers("05", 4, 1)}, "2024-05-31 23:59")
    ask = month_ends.ask

    def slowly(*arguments):
        found = ask(*arguments)
        april.set_property("touched", "yes")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(month_ends, "ask", slowly)
        assert keep_closed(april) == 0
    assert months(april) == {"2024-04": 75}
    assert keep_closed(april) > 0


def test_an_empty_store_keeps_nothing(tmp_path):
    with world({}, None, tmp_path) as store:
        assert keep_closed(store) == 0
        assert reported(store, "csat", SPRING) == []
        assert reported(store, "csat", Filters()) == []
