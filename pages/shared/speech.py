"""The language of this visitor, set where a script begins: at the top of a run, and of a callback.

Streamlit calls a widget's callback before the script runs again, so before the shell has said which
language is spoken. What a callback says must not come out in another language.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from kpi.i18n import closest, use
from pages.shared import data, state

P = ParamSpec("P")


def speak() -> None:
    """From here on, in this run, the visitor's language; needs the store for what is usual."""
    use(closest(state.wanted_language(), data.store().settings.language))


def callback(function: Callable[P, None]) -> Callable[P, None]:
    """A callback that may say something."""

    @wraps(function)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> None:
        speak()
        function(*args, **kwargs)

    return spoken
