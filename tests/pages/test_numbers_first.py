"""A page with tiles: who comes sees its heading first, who changes a filter its numbers."""

from __future__ import annotations

from typing import Any

import pytest

from pages.shared import components, page
from tests.pages import alone

PAGES = {
    "steer.process": {"process": "fault"},
    "steer.avoidable": {},
    "steer.reach": {},
    "steer.channels": {},
    "steer.customers": {},
}


@pytest.mark.usefixtures("demo_shown", "quiet_places")
@pytest.mark.parametrize(("module", "query"), PAGES.items(), ids=PAGES.keys())
def test_numbers_wait_for_no_sentence(
    module: str, query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    heading, bulletin = page.heading, components._bulletin

    def headed(sentence: str, *more: Any, **how: Any) -> None:
        drawn.append("heading")
        heading(sentence, *more, **how)

    def shown(key: str, **how: Any) -> None:
        if key == "tiles":
            drawn.append("tiles")
        bulletin(key=key, **how)

    monkeypatch.setattr(page, "heading", headed)
    monkeypatch.setattr(components, "_bulletin", shown)
    app = alone.run(module, lang="en", period="12m", **query)
    assert not app.exception
    assert drawn == ["heading", "tiles"]
    [before] = [one.value for one in app.title]
    drawn.clear()
    app.query_params["period"] = "1m"
    app.query_params["compare"] = "year"
    assert not app.run().exception
    assert drawn == ["tiles", "heading"], "what was read longest is drawn last"
    [after] = [one.value for one in app.title]
    assert after != before
