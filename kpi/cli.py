"""The command line: reads what was asked and hands it to `kpi.commands`.

Nothing heavy is imported here, so that `--help` answers at once. The surface is fixed: nightly jobs
rely on it (docs/generated/commands.md is made from it).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from kpi.commands.speech import say
from kpi.text import N_

DONE, IN_PART, NOTHING = 0, 1, 2
#: As a shell says that control-C ended a command.
INTERRUPTED = 130


FORMS = ("table", "json", "csv")
ENTITIES = ("case", "customer", "web")
RANKINGS = ("complaints",)

_HEADINGS = (
    (N_("Usage:"), "Usage:"),
    (N_("Arguments:"), "Arguments:"),
    (N_("Options:"), "Options:"),
    (N_("Commands:"), "Commands:"),
    (N_("Show this message and exit."), "Show this message and exit."),
)


_TYPES = re.compile(r" <(list\[\w+\]|str|int|path)>")


def _translated(text: str) -> str:
    for ours, theirs in _HEADINGS:
        text = text.replace(theirs, say(ours))
    # What type a value is read as is no concern of the reader.
    return _TYPES.sub("", text)


class _Group(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return _translated(super().get_help(ctx))


class _Command(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return _translated(super().get_help(ctx))


# --- what the commands share --------------------------------------------------------------------


def _settings(database: str | None) -> Any:
    """The settings, and from here on their language."""
    from kpi.i18n import use
    from kpi.settings import SettingsProblem, load_settings

    _speak()
    try:
        settings = load_settings(database)
    except SettingsProblem as problem:
        _end(NOTHING, str(problem))
    use(settings.language)
    return settings


def _end(code: int, sentence: str = "") -> NoReturn:
    if sentence:
        sys.stderr.write(sentence + "\n")
    raise typer.Exit(code)


def _out(text: str) -> None:
    sys.stdout.write(text)


def _err(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _run(context: typer.Context, command: str, arguments: Mapping[str, Any]) -> NoReturn:
    """Run a command on the store, wherever it is open, and end with its exit code."""
    from kpi.commands import COMMANDS
    from kpi.store.endpoint import run

    settings = _settings(context.obj)
    raise typer.Exit(run(settings, COMMANDS, command, arguments, _out, _err))


def _one_of(option: str, value: str, known: Sequence[str]) -> str:
    if value in known:
        return value
    from kpi.i18n import _

    _speak()
    _end(
        NOTHING,
        _("{option} is {value}; possible are {known}.").format(
            option=option, value=value, known=", ".join(known)
        ),
    )


def _whole(option: str, value: str, least: int = 0, most: int | None = None) -> int:
    if value.isascii() and value.isdigit() and least <= int(value) <= (most or int(value)):
        return int(value)
    from kpi.i18n import _

    _speak()
    if most is None:
        text = _("{option} is {value}; it must be a whole number of {least} or more.")
    else:
        text = _("{option} is {value}; it must be a whole number from {least} to {most}.")
    _end(NOTHING, text.format(option=option, value=value, least=least, most=most))


def _speak() -> None:
    """The language of messages from before the settings are read."""
    from kpi.commands.speech import spoken
    from kpi.i18n import use

    use(spoken())


def _absolute(file: Path) -> str:
    return str(file.expanduser().absolute())


def _listed(values: Sequence[str] | None) -> list[str]:
    """`--by week,process` and `--by week --by process` are the same."""
    return [one.strip() for text in values or () for one in text.split(",") if one.strip()]


_PROCESS = Annotated[
    list[str] | None,
    typer.Option("--process", metavar="PROCESS", help=say(N_("Only this customer process"))),
]
_SINCE = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help=say(N_("First day, as 2026-03-31"))),
]
_UNTIL = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help=say(N_("Last day, included")))
]
_AS = Annotated[
    str,
    typer.Option("--as", metavar="|".join(FORMS), help=say(N_("How to print the result"))),
]
_JSON = Annotated[bool, typer.Option("--json", help=say(N_("Print the report as JSON")))]
_BY = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="NAMES", help=say(N_("Split by these, separated by commas"))),
]

app = typer.Typer(
    cls=_Group,
    name="ketenzicht",
    help=say(N_("Steering on customer processes: load extracts, see true numbers.")),
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback()
def _all(
    context: typer.Context,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            envvar="KETENZICHT_DATABASE_URL",
            metavar="URL",
            show_envvar=True,
            help=say(N_("The store, as duckdb:////path/to/file.duckdb")),
        ),
    ] = None,
) -> None:
    context.obj = database


# --- the commands -------------------------------------------------------------------------------


@app.command("serve", cls=_Command, help=say(N_("Start the dashboard.")))
def _serve(
    context: typer.Context,
    host: Annotated[
        str, typer.Option(help=say(N_("Address to serve on; only this machine by default")))
    ] = "127.0.0.1",
    port: Annotated[
        str, typer.Option(metavar="PORT", help=say(N_("Port to serve on; 0 for any that is free")))
    ] = "8501",
    demo: Annotated[
        bool, typer.Option("--demo", help=say(N_("Fill an empty store with the demo first")))
    ] = False,
) -> None:
    from kpi.commands.serve import serve as start

    number = _whole("--port", port, 0, 65535)
    raise typer.Exit(start(_settings(context.obj), host, number, demo))


@app.command("demo", cls=_Command, help=say(N_("Fill the store with an invented organisation.")))
def _demo(
    context: typer.Context,
    customers: Annotated[
        str | None,
        typer.Option(metavar="N", help=say(N_("About so many customers at any time"))),
    ] = None,
    months: Annotated[
        str | None, typer.Option(metavar="N", help=say(N_("Complete months before the last one")))
    ] = None,
    seed: Annotated[
        str | None, typer.Option(metavar="N", help=say(N_("Another seed, another organisation")))
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE", help=say(N_("Last day of the demo; default yesterday"))),
    ] = None,
) -> None:
    numbers = {"customers": customers, "months": months, "seed": seed}
    wanted = {name: _whole(f"--{name}", one) for name, one in numbers.items() if one is not None}
    _run(context, "demo", {**wanted, "until": until})


@app.command("load", cls=_Command, help=say(N_("Load extracts: CSV, TSV, Excel or Parquet.")))
def _load(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help=say(N_("Files to load")))],
    table: Annotated[
        str | None, typer.Option(metavar="TABLE", help=say(N_("The table that they fill")))
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(metavar="PROFILE", help=say(N_("A profile: a TOML file, or a saved name"))),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say(N_("Read and check, load nothing")))
    ] = False,
    as_json: _JSON = False,
) -> None:
    named = profile and Path(profile).expanduser()
    _run(
        context,
        "load",
        {
            "files": [_absolute(file) for file in files],
            "table": table,
            # A name of a saved profile stays as it is.
            "profile": _absolute(named) if named and named.exists() else profile,
            "dry_run": dry_run,
            "json": as_json,
        },
    )


@app.command("undo", cls=_Command, help=say(N_("Take one import back whole.")))
def _undo(
    context: typer.Context,
    number: Annotated[
        str, typer.Argument(metavar="IMPORT", help=say(N_("Its number in `imports`")))
    ],
) -> None:
    _run(context, "undo", {"import": _whole("IMPORT", number, 1)})


@app.command("imports", cls=_Command, help=say(N_("List what was loaded.")))
def _imports(context: typer.Context, form: _AS = FORMS[0]) -> None:
    _run(context, "imports", {"as": _one_of("--as", form, FORMS)})


@app.command(
    "profile", cls=_Command, help=say(N_("Print a proposed profile for a file, to edit and keep."))
)
def _profile(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say(N_("The file to look at")))],
    as_json: _JSON = False,
) -> None:
    from kpi.commands.profile import profile as propose

    settings = _settings(context.obj)
    # Looking at a file needs no store.
    raise typer.Exit(propose(settings, Path(_absolute(file)), as_json, _out, _err))


@app.command(
    "show", cls=_Command, help=say(N_("Print numbers: of the named KPIs, or of all that apply."))
)
def _show(
    context: typer.Context,
    kpis: Annotated[
        list[str] | None, typer.Argument(metavar="KPI", help=say(N_("KPIs to print")))
    ] = None,
    process: _PROCESS = None,
    since: _SINCE = None,
    until: _UNTIL = None,
    by: _BY = None,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", metavar="NAME=VALUE", help=say(N_("Only rows with this value"))),
    ] = None,
    form: _AS = FORMS[0],
) -> None:
    names = _listed(kpis)
    _run(
        context,
        "show",
        {
            "kpis": [name for name in names if "=" not in name],
            "process": _listed(process),
            "since": since,
            "until": until,
            "by": _listed(by),
            # `--where channel=phone segment=household`: the second comes as an argument.
            "where": [*(where or ()), *(name for name in names if "=" in name)],
            "as": _one_of("--as", form, FORMS),
        },
    )


@app.command(
    "funnel", cls=_Command, help=say(N_("Print a funnel: a configured one, or steps named here."))
)
def _funnel(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=say(N_("The funnel, or a process")))],
    steps: Annotated[
        str | None, typer.Option(metavar="A,B,C", help=say(N_("Its steps, separated by commas")))
    ] = None,
    entity: Annotated[
        str | None, typer.Option(metavar="|".join(ENTITIES), help=say(N_("What is counted")))
    ] = None,
    since: _SINCE = None,
    until: _UNTIL = None,
    window: Annotated[
        str | None, typer.Option(metavar="14d", help=say(N_("Time from entry to the last step")))
    ] = None,
    by: _BY = None,
    form: _AS = FORMS[0],
) -> None:
    _run(
        context,
        "funnel",
        {
            "name": name,
            "steps": _listed([steps]) if steps else None,
            "entity": _one_of("--entity", entity, ENTITIES) if entity else None,
            "since": since,
            "until": until,
            "window": window,
            "by": _listed(by),
            "as": _one_of("--as", form, FORMS),
        },
    )


@app.command("top", cls=_Command, help=say(N_("Rank the reasons of complaints.")))
def _top(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="complaints", help=say(N_("What to rank")))],
    n: Annotated[str, typer.Option("-n", metavar="N", help=say(N_("How many places")))] = "5",
    since: _SINCE = None,
    until: _UNTIL = None,
    process: _PROCESS = None,
    form: _AS = FORMS[0],
) -> None:
    _run(
        context,
        "top",
        {
            "what": _one_of("top", what, RANKINGS),
            "n": _whole("-n", n, 1),
            "since": since,
            "until": until,
            "process": _listed(process),
            "as": _one_of("--as", form, FORMS),
        },
    )


@app.command(
    "doctor", cls=_Command, help=say(N_("Look whether all is well with this installation."))
)
def _doctor(context: typer.Context) -> None:
    _run(context, "doctor", {})


# --- the way in ---------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its exit code; never with a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(given, prog_name="ketenzicht", standalone_mode=False)
    except typer.Exit as asked:
        code = asked.exit_code
    except typer.TyperException as problem:
        code = _misused(problem)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough (`ketenzicht show | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = INTERRUPTED
    except Exception as problem:
        code = _unexpected(problem)
    raise SystemExit(code if isinstance(code, int) else DONE)


def _misused(problem: Any) -> int:
    """An argument that cannot be understood: one sentence, and where help is."""
    from kpi.i18n import _

    _speak()
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
        text, near = _no_such_command(message.split("'")[1])
    else:
        text, near = message, []
    if near:
        text += " " + _("Do you mean {other}?").format(other=near[0])
    command = context.command_path if context else "ketenzicht"
    help_is = _("`{command} --help` says what is possible.").format(command=command)
    sys.stderr.write(f"{text} {help_is}\n")
    return NOTHING


def _asked_for(parameter: Any) -> str:
    return getattr(parameter, "metavar", None) or getattr(parameter, "name", None) or "?"


def _no_such_command(name: str) -> tuple[str, list[str]]:
    from kpi.i18n import _
    from kpi.suggest import suggest

    known = [one.name for one in app.registered_commands if one.name]
    near = suggest(name, known)
    return _("There is no command {name}.").format(name=name), [near] if near else []


def _unexpected(problem: Exception) -> int:
    from kpi.i18n import _

    if os.environ.get("KETENZICHT_TRACEBACK"):
        raise problem
    _speak()
    sys.stderr.write(
        _("Something went wrong inside Ketenzicht: {problem} ({kind}).").format(
            problem=problem, kind=type(problem).__name__
        )
        + "\n"
    )
    return NOTHING
