"""Prints the tables that are kept, as the schema declares them now."""

from __future__ import annotations

import sys

from kpi.store.definitions import KEPT_TABLES, definition

if __name__ == "__main__":
    sys.stdout.write("\n\n".join(definition(one) + ";" for one in KEPT_TABLES) + "\n")
