"""A PostgreSQL server of one's own for a test run, where PostgreSQL is installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa


def installed() -> bool:
    """Whether a server can be started here: it refuses to run as root."""
    found = shutil.which("initdb") and shutil.which("pg_ctl")
    return bool(found) and (os.getuid() != 0 or _postgres() is not None)


@contextmanager
def server() -> Iterator[sa.Engine]:
    """An engine on an empty database that vanishes afterwards, reached by a socket only."""
    user = _postgres() if os.getuid() == 0 else None
    # Not below pytest's own folders: another user may not look into these.
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        folder = Path(name)
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = str(folder / "data")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"

        def run(*command: str) -> None:
            subprocess.run(
                command,
                check=True,
                cwd=folder,
                user=None if user is None else user.pw_uid,
                group=None if user is None else user.pw_gid,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

        run("initdb", "-D", data, "-A", "trust", "-U", "tester", "-E", "UTF8", "--locale=C.UTF-8")
        run("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield sa.create_engine(
                f"postgresql+psycopg://tester@/postgres?host={folder}", poolclass=sa.NullPool
            )
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _postgres() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None
