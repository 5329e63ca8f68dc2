"""Writes both lock files anew from pyproject.toml: versions and hashes, no addresses.

`uv.lock` would hold the address of the package index it was made with in every
entry; these files hold none, and plain pip installs them.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = (
    "pip",
    "compile",
    "--quiet",
    "--upgrade",
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--python-version=3.11",
)
LOCKS = (
    ("requirements.lock", ()),
    # Held to the versions users get, so that what is tested is what is installed.
    ("requirements-dev.lock", ("--group=dev", "--constraints=requirements.lock")),
)


def main() -> None:
    """`python3 tools/lock.py`."""
    uv = shutil.which("uv")
    if uv is None:
        print("`make lock` needs uv: install it first, see docs/decisions.md.", file=sys.stderr)
        raise SystemExit(2)
    for name, more in LOCKS:
        subprocess.run(
            [uv, *COMPILE, *more, "pyproject.toml", f"--output-file={name}"], cwd=ROOT, check=True
        )


if __name__ == "__main__":
    main()
