"""Rijen without a browser: which of the rows are shown, and how what is not known reads."""

from __future__ import annotations

import re

import pytest

from kpi.store import Store
from tests.pages import alone, seen

PERIOD = {"period": "last_three_months", "lang": "nl"}


def told(**query: str) -> list[str]:
    app = alone.run("customer.rows", kpi="avoidable", **PERIOD, **query)
    assert not app.exception
    return [one.value for one in app.markdown]


@pytest.mark.usefixtures("quiet_places")
@pytest.mark.parametrize("number", ["999999", "99999999999999999999"])
def test_a_page_after_the_last_is_the_last(
    demo_shown: Store, blocks: dict[str, seen.Node], number: str
) -> None:
    [said] = [text for text in told(page=number) if " tot en met " in text]
    first, last, total = map(int, re.findall(r"\d+", said.replace(".", "")))
    assert last == total
    assert first == (total - 1) // 50 * 50 + 1
    shown = [one for one in blocks["rows"].all() if one.tag == "tr"]
    assert len(shown) - 1 == last - first + 1


@pytest.mark.usefixtures("quiet_places", "demo_shown", "blocks")
@pytest.mark.parametrize("number", ["0", "-1", "x", "²", ""])
def test_what_is_no_page_is_the_first(number: str) -> None:
    [said] = [text for text in told(page=number) if " tot en met " in text]
    assert said.startswith("1 tot en met 50 van ")
