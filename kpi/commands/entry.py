"""What the commands of the command line share: help, settings, checks, the way to the store.

Light on purpose: `ketenzicht --help` imports this.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from kpi import escape
from kpi.commands.speech import say, spoken
from kpi.text import N_

if TYPE_CHECKING:
    from kpi.settings import Settings

DONE, IN_PART, NOTHING = 0, 1, 2

#: What the library says of its own, in the order in which it is replaced.
_ITS_WORDS = (
    N_("Usage:"),
    N_("Arguments:"),
    N_("Options:"),
    N_("Commands:"),
    N_("[OPTIONS] COMMAND [ARGS]..."),
    N_("[OPTIONS]"),
    N_("Show this message and exit."),
    N_("[default: "),
    N_("[required]"),
    N_("[env var: "),
)
_TYPES = re.compile(r" <(list\[\w+\]|str|int|path)>")


def _translated(text: str) -> str:
    for words in _ITS_WORDS:
        # Without the blank at its end: there a long line may be broken.
        text = text.replace(words.rstrip(), say(words).rstrip())
    # What type a value is read as is no concern of the reader.
    return _TYPES.sub("", text)


class Group(TyperGroup):
    """The commands together; their help speaks the language of the settings."""

    def get_help(self, ctx: Any) -> str:
        return _translated(super().get_help(ctx))


class Command(TyperCommand):
    """One command; its help speaks the language of the settings."""

    def get_help(self, ctx: Any) -> str:
        return _translated(super().get_help(ctx))


def settings_of(database: str | None) -> Settings:
    """The settings, and from here on their language."""
    from kpi.i18n import use
    from kpi.setting_values import SettingsProblem
    from kpi.settings import load_settings

    speak()
    try:
        settings = load_settings(database)
    except SettingsProblem as problem:
        end(NOTHING, str(problem))
    use(settings.language)
    return settings


def end(code: int, sentence: str = "") -> NoReturn:
    """End with this exit code, and say why."""
    if sentence:
        err(sentence + "\n")
    raise typer.Exit(code)


def out(text: str) -> None:
    """Results go to standard output."""
    sys.stdout.write(text)


def err(text: str) -> None:
    """Progress and messages go to standard error, at once."""
    sys.stderr.write(escape.terminal(text))
    sys.stderr.flush()


def run(context: typer.Context, command: str, arguments: Mapping[str, Any]) -> NoReturn:
    """Run a command on the store, wherever it is open, and end with its exit code."""
    from kpi.commands import COMMANDS
    from kpi.store import endpoint

    settings = settings_of(context.obj)
    raise typer.Exit(endpoint.run(settings, COMMANDS, command, arguments, out, err))


def one_of(option: str, value: str, known: Sequence[str]) -> str:
    """`value` where it is known; else the end, with a sentence."""
    if value in known:
        return value
    from kpi.i18n import _

    speak()
    end(
        NOTHING,
        _("{option} is {value}; possible are {known}.").format(
            option=option, value=value, known=", ".join(known)
        ),
    )


def whole(option: str, value: str, least: int = 0, most: int | None = None) -> int:
    """A whole number within bounds; else the end, with a sentence."""
    if value.isascii() and value.isdigit() and least <= int(value) <= (most or int(value)):
        return int(value)
    from kpi.i18n import _

    speak()
    if most is None:
        text = _("{option} is {value}; it must be a whole number of {least} or more.")
    else:
        text = _("{option} is {value}; it must be a whole number from {least} to {most}.")
    end(NOTHING, text.format(option=option, value=value, least=least, most=most))


def speak() -> None:
    """The language of messages from before the settings are read."""
    from kpi.i18n import use

    use(spoken())


def absolute(file: Path) -> str:
    """A path that another process understands too."""
    return str(file.expanduser().absolute())


def listed(values: Sequence[str] | None) -> list[str]:
    """`--by week,process` and `--by week --by process` are the same."""
    return [one.strip() for text in values or () for one in text.split(",") if one.strip()]
