"""The commands of what comes in: the inbox, tokens of other systems, and what is missing.

Light on purpose: `ketenzicht --help` imports this.
"""

from __future__ import annotations

from typing import Annotated

import typer

from kpi.commands.entry import Command, listed, one_of, run
from kpi.commands.options import AS, FORMS, JSON, PROCESS, SINCE, UNTIL
from kpi.commands.speech import say
from kpi.text import N_

ACTIONS = ("add", "list", "remove")


def register(app: typer.Typer) -> None:
    """Add them to the command line."""

    @app.command("inbox", cls=Command, help=say(N_("Load what lies in the inbox, once.")))
    def _inbox(context: typer.Context, as_json: JSON = False) -> None:
        run(context, "inbox", {"json": as_json})

    @app.command(
        "quality",
        cls=Command,
        help=say(N_("Print what is missing in the data, and which KPIs that makes less sure.")),
    )
    def _quality(
        context: typer.Context,
        process: PROCESS = None,
        since: SINCE = None,
        until: UNTIL = None,
        form: AS = FORMS[0],
    ) -> None:
        asked = {"process": listed(process), "since": since, "until": until}
        run(context, "quality", {**asked, "as": one_of("--as", form, FORMS)})

    @app.command(
        "token", cls=Command, help=say(N_("Tokens with which other systems send files over HTTP."))
    )
    def _token(
        context: typer.Context,
        action: Annotated[
            str, typer.Argument(metavar="|".join(ACTIONS), help=say(N_("What to do")))
        ],
        name: Annotated[
            str | None, typer.Argument(metavar="NAME", help=say(N_("Who sends with it")))
        ] = None,
        form: AS = FORMS[0],
    ) -> None:
        asked = {"action": one_of("token", action, ACTIONS), "name": name}
        run(context, "token", {**asked, "as": one_of("--as", form, FORMS)})
