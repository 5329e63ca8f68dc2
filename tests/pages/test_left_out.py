"""What a link keeps to is kept to, or told to be left out: never dropped without a word."""

import pytest

from kpi.filters import DIMENSIONS
from kpi.results.rows import BESIDES
from pages.shared.dimensions import dimension
from tests.pages import alone, walk

PAGES = [visit for visit in walk.VISITS if visit[0] != "manage.definitions"]


def words(app):
    """All that the page says of its filters."""
    said = [*app.caption, *app.button, *app.selectbox]
    return " ".join(str(getattr(one, "label", "") or one.value) for one in said) + " ".join(
        str(one.value) for one in app.selectbox
    )


@pytest.mark.parametrize("visit", PAGES, ids=walk.named)
def test_no_filter_of_a_link_is_dropped_without_a_word(visit, demo_shown, quiet_places):
    module, query = visit
    dropped = []
    asked = {
        name: "xq" + name.replace("_", "") for name in (*DIMENSIONS, *BESIDES) if name not in query
    }
    # One by one: together hardly any page has anything to show.
    for name, value in asked.items():
        app = alone.run(
            module, lang="nl", since="2025-06-01", until="2025-08-31", **query, **{name: value}
        )
        assert not app.exception, app.exception
        told = words(app)
        if value not in told and f"{dimension(name)}: " not in told:
            dropped.append(name)
    assert not dropped
