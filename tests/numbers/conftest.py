"""The world that tests of declarations ask, here too."""

from tests.measures.conftest import busy

__all__ = ["busy"]
