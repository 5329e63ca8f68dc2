"""Local time to UTC for whole arrays, over the table of `kpi.zones`."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.zones import readings


class Zone:
    """One time zone between two days: of a doubled hour the first, a skipped one moves on."""

    def __init__(self, name: str, first: date, last: date) -> None:
        spans = readings(name, first, last)
        self._starts = np.array([s.local_from.replace(tzinfo=UTC).timestamp() for s in spans])
        self._offsets = np.array([float(s.offset_seconds) for s in spans])

    def to_utc(self, local: NDArray[Any]) -> NDArray[Any]:
        """UTC seconds since 1970 of local seconds since 1970."""
        place = np.searchsorted(self._starts, local, side="right") - 1
        utc: NDArray[Any] = local - self._offsets[np.maximum(place, 0)]
        return utc
