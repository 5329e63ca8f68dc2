"""Beside a ranking of complaints: how many have no place in it."""

from __future__ import annotations

from kpi import formats
from kpi.i18n import _
from kpi.results.top import Top


def apart(top: Top) -> str:
    """How many complaints are for no reason that has a name here; empty where there are none to tell."""
    said = []
    if top.others:
        said.append(
            _("{n} complaints had a reason that is not configured.").format(
                n=formats.number(top.others)
            )
        )
    if top.unknown:
        said.append(
            _("{n} complaints came without a reason.").format(n=formats.number(top.unknown))
        )
    return " ".join(said)
