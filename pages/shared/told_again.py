"""What the Overzicht tells, said again above its evidence: in a trend of few it cannot be seen.

A day's line counts what came while open, per hour; a week's complaints are too few to judge one by
one. Who comes from the sentence must find its numbers back here.
"""

from __future__ import annotations

from kpi import numbers
from kpi.bulletin.moved import Moved
from kpi.i18n import _
from kpi.model import Kpi
from pages.shared import stretches, surges
from pages.shared.filters import Asked

_COMPLAINTS = "complaints"


def sentences(asked: Asked, kpi: Kpi, grain: str) -> list[str]:
    """Of a process by day its busy days, of the complaints about one reason since when they rose."""
    if kpi.name == numbers.VOLUME and grain == "day" and asked.process:
        said = [_sentence(one) for one in surges.lines(asked) if one.process == asked.process]
        if said:
            said.append(_("Counted day and night; the line below is what came while we were open."))
        return said
    if kpi.name == _COMPLAINTS and len(asked.filters.values("reason")) == 1:
        return [_sentence(one) for one in stretches.complaints(asked)]
    return []


def rows(asked: Asked, kpi: Kpi, grain: str) -> list[tuple[str, dict[str, str]]]:
    """The ways to the rows that `sentences` counts, as words and query."""
    if kpi.name == numbers.VOLUME and grain == "day" and asked.process:
        return surges.rows(asked)
    if kpi.name == _COMPLAINTS and len(asked.filters.values("reason")) == 1:
        return stretches.complaint_rows(asked)
    return []


def _sentence(line: Moved) -> str:
    said = ", ".join(filter(None, (line.sentence, line.because)))
    return f"{said} ({line.change})." if line.change else f"{said}."
