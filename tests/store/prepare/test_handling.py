"""What was done on cases: silences, departments, work and lines, one definition at a time."""

from datetime import timedelta

import pytest

from tests.store.prepare.world import utc

JUST = timedelta(microseconds=1)


def case(case_id="Z1", **more):
    return {
        "case_id": case_id,
        "process": "request",
        "opened_at": "2026-06-01 10:00",
        "status": "open",
        "department": "service",
        **more,
    }


def event(number, kind, at, ended=None, **more):
    return {
        "event_id": f"E{number}",
        "case_id": "Z1",
        "kind": kind,
        "occurred_at": at,
        "ended_at": ended,
        **more,
    }


def mail(number, at, **more):
    return {
        "contact_id": f"C{number}",
        "case_id": "Z1",
        "channel": "email",
        "direction": "in",
        "started_at": at,
        **more,
    }


def silences(world, *contacts, **more):
    rows = world.prepared(cases=[case(**more)], contacts=list(contacts))["prepared_silences"]
    return [(row["silent_from"], row["silent_until"]) for row in rows]


def test_silent_just_after_five_working_days(world):
    assert silences(world) == [(utc("2026-06-08 10:00") + JUST, None)]


def test_a_contact_ends_a_silence_and_starts_the_days_anew(world):
    found = silences(world, mail(1, "2026-06-10 15:00", direction="out"))
    assert found == [
        (utc("2026-06-08 10:00") + JUST, utc("2026-06-10 15:00")),
        (utc("2026-06-17 15:00") + JUST, None),
    ]


def test_a_contact_before_the_opening_takes_its_place(world):
    assert silences(world, mail(1, "2026-06-01 09:30")) == [(utc("2026-06-08 09:30") + JUST, None)]


def test_a_call_that_nobody_answered_is_no_contact(world):
    call = mail(1, "2026-06-05 10:00", channel="phone", abandoned=True)
    assert silences(world, call) == [(utc("2026-06-08 10:00") + JUST, None)]


def test_no_silence_after_the_end(world):
    assert silences(world, status="closed", closed_at="2026-06-08 10:00") == []
    assert silences(world, status="closed", closed_at="2026-06-08 10:01") == [
        (utc("2026-06-08 10:00") + JUST, utc("2026-06-08 10:01"))
    ]


def test_a_case_that_cannot_be_timed_is_not_silent(world):
    assert silences(world, status="closed") == []


def stays(world, *events, **more):
    rows = world.prepared(cases=[case(**more)], chain_events=list(events))["prepared_segments"]
    return [(row["department"], row["entered_at"], row["left_at"]) for row in rows]


START = utc("2026-06-01 10:00")


def test_without_hand_overs_the_department_of_the_case_has_it(world):
    assert stays(world) == [("service", START, None)]


def test_each_hand_over_begins_a_segment_with_a_clock_of_its_own(world):
    rows = world.prepared(
        cases=[case()],
        chain_events=[
            event(1, "handoff", "2026-06-03 15:00", value="Herstel", department="service")
        ],
    )["prepared_segments"]
    assert [(row["position"], row["department"], row["deadline_at"]) for row in rows] == [
        (1, "service", utc("2026-06-03 10:00")),
        (2, "repairs", utc("2026-06-05 15:00")),
    ]
    assert rows[0]["left_at"] == rows[1]["entered_at"] == utc("2026-06-03 15:00")


def test_handing_over_to_who_has_it_starts_no_clock(world):
    found = stays(
        world,
        event(1, "handoff", "2026-06-02 10:00", value="repairs", department="service"),
        event(2, "handoff", "2026-06-03 10:00", value="Herstel", department="repairs"),
    )
    assert [department for department, *_ in found] == ["service", "repairs"]


def test_who_had_it_for_no_time_had_it_not(world):
    at = "2026-06-02 10:00"
    found = stays(
        world,
        event(1, "handoff", at, value="repairs", department="service"),
        event(2, "handoff", at, value="service", department="repairs"),
    )
    assert found == [("service", START, None)]


def test_a_hand_over_after_the_close_is_none(world):
    found = stays(
        world,
        event(1, "handoff", "2026-06-02 10:00", value="repairs", department="service"),
        status="closed",
        closed_at="2026-06-02 10:00",
    )
    assert found == [("service", START, utc("2026-06-02 10:00"))]


@pytest.mark.parametrize(
    ("value", "department", "taker", "giver"),
    [
        ("Herstel", "service", "repairs", "service"),
        (None, "Herstel", "repairs", None),
        ("doorgezet", "Herstel", "repairs", None),
        ("Afdeling B", "Afdeling A", "Afdeling B", "Afdeling A"),
        ("Afdeling B", None, "Afdeling B", None),
    ],
)
def test_who_takes_a_case(world, value, department, taker, giver):
    found = stays(
        world, event(1, "handoff", "2026-06-02 10:00", value=value, department=department)
    )
    assert [stay[0] for stay in found] == [giver, taker]


def work(world, *events, **more):
    closed = {"status": "closed", "closed_at": "2026-06-02 12:00"}
    rows = world.one("prepared_work", cases=[case(**{**closed, **more})], chain_events=list(events))
    return rows["Z1"]


def test_work_that_overlaps_counts_once_and_only_inside_the_case(world):
    found = work(
        world,
        event(1, "work", "2026-06-01 09:00", "2026-06-01 11:00"),
        event(2, "work", "2026-06-01 10:30", "2026-06-01 10:45"),
        event(3, "work", "2026-06-01 10:50", "2026-06-01 11:30"),
        event(4, "work", "2026-06-01 16:00", "2026-06-02 09:30"),
        event(5, "work", "2026-06-02 11:30", "2026-06-02 15:00"),
        event(6, "work", "2026-06-03 10:00", "2026-06-03 15:00"),
    )
    assert found["work_seconds"] == 3600 * (1.5 + 1 + 0.5 + 0.5)


def test_work_without_an_end_is_not_known(world):
    assert work(world, event(1, "work", "2026-06-01 11:00"))["work_seconds"] is None
    assert work(world)["work_seconds"] is None


def test_waiting_lasts_until_its_end_else_the_next_status_else_the_close(world):
    found = work(
        world,
        event(1, "status", "2026-06-01 10:00", "2026-06-01 10:30", value="Wachten"),
        event(2, "status", "2026-06-01 11:00", value="on hold"),
        event(3, "status", "2026-06-01 12:00", value="in behandeling"),
        event(4, "status", "2026-06-02 11:00", value="waiting"),
    )
    assert found["waiting_seconds"] == 3600 * (0.5 + 1 + 1)
    assert found["work_seconds"] is None


LINES = [
    ({"line": 1, "department": "repairs"}, [], True),
    ({"line": 2}, [], False),
    ({}, [], True),
    ({"department": "repairs", "opened_at": "2026-03-02 10:00"}, [], False),
    # From 30 March on its line is the first.
    ({"department": "repairs"}, [], True),
    ({}, [event(1, "handoff", "2026-03-20 10:00", value="Herstel")], False),
    ({}, [event(1, "work", "2026-03-20 10:00", value="Herstel", department="repairs")], True),
]


@pytest.mark.parametrize(("row", "events", "first"), LINES)
def test_first_line(world, row, events, first):
    assert work(world, *events, **row)["first_line"] is first


def test_contacts_of_a_case_are_those_from_the_customer(world):
    rows = world.one(
        "prepared_case_contacts",
        cases=[case()],
        contacts=[
            mail(1, "2026-06-02 10:00"),
            mail(2, "2026-06-02 12:00"),
            mail(3, "2026-06-08 12:00"),
            mail(4, "2026-06-12 12:00", direction="out"),
            mail(5, "2026-06-16 12:00", direction=None),
        ],
    )
    assert rows == {"Z1": {"case_id": "Z1", "contacts_in": 2}}


LEGS = [
    (["information", "fault", "fault"], False),
    (["information", "fault", None], False),
    (["fault", "fault", "request"], True),
    # The code of a process and its name are one process.
    (["request", "Storingen", "fault"], False),
]


@pytest.mark.parametrize(("processes", "misrouted"), LEGS)
def test_misrouted(world, processes, misrouted):
    legs = [
        {
            "contact_id": f"C{number}",
            "root_id": "C0",
            "channel": "phone",
            "direction": "in",
            "started_at": f"2026-06-01 10:0{number}",
            "process": process,
        }
        for number, process in enumerate(processes)
    ]
    assert world.one("prepared_contacts", contacts=legs)["C0"]["misrouted"] is misrouted
