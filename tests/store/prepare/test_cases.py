"""Cases as understood: the definitions one by one."""

from datetime import timedelta

import pytest

from tests.store.prepare.world import utc


def case(case_id="Z1", **more):
    return {"case_id": case_id, "opened_at": "2026-06-01 10:00", "status": "open", **more}


def prepared(world, row, **facts):
    return world.one("prepared_cases", cases=[row], **facts)[row["case_id"]]


def all_of(world, rows):
    """Cases prepared together (one preparation for many examples), in the order given."""
    named = [{**row, "case_id": f"{number:03}"} for number, row in enumerate(rows)]
    return list(world.one("prepared_cases", cases=named).values())


PROCESSES = [
    ("fault", "fault"),
    (" FAULT ", "fault"),
    ("Storingen", "fault"),
    ("faults", "fault"),
    ("Elders", "Elders"),
    ("  ", None),
    (None, None),
]


def test_process(world):
    rows = all_of(world, [case(process=process) for process, *_ in PROCESSES])
    assert [row["process"] for row in rows] == [understood for _, understood in PROCESSES]


def test_process_through_the_reason(world):
    row = prepared(world, case(reason="Kapot"))
    assert (row["process"], row["reason"]) == ("fault", "defect")


def test_own_process_decides_over_the_reason(world):
    assert prepared(world, case(process="request", reason="defect"))["process"] == "request"


@pytest.mark.parametrize(
    ("opened", "understood"), [("2026-03-29 23:59", "fault"), ("2026-03-30 00:00", "complaint")]
)
def test_words_of_the_local_day_of_opening(world, opened, understood):
    # The code "melding" means something else from 30 March on; 22:00 UTC is local midnight.
    row = prepared(world, case(process="melding", opened_at=opened))
    assert row["process"] == understood


STATES = [
    ("Nieuw", None, "open"),
    ("on hold", None, "open"),
    ("AFGEHANDELD ", None, "closed"),
    ("ingetrokken", None, "withdrawn"),
    ("vervallen", None, "withdrawn"),
    ("closed", "Ingetrokken", "withdrawn"),
    ("open", "withdrawn", "withdrawn"),
    ("open", "vervallen", "withdrawn"),
    ("closed", "upheld", "closed"),
    ("halfway", None, "unknown"),
]


def test_state(world):
    rows = all_of(
        world,
        [
            case(status=status, outcome=outcome, closed_at="2026-06-02 10:00")
            for status, outcome, *_ in STATES
        ],
    )
    found = [row["state"] for row in rows]
    assert found == [state for _, _, state in STATES]


def test_closed(world):
    row = prepared(world, case(status="closed", closed_at="2026-06-02 11:30"))
    assert row["closed_at"] == row["ended_at"] == utc("2026-06-02 11:30")
    assert row["lead_seconds"] == 25.5 * 3600
    assert row["timing"] == "ok"
    assert row["closed_day"].isoformat() == "2026-06-02"


@pytest.mark.parametrize(("opened", "hours"), [("2026-03-28 12:00", 23), ("2026-10-24 12:00", 25)])
def test_lead_time_is_elapsed_time(world, opened, hours):
    closed = opened.replace("28", "29").replace("-24", "-25")
    row = prepared(world, case(status="closed", opened_at=opened, closed_at=closed))
    assert row["lead_seconds"] == hours * 3600


def test_working_time_beside_elapsed_time(world):
    # Friday four o'clock to Monday ten: an hour, and an hour.
    row = prepared(
        world,
        case(
            process="elsewhere", status="closed",
            opened_at="2026-06-05 16:00", closed_at="2026-06-08 10:00",
        ),
    )  # fmt: skip
    assert row["lead_seconds"] == 66 * 3600
    assert row["working_seconds"] == 2 * 3600


def test_an_open_case_has_no_closing_time(world):
    row = prepared(world, case(status="open", closed_at="2026-06-02 11:30"))
    assert (row["closed_at"], row["ended_at"], row["lead_seconds"]) == (None, None, None)


def test_closed_without_a_time(world):
    row = prepared(world, case(status="closed"))
    assert (row["state"], row["timing"], row["ended_at"]) == ("closed", "no_close", None)


def test_closed_before_opened(world):
    row = prepared(world, case(status="closed", closed_at="2026-05-31 10:00"))
    assert (row["state"], row["timing"]) == ("closed", "wrong_order")
    assert (row["closed_at"], row["lead_seconds"]) == (None, None)


def test_closed_at_once_is_in_order(world):
    row = prepared(world, case(status="closed", closed_at="2026-06-01 10:00"))
    assert (row["timing"], row["lead_seconds"]) == ("ok", 0)


def test_withdrawn_at_its_closing_else_its_last_change(world):
    at_closing = case(
        "Z1", status="withdrawn", closed_at="2026-06-02 10:00", updated_at="2026-06-03 10:00"
    )
    at_change = case("Z2", status="withdrawn", updated_at="2026-06-03 10:00")
    never = case("Z3", status="withdrawn")
    rows = world.one("prepared_cases", cases=[at_closing, at_change, never])
    assert rows["Z1"]["withdrawn_at"] == rows["Z1"]["ended_at"] == utc("2026-06-02 10:00")
    assert rows["Z2"]["withdrawn_at"] == utc("2026-06-03 10:00")
    assert (rows["Z3"]["withdrawn_at"], rows["Z3"]["timing"]) == (None, "no_close")
    assert {row["closed_at"] for row in rows.values()} == {None}


COMPLAINTS_AND_TIPS = [
    (None, "complaint", True, False),
    ("anger", None, True, False),
    ("anger", "request", True, False),
    ("tip", "complaint", False, True),
    ("defect", None, False, False),
    (None, None, False, False),
]


def test_complaints_and_tips(world):
    rows = all_of(
        world,
        [case(reason=reason, process=process) for reason, process, *_ in COMPLAINTS_AND_TIPS],
    )
    found = [(row["is_complaint"], row["is_tip"]) for row in rows]
    assert found == [(complaint, tip) for _, _, complaint, tip in COMPLAINTS_AND_TIPS]


def test_merged_cases_are_left_out(world):
    merged = case("Z2", merged_into="Z1")
    itself = case("Z3", merged_into="Z3")
    empty = case("Z4", merged_into=" ")
    rows = world.one("prepared_cases", cases=[case(), merged, itself, empty])
    assert rows.keys() == {"Z1", "Z3", "Z4"}


DEADLINES = [
    # Golden examples of within_norm: two working days.
    ("request", "2024-01-05 15:30", "2024-01-09 15:30"),
    ("request", "2024-01-06 10:00", "2024-01-10 09:00"),
    ("request", "2024-01-08 10:00", "2024-01-10 10:00"),
    # The norm in force at opening, not at the deadline; Friday closes at 12:15 since October.
    ("request", "2026-10-23 10:00", "2026-10-27 10:00"),
    ("request", "2026-10-26 10:00", "2026-10-30 10:00"),
    # 30 March is closed for the inventory, 6 April is Easter Monday.
    ("request", "2026-03-27 10:00", "2026-04-01 10:00"),
    ("request", "2026-04-02 10:00", "2026-04-07 10:00"),
    # Around the clock, over the night without 02:30.
    ("fault", "2026-03-28 02:30", "2026-03-29 03:30"),
    ("fault", "2026-10-24 02:30", "2026-10-25 02:30"),
    # Hours are elapsed time, also over a weekend.
    ("complaint", "2026-06-05 16:00", "2026-06-07 04:00"),
    # One and a half working day is two; no calendar is the office.
    ("information", "2026-06-01 10:00", "2026-06-03 10:00"),
    # Not configured, and unknown: two working days at the office.
    ("elsewhere", "2026-06-05 10:00", "2026-06-09 10:00"),
    (None, "2026-06-05 10:00", "2026-06-09 10:00"),
]


def test_deadline(world):
    rows = all_of(
        world, [case(process=process, opened_at=opened) for process, opened, *_ in DEADLINES]
    )
    for row, (_, opened, due) in zip(rows, DEADLINES, strict=True):
        assert row["deadline_at"] == utc(due), opened
        assert row["deadline_day"].isoformat() == due[:10]
        assert row["deadline_48_at"] == utc(opened) + timedelta(hours=48)


def test_customer_as_of_the_opening(world):
    periods = [
        {"customer_id": "K1", "customer_since": "2020-01-01", "customer_until": "2025-01-01", "segment": "old"},
        {"customer_id": "K1", "customer_since": "2026-01-01", "customer_until": "2026-06-01", "segment": "new"},
    ]  # fmt: skip
    during = case("Z1", customer_id="K1", opened_at="2024-06-01 10:00")
    between = case("Z2", customer_id="K1", opened_at="2025-06-01 10:00")
    last_day = case("Z3", customer_id="K1", opened_at="2026-05-31 23:59")
    stranger = case("Z4", customer_id="K2")
    rows = world.one(
        "prepared_cases", cases=[during, between, last_day, stranger], customers=periods
    )
    segments = {name: row["segment"] for name, row in rows.items()}
    # Between two periods: the latest one.
    assert segments == {"Z1": "old", "Z2": "new", "Z3": "new", "Z4": None}
    assert rows["Z4"]["customer_id"] == "K2"


def test_customer_known_by_another_name(world):
    identities = [
        {"source": "telephony", "external_id": "h:1", "customer_id": "K1"},
        {"source": "a", "external_id": "h:2", "customer_id": "K1"},
        {"source": "b", "external_id": "h:2", "customer_id": "K2"},
        {"source": "a", "external_id": "K3", "customer_id": "K1"},
    ]
    rows = world.one(
        "prepared_cases",
        cases=[case(f"Z{name}", customer_id=name) for name in ("h:1", "h:2", "K3")],
        customers=[{"customer_id": "K3", "customer_since": "2026-01-01"}],
        identities=identities,
    )
    # h:2 means two customers, and K3 is a customer's own id: neither is translated.
    assert [rows[f"Z{name}"]["customer_id"] for name in ("h:1", "h:2", "K3")] == ["K1", "h:2", "K3"]
