"""Options that several commands have, said once.

Light on purpose: `ketenzicht --help` imports this.
"""

from __future__ import annotations

from typing import Annotated

import typer

from kpi.commands.speech import say
from kpi.text import N_

FORMS = ("table", "json", "csv")

PROCESS = Annotated[
    list[str] | None,
    typer.Option("--process", metavar="PROCESS", help=say(N_("Only this customer process"))),
]
SINCE = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help=say(N_("First day, as 2026-03-31"))),
]
UNTIL = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help=say(N_("Last day, included")))
]
AS = Annotated[
    str,
    typer.Option("--as", metavar="|".join(FORMS), help=say(N_("How to print the result"))),
]
JSON = Annotated[bool, typer.Option("--json", help=say(N_("Print the report as JSON")))]
BY = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="NAMES", help=say(N_("Split by these, separated by commas"))),
]
