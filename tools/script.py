"""Runs a module of this project, or says in one sentence that it is not there yet.

`python -m tools.script MODULE SENTENCE [ARGUMENT…]`
"""

import importlib.util
import runpy
import sys


def exists(module: str) -> bool:
    """Whether the module, or the `__main__` of the package, can be run."""
    try:
        found = importlib.util.find_spec(module)
    except ModuleNotFoundError:  # a package above it is missing
        return False
    if found is None:
        return False
    if found.submodule_search_locations is None:
        return True
    return importlib.util.find_spec(f"{module}.__main__") is not None


def main() -> None:
    """Runs the module as `python -m` would."""
    module, sentence, *arguments = sys.argv[1:]
    if not exists(module):
        print(sentence, file=sys.stderr)
        raise SystemExit(2)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
