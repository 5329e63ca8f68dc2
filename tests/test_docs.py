"""The generated reference is what the code says now."""

import subprocess
import sys
from pathlib import Path

from kpi.docs import FOLDER
from kpi.i18n import _, use
from kpi.measures import KPIS
from kpi.measures.arithmetic import made_by
from kpi.schema import CONFIGURATION, FACTS

ROOT = Path(__file__).resolve().parent.parent


def test_it_is_up_to_date():
    # In a process of its own: help is put together in one language when it is imported.
    said = subprocess.run(
        [sys.executable, "-m", "kpi.docs", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, f"run `python -m kpi.docs`: {said.stderr}"


def test_nothing_is_left_out():
    definitions = (FOLDER / "definitions.md").read_text(encoding="utf-8")
    assert all(f"## {name}\n" in definitions for name in KPIS)
    dutch = (FOLDER / "definities.md").read_text(encoding="utf-8")
    with use("nl"):
        for name, kpi in KPIS.items():
            assert f"## {name}\n\n**{_(kpi.title)}.** {_(kpi.definition)}\n" in dutch
            assert made_by(kpi) in dutch
    assert dutch.count("Een uitgewerkt voorbeeld") == definitions.count("A worked example") > 50
    columns = (FOLDER / "columns.md").read_text(encoding="utf-8")
    for table in (*FACTS, *CONFIGURATION):
        assert f"### {table.name}\n" in columns
        assert all(
            f"| {column.name} |" in columns or f"| **{column.name}** |" in columns
            for column in table.columns
        )
