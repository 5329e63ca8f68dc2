"""The command line: reads what was asked and hands it to `kpi.commands`.

Nothing heavy is imported here, so that `--help` answers at once. The surface is fixed: nightly jobs
rely on it (docs/generated/commands.md is made from it).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from kpi.commands import feeding, informing
from kpi.commands.entry import (
    DONE,
    Command,
    Group,
    absolute,
    err,
    listed,
    one_of,
    out,
    run,
    settings_of,
    whole,
)
from kpi.commands.options import AS, BY, FORMS, JSON, PROCESS, SINCE, UNTIL
from kpi.commands.speech import say
from kpi.text import N_

#: As a shell says that control-C ended a command.
INTERRUPTED = 130


ENTITIES = ("case", "customer", "web")
RANKINGS = ("complaints",)
PARTS = ("numerator", "denominator", "missed")

app = typer.Typer(
    cls=Group,
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


@app.command("serve", cls=Command, help=say(N_("Start the dashboard.")))
def _serve(
    context: typer.Context,
    host: Annotated[
        str,
        typer.Option(
            metavar="HOST", help=say(N_("Address to serve on; only this machine by default"))
        ),
    ] = "127.0.0.1",
    port: Annotated[
        str, typer.Option(metavar="PORT", help=say(N_("Port to serve on; 0 for any that is free")))
    ] = "8501",
    demo: Annotated[
        bool, typer.Option("--demo", help=say(N_("Fill an empty store with the demo first")))
    ] = False,
) -> None:
    from kpi.commands.serve import serve as start

    number = whole("--port", port, 0, 65535)
    raise typer.Exit(start(settings_of(context.obj), host, number, demo))


@app.command("demo", cls=Command, help=say(N_("Fill the store with an invented organisation.")))
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
    wanted = {name: whole(f"--{name}", one) for name, one in numbers.items() if one is not None}
    run(context, "demo", {**wanted, "until": until})


@app.command("load", cls=Command, help=say(N_("Load extracts: CSV, TSV, Excel or Parquet.")))
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
    as_json: JSON = False,
) -> None:
    named = profile and Path(profile).expanduser()
    run(
        context,
        "load",
        {
            "files": [absolute(file) for file in files],
            "table": table,
            # A name of a saved profile stays as it is.
            "profile": absolute(named) if named and named.exists() else profile,
            "dry_run": dry_run,
            "json": as_json,
        },
    )


@app.command("undo", cls=Command, help=say(N_("Take one import back whole.")))
def _undo(
    context: typer.Context,
    number: Annotated[
        str, typer.Argument(metavar="IMPORT", help=say(N_("Its number in `imports`")))
    ],
) -> None:
    run(context, "undo", {"import": whole("IMPORT", number, 1)})


@app.command("imports", cls=Command, help=say(N_("List what was loaded.")))
def _imports(context: typer.Context, form: AS = FORMS[0]) -> None:
    run(context, "imports", {"as": one_of("--as", form, FORMS)})


@app.command(
    "profile", cls=Command, help=say(N_("Print a proposed profile for a file, to edit and keep."))
)
def _profile(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say(N_("The file to look at")))],
    as_json: JSON = False,
) -> None:
    from kpi.commands.profile import profile as propose

    settings = settings_of(context.obj)
    # Looking at a file needs no store.
    raise typer.Exit(propose(settings, Path(absolute(file)), as_json, out, err))


@app.command(
    "show", cls=Command, help=say(N_("Print numbers: of the named KPIs, or of all that apply."))
)
def _show(
    context: typer.Context,
    kpis: Annotated[
        list[str] | None, typer.Argument(metavar="KPI", help=say(N_("KPIs to print")))
    ] = None,
    process: PROCESS = None,
    since: SINCE = None,
    until: UNTIL = None,
    by: BY = None,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", metavar="NAME=VALUE", help=say(N_("Only rows with this value"))),
    ] = None,
    form: AS = FORMS[0],
) -> None:
    names = listed(kpis)
    run(
        context,
        "show",
        {
            "kpis": [name for name in names if "=" not in name],
            "process": listed(process),
            "since": since,
            "until": until,
            "by": listed(by),
            # `--where channel=phone segment=household`: the second comes as an argument.
            "where": [*(where or ()), *(name for name in names if "=" in name)],
            "as": one_of("--as", form, FORMS),
        },
    )


@app.command("rows", cls=Command, help=say(N_("Print the rows behind one number.")))
def _rows(
    context: typer.Context,
    kpi: Annotated[str, typer.Argument(metavar="KPI", help=say(N_("The KPI")))],
    part: Annotated[
        str | None,
        typer.Option(
            metavar="|".join(PARTS),
            help=say(N_("Which rows: what counts, all of them, the rest, or a part by its name")),
        ),
    ] = None,
    process: PROCESS = None,
    since: SINCE = None,
    until: UNTIL = None,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", metavar="NAME=VALUE", help=say(N_("Only rows with this value"))),
    ] = None,
    search: Annotated[
        str | None, typer.Option(metavar="TEXT", help=say(N_("Only rows that hold this text")))
    ] = None,
    n: Annotated[
        str | None, typer.Option("-n", metavar="N", help=say(N_("At most so many")))
    ] = None,
    form: AS = FORMS[0],
) -> None:
    run(
        context,
        "rows",
        {
            "kpi": kpi,
            "part": part,
            "process": listed(process),
            "since": since,
            "until": until,
            "where": list(where or ()),
            "search": search,
            "n": whole("-n", n, 1) if n else None,
            "as": one_of("--as", form, FORMS),
        },
    )


@app.command(
    "funnel", cls=Command, help=say(N_("Print a funnel: a configured one, or steps named here."))
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
    since: SINCE = None,
    until: UNTIL = None,
    window: Annotated[
        str | None, typer.Option(metavar="14d", help=say(N_("Time from entry to the last step")))
    ] = None,
    by: BY = None,
    form: AS = FORMS[0],
) -> None:
    run(
        context,
        "funnel",
        {
            "name": name,
            "steps": listed([steps]) if steps else None,
            "entity": one_of("--entity", entity, ENTITIES) if entity else None,
            "since": since,
            "until": until,
            "window": window,
            "by": listed(by),
            "as": one_of("--as", form, FORMS),
        },
    )


@app.command("top", cls=Command, help=say(N_("Rank the reasons of complaints.")))
def _top(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="complaints", help=say(N_("What to rank")))],
    n: Annotated[str, typer.Option("-n", metavar="N", help=say(N_("How many places")))] = "5",
    since: SINCE = None,
    until: UNTIL = None,
    process: PROCESS = None,
    form: AS = FORMS[0],
) -> None:
    run(
        context,
        "top",
        {
            "what": one_of("top", what, RANKINGS),
            "n": whole("-n", n, 1),
            "since": since,
            "until": until,
            "process": listed(process),
            "as": one_of("--as", form, FORMS),
        },
    )


feeding.register(app)
informing.register(app)


@app.command(
    "doctor", cls=Command, help=say(N_("Look whether all is well with this installation."))
)
def _doctor(context: typer.Context) -> None:
    run(context, "doctor", {})


# --- the way in ---------------------------------------------------------------------------------


def _database_first(given: Sequence[str]) -> list[str]:
    """The same words with `--database` before the command, wherever it was written."""
    first: list[str] = []
    rest: list[str] = []
    words = iter(given)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--database":
            first += [word, *([value] if (value := next(words, None)) is not None else [])]
        elif word.startswith("--database="):
            first.append(word)
        else:
            rest.append(word)
    return first + rest


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its exit code; never with a traceback."""
    given = _database_first(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(given, prog_name="ketenzicht", standalone_mode=False)
    except typer.Exit as asked:
        code = asked.exit_code
    except typer.TyperException as problem:
        from kpi.commands.misuse import misused

        code = misused(problem, app)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough (`ketenzicht show | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = INTERRUPTED
    except Exception as problem:
        from kpi.commands.misuse import unexpected

        code = unexpected(problem)
    raise SystemExit(code if isinstance(code, int) else DONE)
