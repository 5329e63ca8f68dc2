"""Who is to act on what got worse: the owner of the process, and the way to what they decide."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from kpi.bulletin.moved import Moved
from kpi.i18n import _, language
from pages.shared import data, places
from pages.shared.filters import Asked


def shown(asked: Asked, line: Moved) -> Moved:
    """The line with who acts on it, one click from actions, explanations and decisions.

    Of what got better, and of what is of no configured process, nobody is told to act.
    """
    process = line.process or line.owned
    row = data.store().configuration.row("processes", asked.period.until, process=process)
    if line.better or row is None:
        return line
    query = {
        **asked.filters.keeping("process", [process]).to_query(),
        "view": ["meeting"],
        "lang": [language()],
    }
    return replace(
        line,
        acts=_("up to: {who}").format(who=row["owner"] or _("the process owner")),
        acts_href=f"{places.path('process')}?{urlencode(query, doseq=True)}",
    )
