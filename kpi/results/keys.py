"""Keys of groups: from the columns a select brings to what the answer calls them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpi.query.groups import key_label
from kpi.query.question import Key

#: What a select brings: one array per column, all of one length.
Columns = Mapping[str, NDArray[Any]]


#: A moment that never comes, as `microseconds` tells it.
NEVER = int(np.iinfo(np.int64).max)


def microseconds(moments: NDArray[Any]) -> NDArray[np.int64]:
    """Moments as microseconds since 1970; those that are not known as `NEVER`."""
    found = moments.astype("datetime64[us]")
    return np.where(np.isnat(found), NEVER, found.astype(np.int64))


def rows(columns: Columns) -> int:
    """How many rows there are."""
    return len(next(iter(columns.values()))) if columns else 0


def names(dimension: str, values: NDArray[Any]) -> list[str | None]:
    """What the answer calls each of `values`: 2026-04-01, 1-09, fault; None for unknown."""
    if np.issubdtype(values.dtype, np.datetime64):
        days = np.datetime_as_string(values, unit="D")
        return [None if day == "NaT" else str(day) for day in days]
    found: list[str | None] = []
    for value in values:
        if value is None or value != value:
            found.append(None)
        elif dimension == "weekday_hour":
            weekday, hour = divmod(int(value), 100)
            found.append(f"{weekday}-{hour:02d}")
        elif dimension == "day":
            found.append(value.isoformat()[:10])
        else:
            found.append(str(value))
    return found


def keys(by: Sequence[str], columns: Columns) -> list[Key]:
    """The key of each row."""
    if not by:
        return [()] * rows(columns)
    parts = [names(name, columns[key_label(place)]) for place, name in enumerate(by)]
    return list(zip(*parts, strict=True))


def grouped(by: Sequence[str], columns: Columns) -> tuple[NDArray[np.int64], list[Key]]:
    """Number of the group each row is in, and the key of each group: for many rows a group."""
    # Imported here: most answers have few rows and need no pandas.
    import pandas as pd

    count = rows(columns)
    code = np.zeros(count, dtype=np.int64)
    for place in range(len(by)):
        values = columns[key_label(place)]
        own, distinct = pd.factorize(values, use_na_sentinel=False)
        code = code * len(distinct) + own
    group, _ = pd.factorize(code)
    first = np.zeros(int(group.max()) + 1 if count else 0, dtype=np.int64)
    # Written backwards, the first row of each group is what stays.
    first[group[::-1]] = np.arange(count)[::-1]
    chosen = {name: column[first] for name, column in columns.items() if name.startswith("by_")}
    return group.astype(np.int64), keys(by, chosen) if by else [()] * min(1, count)


def order(found: dict[Key, Any]) -> list[Key]:
    """Keys in order, unknown last."""
    return sorted(found, key=lambda key: [(part is None, part or "") for part in key])


def number(value: Any) -> float | None:
    """A plain float; None for null and not-a-number."""
    if value is None:
        return None
    plain = float(value)
    return None if plain != plain else plain


def count(value: Any) -> int:
    """A plain whole number; null is 0."""
    kind = type(value)
    if kind is int:
        return int(value)
    if kind is float:
        # Nearly all of them are: a page makes tens of thousands.
        return round(value) if value == value else 0
    found = number(value)
    return 0 if found is None else round(found)
