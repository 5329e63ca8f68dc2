"""Customership periods, and why they ended."""

LEFT = {
    # end reason, notice → voluntary
    ("Overleden", None): False,
    ("verhuisd naar het BUITENLAND", "2026-01-01"): False,
    ("Wanbetaling", None): False,
    ("non-payment", None): False,
    ("te duur", None): True,
    ("", "2026-01-01"): True,
    (None, "2026-01-01"): True,
    (None, None): None,
}


def test_voluntary(world):
    rows = world.one(
        "prepared_customers",
        customers=[
            {
                "customer_id": str(number),
                "customer_since": "2020-01-01",
                "customer_until": "2026-02-01",
                "end_reason": reason,
                "notice_at": notice,
            }
            for number, (reason, notice) in enumerate(LEFT)
        ],
    )
    assert [row["voluntary"] for row in rows.values()] == list(LEFT.values())


def test_who_gave_notice_but_is_still_a_customer(world):
    customer = {"customer_id": "K1", "customer_since": "2020-01-01", "notice_at": "2026-01-01"}
    (row,) = world.one("prepared_customers", customers=[customer]).values()
    assert (row["voluntary"], row["until_day"]) == (None, None)
