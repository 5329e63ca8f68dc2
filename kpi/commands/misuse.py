"""What was typed and cannot be understood: one sentence, and where help is."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from kpi import escape
from kpi.commands.entry import NOTHING, speak
from kpi.i18n import _

if TYPE_CHECKING:
    import typer


def misused(problem: Any, app: typer.Typer) -> int:
    """Say what cannot be understood, and where help is; gives the exit code."""
    speak()
    kind = type(problem).__name__
    context: Any = getattr(problem, "ctx", None)
    if kind == "NoArgsIsHelpError":
        sys.stderr.write(context.get_help() + "\n")
        return NOTHING
    message = str(problem.format_message())
    if kind == "NoSuchOption":
        text = _("There is no option {name}.").format(name=problem.option_name)
        near = sorted(problem.possibilities or ())[:1]
    elif kind == "MissingParameter":
        text = _("{name} is missing.").format(name=_asked_for(problem.param))
        near = []
    elif message.startswith("No such command"):
        text, near = _no_such_command(message.split("'")[1], app)
    else:
        text, near = message, []
    if near:
        text += " " + _("Did you mean {other}?").format(other=near[0])
    command = context.command_path if context else "ketenzicht"
    help_is = _("`{command} --help` says what is possible.").format(command=command)
    sys.stderr.write(escape.terminal(f"{text} {help_is}\n"))
    return NOTHING


def _asked_for(parameter: Any) -> str:
    return getattr(parameter, "metavar", None) or getattr(parameter, "name", None) or "?"


def _no_such_command(name: str, app: typer.Typer) -> tuple[str, list[str]]:
    from kpi.suggest import suggest

    known = [one.name for one in app.registered_commands if one.name]
    near = suggest(name, known)
    return _("There is no command {name}.").format(name=name), [near] if near else []


def unexpected(problem: Exception) -> int:
    """Say that something went wrong with us; gives the exit code."""
    if os.environ.get("KETENZICHT_TRACEBACK"):
        raise problem
    speak()
    sys.stderr.write(
        _("Something went wrong inside Ketenzicht: {problem} ({kind}).").format(
            problem=problem, kind=type(problem).__name__
        )
        + "\n"
    )
    return NOTHING
