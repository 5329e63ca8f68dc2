"""What can stand in the way of a store; the text of each is a sentence for the user."""

from __future__ import annotations


class StoreProblem(Exception):
    """The store cannot do what was asked; says what happened, where, and what to do."""


class Busy(StoreProblem):
    """Another process of ours holds the store."""


class ConfigurationProblem(StoreProblem):
    """A row of the configuration that cannot be kept."""


class UndoBlocked(StoreProblem):
    """Later imports built on the one to take back.

    Attributes:
        imports: those imports, the latest first: the order in which to take them back.
    """

    def __init__(self, sentence: str, imports: tuple[int, ...]) -> None:
        super().__init__(sentence)
        self.imports = imports


class Stopped(Exception):
    """Whoever asked for a change asked to stop it; nothing was changed."""
