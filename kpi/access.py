"""What a role may see: an argument of every query, and part of every cache key."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """The part of the data a person (or a screen) may see.

    Attributes:
        processes: customer processes in sight; None for all. An empty set sees nothing.
        personal: whether rows about one customer may be shown.
        screen: true for walls, digests and mails: no value where n < 10, configured labels only.
    """

    processes: frozenset[str] | None = None
    personal: bool = False
    screen: bool = False

    def sees(self, process: str | None) -> bool:
        """Whether rows of `process` (None: unknown) are in sight."""
        return self.processes is None or process in self.processes

    @property
    def key(self) -> str:
        """A stable text for cache keys."""
        seen = "*" if self.processes is None else ",".join(sorted(self.processes))
        return f"{seen}|{self.personal:d}|{self.screen:d}"


#: Single-user mode on the loopback address: everything, personal data included.
EVERYTHING = Scope(personal=True)
#: What an information screen may show of everything.
SCREEN = Scope(screen=True)
