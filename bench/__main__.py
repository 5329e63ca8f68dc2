"""`python -m bench [NAME [OPTIONS]]`: one benchmark, or all of them (`make bench`).

Each is a module here with `main(options)`. What counts are ratios within one run; seconds depend on
the machine and on what else it does.
"""

from __future__ import annotations

import signal
import sys
from importlib import import_module

#: In the order in which they run.
BENCHES = {
    "loading": "a million rows of CSV into the store, against DuckDB's bare reading",
    "questions": "every KPI by process and week on a million contacts, against SQL by hand",
    "pages": "a filter changed in a real browser, against a page with one query by hand",
}


#: No benchmark: a larger store for one.
TOOLS = {"grow": "makes the demo in a store ten times larger, for `questions` and `pages`"}


def main() -> None:
    """Run what was asked for."""
    # Who ends it ends the servers it started: without this they would keep the store to themselves.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    if len(sys.argv) == 1:
        for name, what in BENCHES.items():
            print(f"\n=== {name}: {what}\n", flush=True)
            import_module(f"bench.{name}").main([])
        return
    name, *given = sys.argv[1:]
    if name not in BENCHES | TOOLS:
        known = "\n".join(f"  {one:12} {what}" for one, what in (BENCHES | TOOLS).items())
        raise SystemExit(f"There is no benchmark {name}. There is:\n{known}")
    import_module(f"bench.{name}").main(given)


if __name__ == "__main__":
    main()
