"""docs/generated: commands, columns and definitions, written from the code they describe.

`python -m kpi.docs` writes them, `python -m kpi.docs --check` says which are out of date.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kpi.docs_kpis import definitions
from kpi.schema import CONFIGURATION, FACTS, Column, Table

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "generated"
_MADE = "<!-- Made by `python -m kpi.docs`; do not edit. -->\n\n"


def commands() -> str:
    """What the command line can do: the help of every command."""
    # Help is put together when the module is imported, in the language of that moment.
    os.environ["KETENZICHT_LANGUAGE"] = "en"
    import typer

    from kpi.cli import app

    group: Any = typer.main.get_command(app)
    text = [
        "# Commands\n\n",
        (
            "Results go to standard output, progress and messages to standard error. Exit codes: 0 done, "
            "1 done in part (`load`: some rows were set aside), 2 nothing done, with the reason. Every "
            "command works while the dashboard is running.\n\n"
        ),
        _help(group, None, "ketenzicht"),
    ]
    with typer.Context(group, info_name="ketenzicht") as above:
        for name in group.commands:
            text.append(f"## {name}\n\n")
            text.append(_help(group.commands[name], above, name))
    return "".join(text)


def _help(command: Any, above: Any, name: str) -> str:
    import typer

    with typer.Context(
        command, info_name=name, parent=above, help_option_names=["-h", "--help"]
    ) as context:
        context.terminal_width = context.max_content_width = 100
        said = command.get_help(context)
    return f"```text\n{said.rstrip()}\n```\n\n"


def columns() -> str:
    """Every column of what extracts fill and of what is configured."""
    text = [
        "# Columns\n\n",
        (
            "Keys are texts; times are local to the feed unless they carry an offset and are kept in "
            "UTC. **Bold** is required.\n\n## What extracts fill\n\n"
        ),
    ]
    text += [_table(table) for table in FACTS]
    text += [
        "## What is configured\n\n",
        "Every row counts from `valid_from` on, so that yesterday keeps yesterday's rules.\n\n",
    ]
    text += [_table(table) for table in CONFIGURATION]
    return "".join(text)


def _table(table: Table) -> str:
    lines = [
        f"### {table.name}\n\n{table.meaning}. Key: {', '.join(table.key)}.\n\n",
        "| Column | Type | Meaning | Example | Rule |\n|---|---|---|---|---|\n",
    ]
    for column in table.columns:
        name = f"**{column.name}**" if column.required else column.name
        cells = (name, column.type.value, column.meaning, f"`{column.example}`", _rule(column))
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |\n")
    for rule in table.rules:
        lines.append(f"\nA row {rule.sentence}.\n")
    return "".join(lines) + "\n"


def _rule(column: Column) -> str:
    said = []
    if column.values:
        said.append(", ".join(column.values))
    said += [rule.sentence for rule in (column.rule, column.limit) if rule is not None]
    if column.coded:
        said.append(f"understood through the codes of {column.coded}")
    if column.personal:
        said.append("personal data")
    return "; ".join(said)


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|")


#: Every file that is generated, and by what.
DOCUMENTS: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "columns.md": columns,
    "definitions.md": definitions,
    "definities.md": lambda: definitions("nl"),
}


def made() -> Iterator[tuple[Path, str]]:
    """Every generated file with what it should hold."""
    for name, make in DOCUMENTS.items():
        yield FOLDER / name, _MADE + make().rstrip() + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the documents, or with `--check` say which are out of date (exit code 1)."""
    check = "--check" in arguments
    old = [
        (path, text)
        for path, text in made()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in old:
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        sys.stderr.write(f"{path.name} {'is out of date' if check else 'was written'}\n")
    return 1 if check and old else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
