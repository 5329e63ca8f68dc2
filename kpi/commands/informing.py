"""The commands that tell: alerts, and the overview for mail and intranet.

Light on purpose: `ketenzicht --help` imports this.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kpi.commands.entry import Command, absolute, listed, one_of, run
from kpi.commands.options import AS, FORMS, PROCESS
from kpi.commands.speech import say
from kpi.i18n import LANGUAGES
from kpi.text import N_

PERIODS = ("day", "week")


def register(app: typer.Typer) -> None:
    """Add them to the command line."""

    @app.command(
        "alert", cls=Command, help=say(N_("Look where every alert stands, and send what is due."))
    )
    def _alert(
        context: typer.Context,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help=say(N_("Only tell what would be sent")))
        ] = False,
        form: AS = FORMS[0],
    ) -> None:
        run(context, "alert", {"dry_run": dry_run, "as": one_of("--as", form, FORMS)})

    @app.command(
        "digest", cls=Command, help=say(N_("Write the overview for an intranet, or send it now."))
    )
    def _digest(
        context: typer.Context,
        folder: Annotated[
            Path | None,
            typer.Option("--out", metavar="DIR", help=say(N_("Write it there, as files"))),
        ] = None,
        process: PROCESS = None,
        every: Annotated[
            str, typer.Option(metavar="|".join(PERIODS), help=say(N_("What it is about")))
        ] = "week",
        send: Annotated[
            str | None,
            typer.Option(metavar="NAME", help=say(N_("Send the digest of that name now"))),
        ] = None,
        language: Annotated[
            str | None,
            typer.Option(metavar="|".join(LANGUAGES), help=say(N_("Language of the overview"))),
        ] = None,
    ) -> None:
        run(
            context,
            "digest",
            {
                "out": absolute(folder) if folder else None,
                "process": listed(process),
                "every": one_of("--every", every, PERIODS),
                "send": send,
                "language": one_of("--language", language, LANGUAGES) if language else None,
            },
        )
