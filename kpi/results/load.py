"""What came in against the hours that were staffed for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Load:
    """Contacts offered and hours staffed, over `days` days of which both are known."""

    offered: int
    hours: float
    days: int

    @property
    def per_hour(self) -> float | None:
        """Contacts offered per staffed hour."""
        return self.offered / self.hours if self.hours else None


def loads(
    offered: Mapping[date, int], staffed: Mapping[date, float], by: Callable[[date], str]
) -> dict[str, Load]:
    """Days together by what `by` calls them; days without staffed hours are left out."""
    found: dict[str, Load] = {}
    for day in sorted(staffed):
        name = by(day)
        was = found.get(name, Load(0, 0.0, 0))
        found[name] = Load(
            was.offered + offered.get(day, 0), was.hours + staffed[day], was.days + 1
        )
    return found
