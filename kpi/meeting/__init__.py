"""The process meeting: what it talks about, from the data and from what was decided before."""

from __future__ import annotations

from kpi.meeting.gathered import gather

__all__ = ["gather"]
