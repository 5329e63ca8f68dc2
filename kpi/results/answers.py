"""What surveys give besides shares and means: net promoters, and a warning of few answers."""

from __future__ import annotations

import math

from kpi.model import Note
from kpi.query.question import Question
from kpi.student import Z95
from kpi.text import N_


def nps(n: int, net: int, decided: int) -> tuple[float, float, float] | None:
    """Net promoter score with its 95 % interval, -100 to 100; None without answers.

    Args:
        n: answers on the scale.
        net: promoters minus detractors.
        decided: promoters and detractors together.

    The standard error is that of a mean of +1, 0 and -1: 100 √((p + d - (p - d)²) / n).
    """
    if n <= 0:
        return None
    mean = net / n
    half = Z95 * math.sqrt(max(0.0, decided / n - mean * mean) / n)
    return 100 * mean, max(-100.0, 100 * (mean - half)), min(100.0, 100 * (mean + half))


def low_response(question: Question, answered: int, invited: int) -> tuple[Note, ...]:
    """A warning where fewer answered than the KPI's `low_response` (percent of the invited)."""
    least = question.kpi.options.get("low_response")
    if least is None or not invited or 100 * answered / invited >= least:
        return ()
    return (
        Note.of(
            N_("response below {percent}%: who answered may differ from who did not"),
            percent=least,
        ),
    )
