"""From a question to SQL, never executed here: (Kpi, filters, by, scope, as-of) → Select.

Kinds that are sums share one pass per source (`sums`); the others have a select of their own.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.query.groups import source
from kpi.query.question import Key, Question
from kpi.query.sums import SUMMED, batches, over_periods, sums
from kpi.query.surveys import survey_basis


def extent(of: str, column: str) -> sa.Select[Any]:
    """The first and last value of a source's date: first, last."""
    day = source(of).c[column]
    return sa.select(sa.func.min(day).label("first"), sa.func.max(day).label("last"))


__all__ = ["SUMMED", "Key", "Question", "batches", "extent", "over_periods", "sums", "survey_basis"]
