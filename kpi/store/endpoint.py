"""Reaching the store from another process: ask the running app, else open the store yourself.

One process owns the store (a second one, even to read, gets a lock error from DuckDB). Whoever
owns it listens on a Unix socket that only its user can open, beside the store; where there are no
Unix sockets, on a loopback port with a token in a file that only its user can read.
`kpi.store.listener` is the other side.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import platformdirs

from kpi.i18n import _, language, use
from kpi.settings import APPLICATION, Settings
from kpi.store.problems import Busy, StoreProblem

if TYPE_CHECKING:
    import httpx

    from kpi.store import Store

#: A Unix socket's address has room for 108 bytes; some systems for 104.
LONGEST_SOCKET_PATH = 100
#: How often a process that waits for the store looks again, in seconds.
LOOK_AGAIN = 0.05
#: After this long somebody who waits is told so, in seconds.
SAY_SO = 2.0
#: Exit code of a command that did nothing, with the reason.
NOTHING_DONE = 2

Write = Callable[[str], None]


class Emit(Protocol):
    """Where a command says things: results to `out`, progress and messages to `err`."""

    def out(self, text: str) -> None:
        """Write `text` to standard output, as it is."""

    def err(self, text: str) -> None:
        """Write `text` to standard error, as it is."""

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the answer any more; a long command then stops."""


#: A command works on the open store with plain arguments and gives its exit code.
Command = Callable[["Store", Mapping[str, Any], Emit], int]


@dataclass(frozen=True)
class Here:
    """Emit of a command that runs in this very process."""

    out: Write
    err: Write
    cancelled: bool = False


@dataclass(frozen=True)
class Address:
    """Where a store's owner listens."""

    socket: Path
    token_file: Path

    @classmethod
    def of(cls, database: Path) -> Address:
        """The address that belongs to the store in file `database` (see `Settings.beside`)."""
        beside = database.with_name(database.name + ".sock")
        if len(os.fsencode(beside)) > LONGEST_SOCKET_PATH:
            name = hashlib.sha256(os.fsencode(database)).hexdigest()[:24]
            with warnings.catch_warnings():
                # Without a session (cron, a container) it warns of the folder that it takes then.
                warnings.simplefilter("ignore")
                beside = Path(platformdirs.user_runtime_dir(APPLICATION)) / f"{name}.sock"
        return cls(beside, database.with_name(database.name + ".port"))


def unix_sockets() -> bool:
    """Whether this system has Unix sockets that Python can use."""
    return hasattr(socket, "AF_UNIX") and sys.platform != "win32"


def reach(settings: Settings) -> httpx.Client | None:
    """A client of the process that owns the store; None when nobody listens.

    What a killed owner left behind (a socket nobody listens on, a port file) counts as nobody.
    """
    address = Address.of(settings.beside)
    client = _client(address)
    if client is None:
        return None
    import httpx

    try:
        alive = client.get("/ping", timeout=10).status_code == httpx.codes.OK
    except httpx.HTTPError:
        alive = False
    if alive:
        return client
    client.close()
    return None


def _listening(path: Path) -> bool:
    """Whether somebody listens on the socket; asked plainly, for httpx leaks a refused one."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knocking:
        try:
            knocking.connect(str(path))
        except OSError:
            return False
    return True


def _no_limit() -> httpx.Timeout:
    """A command may be silent for as long as it needs; a connection is there or it is not."""
    import httpx

    return httpx.Timeout(None, connect=10.0)


def _client(address: Address) -> httpx.Client | None:
    # Imported late: it costs more than the rest of a command that prints its help.
    if unix_sockets():
        if not _listening(address.socket):
            return None
        import httpx

        transport = httpx.HTTPTransport(uds=str(address.socket))
        return httpx.Client(transport=transport, base_url="http://ketenzicht", timeout=_no_limit())
    try:
        port, token = address.token_file.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None
    import httpx

    return httpx.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=_no_limit(),
        trust_env=False,
    )


def run(
    settings: Settings,
    commands: Mapping[str, Command],
    name: str,
    arguments: Mapping[str, Any],
    out: Write,
    err: Write,
) -> int:
    """Run one command on the store, wherever the store is open, and give its exit code.

    Asks the process that owns the store; if there is none, opens the store here. While another
    command holds it for a moment this waits, and says so after two seconds: nobody sees a lock.

    `commands` (all, by name) serve when the store is opened here. `arguments` are plain values,
    for they travel as JSON; file paths in them must be absolute.
    """
    from kpi.store import open_store

    started = time.monotonic()
    told = False
    while True:
        client = reach(settings)
        if client is not None:
            with contextlib.closing(client):
                return _ask(client, name, arguments, out, err)
        try:
            with open_store(settings, wait=LOOK_AGAIN) as store:
                return guarded(commands[name], store, arguments, Here(out, err))
        except Busy:
            if not told and time.monotonic() - started > SAY_SO:
                told = True
                err(_("Waiting for another command that uses the store …") + "\n")
        except StoreProblem as problem:
            err(f"{problem}\n")
            return NOTHING_DONE
        time.sleep(LOOK_AGAIN)


def guarded(command: Command, store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
    """Run `command`; a problem of the store becomes its sentence and exit code 2."""
    try:
        return command(store, arguments, emit)
    except StoreProblem as problem:
        emit.err(f"{problem}\n")
        return NOTHING_DONE


def _ask(
    client: httpx.Client, name: str, arguments: Mapping[str, Any], out: Write, err: Write
) -> int:
    import httpx

    request = {"command": name, "arguments": arguments, "language": language()}
    try:
        with client.stream("POST", "/command", json=request) as response:
            for line in _lines(response):
                if "out" in line:
                    out(line["out"])
                elif "err" in line:
                    err(line["err"])
                else:
                    return int(line["exit"])
    except httpx.HTTPError:
        pass  # the owner went away; said below, as when it ended without an exit code
    err(
        _(
            "The running application stopped before this command was finished. "
            "Run the command again: what was loaded already is not loaded twice."
        )
        + "\n"
    )
    return NOTHING_DONE


def _lines(response: httpx.Response) -> Iterator[dict[str, Any]]:
    for line in response.iter_lines():
        if line.strip():
            yield json.loads(line)


def speaking(wanted: object) -> use:
    """The language of whoever asked, for the length of a `with` block."""
    return use(wanted if isinstance(wanted, str) else language())
