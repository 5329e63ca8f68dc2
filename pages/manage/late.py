"""Events of the wizard's widgets that come late.

An event may be that of a widget as it stood before the file became another table, got other columns
or was let go of; or of one that something else took the place of. It changes nothing then.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from pages.manage.upload import Given, given
from pages.shared.showing import chosen
from pages.shared.speech import callback

P = ParamSpec("P")


def on(one: Given, function: Callable[P, None], key: str = "") -> Callable[P, None]:
    """`function` as the callback of a widget about this file, as the file is taken now.

    It does nothing when the file was let go of since, fills other tables, or has other columns. With
    the `key` of a widget that is `shown`: nor when nothing else was chosen in it.
    """
    seen = _taken_for(one)

    @wraps(function)
    def still(*args: P.args, **kwargs: P.kwargs) -> None:
        if held(one) and _taken_for(one) == seen and (not key or chosen(key)):
            function(*args, **kwargs)

    return callback(still)


def held(one: Given) -> bool:
    """Whether the file is still in hand."""
    return any(other is one for other in given())


def _taken_for(one: Given) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a widget can be about: the tables that the file fills, and its columns."""
    profile = one.profile
    tables = tuple(feed.table for feed in profile.feeds) if profile else ()
    return tables, tuple(one.proposal.columns) if one.proposal else ()
