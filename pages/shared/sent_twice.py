"""A form that is sent twice makes one thing: who clicks again while it is kept means no second."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.shared import data


def only(table: str, key: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row that is to be kept, under the id of the one that says the same, where there is one.

    What was taken away since is no such row: its latest version says so.
    """
    latest = {one[key]: one for one in data.store().configuration.versions(table)}
    for name, one in latest.items():
        same = (
            (one.get(column) or None) == (row[column] or None) for column in row if column != key
        )
        if all(same):
            return {**row, key: name}
    return dict(row)
