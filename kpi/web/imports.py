"""`POST /import`: another system sends a file, with a token of its own.

    curl --data-binary @zaken.csv -H "Authorization: Bearer kz_…" \
         "http://localhost:8501/import?file=zaken.csv"

The file is the body, or the one file of a form (multipart/form-data). `file` names it (in a form
the part may do so) and by that name its saved profile is found; `profile` names another one. The
answer is what `ketenzicht load --json` prints, with a status that says how it went:

- 201 loaded; 200 it was loaded before, nothing changed; 207 some rows are set aside, now or when it
  was loaded before;
- 422 nothing was loaded, with the reason; 400 no file, or no name for it;
- 401 no token, or one that opens nothing; 405 another method; 413 too large; 415 compressed;
- 409 another file is being received (send again after some seconds); 429 too many at once.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
import time
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from kpi.i18n import _, closest, use
from kpi.ingest import LoadOutcome
from kpi.store.import_tokens import sender
from kpi.unattended import HTTP, deliver
from kpi.web import running

if TYPE_CHECKING:
    from kpi.store import Store

PATH = "/import"
NOT_POST = ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
#: Per sender so many files in so many seconds, and so many wrong tokens of anybody.
MOST, WRONG, WITHIN = 120, 20, 600.0
_COPIED = 1 << 20
_KEPT_BY_NOBODY = {"Cache-Control": "no-store"}


class Refusal(Exception):
    """The request is answered with a status and a sentence."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status, self.headers = status, headers


class Often:
    """Counts what happens within a while, by name."""

    def __init__(self, most: int, within: float = WITHIN) -> None:
        self._most, self._within = most, within
        self._when: dict[str, deque[float]] = {}

    def full(self, name: str, now: float | None = None) -> bool:
        """Whether it happened as often as it may."""
        moment = time.monotonic() if now is None else now
        when = self._when.setdefault(name, deque())
        while when and moment - when[0] > self._within:
            when.popleft()
        return len(when) >= self._most

    def note(self, name: str, now: float | None = None) -> None:
        """It happened."""
        self._when.setdefault(name, deque()).append(time.monotonic() if now is None else now)


_sent, _wrong = Often(MOST), Often(WRONG)
_receiving = asyncio.Lock()


async def receive(request: Request) -> Response:
    """Answer a request; see the module's text."""
    store = running.store()
    with use(closest(request.headers.get("accept-language"), store.settings.language)):
        try:
            name = await asyncio.to_thread(_sender, store, request)
            async with _alone():
                outcome = await _received(store, request, name)
        except Refusal as refusal:
            return JSONResponse(
                {"reason": str(refusal)},
                status_code=refusal.status,
                headers={**_KEPT_BY_NOBODY, **refusal.headers},
            )
        except ClientDisconnect:
            return Response(status_code=400)
        return JSONResponse(outcome.as_json(), _status(outcome), headers=_KEPT_BY_NOBODY)


async def only_post(request: Request) -> Response:
    """Files are sent, and nothing else is done here."""
    with use(closest(request.headers.get("accept-language"), running.store().settings.language)):
        return JSONResponse(
            {"reason": _("Send the file with POST.")},
            status_code=405,
            headers={**_KEPT_BY_NOBODY, "Allow": "POST"},
        )


def _sender(store: Store, request: Request) -> str:
    if _wrong.full(""):
        raise Refusal(429, _("Too many wrong tokens; try again later."), **{"Retry-After": "600"})
    scheme, _space, token = request.headers.get("authorization", "").partition(" ")
    name = sender(store, token.strip()) if scheme.lower() == "bearer" and token.strip() else None
    if name is None:
        _wrong.note("")
        raise Refusal(
            401,
            _("This needs a token that is in force: `ketenzicht token add NAME` makes one."),
            **{"WWW-Authenticate": "Bearer"},
        )
    if _sent.full(name):
        raise Refusal(
            429, _("{name} sent many files just now; try again later.").format(name=name),
            **{"Retry-After": "60"},
        )  # fmt: skip
    _sent.note(name)
    return name


@asynccontextmanager
async def _alone() -> AsyncGenerator[None]:
    """One file at a time: the store takes them one by one, and each may be large."""
    if _receiving.locked():
        raise Refusal(
            409, _("Another file is being received; send this one again in a moment."),
            **{"Retry-After": "10"},
        )  # fmt: skip
    async with _receiving:
        yield


async def _received(store: Store, request: Request, name: str) -> LoadOutcome:
    folder = Path(tempfile.mkdtemp(prefix="sent-", dir=store.staging))
    try:
        path = await _kept(store, request, folder)
        return await asyncio.to_thread(
            deliver,
            store,
            path,
            way=HTTP,
            who=f"{name} ({HTTP})",
            profile=request.query_params.get("profile", ""),
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _kept(store: Store, request: Request, folder: Path) -> Path:
    """The file in `folder`, as it comes in and no further than it may."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal(415, _("Send the file as it is, not compressed."))
    most = store.settings.caps.max_bytes
    with suppress(ValueError):
        if int(request.headers.get("content-length", "0")) > most:
            raise _too_large(most)
    wanted = request.query_params.get("file", "")
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _from_form(request, wanted, folder, most)
    path = folder / safe_name(wanted)
    with path.open("wb") as written:
        async for piece in _no_more_than(request, most):
            await asyncio.to_thread(written.write, piece)
    return _whole(path)


async def _from_form(request: Request, wanted: str, folder: Path, most: int) -> Path:
    parser = MultiPartParser(request.headers, _no_more_than(request, most), max_files=1)
    try:
        form = await parser.parse()
    except MultiPartException as problem:
        raise Refusal(400, _("The form cannot be read.")) from problem
    try:
        sent = [part for part in form.values() if isinstance(part, UploadFile)]
        if not sent:
            raise Refusal(400, _("There is no file in the form."))
        path = folder / safe_name(wanted or sent[0].filename or "")
        with path.open("wb") as written:
            while piece := await sent[0].read(_COPIED):
                await asyncio.to_thread(written.write, piece)
    finally:
        await form.close()
    return _whole(path)


async def _no_more_than(request: Request, most: int) -> AsyncGenerator[bytes]:
    came = 0
    async for piece in request.stream():
        came += len(piece)
        if came > most:
            raise _too_large(most)
        if piece:
            yield piece


def _too_large(most: int) -> Refusal:
    return Refusal(
        413, _("The file is larger than {most} bytes, the most that is taken.").format(most=most)
    )


def _whole(path: Path) -> Path:
    if not path.stat().st_size:
        raise Refusal(400, _("Nothing was sent."))
    return path


def safe_name(name: str) -> str:
    """A file name that is only a name.

    Raises:
        Refusal: nothing is left of it.
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w .()+-]", "_", last).strip(". ")[-120:]
    if not plain:
        raise Refusal(400, _("Name the file: /import?file=zaken.csv"))
    return plain


def _status(outcome: LoadOutcome) -> int:
    if outcome.refused is not None:
        return 422
    if outcome.total("quarantined"):
        return 207
    return 200 if outcome.import_id is None else 201
