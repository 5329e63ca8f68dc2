"""The command line as a script meets it: arguments in; output, messages and an exit code out."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from kpi import cli
from kpi.demo.fill import fill
from kpi.demo.plan import Plan
from kpi.i18n import use
from kpi.settings import load_settings
from kpi.store import open_store

UNTIL = date(2025, 9, 17)


@dataclass(frozen=True)
class Said:
    """What one command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Ask = Callable[..., Said]


@pytest.fixture
def ask(capsys, monkeypatch) -> Ask:
    """Run a command in English and give what it said; no traceback, whatever was asked."""
    monkeypatch.setenv("KETENZICHT_LANGUAGE", "en")

    def asked(*arguments: object) -> Said:
        capsys.readouterr()
        with use("en"), pytest.raises(SystemExit) as ended:
            cli.main([str(one) for one in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Said(int(ended.value.code), said.out, said.err)

    return asked


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory) -> str:
    """A store with a small demo, to read only."""
    path = tmp_path_factory.mktemp("demo") / "store.duckdb"
    url = f"duckdb:///{path}"
    with open_store(load_settings(url)) as store:
        fill(store, Plan(until=UNTIL, customers=800, months=14, seed=5), "test", lambda text: None)
    return url


@pytest.fixture
def demo(demo_url, monkeypatch) -> str:
    """The same, as the store that commands use."""
    monkeypatch.setenv("KETENZICHT_DATABASE_URL", demo_url)
    return demo_url


@pytest.fixture
def cases_csv(tmp_path):
    """Four cases, one of which has an impossible date."""
    path = tmp_path / "zaken.csv"
    path.write_text(
        "Zaaknummer;Proces;Geopend op;Gesloten op;Status\n"
        "1;fault;01-06-2025 10:00;02-06-2025 10:00;gesloten\n"
        "2;fault;02-06-2025 10:00;03-06-2025 11:00;gesloten\n"
        "3;complaint;03-06-2025 10:00;31-06-2025 10:00;gesloten\n"
        "4;complaint;04-06-2025 10:00;;open\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def cases_profile(tmp_path):
    path = tmp_path / "zaken.toml"
    path.write_text(
        """
name = "zaken"

[read]
date_order = "dmy"
delimiter = ";"

[[feeds]]
table = "cases"

[feeds.columns]
case_id = "Zaaknummer"
process = "Proces"
opened_at = "Geopend op"
closed_at = "Gesloten op"
status = "Status"
""",
        encoding="utf-8",
    )
    return path
