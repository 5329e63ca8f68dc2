"""Survey answers as understood."""

import pytest


def answer(response_id="R1", metric="csat5", score=4.0, **more):
    responded = {"responded_at": "2026-06-02 10:00"}
    return {"response_id": response_id, "metric": metric, "score": score, **responded, **more}


def prepared(world, *answers, **facts):
    return world.one("prepared_surveys", surveys=answers, **facts)


SCALES = {
    "grade10": (1, 10),
    "csat5": (1, 5),
    "nps": (0, 10),
    "ces7": (1, 7),
    "clear": (0, 1),
    "correct": (0, 1),
    "complete": (0, 1),
    "resolved": (0, 1),
}


def test_valid_on_its_own_scale(world):
    scores = {
        (metric, score): low <= score <= high
        for metric, (low, high) in SCALES.items()
        for score in (low - 1.0, float(low), float(high), high + 0.5)
    }
    rows = prepared(
        world,
        *(answer(f"{metric} {score}", metric, score) for metric, score in scores),
        answer("none", score=None),
    )
    assert rows.pop("none")["valid"] is False
    assert {(row["metric"], row["score"]): row["valid"] for row in rows.values()} == scores


def test_the_latest_valid_answer_about_a_contact(world):
    rows = prepared(
        world,
        answer("1", contact_id="C1", responded_at="2026-06-01 10:00"),
        answer("2", contact_id="C1", responded_at="2026-06-03 10:00"),
        answer("3", contact_id="C1", responded_at="2026-06-04 10:00", score=9.0),
        answer("4", contact_id="C1", responded_at=None),
        answer("5", "nps", contact_id="C1", responded_at="2026-06-01 10:00"),
        answer("6", contact_id=None),
        answer("7", contact_id=None),
        # At one moment: the greater id, so that it does not hang on the order of rows.
        answer("8", contact_id="C2"),
        answer("9", contact_id="C2"),
    )
    assert [name for name, row in rows.items() if row["latest"]] == ["2", "5", "6", "7", "9"]


def test_answers_about_two_legs_are_about_one_contact(world):
    legs = [
        {"contact_id": "C1", "started_at": "2026-06-01 10:00", "channel": "phone"},
        {"contact_id": "C2", "root_id": "C1", "started_at": "2026-06-01 10:05", "channel": "phone"},
    ]
    rows = prepared(
        world,
        answer("1", contact_id="C1", responded_at="2026-06-01 11:00"),
        answer("2", contact_id="C2", responded_at="2026-06-01 12:00"),
        contacts=legs,
    )
    assert [name for name, row in rows.items() if row["latest"]] == ["2"]
    assert {row["channel"] for row in rows.values()} == {"phone"}


def test_what_it_is_about_through_contact_and_case(world):
    contact = {
        "contact_id": "C1", "started_at": "2026-06-01 10:00", "channel": "tel",
        "reason": "Kapot", "customer_id": "K1", "case_id": "Z1", "moment": "Herstel",
    }  # fmt: skip
    case = {
        "case_id": "Z1", "opened_at": "2026-06-01 10:00", "status": "open", "process": "request",
        "reason": "order", "department": "service", "opened_channel": "email", "customer_id": "K2",
    }  # fmt: skip
    rows = prepared(
        world,
        answer("own", contact_id="C1", process="VRAGEN", customer_id="K3", moment="Levering"),
        answer("contact", contact_id="C1"),
        answer("case", case_id="Z1"),
        answer("nothing"),
        contacts=[contact],
        cases=[case],
        customers=[
            {"customer_id": "K1", "customer_since": "2020-01-01", "segment": "a"},
            {"customer_id": "K3", "customer_since": "2020-01-01", "segment": "c"},
        ],
    )
    names = ("process", "reason", "channel", "department", "customer_id", "segment", "moment")
    assert {name: tuple(row[column] for column in names) for name, row in rows.items()} == {
        "own": ("information", "defect", "phone", "service", "K3", "c", "delivery"),
        "contact": ("request", "defect", "phone", "service", "K1", "a", "repair"),
        "case": ("request", "order", "email", "service", "K2", None, None),
        "nothing": (None,) * 7,
    }


@pytest.mark.parametrize(("level", "understood"), [(None, "contact"), ("relation", "relation")])
def test_level(world, level, understood):
    assert prepared(world, answer(level=level))["R1"]["level"] == understood
