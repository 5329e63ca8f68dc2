"""The side of the store's owner: answers commands of other processes of the same user.

Served by a uvicorn of its own in a thread, so that neither the web pages nor their load touch it.
The protocol is one request, `POST /command` with `{"command", "arguments", "language"}`, answered
by JSON lines `{"out": text}`, `{"err": text}` and, last, `{"exit": code}`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import secrets
import socket
import threading
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from kpi.i18n import LANGUAGES, _
from kpi.store.endpoint import NOTHING_DONE, Address, Command, guarded, speaking, unix_sockets

if TYPE_CHECKING:
    from kpi.store import Store

#: Only the owner's user may read, write or connect.
OWNER_ONLY = 0o600
#: Seconds to start listening, or to stop.
PATIENCE = 10.0

log = logging.getLogger(__name__)


class _Queued:
    """Emit that hands lines from the command's thread to the response."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.lines: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        #: True once the asker has gone (control-C): a long command then stops.
        self.cancelled = False

    def out(self, text: str) -> None:
        self.put({"out": text})

    def err(self, text: str) -> None:
        self.put({"err": text})

    def put(self, line: dict[str, Any]) -> None:
        # The loop is closed when the application stops while a command still runs.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.lines.put_nowait, line)


class Listener:
    """Answers commands for as long as it is open: `with Listener(store, COMMANDS): …`."""

    def __init__(self, store: Store, commands: Mapping[str, Command]) -> None:
        self._store = store
        self._commands = commands
        self._address = Address.of(store.settings.beside)
        self._token = secrets.token_urlsafe(32)
        self._server = uvicorn.Server(
            uvicorn.Config(self._application(), log_config=None, lifespan="off", access_log=False)
        )
        self._thread = threading.Thread(target=self._serve, name="store-listener", daemon=True)
        self._socket: socket.socket | None = None

    def __enter__(self) -> Listener:
        self._socket = self._bind()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Gone first, so that who comes now opens the store instead of meeting a closing door.
        self._file().unlink(missing_ok=True)
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        if self._socket is not None:
            self._socket.close()

    def _file(self) -> Path:
        return self._address.socket if unix_sockets() else self._address.token_file

    def _serve(self) -> None:
        assert self._socket is not None
        self._server.run(sockets=[self._socket])

    def _bind(self) -> socket.socket:
        file = self._file()
        # We own the store's file lock, so whatever lies here was left by an owner that was killed.
        file.unlink(missing_ok=True)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if unix_sockets():
            listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            # Before bind the mode of the descriptor decides that of the file (Linux); after it,
            # where that is not so, the file's own mode: never a moment open to others on Linux.
            try:
                os.fchmod(listening.fileno(), OWNER_ONLY)
                listening.bind(str(file))
                file.chmod(OWNER_ONLY)
                # Listening at once: who looks before the first accept waits, and does not fail.
                listening.listen(128)
            except OSError:
                listening.close()
                raise
            return listening
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        port = listening.getsockname()[1]
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(descriptor, "w", encoding="ascii") as written:
            written.write(f"{port} {self._token}")
        return listening

    def _application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/ping", self._ping),
                Route("/command", self._command, methods=["POST"]),
            ]
        )

    def _allowed(self, request: Request) -> bool:
        if unix_sockets():
            return True  # the file's mode has decided already
        given = request.headers.get("authorization", "")
        return secrets.compare_digest(given, f"Bearer {self._token}")

    async def _ping(self, request: Request) -> Response:
        if not self._allowed(request):
            return JSONResponse({}, status_code=403)
        return JSONResponse({"data_version": self._store.data_version})

    async def _command(self, request: Request) -> Response:
        if not self._allowed(request):
            return JSONResponse({}, status_code=403)
        asked = await request.json()
        return StreamingResponse(self._answer(asked), media_type="application/x-ndjson")

    async def _answer(self, asked: Mapping[str, Any]) -> AsyncIterator[str]:
        emit = _Queued()
        threading.Thread(
            target=self._work, args=(asked, emit), name="store-command", daemon=True
        ).start()
        try:
            while True:
                line = await emit.lines.get()
                yield json.dumps(line, ensure_ascii=False) + "\n"
                if "exit" in line:
                    return
        finally:
            emit.cancelled = True

    def _work(self, asked: Mapping[str, Any], emit: _Queued) -> None:
        code = NOTHING_DONE
        wanted = asked.get("language")
        try:
            with speaking(wanted if wanted in LANGUAGES else None):
                command = self._commands.get(str(asked.get("command")))
                if command is None:
                    # An application of an older version than the command line that asks.
                    emit.err(
                        _(
                            "The running application does not know the command {name}; "
                            "restart it after an update."
                        ).format(name=asked.get("command"))
                        + "\n"
                    )
                else:
                    code = guarded(command, self._store, asked.get("arguments") or {}, emit)
        except Exception:
            log.exception("command %s ended unexpectedly", asked.get("command"))
            with speaking(wanted if wanted in LANGUAGES else None):
                emit.err(_("Something went wrong inside Ketenzicht; its log says what.") + "\n")
        finally:
            emit.put({"exit": code})
