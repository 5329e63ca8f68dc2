"""Help answers at once, in the language of the settings, and misuse gets a sentence."""

import ast
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from kpi import cli
from kpi.commands import COMMANDS
from kpi.commands.speech import say, spoken
from kpi.i18n import _, use

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("pandas", "numpy", "duckdb", "sqlalchemy", "babel", "httpx", "streamlit", "rapidfuzz")


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_is_quick():
    # Processor time, not the clock: a busy machine must not make this fail.
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run("-m", "kpi", "--help").returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.3


def test_help_imports_nothing_heavy():
    said = run(
        "-c",
        "import sys, kpi.cli\n"
        "try: kpi.cli.main(['show', '--help'])\n"
        f"finally: print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)",
    )
    assert said.stderr.strip() == "[]"


def test_help_speaks_the_language_of_the_settings(tmp_path):
    assert "Het dashboard starten." in run("-m", "kpi", "--help", KETENZICHT_LANGUAGE="nl").stdout
    assert "Start the dashboard." in run("-m", "kpi", "--help", KETENZICHT_LANGUAGE="en").stdout
    (tmp_path / "ketenzicht.toml").write_text('language = "en"\n', encoding="utf-8")
    beside = f"duckdb:///{tmp_path / 'store.duckdb'}"
    assert (
        "Start the dashboard." in run("-m", "kpi", "--help", KETENZICHT_DATABASE_URL=beside).stdout
    )


def test_dutch_help_leaves_nothing_in_english():
    said = run("-m", "kpi", "show", "--help", KETENZICHT_LANGUAGE="nl").stdout
    for word in ("Usage", "Options:", "Show this", "default"):
        assert word not in said


def test_the_quick_catalogue_says_what_the_whole_one_says(monkeypatch):
    monkeypatch.setenv("KETENZICHT_LANGUAGE", "nl")
    assert spoken() == "nl"
    with use("nl"):
        for text in ("Start the dashboard.", "KPIs to print", "The funnel, or a process"):
            assert say(text) == _(text) != text


def test_every_word_of_the_help_is_in_the_catalogue_that_help_reads(monkeypatch):
    monkeypatch.setenv("KETENZICHT_LANGUAGE", "nl")
    said = set()
    for path in (ROOT / "kpi" / "cli.py", *(ROOT / "kpi" / "commands").glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "say":
                said |= {
                    one.value for one in ast.walk(call)
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }  # fmt: skip
    assert "Load what lies in the inbox, once." in said
    assert {text for text in said if say(text) == text} == set()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["shwo"], "Did you mean show?"),
        (["show", "--fromm", "x"], "no option --fromm"),
        (["show", "--as", "xml"], "table, json, csv"),
        (["top"], "complaints is missing"),
        (["top", "churn"], "possible are complaints"),
        (["top", "complaints", "-n", "0"], "1 or more"),
        (["undo", "first"], "whole number"),
        (["funnel"], "NAME is missing"),
        (["funnel", "order", "--entity", "cat"], "case, customer, web"),
        (["serve", "--port", "70000"], "from 0 to 65535"),
        (["demo", "--seed", "x"], "--seed"),
    ],
)
def test_misuse_gets_a_sentence_and_exit_code_2(ask, arguments, says):
    said = ask(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert says in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_a_wrong_setting_gets_a_sentence(ask):
    said = ask("--database", "mysql://somewhere/x", "imports")
    assert said.code == 2
    assert "mysql" in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_every_command_of_the_command_line_is_known_to_the_running_application():
    without_store = {"serve", "profile"}
    assert {one.name for one in cli.app.registered_commands} - without_store <= set(COMMANDS)


def test_what_is_unexpected_ends_in_a_sentence(ask, monkeypatch):
    def fails(*_arguments):
        raise RuntimeError("the moon is full")

    monkeypatch.setattr("kpi.store.endpoint.run", fails)
    said = ask("imports")
    assert said.code == 2
    assert "the moon is full" in said.err


@pytest.mark.parametrize("place", ["first", "last", "joined", "middle"])
def test_the_store_is_named_anywhere(ask, demo_url, monkeypatch, tmp_path, place):
    monkeypatch.setenv("KETENZICHT_DATABASE_URL", f"duckdb:///{tmp_path / 'empty.duckdb'}")
    words = {
        "first": ["--database", demo_url, "show", "csat", "--as", "json"],
        "last": ["show", "csat", "--as", "json", "--database", demo_url],
        "joined": ["show", "csat", f"--database={demo_url}", "--as", "json"],
        "middle": ["show", "--database", demo_url, "csat", "--as", "json"],
    }
    [record] = ask(*words[place]).json
    assert record["n"] > 0
