"""A figure that was made before is given again, and no other."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from kpi.charts import kept as module
from kpi.charts.drawing import Drawing, bars_of
from kpi.charts.kept import kept
from kpi.i18n import use


@dataclass(frozen=True)
class Row:
    name: str
    value: float | None


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    monkeypatch.setattr(module, "_made", type(module._made)())
    return []


def test_the_same_arguments_give_the_same_figure(made):
    @kept
    def figure(rows: list[Row], *, theme: str = "light") -> Drawing:
        made.append((tuple(rows), theme))
        return Drawing([bars_of(y=[row.value for row in rows])])

    with use("nl"):
        first = figure([Row("a", 1.0)])
        assert figure([Row("a", 1.0)]) is first
        assert len(made) == 1
        others = [
            figure([Row("a", 1.1)]),
            figure([Row("b", 1.0)]),
            figure([Row("a", 1.0)], theme="dark"),
        ]
        assert all(other is not first for other in others)
    with use("en"):
        assert figure([Row("a", 1.0)]) is not first
    assert len(made) == 5


def test_what_does_not_show_what_it_is_is_made_anew(made):
    @kept
    def figure(text: object) -> Drawing:
        made.append((text,))
        return Drawing([])

    figure(lambda: 1)
    figure(object())
    assert len(made) == 2
    assert not module._made


def test_the_oldest_make_way(made, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)

    @kept
    def figure(place: int) -> Drawing:
        made.append((place,))
        return Drawing([])

    for place in (1, 2, 1, 3, 1, 2):
        figure(place)
    assert made == [(1,), (2,), (3,), (2,)]
