"""One period of a figure over time."""

from __future__ import annotations

from dataclasses import dataclass

from kpi.model import TOO_FEW


@dataclass(frozen=True)
class Point:
    """One period: `label` on the axis, `full` where it is named in full; `partial`: unfinished.

    `key` is what a click on it tells.
    """

    label: str
    full: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    partial: bool = False
    key: str = ""

    @property
    def too_few(self) -> bool:
        """Whether it rests on too few rows for a colour."""
        return self.n < TOO_FEW
