"""What is decided over all surveys loaded: the level that counts and the scale of each process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from kpi.tables import table


def survey_basis(metrics: Sequence[str]) -> sa.Select[Any]:
    """Which levels, processes and questions have valid answers: level, process, metric."""
    c = table("prepared_surveys").c
    return (
        sa.select(c.level, c.process, c.metric)
        .where(c.metric.in_(metrics), c.valid)
        .group_by(c.level, c.process, c.metric)
    )
