"""What moved, found once: the first page, the desk of a process and the agenda of its meeting say the same.

`found(asking, card)` gives the lines. Who asks brings what is its own: what it remembers, and where
its pages are.
"""

from __future__ import annotations

from kpi.news.gathered import MOST_LONG, found
from kpi.news.question import Asking

__all__ = ["MOST_LONG", "Asking", "found"]
