"""Contacts as understood: the definitions one by one."""

import pytest

from tests.store.prepare.world import utc


def call(contact_id="1", started="2026-06-01 10:00", **more):
    return {
        "contact_id": contact_id,
        "started_at": started,
        "answered_at": started,
        "channel": "phone",
        "direction": "in",
        **more,
    }


def mail(contact_id="1", started="2026-06-01 10:00", **more):
    return call(contact_id, started, **{"answered_at": None, "channel": "email", **more})


def prepared(world, *contacts, **facts):
    return world.one("prepared_contacts", contacts=contacts, **facts)


def case(case_id="Z1", **more):
    return {"case_id": case_id, "opened_at": "2026-06-01 09:00", "status": "open", **more}


# What is one contact


def test_transfer_legs_are_one_contact(world):
    legs = [
        call("1", wait_s=10.0, talk_s=60.0, transferred_to="Techniek", process="request"),
        call("2", "2026-06-01 10:02", root_id="1", talk_s=30.0, wrap_s=5.0, reason="Kapot"),
        call("3", "2026-06-03 10:00", root_id="1", handle_s=7.0, channel="email"),
    ]
    found = world.prepared(contacts=legs)
    (row,) = found["prepared_contacts"]
    assert (row["contact_id"], row["legs"], row["transfers"]) == ("1", 3, 2)
    assert (row["wait_s"], row["handle_s"], row["channel"]) == (10, 102, "phone")
    assert (row["process"], row["reason"]) == ("request", "defect")
    legs = {row["leg_id"]: row["contact_id"] for row in found["prepared_legs"]}
    assert legs == {"1": "1", "2": "1", "3": "1"}


def test_legs_of_a_root_that_was_not_loaded(world):
    rows = prepared(world, call("2", root_id="1"), call("3", "2026-06-01 10:05", root_id="1"))
    assert list(rows) == ["2"]


def test_a_thread_goes_on_for_24_hours_at_a_time(world):
    rows = prepared(
        world,
        mail("1", "2026-06-01 10:00", case_id="Z1"),
        mail("2", "2026-06-02 10:00", case_id="Z1"),
        mail("3", "2026-06-03 10:00:01", case_id="Z1"),
        mail("4", "2026-06-01 10:00", case_id="Z2"),
    )
    assert {name: row["legs"] for name, row in rows.items()} == {"1": 2, "3": 1, "4": 1}


def test_the_gap_of_a_thread_is_elapsed_time(world):
    # 24 hours by the clock, 25 by elapsed time: the clock was put back in between.
    rows = prepared(
        world,
        mail("1", "2026-10-24 12:00", case_id="Z1"),
        mail("2", "2026-10-25 12:00", case_id="Z1"),
    )
    assert len(rows) == 2


def test_a_thread_of_one_root(world):
    rows = prepared(
        world,
        mail("1", "2026-06-01 10:00"),
        mail("2", "2026-06-01 20:00", root_id="1"),
        mail("3", "2026-06-04 20:00", root_id="1"),
    )
    assert {name: row["legs"] for name, row in rows.items()} == {"1": 2, "3": 1}


def test_a_message_without_a_case_is_of_the_first_case_of_its_root(world):
    rows = prepared(
        world,
        mail("1", "2026-06-01 10:00", root_id="1", case_id="Z2"),
        mail("2", "2026-06-01 11:00", root_id="1", case_id="Z9"),
        mail("3", "2026-06-01 12:00", root_id="1"),
    )
    assert {name: (row["case_id"], row["legs"]) for name, row in rows.items()} == {
        "1": ("Z2", 2),
        "2": ("Z9", 1),
    }


def test_a_thread_crosses_channels_but_not_the_phone_or_the_desk(world):
    rows = prepared(
        world,
        mail("1", "2026-06-01 10:00", case_id="Z1"),
        mail("2", "2026-06-01 11:00", case_id="Z1", channel="portal"),
        call("3", "2026-06-01 12:00", case_id="Z1"),
        mail("4", "2026-06-01 13:00", case_id="Z1", channel="Balie"),
        mail("5", "2026-06-01 14:00", case_id="Z1", channel="Balie"),
        mail("6", "2026-06-01 15:00", case_id="Z1", channel="not configured"),
    )
    assert {name: row["legs"] for name, row in rows.items()} == {
        "1": 2, "3": 1, "4": 1, "5": 1, "6": 1,
    }  # fmt: skip


def test_an_answer_belongs_to_the_thread(world):
    rows = prepared(
        world,
        mail("1", "2026-06-01 10:00", case_id="Z1"),
        mail("2", "2026-06-01 12:00", case_id="Z1", direction="out"),
        mail("3", "2026-06-01 14:00", case_id="Z1"),
    )
    assert list(rows) == ["1"]
    assert rows["1"]["inbound"] is True


def test_a_thread_that_we_began_is_a_contact_from_the_customers_first_message_on(world):
    rows = prepared(
        world,
        mail("1", "2026-06-01 10:00", case_id="Z1", direction="out"),
        mail("2", "2026-06-01 12:00", case_id="Z1"),
    )
    assert list(rows) == ["2"]
    assert rows["2"]["inbound"] is True
    assert rows["2"]["started_at"] == utc("2026-06-01 12:00")


# Answered, abandoned, times

ANSWERED = [
    # channel, answered_at, handle_s, abandoned → answered, abandoned
    ("phone", "2026-06-01 10:00", None, None, True, False),
    ("phone", None, 60.0, None, True, False),
    ("phone", None, 0.0, None, False, False),
    ("phone", None, None, True, False, True),
    ("phone", "2026-06-01 10:00", 60.0, True, False, True),
    ("phone", None, None, None, False, False),
    ("email", None, None, None, True, False),
    ("email", None, None, True, True, False),
    ("not configured", None, None, None, True, False),
]


def test_answered(world):
    rows = prepared(
        world,
        *(
            call(str(number), channel=channel, answered_at=at, handle_s=handle, abandoned=gave_up)
            for number, (channel, at, handle, gave_up, *_) in enumerate(ANSWERED)
        ),
    )
    found = [(row["answered"], row["abandoned"]) for row in rows.values()]
    assert found == [tuple(line[-2:]) for line in ANSWERED]


def test_giving_up_after_being_helped_is_no_abandonment(world):
    rows = prepared(
        world,
        call("1", talk_s=30.0),
        call("2", "2026-06-01 10:05", root_id="1", answered_at=None, abandoned=True),
    )
    assert (rows["1"]["answered"], rows["1"]["abandoned"]) == (True, False)


def test_handle_time(world):
    rows = prepared(
        world,
        call("1", talk_s=180.0, hold_s=0.0, wrap_s=60.0, handle_s=999.0),
        call("2", wrap_s=5.0),
        call("3", handle_s=33.0),
        call("4"),
    )
    assert [row["handle_s"] for row in rows.values()] == [240, 5, 33, None]


def test_direction_that_is_not_known(world):
    assert prepared(world, call(direction=None))["1"]["inbound"] is None


def test_local_day_and_hour(world):
    rows = prepared(
        world,
        call("1", "2026-06-01 00:30"),
        call("2", "2026-10-25 02:30"),
        call("3", "2026-03-29 03:00"),  # the very moment of the switch
    )
    assert (rows["1"]["started_day"].isoformat(), rows["1"]["hour"]) == ("2026-06-01", 0)
    assert rows["1"]["weekday"] == 1
    assert (rows["2"]["hour"], rows["3"]["hour"]) == (2, 3)


def test_inside_opening_hours(world):
    moments = {
        "2026-06-01 07:59:59": False,
        "2026-06-01 08:00": True,
        "2026-06-01 19:59": True,
        "2026-06-01 20:00": False,
        "2026-05-30 10:00": True,  # Saturday
        "2026-05-31 12:00": False,  # Sunday
        "2026-05-14 12:00": False,  # Ascension Day
        "2026-04-06 12:00": True,  # Easter Monday, worked
    }
    rows = prepared(world, *(call(moment, moment) for moment in moments))
    assert {name: row["inside_opening"] for name, row in rows.items()} == moments


def test_cost_of_the_channel_on_the_day(world):
    rows = prepared(world, call("1", "2026-03-28 10:00"), call("2", "2026-03-29 10:00"))
    assert [row["unit_cost"] for row in rows.values()] == [7.5, 8.0]


# Process, case, customer


def test_process_through_case_then_reason(world):
    rows = prepared(
        world,
        call("1", process="request", case_id="Z1", reason="anger"),
        call("2", case_id="Z1", reason="anger"),
        call("3", reason="anger"),
        call("4"),
        cases=[case(process="fault", department="service", customer_id="K1")],
    )
    assert [row["process"] for row in rows.values()] == ["request", "fault", "complaint", None]
    assert [row["department"] for row in rows.values()] == ["service", "service", None, None]
    # A contact about the case of a known customer is not anonymous.
    assert [row["customer_id"] for row in rows.values()] == ["K1", "K1", None, None]


def test_the_case_in_which_a_merged_one_lives_on(world):
    cases = [
        case("Z1", merged_into="Z2", process="request"),
        case("Z2", merged_into="Z3"),
        case("Z3", process="fault"),
        case("A", merged_into="B"),
        case("B", merged_into="A"),
        case("C", merged_into="nowhere"),
    ]
    contacts = [call(name, case_id=name) for name in ("Z1", "Z3", "A", "C")]
    rows = prepared(world, *contacts, cases=cases)
    assert {name: row["case_id"] for name, row in rows.items()} == {
        "Z1": "Z3", "Z3": "Z3", "A": "A", "C": "C",
    }  # fmt: skip
    assert rows["Z1"]["process"] == "fault"


# Chains (golden examples of repeat_contacts)


def chained(world, *contacts):
    rows = prepared(world, *contacts)
    return {
        name: (row["chain_id"], row["chain_position"], row["chain_length"])
        for name, row in rows.items()
    }


GOLDEN = [
    call("1", "2024-05-01 10:00", customer_id="c1", process="information", reason="R"),
    call("2", "2024-05-04 10:00", customer_id="c1", process="information", reason="R"),
    call("3", "2024-05-20 10:00", customer_id="c1", process="information", reason="R"),
    call("4", "2024-05-02 10:00", customer_id="c2", process="information", reason="R"),
    call("5", "2024-05-03 10:00", customer_id="c3", process="information", reason="R"),
    mail("6", "2024-05-05 10:00", customer_id="c3", process="information", reason="Q"),
]


def test_golden_chains(world):
    rows = prepared(world, *GOLDEN)
    assert [name for name, row in rows.items() if row["chain_position"] > 1] == ["2", "6"]
    assert [name for name, row in rows.items() if row["reason_chain_position"] > 1] == ["2"]
    assert (
        sum(row["chain_position"] == 1 and row["chain_length"] == 1 for row in rows.values()) == 2
    )
    assert rows["6"]["chain_id"] == "5"
    assert rows["6"]["reason_chain_id"] == "6"


def test_a_gap_of_exactly_seven_days(world):
    found = chained(
        world,
        call("1", "2026-06-01 10:00:00", customer_id="K1"),
        call("2", "2026-06-08 10:00:00", customer_id="K1"),
        call("3", "2026-06-15 10:00:01", customer_id="K1"),
    )
    assert found == {"1": ("1", 1, 2), "2": ("1", 2, 2), "3": ("3", 1, 1)}


def test_who_is_not_in_a_chain(world):
    found = chained(
        world,
        call("anonymous"),
        call("outbound", customer_id="K1", direction="out"),
        call("unanswered", customer_id="K1", answered_at=None),
        call("document", customer_id="K1", reason="papers"),
        call("unknown direction", customer_id="K1", direction=None),
        call("alone", customer_id="K1"),
    )
    assert found.pop("alone") == ("alone", 1, 1)
    assert set(found.values()) == {(None, None, None)}


def test_chains_of_unknown_process_are_of_one_process(world):
    found = chained(
        world,
        call("1", customer_id="K1"),
        call("2", "2026-06-02 10:00", customer_id="K1", process="fault"),
        call("3", "2026-06-03 10:00", customer_id="K1"),
    )
    assert found == {"1": ("1", 1, 2), "2": ("2", 1, 1), "3": ("1", 2, 2)}


# Category, cause and who caused it


def decided(row):
    names = ("category", "category_from", "cause", "causing_department")
    return tuple(row[name] for name in names)


def test_golden_categories(world):
    given = ["unnecessary", "valuable", "hygiene", "unnecessary", None]
    rows = prepared(
        world,
        *(
            call(str(number), customer_id=f"K{number}", process="information", category=category)
            for number, category in enumerate(given)
        ),
    )
    assert [row["category"] for row in rows.values()] == given


def test_the_order_of_the_rules(world):
    # Of one case, from its first report on; each contact also qualifies for the rules after its own.
    contacts = [
        call("first", "2026-06-01 10:00", customer_id="K1", case_id="Z1", reason="order_status"),
        call("coded", "2026-06-02 10:00", customer_id="K1", case_id="Z1", reason="letter", category="valuable"),
        call("again", "2026-06-03 10:00", customer_id="K1", case_id="Z1", reason="order_status"),
        call("late", "2026-06-30 10:00", customer_id="K1", case_id="Z1", reason="order_status"),
        call("default", "2026-06-04 10:00", customer_id="K2", reason="letter"),
        call("status", "2026-06-05 10:00", customer_id="K3", reason="order_status"),
        call("nothing", "2026-06-05 10:00", customer_id="K4"),
    ]  # fmt: skip
    late_case = case(process="fault", promised_for="2026-06-02 12:00")
    rows = prepared(world, *contacts, cases=[late_case])
    assert {name: decided(row) for name, row in rows.items()} == {
        "first": ("unnecessary", "first_report", "product_failed", "production"),
        "coded": ("valuable", "code", None, None),
        "again": ("unnecessary", "repeat", "other_repeat", "service"),
        "late": ("unnecessary", "after_promise", "status_unknown", "operations"),
        "default": ("unnecessary", "reason", "unclear", "communication"),
        "status": ("hygiene", "reason", None, None),
        "nothing": (None, None, None, None),
    }
    assert [name for name, row in rows.items() if row["first_report"]] == ["first"]


def test_a_coded_cause_stays(world):
    rows = prepared(
        world,
        call("1", case_id="Z1", cause="unclear", customer_id="K1"),
        call("2", "2026-06-02 10:00", case_id="Z1", customer_id="K1", cause="odd"),
        call("3", category="unnecessary", cause="unclear", causing_department="SERVICE"),
        call("4", category="unnecessary"),
        cases=[case(process="fault")],
    )
    assert [decided(row) for row in rows.values()] == [
        ("unnecessary", "first_report", "unclear", "communication"),
        ("unnecessary", "repeat", "odd", None),
        ("unnecessary", "code", "unclear", "service"),
        ("unnecessary", "code", None, None),
    ]


def test_a_promise_is_of_the_department_that_has_the_case(world):
    rows = prepared(
        world,
        call("1", category="unnecessary", cause="x1", case_id="Z1"),
        call("2", category="unnecessary", cause="x1"),
        cases=[case(department="Planning")],
    )
    assert [row["causing_department"] for row in rows.values()] == ["Planning", None]


def test_asking_at_the_promised_moment_is_not_after_it(world):
    rows = prepared(
        world,
        call("1", "2026-06-02 12:00", case_id="Z1", reason="order_status"),
        cases=[case(promised_for="2026-06-02 12:00")],
    )
    assert rows["1"]["category"] == "hygiene"


@pytest.mark.parametrize(
    ("about", "reports"),
    [
        ({"process": "fault"}, True),
        ({"process": "complaint"}, True),
        ({"reason": "anger", "process": "request"}, True),
        ({"reason": "tip"}, False),
        ({"process": "request"}, False),
    ],
)
def test_first_report(world, about, reports):
    contacts = [
        call("out", "2026-06-01 08:00", case_id="Z1", direction="out"),
        call("missed", "2026-06-01 09:00", case_id="Z1", answered_at=None),
        call("first", "2026-06-01 10:00", case_id="Z1"),
        call("second", "2026-06-20 10:00", case_id="Z1"),
    ]
    rows = prepared(world, *contacts, cases=[case(**about)])
    assert [name for name, row in rows.items() if row["first_report"]] == ["first"] * reports


def test_first_report_of_a_case_that_was_not_loaded(world):
    rows = prepared(
        world,
        call("1", case_id="Z7", process="fault"),
        call("2", case_id="Z8", reason="tip"),
        call("3", process="fault"),
    )
    assert [row["first_report"] for row in rows.values()] == [True, False, False]


def test_configuration_of_the_day_of_the_contact(world):
    rows = prepared(
        world,
        call("1", "2026-03-28 23:00", reason="order"),
        call("2", "2026-03-29 00:00", reason="order"),
        call("3", "2026-10-25 10:00", category="unnecessary", cause="product_failed"),
        call("4", "2026-10-26 10:00", category="unnecessary", cause="product_failed"),
    )
    assert [row["category"] for row in rows.values()][:2] == ["valuable", "hygiene"]
    assert [row["causing_department"] for row in rows.values()][2:] == ["production", "quality"]
