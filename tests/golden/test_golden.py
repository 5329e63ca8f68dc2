"""The worked examples: those of the KPI sheet, and our own for what it has none of.

An example has facts, a question and what must come out; `wrong` is what a likely mistake gives,
and must not. Computed by hand; the notes say how.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kpi import numbers
from kpi.examples import examples, folder
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.schema import TABLES
from kpi.store import Store
from tests.measures.world import typed, world

HERE = Path(__file__).parent
SPEC = HERE.parent.parent.parent / "shared" / "spec" / "golden.json"
#: How exact a figure of the sheet is given.
EXACT = 1e-6


def own_examples() -> Iterator[Any]:
    for path in sorted(folder().glob("*.json")):
        for number, example in enumerate(examples(path)):
            yield pytest.param(example, id=f"{path.stem}-{number}-{example['kpi']}")


def sheet_examples() -> Iterator[Any]:
    if not SPEC.is_file():
        return
    for number, example in enumerate(json.loads(SPEC.read_text("utf-8"))):
        if example.get("kpi") in KPIS:
            yield pytest.param(example, id=f"sheet-{number}-{example['kpi']}")


def facts(example: dict[str, Any]) -> str:
    """What an example's store holds; examples with the same share one."""
    told = [{**example["tables"], **example.get("also", {})}, example["as_of"]]
    return json.dumps([*told, example.get("configuration", {})], sort_keys=True)


class Worlds:
    """The store of the last example asked about: making one costs more than asking."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._told = ""
        self._store: Store | None = None

    def of(self, example: dict[str, Any]) -> Store:
        """A store that holds what the example says and nothing else."""
        if self._store is None or facts(example) != self._told:
            self.close()
            self._told = facts(example)
            tables, as_of, configured = json.loads(self._told)
            configuration = {
                name: [
                    {
                        column: typed(TABLES[name].by_name[column], value)
                        for column, value in row.items()
                    }
                    for row in rows
                ]
                for name, rows in configured.items()
            }
            folder = self._folders.mktemp("world")
            self._store = world(tables, as_of, folder, configuration=configuration)
        return self._store

    def close(self) -> None:
        """Close the store there is."""
        if self._store is not None:
            self._store.close()
            self._store = None


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    made = Worlds(tmp_path_factory)
    yield made
    made.close()


def asked(example: dict[str, Any], store: Store) -> list[Any]:
    """What the product answers."""
    filters = Filters.of(
        date.fromisoformat(example["since"]),
        date.fromisoformat(example["until"]),
        **example.get("where", {}),
    )
    if example["kpi"] == "funnel":
        window = example.get("window") or example.get("expect", {}).get("window")
        return numbers.ask_funnel(
            store,
            example.get("funnel", "f"),
            filters,
            steps=example.get("steps") or example["expect"]["steps"],
            entity=example.get("entity"),
            window=timedelta(days=int(window.removesuffix("d"))) if window else None,
        )
    return numbers.ask(store, [example["kpi"]], filters, tuple(example.get("by", ())))


def figure(result: Any, name: str) -> Any:
    return getattr(result, name) if hasattr(result, name) else result.extras[name]


def holds(result: Any, expected: dict[str, Any]) -> None:
    for name, value in expected.items():
        found = figure(result, name)
        if value is None or isinstance(value, str | dict):
            assert found == value, name
        else:
            assert found == pytest.approx(value, abs=EXACT), name


@pytest.mark.parametrize(
    "example",
    # Those about the same facts one after another.
    sorted([*sheet_examples(), *own_examples()], key=lambda param: facts(param.values[0])),
)
def test_worked_example(example, worlds):
    found = asked(example, worlds.of(example))
    expect = example.get("expect")
    if example["kpi"] == "funnel":
        if expect:
            assert [step.step for step in found] == expect["steps"]
            assert [step.entities for step in found] == expect["entities"]
        for step, expected in zip(found, example.get("expect_steps", found), strict=True):
            holds(step, {} if expected is step else expected)
        wrong = example["wrong"]["event_counts"] if "wrong" in example else None
        assert [step.entities for step in found] != wrong
        return
    if isinstance(expect, list):
        assert [dict(result.by) for result in found] == [record["by"] for record in expect]
        for result, record in zip(found, expect, strict=True):
            holds(result, record)
        for mistake, record in example.get("wrong", {}).items():
            at = [one.value for one in found if dict(one.by) == record["by"]]
            assert at != [pytest.approx(record["value"], abs=EXACT)], mistake
    elif expect:
        [result] = found
        holds(result, expect)
        if "expect_note" in example:
            assert example["expect_note"] in (result.note or "")
        for mistake, value in example.get("wrong", {}).items():
            assert result.value is None or abs(result.value - value) > EXACT, mistake
    by_key = {tuple(sorted(result.by.items())): result for result in found}
    for record in example.get("expect_some", ()):
        holds(by_key[tuple(sorted(record["by"].items()))], record)


def test_every_kpi_has_a_worked_example_and_what_it_must_not_be():
    told = [param.values[0] for param in own_examples()]
    assert set(KPIS) <= {example["kpi"] for example in told}
    assert set(KPIS) <= {example["kpi"] for example in told if example.get("wrong")}
