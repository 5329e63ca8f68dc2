"""The files of the project: what git keeps or would keep."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Where there is no git, as in an unpacked archive: what only tools make.
LEFT_BEHIND = {".venv", "__pycache__", ".git", ".hypothesis", "dist", "build", "shots"}


def project_files(*within: str) -> list[Path]:
    """Every file (under the named folders), those not yet committed included, in order."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"]
    done = subprocess.run(
        [*command, *within], cwd=ROOT, capture_output=True, check=False, text=True
    )
    if done.returncode == 0:
        found = {ROOT / name for name in done.stdout.split("\0") if name}
    else:
        found = set()
        for start in [ROOT / name for name in within] or [ROOT]:
            found |= {start} if start.is_file() else set(start.rglob("*"))
    return sorted(
        file
        for file in found
        if file.is_file()
        and not any(
            part in LEFT_BEHIND or part.endswith("_cache") for part in file.relative_to(ROOT).parts
        )
    )
